//! One allocation: how fast it burns, how long it lasts, how to connect, what ran, what happened.

use axum::extract::Path;
use chrono::{DateTime, Utc};
use domain::{actor::Group, allocation::State, gpu::GpuTime, id::AllocationId};
use leptos::prelude::*;
use services::{AfterAward, AllocationView, QuotaRead, rows::EventRow};
use text::{Words, args};

use super::{
    allocations::state_tag,
    offer::{gpus_of, price, stretches},
};
use crate::{
    PageResult, Visit, cells,
    components::{
        Table, Tone,
        chart::{Plot, Point, Series, line_plot},
        empty, facts, figure, figures,
        layout::{beside, heading, notice},
        progress::{Moment, timeline},
    },
};

pub async fn get(visit: Visit, Path(id): Path<AllocationId>) -> PageResult {
    let seen = visit.desk.read_allocation(id).await?;
    if matches!(seen.allocation.row.state, State::Offered | State::Declined | State::Lapsed) {
        return Ok(visit.redirect(&format!("/offers/{id}")));
    }
    // A site sees what it hosts, not what its guest pays.
    let sees_price = visit.actor().group() != Group::Operator;
    // What follows an award is between the company and the programme.
    let is_member = visit.actor().organisation().is_some();
    let after = if is_member { Some(visit.desk.after_award(id).await?) } else { None };
    let quotas = if is_member { visit.desk.quotas_of(id).await? } else { Vec::new() };
    let can_ask = matches!(visit.actor().group(), Group::Owner | Group::Applicant);
    let now = visit.desk.now;
    let today = domain::period::brussels_day(now);
    let title = visit.words.with("allocation-title", args![reference => seen.allocation.row.reference.clone()]);
    Ok(visit
        .page(title, move |words| {
            let after = after.as_ref().map(|after| (after, can_ask, today));
            page(words, &seen, after, sees_price, &quotas, now)
        })
        .await)
}

type After<'a> = Option<(&'a AfterAward, bool, chrono::NaiveDate)>;

fn page(
    words: Words,
    seen: &AllocationView,
    after: After<'_>,
    sees_price: bool,
    quotas: &[QuotaRead],
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let one = &seen.allocation;
    let row = &one.row;
    let above = Some(one.organisation.clone());
    let main = view! {
        {waits(words, row.state)}
        {grace(words, seen, now)}
        {totals(words, seen)}
        {burn_down(words, seen)}
        {after.map(|(after, can_ask, today)| super::allocation_after::after(words, row.id, after, can_ask, today))}
        {jobs(words, seen)}
        {(row.state != State::Ended).then(|| super::quotas::own(words, quotas, None))}
    };
    let price = sees_price.then(|| price(words, &row.terms));
    let aside = view! {
        {slot(words, seen)}
        {connect(words, seen)}
        {price}
        <h2>{words.t("allocation-timeline")}</h2>
        {timeline(words, seen.timeline.iter().map(|event| moment(words, event)).collect())}
    };
    let title = words.with("allocation-at", args![reference => row.reference.clone(), site => one.site.name.clone()]);
    view! {
        {heading(title, above, Some(state_tag(words, row.state)))}
        {beside(main, aside)}
    }
}

/// Everything is used: until when jobs may go on, or that they may no more.
fn grace(words: Words, seen: &AllocationView, now: DateTime<Utc>) -> Option<AnyView> {
    seen.grace_ends.map(|ends| {
        let (tone, key) =
            if now < ends { (Tone::Waiting, "allocation-grace") } else { (Tone::Bad, "allocation-grace-over") };
        let said = words.with(key, args![ends => words.instant(ends)]);
        notice(tone, view! { <p>{said}</p> })
    })
}

fn waits(words: Words, state: State) -> Option<AnyView> {
    (state == State::Accepted).then(|| notice(Tone::Waiting, view! { <p>{words.t("allocation-waits-operator")}</p> }))
}

fn totals(words: Words, seen: &AllocationView) -> AnyView {
    let one = &seen.allocation;
    let granted = one.row.gpu_seconds;
    let days = match (one.row.state, seen.days_left) {
        (State::Active, Some(days)) => figure(
            words.with("allocation-days", args![days => days]),
            words.t("allocation-days-left"),
            Some(words.t("allocation-days-left-note")),
        ),
        _ => figure("–", words.t("allocation-days-left"), None),
    };
    let overrun = (seen.overrun > GpuTime::ZERO).then(|| {
        let hours = words.hours(seen.overrun);
        notice(Tone::Calm, view! { <p>{words.with("allocation-overrun", args![hours => hours])}</p> })
    });
    let all = figures(vec![
        figure(
            words.hours_figure(one.used),
            words.t("allocation-used-hours"),
            Some(words.with(
                "allocation-used-note",
                args![share => words.percent(one.share()), granted => words.hours(granted)],
            )),
        ),
        figure(words.hours_figure(one.left), words.t("allocation-left-hours"), None),
        days,
    ]);
    view! { {all} {overrun} }.into_any()
}

