//! Projects of a company: what each was given of its GPU-hours and has bound, and which application is of which.

use axum::extract::Path;
use domain::{
    id::{ApplicationId, ProjectId},
    project::{TypedProject, TypedShare},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, ProjectApplication, ProjectRead, Projects};
use text::{Words, args};

use super::{applications::titled, organisation::is_owner};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table,
        chart::{Plot, Point, Series, bars},
        empty,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::{details_if, heading, kept},
        progress::meter,
    },
};

const PATH: &str = "/organisation/projects";

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Assignment {
    #[serde(default)]
    application: String,
    /// Id of a project; nothing for none.
    #[serde(default)]
    project: String,
}

pub async fn get(visit: Visit) -> PageResult {
    show(&visit, FormState::default(), None).await
}

pub async fn post(visit: Visit, Form(typed): Form<TypedProject>) -> PageResult {
    match visit.desk.open_project(&typed).await {
        Ok(_) => visit.redirect_saying(PATH, "projects-opened").await,
        Err(Error::Invalid(invalid)) => show(&visit, FormState::of(&typed).with(invalid), Some(Sent::New)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_share(visit: Visit, Path(id): Path<ProjectId>, Form(typed): Form<TypedShare>) -> PageResult {
    match visit.desk.share_quota(id, &typed).await {
        Ok(()) => visit.redirect_saying(PATH, "projects-shared").await,
        Err(Error::Invalid(invalid)) => show(&visit, FormState::of(&typed).with(invalid), Some(Sent::Share(id))).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_assignment(visit: Visit, Form(typed): Form<Assignment>) -> PageResult {
    let id: ApplicationId = typed.application.parse().map_err(|_| AppError::NOT_FOUND)?;
    let project = Some(typed.project.trim()).filter(|project| !project.is_empty());
    let project = project.map(str::parse::<ProjectId>).transpose().map_err(|_| AppError::NOT_FOUND)?;
    match visit.desk.assign_project(id, project).await {
        Ok(()) => visit.redirect_saying(PATH, "projects-assigned").await,
        Err(Error::Invalid(invalid)) => show(&visit, FormState::of(&typed).with(invalid), Some(Sent::Assigned)).await,
        Err(error) => Err(error.into()),
    }
}

/// Which of the page's forms was refused, and stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    New,
    Share(ProjectId),
    Assigned,
}

async fn show(visit: &Visit, form: FormState, sent: Option<Sent>) -> PageResult {
    let projects = visit.desk.projects().await?;
    let can_divide = is_owner(visit);
    let title = visit.words.t("projects-title");
    let view = move |words: Words| page(words, &projects, can_divide, &form, sent);
    Ok(if sent.is_some() { visit.refused(title, view).await } else { visit.page(title, view).await })
}

fn page(words: Words, projects: &Projects, can_divide: bool, form: &FormState, sent: Option<Sent>) -> AnyView {
    let own = match &projects.own {
        Some(own) => words.with(
            "projects-own",
            args![whole => words.hours(own.most), given => words.hours(projects.given), bound => words.hours(own.bound)],
        ),
        None => words.with("projects-own-unlimited", args![given => words.hours(projects.given)]),
    };
    let new = can_divide.then(|| {
        let fields = view! {
            {Field::text("name", "projects-name").show(words, &only(form, sent == Some(Sent::New)))}
            {submit(words, "projects-open")}
        };
        view! { <h2>{words.t("projects-new")}</h2> {post_form(PATH, fields)} }
    });
    view! {
        {error_summary(words, form)}
        <p class="above"><a href="/organisation">{words.t("organisation-title")}</a></p>
        {heading(words.t("projects-title"), None, None)}
        <p class="lead">{words.t("projects-lead")}</p>
        <p>{own}</p>
        {plot(words, projects)}
        {table(words, projects)}
        {can_divide.then(|| shares(words, projects, form, sent))}
        {new}
        {applications(words, projects, can_divide, form, sent)}
    }
    .into_any()
}

/// What was typed belongs to the form that was sent; the others of the page are as they are.
fn only(form: &FormState, is_sent: bool) -> FormState {
    if is_sent { form.clone() } else { FormState::default() }
}

/// What each has bound; nothing where there is nothing to compare.
fn plot(words: Words, projects: &Projects) -> Option<AnyView> {
    let most = projects
        .rows
        .iter()
        .max_by_key(|project| project.bound)
        .filter(|most| most.bound > domain::gpu::GpuTime::ZERO)?;
    if projects.rows.len() < 2 {
        return None;
    }
    let sentence =
        words.with("projects-sentence", args![project => most.row.name.clone(), hours => words.hours(most.bound)]);
    let points = projects.rows.iter().map(|project| Point {
        name: project.row.name.clone(),
        value: project.bound.whole_hours(),
        words: words.hours(project.bound),
    });
    Some(bars(
        words,
        Plot {
            title: "projects-title".to_owned(),
            sentence,
            point_label: "projects-name",
            series: vec![Series { name: "quota-bound-hours".to_owned(), points: points.collect() }],
            foot: 0,
        },
    ))
}

fn table(words: Words, projects: &Projects) -> AnyView {
    let rows = projects.rows.iter().map(|project| {
        let filled = project.standing.as_ref().map(|standing| {
            let label = words.with("quota-filled-of", args![quota => project.row.name.clone()]);
            meter(label, standing.bound.as_seconds(), standing.most.as_seconds())
        });
        let figure = |of: fn(&domain::quota::Standing) -> domain::gpu::GpuTime| match &project.standing {
            Some(standing) => words.hours_figure(of(standing)),
            None => words.t("projects-unlimited"),
        };
        cells![
            project.row.name.clone(),
            filled,
            figure(|standing| standing.most),
            words.hours_figure(project.bound),
            figure(domain::quota::Standing::free),
        ]
    });
    Table::new("projects-title")
        .column("projects-name")
        .column("quota-filled")
        .figures("projects-share-hours")
        .figures("quota-bound-hours")
        .figures("quota-free-hours")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
        .empty(empty(words, "projects-none", "projects-none-help", None))
        .show(words)
}

fn shares(words: Words, projects: &Projects, form: &FormState, sent: Option<Sent>) -> Vec<AnyView> {
    let one = |project: &ProjectRead| {
        let is_sent = sent == Some(Sent::Share(project.row.id));
        let form = only(form, is_sent);
        let fields = view! {
            {Field::number("hours", "projects-share-hours").hint("projects-share-help").optional().show(words, &form)}
            {Field::area("reason", "quota-reason").rows(2).show(words, &form)}
            {submit(words, "projects-share")}
        };
        let title = words.with("projects-share-of", args![project => project.row.name.clone()]);
        details_if(is_sent, title, post_form(format!("{PATH}/{}/share", project.row.id), fields))
    };
    projects.rows.iter().map(one).collect()
}

fn applications(words: Words, projects: &Projects, can_divide: bool, form: &FormState, sent: Option<Sent>) -> AnyView {
    let name = |id: Option<ProjectId>| {
        let found = projects.rows.iter().find(|project| Some(project.row.id) == id);
        found.map_or_else(|| words.t("projects-of-none"), |project| project.row.name.clone())
    };
    let rows = projects.applications.iter().map(|one| {
        let href = format!("/applications/{}", one.id);
        cells![
            view! { <a href=href>{titled(words, &one.title)}</a> },
            one.reference.clone().map(kept),
            name(one.project),
        ]
    });
    let table = Table::new("projects-applications")
        .column("projects-application")
        .column("case-reference")
        .column("projects-name")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
        .empty(empty(words, "projects-applications-none", "projects-applications-none-help", None))
        .show(words);
    let can_assign = can_divide && !projects.rows.is_empty() && !projects.applications.is_empty();
    let assign = can_assign.then(|| {
        let form = only(form, sent == Some(Sent::Assigned));
        let about = |one: &ProjectApplication| match &one.reference {
            Some(reference) => format!("{reference}: {}", titled(words, &one.title)),
            None => titled(words, &one.title),
        };
        let of = projects.applications.iter().map(|one| Choice::new(one.id.to_string(), about(one)));
        let to = projects.rows.iter().map(|one| Choice::new(one.row.id.to_string(), one.row.name.clone()));
        let to = std::iter::once(Choice::new("", "projects-of-none")).chain(to);
        let fields = view! {
            {Field::select("application", "projects-application", of.collect()).show(words, &form)}
            {Field::select("project", "projects-name", to.collect()).show(words, &form)}
            {submit(words, "projects-assign")}
        };
        post_form(format!("{PATH}/assign"), fields)
    });
    view! { <h2>{words.t("projects-applications")}</h2> {table} {assign} }.into_any()
}
