import { expect, test } from '../support/fixtures.js';
import { signInAs } from '../support/world.js';

test('a run is made by one officer, signed by another, and becomes offers', async ({ page, javaScriptEnabled }) => {
  await signInAs(page, 'officer');
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

  await page.context().clearCookies();
  await signInAs(page, 'officer2');
  await page.goto(run);
  await page.getByRole('button', { name: 'Sign and publish' }).click();
  await expect(page.getByText('Published').first()).toBeVisible();
  await expect(async () => {
    await page.goto('/matching');
    await expect(page.getByRole('row').filter({ hasText: reference })).toHaveCount(1, { timeout: 500 });
  }).toPass({ timeout: 30_000, intervals: [500] });
});
