//! One application of an agenda: what is judged, and what the panel recommends about it. When two people save at once,
//! the later one sees both and chooses; what was typed stays.

use axum::{extract::Path, response::Response};
use domain::{
    id::{PanelId, PanelItemId},
    panel::{Outcome, TypedRecommendation},
};
use http::StatusCode;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, PanelCase};
use text::{Words, args};

use super::{application_text::answers, conflict::conflict_link, course, decision::handed_in};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, facts,
        field::Choice,
        form::{FormState, error_summary, hidden, post_form, submit},
        layout::{beside, heading, panel},
        notice,
    },
};

#[derive(Debug, Default, Clone, Deserialize, Serialize)]
pub struct Typed {
    #[serde(flatten)]
    made: TypedRecommendation,
    #[serde(default)]
    version: String,
}

pub async fn get(visit: Visit, Path((id, item)): Path<(PanelId, PanelItemId)>) -> PageResult {
    let case = visit.desk.panel_case(id, item).await?;
    let form = stored(&case);
    let title = case.line.case.reference.clone();
    Ok(visit.page(title, move |words| page(words, &case, &form, None)).await)
}

pub async fn post(
    visit: Visit,
    Path((id, item)): Path<(PanelId, PanelItemId)>,
    Form(typed): Form<Typed>,
) -> PageResult {
    let seen = typed.version.parse().unwrap_or_default();
    match visit.desk.recommend(id, item, &typed.made, seen).await {
        Ok(()) => visit.redirect_saying(&format!("/panels/{id}"), "panel-recommended-kept").await,
        Err(Error::Invalid(invalid)) => {
            let case = visit.desk.panel_case(id, item).await?;
            let form = FormState::of(&typed).with(invalid);
            let title = case.line.case.reference.clone();
            Ok(visit.refused(title, move |words| page(words, &case, &form, None)).await)
        }
        Err(Error::Stale) => clash(&visit, (id, item), typed).await,
        Err(error) => Err(error.into()),
    }
}

/// Somebody saved meanwhile: theirs beside what was typed, and the form as it was typed, over the new version.
async fn clash(visit: &Visit, (id, item): (PanelId, PanelItemId), typed: Typed) -> Result<Response, AppError> {
    let case = visit.desk.panel_case(id, item).await?;
    let form = FormState::of(&typed);
    let title = case.line.case.reference.clone();
    let view = move |words| page(words, &case, &form, Some(&typed));
    Ok(visit.render(StatusCode::CONFLICT, false, title, view).await)
}

/// What is saved, or the request where nothing is.
fn stored(case: &PanelCase) -> FormState {
    let item = &case.line.item;
    let hours = match item.outcome {
        Some(_) => item.gpu_time.map(|time| time.whole_hours().to_string()).unwrap_or_default(),
        None => case.line.requested.whole_hours().to_string(),
    };
    let storage = item.storage_tb.or(case.line.storage_tb).map(|storage| storage.to_string()).unwrap_or_default();
    FormState::new([
        ("outcome", item.outcome.map(|outcome| outcome.code().to_owned()).unwrap_or_default()),
        ("hours", hours),
        ("storage", storage),
        ("note", item.note.clone()),
    ])
}

fn page(words: Words, case: &PanelCase, form: &FormState, mine: Option<&Typed>) -> impl IntoView + use<> {
    let line = &case.line;
    let id = case.panel.id;
    let reviews = case.reviews.iter().map(|review| handed_in(words, review, &case.rubric)).collect_view();
    let back = format!("/panels/{id}");
    let turn = if case.can_save {
        view! { {mine.map(|mine| both(words, case, mine))} {panel(recommend(words, case, form))} }.into_any()
    } else {
        standing(words, case)
    };
    let conflict = (case.panel.state != domain::panel::State::Closed)
        .then(|| conflict_link(words, line.case.id, &line.case.reference));
    let requested = match line.storage_tb {
        Some(storage) => {
            format!("{} · {}", words.hours(line.requested), words.with("amount-terabytes", args![count => storage]))
        }
        None => words.hours(line.requested),
    };
    view! {
        {error_summary(words, form)}
        <p class="above"><a href=back>{case.panel.name.clone()}</a></p>
        {heading(line.case.reference.clone(), Some(words.t(&format!("mode-name-{}", line.case.mode))), None)}
        <p>{line.case.organisation.clone()} " · " {requested} " · " {super::panel::mean(words, line)}</p>
        {beside(
            view! {
                {course::assessments(words, &case.course.assessments, &[])}
                <h2>{words.t("decision-reviews")}</h2>
                {reviews}
                {course::reply(words, &case.course)}
                <h2>{words.t("review-application")}</h2>
                {answers(words, &case.application.draft)}
                {super::call_answers::answered(words, &case.answers)}
            },
            turn,
        )}
        {conflict}
    }
}

