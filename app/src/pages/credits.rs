//! What companies have with us: used for an invoice or sent back, and the transfers that are to be made at the bank.

use std::collections::BTreeMap;

use axum::extract::Path;
use domain::{
    bank::PayoutState,
    id::{InvoiceId, OrganisationId, PaymentId, PayoutId},
    money::Money,
    problem::Invalid,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{CreditRead, CreditUse, CreditsRead, Error, PayoutForm, rows::PayoutRow};
use text::{Words, args};

use super::bank::bank_tabs;
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, confirm, empty, figure, figures,
        form::{FormState, button_form, error_summary, post_form, row_button, submit},
        layout::{Confirm, heading, kept},
        tag,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    iban: String,
    #[serde(default)]
    holder: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    invoice: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let read = visit.desk.credits().await?;
    Ok(visit.page(visit.words.t("credits-title"), move |words| page(words, &read, &FormState::default())).await)
}

pub async fn get_one(visit: Visit, Path(id): Path<OrganisationId>) -> PageResult {
    let read = visit.desk.credit(id).await?;
    Ok(visit.page(visit.words.t("credits-title"), move |words| one(words, &read, &FormState::default())).await)
}

pub async fn post_use(visit: Visit, Path(id): Path<OrganisationId>, Form(chosen): Form<Chosen>) -> PageResult {
    let invoice = chosen.invoice.parse::<InvoiceId>().map_err(|_| Error::NotFound)?;
    match visit.desk.use_credit(id, invoice).await {
        Ok(()) => visit.redirect_saying(&format!("/finance/credits/{id}"), "credit-was-used").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::default(), invalid).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_payout(visit: Visit, Path(id): Path<OrganisationId>, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::of(&typed);
    let Typed { amount, iban, holder, reason } = typed;
    match visit.desk.order_payout(id, &PayoutForm { amount, iban, holder, reason }).await {
        Ok(_) => visit.redirect_saying("/finance/credits", "payout-ordered").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, form, invalid).await,
        Err(error) => Err(error.into()),
    }
}

