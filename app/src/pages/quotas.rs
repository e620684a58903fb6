//! Quotas: what is bound of each, what was set before and comes later, the form for the next; and those of one booking.

use domain::{
    gpu::GpuTime,
    quota::{Kind, Standing, TypedQuota},
};
use leptos::prelude::*;
use services::{Error, QuotaRead, Quotas};
use text::{Words, args};

use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone,
        chart::{Plot, Point, Series, bars},
        empty,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::{heading, notice, panel},
        progress::meter,
    },
};

pub async fn get(visit: Visit) -> PageResult {
    show(visit, FormState::default(), false).await
}

pub async fn post(visit: Visit, Form(typed): Form<TypedQuota>) -> PageResult {
    match visit.desk.set_quota(&typed).await {
        Ok(_) => visit.redirect_saying("/quotas", "quota-was-set").await,
        Err(Error::Invalid(invalid)) => show(visit, FormState::of(&typed).with(invalid), true).await,
        Err(error) => Err(error.into()),
    }
}

async fn show(visit: Visit, form: FormState, is_refused: bool) -> PageResult {
    let quotas = visit.desk.quotas().await?;
    let can_set = domain::policy::allows(visit.actor(), domain::policy::Action::SetQuota).is_ok();
    let title = visit.words.t("quotas-title");
    let view = move |words: Words| {
        view! {
            {error_summary(words, &form)}
            {heading(words.t("quotas-title"), None, None)}
            <p class="lead">{words.t("quotas-lead")}</p>
            <h2>{words.t("quotas-in-force")}</h2>
            {plot(words, &quotas.in_force)}
            {in_force(words, &quotas.in_force)}
            {can_set.then(|| new(words, &quotas, &form))}
            <h2>{words.t("quotas-others")}</h2>
            {others(words, &quotas.others)}
        }
    };
    Ok(if is_refused { visit.refused(title, view).await } else { visit.page(title, view).await })
}

fn name(words: Words, quota: &QuotaRead) -> String {
    words.quota(&quota.name)
}

fn with_standing(quotas: &[QuotaRead]) -> impl Iterator<Item = (&QuotaRead, &Standing)> {
    quotas.iter().filter_map(|quota| Some((quota, quota.standing.as_ref()?)))
}

/// How full each is: nothing where there is none.
fn plot(words: Words, quotas: &[QuotaRead]) -> Option<AnyView> {
    let (fullest, standing) = with_standing(quotas).max_by_key(|(_, standing)| standing.share())?;
    let sentence = words.with(
        "quotas-sentence",
        args![
            quota => name(words, fullest),
            share => words.percent(standing.share()),
            hours => words.hours(standing.most),
        ],
    );
    let points = with_standing(quotas).map(|(quota, standing)| Point {
        name: name(words, quota),
        value: i64::from(standing.share().get()),
        words: words.percent(standing.share()),
    });
    Some(bars(
        words,
        Plot {
            title: "quotas-in-force".to_owned(),
            sentence,
            point_label: "quota-of",
            series: vec![Series { name: "quota-filled".to_owned(), points: points.collect() }],
            foot: 0,
        },
    ))
}

fn filled(words: Words, quota: &QuotaRead, standing: &Standing) -> AnyView {
    let label = words.with("quota-filled-of", args![quota => name(words, quota)]);
    meter(label, standing.bound.as_seconds(), standing.most.as_seconds()).into_any()
}

/// Each with what is bound of it.
pub(super) fn in_force(words: Words, quotas: &[QuotaRead]) -> AnyView {
    let rows = with_standing(quotas).map(|(quota, standing)| {
        cells![
            name(words, quota),
            filled(words, quota, standing),
            words.hours_figure(standing.most),
            words.hours_figure(standing.bound),
            words.hours_figure(standing.free()),
            words.date_figure(quota.row.valid_from),
            counts_from(words, quota),
            quota.row.reason.clone(),
            quota.set_by.clone(),
        ]
    });
    Table::new("quotas-in-force")
        .column("quota-of")
        .column("quota-filled")
        .figures("quota-cap-hours")
        .figures("quota-bound-hours")
        .figures("quota-free-hours")
        .column("quota-valid-from")
        .column("quota-counts-from")
        .column("quota-reason")
        .column("quota-set-by")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
        .empty(empty(words, "quotas-none", "quotas-none-help", None))
        .show(words)
}

fn counts_from(words: Words, quota: &QuotaRead) -> String {
    quota.row.counts_from.map_or_else(|| words.t("quota-counts-all"), |day| words.date_figure(day))
}

