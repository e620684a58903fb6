//! The programme in figures: applications by what became of them, and how long decisions took.
//!
//! What is counted is what was so on the first day of the month, so that two readings of one month never differ by a
//! single application. Refuses to show small numbers: that is `suppression`'s.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::{
    calendar::working_days_between,
    country::Country,
    mode::{Code, Mode},
    money::BasisPoints,
    organisation::SizeClass,
    period::{Month, brussels_day},
    suppression::{self, Shown},
};

/// What became of an application: the columns of every table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    Approved,
    Refused,
    /// Withdrawn, or without an answer on the day counted.
    Other,
}

impl Fate {
    pub const ALL: [Self; 3] = [Self::Approved, Self::Refused, Self::Other];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Other => "other",
        }
    }
}

/// One application, as statistics see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub mode: Code,
    pub country: Country,
    pub size_class: Option<SizeClass>,
    pub submitted_at: DateTime<Utc>,
    /// `None` while undecided, and where it was withdrawn.
    pub decided: Option<(bool, DateTime<Utc>)>,
    pub due_at: Option<DateTime<Utc>>,
}

/// The rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    Quarter,
    Country,
    SizeClass,
    Mode,
}

impl By {
    pub const ALL: [Self; 4] = [Self::Quarter, Self::Country, Self::SizeClass, Self::Mode];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Quarter => "quarter",
            Self::Country => "country",
            Self::SizeClass => "size-class",
            Self::Mode => "mode",
        }
    }

    /// The row that an application counts in.
    fn row(self, one: &Counted) -> String {
        match self {
            Self::Quarter => quarter(brussels_day(one.submitted_at)),
            Self::Country => one.country.code().to_owned(),
            Self::SizeClass => one.size_class.map_or("unknown", SizeClass::code).to_owned(),
            Self::Mode => one.mode.code().to_owned(),
        }
    }
}

/// `2026-Q4`.
fn quarter(day: NaiveDate) -> String {
    format!("{}-Q{}", day.year(), day.month0() / 3 + 1)
}

/// A row as it is published: a count for each [`Fate`], and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A quarter, or a code; empty for the sum of all rows.
    pub code: String,
    pub counts: Vec<Shown>,
}

impl Row {
    pub fn count(&self, fate: Fate) -> Shown {
        let place = Fate::ALL.iter().position(|one| *one == fate).unwrap_or_default();
        self.counts.get(place).copied().unwrap_or(Shown::Hidden)
    }

    pub fn all(&self) -> Shown {
        self.counts.last().copied().unwrap_or(Shown::Hidden)
    }

    /// Approved of all decided, where both may be shown.
    pub fn success(&self) -> Option<BasisPoints> {
        let approved = self.count(Fate::Approved).count()?;
        share(approved, approved + self.count(Fate::Refused).count()?)
    }
}

/// Applications by one property. The rows in order; then the sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub by: By,
    pub rows: Vec<Row>,
    pub sum: Row,
}

/// How long the decisions of a mode took, in working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    pub mode: Code,
    pub promised: i64,
    /// The middle and the ninth of ten; `None` where so few were decided that they would tell of single ones.
    pub taken: Option<(i64, i64)>,
}

/// Everything that is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// What had happened before this day is counted.
    pub until: NaiveDate,
    pub tables: Vec<Table>,
    pub days: Vec<Days>,
    /// Decisions that came within the time promised; `None` of too few.
    pub kept: Option<BasisPoints>,
}

/// Counts what had happened by the first of this month.
pub fn count(all: &[Counted], modes: &[Mode], now: DateTime<Utc>) -> Statistics {
    let month = Month::of(now);
    let until = month.period().start;
    let counted: Vec<Counted> = all
        .iter()
        .filter(|one| one.submitted_at < until)
        .map(|one| Counted { decided: one.decided.filter(|(_, at)| *at < until), ..one.clone() })
        .collect();
    let tallies: Vec<(By, BTreeMap<String, Vec<i64>>)> =
        By::ALL.into_iter().map(|by| (by, tally(by, &counted))).collect();
    let sums: Vec<suppression::Table<i64>> =
        tallies.iter().map(|(_, rows)| suppression::with_sums(&rows.values().cloned().collect::<Vec<_>>())).collect();
    let shown = suppression::protect(&sums);
    let tables = tallies.into_iter().zip(shown).map(|((by, rows), mut shown)| {
        let sum = Row { code: String::new(), counts: shown.pop().unwrap_or_default() };
        let rows = rows.into_keys().zip(shown).map(|(code, counts)| Row { code, counts }).collect();
        Table { by, rows, sum }
    });
    Statistics { until: month.first_day(), tables: tables.collect(), days: days(&counted, modes), kept: kept(&counted) }
}

fn tally(by: By, counted: &[Counted]) -> BTreeMap<String, Vec<i64>> {
    let mut rows: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for one in counted {
        let fate = match one.decided {
            Some((true, _)) => Fate::Approved,
            Some((false, _)) => Fate::Refused,
            None => Fate::Other,
        };
        let counts = rows.entry(by.row(one)).or_insert_with(|| vec![0; Fate::ALL.len()]);
        for (place, count) in counts.iter_mut().enumerate() {
            *count += i64::from(Fate::ALL.get(place) == Some(&fate));
        }
    }
    rows
}

