//! The operator's home: what waits for the site today.

use domain::{allocation::State, capacity::Window};
use leptos::prelude::*;
use services::{Allocation, CapacityBoard, Feed, Site};
use text::{Words, args};

use crate::{
    PageResult, Visit,
    components::{
        Tone, figure, figures,
        layout::{heading, notice},
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let site = visit.desk.own_site().await?;
    let bookings = visit.desk.read_allocations(&[State::Accepted, State::Active]).await?;
    let feed = visit.desk.read_feed().await?;
    let board = visit.desk.read_site_capacity(2).await?;
    let title = site.name.clone();
    Ok(visit.page(title, move |words| page(words, &site, &bookings, &feed, &board)).await)
}

fn page(
    words: Words,
    site: &Site,
    bookings: &[Allocation],
    feed: &Feed,
    board: &CapacityBoard,
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
    }
}
