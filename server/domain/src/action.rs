//! What may be asked of a running allocation: more hours, a later end, another start, hours of a later allocation
//! now, hours given back, a renewal. When each may be asked, within which limits, and what it does to the slot.
//!
//! Refuses to know capacity and money: those are checked where the change is made real.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    allocation,
    capacity::{Slot, Slots, next_week},
    gpu::GpuTime,
    id::PersonId,
    money::{BasisPoints, Overflow},
    period::{brussels_day, start_of_day, week_of},
    problem::{Invalid, Problem},
    typed,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// More GPU-hours in the same weeks.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "supplement"))]
    Supplement,
    /// A later end for the same hours.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "extension"))]
    Extension,
    /// Another start for the same weeks.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "transfer"))]
    Transfer,
    /// Hours of a later allocation now, which are deducted from it.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "advance"))]
    Advance,
    /// A new application from the old one.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "renewal"))]
    Renewal,
    /// Hours that are not needed, given back.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "hand_back"))]
    HandBack,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Supplement, Self::Extension, Self::Transfer, Self::Advance, Self::HandBack, Self::Renewal];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Supplement => "supplement",
            Self::Extension => "extension",
            Self::Transfer => "transfer",
            Self::Advance => "advance",
            Self::Renewal => "renewal",
            Self::HandBack => "hand-back",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether an officer decides; the others happen as soon as they are asked for.
    pub const fn is_decided(self) -> bool {
        !matches!(self, Self::Renewal | Self::HandBack)
    }

    /// Whether it is about an amount of GPU-hours.
    pub const fn is_amount(self) -> bool {
        matches!(self, Self::Supplement | Self::Advance | Self::HandBack)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// With an officer, or with the second.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "asked"))]
    Asked,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "approved"))]
    Approved,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "refused"))]
    Refused,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "withdrawn"))]
    Withdrawn,
    /// Happened at once, without a decision.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "done"))]
    Done,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Done => "done",
        }
    }

    /// Whether what was asked for became so.
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::Approved | Self::Done)
    }
}

/// What is asked for, recommended or awarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Hours(GpuTime),
    /// Weeks more.
    Weeks(i32),
    /// The new Monday.
    Start(NaiveDate),
    /// Nothing of this allocation.
    Nothing,
}

impl Change {
    pub const fn hours(self) -> GpuTime {
        match self {
            Self::Hours(time) => time,
            _ => GpuTime::ZERO,
        }
    }
}

/// How much may be asked for, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub valid_from: NaiveDate,
    /// All supplements together, of what was granted first.
    pub supplement: BasisPoints,
    /// All extensions together (EuroHPC's AI for Science: three months).
    pub extension_weeks: i32,
    /// How much later a start may be than it is.
    pub transfer_weeks: i32,
    /// Of the later allocation.
    pub advance: BasisPoints,
    /// A renewal can be begun so long before the end, and so long after it.
    pub renewal_weeks: i64,
    /// Until an officer's answer.
    pub working_days: u32,
}

const fn day(year: i32, month: u32, of_month: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, of_month) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

const LIMITS: &[Limits] = &[Limits {
    valid_from: day(2026, 1, 1),
    supplement: BasisPoints::new(5_000),
    extension_weeks: 13,
    transfer_weeks: 13,
    advance: BasisPoints::new(2_500),
    renewal_weeks: 8,
    working_days: 5,
}];

/// Those in force on this day.
pub fn limits(on: NaiveDate) -> Limits {
    let found = LIMITS.iter().filter(|limits| limits.valid_from <= on).max_by_key(|limits| limits.valid_from);
    found.or(LIMITS.first()).copied().unwrap_or(Limits {
        valid_from: NaiveDate::MIN,
        supplement: BasisPoints::ZERO,
        extension_weeks: 0,
        transfer_weeks: 0,
        advance: BasisPoints::ZERO,
        renewal_weeks: 0,
        working_days: 5,
    })
}

/// What the rules must know of an allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub state: allocation::State,
    /// One, or several with weeks in between that are others'.
    pub slots: Slots,
    pub granted: GpuTime,
    pub used: GpuTime,
    /// What the ledger holds and nobody has used.
    pub left: GpuTime,
    /// What became so before, without what is asked for now.
    pub earlier: Vec<(Kind, Change)>,
    /// Most GPUs at once that its mode admits.
    pub max_gpus: i64,
}

impl Facts {
    fn runs(&self) -> bool {
        matches!(self.state, allocation::State::Accepted | allocation::State::Active)
    }

    fn has_begun(&self, today: NaiveDate) -> bool {
        self.first_week() <= today
    }

