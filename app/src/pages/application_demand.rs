//! How sought after the GPUs of an application were in the last run, site by site: for whoever may still choose others.

use domain::{
    application::{Draft, submit},
    capacity,
    gpu::GpuModel,
    id::SiteId,
    mode::Facts,
};
use leptos::prelude::*;
use services::{ApplicationRead, Demand, Scarcity};
use text::Words;

use super::offer;
use crate::{
    cells,
    components::{Table, layout::panel},
};

/// Beside the price; nothing until model, dates and hours can be read, or where no run has looked yet.
pub(super) fn demand(words: Words, read: &ApplicationRead, pools: &[Scarcity]) -> AnyView {
    let mut sites = calmest(&read.draft, pools).unwrap_or_default();
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

/// The rest of the application may still be empty.
fn calmest(draft: &Draft, pools: &[Scarcity]) -> Option<Vec<(SiteId, Demand)>> {
    let wish = submit::facts_of(draft, &Facts::default());
    let weeks = usize::try_from(capacity::weeks_for(wish.gpu_time?, wish.gpus?)).ok()?;
    let model = GpuModel::from_code(draft.get("model"))?;
    Some(Scarcity::calmest(pools, model, (wish.earliest?, wish.deadline?), weeks))
}
