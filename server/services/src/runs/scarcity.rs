//! What the prices of a run say of a pool's weeks: the merit from which an hour there was worth its place.
//!
//! A guide for plans and expectations; nobody is charged by it, since rigid blocks have no prices that clear a market.

use chrono::NaiveDate;
use domain::{
    gpu::GpuModel,
    id::{RunId, SiteId},
    policy::Action,
};
use matching::Solution;

use super::Frame;
use crate::{
    desk::Desk,
    error::Result,
    store::{self, entity::run},
};

/// Units of the engine's objective in a GPU-week for each hundredth of merit.
const A_WEEK: i64 = 168 * 10_000;
/// The best merit, hundredths.
const BEST: i64 = 500;

/// One pool, week by week: Mondays, and hundredths of merit from 0 to 500.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scarcity {
    pub site: SiteId,
    pub model: GpuModel,
    pub weeks: Vec<(NaiveDate, i64)>,
}

/// Of every pool, in the order of the frame; nothing without prices.
pub(super) fn of(frame: &Frame, solution: Option<&Solution>) -> Vec<Scarcity> {
    let Some(prices) = solution.and_then(|solution| solution.prices.as_ref()) else { return Vec::new() };
    let pools = frame.pools.iter().zip(&prices.capacity);
    pools
        .map(|((site, model), prices)| Scarcity {
            site: *site,
            model: *model,
            weeks: prices
                .iter()
                .enumerate()
                .map(|(week, price)| (frame.monday(week), (price / A_WEEK).clamp(0, BEST)))
                .collect(),
        })
        .collect()
}

impl Desk {
    /// By the run that was published last; nothing before the first. It names nobody: for everybody.
    pub async fn read_scarcity(&self) -> Result<Vec<Scarcity>> {
        self.begin(Action::ReadCapacity).await?;
        let tx = self.as_system().begin(Action::ReadRuns).await?;
        let last: Option<RunId> = store::run::last_published(&tx).await?;
        let Some(last) = last else { return Ok(Vec::new()) };
        let row = tx.find::<run::Entity>(last).await?;
        let solution: Option<Solution> = row.solution.as_deref().map(serde_json::from_str).transpose()?;
        Ok(of(&serde_json::from_str(&row.frame)?, solution.as_ref()))
    }
}
