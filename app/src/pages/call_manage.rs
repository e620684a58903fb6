//! Officers' calls: the list, what a new one begins from, one call as a task list, publishing, closing, the preview.

use axum::extract::Path;
use domain::{
    call::{Section, Standing, State, draft::Draft, intake, said},
    id::CallId,
    mode::Code,
    problem::{Invalid, Problem},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{CallDraft, CallLine, CallRead, CallSource, Error};
use text::{Words, args};

use super::{call_answers, call_versions, calls, modes};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        field::{Choice, Field},
        form::{FormState, button_form, error_summary, hidden, post_form, submit},
        layout::{Confirm, Tone, beside, confirm, empty, facts, heading, link_button, notice, panel, tag},
        progress::{Moment, Task, TaskState, task_list, timeline},
        table::Table,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    from: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    version: String,
}

impl Typed {
    /// What is no number was never read, and is refused as stale.
    fn seen(&self) -> i32 {
        self.version.parse().unwrap_or_default()
    }
}

pub async fn get(visit: Visit) -> PageResult {
    let lines = visit.desk.list_call_drafts().await?;
    let form = FormState::new([("from", "LS".to_owned())]);
    Ok(visit.page(visit.words.t("call-manage-title"), move |words| list(words, &lines, &form)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let from = Code::from_code(&typed.from)
        .map(CallSource::Template)
        .or_else(|| typed.from.parse::<CallId>().ok().map(CallSource::Copy));
    let Some(from) = from else {
        let lines = visit.desk.list_call_drafts().await?;
        let form = FormState::of(&typed).with(Invalid::one("from", Problem::NotAChoice));
        return Ok(visit.refused(visit.words.t("call-manage-title"), move |words| list(words, &lines, &form)).await);
    };
    let id = visit.desk.create_call(from).await?;
    visit.redirect_saying(&format!("/calls/manage/{id}"), "call-made").await
}

pub async fn get_one(visit: Visit, Path(id): Path<CallId>) -> PageResult {
    let call = visit.desk.read_call_draft(id).await?;
    let title = name(visit.words, &call.draft);
    Ok(visit.page(title, move |words| one(words, &call, &FormState::default())).await)
}

pub async fn preview(visit: Visit, Path(id): Path<CallId>) -> PageResult {
    let title = visit.words.t("call-preview");
    match visit.desk.preview_call(id).await {
        Ok(read) => Ok(visit.page(title, move |words| previewed(words, id, &read)).await),
        Err(Error::Invalid(_)) => {
            let call = visit.desk.read_call_draft(id).await?;
            Ok(visit.page(title, move |words| unready(words, &call)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn get_publish(visit: Visit, Path(id): Path<CallId>) -> PageResult {
    let call = visit.desk.read_call_draft(id).await?;
    let title = visit.words.t("call-publish-title");
    Ok(visit.page(title, move |words| publish(words, &call, &FormState::default())).await)
}

pub async fn post_publish(visit: Visit, Path(id): Path<CallId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.publish_call(id, &typed.reason, typed.seen()).await {
        Ok(()) => visit.redirect_saying(&format!("/calls/manage/{id}"), "call-published").await,
        Err(Error::Invalid(invalid)) => {
            let call = visit.desk.read_call_draft(id).await?;
            // What is missing is listed with its links; the form says the rest.
            let rest =
                invalid.0.into_iter().filter(|(field, _)| Section::of(field).is_none() || call.issues.is_empty());
            let form = FormState::of(&typed).with(Invalid(rest.collect()));
            let title = visit.words.t("call-publish-title");
            Ok(visit.refused(title, move |words| publish(words, &call, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_close(visit: Visit, Path(id): Path<CallId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.close_call(id, &typed.reason, typed.seen()).await {
        Ok(()) => visit.redirect_saying(&format!("/calls/manage/{id}"), "call-closed-flash").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_archive(visit: Visit, Path(id): Path<CallId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.archive_call(id, typed.seen()).await {
        Ok(()) => visit.redirect_saying("/calls/manage", "call-archived").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: CallId, form: FormState) -> Result<axum::response::Response, AppError> {
    let call = visit.desk.read_call_draft(id).await?;
    let title = name(visit.words, &call.draft);
    Ok(visit.refused(title, move |words| one(words, &call, &form)).await)
}

/// As typed, in the reader's language or another.
pub(super) fn name(words: Words, draft: &Draft) -> String {
    let own = draft.get(&format!("title-{}", words.locale().code())).trim();
    let any = || domain::call::LANGUAGES.iter().map(|language| draft.get(&format!("title-{language}")).trim());
    let found = Some(own).filter(|own| !own.is_empty()).or_else(|| any().find(|title| !title.is_empty()));
    found.map_or_else(|| words.t("call-untitled"), str::to_owned)
}

fn state_tag(words: Words, state: State, standing: Standing) -> AnyView {
    match state {
        State::Archived => tag(Tone::Calm, words.t("call-state-archived")),
        _ => calls::standing_tag(words, standing),
    }
}

fn kind_of(draft: &Draft) -> intake::Kind {
    intake::Kind::from_code(draft.get("intake")).unwrap_or(intake::Kind::Always)
}

fn list(words: Words, lines: &[CallLine], form: &FormState) -> impl IntoView + use<> {
    let rows = lines.iter().map(|line| {
        let row = &line.row;
        let code = row.code.clone().unwrap_or_else(|| line.draft.get("code").to_owned());
        cells![
            view! { <a href=format!("/calls/manage/{}", row.id)>{name(words, &line.draft)}</a> },
            code,
            Code::from_code(line.draft.get("mode")).map(|mode| modes::name(words, mode)).unwrap_or_default(),
            state_tag(words, row.state, line.standing),
            calls::standing_of(words, line.standing, kind_of(&line.draft)),
            words.integer(row.taken),
        ]
    });
    let table = Table::new("call-manage-table")
        .column("calls-name")
        .column("call-field-code")
        .column("calls-mode")
        .column("calls-state")
        .column("calls-until")
        .figures("call-applications")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "call-manage-empty", "call-manage-empty-help", None));
    let templates = Code::ALL.map(|code| {
        Choice::new(code.code(), words.with("call-from-template", args![mode => modes::name(words, code)]))
    });
    let copies = lines.iter().map(|line| {
        let label = words.with("call-from-copy", args![title => name(words, &line.draft)]);
        Choice::new(line.row.id.to_string(), label)
    });
    let choices: Vec<Choice> = templates.into_iter().chain(copies).collect();
    view! {
        {error_summary(words, form)}
        <h1>{words.t("call-manage-title")}</h1>
        <p class="lead">{words.t("call-manage-lead")}</p>
        {table.show(words)}
        <h2>{words.t("call-new")}</h2>
        {post_form("/calls/manage", view! {
            {Field::select("from", "call-from", choices).hint("call-from-hint").show(words, form)}
            {submit(words, "call-new-submit")}
        })}
    }
}

fn one(words: Words, call: &CallDraft, form: &FormState) -> impl IntoView + use<> {
    let row = &call.row;
    let can_change = matches!(row.state, State::Draft | State::Published);
    let tasks = can_change.then(|| view! { <h2>{words.t("call-sections")}</h2> {sections(words, call)} });
    let code = row.code.clone().unwrap_or_else(|| words.t("call-no-code"));
    let main = view! {
        {changed(words, call)}
        {tasks}
        {call_versions::list(words, call)}
        <h2>{words.t("application-timeline")}</h2>
        {timeline(words, call.events.iter().rev().filter_map(|event| moment(words, event)).collect())}
    };
    view! {
        {error_summary(words, form)}
        <p class="above"><a href="/calls/manage">{words.t("call-manage-title")}</a></p>
        {heading(name(words, &call.draft), Some(code), Some(state_tag(words, row.state, call.standing)))}
        <p>{calls::standing_of(words, call.standing, kind_of(&call.draft))}</p>
        {row.close_reason.clone().map(|reason| view! { <p class="typed">{reason}</p> })}
        {beside(main, deeds(words, call, form))}
    }
}

/// A published call that has been typed at since: applicants do not see that yet.
fn changed(words: Words, call: &CallDraft) -> AnyView {
    if call.row.current == 0 || call.unpublished.is_empty() {
        return ().into_any();
    }
    let count = i64::try_from(call.unpublished.len()).unwrap_or(i64::MAX);
    notice(Tone::Yours, view! { <p>{words.with("call-unpublished", args![count => count])}</p> })
}

fn sections(words: Words, call: &CallDraft) -> AnyView {
    let id = call.row.id;
    let tasks = Section::ALL
        .into_iter()
        .map(|section| {
            let faults = || call.issues.iter().filter(|(field, _)| Section::of(field) == Some(section));
            let state = match faults().next() {
                None => TaskState::Done,
                Some(_) if faults().all(|(_, problem)| *problem == Problem::Required) => TaskState::Open,
                Some(_) => TaskState::Wrong,
            };
            Task {
                name: format!("call-section-{}", section.code()),
                href: Some(format!("/calls/manage/{id}/{}", section.code())),
                hint: Some(format!("call-section-{}-hint", section.code())),
                state,
            }
        })
        .collect();
    task_list(words, tasks)
}

fn deeds(words: Words, call: &CallDraft, form: &FormState) -> AnyView {
    let row = &call.row;
    let id = row.id;
    let version = row.version.to_string();
    let can_change = matches!(row.state, State::Draft | State::Published);
    let has_news = row.current == 0 || !call.unpublished.is_empty();
    let label = if row.current == 0 { "call-publish" } else { "call-publish-version" };
    let publish = (can_change && has_news).then(|| link_button(words, format!("/calls/manage/{id}/publish"), label));
    let public = row.code.clone().filter(|_| row.current > 0).map(|code| {
        view! { <p><a href=format!("/calls/{code}")>{words.t("call-see-public")}</a></p> }
    });
    let preview = can_change.then(|| {
        view! { <p><a href=format!("/calls/manage/{id}/preview")>{words.t("call-preview")}</a></p> }
    });
    let close = (row.state == State::Published).then(|| {
        confirm(
            words,
            Confirm {
                action: format!("/calls/manage/{id}/close"),
                open: "call-close",
                consequence: "call-close-consequence".to_owned(),
                button: "call-close-button",
                values: vec![("version", version.clone())],
            },
            Some((Field::area("reason", "call-close-reason").rows(3), form)),
        )
    });
    let is_over = row.state != State::Archived && matches!(call.standing, Standing::Closed(_));
    let archive = is_over
        .then(|| button_form(words, format!("/calls/manage/{id}/archive"), "call-archive", &[("version", &version)]));
    let copy = button_form(words, "/calls/manage", "call-copy", &[("from", &id.to_string())]);
    let figures = (row.current > 0).then(|| {
        facts(
            words,
            vec![
                ("call-version", words.integer(i64::from(row.current)).into_any()),
                ("call-applications", words.integer(row.taken).into_any()),
                ("call-committed", words.money(row.committed).into_any()),
            ],
        )
    });
    panel(view! { {figures} {publish} {preview} {public} {copy} {archive} {close} })
}

fn moment(words: Words, event: &services::rows::EventRow) -> Option<Moment> {
    let what = words.find(&format!("happened-{}", event.kind.replace('_', "-")), &args![])?;
    let who = words.find(&format!("stand-{}", event.actor_group.replace('_', "-")), &args![]);
    let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap_or_default();
    let why = detail.get("reason").and_then(|reason| reason.as_str()).map(str::to_owned);
    let closing = detail.get("closing").and_then(|closing| closing.as_str());
    let why = why.or_else(|| closing.map(|closing| words.t(&format!("call-closed-{closing}"))));
    Some(Moment { at: words.instant(event.at), what, who, why, tone: Tone::Calm })
}

/// What is missing, each a link to its field.
pub(super) fn missing(words: Words, call: &CallDraft) -> AnyView {
    if call.issues.is_empty() {
        return ().into_any();
    }
    let id = call.row.id;
    let lines = call.issues.iter().map(|(field, problem)| {
        let sentence = words.with(
            "check-problem",
            args![
                question => call_versions::field_label(words, field), problem => words.problem(*problem),
            ],
        );
        let href = match field.strip_prefix("question-").and_then(|rest| rest.split('-').next()) {
            Some(place) => format!("/calls/manage/{id}/question/{place}#{field}"),
            None => {
                let section = Section::of(field).map_or("basics", Section::code);
                format!("/calls/manage/{id}/{section}#{field}")
            }
        };
        view! { <li><a href=href>{sentence}</a></li> }
    });
    let count = i64::try_from(call.issues.len()).unwrap_or(i64::MAX);
    view! {
        <div class="error-summary" role="alert" tabindex="-1" id="error-summary">
            <h2>{words.with("check-missing", args![count => count])}</h2>
            <ul>{lines.collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn publish(words: Words, call: &CallDraft, form: &FormState) -> impl IntoView + use<> {
    let id = call.row.id;
    let is_first = call.row.current == 0;
    let can = call.issues.is_empty() && (is_first || !call.unpublished.is_empty());
    let consequence = if is_first { "call-publish-consequence" } else { "call-publish-version-consequence" };
    let reason = (!is_first).then(|| {
        Field::area("reason", "call-publish-reason").rows(3).hint("call-publish-reason-hint").show(words, form)
    });
    let button = can.then(|| {
        post_form(
            format!("/calls/manage/{id}/publish"),
            view! {
                {hidden("version", call.row.version.to_string())}
                {reason}
                {submit(words, "call-publish-submit")}
            },
        )
    });
    let changes = (!is_first).then(|| call_versions::changes(words, "call-unpublished-table", &call.unpublished));
    view! {
        {error_summary(words, form)}
        <p class="above"><a href=format!("/calls/manage/{id}")>{name(words, &call.draft)}</a></p>
        {heading(words.t("call-publish-title"), None, None)}
        {missing(words, call)}
        <p>{words.t(consequence)}</p>
        {changes}
        {button}
    }
}

fn unready(words: Words, call: &CallDraft) -> impl IntoView + use<> {
    view! {
        <p class="above"><a href=format!("/calls/manage/{}", call.row.id)>{name(words, &call.draft)}</a></p>
        {heading(words.t("call-preview"), None, None)}
        <p>{words.t("call-preview-unready")}</p>
        {missing(words, call)}
    }
}

fn previewed(words: Words, id: CallId, read: &CallRead) -> impl IntoView + use<> {
    let questions = &read.under.terms.questions;
    let form = FormState::default();
    let asked = (!questions.is_empty()).then(|| {
        view! {
            <h2>{words.t("call-preview-questions")}</h2>
            <p class="hint">{words.t("call-preview-questions-hint")}</p>
            <div class="form">{call_answers::fields(words, &form, questions.iter())}</div>
        }
    });
    let title = said(&read.under.terms.title, words.locale().code()).to_owned();
    view! {
        <p class="above"><a href=format!("/calls/manage/{id}")>{title}</a></p>
        {notice(Tone::Yours, view! { <p>{words.t("call-preview-note")}</p> })}
        {calls::one(words, read, None, Invalid::default())}
        {asked}
    }
}
