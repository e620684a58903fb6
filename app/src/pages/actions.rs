//! The officer's list of changes that companies ask for and of reports they handed in; what is due first comes first.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use services::{ActionListed, ReportListed};
use text::Words;

use super::allocation_after::{action_tag, change_text};
use crate::{
    PageResult, Visit, cells,
    components::{Table, Tone, empty, layout::heading, layout::kept, tag},
};

pub async fn get(visit: Visit) -> PageResult {
    let (waiting, past) = visit.desk.list_actions().await?;
    let reports = visit.desk.reports_handed_in().await?;
    let now = visit.desk.now;
    let title = visit.words.t("actions-title");
    Ok(visit.page(title, move |words| page(words, &waiting, &reports, &past, now)).await)
}

fn page(
    words: Words,
    waiting: &[ActionListed],
    reports: &[ReportListed],
    past: &[ActionListed],
    now: DateTime<Utc>,
) -> AnyView {
    let nothing = empty(words, "actions-none", "actions-none-help", None);
    let past = (!past.is_empty()).then(|| {
        view! { <h2>{words.t("actions-past")}</h2> {table(words, "actions-past", past, now).show(words)} }
    });
    view! {
        {heading(words.t("actions-title"), None, None)}
        <h2>{words.t("actions-waiting")}</h2>
        {table(words, "actions-waiting", waiting, now).empty(nothing).show(words)}
        <h2>{words.t("actions-reports")}</h2>
        {handed_in(words, reports)}
        {past}
    }
    .into_any()
}

fn table(words: Words, caption: &str, listed: &[ActionListed], now: DateTime<Utc>) -> Table {
    let rows = listed.iter().map(|one| {
        let row = &one.row;
        let what = words.t(&format!("action-kind-{}", row.kind.code()));
        let is_open = row.state == domain::action::State::Asked;
        let due = row.due_at.filter(|_| is_open).map(|at| words.instant_figure(at));
        let late = row.due_at.is_some_and(|at| is_open && at < now).then(|| tag(Tone::Bad, words.t("board-late")));
        cells![
            view! { <a href=format!("/actions/{}", row.id)>{kept(one.reference.clone())}</a> },
            one.organisation.clone(),
            what,
            change_text(words, Some(&row.requested)),
            action_tag(words, row),
            view! { <span>{due} " " {late}</span> },
        ]
    });
    Table::new(caption)
        .column("case-reference")
        .column("case-organisation")
        .column("after-kind")
        .column("after-requested")
        .column("after-state")
        .column("case-due")
        .rows(rows)
        .under_heading()
}

fn handed_in(words: Words, reports: &[ReportListed]) -> AnyView {
    let rows = reports.iter().map(|one| {
        let at = one.row.handed_in_at.map(|at| words.instant_figure(at));
        cells![
            view! { <a href=format!("/reports/{}", one.row.id)>{kept(one.reference.clone())}</a> },
            one.organisation.clone(),
            words.t(&format!("report-kind-{}", one.row.kind.code())),
            at,
        ]
    });
    Table::new("actions-reports")
        .column("case-reference")
        .column("case-organisation")
        .column("after-kind")
        .column("case-arrived")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "actions-no-reports", "actions-no-reports-help", None))
        .show(words)
}
