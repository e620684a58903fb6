import { expect, test } from '../support/fixtures.js';
import { signInAs } from '../support/world.js';

test('a run is made by one officer, signed by another, and becomes offers', async ({ page }) => {
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
  await expect(async () => {
    await page.goto(run);
    await expect(page.getByText('Waits for a second officer').first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000, intervals: [500] });
  await expect(page.getByRole('button', { name: 'Sign and publish' })).toHaveCount(0);
  const offered = page.getByRole('row').filter({ hasText: / weeks? from / });
  expect(await offered.count()).toBeGreaterThan(0);
  const reference = await offered.first().getByRole('link').innerText();
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
