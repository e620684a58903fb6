//! The de minimis ceiling: what is left of it, and what could be had instead of a grant that does not fit.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Counted, of_hours, window};
use crate::{
    gpu::GpuTime,
    money::{Money, Overflow},
    pricing::{Quote, Regime},
};

type Day = (i32, u32, u32);

/// First day, last day, last day of the tail, and cents that a Member State may grant an undertaking in three years.
/// Reg. (EU) 2023/2831, Art. 3(2): EUR 300,000; Art. 8: from 1 January 2024 until 31 December 2030, and for schemes
/// that fulfil its conditions six months longer (Art. 7(3)).
const CEILINGS: &[(Day, Day, Day, i64)] = &[((2024, 1, 1), (2030, 12, 31), (2031, 6, 30), 30_000_000)];

/// Divisions of NACE Rev. 2.1 whose primary production is outside the Regulation: Art. 1(1)(c) agricultural products,
/// and Art. 1(1)(a) fishery and aquaculture products; from the first day on.
const EXCLUDED_SECTORS: &[(&str, Day)] = &[("01", (2024, 1, 1)), ("03", (2024, 1, 1))];

fn day((y, m, d): Day) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or(NaiveDate::MAX)
}

/// The ceiling for grants of that day; `None` where no Regulation covers them. `has_tail`: the scheme says that it
/// uses the months after the Regulation's end.
pub fn on(granted_on: NaiveDate, has_tail: bool) -> Option<Money> {
    let covers = |(first, last, tail, _): &&(Day, Day, Day, i64)| {
        day(*first) <= granted_on && granted_on <= day(if has_tail { *tail } else { *last })
    };
    CEILINGS.iter().find(covers).map(|(.., cents)| Money::cents(*cents))
}

/// Whether an undertaking of this activity is outside the Regulation. One that is also active elsewhere, with its
/// activities or accounts kept apart, is in it for those (Art. 1(2)): its main activity is what the register has.
pub fn excludes(nace: &str, on: NaiveDate) -> bool {
    let division = nace.get(..2).unwrap_or_default();
    EXCLUDED_SECTORS.iter().any(|(excluded, from)| *excluded == division && day(*from) <= on)
}

/// What is left for a grant of that day, and what counted against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub ceiling: Money,
    /// What counts on that day, oldest first.
    pub counted: Vec<Counted>,
    pub used: Money,
    /// Never less than nothing.
    pub left: Money,
}

/// The room for a grant of `on`. Every period of three years that the grant is in must hold, so where later aid is
/// known already (a grant entered late), the fullest of them decides.
pub fn room(ceiling: Money, aid: &[Counted], on: NaiveDate) -> Result<Room, Overflow> {
    let sum =
        |on: NaiveDate| Money::sum(aid.iter().filter(|one| window::counts(one.granted_on, on)).map(|one| one.amount));
    let last = window::free_on(on);
    let later = aid.iter().map(|one| one.granted_on).filter(|day| on < *day && *day < last);
    let mut fullest = sum(on)?;
    for day in later {
        fullest = fullest.max(sum(day)?);
    }
    let mut counted: Vec<Counted> = aid.iter().filter(|one| window::counts(one.granted_on, on)).cloned().collect();
    counted.sort_by_key(|one| one.granted_on);
    let left = ceiling.checked_sub(fullest)?.max(Money::ZERO);
    Ok(Room { ceiling, counted, used: fullest, left })
}

impl Room {
    /// One cent too much and the whole grant is outside the Regulation, not only what is too much (Art. 3(7)).
    pub fn fits(&self, amount: Money) -> bool {
        amount <= self.left
    }

    /// The first day on which so much would fit, if nothing else is granted meanwhile; `None` above the ceiling.
    pub fn fits_on(&self, amount: Money) -> Option<NaiveDate> {
        let mut left = self.left;
        let mut days: Vec<(NaiveDate, Money)> =
            self.counted.iter().map(|one| (window::free_on(one.granted_on), one.amount)).collect();
        days.sort_unstable_by_key(|(day, _)| *day);
        days.into_iter().find_map(|(day, amount_freed)| {
            left = left.checked_add(amount_freed).ok()?;
            (amount <= left).then_some(day)
        })
    }
}

