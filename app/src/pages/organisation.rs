//! The organisation the reader stands in: its facts, the state of its VAT number, its size; registering and changing it.

use axum::response::Response;
use chrono::NaiveDate;
use domain::{
    actor::Seat,
    country::{self, Country},
    organisation::DetailsForm,
    period,
    vat::{VatId, VatState},
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, OrganisationFacts, rows::VatCheckRow};
use text::{Words, args};

use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        field::{Choice, Field},
        form::{FormState, button_form, error_summary, group, hidden, post_form, submit},
        layout::{Tone, facts, heading, link_button, notice, panel, tag},
        table::Table,
    },
    visit::key,
};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(flatten)]
    details: DetailsForm,
    #[serde(default)]
    version: String,
}

#[derive(Deserialize)]
pub struct Seen {
    #[serde(default)]
    version: String,
}

pub async fn get(visit: Visit) -> PageResult {
    if visit.actor().organisation().is_none() {
        return Ok(visit.redirect("/organisation/new"));
    }
    let facts = visit.desk.own_organisation().await?;
    let is_owner = is_owner(&visit);
    let today = period::brussels_day(visit.desk.now);
    Ok(visit.page(visit.words.t("organisation-title"), move |words| page(words, &facts, today, is_owner)).await)
}

pub async fn get_new(visit: Visit) -> PageResult {
    Ok(visit.page(visit.words.t("organisation-new-title"), |words| form_page(words, &FormState::default(), None)).await)
}

pub async fn post_new(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.create_organisation(&typed.details).await {
        Ok(organisation) => {
            let stand = domain::actor::Stand::Member { organisation, seat: Seat::Owner };
            visit.session.insert(key::STAND, stand).await.map_err(|error| Error::Broken(services::anyhow(error)))?;
            visit.redirect_saying("/organisation/size", "organisation-created").await
        }
        Err(Error::Invalid(invalid)) => Ok(refused(&visit, values(&typed.details).with(invalid), None).await),
        Err(error) => Err(error.into()),
    }
}

pub async fn get_edit(visit: Visit) -> PageResult {
    let row = visit.desk.own_organisation().await?.organisation;
    let flag = |on: bool| if on { "on".to_owned() } else { String::new() };
    let form = values(&DetailsForm {
        legal_name: row.legal_name,
        street: row.street,
        city: row.city,
        postcode: row.postcode,
        country: row.country.to_string(),
        registration_number: row.registration_number,
        vat_id: row.vat_id.map(String::from).unwrap_or_default(),
        founded_on: row.founded_on.to_string(),
        nace: row.nace,
        listed: flag(row.listed),
        distributed_profits: flag(row.distributed_profits),
        from_merger: flag(row.from_merger),
    });
    let title = visit.words.t("organisation-edit-title");
    Ok(visit.page(title, move |words| form_page(words, &form, Some(row.version))).await)
}

pub async fn post_edit(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let seen = version(&typed.version)?;
    match visit.desk.change_organisation(&typed.details, seen).await {
        Ok(()) => visit.redirect_saying("/organisation", "organisation-saved").await,
        Err(Error::Invalid(invalid)) => Ok(refused(&visit, values(&typed.details).with(invalid), Some(seen)).await),
        Err(error) => Err(error.into()),
    }
}

pub async fn post_vat(visit: Visit, Form(typed): Form<Seen>) -> PageResult {
    visit.desk.ask_vat_again(version(&typed.version)?).await?;
    visit.redirect_saying("/organisation", "vat-asked").await
}

/// The version a form was made from; a form without one is not ours.
pub fn version(typed: &str) -> Result<i32, AppError> {
    typed.parse().map_err(|_| AppError::Form("no version".to_owned()))
}

/// Whether the reader stands here as an owner and so sees the forms.
pub fn is_owner(visit: &Visit) -> bool {
    matches!(visit.actor().stand, domain::actor::Stand::Member { seat: Seat::Owner, .. })
}

async fn refused(visit: &Visit, form: FormState, seen: Option<i32>) -> Response {
    let title = if seen.is_some() { "organisation-edit-title" } else { "organisation-new-title" };
    visit.refused(visit.words.t(title), move |words| form_page(words, &form, seen)).await
}

