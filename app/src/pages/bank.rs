//! Statements of our account: taking one in, and those that were taken in, with what of each needs a person.

use axum::extract::{Multipart, multipart::MultipartRejection};
use domain::{
    bank::State,
    id::{BankEntryId, BankStatementId},
    money::Money,
    problem::Problem,
};
use http::StatusCode;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{EntryFilter, EntryListed, Error, STATEMENT_BYTES_MAX, StatementListed};
use text::{Words, args};

use crate::{
    PageResult, Query, Visit, cells,
    components::{
        Field, Listing, Table, Tone, empty,
        field::Choice,
        figure, figures,
        form::{FormState, error_summary, submit, upload_form},
        layout::{details, heading, kept, tabs},
        notice,
        table::filters,
        tag,
    },
};

/// The largest upload: a statement with what a form puts around it.
pub const UPLOAD_BYTES_MAX: usize = STATEMENT_BYTES_MAX + 64 * 1024;

/// Rows of one page of entries.
const PAGE: u64 = 50;

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    statement: String,
    #[serde(default, skip_serializing)]
    after: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let shown = Shown::of(&visit).await?;
    Ok(visit.page(visit.words.t("bank-title"), move |words| page(words, &shown, &FormState::default())).await)
}

struct Shown {
    statements: Vec<StatementListed>,
    open: u64,
    waiting: Vec<EntryListed>,
}

impl Shown {
    async fn of(visit: &Visit) -> Result<Self, Error> {
        let open = EntryFilter { state: Some(State::Open), limit: 20, ..EntryFilter::default() };
        Ok(Self {
            statements: visit.desk.statements().await?,
            open: visit.desk.open_entries().await?,
            waiting: visit.desk.bank_entries(&open).await?,
        })
    }
}

