//! A report as a company writes it, saved as it goes; once handed in, as it was handed in.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use domain::{
    gpu::GpuTime,
    id::AllocationId,
    report::{Draft, FIELDS, Kind},
};
use leptos::prelude::*;
use services::{Error, ReportRead};
use text::{Words, args};

use super::{allocation_after::report_tag, organisation::version};
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field, Tone, facts,
        form::{FormState, error_summary, hidden, post_form, submit, submit_as},
        layout::{beside, details, heading},
        notice,
    },
};

type Typed = BTreeMap<String, String>;

fn kind_of(code: &str) -> Result<Kind, AppError> {
    Kind::from_code(code).ok_or(AppError::NOT_FOUND)
}

pub async fn get(visit: Visit, Path((id, code)): Path<(AllocationId, String)>) -> PageResult {
    let read = visit.desk.report_form(id, kind_of(&code)?).await?;
    let typed = |name: &'static str| (name, read.draft.get(name).to_owned());
    let names = FIELDS.iter().map(|field| field.name).chain(["acknowledged"]);
    let form = FormState::new(names.map(typed));
    let title = title(visit.words, &read);
    let (may_write, today) = may_write(&visit);
    Ok(visit.page(title, move |words| page(words, &read, &form, may_write, today)).await)
}

pub async fn post(
    visit: Visit,
    Path((id, code)): Path<(AllocationId, String)>,
    Form(typed): Form<Typed>,
) -> PageResult {
    let kind = kind_of(&code)?;
    let get = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let draft = Draft::of(get);
    let seen = version(&get("version"))?;
    if get("do") == "save" {
        return match visit.desk.save_report(id, kind, &draft, seen).await {
            Ok(()) => visit.redirect_saying(&format!("/allocations/{id}/report/{code}"), "report-saved-flash").await,
            Err(Error::Invalid(invalid)) => refused(&visit, id, kind, FormState::new(typed).with(invalid)).await,
            Err(error) => Err(error.into()),
        };
    }
    match visit.desk.hand_in_report(id, kind, &draft, seen).await {
        Ok(()) => visit.redirect_saying(&format!("/allocations/{id}"), "report-handed-in-flash").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, kind, FormState::new(typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: AllocationId, kind: Kind, form: FormState) -> Result<Response, AppError> {
    let read = visit.desk.report_form(id, kind).await?;
    let title = title(visit.words, &read);
    let (may_write, today) = may_write(visit);
    Ok(visit.refused(title, move |words| page(words, &read, &form, may_write, today)).await)
}

fn may_write(visit: &Visit) -> (bool, chrono::NaiveDate) {
    let may = domain::policy::allows(visit.actor(), domain::policy::Action::WriteReport).is_ok();
    (may, domain::period::brussels_day(visit.desk.now))
}

pub fn title(words: Words, read: &ReportRead) -> String {
    let kind = words.t(&format!("report-kind-{}", read.row.kind.code()));
    words.with("report-title", args![kind => kind, reference => read.allocation.row.reference.clone()])
}

fn page(words: Words, read: &ReportRead, form: &FormState, may_write: bool, today: chrono::NaiveDate) -> AnyView {
    let row = &read.allocation.row;
    let back = format!("/allocations/{}", row.id);
    let at = words
        .with("allocation-at", args![reference => row.reference.clone(), site => read.allocation.site.name.clone()]);
    let lead = match read.row.kind {
        Kind::Interim => words.with("report-lead-interim", args![hours => words.hours(read.withheld)]),
        Kind::Final => words.t("report-lead-final"),
    };
    let lead = read.row.state.is_owed().then(|| view! { <p>{lead}</p> });
    let main = match (read.is_open && may_write, read.row.state.is_owed()) {
        (true, _) => post_form(format!("{back}/report/{}", read.row.kind.code()), fields(words, read, form)),
        (false, true) => notice(Tone::Calm, view! { <p>{words.t("report-not-yet")}</p> }),
        (false, false) => written(words, &read.draft),
    };
    view! {
        {error_summary(words, form)}
        <p class="above"><a href=back>{at}</a></p>
        {heading(title(words, read), None, Some(report_tag(words, &read.row, today)))}
        {said(words, read)}
        {lead}
        {beside(main, acknowledgement(words, read))}
    }
    .into_any()
}

fn said(words: Words, read: &ReportRead) -> Option<AnyView> {
    let reason = read.row.reason.clone().filter(|reason| !reason.is_empty())?;
    Some(notice(
        Tone::Yours,
        view! { <p><strong>{words.t("report-officer-said")}</strong></p> <p class="typed">{reason}</p> },
    ))
}

fn fields(words: Words, read: &ReportRead, form: &FormState) -> AnyView {
    let field = |name: &str, has_hint: bool, is_optional: bool| {
        let label = format!("report-{}", name.replace('_', "-"));
        let field = Field::area(name, &label);
        let field = if has_hint { field.hint(format!("{label}-hint")) } else { field };
        if is_optional { field.optional() } else { field }.show(words, form)
    };
    view! {
        {hidden("version", read.row.version.to_string())}
        {field("results", true, false)}
        {field("hours_use", true, false)}
        {field("publications", false, true)}
        {field("problems", false, true)}
        {Field::checkbox("acknowledged", "report-acknowledged").show(words, form)}
        {submit(words, "report-hand-in")}
        {submit_as(words, "report-save", "do", "save")}
    }
    .into_any()
}

/// What was handed in, under its questions.
pub fn written(words: Words, draft: &Draft) -> AnyView {
    let rows = FIELDS.iter().filter(|field| !draft.get(field.name).trim().is_empty()).map(|field| {
        let question = words.t(&format!("report-{}", field.name.replace('_', "-")));
        view! { <div><dt>{question}</dt><dd class="typed">{draft.get(field.name).to_owned()}</dd></div> }
    });
    view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

fn acknowledgement(words: Words, read: &ReportRead) -> AnyView {
    let text = words.with(
        "report-acknowledgement-text",
        args![site => read.allocation.site.name.clone(), reference => read.allocation.row.reference.clone()],
    );
    let used = (read.allocation.used > GpuTime::ZERO).then(|| {
        let granted = words.hours(read.allocation.row.gpu_seconds);
        let share = words.percent(read.allocation.share());
        let note = words.with("allocation-used-note", args![share => share, granted => granted]);
        facts(words, vec![("allocation-used", note.into_any())])
    });
    view! { {used} {details(words.t("report-acknowledgement"), view! { <p class="typed">{text}</p> })} }.into_any()
}
