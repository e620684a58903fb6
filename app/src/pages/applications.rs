//! The organisation's applications and one of them: its tasks, its price, what happened and whom it waits for.

use axum::extract::Path;
use chrono::{DateTime, Utc};
use domain::{
    actor::Group,
    allocation,
    application::{State, Step, draft},
    id::ApplicationId,
    matching::Why,
    period::brussels_day,
    pricing::Quote,
    workflow::{Kind, appeal::Outcome, edge::Node},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{AidCase, ApplicationListed, ApplicationRead, Awaited, Error, RunSaid, rows::EventRow};
use text::{Words, args};

use super::{aid_case, course, matching::why_view, modes};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field,
        form::{FormState, button_form, error_summary},
        layout::{Confirm, Tone, beside, confirm, empty, heading, link_button, notice, tag},
        price::{PriceLine, price_panel},
        progress::{Moment, Task, TaskState, task_list, timeline},
        table::Table,
    },
};

#[derive(Deserialize, Serialize)]
pub struct Withdrawal {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    version: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let all = visit.desk.list_applications().await?;
    let may_write = may_write(&visit);
    Ok(visit.page(visit.words.t("applications-title"), move |words| list(words, &all, may_write)).await)
}

pub async fn get_one(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let shown = Shown::read(&visit, id, FormState::default()).await?;
    let title = title_of(visit.words, &shown.read);
    Ok(visit.page(title, move |words| one(words, &shown)).await)
}

/// Everything the page of one application shows.
struct Shown {
    read: ApplicationRead,
    why: Waiting,
    is_served: bool,
    may_write: bool,
    form: FormState,
    now: DateTime<Utc>,
    /// What it is as State aid, for its company.
    aid: Option<AidCase>,
}

impl Shown {
    async fn read(visit: &Visit, id: ApplicationId, form: FormState) -> Result<Self, AppError> {
        let read = visit.desk.read_application(id).await?;
        let is_open = read.offers.iter().any(|offer| offer.state.is_open() || offer.state == allocation::State::Ended);
        let waits = read.application.state == State::Approved && !is_open;
        let reason = if waits { visit.desk.run_reason(id).await? } else { None };
        let why = if waits && reason.is_none() { visit.desk.why_waiting(id).await? } else { None };
        let (why, may_write) = (Waiting { why, reason }, may_write(visit));
        let aid = aid_of(visit, &read).await?;
        Ok(Self { read, why, is_served: is_open, may_write, form, now: visit.desk.now, aid })
    }
}

/// The aid it would be or is, if a company asks about its own.
pub(super) async fn aid_of(visit: &Visit, read: &ApplicationRead) -> Result<Option<AidCase>, AppError> {
    if visit.actor().organisation().is_none() {
        return Ok(None);
    }
    Ok(Some(visit.desk.own_aid_case(read.application.id, read.quote.as_ref()).await?))
}

