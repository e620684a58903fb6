//! Calls as anybody reads them: what is open, until when, the rules tested against the reader's own facts, and the
//! button that begins an application.

use axum::extract::Path;
use domain::{
    actor::Group,
    call::{
        self, Check, Closing, Standing,
        check::{Rule, Seen},
        intake, said,
    },
    mode::{self, Outcome},
    money::Money,
    problem::{Invalid, Problem},
    review::GRADES,
};
use leptos::prelude::*;
use services::{CallRead, Error, Under};
use text::{Words, args};

use super::modes;
use crate::{
    PageResult, Visit, cells,
    components::{
        form::{FormState, error_summary, post_form, submit},
        layout::{Tone, empty, facts, heading, notice, tag},
        table::Table,
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let calls = visit.desk.list_calls().await?;
    Ok(visit.page(visit.words.t("calls-title"), move |words| list(words, &calls)).await)
}

pub async fn get_one(visit: Visit, Path(code): Path<String>) -> PageResult {
    let read = visit.desk.read_call(&code).await?;
    let group = visit.actor().group();
    let title = said(&read.under.terms.title, visit.words.locale().code()).to_owned();
    Ok(visit.page(title, move |words| one(words, &read, Some(group), Invalid::default())).await)
}

/// Begins an application, or says which rule keeps the reader from it.
pub async fn post_apply(visit: Visit, Path(code): Path<String>) -> PageResult {
    match visit.desk.start_application_under(&code).await {
        Ok(id) => Ok(visit.redirect(&format!("/applications/{id}"))),
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.read_call(&code).await?;
            let group = visit.actor().group();
            let title = said(&read.under.terms.title, visit.words.locale().code()).to_owned();
            // What is wrong is not in a field of this page.
            let invalid = Invalid(invalid.0.into_iter().map(|(_, problem)| (String::new(), problem)).collect());
            Ok(visit.refused(title, move |words| one(words, &read, Some(group), invalid)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn list(words: Words, calls: &[Under]) -> impl IntoView + use<> {
    let rows = calls.iter().map(|call| {
        let mode = call.terms.mode(call.version);
        cells![
            view! { <a href=format!("/calls/{}", call.code)>{title(words, call)}</a> },
            modes::name(words, mode.code),
            modes::size(words, &mode),
            standing_tag(words, call.standing),
            standing(words, call),
        ]
    });
    let table = Table::new("calls-table")
        .column("calls-name")
        .column("calls-mode")
        .column("modes-size")
        .column("calls-state")
        .column("calls-until")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "calls-empty", "calls-empty-help", Some(("/modes", "calls-to-modes"))));
    view! {
        <h1>{words.t("calls-title")}</h1>
        <p class="lead">{words.t("calls-lead")}</p>
        {table.show(words)}
    }
}

/// Open calls in a line each: for the pages that lead here.
pub(super) fn open_list(words: Words, calls: &[Under], only: Option<mode::Code>) -> AnyView {
    let open = calls.iter().filter(|call| call.standing.is_open() && only.is_none_or(|code| call.terms.mode == code));
    let lines: Vec<AnyView> = open
        .map(|call| {
            let href = format!("/calls/{}", call.code);
            view! { <li><a href=href>{title(words, call)}</a> " – " {standing(words, call)}</li> }.into_any()
        })
        .collect();
    if lines.is_empty() {
        return ().into_any();
    }
    view! { <h2>{words.t("calls-open-now")}</h2> <ul>{lines}</ul> }.into_any()
}

pub(super) fn title(words: Words, call: &Under) -> String {
    said(&call.terms.title, words.locale().code()).to_owned()
}

pub(super) fn standing_tag(words: Words, standing: Standing) -> AnyView {
    let (tone, key) = match standing {
        Standing::Open(_) => (Tone::Good, "call-state-open"),
        Standing::Later(Some(_)) => (Tone::Waiting, "call-state-later"),
        Standing::Later(None) => (Tone::Yours, "call-state-draft"),
        Standing::Closed(_) => (Tone::Calm, "call-state-closed"),
    };
    tag(tone, words.t(key))
}

/// Whether applications are taken, and until when.
pub(super) fn standing(words: Words, call: &Under) -> String {
    standing_of(words, call.standing, call.terms.intake.kind)
}

pub(super) fn standing_of(words: Words, standing: Standing, kind: intake::Kind) -> String {
    match standing {
        Standing::Later(Some(at)) => words.with("call-opens", args![at => words.instant(at)]),
        Standing::Later(None) => words.t("call-not-published"),
        Standing::Open(Some(at)) if kind == intake::Kind::Deadline => {
            words.with("call-open-until", args![at => words.instant(at)])
        }
        Standing::Open(Some(at)) => words.with("call-open-cut-off", args![at => words.instant(at)]),
        Standing::Open(None) => words.t("call-open-always"),
        Standing::Closed(closing) => words.t(&format!("call-closed-{}", closing.code())),
    }
}

/// The call's page; `group` is who reads it, nobody in a preview.
pub(super) fn one(words: Words, read: &CallRead, group: Option<Group>, invalid: Invalid) -> impl IntoView + use<> {
    let call = &read.under;
    let language = words.locale().code();
    let above = group.map(|_| view! { <p class="above"><a href="/calls">{words.t("calls-title")}</a></p> });
    let reason = call.close_reason.clone().filter(|_| call.standing == Standing::Closed(Closing::Officer));
    let due = read.answer_due.map(|at| words.with("modes-answer-due", args![at => words.instant(at)]));
    let mode = call.terms.mode(call.version);
    view! {
        {error_summary(words, &FormState::default().with(invalid))}
        {above}
        {heading(title(words, call), Some(call.code.clone()), Some(standing_tag(words, call.standing)))}
        <p class="lead typed">{said(&call.terms.summary, language).to_owned()}</p>
        {notice(if call.standing.is_open() { Tone::Yours } else { Tone::Calm }, view! {
            <p>{standing(words, call)}</p>
            {reason.map(|reason| view! { <p class="typed">{reason}</p> })}
            {due.map(|due| view! { <p>{due}</p> })}
        })}
        <h2>{words.t("call-audience")}</h2>
        <p class="typed">{said(&call.terms.audience, language).to_owned()}</p>
        <h2>{words.t("call-rules-of")}</h2>
        {terms(words, call)}
        <h2>{words.t("call-eligibility-test")}</h2>
        {checks(words, &read.checks, call)}
        {apply(words, read, group)}
        <h2>{words.t("call-how-judged")}</h2>
        {rubric(words, call)}
        {questions(words, call)}
        <h2>{words.t("modes-price")}</h2>
        {modes::prices(words, &read.prices, &mode)}
        {versions(words, read)}
    }
}

fn apply(words: Words, read: &CallRead, group: Option<Group>) -> AnyView {
    let call = &read.under;
    if !call.standing.is_open() {
        return ().into_any();
    }
    let stands_out = read.checks.iter().any(|check| check.outcome == Outcome::Fail && check.rule.is_of_applicant());
    match group {
        Some(Group::Owner | Group::Applicant) if stands_out => {
            notice(Tone::Bad, view! { <p>{words.t("call-not-for-you")}</p> })
        }
        Some(Group::Owner | Group::Applicant) => {
            post_form(format!("/calls/{}/apply", call.code), submit(words, "call-apply"))
        }
        Some(Group::Visitor) => {
            view! { <p><a class="button primary" href="/sign-up">{words.t("modes-sign-up")}</a></p> }.into_any()
        }
        _ => ().into_any(),
    }
}

fn terms(words: Words, call: &Under) -> AnyView {
    let terms = &call.terms;
    let mode = terms.mode(call.version);
    let any = || words.t("call-any");
    let models: Vec<&str> = terms.models.iter().map(|model| model.code()).collect();
    let models = if models.is_empty() { any() } else { models.join(", ") };
    let sites = if terms.sites.is_empty() { any() } else { terms.sites.join(", ") };
    let steps: Vec<AnyView> = terms
        .plan
        .steps
        .iter()
        .map(|step| {
            let days = i64::from(step.working_days);
            let name = words.t(&format!("call-step-{}", step.kind.code()));
            view! { <li>{words.with("call-step-days", args![step => name, days => days])}</li> }.into_any()
        })
        .collect();
    let rounds: Vec<String> = terms.intake.rounds().map(|at| words.instant(at)).collect();
    let mut rows = vec![
        ("calls-mode", modes::name(words, terms.mode).into_any()),
        ("modes-size", modes::size(words, &mode).into_any()),
        ("modes-duration", modes::months(words, &mode).into_any()),
        ("modes-gpus", words.integer(terms.max_gpus).into_any()),
        ("call-models", models.into_any()),
        ("call-sites", sites.into_any()),
        ("call-pot", words.pot(&terms.pot).into_any()),
    ];
    if terms.is_split {
        rows.push(("call-split", words.t("call-split-funder").into_any()));
    }
    if !rounds.is_empty() {
        rows.push(("call-rounds", rounds.join(" · ").into_any()));
    }
    if let Some(places) = terms.intake.places {
        let left = (places - call.taken.places).max(0);
        rows.push(("call-places", words.with("call-places-left", args![left => left, places => places]).into_any()));
    }
    if let Some((funds, left)) = terms.intake.funds.zip(terms.intake.left(call.taken)) {
        rows.push(("call-funds", funds_left(words, left, funds).into_any()));
    }
    rows.push((
        "modes-answer",
        words.with("modes-working-days", args![days => i64::from(terms.working_days())]).into_any(),
    ));
    rows.push(("call-steps", view! { <ol class="plain">{steps}</ol> }.into_any()));
    facts(words, rows)
}

fn funds_left(words: Words, left: Money, funds: Money) -> String {
    words.with("call-funds-left", args![left => words.money(left), funds => words.money(funds)])
}

fn rubric(words: Words, call: &Under) -> AnyView {
    let language = words.locale().code();
    let rubric = &call.terms.rubric;
    let rows = rubric.criteria.iter().map(|criterion| {
        cells![
            said(&criterion.title, language).to_owned(),
            words.percent(criterion.weight),
            said(&criterion.help, language).to_owned(),
        ]
    });
    let table = Table::new("call-rubric-table")
        .column("call-criterion")
        .figures("call-weight")
        .column("call-criterion-asks")
        .rows(rows)
        .under_heading();
    let scale: Vec<AnyView> = GRADES
        .iter()
        .zip(rubric.scale.iter())
        .map(|(_, text)| view! { <li>{said(text, language).to_owned()}</li> }.into_any())
        .collect();
    let threshold = words.with("call-threshold", args![grade => words.hundredths(rubric.threshold)]);
    view! { {table.show(words)} <p>{words.t("call-scale")}</p> <ul>{scale}</ul> <p>{threshold}</p> }.into_any()
}

fn questions(words: Words, call: &Under) -> AnyView {
    if call.terms.questions.is_empty() {
        return ().into_any();
    }
    let language = words.locale().code();
    let lines = call.terms.questions.iter().map(|question| {
        let limit = question.words_max.map(|max| words.with("call-words-max", args![max => max]));
        view! { <li>{said(&question.label, language).to_owned()}{limit.map(|limit| format!(" ({limit})"))}</li> }
    });
    view! { <h2>{words.t("call-questions")}</h2> <ol>{lines.collect_view()}</ol> }.into_any()
}

fn versions(words: Words, read: &CallRead) -> AnyView {
    if read.versions.len() < 2 {
        return ().into_any();
    }
    let rows = read.versions.iter().map(|(number, at, reason)| {
        let reason = if reason.is_empty() { words.t("call-version-first") } else { reason.clone() };
        cells![words.integer(i64::from(*number)), words.instant_figure(*at), reason]
    });
    let table = Table::new("call-versions")
        .figures("call-version")
        .column("call-version-since")
        .column("call-version-reason")
        .rows(rows)
        .under_heading();
    view! { <h2>{words.t("call-versions")}</h2> {table.show(words)} }.into_any()
}

/// Every rule with its verdict and the fact it looked at.
pub(super) fn checks(words: Words, checks: &[Check], call: &Under) -> AnyView {
    let rows = checks.iter().map(|check| {
        let (tone, verdict) = match check.outcome {
            Outcome::Pass => (Tone::Good, "verdict-pass"),
            Outcome::Fail => (Tone::Bad, "verdict-fail"),
            Outcome::Open => (Tone::Calm, "verdict-open"),
        };
        cells![rule(words, check.rule, call), tag(tone, words.t(verdict)), seen(words, check)]
    });
    let table =
        Table::new("call-rules-table").column("rules-rule").column("rules-verdict").column("rules-seen").rows(rows);
    table.under_heading().show(words)
}

fn rule(words: Words, rule: Rule, call: &Under) -> String {
    let admission = &call.terms.admission;
    match rule {
        Rule::OfMode(rule) => modes::rule(words, rule, &call.terms.mode(call.version)),
        Rule::SizeClass => modes::rule(words, mode::Rule::SizeClass, &call.terms.mode(call.version)),
        Rule::Country => {
            let names: Vec<String> = call::publish::PROGRAMMES
                .iter()
                .filter(|(_, programme)| admission.programmes.contains(programme))
                .map(|(code, _)| words.t(&format!("programme-{code}")))
                .collect();
            words.with("call-rule-country", args![programmes => names.join(", ")])
        }
        Rule::Exclusive if admission.exclusive.is_empty() => words.t("call-rule-exclusive-other"),
        rule => words.with(
            &format!("call-rule-{}", rule.code()),
            args![
                own => admission.per_organisation,
                group => admission.per_group,
                calls => admission.exclusive.join(", "),
                models => call.terms.models.iter().map(|model| model.code()).collect::<Vec<_>>().join(", "),
            ],
        ),
    }
}

pub(super) fn seen(words: Words, check: &Check) -> String {
    match &check.seen {
        Seen::OfMode(mode::Seen::Nothing) if check.rule == Rule::Open => words.t("rule-seen-now"),
        Seen::OfMode(mode::Seen::Nothing)
            if matches!(check.rule, Rule::Exclusive | Rule::Reports) && check.outcome == Outcome::Pass =>
        {
            words.t("call-seen-none")
        }
        Seen::OfMode(seen) => modes::seen_of(words, *seen),
        Seen::Closed(closing) => words.t(&format!("call-closed-{}", closing.code())),
        Seen::Name(name) => name.clone(),
    }
}

/// What keeps a form from being handed in, as a whole.
pub(super) const fn is_of_call(problem: Problem) -> bool {
    matches!(
        problem,
        Problem::CallClosed
            | Problem::CallTaken
            | Problem::GroupTaken
            | Problem::ExclusiveCall
            | Problem::ReportOverdue
            | Problem::NoPlaceLeft
            | Problem::PotTooSmall { .. }
            | Problem::CutOffPassed
    )
}
