// Between submission and award: the programme asks for more, refuses, and the applicant appeals. With and without scripts.
import { DECLARED, applied, founded, graded, takenUp } from '../support/award.js';
import { expect, test, type Page } from '../support/fixtures.js';
import { dayAfter, fill, press } from '../support/form.js';
import { signInAs } from '../support/world.js';

/** Hands in a small application; says where it is and what it is called. */
function apply(page: Page) {
  return applied(page, {
    project: { title: 'Currents off Brittany', abstract: 'We train a small model of tides.', innovation: 'Nobody has it at this resolution.' },
    compute: { model: 'H100', method: 'typed', hours: '700', unit: 'gpu_hour', gpus: '16', earliest: dayAfter(60), flexible: true },
    data: { data_source: 'Our own buoys.', personal_data: 'none', residency: 'union' },
    declarations: DECLARED,
    team: { lead_name: 'Odile Example', lead_email: 'odile@firma.example', lead_contract_end: dayAfter(1200) },
  });
}

/** Advises to refuse it. */
async function review(page: Page, reference: string) {
  await takenUp(page, reference);
  await expect(page.locator('main'), 'the answer is there to read').toContainText('The open licence of the harbour');
  await graded(page, 2, { to_applicant: 'The hours are twice what the model needs.', advice: 'refuse' });
}

test('more is asked and answered, and a refusal is appealed', async ({ page, another }, info) => {
  test.setTimeout(300_000);
  const email = `odile.${info.project.name}.workflow@firma.example`;
  const number = info.project.name === 'js' ? '443 061 841' : '542 107 651';
  await founded(page, { name: 'Odile Example', email, company: 'Ondine Ocean Models SARL', country: 'FR', number });
  const { path, reference } = await apply(page);
  await expect(page.getByRole('table', { name: 'Steps' })).toContainText('Under way');

  const officer = await another();
  await signInAs(officer, 'officer');
  await officer.goto(`/board?q=${reference}`);
  await officer.getByRole('link', { name: `Steps of ${reference}` }).click();
  await test.step('an officer asks', async () => {
    await fill(officer, { question: 'Why?', days: '40' });
    await press(officer, 'Ask');
    await expect(officer.getByRole('alert')).toContainText('Use at least 5 words');
    await expect(officer.locator('[name="days"]')).toHaveValue('40');
    await fill(officer, { question: 'Under which licence do you use the harbour charts?', days: '5' });
    await press(officer, 'Ask');
    await expect(officer.locator('main')).toContainText('Nothing moves before the answer');
  });
  await test.step('the applicant answers, in two goes', async () => {
    await page.goto('/home');
    await page.getByRole('link', { name: 'Answer the question about Currents off Brittany' }).click();
    await expect(page.locator('main')).toContainText('harbour charts');
    await fill(page, { answer: 'The open licence' });
    await press(page, 'Save and answer later');
    await expect(page.locator('[name="answer"]')).toHaveValue('The open licence');
    await fill(page, { answer: 'The open licence of the harbour of Brest.' });
    await press(page, 'Send the answer');
    await expect(page).toHaveURL(new RegExp(`${path}$`));
    await expect(page.locator('main')).toContainText('With the reviewers');
  });

  await test.step('a review', async () => review(await another(), reference));
  await test.step('a refusal', async () => {
    await officer.goto(`/board?q=${reference}`);
    await officer.getByRole('link', { name: reference, exact: true }).click();
    await fill(officer, { outcome: 'refused', reasons: 'The hours asked for are twice what the model needs.' });
    await press(officer, 'Decide');
    await expect(officer.locator('body')).toContainText('The decision is recorded');
  });
  await test.step('an appeal', async () => {
    await page.goto(path);
    await page.getByRole('link', { name: 'Appeal against this decision' }).click();
    await fill(page, { grounds: 'Unfair.' });
    await press(page, 'File the appeal');
    await expect(page.getByRole('alert')).toContainText('Use at least 5 words');
    await fill(page, { grounds: 'The second half of the hours is for the tides of the Channel, as the abstract says.' });
    await press(page, 'File the appeal');
    await expect(page.locator('main')).toContainText('an officer who took no part in the decision');
  });
  await test.step('not judged by whoever decided, but by another', async () => {
    await officer.goto(`/board?state=refused&q=${reference}`);
    await officer.getByRole('link', { name: `Steps of ${reference}` }).click();
    await expect(officer.locator('main')).toContainText('You took part in an earlier decision');
    const judge = await another();
    await signInAs(judge, 'officer2');
    await judge.getByRole('link', { name: new RegExp(`Judge the appeal about ${reference}`) }).click();
    await fill(judge, { outcome: 'upheld', reasons: 'The abstract names the Channel, and the review overlooked it.' });
    await press(judge, 'Judge the appeal');
    await expect(judge.locator('body')).toContainText('The appeal is judged');
  });
  await page.goto(path);
  await expect(page.locator('main')).toContainText('With the officer who decides');
  await expect(page.locator('main')).toContainText('the review overlooked it');
});
