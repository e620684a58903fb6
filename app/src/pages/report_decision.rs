//! A report as an officer reads it: approved, or returned with what is to be mended.

use axum::{extract::Path, response::Response};
use domain::{gpu::GpuTime, id::ReportId, report::State};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, ReportRead};
use text::{Words, args};

use super::{
    allocation_after::report_tag,
    organisation::version,
    report::{title, written},
};
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field,
        field::Choice,
        form::{FormState, error_summary, hidden, post_form, submit},
        layout::{beside, heading, panel},
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Typed {
    outcome: String,
    reason: String,
    version: String,
}

pub async fn get(visit: Visit, Path(id): Path<ReportId>) -> PageResult {
    let read = visit.desk.read_report(id).await?;
    let today = domain::period::brussels_day(visit.desk.now);
    let title = title(visit.words, &read);
    Ok(visit.page(title, move |words| page(words, &read, &FormState::default(), today)).await)
}

pub async fn post(visit: Visit, Path(id): Path<ReportId>, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::of(&typed);
    match visit.desk.decide_report(id, &typed.outcome, &typed.reason, version(&typed.version)?).await {
        Ok(()) => visit.redirect_saying("/actions", "report-decided-flash").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, form.with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: ReportId, form: FormState) -> Result<Response, AppError> {
    let read = visit.desk.read_report(id).await?;
    let today = domain::period::brussels_day(visit.desk.now);
    let title = title(visit.words, &read);
    Ok(visit.refused(title, move |words| page(words, &read, &form, today)).await)
}

fn page(words: Words, read: &ReportRead, form: &FormState, today: chrono::NaiveDate) -> AnyView {
    let releases = (read.withheld > GpuTime::ZERO).then(|| {
        let hours = words.hours(read.withheld);
        view! { <p>{words.with("report-releases", args![hours => hours])}</p> }
    });
    let turn = (read.row.state == State::HandedIn).then(|| {
        let outcomes = vec![
            Choice::new("approved", words.t("report-outcome-approved")),
            Choice::new("returned", words.t("report-outcome-returned")),
        ];
        panel(post_form(
            format!("/reports/{}", read.row.id),
            view! {
                {hidden("version", read.row.version.to_string())}
                {releases}
                {Field::radios("outcome", "action-outcome", outcomes).show(words, form)}
                {Field::area("reason", "action-reason").hint("report-reason-hint").show(words, form)}
                {submit(words, "report-decide")}
            },
        ))
    });
    let href = format!("/allocations/{}", read.allocation.row.id);
    let main = view! {
        {written(words, &read.draft)}
        <p><a href=href>{words.t("action-to-allocation")}</a></p>
    };
    view! {
        {error_summary(words, form)}
        {heading(title(words, read), Some(read.allocation.organisation.clone()), Some(report_tag(words, &read.row, today)))}
        {beside(main, turn)}
    }
    .into_any()
}
