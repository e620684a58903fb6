// The review office: a reviewer who says what they know, accepts the terms and meets a conflict; officers who invite,
// see who would be conflicted, and waive one together. Walked before the journey that lets weeks pass: absences end.
import { expect, test } from '../support/fixtures.js';
import { dayAfter, fill, press } from '../support/form.js';
import { linkFromMail, signIn, signInAs } from '../support/world.js';

const PASSWORD = 'a long password of hers';

test('an expert is invited, says what they know, accepts the terms and meets a conflict', async ({ page, another }) => {
  const name = `Edda Expert ${Date.now()}`;
  const email = `expert-${test.info().project.name}-${Date.now()}@x.example`;
  await signInAs(page, 'officer');
  await page.goto('/reviewers');
  await expect(page.locator('main')).toContainText('Away until');
  await fill(page, { email });
  await press(page, 'Send the invitation');
  await expect(page.locator('main')).toContainText(email);

  const expert = await another();
  await expert.goto('/sign-up');
  await fill(expert, { name, email, password: PASSWORD });
  await press(expert, 'Create account');
  // The newest mail to them is the one that confirms the address; the invitation came before.
  const confirm = await linkFromMail(expert, email, /\/confirm\//);
  await expert.goto(confirm);
  await press(expert, 'Confirm address');
  await signIn(expert, email, PASSWORD);
  await expert.goto(await linkFromMail(expert, email, /\/reviewer-invitation\//));
  await press(expert, 'Accept and become a reviewer');
  await expect(expert).toHaveURL(/\/reviewer$/);
  await fill(expert, { 'expertise-robotics': true, 'language-en': true, country: 'FR', load_limit: '3' });
  await press(expert, 'Save the profile');
  await expect(expert.locator('main')).toContainText('at most 3');

  // Nothing is shown before the terms are accepted.
  await expert.goto('/bids');
  await expert.getByRole('link', { name: /Terms of Playground/ }).click();
  await press(expert, 'Accept the terms');
  await expect(expert.locator('#error-summary')).toBeVisible();
  await fill(expert, { accept: true });
  await press(expert, 'Accept the terms');
  await expect(expert).toHaveURL(/\/bids$/);

  // A word about the first, and a conflict with the second: it is gone.
  const rows = expert.locator('main tbody tr');
  await rows.first().getByRole('button', { name: /^Eager/ }).click();
  await expect(rows.first()).toContainText('Eager');
  const hidden = (await rows.nth(1).locator('th .kept').innerText()).trim();
  await rows.nth(1).getByRole('link', { name: /conflict/i }).click();
  await press(expert, 'Declare the conflict');
  await expect(expert.locator('#error-summary')).toBeVisible();
  await fill(expert, { kind: 'family', reason: 'My brother leads the project.' });
  await press(expert, 'Declare the conflict');
  await expert.goto('/bids');
  await expect(expert.locator('main')).not.toContainText(hidden);

  // Away: nothing is taken.
  await expert.goto('/reviewer/absences');
  await fill(expert, { first_day: dayAfter(0), last_day: dayAfter(400) });
  await press(expert, 'Enter the absence');
  await expect(expert.locator('main tbody tr')).toHaveCount(1);

  // The office sees whose it is, and by which kind.
  await page.goto(`/board?state=all&q=${hidden}`);
  await page.getByRole('link', { name: hidden }).first().click();
  await page.getByRole('link', { name: 'Who may judge this' }).click();
  const line = page.locator('main tbody tr', { hasText: name });
  await expect(line).toContainText('Family');
  await line.getByRole('link', { name: 'Ask for a waiver' }).click();
  await fill(page, { reason: 'They have not spoken for years.' });
  await press(page, 'Ask for the waiver');
  const board = page.url();
  // Not by the same officer.
  await page.locator('main tbody tr', { hasText: name }).getByRole('link', { name: 'Answer the waiver' }).click();
  await fill(page, { reason: 'I agree with myself.' });
  await press(page, 'Waive the conflict');
  await expect(page.locator('#error-summary')).toBeVisible();
  await expect(page.locator('main [name="reason"]')).toHaveValue('I agree with myself.');
  const second = await another();
  await signInAs(second, 'officer2');
  await second.goto(board);
  await second.locator('main tbody tr', { hasText: name }).getByRole('link', { name: 'Answer the waiver' }).click();
  await fill(second, { reason: 'Agreed, it is long ago.' });
  await press(second, 'Waive the conflict');
  await expect(second.locator('main tbody tr', { hasText: name })).toContainText('Waived');
  await expert.goto('/bids');
  await expect(expert.locator('main')).toContainText(hidden);
});
