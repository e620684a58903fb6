//! One invoice or statement: what was used, what it cost, what was paid, and the button that pays.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use domain::{
    actor::Group,
    id::{InvoiceId, PaymentId},
    invoice::{Issued, Kind, Line, Standing},
    money::Money,
    payment::{Rail, State},
    payment_reference,
    problem::Invalid,
};
use http::{HeaderValue, header};
use leptos::prelude::*;
use serde::Deserialize;
use services::{
    DocumentForm, Error, InvoiceRead,
    rows::{EventRow, FunderShareRow, InvoiceRow, PaymentRow, RefundRow, RefundState},
};
use text::{Words, args};

use super::invoices::{kind_name, late_notice, standing_tag};
use crate::{
    PageResult, Query, Visit, cells,
    components::{
        Table, Tone, facts,
        form::{FormState, error_summary, post_form, submit},
        layout::{beside, details, heading, kept, link_button, panel},
        notice,
        price::{PriceLine, price_panel},
        progress::{Moment, timeline},
        tag,
    },
};

/// Who looks: those who may pay get the button, those who work there the way to their allocation.
#[derive(Clone, Copy)]
struct Looks {
    may_pay: bool,
    is_member: bool,
    keeps_books: bool,
}

impl Looks {
    fn of(visit: &Visit) -> Self {
        let group = visit.actor().group();
        Self {
            may_pay: matches!(group, Group::Owner | Group::Billing),
            is_member: matches!(group, Group::Owner | Group::Applicant | Group::Billing | Group::Reader),
            keeps_books: group == Group::Finance,
        }
    }
}

pub async fn get(visit: Visit, Path(id): Path<InvoiceId>) -> PageResult {
    let read = visit.desk.invoice(id).await?;
    let looks = Looks::of(&visit);
    let title = title(visit.words, &read);
    let late = if looks.is_member { visit.desk.reminders().await? } else { Vec::new() };
    let late = late.into_iter().find(|late| late.invoice.id == id);
    Ok(visit
        .page(title, move |words| {
            let said = late.as_ref().and_then(|late| late_notice(words, late));
            view! { {said} {page(words, &read, looks, &FormState::default())} }
        })
        .await)
}

/// Starts a payment and sends the payer to the provider's page.
pub async fn post_payment(visit: Visit, Path(id): Path<InvoiceId>) -> PageResult {
    match visit.desk.start_payment(id, visit.words.locale()).await {
        Ok(url) => Ok(visit.redirect(&url)),
        Err(Error::Busy) => visit.redirect_saying(&format!("/invoices/{id}"), "payment-unreachable").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, invalid).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: InvoiceId, invalid: Invalid) -> PageResult {
    let read = visit.desk.invoice(id).await?;
    let looks = Looks::of(visit);
    let form = FormState::default().with(invalid);
    let title = title(visit.words, &read);
    Ok(visit.refused(title, move |words| page(words, &read, looks, &form)).await)
}

#[derive(Debug, Default, Deserialize)]
pub struct Back {
    #[serde(default)]
    session: String,
}

/// Where the provider sends the payer back to. Says what is known, and changes nothing.
pub async fn returned(visit: Visit, Path(id): Path<InvoiceId>, Query(back): Query<Back>) -> PageResult {
    let read = visit.desk.invoice(id).await?;
    let attempt = read
        .payments
        .iter()
        .find(|payment| payment.session.as_deref() == Some(back.session.as_str()))
        .or(read.payments.last())
        .cloned();
    let title = visit.words.t("payment-title");
    Ok(visit.page(title, move |words| return_page(words, &read, attempt.as_ref())).await)
}

pub async fn pdf(visit: Visit, Path(id): Path<InvoiceId>) -> PageResult {
    file(visit, id, DocumentForm::Pdf).await
}

pub async fn cii(visit: Visit, Path(id): Path<InvoiceId>) -> PageResult {
    file(visit, id, DocumentForm::Cii).await
}

pub async fn ubl(visit: Visit, Path(id): Path<InvoiceId>) -> PageResult {
    file(visit, id, DocumentForm::Ubl).await
}

async fn file(visit: Visit, id: InvoiceId, form: DocumentForm) -> PageResult {
    let (name, bytes) = visit.desk.invoice_as(id, form, visit.words.locale()).await?;
    Ok(download(&name, form, bytes))
}

