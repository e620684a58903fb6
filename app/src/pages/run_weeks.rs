//! The weeks of a run's sites: how full before and after its plan, and what its prices say of them.

use domain::{gpu::GpuModel, id::SiteId};
use leptos::prelude::*;
use services::{RunPool, RunRead, RunWeek, Scarcity, Site};
use text::{Words, args};

use crate::components::heat::{Heat, HeatCell, HeatRow, heat_map};

/// Weeks that the pictures show.
const WEEKS: usize = 26;

pub(super) fn site_name(sites: &[Site], site: SiteId) -> String {
    sites.iter().find(|one| one.id == site).map(|one| one.name.clone()).unwrap_or_default()
}

pub(super) fn pool_name(sites: &[Site], (site, model): (SiteId, GpuModel)) -> String {
    format!("{} {}", site_name(sites, site), model.code())
}

/// How full the sites are without the plan, and with it.
pub fn before_and_after(words: Words, read: &RunRead) -> AnyView {
    let map = |title: &str, sentence: &str, used: fn(&RunWeek) -> i64| {
        let cell = |week: &RunWeek| {
            let (used, all) = (used(week), week.taken + week.free);
            HeatCell {
                hundredths: (all > 0).then(|| used * 100 / all),
                words: words.with("run-cell", args![used => words.integer(used), free => words.integer(all)]),
                href: None,
            }
        };
        let row = |pool: &RunPool| HeatRow {
            name: pool_name(&read.sites, (pool.site, pool.model)),
            cells: pool.weeks.iter().take(WEEKS).map(cell).collect(),
        };
        heat_map(
            words,
            Heat {
                title: words.t(title),
                sentence: words.t(sentence),
                row_label: "run-heat-pool",
                columns: read.mondays.iter().take(WEEKS).map(|monday| words.short_date(*monday)).collect(),
                rows: read.pools.iter().map(row).collect(),
                ends: ("heat-empty", "heat-full"),
            },
        )
    };
    view! {
        {map("run-before-title", "run-before-sentence", |week| week.taken)}
        {map("run-heat-title", "run-heat-sentence", |week| week.taken + week.used)}
    }
    .into_any()
}

/// Bands of merit from which an hour was worth its place, pool by pool; nothing without prices.
pub fn scarcity(words: Words, sites: &[Site], pools: &[Scarcity]) -> AnyView {
    let Some(first) = pools.first() else { return ().into_any() };
    let cell = |merit: i64| HeatCell {
        // A merit of 5.00 is the whole.
        hundredths: Some(merit / 5),
        words: words.hundredths(merit),
        href: None,
    };
    let row = |pool: &Scarcity| HeatRow {
        name: pool_name(sites, (pool.site, pool.model)),
        cells: pool.weeks.iter().take(WEEKS).map(|(_, merit)| cell(*merit)).collect(),
    };
    heat_map(
        words,
        Heat {
            title: words.t("run-scarcity-title"),
            sentence: words.t("run-scarcity-sentence"),
            row_label: "run-heat-pool",
            columns: first.weeks.iter().take(WEEKS).map(|(monday, _)| words.short_date(*monday)).collect(),
            rows: pools.iter().map(row).collect(),
            ends: ("run-scarcity-low", "run-scarcity-high"),
        },
    )
}
