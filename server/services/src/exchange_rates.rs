//! Verbs of exchange rates: what finance records, and what an invoice is converted with.

use chrono::NaiveDate;
use domain::{
    exchange::{ExchangeRate, currencies},
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    typed,
};
use sea_orm::ActiveValue::Set;

use crate::{
    desk::Desk,
    error::{OnUnique, Result},
    invoices::new_uuid,
    jobs::Job,
    store::{self, entity::exchange_rate},
};

/// Digits of a rate after the point.
const PLACES: usize = 6;
/// Units of a currency for one euro that none has.
const RATE_MAX: i64 = 1_000_000;
/// The longest name of a source.
const SOURCE_MAX: i64 = 100;

/// A rate as typed.
#[derive(Debug, Clone, Default)]
pub struct TypedRate {
    pub currency: String,
    pub day: String,
    /// Units of the currency for one euro.
    pub rate: String,
    pub source: String,
}

impl Desk {
    /// The newest rates there are.
    pub async fn exchange_rates(&self) -> Result<Vec<ExchangeRate>> {
        let tx = self.begin(Action::ReadExchangeRates).await?;
        store::exchange_rate::newest(&tx, 60).await
    }

    /// Records a published rate; a rate once recorded stays, since documents rest on it. What waited for it is issued
    /// by the next billing run.
    pub async fn record_exchange_rate(&self, typed: &TypedRate) -> Result<()> {
        let mut tx = self.begin(Action::RecordExchangeRate).await?;
        let rate = read(typed, brussels_day(self.now))?;
        tx.insert(exchange_rate::ActiveModel {
            id: Set(new_uuid(&tx)),
            currency: Set(rate.currency),
            day: Set(rate.day),
            micros: Set(rate.micros),
            source: Set(rate.source),
            recorded_by: Set(self.actor.person),
            recorded_at: Set(self.now),
        })
        .await
        .on_unique("day", Problem::AlreadyDone)?;
        tx.enqueue(&Job::Bill, self.now, Some("bill:rate")).await?;
        tx.commit().await
    }
}

fn read(typed: &TypedRate, today: NaiveDate) -> Result<ExchangeRate, Invalid> {
    let mut invalid = Invalid::default();
    let currency = typed.currency.trim().to_owned();
    if currency.is_empty() {
        invalid.add("currency", Problem::Required);
    } else if !currencies(today).contains(&currency.as_str()) {
        invalid.add("currency", Problem::NotAChoice);
    }
    let day = typed::date(&typed.day);
    match day {
        Err(problem) => invalid.add("day", problem),
        // A rate is what was published.
        Ok(day) if day > today => invalid.add("day", Problem::InTheFuture),
        Ok(_) => {}
    }
    let micros = micros(&typed.rate);
    match micros {
        None => invalid.add("rate", Problem::NotANumber),
        Some(micros) if micros < 1 => invalid.add("rate", Problem::NotPositive),
        Some(micros) if micros > RATE_MAX * 1_000_000 => invalid.add("rate", Problem::TooLarge { max: RATE_MAX }),
        Some(_) => {}
    }
    let source = typed.source.trim().to_owned();
    if source.is_empty() {
        invalid.add("source", Problem::Required);
    } else if i64::try_from(source.chars().count()).is_ok_and(|length| length > SOURCE_MAX) {
        invalid.add("source", Problem::TooLong { max: SOURCE_MAX });
    }
    let (day, micros) = (day.unwrap_or(today), micros.unwrap_or_default());
    invalid.or(ExchangeRate { currency, day, micros, source })
}

/// `11.0515` or `11,0515`, exactly.
fn micros(text: &str) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_plain = |part: &str| part.chars().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || fraction.len() > PLACES || !is_plain(whole) || !is_plain(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<PLACES$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::micros;

    #[test]
    fn rates_are_read_exactly() {
        assert_eq!(micros("11.0515"), Some(11_051_500));
        assert_eq!(micros(" 402,35 "), Some(402_350_000));
        assert_eq!(micros("7"), Some(7_000_000));
        for nonsense in ["", ".5", "1.2345678", "-3", "1e3", "12.3.4", "eleven"] {
            assert_eq!(micros(nonsense), None, "{nonsense}");
        }
    }
}
