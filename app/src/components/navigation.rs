//! Where one can go from where one stands: one list a role, never two mixed.

use domain::actor::Group;

/// Address and key of each entry of the main navigation.
#[expect(clippy::too_many_lines, reason = "one line an entry")]
pub const fn entries(group: Group) -> &'static [(&'static str, &'static str)] {
    match group {
        Group::Visitor | Group::Meter | Group::System => &[
            ("/modes", "nav-modes"),
            ("/calls", "nav-calls"),
            ("/capacity", "nav-capacity"),
            ("/awards", "nav-awards"),
        ],
        Group::SignedIn => &[("/home", "nav-home"), ("/organisation", "nav-organisation"), ("/modes", "nav-modes")],
        Group::Owner | Group::Applicant | Group::Reader => &[
            ("/home", "nav-home"),
            ("/applications", "nav-applications"),
            ("/quotes", "nav-quotes"),
            ("/allocations", "nav-allocations"),
            ("/invoices", "nav-invoices"),
            ("/organisation", "nav-organisation"),
        ],
        Group::Billing => {
            &[("/home", "nav-home"), ("/invoices", "nav-invoices"), ("/organisation", "nav-organisation")]
        }
        Group::Reviewer => &[
            ("/home", "nav-home"),
            ("/queue", "nav-queue"),
            ("/bids", "nav-bids"),
            ("/panels", "nav-panels"),
            ("/reviewer", "nav-reviewer"),
        ],
        Group::Officer => &[
            ("/home", "nav-home"),
            ("/board", "nav-board"),
            ("/actions", "nav-actions"),
            ("/assignment", "nav-assignment"),
            ("/reviewers", "nav-reviewers"),
            ("/scores", "nav-scores"),
            ("/panels", "nav-panels"),
            ("/award-list", "nav-award-list"),
            ("/aid", "nav-aid"),
            ("/aid/register", "nav-aid-register"),
            ("/calls/manage", "nav-calls"),
            ("/matching", "nav-matching"),
            ("/runs", "nav-runs"),
            ("/capacity", "nav-capacity"),
            ("/pots", "nav-pots"),
            ("/quotas", "nav-quotas"),
        ],
        Group::Operator => &[
            ("/site", "nav-site"),
            ("/site/capacity", "nav-site-capacity"),
            ("/site/bookings", "nav-site-bookings"),
            ("/site/assessments", "nav-site-assessments"),
            ("/site/feed", "nav-site-feed"),
        ],
        Group::Finance => &[
            ("/finance", "nav-finance"),
            ("/finance/invoices", "nav-finance-invoices"),
            ("/finance/payments", "nav-finance-payments"),
            ("/finance/close", "nav-finance-close"),
            ("/pots", "nav-pots"),
            ("/quotas", "nav-quotas"),
            ("/finance/books", "nav-finance-books"),
            ("/finance/journal", "nav-finance-journal"),
            ("/finance/tax", "nav-finance-tax"),
            ("/finance/bank", "nav-finance-bank"),
            ("/finance/reminders", "nav-finance-reminders"),
            ("/finance/mails", "nav-finance-mails"),
            ("/finance/rates", "nav-finance-rates"),
            ("/finance/prices", "nav-finance-prices"),
            ("/aid", "nav-aid"),
            ("/aid/register", "nav-aid-register"),
        ],
        Group::Administrator => &[
            ("/home", "nav-home"),
            ("/admin/people", "nav-admin-people"),
            ("/admin/jobs", "nav-admin-jobs"),
            ("/admin/audit", "nav-admin-audit"),
        ],
    }
}

/// Where an officer's entries belong: the name of each group and its addresses, of which the first is where it leads.
const OFFICE: [(&str, &[&str]); 6] = [
    ("nav-home", &["/home"]),
    ("nav-board", &["/board"]),
    ("nav-calls", &["/calls/manage"]),
    ("nav-reviewing", &["/assignment", "/reviewers", "/scores", "/panels"]),
    ("nav-awards", &["/award-list", "/actions", "/aid", "/aid/register", "/pots", "/quotas"]),
    ("nav-matching", &["/matching", "/runs", "/capacity"]),
];

