//! Numbers and dates as people type them, read into integers.
//!
//! Reads `1 234,56`, `1,234.56`, `1.234,56` and `1234.5`. `1.234` can be read in two ways: it is a thousand and more
//! where no three decimals are asked for, and one and a bit where they are.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use crate::{gpu::GpuTime, money::Money, problem::Problem};

/// A number with at most `places` decimals, as that many-th parts: `decimal("12.5", 2)` is 1250.
pub fn decimal(text: &str, places: u32) -> Result<i64, Problem> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '_' | '€')).collect();
    let (negative, bare) = bare.strip_prefix(['-', '−']).map_or((false, bare.as_str()), |rest| (true, rest));
    if bare.is_empty() {
        return Err(if text.trim().is_empty() { Problem::Required } else { Problem::NotANumber });
    }
    let point = decimal_point(bare, places)?;
    let (whole, part) = point.and_then(|at| bare.split_at_checked(at)).unwrap_or((bare, ""));
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    if whole.len() > first.len() && (!(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3)) {
        return Err(Problem::NotANumber);
    }
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let part = part.trim_start_matches(['.', ',']);
    if part.len() > usize::try_from(places).unwrap_or(0) {
        return Err(Problem::NotANumber);
    }
    let digits = format!("{}{part:0<width$}", whole, width = usize::try_from(places).unwrap_or(0));
    if digits.len() > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) || whole.is_empty() {
        return Err(Problem::NotANumber);
    }
    let value: i64 = digits.parse().map_err(|_| Problem::NotANumber)?;
    Ok(if negative { -value } else { value })
}

/// A whole number of one or more.
pub fn count(text: &str) -> Result<i64, Problem> {
    decimal(text, 0).and_then(|number| if number < 1 { Err(Problem::TooSmall { min: 1 }) } else { Ok(number) })
}

/// Whole GPU-hours that nobody types more of: all gigafactories have less in a century.
pub const GPU_HOURS_MAX: i64 = 1_000_000_000_000;

/// Whole GPU-hours, one or more.
pub fn gpu_hours(text: &str) -> Result<GpuTime, Problem> {
    let too_large = Problem::TooLarge { max: GPU_HOURS_MAX };
    let hours = count(text)?;
    if hours > GPU_HOURS_MAX { Err(too_large) } else { GpuTime::hours(hours).map_err(|_| too_large) }
}

/// Euros that nobody types more of: sums of a great many such amounts are still amounts.
const EUROS_MAX: i64 = 100_000_000_000;

/// An amount of euros, to the cent; below nought too, which is the caller's to judge.
pub fn money(text: &str) -> Result<Money, Problem> {
    let cents = decimal(text, 2)?;
    if cents.unsigned_abs() > (EUROS_MAX * 100).unsigned_abs() {
        return Err(Problem::TooLarge { max: EUROS_MAX });
    }
    Ok(Money::cents(cents))
}

/// Where the decimals begin, if there are any.
fn decimal_point(bare: &str, places: u32) -> Result<Option<usize>, Problem> {
    let Some(last) = bare.rfind(['.', ',']) else { return Ok(None) };
    let mark = bare.get(last..=last).unwrap_or(".");
    let other = if mark == "." { ',' } else { '.' };
    let once = bare.matches(mark).count() == 1;
    // Three digits after the only mark, and before it what thousands begin with.
    let may_group = bare.len() - last - 1 == 3 && !bare.starts_with('0') && last <= 3;
    match (bare.contains(other), once) {
        (true, false) => Err(Problem::NotANumber),
        (true, true) => Ok(Some(last)),
        (false, once) => Ok((once && !(may_group && places < 3)).then_some(last)),
    }
}

/// Years that both databases compare and no reckoning leaves: also the month after the last is one.
const YEARS: RangeInclusive<i32> = 1900..=9998;

/// A day as a date field sends it, `2026-11-23`.
pub fn date(text: &str) -> Result<NaiveDate, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Required);
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| Problem::NotADate)?;
    if YEARS.contains(&day.year()) { Ok(day) } else { Err(Problem::NotADate) }
}

/// One line of text: trimmed, not empty, without control characters, at most `max` characters.
pub fn line(text: &str, max: i64) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Required);
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::ControlCharacters);
    }
    if i64::try_from(text.chars().count()).unwrap_or(i64::MAX) > max {
        return Err(Problem::TooLong { max });
    }
    Ok(text.to_owned())
}