/// What could be had instead of a grant that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Alternative {
    /// The most whole GPU-hours that still fit, with their amount.
    FewerHours { gpu_time: GpuTime, amount: Money },
    /// Money of another pot that is no aid, or aid under a Regulation without this ceiling.
    OtherPot { pot: String, regime: Regime },
    /// All the hours, with so much more of one's own.
    PayDifference { amount: Money },
    /// The same grant, when enough has left the three years.
    Later { on: NaiveDate },
}

/// The alternatives to so much GPU time at that frozen price. `pots` are those that pay this class something.
pub fn alternatives(
    room: &Room,
    quote: &Quote,
    wanted: GpuTime,
    pots: &[(String, Regime)],
) -> Result<Vec<Alternative>, Overflow> {
    let amount = of_hours(quote, wanted)?;
    let mut found = Vec::new();
    let hours = most_hours(room.left, quote, wanted)?;
    if hours > GpuTime::ZERO {
        found.push(Alternative::FewerHours { gpu_time: hours, amount: of_hours(quote, hours)? });
    }
    let others = pots.iter().filter(|(pot, regime)| *pot != quote.pot && *regime != Regime::DeMinimis);
    found.extend(others.map(|(pot, regime)| Alternative::OtherPot { pot: pot.clone(), regime: *regime }));
    let more = amount.checked_sub(room.left)?;
    if more > Money::ZERO {
        found.push(Alternative::PayDifference { amount: more });
    }
    found.extend(room.fits_on(amount).map(|on| Alternative::Later { on }));
    Ok(found)
}