pub async fn post_withdrawal(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Withdrawal>) -> PageResult {
    match visit.desk.withdraw_application(id, &typed.reason, version(&typed.version)?).await {
        Ok(()) => visit.redirect_saying(&format!("/applications/{id}"), "application-withdrawn-flash").await,
        Err(Error::Invalid(invalid)) => {
            let shown = Shown::read(&visit, id, FormState::of(&typed).with(invalid)).await?;
            let title = title_of(visit.words, &shown.read);
            Ok(visit.refused(title, move |words| one(words, &shown)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_copy(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let copy = visit.desk.copy_application(id).await?;
    visit.redirect_saying(&format!("/applications/{copy}"), "application-copied-flash").await
}

pub(super) fn version(typed: &str) -> Result<i32, AppError> {
    typed.parse().map_err(|_| AppError::Form("version".to_owned()))
}

pub(super) fn may_write(visit: &Visit) -> bool {
    matches!(visit.actor().group(), Group::Owner | Group::Applicant)
}

pub(super) fn title_of(words: Words, read: &ApplicationRead) -> String {
    titled(words, read.draft.get("title"))
}

/// A title, or words in its place.
pub(super) fn titled(words: Words, title: &str) -> String {
    let title = title.trim();
    if title.is_empty() { words.t("application-untitled") } else { title.to_owned() }
}

const fn tone(state: State) -> Tone {
    match state {
        State::Draft => Tone::Yours,
        State::Submitted | State::InReview | State::AwaitingSignature => Tone::Waiting,
        State::Approved => Tone::Good,
        State::Refused => Tone::Bad,
        State::Withdrawn => Tone::Calm,
    }
}

fn state_tag(words: Words, state: State) -> AnyView {
    tag(tone(state), words.t(&format!("application-state-{}", state.code())))
}

fn list(words: Words, all: &[ApplicationListed], may_write: bool) -> impl IntoView + use<> {
    let rows = all.iter().map(|listed| {
        let row = &listed.application;
        let title = titled(words, &listed.title);
        let due = row.due_at.filter(|_| row.state.is_open()).map(|due| words.date_figure(brussels_day(due)));
        cells![
            view! { <a href=format!("/applications/{}", row.id)>{title}</a> },
            row.reference.clone().unwrap_or_default(),
            words.t(&format!("mode-name-{}", row.mode)),
            match listed.awaited {
                Some(Awaited::Answer(_)) => tag(Tone::Yours, words.t("application-asked")),
                Some(Awaited::Reply(_)) => tag(Tone::Yours, words.t("workflow-step-rebuttal")),
                None => state_tag(words, row.state),
            },
            due.unwrap_or_default(),
            words.date_figure(brussels_day(row.updated_at)),
        ]
    });
    let action = may_write.then_some(("/modes", "applications-new"));
    let table = Table::new("applications-table")
        .column("applications-name")
        .column("applications-reference")
        .column("applications-mode")
        .column("applications-state")
        .column("applications-due")
        .column("applications-changed")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "applications-empty", "applications-empty-help", action));
    let new = (may_write && !all.is_empty()).then(|| link_button(words, "/modes", "applications-new"));
    view! {
        <h1>{words.t("applications-title")}</h1>
        {table.show(words)}
        {new}
    }
}

/// Why an approved application has no offer: from the order of arrival, or from the run it competed in.
struct Waiting {
    why: Option<Why>,
    reason: Option<RunSaid>,
}

fn one(words: Words, shown: &Shown) -> impl IntoView + use<> {
    let Shown { read, why, may_write, .. } = shown;
    let row = &read.application;
    let mode = modes::name(words, read.mode.code);
    let above = match &row.reference {
        Some(reference) => format!("{reference} · {mode}"),
        None => mode,
    };
    let questions = course::questions(words, &read.course.questions);
    let main = view! {
        {super::call_answers::under(words, read)}
        {(!shown.is_served).then(|| waiting(words, shown))}
        {why.why.as_ref().map(|why| notice(Tone::Waiting, why_view(words, why)))}
        {why.reason.as_ref().map(|reason| notice(Tone::Waiting, super::run_reason::said(words, reason)))}
        {decision(words, shown)}
        {course::steps(words, &read.course, shown.now)}
        {questions}
        {if row.state == State::Draft { tasks(words, read).into_any() } else { sections(words, read).into_any() }}
        <h2>{words.t("application-timeline")}</h2>
        {timeline(words, moments(words, read))}
        {may_write.then(|| deeds(words, read, &shown.form))}
    };
    let aid = shown.aid.as_ref().and_then(|aid| aid_case::for_applicant(words, aid, row.state));
    let is_over = matches!(row.state, State::Refused | State::Withdrawn);
    let is_booked = read.offers.iter().any(|offer| offer.state.is_open() && offer.state.is_awarded());
    let may_quote = *may_write && read.quote.is_some() && !is_over && !is_booked;
    let aside = view! {
        <div>
            {price(words, read.quote.as_ref(), row.state == State::Draft)}
            {may_quote.then(|| view! { <p><a href=format!("/applications/{}/quote", row.id)>{words.t("quotes-link")}</a></p> })}
            {aid}
            {row.lot_code.as_ref().map(|code| lot_code(words, code))}
        </div>
    };
    let tag = match read.course.node {
        _ if read.course.asked().is_some() => tag(Tone::Yours, words.t("application-asked")),
        Node::At(kind @ Kind::Rebuttal) => tag(Tone::Yours, course::step_name(words, kind)),
        Node::At(kind) => tag(Tone::Waiting, course::step_name(words, kind)),
        _ => state_tag(words, row.state),
    };
    view! {
        {error_summary(words, &shown.form)}
        {heading(title_of(words, read), Some(above), Some(tag))}
        {beside(main, aside)}
    }
}

/// What it draws with where a lot decides, folded away: few ever need it.
fn lot_code(words: Words, code: &str) -> AnyView {
    view! {
        <details class="panel">
            <summary>{words.t("lot-code")}</summary>
            <p><code>{code.to_owned()}</code></p>
            <p class="hint">{words.t("lot-code-why")}</p>
        </details>
    }
    .into_any()
}

/// Whom it waits for, until when, and the way to do it where it is the reader's turn.
fn waiting(words: Words, shown: &Shown) -> AnyView {
    let read = &shown.read;
    let row = &read.application;
    if let Some((tone, said)) = course::waits(words, &read.course) {
        let late = read.course.asked().is_none() && read.course.to_answer().is_some();
        let late = late.then(|| view! { <p>{words.t("waits-at-late-answer")}</p> });
        let promise = row.due_at.filter(|_| row.state.is_open() && read.course.asked().is_none());
        let promise = promise.map(|due| {
            let promise = words.with("waits-promise", args![due => words.weekday_date(brussels_day(due))]);
            view! { <p>{promise}</p> }
        });
        return notice(tone, view! { <p>{said}</p> {late} {promise} {turn(words, shown)} });
    }
    let sentence = match (row.state, read.answer_due) {
        (State::Approved, _) => words.t("waits-for-offer"),
        (State::Draft, Some(due)) => words.with("waits-for-you", args![due => words.weekday_date(brussels_day(due))]),
        (State::Draft, None) => words.t("waits-for-next-round"),
        (state, _) => words.t(&format!("application-ended-{}", state.code())),
    };
    notice(tone(row.state), view! { <p>{sentence}</p> })
}

/// Where the reader answers what they were asked, or the reviews.
fn turn(words: Words, shown: &Shown) -> Option<AnyView> {
    let (course, id) = (&shown.read.course, shown.read.application.id);
    if !shown.may_write {
        return None;
    }
    let (page, label) = match course.node {
        _ if course.to_answer().is_some() => ("answer", "waits-answer-link"),
        Node::At(Kind::Rebuttal) => ("reply", "waits-reply-link"),
        _ => return None,
    };
    Some(link_button(words, format!("/applications/{id}/{page}"), label))
}

/// The workflow's transitions and what happened besides, newest first.
fn moments(words: Words, read: &ApplicationRead) -> Vec<Moment> {
    let events = read.events.iter().filter_map(|event| Some((event.at, moment(words, event)?)));
    let transitions = read.course.transitions.iter().filter_map(|row| course::public_moment(words, row));
    let mut all: Vec<(DateTime<Utc>, Moment)> = events.chain(transitions).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().rev().map(|(_, moment)| moment).collect()
}

/// The decision with its reasons, and the offers that followed.
fn decision(words: Words, shown: &Shown) -> impl IntoView + use<> {
    let read = &shown.read;
    let remedy = remedy(words, shown);
    let decided = read.decision.as_ref().map(|decision| {
        let granted = (read.application.state == State::Approved)
            .then(|| words.with("application-granted", args![hours => words.hours(decision.granted)]));
        view! {
            <h2>{words.t("application-decision")}</h2>
            {granted.map(|granted| view! { <p>{granted}</p> })}
            <p class="typed">{decision.reasons.clone()}</p>
            {super::decision::conditions(words, &decision.each_condition())}
            {remedy}
        }
    });
    let offers: Vec<AnyView> = read
        .offers
        .iter()
        .map(|offer| {
            let is_offer = offer.state == allocation::State::Offered;
            let (place, label) =
                if is_offer { ("offers", "application-offer") } else { ("allocations", "application-allocation") };
            let label = words.with(
                label,
                args![
                    week => words.date(offer.first_week),
                    gpus => offer.gpus,
                    model => offer.model.code(),
                ],
            );
            view! { <li><a href=format!("/{place}/{}", offer.id)>{label}</a></li> }.into_any()
        })
        .collect();
    let offers = (!offers.is_empty()).then(|| view! { <h2>{words.t("application-offers")}</h2> <ul>{offers}</ul> });
    view! { {decided} {offers} }
}

/// What can be done against the decision, until when, and what was.
fn remedy(words: Words, shown: &Shown) -> AnyView {
    let (read, now) = (&shown.read, shown.now);
    let id = read.application.id;
    if read.application.state == State::Approved {
        return view! { <p class="hint">{words.t("application-remedy")}</p> }.into_any();
    }
    let judged = read.course.appeals.iter().rev().find(|row| row.outcome == Some(Outcome::Rejected));
    if let (None, Some(row)) = (read.course.open_appeal(), judged) {
        return view! {
            <h3>{words.t("appeal-judged-rejected")}</h3>
            <p class="typed">{row.reasons.clone()}</p>
            <p class="hint">{words.t("appeal-final")}</p>
        }
        .into_any();
    }
    if let Some(open) = read.course.open_appeal() {
        let filed = words.with("appeal-was-filed", args![at => words.instant(open.filed_at)]);
        return view! { <p>{filed}</p> }.into_any();
    }
    match read.course.appeal_until.filter(|until| now <= *until) {
        Some(until) => {
            let days = i64::from(read.course.plan.appeal_days);
            let until = words.weekday_date(brussels_day(until));
            let link = shown.may_write.then(|| {
                view! { <p><a href=format!("/applications/{id}/appeal")>{words.t("appeal-link")}</a></p> }
            });
            view! { <p class="hint">{words.with("appeal-open", args![days => days, until => until])}</p> {link} }
                .into_any()
        }
        None => view! { <p class="hint">{words.t("appeal-over")}</p> }.into_any(),
    }
}

/// The state of each step follows from what is typed and what is wrong.
fn tasks(words: Words, read: &ApplicationRead) -> impl IntoView + use<> {
    let id = read.application.id;
    let wrong = |step: Step| {
        read.issues.iter().any(|(field, _)| draft::field_named(field).is_some_and(|field| field.step == step))
    };
    let mut tasks: Vec<Task> = Step::ALL
        .into_iter()
        .map(|step| {
            let state = match (wrong(step), read.draft.is_begun(step)) {
                (false, _) => TaskState::Done,
                (true, true) => TaskState::Begun,
                (true, false) => TaskState::Open,
            };
            Task {
                name: format!("step-{}", step.code()),
                href: Some(format!("/applications/{id}/{}", step.code())),
                hint: Some(format!("step-{}-hint", step.code())),
                state,
            }
        })
        .collect();
    if !read.answers.questions.is_empty() {
        let is_wrong = !read.answers.faults().is_empty();
        let state = match (is_wrong, read.answers.answers.is_empty()) {
            (false, _) => TaskState::Done,
            (true, false) => TaskState::Begun,
            (true, true) => TaskState::Open,
        };
        tasks.push(Task {
            name: "call-questions".to_owned(),
            href: Some(format!("/applications/{id}/questions")),
            hint: Some("call-questions-hint".to_owned()),
            state,
        });
    }
    tasks.push(Task {
        name: "step-check".to_owned(),
        href: Some(format!("/applications/{id}/check")),
        hint: Some("step-check-hint".to_owned()),
        state: if read.issues.is_empty() { TaskState::Open } else { TaskState::Later },
    });
    view! { <h2>{words.t("application-tasks")}</h2> {task_list(words, tasks)} }
}

fn sections(words: Words, read: &ApplicationRead) -> impl IntoView + use<> {
    view! {
        <h2>{words.t("application-answers")}</h2>
        {super::application_text::answers(words, &read.application.draft)}
        {super::call_answers::answered(words, &read.answers)}
    }
}

/// `None` for what is between staff, such as a conflict of interest: it has no words here.
fn moment(words: Words, event: &EventRow) -> Option<Moment> {
    let kind = event.kind.replace('_', "-");
    let what = words.find(&format!("happened-{kind}"), &args![])?;
    let tone = if kind.contains("approved") {
        Tone::Good
    } else if kind.contains("refused") {
        Tone::Bad
    } else {
        Tone::Calm
    };
    // The role, not the name: reviewers stay unknown to applicants.
    let who = words.find(&format!("stand-{}", event.actor_group.replace('_', "-")), &args![]);
    // Only what the site wrote to them: what officers wrote to each other stays with them.
    let why = (event.kind == "booking_refused").then(|| reason(event)).flatten();
    Some(Moment { at: words.instant(event.at), what, who, why, tone })
}

fn reason(event: &EventRow) -> Option<String> {
    let detail: serde_json::Value = serde_json::from_str(&event.detail).ok()?;
    Some(detail.get("reason")?.as_str()?.to_owned())
}

fn deeds(words: Words, read: &ApplicationRead, form: &FormState) -> impl IntoView + use<> {
    let row = &read.application;
    let is_awarded = read.offers.iter().any(|offer| offer.state.is_awarded());
    let withdraw = (row.state.can_be_withdrawn() && !is_awarded).then(|| {
        let reason = match row.state {
            State::Draft => None,
            _ => Some((Field::area("reason", "withdraw-reason").rows(3), form)),
        };
        confirm(
            words,
            Confirm {
                action: format!("/applications/{}/withdraw", row.id),
                open: "application-withdraw",
                consequence: "application-withdraw-consequence".to_owned(),
                button: "application-withdraw-button",
                values: vec![("version", row.version.to_string())],
            },
            reason,
        )
    });
    let copy = format!("/applications/{}/copy", row.id);
    let reviews = read.course.steps.iter().any(|step| step.kind == Kind::Rebuttal && step.begun_at.is_some());
    let reviews = reviews.then(|| {
        view! { <p><a href=format!("/applications/{}/reply", row.id)>{words.t("waits-read-reviews")}</a></p> }
    });
    view! {
        {reviews}
        <p><a href=format!("/applications/{}/parties", row.id)>{words.t("parties-title")}</a></p>
        <div class="buttons">{button_form(words, copy, "application-copy", &[])}{withdraw}</div>
    }
}

/// The price panel; `is_live` says that it may still change.
pub(super) fn price(words: Words, quote: Option<&Quote>, is_live: bool) -> AnyView {
    let Some(quote) = quote else {
        return view! { <section class="panel price"><h2>{words.t("price-title")}</h2><p>{words.t("price-unknown")}</p></section> }
            .into_any();
    };
    let hours = words.hours(quote.gpu_time);
    let list = words.with(
        "price-list-why",
        args![hours => hours, model => quote.model.code(), rate => words.rate(quote.list_rate)],
    );
    let subsidy = words.with(
        "price-subsidy-why",
        args![
            share => words.percent(quote.subsidy_share),
            pot => words.pot(&quote.pot),
            regime => words.t(&format!("regime-{}", quote.regime.code())),
        ],
    );
    let vat = words.with(
        "price-vat-why",
        args![
            treatment => words.t(&format!("price-vat-{}", quote.vat_treatment.code())),
            rate => words.percent(quote.vat_rate),
        ],
    );
    let minus = quote.subsidy.negated().unwrap_or(quote.subsidy);
    let lines = vec![
        PriceLine::new(words.t("price-list"), quote.list, list),
        PriceLine::new(words.t("price-subsidy"), minus, subsidy),
        PriceLine::new(words.t("price-own"), quote.own, words.t("price-own-why")),
        PriceLine::new(words.t("price-vat"), quote.vat, vat),
        PriceLine::total(words.t("price-due"), quote.due),
    ];
    let note = if is_live { "price-note-live" } else { "price-note-frozen" };
    let note = words.with(note, args![day => words.date(quote.priced_on), source => quote.price_source.clone()]);
    price_panel(words, "price-title", lines, Some(note))
}
