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

/** The path that the newest mail to this address, about this, links to. */
export async function linkFromMail(page: Page, to: string, path: RegExp): Promise<string> {
  let found: string | undefined;
  await expect(async () => {
    await page.goto('/demo/mails');
    const rows = page.getByRole('row').filter({ hasText: to });
    const mails = await rows.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    for (const mail of mails.slice(0, 4)) {
      await page.goto(mail);
      const links = await page.locator('main a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
      found = links.find((link) => path.test(link));
      if (found) return;
    }
    expect(found, `a mail to ${to} with a link like ${path}`).toBeTruthy();
  }).toPass({ timeout: 20_000, intervals: [200, 500, 1000] });
  return found!;
}

/** Lets time pass in the demo world; who is signed in for too long is asked again. */
export async function letPass(page: Page, days: 1 | 7 | 30) {
  await page.goto('/demo/clock');
  const label = { 1: 'One day later', 7: 'One week later', 30: '30 days later' }[days];
  await page.getByRole('button', { name: label }).click();
  await expect(page).toHaveURL(/\/demo\/clock/);
}

/** Takes the review that waits first; the terms of its call are accepted on the way where they are new. */
export async function takeNext(page: Page) {
  await page.goto('/queue');
  const take = page.getByRole('button', { name: 'Take the next application' });
  await take.click();
  await expect(page).toHaveURL(/\/(review|reviewer\/terms)\//);
  if (!page.url().includes('/reviewer/terms/')) return;
  await page.locator('[name="accept"]').check();
  await page.getByRole('button', { name: 'Accept the terms' }).click();
  await expect(page).toHaveURL(/\/queue/);
  await take.click();
  await expect(page).toHaveURL(/\/review\//);
}

/** The demo world's time. */
export async function worldTime(page: Page): Promise<Date> {
  await page.goto('/demo/clock');
  return new Date((await page.locator('main time').first().getAttribute('datetime')) ?? '');
}

/** Lets time pass, a day at least, until this instant is over. */
export async function letPassUntil(page: Page, instant: Date) {
  for (let left = Infinity; left > 0; ) {
    left = instant.getTime() - (await worldTime(page)).getTime();
    if (left > 0) await letPass(page, left > 31 * 86_400_000 ? 30 : left > 8 * 86_400_000 ? 7 : 1);
  }
}

/** One heading of the first order, and the page is ours and whole. */
export async function expectPage(page: Page, heading: string | RegExp) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
}
