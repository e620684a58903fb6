//! An officer's decision on one application: the application, the reviews, and the decision with its reasons; the
//! same page shows a decision that waits for its second signature, and one in force.

use axum::{extract::Path, response::Response};
use chrono::{DateTime, Utc};
use domain::{
    award::{Amounts, By, Resource, TypedAward},
    gpu::GpuTime,
    id::ApplicationId,
    review::{Outcome, Rubric, TypedDecision},
    workflow::{Kind, edge::Node},
};
use http::StatusCode;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{
    AidCase, DecisionCase, EligibilityRead, Error, HandedIn, ListPlace, PanelAdvice,
    rows::{DecisionRow, EventRow},
};
use text::{FluentArgs, Locale, Words, args};

use super::{
    aid_case, application_text::answers, conflict::conflict_link, conflicts, course, dossier::dossier_links,
    review::criterion_words,
};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, facts,
        field::Choice,
        form::{FormState, button_form, error_summary, hidden, post_form, submit},
        layout::{Confirm, beside, confirm, heading, panel},
        notice,
        progress::{Moment, timeline},
        tag,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    reasons: String,
    #[serde(flatten)]
    more: TypedAward,
    #[serde(default)]
    version: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Signature {
    #[serde(default)]
    reason: String,
    /// Of the application as it was read.
    #[serde(default)]
    version: String,
}

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let (case, tests) = read(&visit, id, None).await?;
    let form = offered(&case);
    let title = case.case.reference.clone();
    Ok(visit.page(title, move |words| page(words, (&case, &tests), &form)).await)
}