pub async fn receipt(visit: Visit, Path((_, payment)): Path<(InvoiceId, PaymentId)>) -> PageResult {
    let (name, bytes) = visit.desk.receipt_pdf(payment, visit.words.locale()).await?;
    Ok(download(&name, DocumentForm::Pdf, bytes))
}

pub(crate) fn download(name: &str, form: DocumentForm, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn title(words: Words, read: &InvoiceRead) -> String {
    format!("{} {}", kind_name(words, read.row.kind), read.row.number)
}

fn page(words: Words, read: &InvoiceRead, looks: Looks, form: &FormState) -> impl IntoView + use<> {
    let status = standing_tag(words, read.standing);
    let customer = read.issued.customer.name.clone();
    let lines = line_table(words, &read.issued.sums.lines, looks.is_member);
    let history = timeline(words, moments(words, &read.timeline));
    let payments = payments(words, read);
    let href = format!("/finance/invoices/{}/credit", read.row.id);
    let credit = (looks.keeps_books && read.row.share_of_id.is_none())
        .then(|| view! { <p>{link_button(words, href, "credit-title")}</p> });
    let main = view! {
        {call(words, read, looks)}
        {about(words, read)}
        <h2>{words.t("invoice-lines")}</h2>
        {lines}
        {credits(words, read)}
        {payments}
        {credit}
        <h2>{words.t("invoice-history")}</h2>
        {history}
    };
    view! {
        {error_summary(words, form)}
        {heading(title(words, read), Some(customer), Some(status))}
        {beside(main, price(words, read))}
    }
}

/// What the reader can do now.
fn call(words: Words, read: &InvoiceRead, looks: Looks) -> AnyView {
    let pdf = forms(words, &format!("/invoices/{}", read.row.id), read.row.kind);
    let is_due = matches!(read.standing, Standing::Open | Standing::Overdue);
    let Some(due) = read.row.due_on.filter(|_| is_due) else { return pdf };
    let left = read.row.outstanding();
    let sentence = words.with("invoice-due-sentence", args![amount => words.money(left), due => words.date(due)]);
    let button = (looks.may_pay && read.payable)
        .then(|| post_form(format!("/invoices/{}/payment", read.row.id), submit(words, "invoice-pay")));
    let (is_member, may_pay) = (looks.is_member, looks.may_pay);
    let who = (is_member && !may_pay).then(|| view! { <p>{words.t("invoice-pay-who")}</p> });
    let tone = match (read.standing, may_pay) {
        (Standing::Overdue, _) => Tone::Bad,
        (_, true) => Tone::Yours,
        _ => Tone::Waiting,
    };
    view! { {notice(tone, view! { <p>{sentence}</p> {button} {who} })} {transfer(words, read)} {pdf} }.into_any()
}

/// Everything that the form of a bank asks for; the reference is how the transfer finds its invoice.
fn transfer(words: Words, read: &InvoiceRead) -> AnyView {
    let bank = &read.issued.bank;
    let reference = payment_reference::spaced(&payment_reference::of_number(&read.row.number));
    let rows = vec![
        ("invoice-transfer-to", bank.name.clone().into_any()),
        ("invoice-transfer-iban", kept(bank.iban.clone())),
        ("invoice-transfer-bic", kept(bank.bic.clone())),
        ("invoice-transfer-reference", kept(reference)),
        ("invoice-transfer-amount", words.money(read.row.outstanding()).into_any()),
    ];
    let hint = view! { <p class="hint">{words.t("invoice-transfer-hint")}</p> };
    details(words.t("invoice-how-transfer"), view! { {facts(words, rows)} {hint} })
}

/// The forms to download: paper for everybody, files for machines where VAT law knows the document.
pub(crate) fn forms(words: Words, at: &str, kind: Kind) -> AnyView {
    let forms = DocumentForm::ALL.into_iter().filter(|form| kind == Kind::Invoice || *form == DocumentForm::Pdf);
    let links: Vec<_> = forms
        .map(|form| {
            let href = format!("{at}/{}", form.code());
            view! { <li><a href=href download="">{words.t(&format!("invoice-{}", form.code()))}</a></li> }
        })
        .collect();
    view! { <ul class="plain">{links}</ul> }.into_any()
}

fn about(words: Words, read: &InvoiceRead) -> AnyView {
    let issued: &Issued = &read.issued;
    let customer = &issued.customer;
    let address = format!(
        "{}, {}, {} {}, {}",
        customer.name, customer.street, customer.postcode, customer.city, customer.country
    );
    let supplier = &issued.supplier;
    let from = format!(
        "{}, {}, {} {}, {}",
        supplier.name, supplier.street, supplier.postcode, supplier.city, supplier.country
    );
    let period =
        words.with("format-period", args![first => words.date(issued.first_day), last => words.date(issued.last_day)]);
    let mut rows = vec![
        ("invoice-issued", words.date(issued.issued_on).into_any()),
        ("invoice-period", period.into_any()),
        ("invoice-from", from.into_any()),
        ("invoice-to", address.into_any()),
    ];
    if let Some(due) = issued.due_on {
        rows.insert(1, ("invoice-due", words.date(due).into_any()));
    }
    for (label, party) in [("invoice-supplier-vat", supplier), ("invoice-customer-vat", customer)] {
        if let Some(id) = &party.vat_id {
            rows.push((label, id.clone().into_any()));
        }
    }
    let others = [
        ("document-corrects", &read.corrects),
        ("invoice-corrected-by", &read.corrected_by),
        ("invoice-share-of", &read.share_of),
    ];
    for (label, other) in others {
        if let Some(other) = other {
            let (href, number) = (format!("/invoices/{}", other.id), other.number.clone());
            rows.push((label, view! { <a href=href>{number}</a> }.into_any()));
        }
    }
    if !read.shares.is_empty() {
        rows.push(("invoice-shares", shares(words, read)));
    }
    let said = match &issued.shares {
        Some(shared) => Some(words.with(
            "document-shares",
            args![
                company => shared.company.as_str(),
                number => shared.document.number.as_str(),
                date => words.date(shared.document.issued_on),
            ],
        )),
        None => issued.sums.lines.iter().any(|line| line.is_split).then(|| words.t("document-split")),
    };
    let said = said.map(|said| view! { <p>{said}</p> });
    view! { {facts(words, rows)} {said} }.into_any()
}

/// What funders are asked for of it, and by which document.
fn shares(words: Words, read: &InvoiceRead) -> AnyView {
    let one = |(share, document): &(FunderShareRow, Option<InvoiceRow>)| match document {
        Some(document) => {
            let (href, number) = (format!("/invoices/{}", document.id), document.number.clone());
            view! { <li><a href=href>{number}</a> " " {words.money(share.subsidy_cents)}</li> }.into_any()
        }
        None => {
            let (amount, pot) = (words.money(share.subsidy_cents), words.pot(&share.pot));
            let said = words.with("invoice-share-waits", args![amount => amount, pot => pot]);
            view! { <li>{said}</li> }.into_any()
        }
    };
    let items: Vec<_> = read.shares.iter().map(one).collect();
    view! { <ul class="plain">{items}</ul> }.into_any()
}

/// What was taken back of it, and why.
fn credits(words: Words, read: &InvoiceRead) -> AnyView {
    if read.credits.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = read
        .credits
        .iter()
        .map(|credit| {
            let (href, number) = (format!("/credit-notes/{}", credit.id), credit.number.clone());
            cells![
                view! { <a href=href>{number}</a> },
                words.date_figure(credit.issued_on),
                super::credit_note::cause(words, credit),
                words.money_figure(credit.subsidy_cents),
                words.money_figure(credit.total_cents),
            ]
        })
        .collect();
    let table = Table::new("invoice-credits")
        .column("invoice-number")
        .column("invoice-issued")
        .column("credit-cause")
        .figures("document-column-subsidy")
        .figures("credit-total-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("invoice-credits")}</h2> {table} }.into_any()
}

pub(crate) fn line_table(words: Words, lines: &[Line], is_member: bool) -> AnyView {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let service = words.with("document-line", args![model => line.model.code(), site => line.site.as_str()]);
            let period = words
                .with("format-period", args![first => words.date(line.first_day), last => words.date(line.last_day)]);
            let terms = words.with(
                &of_funder("invoice-line-terms", line.is_funders),
                args![rate => words.rate(line.list_rate), share => words.percent(line.subsidy_share)],
            );
            let href = format!("/allocations/{}", line.allocation);
            let key = if is_member { "invoice-line-use" } else { "invoice-line-award" };
            let label = words.with(key, args![reference => line.reference.as_str()]);
            // Whoever pays for another's use has no way into it.
            let award = match line.is_funders && is_member {
                true => view! { {line.reference.clone()} }.into_any(),
                false => view! { <a href=href>{label}</a> }.into_any(),
            };
            let what = view! { <span>{service}</span><br/><small>{period}<br/>{terms}</small> };
            cells![
                what,
                award,
                words.hours_figure(line.gpu_time),
                words.money_figure(line.list),
                words.money_figure(line.subsidy),
                words.money_figure(line.own),
            ]
        })
        .collect();
    let is_funders = lines.iter().any(|line| line.is_funders);
    Table::new("invoice-lines")
        .column("document-column-what")
        .column("invoice-award")
        .figures("document-column-hours")
        .figures("document-column-list")
        .figures(if is_funders { "document-column-subsidy-funder" } else { "document-column-subsidy" })
        .figures(if is_funders { "document-column-own-funder" } else { "document-column-own" })
        .rows(rows)
        .under_heading()
        .show(words)
}

