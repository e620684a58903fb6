// The price book: what the market asks is recorded and taken back, a list price needs two people, and a quote is promised.
import { expect, test, type Page } from '../support/fixtures.js';
import { fact, hundredths } from '../support/figures.js';
import { dayAfter, fill, press } from '../support/form.js';
import { expectPage, letPass, signIn, signInAs, worldTime } from '../support/world.js';

/** Nobody else's journey is priced with it. */
const MODEL = 'GH200';
const PAGE = `/finance/prices/${MODEL}`;

const open = (page: Page, name: string) => page.locator('main summary').filter({ hasText: name }).click();

/** The reference price of today, as everybody reads it. */
async function reference(page: Page): Promise<string> {
  await page.goto('/prices');
  return page.getByRole('row').filter({ has: page.getByRole('link', { name: MODEL, exact: true }) }).innerText();
}

async function record(page: Page, values: Record<string, string>) {
  await page.goto(PAGE);
  await open(page, 'Record an observation');
  await fill(page, values);
  await press(page, 'Record an observation');
}

test('what the market asks is recorded, taken back while it does not count, and counts from the next day', async ({
  page,
  another,
}, info) => {
  const now = await worldTime(page);
  const source = `Journey Cloud ${info.project.name} ${now.getTime()}`;
  const visitor = await another();
  const before = await reference(visitor);
  await signInAs(page, 'finance');
  await page.goto('/finance/prices');
  await expectPage(page, 'Price book');
  await page.getByRole('link', { name: MODEL, exact: true }).click();
  await expectPage(page, `Price of ${MODEL}`);

  await test.step('what is wrong is said at its field, and what was typed stays', async () => {
    await record(page, { rate: '0', source, address: 'cloud.example', observed_on: dayAfter(3, now) });
    await expect(page.locator('#rate-problem')).toHaveText('Enter more than 0.');
    await expect(page.locator('#observed_on-problem')).toHaveText('The date must not be in the future.');
    await expect(page.locator('#address-problem')).toContainText('https://');
    await expect(page.locator('[name="rate"]')).toHaveValue('0');
    await expect(page.locator('[name="source"]')).toHaveValue(source);
    await expect(page.locator('[name="address"]')).toHaveValue('cloud.example');
    await expect(page.locator('[name="observed_on"]')).toHaveValue(dayAfter(3, now));
  });

  const pending = page.getByRole('table', { name: 'Counts from tomorrow' });
  const mine = pending.getByRole('row').filter({ hasText: source });
  await test.step('it is seen, and taken back', async () => {
    await fill(page, { rate: '1.234', address: 'https://cloud.example/prices', observed_on: dayAfter(-2, now) });
    await press(page, 'Record an observation');
    await expect(page.getByRole('status')).toHaveText('The observation is recorded. It counts from tomorrow.');
    await expect(mine).toContainText('1.234');
    await expect(page.getByRole('table', { name: 'Where the reference price comes from' })).not.toContainText(source);
    await page.getByRole('button', { name: `Take back the price of ${source}` }).click();
    await expect(page.getByRole('status')).toHaveText('The observation is taken back.');
    await expect(mine).toHaveCount(0);
  });
  await test.step('another is recorded, and not a second of its day', async () => {
    await record(page, { rate: '2.5', source, observed_on: dayAfter(-2, now) });
    await expect(mine).toContainText('2.50');
    await record(page, { rate: '2.6', source, observed_on: dayAfter(-2, now) });
    await expect(page.locator('#observed_on-problem')).toBeVisible();
    await expect(page.locator('[name="rate"]')).toHaveValue('2.6');
    await expect(mine).toHaveCount(1);
    expect(await reference(visitor), 'nothing counts today').toBe(before);
  });
  await test.step('the next day it counts, for everybody, and stays', async () => {
    await letPass(visitor, 1);
    await visitor.goto(`/prices/${MODEL}`);
    await expect(visitor.getByRole('table', { name: 'Where the reference price comes from' })).toContainText(source);
    await expect(visitor.getByRole('button', { name: 'Take back' })).toHaveCount(0);
    await signInAs(page, 'finance');
    await page.goto(PAGE);
    await expect(page.getByRole('button', { name: `Take back the price of ${source}` })).toHaveCount(0);
  });
});

