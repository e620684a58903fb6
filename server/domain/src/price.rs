//! The price book: observations of the market and their median, list prices with their days, and by how much a price
//! may follow scarcity.
//!
//! Never rewrites the past: an observation counts from the day after it was recorded, and a list price begins on a day
//! that is still to come. What a model cost on a day stays what it cost.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    gpu::GpuModel,
    id::SiteId,
    money::{BasisPoints, Rate},
    pricing::Tariff,
    problem::{Invalid, Problem},
    typed,
};

coded! {
    /// Where a list price stands that one person asked for.
    State {
        /// Waits for a second person.
        Asked "asked",
        Agreed "agreed",
        Refused "refused",
    }
}

/// What one source asked for an hour of one model on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    pub model: GpuModel,
    pub rate: Rate,
    pub source: String,
    /// Where it can be looked up again, if that has an address.
    pub address: Option<String>,
    pub observed_on: NaiveDate,
    /// The day after it was recorded: what a day's reference was never changes.
    pub counts_from: NaiveDate,
}

/// What the market asks for a model on a day, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub rate: Rate,
    /// The day of the newest observation in it.
    pub observed_on: NaiveDate,
    /// The least first.
    pub sources: Vec<String>,
}

/// What the programme's prices go by, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricePolicy {
    pub valid_from: NaiveDate,
    /// Days for which a quote stands.
    pub quote_days: i32,
    /// Days after which an observation is too old to count.
    pub observation_days: i32,
    /// The share of a site's GPUs that must be taken before its price rises.
    pub scarcity_from: BasisPoints,
    /// By how much it rises at most, when everything is taken.
    pub scarcity_most: BasisPoints,
}

/// The policy in force on that day: the latest that has begun.
pub fn policy_on(rows: &[PricePolicy], on: NaiveDate) -> Option<&PricePolicy> {
    rows.iter().filter(|row| row.valid_from <= on).max_by_key(|row| row.valid_from)
}

impl PricePolicy {
    /// What a price rises by where so many of these GPUs are taken: nothing up to the share of the policy, then evenly
    /// up to its bound. It is reckoned from bookings that everybody sees, never from the prices of a run: those jump,
    /// and rigid blocks have none that clear a market.
    pub fn scarcity(&self, taken: i64, offered: i64) -> BasisPoints {
        let whole = i128::from(BasisPoints::WHOLE.get());
        let (from, most) = (i128::from(self.scarcity_from.get()), i128::from(self.scarcity_most.get()));
        if offered <= 0 || from >= whole {
            return BasisPoints::ZERO;
        }
        let share = (i128::from(taken.clamp(0, offered)) * whole / i128::from(offered)).max(from);
        let rise = most * (share - from) / (whole - from);
        BasisPoints::new(i32::try_from(rise).unwrap_or_default()).clamp(BasisPoints::ZERO, self.scarcity_most)
    }
}

/// The observations that make up the reference of a model on a day: of each source the latest, unless that is too old.
/// Where all are too old, the newest still counts: a guess is worse than what was known last.
pub fn counted<'a>(
    rows: &'a [Observation],
    policy: &PricePolicy,
    model: GpuModel,
    on: NaiveDate,
) -> Vec<&'a Observation> {
    let known = || rows.iter().filter(|row| row.model == model && row.counts_from <= on);
    let is_latest = |row: &&Observation| {
        let same = known().filter(|other| other.source == row.source);
        same.max_by_key(|other| (other.observed_on, other.counts_from)) == Some(*row)
    };
    let oldest = on.checked_sub_days(Days::new(u64::try_from(policy.observation_days).unwrap_or_default()));
    let is_young = |row: &&Observation| oldest.is_none_or(|oldest| row.observed_on >= oldest);
    let mut counted: Vec<&Observation> = known().filter(is_latest).filter(is_young).collect();
    if counted.is_empty() {
        counted.extend(known().max_by_key(|row| (row.observed_on, row.counts_from)));
    }
    counted.sort_by_key(|row| (row.rate, row.observed_on));
    counted
}

/// The median of what counts on that day; `None` where nothing was ever observed.
pub fn reference_on(rows: &[Observation], policy: &PricePolicy, model: GpuModel, on: NaiveDate) -> Option<Reference> {
    let counted = counted(rows, policy, model, on);
    Some(Reference {
        rate: median(counted.iter().map(|row| row.rate))?,
        observed_on: counted.iter().map(|row| row.observed_on).max()?,
        sources: counted.iter().map(|row| row.source.clone()).collect(),
    })
}

/// The middle one; of two middle ones their mean, rounded up, so that no aid is reckoned too low.
pub fn median(rates: impl Iterator<Item = Rate>) -> Option<Rate> {
    let mut sorted: Vec<i64> = rates.map(Rate::as_micro_euro).collect();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(Rate::micro_euro(upper));
    }
    let lower = *sorted.get((sorted.len() / 2).checked_sub(1)?)?;
    let mean = (i128::from(lower) + i128::from(upper) + 1).div_euclid(2);
    i64::try_from(mean).ok().map(Rate::micro_euro)
}

