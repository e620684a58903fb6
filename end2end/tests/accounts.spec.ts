import { expect, test } from '../support/fixtures.js';
import { ROLES, linkFromMail, signIn, signInAs } from '../support/world.js';

test('a new person signs up, confirms from the mail and signs in', async ({ page }, info) => {
  const email = `nadia.${info.project.name}@firma.example`;
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill('Nadia Example');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel(/^Password/).fill('a long password of hers');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).toHaveURL(/\/sign-up\/sent/);
  await page.goto(await linkFromMail(page, email, /\/confirm\//));
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await signIn(page, email, 'a long password of hers');
});

test('a wrong password says no more than that, and keeps the address', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill('applicant@demo.example');
  await page.getByLabel('Password').fill('not the password');
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue('applicant@demo.example');
  await expect(page.getByLabel('Password')).toHaveValue('');
});

for (const role of ROLES) {
  test(`${role} of the demo world has a home`, async ({ page }) => {
    await signInAs(page, role);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  });
}