pub async fn post(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::of(&typed);
    let seen = seen(&typed.version);
    let decision = TypedDecision { outcome: typed.outcome, hours: typed.hours, reasons: typed.reasons };
    match visit.desk.decide_award(id, &decision, &typed.more, seen).await {
        Ok(()) => visit.redirect_saying("/board", "decision-made").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, form.with(invalid)).await,
        Err(Error::Stale) => moved(&visit, id, form).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_countersign(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Signature>) -> PageResult {
    match visit.desk.countersign(id, seen(&typed.version)).await {
        Ok(()) => visit.redirect_saying("/board", "decision-signed").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_send_back(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Signature>) -> PageResult {
    match visit.desk.send_back(id, &typed.reason, seen(&typed.version)).await {
        Ok(()) => visit.redirect_saying("/board", "decision-sent-back").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

/// What was tested: eligibility, and the aid it would be.
struct Tests {
    eligibility: Vec<EligibilityRead>,
    aid: AidCase,
}

/// Of as many hours as are typed, else as the form begins with, or as were granted.
async fn read(visit: &Visit, id: ApplicationId, typed: Option<&FormState>) -> Result<(DecisionCase, Tests), AppError> {
    let case = visit.desk.decision_case(id).await?;
    let eligibility = visit.desk.eligibility_of(id).await?;
    let form = offered(&case);
    let hours = typed.unwrap_or(&form).value("hours");
    let hours = domain::typed::decimal(&hours, 0).ok().and_then(|hours| GpuTime::hours(hours).ok());
    let granted = case.decision.as_ref().map(|decision| decision.granted).filter(|time| *time > GpuTime::ZERO);
    let aid = visit.desk.aid_case(id, granted.or(hours).unwrap_or(case.requested)).await?;
    Ok((case, Tests { eligibility, aid }))
}

/// The form as it begins: what a panel recommended, else what was asked for; reasons in the applicant's language.
fn offered(case: &DecisionCase) -> FormState {
    let first = |resource: Resource| {
        let of = case.amounts.iter().find(|amounts| amounts.resource == resource)?;
        let recommended = of.recommended.last().map(|(_, amount)| *amount).filter(|amount| *amount > 0);
        Some(recommended.unwrap_or(of.requested))
    };
    let hours = first(Resource::GpuTime).map(|seconds| GpuTime::seconds(seconds).whole_hours().to_string());
    let storage = first(Resource::Storage).map(|storage| storage.to_string());
    FormState::new([
        ("hours", hours.unwrap_or_default()),
        ("storage", storage.unwrap_or_default()),
        ("language", case.language.code().to_owned()),
    ])
}

/// Somebody was faster: how it stands now beside what was typed, which is not lost.
async fn moved(visit: &Visit, id: ApplicationId, form: FormState) -> Result<Response, AppError> {
    let (case, tests) = read(visit, id, Some(&form)).await?;
    let title = case.case.reference.clone();
    let view = move |words| {
        let typed = (case.decision.is_some()).then(|| as_typed(words, &form));
        view! { {notice(Tone::Bad, words.t("decision-moved"))} {typed} {page(words, (&case, &tests), &form)} }
    };
    Ok(visit.render(StatusCode::CONFLICT, false, title, view).await)
}

/// What was typed, where no form is left to keep it.
fn as_typed(words: Words, form: &FormState) -> AnyView {
    let text = |field: &str| view! { <span class="typed">{form.value(field)}</span> }.into_any();
    let shown = vec![
        ("decision-hours", text("hours")),
        ("decision-reasons", text("reasons")),
        ("decision-conditions", text("conditions")),
    ];
    panel(view! { <h2>{words.t("decision-typed")}</h2> {facts(words, shown)} })
}

/// The version that was read; what is no number was never read, and is refused as stale.
fn seen(version: &str) -> i32 {
    version.parse().unwrap_or_default()
}

async fn refused(visit: &Visit, id: ApplicationId, form: FormState) -> Result<Response, AppError> {
    let (case, tests) = read(visit, id, Some(&form)).await?;
    Ok(visit.refused(case.case.reference.clone(), move |words| page(words, (&case, &tests), &form)).await)
}

fn page(words: Words, (case, tests): (&DecisionCase, &Tests), form: &FormState) -> impl IntoView + use<> {
    let due = due(words, case);
    let reviews = case.reviews.iter().map(|review| handed_in(words, review, &case.rubric)).collect_view();
    let is_decision = case.course.node == Node::At(Kind::Decision) && case.course.asked().is_none();
    let turn = match (&case.decision, case.obstacle) {
        (Some(decision), obstacle) => {
            let is_open = decision.needs_second && decision.signed_by.is_none();
            let made = facts(
                words,
                vec![
                    ("decision-outcome", words.t(outcome_key(decision.outcome)).into_any()),
                    ("decision-granted", words.hours(decision.granted).into_any()),
                    ("decision-reasons", view! { <span class="typed">{decision.reasons.clone()}</span> }.into_any()),
                    ("decision-remedy", words.t("application-remedy").into_any()),
                ],
            );
            let made = view! { {made} {original(words, decision)} {conditions(words, &decision.each_condition())} };
            let signature = match (is_open, obstacle) {
                (false, _) => ().into_any(),
                (true, Some(problem)) => notice(Tone::Waiting, words.problem(problem)),
                (true, None) => second_signature(words, case, form),
            };
            panel(view! { <h2>{words.t("decision-made-title")}</h2> {made} {signature} })
        }
        (None, Some(problem)) => notice(Tone::Waiting, words.problem(problem)),
        (None, None) if !is_decision => match course::waits_for_staff(words, &case.course) {
            Some(said) if case.course.node != Node::At(Kind::ExpertReview) || case.course.asked().is_some() => {
                notice(Tone::Waiting, said)
            }
            _ => notice(Tone::Waiting, words.t("decision-no-review")),
        },
        (None, None) => panel(decide(words, case, form)),
    };
    view! {
        {error_summary(words, form)}
        {heading(
            case.case.reference.clone(),
            Some(words.t(&format!("mode-name-{}", case.case.mode))),
            None,
        )}
        <p>{case.case.organisation.clone()} " · " {words.hours(case.requested)} " · " {due}</p>
        {beside(
            view! {
                {amounts(words, &case.amounts)}
                {case.advice.as_ref().map(|advice| advised(words, advice))}
                {case.standing.as_ref().map(|standing| stands(words, standing))}
                {course::assessments(words, &case.course.assessments, &[])}
                {course::questions(words, &case.course.questions)}
                <h2>{words.t("decision-reviews")}</h2>
                {reviews}
                {course::reply(words, &case.course)}
                <h2>{words.t("review-application")}</h2>
                {answers(words, &case.application.draft)}
                {super::call_answers::answered(words, &case.answers)}
                {tested(words, tests)}
            },
            view! { {turn} {is_open(case).then(|| aid_case::for_officer(words, &tests.aid))} },
        )}
        <p><a href=format!("/cases/{}", case.case.id)>{words.t("case-link")}</a></p>
        {dossier_links(words, case.case.id)}
        <section>
            <h2>{words.t("conflicts-what")}</h2>
            {kept_away(words, case)}
        </section>
        <section>
            <h2>{words.t("application-timeline")}</h2>
            {timeline(words, moments(words, case))}
        </section>
        {case.obstacle.is_none().then(|| conflict_link(words, case.case.id, &case.case.reference))}
    }
}

/// Its place in the award list that was fixed, and where the cut was.
fn stands(words: Words, standing: &ListPlace) -> AnyView {
    let (line, fixed) = (&standing.line, &standing.fixed);
    let said = words.list_place(line.place, standing.of, line.judged.mean);
    let list = view! { <a href=format!("/award-list?list={}", fixed.id)>{words.instant(fixed.at)}</a> };
    let mut about = vec![("decision-standing", said.into_any()), ("decision-list-fixed", list.into_any())];
    if let (Some(budget), Some(cut)) = (standing.budget, line.judged.cut) {
        about.push(("award-list-cut", words.t(&format!("cut-{}", cut.code())).into_any()));
        about.push(("award-list-budget", words.hours(budget).into_any()));
        about.push(("award-list-running", words.hours(line.running).into_any()));
    }
    facts(words, about)
}

fn due(words: Words, case: &DecisionCase) -> Option<String> {
    case.case.due_at.map(|at| words.with("case-due-at", args![at => words.instant(at)]))
}

fn tested(words: Words, tests: &Tests) -> impl IntoView + use<> {
    view! { {super::call_checks::tested(words, &tests.eligibility)} {aid_case::history(words, &tests.aid)} }
}

/// Whether it is still to be decided or signed.
fn is_open(case: &DecisionCase) -> bool {
    case.decision.as_ref().is_none_or(|decision| decision.needs_second && decision.signed_by.is_none())
}

/// How many are kept away from it, and where each is shown.
fn kept_away(words: Words, case: &DecisionCase) -> impl IntoView + use<> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let counts = args![in_force => count(case.conflicts.in_force), waived => count(case.conflicts.waived)];
    let asked = (case.conflicts.asked > 0).then(|| tag(Tone::Yours, words.t("conflicts-asked")));
    view! {
        <p>{words.with("conflicts-line", counts)} " " {asked}</p>
        <p><a href=conflicts::path(case.case.id)>{words.t("conflicts-show")}</a></p>
    }
}

/// The workflow's transitions and what happened besides, newest first.
fn moments(words: Words, case: &DecisionCase) -> Vec<Moment> {
    let events = case.events.iter().filter_map(|event| Some((event.at, moment(words, event)?)));
    let ways = case.course.transitions.iter();
    let ways = ways.filter_map(|row| Some((row.at, course::internal_moment(words, row, None)?)));
    let mut all: Vec<(DateTime<Utc>, Moment)> = events.chain(ways).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().rev().map(|(_, moment)| moment).collect()
}

/// What happened, with what is between staff: applicants see the rest of it.
fn moment(words: Words, event: &EventRow) -> Option<Moment> {
    let kind = event.kind.replace('_', "-");
    let none = FluentArgs::new();
    let what =
        words.find(&format!("happened-{kind}"), &none).or_else(|| words.find(&format!("office-{kind}"), &none))?;
    let who = words.find(&format!("stand-{}", event.actor_group.replace('_', "-")), &none);
    Some(Moment { at: words.instant(event.at), what, who, why: None, tone: Tone::Calm })
}

const fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "outcome-approved",
        Outcome::Refused => "outcome-refused",
    }
}

pub(super) fn handed_in(words: Words, review: &HandedIn, rubric: &Rubric) -> impl IntoView + use<> {
    let grades = review
        .draft
        .grades
        .iter()
        .map(|(code, grade)| {
            let known = rubric.criteria.iter().find(|criterion| criterion.code == *code);
            let title = known.map(|criterion| criterion_words(words, criterion).0);
            let title = title.unwrap_or_else(|| words.t(&format!("criterion-{code}")));
            view! { <div><dt>{title}</dt><dd>{grade.clone()}</dd></div> }
        })
        .collect_view();
    let total = words.hundredths(review.total);
    let advice = words.t(&format!("advice-{}", review.advice.code()));
    panel(view! {
        <h3>{words.with("review-total", text::args![total => total, advice => advice])}</h3>
        <dl class="facts">{grades}</dl>
        <p class="typed">{review.draft.to_applicant.clone()}</p>
        {(!review.draft.to_officer.trim().is_empty()).then(|| view! {
            <p class="hint">{words.t("review-to-officer")}</p>
            <p class="typed">{review.draft.to_officer.clone()}</p>
        })}
    })
}

fn decide(words: Words, case: &DecisionCase, form: &FormState) -> impl IntoView + use<> {
    let outcomes =
        vec![Choice::new("approved", words.t("outcome-approved")), Choice::new("refused", words.t("outcome-refused"))];
    let asks_storage = case.amounts.iter().any(|amounts| amounts.resource == Resource::Storage);
    let storage = asks_storage
        .then(|| Field::number("storage", "decision-storage").unit(words.t("unit-terabytes")).show(words, form));
    let languages = Locale::ALL.map(|locale| Choice::new(locale.code(), locale.own_name())).to_vec();
    view! {
        <h2>{words.t("decision-title")}</h2>
        {post_form(
            format!("/decision/{}", case.case.id),
            view! {
                {hidden("version", case.application.version.to_string())}
                {Field::radios("outcome", "decision-outcome", outcomes).show(words, form)}
                {Field::number("hours", "decision-hours")
                    .unit(words.t("unit-gpu-hours"))
                    .hint(words.t("decision-hours-help"))
                    .show(words, form)}
                {storage}
                {Field::area("conditions", "decision-conditions")
                    .hint(words.t("decision-conditions-help"))
                    .rows(3)
                    .optional()
                    .show(words, form)}
                {Field::select("language", "decision-language", languages)
                    .hint(words.with("decision-language-help", args![language => case.language.own_name()]))
                    .show(words, form)}
                {Field::area("reasons", "decision-reasons").hint(words.t("decision-reasons-help")).show(words, form)}
                {Field::area("reasons_translated", "decision-reasons-translated")
                    .hint(words.with("decision-reasons-translated-help", args![language => case.language.own_name()]))
                    .rows(4)
                    .optional()
                    .show(words, form)}
                <p class="hint">{words.t("decision-remedy")} ": " {words.t("application-remedy")}</p>
                {submit(words, "decision-submit")}
            },
        )}
    }
}

/// Requested, recommended and awarded, apart, one line a resource.
fn amounts(words: Words, amounts: &[Amounts]) -> AnyView {
    let figure = |resource: Resource, amount: i64| match resource {
        Resource::GpuTime => words.hours(GpuTime::seconds(amount)),
        Resource::Storage => words.with("amount-terabytes", args![count => amount]),
    };
    let is_assessed = amounts.iter().any(|one| one.recommended.iter().any(|(who, _)| *who == By::Assessor));
    let rows = amounts.iter().map(|one| {
        let by = |by: By| one.recommended.iter().find(|(who, _)| *who == by).map(|(_, amount)| *amount);
        let shown = |amount: Option<i64>| amount.map_or_else(|| "–".to_owned(), |amount| figure(one.resource, amount));
        let mut cells =
            cells![words.t(&format!("resource-{}", one.resource.code())), figure(one.resource, one.requested)];
        if is_assessed {
            cells.push(shown(by(By::Assessor)).into_any());
        }
        cells.extend(cells![shown(by(By::Panel)), shown(one.awarded)]);
        cells
    });
    let mut table = Table::new("amounts-title").column("amounts-resource").figures("amount-requested");
    if is_assessed {
        table = table.figures("amount-by-assessor");
    }
    table.figures("amount-by-panel").figures("amount-awarded").rows(rows).show(words)
}

fn advised(words: Words, advice: &PanelAdvice) -> AnyView {
    let href = format!("/panels/{}", advice.panel);
    let outcome = words.t(&format!("panel-outcome-{}", advice.outcome.code()));
    panel(view! {
        <h2>{words.t("panel-recommendation")} ": " {outcome}</h2>
        <p class="typed">{advice.note.clone()}</p>
        <p class="hint"><a href=href>{advice.name.clone()}</a></p>
    })
}

/// The reasons as they were written, where that was not the applicant's language.
fn original(words: Words, decision: &DecisionRow) -> Option<AnyView> {
    let original = decision.reasons_original.clone()?;
    Some(view! { <h3>{words.t("decision-reasons-original")}</h3> <p class="typed">{original}</p> }.into_any())
}

/// The conditions of an award, as the applicant reads them too.
pub(super) fn conditions(words: Words, conditions: &[String]) -> Option<AnyView> {
    let lines = conditions.iter().map(|condition| view! { <li>{condition.clone()}</li> }).collect_view();
    (!conditions.is_empty()).then(|| view! { <h2>{words.t("award-conditions")}</h2> <ul>{lines}</ul> }.into_any())
}

fn second_signature(words: Words, case: &DecisionCase, form: &FormState) -> AnyView {
    let id = case.case.id;
    let version = case.application.version.to_string();
    view! {
        <p>{words.t("countersign-help")}</p>
        {button_form(words, format!("/countersign/{id}"), "countersign-submit", &[("version", &version)])}
        {confirm(
            words,
            Confirm {
                action: format!("/decision/{id}/send-back"),
                open: "send-back-open",
                consequence: "send-back-consequence".to_owned(),
                button: "send-back-submit",
                values: vec![("version", version)],
            },
            Some((Field::area("reason", "send-back-reason"), form)),
        )}
    }
    .into_any()
}
