//! One section of a call: a simple form that keeps anything; what is wrong with what was typed is said beside it.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use domain::{
    call::{
        LANGUAGES, Section, State,
        draft::{CRITERIA_MAX, Draft},
        intake,
        publish::{PROGRAMMES, askable},
        question::Kind as Asked,
    },
    gpu::GpuModel,
    id::CallId,
    mode::Code,
    organisation::SizeClass,
    problem::{Invalid, Problem},
    review::GRADES,
    workflow::Kind,
};
use http::StatusCode;
use leptos::prelude::*;
use services::{CallDraft, Error, QuestionDeed};
use text::{Locale, Words, args};

use super::{call_manage, call_versions, modes};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        field::{Choice, Field},
        form::{FormState, button_form, error_summary, group, hidden, row_button, submit, submit_as},
        layout::{Tone, empty, facts, heading, notice},
        table::Table,
    },
};

pub(super) type Typed = BTreeMap<String, String>;

pub async fn get(visit: Visit, Path((id, section)): Path<(CallId, String)>) -> PageResult {
    let section = Section::from_code(&section).ok_or(AppError::NOT_FOUND)?;
    let call = visit.desk.read_call_draft(id).await?;
    if !matches!(call.row.state, State::Draft | State::Published) {
        return Ok(visit.redirect(&format!("/calls/manage/{id}")));
    }
    let title = visit.words.t(&format!("call-section-{}", section.code()));
    Ok(visit.page(title, move |words| page(words, &call, section)).await)
}

pub async fn post(visit: Visit, Path((id, section)): Path<(CallId, String)>, Form(sent): Form<Typed>) -> PageResult {
    let section = Section::from_code(&section).ok_or(AppError::NOT_FOUND)?;
    match visit.desk.save_call(id, section, &sent, seen(&sent)).await {
        Ok(()) => {}
        Err(Error::Stale) => {
            // Somebody was faster: what was typed stands over what they saved, and nothing is lost.
            let mut call = visit.desk.read_call_draft(id).await?;
            call.draft.take(section, &sent);
            let title = visit.words.t(&format!("call-section-{}", section.code()));
            return Ok(moved(&visit, title, move |words| page(words, &call, section).into_any()).await);
        }
        Err(error) => return Err(error.into()),
    }
    let here = format!("/calls/manage/{id}");
    match (sent.get("then").map(String::as_str), section.next()) {
        (Some("stay"), _) => visit.redirect_saying(&format!("{here}/{}", section.code()), "application-saved").await,
        (_, Some(next)) => Ok(visit.redirect(&format!("{here}/{}", next.code()))),
        (_, None) => visit.redirect_saying(&here, "application-saved").await,
    }
}

/// The page with what was typed over what somebody else saved meanwhile.
pub(super) async fn moved(
    visit: &Visit,
    title: String,
    page: impl FnOnce(Words) -> AnyView + Send + 'static,
) -> Response {
    let view = move |words: Words| view! { {notice(Tone::Bad, words.t("call-moved"))} {page(words)} };
    visit.render(StatusCode::CONFLICT, false, title, view).await
}

/// Adds, removes or moves a question.
pub async fn post_questions(visit: Visit, Path(id): Path<CallId>, Form(sent): Form<Typed>) -> PageResult {
    let place = || sent.get("place").and_then(|place| place.parse().ok()).ok_or(AppError::NOT_FOUND);
    let deed = match sent.get("do").map(String::as_str) {
        Some("add") => QuestionDeed::Add,
        Some("remove") => QuestionDeed::Remove(place()?),
        Some("raise") => QuestionDeed::Raise(place()?),
        _ => return Err(AppError::NOT_FOUND),
    };
    visit.desk.change_call_questions(id, deed, seen(&sent)).await?;
    if deed == QuestionDeed::Add {
        let count = visit.desk.read_call_draft(id).await?.draft.questions.len();
        return Ok(visit.redirect(&format!("/calls/manage/{id}/question/{count}")));
    }
    Ok(visit.redirect(&format!("/calls/manage/{id}/questions")))
}

/// The version that was read; what is no number was never read, and is refused as stale.
pub(super) fn seen(sent: &Typed) -> i32 {
    sent.get("version").and_then(|version| version.parse().ok()).unwrap_or_default()
}

