//! Work outside requests: what gave up and why, with a button to try again; what is still to come.

use domain::id::JobId;
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, rows::JobRow};
use text::{Words, args};

use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Table, empty,
        form::{FormState, error_summary, hidden},
    },
};

#[derive(Deserialize)]
pub struct Retry {
    #[serde(default)]
    id: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let jobs = visit.desk.jobs().await?;
    let title = visit.words.t("admin-jobs-title");
    Ok(visit.page(title, move |words| page(words, jobs, &FormState::default())).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Retry>) -> PageResult {
    let id: JobId = typed.id.parse().map_err(|_| AppError::NOT_FOUND)?;
    match visit.desk.retry_job(id).await {
        Ok(()) => visit.redirect_saying("/admin/jobs", "admin-job-retried").await,
        Err(Error::Invalid(invalid)) => {
            let jobs = visit.desk.jobs().await?;
            let form = FormState::default().with(invalid);
            Ok(visit.refused(visit.words.t("admin-jobs-title"), move |words| page(words, jobs, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, jobs: Vec<JobRow>, form: &FormState) -> AnyView {
    let (parked, waiting): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.parked_at.is_some());
    view! {
        {error_summary(words, form)}
        <h1>{words.t("admin-jobs-title")}</h1>
        <h2>{words.t("admin-jobs-parked")}</h2>
        {parked_table(words, parked)}
        <h2>{words.t("admin-jobs-waiting")}</h2>
        {waiting_table(words, waiting)}
    }
    .into_any()
}

fn parked_table(words: Words, jobs: Vec<JobRow>) -> AnyView {
    let rows = jobs.into_iter().map(|job| {
        let label = words.with("admin-job-retry-named", args![kind => job.kind.clone()]);
        cells![
            view! { <code>{job.kind}</code> },
            job.parked_at.map(|at| words.instant_figure(at)),
            words.integer(i64::from(job.attempts)),
            job.last_error,
            view! {
                <form method="post" action="/admin/jobs">
                    {hidden("id", job.id.to_string())}
                    <button class="button" type="submit" aria-label=label>{words.t("admin-job-retry")}</button>
                </form>
            },
        ]
    });
    Table::new("admin-jobs-parked-caption")
        .column("admin-job-kind")
        .column("admin-job-parked-at")
        .figures("admin-job-attempts")
        .column("admin-job-error")
        .column("admin-action")
        .rows(rows)
        .empty(empty(words, "admin-jobs-parked-none", "admin-jobs-parked-none-help", None))
        .under_heading()
        .show(words)
}

fn waiting_table(words: Words, jobs: Vec<JobRow>) -> AnyView {
    let rows = jobs.into_iter().map(|job| {
        cells![
            view! { <code>{job.kind}</code> },
            words.instant_figure(job.run_at),
            words.integer(i64::from(job.attempts)),
            job.last_error,
        ]
    });
    Table::new("admin-jobs-waiting-caption")
        .column("admin-job-kind")
        .column("admin-job-run-at")
        .figures("admin-job-attempts")
        .column("admin-job-error")
        .rows(rows)
        .empty(view! { <p>{words.t("admin-jobs-waiting-none")}</p> }.into_any())
        .under_heading()
        .show(words)
}