/// Each use has its own field for the reason: several are on one page.
pub async fn post_undo(
    visit: Visit,
    Path(id): Path<PaymentId>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> PageResult {
    let company = visit.desk.payer_by_credit(id).await?;
    let field = why(id);
    match visit.desk.undo_credit(id, typed.get(&field).map_or("", String::as_str)).await {
        Ok(()) => visit.redirect_saying(&format!("/finance/credits/{company}"), "credit-use-undone").await,
        Err(Error::Invalid(Invalid(faults))) => {
            let faults = faults.into_iter().map(|(name, fault)| (name.replace("reason", &field), fault));
            refused(&visit, company, FormState::new(typed.clone()), Invalid(faults.collect())).await
        }
        Err(error) => Err(error.into()),
    }
}

fn why(id: PaymentId) -> String {
    format!("why-{id}")
}

async fn refused(visit: &Visit, id: OrganisationId, form: FormState, invalid: Invalid) -> PageResult {
    let read = visit.desk.credit(id).await?;
    let form = form.with(invalid);
    Ok(visit.refused(visit.words.t("credits-title"), move |words| one(words, &read, &form)).await)
}

pub async fn post_sign(visit: Visit, Path(id): Path<PayoutId>) -> PageResult {
    let done = visit.desk.sign_payout(id).await;
    after(&visit, done, "payout-signed").await
}

pub async fn post_withdraw(visit: Visit, Path(id): Path<PayoutId>) -> PageResult {
    let done = visit.desk.withdraw_payout(id).await;
    after(&visit, done, "payout-withdrawn").await
}

async fn after(visit: &Visit, done: Result<(), Error>, saying: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_saying("/finance/credits", saying).await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.credits().await?;
            let form = FormState::default().with(invalid);
            Ok(visit.refused(visit.words.t("credits-title"), move |words| page(words, &read, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, read: &CreditsRead, form: &FormState) -> impl IntoView + use<> {
    let rows: Vec<_> = read
        .credits
        .iter()
        .map(|(id, name, sum)| {
            let (href, name) = (format!("/finance/credits/{id}"), name.clone());
            cells![view! { <a href=href>{name}</a> }, words.money_figure(*sum)]
        })
        .collect();
    let table = Table::new("credits-caption")
        .column("invoice-organisation")
        .figures("credit-balance-euro")
        .rows(rows)
        .empty(empty(words, "credits-none", "credits-none-help", None))
        .show(words);
    let payouts = (!read.payouts.is_empty()).then(|| payouts(words, &read.payouts));
    view! {
        {error_summary(words, form)}
        {heading(words.t("credits-title"), None, None)}
        {bank_tabs(words, "/finance/credits")}
        {table}
        {payouts}
    }
}

/// Transfers to be made at the bank, with everything that the bank's form asks for.
fn payouts(words: Words, rows: &[(PayoutRow, String)]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|(row, company)| {
            let here = format!("/finance/payouts/{}", row.id);
            let named = |key: &str| words.with(key, args![number => row.number.as_str()]);
            let sign = (row.state == PayoutState::Asked)
                .then(|| row_button(words, format!("{here}/sign"), "payout-sign", named("payout-sign-one"), &[]));
            let back =
                row_button(words, format!("{here}/withdraw"), "payout-withdraw", named("payout-withdraw-one"), &[]);
            let tone = if row.state == PayoutState::Asked { Tone::Yours } else { Tone::Waiting };
            let state = tag(tone, words.t(&format!("payout-state-{}", row.state.code())));
            cells![
                kept(row.number.clone()),
                view! { {company.clone()} <br/> <small>{row.reason.clone()}</small> },
                view! { {row.holder.clone()} <br/> <span class="kept">{row.iban.clone()}</span> },
                state,
                view! { {sign} " " {back} },
                words.money_figure(row.amount_cents),
            ]
        })
        .collect();
    let table = Table::new("payouts-title")
        .column("payout-number")
        .column("invoice-organisation")
        .column("payout-to")
        .column("bank-state")
        .column("mail-again")
        .figures("bank-amount-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("payouts-title")}</h2> <p class="hint">{words.t("payouts-hint")}</p> {table} }.into_any()
}

fn one(words: Words, read: &CreditRead, form: &FormState) -> impl IntoView + use<> {
    let has_some = read.balance > Money::ZERO;
    let open: Vec<AnyView> = if has_some {
        read.open
            .iter()
            .map(|invoice| {
                let id = invoice.id.to_string();
                let label = words.with(
                    "credit-use-for",
                    args![number => invoice.number.as_str(), unpaid => words.money(invoice.unpaid())],
                );
                let here = format!("/finance/credits/{}/use", read.organisation);
                view! { <div>{label} " " {button_form(words, here, "credit-use", &[("invoice", &id)])}</div> }
                    .into_any()
            })
            .collect()
    } else {
        Vec::new()
    };
    let open = (!open.is_empty()).then(|| view! { <h2>{words.t("credit-use-title")}</h2> {open} });
    let send = has_some.then(|| send(words, read, form));
    let uses = (!read.uses.is_empty()).then(|| {
        let each = read.uses.iter().map(|one| used(words, one, form)).collect_view();
        view! { <h2>{words.t("credit-uses")}</h2> {each} }
    });
    view! {
        {error_summary(words, form)}
        <p class="above"><a href="/finance/credits">{words.t("credits-title")}</a></p>
        {heading(read.name.clone(), None, None)}
        {figures(vec![figure(words.money(read.balance), words.t("credit-balance"), None)])}
        {open}
        {send}
        {uses}
        <h2>{words.t("credit-history")}</h2>
        {history(words, read)}
    }
}

/// One invoice that the credit paid, and the form that takes that back.
fn used(words: Words, one: &CreditUse, form: &FormState) -> AnyView {
    let said = args![
        amount => words.money(one.payment.known().counted()), number => one.invoice.number.as_str(),
        day => words.date(one.undo_until),
    ];
    let line = words.with(if one.can_undo { "credit-use-of" } else { "credit-use-closed" }, said);
    let undo = one.can_undo.then(|| {
        let ask = Confirm {
            action: format!("/finance/credits/uses/{}/undo", one.payment.id),
            open: "credit-use-undo",
            consequence: "credit-use-undo-means".to_owned(),
            button: "credit-use-undo",
            values: Vec::new(),
        };
        confirm(words, ask, Some((Field::area(&why(one.payment.id), "bank-reason").rows(3), form)))
    });
    view! { <div>{line} " " {undo}</div> }.into_any()
}

fn send(words: Words, read: &CreditRead, form: &FormState) -> AnyView {
    let most = words.with("refund-most", args![amount => words.money(read.balance)]);
    let fields = view! {
        {Field::number("amount", "refund-amount").unit("unit-euro").hint(most).show(words, form)}
        {Field::text("iban", "payout-iban").show(words, form)}
        {Field::text("holder", "payout-holder").show(words, form)}
        {Field::area("reason", "refund-reason").rows(3).show(words, form)}
        {submit(words, "payout-order")}
    };
    let action = format!("/finance/credits/{}/payout", read.organisation);
    view! { <h2>{words.t("payout-title")}</h2> {post_form(action, fields)} }.into_any()
}

fn history(words: Words, read: &CreditRead) -> AnyView {
    let rows: Vec<_> = read
        .history
        .iter()
        .map(|row| {
            let cause = words.t(&format!("balance-cause-{}", row.cause.code().replace('_', "-")));
            cells![words.instant_figure(row.made_at), cause, words.money_figure(row.amount_cents)]
        })
        .collect();
    Table::new("credit-history")
        .column("bank-matched-at")
        .column("balance-cause")
        .figures("bank-amount-euro")
        .rows(rows)
        .under_heading()
        .show(words)
}
