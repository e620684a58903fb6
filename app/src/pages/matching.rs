//! The officer's view of matching: who waits and why, what was offered, and a button that runs it now.

use domain::matching::{Remedy, Why};
use leptos::prelude::*;
use services::{MatchingBoard, WaitingRow};
use text::{Words, args};

use super::offer::gpus_of;
use crate::{
    PageResult, Visit, cells,
    components::{
        Table, empty,
        form::{post_form, submit},
        layout::{heading, kept},
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let board = visit.desk.read_matching().await?;
    Ok(visit.page(visit.words.t("matching-title"), move |words| page(words, &board)).await)
}

pub async fn post(visit: Visit) -> PageResult {
    let matched = visit.desk.run_matching().await?;
    let said = if matched.offered > 0 { "matching-ran" } else { "matching-ran-nothing" };
    visit.redirect_saying("/matching", said).await
}

fn page(words: Words, board: &MatchingBoard) -> impl IntoView + use<> {
    view! {
        {heading(words.t("matching-title"), None, None)}
        <p class="lead">{words.t("matching-lead")}</p>
        {post_form("/matching", submit(words, "matching-run"))}
        <h2>{words.t("matching-waiting")}</h2>
        {waiting(words, board)}
        <h2>{words.t("matching-offered")}</h2>
        {offered(words, board)}
    }
}

fn waiting(words: Words, board: &MatchingBoard) -> AnyView {
    let rows = board.waiting.iter().map(|row| {
        let need = &row.approved.need;
        let href = format!("/decision/{}", row.approved.application);
        cells![
            view! { <a href=href>{kept(row.approved.reference.clone())}</a> },
            row.organisation.clone(),
            words.instant_figure(row.approved.since),
            format!("{} {}", words.integer(need.gpus), need.model),
            words.hours_figure(need.gpu_time),
            format!("{} – {}", words.date_figure(need.earliest), words.date_figure(need.deadline)),
            reason(words, row),
        ]
    });
    Table::new("matching-waiting")
        .column("allocation-reference")
        .column("allocation-organisation")
        .column("matching-since")
        .column("allocation-gpus")
        .figures("allocation-hours")
        .column("matching-between")
        .column("matching-why")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "matching-none-title", "matching-none-help", None))
        .show(words)
}

fn reason(words: Words, row: &WaitingRow) -> AnyView {
    row.why.as_ref().map_or_else(|| words.t("matching-next-run").into_any(), |why| why_view(words, why))
}

/// Why there is no offer, and what would make one.
pub fn why_view(words: Words, why: &Why) -> AnyView {
    let cause = words.t(&format!("matching-cause-{}", why.cause.code()));
    let remedies = why.remedies.iter().map(|remedy| view! { <li>{remedy_words(words, *remedy)}</li> }).collect_view();
    let has_some = !why.remedies.is_empty();
    view! {
        <p>{cause}</p>
        {has_some.then(|| view! { <p>{words.t("matching-remedies")}</p> <ul>{remedies}</ul> })}
    }
    .into_any()
}

fn remedy_words(words: Words, remedy: Remedy) -> String {
    match remedy {
        Remedy::FewerGpus { gpus } => words.with("matching-remedy-fewer", args![gpus => gpus]),
        Remedy::FewerHours { hours } => words.with("matching-remedy-hours", args![hours => words.integer(hours)]),
        Remedy::MoreGpus { gpus } => words.with("matching-remedy-more", args![gpus => gpus]),
        Remedy::Flexible => words.t("matching-remedy-flexible"),
        Remedy::Later { deadline } => words.with("matching-remedy-later", args![day => words.date(deadline)]),
        Remedy::OtherModel { model } => words.with("matching-remedy-model", args![model => model.code()]),
        Remedy::Wider => words.t("matching-remedy-wider"),
    }
}

fn offered(words: Words, board: &MatchingBoard) -> AnyView {
    let rows = board.offered.iter().map(|(offer, organisation)| {
        let site = board.sites.iter().find(|site| site.id == offer.site_id).map(|site| site.name.clone());
        cells![
            kept(offer.reference.clone()),
            organisation.clone(),
            site,
            gpus_of(words, offer),
            words.date_figure(offer.first_week),
            words.instant_figure(offer.expires_at),
        ]
    });
    Table::new("matching-offered")
        .column("allocation-reference")
        .column("allocation-organisation")
        .column("allocation-site")
        .column("allocation-gpus")
        .column("allocation-first-day")
        .column("matching-expires")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "matching-no-offers-title", "matching-no-offers-help", None))
        .show(words)
}