    fn is_over(&self, today: NaiveDate) -> bool {
        self.slots.end() <= today
    }

    /// The Monday it begins on.
    pub const fn first_week(&self) -> NaiveDate {
        self.slots.first().first_week
    }

    fn sum(&self, kind: Kind) -> GpuTime {
        let hours = self.earlier.iter().filter(|(one, _)| *one == kind).map(|(_, change)| change.hours());
        GpuTime::sum(hours).unwrap_or_default()
    }

    /// As it was granted before any change.
    fn first_granted(&self) -> GpuTime {
        let more = self.sum(Kind::Supplement).as_seconds() + self.sum(Kind::Advance).as_seconds();
        GpuTime::seconds(self.granted.as_seconds() - more + self.sum(Kind::HandBack).as_seconds())
    }

    fn extended_weeks(&self) -> i32 {
        let weeks = self.earlier.iter().filter(|(kind, _)| *kind == Kind::Extension);
        weeks.map(|(_, change)| if let Change::Weeks(weeks) = change { *weeks } else { 0 }).sum()
    }
}

/// Whether this may be asked for now at all; how much of it is [`read`]'s. `NotPossibleNow` if not.
pub fn may_ask(kind: Kind, facts: &Facts, now: DateTime<Utc>) -> Result<(), Problem> {
    let today = brussels_day(now);
    let limits = limits(today);
    let runs_on = facts.runs() && !facts.is_over(today);
    let may = match kind {
        Kind::Supplement => runs_on && most_supplement(facts, limits) >= HOUR,
        Kind::Extension => runs_on && facts.extended_weeks() < limits.extension_weeks,
        Kind::Transfer => facts.runs() && !facts.has_begun(today),
        Kind::Advance => runs_on && facts.has_begun(today),
        Kind::HandBack => runs_on && facts.left > GpuTime::ZERO,
        Kind::Renewal => {
            let near = Days::new(u64::try_from(limits.renewal_weeks * 7).unwrap_or_default());
            let is_known = facts.runs() || facts.state == allocation::State::Ended;
            let (from, until) = (facts.slots.end() - near, facts.slots.end() + near);
            is_known && (from..=until).contains(&today)
        }
    };
    if may { Ok(()) } else { Err(Problem::NotPossibleNow) }
}

const HOUR: GpuTime = GpuTime::seconds(3_600);

fn share(of: GpuTime, share: BasisPoints) -> GpuTime {
    let seconds = i128::from(of.as_seconds()) * i128::from(share.get()) / i128::from(BasisPoints::WHOLE.get());
    GpuTime::seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn most_supplement(facts: &Facts, limits: Limits) -> GpuTime {
    let most = share(facts.first_granted(), limits.supplement).as_seconds();
    GpuTime::seconds((most - facts.sum(Kind::Supplement).as_seconds()).max(0))
}

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub hours: String,
    pub weeks: String,
    pub start: String,
    /// Why: the officer reads it.
    pub why: String,
}

const WHY_MAX: usize = 2_000;
const WHY_WORDS_MIN: usize = 5;

/// What is asked for. Errors by field: `hours`, `weeks`, `start`, `why`, or `""` where it may not be asked for.
/// `later` is the allocation that an advance is deducted from.
pub fn read(
    kind: Kind,
    typed: &Typed,
    facts: &Facts,
    later: Option<&Facts>,
    now: DateTime<Utc>,
) -> Result<Change, Invalid> {
    may_ask(kind, facts, now).map_err(|problem| Invalid::one("", problem))?;
    let limits = limits(brussels_day(now));
    let mut invalid = Invalid::default();
    let change = match kind {
        Kind::Supplement => hours(&typed.hours, "hours", most_supplement(facts, limits), &mut invalid),
        Kind::HandBack => hours(&typed.hours, "hours", facts.left, &mut invalid),
        Kind::Advance => {
            let most = later.map(|later| share(later.granted, limits.advance).min(later.left)).unwrap_or_default();
            if later.is_none_or(|later| !later.runs() || later.has_begun(brussels_day(now))) {
                invalid.add("later", Problem::NotAChoice);
            }
            hours(&typed.hours, "hours", most, &mut invalid)
        }
        Kind::Extension => {
            let most = i64::from(limits.extension_weeks - facts.extended_weeks());
            Change::Weeks(i32::try_from(whole(&typed.weeks, "weeks", most, &mut invalid)).unwrap_or_default())
        }
        Kind::Transfer => start(&typed.start, facts, limits, now, &mut invalid),
        Kind::Renewal => Change::Nothing,
    };
    if kind.is_decided() {
        reason(&typed.why, "why", &mut invalid);
    }
    invalid.or(change)
}

