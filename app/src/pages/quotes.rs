//! Quotes: a company's list, one of them with every step of its price, and the form that asks for one.

use axum::extract::Path;
use domain::{
    actor::Group,
    id::{ApplicationId, QuoteId},
    money::BasisPoints,
    pricing::Quote,
    quote::Standing,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{DocumentForm, Error, QuoteAsk, QuoteRead, rows::QuoteRow};
use text::{Words, args};

use super::{applications::titled, invoice::download, prices};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty, facts,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::{beside, heading, notice},
        price::quote_panel,
        tag,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    /// Slug of a site; nothing for any.
    #[serde(default)]
    site: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let rows = visit.desk.quotes().await?;
    Ok(visit.page(visit.words.t("quotes-title"), move |words| list(words, &rows)).await)
}

pub async fn get_one(visit: Visit, Path(id): Path<QuoteId>) -> PageResult {
    let read = visit.desk.quote(id).await?;
    let may_ask = matches!(visit.actor().group(), Group::Owner | Group::Applicant);
    Ok(visit.page(name(visit.words, &read.row), move |words| one(words, &read, may_ask)).await)
}

/// The quote as PDF.
pub async fn paper(visit: Visit, Path(id): Path<QuoteId>) -> PageResult {
    let (name, bytes) = visit.desk.quote_pdf(id, visit.words.locale()).await?;
    Ok(download(&name, DocumentForm::Pdf, bytes))
}

pub async fn get_ask(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    ask(&visit, id, FormState::default()).await
}

