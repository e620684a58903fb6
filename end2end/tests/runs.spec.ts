import { expect, test } from '../support/fixtures.js';
import { signInAs, worldTime } from '../support/world.js';

test('a run is made by one officer, signed by another, and becomes offers', async ({ page, javaScriptEnabled }) => {
  await signInAs(page, 'officer');
  await page.getByRole('navigation').getByRole('link', { name: 'Matching' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Competing applications');

  await page.getByLabel('At most for one country').fill('0');
  await page.getByRole('button', { name: 'Start a run' }).click();
  await expect(page.getByRole('alert')).toContainText('Enter 1 or more');
  await page.getByLabel('At most for one country').fill('100');
  await page.getByRole('button', { name: 'Start a run' }).click();
  await expect(page).toHaveURL(/\/runs\/[^/]+$/);
  const run = page.url();
  const waits = page.getByText('Waits for a second officer').first();
  if (javaScriptEnabled) {
    // The page looks again by itself.
    await expect(waits).toBeVisible({ timeout: 60_000 });
  } else {
    await expect(async () => {
      if (!(await waits.isVisible())) await page.getByRole('link', { name: 'Look again' }).click();
      await expect(waits).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 60_000, intervals: [500] });
  }
  await expect(page.getByRole('button', { name: 'Sign and publish' })).toHaveCount(0);
  const offered = page.getByRole('row').filter({ hasText: / weeks? from / });
  await expect(offered.first()).toBeVisible();
  expect(await offered.count()).toBeGreaterThan(0);
  const reference = await offered.first().getByRole('link').innerText();

  // What if there were more GPUs: the same rules again, and one more.
  await page.getByRole('link', { name: 'Start another run from these rules' }).click();
  await expect(page.getByLabel('At most for one country')).toHaveValue('100');
  await page.getByLabel('What if: more GPUs than there are').fill('50');
  // It begins with that run's plan; one award is kept as it is there.
  await page.getByLabel('Keep exactly').fill('GH-LS-1999-00001');
  await page.getByRole('button', { name: 'Start a run' }).click();
  await expect(page.getByRole('alert')).toContainText('is not of an application that waits');
  await page.getByLabel('Keep exactly').fill(reference);
  await page.getByRole('button', { name: 'Start a run' }).click();
  await expect(page).toHaveURL(/\/runs\/[^/?]+$/);
  const whatIf = page.url();
  await expect(async () => {
    await page.goto(whatIf);
    await expect(page.getByText('Waits for a second officer').first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000, intervals: [500] });
  await expect(page.getByText('it answers a question and offers nothing')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: reference })).toContainText(/ weeks? from /);
  expect((await (await page.request.get(`${whatIf}/standing.json`)).json()).promised).toHaveLength(1);
  await page.getByText('Compare with another run').click();
  await page.locator(`a[href$="/beside/${run.split('/').pop()}"]`).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Two runs compared');
  await expect(page.getByRole('row', { name: /^What if: more GPUs than there are 50% –/ })).toBeVisible();
  await page.goto(run);
  await page.getByText('Who runs when, site by site').click();
  await page.locator('a[href*="/sites/"]').first().click();
  await expect(page.locator('svg.gantt')).toBeVisible();
  await page.goto(`${run}?show=without`);
  await expect(page.getByRole('row').filter({ hasText: reference })).toHaveCount(0);
  const file = await page.request.get(`${run}/solution.json`);
  expect((await file.json()).format).toBe('gigamatch-solution/1');

  // Other rules are put in force with a reason that everybody reads; a run by the old ones is then signed by nobody.
  await page.goto(`/runs?like=${run.split('/').pop()}`);
  await page.getByLabel('Weight of start-ups and SMEs').fill('110');
  await page.getByLabel('Budgets of single countries').fill('Germany 5');
  await page.getByRole('button', { name: 'Start a run' }).click();
  await expect(page.getByRole('alert')).toContainText('Write one line for each country');
  await page.getByLabel('Budgets of single countries').fill('DE 20 000 000');
  await page.getByRole('button', { name: 'Start a run' }).click();
  await expect(page).toHaveURL(/\/runs\/[^/?]+$/);
  const other = page.url();
  const putInForce = async (address: string, reason: string) => {
    await expect(async () => {
      await page.goto(address);
      await expect(page.getByRole('button', { name: 'Put these rules in force' })).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 60_000, intervals: [500] });
    await page.getByLabel('Why the rules change').fill(reason);
    await page.getByRole('button', { name: 'Put these rules in force' }).click();
  };
  await putInForce(other, '');
  await expect(page.getByRole('alert')).toContainText('Why the rules change');
  await putInForce(other, 'Small companies come first.');
  await expect(page.getByText('These rules are in force now.')).toBeVisible();
  await page.context().clearCookies();
  await page.goto('/rules');
  await expect(page.getByRole('row').filter({ hasText: 'Small companies come first.' })).toContainText('100% → 110%');
  await signInAs(page, 'officer2');
  await page.goto(run);
  await expect(page.getByText('This run went by other rules than those in force')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign and publish' })).toHaveCount(0);
  await putInForce(run, 'Back to what was announced.');
  await page.getByRole('button', { name: 'Sign and publish' }).click();
  await expect(page.getByText('Published').first()).toBeVisible();
  await expect(async () => {
    await page.goto(run);
    await expect(page.getByText(/Offers made: [1-9]\d*\./)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000, intervals: [500] });
  await expect(async () => {
    await page.goto('/matching');
    await expect(page.getByRole('row').filter({ hasText: reference })).toHaveCount(1, { timeout: 500 });
  }).toPass({ timeout: 30_000, intervals: [500] });

  // Whoever applies next reads beside the price how sought after the GPUs were in it.
  const first = new Date((await worldTime(page)).getTime() + 21 * 86_400_000).toISOString().slice(0, 10);
  await page.context().clearCookies();
  await signInAs(page, 'applicant');
  await page.goto('/modes/PG');
  await page.getByRole('button', { name: 'Start an application' }).click();
  await expect(page).toHaveURL(/\/applications\/[^/]+$/);
  const application = new URL(page.url()).pathname;
  await page.goto(`${application}/compute`);
  const sought = page.getByRole('heading', { name: 'How sought after these GPUs were' });
  await expect(sought).toHaveCount(0);
  await page.locator('select[name="model"]').selectOption('H100');
  await page.locator('select[name="method"]').selectOption('typed');
  await page.locator('input[name="hours"]').fill('800');
  await page.locator('select[name="unit"]').selectOption('gpu_hour');
  await page.locator('input[name="gpus"]').fill('16');
  await page.locator('input[name="earliest"]').fill(first);
  await page.locator('select[name="months"]').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Save and see the price' }).click();
  await expect(sought).toBeVisible();
  await expect(page.locator('aside').getByRole('row', { name: /Room for all|Sought after|Scarce/ })).not.toHaveCount(0);
  await page.goto(`${application}/check`);
  await expect(sought).toBeVisible();
});
