// An officer builds a call from a template, looks at it as an applicant will, and publishes it; a company applies.
import { DECLARED } from '../support/award.js';
import { expect, test, type Page } from '../support/fixtures.js';
import { dayAfter, fill, press } from '../support/form.js';
import { signInAs } from '../support/world.js';

async function build(page: Page, code: string): Promise<string> {
  await signInAs(page, 'officer');
  await page.goto('/calls/manage');
  await fill(page, { from: 'PG' });
  await press(page, 'Make a draft');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Playground call');
  const call = new URL(page.url()).pathname;
  await page.goto(`${call}/basics`);
  await fill(page, { code });
  await press(page, 'Save and continue');
  await expect(page).toHaveURL(`${call}/texts`);
  await fill(page, { 'title-en': `First steps ${code}`, 'title-fr': `Premiers pas ${code}` });
  await press(page, 'Save and continue');
  await page.goto(`${call}/questions`);
  await press(page, 'Add a question');
  await fill(page, {
    'question-1-label-en': 'Will the model be open?',
    'question-1-label-fr': 'Le modèle sera-t-il ouvert ?',
    'question-1-kind': 'yes_no',
    'question-1-required': true,
  });
  await press(page, 'Save the question');
  await press(page, 'Add a question');
  await fill(page, {
    'question-2-label-en': 'Under which licence?',
    'question-2-label-fr': 'Sous quelle licence ?',
    'question-2-kind': 'short',
    'question-2-required': true,
    'question-2-attachment': 'optional',
  });
  await page.locator('main [name="question-2-shown_if"]').selectOption({ label: 'Question 1 is answered: Yes' });
  await press(page, 'Save the question');
  await page.goto(call);
  await page.getByRole('link', { name: 'Preview as an applicant' }).click();
  await expect(page.locator('main')).toContainText('A preview of what is typed now');
  await expect(page.locator('main')).toContainText('Will the model be open?');
  await page.goto(call);
  await page.getByRole('link', { name: 'Check and publish' }).click();
  await press(page, 'Publish this call');
  await expect(page.locator('body')).toContainText('The call is published.');
  return call;
}

async function apply(page: Page, code: string) {
  await signInAs(page, 'applicant');
  await page.goto('/calls');
  await page.getByRole('link', { name: `First steps ${code}` }).click();
  await press(page, 'Start an application under this call');
  await expect(page).toHaveURL(/\/applications\/[^/]+$/);
  const application = new URL(page.url()).pathname;
  const step = async (name: string, values: Record<string, string | boolean>) => {
    await page.goto(`${application}/${name}`);
    await fill(page, values);
    await press(page, 'Save and continue');
  };
  await step('project', { title: `Under ${code}`, abstract: 'We train a small model.', innovation: 'Nobody has it.' });
  await page.goto(`${application}/compute`);
  await fill(page, { model: 'H100', method: 'typed', hours: '600', unit: 'gpu_hour', gpus: '8', earliest: dayAfter(35), flexible: true });
  await page.locator('main select[name="months"]').selectOption({ index: 1 });
  await press(page, 'Save and continue');
  await step('data', { data_source: 'Our own sensors.', personal_data: 'none', residency: 'union' });
  await step('declarations', DECLARED);
  await step('team', { lead_name: 'Amélie Applicant', lead_email: 'lead@demo.example', lead_contract_end: dayAfter(1200) });
  await expect(page).toHaveURL(`${application}/questions`);
  await fill(page, { 'q-1': 'yes' });
  await press(page, 'Save and continue');
  // The answer brings another question, with a script or without.
  await expect(page.locator('body')).toContainText('Your answers bring further questions');
  await fill(page, { 'q-2': 'Apache-2.0' });
  await press(page, 'Save and continue');
  await expect(page).toHaveURL(`${application}/check`);
  expect(await page.locator('#error-summary').allInnerTexts(), 'nothing is missing').toEqual([]);
  await page.locator('main form[action$="/check"] button[type="submit"]').click();
  await expect(page).toHaveURL(application);
  await expect(page.locator('main')).toContainText('under version 1 of the call');
  await expect(page.locator('main')).toContainText('Apache-2.0');
}

test('a call is built, published and applied under', async ({ page, another }) => {
  const code = `E2E-${test.info().project.name.toUpperCase()}`;
  const call = await build(page, code);
  await apply(await another(), code);
  await page.goto(call);
  await expect(page.locator('main')).toContainText('Applications');
  await page.locator('main details.confirm summary').click();
  await fill(page, { reason: 'The test is over.' });
  await press(page, 'Close this call');
  await expect(page.locator('main')).toContainText('Closed by the programme office');
});

test('a file that is no PDF is refused at its field', async ({ page }) => {
  await signInAs(page, 'applicant');
  await page.goto('/calls');
  await page.getByRole('link', { name: /Large Scale/ }).first().click();
  await press(page, 'Start an application under this call');
  const application = new URL(page.url()).pathname;
  await page.goto(`${application}/questions`);
  const input = page.locator('main input[type="file"]');
  await input.setInputFiles({ name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('GIF89a') });
  await press(page, 'Add this file');
  await expect(page.locator('#error-summary')).toContainText('this file is none');
});
