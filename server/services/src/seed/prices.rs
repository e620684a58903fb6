//! The price book of the demo world: what two invented clouds asked over two years, prices of a few sites, one that
//! waits for a second person, and quotes for drafts.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{
    actor::Actor, application, gpu::GpuModel, id::PersonId, money::Rate, period::brussels_day, policy::Action,
    price::State,
};
use sea_orm::ActiveValue::Set;

use super::{companies::Company, people::Staff};
use crate::{
    Services,
    error::{Error, Result, anyhow},
    invoices::new_uuid,
    store::{
        self, Tx,
        entity::{list_price, price_observation},
    },
};

/// Source, day, and hundredths of the list that the programme began with. On any day of the demo world's awards the
/// two stand on either side of that list, which stays the median.
const SEEN: [(&str, (i32, u32, u32), i64); 7] = [
    ("North Cloud (invented)", (2024, 11, 4), 190),
    ("South Cloud (invented)", (2024, 12, 2), 220),
    ("North Cloud (invented)", (2025, 4, 7), 150),
    ("South Cloud (invented)", (2025, 6, 2), 165),
    ("North Cloud (invented)", (2025, 10, 6), 120),
    ("North Cloud (invented)", (2026, 5, 4), 85),
    ("South Cloud (invented)", (2026, 5, 4), 118),
];

/// Site, model, and hundredths of the programme's list.
const OWN: [(&str, GpuModel, i64); 3] =
    [("iberia", GpuModel::H100, 93), ("padus", GpuModel::H100, 104), ("aurora", GpuModel::MI300X, 90)];

/// Drafts that have a quote.
const QUOTED: usize = 3;

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let then = now - TimeDelta::weeks(20);
    let mut tx = services.desk_at(Actor::SYSTEM, then).begin(Action::Seed).await?;
    let (one, two) = (person(staff.finance)?, person(staff.second_finance)?);
    let lists = store::price::tariffs(&tx).await?;
    let first = |model: GpuModel| lists.iter().find(|row| row.model == model).map(|row| row.list_rate.as_micro_euro());
    let part = |model, hundredths: i64| first(model).map(|micro| Rate::micro_euro(micro / 100 * hundredths));
    let mut rows = Vec::new();
    for (source, (year, month, day), hundredths) in SEEN {
        let on = NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| anyhow("a day of the price book"))?;
        for model in GpuModel::ALL.iter().copied() {
            let Some(rate) = part(model, hundredths) else { continue };
            rows.push(observation(&tx, (model, rate, source, on), one));
        }
    }
    tx.insert_many(rows).await?;
    let sites = store::capacity::sites(&tx).await?;
    let begins = brussels_day(then) + Days::new(14);
    for (slug, model, hundredths) in OWN {
        let (Some(site), Some(rate)) = (sites.iter().find(|site| site.slug == slug), part(model, hundredths)) else {
            continue;
        };
        let row = list(&tx, (model, rate, begins, "The site’s offer to the programme (demonstration)"), one);
        let signed = list_price::ActiveModel {
            site_id: Set(Some(site.id)),
            state: Set(State::Agreed),
            signed_by: Set(Some(two)),
            signed_at: Set(Some(then)),
            ..row
        };
        tx.insert(signed).await?;
    }
    if let Some(rate) = part(GpuModel::B200, 95) {
        let day = brussels_day(now) + Days::new(45);
        tx.insert(list(&tx, (GpuModel::B200, rate, day, "The market has fallen since May (demonstration)"), one))
            .await?;
    }
    tx.commit().await
}

/// Quotes for the first drafts that say what they ask for.
pub async fn quote(services: &Services, now: DateTime<Utc>, companies: &[Company]) -> Result<()> {
    let mut made = 0;
    for company in companies {
        let desk = services.desk_at(company.owner, now - TimeDelta::hours(30));
        let listed = desk.list_applications().await?.into_iter().map(|listed| listed.application);
        for draft in listed.filter(|row| row.state == application::State::Draft) {
            match desk.ask_quote(draft.id, "").await {
                Ok(_) => made += 1,
                // It does not say enough yet.
                Err(Error::Invalid(_)) => {}
                Err(error) => return Err(error),
            }
            if made == QUOTED {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn person(actor: Actor) -> Result<PersonId> {
    actor.person.ok_or(Error::NotFound)
}

fn observation(
    tx: &Tx,
    (model, rate, source, on): (GpuModel, Rate, &str, NaiveDate),
    by: PersonId,
) -> price_observation::ActiveModel {
    price_observation::ActiveModel {
        id: Set(new_uuid(tx)),
        model: Set(model),
        rate: Set(rate),
        source: Set(source.to_owned()),
        address: Set(None),
        observed_on: Set(on),
        counts_from: Set(on + Days::new(1)),
        recorded_by: Set(Some(by)),
        recorded_at: Set(tx.now()),
    }
}

fn list(
    tx: &Tx,
    (model, rate, valid_from, reason): (GpuModel, Rate, NaiveDate, &str),
    by: PersonId,
) -> list_price::ActiveModel {
    list_price::ActiveModel {
        id: Set(tx.new_id()),
        site_id: Set(None),
        model: Set(model),
        rate: Set(rate),
        valid_from: Set(valid_from),
        valid_until: Set(None),
        reason: Set(reason.to_owned()),
        state: Set(State::Asked),
        asked_by: Set(by),
        asked_at: Set(tx.now()),
        signed_by: Set(None),
        signed_at: Set(None),
    }
}
