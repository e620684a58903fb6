//! What needs finance today: mails that failed, money nobody can place, invoices overdue; and what is open.

use domain::{invoice::Standing, money::Money};
use leptos::prelude::*;
use services::{
    InvoiceFilter, InvoiceListed, PaymentListed,
    rows::{CreditRequestRow, InvoiceHoldRow, InvoiceRow, MailRow, MailState, PaymentEventRow},
};
use text::{Words, args};

use super::{
    invoice::payment_tag,
    invoices::{number_link, standing_tag},
};
use crate::{
    PageResult, Visit, cells,
    components::{Table, empty, figure, figures, layout::heading},
};

/// Rows of each list here; the list's own page has all.
const MOST: u64 = 10;

struct Today {
    open: (u64, Money),
    overdue: (u64, Money),
    late: Vec<InvoiceListed>,
    failed: Vec<MailRow>,
    strange: Vec<PaymentEventRow>,
    odd: Vec<PaymentListed>,
    /// Payments that brought more than their invoice asks for now.
    surplus: Vec<PaymentListed>,
    holds: Vec<(InvoiceHoldRow, String)>,
    requests: Vec<(CreditRequestRow, InvoiceRow)>,
    /// Entries of statements that need a person.
    entries: u64,
    /// What is not the same at the payment provider and here.
    differences: u64,
    /// Prices with policies of prices, and movements of pots, that somebody else asked for.
    prices: usize,
    movements: usize,
    /// Subsidies to be asked for of funders that no pot names: the pot, how many documents, how much.
    shares: Vec<(String, i64, Money)>,
}

pub async fn get(visit: Visit) -> PageResult {
    let desk = &visit.desk;
    let me = visit.actor().person;
    let prices = desk.asked_list_prices().await?;
    let policies = desk.asked_price_policies().await?;
    let movements = desk.waiting_movements().await?;
    let late = InvoiceFilter { standing: Some(Standing::Overdue), limit: MOST, ..InvoiceFilter::default() };
    let today = Today {
        open: desk.invoices_total(Standing::Open).await?,
        overdue: desk.invoices_total(Standing::Overdue).await?,
        late: desk.invoices(&late).await?,
        failed: desk.mails(Some(MailState::Failed), MOST).await?,
        strange: desk.unmatched_events().await?,
        odd: desk.payments(None, true, MOST).await?,
        surplus: desk.surplus_payments(usize::try_from(MOST).unwrap_or(usize::MAX)).await?,
        holds: desk.invoice_holds().await?,
        requests: desk.credit_requests().await?,
        entries: desk.open_entries().await?,
        differences: desk.open_differences().await?,
        prices: prices
            .iter()
            .map(|row| row.asked_by)
            .chain(policies.iter().map(|row| row.asked_by))
            .filter(|asked_by| Some(*asked_by) != me)
            .count(),
        movements: movements.iter().filter(|row| Some(row.asked_by) != me).count(),
        shares: desk.unasked_shares().await?,
    };
    Ok(visit.page(visit.words.t("finance-title"), move |words| page(words, today)).await)
}

fn page(words: Words, today: Today) -> impl IntoView + use<> {
    let count = |count: u64| words.integer(i64::try_from(count).unwrap_or(i64::MAX));
    let amount = |amount: Money| Some(words.with("finance-left-to-pay", args![amount => words.money(amount)]));
    let problems = today.strange.len() + today.odd.len();
    let numbers = figures(vec![
        figure(count(today.overdue.0), words.t("finance-overdue"), amount(today.overdue.1)),
        figure(count(today.open.0), words.t("finance-open"), amount(today.open.1)),
        figure(today.failed.len().to_string(), words.t("finance-mails-failed"), None),
        figure(problems.to_string(), words.t("finance-unmatched"), None),
        figure(count(today.entries), words.t("bank-open-entries"), None),
        figure(count(today.differences), words.t("finance-differences"), None),
    ]);
    let is_quiet = today.late.is_empty()
        && today.holds.is_empty()
        && today.requests.is_empty()
        && today.failed.is_empty()
        && problems == 0
        && today.entries == 0
        && today.differences == 0
        && today.prices == 0
        && today.movements == 0
        && today.surplus.is_empty()
        && today.shares.is_empty();
    let quiet = is_quiet.then(|| {
        empty(words, "finance-quiet", "finance-quiet-help", Some(("/finance/invoices", "finance-all-invoices")))
    });
    view! {
        {heading(words.t("finance-title"), None, None)}
        {numbers}
        {quiet}
        {(!today.requests.is_empty()).then(|| requests(words, &today.requests))}
        {(!today.holds.is_empty()).then(|| holds(words, &today.holds))}
        {(today.entries > 0).then(|| view! { <p><a href="/finance/bank">{words.t("finance-to-bank")}</a></p> })}
        {(today.differences > 0).then(|| view! {
            <p><a href="/finance/reconciliation">{words.t("finance-to-reconciliation")}</a></p>
        })}
        {(today.prices > 0).then(|| view! { <p><a href="/finance/prices">{words.t("finance-to-prices")}</a></p> })}
        {(today.movements > 0).then(|| view! { <p><a href="/pots">{words.t("finance-to-pots")}</a></p> })}
        {(!today.shares.is_empty()).then(|| shares(words, &today.shares))}
        {(!today.failed.is_empty()).then(|| mails(words, &today.failed))}
        {(!today.strange.is_empty()).then(|| events(words, &today.strange))}
        {(!today.odd.is_empty()).then(|| odd(words, &today.odd))}
        {(!today.surplus.is_empty()).then(|| surplus(words, &today.surplus))}
        {(!today.late.is_empty()).then(|| late(words, &today.late))}
    }
}