/// What stands, for those who do not record it, or not now.
fn standing(words: Words, case: &PanelCase) -> AnyView {
    let item = &case.line.item;
    let Some(outcome) = item.outcome else { return notice(Tone::Waiting, words.t("panel-no-recommendation")) };
    let mut shown = vec![("panel-outcome", words.t(&format!("panel-outcome-{}", outcome.code())).into_any())];
    if outcome != Outcome::Refuse {
        shown.push(("panel-hours", words.hours(item.gpu_time.unwrap_or_default()).into_any()));
        if let Some(storage) = item.storage_tb {
            shown.push(("panel-storage", words.with("amount-terabytes", args![count => storage]).into_any()));
        }
    }
    shown.push(("panel-note", view! { <span class="typed">{item.note.clone()}</span> }.into_any()));
    panel(view! { <h2>{words.t("panel-recommendation")}</h2> {facts(words, shown)} })
}

fn recommend(words: Words, case: &PanelCase, form: &FormState) -> impl IntoView + use<> {
    let outcomes =
        Outcome::ALL.map(|outcome| Choice::new(outcome.code(), words.t(&format!("panel-outcome-{}", outcome.code()))));
    let storage = case
        .line
        .storage_tb
        .map(|_| Field::number("storage", "panel-storage").unit(words.t("unit-terabytes")).show(words, form));
    let saved = saved(words, case);
    view! {
        <h2>{words.t("panel-recommendation")}</h2>
        {saved.map(|saved| view! { <p class="hint">{saved}</p> })}
        {post_form(
            format!("/panels/{}/items/{}", case.panel.id, case.line.item.id),
            view! {
                {hidden("version", case.line.item.version.to_string())}
                {Field::radios("outcome", "panel-outcome", outcomes.to_vec()).show(words, form)}
                {Field::number("hours", "panel-hours")
                    .unit(words.t("unit-gpu-hours"))
                    .hint(words.t("panel-hours-help"))
                    .show(words, form)}
                {storage}
                {Field::area("note", "panel-note").hint(words.t("panel-note-help")).show(words, form)}
                {submit(words, "panel-save")}
            },
        )}
    }
}

/// Who saved last, by their role, and when.
fn saved(words: Words, case: &PanelCase) -> Option<String> {
    let at = case.line.item.saved_at?;
    let role = case.saved_by.map_or_else(|| "panel-role-none".to_owned(), |role| format!("panel-role-{}", role.code()));
    Some(words.with("panel-saved-by", args![role => words.t(&role), at => words.instant(at)]))
}

/// Two versions beside each other: what stands now, and what was typed here.
fn both(words: Words, case: &PanelCase, mine: &Typed) -> AnyView {
    let item = &case.line.item;
    let outcome = |code: &str| {
        Outcome::from_code(code).map_or_else(|| "–".to_owned(), |one| words.t(&format!("panel-outcome-{}", one.code())))
    };
    let theirs_hours = item.gpu_time.map(|time| words.integer(time.whole_hours())).unwrap_or_default();
    let mut rows = vec![
        cells![words.t("panel-outcome"), outcome(item.outcome.map_or("", Outcome::code)), outcome(&mine.made.outcome),],
        cells![words.t("panel-hours"), theirs_hours, mine.made.hours.clone()],
    ];
    if case.line.storage_tb.is_some() {
        let theirs = item.storage_tb.map(|storage| words.integer(storage)).unwrap_or_default();
        rows.push(cells![words.t("panel-storage"), theirs, mine.made.storage.clone()]);
    }
    rows.push(cells![words.t("panel-note"), item.note.clone(), mine.made.note.clone()]);
    let take = format!("/panels/{}/items/{}", case.panel.id, item.id);
    let table = Table::new("panel-clash-both")
        .column("panel-clash-what")
        .column("panel-clash-theirs")
        .column("panel-clash-mine")
        .rows(rows)
        .show(words);
    view! {
        <div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus=true>
            <h2>{words.t("panel-clash-title")}</h2>
            <p>{saved(words, case)}</p>
            <p>{words.t("panel-clash-help")}</p>
        </div>
        {table}
        <p><a class="button" href=take>{words.t("panel-clash-take-theirs")}</a></p>
    }
    .into_any()
}
