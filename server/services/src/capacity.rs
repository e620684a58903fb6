//! Verbs of capacity: what sites publish, and what the public sees of it.

use chrono::NaiveDate;
use domain::{
    capacity::{Publication, Slot, Window, next_week},
    id::SiteId,
    period::{brussels_day, week_of},
    policy::Action,
    problem::{Invalid, Problem},
};

use crate::{
    desk::Desk,
    error::{Error, Result},
    sites::Site,
    store,
};

/// Sites and their windows over some weeks.
#[derive(Debug, Clone)]
pub struct CapacityBoard {
    /// The Mondays, in order.
    pub weeks: Vec<NaiveDate>,
    pub sites: Vec<Site>,
    pub windows: Vec<Window>,
}

impl Desk {
    /// This week and the next ones, of every site.
    pub async fn read_capacity(&self, weeks: usize) -> Result<CapacityBoard> {
        let tx = self.begin(Action::ReadCapacity).await?;
        let weeks = self.weeks(weeks);
        let first = weeks.first().copied().unwrap_or_default();
        let windows = store::capacity::windows(&tx, first, weeks.last().copied().map(next_week)).await?;
        let sites = store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect();
        Ok(CapacityBoard { weeks, sites, windows })
    }

    /// The same for the site this actor stands at.
    pub async fn read_site_capacity(&self, weeks: usize) -> Result<CapacityBoard> {
        let site = self.actor.site().ok_or(Error::NotFound)?;
        let mut board = self.read_capacity(weeks).await?;
        board.sites.retain(|one| one.id == site);
        board.windows.retain(|window| window.site == site);
        Ok(board)
    }

    /// Publishes so many GPUs for a run of weeks, all or nothing. What is held or booked stays: a figure below it is
    /// refused with the least that would do.
    pub async fn publish_capacity(&self, publication: Publication) -> Result<()> {
        let site = self.actor.site().ok_or(Error::NotFound)?;
        self.publish_for(site, publication, Action::PublishCapacity).await
    }

    /// The same by the programme, for a site that joins.
    pub async fn publish_site_capacity(&self, site: SiteId, publication: Publication) -> Result<()> {
        self.publish_for(site, publication, Action::Seed).await
    }

    async fn publish_for(&self, site: SiteId, publication: Publication, action: Action) -> Result<()> {
        let mut tx = self.begin(action).await?;
        publication.check(brussels_day(self.now))?;
        let run = Slot {
            site,
            model: publication.model,
            first_week: publication.first_week,
            weeks: publication.weeks,
            gpus: publication.gpus,
        };
        let mut least = 0;
        for monday in run.mondays() {
            if !store::capacity::publish(&mut tx, site, monday, &publication).await? {
                let row = store::capacity::row(&tx, site, publication.model, monday).await?;
                let promised = row.map_or(0, |row| row.held + row.booked);
                least = least.max(promised + publication.maintenance);
            }
        }
        if least > 0 {
            return Err(Invalid::one("gpus", Problem::TooSmall { min: least }).into());
        }
        tx.event(
            site,
            "capacity_published",
            serde_json::json!({
                "model": publication.model.code(), "week": publication.first_week, "weeks": publication.weeks,
                "gpus": publication.gpus, "maintenance": publication.maintenance,
            }),
        )
        .await?;
        tx.commit().await
    }

    pub(crate) fn weeks(&self, weeks: usize) -> Vec<NaiveDate> {
        let first = week_of(brussels_day(self.now));
        std::iter::successors(Some(first), |week| Some(next_week(*week))).take(weeks).collect()
    }
}