/// The word for it on a company's document, or on its funder's.
fn of_funder(key: &str, is_funders: bool) -> String {
    if is_funders { format!("{key}-funder") } else { key.to_owned() }
}

fn price(words: Words, read: &InvoiceRead) -> AnyView {
    let sums = &read.issued.sums;
    let of = |key: &str| words.t(&of_funder(key, sums.is_funders()));
    let mut lines = vec![
        PriceLine::new(words.t("document-sum-list"), sums.list, words.t("invoice-why-list")),
        PriceLine::new(of("document-sum-subsidy"), minus(sums.subsidy), of("invoice-why-subsidy")),
        PriceLine::new(of("document-sum-own"), sums.own, of("invoice-why-own")),
    ];
    for tax in &sums.taxes {
        let label = words.with(
            "document-sum-vat",
            args![rate => words.percent(tax.rate), base => words.money(tax.base), country => tax.country.to_string()],
        );
        let key = format!("document-vat-{}", tax.treatment.code().replace('_', "-"));
        let reason = words.find(&key, &args![]).unwrap_or_else(|| words.t("invoice-why-vat"));
        lines.push(PriceLine::new(label, tax.vat, format!("{reason} ({})", tax.treatment.law())));
    }
    lines.push(PriceLine::total(words.t("invoice-total"), sums.total));
    if !read.row.credited_cents.is_zero() {
        let credited = minus(read.row.credited_cents);
        lines.push(PriceLine { label: words.t("invoice-credited"), amount: credited, why: None, is_total: false });
        lines.push(PriceLine::total(words.t("invoice-owed"), read.row.owed()));
    }
    if !read.row.received_cents.is_zero() {
        let received = minus(read.row.received_cents);
        lines.push(PriceLine { label: words.t("invoice-received"), amount: received, why: None, is_total: false });
        lines.push(PriceLine::total(words.t("document-receipt-outstanding"), read.row.outstanding()));
    }
    if !read.row.refunded_cents.is_zero() {
        let given = read.row.refunded_cents;
        lines.push(PriceLine {
            label: words.t("document-receipt-refunded"),
            amount: given,
            why: None,
            is_total: false,
        });
    }
    if !read.row.overpaid().is_zero() {
        let why = words.t("invoice-overpaid-why");
        lines.push(PriceLine::new(words.t("invoice-overpaid"), read.row.overpaid(), why));
    }
    let note = (read.row.kind == Kind::Statement).then(|| words.t("document-statement-explained"));
    price_panel(words, "invoice-sums", lines, note)
}