/// Takes in a statement. What is wrong with the file is said at its field, and nothing of it is kept.
pub async fn post(visit: Visit, upload: Result<Multipart, MultipartRejection>) -> PageResult {
    let done = match file_of(upload).await {
        Ok((name, content)) => visit.desk.import_statement(&name, &content).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(imported) if imported.open > 0 => visit.redirect_saying("/finance/bank", "bank-imported-open").await,
        Ok(_) => visit.redirect_saying("/finance/bank", "bank-imported").await,
        Err(Error::Invalid(invalid)) => {
            let shown = Shown::of(&visit).await?;
            let form = FormState::default().with(invalid);
            Ok(visit.refused(visit.words.t("bank-title"), move |words| page(words, &shown, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// Name and content of the one file sent.
async fn file_of(upload: Result<Multipart, MultipartRejection>) -> Result<(String, Vec<u8>), Error> {
    let too_large = || {
        let megabytes = i64::try_from(STATEMENT_BYTES_MAX / 1_048_576).unwrap_or_default();
        Error::invalid("file", Problem::FileTooLarge { max: megabytes })
    };
    let Ok(mut upload) = upload else { return Err(Error::invalid("file", Problem::Required)) };
    loop {
        match upload.next_field().await {
            Ok(Some(part)) if part.name() == Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let content = part.bytes().await.map_err(|_| too_large())?;
                if content.is_empty() {
                    return Err(Error::invalid("file", Problem::Required));
                }
                return Ok((name, content.to_vec()));
            }
            Ok(Some(_)) => {}
            Ok(None) => return Err(Error::invalid("file", Problem::Required)),
            Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(too_large()),
            Err(_) => return Err(Error::invalid("file", Problem::Required)),
        }
    }
}

/// Entries of the account, by state and statement.
pub async fn entries(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let after = asked.after.parse::<BankEntryId>().ok();
    let statement = asked.statement.parse::<BankStatementId>().ok();
    let filter = EntryFilter { state: State::from_code(&asked.state), statement, after, limit: PAGE };
    let rows = visit.desk.bank_entries(&filter).await?;
    let is_full = u64::try_from(rows.len()).is_ok_and(|count| count >= PAGE);
    let filters = [("state", &asked.state), ("statement", &asked.statement)];
    let listing = Listing {
        filters: filters.map(|(name, value)| (name.to_owned(), value.clone())).to_vec(),
        next: rows.last().filter(|_| is_full).map(|last| last.row.id.to_string()),
        is_later: after.is_some(),
        ..Listing::at("/finance/bank/entries")
    };
    let form = FormState::of(&asked);
    Ok(visit.page(visit.words.t("bank-entries-title"), move |words| list(words, &form, &rows, listing)).await)
}

/// The pages of bank transfers, side by side.
pub(super) fn bank_tabs(words: Words, here: &str) -> AnyView {
    let pages = [
        ("/finance/bank", "bank-title"),
        ("/finance/bank/entries", "bank-entries-title"),
        ("/finance/credits", "credits-title"),
    ];
    let pages = pages.map(|(href, name)| (href.to_owned(), name.to_owned())).to_vec();
    tabs(words, "bank-tabs", pages, here)
}

fn page(words: Words, shown: &Shown, form: &FormState) -> impl IntoView + use<> {
    let upload = upload_form(
        "/finance/bank",
        view! {
            {Field::file("file", "bank-file").accept(".xml,application/xml,text/xml").hint("bank-file-hint").show(words, form)}
            {submit(words, "bank-import")}
        },
    );
    let waiting = (!shown.waiting.is_empty()).then(|| {
        view! { <h2>{words.t("bank-waiting")}</h2> {entry_table(words, "bank-waiting", &shown.waiting).under_heading().show(words)} }
    });
    let open = words.integer(i64::try_from(shown.open).unwrap_or(i64::MAX));
    view! {
        {error_summary(words, form)}
        {heading(words.t("bank-title"), None, None)}
        {bank_tabs(words, "/finance/bank")}
        {figures(vec![figure(open, words.t("bank-open-entries"), None)])}
        {upload}
        {waiting}
        <h2>{words.t("bank-statements")}</h2>
        {statements(words, &shown.statements)}
    }
}

fn statements(words: Words, rows: &[StatementListed]) -> AnyView {
    let rows: Vec<_> = rows
        .iter()
        .map(|listed| {
            let row = &listed.row;
            let href = format!("/finance/bank/entries?statement={}", row.id);
            let period =
                words.with("format-period", args![first => words.date(row.from_day), last => words.date(row.to_day)]);
            let gap = listed.gap.map(|gap| tag(Tone::Bad, words.with("bank-gap", args![amount => words.money(gap)])));
            cells![
                view! { <a href=href>{row.name.clone()}</a> <br/> {gap} },
                period,
                words.instant_figure(row.imported_at),
                words.integer(i64::from(row.entries)),
                words.integer(i64::from(row.known)),
                words.money_figure(row.opening_cents),
                words.money_figure(row.closing_cents),
            ]
        })
        .collect();
    Table::new("bank-statements")
        .column("bank-statement")
        .column("bank-period")
        .column("bank-imported-at")
        .figures("bank-entries")
        .figures("bank-known")
        .figures("bank-opening-euro")
        .figures("bank-closing-euro")
        .rows(rows)
        .empty(empty(words, "bank-none", "bank-none-help", None))
        .under_heading()
        .show(words)
}

fn list(words: Words, form: &FormState, rows: &[EntryListed], listing: Listing) -> impl IntoView + use<> {
    let states = State::ALL.iter().map(|state| Choice::new(state.code(), format!("bank-state-{}", state.code())));
    let choices = std::iter::once(Choice::new("", "filter-any")).chain(states).collect();
    let fields = Field::select("state", "bank-state", choices).show(words, form);
    let table = entry_table(words, "bank-entries-caption", rows)
        .listing(listing)
        .empty(empty(words, "bank-entries-none", "bank-entries-none-help", None))
        .show(words);
    view! {
        {heading(words.t("bank-entries-title"), None, None)}
        {bank_tabs(words, "/finance/bank/entries")}
        {filters(words, "/finance/bank/entries", fields)}
        {table}
    }
}

/// Who, when, what for, how much, and what became of it.
fn entry_table(words: Words, caption: &str, rows: &[EntryListed]) -> Table {
    let rows: Vec<_> = rows
        .iter()
        .map(|listed| {
            let row = &listed.row;
            let href = format!("/finance/bank/entries/{}", row.id);
            let name = row.party_name.clone().unwrap_or_else(|| words.t("bank-nameless"));
            cells![
                view! { <a href=href>{name}</a> },
                kept(words.date_figure(row.booked_on)),
                said(words, listed),
                state_tag(words, listed),
                words.money_figure(row.amount_cents),
            ]
        })
        .collect();
    Table::new(caption)
        .column("bank-party")
        .column("bank-booked")
        .column("bank-remittance")
        .column("bank-state")
        .figures("bank-amount-euro")
        .rows(rows)
}

fn said(words: Words, listed: &EntryListed) -> AnyView {
    let row = &listed.row;
    let reference = row.reference.as_deref().map(domain::payment_reference::spaced).unwrap_or_default();
    let text: String = row.remittance.chars().take(80).collect();
    let more =
        (row.remittance.chars().count() > 80).then(|| details(words.t("bank-whole-text"), row.remittance.clone()));
    view! { {kept(reference)} " " {text} {more} }.into_any()
}

/// What became of an entry in a word, and why it waits.
pub(super) fn state_tag(words: Words, listed: &EntryListed) -> AnyView {
    let row = &listed.row;
    let state = words.t(&format!("bank-state-{}", row.state.code()));
    match row.state {
        State::Open => {
            let why = row.doubt.map(|doubt| words.t(&format!("bank-doubt-{}", doubt.code().replace('_', "-"))));
            view! { {tag(Tone::Yours, state)} <br/> <small>{why}</small> }.into_any()
        }
        State::Matched => {
            let how = row.how.map(|how| words.t(&format!("bank-how-{}", how.code())));
            view! { {tag(Tone::Good, state)} <br/> <small>{how}</small> }.into_any()
        }
        State::Ignored => tag(Tone::Calm, state),
    }
}

/// A notice in the tone of what has still to be done.
pub(super) fn amount_notice(words: Words, amount: Money) -> AnyView {
    let key = if amount < Money::ZERO { "bank-went" } else { "bank-came" };
    let shown = if amount < Money::ZERO { amount.negated().unwrap_or(Money::ZERO) } else { amount };
    notice(Tone::Calm, view! { <p>{words.with(key, args![amount => words.money(shown)])}</p> })
}
