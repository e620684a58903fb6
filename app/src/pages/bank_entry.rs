//! One entry of a statement: what the bank said, what it was matched to, and the forms that place it, set it aside or
//! take that back.

use std::collections::BTreeMap;

use axum::extract::Path;
use domain::{
    bank::{Kind, State},
    id::{BankEntryId, InvoiceId, OrganisationId},
    money::Money,
    problem::Invalid,
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Candidate, EntryRead, Error};
use text::{Words, args};

use super::{
    bank::{amount_notice, state_tag},
    organisation::version,
};
use crate::{
    Form, PageResult, Query, Visit, cells,
    components::{
        Field, Table, confirm, facts,
        field::Choice,
        form::{FormState, error_summary, hidden, post_form, submit},
        layout::{Confirm, heading, kept},
        table::filters,
    },
};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

pub async fn get(visit: Visit, Path(id): Path<BankEntryId>, Query(asked): Query<Asked>) -> PageResult {
    let read = visit.desk.bank_entry(id, &asked.q).await?;
    let form = FormState::default().set("q", asked.q);
    Ok(visit.page(visit.words.t("bank-entry-title"), move |words| page(words, &read, &form)).await)
}

/// Amounts by invoice, and whose credit the rest becomes.
pub async fn post_match(
    visit: Visit,
    Path(id): Path<BankEntryId>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> PageResult {
    let seen = version(typed.get("version").map(String::as_str).unwrap_or_default())?;
    let amounts: BTreeMap<InvoiceId, String> = typed
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("amount-")?.parse().ok()?, text.clone())))
        .collect();
    let rest_to = typed.get("rest").and_then(|rest| rest.parse::<OrganisationId>().ok());
    match visit.desk.match_entry(id, &amounts, rest_to, seen).await {
        Ok(()) => visit.redirect_saying(&format!("/finance/bank/entries/{id}"), "bank-matched").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, typed, invalid).await,
        Err(error) => Err(error.into()),
    }
}

/// Which ordered transfer it is.
pub async fn post_payout(
    visit: Visit,
    Path(id): Path<BankEntryId>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> PageResult {
    let seen = version(typed.get("version").map(String::as_str).unwrap_or_default())?;
    match visit.desk.match_payout(id, typed.get("payout").map_or("", String::as_str), seen).await {
        Ok(()) => visit.redirect_saying(&format!("/finance/bank/entries/{id}"), "bank-matched").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, typed, invalid).await,
        Err(error) => Err(error.into()),
    }
}

