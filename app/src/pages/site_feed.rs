//! The health of the site's meter, the rows it got refused, and its token.

use domain::{period::brussels_day, usage::Refused};
use leptos::prelude::*;
use services::{Feed, MeterToken, Site};
use text::{Words, args};

use crate::{
    PageResult, Visit, cells,
    components::{
        Table, Tone, confirm, empty, figure, figures,
        layout::{Confirm, heading, notice, panel},
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let (site, feed) = (visit.desk.own_site().await?, visit.desk.read_feed().await?);
    Ok(visit.page(visit.words.t("site-feed-title"), move |words| page(words, &site, &feed, None)).await)
}

/// Shows the new token on the answer itself: it is kept nowhere, and cannot be shown again.
pub async fn post_token(visit: Visit) -> PageResult {
    let token = visit.desk.change_site_token().await?;
    let (site, feed) = (visit.desk.own_site().await?, visit.desk.read_feed().await?);
    let mut response =
        visit.page(visit.words.t("site-feed-title"), move |words| page(words, &site, &feed, Some(&token))).await;
    response.headers_mut().insert(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    Ok(response)
}

fn page(words: Words, site: &Site, feed: &Feed, token: Option<&MeterToken>) -> impl IntoView + use<> {
    let last = feed.last.map_or_else(|| words.t("site-feed-never"), |last| words.date_figure(brussels_day(last)));
    let count = |rows: u64| words.integer(i64::try_from(rows).unwrap_or_default());
    view! {
        {heading(words.t("site-feed-title"), Some(site.name.clone()), None)}
        {token.map(|token| shown_once(words, token))}
        {figures(vec![
            figure(last, words.t("site-feed-last"), feed.last.map(|at| words.instant(at))),
            figure(count(feed.taken), words.t("site-feed-taken"), None),
            figure(count(feed.refused), words.t("site-feed-refused"), None),
        ])}
        {gaps(words, feed)}
        <h2>{words.t("site-feed-refused-rows")}</h2>
        {refused(words, feed)}
        <h2>{words.t("site-feed-token")}</h2>
        {token_panel(words, site)}
    }
}

fn shown_once(words: Words, token: &MeterToken) -> AnyView {
    let secret = token.reveal().to_owned();
    notice(Tone::Yours, view! { <p>{words.t("site-feed-token-once")}</p> <p><code class="typed">{secret}</code></p> })
}

fn gaps(words: Words, feed: &Feed) -> Option<AnyView> {
    if feed.gaps.is_empty() {
        return None;
    }
    let rows = feed.gaps.iter().map(|(job, missing)| cells![job.clone(), words.integer(*missing)]);
    let table = Table::new("site-feed-gaps")
        .column("allocation-job")
        .figures("site-feed-gap-missing")
        .rows(rows)
        .under_heading()
        .show(words);
    Some(view! { <h2>{words.t("site-feed-gaps")}</h2> <p>{words.t("site-feed-gaps-help")}</p> {table} }.into_any())
}

fn refused(words: Words, feed: &Feed) -> AnyView {
    let rows = feed.newest_refused.iter().map(|row| {
        let reason = Refused::ALL.into_iter().find(|reason| reason.code() == row.reason);
        let reason = reason.map_or_else(|| row.reason.clone(), |reason| words.t(&format!("reading-{}", reason.code())));
        let sent = row.row.clone();
        cells![words.instant_figure(row.received_at), reason, view! { <code>{sent}</code> }]
    });
    Table::new("site-feed-refused-rows")
        .column("site-feed-received")
        .column("site-feed-reason")
        .column("site-feed-row")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "site-feed-none-title", "site-feed-none-help", None))
        .show(words)
}

fn token_panel(words: Words, site: &Site) -> AnyView {
    let made = match site.token_rotated_at {
        Some(at) => words.with("site-feed-token-made", args![at => words.instant(at)]),
        None => words.t("site-feed-token-none"),
    };
    let change = confirm(
        words,
        Confirm {
            action: "/site/feed/token".to_owned(),
            open: "site-feed-token-open",
            consequence: "site-feed-token-consequence".to_owned(),
            button: "site-feed-token-change",
            values: Vec::new(),
        },
        None,
    );
    panel(view! {
        <p>{made}</p>
        <p>{words.t("site-feed-api")}" "<a href="/api/v1/openapi.json">"/api/v1/openapi.json"</a></p>
        {change}
    })
}
