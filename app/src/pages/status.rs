//! Whether the service works: in words and tags, and no more than anybody may know.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use services::Health;
use text::{Words, args};

use crate::{
    PageResult, Visit, cells,
    components::{Table, Tone, tag},
};

/// Work that is later than this is shown as a fault.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// A meter speaks every few minutes while jobs run, and at least once a day.
const SILENT: TimeDelta = TimeDelta::hours(26);

pub async fn get(visit: Visit) -> PageResult {
    let health = visit.desk.read_health().await?;
    let now = visit.desk.now;
    Ok(visit.page(visit.words.t("status-title"), move |words| page(words, health, now)).await)
}

fn page(words: Words, health: Health, now: DateTime<Utc>) -> impl IntoView {
    let is_late = health.overdue_since.is_some_and(|since| now - since > LATE);
    let work = if is_late { (Tone::Bad, "status-late") } else { (Tone::Good, "status-works") };
    let parked = if health.given_up > 0 {
        words.with("status-given-up", args![count => health.given_up])
    } else {
        words.t("status-work-note")
    };
    let mails = if health.mails_failed > 0 {
        (Tone::Bad, "status-faults", words.with("status-mails-failed", args![count => health.mails_failed]))
    } else {
        (Tone::Good, "status-works", words.t("status-mails-note"))
    };
    let line =
        |name: &str, (tone, state): (Tone, &str), note: String| cells![words.t(name), tag(tone, words.t(state)), note];
    let table = Table::new("status-parts")
        .column("status-part")
        .column("status-state")
        .column("status-note")
        .row(line("status-pages", (Tone::Good, "status-works"), words.t("status-pages-note")))
        .row(line("status-work", work, parked))
        .row(line("status-mails", (mails.0, mails.1), mails.2))
        .show(words);
    let feeds = health.feeds.into_iter().map(|(site, last)| {
        let (tone, state) = match last {
            Some(last) if now - last <= SILENT => (Tone::Good, "status-works"),
            Some(_) => (Tone::Bad, "status-silent"),
            None => (Tone::Calm, "status-no-jobs"),
        };
        let last = last.map_or_else(|| words.t("status-never"), |last| words.instant_figure(last));
        cells![site.name, tag(tone, words.t(state)), last]
    });
    let feeds = Table::new("status-feeds")
        .column("status-site")
        .column("status-state")
        .column("status-last-reading")
        .rows(feeds.collect::<Vec<_>>())
        .show(words);
    view! {
        <h1>{words.t("status-title")}</h1>
        <p>{words.with("status-as-of", args![at => words.instant(now)])}</p>
        {table}
        {feeds}
    }
}
