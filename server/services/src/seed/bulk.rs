//! Bulk for measurements: many copies of one application.

use chrono::{Datelike, TimeDelta};
use domain::{actor::Actor, application, mode::Code, period::brussels_day, policy::Action};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use crate::{
    Services,
    error::{Error, Result},
    store,
};

/// Copies of an application of the demo world, submitted one after the other: bulk for measurements.
pub async fn applications(services: &Services, count: u32) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let desk = services.desk(Actor::SYSTEM);
    let mut tx = desk.begin(Action::Seed).await?;
    let model = store::seed::any_submitted(&tx).await?.ok_or(Error::NotFound)?;
    let year = brussels_day(desk.now).year();
    let mut rows = Vec::new();
    for number in 0..count {
        let submitted = desk.now - TimeDelta::minutes(i64::from(count - number));
        let mut row = model.clone().into_active_model();
        row.id = Set(tx.new_id());
        // Far above what the demo world itself will reach.
        row.reference = Set(Some(application::reference(Code::PG, year, 10_000_000 + i64::from(number))));
        row.state = Set(application::State::Submitted);
        row.submitted_at = Set(Some(submitted));
        row.created_at = Set(submitted);
        row.updated_at = Set(submitted);
        row.due_at = Set(Some(submitted + TimeDelta::days(10)));
        row.decided_at = Set(None);
        rows.push(row);
    }
    tx.insert_many(rows).await?;
    tx.commit().await
}