/// A reason of one or more lines: trimmed, not empty, without control characters, at most `max` characters.
pub fn reason(text: &str, max: i64) -> Result<String, Problem> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(Problem::ReasonRequired);
    }
    if text.chars().any(|character| character.is_control() && character != '\n') {
        return Err(Problem::ControlCharacters);
    }
    if i64::try_from(text.chars().count()).unwrap_or(i64::MAX) > max {
        return Err(Problem::TooLong { max });
    }
    Ok(text)
}

/// `None` where nothing was typed; a fault only where something wrong was.
pub fn optional<T>(text: &str, read: impl FnOnce(&str) -> Result<T, Problem>) -> Result<Option<T>, Problem> {
    if text.trim().is_empty() { Ok(None) } else { read(text).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_european_hand() {
        let cases = [
            ("1234", Ok(123_400)),
            ("1 234,56", Ok(123_456)),
            ("1\u{202f}234,5", Ok(123_450)),
            ("1,234.56", Ok(123_456)),
            ("1.234,56", Ok(123_456)),
            ("1.234.567", Ok(123_456_700)),
            ("2.000", Ok(200_000)),
            ("12,5", Ok(1_250)),
            ("-3", Ok(-300)),
            ("€ 10", Ok(1_000)),
            ("0", Ok(0)),
            ("", Err(Problem::Required)),
            ("  ", Err(Problem::Required)),
            ("12a", Err(Problem::NotANumber)),
            (".5", Err(Problem::NotANumber)),
            ("1.2.3,4,5", Err(Problem::NotANumber)),
            ("1.2345", Err(Problem::NotANumber)),
            ("0.950", Err(Problem::NotANumber)),
            ("1234.567", Err(Problem::NotANumber)),
            ("1.2.3", Err(Problem::NotANumber)),
            ("12.34,5", Err(Problem::NotANumber)),
            (",123.4", Err(Problem::NotANumber)),
            ("99999999999999999999", Err(Problem::NotANumber)),
        ];
        for (typed, expected) in cases {
            assert_eq!(decimal(typed, 2), expected, "{typed:?}");
        }
    }

    #[test]
    fn three_digits_are_decimals_where_so_many_are_asked_for() {
        let cases = [
            ("0.950", 9_500),
            ("1,250", 12_500),
            ("12.500", 125_000),
            ("1.2345", 12_345),
            ("1.250.000", 12_500_000_000),
            ("1.250,5", 12_505_000),
            ("1250", 12_500_000),
        ];
        for (typed, expected) in cases {
            assert_eq!(decimal(typed, 4), Ok(expected), "{typed:?}");
        }
    }

    #[test]
    fn amounts_end_where_sums_could_overflow() {
        assert_eq!(money("100 000 000 000"), Ok(Money::cents(10_000_000_000_000)));
        assert_eq!(money("-0,01"), Ok(Money::cents(-1)));
        for typed in ["100000000000.01", "9999999999999999", "-100000000001"] {
            assert_eq!(money(typed), Err(Problem::TooLarge { max: 100_000_000_000 }), "{typed:?}");
        }
    }

    #[test]
    fn days_are_of_years_that_can_be_reckoned_with() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(date(" 2026-11-23 "), Ok(day(2026, 11, 23)));
        assert_eq!(date("9998-12-31"), Ok(day(9998, 12, 31)));
        assert_eq!(date(""), Err(Problem::Required));
        for typed in ["2026-02-30", "23/11/2026", "1899-12-31", "9999-01-01", "+262142-01-01", "-0001-01-01"] {
            assert_eq!(date(typed), Err(Problem::NotADate), "{typed:?}");
        }
    }

    #[test]
    fn lines_refuse_what_cannot_be_printed() {
        assert_eq!(line(" Ada ", 10), Ok("Ada".to_owned()));
        assert_eq!(line("a\tb", 10), Err(Problem::ControlCharacters));
        assert_eq!(line("abc", 2), Err(Problem::TooLong { max: 2 }));
    }

    #[test]
    fn a_reason_has_lines_and_ends() {
        assert_eq!(reason(" The site\r\nwas down.\r\n", 20), Ok("The site\nwas down.".to_owned()));
        assert_eq!(reason(" \r\n ", 20), Err(Problem::ReasonRequired));
        assert_eq!(reason("a\u{7}b", 20), Err(Problem::ControlCharacters));
        assert_eq!(reason("a\r\nb", 3).map(|kept| kept.len()), Ok(3), "a line's end is one character");
        assert_eq!(reason("abcd", 3), Err(Problem::TooLong { max: 3 }));
    }
}
