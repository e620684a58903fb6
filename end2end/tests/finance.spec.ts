// Finance: what is owed, down to the job that ran; a month's end; a transfer that finds its invoice; a credit that two sign.
import { column, fact, hundredths, printed, sum, typed } from '../support/figures.js';
import { expect, test, type Page } from '../support/fixtures.js';
import { fill, press } from '../support/form.js';
import { adds, all, list, owed } from '../support/invoices.js';
import { statement } from '../support/statement.js';
import { expectPage, letPass, letPassUntil, signIn, signInAs, worldTime } from '../support/world.js';

test('what finance reads at home is what the lists say, and filters keep to it', async ({ page }) => {
  await signInAs(page, 'finance');
  await page.goto('/finance');
  await expectPage(page, 'What needs you today');
  const figure = (name: string) => page.locator('dl.figures .figure').filter({ hasText: name });
  for (const [name, standing, status] of [
    ['Invoices overdue', 'overdue', 'Overdue'],
    ['Invoices to be paid', 'open', 'To pay'],
  ] as const) {
    await page.goto('/finance');
    const [count, note] = [figure(name).locator('dd').first(), figure(name).locator('dd.note')];
    const said = [Number(await count.innerText()), hundredths(await note.innerText())];
    const left = await all(page, `standing=${standing}`, 'Left to pay, €');
    expect([left.length, sum(left)], name).toEqual(said);
    expect(new Set(await all(page, `standing=${standing}`, 'Status'))).toEqual(new Set(said[0] ? [status] : []));
  }
  await page.goto('/finance/invoices');
  await expectPage(page, 'Invoices of all companies');
  const number = (await list(page).locator('tbody tr').first().getByRole('link').first().innerText()).trim();
  await page.locator('main form.filters [name="q"]').fill(number);
  await press(page, 'Apply filters');
  await expect(list(page).locator('tbody tr')).toHaveCount(1);
  await expect(page.locator('main form.filters [name="q"]')).toHaveValue(number);
  expect(new Set(await all(page, 'kind=statement', 'Kind'))).toEqual(new Set(['Statement of aid']));
  await page.goto('/finance/invoices?q=nobody-is-called-that');
  await expect(page.locator('main')).toContainText('No invoice like this');
});

test('an invoice leads down to the jobs that used the GPUs', async ({ page, another }) => {
  const owner = await another();
  await signInAs(owner, 'applicant');
  await owner.goto('/invoices');
  const row = owner.locator('main table tbody tr').filter({ has: owner.getByRole('cell', { name: 'Invoice', exact: true }) }).last();
  const invoice = await row.getByRole('link').getAttribute('href');
  const number = (await row.getByRole('link').innerText()).trim();
  await owner.goto(invoice!);
  const total = await adds(owner);
  const line = owner.getByRole('table', { name: 'What was used' }).locator('tbody tr').first();
  const charged = hundredths(await line.locator('td').nth(1).innerText());
  await line.getByRole('link').click();
  await expect(owner).toHaveURL(/\/allocations\/[^/]+$/);
  const allocation = new URL(owner.url()).pathname;
  const jobs = (who: Page) => who.getByRole('table', { name: 'Jobs' });
  const used = sum(await column(jobs(owner), 'GPU-hours'));
  expect(used, 'the jobs used what is charged, and what other invoices charge').toBeGreaterThanOrEqual(charged);

  await signInAs(page, 'finance');
  await page.goto(`/finance/invoices?q=${number}`);
  await list(page).getByRole('link', { name: number }).click();
  await expectPage(page, `Invoice ${number}`);
  expect(await adds(page), 'finance reads what the company reads').toBe(total);
  const award = page.getByRole('table', { name: 'What was used' }).locator('tbody tr').first();
  const reference = /GH-[A-Z]{2}-\d{4}-\d{5}/.exec(await award.innerText())![0];
  await page.goto(allocation);
  await expect(page.getByRole('heading', { level: 1 }).locator('xpath=..')).toContainText(reference);
  expect(await jobs(page).locator('tbody').innerText()).toBe(await jobs(owner).locator('tbody').innerText());
});

