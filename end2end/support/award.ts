// A company of its own, taken as far as an offer: signs up, applies, is reviewed, decided and matched.
import { expect, test, type Page } from './fixtures.js';
import { dayAfter, declareNoOtherAid, fill, press } from './form.js';
import { linkFromMail, signIn, signInAs, takeNext, worldTime } from './world.js';

export const OWN_PASSWORD = 'a long password of theirs';

export type Applicant = { name: string; email: string; company: string; country: string; number: string };

/** An account, and its company with the figures of a micro enterprise. */
export async function founded(page: Page, { name, email, company, country, number }: Applicant) {
  await page.goto('/sign-up');
  await fill(page, { name, email, password: OWN_PASSWORD });
  await press(page, 'Create account');
  await page.goto(await linkFromMail(page, email, /\/confirm\//));
  await press(page, 'Confirm address');
  await signIn(page, email, OWN_PASSWORD);
  await page.goto('/organisation/new');
  await fill(page, {
    legal_name: company,
    country,
    registration_number: number,
    nace: '62.10',
    street: 'Computing Street 5',
    postcode: '10000',
    city: 'Capital',
    founded_on: '2024-02-01',
  });
  await page.locator('main form button[type="submit"]').last().click();
  await page.goto('/organisation/size');
  await fill(page, { year1_ends: '2025-12-31', year1_staff: '6', year1_turnover: '240000', year1_balance: '310000' });
  await page.locator('main form:has([name="year1_ends"]) button[type="submit"]').first().click();
  await expect(page.locator('main')).toContainText(/micro/i);
  await declareNoOtherAid(page);
}

/** What is typed in each step of an application. */
export type Steps = Record<string, Record<string, string | boolean>>;

/** Declarations of work that no rule stands against. */
export const DECLARED = {
  role: 'research',
  risk: 'minimal',
  practice: 'none',
  general_purpose: 'no',
  not_started: true,
  civil: true,
  truthful: true,
};

/** Checks and hands in what is written there; says its reference. */
export async function handedIn(page: Page, path: string): Promise<string> {
  await page.goto(`${path}/check`);
  expect(await page.locator('#error-summary').allInnerTexts(), 'nothing is missing').toEqual([]);
  await page.locator('main form[action$="/check"] button[type="submit"]').click();
  await expect(page).toHaveURL(new RegExp(`${path}$`));
  const reference = /GH-PG-\d{4}-\d{5}/.exec(await page.locator('main').innerText())?.[0];
  expect(reference, 'the application has a reference').toBeTruthy();
  return reference!;
}

/** Begins a Playground application; says where it is. */
export async function begun(page: Page): Promise<string> {
  await page.goto('/modes/PG');
  await press(page, 'Start an application');
  await expect(page).toHaveURL(/\/applications\/[^/]+$/);
  return new URL(page.url()).pathname;
}

/** Writes and hands in a Playground application; says where it is and what it is called. */
export async function applied(page: Page, steps: Steps): Promise<{ path: string; reference: string }> {
  const path = await begun(page);
  for (const [step, values] of Object.entries(steps)) {
    await page.goto(`${path}/${step}`);
    await fill(page, values);
    if (step === 'compute') await page.locator('main select[name="months"]').selectOption({ index: 1 });
    await press(page, 'Save and continue');
  }
  return { path, reference: await handedIn(page, path) };
}

/** A reviewer takes what waits, in order, until this application comes. */
export async function takenUp(page: Page, reference: string) {
  await signInAs(page, 'reviewer');
  for (let taken = 0; taken < 60; taken++) {
    await page.goto('/queue');
    const mine = page.getByRole('link', { name: reference, exact: true });
    if ((await mine.count()) > 0) {
      await mine.first().click();
      break;
    }
    await takeNext(page);
    if ((await page.getByRole('heading', { level: 1 }).innerText()).includes(reference)) break;
  }
  await expect(page.getByRole('heading', { level: 1 })).toContainText(reference);
  await page.waitForLoadState();
}

/** Every criterion of the review that is open gets this grade, and the review is handed in. */
export async function graded(page: Page, grade: number, said: { to_applicant: string; advice: string }) {
  const grades = await page.locator(`main input[type="radio"][name^="grade-"][value="${grade}"]`).all();
  expect(grades.length).toBeGreaterThan(0);
  for (const one of grades) await one.check();
  await fill(page, said);
  await press(page, 'Hand in the review');
  await expect(page.locator('main')).toContainText('handed in');
}

/** Taken up, found sound, and advised to be approved. */
export async function recommended(page: Page, reference: string) {
  await takenUp(page, reference);
  await graded(page, 4, {
    to_applicant: 'A sound first step; the estimate follows from measured throughput.',
    advice: 'approve',
  });
}

/** An officer approves so many hours, and has them matched. */
export async function approvedAndMatched(page: Page, reference: string, hours: string) {
  await signInAs(page, 'officer');
  await page.goto(`/board?q=${reference}`);
  await page.getByRole('link', { name: reference, exact: true }).first().click();
  await expect(page).toHaveURL(/\/(decision|countersign)\//);
  await fill(page, { outcome: 'approved', hours, reasons: 'Fits the mode, the hours follow from the plan.' });
  await press(page, 'Decide');
  await expect(page.locator('body')).toContainText('The decision is recorded');
  await page.goto('/matching');
  await press(page, 'Run matching now');
}

/** Says the path of the offer of so many hours that this company now has; its owner is signed in in `page`. */
export async function offered(page: Page, another: () => Promise<Page>, of: Applicant, hours: string): Promise<string> {
  await test.step('a company', () => founded(page, of));
  const now = await worldTime(page);
  const { reference } = await test.step('an application', () =>
    applied(page, {
      project: { title: 'Sorting by sound', abstract: 'We train a small model that hears faults.', innovation: 'Nobody hears them as early.' },
      compute: { model: 'MI250X', method: 'typed', hours, unit: 'gpu_hour', gpus: '16', earliest: dayAfter(35, now), flexible: true },
      data: { data_source: 'Our own recordings.', personal_data: 'none', residency: 'union' },
      declarations: DECLARED,
      team: { lead_name: 'Team Lead', lead_email: 'lead@firma.example', lead_contract_end: dayAfter(1200, now) },
    }),
  );
  await test.step('a review', async () => recommended(await another(), reference));
  await test.step('a decision, and matching', async () => approvedAndMatched(await another(), reference, hours));
  return test.step('an offer', () => linkFromMail(page, of.email, /\/offers\//));
}