fn whole(text: &str, field: &str, most: i64, invalid: &mut Invalid) -> i64 {
    let problem = match typed::decimal(text, 0) {
        Err(problem) => problem,
        Ok(number) if number < 1 => Problem::TooSmall { min: 1 },
        Ok(number) if number > most => Problem::TooLarge { max: most },
        Ok(number) => return number,
    };
    invalid.add(field, problem);
    0
}

/// Whole hours, but everything that is left may be named by the hours that it makes up and a rest.
fn hours(text: &str, field: &str, most: GpuTime, invalid: &mut Invalid) -> Change {
    let whole_hours = (most.as_seconds() + 3_599) / 3_600;
    let typed = whole(text, field, whole_hours, invalid);
    Change::Hours(GpuTime::hours(typed).unwrap_or_default().min(most))
}

fn start(text: &str, facts: &Facts, limits: Limits, now: DateTime<Utc>, invalid: &mut Invalid) -> Change {
    let latest = facts.first_week() + Days::new(u64::try_from(limits.transfer_weeks * 7).unwrap_or_default());
    let problem = match typed::date(text) {
        Err(problem) => problem,
        Ok(day) if week_of(day) <= brussels_day(now) => Problem::TooSoon,
        Ok(day) if week_of(day) > latest => Problem::TooLate,
        Ok(day) if week_of(day) == facts.first_week() => Problem::AlreadyDone,
        Ok(day) => return Change::Start(week_of(day)),
    };
    invalid.add("start", problem);
    Change::Nothing
}

/// A sentence, not a word: who reads it must be able to judge by it.
pub fn reason(text: &str, field: &str, invalid: &mut Invalid) {
    let words = text.split_whitespace().count();
    if words == 0 {
        invalid.add(field, Problem::ReasonRequired);
    } else if words < WHY_WORDS_MIN {
        invalid.add(field, Problem::TooFewWords { min: 5 });
    } else if text.chars().count() > WHY_MAX {
        invalid.add(field, Problem::TooLong { max: 2_000 });
    } else if text.chars().any(|character| character.is_control() && !"\n\r\t".contains(character)) {
        invalid.add(field, Problem::ControlCharacters);
    }
}

/// What an allocation becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub slots: Slots,
    pub granted: GpuTime,
    /// What the ledger holds afterwards.
    pub left: GpuTime,
    /// It ends at once: nothing was used and nothing is left.
    pub ends: bool,
}

impl Effect {
    fn of(facts: &Facts) -> Self {
        Self { slots: facts.slots.clone(), granted: facts.granted, left: facts.left, ends: false }
    }
}

/// What this change makes of the allocation. `keeps_end` is for hours given back: the weeks stay booked to the end.
pub fn effect(
    kind: Kind,
    change: Change,
    keeps_end: bool,
    facts: &Facts,
    now: DateTime<Utc>,
) -> Result<Effect, Overflow> {
    let before = Effect::of(facts);
    Ok(match (kind, change) {
        (Kind::Supplement | Kind::Advance, Change::Hours(more)) => {
            let left = facts.left.checked_add(more)?;
            Effect { slots: enough(left, facts, now)?, granted: facts.granted.checked_add(more)?, left, ends: false }
        }
        (Kind::HandBack, Change::Hours(less)) => given_back(less, keeps_end, facts, now)?,
        (Kind::Extension, Change::Weeks(weeks)) => {
            let mut slots: Vec<Slot> = facts.slots.iter().copied().collect();
            if let Some(last) = slots.last_mut() {
                last.weeks = last.weeks.saturating_add(weeks);
            }
            Effect { slots: made_of(slots)?, ..before }
        }
        (Kind::Transfer, Change::Start(monday)) => {
            let later = monday - facts.first_week();
            let moved = |slot: &Slot| Slot { first_week: slot.first_week + later, ..*slot };
            Effect { slots: made_of(facts.slots.iter().map(moved).collect())?, ..before }
        }
        _ => before,
    })
}

/// What keeps the order of slots that were in order.
fn made_of(slots: Vec<Slot>) -> Result<Slots, Overflow> {
    Slots::of(slots).ok_or(Overflow)
}

