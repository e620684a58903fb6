// The journey: from "who are you" to a receipt, as seven people walk it, each in a browser of their own.
import { expect, test, type Page } from '../support/fixtures.js';
import { dayAfter, declareNoOtherAid, fill, press } from '../support/form.js';
import { letPassUntil, linkFromMail, signIn, signInAs, takeNext } from '../support/world.js';

const PASSWORD = 'a long password of hers';

async function signUp(page: Page, email: string) {
  await page.goto('/sign-up');
  await fill(page, { name: 'Nadia Example', email, password: PASSWORD });
  await press(page, 'Create account');
  await page.goto(await linkFromMail(page, email, /\/confirm\//));
  await press(page, 'Confirm address');
  await signIn(page, email, PASSWORD);
}

async function registerCompany(page: Page, number: string) {
  await page.goto('/organisation/new');
  await fill(page, {
    legal_name: 'Lumen Weather Models SARL',
    country: 'FR',
    registration_number: number,
    nace: '62.10',
    street: 'Rue du Calcul 3',
    postcode: '75011',
    city: 'Paris',
    founded_on: '2024-02-01',
  });
  await page.locator('main form button[type="submit"]').last().click();
  await page.goto('/organisation/size');
  await fill(page, { year1_ends: '2025-12-31', year1_staff: '6', year1_turnover: '240000', year1_balance: '310000' });
  await page.locator('main form:has([name="year1_ends"]) button[type="submit"]').first().click();
  await expect(page.locator('main')).toContainText(/micro/i);
}

async function apply(page: Page): Promise<string> {
  await page.goto('/modes/PG');
  await press(page, 'Start an application');
  await expect(page).toHaveURL(/\/applications\/[^/]+$/);
  const application = new URL(page.url()).pathname;
  const step = async (name: string, values: Record<string, string | boolean>) => {
    await page.goto(`${application}/${name}`);
    await fill(page, values);
    await press(page, 'Save and continue');
  };
  await step('project', {
    title: 'Street-level weather from sparse sensors',
    abstract: 'We train a small model that predicts the weather of single streets from cheap sensors and satellite images.',
    innovation: 'Nobody has combined both kinds of data at this resolution; existing services stop at two kilometres.',
  });
  await page.goto(`${application}/compute`);
  await fill(page, { model: 'MI250X', method: 'typed', hours: '800', unit: 'gpu_hour', gpus: '16', earliest: dayAfter(35), flexible: true });
  const months = page.locator('main select[name="months"]');
  await months.selectOption({ index: 1 });
  // With a script the price stands there before anything is sent, and it is the one the server reckons afterwards.
  const due = page.locator('#price-due');
  const live = test.info().project.name === 'js';
  if (live) await expect(due).toHaveText(/€[1-9]/);
  const reckoned = live ? await due.innerText() : /€[1-9]/;
  await press(page, 'Save and continue');
  await page.goto(`${application}/compute`);
  await expect(due).toHaveText(reckoned);
  await step('data', { data_source: 'Our own sensors; Copernicus data under its open licence.', personal_data: 'none', residency: 'union' });
  await step('declarations', {
    role: 'research',
    risk: 'minimal',
    practice: 'none',
    general_purpose: 'no',
    not_started: true,
    civil: true,
    truthful: true,
  });
  await step('team', { lead_name: 'Nadia Example', lead_email: 'nadia@firma.example', lead_contract_end: dayAfter(1200) });
  await page.goto(`${application}/check`);
  const missing = await page.locator('#error-summary').allInnerTexts();
  expect(missing, 'nothing is missing').toEqual([]);
  await page.locator('main form[action$="/check"] button[type="submit"]').click();
  await expect(page).toHaveURL(new RegExp(`${application}$`));
  const reference = /GH-PG-\d{4}-\d{5}/.exec(await page.locator('main').innerText())?.[0];
  expect(reference, 'the application has a reference').toBeTruthy();
  return reference!;
}

/** Takes what waits, in order, until this application comes. */
async function review(page: Page, reference: string) {
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
  const grades = await page.locator('main input[type="radio"][name^="grade-"][value="4"]').all();
  expect(grades.length).toBeGreaterThan(0);
  for (const grade of grades) await grade.check();
  await fill(page, { to_applicant: 'A sound first step; the estimate follows from measured throughput.', advice: 'approve' });
  await press(page, 'Hand in the review');
  await expect(page.locator('main')).toContainText('handed in');
}

async function decide(page: Page, reference: string) {
  await signInAs(page, 'officer');
  await page.goto(`/board?q=${reference}`);
  await page.getByRole('link', { name: reference, exact: true }).first().click();
  await expect(page).toHaveURL(/\/(decision|countersign)\//);
  await fill(page, { outcome: 'approved', hours: '800', reasons: 'Fits the mode, the hours follow from the plan.' });
  await press(page, 'Decide');
  await expect(page.locator('body')).toContainText('The decision is recorded');
  await page.goto('/matching');
  await press(page, 'Run matching now');
}

/** The offer is accepted; says the allocation's id and the site. */
async function accept(page: Page, email: string): Promise<{ id: string; site: string }> {
  await page.goto(await linkFromMail(page, email, /\/offers\//));
  const id = new URL(page.url()).pathname.split('/').pop()!;
  const site = (await page.getByRole('heading', { level: 1 }).innerText()).trim();
  await page.locator(`main form[action="/offers/${id}/accept"] button[type="submit"]`).click();
  await expect(page).not.toHaveURL(/accept$/);
  return { id, site };
}

async function confirm(page: Page, reference: string): Promise<string> {
  await signInAs(page, 'operator');
  await standWhere(page, reference);
  await page.getByRole('row').filter({ hasText: reference }).getByRole('button').first().click();
  await expect(page.getByRole('row').filter({ hasText: reference }).getByRole('button')).toHaveCount(0);
  await page.goto('/site/feed');
  await page.locator('main details > summary').first().click();
  await page.locator('main form[action="/site/feed/token"] button[type="submit"]').click();
  return (await page.locator('main code.typed').first().innerText()).trim();
}

/** An operator of many sites looks at each until the booking is there. */
async function standWhere(page: Page, reference: string) {
  const stands = await page.locator('form[action="/stand"] [name="stand"]').count();
  for (let stand = 0; stand <= stands; stand++) {
    await page.goto('/site/bookings');
    if ((await page.getByRole('row').filter({ hasText: reference }).count()) > 0) return;
    await page.locator('header details').first().evaluate((menu) => menu.setAttribute('open', ''));
    await page.locator(`form[action="/stand"]:has([name="stand"][value="${stand}"]) button`).first().click();
    await expect(page).toHaveURL(/\/home/);
  }
  throw new Error(`no site has the booking of ${reference}`);
}

test('from signing up to the receipt', async ({ page, another, request }, info) => {
  test.setTimeout(420_000);
  const email = `nadia.${info.project.name}.journey@firma.example`;
  await test.step('an account and a company', async () => {
    await signUp(page, email);
    await registerCompany(page, info.project.name === 'js' ? '732 829 320' : '552 100 554');
  });
  await test.step('other aid', () => declareNoOtherAid(page));
  const reference = await test.step('an application', () => apply(page));
  await test.step('a review', async () => review(await another(), reference));
  await test.step('a decision and matching', async () => decide(await another(), reference));
  const { id } = await test.step('an offer, accepted', () => accept(page, email));
  const operator = await another();
  const token = await test.step('a booking, confirmed', () => confirm(operator, reference));
  const used = await test.step('use, reported by the site', async () => {
    await page.goto(`/allocations/${id}`);
    const day = /(?:First day|Starts)\D*(\d{1,2} \w+ \d{4})/.exec(await page.locator('main').innerText())?.[1];
    expect(day, 'the allocation says its first day').toBeTruthy();
    const clock = await another();
    const first = new Date(`${day} 12:00 UTC`);
    await letPassUntil(clock, new Date(first.getTime() + 86_400_000));
    const hour = new Date(first.getTime() + 11 * 3_600_000);
    const readings = [
      {
        allocation: id,
        job: `journey-${info.project.name}`,
        sequence: 0,
        gpus: 16,
        start: new Date(hour.getTime() - 10 * 3_600_000).toISOString(),
        end: hour.toISOString(),
      },
    ];
    const send = () => request.post('/api/v1/readings', { headers: { authorization: `Bearer ${token}` }, data: { readings } });
    const answer = await (await send()).json();
    expect(answer, JSON.stringify(answer)).toMatchObject({ taken: 1 });
    expect(await (await send()).json(), 'sent twice is taken once').toMatchObject({ taken: 0, duplicates: 1 });
    await letPassUntil(clock, new Date(first.getTime() + 35 * 86_400_000));
    return 160;
  });
  expect(used).toBe(160);
  await test.step('an invoice, paid, with a receipt', async () => {
    await signIn(page, email, PASSWORD);
    await expect(async () => {
      await page.goto('/invoices');
      expect(await page.locator('main table a[href^="/invoices/"]').count()).toBeGreaterThan(0);
    }).toPass({ timeout: 30_000 });
    await page.locator('main table a[href^="/invoices/"]').first().click();
    const invoice = page.url();
    await press(page, 'Pay by card or direct debit');
    await expect(page).toHaveURL(/\/pay\//);
    await page.getByRole('button', { name: /^Pay / }).click();
    await expect(async () => {
      await page.goto(invoice);
      expect(await page.locator('main').innerText()).toMatch(/Paid/);
      expect(await page.locator('main a[href*="/receipts/"]').count()).toBeGreaterThan(0);
    }).toPass({ timeout: 30_000 });
    const receipt = await page.locator('main a[href*="/receipts/"]').first().getAttribute('href');
    const pdf = await page.request.get(receipt!);
    expect(pdf.status()).toBe(200);
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
