//! Giving reviews out: the proposal with its reasons, loads and gaps; change it by hand, commit it, see who answered.

use axum::response::Response;
use domain::{
    assignment::{Hand, ProposalState, given_out},
    id::{ApplicationId, PersonId, ProposalId},
    problem::{Invalid, Problem},
    scope::Scope,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{AssignmentItem, AssignmentRead, Error};
use text::{Words, args};

use super::{
    assignment_loads::{asked, lacks, loads},
    scope,
};
use crate::{
    AppError, Form, PageResult, Query, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        field::Choice,
        form::{FormState, button_form, error_summary, hidden, post_form, row_button, submit},
        layout::{Figure, details_if, figure, figures, heading, kept, tabs, tag},
        notice,
    },
};

/// Which proposal was seen, in which version, and what is to change in it.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    proposal: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    application: String,
    #[serde(default)]
    person: String,
    /// `pin`, `forbid`, or `free`.
    #[serde(default)]
    hand: String,
    /// A review given out directly.
    #[serde(default)]
    give_application: String,
    #[serde(default)]
    give_person: String,
    /// In which it is done.
    #[serde(default)]
    scope: String,
    /// Decides between answers that are equally good.
    #[serde(default)]
    seed: String,
}

impl Typed {
    fn proposal(&self) -> Result<(ProposalId, i32), AppError> {
        let id = self.proposal.parse().map_err(|_| AppError::NOT_FOUND)?;
        Ok((id, self.version.parse().map_err(|_| AppError::NOT_FOUND)?))
    }

    fn pair(&self) -> Option<(ApplicationId, PersonId)> {
        Some((self.application.parse().ok()?, self.person.parse().ok()?))
    }

    fn given(&self) -> Option<(ApplicationId, PersonId)> {
        Some((self.give_application.parse().ok()?, self.give_person.parse().ok()?))
    }
}

/// Which scope is looked at; without one, the first mode whose reviews are given out.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    scope: String,
}

fn scope_of(code: &str) -> Result<Scope, AppError> {
    let first = || given_out().next().map(Scope::Mode);
    Scope::parse(code).or_else(first).ok_or(AppError::NOT_FOUND)
}

fn address(scope: Scope) -> String {
    format!("/assignment?scope={scope}")
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let read = visit.desk.read_assignment(scope_of(&asked.scope)?).await?;
    let form = FormState::default();
    Ok(visit.page(visit.words.t("assignment-title"), move |words| page(words, &read, &form)).await)
}

pub async fn post_propose(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let seed = typed.seed.trim().parse().unwrap_or(1);
    let scope = scope_of(&typed.scope)?;
    visit.desk.propose_assignment(scope, seed).await?;
    visit.redirect_saying(&address(scope), "assignment-proposed").await
}

pub async fn post_change(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let (proposal, seen) = typed.proposal()?;
    let Some(pair) = typed.pair() else {
        return refused(&visit, FormState::of(&typed).with(Invalid::one("person", Problem::Required))).await;
    };
    let hand = match typed.hand.as_str() {
        "free" => None,
        code => Some(Hand::from_code(code).ok_or(AppError::NOT_FOUND)?),
    };
    answer(&visit, &typed, visit.desk.change_assignment(proposal, seen, pair, hand).await, "assignment-changed").await
}

pub async fn post_commit(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let (proposal, seen) = typed.proposal()?;
    answer(&visit, &typed, visit.desk.commit_assignment(proposal, seen).await, "assignment-committed").await
}

/// One review given out directly.
pub async fn post_assign(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let Some((application, person)) = typed.given() else {
        return refused(&visit, FormState::of(&typed).with(Invalid::one("give_person", Problem::Required))).await;
    };
    let given = visit.desk.assign_review(application, person).await.map_err(|error| match error {
        // The form has names of its own: another form of the page has the usual ones.
        Error::Invalid(invalid) => {
            let own = |field: String| if field == "person" { "give_person".to_owned() } else { field };
            Error::Invalid(Invalid(invalid.0.into_iter().map(|(field, problem)| (own(field), problem)).collect()))
        }
        other => other,
    });
    answer(&visit, &typed, given, "assignment-given").await
}