test('a list price begins on a day to come, once a second person agrees', async ({ page, another }, info) => {
  const now = await worldTime(page);
  const first = info.project.name === 'js' ? 12 : 13;
  const reason = `The framework contract of ${info.project.name}, ${now.getTime()}`;
  await signInAs(page, 'finance');
  await page.goto(PAGE);
  await open(page, 'Set a list price');
  await fill(page, { list_rate: 'cheap', valid_from: dayAfter(-1, now), reason: '' });
  await press(page, 'Ask for it');
  await expect(page.locator('#list_rate-problem')).toContainText('Enter a number');
  await expect(page.locator('#valid_from-problem')).toHaveText('Choose a day that is still to come.');
  await expect(page.locator('#reason-problem')).toHaveText('Give the reason.');
  await expect(page.locator('[name="list_rate"]')).toHaveValue('cheap');
  await expect(page.locator('[name="valid_from"]')).toHaveValue(dayAfter(-1, now));
  await fill(page, { list_rate: '3.21', valid_from: dayAfter(first, now), reason });
  await press(page, 'Ask for it');
  await expect(page.getByRole('status')).toHaveText('The list price waits for a second person.');
  const asked = (who: Page) => who.getByRole('table', { name: 'Waiting for a second person' }).getByRole('row').filter({ hasText: reason });
  await expect(asked(page)).toContainText('Somebody else must agree');
  await expect(asked(page).getByRole('button')).toHaveCount(0);

  const visitor = await another();
  await visitor.goto(`/prices/${MODEL}`);
  await expect(visitor.locator('main')).not.toContainText(reason);

  const second = await another();
  await signIn(second, 'finance2@demo.example');
  await second.goto('/finance/prices');
  await asked(second).getByRole('button', { name: /^Agree to the price of GH200/ }).click();
  await expect(second.getByRole('status')).toHaveText('The list price is agreed, and begins on its day.');
  await expect(asked(second)).toHaveCount(0);

  await visitor.goto('/prices');
  await expectPage(visitor, 'Price book');
  await visitor.getByRole('link', { name: MODEL, exact: true }).click();
  const line = visitor.getByRole('table', { name: 'List prices' }).getByRole('row').filter({ hasText: reason });
  await expect(line).toContainText('3.21');
  await expect(line).toContainText('To come');
  await expect(visitor.locator('main form')).toHaveCount(0);
});

test('what prices go by changes on a day to come, once a second person agrees', async ({ page, another }) => {
  const from = dayAfter(40, await worldTime(page));
  await signInAs(page, 'finance');
  await page.goto('/finance/prices');
  await open(page, 'Change what prices go by');
  await expect(page.locator('[name="quote_days"]'), 'it begins with what is in force').toHaveValue('30');
  await fill(page, { valid_from: from, quote_days: '400', scarcity_most: '12.5', reason: 'The board of November.' });
  await press(page, 'Ask for it');
  await expect(page.locator('#quote_days-problem')).toContainText('365');
  await expect(page.locator('[name="scarcity_most"]')).toHaveValue('12.5');
  await fill(page, { quote_days: '14' });
  await press(page, 'Ask for it');
  await expect(page.getByRole('status')).toHaveText('The policy waits for a second person.');

  const second = await another();
  await signIn(second, 'finance2@demo.example');
  await second.goto('/finance');
  await second.getByRole('link', { name: /^Answer list prices/ }).click();
  await second.getByRole('button', { name: /^Agree to the policy from/ }).click();
  await expect(second.getByRole('status')).toHaveText('The policy is agreed, and begins on its day.');

  const visitor = await another();
  await visitor.goto('/prices');
  const line = visitor.getByRole('table', { name: 'What prices will go by' }).getByRole('row').last();
  for (const figure of ['365', '80%', '12.5%', '14']) await expect(line).toContainText(figure);
  await expect(visitor.locator('main')).toContainText('A quote stands for 30 days.');
});

