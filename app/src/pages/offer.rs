//! One offer: what it is, what it costs, until when it stands, what accepting means, and what could be had instead.

use axum::{extract::Path, response::Response};
use domain::{
    allocation::State,
    capacity::Slot,
    gpu::GpuModel,
    id::AllocationId,
    money::{BasisPoints, Money},
    problem::{Invalid, Problem},
    typed,
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Basis, Demand, Error, Offer, Other, QuotaRead, Quoted, RunSaid, rows::AllocationRow};
use text::{Words, args};

use super::{allocations::state_tag, organisation::version};
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, confirm,
        field::Choice,
        form::{FormState, button_form, error_summary, hidden, post_form, submit},
        layout::{Confirm, beside, facts, heading, notice, panel},
        price::{PriceLine, price_panel},
    },
};

/// Offers shown ranked; the rest is on the calendar.
const RANKED: usize = 4;

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    version: String,
    #[serde(default)]
    slot: String,
    /// Cents to pay, as the page showed them.
    #[serde(default)]
    due: String,
}

pub async fn get(visit: Visit, Path(id): Path<AllocationId>) -> PageResult {
    let (offer, beside) = read(&visit, id).await?;
    let title = visit.words.with("offer-title", args![reference => offer.allocation.row.reference.clone()]);
    Ok(visit.page(title, move |words| page(words, &offer, &beside, &FormState::default())).await)
}