/// The most whole GPU-hours, at most `wanted`, whose amount is not above `left`.
fn most_hours(left: Money, quote: &Quote, wanted: GpuTime) -> Result<GpuTime, Overflow> {
    let (mut fits, mut too_many) = (0, wanted.whole_hours().saturating_add(1));
    while too_many - fits > 1 {
        let middle = fits + (too_many - fits) / 2;
        if of_hours(quote, GpuTime::hours(middle)?)? <= left {
            fits = middle;
        } else {
            too_many = middle;
        }
    }
    GpuTime::hours(fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        gpu::GpuModel,
        id::OrganisationId,
        money::{BasisPoints, Rate},
        vat::Treatment,
    };

    fn at(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn aid(euros: i64, granted_on: NaiveDate) -> Counted {
        Counted {
            organisation: OrganisationId::from_uuid(uuid::Uuid::from_u128(1)),
            amount: Money::cents(euros * 100),
            granted_on,
            grant: None,
            authority: String::new(),
        }
    }

    fn free(micro: i64) -> Quote {
        Quote {
            model: GpuModel::H100,
            gpu_time: GpuTime::ZERO,
            list_rate: Rate::micro_euro(micro),
            list: Money::ZERO,
            subsidy_share: BasisPoints::WHOLE,
            subsidy: Money::ZERO,
            pot: "participating_state".to_owned(),
            regime: Regime::DeMinimis,
            own: Money::ZERO,
            vat_treatment: Treatment::Domestic,
            vat_rate: BasisPoints::ZERO,
            vat: Money::ZERO,
            due: Money::ZERO,
            priced_on: at(2026, 11, 23),
            price_source: String::new(),
            derivation: None,
        }
    }

    fn ceiling() -> Money {
        on(at(2026, 11, 28), false).unwrap()
    }

    #[test]
    fn the_regulation_has_its_days() {
        assert_eq!(ceiling(), Money::cents(30_000_000));
        assert_eq!(on(at(2023, 12, 31), false), None);
        assert_eq!(on(at(2030, 12, 31), false), Some(Money::cents(30_000_000)));
        assert_eq!(on(at(2031, 1, 1), false), None);
        assert_eq!(on(at(2031, 1, 1), true), Some(Money::cents(30_000_000)));
        assert_eq!(on(at(2031, 7, 1), true), None);
    }

    #[test]
    fn primary_production_is_outside() {
        for (nace, out) in
            [("01", true), ("01.11", true), ("03.21", true), ("02.10", false), ("10.20", false), ("", false)]
        {
            assert_eq!(excludes(nace, at(2026, 11, 28)), out, "{nace}");
        }
    }

    /// What fills the ceiling if it is wholly free, at four reference prices, and that one hour more does not fit.
    #[test]
    fn the_most_hours_that_fit() {
        let room = room(ceiling(), &[], at(2026, 11, 28)).unwrap();
        for (micro, hours) in [(1_030_000, 291_262), (2_500_000, 120_000), (4_500_000, 66_666), (6_000_000, 50_000)] {
            let most = most_hours(room.left, &free(micro), GpuTime::hours(2_400_000).unwrap()).unwrap();
            assert_eq!(most.whole_hours(), hours, "{micro}");
            let more = GpuTime::hours(hours + 1).unwrap();
            assert!(!room.fits(of_hours(&free(micro), more).unwrap()));
        }
    }

    #[test]
    fn one_euro_over_and_the_whole_grant_is_refused() {
        let before = [aid(250_000, at(2024, 6, 1)), aid(49_999, at(2025, 6, 1))];
        let room = room(ceiling(), &before, at(2026, 11, 28)).unwrap();
        assert_eq!((room.used, room.left), (Money::cents(29_999_900), Money::cents(100)));
        assert!(room.fits(Money::cents(100)) && !room.fits(Money::cents(101)));
        assert!(!room.fits(Money::cents(200)));
    }

    #[test]
    fn a_late_entry_may_not_fill_a_later_period() {
        // Today 200,000 are known of next month's first day (entered by a merger); 150,000 today would overfill that.
        let later = [aid(200_000, at(2026, 12, 1))];
        let room = room(ceiling(), &later, at(2026, 11, 28)).unwrap();
        assert_eq!((room.used, room.left), (Money::cents(20_000_000), Money::cents(10_000_000)));
        assert!(room.counted.is_empty());
    }

    #[test]
    fn what_could_be_had_instead() {
        let before = [aid(200_000, at(2024, 1, 10)), aid(90_000, at(2025, 6, 1))];
        let room = room(ceiling(), &before, at(2026, 11, 28)).unwrap();
        let pots = [
            ("participating_state".to_owned(), Regime::DeMinimis),
            ("union".to_owned(), Regime::UnionResources),
            ("national_fr".to_owned(), Regime::DeMinimis),
            ("participating_state_gber".to_owned(), Regime::Gber),
        ];
        let found = alternatives(&room, &free(2_500_000), GpuTime::hours(5_000).unwrap(), &pots).unwrap();
        let expected = [
            Alternative::FewerHours { gpu_time: GpuTime::hours(4_000).unwrap(), amount: Money::cents(1_000_000) },
            Alternative::OtherPot { pot: "union".to_owned(), regime: Regime::UnionResources },
            Alternative::OtherPot { pot: "participating_state_gber".to_owned(), regime: Regime::Gber },
            Alternative::PayDifference { amount: Money::cents(250_000) },
            Alternative::Later { on: at(2027, 1, 10) },
        ];
        assert_eq!(found, expected);
        let never = alternatives(&room, &free(6_000_000), GpuTime::hours(50_001).unwrap(), &[]).unwrap();
        assert!(!never.iter().any(|one| matches!(one, Alternative::Later { .. })), "{never:?}");
    }

    proptest! {
        #[test]
        fn the_most_hours_fit_and_one_more_does_not(left in 0_i64..30_000_000, micro in 1_000_000_i64..6_000_000) {
            let wanted = GpuTime::hours(1_000_000).unwrap();
            let most = most_hours(Money::cents(left), &free(micro), wanted).unwrap();
            prop_assert!(of_hours(&free(micro), most).unwrap() <= Money::cents(left));
            let more = GpuTime::hours(most.whole_hours() + 1).unwrap();
            prop_assert!(of_hours(&free(micro), more).unwrap() > Money::cents(left));
        }
    }
}
