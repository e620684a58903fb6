//! The size class with its arithmetic opened up, and the figures and owners it is computed from.

use std::collections::BTreeMap;

use axum::response::Response;
use domain::{
    money::Money,
    organisation::{
        Direction, Figures, HolderKind,
        figures::YEARS,
        size::{Assessment, Line, Relation, Test, YearResult},
        start_up::StartUp,
    },
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, OrganisationFacts, rows::OwnerRow};
use text::{Words, args};

use super::organisation::{is_owner, version};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        field::{Choice, Field},
        form::{FormState, error_summary, group, hidden, post_form, row_button, submit},
        layout::{Tone, notice, tag},
        table::Table,
    },
};

#[derive(Deserialize)]
pub struct Removal {
    #[serde(default)]
    id: String,
    #[serde(default)]
    version: String,
}

/// The form's fields by name: years have numbers in theirs.
type Typed = BTreeMap<String, String>;

/// Which of the page's two forms came back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Neither,
    Figures,
    Owner,
}

pub async fn get(visit: Visit) -> PageResult {
    let facts = visit.desk.own_organisation().await?;
    let form = stored(&facts);
    let is_owner = is_owner(&visit);
    let title = visit.words.t("size-title");
    Ok(visit.page(title, move |words| page(words, &facts, &form, Which::Neither, is_owner)).await)
}

