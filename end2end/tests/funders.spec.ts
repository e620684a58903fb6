// A split invoice: what the company does not pay, the funder is asked for, by a document of its own.
import { column, fact, hundredths, sum } from '../support/figures.js';
import { expect, test, type Page } from '../support/fixtures.js';
import { fill, press } from '../support/form.js';
import { list } from '../support/invoices.js';
import { expectPage, signIn, signInAs } from '../support/world.js';

const FUNDER = 'Ministry of Innovation (demo)';
const POT = '/pots/participating_state';

const price = async (page: Page, name: string) => hundredths(await fact(page.locator('section.price'), name));

test('company and funder pay the list price between them, each by its own invoice', async ({ page, another }) => {
  await signInAs(page, 'finance');
  await page.goto('/finance/invoices?q=GH-FND-');
  const numbers = await column(list(page), 'Number');
  expect(numbers.length, 'the demo world has split invoices').toBeGreaterThan(0);
  const number = numbers[0]!;
  await page.getByRole('link', { name: number }).click();
  await expectPage(page, `Invoice ${number}`);
  await expect(page.locator('main')).toContainText(FUNDER);
  await expect(page.getByRole('link', { name: 'Credit or correct' }), 'it follows the company’s').toHaveCount(0);
  const asked = await price(page, 'Your share');
  expect(await price(page, 'Total'), 'no VAT').toBe(asked);
  const document = new URL(page.url()).pathname;
  const lines = page.getByRole('table', { name: 'What was used' });
  const cents = async (heading: string) => sum(await column(lines, heading));
  expect(await cents('Your share, €')).toBe(asked);
  expect(await cents('Company’s share, €') + asked).toBe(await cents('List price, €'));
  const award = /GH-[A-Z]{2}-\d{4}-\d{5}/.exec(await lines.innerText())![0];
  await page.locator('main').getByRole('link', { name: /GH-(INV|AID)-/ }).first().click();
  // The company may have used more than what this call granted.
  const used = lines.locator('tbody tr').filter({ hasText: award });
  const place = (await lines.locator('thead th').allTextContents()).findIndex((heading) => heading.trim() === 'Subsidy, €');
  expect(sum(await used.locator(`> :nth-child(${place + 1})`).allTextContents())).toBe(asked);
  await expect(page.locator('main')).toContainText('invoiced for it by a document of its own');
  await expect(page.locator('main dl.facts').getByRole('link', { name: number })).toHaveAttribute('href', document);
  const companys = new URL(page.url()).pathname;

  const funder = await another();
  await signIn(funder, 'funder@demo.example');
  await funder.goto('/invoices');
  await funder.getByRole('link', { name: number }).click();
  await expectPage(funder, `Invoice ${number}`);
  await expect(funder.locator('main').getByRole('link', { name: /GH-(INV|AID|PG)-/ }), 'no way into the company').toHaveCount(0);
  expect((await funder.request.get(companys)).status()).toBe(404);
  for (const form of ['pdf', 'cii', 'ubl']) expect((await funder.request.get(`${document}/${form}`)).ok(), form).toBe(true);
});

test('whom a pot’s funder is must be known here, and is named by name or number', async ({ page }) => {
  await signInAs(page, 'finance');
  const name = async (funder: string) => {
    await page.goto(POT);
    await page.locator('main summary').filter({ hasText: 'Say whom to invoice' }).click();
    await fill(page, { funder });
    await press(page, 'Save the funder');
  };
  await name('Nobody of that name');
  await expect(page.locator('#error-summary')).toContainText('No company is registered under this name or number');
  await expect(page.locator('main input[name="funder"]'), 'what was typed stays').toHaveValue('Nobody of that name');
  await page.goto(POT);
  expect(await fact(page.locator('main dl.facts'), 'Funder to invoice')).toBe(FUNDER);
  await name('DEMO-20001');
  await expect(page.getByRole('status')).toHaveText('The funder is saved.');
  expect(await fact(page.locator('main dl.facts'), 'Funder to invoice')).toBe(FUNDER);
});
