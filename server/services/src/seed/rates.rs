//! Rates of exchange of the demo world: figures of the right size for every working day so far, published by nobody.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use domain::{actor::Actor, exchange::currencies, period::brussels_day, policy::Action};
use sea_orm::ActiveValue::Set;

use crate::{Services, error::Result, invoices::new_uuid, store::entity::exchange_rate};

/// Days back from now.
const DAYS: i64 = 120;

/// About what one euro was worth in 2026, in thousandths.
const AROUND: [(&str, i64); 6] =
    [("CZK", 24_350), ("DKK", 7_462), ("HUF", 385_200), ("PLN", 4_251), ("RON", 5_087), ("SEK", 11_020)];

pub async fn make(services: &Services, now: DateTime<Utc>) -> Result<()> {
    let mut tx = services.desk_at(Actor::SYSTEM, now).begin(Action::Seed).await?;
    let today = brussels_day(now);
    let mut rows = Vec::new();
    for day in (0..=DAYS).map(|back| today - TimeDelta::days(back)) {
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            continue;
        }
        for (currency, thousandths) in AROUND.into_iter().filter(|row| currencies(day).contains(&row.0)) {
            rows.push(exchange_rate::ActiveModel {
                id: Set(new_uuid(&tx)),
                currency: Set(currency.to_owned()),
                day: Set(day),
                micros: Set(micros(thousandths, day)),
                source: Set("ECB (demonstration figure)".to_owned()),
                recorded_by: Set(None),
                recorded_at: Set(now),
            });
        }
    }
    tx.insert_many(rows).await?;
    tx.commit().await
}

/// Up and down by half a per cent at most, the same for the same day.
fn micros(thousandths: i64, day: NaiveDate) -> i64 {
    let swing = i64::from(day.ordinal() * 37 % 101) - 50;
    thousandths * 1_000 + thousandths * swing / 10
}
