// The journey: from "who are you" to a receipt, as seven people walk it, each in a browser of their own.
import { DECLARED, OWN_PASSWORD, approvedAndMatched, begun, founded, handedIn, recommended } from '../support/award.js';
import { expect, test, type Page } from '../support/fixtures.js';
import { dayAfter, fill, press } from '../support/form.js';
import { letPassUntil, linkFromMail, signIn, signInAs } from '../support/world.js';

async function apply(page: Page): Promise<string> {
  const application = await begun(page);
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
  await step('declarations', DECLARED);
  await step('team', { lead_name: 'Nadia Example', lead_email: 'nadia@firma.example', lead_contract_end: dayAfter(1200) });
  return handedIn(page, application);
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
  const number = info.project.name === 'js' ? '732 829 320' : '552 100 554';
  await test.step('an account, a company, no other aid', () =>
    founded(page, { name: 'Nadia Example', email, company: 'Lumen Weather Models SARL', country: 'FR', number }),
  );
  const reference = await test.step('an application', () => apply(page));
  await test.step('a review', async () => recommended(await another(), reference));
  await test.step('a decision and matching', async () => approvedAndMatched(await another(), reference, '800'));
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
    await signIn(page, email, OWN_PASSWORD);
    // A month’s end is for everybody: on a busy machine its worker comes to this company late.
    await expect(async () => {
      await page.goto('/invoices');
      expect(await page.locator('main table a[href^="/invoices/"]').count()).toBeGreaterThan(0);
    }).toPass({ timeout: 90_000 });
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
