//! One site's part of a run's plan.

use axum::extract::Path;
use domain::{id::RunId, run::State};
use leptos::prelude::*;
use services::{Error, RunOutcome, RunRead, Site};
use text::Words;

use super::run::{offer, title};
use crate::{
    PageResult, Visit,
    components::{
        gantt::{Bar, Gantt, gantt},
        layout::heading,
    },
};

/// One site's part of the plan: who would run there when.
pub async fn get(visit: Visit, Path((id, slug)): Path<(RunId, String)>) -> PageResult {
    let read = visit.desk.read_run(id).await?;
    let site = read.sites.iter().find(|site| site.slug == slug).cloned().ok_or(Error::NotFound)?;
    let title = site.name.clone();
    Ok(visit.page(title, move |words| page(words, &read, &site)).await)
}

fn page(words: Words, read: &RunRead, site: &Site) -> impl IntoView + use<> {
    let mut bars: Vec<Bar> = read
        .lines
        .iter()
        .flat_map(|line| match &line.outcome {
            RunOutcome::Offer(slots) => slots.iter().map(|slot| (line, *slot)).collect(),
            _ => Vec::new(),
        })
        .filter(|(_, slot)| slot.site == site.id)
        .map(|(line, slot)| Bar {
            name: line.reference.clone(),
            first_week: slot.first_week,
            weeks: slot.weeks.into(),
            words: format!("{}: {}", line.organisation, offer(words, read, &slot)),
            is_open: read.row.state != State::Published,
        })
        .collect();
    bars.sort_by(|one, other| (one.first_week, &one.name).cmp(&(other.first_week, &other.name)));
    let back = format!("/runs/{}", read.row.id);
    let above = title(words, read);
    view! {
        {heading(site.name.clone(), Some(words.t("runs-title")), None)}
        <p><a href=back>{above}</a></p>
        {gantt(
            words,
            Gantt {
                title: "run-site-plan",
                sentence: "run-site-plan-sentence",
                row_label: "allocation-reference",
                from: read.mondays.first().copied().unwrap_or_default(),
                weeks: i64::try_from(read.mondays.len()).unwrap_or_default(),
                bars,
            },
        )}
    }
}