async fn answer(visit: &Visit, typed: &Typed, done: Result<(), Error>, said: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_saying(&address(scope_of(&typed.scope)?), said).await,
        Err(Error::Invalid(invalid)) => refused(visit, FormState::of(typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, form: FormState) -> Result<Response, AppError> {
    let read = visit.desk.read_assignment(scope_of(&form.value("scope"))?).await?;
    let form = named(&read, form);
    Ok(visit.refused(visit.words.t("assignment-title"), move |words| page(words, &read, &form)).await)
}

/// What stops a commit is said at the pair's row, and in the summary as a sentence of the whole form.
fn named(read: &AssignmentRead, form: FormState) -> FormState {
    let mut invalid = Invalid::default();
    for (field, problem) in &form.problems().0 {
        let is_pair = field.contains(' ');
        invalid.add(if is_pair { "" } else { field }, *problem);
    }
    let stopped = form.problems().0.iter().filter_map(|(field, _)| field.split_once(' '));
    let names: Vec<String> = stopped
        .filter_map(|(application, reviewer)| {
            // What a conflict hides is not named here either.
            let case = read.cases.get(&application.parse().ok()?)?;
            Some(format!("{} {}", case.reference, read.name(reviewer.parse().ok()?)))
        })
        .collect();
    form.with(invalid).set("stopped", names.join("; "))
}

fn page(words: Words, read: &AssignmentRead, form: &FormState) -> impl IntoView + use<> {
    let is_draft = read.proposal.as_ref().is_some_and(|(row, _)| row.state == ProposalState::Draft);
    let stopped = form.value("stopped");
    let stopped =
        (!stopped.is_empty()).then(|| notice(Tone::Bad, words.with("assignment-stopped", args![pairs => stopped])));
    let propose = post_form(
        "/assignment/propose",
        view! {
            <p>{words.t("assignment-propose-help")}</p>
            {hidden("seed", "1")}
            {hidden("scope", read.scope.to_string())}
            {submit(words, "assignment-propose")}
        },
    );
    view! {
        {error_summary(words, form)}
        {stopped}
        {heading(words.t("assignment-title"), Some(scope::name_in(words, &read.scopes, read.scope)), None)}
        <p class="lead">{words.t("assignment-lead")}</p>
        {(read.scopes.len() > 1)
            .then(|| tabs(words, "assignment-scopes", scope::links(words, &read.scopes, address), &address(read.scope)))}
        {summary(words, read)}
        {if is_draft { draft(words, read, form) } else { propose }}
        {asked(words, read, form)}
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn summary(words: Words, read: &AssignmentRead) -> AnyView {
    let missing: i64 = read.waiting.iter().map(|one| i64::from(one.1)).sum();
    let mut shown: Vec<Figure> = vec![
        figure(words.integer(count(read.waiting.len())), words.t("assignment-waiting"), None),
        figure(words.integer(missing), words.t("assignment-missing"), None),
        figure(words.integer(count(read.reviewers.len())), words.t("assignment-reviewers"), None),
    ];
    if let Some((row, outcome)) = read.proposal.as_ref().filter(|(row, _)| row.state == ProposalState::Draft) {
        let is_best = outcome.score == outcome.bound;
        let gap = outcome.bound.value - outcome.score.value;
        let note = if is_best {
            words.t("assignment-optimal")
        } else {
            words.with("assignment-gap", args![points => words.integer(gap)])
        };
        let made = words.with("assignment-made", args![at => words.instant(row.made_at)]);
        shown.push(figure(
            words.integer(count(outcome.items.len())),
            words.t("assignment-given-out"),
            Some(format!("{made} {note}")),
        ));
    }
    figures(shown)
}

/// The proposal: commit first, then what it is made of.
fn draft(words: Words, read: &AssignmentRead, form: &FormState) -> AnyView {
    let Some((row, outcome)) = &read.proposal else { return ().into_any() };
    let version = row.version.to_string();
    let id = row.id.to_string();
    let commit = (!outcome.items.is_empty()).then(|| {
        post_form(
            "/assignment/commit",
            view! {
                <p>{words.t("assignment-commit-help")}</p>
                {hidden("proposal", id.clone())}
                {hidden("version", version.clone())}
                {hidden("scope", read.scope.to_string())}
                {submit(words, "assignment-commit")}
            },
        )
    });
    let scope = read.scope.to_string();
    let again = button_form(words, "/assignment/propose", "assignment-again", &[("seed", "1"), ("scope", &scope)]);
    view! {
        {commit}
        {lacks(words, read, outcome)}
        <h2>{words.t("assignment-proposal")}</h2>
        {table(words, read, &outcome.items, &id, &version)}
        {by_hand(words, read, form, &id, &version)}
        {loads(words, read, outcome)}
        {again}
    }
    .into_any()
}

fn table(words: Words, read: &AssignmentRead, items: &[AssignmentItem], id: &str, version: &str) -> AnyView {
    let rows = items.iter().filter_map(|item| {
        let case = read.cases.get(&item.application)?;
        let name = read.name(item.reviewer).to_owned();
        let said = || args![reference => case.reference.clone(), reviewer => name.clone()];
        let application = item.application.to_string();
        let person = item.reviewer.to_string();
        let scope = read.scope.to_string();
        let button = |label: &str, aloud: &str, hand: &str| {
            let values = [
                ("proposal", id),
                ("version", version),
                ("application", application.as_str()),
                ("person", person.as_str()),
                ("hand", hand),
                ("scope", scope.as_str()),
            ];
            row_button(words, "/assignment/change", label, words.with(aloud, said()), &values)
        };
        let keep = if item.is_pinned {
            button("assignment-free", "assignment-free-of", "free")
        } else {
            button("assignment-pin", "assignment-pin-of", "pin")
        };
        Some(cells![
            view! { <a href=format!("/decision/{application}")>{kept(case.reference.clone())}</a> },
            name.clone(),
            view! { {reason(words, item)} },
            words.whole_percent(i64::from(item.affinity) / 100),
            words.integer(i64::from(item.load)),
            next(words, read, item),
            view! { <div class="row-buttons">{keep} {button("assignment-forbid", "assignment-forbid-of", "forbid")}</div> },
        ])
    });
    Table::new("assignment-proposal")
        .column("case-reference")
        .column("assignment-reviewer")
        .column("assignment-why")
        .figures("assignment-affinity")
        .figures("assignment-load")
        .column("assignment-next")
        .column("assignment-change")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "assignment-none", "assignment-none-help", None))
        .show(words)
}

/// What spoke for this pair.
fn reason(words: Words, item: &AssignmentItem) -> AnyView {
    let bid = item.bid.map(|wish| tag(Tone::Calm, words.t(&format!("assignment-bid-{}", wish.code()))));
    let tags = [
        bid,
        item.is_pinned.then(|| tag(Tone::Yours, words.t("assignment-pinned"))),
        item.is_expert.then(|| tag(Tone::Good, words.t("assignment-expert"))),
    ];
    let shared = if item.words.is_empty() {
        words.t("assignment-no-words")
    } else {
        words.with("assignment-words", args![words => item.words.join(", ")])
    };
    view! { {tags.into_iter().flatten().collect_view()} " " {shared} }.into_any()
}

fn next(words: Words, read: &AssignmentRead, item: &AssignmentItem) -> String {
    let Some(next) = item.next else { return words.t("assignment-nobody-else") };
    let name = read.name(next.reviewer).to_owned();
    let points = words.integer(next.cost);
    let key = if next.loses_expert { "assignment-next-inexpert" } else { "assignment-next-of" };
    words.with(key, args![reviewer => name, points => points])
}

/// Any pair, pinned or forbidden; those fixed already can be freed.
fn by_hand(words: Words, read: &AssignmentRead, form: &FormState, id: &str, version: &str) -> AnyView {
    let hands = [
        Choice::new("pin", words.t("assignment-hand-pin")),
        Choice::new("forbid", words.t("assignment-hand-forbid")),
        Choice::new("free", words.t("assignment-hand-free")),
    ];
    let is_refused = form.refuses(&["application", "person", "hand"]);
    let fields = view! {
        {hidden("proposal", id)}
        {hidden("version", version)}
        {hidden("scope", read.scope.to_string())}
        {pair_fields(words, read, form, ["application", "person"])}
        {Field::select("hand", "assignment-hand", hands.into()).show(words, form)}
        <button class="button" type="submit">{words.t("assignment-change-submit")}</button>
    };
    let fixed = read.hands.iter().filter_map(|(application, person, hand)| {
        let reference = read.cases.get(application)?.reference.clone();
        let key = format!("assignment-fixed-{}", hand.code());
        let said = words.with(&key, args![reference => reference, reviewer => read.name(*person).to_owned()]);
        Some(view! { <li>{said}</li> })
    });
    let fixed: Vec<_> = fixed.collect();
    let list = (!fixed.is_empty()).then(|| view! { <ul>{fixed}</ul> });
    view! { {list} {details_if(is_refused, words.t("assignment-by-hand"), post_form("/assignment/change", fields))} }
        .into_any()
}

pub(super) fn pair_fields(
    words: Words,
    read: &AssignmentRead,
    form: &FormState,
    [application, person]: [&str; 2],
) -> AnyView {
    let first = || std::iter::once(Choice::new("", words.t("assignment-choose")));
    let applications = read.cases.values().map(|case| Choice::new(case.id.to_string(), case.reference.clone()));
    let reviewers = read.reviewers.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone()));
    view! {
        {Field::select(application, "assignment-application", first().chain(applications).collect()).show(words, form)}
        {Field::select(person, "assignment-reviewer", first().chain(reviewers).collect()).show(words, form)}
    }
    .into_any()
}
