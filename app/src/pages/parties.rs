//! Companies by whom an applicant does not want to be judged: on all its applications, or on one.

use std::collections::BTreeMap;

use axum::extract::Path;
use domain::{
    id::ApplicationId,
    reviewer::{InterestKind, TypedInterest},
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, rows::NamedPartyRow};
use text::{Words, args};

use super::reviewer_interests::{company, kind_name, register};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Table, empty,
        field::{Choice, Field},
        form::{FormState, error_summary, post_form, row_button, submit},
        layout::heading,
    },
};

type Typed = BTreeMap<String, String>;

#[derive(Debug, Default, Deserialize)]
pub struct Removal {
    #[serde(default)]
    id: String,
}

pub async fn get(visit: Visit) -> PageResult {
    shown(&visit, None).await
}

pub async fn get_one(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    shown(&visit, Some(id)).await
}

async fn shown(visit: &Visit, application: Option<ApplicationId>) -> PageResult {
    let rows = visit.desk.named_parties(application).await?;
    let form = FormState::default();
    Ok(visit.page(visit.words.t("parties-title"), move |words| page(words, application, &rows, &form)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    name(&visit, None, typed).await
}

pub async fn post_one(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    name(&visit, Some(id), typed).await
}

async fn name(visit: &Visit, application: Option<ApplicationId>, typed: Typed) -> PageResult {
    match visit.desk.name_party(application, &TypedInterest::of(&typed)).await {
        Ok(()) => visit.redirect_saying(&path(application), "parties-added").await,
        Err(Error::Invalid(invalid)) => {
            let rows = visit.desk.named_parties(application).await?;
            let form = FormState::new(typed).with(invalid);
            let title = visit.words.t("parties-title");
            Ok(visit.refused(title, move |words| page(words, application, &rows, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_removal(visit: Visit, Form(typed): Form<Removal>) -> PageResult {
    let application = visit.desk.unname_party(typed.id.parse().map_err(|_| Error::NotFound)?).await?;
    visit.redirect_saying(&path(application), "parties-removed").await
}

fn path(application: Option<ApplicationId>) -> String {
    application.map_or_else(|| "/organisation/parties".to_owned(), |id| format!("/applications/{id}/parties"))
}

fn page(
    words: Words,
    application: Option<ApplicationId>,
    parties: &[NamedPartyRow],
    form: &FormState,
) -> impl IntoView + use<> {
    let rows = parties.iter().map(|row| {
        let label = words.with("interests-remove", args![name => row.name.clone()]);
        let id = row.id.to_string();
        let remove = row_button(words, "/organisation/parties/remove", "interests-remove-short", label, &[("id", &id)]);
        let register = register(words, row.country, &row.registration_number);
        cells![row.name.clone(), kind_name(words, row.kind), register, remove]
    });
    let kinds = InterestKind::NAMED.map(|kind| {
        Choice::new(kind.code(), format!("interest-{}", kind.code())).hint(format!("party-{}-help", kind.code()))
    });
    let back = match application {
        Some(id) => (format!("/applications/{id}"), "parties-back-application"),
        None => ("/organisation".to_owned(), "parties-back-organisation"),
    };
    let back = view! { <p><a href=back.0>{words.t(back.1)}</a></p> };
    view! {
        {error_summary(words, form)}
        {heading(words.t("parties-title"), None, None)}
        {back}
        <p>{words.t(if application.is_some() { "parties-help-application" } else { "parties-help" })}</p>
        {Table::new("parties-title")
            .column("interest-name")
            .column("interest-kind")
            .column("interest-register")
            .column("absences-actions")
            .rows(rows)
            .under_heading()
            .empty(empty(words, "parties-empty", "parties-empty-help", None))
            .show(words)}
        <section>
            <h2>{words.t("parties-add")}</h2>
            {post_form(
                path(application),
                view! {
                    {Field::radios("kind", "interest-kind", kinds.to_vec()).show(words, form)}
                    {company(words, form)}
                    {submit(words, "parties-submit")}
                },
            )}
        </section>
    }
}
