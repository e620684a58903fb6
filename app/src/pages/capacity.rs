//! How full the sites are: model by model, site by week, for everybody.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{capacity::Window, gpu::GpuModel, id::SiteId};
use leptos::prelude::*;
use serde::Deserialize;
use services::{CapacityBoard, Scarcity};
use text::{Words, args};

use crate::{
    PageResult, Query, Visit,
    components::{
        empty, figure, figures,
        heat::{Heat, HeatCell, HeatRow, heat_map},
        layout::heading,
        tabs,
    },
};

/// Weeks shown.
const WEEKS: usize = 16;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    model: String,
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let board = visit.desk.read_capacity(WEEKS).await?;
    let scarcity = visit.desk.read_scarcity().await?;
    let title = visit.words.t("capacity-title");
    Ok(visit.page(title, move |words| page(words, &board, &scarcity, GpuModel::from_code(&asked.model))).await)
}

fn page(words: Words, board: &CapacityBoard, scarcity: &[Scarcity], asked: Option<GpuModel>) -> impl IntoView + use<> {
    let models = models(&board.windows);
    let shown = asked.filter(|model| models.contains(model)).or_else(|| models.first().copied());
    let body = shown.map_or_else(
        || empty(words, "capacity-empty-title", "capacity-empty-help", None),
        |model| {
            let links =
                models.iter().map(|model| (format!("/capacity?model={model}"), model.code().to_owned())).collect();
            let map = heat(words, board, model, None);
            let of_model: Vec<Scarcity> = scarcity.iter().filter(|pool| pool.model == model).cloned().collect();
            let sought = super::run_weeks::scarcity(words, &board.sites, &of_model);
            view! {
                {tabs(words, "capacity-models", links, &format!("/capacity?model={model}"))}
                {summary(words, board, model)}
                {map}
                {sought}
            }
            .into_any()
        },
    );
    view! {
        {heading(words.t("capacity-title"), None, None)}
        <p class="lead">{words.t("capacity-lead")}</p>
        {body}
    }
}

/// The models that somebody publishes, in the vendors' order.
pub fn models(windows: &[Window]) -> Vec<GpuModel> {
    GpuModel::ALL.into_iter().filter(|model| windows.iter().any(|window| window.model == *model)).collect()
}

fn summary(words: Words, board: &CapacityBoard, model: GpuModel) -> AnyView {
    let next = board.weeks.get(1).or(board.weeks.first()).copied().unwrap_or_default();
    let there = || board.windows.iter().filter(|window| window.model == model && window.week == next);
    let (gpus, free): (i64, i64) = there().fold((0, 0), |(gpus, free), window| {
        (gpus.saturating_add(window.gpus - window.maintenance), free.saturating_add(window.free()))
    });
    let with_room = there().filter(|window| window.free() > 0).count();
    figures(vec![
        figure(words.integer(free), words.t("capacity-free-next-week"), Some(words.weekday_date(next))),
        figure(words.integer(gpus), words.t("capacity-usable-next-week"), None),
        figure(words.integer(i64::try_from(with_room).unwrap_or_default()), words.t("capacity-sites-with-room"), None),
    ])
}

/// The heat map of one model; `link` says where a cell leads.
pub fn heat(
    words: Words,
    board: &CapacityBoard,
    model: GpuModel,
    link: Option<fn(NaiveDate, GpuModel) -> String>,
) -> AnyView {
    let windows: BTreeMap<(SiteId, NaiveDate), &Window> = board
        .windows
        .iter()
        .filter(|window| window.model == model)
        .map(|window| ((window.site, window.week), window))
        .collect();
    let rows = board
        .sites
        .iter()
        .filter(|site| windows.keys().any(|(id, _)| *id == site.id))
        .map(|site| HeatRow {
            name: site.name.clone(),
            cells: board
                .weeks
                .iter()
                .map(|week| cell(words, windows.get(&(site.id, *week)).copied(), link.map(|link| link(*week, model))))
                .collect(),
        })
        .collect();
    heat_map(
        words,
        Heat {
            title: words.with("capacity-heat-title", args![model => model.code()]),
            sentence: words.t("capacity-heat-sentence"),
            row_label: "capacity-site",
            columns: board.weeks.iter().map(|week| words.short_date(*week)).collect(),
            rows,
            ends: ("heat-empty", "heat-full"),
        },
    )
}

fn cell(words: Words, window: Option<&Window>, href: Option<String>) -> HeatCell {
    let Some(window) = window else {
        return HeatCell { hundredths: None, words: words.t("capacity-unpublished"), href };
    };
    let hundredths = (window.gpus > 0).then(|| window.gpus.saturating_sub(window.free()) * 100 / window.gpus);
    let said =
        words.with("capacity-cell", args![free => words.integer(window.free()), gpus => words.integer(window.gpus)]);
    HeatCell { hundredths, words: said, href }
}
