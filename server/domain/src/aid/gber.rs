//! The general block exemption, Reg. (EU) No 651/2014: how much of a cost may be aid, for whom and until when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Article;
use crate::{
    money::{BasisPoints, Money, Overflow},
    organisation::SizeClass,
};

type Day = (i32, u32, u32);

/// First day, last day, last day of schemes that say they use the tail. Art. 59: until 31 December 2026; Art. 58(4):
/// schemes stay exempted for six months. What comes after is a row of its own once it is law.
const PERIODS: &[(Day, Day, Day)] = &[((2014, 7, 1), (2026, 12, 31), (2027, 6, 30))];

/// What of the cost may be aid, in hundredths of a percent: large, medium, small; whether the bonus may be added; first
/// day. Art. 25(5)(a) to (d) with the bonus of Art. 25(6)(a) for medium (+10) and small enterprises (+20) and of
/// Art. 25(7) for feasibility studies; Art. 28(4): support services of SMEs up to the whole.
type Intensity = (Article, i32, i32, i32, bool, Day);
const INTENSITIES: &[Intensity] = &[
    (Article::Fundamental, 10_000, 10_000, 10_000, false, (2014, 7, 1)),
    (Article::Industrial, 5_000, 6_000, 7_000, true, (2014, 7, 1)),
    (Article::Experimental, 2_500, 3_500, 4_500, true, (2014, 7, 1)),
    (Article::Feasibility, 5_000, 6_000, 7_000, false, (2014, 7, 1)),
    (Article::SmeSupport, 0, 10_000, 10_000, false, (2014, 7, 1)),
];

/// For effective collaboration, wide dissemination and the like, and how far it may go: Art. 25(6)(b).
const BONUSES: &[(i32, i32, Day)] = &[(1_500, 8_000, (2014, 7, 1))];

/// Cents that support services may be aided with at most, an undertaking and three years: Art. 28(4), raised from
/// EUR 200,000 by Reg. (EU) 2023/1315.
const SUPPORT_CAPS: &[(i64, Day)] = &[(20_000_000, (2014, 7, 1)), (22_000_000, (2023, 7, 1))];

fn day((y, m, d): Day) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or(NaiveDate::MAX)
}

/// The last day of exempted grants in the period of that day; `None` where no row covers it.
pub fn in_force_until(granted_on: NaiveDate, has_tail: bool) -> Option<NaiveDate> {
    PERIODS
        .iter()
        .map(|(first, last, tail)| (day(*first), day(if has_tail { *tail } else { *last })))
        .find(|(first, last)| *first <= granted_on && granted_on <= *last)
        .map(|(_, last)| last)
}

/// How much of the cost may be aid; `None` where the article is not for this size at all.
pub fn intensity(article: Article, size: SizeClass, has_bonus: bool, on: NaiveDate) -> Option<BasisPoints> {
    let (_, large, medium, small, takes_bonus, _) =
        INTENSITIES.iter().rev().find(|(of, .., from)| *of == article && day(*from) <= on)?;
    let base = match size {
        SizeClass::Micro | SizeClass::Small => *small,
        SizeClass::Medium => *medium,
        SizeClass::SmallMidCap | SizeClass::Large => *large,
    };
    if base == 0 {
        return None;
    }
    let bonus = BONUSES.iter().rev().find(|(.., from)| day(*from) <= on);
    let with = match bonus {
        Some((points, cap, _)) if has_bonus && *takes_bonus => (base + points).min(*cap).max(base),
        _ => base,
    };
    Some(BasisPoints::new(with))
}

/// The most that support services may be aided with in three years; `None` for articles without such a cap.
pub fn cap(article: Article, on: NaiveDate) -> Option<Money> {
    let row = SUPPORT_CAPS.iter().rev().find(|(_, from)| day(*from) <= on);
    row.filter(|_| article == Article::SmeSupport).map(|(cents, _)| Money::cents(*cents))
}

/// Aid for the same costs together, held against the highest intensity (Art. 8(3)(b)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cumulated {
    pub aid: Money,
    pub most: Money,
}

impl Cumulated {
    pub fn holds(&self) -> bool {
        self.aid <= self.most
    }
}

pub fn cumulated(aid: Money, others: Money, cost: Money, intensity: BasisPoints) -> Result<Cumulated, Overflow> {
    Ok(Cumulated { aid: aid.checked_add(others)?, most: cost.share(intensity)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    /// Large, medium, small without and with the bonus.
    #[test]
    fn the_table_of_intensities() {
        use Article::{Experimental, Feasibility, Fundamental, Industrial, SmeSupport};
        type Row = (Article, [Option<i32>; 3], [Option<i32>; 3]);
        let whole = [Some(10_000); 3];
        let sme = [None, Some(10_000), Some(10_000)];
        let feasible = [Some(5_000), Some(6_000), Some(7_000)];
        let table: [Row; 5] = [
            (Fundamental, whole, whole),
            (Industrial, [Some(5_000), Some(6_000), Some(7_000)], [Some(6_500), Some(7_500), Some(8_000)]),
            (Experimental, [Some(2_500), Some(3_500), Some(4_500)], [Some(4_000), Some(5_000), Some(6_000)]),
            (Feasibility, feasible, feasible),
            (SmeSupport, sme, sme),
        ];
        for (article, plain, bonus) in table {
            for (has_bonus, expected) in [(false, plain), (true, bonus)] {
                let sizes = [SizeClass::Large, SizeClass::Medium, SizeClass::Small];
                let found = sizes.map(|size| intensity(article, size, has_bonus, at(2026, 6, 1)).map(BasisPoints::get));
                assert_eq!(found, expected, "{article:?} {has_bonus}");
            }
        }
        assert_eq!(intensity(Article::DeMinimis, SizeClass::Small, false, at(2026, 6, 1)), None);
        let mid_cap = intensity(Industrial, SizeClass::SmallMidCap, false, at(2026, 6, 1));
        assert_eq!(mid_cap, Some(BasisPoints::new(5_000)), "a small mid-cap is large here");
    }

    #[test]
    fn rows_go_by_the_day_of_the_grant() {
        assert_eq!(in_force_until(at(2026, 12, 31), false), Some(at(2026, 12, 31)));
        assert_eq!(in_force_until(at(2027, 1, 1), false), None);
        assert_eq!(in_force_until(at(2027, 1, 1), true), Some(at(2027, 6, 30)));
        assert_eq!(in_force_until(at(2027, 7, 1), true), None);
        assert_eq!(cap(Article::SmeSupport, at(2023, 6, 30)), Some(Money::cents(20_000_000)));
        assert_eq!(cap(Article::SmeSupport, at(2026, 6, 1)), Some(Money::cents(22_000_000)));
        assert_eq!(cap(Article::Industrial, at(2026, 6, 1)), None);
    }

    #[test]
    fn aid_for_the_same_costs_adds_up() {
        let of = |aid, others| {
            cumulated(Money::cents(aid), Money::cents(others), Money::cents(1_000), BasisPoints::new(7_000)).unwrap()
        };
        assert!(of(700, 0).holds() && of(400, 300).holds());
        assert!(!of(700, 1).holds());
    }
}
