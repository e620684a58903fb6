//! The books: what every account moved in a month, what each site and pot earned, and the closing of a month.

use axum::extract::Path;
use domain::{
    book::{Account, Class},
    money::Money,
    period::Month,
    typed,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{BookExport, Error, Finding, NextClosing, Obstacle, TrialBalance, Turnover};
use text::{Words, args};

use crate::{
    AppError, Form, PageResult, Query, Visit, cells,
    components::{
        Field, Table, Tone,
        chart::{Plot, Point, Series, bars},
        empty,
        field::Choice,
        figure, figures,
        form::{FormState, button_form, error_summary},
        layout::{details, heading},
        notice,
        table::filters,
    },
    csv,
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    /// `2026-11`, or nothing for all months.
    #[serde(default)]
    month: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Closing {
    #[serde(default)]
    month: String,
}

struct Shown {
    balance: TrialBalance,
    next: Month,
    obstacles: Vec<Obstacle>,
    findings: Vec<Finding>,
    months: Vec<Month>,
    form: FormState,
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let shown = read(&visit, month(&asked.month), FormState::of(&asked)).await?;
    Ok(visit.page(visit.words.t("books-title"), move |words| page(words, &shown)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Closing>) -> PageResult {
    let Some(closed) = month(&typed.month) else { return Err(Error::Stale.into()) };
    match visit.desk.close_books(closed).await {
        Ok(()) => visit.redirect_saying("/finance/books", "books-closed").await,
        Err(Error::Invalid(invalid)) => {
            let shown = read(&visit, None, FormState::default().with(invalid)).await?;
            Ok(visit.refused(visit.words.t("books-title"), move |words| page(words, &shown)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// The journal of a month as a file.
pub async fn export(visit: Visit, Path((asked, form)): Path<(String, String)>) -> PageResult {
    let (Some(month), Some(form)) = (month(&asked), BookExport::from_code(&form)) else {
        return Err(Error::NotFound.into());
    };
    let (name, file) = visit.desk.export_books(month, form).await?;
    match form {
        BookExport::Csv => csv::download_file(&name, &file),
        BookExport::SafT => Ok(csv::attachment(&name, "application/xml", file)),
    }
}

async fn read(visit: &Visit, month: Option<Month>, form: FormState) -> Result<Shown, AppError> {
    let desk = &visit.desk;
    let NextClosing { month: next, obstacles, findings } = desk.closing_books().await?;
    let mut months = vec![Month::of(desk.now)];
    while let Some(last) = months.last().filter(|last| months.len() < 24 && **last > next).copied() {
        months.push(last.previous());
    }
    Ok(Shown { balance: desk.trial_balance(month).await?, findings, next, obstacles, months, form })
}

/// `2026-11`.
pub(super) fn month(text: &str) -> Option<Month> {
    typed::date(&format!("{}-01", text.trim())).ok().map(Month::of_day)
}

pub(super) fn month_code(month: Month) -> String {
    month.first_day().format("%Y-%m").to_string()
}

pub(super) fn month_choices(words: Words, months: &[Month]) -> Vec<Choice> {
    months.iter().map(|month| Choice::new(month_code(*month), words.month(*month))).collect()
}

fn page(words: Words, shown: &Shown) -> impl IntoView + use<> {
    let mut choices = month_choices(words, &shown.months);
    choices.insert(0, Choice::new("", words.t("books-every-month")));
    let field = Field::select("month", "books-month", choices).show(words, &shown.form);
    let month = shown.balance.month;
    let files = month.map(|month| {
        let href = |form: BookExport| format!("/finance/books/{}/{}", month_code(month), form.code());
        view! {
            <p>
                <a href=href(BookExport::Csv)>{words.t("books-export-csv")}</a>" · "
                <a href=href(BookExport::SafT)>{words.t("books-export-saf-t")}</a>
            </p>
        }
    });
    view! {
        {error_summary(words, &shown.form)}
        {heading(words.t("books-title"), None, None)}
        <p class="lead">{words.t("books-lead")}</p>
        {agreement(words, shown)}
        {filters(words, "/finance/books", field)}
        {accounts(words, &shown.balance)}
        {files}
        {earnings(words, &shown.balance)}
        {closing(words, shown)}
    }
}

/// Whether everything adds up; if not, what does not.
fn agreement(words: Words, shown: &Shown) -> AnyView {
    if shown.findings.is_empty() {
        return notice(Tone::Good, view! { <p>{words.t("books-agree")}</p> });
    }
    let found = shown.findings.iter().map(|finding| view! { <li>{said(words, finding)}</li> }).collect_view();
    notice(Tone::Bad, view! { <p>{words.t("books-disagree")}</p> <ul>{found}</ul> })
}

fn said(words: Words, finding: &Finding) -> String {
    match finding {
        Finding::Unbalanced(number) => words.with("books-finding-unbalanced", args![number => *number]),
        Finding::Gap { count, last } => words.with("books-finding-gap", args![count => *count, last => *last]),
        Finding::Balance { account, kept_for, balance, posted } => words.with(
            "books-finding-balance",
            args![
                account => account_name(words, *account),
                kept => kept_for.clone(),
                balance => words.money(*balance),
                posted => words.money(*posted),
            ],
        ),
        Finding::Receivable { organisation, booked, documents } => words.with(
            "books-finding-receivable",
            args![
                organisation => organisation.clone(),
                booked => words.money(*booked),
                documents => words.money(*documents),
            ],
        ),
        Finding::Series { series, last, count } => {
            words.with("books-finding-series", args![series => series.clone(), last => *last, count => *count])
        }
        Finding::Pot { pot, charged, spent } => words.with(
            "books-finding-pot",
            args![pot => words.pot(pot), charged => words.money(*charged), spent => words.money(*spent)],
        ),
        Finding::Unbooked(number) => words.with("books-finding-unbooked", args![number => number.clone()]),
    }
}

pub(super) fn account_name(words: Words, account: Account) -> String {
    words.t(&format!("book-account-{}", account.code()))
}

/// One line an account; what it is kept for is a click away.
fn accounts(words: Words, balance: &TrialBalance) -> AnyView {
    let of = |account: Account| balance.rows.iter().filter(move |(row, _)| row.account == account);
    let sum = |account: Account, side: fn(&Turnover) -> Money| Money::sum(of(account).map(|(row, _)| side(row)));
    let rows = Account::ALL.into_iter().filter(|account| of(*account).next().is_some()).map(|account| {
        let debit = sum(account, |row| row.debit_cents).unwrap_or_default();
        let credit = sum(account, |row| row.credit_cents).unwrap_or_default();
        let month = balance.month.map(month_code).unwrap_or_default();
        let href = format!("/finance/journal?account={}&month={month}", account.code());
        cells![
            view! { <a href=href>{account_name(words, account)}</a> },
            account.number().to_string(),
            words.t(class_key(account.class())),
            words.money_figure(debit),
            words.money_figure(credit.negated().unwrap_or_default()),
            words.money_figure(debit.checked_add(credit).unwrap_or_default()),
        ]
    });
    let table = Table::new("books-caption")
        .column("book-account")
        .column("book-account-number")
        .column("book-class")
        .figures("book-debit")
        .figures("book-credit")
        .figures("book-balance")
        .rows(rows)
        .empty(empty(words, "books-none", "books-none-help", None))
        .show(words);
    let sums = figures(vec![
        figure(words.money(balance.debit), words.t("books-debits"), None),
        figure(words.money(balance.credit.negated().unwrap_or_default()), words.t("books-credits"), None),
    ]);
    view! { {sums} {table} }.into_any()
}

const fn class_key(class: Class) -> &'static str {
    match class {
        Class::Asset => "book-class-asset",
        Class::Liability => "book-class-liability",
        Class::Income => "book-class-income",
        Class::Expense => "book-class-expense",
        Class::Memo => "book-class-memo",
    }
}

/// What each site and pot earned: own shares and subsidies.
fn earnings(words: Words, balance: &TrialBalance) -> AnyView {
    let mut earned: Vec<(&str, Money, Money)> = Vec::new();
    for (row, _) in &balance.rows {
        let amount = row.balance().and_then(|amount| Ok(amount.negated()?)).unwrap_or_default();
        let (own, subsidy) = match row.account {
            Account::Revenue => (amount, Money::ZERO),
            Account::Subsidised => (Money::ZERO, amount),
            _ => continue,
        };
        match earned.iter_mut().find(|(kept_for, ..)| *kept_for == row.kept_for) {
            Some(one) => {
                one.1 = one.1.checked_add(own).unwrap_or_default();
                one.2 = one.2.checked_add(subsidy).unwrap_or_default();
            }
            None => earned.push((&row.kept_for, own, subsidy)),
        }
    }
    if earned.is_empty() {
        return ().into_any();
    }
    let sum = |one: &(&str, Money, Money)| one.1.checked_add(one.2).unwrap_or_default();
    earned.sort_by_key(|one| std::cmp::Reverse(sum(one)));
    let points = earned.iter().map(|one| Point {
        name: place(words, one.0),
        value: sum(one).as_cents() / 100,
        words: words.money(sum(one)),
    });
    let most = earned.first().map(|one| (place(words, one.0), words.money(sum(one)))).unwrap_or_default();
    let sentence = words.with("books-earned-sentence", args![place => most.0, amount => most.1]);
    let plot = bars(
        words,
        Plot {
            title: "books-earned".to_owned(),
            sentence: sentence.clone(),
            point_label: "books-place",
            series: vec![Series { name: "books-earned-euro".to_owned(), points: points.collect() }],
            foot: 0,
        },
    );
    let rows = earned.iter().map(|one| {
        cells![place(words, one.0), words.money_figure(one.1), words.money_figure(one.2), words.money_figure(sum(one))]
    });
    let table = Table::new("books-earned")
        .column("books-place")
        .figures("books-own")
        .figures("books-subsidy")
        .figures("books-earned-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    view! {
        <h2>{words.t("books-earned")}</h2>
        <p>{sentence}</p>
        {plot}
        {details(words.t("books-earned-table"), table)}
    }
    .into_any()
}

/// `site/pot`, in words.
pub(super) fn place(words: Words, kept_for: &str) -> String {
    match kept_for.rsplit_once('/') {
        Some((site, pot)) => words.with("books-place-of", args![site => site, pot => words.pot(pot)]),
        None => kept_for.to_owned(),
    }
}

fn closing(words: Words, shown: &Shown) -> AnyView {
    let month = words.month(shown.next);
    let closed = shown.balance.closed.map(|closed| {
        let said = words.with("books-last-closed", args![month => words.month(closed)]);
        view! { <p>{said}</p> }
    });
    let deed = if shown.obstacles.is_empty() {
        let code = month_code(shown.next);
        let consequence = words.with("books-close-help", args![month => month.clone()]);
        view! {
            <p>{consequence}</p>
            {button_form(words, "/finance/books", "books-close", &[("month", code.as_str())])}
        }
        .into_any()
    } else {
        let obstacles = shown.obstacles.iter().map(|obstacle| {
            let said = match obstacle {
                Obstacle::TooEarly => words.t("books-obstacle-early"),
                Obstacle::Uncharged(count) => {
                    words.with("books-obstacle-uncharged", args![count => i64::try_from(*count).unwrap_or(i64::MAX)])
                }
                Obstacle::Findings(count) => {
                    words.with("books-obstacle-findings", args![count => i64::try_from(*count).unwrap_or(i64::MAX)])
                }
            };
            view! { <li>{said}</li> }
        });
        let intro = words.with("books-not-yet", args![month => month.clone()]);
        view! { <p>{intro}</p> <ul>{obstacles.collect_view()}</ul> }.into_any()
    };
    view! { <h2>{words.t("books-close-title")}</h2> {closed} {deed} }.into_any()
}

#[cfg(test)]
mod tests {
    use text::Locale;

    use super::*;

    #[test]
    fn a_month_is_of_this_age() {
        assert_eq!(month(" 2026-11 ").map(month_code).as_deref(), Some("2026-11"));
        for nonsense in ["", "2026", "2026-13", "+262142-12", "9999-12", "2026-11-05"] {
            assert_eq!(month(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn every_pot_of_the_books_has_a_name() {
        let named = |kept_for| place(Words::new(Locale::En), kept_for);
        for (kept_for, name) in [("Ardenne/national_BE", "Belgium"), ("Ardenne/digital_europe", "Digital Europe")] {
            assert!(named(kept_for).contains(name), "{}", named(kept_for));
        }
    }
}
