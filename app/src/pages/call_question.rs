//! One question of a call: how it is asked, in every language, when it is shown, and whether a file comes with it.

use axum::extract::Path;
use domain::{
    call::{
        LANGUAGES, State,
        draft::Typed as Fields,
        question::{Attachment, Kind},
    },
    id::CallId,
};
use leptos::prelude::*;
use services::{CallDraft, Error};
use text::{Words, args};

use super::call_section::{Typed, form_of, in_language, languages, moved, seen};
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        field::{Choice, Field},
        form::{error_summary, hidden, submit, submit_as},
        layout::heading,
    },
};

pub async fn get(visit: Visit, Path((id, place)): Path<(CallId, String)>) -> PageResult {
    let place: usize = place.parse().map_err(|_| AppError::NOT_FOUND)?;
    let call = visit.desk.read_call_draft(id).await?;
    let is_there = (1..=call.draft.questions.len()).contains(&place);
    if !is_there {
        return Err(AppError::NOT_FOUND);
    }
    if !matches!(call.row.state, State::Draft | State::Published) {
        return Ok(visit.redirect(&format!("/calls/manage/{id}")));
    }
    let title = heading_of(visit.words, place);
    Ok(visit.page(title, move |words| page(words, &call, place)).await)
}

pub async fn post(visit: Visit, Path((id, place)): Path<(CallId, String)>, Form(sent): Form<Typed>) -> PageResult {
    let place: usize = place.parse().map_err(|_| AppError::NOT_FOUND)?;
    match visit.desk.save_call_question(id, place, &sent, seen(&sent)).await {
        Ok(()) => {}
        Err(Error::Stale) => {
            let mut call = visit.desk.read_call_draft(id).await?;
            if !call.draft.take_question(place, &sent) {
                return Err(Error::Stale.into());
            }
            return Ok(moved(&visit, heading_of(visit.words, place), move |words| {
                page(words, &call, place).into_any()
            })
            .await);
        }
        Err(error) => return Err(error.into()),
    }
    if sent.get("then").is_some_and(|then| then == "stay") {
        return visit.redirect_saying(&format!("/calls/manage/{id}/question/{place}"), "application-saved").await;
    }
    visit.redirect_saying(&format!("/calls/manage/{id}/questions"), "application-saved").await
}

fn heading_of(words: Words, place: usize) -> String {
    words.with("call-question-place-of", args![number => words.integer(i64::try_from(place).unwrap_or_default())])
}

fn page(words: Words, call: &CallDraft, place: usize) -> impl IntoView + use<> {
    let id = call.row.id;
    let form = form_of(call, |field| field.starts_with(&format!("question-{place}-")));
    let named = |name: &str| format!("question-{place}-{name}");
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), words.t(&format!("call-kind-{}", kind.code()))));
    let files = Attachment::ALL.map(|one| Choice::new(one.code(), words.t(&format!("call-attachment-{}", one.code()))));
    let of_languages = |name: &'static str, rows: i64, hint: Option<&'static str>| {
        let fields = languages(call).into_iter().map(|locale| {
            let field = format!("{name}-{}", locale.code());
            let field = Field::area(&named(&field), &in_language(words, name, locale)).rows(rows);
            match hint {
                Some(hint) => field.hint(hint),
                None => field,
            }
            .show(words, &form)
        });
        fields.collect_view()
    };
    let conditions = conditions(words, call, place);
    view! {
        {error_summary(words, &form)}
        <p class="above"><a href=format!("/calls/manage/{id}/questions")>{words.t("call-section-questions")}</a></p>
        {heading(heading_of(words, place), None, None)}
        <form class="form" method="post" action=format!("/calls/manage/{id}/question/{place}") novalidate=true>
            {hidden("version", call.row.version.to_string())}
            {of_languages("label", 2, None)}
            {of_languages("help", 2, Some("call-hint-help"))}
            {Field::select(&named("kind"), "call-field-kind", kinds.to_vec()).show(words, &form)}
            {Field::checkbox(&named("required"), "call-field-required").show(words, &form)}
            {Field::number(&named("words_max"), "call-field-words-max").hint("call-hint-words-max").show(words, &form)}
            {Field::number(&named("least"), "call-field-least").hint("call-hint-bounds").optional().show(words, &form)}
            {Field::number(&named("most"), "call-field-most").hint("call-hint-bounds").optional().show(words, &form)}
            {of_languages("choices", 4, Some("call-hint-choices"))}
            {Field::select(&named("shown_if"), "call-field-shown-if", conditions).hint("call-hint-shown-if").show(words, &form)}
            {Field::select(&named("attachment"), "call-field-attachment", files.to_vec()).show(words, &form)}
            <div class="buttons">
                {submit(words, "call-question-save")}
                {submit_as(words, "call-save-stay", "then", "stay")}
            </div>
        </form>
    }
}

/// Always, or after one of the answers that an earlier question can have.
fn conditions(words: Words, call: &CallDraft, place: usize) -> Vec<Choice> {
    let earlier = call.draft.questions.iter().take(place.saturating_sub(1)).enumerate();
    let answers = earlier.flat_map(|(index, typed)| {
        let code = typed.get("code").cloned().unwrap_or_default();
        answers_of(words, typed).into_iter().map(move |(answer, label)| {
            let number = words.integer(i64::try_from(index + 1).unwrap_or_default());
            let label = words.with("call-shown-if-answer", args![number => number, answer => label]);
            Choice::new(format!("{code}={answer}"), label)
        })
    });
    std::iter::once(Choice::new("", words.t("call-shown-always"))).chain(answers).collect()
}

fn answers_of(words: Words, typed: &Fields) -> Vec<(String, String)> {
    match typed.get("kind").and_then(|kind| Kind::from_code(kind)) {
        Some(Kind::YesNo) => {
            vec![("yes".to_owned(), words.t("answer-yes")), ("no".to_owned(), words.t("answer-no"))]
        }
        Some(kind) if kind.has_choices() => {
            let own = typed.get(&format!("choices-{}", words.locale().code()));
            let lines = own.or_else(|| LANGUAGES.iter().find_map(|code| typed.get(&format!("choices-{code}"))));
            let lines = lines.map_or("", String::as_str).lines().map(str::trim).filter(|line| !line.is_empty());
            lines.enumerate().map(|(index, line)| ((index + 1).to_string(), line.to_owned())).collect()
        }
        _ => Vec::new(),
    }
}
