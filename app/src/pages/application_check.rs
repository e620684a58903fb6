//! Check your answers and hand in: everything that is missing, each a link to its field, then the one button.

use axum::extract::Path;
use chrono::DateTime;
use domain::{
    application::{State, Step, draft},
    call::{Question, said},
    id::ApplicationId,
    period::brussels_day,
    problem::Problem,
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{AidCase, ApplicationRead, DraftIssue, Error, Scarcity};
use text::{Words, args};

use super::{applications, modes};
use crate::{
    Form, PageResult, Visit,
    components::{
        form::{Answer, check_answers, hidden, post_form, submit},
        layout::{beside, heading},
    },
};

#[derive(Deserialize)]
pub struct Seen {
    #[serde(default)]
    version: String,
    /// The cut-off that the reader was told of.
    #[serde(default)]
    round: String,
}

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let read = visit.desk.read_application(id).await?;
    if read.application.state != State::Draft || !applications::may_write(&visit) {
        return Ok(visit.redirect(&format!("/applications/{id}")));
    }
    let pools = visit.desk.read_scarcity().await?;
    let aid = applications::aid_of(&visit, &read).await?;
    let title = visit.words.t("step-check");
    Ok(visit.page(title, move |words| page(words, (&read, &[]), &pools, aid.as_ref())).await)
}

