// A panel from its first seat to its minutes: who leads, what a conflict hides, and two amounts at once.
import { expect, test, type Page } from '../support/fixtures.js';
import { fill, press } from '../support/form.js';
import { signIn, signInAs } from '../support/world.js';

type Line = { reference: string; id: string };

/** Reviewed and undecided Playground applications that no sitting panel has on its agenda. */
async function free(page: Page): Promise<Line[]> {
  await page.goto('/panels');
  const panels = await page.locator('main table a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  let taken = '';
  for (const panel of panels.filter((path) => !path.endsWith('/minutes'))) {
    await page.goto(panel);
    taken += await page.locator('main').innerText();
  }
  await page.goto('/award-list?mode=PG');
  const lines = await page.locator('main table a[href^="/decision/"]').evaluateAll((all) =>
    all.map((link) => ({ reference: link.textContent?.trim() ?? '', id: link.getAttribute('href')?.split('/').pop() ?? '' })),
  );
  return lines.filter((line) => !taken.includes(line.reference));
}

async function arrange(page: Page, name: string, references: string[]) {
  await page.goto('/panels');
  await press(page, 'Create the panel');
  await expect(page.getByRole('alert')).toContainText('Name of the panel');
  await fill(page, { name, held_on: '2030-01-15' });
  await page.locator('main select[name="mode"]').selectOption('PG');
  await press(page, 'Create the panel');
  await expect(page).toHaveURL(/\/arrange$/);
  for (const [person, role] of [
    ['Otto Officer', 'chair'],
    ['Olga Officer', 'secretary'],
    ['Petra Pavlova', 'member'],
    ['Piet Peeters', 'member'],
  ]) {
    await page.locator('main select[name="person"]').selectOption({ label: person });
    await page.locator('main select[name="role"]').selectOption(role!);
    await press(page, 'Give a seat');
    await expect(page.getByRole('row').filter({ hasText: person! })).toHaveCount(1);
  }
  await fill(page, { references: 'GH-PG-1999-00001' });
  await press(page, 'Put on the agenda');
  await expect(page.getByRole('alert')).toContainText('not of an application that you can put on the agenda');
  await expect(page.locator('main textarea[name="references"]')).toHaveValue('GH-PG-1999-00001');
  await fill(page, { references: '' });
  for (const reference of references) await page.getByRole('checkbox', { name: reference }).check();
  await press(page, 'Put on the agenda');
  for (const reference of references) await expect(page.getByRole('row').filter({ hasText: reference })).toHaveCount(1);
  await press(page, 'Open the panel');
  await expect(page.getByText('Sitting', { exact: true })).toBeVisible();
}

test('a panel is led to its minutes, and a conflict hides an application from all of it', async ({
  page,
  another,
  javaScriptEnabled,
}, info) => {
  test.setTimeout(240_000);
  const name = `Journey panel ${info.project.name}`;
  await signInAs(page, 'officer');
  const [first, hidden] = (await free(page)) as [Line, Line];
  expect(hidden, 'the demo world leaves two applications free').toBeTruthy();

  const piet = await another();
  await signIn(piet, 'panel4@demo.example');
  const declaration = await piet.goto(`/conflict/${hidden.id}`);
  if (declaration!.status() === 200) {
    await fill(piet, { reason: 'My brother founded it.' });
    await press(piet, 'Declare the conflict');
  }

  await arrange(page, name, [first.reference, hidden.reference]);
  const panel = page.url().split('?')[0]!;
  await expect(page.getByText('leaves: PP (Member)')).toBeVisible();

  const petra = await another();
  await signIn(petra, 'panel1@demo.example');
  await petra.goto(panel);
  await expect(petra.getByText('Nothing is under discussion.')).toBeVisible();
  await expect(petra.getByText('leaves:')).toHaveCount(0);
  await expect(petra.getByRole('button', { name: /next application/ })).toHaveCount(0);
  await piet.goto(panel);
  await expect(piet.locator('main')).not.toContainText(hidden.reference);
  await expect(piet.getByRole('row').filter({ hasText: 'GH-PG-' })).toHaveCount(1);

  /** By itself with JavaScript, by loading again without. */
  const shows = async (who: Page, text: string) => {
    if (!javaScriptEnabled) await who.goto(panel);
    await expect(who.locator('main .notice').first()).toContainText(text);
  };
  await press(page, 'Begin with the next application');
  await shows(petra, first.reference);
  await shows(piet, first.reference);

  // Two amounts at once: the second to save sees both, and chooses.
  const item = await page.locator('main .notice a[href*="/items/"]').first().getAttribute('href');
  const olga = await another();
  await signInAs(olga, 'officer2');
  await page.goto(item!);
  await olga.goto(item!);
  const note = 'The first half of the plan is ready to run.';
  await fill(page, { outcome: 'award', hours: '100', note });
  await press(page, 'Save the recommendation');
  await expect(page).toHaveURL(panel);
  await fill(olga, { outcome: 'award', hours: '90', note: 'Ninety hours are enough for the first half.' });
  await press(olga, 'Save the recommendation');
  await expect(olga.getByRole('alert')).toContainText('Somebody else saved something different');
  await expect(olga.getByRole('alert')).toContainText('Chair');
  await expect(olga.getByRole('row', { name: /Recommended GPU-hours/ })).toContainText('100');
  await expect(olga.getByRole('row', { name: /Recommended GPU-hours/ })).toContainText('90');
  await expect(olga.locator('main textarea[name="note"]')).toHaveValue('Ninety hours are enough for the first half.');
  await press(olga, 'Save the recommendation');
  await expect(olga).toHaveURL(panel);
  await page.goto(panel);
  await expect(page.getByRole('row').filter({ hasText: first.reference })).toContainText('90 GPU-hours');

  // The next is not Piet's: he is told so, and nothing else.
  await press(page, 'Done, on to the next');
  await shows(piet, 'An application that is not yours is being discussed.');
  await expect(piet.locator('main')).not.toContainText(hidden.reference);
  const second = await page.locator('main .notice a[href*="/items/"]').first().getAttribute('href');
  expect((await piet.request.get(second!)).status()).toBe(404);
  await page.goto(second!);
  await fill(page, { outcome: 'refuse', note: 'The estimate does not follow from the data.' });
  await press(page, 'Save the recommendation');

  // Everybody ranks what they see; ties are ties.
  await petra.goto(`${panel}/ranking`);
  const places = petra.locator('main input[name^="rank-"]');
  await expect(places).toHaveCount(2);
  await places.nth(0).fill('5');
  await press(petra, 'Save the ranking');
  await expect(petra.getByRole('alert')).toContainText('Enter 2 or less');
  await places.nth(0).fill('1');
  await places.nth(1).fill('1');
  await press(petra, 'Save the ranking');
  await expect(petra.getByText('1 of 3 members have ranked.')).toBeVisible();
  await piet.goto(`${panel}/ranking`);
  await expect(piet.locator('main input[name^="rank-"]')).toHaveCount(1);

  await page.goto(panel);
  await page.getByRole('button', { name: 'Petra Pavlova is here' }).click();
  await press(page, 'Done');
  await page.getByText('Close the panel', { exact: true }).click();
  await press(page, 'Close and freeze the minutes');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Minutes: ${name}`);
  await expect(page.locator('main')).toContainText(hidden.reference);
  await expect(page.locator('main')).toContainText('Piet Peeters');
  await piet.goto(`${panel}/minutes`);
  await expect(piet.locator('main')).toContainText(first.reference);
  await expect(piet.locator('main')).not.toContainText(hidden.reference);
  const pdf = await piet.request.get(`${panel}/minutes.pdf`);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await fill(page, { text: 'The sitting began ten minutes late.' });
  await press(page, 'Add');
  await expect(page.getByText('The sitting began ten minutes late.')).toBeVisible();

  // The decision shows what was asked for and recommended, apart.
  await page.goto(`/decision/${first.id}`);
  await expect(page.getByRole('row', { name: /GPU time/ })).toContainText('90 GPU-hours');
  await expect(page.locator('main input[name="hours"]')).toHaveValue('90');

  // The list is fixed, and the decision names its place in it.
  await page.goto('/award-list?mode=PG&budget=20000');
  await press(page, 'Fix this list');
  await expect(page.getByText('The list is fixed.')).toBeVisible();
  const line = page.getByRole('row').filter({ hasText: first.reference });
  await expect(line).toContainText('Undecided');
  await line.getByRole('link').first().click();
  await expect(page.locator('main')).toContainText(/\d+ of \d+, with \d/);
  await expect(page.locator('main')).toContainText('20,000 GPU-hours');
});

test('a lot is committed in public and a draw waits for its deadline', async ({ page, javaScriptEnabled }) => {
  await signInAs(page, 'officer');
  await page.goto('/lots');
  await fill(page, { name: 'Journey lot', mode: 'FL', day: javaScriptEnabled ? '2031-02-03' : '2031-02-04', time: '25:00' });
  await press(page, 'Publish the hash of a new seed');
  await expect(page.getByRole('alert')).toContainText('Time of the deadline');
  await fill(page, { time: '10:00' });
  await press(page, 'Publish the hash of a new seed');
  await expect(page.getByText('The hash of the seed is public.')).toBeVisible();
  const lot = page.url();
  await page.context().clearCookies();
  await page.goto(lot);
  await expect(page.locator('main code').first()).toHaveText(/^[0-9a-f]{64}$/);
  await expect(page.getByText('Secret until the draw')).toBeVisible();
});
