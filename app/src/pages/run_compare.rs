//! Two runs side by side: their rules, what they come to, and for whom the outcome differs.

use std::collections::BTreeMap;

use axum::extract::Path;
use domain::{
    id::{ApplicationId, RunId},
    problem::Problem,
};
use leptos::prelude::*;
use services::{RunLine, RunOutcome, RunRead};
use text::{Words, args};

use super::run::{Asked, LINES, gap, offers, outcome, rules_of, served};
use crate::{
    PageResult, Query, Visit, cells,
    components::{
        Table, Tone, empty,
        layout::{heading, kept},
        notice,
        table::Listing,
    },
};

pub async fn get(visit: Visit, Path((one, other)): Path<(RunId, RunId)>, Query(asked): Query<Asked>) -> PageResult {
    let (first, second) = (visit.desk.read_run(one).await?, visit.desk.read_run(other).await?);
    let title = visit.words.t("run-compare-title");
    // Totals of either would count what a conflict hides.
    if first.is_partial || second.is_partial {
        return Ok(visit.page(title, hidden).await);
    }
    let after = asked.after.parse().unwrap_or_default();
    Ok(visit.page(title, move |words| page(words, &first, &second, after)).await)
}

fn hidden(words: Words) -> impl IntoView + use<> {
    view! {
        {heading(words.t("run-compare-title"), Some(words.t("runs-title")), None)}
        {notice(Tone::Calm, view! { <p>{words.problem(Problem::ConflictOfInterest)}</p> })}
    }
}

fn page(words: Words, first: &RunRead, second: &RunRead, after: usize) -> impl IntoView + use<> {
    let differing = differing(first, second);
    let count = i64::try_from(differing.len()).unwrap_or(i64::MAX);
    let here = format!("/runs/{}/beside/{}", first.row.id, second.row.id);
    view! {
        {heading(words.t("run-compare-title"), Some(words.t("runs-title")), None)}
        {figures(words, first, second)}
        <h2>{words.t("run-differing")}</h2>
        <p>{words.with("run-differing-count", args![count => count])}</p>
        {table(words, (first, second), &differing, &here, after)}
    }
}

fn figures(words: Words, first: &RunRead, second: &RunRead) -> AnyView {
    let link = |read: &RunRead| {
        let href = format!("/runs/{}", read.row.id);
        view! { <a href=href>{kept(words.instant_figure(read.row.made_at))}</a> }.into_any()
    };
    let row = |name: &str, of: &dyn Fn(&RunRead) -> String| cells![words.t(name), of(first), of(second)];
    let mut rows = vec![cells![words.t("run-made-at"), link(first), link(second)]];
    let rules = [first, second].map(|read| rules_of(words, &read.rules, &read.sites));
    let [one, other] = &rules;
    let only_other = other.iter().filter(|(name, _)| one.iter().all(|(known, _)| known != name));
    for (name, _) in one.iter().chain(only_other) {
        let of = |rules: &[(&'static str, String)]| {
            let found = rules.iter().find(|(other, _)| other == name);
            found.map_or_else(|| "–".to_owned(), |(_, rule)| rule.clone())
        };
        rows.push(cells![words.t(name), of(one), of(other)]);
    }
    rows.push(row("run-served", &|read| served(words, read.row.awarded, read.row.requests)));
    rows.push(row("run-hours", &|read| words.integer(read.row.hours)));
    rows.push(row("run-gap", &|read| gap(words, read.row.value, read.row.bound)));
    Table::new("run-compare-title")
        .column("run-figure")
        .figures("run-one")
        .figures("run-other")
        .under_heading()
        .rows(rows)
        .show(words)
}

/// Applications of either run whose outcome is another in the other.
fn differing<'a>(first: &'a RunRead, second: &'a RunRead) -> Vec<(Option<&'a RunLine>, Option<&'a RunLine>)> {
    let mut lines: BTreeMap<ApplicationId, (Option<&RunLine>, Option<&RunLine>)> = BTreeMap::new();
    for line in &first.lines {
        lines.entry(line.application).or_default().0 = Some(line);
    }
    for line in &second.lines {
        lines.entry(line.application).or_default().1 = Some(line);
    }
    let slot = |line: Option<&RunLine>| match line.map(|line| &line.outcome) {
        Some(RunOutcome::Offer(slots)) => Some(slots.clone()),
        _ => None,
    };
    let mut differing: Vec<_> = lines.into_values().filter(|(one, other)| slot(*one) != slot(*other)).collect();
    // Whoever is served in only one of them first, then those that only move; the best merit first.
    differing.sort_by_key(|(one, other)| {
        let score = one.or(*other).map_or(0, |line| line.score);
        (slot(*one).is_some() == slot(*other).is_some(), -score)
    });
    differing
}

fn table(
    words: Words,
    (first, second): (&RunRead, &RunRead),
    differing: &[(Option<&RunLine>, Option<&RunLine>)],
    here: &str,
    after: usize,
) -> AnyView {
    let said = |read: &RunRead, line: Option<&RunLine>| {
        match line {
            None => words.t("run-not-in").into_any(),
            // Words may wrap in a narrow column, a tag may not.
            Some(RunLine { outcome: RunOutcome::Offer(slots), .. }) => offers(words, read, slots).into_any(),
            Some(line) => outcome(words, read, line),
        }
    };
    let rows = differing.iter().skip(after).take(LINES).filter_map(|(one, other)| {
        let line = one.or(*other)?;
        Some(cells![
            view! { <a href=format!("/decision/{}", line.application)>{kept(line.reference.clone())}</a> },
            line.organisation.clone(),
            words.hundredths(line.score),
            words.integer(line.hours),
            said(first, *one),
            said(second, *other),
        ])
    });
    let next = (after.saturating_add(LINES) < differing.len()).then(|| (after + LINES).to_string());
    Table::new("run-differing")
        .column("allocation-reference")
        .column("allocation-organisation")
        .figures("run-merit")
        .figures("allocation-hours")
        .column("run-one")
        .column("run-other")
        .rows(rows)
        .listing(Listing { next, is_later: after > 0, ..Listing::at(here) })
        .empty(empty(words, "run-same", "run-same-help", None))
        .under_heading()
        .show(words)
}
