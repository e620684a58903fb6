// The demo world: its people, and the mails it would have sent.
import { expect, type Page } from './fixtures.js';

export const PASSWORD = 'gigahours-demo';
export const ROLES = ['applicant', 'reviewer', 'officer', 'officer2', 'operator', 'finance', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const address = (role: Role) => `${role}@demo.example`;

export async function signIn(page: Page, email: string, password = PASSWORD) {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/home/);
}

export const signInAs = (page: Page, role: Role) => signIn(page, address(role));

/** The path that a mail to this address, about this, links to. */
export async function linkFromMail(page: Page, to: string, path: RegExp): Promise<string> {
  let found: string | undefined;
  await expect(async () => {
    const response = await page.goto(`/demo/mails?to=${encodeURIComponent(to)}`);
    expect(response?.status()).toBe(200);
    const text = await page.locator('main').innerText();
    const hrefs = await page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    found = [...hrefs, ...text.split(/\s+/)].map((link) => link.replace(/^https?:\/\/[^/]+/, '')).find((link) => path.test(link));
    expect(found, `a mail to ${to} with a link like ${path}`).toBeTruthy();
  }).toPass({ timeout: 20_000, intervals: [200, 500, 1000] });
  return found!;
}

/** One heading of the first order, and the page is ours and whole. */
export async function expectPage(page: Page, heading: string | RegExp) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
}