pub async fn post_figures(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let seen = version(typed.get("version").map_or("", String::as_str))?;
    match visit.desk.change_figures(&typed, seen).await {
        Ok(()) => visit.redirect_saying("/organisation/size", "figures-saved").await,
        Err(Error::Invalid(invalid)) => refused(&visit, FormState::new(typed).with(invalid), Which::Figures).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_owner(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    let seen = version(typed.get("version").map_or("", String::as_str))?;
    let parent = typed.get("parent").filter(|id| !id.is_empty());
    let parent = parent.map(|id| id.parse()).transpose().map_err(|_| Error::NotFound)?;
    match visit.desk.add_owner(&typed, parent, seen).await {
        Ok(()) => visit.redirect_saying("/organisation/size", "owner-added").await,
        Err(Error::Invalid(invalid)) => refused(&visit, FormState::new(typed).with(invalid), Which::Owner).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_removal(visit: Visit, Form(typed): Form<Removal>) -> PageResult {
    let id = typed.id.parse().map_err(|_| Error::NotFound)?;
    visit.desk.remove_owner(id, version(&typed.version)?).await?;
    visit.redirect_saying("/organisation/size", "owner-removed").await
}

async fn refused(visit: &Visit, form: FormState, which: Which) -> PageResult {
    let facts = visit.desk.own_organisation().await?;
    let title = visit.words.t("size-title");
    let response: Response = visit.refused(title, move |words| page(words, &facts, &form, which, true)).await;
    Ok(response)
}

/// What is stored, as it would be typed.
fn stored(facts: &OrganisationFacts) -> FormState {
    let mut form = FormState::default();
    for (number, year) in (1..).zip(&facts.years) {
        form = form
            .set(&format!("year{number}_ends"), year.ends.to_string())
            .set(&format!("year{number}_staff"), plain(Money::cents(year.staff.as_hundredths())))
            .set(&format!("year{number}_turnover"), plain(year.turnover))
            .set(&format!("year{number}_balance"), plain(year.balance))
            .set(&format!("year{number}_estimated"), if year.estimated { "on".to_owned() } else { String::new() });
    }
    form
}

/// Hundredths without grouping and without needless noughts.
fn plain(hundredths: Money) -> String {
    let text = hundredths.to_string();
    text.strip_suffix(".00").map_or_else(|| text.clone(), str::to_owned)
}

fn page(
    words: Words,
    facts: &OrganisationFacts,
    form: &FormState,
    which: Which,
    is_owner: bool,
) -> impl IntoView + use<> {
    let empty = FormState::default();
    let stored = stored(facts);
    let figures = if which == Which::Figures { form } else { &stored };
    let owner = if which == Which::Owner { form } else { &empty };
    let version = facts.organisation.version;
    view! {
        {error_summary(words, form)}
        <h1>{words.t("size-title")}</h1>
        {match &facts.size {
            Some(size) => verdict(words, size).into_any(),
            None => view! { <p>{words.t("size-unknown")}</p> }.into_any(),
        }}
        {facts.start_up.as_ref().map(|found| start_up(words, found))}
        {is_owner.then(|| figures_form(words, figures, version, which == Which::Figures || facts.years.is_empty()))}
        {owners(words, facts, is_owner)}
        {is_owner.then(|| owner_form(words, owner, &facts.owners, version, which == Which::Owner))}
    }
}

fn class(words: Words, code: &str) -> String {
    words.t(&format!("size-class-{code}"))
}

fn verdict(words: Words, size: &Assessment) -> impl IntoView + use<> {
    let latest = size.years.last().filter(|_| size.kept_from_before && !size.public_excludes);
    let kept = latest.map(|year| words.with("size-kept", args![class => class(words, year.class.code())]));
    let public =
        size.public_excludes.then(|| words.with("size-public", args![share => words.percent(size.public_share)]));
    let sme = if size.class.is_sme() { "size-is-sme" } else { "size-is-not-sme" };
    let reasons = [kept, public].into_iter().flatten().map(|reason| view! { <p>{reason}</p> }).collect_view();
    let years = size
        .years
        .iter()
        .rev()
        .map(|year| {
            let heading = if year.estimated { "size-year-estimated" } else { "size-year" };
            let ends = words.date(year.ends);
            let alone = words.with("size-year-alone", args![class => class(words, year.class.code())]);
            let body = one_year(words, year);
            view! {
                <section>
                    <h2>{words.with(heading, args![ends => ends])}</h2>
                    {body}
                    <p>{alone}</p>
                </section>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{words.with("size-is", args![class => class(words, size.class.code())])}</p>
        <p>{words.t(sme)}</p>
        {reasons}
        {size.incomplete.then(|| notice(Tone::Yours, words.t("size-incomplete")))}
        {years}
    }
}

fn one_year(words: Words, year: &YearResult) -> impl IntoView + use<> {
    let ends = words.date(year.ends);
    let total = cells![
        words.t("size-total"),
        "",
        "",
        "",
        words.staff(year.total.staff),
        words.money_figure(year.total.turnover),
        words.money_figure(year.total.balance),
    ];
    let sum = Table::new(words.with("size-sum-caption", args![ends => ends.clone()]))
        .column("size-enterprise")
        .column("size-relation")
        .figures("size-held")
        .figures("size-counted")
        .figures("size-staff")
        .figures("size-turnover")
        .figures("size-balance")
        .rows(year.lines.iter().map(|line| sum_row(words, line)))
        .row(total)
        .show(words);
    let tests = Table::new(words.with("size-tests-caption", args![ends => ends]))
        .column("size-class")
        .figures("size-below")
        .figures("size-turnover-up-to")
        .figures("size-balance-up-to")
        .column("size-within")
        .rows(year.tests.iter().map(|test| test_row(words, test)))
        .show(words);
    view! {
        {sum}
        {tests}
    }
}

const fn relation_code(relation: Relation) -> &'static str {
    match relation {
        Relation::Own => "own",
        Relation::Linked => "linked",
        Relation::Partner => "partner",
        Relation::Exempt => "exempt",
        Relation::Autonomous => "autonomous",
        Relation::Person => "person",
    }
}

fn sum_row(words: Words, line: &Line) -> Vec<AnyView> {
    let is_own = line.relation == Relation::Own;
    // Deeper generations are marked by text, so that it is also heard.
    let indent = "– ".repeat(line.generation.saturating_sub(1));
    let name = if is_own { words.t("size-own") } else { format!("{indent}{}", line.name) };
    let held = if is_own { "–".to_owned() } else { words.percent(line.held) };
    let relation = words.t(&format!("relation-{}", relation_code(line.relation)));
    let counted = words.percent(line.counted_share);
    if line.whole.is_none() {
        let missing = if line.relation == Relation::Person { "–".to_owned() } else { words.t("size-no-figures") };
        return cells![name, relation, held, counted, missing.clone(), missing.clone(), missing];
    }
    let Figures { staff, turnover, balance } = line.counted;
    let (turnover, balance) = (words.money_figure(turnover), words.money_figure(balance));
    cells![name, relation, held, counted, words.staff(staff), turnover, balance]
}

fn yes_no(words: Words, holds: bool) -> AnyView {
    if holds { tag(Tone::Good, words.t("size-holds")) } else { tag(Tone::Calm, words.t("size-holds-not")) }
}

fn test_row(words: Words, test: &Test) -> Vec<AnyView> {
    let said = |figure: String, holds: bool| view! { {figure} " " {yes_no(words, holds)} };
    let ceiling = test.ceiling;
    cells![
        class(words, ceiling.class.code()),
        said(words.staff(ceiling.staff), test.staff_holds),
        said(words.money_figure(ceiling.turnover), test.turnover_holds),
        said(words.money_figure(ceiling.balance), test.balance_holds),
        yes_no(words, test.holds()),
    ]
}

fn start_up(words: Words, found: &StartUp) -> impl IntoView + use<> {
    let rows = found
        .criteria
        .iter()
        .map(|(criterion, holds)| cells![words.t(&format!("start-up-{}", criterion.code())), yes_no(words, *holds)]);
    let table = Table::new(words.with("start-up-law", args![law => found.rule.law]))
        .column("start-up-criterion")
        .column("start-up-met")
        .rows(rows)
        .show(words);
    let verdict = if found.holds() { "size-is-start-up" } else { "size-is-not-start-up" };
    view! {
        <section>
            <h2>{words.t("start-up-title")}</h2>
            <p>{words.t(verdict)}</p>
            {table}
        </section>
    }
}

fn figures_form(words: Words, form: &FormState, version: i32, is_open: bool) -> impl IntoView + use<> {
    let years = (1..=YEARS)
        .map(|number| {
            let name = |field: &str| format!("year{number}_{field}");
            let staff = Field::number(&name("staff"), "figures-staff");
            let staff = if number == 1 { staff.hint(words.t("figures-staff-hint")) } else { staff };
            let fields = [
                Field::date(&name("ends"), "figures-ends"),
                staff,
                Field::number(&name("turnover"), "figures-turnover"),
                Field::number(&name("balance"), "figures-balance"),
                Field::checkbox(&name("estimated"), "figures-estimated"),
            ];
            let fields = fields.map(|field| field.show(words, form)).collect_view();
            group(words, &format!("figures-year-{number}"), fields)
        })
        .collect_view();
    let fields = view! {
        {hidden("version", version.to_string())}
        {years}
        {submit(words, "figures-save")}
    };
    view! {
        <section>
            <h2>{words.t("figures-title")}</h2>
            <p>{words.t("figures-lead")}</p>
            {folded(words.t("figures-open"), is_open, post_form("/organisation/size", fields))}
        </section>
    }
}

fn owners(words: Words, facts: &OrganisationFacts, is_owner: bool) -> impl IntoView + use<> {
    let version = facts.organisation.version;
    let none = view! { <p>{words.t("owners-none")}</p> }.into_any();
    let table = Table::new("owners-caption")
        .column("owner-name")
        .column("owner-parent")
        .column("owner-direction")
        .column("owner-kind")
        .figures("size-held");
    let table = if is_owner { table.column("members-actions") } else { table };
    let rows = facts.owners.iter().map(|row| owner_row(words, row, &facts.owners, version, is_owner));
    view! {
        <section>
            <h2>{words.t("owners-title")}</h2>
            <p>{words.t("owners-lead")}</p>
            {table.rows(rows).empty(none).show(words)}
        </section>
    }
}

fn owner_row(words: Words, row: &OwnerRow, all: &[OwnerRow], version: i32, is_owner: bool) -> Vec<AnyView> {
    let parent = row.parent_id.and_then(|id| all.iter().find(|other| other.id == id));
    let parent = parent.map_or_else(|| words.t("owner-parent-self"), |parent| parent.name.clone());
    let mut cells = cells![
        row.name.clone(),
        parent,
        words.t(&format!("direction-{}", row.direction.code())),
        words.t(&format!("holder-kind-{}", row.kind.code())),
        words.percent(row.share),
    ];
    if is_owner {
        let label = words.with("owner-remove", args![name => row.name.clone()]);
        let (version, id) = (version.to_string(), row.id.to_string());
        let values = [("version", version.as_str()), ("id", id.as_str())];
        cells.push(row_button(words, "/organisation/owners/remove", "owner-remove-short", label, &values));
    }
    cells
}

fn owner_form(
    words: Words,
    form: &FormState,
    known: &[OwnerRow],
    version: i32,
    is_open: bool,
) -> impl IntoView + use<> {
    let parents = std::iter::once(Choice::new("", "owner-parent-self"))
        .chain(known.iter().map(|row| Choice::new(row.id.to_string(), row.name.clone())))
        .collect();
    let directions = [Direction::Upstream, Direction::Downstream]
        .map(|direction| Choice::new(direction.code(), format!("direction-{}", direction.code())));
    let kinds = HolderKind::ALL.map(|kind| Choice::new(kind.code(), format!("holder-kind-{}", kind.code())));
    let facts = [
        Field::text("name", "owner-name"),
        Field::select("parent", "owner-parent", parents),
        Field::select("direction", "owner-direction", directions.to_vec()),
        Field::select("kind", "owner-kind", kinds.to_vec()),
        Field::number("share", "owner-share").hint(words.t("owner-share-hint")),
        Field::checkbox("controls", "owner-controls"),
        Field::number("acts_with", "owner-acts-with").hint(words.t("owner-acts-with-hint")).optional(),
    ];
    let figures = [
        Field::number("staff", "figures-staff").hint(words.t("owner-figures-hint")),
        Field::number("turnover", "figures-turnover"),
        Field::number("balance", "figures-balance"),
    ];
    let fields = view! {
        {hidden("version", version.to_string())}
        {facts.map(|field| field.show(words, form)).collect_view()}
        {group(words, "owner-figures", figures.map(|field| field.show(words, form)).collect_view())}
        {submit(words, "owner-add")}
    };
    view! {
        {folded(words.t("owners-add-title"), is_open, post_form("/organisation/owners", fields))}
    }
}

/// A form that is out of the way until asked for, and open when it came back.
fn folded(summary: String, is_open: bool, form: AnyView) -> impl IntoView {
    view! {
        <details class="details" open=is_open>
            <summary>{summary}</summary>
            <div>{form}</div>
        </details>
    }
}
