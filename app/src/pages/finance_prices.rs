//! The price book for those who keep it: the published pages, what waits for a second person, and forms that add to it.

use axum::extract::Path;
use domain::{
    gpu::GpuModel,
    id::ListPriceId,
    price::{TypedList, TypedObservation},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, PriceBook};
use text::{Words, args};

use super::{finance_policy, prices};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table,
        field::Choice,
        form::{FormState, error_summary, post_form, row_button, submit},
        layout::{details_if, heading},
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Signature {
    #[serde(default)]
    price: String,
    #[serde(default)]
    agrees: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Pending {
    #[serde(default)]
    observation: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let book = visit.desk.price_book().await?;
    let title = visit.words.t("finance-prices-title");
    Ok(visit.page(title, move |words| all(words, &book, &FormState::default())).await)
}

/// The second person agrees to a list price, or does not.
pub async fn post(visit: Visit, Form(typed): Form<Signature>) -> PageResult {
    let Ok(id) = typed.price.parse::<ListPriceId>() else { return Err(Error::NotFound.into()) };
    let agrees = typed.agrees == "yes";
    match visit.desk.sign_list_price(id, agrees).await {
        Ok(()) if agrees => visit.redirect_saying("/finance/prices", "finance-prices-agreed").await,
        Ok(()) => visit.redirect_saying("/finance/prices", "finance-prices-refused").await,
        Err(Error::Invalid(invalid)) => again(&visit, FormState::default().with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn get_one(visit: Visit, Path(model): Path<String>) -> PageResult {
    let (book, model) = prices::read(&visit, &model).await?;
    let title = prices::title(visit.words, model);
    Ok(visit.page(title, move |words| one(words, &book, model, None, &FormState::default())).await)
}

pub async fn post_observation(
    visit: Visit,
    Path(model): Path<String>,
    Form(typed): Form<TypedObservation>,
) -> PageResult {
    let typed = TypedObservation { model: model.clone(), ..typed };
    match visit.desk.record_observation(&typed).await {
        Ok(()) => visit.redirect_saying(&format!("/finance/prices/{model}"), "finance-prices-recorded").await,
        Err(Error::Invalid(invalid)) => {
            refused(&visit, &model, Some(Which::Observation), FormState::of(&typed).with(invalid)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What was recorded by mistake is taken back while it does not count.
pub async fn post_take_back(visit: Visit, Path(model): Path<String>, Form(typed): Form<Pending>) -> PageResult {
    let Ok(id) = typed.observation.parse() else { return Err(Error::NotFound.into()) };
    match visit.desk.take_back_observation(id).await {
        Ok(()) => visit.redirect_saying(&format!("/finance/prices/{model}"), "finance-prices-taken-back").await,
        Err(Error::Invalid(invalid)) => refused(&visit, &model, None, FormState::default().with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_list(visit: Visit, Path(model): Path<String>, Form(typed): Form<TypedList>) -> PageResult {
    let typed = TypedList { list_model: model.clone(), ..typed };
    match visit.desk.ask_list_price(&typed).await {
        Ok(_) => visit.redirect_saying("/finance/prices", "finance-prices-asked").await,
        Err(Error::Invalid(invalid)) => {
            refused(&visit, &model, Some(Which::List), FormState::of(&typed).with(invalid)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Which of the page's forms was sent, and stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Observation,
    List,
}

async fn refused(visit: &Visit, model: &str, sent: Option<Which>, form: FormState) -> PageResult {
    let (book, model) = prices::read(visit, model).await?;
    let title = prices::title(visit.words, model);
    Ok(visit.refused(title, move |words| one(words, &book, model, sent, &form)).await)
}

fn all(words: Words, book: &PriceBook, form: &FormState) -> AnyView {
    view! {
        {error_summary(words, form)}
        {heading(words.t("finance-prices-title"), None, None)}
        <p class="lead">{words.t("finance-prices-lead")}</p>
        {(!book.asked.is_empty()).then(|| asked(words, book))}
        {prices::overview(words, book, "/finance/prices")}
        {prices::policy(words, book)}
        {finance_policy::waiting(words, book)}
        {finance_policy::form(words, book, form)}
    }
    .into_any()
}

/// The book again, with what was refused.
pub(super) async fn again(visit: &Visit, form: FormState) -> PageResult {
    let book = visit.desk.price_book().await?;
    let title = visit.words.t("finance-prices-title");
    Ok(visit.refused(title, move |words| all(words, &book, &form)).await)
}

/// What waits, with a button where somebody else asked.
fn asked(words: Words, book: &PriceBook) -> AnyView {
    let rows = book.asked.iter().map(|row| {
        let site = match row.site_id {
            Some(id) => book.site(id).map(|site| site.name.clone()).unwrap_or_default(),
            None => words.t("prices-every-site"),
        };
        let turn = if book.reader == Some(row.asked_by) {
            words.t("finance-prices-waits").into_any()
        } else {
            let id = row.id.to_string();
            let values = |agrees| [("price", id.as_str()), ("agrees", agrees)];
            let named = |key: &str| words.with(key, args![model => row.model.code(), site => site.clone()]);
            view! {
                {row_button(words, "/finance/prices", "finance-prices-agree", named("finance-prices-agree-to"), &values("yes"))}
                {row_button(words, "/finance/prices", "finance-prices-refuse", named("finance-prices-refuse-it"), &values("no"))}
            }
            .into_any()
        };
        cells![
            row.model.code(),
            site.clone(),
            words.date_figure(row.valid_from),
            row.valid_until.map(|last| words.date_figure(last)).unwrap_or_default(),
            row.reason.clone(),
            words.rate_figure(row.rate),
            turn,
        ]
    });
    let table = Table::new("finance-prices-waiting")
        .column("prices-model")
        .column("prices-site")
        .column("prices-from")
        .column("prices-until")
        .column("prices-reason")
        .figures("prices-rate-euro")
        .column("finance-prices-turn")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
        .show(words);
    view! { <h2>{words.t("finance-prices-waiting")}</h2> {table} }.into_any()
}

fn one(words: Words, book: &PriceBook, model: GpuModel, sent: Option<Which>, form: &FormState) -> AnyView {
    let is_sent = |which| sent == Some(which);
    view! {
        {error_summary(words, form)}
        <p class="above"><a href="/finance/prices">{words.t("finance-prices-title")}</a></p>
        {prices::one(words, book, model)}
        {pending(words, book, model)}
        {details_if(is_sent(Which::Observation), words.t("finance-prices-observe"), observation_form(words, model, form))}
        {details_if(is_sent(Which::List), words.t("finance-prices-set"), list_form(words, book, model, form))}
    }
    .into_any()
}

/// What was recorded today, each with a button to take it back; nothing where nothing was.
fn pending(words: Words, book: &PriceBook, model: GpuModel) -> Option<AnyView> {
    let of_model: Vec<_> = book.pending.iter().filter(|row| row.model == model).collect();
    let rows = of_model.iter().map(|row| {
        let id = row.id.to_string();
        let label = words.with("finance-prices-take-back-of", args![source => row.source.clone()]);
        let action = format!("/finance/prices/{model}/take-back");
        cells![
            row.source.clone(),
            words.date_figure(row.observed_on),
            words.rate_figure(row.rate),
            row_button(words, &action, "finance-prices-take-back", label, &[("observation", id.as_str())]),
        ]
    });
    let table = Table::new("finance-prices-pending")
        .column("prices-source")
        .column("prices-observed-on")
        .figures("prices-rate-euro")
        .column("finance-prices-turn")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
        .show(words);
    (!of_model.is_empty()).then(|| view! { <h2>{words.t("finance-prices-pending")}</h2> {table} }.into_any())
}

fn observation_form(words: Words, model: GpuModel, form: &FormState) -> AnyView {
    let fields = view! {
        {Field::number("rate", "finance-prices-rate").unit("unit-euro").hint("finance-prices-rate-hint").show(words, form)}
        {Field::text("source", "prices-source").hint("finance-prices-source-hint").show(words, form)}
        {Field::text("address", "finance-prices-address").hint("finance-prices-address-hint").optional().show(words, form)}
        {Field::date("observed_on", "prices-observed-on").show(words, form)}
        {submit(words, "finance-prices-observe")}
    };
    view! {
        <p>{words.t("finance-prices-observe-help")}</p>
        {post_form(format!("/finance/prices/{model}/observations"), fields)}
    }
    .into_any()
}

fn list_form(words: Words, book: &PriceBook, model: GpuModel, form: &FormState) -> AnyView {
    let sites = book.sites.iter().map(|site| Choice::new(site.slug.clone(), site.name.clone()));
    let sites = std::iter::once(Choice::new("", "prices-every-site")).chain(sites).collect();
    let fields = view! {
        {Field::select("site", "prices-site", sites).show(words, form)}
        {Field::number("list_rate", "finance-prices-rate").unit("unit-euro").show(words, form)}
        {Field::date("valid_from", "prices-from").hint("finance-prices-from-hint").show(words, form)}
        {Field::date("valid_until", "prices-until").optional().show(words, form)}
        {Field::area("reason", "prices-reason").rows(2).hint("finance-prices-reason-hint").show(words, form)}
        {submit(words, "finance-prices-ask")}
    };
    view! {
        <p>{words.t("finance-prices-set-help")}</p>
        {post_form(format!("/finance/prices/{model}/list"), fields)}
    }
    .into_any()
}
