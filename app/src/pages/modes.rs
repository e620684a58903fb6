//! Access modes: what one may ask for, tested against the reader's own facts before the first word is written.

use axum::extract::Path;
use domain::{
    actor::Group,
    gpu::GpuTime,
    mode::{Check, Code, Mode, Outcome, Rule, Seen},
    money::BasisPoints,
};
use leptos::prelude::*;
use services::{ModeRead, PriceTerms, Under};
use text::{Words, args};

use super::organisation::country_name;
use crate::{
    AppError, PageResult, Visit, cells,
    components::{
        form::button_form,
        layout::{Tone, facts, notice, tag},
        table::Table,
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let modes = visit.desk.list_modes().await?;
    let calls = visit.desk.list_calls().await?;
    let title = visit.words.t("modes-title");
    Ok(visit.page(title, move |words| list(words, &modes, &calls)).await)
}

pub async fn get_one(visit: Visit, Path(code): Path<String>) -> PageResult {
    let code = Code::from_code(&code).ok_or(AppError::NOT_FOUND)?;
    let read = visit.desk.read_mode(code).await?;
    let calls = visit.desk.list_calls().await?;
    let may_apply = may_apply(&visit);
    let is_visitor = visit.actor().group() == Group::Visitor;
    let title = name(visit.words, code);
    Ok(visit.page(title, move |words| one(words, (&read, &calls), may_apply, is_visitor)).await)
}

/// The same page, asked for by those who come to apply: rules first, then the button.
pub async fn get_new(visit: Visit, path: Path<String>) -> PageResult {
    get_one(visit, path).await
}

pub async fn post_new(visit: Visit, Path(code): Path<String>) -> PageResult {
    let code = Code::from_code(&code).ok_or(AppError::NOT_FOUND)?;
    let id = visit.desk.start_application(code).await?;
    Ok(visit.redirect(&format!("/applications/{id}")))
}

fn may_apply(visit: &Visit) -> bool {
    matches!(visit.actor().group(), Group::Owner | Group::Applicant)
}

pub fn name(words: Words, code: Code) -> String {
    words.t(&format!("mode-name-{code}"))
}

fn list(words: Words, modes: &[ModeRead], calls: &[Under]) -> impl IntoView + use<> {
    let rows = modes.iter().map(|read| {
        let mode = &read.mode;
        let href = format!("/modes/{}", mode.code);
        let name = name(words, mode.code);
        cells![
            view! { <a href=href>{name}</a> },
            size(words, mode),
            months(words, mode),
            words.with("modes-working-days", args![days => i64::from(mode.working_days)]),
            opening(words, read),
        ]
    });
    let table = Table::new("modes-table")
        .column("modes-name")
        .column("modes-size")
        .column("modes-duration")
        .column("modes-answer")
        .column("modes-opening")
        .rows(rows);
    view! {
        <h1>{words.t("modes-title")}</h1>
        <p class="lead">{words.t("modes-lead")}</p>
        {table.show(words)}
        <p>{words.t("modes-quota-note")}</p>
        {super::calls::open_list(words, calls, None)}
    }
}

pub(super) fn size(words: Words, mode: &Mode) -> String {
    let most = words.hours(mode.at_most());
    if mode.more_than_hours == 0 {
        words.with("modes-size-up-to", args![most => most])
    } else {
        let more = words.hours_figure(mode.more_than());
        words.with("modes-size-between", args![more => more, most => most])
    }
}

pub(super) fn months(words: Words, mode: &Mode) -> String {
    let listed: Vec<String> = mode.months.iter().map(|months| words.integer(i64::from(*months))).collect();
    words.with("modes-months", args![list => listed.join(", ")])
}

fn opening(words: Words, read: &ModeRead) -> String {
    if read.mode.is_always_open() {
        return words.t("modes-always-open");
    }
    match read.next_cut_off {
        Some(at) => words.with("modes-next-cut-off", args![at => words.instant(at)]),
        None => words.t("modes-closed"),
    }
}

fn one(words: Words, (read, calls): (&ModeRead, &[Under]), may_apply: bool, is_visitor: bool) -> impl IntoView + use<> {
    let mode = &read.mode;
    let code = mode.code;
    let action = format!("/applications/new/{code}");
    let start = if may_apply {
        button_form(words, action, "modes-start", &[])
    } else if is_visitor {
        view! { <p><a class="button primary" href="/sign-up">{words.t("modes-sign-up")}</a></p> }.into_any()
    } else {
        ().into_any()
    };
    let due = read.answer_due.map(|at| words.with("modes-answer-due", args![at => words.instant(at)]));
    let review = if mode.peer_review { "modes-peer-review" } else { "modes-first-come" };
    view! {
        <p class="above"><a href="/modes">{words.t("modes-title")}</a></p>
        <h1>{name(words, code)}</h1>
        <p class="lead">{words.t(&format!("mode-{code}-lead"))}</p>
        {facts(words, vec![
            ("modes-size", size(words, mode).into_any()),
            ("modes-duration", months(words, mode).into_any()),
            ("modes-gpus", words.integer(mode.max_gpus).into_any()),
            ("modes-opening", opening(words, read).into_any()),
            ("modes-answer", words.with("modes-working-days", args![days => i64::from(mode.working_days)]).into_any()),
            ("modes-selection", words.t(review).into_any()),
            ("modes-quota", words.percent(mode.quota).into_any()),
        ])}
        {due.map(|due| view! { <p>{due}</p> })}
        {(!mode.is_always_open()).then(|| view! { <p><a href="/rules">{words.t("rules-title")}</a></p> })}
        {super::calls::open_list(words, calls, Some(code))}
        <h2>{words.t("modes-rules")}</h2>
        {checks(words, &read.checks, mode)}
        <h2>{words.t("modes-price")}</h2>
        {prices(words, &read.terms, mode)}
        {start}
    }
}

/// Every rule with its verdict and the fact it looked at.
pub fn checks(words: Words, checks: &[Check], mode: &Mode) -> AnyView {
    let rows = checks.iter().map(|check| {
        let (tone, verdict) = match check.outcome {
            Outcome::Pass => (Tone::Good, "verdict-pass"),
            Outcome::Fail => (Tone::Bad, "verdict-fail"),
            Outcome::Open => (Tone::Calm, "verdict-open"),
        };
        cells![rule(words, check.rule, mode), tag(tone, words.t(verdict)), seen(words, check)]
    });
    let table = Table::new("rules-table").column("rules-rule").column("rules-verdict").column("rules-seen").rows(rows);
    table.under_heading().show(words)
}

pub(super) fn rule(words: Words, rule: Rule, mode: &Mode) -> String {
    let classes: Vec<String> =
        mode.classes.iter().map(|class| words.t(&format!("size-class-{}", class.code()))).collect();
    words.with(
        &format!("rule-{}", rule.code()),
        args![
            size => size(words, mode),
            gpus => words.integer(mode.max_gpus),
            months => months(words, mode),
            count => mode.at_once,
            classes => classes.join(", "),
        ],
    )
}

fn seen(words: Words, check: &Check) -> String {
    match check.seen {
        Seen::Nothing if check.rule == Rule::Open => words.t("rule-seen-now"),
        seen => seen_of(words, seen),
    }
}

pub(super) fn seen_of(words: Words, seen: Seen) -> String {
    match seen {
        Seen::Nothing => words.t("rule-seen-nothing"),
        Seen::Country(country) => country_name(words, country),
        Seen::Class(class) => words.t(&format!("size-class-{}", class.code())),
        Seen::Count(count) => words.integer(count),
        Seen::Time(time) => words.hours(time),
        Seen::Day(day) => words.date(day),
        Seen::Instant(at) => words.instant(at),
    }
}

/// What a thousand GPU-hours of each model cost the reader, and as an example whoever has no organisation yet.
pub(super) fn prices(words: Words, terms: &PriceTerms, mode: &Mode) -> impl IntoView + use<> {
    let thousand = GpuTime::hours(1_000).unwrap_or_default();
    let rows: Vec<_> = terms
        .quotes
        .iter()
        .filter_map(|quote| quote.of(thousand).ok())
        .map(|quote| {
            cells![
                quote.model.code(),
                words.money_figure(quote.list),
                words.percent(quote.subsidy_share),
                words.money_figure(quote.own),
            ]
        })
        .collect();
    let share = terms.quotes.first().map_or(BasisPoints::ZERO, |quote| quote.subsidy_share);
    let class = words.t(&format!("size-class-{}", terms.size_class.code()));
    let for_whom = if terms.is_own { "modes-price-own" } else { "modes-price-example" };
    let pot = words.pot(&mode.pot);
    let table = Table::new("modes-price-table")
        .column("modes-price-model")
        .figures("modes-price-list")
        .figures("modes-price-share")
        .figures("modes-price-own-share")
        .rows(rows);
    let sentence = words.with(for_whom, args![class => class, share => words.percent(share), pot => pot]);
    view! {
        {notice(Tone::Calm, view! { <p>{sentence}</p> })}
        {table.show(words)}
        <p><a href="/prices">{words.t("prices-link")}</a></p>
    }
}