/// The same slots with GPUs that can do so much in the time that remains; never fewer than there are. What is over
/// stays as it was, the others get equally many more.
fn enough(left: GpuTime, facts: &Facts, now: DateTime<Utc>) -> Result<Slots, Overflow> {
    let remains = |slot: &Slot| {
        let from = now.max(start_of_day(slot.first_week));
        (start_of_day(slot.end()) - from).num_seconds().max(0)
    };
    let seconds: i64 = facts.slots.iter().map(remains).sum();
    let can_do: i64 = facts.slots.iter().map(|slot| remains(slot).saturating_mul(slot.gpus)).sum();
    let missing = left.as_seconds().saturating_sub(can_do).max(0);
    let more = if missing == 0 { 0 } else { (missing - 1) / seconds.max(1) + 1 };
    let grown = |slot: &Slot| Slot { gpus: slot.gpus + if remains(slot) > 0 { more } else { 0 }, ..*slot };
    made_of(facts.slots.iter().map(grown).collect())
}

/// The week that runs stays as it is; of those to come, the last are freed that the rest does not need.
fn given_back(less: GpuTime, keeps_end: bool, facts: &Facts, now: DateTime<Utc>) -> Result<Effect, Overflow> {
    let (left, granted) = (facts.left.checked_sub(less)?, facts.granted.checked_sub(less)?);
    if left <= GpuTime::ZERO && facts.used <= GpuTime::ZERO {
        return Ok(Effect { left: GpuTime::ZERO, ends: true, ..Effect::of(facts) });
    }
    if keeps_end && left > GpuTime::ZERO {
        return Ok(Effect { slots: facts.slots.clone(), granted, left, ends: false });
    }
    Ok(Effect { slots: needed(left, facts, now)?, granted, left, ends: false })
}

/// The weeks up to and with the one that runs, and of the later ones as many as the rest needs; at least one week.
fn needed(left: GpuTime, facts: &Facts, now: DateTime<Utc>) -> Result<Slots, Overflow> {
    let free_from = next_week(week_of(brussels_day(now)));
    let mut rest = left.as_seconds();
    let mut kept: Vec<Slot> = Vec::new();
    for (monday, slot) in facts.slots.mondays() {
        let runs = monday < free_from;
        if !runs && rest <= 0 && !kept.is_empty() {
            break;
        }
        let from = now.max(start_of_day(monday));
        let until = start_of_day(next_week(monday));
        rest -= (until - from).num_seconds().max(0).saturating_mul(slot.gpus);
        match kept.last_mut() {
            Some(last) if last.end() == monday && last.gpus == slot.gpus => last.weeks += 1,
            _ => kept.push(Slot { first_week: monday, weeks: 1, ..slot }),
        }
    }
    made_of(kept)
}

/// What is left of the later allocation after an advance: its last weeks are freed if the rest does not need them.
pub fn deducted(advance: GpuTime, later: &Facts, now: DateTime<Utc>) -> Result<Effect, Overflow> {
    given_back(advance, false, later, now)
}

/// What an officer decides; `None` refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub awarded: Option<Change>,
    pub reason: String,
}

/// What an officer typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypedDecision {
    pub outcome: String,
    /// Hours or weeks to award; a start is awarded as it was asked for.
    pub amount: String,
    pub reason: String,
}

/// Reads a decision on what was asked for. Not more than that can be awarded. Errors by field: `outcome`, `amount`,
/// `reason`.
pub fn decide(typed: &TypedDecision, asked: Change) -> Result<Decided, Invalid> {
    let mut invalid = Invalid::default();
    let awarded = match typed.outcome.as_str() {
        "approved" => Some(match asked {
            Change::Hours(most) => hours(&typed.amount, "amount", most, &mut invalid),
            Change::Weeks(most) => {
                let weeks = whole(&typed.amount, "amount", i64::from(most), &mut invalid);
                Change::Weeks(i32::try_from(weeks).unwrap_or_default())
            }
            other => other,
        }),
        "refused" => None,
        _ => {
            invalid.add("outcome", Problem::Required);
            None
        }
    };
    reason(&typed.reason, "reason", &mut invalid);
    invalid.or(Decided { awarded, reason: typed.reason.trim().to_owned() })
}

/// Whether this officer may decide it at all: not again what they refused, and no supplement where they awarded less
/// than was asked for. That is the remedy such decisions name.
pub fn may_decide(
    kind: Kind,
    me: PersonId,
    refused: &[(Kind, PersonId)],
    awarded_less: &[PersonId],
) -> Result<(), Problem> {
    let is_again = refused.contains(&(kind, me)) || (kind == Kind::Supplement && awarded_less.contains(&me));
    if is_again { Err(Problem::TookPart) } else { Ok(()) }
}

/// Whether this officer may sign what another decided.
pub fn countersign(decided_by: PersonId, me: PersonId) -> Result<(), Problem> {
    if decided_by == me { Err(Problem::SecondSignatureSame) } else { Ok(()) }
}

#[cfg(test)]
#[path = "action_tests.rs"]
mod tests;