/// Every day on which the reference of a model became another one, up to `until`, oldest first.
pub fn history(
    rows: &[Observation],
    policies: &[PricePolicy],
    model: GpuModel,
    until: NaiveDate,
) -> Vec<(NaiveDate, Reference)> {
    let of_model = || rows.iter().filter(|row| row.model == model);
    // It changes when something begins to count, or grows too old to.
    let mut days: Vec<NaiveDate> = of_model().map(|row| row.counts_from).collect();
    for policy in policies {
        let age = Days::new(u64::try_from(policy.observation_days).unwrap_or_default().saturating_add(1));
        days.push(policy.valid_from);
        days.extend(of_model().filter_map(|row| row.observed_on.checked_add_days(age)));
    }
    days.sort_unstable();
    days.dedup();
    let mut found: Vec<(NaiveDate, Reference)> = Vec::new();
    for day in days.into_iter().filter(|day| *day <= until) {
        // Before the first policy its rules are the first one's.
        let Some(policy) = policy_on(policies, day).or_else(|| policies.iter().min_by_key(|row| row.valid_from)) else {
            continue;
        };
        let Some(reference) = reference_on(rows, policy, model, day) else { continue };
        if found.last().is_none_or(|(_, before)| before.rate != reference.rate) {
            found.push((day, reference));
        }
    }
    found
}

/// What an hour of a model costs at a site on that day: the site's own price, or the programme's where it has none.
pub fn list_on(rows: &[Tariff], site: Option<SiteId>, model: GpuModel, on: NaiveDate) -> Option<&Tariff> {
    let in_force = |at: Option<SiteId>| {
        rows.iter()
            .filter(move |row| row.site == at && row.model == model && row.valid_from <= on)
            .filter(move |row| row.valid_until.is_none_or(|last| on <= last))
            .max_by_key(|row| row.valid_from)
    };
    site.and_then(|site| in_force(Some(site))).or_else(|| in_force(None))
}

const SOURCE_MAX: i64 = 100;
const ADDRESS_MAX: i64 = 300;
const REASON_MAX: i64 = 300;
const QUOTE_DAYS_MAX: i64 = 365;
const OBSERVATION_DAYS_MAX: i64 = 3_650;
/// Places of a rate as it is typed: tenths of a cent are quoted, nothing smaller.
const PLACES: u32 = 4;
const MICRO_PER_PLACE: i64 = 100;
/// More than this for a GPU-hour is a slip of the finger: 1,000 euros.
const RATE_MAX: i64 = 1_000_000_000;

/// An observation as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypedObservation {
    #[serde(default)]
    pub model: String,
    /// Euros for a GPU-hour.
    #[serde(default)]
    pub rate: String,
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub observed_on: String,
}

/// A list price as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypedList {
    #[serde(default)]
    pub list_model: String,
    /// Slug of a site; nothing for the programme's own price, at every site.
    #[serde(default)]
    pub site: String,
    #[serde(default)]
    pub list_rate: String,
    #[serde(default)]
    pub valid_from: String,
    #[serde(default)]
    pub valid_until: String,
    #[serde(default)]
    pub reason: String,
}

/// A policy of prices as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypedPolicy {
    #[serde(default)]
    pub valid_from: String,
    #[serde(default)]
    pub quote_days: String,
    #[serde(default)]
    pub observation_days: String,
    /// Percent, with up to two places.
    #[serde(default)]
    pub scarcity_from: String,
    #[serde(default)]
    pub scarcity_most: String,
    #[serde(default)]
    pub reason: String,
}

/// Reads a policy and the reason for it. Errors at the names of its fields.
pub fn read_policy(typed: &TypedPolicy, today: NaiveDate) -> Result<(PricePolicy, String), Invalid> {
    let mut invalid = Invalid::default();
    let valid_from = begins(&typed.valid_from, today, &mut invalid);
    let quote_days = days(&typed.quote_days, "quote_days", QUOTE_DAYS_MAX, &mut invalid);
    let observation_days = days(&typed.observation_days, "observation_days", OBSERVATION_DAYS_MAX, &mut invalid);
    let scarcity_from = percent(&typed.scarcity_from, "scarcity_from", &mut invalid);
    let scarcity_most = percent(&typed.scarcity_most, "scarcity_most", &mut invalid);
    let reason = because(&typed.reason, &mut invalid);
    invalid.or((PricePolicy { valid_from, quote_days, observation_days, scarcity_from, scarcity_most }, reason))
}

fn days(text: &str, field: &str, max: i64, invalid: &mut Invalid) -> i32 {
    match typed::count(text) {
        Err(problem) => invalid.add(field, problem),
        Ok(days) if days > max => invalid.add(field, Problem::TooLarge { max }),
        Ok(days) => return i32::try_from(days).unwrap_or(i32::MAX),
    }
    1
}

