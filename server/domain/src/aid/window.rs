//! The three years over which aid is counted: rolling, from each grant, never by fiscal years.
//!
//! "Any period of 3 years" (Reg. (EU) 2023/2831, Art. 3(2) and recital 11) is reckoned by Reg. (EEC, Euratom) No 1182/71, Art. 3: the
//! day from which a period runs is not in it (para. 1), and it ends with the last hour of the same date, or of the
//! month's last day where there is none (para. 2(c)). A period of three years that has an earlier grant's day in it
//! runs at the latest from the day before and ends with the day before that date three years on. So aid granted on
//! this date three years ago is in no period with a grant of today; aid of the day after still is.

use chrono::{Days, Months, NaiveDate};

/// How many months are counted, from the first day of a rule on.
const WINDOWS: &[((i32, u32, u32), u32)] = &[
    // Reg. (EU) 2023/2831, Art. 3(2); in force from 1 January 2024 (Art. 8).
    ((2024, 1, 1), 36),
];

fn months(on: NaiveDate) -> Months {
    let begun = |(y, m, d): (i32, u32, u32)| NaiveDate::from_ymd_opt(y, m, d).is_some_and(|from| from <= on);
    let row = WINDOWS.iter().rev().find(|(from, _)| begun(*from)).or(WINDOWS.first());
    Months::new(row.map_or(36, |(_, months)| *months))
}

/// The last day whose aid no longer counts for a grant of `on`.
pub fn since(on: NaiveDate) -> NaiveDate {
    on - months(on)
}

/// Whether aid of that day counts for a grant of `on`. What is granted later does not count yet.
pub fn counts(granted_on: NaiveDate, on: NaiveDate) -> bool {
    since(on) < granted_on && granted_on <= on
}

/// The first day on which aid of that day counts no more.
pub fn free_on(granted_on: NaiveDate) -> NaiveDate {
    let free = granted_on + months(granted_on);
    // From 29 February the month's last day is reached first; that day still counts.
    if granted_on <= since(free) { free } else { free + Days::new(1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_edge_of_the_window() {
        let cases = [
            // Exactly three years ago, the day after, the day before.
            (day(2023, 11, 28), day(2026, 11, 28), false),
            (day(2023, 11, 29), day(2026, 11, 28), true),
            (day(2023, 11, 28), day(2026, 11, 27), true),
            (day(2023, 11, 27), day(2026, 11, 28), false),
            // The same day, and what is yet to come.
            (day(2026, 11, 28), day(2026, 11, 28), true),
            (day(2026, 11, 29), day(2026, 11, 28), false),
            // 29 February counts to the last day of February three years on.
            (day(2024, 2, 29), day(2027, 2, 28), true),
            (day(2024, 2, 29), day(2027, 3, 1), false),
            (day(2024, 2, 28), day(2027, 2, 28), false),
            (day(2025, 2, 28), day(2028, 2, 28), false),
            (day(2025, 2, 28), day(2028, 2, 29), false),
            (day(2025, 3, 1), day(2028, 2, 29), true),
            (day(2025, 3, 1), day(2028, 3, 1), false),
        ];
        for (granted, on, expected) in cases {
            assert_eq!(counts(granted, on), expected, "{granted} for {on}");
        }
    }

    #[test]
    fn aid_is_free_on_the_day_it_stops_counting() {
        assert_eq!(free_on(day(2023, 11, 28)), day(2026, 11, 28));
        assert_eq!(free_on(day(2024, 2, 29)), day(2027, 3, 1));
        assert_eq!(free_on(day(2025, 2, 28)), day(2028, 2, 28));
    }

    proptest! {
        #[test]
        fn free_is_the_first_day_that_does_not_count(offset in 0_u64..20_000) {
            let granted = day(2024, 1, 1) + Days::new(offset);
            let free = free_on(granted);
            prop_assert!(!counts(granted, free));
            prop_assert!(counts(granted, free - Days::new(1)));
        }
    }
}