pub async fn post_ask(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.ask_quote(id, &typed.site).await {
        Ok(quote) => visit.redirect_saying(&format!("/quotes/{quote}"), "quotes-made").await,
        Err(Error::Invalid(invalid)) => ask(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

/// The form, or why there can be no quote now.
async fn ask(visit: &Visit, id: ApplicationId, form: FormState) -> PageResult {
    let title = visit.words.t("quotes-ask-title");
    match visit.desk.quote_ask(id).await {
        Ok(asked) if form.problems().is_empty() => {
            Ok(visit.page(title, move |words| asking(words, &asked, &form)).await)
        }
        Ok(asked) => Ok(visit.refused(title, move |words| asking(words, &asked, &form)).await),
        Err(Error::Invalid(invalid)) => {
            let form = form.with(invalid);
            let back = format!("/applications/{id}");
            Ok(visit
                .refused(title, move |words| {
                    view! {
                        {error_summary(words, &form)}
                        {heading(words.t("quotes-ask-title"), None, None)}
                        <p><a href=back>{words.t("quotes-to-application")}</a></p>
                    }
                })
                .await)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GH-Q-2026-00042, version 2`.
pub(super) fn name(words: Words, row: &QuoteRow) -> String {
    words.with("quotes-name", args![number => row.number.clone(), version => row.version])
}

pub(super) fn standing_tag(words: Words, standing: Standing) -> AnyView {
    let tone = match standing {
        Standing::Open => Tone::Yours,
        Standing::Accepted => Tone::Good,
        Standing::Expired | Standing::Replaced => Tone::Calm,
    };
    tag(tone, words.t(&format!("quotes-standing-{}", standing.code())))
}

fn list(words: Words, rows: &[(QuoteRow, Standing)]) -> AnyView {
    let none = || empty(words, "quotes-none", "quotes-none-help", Some(("/applications", "quotes-to-applications")));
    view! {
        {heading(words.t("quotes-title"), None, None)}
        <p class="lead">{words.t("quotes-lead")}</p>
        {table(words, "quotes-title", rows).empty(none()).show(words)}
    }
    .into_any()
}

fn table(words: Words, caption: &str, rows: &[(QuoteRow, Standing)]) -> Table {
    let rows = rows.iter().map(|(row, standing)| {
        let (href, name) = (format!("/quotes/{}", row.id), name(words, row));
        cells![
            view! { <a href=href>{name}</a> },
            row.model.code(),
            words.hours_figure(row.gpu_seconds),
            words.instant_figure(row.asked_at),
            words.instant_figure(row.expires_at),
            words.money_figure(row.due_cents),
            standing_tag(words, *standing),
        ]
    });
    Table::new(caption)
        .column("quotes-number")
        .column("prices-model")
        .figures("quotes-hours")
        .column("quotes-asked-at")
        .column("quotes-expires-at")
        .figures("quotes-due-euro")
        .column("quotes-standing")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
}

fn one(words: Words, read: &QuoteRead, may_ask: bool) -> AnyView {
    let row = &read.row;
    let until = words.instant(row.expires_at);
    let (tone, key) = match read.standing {
        Standing::Open => (Tone::Yours, "quotes-says-open"),
        Standing::Expired => (Tone::Bad, "quotes-says-expired"),
        Standing::Accepted => (Tone::Good, "quotes-says-accepted"),
        Standing::Replaced => (Tone::Calm, "quotes-says-replaced"),
    };
    let says = words.with(key, args![until => until]);
    let booked = row.allocation_id.map(|id| {
        let href = format!("/allocations/{id}");
        view! { <p><a href=href>{words.t("offer-to-allocation")}</a></p> }
    });
    let again = (may_ask && matches!(read.standing, Standing::Open | Standing::Expired)).then(|| {
        let href = format!("/applications/{}/quote", row.application_id);
        view! { <p><a href=href>{words.t("quotes-again")}</a></p> }
    });
    let paper = format!("/quotes/{}/paper", row.id);
    let application = format!("/applications/{}", row.application_id);
    let about = vec![
        ("quotes-about", view! { <a href=application>{titled(words, &read.about)}</a> }.into_any()),
        ("prices-model", row.model.code().into_any()),
        ("quotes-where", site(words, read).into_any()),
        ("quotes-time", words.hours(row.gpu_seconds).into_any()),
        ("quotes-first-day", words.date(row.first_day).into_any()),
        ("quotes-last-day", words.date(row.last_day).into_any()),
        ("quotes-asked-at", words.instant(row.asked_at).into_any()),
        ("quotes-expires-at", words.instant(row.expires_at).into_any()),
    ];
    let main = view! {
        {notice(tone, view! { <p>{says}</p> {booked} {again} })}
        <p><a href=paper download="">{words.t("quotes-paper")}</a></p>
        {facts(words, about)}
        <h2>{words.t("quotes-steps")}</h2>
        {steps(words, &read.price)}
        <h2>{words.t("quotes-versions")}</h2>
        {table(words, "quotes-versions", &read.versions).show(words)}
    };
    view! {
        <p class="above"><a href="/quotes">{words.t("quotes-title")}</a></p>
        {heading(name(words, row), None, Some(standing_tag(words, read.standing)))}
        {beside(main, quote_panel(words, "quotes-price", &read.price))}
    }
    .into_any()
}

fn site(words: Words, read: &QuoteRead) -> String {
    read.site.as_ref().map_or_else(|| words.t("quotes-any-site"), |site| site.name.clone())
}

/// How the price of an hour was reached, and by which rules the rest.
fn steps(words: Words, price: &Quote) -> AnyView {
    let book = price.derivation.as_ref().map_or(price.list_rate, |derivation| derivation.book_rate);
    let is_own = price.derivation.as_ref().is_some_and(|derivation| derivation.site.is_some());
    let whose = words.t(if is_own { "quotes-list-site" } else { "quotes-list-programme" });
    let list = words.with(
        "quotes-list-of",
        args![rate => words.rate(book), whose => whose, day => words.date(price.priced_on), source => price.price_source.clone()],
    );
    let mut shown = vec![("prices-list", list.into_any())];
    if let Some(derivation) = &price.derivation {
        if derivation.scarcity > BasisPoints::ZERO {
            let rise = words.with("quotes-scarcity-of", args![share => words.percent(derivation.scarcity)]);
            shown.push(("quotes-scarcity", rise.into_any()));
        }
        if let Some(found) = &derivation.reference {
            shown.push(("prices-reference", prices::reference(words, found).into_any()));
            shown.push(("prices-source", found.sources.join("; ").into_any()));
        }
    }
    shown.push(("quotes-rate", words.rate(price.list_rate).into_any()));
    let subsidy = words.with(
        "quotes-subsidy-of",
        args![
            share => words.percent(price.subsidy_share),
            pot => words.pot(&price.pot),
            regime => words.t(&format!("regime-{}", price.regime.code())),
        ],
    );
    shown.push(("quotes-subsidy", subsidy.into_any()));
    let vat = words.with(
        "quotes-vat-of",
        args![
            rate => words.percent(price.vat_rate),
            treatment => words.t(&format!("price-vat-{}", price.vat_treatment.code())),
        ],
    );
    shown.push(("quotes-vat", vat.into_any()));
    facts(words, shown)
}

fn asking(words: Words, asked: &QuoteAsk, form: &FormState) -> AnyView {
    let inputs = &asked.inputs;
    let label = |name: String, price: &Quote| {
        words.with(
            "quotes-site-option",
            args![site => name, due => words.money(price.due), rate => words.rate(price.list_rate)],
        )
    };
    let any = Choice::new("", label(words.t("quotes-any-site"), &asked.price));
    let sites = asked.sites.iter().map(|(site, price)| Choice::new(site.slug.clone(), label(site.name.clone(), price)));
    let choices = std::iter::once(any).chain(sites).collect();
    let fields = view! {
        {Field::select("site", "quotes-where", choices).hint("quotes-where-hint").show(words, form)}
        {submit(words, "quotes-ask")}
    };
    let latest = asked.latest.as_ref().map(|(row, standing)| {
        let (href, name) = (format!("/quotes/{}", row.id), name(words, row));
        view! { <p>{words.t("quotes-latest")} " " <a href=href>{name}</a> " " {standing_tag(words, *standing)}</p> }
    });
    let about = vec![
        ("prices-model", inputs.model.code().into_any()),
        ("quotes-time", words.hours(inputs.gpu_time).into_any()),
        ("quotes-first-day", words.date(inputs.first_day).into_any()),
        ("quotes-last-day", words.date(inputs.last_day).into_any()),
    ];
    let back = format!("/applications/{}", asked.application);
    let main = view! {
        <p class="lead">{words.t("quotes-ask-lead")}</p>
        {latest}
        {facts(words, about)}
        {post_form(format!("/applications/{}/quote", asked.application), fields)}
    };
    view! {
        {error_summary(words, form)}
        <p class="above"><a href=back>{titled(words, &asked.about)}</a></p>
        {heading(words.t("quotes-ask-title"), None, None)}
        {beside(main, quote_panel(words, "quotes-price-any", &asked.price))}
    }
    .into_any()
}
