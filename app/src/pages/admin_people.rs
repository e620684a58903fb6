//! People and where they may stand: found by name or address, roles granted and taken away one by one.

use axum::{extract::Path, response::Response};
use domain::{
    actor::StaffRole,
    id::{PersonId, SiteId},
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, PersonEntry, Site};
use text::{Words, args};

use crate::{
    AppError, Form, PageResult, Query, Visit, cells,
    components::{
        Field, Listing, Table, empty, facts,
        field::Choice,
        form::{FormState, error_summary, hidden, post_form, submit},
        table::filters,
    },
};

#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
    /// The address that ended the page before.
    #[serde(default)]
    after: String,
}

#[derive(Deserialize)]
pub struct Grant {
    /// A role's code, or `operator:` and the site's id.
    #[serde(default)]
    role: String,
}

#[derive(Deserialize)]
pub struct Remove {
    #[serde(default)]
    id: String,
}

pub async fn get(visit: Visit, Query(search): Query<Search>) -> PageResult {
    let (people, next) = visit.desk.people(&search.q, &search.after).await?;
    let sites = visit.desk.sites().await?;
    Ok(visit.page(visit.words.t("admin-people-title"), move |words| list(words, &search, &people, next, &sites)).await)
}

pub async fn person(visit: Visit, Path(id): Path<PersonId>) -> PageResult {
    let (title, view) = one(&visit, id, FormState::default()).await?;
    Ok(visit.page(title, view).await)
}

