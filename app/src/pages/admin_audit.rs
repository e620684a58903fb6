//! Who did what: every writing action with the rows it changed, the newest first, found by action, person or id.

use domain::policy::{Action, Effect};
use leptos::prelude::*;
use serde::Deserialize;
use services::{AuditPage, AuditQuery, rows::AuditRow};
use text::Words;

use crate::{
    PageResult, Query, Visit, cells,
    components::{Field, Listing, Table, empty, field::Choice, form::FormState, table::filters},
};

#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    action: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    subject: String,
    /// The last row of the page before.
    #[serde(default)]
    after: String,
}

/// One changed row, as the transaction noted it.
#[derive(Deserialize)]
struct Change {
    how: String,
    table: String,
    key: String,
}

pub async fn get(visit: Visit, Query(search): Query<Search>) -> PageResult {
    let query = AuditQuery {
        action: search.action.clone(),
        actor: search.actor.clone(),
        subject: search.subject.clone(),
        before: search.after.parse().ok(),
    };
    let found = visit.desk.audit(&query).await?;
    Ok(visit.page(visit.words.t("admin-audit-title"), move |words| page(words, &search, found)).await)
}

fn page(words: Words, search: &Search, found: AuditPage) -> AnyView {
    let typed = [("action", &search.action), ("actor", &search.actor), ("subject", &search.subject)];
    let form = FormState::new(typed.map(|(name, value)| (name, value.clone())));
    let writes = Action::ALL.iter().filter(|action| action.effect() == Effect::Write);
    let actions = std::iter::once(Choice::new("", "admin-audit-any-action"))
        .chain(writes.map(|action| Choice::new(action.name(), action.name())))
        .collect();
    let listing = Listing {
        filters: typed.map(|(name, value)| (name.to_owned(), value.clone())).to_vec(),
        next: found.next.map(|id| id.to_string()),
        is_later: !search.after.is_empty(),
        ..Listing::at("/admin/audit")
    };
    let fields = (
        Field::select("action", "admin-audit-action", actions).show(words, &form),
        Field::search("actor", "admin-audit-actor").show(words, &form),
        Field::search("subject", "admin-audit-subject").show(words, &form),
    );
    view! {
        <h1>{words.t("admin-audit-title")}</h1>
        {filters(words, "/admin/audit", fields)}
        {table(words, found, listing)}
    }
    .into_any()
}

fn table(words: Words, found: AuditPage, listing: Listing) -> AnyView {
    let AuditPage { rows, people, .. } = found;
    let rows = rows.into_iter().map(|row| {
        let group = words.t(&format!("admin-group-{}", row.actor_group));
        let who = match row.person_id.and_then(|id| people.get(&id)) {
            Some(address) => format!("{group}, {address}"),
            None => group,
        };
        cells![
            view! { <code>{row.action.clone()}</code> },
            words.instant_figure(row.at),
            who,
            view! { <ul>{changes(&row)}</ul> },
        ]
    });
    Table::new("admin-audit-caption")
        .column("admin-audit-action")
        .column("admin-audit-at")
        .column("admin-audit-by")
        .column("admin-audit-changes")
        .rows(rows)
        .listing(listing)
        .empty(empty(words, "admin-audit-none", "admin-audit-none-help", None))
        .show(words)
}

fn changes(row: &AuditRow) -> Vec<AnyView> {
    let changes: Vec<Change> = serde_json::from_str(&row.changes).unwrap_or_default();
    changes
        .into_iter()
        .map(|change| {
            view! { <li><code>{format!("{} {} {}", change.how, change.table, change.key)}</code></li> }.into_any()
        })
        .collect()
}
