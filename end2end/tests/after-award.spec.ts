// After the award: hours go back, a late report frees its company again, and every decision has its file; figures for all.
import { expect, test, type Page } from '../support/fixtures.js';
import { fill, press } from '../support/form.js';
import { expectPage, signIn, signInAs } from '../support/world.js';

const addresses = (page: Page) =>
  page.locator('main a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));

/** Addresses of the reader's allocations of which hours can be handed back. */
async function running(page: Page): Promise<string | undefined> {
  await page.goto('/allocations');
  for (const address of [...new Set(await addresses(page))].filter((link) => /^\/allocations\/[^/]+$/.test(link))) {
    await page.goto(address);
    if ((await addresses(page)).includes(`${address}/actions/hand-back`)) return address;
  }
  return undefined;
}

test('hours are handed back after their effect was seen, and once', async ({ page }) => {
  let allocation: string | undefined;
  for (const email of ['applicant@demo.example', ...Array.from({ length: 12 }, (_, number) => `owner${number + 4}@demo.example`)]) {
    await page.context().clearCookies();
    await signIn(page, email);
    allocation = await running(page);
    if (allocation) break;
  }
  expect(allocation, 'somebody has hours left').toBeTruthy();
  await page.goto(`${allocation}/actions/hand-back`);
  await expectPage(page, 'Hand back hours');
  await fill(page, { hours: '0' });
  await press(page, 'Show what it does');
  await expect(page.locator('#error-summary')).toContainText('Enter 1 or more');
  await fill(page, { hours: '10' });
  await press(page, 'Show what it does');
  await expect(page.getByRole('heading', { name: 'What it does', exact: true })).toBeVisible();
  await expect(page.locator('main aside')).toContainText('→');
  await press(page, 'Hand back these hours');
  await expect(page).toHaveURL(new RegExp(`${allocation}$`));
  await expect(page.locator('main')).toContainText('10 GPU-hours handed back');
});

test('a company whose report is late is told so, hands it in, and may apply again', async ({ page, another }) => {
  await signIn(page, 'owner3@demo.example');
  const home = page.locator('main');
  await expect(home).toContainText('Final report on');
  await page.goto('/modes/PG');
  await press(page, 'Start an application');
  await expect(page).toHaveURL(/\/applications\/[^/]+$/);
  const check = `${new URL(page.url()).pathname}/check`;
  await page.goto(check);
  await expect(page.locator('#error-summary')).toContainText('A final report of your organisation is overdue');

  await page.goto('/allocations');
  const row = page.getByRole('row').filter({ hasText: 'Overdue' });
  await row.getByRole('link').click();
  await expectPage(page, /^Final report on GH-PG-/);
  const report = new URL(page.url()).pathname;
  const reference = /GH-PG-\d{4}-\d{5}/.exec(await page.getByRole('heading', { level: 1 }).innerText())![0];
  await fill(page, { results: 'Too short.' });
  await press(page, 'Hand in the report');
  await expect(page.locator('#error-summary')).toContainText('at least 10 words');
  await expect(page.locator('[name="results"]')).toHaveValue('Too short.');
  await fill(page, {
    results: 'The model was trained to the end and beats the baseline by nine points on our own test set.',
    hours_use: 'Training first, then ablations and the evaluation.',
    acknowledged: true,
  });
  await press(page, 'Hand in the report');
  await expect(page.locator('main')).toContainText('With a programme officer');
  await page.goto(check);
  await expect(page.locator('main')).not.toContainText('report of your organisation is overdue');

  const officer = await another();
  await signInAs(officer, 'officer');
  await officer.goto('/actions');
  await officer.getByRole('link', { name: reference }).first().click();
  await expectPage(officer, `Final report on ${reference}`);
  await fill(officer, { outcome: 'approved' });
  await press(officer, 'Decide on the report');
  await expect(officer).toHaveURL(/\/actions$/);
  await page.goto(report);
  await expect(page.locator('main')).toContainText('Approved');
});

test('every decision has its justification file, and everybody the key to check it', async ({ page }) => {
  await signInAs(page, 'officer');
  await page.goto('/board?state=approved');
  await page.getByRole('link', { name: /^GH-/ }).first().click();
  await page.getByText('Justification file').click();
  for (const name of ['Download with names', 'Download with initials only']) {
    const href = await page.getByRole('link', { name }).getAttribute('href');
    const answer = await page.request.get(href!);
    expect(answer.status()).toBe(200);
    expect(answer.headers()['content-disposition']).toMatch(/GH-[A-Z]{2}-\d{4}-\d{5}-dossier-(full|initials)\.zip/);
    expect((await answer.body()).subarray(0, 2).toString()).toBe('PK');
  }
  const key = await page.request.get('/signing-key');
  expect((await key.text()).trim()).toMatch(/^[0-9a-f]{64}$/);
});

test('the programme in figures is for everybody, without small numbers', async ({ page }) => {
  await page.goto('/');
  await page.locator('main').getByRole('link', { name: 'The programme in figures' }).click();
  await expectPage(page, 'Statistics');
  for (const title of ['By quarter', 'By country', 'By size of the company', 'By access mode']) {
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
  }
  await expect(page.locator('main')).toContainText('fewer than 5');
  const csv = await (await page.request.get('/statistics.csv')).text();
  const counts = csv.split('\n').map((line) => line.split(',')).filter((line) => /applications|approved|refused|other/.test(line[3] ?? ''));
  expect(counts.length).toBeGreaterThan(20);
  for (const line of counts) expect(line[4]).toMatch(/^(<5|hidden|[5-9]|[1-9]\d+)$/);
});
