//! The demo world: fictional companies and sites, made by the same verbs that people use, at past instants.
//!
//! Deterministic for a given `now`: the same day gives the same world. Never made outside the demo world.

mod after_award;
mod aid;
mod applications;
mod assignments;
mod bank;
mod billable;
mod bulk;
mod calls;
mod companies;
mod corrections;
mod dice;
mod funders;
mod money;
mod panels;
mod people;
mod prices;
mod quotas;
mod rates;
mod reviewers;
mod runs;
mod sites;
mod usage;

use chrono::{DateTime, Utc};
use domain::{actor::Actor, policy::Action};

use crate::{
    Services,
    desk::Desk,
    error::{Error, Result},
    jobs::Worker,
    store,
};

pub use billable::billable;
pub use bulk::{applications as many_applications, competitors};

/// Every demo account's password; shown on the sign-in page of the demo world.
pub const PASSWORD: &str = "gigahours-demo";

impl Services {
    /// A desk at another instant: the past of the demo world.
    fn desk_at(&self, actor: Actor, at: DateTime<Utc>) -> Desk {
        Desk { now: at, ..self.desk(actor) }
    }

    /// Whether anybody has an account here.
    pub async fn is_inhabited(&self) -> Result<bool> {
        let tx = self.desk(Actor::SYSTEM).begin(Action::ReadPublic).await?;
        store::account::is_inhabited(&tx).await
    }

    async fn make_demo_world(&self) -> Result<()> {
        let now = self.now();
        let sites = sites::make(self, now).await?;
        let staff = people::make(self, now, sites.as_slice()).await?;
        let companies = companies::make(self, now).await?;
        rates::make(self, now).await?;
        prices::make(self, now, &staff).await?;
        aid::make(self, now, &companies).await?;
        let panel = reviewers::make(self, now, &staff, &companies).await?;
        after_award::overdue(self, now, &staff, &companies).await?;
        let applications = applications::make(self, now, &staff, &companies).await?;
        let funder = funders::make(self, now, &staff, &companies, &applications).await?;
        usage::make(self, now, &applications).await?;
        funders::pay(self, now, funder).await?;
        corrections::make(self, now, &staff).await?;
        after_award::make(self, now, &staff, &applications).await?;
        runs::make(self, now, &staff).await?;
        panels::make(self, now, &staff).await?;
        reviewers::finish(self, now, &staff, &panel).await?;
        assignments::make(self, now, &staff).await?;
        calls::make(self, now, &staff, &companies).await?;
        reviewers::accept_calls(self, now, &staff, &panel).await?;
        bank::make(self, now, &staff, &companies).await?;
        prices::quote(self, now, &companies).await?;
        quotas::make(self, now, &staff, &companies).await?;
        aid::publish(self, now, &staff).await?;
        money::deliver(self).await?;
        // Whatever the past left to do: VAT numbers to look up, receipts to write.
        Worker::new(self.clone(), "seed".to_owned()).drain().await?;
        money::deliver(self).await
    }
}

/// Makes the demo world if nobody has an account yet; says whether it did. `NotFound` outside the demo world.
pub async fn demo(services: &Services) -> Result<bool> {
    if !services.settings().demo {
        return Err(Error::NotFound);
    }
    if services.is_inhabited().await? {
        return Ok(false);
    }
    services.make_demo_world().await?;
    Ok(true)
}

/// Moves the demo world's clock to where its last deed left it: time passed there does not come back with a restart.
pub async fn catch_up(services: &Services) -> Result<()> {
    let tx = services.desk(Actor::SYSTEM).begin(Action::ReadPublic).await?;
    if let Some(last) = store::seed::last_deed(&tx).await?
        && last > services.now()
    {
        services.clock().advance(last - services.now());
    }
    Ok(())
}
