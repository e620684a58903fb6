// Figures as the pages print them, read back as whole cents or hundredths: sums are compared, never rounded.
import { type Locator } from '@playwright/test';
import { expect, type Page } from './fixtures.js';

/** `€1,234.50`, `-1,234.50` or `12`, in hundredths. */
export function hundredths(text: string): number {
  const figure = /-?€?\d[\d,]*(\.\d+)?/.exec(text)?.[0];
  expect(figure, `a figure in “${text}”`).toBeTruthy();
  return Math.round(Number(figure!.replace(/[€,]/g, '')) * 100);
}

/** As somebody types it: `1234.50`. */
export const typed = (cents: number) => (cents / 100).toFixed(2);

/** As the pages print it: `1,234.50`. */
export const printed = (cents: number) =>
  (cents / 100).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** What stands beside this name in a list of facts, figures or prices. */
export async function fact(within: Page | Locator, name: string): Promise<string> {
  const term = within.locator('dt').filter({ hasText: new RegExp(`^\\s*${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`) });
  return (await term.first().locator('xpath=following-sibling::dd[1]').innerText()).trim();
}

/** The texts of one column of a table, by the column's heading. */
export async function column(table: Locator, heading: string): Promise<string[]> {
  // Half a page has half a table.
  await table.page().waitForLoadState();
  const headings = (await table.locator('thead th').allTextContents()).map((text) => text.trim());
  const place = headings.indexOf(heading);
  expect(place, `a column “${heading}” among ${headings.join(' | ')}`).toBeGreaterThanOrEqual(0);
  const cells = table.locator(`tbody tr > :nth-child(${place + 1})`);
  return (await cells.allTextContents()).map((text) => text.trim());
}

export const sum = (figures: string[]) => figures.reduce((before, text) => before + hundredths(text), 0);
