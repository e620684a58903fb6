//! Bulk for measurements: many copies of applications.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::{
    actor::Actor,
    application::{self, Draft},
    id::ApplicationId,
    mode::Code,
    money::BasisPoints,
    period::brussels_day,
    policy::Action,
    pricing::{Quote, Regime},
    workflow::{Kind, StepState},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use super::dice::Dice;
use crate::{
    Services,
    error::{Error, Result},
    steps::planned_row,
    store::{
        self,
        entity::{site, step},
    },
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
    let (mut rows, mut steps) = (Vec::new(), Vec::new());
    for number in 0..count {
        let submitted = desk.now - TimeDelta::minutes(i64::from(count - number));
        let mut row = model.clone().into_active_model();
        let id = tx.new_id();
        row.id = Set(id);
        steps.extend(steps_of(id, submitted));
        // Far above what the demo world itself will reach.
        row.reference = Set(Some(application::reference(Code::PG, year, 10_000_000 + i64::from(number))));
        row.lot_code = Set(None);
        row.state = Set(application::State::Submitted);
        row.submitted_at = Set(Some(submitted));
        row.created_at = Set(submitted);
        row.updated_at = Set(submitted);
        row.due_at = Set(Some(submitted + TimeDelta::days(10)));
        row.decided_at = Set(None);
        rows.push(row);
    }
    tx.insert_many(rows).await?;
    tx.insert_many(steps).await?;
    tx.commit().await
}

/// Waiting for a reviewer, with the decision to come.
fn steps_of(application: ApplicationId, submitted: DateTime<Utc>) -> [step::ActiveModel; 2] {
    let of = |kind, position, state, begun: Option<DateTime<Utc>>| step::ActiveModel {
        begun_at: Set(begun),
        due_at: Set(begun.map(|at| at + TimeDelta::days(10))),
        ..planned_row(application, kind, position, (state, 1))
    };
    [of(Kind::ExpertReview, 2, StepState::Active, Some(submitted)), of(Kind::Decision, 5, StepState::Pending, None)]
}

/// The quote as the mode for large projects makes it: Union access time, free for those whom a Member State would give
/// most, and no aid.
fn of_the_union(quote: &str) -> Result<String> {
    let quote: Quote = serde_json::from_str(quote)?;
    let is_small = quote.subsidy_share >= BasisPoints::new(6_000);
    let (share, regime) =
        if is_small { (BasisPoints::WHOLE, Regime::UnionResources) } else { (BasisPoints::ZERO, Regime::Market) };
    let gpu_time = quote.gpu_time;
    let quote = Quote { subsidy_share: share, pot: "union".to_owned(), regime, ..quote };
    Ok(serde_json::to_string(&quote.of(gpu_time)?)?)
}

fn preferred(dice: &mut Dice, sites: &[site::Model]) -> String {
    dice.one_of(sites).map(|site| site.slug.clone()).unwrap_or_default()
}

/// As many approved and reviewed applications that compete for the sites, of all sizes and from all companies of the
/// demo world.
pub async fn competitors(services: &Services, count: u32) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let desk = services.desk(Actor::SYSTEM);
    let mut tx = desk.begin(Action::Seed).await?;
    let models = store::seed::one_of_each(&tx).await?;
    let like = store::seed::any_review(&tx).await?.ok_or(Error::NotFound)?;
    let sites = store::capacity::sites(&tx).await?;
    let before = store::seed::count(&tx).await?;
    let mut dice = Dice::new(u64::from(count).wrapping_add(before));
    let (mut rows, mut reviews) = (Vec::new(), Vec::new());
    for number in 0..count {
        let mut row = dice.one_of(&models).ok_or(Error::NotFound)?.clone();
        let submitted = desk.now - TimeDelta::days(30) + TimeDelta::minutes(i64::from(number));
        let mut draft: Draft = serde_json::from_str(&row.draft)?;
        let gpus = 256 * dice.between(1, 40);
        // At most what a request may have: see `matching::Instance::check`.
        let hours = (gpus * 168 * dice.between(4, 26)).min(20_000_000);
        let first = brussels_day(desk.now) + TimeDelta::weeks(dice.between(2, 20));
        for (name, value) in [
            ("method", String::new()),
            ("unit", String::new()),
            ("hours", hours.to_string()),
            ("gpus", gpus.to_string()),
            ("earliest", first.to_string()),
            ("deadline", (first + TimeDelta::weeks(dice.between(20, 30))).to_string()),
            ("months", "6".to_owned()),
            ("flexible", if dice.below(3) == 0 { "on" } else { "" }.to_owned()),
            ("pauses", if dice.below(4) == 0 { "on" } else { "" }.to_owned()),
            ("least", (*dice.one_of(&["100", "100", "75", "50", "25"]).unwrap_or(&"")).to_owned()),
            ("prefer_1", if dice.below(4) == 0 { preferred(&mut dice, &sites) } else { String::new() }),
        ] {
            draft.set(name, &value);
        }
        row.id = tx.new_id();
        let first = 10_000_000 + i64::try_from(before).unwrap_or_default();
        row.reference = Some(application::reference(Code::LS, submitted.year(), first + i64::from(number)));
        row.mode = Code::LS.code().to_owned();
        row.state = application::State::Approved;
        row.draft = serde_json::to_string(&draft)?;
        row.quote = row.quote.as_deref().map(of_the_union).transpose()?;
        (row.created_at, row.updated_at) = (submitted, submitted);
        (row.submitted_at, row.decided_at) = (Some(submitted), Some(submitted + TimeDelta::days(20)));
        let mut review = like.clone();
        (review.id, review.application_id) = (tx.new_id(), row.id);
        review.total = Some(dice.between(200, 490));
        reviews.push(review.into_active_model());
        rows.push(row.into_active_model());
    }
    tx.insert_many(rows).await?;
    tx.insert_many(reviews).await?;
    tx.commit().await
}
