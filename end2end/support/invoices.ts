// Lists and pages of invoices, as finance and companies read them.
import { column, fact, hundredths, printed, sum } from './figures.js';
import { expect, type Page } from './fixtures.js';

const LIST = 'Invoices and statements, the newest first';
export const list = (page: Page) => page.getByRole('table', { name: LIST });

/** A column of every page of a list of invoices. */
export async function all(page: Page, query: string, heading: string): Promise<string[]> {
  const found: string[] = [];
  for (let next: string | null = `/finance/invoices?${query}`; next; ) {
    await page.goto(next);
    if ((await list(page).count()) === 0) break;
    found.push(...(await column(list(page), heading)));
    const link = page.getByRole('link', { name: 'Next page' });
    next = (await link.count()) > 0 ? await link.getAttribute('href') : null;
  }
  return found;
}

/** The first invoice to a company in a list that is owed so many cents at least; says its number, its address and what is left. */
export async function owed(page: Page, standing: string, least: number): Promise<{ number: string; path: string; left: number }> {
  for (let next: string | null = `/finance/invoices?standing=${standing}&kind=invoice`; next; ) {
    await page.goto(next);
    const left = (await column(list(page), 'Left to pay, €')).map(hundredths);
    const numbers = await column(list(page), 'Number');
    const place = left.findIndex((cents, at) => cents >= least && numbers[at]!.startsWith('GH-INV-'));
    if (place >= 0) {
      const link = list(page).locator('tbody tr').nth(place).getByRole('link').first();
      return { number: (await link.innerText()).trim(), path: (await link.getAttribute('href'))!, left: left[place]! };
    }
    const more = page.getByRole('link', { name: 'Next page' });
    next = (await more.count()) > 0 ? await more.getAttribute('href') : null;
  }
  throw new Error(`no ${standing} invoice of ${printed(least)} or more`);
}

/** The sums of an invoice's page follow from its lines and from each other; says its total. */
export async function adds(page: Page): Promise<number> {
  const panel = page.locator('section.price');
  const cents = async (name: string) => hundredths(await fact(panel, name));
  const lines = page.getByRole('table', { name: 'What was used' });
  const sums = [];
  for (const heading of ['List price, €', 'Subsidy, €', 'Own share, €']) sums.push(sum(await column(lines, heading)));
  const [listed, subsidy, own] = [await cents('List price'), await cents('Less subsidy'), await cents('Own share before VAT')];
  expect([listed, -subsidy, own], 'the lines add up').toEqual(sums);
  expect(listed + subsidy).toBe(own);
  const taxes = await panel.locator('dt').filter({ hasText: /^\s*VAT / }).locator('xpath=following-sibling::dd[1]').allInnerTexts();
  const total = await cents('Total');
  expect(own + sum(taxes), 'own share with VAT').toBe(total);
  return total;
}
