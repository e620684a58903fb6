// Filling forms by the names of their fields: the names are the contract with the handlers, labels are checked by axe.
import { type Page } from './fixtures.js';

export async function fill(page: Page, values: Record<string, string | boolean>) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`main [name="${name}"]`);
    const kind = await field.first().evaluate((element) => `${element.tagName} ${element.getAttribute('type') ?? ''}`);
    if (typeof value === 'boolean') await page.locator(`main input[type="checkbox"][name="${name}"]`).setChecked(value);
    else if (kind.startsWith('SELECT')) await field.selectOption(value);
    else if (kind === 'INPUT radio') await page.locator(`main input[name="${name}"][value="${value}"]`).check();
    else await field.fill(value);
  }
}

/** Declares, for whoever is signed in, that their company had no other aid from its own State. */
export async function declareNoOtherAid(page: Page) {
  await page.goto('/organisation/aid/declaration');
  await fill(page, { nothing: true, in_difficulty: 'no', owes_recovery: 'no', declared: true });
  await press(page, 'Declare');
  await page.waitForURL(/\/organisation\/aid$/);
}

/** A day so many days after another, as a date field takes it. */
export function dayAfter(days: number, from = new Date()): string {
  return new Date(from.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

export const press = (page: Page, name: string | RegExp) => page.locator('main').getByRole('button', { name }).first().click();
