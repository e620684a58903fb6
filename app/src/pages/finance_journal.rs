//! The journal: every entry of the books with its lines, found by kind, account and month; and what each records.

use axum::extract::Path;
use domain::{
    book::{Account, Kind},
    money::Money,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{BookFilter, JournalEntry};
use text::{Words, args};

use super::finance_books::{account_name, month, place};
use crate::{
    PageResult, Query, Visit, cells,
    components::{
        Field, Listing, Table, empty, facts, field::Choice, form::FormState, layout::heading, table::filters,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    account: String,
    /// What the account is kept for.
    #[serde(default)]
    of: String,
    /// `2026-11`.
    #[serde(default)]
    month: String,
    #[serde(default, skip_serializing)]
    after: String,
}

const PAGE: u64 = 50;

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let before = asked.after.parse::<i64>().ok();
    let filter = BookFilter {
        kind: Kind::from_code(&asked.kind),
        account: Account::from_code(&asked.account),
        kept_for: asked.of.trim().to_owned(),
        month: month(&asked.month),
        before,
        limit: PAGE,
    };
    let rows = visit.desk.journal(&filter).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= PAGE);
    let listing = Listing {
        filters: [("kind", &asked.kind), ("account", &asked.account), ("of", &asked.of), ("month", &asked.month)]
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .to_vec(),
        next: rows.last().filter(|_| is_full).map(|last| last.row.number.to_string()),
        is_later: before.is_some(),
        ..Listing::at("/finance/journal")
    };
    let form = FormState::of(&asked);
    Ok(visit.page(visit.words.t("journal-title"), move |words| page(words, &form, &rows, listing)).await)
}

pub async fn get_one(visit: Visit, Path(number): Path<i64>) -> PageResult {
    let entry = visit.desk.journal_entry(number).await?;
    let title = visit.words.with("journal-entry", args![number => number]);
    Ok(visit.page(title, move |words| one(words, &entry)).await)
}

fn kind_name(words: Words, kind: Kind) -> String {
    words.t(&format!("book-kind-{}", kind.code()))
}

/// A company, a state, or a pot by its name.
fn kept_for(words: Words, account: Account, name: &str) -> String {
    match account {
        _ if name.is_empty() => String::new(),
        Account::Funding | Account::PotPledged | Account::PotFree | Account::PotCommitted | Account::PotSpent => {
            words.pot(name)
        }
        Account::Revenue | Account::Subsidised => place(words, name),
        _ => name.to_owned(),
    }
}

fn page(words: Words, form: &FormState, rows: &[JournalEntry], listing: Listing) -> impl IntoView + use<> {
    let any = || Choice::new("", "filter-any");
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), format!("book-kind-{}", kind.code())));
    let accounts = Account::ALL.map(|account| Choice::new(account.code(), format!("book-account-{}", account.code())));
    let fields = view! {
        {Field::select("kind", "book-kind", std::iter::once(any()).chain(kinds).collect()).show(words, form)}
        {Field::select("account", "book-account", std::iter::once(any()).chain(accounts).collect()).show(words, form)}
        {Field::text("month", "books-month").hint("journal-month-help").short().optional().show(words, form)}
        {Field::search("of", "book-kept-for").show(words, form)}
    };
    let rows = rows.iter().map(|entry| {
        let lines = entry.lines.iter().map(|line| {
            let key = if line.name.is_empty() { "journal-line" } else { "journal-line-of" };
            let account = account_name(words, line.account);
            let of = kept_for(words, line.account, &line.name);
            let said = words.with(key, args![account => account, of => of, amount => words.money(line.amount)]);
            view! { <li>{said}</li> }
        });
        let moved = entry.lines.iter().map(|line| line.amount).filter(|amount| *amount > Money::ZERO);
        cells![
            view! { <a href=format!("/finance/journal/{}", entry.row.number)>{entry.row.number.to_string()}</a> },
            words.date_figure(entry.row.booked_on),
            kind_name(words, entry.row.kind),
            view! { <ul class="plain">{lines.collect_view()}</ul> },
            words.money_figure(Money::sum(moved).unwrap_or_default()),
        ]
    });
    let table = Table::new("journal-caption")
        .column("journal-number")
        .column("journal-booked")
        .column("book-kind")
        .column("journal-lines")
        .figures("journal-moved")
        .rows(rows)
        .listing(listing)
        .empty(empty(words, "journal-none", "journal-none-help", None))
        .show(words);
    view! {
        <p class="above"><a href="/finance/books">{words.t("books-title")}</a></p>
        {heading(words.t("journal-title"), None, None)}
        {filters(words, "/finance/journal", fields)}
        {table}
    }
}

fn one(words: Words, entry: &JournalEntry) -> impl IntoView + use<> {
    let row = &entry.row;
    let subject = match (row.subject_kind.as_deref(), row.subject_id) {
        (Some("invoice"), Some(id)) => link(words, format!("/invoices/{id}")),
        (Some("payment"), Some(id)) => link(words, format!("/finance/payments/{id}")),
        (Some("bank_entry"), Some(id)) => link(words, format!("/finance/bank/entries/{id}")),
        (Some("credit_note"), Some(id)) => link(words, format!("/credit-notes/{id}")),
        // Finance has no page of an application; its number is in the key.
        (Some("application"), _) => words.t("journal-of-application").into_any(),
        _ => words.t("journal-no-subject").into_any(),
    };
    let about = facts(
        words,
        vec![
            ("book-kind", kind_name(words, row.kind).into_any()),
            ("journal-happened", words.date(row.happened_on).into_any()),
            ("journal-booked", words.date(row.booked_on).into_any()),
            ("journal-written", words.instant(row.created_at).into_any()),
            ("journal-key", view! { <code>{row.key.clone()}</code> }.into_any()),
            ("journal-subject", subject),
        ],
    );
    let lines = entry.lines.iter().map(|line| {
        let href = format!("/finance/journal?account={}", line.account.code());
        let (debit, credit) = if line.amount > Money::ZERO {
            (words.money_figure(line.amount), String::new())
        } else {
            (String::new(), words.money_figure(line.amount.negated().unwrap_or_default()))
        };
        cells![
            view! { <a href=href>{account_name(words, line.account)}</a> },
            line.account.number().to_string(),
            kept_for(words, line.account, &line.name),
            debit,
            credit,
        ]
    });
    let table = Table::new("journal-lines")
        .column("book-account")
        .column("book-account-number")
        .column("book-kept-for")
        .figures("book-debit")
        .figures("book-credit")
        .rows(lines)
        .under_heading()
        .show(words);
    view! {
        <p class="above"><a href="/finance/journal">{words.t("journal-title")}</a></p>
        {heading(words.with("journal-entry", args![number => row.number]), None, None)}
        {about}
        <h2>{words.t("journal-lines")}</h2>
        {table}
    }
}

fn link(words: Words, href: String) -> AnyView {
    view! { <a href=href>{words.t("journal-see-subject")}</a> }.into_any()
}