fn days(counted: &[Counted], modes: &[Mode]) -> Vec<Days> {
    modes
        .iter()
        .map(|mode| {
            let decided = counted.iter().filter(|one| one.mode == mode.code);
            let mut taken: Vec<i64> = decided.filter_map(|one| taken(one, mode)).collect();
            taken.sort_unstable();
            let enough = i64::try_from(taken.len()).unwrap_or(i64::MAX) >= suppression::LEAST_SHOWN;
            let of = |percent| nearest_rank(&taken, percent);
            let taken = of(50).zip(of(90)).filter(|_| enough);
            Days { mode: mode.code, promised: i64::from(mode.working_days), taken }
        })
        .collect()
}

/// From submission, or from the cut-off that the promise counts from.
fn taken(one: &Counted, mode: &Mode) -> Option<i64> {
    let (_, decided) = one.decided?;
    let from = if mode.is_always_open() { one.submitted_at } else { mode.next_cut_off(one.submitted_at)? };
    Some(working_days_between(brussels_day(from), brussels_day(decided)))
}

/// The smallest value that so many per cent do not exceed.
fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

fn kept(counted: &[Counted]) -> Option<BasisPoints> {
    let decided: Vec<bool> = counted.iter().filter_map(|one| Some(one.decided?.1 <= one.due_at?)).collect();
    let all = i64::try_from(decided.len()).unwrap_or(i64::MAX);
    let kept = i64::try_from(decided.iter().filter(|is_kept| **is_kept).count()).unwrap_or(i64::MAX);
    if all < suppression::LEAST_SHOWN { None } else { share(kept, all) }
}

/// Whole per cent, so that no denominator can be read from it; `None` of nothing.
pub fn share(part: i64, whole: i64) -> Option<BasisPoints> {
    let percent = (whole > 0).then(|| (part * 200 + whole) / (whole * 2))?;
    Some(BasisPoints::new(i32::try_from(percent * 100).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> DateTime<Utc> {
        format!("{day}T09:00:00Z").parse().unwrap()
    }

    fn one(country: &str, submitted: &str, decided: Option<(bool, &str)>) -> Counted {
        Counted {
            mode: Code::PG,
            country: Country::from_code(country).unwrap(),
            size_class: Some(SizeClass::Small),
            submitted_at: at(submitted),
            decided: decided.map(|(is_approved, day)| (is_approved, at(day))),
            due_at: Some(at("2026-10-09")),
        }
    }

    fn mode() -> Mode {
        Mode {
            code: Code::PG,
            version: 1,
            valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            more_than_hours: 0,
            at_most_hours: 5_000,
            months: vec![1],
            max_gpus: 64,
            at_once: 1,
            classes: vec![SizeClass::Small],
            pot: "union".to_owned(),
            working_days: 2,
            cut_offs: Vec::new(),
            cut_off_time: chrono::NaiveTime::MIN,
            questions: Vec::new(),
            quota: BasisPoints::new(1_000),
            peer_review: false,
        }
    }

    #[test]
    fn a_month_is_counted_once_it_is_over_and_small_numbers_stay_hidden() {
        let mut all = Vec::new();
        for number in 0..20 {
            let country = if number < 10 { "FR" } else { "DE" };
            all.push(one(country, "2026-10-06", Some((number % 4 != 0, "2026-10-08"))));
        }
        for number in 0..12 {
            all.push(one(if number < 6 { "FR" } else { "DE" }, "2026-10-06", None));
        }
        all.push(one("FR", "2026-11-02", None));
        let early = count(&all, &[mode()], at("2026-10-31"));
        assert!(early.tables.iter().all(|table| table.rows.is_empty()));
        let read = count(&all, &[mode()], at("2026-11-30"));
        assert_eq!(read.until, NaiveDate::from_ymd_opt(2026, 11, 1).unwrap());
        let by_country = read.tables.iter().find(|table| table.by == By::Country).unwrap();
        let sum = &by_country.sum;
        assert_eq!(
            (sum.all(), sum.count(Fate::Approved), sum.count(Fate::Refused)),
            (Shown::Count(32), Shown::Count(15), Shown::Count(5))
        );
        assert_eq!(sum.success(), Some(BasisPoints::new(7_500)));
        for row in &by_country.rows {
            assert_eq!((row.count(Fate::Refused), row.success()), (Shown::Few, None), "{row:?}");
        }
        assert_eq!(read.days, [Days { mode: Code::PG, promised: 2, taken: Some((2, 2)) }]);
        assert_eq!(read.kept, Some(BasisPoints::new(10_000)));
    }

    #[test]
    fn percentiles_are_of_values_that_were_there() {
        assert_eq!(nearest_rank(&[], 50), None);
        let values: Vec<i64> = (1..=10).collect();
        assert_eq!((nearest_rank(&values, 50), nearest_rank(&values, 90)), (Some(5), Some(9)));
        assert_eq!(nearest_rank(&[7], 90), Some(7));
        assert_eq!(
            (share(1, 3), share(2, 3), share(0, 0)),
            (Some(BasisPoints::new(3_300)), Some(BasisPoints::new(6_700)), None)
        );
    }
}
