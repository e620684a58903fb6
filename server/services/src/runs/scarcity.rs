//! What the prices of a run say of a pool's weeks: the merit from which an hour there was worth its place.
//!
//! A guide for plans and expectations; nobody is charged by it, since rigid blocks have no prices that clear a market.

use chrono::{Days, NaiveDate};
use domain::{capacity::Slot, gpu::GpuModel, id::SiteId, policy::Action};
use matching::Solution;
use serde::{Deserialize, Serialize};

use super::Frame;
use crate::{desk::Desk, error::Result, store};

/// Units of the engine's objective in a GPU-week for each hundredth of merit.
const A_WEEK: i64 = 168 * 10_000;
/// The best merit, hundredths.
const BEST: i64 = 500;

/// One pool, week by week: Mondays, and hundredths of merit from 0 to 500.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scarcity {
    pub site: SiteId,
    pub model: GpuModel,
    pub weeks: Vec<(NaiveDate, i64)>,
}

/// How sought after GPUs were, in bands: the figures themselves move from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Demand {
    /// Whoever was approved could have an hour there.
    Calm,
    Sought,
    /// Only the better half of the merits.
    Scarce,
}

impl Demand {
    /// Of this merit that an hour needed, in hundredths.
    fn of(merit: i64) -> Self {
        match merit {
            ..=0 => Self::Calm,
            1..250 => Self::Sought,
            _ => Self::Scarce,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Sought => "sought",
            Self::Scarce => "scarce",
        }
    }
}

impl Scarcity {
    /// In the most sought of the slot's weeks; `None` where no run has looked at any of them.
    pub fn demand(pools: &[Self], slot: &Slot) -> Option<Demand> {
        let pool = pools.iter().find(|pool| (pool.site, pool.model) == (slot.site, slot.model))?;
        let weeks = pool.weeks.iter().filter(|(monday, _)| *monday >= slot.first_week && *monday < slot.end());
        weeks.map(|(_, merit)| Demand::of(*merit)).max()
    }

    /// Each site with GPUs of this model, and how sought after its calmest run of so many weeks was between these days
    /// (the last one included). Sites whose weeks no run has looked at are left out.
    pub fn calmest(
        pools: &[Self],
        model: GpuModel,
        (first, last): (NaiveDate, NaiveDate),
        weeks: usize,
    ) -> Vec<(SiteId, Demand)> {
        let of_model = pools.iter().filter(|pool| pool.model == model);
        let calmest = of_model.filter_map(|pool| {
            let inside = pool.weeks.iter().filter(|(monday, _)| {
                *monday >= first && monday.checked_add_days(Days::new(6)).is_some_and(|sunday| sunday <= last)
            });
            let merits: Vec<i64> = inside.map(|(_, merit)| *merit).collect();
            let slots = merits.windows(weeks.max(1)).filter_map(|slot| slot.iter().max());
            Some((pool.site, Demand::of(*slots.min()?)))
        });
        calmest.collect()
    }
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
        let kept = store::run::scarcity(&tx).await?;
        Ok(kept.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_sought_week_of_a_slot_says_how_sought_it_is() {
        let site = SiteId::from_uuid(uuid::Uuid::from_u128(1));
        let monday = |week: u64| NaiveDate::from_ymd_opt(2026, 11, 30).unwrap() + Days::new(7 * week);
        let weeks = [0, 120, 250, 0].into_iter().zip(0..).map(|(merit, week)| (monday(week), merit)).collect();
        let pools = [Scarcity { site, model: GpuModel::H100, weeks }];
        let slot = |first, weeks| Slot { site, model: GpuModel::H100, first_week: monday(first), weeks, gpus: 8 };
        let demand = |first, weeks| Scarcity::demand(&pools, &slot(first, weeks));
        assert_eq!((demand(0, 1), demand(0, 2)), (Some(Demand::Calm), Some(Demand::Sought)));
        assert_eq!((demand(0, 3), demand(3, 2)), (Some(Demand::Scarce), Some(Demand::Calm)));
        assert_eq!(demand(4, 2), None, "after the last week of the run");
        let calmest = |first, last, weeks| {
            Scarcity::calmest(&pools, GpuModel::H100, (monday(first), monday(last) + Days::new(6)), weeks)
        };
        assert_eq!(calmest(0, 3, 2), [(site, Demand::Sought)], "the first two weeks");
        assert_eq!(calmest(1, 3, 1), [(site, Demand::Calm)], "the last week");
        assert_eq!(calmest(1, 2, 2), [(site, Demand::Scarce)]);
        assert_eq!(calmest(2, 3, 3), [], "too short");
        let elsewhere = Slot { model: GpuModel::A100, ..slot(0, 1) };
        assert_eq!(Scarcity::demand(&pools, &elsewhere), None);
    }
}