/// That it is a payout of the payment provider, and what that kept.
pub async fn post_provider(
    visit: Visit,
    Path(id): Path<BankEntryId>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> PageResult {
    let seen = version(typed.get("version").map(String::as_str).unwrap_or_default())?;
    match visit.desk.match_provider_payout(id, typed.get("fee").map_or("", String::as_str), seen).await {
        Ok(()) => visit.redirect_saying(&format!("/finance/bank/entries/{id}"), "bank-matched").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, typed, invalid).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_ignore(
    visit: Visit,
    Path(id): Path<BankEntryId>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> PageResult {
    let seen = version(typed.get("version").map(String::as_str).unwrap_or_default())?;
    match visit.desk.ignore_entry(id, typed.get("reason").map_or("", String::as_str), seen).await {
        Ok(()) => visit.redirect_saying("/finance/bank", "bank-ignored").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, typed, invalid).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_undo(
    visit: Visit,
    Path(id): Path<BankEntryId>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> PageResult {
    let seen = version(typed.get("version").map(String::as_str).unwrap_or_default())?;
    match visit.desk.undo_match(id, typed.get("reason").map_or("", String::as_str), seen).await {
        Ok(()) => visit.redirect_saying(&format!("/finance/bank/entries/{id}"), "bank-undone").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, typed, invalid).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: BankEntryId, typed: BTreeMap<String, String>, invalid: Invalid) -> PageResult {
    let read = visit.desk.bank_entry(id, typed.get("q").map_or("", String::as_str)).await?;
    let form = FormState::new(typed).with(invalid);
    Ok(visit.refused(visit.words.t("bank-entry-title"), move |words| page(words, &read, &form)).await)
}

fn page(words: Words, read: &EntryRead, form: &FormState) -> impl IntoView + use<> {
    let row = &read.listed.row;
    let is_open = row.state == State::Open;
    let name = row.party_name.clone().unwrap_or_else(|| words.t("bank-nameless"));
    let place = (is_open && row.amount_cents > Money::ZERO).then(|| place(words, read, form));
    let sent = (is_open && row.amount_cents < Money::ZERO).then(|| sent(words, read, form));
    let matched = (!read.listed.matches.is_empty()).then(|| matches(words, read));
    view! {
        {error_summary(words, form)}
        <p class="above"><a href="/finance/bank">{words.t("bank-title")}</a></p>
        {heading(name, None, Some(state_tag(words, &read.listed)))}
        {amount_notice(words, row.amount_cents)}
        {about(words, read)}
        {matched}
        {place}
        {paid_out(words, read)}
        {sent}
        {is_open.then(|| from_provider(words, read, form))}
        {is_open.then(|| ignore(words, read, form))}
        {(!is_open).then(|| undo(words, read, form))}
    }
}

fn about(words: Words, read: &EntryRead) -> AnyView {
    let row = &read.listed.row;
    let unknown = || words.t("bank-not-given");
    let reference = row.reference.as_deref().map(domain::payment_reference::spaced);
    let statement = format!("/finance/bank/entries?statement={}", read.statement.id);
    let mut rows = vec![
        ("bank-booked", words.date(row.booked_on).into_any()),
        ("bank-iban", row.party_iban.clone().unwrap_or_else(unknown).into_any()),
        ("bank-reference", reference.unwrap_or_else(unknown).into_any()),
        ("bank-remittance", row.remittance.clone().into_any()),
        ("bank-end-to-end", row.end_to_end.clone().unwrap_or_else(unknown).into_any()),
        ("bank-statement", view! { <a href=statement>{read.statement.name.clone()}</a> }.into_any()),
    ];
    if let Some(why) = &row.reason {
        rows.push(("bank-ignored-why", why.clone().into_any()));
    }
    facts(words, rows)
}

fn matches(words: Words, read: &EntryRead) -> AnyView {
    let rows: Vec<_> = read
        .listed
        .matches
        .iter()
        .map(|one| {
            let to = match (&one.invoice, one.row.kind) {
                (Some(invoice), _) => {
                    let (href, number) = (format!("/invoices/{}", invoice.id), invoice.number.clone());
                    view! { <a href=href>{number}</a> }.into_any()
                }
                (None, Kind::Credit) => {
                    let href = format!("/finance/credits/{}", one.row.organisation_id);
                    view! { <a href=href>{words.t("bank-kind-credit")}</a> }.into_any()
                }
                (None, kind) => words.t(&format!("bank-kind-{}", kind.code())).into_any(),
            };
            let undone =
                one.row.undo_reason.clone().map(|reason| words.with("bank-undone-why", args![reason => reason]));
            cells![
                to,
                one.organisation.clone(),
                words.t(&format!("bank-how-{}", one.row.how.code())),
                words.instant_figure(one.row.made_at),
                undone,
                words.money_figure(one.row.amount_cents),
            ]
        })
        .collect();
    let table = Table::new("bank-matches")
        .column("bank-matched-to")
        .column("invoice-organisation")
        .column("bank-how")
        .column("bank-matched-at")
        .column("bank-undone-column")
        .figures("bank-amount-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("bank-matches")}</h2> {table} }.into_any()
}

/// Finding invoices, and saying how much of the entry each gets.
fn place(words: Words, read: &EntryRead, form: &FormState) -> AnyView {
    let row = &read.listed.row;
    let here = format!("/finance/bank/entries/{}", row.id);
    let find =
        filters(words, here.clone(), Field::search("q", "finance-search").hint("bank-find-hint").show(words, form));
    let is_fresh = form.problems().is_empty();
    let fields: Vec<AnyView> = read
        .candidates
        .iter()
        .map(|one| {
            let name = format!("amount-{}", one.invoice.id);
            // One that fits to the cent is filled in; what was typed stays.
            let is_whole = one.invoice.unpaid() == row.amount_cents || one.payable().ok() == Some(row.amount_cents);
            let fits = is_fresh && read.candidates.len() == 1 && is_whole;
            let state = if fits { form.clone().set(&name, row.amount_cents.to_string()) } else { form.clone() };
            Field::number(&name, &label(words, one)).unit("unit-euro").optional().show(words, &state)
        })
        .collect();
    let rest = std::iter::once(Choice::new("", "bank-rest-none"))
        .chain(read.companies.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())))
        .collect();
    let none = fields.is_empty().then(|| view! { <p>{words.t("bank-no-candidates")}</p> });
    let body = view! {
        {hidden("version", row.version.to_string())}
        {hidden("q", form.value("q"))}
        {none}
        {fields}
        {Field::select("rest", "bank-rest", rest).hint("bank-rest-hint").show(words, form)}
        {submit(words, "bank-match")}
    };
    view! { <h2>{words.t("bank-place")}</h2> {find} {post_form(format!("{here}/match"), body)} }.into_any()
}

fn label(words: Words, one: &Candidate) -> String {
    let Candidate { invoice, company, claim } = one;
    let due = invoice.due_on.map(|due| words.date(due)).unwrap_or_default();
    let key = if *claim > Money::ZERO { "bank-candidate-late" } else { "bank-candidate" };
    words.with(
        key,
        args![
            number => invoice.number.as_str(), company => company.as_str(), due => due,
            unpaid => words.money(invoice.unpaid()), claim => words.money(*claim),
        ],
    )
}

/// Saying which of the ordered transfers of this amount it is.
fn sent(words: Words, read: &EntryRead, form: &FormState) -> AnyView {
    let row = &read.listed.row;
    if read.transfers.is_empty() {
        return view! { <p class="hint">{words.t("bank-no-transfer")}</p> }.into_any();
    }
    let choices = read.transfers.iter().map(|(transfer, company)| {
        let label = words.with(
            "bank-transfer-choice",
            args![
                number => transfer.number.as_str(), company => company.as_str(), holder => transfer.holder.as_str(),
                iban => transfer.iban.as_str(),
            ],
        );
        Choice::new(transfer.id.to_string(), label)
    });
    let choices = std::iter::once(Choice::new("", "bank-transfer-none")).chain(choices).collect();
    let body = view! {
        {hidden("version", row.version.to_string())}
        {Field::select("payout", "bank-transfer", choices).show(words, form)}
        {submit(words, "bank-match")}
    };
    let action = format!("/finance/bank/entries/{}/payout", row.id);
    view! { <h2>{words.t("bank-transfer-title")}</h2> {post_form(action, body)} }.into_any()
}

fn from_provider(words: Words, read: &EntryRead, form: &FormState) -> AnyView {
    let row = &read.listed.row;
    let ask = Confirm {
        action: format!("/finance/bank/entries/{}/provider", row.id),
        open: "bank-provider",
        consequence: "bank-provider-means".to_owned(),
        button: "bank-match",
        values: vec![("version", row.version.to_string())],
    };
    let hint = words.with("bank-provider-hint", args![amount => words.money(read.with_provider)]);
    confirm(words, ask, Some((Field::number("fee", "bank-provider-fee").unit("unit-euro").hint(hint).optional(), form)))
}

/// What the payment provider paid out with this entry, and what it kept.
fn paid_out(words: Words, read: &EntryRead) -> AnyView {
    let lines = read.provider.iter().map(|one| {
        let fee = words.money(one.fee_cents);
        let said = match one.provider_id.as_deref() {
            Some(name) => words.with("bank-provider-told", args![fee => fee, name => name]),
            None => words.with("bank-provider-said", args![fee => fee]),
        };
        let undone = one.undo_reason.clone().map(|reason| words.with("bank-undone-why", args![reason => reason]));
        view! { <p>{said} " " {undone}</p> }
    });
    lines.collect_view().into_any()
}

fn ignore(words: Words, read: &EntryRead, form: &FormState) -> AnyView {
    let row = &read.listed.row;
    let ask = Confirm {
        action: format!("/finance/bank/entries/{}/ignore", row.id),
        open: "bank-ignore",
        consequence: "bank-ignore-means".to_owned(),
        button: "bank-ignore",
        values: vec![("version", row.version.to_string())],
    };
    confirm(words, ask, Some((Field::area("reason", "bank-reason").rows(3), form)))
}

fn undo(words: Words, read: &EntryRead, form: &FormState) -> AnyView {
    let row = &read.listed.row;
    if !read.can_undo {
        return view! { <p class="hint">{words.t("problem-books-closed")}</p> }.into_any();
    }
    let until = read.undo_until.map(|until| {
        view! { <p class="hint">{kept(words.with("bank-undo-until", args![day => words.date(until)]))}</p> }
    });
    let ask = Confirm {
        action: format!("/finance/bank/entries/{}/undo", row.id),
        open: "bank-undo",
        consequence: "bank-undo-means".to_owned(),
        button: "bank-undo",
        values: vec![("version", row.version.to_string())],
    };
    view! { {until} {confirm(words, ask, Some((Field::area("reason", "bank-reason").rows(3), form)))} }.into_any()
}
