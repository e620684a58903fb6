//! Projects of a company: what each was given of its GPU-hours and has bound, and which application is of which.

use domain::{
    gpu::GpuTime,
    id::ProjectId,
    problem::Problem,
    project::{TypedProject, TypedShare},
    quota::Standing,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{ApplicationListed, Error, Projects};
use text::{Words, args};

use super::{applications::titled, organisation::is_owner};
use crate::{
    Form, PageResult, Visit, cells,
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

/// What which project is given.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Shared {
    #[serde(default)]
    of: String,
    #[serde(flatten)]
    share: TypedShare,
}

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
    let done = visit.desk.open_project(&typed).await.map(|_| ());
    after(&visit, done, FormState::of(&typed), Sent::New, "projects-opened").await
}

pub async fn post_share(visit: Visit, Form(typed): Form<Shared>) -> PageResult {
    let done = match typed.of.parse() {
        Ok(project) => visit.desk.share_quota(project, &typed.share).await,
        Err(_) => Err(Error::invalid("of", Problem::NotAChoice)),
    };
    after(&visit, done, FormState::of(&typed), Sent::Share, "projects-shared").await
}

pub async fn post_assignment(visit: Visit, Form(typed): Form<Assignment>) -> PageResult {
    let project = match typed.project.trim() {
        "" => Ok(None),
        id => id.parse().map(Some),
    };
    let done = match (typed.application.parse(), project) {
        (Ok(application), Ok(project)) => visit.desk.assign_project(application, project).await,
        (Err(_), _) => Err(Error::invalid("application", Problem::NotAChoice)),
        (_, Err(_)) => Err(Error::invalid("project", Problem::NotAChoice)),
    };
    after(&visit, done, FormState::of(&typed), Sent::Assigned, "projects-assigned").await
}

async fn after(visit: &Visit, done: Result<(), Error>, form: FormState, sent: Sent, said: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_saying(PATH, said).await,
        Err(Error::Invalid(invalid)) => show(visit, form.with(invalid), Some(sent)).await,
        Err(error) => Err(error.into()),
    }
}

/// Which of the page's forms was refused, and stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    New,
    Share,
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
        {(can_divide && !projects.rows.is_empty()).then(|| share(words, projects, form, sent))}
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
    let most = projects.rows.iter().max_by_key(|project| project.bound).filter(|most| most.bound > GpuTime::ZERO)?;
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
        let figure = |of: fn(&Standing) -> GpuTime| match &project.standing {
            Some(standing) => words.hours_figure(of(standing)),
            None => words.t("projects-unlimited"),
        };
        cells![
            project.row.name.clone(),
            filled,
            figure(|standing| standing.most),
            words.hours_figure(project.bound),
            figure(Standing::free),
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

fn share(words: Words, projects: &Projects, form: &FormState, sent: Option<Sent>) -> AnyView {
    let is_sent = sent == Some(Sent::Share);
    let form = only(form, is_sent);
    let fields = view! {
        {Field::select("of", "projects-name", choices(projects)).show(words, &form)}
        {Field::number("hours", "projects-share-hours").hint("projects-share-help").optional().show(words, &form)}
        {Field::area("reason", "quota-reason").rows(2).show(words, &form)}
        {submit(words, "projects-share")}
    };
    details_if(is_sent, words.t("projects-share-title"), post_form(format!("{PATH}/share"), fields))
}

fn choices(projects: &Projects) -> Vec<Choice> {
    projects.rows.iter().map(|one| Choice::new(one.row.id.to_string(), one.row.name.clone())).collect()
}

fn applications(words: Words, projects: &Projects, can_divide: bool, form: &FormState, sent: Option<Sent>) -> AnyView {
    let name = |id: Option<ProjectId>| {
        let found = projects.rows.iter().find(|project| Some(project.row.id) == id);
        found.map_or_else(|| words.t("projects-of-none"), |project| project.row.name.clone())
    };
    let rows = projects.applications.iter().map(|one| {
        let row = &one.application;
        let href = format!("/applications/{}", row.id);
        cells![
            view! { <a href=href>{titled(words, &one.title)}</a> },
            row.reference.clone().map(kept),
            name(row.project_id),
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
        let about = |one: &ApplicationListed| {
            let title = titled(words, &one.title);
            match &one.application.reference {
                Some(reference) => {
                    words.with("projects-application-of", args![reference => reference.as_str(), title => title])
                }
                None => title,
            }
        };
        let of = projects.applications.iter().map(|one| Choice::new(one.application.id.to_string(), about(one)));
        let to = std::iter::once(Choice::new("", "projects-of-none")).chain(choices(projects));
        let fields = view! {
            {Field::select("application", "projects-application", of.collect()).show(words, &form)}
            {Field::select("project", "projects-name", to.collect()).show(words, &form)}
            {submit(words, "projects-assign")}
        };
        post_form(format!("{PATH}/assign"), fields)
    });
    view! { <h2>{words.t("projects-applications")}</h2> {table} {assign} }.into_any()
}
