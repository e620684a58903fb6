//! What an organisation owes and has paid, the newest first.

use domain::{
    id::InvoiceId,
    invoice::{Kind, Standing},
    money::Money,
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{InvoiceFilter, InvoiceListed, ReminderRead};
use text::{Words, args};

use crate::{
    PageResult, Query, Visit, cells,
    components::{Listing, Table, Tone, empty, figure, figures, layout::heading, notice, tag},
};

/// Rows of one page of a list.
const PAGE: u64 = 50;

#[derive(Debug, Default, Deserialize)]
pub struct After {
    #[serde(default)]
    after: String,
}

pub async fn get(visit: Visit, Query(query): Query<After>) -> PageResult {
    let after = query.after.parse::<InvoiceId>().ok();
    let filter = InvoiceFilter { after, limit: PAGE, ..InvoiceFilter::default() };
    let rows = visit.desk.invoices(&filter).await?;
    let (_, open) = visit.desk.invoices_total(Standing::Open).await?;
    let (late, overdue) = visit.desk.invoices_total(Standing::Overdue).await?;
    let owed = open.checked_add(overdue).map_err(services::Error::from)?;
    let credit = visit.desk.own_credit().await?;
    let reminded = visit.desk.reminders().await?;
    let listing = listing("/invoices", Vec::new(), after.is_some(), &rows);
    let sums = Sums { owed, late, overdue, credit };
    Ok(visit.page(visit.words.t("invoices-title"), move |words| page(words, rows, (&sums, &reminded), listing)).await)
}

/// The next page begins after the last row, if this one is full.
pub(crate) fn listing(path: &str, filters: Vec<(String, String)>, is_later: bool, rows: &[InvoiceListed]) -> Listing {
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= PAGE);
    let next = rows.last().filter(|_| is_full).map(|last| last.row.id.to_string());
    Listing { filters, next, is_later, ..Listing::at(path) }
}

/// Public wording of where a document stands.
pub(crate) fn standing_tag(words: Words, standing: Standing) -> AnyView {
    let tone = match standing {
        Standing::NothingDue => Tone::Calm,
        Standing::Open => Tone::Yours,
        Standing::Overdue => Tone::Bad,
        Standing::Paid => Tone::Good,
        Standing::Refunded | Standing::WrittenOff => Tone::Calm,
    };
    tag(tone, words.t(&format!("invoice-standing-{standing}")))
}

pub(crate) fn kind_name(words: Words, kind: Kind) -> String {
    words.t(&format!("invoice-kind-{}", kind.code()))
}

pub(crate) fn number_link(listed: &InvoiceListed) -> AnyView {
    let (href, number) = (format!("/invoices/{}", listed.row.id), listed.row.number.clone());
    view! { <a href=href>{number}</a> }.into_any()
}

/// What stands above the list.
struct Sums {
    owed: Money,
    late: u64,
    overdue: Money,
    /// What the company has with us.
    credit: Money,
}

/// What a company reads about an invoice that it was reminded of, and what it can do.
pub(crate) fn late_notice(words: Words, read: &ReminderRead) -> Option<AnyView> {
    let step = read.reminders.last()?.step;
    let sentence = words.with(
        &format!("late-notice-{}", step.code().replace('_', "-")),
        args![
            number => read.invoice.number.as_str(),
            amount => words.money(read.invoice.outstanding()),
            interest => words.money(read.interest),
            costs => words.money(read.costs),
        ],
    );
    let held = read.hold.as_ref().map(|hold| {
        let key = format!("late-notice-{}", hold.kind.code());
        view! { <p>{words.with(&key, args![day => words.date(hold.until_day)])}</p> }
    });
    Some(notice(Tone::Bad, view! { <p>{sentence}</p> {held} }))
}

fn page(
    words: Words,
    rows: Vec<InvoiceListed>,
    (sums, reminded): (&Sums, &[ReminderRead]),
    listing: Listing,
) -> impl IntoView + use<> {
    let notices: Vec<AnyView> = reminded.iter().filter_map(|read| late_notice(words, read)).collect();
    let Sums { owed, late, overdue, credit } = *sums;
    let credit = (credit > Money::ZERO).then(|| {
        notice(Tone::Good, view! { <p>{words.with("invoice-credit", args![amount => words.money(credit)])}</p> })
    });
    let note = (late > 0).then(|| {
        let count = i64::try_from(late).unwrap_or(i64::MAX);
        words.with("invoices-overdue-note", args![count => count, amount => words.money(overdue)])
    });
    let rows = rows.into_iter().map(|listed| {
        let row = &listed.row;
        let due = row.due_on.map(|due| words.date_figure(due)).unwrap_or_default();
        let period =
            words.with("format-period", args![first => words.date(row.first_day), last => words.date(row.last_day)]);
        cells![
            number_link(&listed),
            kind_name(words, row.kind),
            period,
            due,
            standing_tag(words, listed.standing),
            words.money_figure(row.total_cents),
        ]
    });
    let table = Table::new("invoices-caption")
        .column("invoice-number")
        .column("invoice-kind")
        .column("invoice-period")
        .column("invoice-due")
        .column("invoice-standing")
        .figures("invoice-total-euro")
        .rows(rows)
        .listing(listing)
        .empty(empty(words, "invoices-none", "invoices-none-help", None))
        .show(words);
    view! {
        {heading(words.t("invoices-title"), None, None)}
        {figures(vec![figure(words.money(owed), words.t("invoices-owed"), note)])}
        {notices}
        {credit}
        {table}
    }
}
