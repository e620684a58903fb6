//! Where one can go from where one stands: one list a role, never two mixed.

use domain::actor::Group;

/// Address and key of each entry of the main navigation.
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
            ("/calls/manage", "nav-calls"),
            ("/matching", "nav-matching"),
            ("/runs", "nav-runs"),
            ("/capacity", "nav-capacity"),
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
            ("/finance/mails", "nav-finance-mails"),
        ],
        Group::Administrator => &[
            ("/home", "nav-home"),
            ("/admin/people", "nav-admin-people"),
            ("/admin/jobs", "nav-admin-jobs"),
            ("/admin/audit", "nav-admin-audit"),
        ],
    }
}

/// The entry that the path is under: the longest that fits.
pub fn current(group: Group, path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
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
    }
}