pub async fn post_grant(visit: Visit, Path(id): Path<PersonId>, Form(typed): Form<Grant>) -> PageResult {
    let Some((role, site)) = read_role(&typed.role) else { return Err(AppError::NOT_FOUND) };
    match visit.desk.grant_role(id, role, site).await {
        Ok(()) => visit.redirect_saying(&format!("/admin/people/{id}"), "admin-role-granted").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::default().with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_remove(visit: Visit, Path(id): Path<PersonId>, Form(typed): Form<Remove>) -> PageResult {
    // Only a role of this person: the page's address and its form must agree.
    let entry = visit.desk.person(id).await?;
    let found = entry.roles.iter().find(|role| role.id.to_string() == typed.id).map(|role| role.id);
    let Some(role) = found else { return Err(AppError::NOT_FOUND) };
    match visit.desk.remove_role(role).await {
        Ok(()) => visit.redirect_saying(&format!("/admin/people/{id}"), "admin-role-removed").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::default().with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: PersonId, form: FormState) -> Result<Response, AppError> {
    let (title, view) = one(visit, id, form).await?;
    Ok(visit.refused(title, view).await)
}

fn read_role(typed: &str) -> Option<(StaffRole, Option<SiteId>)> {
    match typed.split_once(':') {
        Some((role, site)) => Some((StaffRole::from_code(role)?, Some(site.parse().ok()?))),
        None => Some((StaffRole::from_code(typed)?, None)),
    }
}

fn role_name(words: Words, role: StaffRole, site: Option<SiteId>, sites: &[Site]) -> String {
    let name = words.t(&format!("stand-{}", role.code()));
    match site.and_then(|id| sites.iter().find(|site| site.id == id)) {
        Some(site) => format!("{name}, {}", site.name),
        None => name,
    }
}

/// Everything that says where the person may stand, a line each.
fn stands(words: Words, entry: &PersonEntry, sites: &[Site]) -> Vec<String> {
    let seats = entry.seats.iter().map(|(seat, organisation)| {
        let seat = words.t(&format!("stand-{}", seat.seat.code()));
        format!("{seat}, {organisation}")
    });
    seats.chain(entry.roles.iter().map(|role| role_name(words, role.role, role.site_id, sites))).collect()
}

fn list(words: Words, search: &Search, people: &[PersonEntry], next: Option<String>, sites: &[Site]) -> AnyView {
    let form = FormState::new([("q", search.q.clone())]);
    let rows = people.iter().map(|entry| {
        let stands = stands(words, entry, sites).into_iter().map(|stand| view! { <li>{stand}</li> }).collect_view();
        cells![
            view! { <a href=format!("/admin/people/{}", entry.person.id)>{entry.person.name.clone()}</a> },
            entry.person.email.clone(),
            view! { <ul>{stands}</ul> },
        ]
    });
    let listing = Listing {
        filters: vec![("q".to_owned(), search.q.clone())],
        next,
        is_later: !search.after.is_empty(),
        ..Listing::at("/admin/people")
    };
    let table = Table::new("admin-people-caption")
        .column("admin-person-name")
        .column("admin-person-address")
        .column("admin-person-stands")
        .rows(rows)
        .listing(listing)
        .empty(empty(words, "admin-people-none", "admin-people-none-help", None));
    view! {
        <h1>{words.t("admin-people-title")}</h1>
        {filters(words, "/admin/people", Field::search("q", "admin-people-search").show(words, &form))}
        {table.show(words)}
    }
    .into_any()
}

async fn one(
    visit: &Visit,
    id: PersonId,
    form: FormState,
) -> Result<(String, impl FnOnce(Words) -> AnyView + Send + 'static), AppError> {
    let entry = visit.desk.person(id).await?;
    let sites = visit.desk.sites().await?;
    let title = entry.person.name.clone();
    Ok((title, move |words| detail(words, &entry, &sites, &form)))
}

fn detail(words: Words, entry: &PersonEntry, sites: &[Site], form: &FormState) -> AnyView {
    let id = entry.person.id;
    let confirmed = entry
        .person
        .confirmed_at
        .map_or_else(|| words.t("admin-person-unconfirmed"), |at| words.instant(at))
        .into_any();
    let seats = entry.seats.iter().map(|(seat, organisation)| {
        let seat = words.t(&format!("stand-{}", seat.seat.code()));
        view! { <li>{format!("{seat}, {organisation}")}</li> }
    });
    let seats = if entry.seats.is_empty() {
        view! { <p>{words.t("admin-person-no-seats")}</p> }.into_any()
    } else {
        view! { <ul>{seats.collect_view()}</ul> }.into_any()
    };
    let audit = format!("/admin/audit?actor={}", encoded(&entry.person.email));
    view! {
        {error_summary(words, form)}
        <h1>{entry.person.name.clone()}</h1>
        {facts(words, vec![
            ("admin-person-address", entry.person.email.clone().into_any()),
            ("admin-person-confirmed", confirmed),
        ])}
        <h2>{words.t("admin-person-seats")}</h2>
        {seats}
        <h2>{words.t("admin-person-roles")}</h2>
        {roles(words, entry, sites)}
        {grant(words, id, sites, form)}
        <p><a href=audit>{words.t("admin-person-audit")}</a></p>
        <p><a href="/admin/people">{words.t("admin-people-back")}</a></p>
    }
    .into_any()
}

fn roles(words: Words, entry: &PersonEntry, sites: &[Site]) -> AnyView {
    let id = entry.person.id;
    let rows = entry.roles.iter().map(|role| {
        let name = role_name(words, role.role, role.site_id, sites);
        let label = words.with("admin-role-remove-named", args![role => name.clone()]);
        cells![
            name,
            words.instant_figure(role.granted_at),
            view! {
                <form method="post" action=format!("/admin/people/{id}/remove")>
                    {hidden("id", role.id.to_string())}
                    <button class="button" type="submit" aria-label=label>{words.t("admin-role-remove")}</button>
                </form>
            },
        ]
    });
    Table::new("admin-person-roles-caption")
        .column("admin-role")
        .column("admin-role-since")
        .column("admin-action")
        .rows(rows)
        .empty(view! { <p>{words.t("admin-person-no-roles")}</p> }.into_any())
        .under_heading()
        .show(words)
}

fn grant(words: Words, id: PersonId, sites: &[Site], form: &FormState) -> AnyView {
    let plain = StaffRole::ALL
        .into_iter()
        .filter(|role| *role != StaffRole::Operator)
        .map(|role| Choice::new(role.code(), role_name(words, role, None, &[])));
    let operators = sites.iter().map(|site| {
        let name = role_name(words, StaffRole::Operator, Some(site.id), sites);
        Choice::new(format!("operator:{}", site.id), name)
    });
    let field = Field::select("role", "admin-role-new", plain.chain(operators).collect()).show(words, form);
    post_form(format!("/admin/people/{id}/grant"), (field, submit(words, "admin-role-grant")))
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
