//! Pots of money: the funding picture, each pot's bar, its movements, and the form that asks for one.

use axum::extract::Path;
use domain::{
    id::{PersonId, PotMovementId},
    money::Money,
    pot::{Move, MoveState, TypedMove, leverage},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{
    Error, PotRead, Pots, QuotaRead,
    rows::{PotMovementRow, PotRow},
};
use text::{Words, args};

use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone,
        chart::{Plot, Point, Series, bars},
        empty, facts,
        field::Choice,
        figure, figures,
        form::{FormState, error_summary, post_form, row_button, submit},
        layout::{details_if, heading},
        progress::meter,
        tag,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Signature {
    #[serde(default)]
    movement: String,
    #[serde(default)]
    agrees: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let pots = visit.desk.pots().await?;
    let me = visit.actor().person;
    Ok(visit.page(visit.words.t("pots-title"), move |words| page(words, &pots, me)).await)
}

/// The second person agrees or does not.
pub async fn post(visit: Visit, Form(typed): Form<Signature>) -> PageResult {
    let Ok(id) = typed.movement.parse::<PotMovementId>() else { return Err(Error::NotFound.into()) };
    let agrees = typed.agrees == "yes";
    match visit.desk.sign_movement(id, agrees).await {
        Ok(()) => visit.redirect_saying("/pots", if agrees { "pot-booked" } else { "pot-refused" }).await,
        Err(Error::Invalid(invalid)) => {
            let (pots, me) = (visit.desk.pots().await?, visit.actor().person);
            let form = FormState::default().with(invalid);
            let title = visit.words.t("pots-title");
            Ok(visit
                .refused(title, move |words| view! { {error_summary(words, &form)} {page(words, &pots, me)} })
                .await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn get_one(visit: Visit, Path(code): Path<String>) -> PageResult {
    one(visit, &code, FormState::default(), false).await
}

pub async fn post_one(visit: Visit, Path(code): Path<String>, Form(typed): Form<TypedMove>) -> PageResult {
    match visit.desk.ask_movement(&code, &typed).await {
        Ok(_) => visit.redirect_saying(&format!("/pots/{code}"), "pot-asked").await,
        Err(Error::Invalid(invalid)) => one(visit, &code, FormState::of(&typed).with(invalid), true).await,
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct TypedFunder {
    #[serde(default)]
    funder: String,
}

/// Whom to invoice for its subsidies.
pub async fn post_funder(visit: Visit, Path(code): Path<String>, Form(typed): Form<TypedFunder>) -> PageResult {
    match visit.desk.set_funder(&code, &typed.funder).await {
        Ok(()) => visit.redirect_saying(&format!("/pots/{code}"), "pot-funder-saved").await,
        Err(Error::Invalid(invalid)) => one(visit, &code, FormState::of(&typed).with(invalid), true).await,
        Err(error) => Err(error.into()),
    }
}

async fn one(visit: Visit, code: &str, form: FormState, is_refused: bool) -> PageResult {
    let (pot, pots, movements) = visit.desk.pot(code).await?;
    let hours = visit.desk.quotas().await?.in_force;
    let hours: Vec<QuotaRead> = hours.into_iter().filter(|quota| quota.row.pot.as_deref() == Some(code)).collect();
    let title = pot_name(visit.words, &pot.row);
    let is_typed = form.refuses(&["funder"]);
    let form = if is_typed { form } else { form.set("funder", pot.funder.clone().unwrap_or_default()) };
    let view = move |words| detail(words, &pot, &pots, (&movements, &hours), &form);
    Ok(if is_refused { visit.refused(title, view).await } else { visit.page(title, view).await })
}

pub(super) fn pot_name(words: Words, row: &PotRow) -> String {
    words.pot(&row.code)
}

fn page(words: Words, pots: &Pots, me: Option<PersonId>) -> AnyView {
    let waiting = (!pots.waiting.is_empty()).then(|| {
        let table = movements(words, &pots.waiting, me);
        view! { <h2>{words.t("pots-waiting")}</h2> {table} }
    });
    view! {
        {heading(words.t("pots-title"), None, None)}
        <p class="lead">{words.t("pots-lead")}</p>
        {picture(words, pots)}
        {waiting}
        <h2>{words.t("pots-all")}</h2>
        {plot(words, pots)}
        {table(words, pots)}
    }
    .into_any()
}

/// What was announced beside what is in the pots.
fn picture(words: Words, pots: &Pots) -> AnyView {
    let euros = |code: &str| pots.goals.get(code).copied().unwrap_or_default();
    let goal = |code: &str| figure(words.whole_euros(euros(code)), words.t(&format!("goal-{code}")), None);
    let cents = |code: &str| Money::cents(euros(code).saturating_mul(100));
    let lever = leverage(cents("public"), cents("private"));
    let lever = lever.map(|lever| words.hundredths(i64::from(lever.get()))).unwrap_or_default();
    let sum = |of: fn(&PotRead) -> Money| Money::sum(pots.rows.iter().map(of)).unwrap_or_default();
    view! {
        {figures(vec![
            goal("public"),
            goal("private"),
            goal("gigafactories"),
            figure(lever, words.t("goal-leverage"), Some(words.t("goal-leverage-note"))),
        ])}
        <h2>{words.t("pots-here")}</h2>
        {figures(vec![
            figure(words.money(sum(|pot| pot.budget)), words.t("pot-budget"), None),
            figure(words.money(sum(|pot| pot.committed)), words.t("pot-committed"), None),
            figure(words.money(sum(|pot| pot.spent)), words.t("pot-spent"), None),
            figure(words.money(sum(|pot| pot.free)), words.t("pot-free"), None),
        ])}
    }
    .into_any()
}

fn plot(words: Words, pots: &Pots) -> AnyView {
    let points: Vec<Point> = pots
        .rows
        .iter()
        .map(|pot| Point {
            name: pot_name(words, &pot.row),
            value: pot.budget.as_cents() / 100,
            words: words.money(pot.budget),
        })
        .collect();
    let most = pots.rows.iter().max_by_key(|pot| pot.budget);
    let sentence = most.map(|pot| {
        words.with("pots-sentence", args![pot => pot_name(words, &pot.row), amount => words.money(pot.budget)])
    });
    bars(
        words,
        Plot {
            title: "pots-all".to_owned(),
            sentence: sentence.unwrap_or_default(),
            point_label: "pot-name",
            series: vec![Series { name: "pot-budget".to_owned(), points }],
            foot: 0,
        },
    )
}

fn table(words: Words, pots: &Pots) -> AnyView {
    let rows = pots.rows.iter().map(|pot| {
        let name = pot_name(words, &pot.row);
        let href = format!("/pots/{}", pot.row.code);
        let (bound, budget) = (bound(pot).as_cents(), pot.budget.as_cents());
        let label = words.with("pot-bound-of", args![pot => name.clone()]);
        let class = if pot.row.parent.is_some() { "child" } else { "" };
        cells![
            view! { <a class=class href=href>{name}</a> },
            words.t(&format!("pot-kind-{}", pot.row.kind.code())),
            meter(label, bound, budget.max(1)),
            words.money_figure(pot.budget),
            words.money_figure(pot.committed),
            words.money_figure(pot.spent),
            words.money_figure(pot.free),
        ]
    });
    Table::new("pots-all")
        .column("pot-name")
        .column("pot-kind")
        .column("pot-bound")
        .figures("pot-budget-euro")
        .figures("pot-committed-euro")
        .figures("pot-spent-euro")
        .figures("pot-free-euro")
        .rows(rows)
        .under_heading()
        .show(words)
}

fn bound(pot: &PotRead) -> Money {
    pot.committed.checked_add(pot.spent).unwrap_or_default()
}

fn detail(
    words: Words,
    pot: &PotRead,
    pots: &Pots,
    (moved, hours): (&[PotMovementRow], &[QuotaRead]),
    form: &FormState,
) -> impl IntoView + use<> {
    let parent = pot.row.parent.as_ref().map(|code| words.pot(code));
    let country = pot.row.country.map(|country| words.t(&format!("country-{country}")));
    let mut about = vec![
        ("pot-kind", words.t(&format!("pot-kind-{}", pot.row.kind.code())).into_any()),
        ("pot-since", words.date(pot.row.valid_from).into_any()),
        ("pot-budget", words.money(pot.budget).into_any()),
        ("pot-committed", words.money(pot.committed).into_any()),
        ("pot-spent", words.money(pot.spent).into_any()),
        ("pot-free", words.money(pot.free).into_any()),
    ];
    if let Some(country) = country {
        about.insert(1, ("pot-country", country.into_any()));
    }
    let funder = pot.funder.clone().unwrap_or_else(|| words.t("pot-funder-none"));
    about.push(("pot-funder", funder.into_any()));
    let is_named = form.refuses(&["funder"]);
    let is_moved = !form.problems().is_empty() && !is_named;
    view! {
        {error_summary(words, form)}
        <p class="above"><a href="/pots">{words.t("pots-title")}</a></p>
        {heading(pot_name(words, &pot.row), parent, None)}
        {facts(words, about)}
        <h2>{words.t("pot-hours")}</h2>
        <p>{words.t("pot-hours-help")} " " <a href="/quotas">{words.t("quotas-title")}</a></p>
        {super::quotas::in_force(words, hours)}
        <h2>{words.t("pot-movements")}</h2>
        {movements(words, moved, None)}
        {details_if(is_moved, words.t("pot-move-title"), move_form(words, pot, pots, form))}
        {details_if(is_named, words.t("pot-funder-title"), funder_form(words, pot, form))}
    }
}

fn funder_form(words: Words, pot: &PotRead, form: &FormState) -> AnyView {
    let fields = view! {
        {Field::text("funder", "pot-funder-field").hint("pot-funder-hint").optional().show(words, form)}
        {submit(words, "pot-funder-save")}
    };
    view! {
        <p>{words.t("pot-funder-help")}</p>
        {post_form(format!("/pots/{}/funder", pot.row.code), fields)}
    }
    .into_any()
}

/// With a button where somebody else may sign.
fn movements(words: Words, rows: &[PotMovementRow], me: Option<PersonId>) -> AnyView {
    let rows = rows.iter().map(|row| {
        let to = row.to_pot.as_ref().map(|code| words.pot(code)).unwrap_or_default();
        let turn = match row.state {
            MoveState::Asked if me.is_some_and(|me| me != row.asked_by) => {
                let id = row.id.to_string();
                let what = words.money(row.amount_cents);
                view! {
                    {row_button(words, "/pots", "pot-agree", words.with("pot-agree-to", args![amount => what.clone()]), &[("movement", id.as_str()), ("agrees", "yes")])}
                    {row_button(words, "/pots", "pot-disagree", words.with("pot-disagree-to", args![amount => what]), &[("movement", id.as_str()), ("agrees", "no")])}
                }
                .into_any()
            }
            MoveState::Asked => tag(Tone::Waiting, words.t("pot-move-asked")),
            MoveState::Booked => tag(Tone::Good, words.t("pot-move-booked")),
            MoveState::Refused => tag(Tone::Bad, words.t("pot-move-refused")),
        };
        cells![
            words.instant_figure(row.asked_at),
            words.t(&format!("pot-move-{}", row.kind.code())),
            words.pot(&row.pot),
            to,
            row.reason.clone(),
            row.approval.clone().unwrap_or_default(),
            words.money_figure(row.amount_cents),
            turn,
        ]
    });
    Table::new("pot-movements")
        .column("pot-asked-at")
        .column("pot-move")
        .column("pot-name")
        .column("pot-to")
        .column("pot-reason")
        .column("pot-approval")
        .figures("pot-amount-euro")
        .column("pot-move-state")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "pot-movements-none", "pot-movements-none-help", None))
        .show(words)
}

fn move_form(words: Words, pot: &PotRead, pots: &Pots, form: &FormState) -> AnyView {
    let kinds = Move::ALL.map(|kind| Choice::new(kind.code(), format!("pot-move-{}", kind.code()))).to_vec();
    let others = pots.rows.iter().filter(|other| other.row.code != pot.row.code);
    let to = others.map(|other| Choice::new(other.row.code.clone(), format!("pot-{}", other.row.code)));
    let to = std::iter::once(Choice::new("", "pot-to-none")).chain(to).collect();
    let most = words.with("pot-amount-most", args![amount => words.money(pot.free)]);
    let fields = view! {
        {Field::radios("kind", "pot-move", kinds).show(words, form)}
        {Field::select("to", "pot-to", to).optional().show(words, form)}
        {Field::number("amount", "pot-amount").unit("unit-euro").hint(most).show(words, form)}
        {Field::area("reason", "pot-reason").rows(2).show(words, form)}
        {Field::text("approval", "pot-approval").hint("pot-approval-help").optional().show(words, form)}
        {submit(words, "pot-ask")}
    };
    view! {
        <p>{words.t("pot-move-help")}</p>
        {post_form(format!("/pots/{}", pot.row.code), fields)}
    }
    .into_any()
}