test('a month’s end shows what it would issue, issues it once, and then nothing is due', async ({ page, another }) => {
  test.setTimeout(240_000);
  await signInAs(page, 'finance');
  const before = (await all(page, 'kind=invoice', 'Number')).length;
  await page.goto('/finance/close');
  await expectPage(page, 'Month’s end');
  await page.reload();
  expect((await all(page, 'kind=invoice', 'Number')).length, 'looking issues nothing').toBe(before);

  // To the last day before its documents are due, six hours into the next month in Brussels.
  const clock = await another();
  const now = await worldTime(clock);
  await letPassUntil(clock, new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 0, 5)));
  await letPass(clock, 1);
  await signInAs(page, 'finance');
  await page.goto('/finance/close');
  const due = page.getByRole('table', { name: 'Documents that are due' });
  // What the page shows of a month that is over is one moment’s: the server issues it by itself.
  if ((await due.count()) > 0) {
    test.info().annotations.push({ type: 'documents seen due', description: String(await due.locator('tbody tr').count()) });
    const kinds = await column(due, 'Kind');
    const facts = page.locator('main dl.figures');
    expect(Number(await fact(facts, 'Invoices to issue'))).toBe(kinds.filter((kind) => kind === 'Invoice').length);
    expect(Number(await fact(facts, 'Statements of aid to issue'))).toBe(kinds.filter((kind) => kind === 'Statement of aid').length);
    expect(hundredths(await fact(facts, 'Subsidies in them'))).toBe(sum(await column(due, 'Subsidy, €')));
    expect(hundredths(await fact(facts, 'To be paid'))).toBe(sum(await column(due, 'Total, €')));
    const start = page.getByRole('button', { name: 'Issue them now' });
    if ((await start.count()) > 0) await start.click();
  }
  await expect(async () => {
    await page.goto('/finance/close');
    await expect(page.locator('main')).toContainText('Nothing is due');
  }).toPass({ timeout: 120_000, intervals: [1000, 2000, 5000] });
  const numbers = await all(page, 'kind=invoice', 'Number');
  expect(numbers.length, 'last month is invoiced').toBeGreaterThan(before);
  expect(new Set(numbers).size, 'no number twice').toBe(numbers.length);
});

test('a statement of the bank pays the invoice that it names, and once', async ({ page }, info) => {
  const now = await worldTime(page);
  await signInAs(page, 'finance');
  const { number, path, left } = await owed(page, 'open', 1);
  await page.goto(path);
  await page.locator('main summary').filter({ hasText: 'Pay by transfer' }).click();
  const transfer = page.locator('main details').filter({ hasText: 'Pay by transfer' });
  const [reference, iban] = [await fact(transfer, 'Reference'), await fact(transfer, 'IBAN')].map((text) => text.replace(/\s/g, ''));
  expect(reference).toMatch(/^RF\d\d/);
  expect(hundredths(await fact(transfer, 'Amount'))).toBe(left);

  await page.goto('/finance/bank');
  await expectPage(page, 'Bank statements');
  const statements = page.getByRole('table', { name: 'Statements taken in' });
  const opening = hundredths((await column(statements, 'Closing balance, €'))[0] ?? '0');
  const name = `E2E-${info.project.name}-${now.getTime()}`;
  const file = statement({ name, day: now.toISOString().slice(0, 10), iban: iban!, opening }, left, reference!);
  const take = async (content: Buffer, named = 'statement.xml') => {
    await page.locator('main input[type="file"]').setInputFiles({ name: named, mimeType: 'application/xml', buffer: content });
    await press(page, 'Take in the statement');
  };
  const wrong = async (said: string) => expect(page.locator('#file-problem')).toContainText(said);
  await press(page, 'Take in the statement');
  await wrong('Fill this in.');
  await take(Buffer.from('<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'), 'invoice.xml');
  await wrong('CAMT.053');
  const closing = (cents: number) => `<Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${typed(cents)}<`;
  await take(Buffer.from(file.toString().replace(closing(opening + left), closing(opening))));
  await wrong('Opening balance and entries give');
  await expect(statements, 'nothing of it was kept').not.toContainText(name);

  await take(file);
  await expect(page.getByRole('status')).toHaveText('The statement is taken in. Every new entry was matched by itself.');
  const row = statements.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText(printed(opening + left));
  await row.getByRole('link').click();
  const entry = page.locator('main table tbody tr');
  await expect(entry).toHaveCount(1);
  await expect(entry).toContainText('By its reference');
  await expect(entry).toContainText(printed(left));

  const paid = async () => {
    await page.goto(path);
    await expect(page.locator('main .heading')).toContainText('Paid');
    const payments = page.getByRole('table', { name: 'Payments' }).getByRole('row').filter({ hasText: 'Bank transfer' });
    expect(hundredths(await fact(page.locator('section.price'), 'Left to pay'))).toBe(0);
    return payments.count();
  };
  const times = await paid();
  expect(times).toBeGreaterThan(0);
  await page.goto('/finance/bank');
  await take(file);
  await wrong('Every statement of this file was taken in before.');
  await expect(statements.getByRole('row').filter({ hasText: name })).toHaveCount(1);
  expect(await paid(), `${number} is paid once`).toBe(times);
});