fn values(details: &DetailsForm) -> FormState {
    FormState::new([
        ("legal_name", details.legal_name.clone()),
        ("street", details.street.clone()),
        ("city", details.city.clone()),
        ("postcode", details.postcode.clone()),
        ("country", details.country.clone()),
        ("registration_number", details.registration_number.clone()),
        ("vat_id", details.vat_id.clone()),
        ("founded_on", details.founded_on.clone()),
        ("nace", details.nace.clone()),
        ("listed", details.listed.clone()),
        ("distributed_profits", details.distributed_profits.clone()),
        ("from_merger", details.from_merger.clone()),
    ])
}

/// The country's name.
pub fn country_name(words: Words, country: Country) -> String {
    words.t(&format!("country-{country}"))
}

pub fn countries(words: Words) -> Vec<Choice> {
    let mut named: Vec<(String, String)> = Country::participants()
        .into_iter()
        .map(|country| (country.to_string(), country_name(words, country)))
        .collect();
    named.sort_by_key(|(_, name)| sort_key(name));
    let none = Choice::new("", "organisation-country-choose");
    std::iter::once(none).chain(named.into_iter().map(|(code, name)| Choice::new(code, name))).collect()
}

/// So that `Îles Féroé` stands with I.
fn sort_key(name: &str) -> String {
    let plain = |c: char| match c {
        'É' | 'é' | 'è' => 'e',
        'Î' | 'î' => 'i',
        'ô' => 'o',
        'ü' => 'u',
        other => other,
    };
    name.chars().map(plain).flat_map(char::to_lowercase).collect()
}

fn form_page(words: Words, form: &FormState, seen: Option<i32>) -> impl IntoView + use<> {
    let (title, action, button) = match seen {
        Some(_) => ("organisation-edit-title", "/organisation", "organisation-save"),
        None => ("organisation-new-title", "/organisation/new", "organisation-register"),
    };
    let fields = view! {
        {seen.map(|seen| hidden("version", seen.to_string()))}
        {group(words, "organisation-identity", identity(words, form))}
        {group(words, "organisation-address", address(words, form))}
        {group(words, "organisation-history", history(words, form))}
        {submit(words, button)}
    };
    view! {
        {error_summary(words, form)}
        <h1>{words.t(title)}</h1>
        {seen.is_none().then(|| view! { <p class="lead">{words.t("organisation-new-lead")}</p> })}
        {post_form(action, fields)}
    }
}

fn identity(words: Words, form: &FormState) -> impl IntoView + use<> {
    [
        Field::text("legal_name", "organisation-legal-name").autocomplete("organization"),
        Field::select("country", "organisation-country", countries(words)),
        Field::text("registration_number", "organisation-registration-number")
            .hint(words.t("organisation-registration-number-hint")),
        Field::text("vat_id", "organisation-vat-id").hint(words.t("organisation-vat-id-hint")).optional(),
        Field::text("nace", "organisation-nace").hint(words.t("organisation-nace-hint")).optional().short(),
    ]
    .map(|field| field.show(words, form))
    .collect_view()
}

fn address(words: Words, form: &FormState) -> impl IntoView + use<> {
    [
        Field::text("street", "organisation-street").autocomplete("street-address"),
        Field::text("postcode", "organisation-postcode").autocomplete("postal-code").short(),
        Field::text("city", "organisation-city").autocomplete("address-level2"),
    ]
    .map(|field| field.show(words, form))
    .collect_view()
}

fn history(words: Words, form: &FormState) -> impl IntoView + use<> {
    [
        Field::date("founded_on", "organisation-founded-on"),
        Field::checkbox("listed", "organisation-listed"),
        Field::checkbox("distributed_profits", "organisation-distributed-profits"),
        Field::checkbox("from_merger", "organisation-from-merger"),
    ]
    .map(|field| field.show(words, form))
    .collect_view()
}

