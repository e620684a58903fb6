//! The standard rates of the Member States as data, each from its first day.
//!
//! Refuses reduced rates: GPU-hours have none anywhere. Rates of 2021 and later; an earlier day gets the oldest.

use chrono::NaiveDate;

use crate::{country::Country, money::BasisPoints};

/// Country, basis points, first day. In force until the next row of the same country.
const RATES: &[(&str, i32, i32, u32, u32)] = &[
    ("AT", 2_000, 2021, 1, 1),
    ("BE", 2_100, 2021, 1, 1),
    ("BG", 2_000, 2021, 1, 1),
    ("CY", 1_900, 2021, 1, 1),
    ("CZ", 2_100, 2021, 1, 1),
    ("DE", 1_900, 2021, 1, 1),
    ("DK", 2_500, 2021, 1, 1),
    ("EE", 2_000, 2021, 1, 1),
    ("EE", 2_200, 2024, 1, 1),
    ("EE", 2_400, 2025, 7, 1),
    ("ES", 2_100, 2021, 1, 1),
    ("FI", 2_400, 2021, 1, 1),
    ("FI", 2_550, 2024, 9, 1),
    ("FR", 2_000, 2021, 1, 1),
    ("GR", 2_400, 2021, 1, 1),
    ("HR", 2_500, 2021, 1, 1),
    ("HU", 2_700, 2021, 1, 1),
    ("IE", 2_300, 2021, 3, 1),
    ("IT", 2_200, 2021, 1, 1),
    ("LT", 2_100, 2021, 1, 1),
    ("LU", 1_700, 2021, 1, 1),
    ("LU", 1_600, 2023, 1, 1),
    ("LU", 1_700, 2024, 1, 1),
    ("LV", 2_100, 2021, 1, 1),
    ("MT", 1_800, 2021, 1, 1),
    ("NL", 2_100, 2021, 1, 1),
    ("PL", 2_300, 2021, 1, 1),
    ("PT", 2_300, 2021, 1, 1),
    ("RO", 1_900, 2021, 1, 1),
    ("RO", 2_100, 2025, 8, 1),
    ("SE", 2_500, 2021, 1, 1),
    ("SI", 2_200, 2021, 1, 1),
    ("SK", 2_000, 2021, 1, 1),
    ("SK", 2_300, 2025, 1, 1),
];

/// The standard rate of a Member State on that day; `None` outside the Union.
pub fn standard_rate(country: Country, on: NaiveDate) -> Option<BasisPoints> {
    let mut found = None;
    for (code, points, year, month, day) in RATES {
        let begun = NaiveDate::from_ymd_opt(*year, *month, *day).is_some_and(|since| since <= on);
        if *code == country.code() && (begun || found.is_none()) {
            found = Some(BasisPoints::new(*points));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(code: &str, y: i32, m: u32, d: u32) -> i32 {
        standard_rate(Country::from_code(code).unwrap(), NaiveDate::from_ymd_opt(y, m, d).unwrap()).unwrap().get()
    }

    #[test]
    fn rates_change_on_their_day() {
        let changes = [
            ("FI", (2024, 9, 1), 2_400, 2_550),
            ("SK", (2025, 1, 1), 2_000, 2_300),
            ("EE", (2025, 7, 1), 2_200, 2_400),
            ("RO", (2025, 8, 1), 1_900, 2_100),
        ];
        for (code, (y, m, d), before, after) in changes {
            let eve = NaiveDate::from_ymd_opt(y, m, d).unwrap().pred_opt().unwrap();
            assert_eq!(standard_rate(Country::from_code(code).unwrap(), eve), Some(BasisPoints::new(before)), "{code}");
            assert_eq!(rate(code, y, m, d), after, "{code}");
        }
        assert_eq!(rate("DE", 2020, 7, 1), 1_900);
    }

    #[test]
    fn all_member_states_have_one_and_nobody_else() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let mut sum = 0;
        for country in Country::choices() {
            assert_eq!(standard_rate(country, on).is_some(), country.in_union(), "{country}");
            sum += standard_rate(country, on).map_or(0, BasisPoints::get);
        }
        // The published mean for 2026 is 21.9 %.
        assert_eq!((sum + 135) / 270, 219);
    }
}