/// What was typed; what is wrong on this page is said, missing things once publishing has been asked for.
pub(super) fn form_of(call: &CallDraft, is_here: impl Fn(&str) -> bool) -> FormState {
    let draft = &call.draft;
    let mut values: Vec<(String, String)> =
        draft.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    for (kind, list) in [("question", &draft.questions), ("criterion", &draft.criteria)] {
        for (place, typed) in list.iter().enumerate() {
            let prefix = format!("{kind}-{}-", place + 1);
            values.extend(Draft::named(&prefix, typed));
        }
    }
    let wrong = call.issues.iter().filter(|(field, problem)| *problem != Problem::Required && is_here(field)).cloned();
    FormState::new(values).with(Invalid(wrong.collect()))
}

fn page(words: Words, call: &CallDraft, section: Section) -> impl IntoView + use<> {
    let id = call.row.id;
    // What is wrong with a question is said on its own page.
    let form = form_of(call, |field| Section::of(field) == Some(section) && !field.starts_with("question-"));
    let fields = match section {
        Section::Basics => basics(words, call, &form),
        Section::Texts => texts(words, call, &form),
        Section::Eligibility => eligibility(words, &form),
        Section::Size => size(words, call, &form),
        Section::Questions => asks(words, &form),
        Section::Rubric => rubric(words, call, &form),
        Section::Steps => steps(words, &form),
        Section::Intake => intake(words, &form),
    };
    let list = (section == Section::Questions).then(|| questions(words, call));
    let action = format!("/calls/manage/{id}/{}", section.code());
    let title = words.t(&format!("call-section-{}", section.code()));
    view! {
        {error_summary(words, &form)}
        <p class="above"><a href=format!("/calls/manage/{id}")>{call_manage::name(words, &call.draft)}</a></p>
        {heading(title, None, None)}
        <p class="hint">{words.t(&format!("call-section-{}-hint", section.code()))}</p>
        {list}
        <form class="form" method="post" action=action novalidate=true>
            {hidden("version", call.row.version.to_string())}
            {fields}
            <div class="buttons">
                {submit(words, "application-save-next")}
                {submit_as(words, "call-save-stay", "then", "stay")}
            </div>
        </form>
    }
}

/// The key of a field's label.
fn key(name: &str) -> String {
    format!("call-field-{}", name.replace('_', "-"))
}

fn number(words: Words, form: &FormState, name: &str, unit: Option<&str>) -> AnyView {
    let field = Field::number(name, &key(name));
    let field = match unit {
        Some(unit) => field.unit(unit),
        None => field,
    };
    hinted(words, field, name).show(words, form)
}

fn hinted(words: Words, field: Field, name: &str) -> Field {
    match words.find(&format!("call-hint-{}", name.replace('_', "-")), &args![]) {
        Some(hint) => field.hint(hint),
        None => field,
    }
}

fn boxes(words: Words, form: &FormState, label: &str, choices: Vec<Choice>) -> AnyView {
    let first = choices.first().map(|choice| choice.value.clone()).unwrap_or_default();
    hinted(words, Field::boxes(&first, &key(label), choices), label).show(words, form)
}

/// The languages ticked; all of them while none is.
pub(super) fn languages(call: &CallDraft) -> Vec<Locale> {
    let ticked = call.draft.languages();
    let all = || LANGUAGES.iter().filter_map(|code| Locale::from_code(code)).collect();
    if ticked.is_empty() { all() } else { ticked.iter().filter_map(|code| Locale::from_code(code)).collect() }
}

/// `title-fr` under "Title (Français)".
pub(super) fn in_language(words: Words, name: &str, locale: Locale) -> String {
    words.with("call-field-in", args![field => words.t(&key(name)), language => locale.own_name()])
}

fn basics(words: Words, call: &CallDraft, form: &FormState) -> AnyView {
    let languages = LANGUAGES.iter().filter_map(|code| Locale::from_code(code));
    let languages = languages.map(|locale| Choice::new(format!("language-{}", locale.code()), locale.own_name()));
    let languages = boxes(words, form, "language", languages.collect());
    if let Some(code) = &call.row.code {
        let mode = Code::from_code(call.draft.get("mode")).map(|mode| modes::name(words, mode)).unwrap_or_default();
        let fixed =
            facts(words, vec![("call-field-code", code.clone().into_any()), ("call-field-mode", mode.into_any())]);
        return view! { {fixed} <p class="hint">{words.t("call-fixed")}</p> {languages} }.into_any();
    }
    let modes = Code::ALL.map(|code| Choice::new(code.code(), modes::name(words, code)));
    view! {
        {hinted(words, Field::text("code", "call-field-code").short(), "code").show(words, form)}
        {hinted(words, Field::select("mode", "call-field-mode", modes.to_vec()), "mode").show(words, form)}
        {languages}
    }
    .into_any()
}

