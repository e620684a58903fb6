//! The part of an allocation's page that follows its award: what can be asked, what was, and the reports it owes.

use domain::{
    action::{Change, Kind, State},
    gpu::GpuTime,
    id::AllocationId,
    period::brussels_day,
    problem::Problem,
    report,
};
use leptos::prelude::*;
use services::{
    AfterAward,
    rows::{ActionRow, ReportRow},
};
use text::{Words, args};

use crate::{
    cells,
    components::{Table, Tone, form::row_button, notice, tag},
};

/// `can_ask` is for those who act for the company; others read.
pub fn after(words: Words, id: AllocationId, after: &AfterAward, can_ask: bool, today: chrono::NaiveDate) -> AnyView {
    let withheld = (after.withheld > GpuTime::ZERO).then(|| {
        let hours = words.hours(after.withheld);
        notice(Tone::Yours, view! { <p>{words.with("instalment-note", args![hours => hours])}</p> })
    });
    view! {
        {withheld}
        {reports(words, id, &after.reports, today)}
        {can_ask.then(|| possible(words, id, after))}
        {history(words, id, &after.actions, can_ask)}
    }
    .into_any()
}

fn possible(words: Words, id: AllocationId, after: &AfterAward) -> AnyView {
    let rows = after.possible.iter().map(|one| {
        let code = one.kind.code();
        let name = words.t(&format!("action-kind-{code}"));
        let name = match one.problem {
            None => view! { <a href=format!("/allocations/{id}/actions/{code}")>{name}</a> }.into_any(),
            Some(_) => name.into_any(),
        };
        let says = match one.problem {
            None => words.t(&format!("action-means-{code}")),
            Some(Problem::AlreadyAsked) => waits(words, after, one.kind),
            Some(_) => words.t(&format!("action-when-{code}")),
        };
        view! { <div><dt>{name}</dt><dd>{says}</dd></div> }
    });
    view! { <h2 id="changes">{words.t("after-title")}</h2> <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

fn waits(words: Words, after: &AfterAward, kind: Kind) -> String {
    let asked = after.actions.iter().find(|one| one.kind == kind && one.state == State::Asked);
    match asked.and_then(|one| one.due_at) {
        Some(due) => words.with("action-waits", args![due => words.weekday_date(brussels_day(due))]),
        None => words.problem(Problem::AlreadyAsked),
    }
}

/// An amount, weeks or a day, in words.
pub fn change(words: Words, change: Change) -> String {
    match change {
        Change::Hours(time) => words.with("change-hours", args![hours => words.hours(time)]),
        Change::Weeks(weeks) => words.with("change-weeks", args![weeks => i64::from(weeks)]),
        Change::Start(day) => words.with("change-start", args![day => words.date(day)]),
        Change::Nothing => words.t("change-nothing"),
    }
}

/// What is kept as text; a dash for what is not there.
pub fn change_text(words: Words, kept: Option<&str>) -> String {
    let read = kept.and_then(|kept| serde_json::from_str(kept).ok());
    change(words, read.unwrap_or(Change::Nothing))
}

pub fn action_tag(words: Words, row: &ActionRow) -> AnyView {
    let (tone, code) = match row.state {
        State::Asked if row.decided_by.is_some() => (Tone::Waiting, "unsigned"),
        State::Asked => (Tone::Waiting, "asked"),
        state @ (State::Approved | State::Done) => (Tone::Good, state.code()),
        State::Refused => (Tone::Bad, "refused"),
        State::Withdrawn => (Tone::Calm, "withdrawn"),
    };
    tag(tone, words.t(&format!("action-state-{code}")))
}

fn history(words: Words, id: AllocationId, actions: &[ActionRow], can_ask: bool) -> AnyView {
    if actions.is_empty() {
        return ().into_any();
    }
    let rows = actions.iter().rev().map(|row| {
        let code = row.kind.code();
        let name = words.t(&format!("action-kind-{code}"));
        let withdraw = (can_ask && row.state == State::Asked).then(|| {
            let aloud = words.with("after-withdraw-of", args![what => name.clone()]);
            row_button(words, format!("/allocations/{id}/actions/{code}/withdraw"), "after-withdraw", aloud, &[])
        });
        // What an officer proposed is not in force, and not told, before the second signature.
        let reason = row.reason.clone().filter(|_| row.state != State::Asked);
        cells![
            name,
            view! { <span>{action_tag(words, row)} " " {withdraw}</span> },
            words.instant_figure(row.asked_at),
            change_text(words, Some(&row.requested)),
            change_text(words, row.awarded.as_deref()),
            reason,
        ]
    });
    let table = Table::new("after-history")
        .column("after-kind")
        .column("after-state")
        .column("after-asked")
        .column("after-requested")
        .column("after-awarded")
        .column("after-reason")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("after-history")}</h2> {table} }.into_any()
}

fn reports(words: Words, id: AllocationId, reports: &[ReportRow], today: chrono::NaiveDate) -> AnyView {
    if reports.is_empty() {
        return ().into_any();
    }
    let rows = reports.iter().map(|row| {
        let key = if row.state.is_owed() { "report-write" } else { "report-read" };
        let href = format!("/allocations/{id}/report/{}", row.kind.code());
        view! {
            <div>
                <dt><a href=href>{words.t(&format!("report-kind-{}", row.kind.code()))}</a></dt>
                <dd>{report_tag(words, row, today)} " " {words.t(key)}</dd>
            </div>
        }
    });
    view! { <h2>{words.t("reports-title")}</h2> <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

/// Whom a report waits for, and until when.
pub fn report_tag(words: Words, row: &ReportRow, today: chrono::NaiveDate) -> AnyView {
    let said = words.with(&format!("report-state-{}", row.state.code()), args![due => words.date(row.due_on)]);
    let tone = match row.state {
        report::State::Open | report::State::Returned => Tone::Yours,
        report::State::HandedIn => Tone::Waiting,
        report::State::Approved => Tone::Good,
    };
    let is_late = row.kind == report::Kind::Final && report::is_overdue(row.state, row.due_on, today);
    let late = is_late.then(|| tag(Tone::Bad, words.t("report-overdue")));
    view! { <span>{tag(tone, said)} " " {late}</span> }.into_any()
}
