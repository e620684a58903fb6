// Quotas: one that is too low stops a booking and is named, one that is raised lets it pass.
import { offered, type Applicant } from '../support/award.js';
import { column, hundredths } from '../support/figures.js';
import { expect, test, type Page } from '../support/fixtures.js';
import { dayAfter, fill, press } from '../support/form.js';
import { expectPage, signInAs, worldTime } from '../support/world.js';

const HOURS = 800;

/** A country of which the demo world has no company: what is bound of its quota is this journey's alone. */
const APPLICANTS: Record<string, Applicant & { countryName: string }> = {
  js: {
    name: 'Hana Example',
    email: 'hana.js.quotas@firma.example',
    company: 'Hrast Audio d.o.o.',
    country: 'HR',
    number: '080123456',
    countryName: 'Croatia',
  },
  nojs: {
    name: 'Vita Example',
    email: 'vita.nojs.quotas@firma.example',
    company: 'Vilnis Audio SIA',
    country: 'LV',
    number: '40003245752',
    countryName: 'Latvia',
  },
};

/** Sets a quota of this country from today on. */
async function set(page: Page, country: string, hours: string, reason: string) {
  const today = (await worldTime(page)).toLocaleDateString('en-CA', { timeZone: 'Europe/Brussels' });
  await page.goto('/quotas');
  await fill(page, { kind: 'country', country, hours, valid_from: today, reason });
  await press(page, 'Set the quota');
  await expect(page.getByRole('status')).toHaveText('The quota is set.');
}

/** Cap, bound and free hours of the quota in force, as officers read them. */
async function standing(page: Page, countryName: string): Promise<number[]> {
  await page.goto('/quotas');
  const table = page.getByRole('table', { name: 'In force' });
  const place = (await column(table, 'Quota')).indexOf(`Country: ${countryName}`);
  expect(place, `a quota of ${countryName} is in force`).toBeGreaterThanOrEqual(0);
  const figures = ['Cap, GPU-hours', 'Bound, GPU-hours', 'Free, GPU-hours'];
  const found = [];
  for (const heading of figures) found.push(hundredths((await column(table, heading))[place]!) / 100);
  return found;
}

test('what is wrong with a quota is said at each field, and what was typed stays', async ({ page }) => {
  const now = await worldTime(page);
  await signInAs(page, 'officer');
  await page.goto('/quotas');
  await expectPage(page, 'Quotas');
  const before = await page.getByRole('table', { name: 'In force' }).getByRole('row').count();
  await fill(page, { kind: 'country', country: '', hours: '-1', valid_from: dayAfter(-2, now), reason: '' });
  await press(page, 'Set the quota');
  const summary = page.getByRole('alert');
  for (const field of ['Country', 'GPU-hours', 'From', 'Reason']) await expect(summary).toContainText(field);
  await expect(page.locator('#country-problem')).toHaveText('Fill this in.');
  await expect(page.locator('#hours-problem')).toBeVisible();
  await expect(page.locator('#valid_from-problem')).toHaveText('Choose today or a later day.');
  await expect(page.locator('#reason-problem')).toHaveText('Give the reason.');
  await expect(page.locator('main input[name="kind"][value="country"]')).toBeChecked();
  await expect(page.locator('[name="hours"]')).toHaveValue('-1');
  await expect(page.locator('[name="valid_from"]')).toHaveValue(dayAfter(-2, now));
  await fill(page, { kind: 'organisation', company: 'No such company at all', hours: '500', valid_from: dayAfter(1, now), reason: 'A trial.' });
  await press(page, 'Set the quota');
  await expect(page.locator('#company-problem')).toContainText('No company is registered under this name or number');
  await expect(page.locator('[name="company"]')).toHaveValue('No such company at all');
  await expect(page.locator('[name="reason"]')).toHaveValue('A trial.');
  await page.goto('/quotas');
  await expect(page.getByRole('table', { name: 'In force' }).getByRole('row')).toHaveCount(before);
});

test('a quota below what a company needs stops its booking, and raised lets it pass', async ({ page, another }, info) => {
  test.setTimeout(420_000);
  const applicant = APPLICANTS[info.project.name]!;
  const { country, countryName } = applicant;
  const offer = await offered(page, another, applicant, String(HOURS));
  await page.goto(offer);
  const accept = page.locator(`main form[action="${offer}/accept"] button[type="submit"]`);

  const officer = await another();
  await signInAs(officer, 'officer');
  await test.step('set below what the offer binds', async () => {
    await set(officer, country, '100', 'The state has given no more yet.');
    expect(await standing(officer, countryName)).toEqual([100, 0, 100]);
  });
  await test.step('refused before anything is pressed, and when it is', async () => {
    // The page was opened before there was a quota: only the server knows.
    await accept.click();
    await expect(page.getByRole('alert')).toContainText('This takes more than the country’s quota has free: 100 GPU-hours.');
    await expect(page.locator('main')).toContainText('Not all of these have enough free.');
    const own = page.getByRole('table', { name: 'Quotas that concern this' });
    await expect(own.getByRole('row').filter({ hasText: `Country: ${countryName}` })).toContainText('100');
    await expect(page.locator('main')).toContainText(`Accepting binds ${HOURS} GPU-hours.`);
    expect(await standing(officer, countryName), 'a refusal binds nothing').toEqual([100, 0, 100]);
  });
  await test.step('raised, it passes', async () => {
    await set(officer, country, '1000', 'The state has given its share.');
    await expect(officer.getByRole('table', { name: 'Not begun, lifted or replaced' })).toContainText('The state has given no more yet.');
    await page.goto(offer);
    await expect(page.locator('main')).not.toContainText('Not all of these have enough free.');
    await accept.click();
    await expect(page).toHaveURL(/\/allocations\/[^/]+$/);
    expect(await standing(officer, countryName)).toEqual([1000, HOURS, 1000 - HOURS]);
    const own = page.getByRole('table', { name: 'Quotas that concern this' });
    await expect(own.getByRole('row').filter({ hasText: `Country: ${countryName}` })).toContainText('800');
  });
});
