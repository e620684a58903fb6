//! The figures and owners of an organisation as a form gives them, read and checked all at once.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Direction, Figures, HolderKind, Staff, Year};
use crate::{
    money::{BasisPoints, Money},
    problem::{Invalid, Problem},
    typed,
};

/// How many years a form takes: two decide, a third shows what came before.
pub const YEARS: usize = 3;

/// Values by field name, as typed.
pub type Typed = BTreeMap<String, String>;

fn text<'a>(typed: &'a Typed, field: &str) -> &'a str {
    typed.get(field).map_or("", |value| value.trim())
}

/// A number that may not be negative, in hundredths.
fn amount(text: &str) -> Result<i64, Problem> {
    typed::decimal(text, 2).and_then(|value| if value < 0 { Err(Problem::TooSmall { min: 0 }) } else { Ok(value) })
}

fn figures(typed: &Typed, prefix: &str, invalid: &mut Invalid) -> Figures {
    let mut read = |name: &str| {
        let field = format!("{prefix}{name}");
        amount(text(typed, &field)).unwrap_or_else(|problem| {
            invalid.add(&field, problem);
            0
        })
    };
    Figures {
        staff: Staff::hundredths(read("staff")),
        turnover: Money::cents(read("turnover")),
        balance: Money::cents(read("balance")),
    }
}

/// The years of fields `year1_ends`, `year1_staff`, `year1_turnover`, `year1_balance`, `year1_estimated` and so on:
/// the first is required, others may be left empty.
pub fn read_years(typed: &Typed, today: NaiveDate) -> Result<Vec<Year>, Invalid> {
    let mut invalid = Invalid::default();
    let mut years: Vec<Year> = Vec::new();
    for number in 1..=YEARS {
        let prefix = format!("year{number}_");
        let is_empty = ["ends", "staff", "turnover", "balance"]
            .iter()
            .all(|name| text(typed, &format!("{prefix}{name}")).is_empty());
        if is_empty && number > 1 {
            continue;
        }
        let estimated = !text(typed, &format!("{prefix}estimated")).is_empty();
        let field = format!("{prefix}ends");
        let ends = typed::date(text(typed, &field)).and_then(|day| {
            if day > today && !estimated {
                Err(Problem::InTheFuture)
            } else if years.iter().any(|year| year.ends == day) {
                Err(Problem::Taken)
            } else {
                Ok(day)
            }
        });
        let ends = ends.unwrap_or_else(|problem| {
            invalid.add(&field, problem);
            today
        });
        years.push(Year { ends, figures: figures(typed, &prefix, &mut invalid), estimated });
    }
    years.sort_by_key(|year| std::cmp::Reverse(year.ends));
    invalid.or(years)
}

/// One owner or holding, without its place in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub name: String,
    pub direction: Direction,
    pub kind: HolderKind,
    pub share: BasisPoints,
    pub controls: bool,
    pub acts_with: Option<i32>,
    pub figures: Option<Figures>,
}

