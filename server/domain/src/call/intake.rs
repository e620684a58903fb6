//! When applications are taken: from a day on, always, by cut-offs or until one deadline, until the last place is
//! taken or the pot is empty.
//!
//! Instants are wall-clock times in Brussels. What comes at the very second of a cut-off is late for it.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::State;
use crate::{
    money::Money,
    period::{brussels_instant, start_of_day},
};

/// How time closes a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Not at all.
    Always,
    /// By several cut-offs; after the last it is closed.
    CutOffs,
    /// At one instant.
    Deadline,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Always, Self::CutOffs, Self::Deadline];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::CutOffs => "cut_offs",
            Self::Deadline => "deadline",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What closed a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "officer"))]
    Officer,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "deadline"))]
    Deadline,
    /// The last place was taken.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "places"))]
    Places,
    /// The pot is empty.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "funds"))]
    Funds,
}

impl Closing {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Deadline => "deadline",
            Self::Places => "places",
            Self::Funds => "funds",
        }
    }
}

/// When and how long applications are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// From the beginning of this day; `None` from publication on.
    pub opens: Option<NaiveDate>,
    pub kind: Kind,
    /// Cut-offs in their order, or the one deadline; empty if always.
    pub days: Vec<NaiveDate>,
    /// Wall-clock time in Brussels of each of them.
    pub time: NaiveTime,
    /// The application that takes the last of them closes the call.
    pub places: Option<i64>,
    /// Subsidy of the quotes handed in at most; the call closes when it is committed.
    pub funds: Option<Money>,
}

/// What the applications handed in so far have taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Taken {
    pub places: i64,
    pub committed: Money,
}

/// Whether a call takes applications now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// From this instant on; `None` where it is not published.
    Later(Option<DateTime<Utc>>),
    /// Until or for this cut-off, if time closes it.
    Open(Option<DateTime<Utc>>),
    Closed(Closing),
}

impl Standing {
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open(_))
    }
}

impl Intake {
    pub fn opens_at(&self) -> Option<DateTime<Utc>> {
        self.opens.map(start_of_day)
    }

    /// The next cut-off or the deadline, if one is to come.
    pub fn round(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.rounds().filter(|at| now < *at).min()
    }

    pub fn rounds(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.days.iter().map(|day| brussels_instant(*day, self.time))
    }

    /// What is left of the pot, if it has a bottom.
    pub fn left(&self, taken: Taken) -> Option<Money> {
        let left = self.funds.map(|funds| funds.checked_sub(taken.committed).unwrap_or_default());
        left.map(|left| left.max(Money::ZERO))
    }

    /// Where a call in this state stands; `closing` is what closed it, if something already did.
    pub fn standing(&self, state: State, closing: Option<Closing>, taken: Taken, now: DateTime<Utc>) -> Standing {
        match state {
            State::Draft => return Standing::Later(None),
            State::Closed | State::Archived => return Standing::Closed(closing.unwrap_or(Closing::Officer)),
            State::Published => {}
        }
        if let Some(opens) = self.opens_at().filter(|opens| now < *opens) {
            return Standing::Later(Some(opens));
        }
        let round = self.round(now);
        if self.kind != Kind::Always && round.is_none() {
            return Standing::Closed(Closing::Deadline);
        }
        match self.closed_by(taken) {
            Some(closing) => Standing::Closed(closing),
            None => Standing::Open(round),
        }
    }