pub async fn post(visit: Visit, Path(id): Path<ApplicationId>, Form(seen): Form<Seen>) -> PageResult {
    let round = DateTime::parse_from_rfc3339(&seen.round).ok().map(|round| round.to_utc());
    match visit.desk.submit_for_round(id, applications::version(&seen.version)?, round).await {
        Ok(()) => visit.redirect_saying(&format!("/applications/{id}"), "application-submitted-flash").await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.read_application(id).await?;
            if read.application.state != State::Draft {
                return Ok(visit.redirect(&format!("/applications/{id}")));
            }
            let pools = visit.desk.read_scarcity().await?;
            // What only handing in can find, such as a place that somebody else took meanwhile.
            let new = invalid.0.into_iter().filter(|fault| !read.issues.contains(fault)).collect::<Vec<_>>();
            let aid = applications::aid_of(&visit, &read).await?;
            let title = visit.words.t("step-check");
            Ok(visit.refused(title, move |words| page(words, (&read, &new), &pools, aid.as_ref())).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(
    words: Words,
    (read, new): (&ApplicationRead, &[DraftIssue]),
    pools: &[Scarcity],
    aid: Option<&AidCase>,
) -> impl IntoView + use<> {
    let id = read.application.id;
    let back = format!("/applications/{id}");
    let name = applications::title_of(words, read);
    let sections: Vec<AnyView> = Step::ALL.into_iter().map(|step| section(words, read, step)).collect();
    let due = read.answer_due.map(|due| words.with("check-due", args![due => words.weekday_date(brussels_day(due))]));
    let hand_in = view! {
        <p>{words.t("check-after")}</p>
        {due.map(|due| view! { <p>{due}</p> })}
        {post_form(format!("/applications/{id}/check"), view! {
            {hidden("version", read.application.version.to_string())}
            {read.round.map(|round| hidden("round", round.to_rfc3339()))}
            {submit(words, "check-submit")}
        })}
    };
    let main = view! {
        {missing(words, read, new)}
        {sections}
        {super::call_answers::section(words, read)}
        <h2>{words.t("modes-rules")}</h2>
        {match &read.call {
            Some(call) => super::calls::checks(words, &read.call_checks, call),
            None => modes::checks(words, &read.checks, &read.mode),
        }}
        <h2>{words.t("check-hand-in")}</h2>
        {hand_in}
    };
    // One piece: it stays in sight as a whole.
    let aside = view! {
        <div>
            {applications::price(words, read.quote.as_ref(), true)}
            {aid.and_then(|aid| super::aid_case::for_applicant(words, aid, State::Draft))}
            {super::application_demand::demand(words, read, pools)}
        </div>
    };
    view! {
        <p class="above"><a href=back>{name}</a></p>
        {heading(words.t("step-check"), None, None)}
        {beside(main, aside)}
    }
}

/// The list of what is missing or wrong; every line leads to where it can be mended.
fn missing(words: Words, read: &ApplicationRead, new: &[DraftIssue]) -> AnyView {
    if read.issues.is_empty() && new.is_empty() {
        return ().into_any();
    }
    let id = read.application.id;
    let lines = new.iter().chain(&read.issues).map(|(field, problem)| {
        if let Some(question) = question_of(read, field) {
            let label = said(&question.label, words.locale().code()).to_owned();
            let sentence = words.with("check-problem", args![question => label, problem => words.problem(*problem)]);
            let href = format!("/applications/{id}/questions#{field}");
            return view! { <li><a href=href>{sentence}</a></li> }.into_any();
        }
        let sentence = sentence(words, field, *problem);
        match draft::field_named(field) {
            Some(known) => {
                let href = format!("/applications/{id}/{}#{field}", known.step.code());
                view! { <li><a href=href>{sentence}</a></li> }.into_any()
            }
            None if field == "report" => view! { <li><a href="/allocations">{sentence}</a></li> }.into_any(),
            None if field == "organisation" => view! { <li><a href="/organisation">{sentence}</a></li> }.into_any(),
            None => view! { <li>{sentence}</li> }.into_any(),
        }
    });
    let count = i64::try_from(read.issues.len() + new.len()).unwrap_or(i64::MAX);
    view! {
        <div class="error-summary" role="alert" tabindex="-1" id="error-summary">
            <h2>{words.with("check-missing", args![count => count])}</h2>
            <ul>{lines.collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// The question of the call that this field answers, or whose file it is.
fn question_of<'a>(read: &'a ApplicationRead, field: &str) -> Option<&'a Question> {
    let code = field.strip_prefix("q-").or_else(|| field.strip_prefix("file-"))?;
    read.answers.questions.iter().find(|question| question.code == code)
}

fn sentence(words: Words, field: &str, problem: Problem) -> String {
    let what = words.problem(problem);
    match (field, problem) {
        (_, problem) if super::calls::is_of_call(problem) => what,
        ("", Problem::AlreadyDone) => words.t("check-one-at-once"),
        ("", Problem::TooLate) => words.t("check-closed"),
        ("organisation", Problem::Required) => words.t("check-organisation-size"),
        ("organisation", _) => words.t("check-organisation-not-eligible"),
        ("report", _) => what,
        ("gpus", Problem::NoCapacity) => words.t("check-not-feasible"),
        (field, _) => {
            let question = words.t(&format!("field-{}", field.replace('_', "-")));
            words.with("check-problem", args![question => question, problem => what])
        }
    }
}

fn section(words: Words, read: &ApplicationRead, step: Step) -> AnyView {
    let id = read.application.id;
    let answers = draft::fields_of(step, &read.mode)
        .filter(|field| {
            !read.draft.get(field.name).is_empty() || domain::application::submit::is_needed(field, &read.draft)
        })
        .map(|field| Answer {
            question: format!("field-{}", field.name.replace('_', "-")),
            answer: answer(words, read, field),
            change: Some(format!("/applications/{id}/{}#{}", step.code(), field.name)),
        })
        .collect();
    view! { <h2>{words.t(&format!("step-{}", step.code()))}</h2> {check_answers(words, answers)} }.into_any()
}

fn answer(words: Words, read: &ApplicationRead, field: &domain::application::Field) -> String {
    use domain::application::Kind;
    let typed = read.draft.get(field.name);
    match field.kind {
        _ if typed.is_empty() => String::new(),
        Kind::Choice(_) => words.t(&format!("choice-{}-{typed}", field.name.replace('_', "-"))),
        Kind::Tick => words.t("choice-ticked"),
        Kind::Months => typed
            .parse()
            .map_or_else(|_| typed.to_owned(), |count: i64| words.with("choice-months", args![count => count])),
        Kind::Day => typed.parse().map_or_else(|_| typed.to_owned(), |day| words.date(day)),
        Kind::Site => {
            let site = read.sites.iter().find(|site| site.slug == typed);
            site.map_or_else(|| typed.to_owned(), |site| site.name.clone())
        }
        Kind::Country => words.find(&format!("country-{typed}"), &args![]).unwrap_or_else(|| typed.to_owned()),
        _ => typed.to_owned(),
    }
}