/// The owner of fields `name`, `direction`, `kind`, `share` (percent), `controls`, `acts_with`, `staff`, `turnover`
/// and `balance`; figures are given together or not at all. `others` is what the same side already holds.
pub fn read_owner(typed: &Typed, others: BasisPoints) -> Result<Owner, Invalid> {
    let mut invalid = Invalid::default();
    let name = typed::line(text(typed, "name"), 200).unwrap_or_else(|problem| {
        invalid.add("name", problem);
        String::new()
    });
    let direction = Direction::from_code(text(typed, "direction"));
    if direction.is_none() {
        invalid.add("direction", Problem::NotAChoice);
    }
    let kind = HolderKind::from_code(text(typed, "kind"));
    if kind.is_none() {
        invalid.add("kind", Problem::NotAChoice);
    }
    let share = amount(text(typed, "share")).and_then(|points| match i32::try_from(points) {
        Ok(points) if points > BasisPoints::WHOLE.get() => Err(Problem::TooLarge { max: 100 }),
        Ok(points) if direction == Some(Direction::Upstream) && points + others.get() > BasisPoints::WHOLE.get() => {
            Err(Problem::SharesOverWhole)
        }
        Ok(points) => Ok(BasisPoints::new(points)),
        Err(_) => Err(Problem::TooLarge { max: 100 }),
    });
    let share = share.unwrap_or_else(|problem| {
        invalid.add("share", problem);
        BasisPoints::ZERO
    });
    let group = typed::optional(text(typed, "acts_with"), |text| text.parse::<i32>().map_err(|_| Problem::NotANumber));
    let acts_with = group.unwrap_or_else(|problem| {
        invalid.add("acts_with", problem);
        None
    });
    let has_figures = ["staff", "turnover", "balance"].iter().any(|field| !text(typed, field).is_empty());
    let figures = has_figures.then(|| figures(typed, "", &mut invalid));
    let (Some(direction), Some(kind), true) = (direction, kind, invalid.is_empty()) else { return Err(invalid) };
    let controls = !text(typed, "controls").is_empty();
    Ok(Owner { name, direction, kind, share, controls, acts_with, figures })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn years_are_read_latest_first_and_empty_rows_are_left_out() {
        let form = typed(&[
            ("year1_ends", "2024-12-31"),
            ("year1_staff", "8,5"),
            ("year1_turnover", "1 200 000"),
            ("year1_balance", "900,000.50"),
            ("year3_ends", "2025-12-31"),
            ("year3_staff", "9"),
            ("year3_turnover", "0"),
            ("year3_balance", "0"),
        ]);
        let years = read_years(&form, today()).unwrap();
        assert_eq!(years.iter().map(|year| year.ends.to_string()).collect::<Vec<_>>(), ["2025-12-31", "2024-12-31"]);
        assert_eq!(years[1].figures.staff, Staff::hundredths(850));
        assert_eq!(years[1].figures.turnover, Money::cents(120_000_000));
        assert_eq!(years[1].figures.balance, Money::cents(90_000_050));
    }

    #[test]
    fn a_year_is_given_whole_once_and_not_before_its_end() {
        let nothing = read_years(&typed(&[]), today()).unwrap_err();
        assert_eq!(nothing.0.len(), 4);
        let mut form = typed(&[
            ("year1_ends", "2026-12-31"),
            ("year1_staff", "1"),
            ("year1_turnover", "1"),
            ("year1_balance", "-1"),
            ("year2_ends", "2026-12-31"),
            ("year2_staff", "x"),
            ("year2_turnover", "1"),
            ("year2_balance", "1"),
        ]);
        let found = read_years(&form, today()).unwrap_err();
        assert_eq!(
            found.0,
            [
                ("year1_ends".to_owned(), Problem::InTheFuture),
                ("year1_balance".to_owned(), Problem::TooSmall { min: 0 }),
                ("year2_ends".to_owned(), Problem::InTheFuture),
                ("year2_staff".to_owned(), Problem::NotANumber),
            ]
        );
        form.insert("year1_estimated".to_owned(), "on".to_owned());
        form.insert("year1_balance".to_owned(), "1".to_owned());
        form.insert("year2_ends".to_owned(), String::new());
        assert_eq!(read_years(&form, today()).unwrap_err().of("year1_ends").count(), 0);
    }

    #[test]
    fn shares_may_not_exceed_the_whole() {
        let mut form =
            typed(&[("name", "Holding NV"), ("direction", "upstream"), ("kind", "enterprise"), ("share", "33,33")]);
        let owner = read_owner(&form, BasisPoints::new(6_667)).unwrap();
        assert_eq!((owner.share, owner.figures), (BasisPoints::new(3_333), None));
        let over = read_owner(&form, BasisPoints::new(6_668));
        assert_eq!(over, Err(Invalid::one("share", Problem::SharesOverWhole)));
        form.insert("direction".to_owned(), "downstream".to_owned());
        assert!(read_owner(&form, BasisPoints::new(6_668)).is_ok());
        form.insert("share".to_owned(), "101".to_owned());
        assert_eq!(read_owner(&form, BasisPoints::ZERO), Err(Invalid::one("share", Problem::TooLarge { max: 100 })));
    }

    #[test]
    fn figures_of_an_owner_come_together() {
        let form = typed(&[
            ("name", "A"),
            ("direction", "upstream"),
            ("kind", "enterprise"),
            ("share", "30"),
            ("staff", "40"),
        ]);
        let missing = read_owner(&form, BasisPoints::ZERO).unwrap_err();
        let fields: Vec<&str> = missing.0.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["turnover", "balance"]);
    }
}
