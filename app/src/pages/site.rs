//! The operator's home: what waits for the site today.

use chrono::NaiveDate;
use domain::{
    allocation::State,
    capacity::Window,
    period::{brussels_day, week_of},
};
use leptos::prelude::*;
use services::{Allocation, CapacityBoard, Feed, Site};
use text::{Words, args};

use crate::{
    PageResult, Visit,
    components::{
        Tone, figure, figures,
        gantt::{Bar, Gantt, gantt},
        layout::{heading, notice},
    },
};

/// Weeks that the plan shows.
const WEEKS: i64 = 26;

pub async fn get(visit: Visit) -> PageResult {
    let site = visit.desk.own_site().await?;
    let bookings = visit.desk.read_allocations(&[State::Offered, State::Accepted, State::Active]).await?;
    let monday = week_of(brussels_day(visit.desk.now));
    let feed = visit.desk.read_feed().await?;
    let board = visit.desk.read_site_capacity(2).await?;
    let mut scarcity = visit.desk.read_scarcity().await?;
    scarcity.retain(|pool| pool.site == site.id);
    let title = site.name.clone();
    let view = move |words| {
        let own = std::slice::from_ref(&site);
        let weeks = super::run_weeks::scarcity(words, own, &scarcity);
        view! { {page(words, &site, &bookings, &feed, (&board, monday))} {weeks} }
    };
    Ok(visit.page(title, view).await)
}

fn page(
    words: Words,
    site: &Site,
    bookings: &[Allocation],
    feed: &Feed,
    (board, monday): (&CapacityBoard, NaiveDate),
) -> impl IntoView + use<> {
    let count = |state| {
        let some = bookings.iter().filter(|one| one.row.state == state).count();
        i64::try_from(some).unwrap_or_default()
    };
    let to_confirm = count(State::Accepted);
    let next = board.weeks.last().copied().unwrap_or_default();
    let free: i64 = board.windows.iter().filter(|window| window.week == next).map(Window::free).sum();
    let place = format!("{}, {}", site.city, words.t(&format!("country-{}", site.country.code())));
    let turn = (to_confirm > 0).then(|| {
        notice(
            Tone::Yours,
            view! {
                <p>
                    {words.with("site-to-confirm", args![count => to_confirm])}" "
                    <a href="/site/bookings">{words.t("site-to-confirm-link")}</a>
                </p>
            },
        )
    });
    let silent = (feed.last.is_none() && count(State::Active) > 0).then(|| {
        notice(
            Tone::Bad,
            view! { <p>{words.t("site-feed-silent")}" "<a href="/site/feed">{words.t("nav-site-feed")}</a></p> },
        )
    });
    view! {
        {heading(site.name.clone(), Some(place), None)}
        {turn}
        {silent}
        {figures(vec![
            figure(words.integer(to_confirm), words.t("site-figure-to-confirm"), None),
            figure(words.integer(count(State::Active)), words.t("site-figure-active"), None),
            figure(words.integer(free), words.t("site-figure-free"), Some(words.weekday_date(next))),
            figure(words.integer(i64::try_from(feed.refused).unwrap_or_default()), words.t("site-figure-refused"), None),
        ])}
        {(!bookings.is_empty()).then(|| plan(words, bookings, monday))}
    }
}

/// Who runs when in the coming half year; offers that nobody has answered yet are outlines.
fn plan(words: Words, bookings: &[Allocation], monday: NaiveDate) -> AnyView {
    let mut bars: Vec<Bar> = bookings
        .iter()
        .flat_map(|one| one.row.slots().iter().map(|slot| (one, *slot)).collect::<Vec<_>>())
        .map(|(one, slot)| {
            let offer = args![
                gpus => words.integer(slot.gpus), model => slot.model.code(), site => one.site.name.clone(),
                weeks => i64::from(slot.weeks), day => words.date_figure(slot.first_week),
            ];
            Bar {
                name: one.organisation.clone(),
                first_week: slot.first_week,
                weeks: slot.weeks.into(),
                words: words.with("run-offer", offer),
                is_open: one.row.state == State::Offered,
            }
        })
        .collect();
    bars.sort_by(|one, other| (one.first_week, &one.name).cmp(&(other.first_week, &other.name)));
    gantt(
        words,
        Gantt {
            title: "site-plan",
            sentence: "site-plan-sentence",
            row_label: "allocation-organisation",
            from: monday,
            weeks: WEEKS,
            bars,
        },
    )
}
