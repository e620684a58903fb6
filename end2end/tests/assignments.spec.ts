// Reviews given out: an officer looks, changes a pair and gives out; one reviewer declines, another accepts.
import { expect, test, type Page } from '../support/fixtures.js';
import { signIn, signInAs } from '../support/world.js';

const ADDRESSES: Record<string, string> = {
  'Rita Reviewer': 'reviewer@demo.example',
  'Bruno Bianchi': 'reviewer2@demo.example',
  'Clara Costa': 'reviewer3@demo.example',
  'Dirk de Vries': 'reviewer4@demo.example',
  'Eeva Eskola': 'reviewer5@demo.example',
  'Filip Fiala': 'reviewer6@demo.example',
  'Greta Graf': 'reviewer7@demo.example',
  'Henrik Holm': 'reviewer8@demo.example',
  'Ioana Ionescu': 'reviewer9@demo.example',
  'Jonas Jonaitis': 'reviewer10@demo.example',
  'Katarzyna Kowalska': 'reviewer11@demo.example',
  'Luc Lambert': 'reviewer12@demo.example',
};

/** The first row of somebody who is asked and has not answered: reference and name. */
async function firstAsked(page: Page) {
  const table = page.getByRole('region', { name: 'Who is asked' });
  const row = table.getByRole('row').filter({ has: page.getByText('Asked', { exact: true }) }).first();
  const cells = await row.getByRole('cell').allInnerTexts();
  const name = Object.keys(ADDRESSES).find((name) => cells.some((cell) => cell.includes(name)));
  const reference = /GH-LS-\d{4}-\d{5}/.exec(await row.innerText())?.[0];
  expect(name && reference, `a row with a name and a reference: ${cells}`).toBeTruthy();
  return { name: name!, reference: reference! };
}

test('reviews are proposed, changed by hand, given out, declined and accepted', async ({ page, another }) => {
  test.slow();
  await signInAs(page, 'officer');
  await page.getByRole('navigation').getByRole('link', { name: 'Reviewing' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Give out reviews');

  // The second time in this world there is nothing left to give out.
  const giveOut = page.getByRole('button', { name: 'Give out these reviews' });
  if (await giveOut.count()) {
    await expect(page.getByText('Nothing better exists: proven.')).toBeVisible();
    const proposal = page.getByRole('region', { name: 'Proposal' });
    const forbid = proposal.getByRole('button', { name: / does not get GH-LS-/ }).first();
    const said = await forbid.getAttribute('aria-label');
    await forbid.click();
    await expect(page.getByText('reckoned anew around your change')).toBeVisible();
    await expect(page.getByText(`By hand: ${said}.`)).toBeVisible();
    await proposal.getByRole('button', { name: /^Pin / }).first().click();
    await expect(proposal.getByText('Pinned').first()).toBeVisible();
    await page.getByText('Change a pair by hand').click();
    await page.getByRole('button', { name: 'Reckon anew' }).click();
    await expect(page.getByRole('alert')).toContainText('Reviewer');
    await giveOut.click();
    await expect(page.getByText('The reviews are given out')).toBeVisible();
  }

  const first = await firstAsked(page);
  const declining = await another();
  await signIn(declining, ADDRESSES[first.name]);
  await declining.goto('/queue');
  await declining.getByRole('region', { name: 'You are asked to review' }).getByRole('link', { name: first.reference, exact: true }).click();
  await expect(declining.getByRole('heading', { name: 'What it is about' })).toBeVisible();
  await declining.getByText('I cannot review it').click();
  await declining.getByRole('button', { name: 'Decline the review' }).click();
  await expect(declining.getByRole('alert')).toContainText('Why not?');
  await declining.getByLabel('Why not?').fill('I am on leave until January.');
  await declining.getByRole('button', { name: 'Decline the review' }).click();
  await expect(declining.getByText('You have declined')).toBeVisible();

  await page.goto('/assignment');
  const declined = page.getByRole('row').filter({ hasText: first.reference }).filter({ hasText: 'Declined' });
  await expect(declined.first()).toContainText('I am on leave until January.');
  // The queue asks somebody else.
  const askedAnew = page.getByRole('row').filter({ hasText: first.reference }).filter({ has: page.getByText('Asked', { exact: true }) });
  await expect(async () => {
    await page.goto('/assignment');
    await expect(askedAnew).toHaveCount(1, { timeout: 500 });
  }).toPass({ timeout: 30_000, intervals: [500] });

  const next = await firstAsked(page);
  const accepting = await another();
  await signIn(accepting, ADDRESSES[next.name]);
  await accepting.goto('/queue');
  await accepting.getByRole('region', { name: 'You are asked to review' }).getByRole('link', { name: next.reference, exact: true }).click();
  await accepting.getByRole('button', { name: 'Accept the review' }).click();
  await expect(accepting).toHaveURL(/\/review\/[^/]+$/);
  await expect(accepting.getByText('The review is yours.')).toBeVisible();
  await page.goto('/assignment');
  await expect(page.getByRole('row').filter({ hasText: next.reference }).filter({ hasText: 'Said yes' })).toHaveCount(1);
});
