// Pots: one person asks for a movement, another signs it, and balances move by that amount and no other.
import { fact, hundredths, printed, typed } from '../support/figures.js';
import { expect, test, type Page } from '../support/fixtures.js';
import { fill, press } from '../support/form.js';
import { expectPage, signInAs, worldTime } from '../support/world.js';

const FROM = 'horizon_europe';
const TO = 'digital_europe';

type Balance = { budget: number; free: number };

async function balance(page: Page, pot: string): Promise<Balance> {
  await page.goto(`/pots/${pot}`);
  const facts = page.locator('main dl.facts');
  return { budget: hundredths(await fact(facts, 'Budget')), free: hundredths(await fact(facts, 'Free')) };
}

const both = async (page: Page) => ({ from: await balance(page, FROM), to: await balance(page, TO) });

const moved = ({ from, to }: { from: Balance; to: Balance }, cents: number) => ({
  from: { budget: from.budget - cents, free: from.free - cents },
  to: { budget: to.budget + cents, free: to.free + cents },
});

async function ask(page: Page, pot: string, values: Record<string, string>) {
  await page.goto(`/pots/${pot}`);
  await page.locator('main summary').filter({ hasText: 'Ask for a movement' }).click();
  await fill(page, values);
  await press(page, 'Ask for it');
}

const waiting = (page: Page, reason: string) => {
  const heading = page.getByRole('heading', { name: 'Waiting for a second person' });
  return heading.locator('xpath=following::table[1]').getByRole('row').filter({ hasText: reason });
};

const movement = (page: Page, reason: string) =>
  page.getByRole('table', { name: 'Movements by people' }).getByRole('row').filter({ hasText: reason });

test('an officer asks, cannot sign, finance signs, and balances move by exactly that', async ({ page, another }, info) => {
  const reason = `The work programme of ${info.project.name}, ${(await worldTime(page)).getTime()}`;
  const cents = 1_234_567;
  await signInAs(page, 'officer');
  const before = await both(page);
  expect(before.from.free, 'the demo world has as much').toBeGreaterThan(cents);
  await ask(page, FROM, { kind: 'allot', to: TO, amount: typed(cents), reason });
  await expect(page.getByRole('status')).toHaveText('It waits for a second person.');
  const line = movement(page, reason);
  await expect(line).toContainText('Waits for a second person');
  await expect(line).toContainText('Reallocation to another pot');
  await expect(line).toContainText(printed(cents));
  await page.goto('/pots');
  await expectPage(page, 'Pots');
  await expect(waiting(page, reason)).toHaveCount(1);
  await expect(waiting(page, reason).getByRole('button'), 'whoever asked cannot sign').toHaveCount(0);
  expect(await both(page), 'what was asked for is not booked').toEqual(before);

  const finance = await another();
  await signInAs(finance, 'finance');
  await finance.goto('/pots');
  await waiting(finance, reason).getByRole('button', { name: `Agree to moving €${printed(cents)}` }).click();
  await expect(finance.getByRole('status')).toHaveText('The movement is booked.');
  await expect(waiting(finance, reason)).toHaveCount(0);
  expect(await both(finance)).toEqual(moved(before, cents));
  await expect(movement(finance, reason)).toContainText('Booked');
  await finance.goto('/finance/journal?kind=allot');
  await expect(finance.locator('main table tbody tr').first()).toContainText(printed(cents));
});

test('what is refused moves nothing', async ({ page, another }, info) => {
  const reason = `A thought of ${info.project.name}, ${(await worldTime(page)).getTime()}`;
  await signInAs(page, 'finance');
  const before = await both(page);
  await ask(page, FROM, { kind: 'withdraw', amount: '500', reason });
  await page.goto('/pots');
  await expect(waiting(page, reason).getByRole('button')).toHaveCount(0);
  const second = await another();
  await signInAs(second, 'officer2');
  await second.goto('/pots');
  await waiting(second, reason).getByRole('button', { name: 'Refuse to move €500.00' }).click();
  await expect(second.getByRole('status')).toHaveText('The movement is refused. Nothing was booked.');
  expect(await both(second)).toEqual(before);
  await second.goto(`/pots/${FROM}`);
  await expect(movement(second, reason)).toContainText('Not agreed');
});

test('no more moves than is free, and nothing leaves a state without its approval', async ({ page }) => {
  await signInAs(page, 'finance');
  const { free } = await balance(page, FROM);
  const more = typed(free + 1);
  await ask(page, FROM, { kind: 'allot', to: TO, amount: more, reason: 'Everything and a cent.' });
  await expect(page.locator('#amount-problem')).toContainText(`The pot has ${Math.floor(free / 100).toLocaleString('en-GB')} euro free`);
  await expect(page.locator('[name="amount"]')).toHaveValue(more);
  await expect(page.locator('[name="to"]')).toHaveValue(TO);
  await expect(page.locator('[name="reason"]')).toHaveValue('Everything and a cent.');
  await expect(page.locator('main input[name="kind"][value="allot"]')).toBeChecked();
  await page.goto('/pots');
  await expect(page.locator('main'), 'nothing was asked for').not.toContainText('Everything and a cent.');

  await ask(page, FROM, { kind: 'allot', to: '', amount: '0', reason: '' });
  for (const field of ['to', 'amount', 'reason']) await expect(page.locator(`#${field}-problem`)).toBeVisible();
  await ask(page, 'state_lu', { kind: 'withdraw', amount: '100', reason: 'The state wants it back.', approval: '' });
  await expect(page.locator('#approval-problem')).toHaveText('Name the day and the reference of the state’s approval.');
  await expect(page.locator('[name="amount"]')).toHaveValue('100');
});