fn burn_down(words: Words, seen: &AllocationView) -> AnyView {
    if seen.points.is_empty() {
        return empty(words, "allocation-no-use-title", "allocation-no-use-help", None);
    }
    let series = |name: &str, value: fn(&domain::usage::Point) -> GpuTime| Series {
        name: name.to_owned(),
        points: seen
            .points
            .iter()
            .map(|point| Point {
                name: words.short_date(point.day),
                value: value(point).as_seconds(),
                words: words.hours_figure(value(point)),
            })
            .collect(),
    };
    let last = seen.points.last();
    let is_ahead = last.is_some_and(|point| point.used > point.line);
    let sentence = words.with(
        if is_ahead { "allocation-plot-ahead" } else { "allocation-plot-behind" },
        args![
            used => words.hours(last.map(|point| point.used).unwrap_or_default()),
            line => words.hours(last.map(|point| point.line).unwrap_or_default()),
        ],
    );
    line_plot(
        words,
        Plot {
            title: "allocation-plot-title".to_owned(),
            sentence,
            foot: 0,
            point_label: "allocation-day",
            series: vec![
                series("allocation-plot-used", |point| point.used),
                series("allocation-plot-line", |point| point.line),
            ],
        },
    )
}

fn jobs(words: Words, seen: &AllocationView) -> AnyView {
    let rows = seen.jobs.iter().map(|job| {
        cells![
            job.job.clone(),
            words.integer(job.gpus),
            words.hours_figure(GpuTime::seconds(job.gpu_seconds)),
            words.instant_figure(job.first),
            words.instant_figure(job.last),
        ]
    });
    let table = Table::new("allocation-jobs")
        .column("allocation-job")
        .figures("allocation-job-gpus")
        .figures("allocation-hours")
        .column("allocation-job-first")
        .column("allocation-job-last")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "allocation-no-jobs-title", "allocation-no-jobs-help", None))
        .show(words);
    view! { <h2>{words.t("allocation-jobs")}</h2> {table} }.into_any()
}

fn slot(words: Words, seen: &AllocationView) -> AnyView {
    let row = &seen.allocation.row;
    let last = row.slots().end().pred_opt().unwrap_or(row.first_week);
    let shown = facts(
        words,
        vec![
            ("allocation-gpus", gpus_of(words, row).into_any()),
            ("allocation-first-day", words.weekday_date(row.first_week).into_any()),
            ("allocation-last-day", words.weekday_date(last).into_any()),
            ("allocation-hours", words.hours(row.gpu_seconds).into_any()),
        ],
    );
    view! { {shown} {stretches(words, row)} }.into_any()
}

fn connect(words: Words, seen: &AllocationView) -> Option<AnyView> {
    let one = &seen.allocation;
    (one.row.state == State::Active).then(|| {
        let command = format!("ssh your-name@{}", one.site.login_host);
        let project = one.row.id.to_string();
        view! {
            <h2>{words.t("allocation-connect")}</h2>
            <p>{words.t("allocation-connect-help")}</p>
            <pre><code>{command}</code></pre>
            <p>{words.t("allocation-connect-project")}<br/><code>{project}</code></p>
        }
        .into_any()
    })
}

/// What was asked for, in words; nothing for what has none.
fn what_of(words: Words, code: &str) -> String {
    words.find(&format!("action-kind-{code}"), &args![]).unwrap_or_default()
}

/// A line of an allocation's timeline, in words.
fn moment(words: Words, event: &EventRow) -> Moment {
    let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap_or_default();
    let text = |name: &str| detail.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let number = |name: &str| detail.get(name).and_then(serde_json::Value::as_i64).unwrap_or_default();
    let what = words.with(
        &format!("allocation-event-{}", event.kind.replace('_', "-")),
        args![site => text("site"), reason => text("reason"), percent => number("percent"), hours => words.hours(GpuTime::seconds(number("released"))), what => what_of(words, &text("kind"))],
    );
    let tone = match event.kind.as_str() {
        "accepted" | "confirmed" | "change_approved" | "report_approved" | "instalment_released" => Tone::Good,
        "lapsed" | "refused" | "change_refused" => Tone::Bad,
        _ => Tone::Calm,
    };
    Moment { at: words.instant(event.at), what, who: None, why: None, tone }
}