fn texts(words: Words, call: &CallDraft, form: &FormState) -> AnyView {
    let parts = languages(call).into_iter().map(|locale| {
        let named = |name: &str| format!("{name}-{}", locale.code());
        let text = |name: &str, rows: i64| {
            let field = Field::area(&named(name), &in_language(words, name, locale)).rows(rows);
            hinted(words, field, name).show(words, form)
        };
        view! {
            {Field::text(&named("title"), &in_language(words, "title", locale)).show(words, form)}
            {text("summary", 6)}
            {text("audience", 4)}
        }
    });
    parts.collect_view().into_any()
}

fn eligibility(words: Words, form: &FormState) -> AnyView {
    let programmes = PROGRAMMES
        .iter()
        .map(|(code, _)| Choice::new(format!("programme-{code}"), words.t(&format!("programme-{code}"))));
    let classes = SizeClass::ALL
        .into_iter()
        .map(|class| Choice::new(format!("class-{}", class.code()), format!("size-class-{}", class.code())));
    view! {
        {boxes(words, form, "programme", programmes.collect())}
        {boxes(words, form, "class", classes.collect())}
        {number(words, form, "per_organisation", None)}
        {number(words, form, "per_group", None)}
        {hinted(words, Field::text("exclusive", "call-field-exclusive").optional(), "exclusive").show(words, form)}
        {hinted(words, Field::checkbox("needs_reports", "call-field-needs-reports"), "needs_reports").show(words, form)}
    }
    .into_any()
}

fn size(words: Words, call: &CallDraft, form: &FormState) -> AnyView {
    let pots = call.known.pots.iter().map(|pot| Choice::new(pot.clone(), words.pot(pot)));
    let pots = std::iter::once(Choice::new("", words.t("choice-none"))).chain(pots).collect();
    let models = GpuModel::ALL.map(|model| Choice::new(format!("model-{}", model.code()), model.code()));
    let sites = call.sites.iter().map(|site| Choice::new(format!("site-{}", site.slug), site.name.clone()));
    let sites: Vec<Choice> = sites.collect();
    let sites = (!sites.is_empty()).then(|| boxes(words, form, "site", sites));
    view! {
        {number(words, form, "more_than", Some("unit-gpu-hours"))}
        {number(words, form, "at_most", Some("unit-gpu-hours"))}
        {hinted(words, Field::text("months", "call-field-months").short(), "months").show(words, form)}
        {number(words, form, "max_gpus", None)}
        {Field::select("pot", "call-field-pot", pots).show(words, form)}
        {hinted(words, Field::checkbox("split", "call-field-split"), "split").show(words, form)}
        {boxes(words, form, "model", models.to_vec())}
        {sites}
    }
    .into_any()
}

fn asks(words: Words, form: &FormState) -> AnyView {
    let choices = askable().map(|name| Choice::new(format!("ask-{name}"), format!("field-{}", name.replace('_', "-"))));
    boxes(words, form, "ask", choices.collect())
}

fn questions(words: Words, call: &CallDraft) -> AnyView {
    let id = call.row.id;
    let version = call.row.version.to_string();
    let action = format!("/calls/manage/{id}/questions/change");
    let rows = call.draft.questions.iter().enumerate().map(|(index, typed)| {
        let place = index + 1;
        let label = typed
            .get(&format!("label-{}", words.locale().code()))
            .or_else(|| LANGUAGES.iter().find_map(|language| typed.get(&format!("label-{language}"))));
        let label = label.cloned().unwrap_or_else(|| words.t("call-question-untitled"));
        let kind = typed.get("kind").and_then(|kind| Asked::from_code(kind));
        let is_wrong = call.issues.iter().any(|(field, _)| field.starts_with(&format!("question-{place}-")));
        let number = place.to_string();
        let button = |deed: &str, key: &str| {
            let name = words.with(&format!("{key}-of"), args![question => label.clone()]);
            let values = [("do", deed), ("place", number.as_str()), ("version", version.as_str())];
            row_button(words, action.clone(), key, name, &values)
        };
        let up = (place > 1).then(|| button("raise", "call-question-up"));
        cells![
            number.clone(),
            view! { <a href=format!("/calls/manage/{id}/question/{place}")>{label.clone()}</a> },
            kind.map(|kind| words.t(&format!("call-kind-{}", kind.code()))).unwrap_or_default(),
            is_wrong.then(|| words.t("task-wrong")),
            view! { <div>{up} " " {button("remove", "call-question-remove")}</div> },
        ]
    });
    let table = Table::new("call-questions")
        .figures("call-question-place")
        .column("call-field-label")
        .column("call-field-kind")
        .column("calls-state")
        .column("call-question-deeds")
        .rows(rows)
        .empty(empty(words, "call-questions-empty", "call-questions-empty-help", None));
    view! {
        {table.show(words)}
        {button_form(words, action, "call-question-add", &[("do", "add"), ("version", &call.row.version.to_string())])}
    }
    .into_any()
}

