//! Everybody who could judge one application, and what stands in their way: before anybody is asked.

use std::collections::BTreeMap;

use axum::extract::Path;
use domain::{
    conflict::{Evidence, Kind, Origin, State},
    id::ApplicationId,
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Bencher, ConflictBoard, ConflictRead, Error, WaiverRead};
use text::{Words, args};

use super::conflict::kinds;
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        field::Choice,
        form::{FormState, error_summary, post_form, row_button, submit},
        layout::{details, heading, link_button},
        tag,
    },
};

type Typed = BTreeMap<String, String>;

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let board = visit.desk.conflict_board(id).await?;
    Ok(visit.page(title(visit.words, &board), move |words| page(words, &board, &FormState::default())).await)
}

pub async fn get_record(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let board = visit.desk.conflict_board(id).await?;
    let form = FormState::default();
    Ok(visit.page(title(visit.words, &board), move |words| record(words, &board, &form)).await)
}

pub async fn post_record(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let text = |field: &str| typed.get(field).map(String::as_str).unwrap_or_default();
    let person = text("person").parse().map_err(|_| domain::problem::Problem::Required);
    let outcome = match person {
        Ok(person) => visit.desk.record_conflict(id, person, Kind::from_code(text("kind")), text("reason")).await,
        Err(problem) => Err(Error::invalid("person", problem)),
    };
    match outcome {
        // It may have been the officer's own: then there is nothing left to see.
        Ok(()) => match visit.desk.conflict_board(id).await {
            Ok(_) => visit.redirect_saying(&path(id), "conflicts-recorded").await,
            Err(_) => visit.redirect_saying("/board", "conflicts-recorded").await,
        },
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::new(typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: ApplicationId, form: FormState) -> Result<axum::response::Response, AppError> {
    let board = visit.desk.conflict_board(id).await?;
    Ok(visit.refused(title(visit.words, &board), move |words| record(words, &board, &form)).await)
}

#[derive(Debug, Default, Deserialize)]
pub struct Given {
    #[serde(default)]
    person: String,
}

/// Gives the application to one of those without a conflict.
pub async fn post_review(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Given>) -> PageResult {
    let person = typed.person.parse().map_err(|_| Error::NotFound)?;
    match visit.desk.give_review(id, person).await {
        Ok(()) => visit.redirect_saying(&path(id), "conflicts-review-given").await,
        Err(Error::Invalid(invalid)) => {
            let board = visit.desk.conflict_board(id).await?;
            let form = FormState::default().with(invalid);
            Ok(visit.refused(title(visit.words, &board), move |words| page(words, &board, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub fn path(id: ApplicationId) -> String {
    format!("/conflicts/{id}")
}

fn title(words: Words, board: &ConflictBoard) -> String {
    words.with("conflicts-title", args![reference => board.case.reference.clone()])
}

pub fn kind_name(words: Words, kind: Kind) -> String {
    words.t(&format!("conflict-kind-{}", kind.code().replace('_', "-")))
}

fn page(words: Words, board: &ConflictBoard, form: &FormState) -> impl IntoView + use<> {
    let id = board.case.id;
    let kinds = board.by_kind.iter().map(|(kind, count)| {
        let count = i64::try_from(*count).unwrap_or(i64::MAX);
        let line = words.with("conflicts-of-kind", args![kind => kind_name(words, *kind), count => count]);
        view! { <li>{line}</li> }
    });
    let kinds: Vec<AnyView> = kinds.map(IntoAny::into_any).collect();
    let none = kinds.is_empty().then(|| view! { <p>{words.t("conflicts-none")}</p> });
    let (excluded, free): (Vec<&Bencher>, Vec<&Bencher>) = board.bench.iter().partition(|one| one.is_excluded());
    let rows = |bench: &[&Bencher]| -> Vec<Vec<AnyView>> { bench.iter().map(|one| row(words, board, one)).collect() };
    let table = |caption: &str, bench: &[&Bencher]| {
        Table::new(caption)
            .column("reviewers-name")
            .column("conflicts-role")
            .column("conflicts-what")
            .rows(rows(bench))
            .under_heading()
            .empty(empty(words, "conflicts-nobody", "conflicts-nobody-help", None))
            .show(words)
    };
    view! {
        {error_summary(words, form)}
        {heading(title(words, board), Some(words.t(&format!("mode-name-{}", board.case.mode))), None)}
        <p>{board.case.organisation.clone()} " · " <a href=format!("/decision/{id}")>{words.t("conflicts-back")}</a></p>
        <section>
            <h2>{words.t("conflicts-by-kind")}</h2>
            {none}
            <ul>{kinds}</ul>
        </section>
        <section>
            <h2>{words.t("conflicts-excluded")}</h2>
            {table("conflicts-excluded", &excluded)}
        </section>
        <section>
            <h2>{words.t("conflicts-free")}</h2>
            {table("conflicts-free", &free)}
        </section>
        {link_button(words, format!("/conflicts/{id}/record"), "conflicts-record")}
    }
}

fn row(words: Words, board: &ConflictBoard, one: &Bencher) -> Vec<AnyView> {
    let mut roles = Vec::new();
    if one.reviews {
        roles.push(words.t("stand-reviewer"));
    }
    if one.decides {
        roles.push(words.t("stand-officer"));
    }
    let review = one
        .review
        .map(|is_in| tag(Tone::Calm, words.t(if is_in { "conflicts-has-reviewed" } else { "conflicts-is-reviewing" })));
    let id = board.case.id;
    let conflicts = one.conflicts.iter().map(|conflict| line(words, id, conflict)).collect_view();
    let is_open =
        matches!(board.case.state, domain::application::State::Submitted | domain::application::State::InReview);
    let give = (is_open && one.reviews && one.review.is_none() && !one.is_excluded()).then(|| {
        let label = words.with("conflicts-give-to", args![name => one.name.clone()]);
        let person = one.person.to_string();
        row_button(words, format!("/conflicts/{id}/review"), "conflicts-give", label, &[("person", &person)])
    });
    cells![
        one.name.clone(),
        view! { <span>{roles.join(", ")} " " {review}</span> },
        view! { <ul class="plain">{conflicts}</ul> {give} }
    ]
}

/// One conflict, what it rests on, and what became of it.
fn line(words: Words, id: ApplicationId, one: &ConflictRead) -> impl IntoView + use<> {
    let state = match one.row.state {
        State::InForce => tag(Tone::Bad, words.t("conflict-state-in-force")),
        State::Waived => tag(Tone::Good, words.t("conflict-state-waived")),
        State::Ended => tag(Tone::Calm, words.t("conflict-state-ended")),
    };
    let asked = one.waivers.iter().find(|waiver| waiver.row.outcome.is_none());
    let deed = match (one.row.state, asked) {
        (State::InForce, Some(waiver)) => Some((format!("/conflicts/{id}/answer/{}", waiver.row.id), "waiver-answer")),
        (State::InForce, None) => Some((format!("/conflicts/{id}/ask/{}", one.row.id), "waiver-ask")),
        _ => None,
    };
    let waivers: Vec<AnyView> = one.waivers.iter().map(|waiver| told(words, waiver).into_any()).collect();
    view! {
        <li>
            {kind_name(words, one.row.kind)} " " {state}
            <small class="below">{rests_on(words, one)}</small>
            {(!waivers.is_empty()).then(|| details(words.t("waiver-history"), view! { <ul>{waivers}</ul> }))}
            {deed.map(|(href, label)| view! { <p><a href=href>{words.t(label)}</a></p> })}
        </li>
    }
}

/// Who says so, and by what.
pub fn rests_on(words: Words, one: &ConflictRead) -> String {
    let day = words.date(domain::period::brussels_day(one.row.declared_at));
    match (one.row.origin, &one.evidence) {
        (Origin::Declared, _) => {
            words.with("conflict-by-declared", args![day => day, reason => one.row.reason.clone()])
        }
        (Origin::Officer, _) => {
            let officer = one.recorded_by.clone().unwrap_or_default();
            words.with("conflict-by-officer", args![day => day, officer => officer, reason => one.row.reason.clone()])
        }
        (origin, Some(evidence)) => found(words, origin, evidence),
        (_, None) => words.t("conflict-by-unknown"),
    }
}

fn found(words: Words, origin: Origin, evidence: &Evidence) -> String {
    let key = match origin {
        Origin::Applicant => "conflict-by-applicant".to_owned(),
        _ => format!("conflict-by-{}", evidence.by.code().replace('_', "-")),
    };
    let until = evidence.until.map(|day| words.date(day)).unwrap_or_default();
    let named = args![theirs => evidence.theirs.clone(), company => evidence.company.clone(), until => until.clone()];
    let sentence = words.with(&key, named);
    if until.is_empty() { sentence } else { words.with("conflict-until", args![sentence => sentence, until => until]) }
}

/// What was asked and answered, by whom and why.
pub fn told(words: Words, waiver: &WaiverRead) -> impl IntoView + use<> {
    let asked =
        words.with("waiver-asked", args![officer => waiver.asked_by.clone(), at => words.instant(waiver.row.asked_at)]);
    let answered = waiver.row.outcome.zip(waiver.row.decided_at).map(|(outcome, at)| {
        let officer = waiver.decided_by.clone().unwrap_or_default();
        let said =
            words.with(&format!("waiver-{}", outcome.code()), args![officer => officer, at => words.instant(at)]);
        view! { <p>{said}</p> <p class="typed">{waiver.row.decision_reason.clone()}</p> }
    });
    view! { <li><p>{asked}</p><p class="typed">{waiver.row.reason.clone()}</p>{answered}</li> }
}

fn record(words: Words, board: &ConflictBoard, form: &FormState) -> impl IntoView + use<> {
    let people = board.bench.iter().map(|one| Choice::new(one.person.to_string(), one.name.clone()));
    let people: Vec<Choice> = std::iter::once(Choice::new("", "conflicts-person-choose")).chain(people).collect();
    view! {
        {error_summary(words, form)}
        {heading(words.t("conflicts-record"), Some(board.case.reference.clone()), None)}
        <p>{words.t("conflicts-record-help")}</p>
        {post_form(
            format!("/conflicts/{}/record", board.case.id),
            view! {
                {Field::select("person", "conflicts-person", people).show(words, form)}
                {Field::radios("kind", "conflict-kind", kinds()).show(words, form)}
                {Field::area("reason", "conflict-reason").rows(3).show(words, form)}
                {submit(words, "conflicts-record-submit")}
            },
        )}
    }
}
