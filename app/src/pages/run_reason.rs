//! Why a run gave a request nothing, in sentences: the officer's and the applicant's alike.

use chrono::NaiveDate;
use leptos::prelude::*;
use matching::{Cause, Change, Left};
use services::{RunReason, RunSaid};
use text::{Words, args};

use crate::components::layout::details;

/// What a run says to the applicant, and by which rules.
pub fn said(words: Words, said: &RunSaid) -> AnyView {
    let said = match said {
        RunSaid::Nothing(reason) => show(words, reason),
        RunSaid::Left(why) => view! { <p>{words.t(&format!("run-left-you-{}", why.code()))}</p> }.into_any(),
    };
    view! { {said} <p><a href="/rules">{words.t("rules-title")}</a></p> }.into_any()
}

/// The reason, which opens into what would have been enough.
pub fn show(words: Words, reason: &RunReason) -> AnyView {
    let RunReason { explanation: reason, mondays, pools, why } = reason;
    let lowest = reason.lowest_score.map(|score| words.with("run-lowest", args![score => words.hundredths(score)]));
    let changes = reason.would_fit.iter().map(|one| view! { <li>{change(words, one, mondays)}</li> }).collect_view();
    let moved = reason.would_move.iter().map(|one| view! { <li>{change(words, one, mondays)}</li> }).collect_view();
    let (has_some, has_moved) = (!reason.would_fit.is_empty(), !reason.would_move.is_empty());
    let left = reason.left.iter().map(|one| view! { <li>{left(words, one, mondays, pools)}</li> }).collect_view();
    let has_left = !reason.left.is_empty();
    let is_left_out = reason.cause == Cause::LeftOut;
    let more = view! {
        {is_left_out.then(|| view! { <p>{self::why(words, why)}</p> })}
        {has_left.then(|| view! { <p>{words.t("run-left")}</p> <ul>{left}</ul> })}
        {lowest.map(|lowest| view! { <p>{lowest}</p> })}
        {has_some.then(|| view! { <p>{words.t("run-would-fit")}</p> <ul>{changes}</ul> })}
        {has_moved.then(|| view! { <p>{words.t("run-would-move")}</p> <ul>{moved}</ul> })}
    };
    details(cause(words, reason.cause), more)
}

/// Why somebody was left out; a run that was made by itself says nothing, and leaves out only whoever gave back an offer.
pub(super) fn why(words: Words, why: &str) -> String {
    if why.is_empty() { words.t("run-why-given-back") } else { why.to_owned() }
}

/// Why a request got nothing, in a sentence.
fn cause(words: Words, cause: Cause) -> String {
    let figure = |value: i64| words.integer(value);
    match cause {
        Cause::NoPool => words.t("run-cause-no-pool"),
        Cause::NeverFits => words.t("run-cause-never-fits"),
        Cause::FairShare { left, least } => {
            words.with("run-cause-fair-share", args![left => figure(left), least => figure(least)])
        }
        Cause::Headroom { left } => words.with("run-cause-headroom", args![left => figure(left)]),
        Cause::Pots { left } => words.with("run-cause-pots", args![left => figure(left)]),
        Cause::Capacity => words.t("run-cause-capacity"),
        Cause::Country => words.t("run-cause-country"),
        Cause::Share => words.t("run-cause-share"),
        Cause::Partly => words.t("run-cause-partly"),
        Cause::TurnedDown => words.t("run-cause-turned-down"),
        Cause::LeftOut => words.t("run-cause-left-out"),
    }
}

fn day(words: Words, mondays: &[NaiveDate], week: usize) -> String {
    words.date_figure(mondays.get(week).or(mondays.last()).copied().unwrap_or_default())
}

/// What is left of a pool, in a sentence.
fn left(words: Words, left: &Left, mondays: &[NaiveDate], pools: &[String]) -> String {
    let pool = pools.get(left.pool).cloned().unwrap_or_default();
    let gpus = words.integer(left.gpus);
    if left.weeks == 0 {
        return words.with("run-left-none", args![pool => pool, gpus => gpus]);
    }
    let weeks = i64::try_from(left.weeks).unwrap_or(i64::MAX);
    let day = day(words, mondays, left.from);
    words.with("run-left-weeks", args![pool => pool, gpus => gpus, weeks => weeks, day => day])
}

fn change(words: Words, change: &Change, mondays: &[NaiveDate]) -> String {
    let day = |week: usize| day(words, mondays, week);
    match change {
        Change::FewerAtOnce { gpus } => words.with("run-change-fewer-at-once", args![gpus => words.integer(*gpus)]),
        Change::Earlier { week } => words.with("run-change-earlier", args![day => day(*week)]),
        Change::Later { week } => words.with("run-change-later", args![day => day(*week)]),
        Change::AlsoOn { gpu } => words.with("run-change-also-on", args![gpu => gpu.clone()]),
        Change::FewerHours { hours } => words.with("run-change-fewer-hours", args![hours => words.integer(*hours)]),
        Change::Anywhere => words.t("run-change-anywhere"),
    }
}