fn rubric(words: Words, call: &CallDraft, form: &FormState) -> AnyView {
    let blocks = (call.draft.criteria.len() + 1).min(CRITERIA_MAX);
    let criteria: Vec<AnyView> = (1..=blocks).map(|place| criterion(words, call, form, place)).collect();
    let grades = GRADES.iter().flat_map(|grade| {
        languages(call).into_iter().map(move |locale| {
            let name = format!("grade-{grade}-{}", locale.code());
            Field::text(&name, &call_versions::field_label(words, &name)).show(words, form)
        })
    });
    view! {
        {criteria}
        {number(words, form, "threshold", None)}
        {group(words, "call-scale", grades.collect_view())}
    }
    .into_any()
}

fn criterion(words: Words, call: &CallDraft, form: &FormState, place: usize) -> AnyView {
    let named = |name: &str| format!("criterion-{place}-{name}");
    let is_new = place > call.draft.criteria.len();
    let texts = languages(call).into_iter().map(|locale| {
        let code = locale.code();
        view! {
            {Field::text(&named(&format!("title-{code}")), &in_language(words, "title", locale)).show(words, form)}
            {Field::area(&named(&format!("help-{code}")), &in_language(words, "help", locale)).rows(2).optional().show(words, form)}
        }
    });
    let removal = (!is_new).then(|| Field::checkbox(&named("remove"), "call-criterion-remove").show(words, form));
    let legend = if is_new {
        words.t("call-criterion-new")
    } else {
        words.with("call-criterion-place", args![number => words.integer(i64::try_from(place).unwrap_or_default())])
    };
    let fields = view! {
        {texts.collect_view()}
        {Field::number(&named("weight"), "call-field-weight").unit("unit-percent").show(words, form)}
        {Field::number(&named("least"), "call-field-least-grade").optional().show(words, form)}
        {removal}
    };
    group(words, &legend, fields)
}

fn steps(words: Words, form: &FormState) -> AnyView {
    let steps = Kind::ALL.into_iter().map(|kind| {
        let (step, days) = (format!("step-{}", kind.code()), format!("days-{}", kind.code()));
        let name = words.t(&format!("call-step-{}", kind.code()));
        view! {
            <div class="pair">
                {Field::checkbox(&step, &name).show(words, form)}
                {Field::number(&days, &call_versions::field_label(words, &days)).show(words, form)}
            </div>
        }
    });
    view! {
        {steps.collect_view()}
        {number(words, form, "reviews", None)}
        {hinted(words, Field::checkbox("blind", "call-field-blind"), "blind").show(words, form)}
        {number(words, form, "rebuttal_words", None)}
        {number(words, form, "appeal_days", None)}
        {hinted(words, Field::checkbox("lot", "call-field-lot"), "lot").show(words, form)}
    }
    .into_any()
}

fn intake(words: Words, form: &FormState) -> AnyView {
    let kinds =
        intake::Kind::ALL.map(|kind| Choice::new(kind.code(), words.t(&format!("call-intake-{}", kind.code()))));
    view! {
        {hinted(words, Field::date("opens", "call-field-opens").optional(), "opens").show(words, form)}
        {Field::radios("intake", "call-field-intake", kinds.to_vec()).show(words, form)}
        {hinted(words, Field::area("cut_offs", "call-field-cut-offs").rows(4), "cut_offs").show(words, form)}
        {hinted(words, Field::date("deadline", "call-field-deadline"), "deadline").show(words, form)}
        {hinted(words, Field::text("time", "call-field-time").short(), "time").show(words, form)}
        {hinted(words, Field::number("places", "call-field-places").optional(), "places").show(words, form)}
        {hinted(words, Field::number("funds", "call-field-funds").unit("unit-euro").optional(), "funds").show(words, form)}
    }
    .into_any()
}
