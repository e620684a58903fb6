// Every page of every role, for the checks that look at all of them.
import { type Page } from './fixtures.js';
import { ROLES, signInAs, type Role } from './world.js';

export type Visitor = 'visitor' | Role;
export const VISITORS: Visitor[] = ['visitor', ...ROLES.filter((role) => role !== 'officer2')];

const ACCOUNT = ['/home', '/account', '/account/sessions'];

/** Addresses as they are; a pattern stands for the first link of that kind on one of them. */
const PAGES: Record<Visitor, (string | RegExp)[]> = {
  visitor: [
    '/',
    '/modes',
    '/modes/PG',
    '/calls',
    '/capacity',
    '/prices',
    '/awards',
    '/statistics',
    '/lots',
    '/status',
    '/accessibility',
    '/privacy',
    '/imprint',
    '/sign-in',
    '/sign-up',
    '/forgotten',
    '/demo/mails',
    '/demo/clock',
    '/no-such-page',
    /^\/demo\/mails\/[^/]+$/,
    /^\/lots\/[^/]+$/,
    /^\/calls\/[A-Z][^/]+$/,
    /^\/prices\/[A-Z0-9]+$/,
  ],
  applicant: [
    ...ACCOUNT,
    '/organisation',
    '/organisation/edit',
    '/organisation/size',
    '/organisation/members',
    '/organisation/parties',
    '/organisation/projects',
    '/organisation/aid',
    '/organisation/aid/declaration',
    '/applications',
    '/allocations',
    '/quotes',
    '/invoices',
    /^\/applications\/[0-9A-Za-z-]{20,}$/,
    /^\/applications\/[^/]+\/(project|compute|data|declarations|team|questions|check)$/,
    /^\/applications\/[^/]+\/(answer|reply|appeal)$/,
    /^\/applications\/[^/]+\/quote$/,
    /^\/quotes\/[^/]+$/,
    /^\/offers\/[^/]+$/,
    /^\/allocations\/[^/]+$/,
    /^\/allocations\/[^/]+\/actions\/hand-back$/,
    /^\/allocations\/[^/]+\/actions\/extension$/,
    /^\/allocations\/[^/]+\/report\/final$/,
    /^\/invoices\/[^/]+$/,
  ],
  reviewer: [
    ...ACCOUNT,
    '/queue',
    '/bids',
    '/panels',
    '/reviewer',
    '/reviewer/absences',
    '/reviewer/interests',
    '/reviewer/terms',
    '/reviewer/terms/PG',
    /^\/review\/[^/]+$/,
    /^\/assigned\/[^/]+$/,
    /^\/conflict\/[^/]+$/,
  ],
  officer: [
    ...ACCOUNT,
    '/board',
    '/actions',
    '/assignment',
    '/reviewers',
    '/reviewers/scopes',
    '/reviewers/scopes/PG',
    '/scores',
    '/panels',
    '/award-list?mode=PG&budget=30000',
    '/aid',
    '/aid/register',
    '/pots',
    '/quotas',
    '/matching',
    '/runs',
    '/calls/manage',
    /^\/calls\/manage\/[^/]+$/,
    /^\/calls\/manage\/[^/]+\/(rubric|questions|intake|publish|preview)$/,
    /^\/aid\/[0-9A-Za-z-]{20,}$/,
    /^\/decision\/[^/]+$/,
    /^\/cases\/[^/]+$/,
    /^\/conflicts\/[^/]+$/,
    /^\/conflicts\/[^/]+\/record$/,
    /^\/conflicts\/[^/]+\/ask\/[^/]+$/,
    /^\/actions\/[^/]+$/,
    /^\/reports\/[^/]+$/,
    /^\/panels\/[^/]+$/,
    /^\/panels\/[^/]+\/items\/[^/]+$/,
    /^\/panels\/[^/]+\/minutes$/,
    /^\/runs\/[^/]+$/,
  ],
  officer2: [],
  operator: [...ACCOUNT, '/site', '/site/capacity', '/site/bookings', '/site/assessments', /^\/site\/assessments\/[^/]+$/, '/site/feed', /^\/allocations\/[^/]+$/],
  finance: [
    ...ACCOUNT,
    '/finance',
    '/finance/invoices',
    '/finance/mails',
    '/finance/payments',
    '/finance/close',
    '/finance/books',
    '/finance/journal',
    '/finance/tax',
    '/finance/rates',
    '/finance/prices',
    '/finance/bank',
    '/finance/bank/entries',
    '/finance/credits',
    '/finance/reminders',
    '/finance/reconciliation',
    '/finance/ageing',
    '/pots',
    '/quotas',
    '/aid',
    '/aid/register',
    /^\/finance\/prices\/[^/]+$/,
    /^\/finance\/payments\/[^/]+$/,
    /^\/finance\/journal\/[0-9]+$/,
    /^\/finance\/bank\/entries\/[^/]+$/,
    /^\/finance\/reminders\/[^/]+$/,
    /^\/invoices\/[^/]+$/,
    /^\/pots\/[a-z_]+$/,
  ],
  admin: [...ACCOUNT, '/admin/people', '/admin/jobs', '/admin/audit', /^\/admin\/people\/[^/]+$/],
};

/** Goes through all pages of a role; `look` is called on each. */
export async function visitAll(page: Page, visitor: Visitor, look: (path: string) => Promise<void>) {
  if (visitor !== 'visitor') await signInAs(page, visitor);
  const seen = new Set<string>();
  for (const one of PAGES[visitor].filter((path) => typeof path === 'string')) {
    await page.goto(one);
    const links = await page.locator('main a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    for (const link of links) seen.add(link);
    await look(one);
  }
  for (const pattern of PAGES[visitor].filter((path) => path instanceof RegExp)) {
    const path = [...seen].find((link) => pattern.test(link));
    if (!path) continue;
    await page.goto(path);
    const links = await page.locator('main a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    for (const link of links) seen.add(link);
    await look(path);
  }
}
