//! What anybody may read: the front page's figures, awards (transparency), and the state of the service.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    capacity::SECONDS_A_WEEK,
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::AllocationId,
    mode::{self, Mode},
    money::{BasisPoints, Money},
    organisation::SizeClass,
    period::brussels_day,
    policy::Action,
    pricing::Quote,
    statistics, suppression,
    vat::VatState,
};
use serde::{Deserialize, Serialize};

use crate::{
    desk::Desk,
    error::{Error, Result},
    pricing::{Customer, Prices},
    sites::Site,
    store::{self, public::AwardFilter},
};

/// The front page's figures.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Free over this week and the next three.
    pub free: GpuTime,
    pub free_gpus_now: i64,
    pub sites: u64,
    pub awards: i64,
    pub awarded: GpuTime,
    pub companies: i64,
    /// Of the last decisions, in calendar days; `None` before the first.
    pub decision_days: Option<i64>,
    /// Of the same decisions, those that came by the day named at submission; `None` of too few.
    pub decisions_kept: Option<BasisPoints>,
}

/// One award, as Reg. (EU) 2023/2831, Art. 6, and Reg. (EU) 651/2014, Art. 9, want it public.
#[derive(Debug, Clone, Serialize)]
pub struct Award {
    #[serde(skip)]
    pub id: AllocationId,
    pub reference: String,
    pub organisation: String,
    pub country: Country,
    pub size_class: Option<SizeClass>,
    pub nace: String,
    pub site: String,
    pub model: GpuModel,
    /// GPU-seconds.
    pub gpu_seconds: GpuTime,
    /// Cents, each.
    pub list_cents: Money,
    pub subsidy_cents: Money,
    pub own_cents: Money,
    pub pot: String,
    pub regime: String,
    pub granted_on: NaiveDate,
}

/// What an award shows of its frozen quote.
#[derive(Deserialize)]
struct Terms {
    list: Money,
    subsidy: Money,
    own: Money,
    pot: String,
    regime: String,
}

/// Whether things work, without saying what is in them.
#[derive(Debug, Clone)]
pub struct Health {
    /// The most overdue work was due then.
    pub overdue_since: Option<DateTime<Utc>>,
    pub given_up: u64,
    /// In the last day.
    pub mails_failed: u64,
    /// Each site and when its meter last spoke.
    pub feeds: Vec<(Site, Option<DateTime<Utc>>)>,
}

/// What somebody wants a price of before they have an account.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub model: GpuModel,
    pub gpu_time: GpuTime,
    pub size_class: SizeClass,
    pub country: Country,
}

/// The price of a wish, and the mode that would take it.
#[derive(Debug, Clone)]
pub struct Estimate {
    pub quote: Quote,
    pub mode: Mode,
}

const WEEKS_SHOWN: usize = 4;
const DECISIONS_COUNTED: u64 = 1_000;

impl Desk {
    pub async fn read_figures(&self) -> Result<Figures> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        let weeks = self.weeks(WEEKS_SHOWN + 1);
        let (first, end) = weeks.first().copied().zip(weeks.last().copied()).unwrap_or_default();
        let free = store::capacity::free_by_week(&tx, first, end).await?;
        let granted = store::public::granted(&tx).await?;
        let decisions = store::public::decisions(&tx, DECISIONS_COUNTED).await?;
        let kept = decisions.iter().filter(|(_, decided, due)| due.is_none_or(|due| *decided <= due)).count();
        Ok(Figures {
            decisions_kept: kept_share(kept, decisions.len()),
            free: GpuTime::seconds(free.values().sum::<i64>().saturating_mul(SECONDS_A_WEEK)),
            free_gpus_now: free.get(&first).copied().unwrap_or_default(),
            sites: store::capacity::count_sites(&tx).await?,
            awards: granted.awards,
            awarded: granted.time,
            companies: granted.companies,
            decision_days: median(decisions.iter().map(|(submitted, decided, _)| {
                brussels_day(*decided).signed_duration_since(brussels_day(*submitted)).num_days()
            })),
        })
    }

    /// What it would cost a company with a valid VAT number; `Invalid` on `hours` where no mode takes so many.
    pub async fn read_estimate(&self, wish: Wish) -> Result<Estimate> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        let rows = store::mode::modes(&tx).await?;
        let modes = mode::in_force(&rows, brussels_day(self.now));
        let Some(mode) = mode::for_time(&modes, wish.gpu_time) else {
            return Err(Error::invalid("hours", mode::fault_of(&modes, wish.gpu_time)));
        };
        let customer = Customer {
            country: wish.country,
            postcode: String::new(),
            vat_state: VatState::Valid,
            size_class: wish.size_class,
        };
        let quote = Prices::read(&tx).await?.quote(&tx, &customer, mode, wish.model, wish.gpu_time)?;
        Ok(Estimate { quote, mode: mode.clone() })
    }

    /// Awards that the site has confirmed, newest first; at most `most` after this one.
    pub async fn read_awards(
        &self,
        filter: &AwardFilter,
        after: Option<AllocationId>,
        most: u64,
    ) -> Result<Vec<Award>> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        let rows = store::public::awards(&tx, filter, after, most).await?;
        rows.into_iter()
            .map(|(row, organisation, site)| {
                let terms: Terms = serde_json::from_str(&row.terms)?;
                Ok(Award {
                    id: row.id,
                    reference: row.reference,
                    organisation: organisation.legal_name,
                    country: organisation.country,
                    size_class: organisation.size_class,
                    nace: organisation.nace,
                    site: site.name,
                    model: row.model,
                    gpu_seconds: row.gpu_seconds,
                    list_cents: terms.list,
                    subsidy_cents: terms.subsidy,
                    own_cents: terms.own,
                    pot: terms.pot,
                    regime: terms.regime,
                    granted_on: brussels_day(row.confirmed_at.or(row.accepted_at).unwrap_or(row.offered_at)),
                })
            })
            .collect()
    }

    pub async fn read_health(&self) -> Result<Health> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        let (overdue_since, given_up) = store::public::queue(&tx).await?;
        let mails_failed = store::public::failed_mails(&tx, self.now - TimeDelta::days(1)).await?;
        let feeds = store::public::feeds(&tx).await?;
        let sites = store::capacity::sites(&tx).await?.into_iter().map(Site::from);
        let feeds = sites.map(|site| {
            let last = feeds.iter().find(|(id, _)| *id == site.id).map(|(_, last)| *last);
            (site, last)
        });
        Ok(Health { overdue_since, given_up, mails_failed, feeds: feeds.collect() })
    }
}

/// In whole per cent; nothing of so few that it would tell of single ones.
fn kept_share(kept: usize, all: usize) -> Option<BasisPoints> {
    let (kept, all) = (i64::try_from(kept).ok()?, i64::try_from(all).ok()?);
    if all < suppression::LEAST_SHOWN { None } else { statistics::share(kept, all) }
}

/// The middle one; of two middle ones the greater, so that no figure promises too much.
fn median(days: impl Iterator<Item = i64>) -> Option<i64> {
    let mut days: Vec<i64> = days.collect();
    days.sort_unstable();
    days.get(days.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_does_not_flatter() {
        assert_eq!(median([].into_iter()), None);
        assert_eq!(median([5, 1, 9].into_iter()), Some(5));
        assert_eq!(median([2, 4].into_iter()), Some(4));
    }
}