fn others(words: Words, quotas: &[QuotaRead]) -> AnyView {
    let rows = quotas.iter().map(|quota| {
        cells![
            name(words, quota),
            quota.row.gpu_seconds.map_or_else(|| words.t("quota-lifted"), |most| words.hours_figure(most)),
            words.date_figure(quota.row.valid_from),
            counts_from(words, quota),
            quota.row.reason.clone(),
            quota.set_by.clone(),
        ]
    });
    Table::new("quotas-others")
        .column("quota-of")
        .figures("quota-cap-hours")
        .column("quota-valid-from")
        .column("quota-counts-from")
        .column("quota-reason")
        .column("quota-set-by")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "quotas-others-none", "quotas-others-none-help", None))
        .show(words)
}

fn new(words: Words, quotas: &Quotas, form: &FormState) -> AnyView {
    let kind = |kind: &Kind| {
        let choice = Choice::new(kind.code(), format!("quota-kind-{}", kind.code()));
        match kind {
            Kind::Group => choice.hint("quota-kind-group-help"),
            Kind::Reserve => choice.hint("quota-kind-reserve-help"),
            _ => choice,
        }
    };
    let or_none = |choices: Vec<Choice>| -> Vec<Choice> {
        std::iter::once(Choice::new("", "quota-choose")).chain(choices).collect()
    };
    let kinds = Kind::ALL.iter().filter(|kind| **kind != Kind::Project);
    let sites = quotas.sites.iter().map(|site| Choice::new(site.id.to_string(), site.name.clone()));
    let sites: Vec<Choice> = std::iter::once(Choice::new("", "prices-every-site")).chain(sites).collect();
    let calls = quotas.calls.iter().filter_map(|call| Some(Choice::new(call.id.to_string(), call.code.clone()?)));
    let pots = quotas.pots.iter().map(|code| Choice::new(code.clone(), words.pot(code)));
    let fields = view! {
        {Field::radios("kind", "quota-kind", kinds.map(kind).collect()).show(words, form)}
        {Field::text("company", "quota-company").hint("quota-company-help").optional().show(words, form)}
        {Field::select("country", "quota-country", super::organisation::countries(words)).optional().show(words, form)}
        {Field::select("call", "quota-call", or_none(calls.collect())).optional().show(words, form)}
        {Field::select("pot", "quota-pot", or_none(pots.collect())).optional().show(words, form)}
        {Field::select("site", "quota-site", sites).hint("quota-site-help").optional().show(words, form)}
        {Field::number("hours", "quota-hours").hint("quota-hours-help").optional().show(words, form)}
        {Field::date("valid_from", "quota-valid-from").hint("quota-valid-from-help").show(words, form)}
        {Field::date("counts_from", "quota-counts-from").hint("quota-counts-from-help").optional().show(words, form)}
        {Field::area("reason", "quota-reason").rows(2).show(words, form)}
        {submit(words, "quota-set")}
    };
    view! {
        <h2>{words.t("quota-new")}</h2>
        <p>{words.t("quota-new-help")}</p>
        {post_form("/quotas", fields)}
    }
    .into_any()
}

/// The quotas of one offer, of which so much would be bound, or of one booking. Nothing where none concerns it.
pub(super) fn own(words: Words, quotas: &[QuotaRead], wanted: Option<GpuTime>) -> Option<AnyView> {
    if quotas.is_empty() {
        return None;
    }
    let rows = with_standing(quotas).map(|(quota, standing)| {
        cells![
            name(words, quota),
            filled(words, quota, standing),
            words.hours_figure(standing.most),
            words.hours_figure(standing.bound),
            words.hours_figure(standing.free()),
        ]
    });
    let table = Table::new("quotas-own")
        .column("quota-of")
        .column("quota-filled")
        .figures("quota-cap-hours")
        .figures("quota-bound-hours")
        .figures("quota-free-hours")
        .rows(rows.collect::<Vec<_>>())
        .under_heading()
        .show(words);
    let lead = match wanted {
        Some(hours) => words.with("quotas-own-lead", args![hours => words.hours(hours)]),
        None => words.t("quotas-own-bound"),
    };
    let is_full = wanted.is_some_and(|hours| with_standing(quotas).any(|(_, standing)| !standing.has_room_for(hours)));
    let full = is_full.then(|| {
        let link = view! { <p><a href="/allocations">{words.t("quotas-own-full-link")}</a></p> };
        notice(Tone::Bad, view! { <p>{words.t("quotas-own-full")}</p> {link} })
    });
    Some(panel(view! {
        <h2>{words.t("quotas-own")}</h2>
        <p>{lead}</p>
        {full}
        {table}
    }))
}