fn minus(amount: Money) -> Money {
    amount.negated().unwrap_or(Money::ZERO)
}

fn payments(words: Words, read: &InvoiceRead) -> AnyView {
    if read.payments.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = read
        .payments
        .iter()
        .map(|payment| {
            let is_kept = !payment.known().kept().is_zero();
            let receipt = payment.receipt_number.as_ref().filter(|_| is_kept).map(|number| {
                let href = format!("/invoices/{}/receipts/{}", read.row.id, payment.id);
                view! { <a href=href download="">{number.clone()}</a> }
            });
            let amount = if payment.received_cents.is_zero() { payment.amount_cents } else { payment.received_cents };
            let booked = read.booked.iter().find(|(id, _)| *id == payment.id);
            let when = match booked {
                Some((_, day)) => words.with("invoice-came-from", args![day => words.date(*day)]),
                None => words.instant_figure(payment.created_at),
            };
            cells![
                when,
                way(words, payment.rail),
                payment_tag(words, payment),
                receipt,
                refunds(words, payment, &read.refunds),
                words.money_figure(amount),
            ]
        })
        .collect();
    let table = Table::new("invoice-payments")
        .column("payment-started")
        .column("payment-rail")
        .column("invoice-standing")
        .column("payment-receipt")
        .column("payment-refunds")
        .figures("payment-amount-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <h2>{words.t("invoice-payments")}</h2> {table} }.into_any()
}

/// Which way money came.
pub(crate) fn way(words: Words, rail: Rail) -> String {
    words.t(&format!("payment-rail-{}", rail.code()))
}

pub(crate) fn payment_tag(words: Words, payment: &PaymentRow) -> AnyView {
    let (tone, code) = match payment.state {
        _ if payment.disputed => (Tone::Bad, "disputed"),
        State::Received if payment.known().kept().is_zero() => (Tone::Bad, "reversed"),
        State::Received if payment.refunded_cents >= payment.received_cents => (Tone::Calm, "refunded"),
        State::Received => (Tone::Good, State::Received.code()),
        state @ (State::Intended | State::Open) => (Tone::Yours, state.code()),
        State::Processing => (Tone::Waiting, State::Processing.code()),
        State::Closed => (Tone::Calm, State::Closed.code()),
    };
    tag(tone, words.t(&format!("payment-state-{code}")))
}

pub(crate) fn refunds(words: Words, payment: &PaymentRow, refunds: &[RefundRow]) -> AnyView {
    let of_this = refunds.iter().filter(|refund| refund.payment_id == payment.id);
    let items: Vec<_> = of_this
        .map(|refund| {
            let state = match refund.state {
                _ if refund.waits_for_second() => "refund-state-second",
                RefundState::Intended | RefundState::Pending => "refund-state-pending",
                RefundState::Succeeded => "refund-state-succeeded",
                RefundState::Failed => "refund-state-failed",
            };
            let said = words.with(
                "refund-line",
                args![amount => words.money(refund.amount_cents), state => words.t(state), reason => refund.reason.as_str()],
            );
            view! { <span>{said}</span><br/> }
        })
        .collect();
    items.into_any()
}

/// The timeline's lines that have words; `detail` is data for them.
pub(crate) fn moments(words: Words, events: &[EventRow]) -> Vec<Moment> {
    events
        .iter()
        .filter_map(|event| {
            let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap_or_default();
            let amount = detail.get("amount").or(detail.get("total")).and_then(serde_json::Value::as_i64);
            let amount = amount.map(|cents| words.money(Money::cents(cents))).unwrap_or_default();
            let code = detail.get("code").and_then(serde_json::Value::as_str).unwrap_or_default();
            let why = detail.get("reason").and_then(serde_json::Value::as_str).map(str::to_owned);
            let key = format!("invoice-event-{}", event.kind.replace('_', "-"));
            let what = words.find(&key, &args![amount => amount, code => code])?;
            let tone = match event.kind.as_str() {
                "payment_received" => Tone::Good,
                "payment_declined" | "payment_disputed" | "payment_undone" | "refund_failed" => Tone::Bad,
                _ => Tone::Calm,
            };
            Some(Moment { at: words.instant(event.at), what, who: None, why, tone })
        })
        .collect()
}

fn return_page(words: Words, read: &InvoiceRead, attempt: Option<&PaymentRow>) -> impl IntoView + use<> {
    let invoice = format!("/invoices/{}", read.row.id);
    let number = read.row.number.clone();
    let state = match attempt.map(|attempt| attempt.state) {
        _ if read.standing == Standing::Paid => "paid",
        Some(State::Received) => "received",
        Some(State::Processing) => "processing",
        Some(State::Closed) => "closed",
        Some(State::Intended | State::Open) | None => "waiting",
    };
    let is_settled = matches!(state, "paid" | "received");
    let again = attempt.and_then(|attempt| attempt.session.clone()).filter(|_| !is_settled).map(|session| {
        let href = format!("/invoices/{}/payment?session={session}", read.row.id);
        view! { <p><a href=href>{words.t("payment-look-again")}</a></p> }
    });
    let receipt = attempt.filter(|attempt| attempt.receipt_number.is_some()).map(|attempt| {
        let href = format!("/invoices/{}/receipts/{}", read.row.id, attempt.id);
        view! { <p><a href=href download="">{words.t("payment-receipt-pdf")}</a></p> }
    });
    let sentence = words.with(
        &format!("payment-return-{state}"),
        args![amount => words.money(read.row.total_cents), number => number.as_str()],
    );
    view! {
        {heading(words.t(&format!("payment-return-{state}-title")), Some(number), None)}
        {panel(view! { <p role="status">{sentence}</p> {receipt} {again} })}
        <p>{link_button(words, invoice, "payment-to-invoice")}</p>
    }
}