/// Where an entry of finance belongs, likewise.
const KEEPING: [(&str, &[&str]); 5] = [
    ("nav-finance", &["/finance"]),
    (
        "nav-finance-invoices",
        &["/finance/invoices", "/finance/close", "/finance/prices", "/finance/rates", "/finance/mails"],
    ),
    ("nav-finance-payments", &["/finance/payments", "/finance/bank", "/finance/reminders"]),
    ("nav-finance-books", &["/finance/books", "/finance/journal", "/finance/tax", "/pots", "/quotas"]),
    ("nav-aid", &["/aid", "/aid/register"]),
];

/// The groups of a role that has too many entries for one row.
const fn groups(group: Group) -> &'static [(&'static str, &'static [&'static str])] {
    match group {
        Group::Officer => &OFFICE,
        Group::Finance => &KEEPING,
        _ => &[],
    }
}

/// Pages of one application are the board's.
const OF_THE_BOARD: [&str; 4] = ["/cases", "/decision", "/countersign", "/conflicts"];

/// One entry as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub href: &'static str,
    pub name: &'static str,
    pub is_here: bool,
}

/// The entries, and below them those of the group one is in, where a role has too many for one row.
pub fn shown(group: Group, path: &str) -> (Vec<Entry>, Vec<Entry>) {
    let here = current(group, path);
    let entry = |href: &'static str, name: &'static str| Entry { href, name, is_here: here == Some(href) };
    let groups = groups(group);
    if groups.is_empty() {
        return (entries(group).iter().map(|(href, name)| entry(href, name)).collect(), Vec::new());
    }
    let is_in = |pages: &[&str]| here.is_some_and(|here| pages.contains(&here));
    let main =
        groups.iter().filter_map(|(name, pages)| Some(Entry { href: pages.first()?, name, is_here: is_in(pages) }));
    let open = groups.iter().find(|(_, pages)| pages.len() > 1 && is_in(pages));
    let below = open.iter().flat_map(|(_, pages)| pages.iter());
    let below = below.filter_map(|href| entries(group).iter().find(|(known, _)| known == href));
    (main.collect(), below.map(|(href, name)| entry(href, name)).collect())
}

/// The entry that the path is under: the longest that fits.
pub fn current(group: Group, path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let first = path.split('/').nth(1).unwrap_or_default();
    if group == Group::Officer && OF_THE_BOARD.iter().any(|page| page.trim_start_matches('/') == first) {
        return Some("/board");
    }
    let is_under = |href: &str| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    entries(group).iter().map(|(href, _)| *href).filter(|href| is_under(href)).max_by_key(|href| href.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_entry_that_fits_is_where_one_is() {
        assert_eq!(current(Group::Operator, "/site/capacity?week=1"), Some("/site/capacity"));
        assert_eq!(current(Group::Operator, "/site"), Some("/site"));
        assert_eq!(current(Group::Applicant, "/applications/new/PG"), Some("/applications"));
        assert_eq!(current(Group::Applicant, "/applicationsx"), None);
        assert_eq!(current(Group::Visitor, "/"), None);
        assert_eq!(current(Group::Officer, "/cases/019aaf00"), Some("/board"));
        assert_eq!(current(Group::Officer, "/casesx"), None);
    }

    #[test]
    fn an_officer_has_every_entry_in_one_group_and_sees_those_of_the_group_they_are_in() {
        for group in [Group::Officer, Group::Finance] {
            let grouped: Vec<&str> = groups(group).iter().flat_map(|(_, pages)| pages.iter().copied()).collect();
            assert_eq!(grouped.len(), entries(group).len());
            assert!(entries(group).iter().all(|(href, _)| grouped.contains(href)));
        }
        let here = |of: &[Entry]| of.iter().filter(|one| one.is_here).map(|one| one.href).collect::<Vec<_>>();
        let (main, below) = shown(Group::Officer, "/panels/019aaf00");
        assert_eq!((main.len(), here(&main), here(&below)), (6, vec!["/assignment"], vec!["/panels"]));
        assert_eq!(below.len(), 4);
        assert_eq!(shown(Group::Officer, "/board").1, []);
        let (main, below) = shown(Group::Applicant, "/applications/019aaf00");
        assert_eq!((here(&main), below.len()), (vec!["/applications"], 0));
    }
}
