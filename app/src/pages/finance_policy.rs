//! The policy of prices, for those who keep the book: what waits for a second person, and the form that asks for another.

use domain::{id::PolicyRequestId, price::TypedPolicy};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, PriceBook};
use text::{Words, args};

use super::{finance_prices::again, prices};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field,
        form::{FormState, post_form, row_button, submit},
        layout::details_if,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Signature {
    #[serde(default)]
    policy: String,
    #[serde(default)]
    agrees: String,
}

pub async fn post(visit: Visit, Form(typed): Form<TypedPolicy>) -> PageResult {
    match visit.desk.ask_price_policy(&typed).await {
        Ok(_) => visit.redirect_saying("/finance/prices", "finance-policy-asked").await,
        Err(Error::Invalid(invalid)) => again(&visit, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

/// The second person agrees, or does not.
pub async fn post_sign(visit: Visit, Form(typed): Form<Signature>) -> PageResult {
    let Ok(id) = typed.policy.parse::<PolicyRequestId>() else { return Err(Error::NotFound.into()) };
    let agrees = typed.agrees == "yes";
    match visit.desk.sign_price_policy(id, agrees).await {
        Ok(()) if agrees => visit.redirect_saying("/finance/prices", "finance-policy-agreed").await,
        Ok(()) => visit.redirect_saying("/finance/prices", "finance-policy-refused").await,
        Err(Error::Invalid(invalid)) => again(&visit, FormState::default().with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

/// What waits, with a button where somebody else asked.
pub(super) fn waiting(words: Words, book: &PriceBook) -> Option<AnyView> {
    let rows: Vec<_> = book
        .asked_policies
        .iter()
        .map(|row| {
            let turn = if book.reader == Some(row.asked_by) {
                words.t("finance-prices-waits").into_any()
            } else {
                let id = row.id.to_string();
                let values = |agrees| [("policy", id.as_str()), ("agrees", agrees)];
                let named = |key: &str| words.with(key, args![day => words.date(row.valid_from)]);
                let at = "/finance/prices/policy/sign";
                view! {
                    {row_button(words, at, "finance-prices-agree", named("finance-policy-agree-to"), &values("yes"))}
                    {row_button(words, at, "finance-prices-refuse", named("finance-policy-refuse-it"), &values("no"))}
                }
                .into_any()
            };
            let mut cells = prices::policy_cells(words, &row.policy());
            cells.extend(cells![row.reason.clone(), turn]);
            cells
        })
        .collect();
    let table = (!rows.is_empty()).then(|| {
        let table =
            prices::policy_table("finance-policy-waiting").column("prices-reason").column("finance-prices-turn");
        table.rows(rows).under_heading().show(words)
    });
    table.map(|table| view! { <h2>{words.t("finance-policy-waiting")}</h2> {table} }.into_any())
}

/// Begins with the policy in force: who changes one figure types one figure.
pub(super) fn form(words: Words, book: &PriceBook, form: &FormState) -> AnyView {
    const FIELDS: [&str; 6] =
        ["valid_from", "quote_days", "observation_days", "scarcity_from", "scarcity_most", "reason"];
    let is_sent = form.refuses(&FIELDS);
    let now = &book.policy;
    let points = |points: i32| words.hundredths(i64::from(points));
    let form = match is_sent {
        true => form.clone(),
        false => form
            .clone()
            .set("quote_days", now.quote_days.to_string())
            .set("observation_days", now.observation_days.to_string())
            .set("scarcity_from", points(now.scarcity_from.get()))
            .set("scarcity_most", points(now.scarcity_most.get())),
    };
    let form = &form;
    let fields = view! {
        {Field::date("valid_from", "prices-from").hint("finance-prices-from-hint").show(words, form)}
        {Field::number("observation_days", "prices-policy-observation-days").show(words, form)}
        {Field::number("scarcity_from", "prices-policy-scarcity-from").show(words, form)}
        {Field::number("scarcity_most", "prices-policy-scarcity-most").show(words, form)}
        {Field::number("quote_days", "prices-policy-quote-days").show(words, form)}
        {Field::area("reason", "prices-reason").rows(2).show(words, form)}
        {submit(words, "finance-prices-ask")}
    };
    let fields = view! {
        <p>{words.t("finance-policy-help")}</p>
        {post_form("/finance/prices/policy", fields)}
    };
    details_if(is_sent, words.t("finance-policy-set"), fields)
}