    /// What closes the call once so much is taken.
    pub fn closed_by(&self, taken: Taken) -> Option<Closing> {
        if self.places.is_some_and(|places| taken.places >= places) {
            return Some(Closing::Places);
        }
        self.funds.is_some_and(|funds| taken.committed >= funds).then_some(Closing::Funds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn intake(kind: Kind, days: &[NaiveDate], (hour, minute): (u32, u32)) -> Intake {
        Intake {
            opens: None,
            kind,
            days: days.to_vec(),
            time: NaiveTime::from_hms_opt(hour, minute, 0).unwrap(),
            places: None,
            funds: None,
        }
    }

    fn standing(intake: &Intake, now: &str) -> Standing {
        intake.standing(State::Published, None, Taken::default(), at(now))
    }

    #[test]
    fn a_deadline_is_an_instant_in_brussels_on_the_days_of_the_clock_change_too() {
        // Summer time begins on 28 March 2027 and ends on 31 October 2027.
        let cases = [
            (day(2027, 3, 26), (10, 0), "2027-03-26T09:00:00Z"),
            (day(2027, 3, 28), (10, 0), "2027-03-28T08:00:00Z"),
            // Half past two does not exist on that day: the next instant that does.
            (day(2027, 3, 28), (2, 30), "2027-03-28T01:30:00Z"),
            (day(2027, 10, 31), (10, 0), "2027-10-31T09:00:00Z"),
            // Half past two comes twice: the first counts.
            (day(2027, 10, 31), (2, 30), "2027-10-31T00:30:00Z"),
        ];
        for (on, time, instant) in cases {
            let call = intake(Kind::Deadline, &[on], time);
            let last = at(instant) - chrono::TimeDelta::nanoseconds(1);
            let open = call.standing(State::Published, None, Taken::default(), last);
            assert_eq!(open, Standing::Open(Some(at(instant))), "{on}");
            assert_eq!(standing(&call, instant), Standing::Closed(Closing::Deadline), "{on}: the very second is late");
        }
    }

    #[test]
    fn the_late_one_is_for_the_next_cut_off_and_after_the_last_it_is_closed() {
        let call = intake(Kind::CutOffs, &[day(2026, 12, 1), day(2027, 4, 1)], (10, 0));
        assert_eq!(standing(&call, "2026-12-01T08:59:59Z"), Standing::Open(Some(at("2026-12-01T09:00:00Z"))));
        assert_eq!(standing(&call, "2026-12-01T09:00:00Z"), Standing::Open(Some(at("2027-04-01T08:00:00Z"))));
        assert_eq!(standing(&call, "2027-04-01T08:00:00Z"), Standing::Closed(Closing::Deadline));
    }

    #[test]
    fn it_opens_at_midnight_in_brussels() {
        let call = Intake { opens: Some(day(2027, 7, 1)), ..intake(Kind::Always, &[], (10, 0)) };
        assert_eq!(standing(&call, "2027-06-30T21:59:59Z"), Standing::Later(Some(at("2027-06-30T22:00:00Z"))));
        assert_eq!(standing(&call, "2027-06-30T22:00:00Z"), Standing::Open(None));
    }

    #[test]
    fn the_last_place_and_the_last_euro_close_it() {
        let call = Intake { places: Some(2), funds: Some(Money::cents(1_000)), ..intake(Kind::Always, &[], (10, 0)) };
        let now = at("2026-12-01T09:00:00Z");
        let with = |places, cents| {
            call.standing(State::Published, None, Taken { places, committed: Money::cents(cents) }, now)
        };
        assert_eq!(with(1, 999), Standing::Open(None));
        assert_eq!(with(2, 0), Standing::Closed(Closing::Places));
        assert_eq!(with(0, 1_000), Standing::Closed(Closing::Funds));
        assert_eq!(call.left(Taken { places: 0, committed: Money::cents(400) }), Some(Money::cents(600)));
    }

    #[test]
    fn what_an_officer_closed_stays_closed_and_a_draft_never_was_open() {
        let call = intake(Kind::Always, &[], (10, 0));
        let now = at("2026-12-01T09:00:00Z");
        let of = |state, closing| call.standing(state, closing, Taken::default(), now);
        assert_eq!(of(State::Closed, Some(Closing::Officer)), Standing::Closed(Closing::Officer));
        assert_eq!(of(State::Archived, Some(Closing::Places)), Standing::Closed(Closing::Places));
        assert_eq!(of(State::Draft, None), Standing::Later(None));
    }
}