/** List price, subsidy, own share, VAT and sum of a price panel: each line follows from those before. */
async function adds(page: Page): Promise<number> {
  const panel = page.locator('section.price');
  const cents = async (name: string) => hundredths(await fact(panel, name));
  const [list, subsidy, own, vat, due] = [
    await cents('List price'), await cents('Subsidy'), await cents('Your share'), await cents('VAT'), await cents('You pay'),
  ];
  expect(list + subsidy, 'list price less subsidy').toBe(own);
  expect(own + vat, 'own share with VAT').toBe(due);
  return due;
}

test('a quote shows how it was reached, and the next version takes its place', async ({ page }) => {
  const now = await worldTime(page);
  await signInAs(page, 'applicant');
  await page.goto('/modes/PG');
  await press(page, 'Start an application');
  await expect(page).toHaveURL(/\/applications\/[^/]+$/);
  const application = new URL(page.url()).pathname;
  await page.goto(`${application}/quote`);
  await expect(page.getByRole('alert')).toContainText('Say first in the application which GPU');

  await page.goto(`${application}/compute`);
  await fill(page, { model: 'H100', method: 'typed', hours: '700', unit: 'gpu_hour', gpus: '16', earliest: dayAfter(60, now), flexible: true });
  await page.locator('main select[name="months"]').selectOption({ index: 1 });
  await press(page, 'Save and continue');
  await page.goto(application);
  await page.getByRole('link', { name: 'Ask for a quote' }).click();
  await expectPage(page, 'Ask for a quote');
  const offered = await adds(page);
  await press(page, 'Ask for this quote');
  await expect(page.getByRole('status')).toHaveText('The quote is made.');
  await expectPage(page, /^GH-Q-\d{4}-\d{5}, version 1$/);
  const first = page.url();
  const number = /GH-Q-\d{4}-\d{5}/.exec(await page.getByRole('heading', { level: 1 }).innerText())![0];
  const steps = page.locator('h2:has-text("How this price was reached") + dl');
  const hour = Number(/[\d.]+/.exec(await fact(steps, 'Price of an hour'))![0]);
  const list = hundredths(await fact(page.locator('section.price'), 'List price'));
  expect(list, 'hours times the price of one').toBe(Math.round(hour * 700 * 100));
  for (const name of ['List price', 'Reference price', 'Source', 'Subsidy', 'VAT']) expect(await fact(steps, name)).toBeTruthy();
  expect(await adds(page), 'what was offered is what is promised').toBe(offered);
  await expect(page.locator('main .notice')).toContainText('These prices are promised to you until');

  await page.getByRole('link', { name: 'Ask again' }).click();
  await expect(page.locator('main')).toContainText(`${number}, version 1`);
  await page.locator('main select[name="site"]').selectOption({ index: 1 });
  await press(page, 'Ask for this quote');
  await expectPage(page, `${number}, version 2`);
  await adds(page);
  const versions = page.getByRole('table', { name: 'Every version' });
  await expect(versions.getByRole('row').filter({ hasText: 'version 1' })).toContainText('Replaced');
  await expect(versions.getByRole('row').filter({ hasText: 'version 2' })).toContainText('Stands');
  await versions.getByRole('link', { name: `${number}, version 1` }).click();
  await expect(page).toHaveURL(first.split('?')[0]!);
  await expect(page.locator('main .notice')).toContainText('A later version took the place of this one.');
  await expect(page.getByRole('link', { name: 'Ask again' })).toHaveCount(0);
  await page.goto('/quotes');
  await expect(page.getByRole('row').filter({ hasText: `${number}, version 1` })).toContainText('Replaced');
  await expect(page.getByRole('row').filter({ hasText: `${number}, version 2` })).toContainText('Stands');
});
