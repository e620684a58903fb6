//! How sought after the GPUs of an application were in the last run, site by site: for whoever may still choose others.

use domain::{application::submit, capacity};
use leptos::prelude::*;
use services::{ApplicationRead, Scarcity};
use text::Words;

use super::offer;
use crate::{
    cells,
    components::{Table, layout::panel},
};

/// Beside the price; nothing until model, dates and hours can be read, or where no run has looked yet.
pub(super) fn demand(words: Words, read: &ApplicationRead, pools: &[Scarcity]) -> AnyView {
    let Some(need) = submit::need_of(&read.draft) else { return ().into_any() };
    let weeks = usize::try_from(capacity::weeks_for(need.gpu_time, need.gpus)).unwrap_or(usize::MAX);
    let mut sites = Scarcity::calmest(pools, need.model, (need.earliest, need.deadline), weeks);
    if sites.is_empty() {
        return ().into_any();
    }
    sites.sort_by_key(|(_, demand)| *demand);
    let name = |site| read.sites.iter().find(|one| one.id == site).map(|one| one.name.clone()).unwrap_or_default();
    let rows = sites.into_iter().map(|(site, demand)| cells![name(site), offer::demand(words, Some(demand))]);
    let table = Table::new("demand-title").column("allocation-site").column("offer-demand").rows(rows);
    panel(view! {
        <h2>{words.t("demand-title")}</h2>
        {table.under_heading().show(words)}
        <p class="hint">{words.t("demand-note")}</p>
    })
}