test('a large credit by hand waits for a second person of finance', async ({ page, another }) => {
  await signInAs(page, 'finance');
  const { path } = await owed(page, 'open', 150_000);
  await page.goto(path);
  const notes = (who: Page) => who.getByRole('table', { name: 'What was taken back' });
  const before = await notes(page).locator('tbody tr').count();
  await page.getByRole('link', { name: 'Credit or correct' }).click();
  await expectPage(page, 'Credit or correct');
  const form = page.url();
  const hours = page.locator('main input[name="hours-1"]');
  await press(page, 'Take back');
  await expect(page.locator('#cause-problem')).toBeVisible();
  await expect(page.locator('#reason-problem')).toHaveText('Give the reason.');
  const reason = 'The storage of the site lost the results of this run.';
  await fill(page, { cause: 'goodwill', 'hours-1': '99999999', reason });
  await press(page, 'Take back');
  await expect(page.locator('#hours-1-problem')).toHaveText('This is more than what is left of the line.');
  await expect(hours).toHaveValue('99999999');
  await expect(page.locator('[name="reason"]')).toHaveValue(reason);
  await fill(page, { 'hours-1': '' });
  await press(page, 'Take back');
  await expect(page.getByRole('alert')).toContainText('There is nothing to credit.');
  await page.waitForLoadState();
  for (const field of await page.locator('main input[name^="hours-"]').all()) {
    const left = await page.locator(`#${await field.getAttribute('id')}-hint`).innerText();
    await field.fill(/([\d,.]+) GPU-hours? left of it/.exec(left)![1]!.replace(/,/g, ''));
  }
  await press(page, 'Take back');
  await expect(page.getByRole('status')).toHaveText('Another person of finance has to sign.');
  await expect(notes(page).locator('tbody tr'), 'nothing is issued yet').toHaveCount(before);
  await page.goto('/finance');
  await expect(page.getByRole('table', { name: 'Credits to be signed' })).toContainText(reason);
  await page.goto(form);
  await expect(page.locator('main .notice')).toContainText(reason);
  const sign = page.getByRole('button', { name: 'Sign and issue' });
  // Whoever asked is offered no signature, or is refused it.
  if ((await sign.count()) > 0) {
    await sign.click();
    await expect(page.getByRole('alert')).toContainText('The second signature must be another person');
  }
  const second = await another();
  await signIn(second, 'finance2@demo.example');
  await second.goto(form);
  await second.getByRole('button', { name: 'Sign and issue' }).click();
  await expect(second.getByRole('status')).toHaveText('The credit note is issued.');
  await expect(notes(second).locator('tbody tr')).toHaveCount(before + 1);
  const credited = sum(await column(notes(second), 'Taken back, €'));
  expect(credited, 'above what one person may').toBeGreaterThan(100_000);
  const panel = second.locator('section.price');
  expect(hundredths(await fact(panel, 'Taken back'))).toBe(-credited);
  expect(hundredths(await fact(panel, 'Owed'))).toBe(hundredths(await fact(panel, 'Total')) - credited);
  await notes(second).getByRole('link').first().click();
  await expectPage(second, /^Credit note GH-/);
  const pdf = await second.request.get(`${new URL(second.url()).pathname}/pdf`);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
});

