//! Rates of exchange: what finance recorded, and the form for the next.

use domain::{exchange::currencies, period::brussels_day};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, TypedRate};
use text::Words;

use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, empty,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::heading,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    currency: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    rate: String,
    #[serde(default)]
    source: String,
}

pub async fn get(visit: Visit) -> PageResult {
    show(visit, FormState::default(), false).await
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::of(&typed);
    let Typed { currency, day, rate, source } = typed;
    match visit.desk.record_exchange_rate(&TypedRate { currency, day, rate, source }).await {
        Ok(()) => visit.redirect_saying("/finance/rates", "rate-recorded").await,
        Err(Error::Invalid(invalid)) => show(visit, form.with(invalid), true).await,
        Err(error) => Err(error.into()),
    }
}

async fn show(visit: Visit, form: FormState, is_refused: bool) -> PageResult {
    let rates = visit.desk.exchange_rates().await?;
    let choices = currencies(brussels_day(visit.desk.now));
    let title = visit.words.t("rates-title");
    let view = move |words: Words| {
        let rows = rates.into_iter().map(|rate| {
            cells![rate.currency, words.date_figure(rate.day), rate.source, words.decimal_millionths(rate.micros)]
        });
        let table = Table::new("rates-caption")
            .column("rate-currency")
            .column("rate-day")
            .column("rate-source")
            .figures("rate-value")
            .rows(rows)
            .empty(empty(words, "rates-none", "rates-none-help", None))
            .show(words);
        let choices = choices.into_iter().map(|code| Choice::new(code, code)).collect();
        let fields = view! {
            {Field::select("currency", "rate-currency", choices).show(words, &form)}
            {Field::date("day", "rate-day").show(words, &form)}
            {Field::text("rate", "rate-value").hint("rate-value-hint").show(words, &form)}
            {Field::text("source", "rate-source").hint("rate-source-hint").show(words, &form)}
            {submit(words, "rates-record")}
        };
        view! {
            {error_summary(words, &form)}
            {heading(words.t("rates-title"), None, None)}
            <p>{words.t("rates-lead")}</p>
            {table}
            <h2>{words.t("rates-record")}</h2>
            {post_form("/finance/rates", fields)}
        }
    };
    Ok(if is_refused { visit.refused(title, view).await } else { visit.page(title, view).await })
}