fn page(words: Words, found: &OrganisationFacts, today: NaiveDate, is_owner: bool) -> impl IntoView + use<> {
    let row = &found.organisation;
    let nace = if row.nace.is_empty() { words.t("organisation-not-given") } else { row.nace.clone() };
    let country = country_name(words, row.country);
    let (tone, eligible) = if country::eligibility(row.country, today).holds() {
        (Tone::Good, "organisation-eligible")
    } else {
        (Tone::Bad, "organisation-not-eligible")
    };
    let details = vec![
        ("organisation-address", format!("{}, {} {}", row.street, row.postcode, row.city).into_any()),
        ("organisation-country", country.clone().into_any()),
        ("organisation-registration-number", row.registration_number.clone().into_any()),
        ("organisation-founded-on", words.date(row.founded_on).into_any()),
        ("organisation-nace", nace.into_any()),
    ];
    let details = view! {
        <h2>{words.t("organisation-details")}</h2>
        {facts(words, details)}
        {is_owner.then(|| view! { <p><a href="/organisation/edit">{words.t("organisation-change")}</a></p> })}
    };
    view! {
        {heading(row.legal_name.clone(), Some(words.t("organisation-title")), None)}
        {notice(tone, words.with(eligible, args![country => country]))}
        {panel(details)}
        {panel(vat(words, found, is_owner))}
        {panel(size(words, found))}
        <p><a href="/organisation/aid">{words.t("aid-link")}</a></p>
        <p><a href="/organisation/projects">{words.t("projects-link")}</a></p>
        <p><a href="/organisation/members">{words.t("organisation-people-link")}</a></p>
        {is_owner.then(|| view! { <p><a href="/organisation/parties">{words.t("parties-title")}</a></p> })}
    }
}

const fn tone(state: VatState) -> Tone {
    match state {
        VatState::Valid => Tone::Good,
        VatState::Invalid => Tone::Bad,
        VatState::Unchecked | VatState::Unavailable => Tone::Waiting,
    }
}

fn vat(words: Words, found: &OrganisationFacts, is_owner: bool) -> impl IntoView + use<> {
    let row = &found.organisation;
    let state = row.vat_state;
    let number = row.vat_id.as_ref().map(|id| {
        let answer = tag(tone(state), words.t(&format!("vat-answer-{}", state.code())));
        view! { <p><strong>{id.to_string()}</strong> " " {answer}</p> }
    });
    let sentence = match row.vat_id {
        Some(_) => words.t(&format!("vat-state-{}", state.code())),
        None => words.t("vat-none"),
    };
    let is_doubtful = row.vat_id.as_ref().and_then(VatId::warning).is_some();
    let again = (is_owner && row.vat_id.is_some()).then(|| {
        let version = row.version.to_string();
        button_form(words, "/organisation/vat", "vat-ask-again", &[("version", &version)])
    });
    view! {
        <h2>{words.t("vat-heading")}</h2>
        {number}
        <p>{sentence}</p>
        {is_doubtful.then(|| notice(Tone::Yours, words.t("vat-digits-warning")))}
        {(!found.checks.is_empty()).then(|| checks(words, &found.checks))}
        {again}
    }
}

fn checks(words: Words, checks: &[VatCheckRow]) -> AnyView {
    let rows = checks.iter().map(|check| {
        let consultation = check.consultation.clone().unwrap_or_else(|| "–".to_owned());
        cells![words.instant_figure(check.at), words.t(&format!("vat-answer-{}", check.answer.code())), consultation]
    });
    Table::new("vat-checks")
        .column("vat-check-at")
        .column("vat-check-answer")
        .column("vat-check-consultation")
        .rows(rows)
        .show(words)
}

fn size(words: Words, found: &OrganisationFacts) -> impl IntoView + use<> {
    let class = found.size.as_ref().map(|size| words.t(&format!("size-class-{}", size.class.code())));
    let start_up = found.start_up.as_ref().map(|found| found.holds()).map(|holds| {
        let key = if holds { "size-is-start-up" } else { "size-is-not-start-up" };
        view! { <p>{words.t(key)}</p> }
    });
    let body = match class {
        Some(class) => view! {
            <p>{words.with("size-is", args![class => class])}</p>
            {start_up}
            <p><a href="/organisation/size">{words.t("organisation-size-link")}</a></p>
        }
        .into_any(),
        None => view! {
            <p>{words.t("size-unknown")}</p>
            {link_button(words, "/organisation/size", "figures-title")}
        }
        .into_any(),
    };
    view! {
        <h2>{words.t("size-title")}</h2>
        {body}
    }
}
