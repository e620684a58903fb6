//! Who gets what in a run: by size, by country, and by merit.

use std::collections::BTreeMap;

use leptos::prelude::*;
use services::{RunLine, RunOutcome, RunRead};
use text::{Words, args};

use crate::{
    cells,
    components::{
        Table,
        chart::{Plot, Point, Series, bars},
        layout::details,
    },
};

/// Requests and hours of a group, asked for and served.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    asked: i64,
    served: i64,
    hours_asked: i64,
    hours: i64,
}

pub fn who(words: Words, read: &RunRead) -> AnyView {
    let sizes = shares(read, |line| line.size.clone());
    let countries = shares(read, |line| line.country.clone());
    view! {
        <h2>{words.t("run-who")}</h2>
        {by_merit(words, read)}
        {table(words, "run-by-size", "run-size", &sizes, |code| words.t(&format!("run-size-{code}")))}
        {details(
            words.t("run-by-country"),
            table(words, "run-by-country", "run-country", &countries, |code| words.t(&format!("country-{code}"))),
        )}
    }
    .into_any()
}

fn shares<K: Ord>(read: &RunRead, group: impl Fn(&RunLine) -> K) -> BTreeMap<K, Share> {
    let mut shares: BTreeMap<K, Share> = BTreeMap::new();
    for line in &read.lines {
        let share = shares.entry(group(line)).or_default();
        share.asked += 1;
        share.hours_asked += line.hours;
        if matches!(line.outcome, RunOutcome::Offer(_)) {
            share.served += 1;
            share.hours += line.awarded_hours();
        }
    }
    shares
}

fn by_merit(words: Words, read: &RunRead) -> AnyView {
    let bands = shares(read, |line| (line.score / 50).min(9));
    let points = bands.iter().map(|(band, share)| {
        let (from, to) = (words.hundredths(band * 50), words.hundredths(band * 50 + 50));
        Point {
            name: words.with("run-merit-band", args![from => from, to => to]),
            value: share.served * 100 / share.asked.max(1),
            words: words.with(
                "run-served-of",
                args![awarded => words.integer(share.served), requests => words.integer(share.asked)],
            ),
        }
    });
    bars(
        words,
        Plot {
            title: "run-by-merit".to_owned(),
            sentence: "run-by-merit-sentence".to_owned(),
            foot: 0,
            point_label: "run-merit",
            series: vec![Series { name: "run-served".to_owned(), points: points.collect() }],
        },
    )
}

fn table(
    words: Words,
    title: &str,
    group: &str,
    shares: &BTreeMap<String, Share>,
    name: impl Fn(&str) -> String,
) -> AnyView {
    let all = shares.values().map(|share| share.hours).sum::<i64>().max(1);
    let rows = shares.iter().map(|(code, share)| {
        cells![
            name(code),
            words.integer(share.asked),
            words.integer(share.served),
            words.integer(share.hours_asked),
            words.integer(share.hours),
            words.whole_percent(share.hours * 100 / all),
        ]
    });
    Table::new(title)
        .column(group)
        .figures("run-asked")
        .figures("run-served")
        .figures("run-hours-asked")
        .figures("run-hours")
        .figures("run-hours-share")
        .rows(rows)
        .show(words)
}