pub async fn post_accept(visit: Visit, Path(id): Path<AllocationId>, Form(typed): Form<Typed>) -> PageResult {
    let shown = typed.due.parse().ok().map(Money::cents);
    match visit.desk.accept_priced(id, version(&typed.version)?, shown).await {
        Ok(()) => visit.redirect_saying(&format!("/allocations/{id}"), "offer-accepted").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::default().with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_decline(visit: Visit, Path(id): Path<AllocationId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.decline_offer(id, version(&typed.version)?).await {
        Ok(()) => visit.redirect_saying("/allocations", "offer-declined").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::default().with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_slot(visit: Visit, Path(id): Path<AllocationId>, Form(typed): Form<Typed>) -> PageResult {
    let form = FormState::new([("slot", typed.slot.clone())]);
    let seen = version(&typed.version)?;
    let Some(slot) = parse(&typed.slot) else {
        return refused(&visit, id, form.with(Invalid::one("slot", Problem::Required))).await;
    };
    match visit.desk.pick_slot(id, slot, seen).await {
        Ok(()) => visit.redirect_saying(&format!("/offers/{id}"), "offer-moved").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, form.with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: AllocationId, form: FormState) -> Result<Response, crate::AppError> {
    let (offer, beside) = read(visit, id).await?;
    let title = visit.words.with("offer-title", args![reference => offer.allocation.row.reference.clone()]);
    Ok(visit.refused(title, move |words| page(words, &offer, &beside, &form)).await)
}

/// What goes with an offer.
struct Beside {
    /// What the run that made it says, if it is for a part only.
    said: Option<RunSaid>,
    /// The conditions of the award.
    conditions: Vec<String>,
    /// The company owes for long and can book nothing new.
    is_blocked: bool,
    /// What accepting would be held against.
    quotas: Vec<QuotaRead>,
}

async fn read(visit: &Visit, id: AllocationId) -> Result<(Offer, Beside), crate::AppError> {
    let offer = visit.desk.read_offer(id).await?;
    let application = offer.allocation.row.application_id;
    let said = if offer.is_part() { visit.desk.run_reason(application).await? } else { None };
    let conditions = visit.desk.award_conditions(application).await?;
    let is_blocked = offer.can_answer && visit.desk.is_blocked().await?;
    let is_member = visit.actor().organisation().is_some();
    let quotas = if is_member && offer.can_answer { visit.desk.quotas_of(id).await? } else { Vec::new() };
    Ok((offer, Beside { said, conditions, is_blocked, quotas }))
}

/// A slot as a field sends it: site, model, Monday, weeks, GPUs.
fn written(slot: &Slot) -> String {
    format!("{}|{}|{}|{}|{}", slot.site, slot.model, slot.first_week, slot.weeks, slot.gpus)
}

fn parse(text: &str) -> Option<Slot> {
    let mut parts = text.split('|');
    let slot = Slot {
        site: parts.next()?.parse().ok()?,
        model: GpuModel::from_code(parts.next()?)?,
        first_week: typed::date(parts.next()?).ok()?,
        weeks: parts.next()?.parse().ok()?,
        gpus: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(slot)
}

fn page(words: Words, offer: &Offer, with: &Beside, form: &FormState) -> impl IntoView + use<> {
    let row = &offer.allocation.row;
    let above = Some(row.reference.clone());
    let main = view! {
        {standing(words, offer)}
        {with.is_blocked.then(|| blocked(words))}
        {what(words, offer)}
        {stretches(words, row)}
        {with.said.as_ref().map(|said| super::run_reason::said(words, said))}
        {super::decision::conditions(words, &with.conditions)}
        {super::quotas::own(words, &with.quotas, Some(row.gpu_seconds))}
        {offer.can_answer.then(|| answers(words, offer))}
        {others(words, offer, form)}
    };
    let quoted = offer.quoted.as_ref().map(|quoted| basis(words, quoted, offer.can_answer));
    let aside = view! { <div>{price(words, &row.terms)} {quoted}</div> };
    view! {
        {error_summary(words, form)}
        {heading(words.with("offer-at", args![site => offer.allocation.site.name.clone()]), above, Some(state_tag(words, row.state)))}
        {beside(main, aside)}
    }
}

fn standing(words: Words, offer: &Offer) -> AnyView {
    let row = &offer.allocation.row;
    if offer.can_answer {
        let until = words.instant(row.expires_at);
        return notice(Tone::Yours, view! { <p>{words.with("offer-held-until", args![until => until])}</p> });
    }
    let key = match row.state {
        State::Offered => "offer-waits",
        State::Lapsed => "offer-lapsed",
        State::Declined => "offer-was-declined",
        State::Accepted | State::Active | State::Ended => "offer-was-accepted",
    };
    let link = matches!(row.state, State::Accepted | State::Active | State::Ended).then(|| {
        let href = format!("/allocations/{}", row.id);
        view! { <p><a href=href>{words.t("offer-to-allocation")}</a></p> }
    });
    notice(Tone::Calm, view! { <p>{words.t(key)}</p> {link} })
}

/// Why it cannot be accepted now, and what to do.
fn blocked(words: Words) -> AnyView {
    let link = view! { <p><a href="/invoices">{words.t("late-blocked-see")}</a></p> };
    notice(Tone::Bad, view! { <p>{words.t("late-blocked")}</p> {link} })
}

fn what(words: Words, offer: &Offer) -> AnyView {
    let (row, site) = (&offer.allocation.row, &offer.allocation.site);
    let slots = row.slots();
    let last = slots.end().pred_opt().unwrap_or(row.first_week);
    let place = format!("{}, {}", site.city, words.t(&format!("country-{}", site.country.code())));
    facts(
        words,
        vec![
            ("allocation-site", view! { {site.name.clone()}<br/>{place} }.into_any()),
            ("allocation-gpus", gpus_of(words, row).into_any()),
            ("allocation-first-day", words.weekday_date(row.first_week).into_any()),
            ("allocation-last-day", words.weekday_date(last).into_any()),
            ("allocation-hours", hours(words, offer).into_any()),
            ("offer-demand", demand(words, offer.demand)),
        ],
    )
}

/// What the price beside it rests on.
fn basis(words: Words, quoted: &Quoted, is_own: bool) -> AnyView {
    let (tone, key) = match quoted.basis {
        Basis::Holds => (Tone::Good, "quotes-offer-holds"),
        Basis::Lower => (Tone::Good, "quotes-offer-lower"),
        Basis::Expired => (Tone::Bad, "quotes-offer-expired"),
        Basis::Elsewhere => (Tone::Calm, "quotes-offer-elsewhere"),
    };
    let href = format!("/quotes/{}", quoted.id);
    let name = words.with("quotes-name", args![number => quoted.number.clone(), version => quoted.version]);
    let says = words.with(key, args![until => words.instant(quoted.expires_at)]);
    let name = if is_own { view! { <a href=href>{name}</a> }.into_any() } else { name.into_any() };
    notice(tone, view! { <p>{name}</p> <p>{says}</p> })
}

/// How many of which; where their number changes, the most of them.
pub(super) fn gpus_of(words: Words, row: &AllocationRow) -> String {
    let slots = row.slots();
    let key = if slots.is_one() { "allocation-gpus-of" } else { "allocation-gpus-up-to" };
    words.with(key, args![gpus => slots.most_gpus(), model => row.model.code()])
}

/// Which weeks have how many GPUs, where there is more than one stretch of them.
pub(super) fn stretches(words: Words, row: &AllocationRow) -> Option<AnyView> {
    let slots = row.slots();
    if slots.is_one() {
        return None;
    }
    let rows = slots.iter().map(|slot| {
        let last = slot.end().pred_opt().unwrap_or(slot.first_week);
        cells![
            words.date_figure(slot.first_week),
            words.date_figure(last),
            words.integer(i64::from(slot.weeks)),
            words.integer(slot.gpus),
        ]
    });
    let table = Table::new("allocation-stretches")
        .column("allocation-first-day")
        .column("allocation-last-day")
        .figures("allocation-weeks")
        .figures("allocation-gpus")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
        .show(words);
    Some(panel(view! {
        <h2>{words.t("allocation-stretches")}</h2>
        <p>{words.t("allocation-stretches-lead")}</p>
        {table}
    }))
}

fn hours(words: Words, offer: &Offer) -> String {
    let given = words.hours(offer.allocation.row.gpu_seconds);
    if offer.is_part() {
        words.with("offer-part", args![given => given, asked => words.hours(offer.asked.gpu_time)])
    } else {
        given
    }
}

/// How sought after a slot's weeks were in the last run that was signed.
pub(super) fn demand(words: Words, demand: Option<Demand>) -> AnyView {
    match demand {
        None => words.t("offer-demand-unknown").into_any(),
        Some(demand) => words.t(&format!("offer-demand-{}", demand.code())).into_any(),
    }
}

fn answers(words: Words, offer: &Offer) -> AnyView {
    let (id, seen) = (offer.allocation.row.id, offer.allocation.row.version.to_string());
    let due = offer.quoted.as_ref().map(|quoted| hidden("due", quoted.due.as_cents().to_string()));
    let accept = post_form(
        format!("/offers/{id}/accept"),
        view! { {hidden("version", seen.clone())} {due} {submit(words, "offer-accept")} },
    );
    let decline = confirm(
        words,
        Confirm {
            action: format!("/offers/{id}/decline"),
            open: "offer-decline-open",
            consequence: "offer-decline-consequence".to_owned(),
            button: "offer-decline",
            values: vec![("version", seen)],
        },
        None,
    );
    panel(view! {
        <h2>{words.t("offer-accepting-title")}</h2>
        <ul>
            <li>{words.t("offer-accepting-books")}</li>
            <li>{words.t("offer-accepting-bills")}</li>
            <li>{words.t("offer-accepting-operator")}</li>
        </ul>
        {accept}
        {decline}
    })
}

fn others(words: Words, offer: &Offer, form: &FormState) -> Option<AnyView> {
    if !offer.can_answer {
        return None;
    }
    let (id, seen) = (offer.allocation.row.id, offer.allocation.row.version.to_string());
    let action = format!("/offers/{id}/slot");
    let ranked = offer.others.iter().take(RANKED).map(|Other { slot, site, demand }| {
        let pick = button_form(words, action.clone(), "offer-pick", &[("version", &seen), ("slot", &written(slot))]);
        cells![
            site.name.clone(),
            words.date_figure(slot.first_week),
            words.integer(i64::from(slot.weeks)),
            format!("{} {}", words.integer(slot.gpus), slot.model),
            self::demand(words, *demand),
            pick,
        ]
    });
    let table = Table::new("offer-others-caption")
        .column("allocation-site")
        .column("allocation-first-day")
        .figures("allocation-weeks")
        .column("allocation-gpus")
        .column("offer-demand")
        .column("offer-pick")
        .rows(ranked)
        .empty(view! { <p>{words.t("offer-no-others")}</p> }.into_any())
        .under_heading()
        .show(words);
    let calendar = (offer.others.len() > RANKED).then(|| {
        let mut choices = vec![Choice::new("", words.t("offer-slot-choose"))];
        choices.extend(by_week(&offer.others).into_iter().map(|Other { slot, site, .. }| {
            let label = words.with(
                "offer-slot-option",
                args![
                    day => words.date(slot.first_week), site => site.name.clone(), gpus => slot.gpus,
                    model => slot.model.code(), weeks => i64::from(slot.weeks),
                ],
            );
            Choice::new(written(&slot), label)
        }));
        post_form(
            action,
            view! {
                {hidden("version", seen)}
                {Field::select("slot", "offer-slot", choices).hint(words.t("offer-slot-hint")).show(words, form)}
                {submit(words, "offer-slot-submit")}
            },
        )
    });
    Some(
        panel(view! {
            <h2>{words.t("offer-others-title")}</h2>
            <p>{words.t("offer-others-lead")}</p>
            {table}
            {calendar}
        })
        .into_any(),
    )
}

fn by_week(others: &[Other]) -> Vec<Other> {
    let mut others = others.to_vec();
    others.sort_by(|a, b| {
        let key = |other: &Other| (other.slot.first_week, other.site.name.clone(), other.slot.gpus);
        key(a).cmp(&key(b))
    });
    others
}

/// The frozen price; nothing where it cannot be read.
pub fn price(words: Words, terms: &str) -> AnyView {
    let quote: serde_json::Value = serde_json::from_str(terms).unwrap_or_default();
    let money = |name: &str| quote.get(name).and_then(serde_json::Value::as_i64).map(Money::cents);
    let (Some(list), Some(subsidy), Some(own), Some(vat), Some(due)) =
        (money("list"), money("subsidy"), money("own"), money("vat"), money("due"))
    else {
        return ().into_any();
    };
    let subsidy = Money::cents(-subsidy.as_cents());
    let treatment = quote.get("vat_treatment").and_then(serde_json::Value::as_str);
    let rate = quote.get("vat_rate").and_then(serde_json::Value::as_i64).and_then(|rate| i32::try_from(rate).ok());
    let vat_why = match treatment.zip(rate) {
        Some((treatment, rate)) => {
            let treatment = words.t(&format!("price-vat-{treatment}"));
            words.with("price-vat-why", args![treatment => treatment, rate => words.percent(BasisPoints::new(rate))])
        }
        None => words.t("allocation-price-vat-why"),
    };
    price_panel(
        words,
        "allocation-price",
        vec![
            PriceLine::new(words.t("allocation-price-list"), list, words.t("allocation-price-list-why")),
            PriceLine::new(words.t("allocation-price-subsidy"), subsidy, words.t("allocation-price-subsidy-why")),
            PriceLine::new(words.t("allocation-price-own"), own, words.t("allocation-price-own-why")),
            PriceLine::new(words.t("allocation-price-vat"), vat, vat_why),
            PriceLine::total(words.t("allocation-price-due"), due),
        ],
        Some(words.t("allocation-price-note")),
    )
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_slot_reads_back_as_it_was_written() {
        let slot = Slot {
            site: "0198c0de-0000-7000-8000-000000000001".parse().unwrap(),
            model: GpuModel::GH200,
            first_week: NaiveDate::from_ymd_opt(2026, 12, 7).unwrap(),
            weeks: 3,
            gpus: 64,
        };
        assert_eq!(parse(&written(&slot)), Some(slot));
        for wrong in ["", "|||", "x|GH200|2026-12-07|3|64", &format!("{}|1", written(&slot))] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