/// From nothing to the whole.
fn percent(text: &str, field: &str, invalid: &mut Invalid) -> BasisPoints {
    match typed::decimal(text, 2).map(i32::try_from) {
        Err(problem) => invalid.add(field, problem),
        Ok(Ok(points)) if points < 0 => invalid.add(field, Problem::TooSmall { min: 0 }),
        Ok(Ok(points)) if points <= BasisPoints::WHOLE.get() => return BasisPoints::new(points),
        Ok(_) => invalid.add(field, Problem::TooLarge { max: 100 }),
    }
    BasisPoints::ZERO
}

/// Reads an observation. Errors at `model`, `rate`, `source`, `address`, `observed_on`.
pub fn read_observation(typed: &TypedObservation, today: NaiveDate) -> Result<Observation, Invalid> {
    let mut invalid = Invalid::default();
    let model = model(&typed.model, "model", &mut invalid);
    let rate = rate(&typed.rate, "rate", &mut invalid);
    let source = typed::line(&typed.source, SOURCE_MAX).unwrap_or_else(|problem| {
        invalid.add("source", problem);
        String::new()
    });
    let address = typed::optional(&typed.address, |text| typed::line(text, ADDRESS_MAX)).unwrap_or_else(|problem| {
        invalid.add("address", problem);
        None
    });
    if address.as_ref().is_some_and(|address| !address.starts_with("https://") && !address.starts_with("http://")) {
        invalid.add("address", Problem::NotAnAddress);
    }
    let observed_on = typed::date(&typed.observed_on).unwrap_or_else(|problem| {
        invalid.add("observed_on", problem);
        today
    });
    if observed_on > today {
        invalid.add("observed_on", Problem::InTheFuture);
    }
    let counts_from = today.succ_opt().unwrap_or(today);
    invalid.or(Observation { model, rate, source, address, observed_on, counts_from })
}

/// A list price that may be asked for; `site` is still a slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedList {
    pub model: GpuModel,
    pub site: Option<String>,
    pub rate: Rate,
    pub valid_from: NaiveDate,
    pub valid_until: Option<NaiveDate>,
    pub reason: String,
}

/// Reads a list price. Errors at `list_model`, `site`, `list_rate`, `valid_from`, `valid_until`, `reason`.
pub fn read_list(typed: &TypedList, sites: &[&str], today: NaiveDate) -> Result<WantedList, Invalid> {
    let mut invalid = Invalid::default();
    let model = model(&typed.list_model, "list_model", &mut invalid);
    let site = Some(typed.site.clone()).filter(|site| !site.is_empty());
    if site.as_ref().is_some_and(|site| !sites.contains(&site.as_str())) {
        invalid.add("site", Problem::NotAChoice);
    }
    let rate = rate(&typed.list_rate, "list_rate", &mut invalid);
    let valid_from = begins(&typed.valid_from, today, &mut invalid);
    let valid_until = typed::optional(&typed.valid_until, typed::date).unwrap_or_else(|problem| {
        invalid.add("valid_until", problem);
        None
    });
    if valid_until.is_some_and(|last| last < valid_from) && valid_from < NaiveDate::MAX {
        invalid.add("valid_until", Problem::TooSoon);
    }
    let reason = because(&typed.reason, &mut invalid);
    invalid.or(WantedList { model, site, rate, valid_from, valid_until, reason })
}

/// A day to come.
fn begins(text: &str, today: NaiveDate, invalid: &mut Invalid) -> NaiveDate {
    let valid_from = typed::date(text).unwrap_or_else(|problem| {
        invalid.add("valid_from", problem);
        NaiveDate::MAX
    });
    if !begins_later(valid_from, today) {
        invalid.add("valid_from", Problem::InThePast);
    }
    valid_from
}

fn because(text: &str, invalid: &mut Invalid) -> String {
    typed::line(text, REASON_MAX).unwrap_or_else(|problem| {
        invalid.add("reason", if problem == Problem::Required { Problem::ReasonRequired } else { problem });
        String::new()
    })
}

/// Whether what begins on that day leaves what was charged so far as it is.
pub fn begins_later(valid_from: NaiveDate, today: NaiveDate) -> bool {
    valid_from > today
}

fn model(text: &str, field: &str, invalid: &mut Invalid) -> GpuModel {
    GpuModel::from_code(text).unwrap_or_else(|| {
        invalid.add(field, if text.is_empty() { Problem::Required } else { Problem::NotAChoice });
        GpuModel::H100
    })
}

fn rate(text: &str, field: &str, invalid: &mut Invalid) -> Rate {
    let micro = typed::decimal(text, PLACES).map(|typed| typed.checked_mul(MICRO_PER_PLACE).unwrap_or(i64::MAX));
    match micro {
        Err(problem) => invalid.add(field, problem),
        Ok(micro) if micro < 1 => invalid.add(field, Problem::NotPositive),
        Ok(micro) if micro > RATE_MAX => invalid.add(field, Problem::TooLarge { max: RATE_MAX / 1_000_000 }),
        Ok(micro) => return Rate::micro_euro(micro),
    }
    Rate::ZERO
}

#[cfg(test)]
#[path = "price_tests.rs"]
mod tests;