/// Credits that one asked for and another signs.
fn requests(words: Words, rows: &[(CreditRequestRow, InvoiceRow)]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|(request, invoice)| {
            let (href, number) = (format!("/finance/invoices/{}/credit", invoice.id), invoice.number.clone());
            cells![
                view! { <a href=href>{number}</a> },
                words.t(&format!("credit-cause-{}", request.cause.code().replace('_', "-"))),
                request.reason.clone(),
                words.money_figure(request.total_cents),
            ]
        })
        .collect();
    let table = Table::new("finance-credits")
        .column("invoice-number")
        .column("credit-cause")
        .column("credit-reason")
        .figures("credit-total-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("finance-credits")}</h2> {table} }.into_any()
}

/// What is due and waits for an answer from outside.
fn holds(words: Words, rows: &[(InvoiceHoldRow, String)]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|(hold, company)| {
            let key = format!("finance-hold-{}", hold.cause.code());
            let cause = words.with(&key, args![detail => hold.detail.as_str()]);
            cells![company.clone(), words.instant_figure(hold.since), cause]
        })
        .collect();
    let table = Table::new("finance-holds")
        .column("invoice-organisation")
        .column("finance-hold-since")
        .column("finance-hold-cause")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("finance-holds")}</h2> <p>{words.t("finance-holds-help")}</p> {table} }.into_any()
}

/// What calls split off and nobody was asked for.
fn shares(words: Words, rows: &[(String, i64, Money)]) -> AnyView {
    let rows = rows.iter().map(|(pot, documents, subsidy)| {
        let href = format!("/pots/{pot}");
        cells![view! { <a href=href>{words.pot(pot)}</a> }, words.integer(*documents), words.money_figure(*subsidy),]
    });
    let table = Table::new("finance-shares")
        .column("pot-name")
        .figures("finance-shares-documents")
        .figures("document-column-subsidy")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("finance-shares")}</h2> <p>{words.t("finance-shares-help")}</p> {table} }.into_any()
}

fn mails(words: Words, rows: &[MailRow]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|mail| {
            cells![
                mail.address.clone(),
                mail.subject.clone(),
                words.instant_figure(mail.queued_at),
                mail.last_error.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let table = Table::new("finance-mails-failed")
        .column("mail-address")
        .column("mail-subject")
        .column("mail-queued")
        .column("mail-error")
        .rows(rows)
        .under_heading()
        .show(words);
    view! {
        <h2>{words.t("finance-mails-failed")}</h2>
        {table}
        <p><a href="/finance/mails?state=failed">{words.t("finance-mails-resend")}</a></p>
    }
    .into_any()
}

fn events(words: Words, rows: &[PaymentEventRow]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|event| {
            cells![
                event.provider_id.clone(),
                event.kind.clone(),
                words.instant_figure(event.received_at),
                words.t(&format!("payment-event-{}", event.outcome.code())),
            ]
        })
        .collect();
    let table = Table::new("finance-events")
        .column("payment-event-id")
        .column("payment-event-kind")
        .column("payment-event-received")
        .column("payment-event-why")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("finance-events")}</h2> <p>{words.t("finance-events-help")}</p> {table} }.into_any()
}

fn odd(words: Words, rows: &[PaymentListed]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|listed| {
            cells![
                to_payment(listed),
                payment_tag(words, &listed.row),
                words.money_figure(listed.row.amount_cents),
                words.money_figure(listed.row.received_cents),
            ]
        })
        .collect();
    let table = Table::new("finance-odd")
        .column("invoice-number")
        .column("invoice-standing")
        .figures("payment-asked-euro")
        .figures("payment-received-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("finance-odd")}</h2> {table} }.into_any()
}

/// A payment by its invoice's number.
fn to_payment(listed: &PaymentListed) -> AnyView {
    let href = format!("/finance/payments/{}", listed.row.id);
    let number = listed.invoice.as_ref().map(|invoice| invoice.number.clone()).unwrap_or_default();
    view! { <a href=href>{number}</a> }.into_any()
}

/// What somebody gives back or keeps for the company.
fn surplus(words: Words, rows: &[PaymentListed]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|listed| {
            cells![
                to_payment(listed),
                words.money_figure(listed.row.received_cents),
                words.money_figure(listed.surplus),
            ]
        })
        .collect();
    let table = Table::new("payment-surplus")
        .column("invoice-number")
        .figures("payment-received-euro")
        .figures("payment-surplus-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("payment-surplus")}</h2> {table} }.into_any()
}

fn late(words: Words, rows: &[InvoiceListed]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|listed| {
            cells![
                number_link(listed),
                listed.organisation.clone(),
                listed.row.due_on.map(|due| words.date_figure(due)).unwrap_or_default(),
                standing_tag(words, listed.standing),
                words.money_figure(listed.row.outstanding()),
            ]
        })
        .collect();
    let table = Table::new("finance-overdue")
        .column("invoice-number")
        .column("invoice-organisation")
        .column("invoice-due")
        .column("invoice-standing")
        .figures("invoice-left-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! {
        <h2>{words.t("finance-overdue")}</h2>
        {table}
        <p><a href="/finance/invoices?standing=overdue">{words.t("finance-all-overdue")}</a></p>
    }
    .into_any()
}