test('what was paid before a credit note is kept for the company', async ({ page }) => {
  await signInAs(page, 'finance');
  const { number, path } = await owed(page, 'paid', 0);
  await page.goto(path);
  const shares = await column(page.getByRole('table', { name: 'What was used' }), 'Own share, €');
  // Of a line that the subsidy pays whole, nothing was paid.
  const line = shares.findIndex((share) => hundredths(share) > 0) + 1;
  await page.getByRole('link', { name: 'Credit or correct' }).click();
  await fill(page, { cause: 'goodwill', [`hours-${line}`]: '1', reason: 'The login nodes were slow that week.' });
  await press(page, 'Take back');
  await expect(page.getByRole('status')).toHaveText('The credit note is issued.');
  const beyond = page.locator('section.price');
  const over = hundredths(await fact(beyond, 'Paid beyond what is owed'));
  expect(over).toBeGreaterThan(0);
  await page.goto('/finance');
  const waiting = page.getByRole('table', { name: 'Paid beyond what is owed' });
  const row = waiting.getByRole('row').filter({ hasText: number });
  await expect(row).toContainText(printed(over));
  await row.getByRole('link').click();
  await page.getByRole('button', { name: 'Keep as the company’s credit' }).click();
  await expect(page.getByRole('status')).toHaveText('Kept as the company’s credit.');
  await expect(page.locator('main')).not.toContainText('Paid beyond what is owed');
  await page.goto(path);
  await expect(beyond).not.toContainText('Paid beyond what is owed');
  await page.goto('/finance/books');
  await expect(page.locator('main .notice')).toContainText('agree with every invoice and payment');
});

test('the trial balance balances, and its files say what it says', async ({ page }) => {
  await signInAs(page, 'finance');
  await page.goto('/finance/books');
  await expectPage(page, 'Books');
  await expect(page.locator('main .notice')).toContainText('The books balance, and agree with every invoice and payment.');
  const balanced = async () => {
    const figures = page.locator('main dl.figures');
    const debit = hundredths(await fact(figures, 'Debits'));
    expect(hundredths(await fact(figures, 'Credits')), 'debits are credits').toBe(debit);
    const accounts = page.getByRole('table', { name: 'Trial balance' });
    for (const heading of ['Debit, €', 'Credit, €']) expect(sum(await column(accounts, heading)), heading).toBe(debit);
    expect(sum(await column(accounts, 'Balance, €'))).toBe(0);
    return debit;
  };
  expect(await balanced()).toBeGreaterThan(0);
  await page.locator('main select[name="month"]').selectOption({ index: 1 });
  await press(page, 'Apply filters');
  await expect(page).toHaveURL(/month=\d{4}-\d\d/);
  const debit = await balanced();
  const address = async (name: string) => (await page.getByRole('link', { name }).getAttribute('href'))!;
  const csv = await page.request.get(await address('Journal of this month as CSV'));
  expect([csv.status(), csv.headers()['content-disposition']]).toEqual([200, expect.stringContaining('journal-')]);
  const [head, ...lines] = (await csv.text()).trim().split(/\r?\n/).map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
  const cents = (line: string[], name: string) => Math.round(Number(line[head!.indexOf(name)]) * 100);
  const sums = ['debit', 'credit'].map((name) => lines.reduce((before, line) => before + cents(line, name), 0));
  expect(sums, 'the file has the debits and credits of the page').toEqual([debit, debit]);
  const saft = await page.request.get(await address('Journal of this month as SAF-T'));
  expect(saft.status()).toBe(200);
  expect(await saft.text()).toMatch(/<AuditFile[\s\S]*<TotalDebit>[\s\S]*<\/AuditFile>\s*$/);
});

test('the VAT return adds up, and is a file too', async ({ page }) => {
  await signInAs(page, 'finance');
  await page.goto('/finance/tax');
  await expectPage(page, 'Tax figures');
  const figures = page.locator('main dl.figures');
  const lines = page.getByRole('table', { name: 'VAT return' });
  const vat = hundredths(await fact(figures, 'VAT to be paid'));
  expect(sum(await column(lines, 'VAT, €'))).toBe(vat);
  const sales = sum(await column(page.getByRole('table', { name: 'EC sales list' }), 'Taxable amount, €'));
  expect(sales).toBe(hundredths(await fact(figures, 'Reverse-charged services')));
  const csv = await page.request.get((await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href'))!);
  expect(csv.status()).toBe(200);
  const rows = (await csv.text()).trim().split(/\r?\n/).filter((line) => line.startsWith('vat_return'));
  expect(rows.length).toBe(await lines.locator('tbody tr').count());
  const ageing = await page.request.get('/finance/ageing.csv');
  expect([ageing.status(), (await ageing.text()).length > 20]).toEqual([200, true]);
});
