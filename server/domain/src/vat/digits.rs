//! The check digits of VAT numbers, for every state whose algorithm is public.
//!
//! Says right, wrong or not checked; what follows from it is not decided here. The shape is already known to fit.

use serde::{Deserialize, Serialize};

/// What the check digits say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digits {
    Right,
    Wrong,
    /// No public algorithm for this kind of number.
    NotChecked,
}

/// `body` fits the shape of `prefix`.
pub fn check(prefix: &str, body: &str) -> Digits {
    let d: Vec<i64> = body.chars().filter_map(|c| c.to_digit(10)).map(i64::from).collect();
    let right = match prefix {
        "AT" => austria(&d),
        "BE" => 97 - number(&d, 0, 8) % 97 == number(&d, 8, 2),
        "BG" => bulgaria(&d),
        "CY" => cyprus(&d, body),
        "CZ" => match d.len() {
            8 => czech(&d),
            10 => number(&d, 0, 9) % 11 % 10 == last(&d),
            _ => return Digits::NotChecked,
        },
        "DE" | "HR" => mod_11_10(&d),
        "DK" => weighted(&d, &[2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0,
        "EE" => weighted(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0,
        "EL" => weighted(&d, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == last(&d),
        "ES" => spain(&d, body),
        "FI" => weighted(&d, &[7, 9, 10, 5, 8, 4, 2, 1]) % 11 == 0,
        "FR" => france(body),
        "HU" => weighted(&d, &[9, 7, 3, 1, 9, 7, 3, 1]) % 10 == 0,
        "IE" => ireland(&d, body),
        "IT" => luhn(&d),
        "LT" => lithuania(&d),
        "LU" => number(&d, 0, 6) % 89 == number(&d, 6, 2),
        "LV" if at(&d, 0) > 3 => weighted(&d, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3,
        "MT" => weighted(&d, &[3, 4, 6, 7, 8, 9, 10, 1]) % 37 == 0,
        "NL" => netherlands(&d),
        "PL" => weighted(&d, &[6, 5, 7, 2, 3, 4, 5, 6, 7, -1]) % 11 == 0,
        "PT" => (11 - weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == last(&d),
        "RO" => romania(&d),
        "SE" => luhn(d.get(..10).unwrap_or(&[])) && (1..=94).contains(&number(&d, 10, 2)),
        "SI" => slovenia(&d),
        "SK" => number(&d, 0, 10) % 11 == 0,
        "XI" if d.len() >= 9 => [0, 42].contains(&(weighted(&d, &[8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97)),
        _ => return Digits::NotChecked,
    };
    if right { Digits::Right } else { Digits::Wrong }
}

fn at(d: &[i64], index: usize) -> i64 {
    d.get(index).copied().unwrap_or(0)
}

fn last(d: &[i64]) -> i64 {
    d.last().copied().unwrap_or(0)
}

/// `length` digits from `start`, read as one number.
fn number(d: &[i64], start: usize, length: usize) -> i64 {
    d.iter().skip(start).take(length).fold(0, |sum, digit| sum * 10 + digit)
}

fn weighted(d: &[i64], weights: &[i64]) -> i64 {
    d.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Twice the digit, with its own two digits added.
const fn doubled(digit: i64) -> i64 {
    let twice = digit * 2;
    twice / 10 + twice % 10
}

/// ISO/IEC 7812: every second digit from the right, the last not among them.
fn luhn(d: &[i64]) -> bool {
    let sum: i64 = d.iter().rev().enumerate().map(|(i, digit)| if i % 2 == 1 { doubled(*digit) } else { *digit }).sum();
    sum % 10 == 0
}

/// ISO/IEC 7064 MOD 11,10.
fn mod_11_10(d: &[i64]) -> bool {
    let mut check = 5;
    for digit in d {
        let base = if check == 0 { 10 } else { check };
        check = (base * 2 % 11 + digit) % 10;
    }
    check == 1
}

fn austria(d: &[i64]) -> bool {
    let sum: i64 =
        d.iter().take(7).enumerate().map(|(i, digit)| if i % 2 == 1 { doubled(*digit) } else { *digit }).sum();
    (96 - sum) % 10 == last(d)
}

fn bulgaria(d: &[i64]) -> bool {
    if d.len() == 9 {
        let first = weighted(d, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
        let check = if first == 10 { weighted(d, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10 } else { first };
        return check == last(d);
    }
    let citizen = weighted(d, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    let foreigner = weighted(d, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10;
    let other = (11 - weighted(d, &[4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    [citizen, foreigner, other].contains(&last(d))
}

fn cyprus(d: &[i64], body: &str) -> bool {
    const ODD_PLACES: [i64; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum: i64 = d
        .iter()
        .enumerate()
        .map(
            |(i, digit)| {
                if i % 2 == 0 { usize::try_from(*digit).map_or(0, |place| at(&ODD_PLACES, place)) } else { *digit }
            },
        )
        .sum();
    nth_letter("ABCDEFGHIJKLMNOPQRSTUVWXYZ", sum % 26) == body.chars().last()
}

/// A company's number: the remainder 0 is written 1, and 10 is written 0.
fn czech(d: &[i64]) -> bool {
    let rest = (11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    (if rest == 0 { 1 } else { rest }) % 10 == last(d)
}

fn nth_letter(letters: &str, index: i64) -> Option<char> {
    letters.chars().nth(usize::try_from(index).ok()?)
}

fn spain(d: &[i64], body: &str) -> bool {
    const LETTERS: &str = "TRWAGMYFPDXBNJZSQVHLCKE";
    let control = body.chars().last();
    let personal = |before: i64, digits: &[i64]| {
        let value = digits.iter().fold(before, |sum, digit| sum * 10 + digit);
        nth_letter(LETTERS, value % 23) == control
    };
    match body.chars().next() {
        Some('0'..='9') => personal(0, d.get(..8).unwrap_or(&[])),
        Some('K' | 'L' | 'M' | 'X') => personal(0, d),
        Some('Y') => personal(1, d),
        Some('Z') => personal(2, d),
        _ => {
            let sum: i64 =
                d.iter().take(7).enumerate().map(|(i, digit)| if i % 2 == 0 { doubled(*digit) } else { *digit }).sum();
            let check = (10 - sum % 10) % 10;
            control.and_then(|c| c.to_digit(10)).map(i64::from) == Some(check)
                || nth_letter("JABCDEFGHI", check) == control
        }
    }
}

fn france(body: &str) -> bool {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let place = |c: char| LETTERS.find(c).and_then(|index| i64::try_from(index).ok()).unwrap_or(0);
    let mut key = body.chars().take(2);
    let (Some(first), Some(second)) = (key.next(), key.next()) else { return false };
    let siren: i64 = body.get(2..).and_then(|rest| rest.parse().ok()).unwrap_or(0);
    if first.is_ascii_digit() && second.is_ascii_digit() {
        return place(first) * 10 + place(second) == (siren * 3 + 12) % 97;
    }
    let value = if first.is_ascii_digit() {
        place(first) * 24 + place(second) - 10
    } else {
        place(first) * 34 + place(second) - 100
    };
    (siren + 1 + value / 11) % 11 == value % 11
}

fn ireland(d: &[i64], body: &str) -> bool {
    const LETTERS: &str = "WABCDEFGHIJKLMNOPQRSTUV";
    let place = |c: char| LETTERS.find(c).and_then(|index| i64::try_from(index).ok()).unwrap_or(0);
    let mut tail = body.chars().skip(7);
    let (letter, second) = (tail.next(), tail.next());
    let sum = if d.len() >= 7 {
        weighted(d, &[8, 7, 6, 5, 4, 3, 2]) + second.map_or(0, |c| place(c) * 9)
    } else {
        // The older form keeps its first digit for last: 8D79739I counts as 0797398.
        weighted(d.get(1..).unwrap_or(&[]), &[7, 6, 5, 4, 3]) + at(d, 0) * 2
    };
    nth_letter(LETTERS, sum % 23) == letter
}

fn lithuania(d: &[i64]) -> bool {
    let kept = d.get(..d.len().saturating_sub(1)).unwrap_or(&[]);
    let sum = |shift: i64| -> i64 {
        kept.iter().zip(0_i64..).map(|(digit, i)| digit * (1 + (i + shift) % 9)).sum::<i64>() % 11
    };
    let check = if sum(0) == 10 { sum(2) % 10 } else { sum(0) };
    last(kept) == 1 && check == last(d)
}

/// The citizen's number before 2020, ISO/IEC 7064 MOD 97-10 over the whole since; companies may have either.
fn netherlands(d: &[i64]) -> bool {
    let old = weighted(d, &[9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0;
    let whole = i128::from(number(d, 0, 9));
    let new = ((2_321 * 1_000_000_000 + whole) * 10_000 + 1_100 + i128::from(number(d, 9, 2))) % 97 == 1;
    old || new
}

fn romania(d: &[i64]) -> bool {
    let sum: i64 = d.iter().rev().skip(1).zip([2, 3, 5, 7, 1, 2, 3, 5, 7]).map(|(digit, weight)| digit * weight).sum();
    sum * 10 % 11 % 10 == last(d)
}

fn slovenia(d: &[i64]) -> bool {
    let check = 11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    check != 11 && check % 10 == last(d)
}

#[cfg(test)]
mod tests {
    use super::super::VatId;
    use super::*;

    /// Published numbers, at least one a state.
    const REAL: &[&str] = &[
        "ATU13585627",
        "BE0428759497",
        "BG175074752",
        "CY10259033P",
        "CZ25123891",
        "DE136695976",
        "DK13585628",
        "EE100931558",
        "EL094259216",
        "EL023456780",
        "ESB58378431",
        "ES54362315K",
        "ESX5253868R",
        "FI20774740",
        "FR40303265045",
        "FR23334175221",
        "FRK7399859412",
        "FR4Z123456782",
        "HR33392005961",
        "HU12892312",
        "IE6433435F",
        "IE6433435OA",
        "IE8D79739I",
        "IT00743110157",
        "LT119511515",
        "LT100001919017",
        "LU15027442",
        "LV40003521600",
        "MT11679112",
        "NL004495445B01",
        "NL123456789B13",
        "PL8567346215",
        "PT501964843",
        "RO18547290",
        "SE556188840401",
        "SI50223054",
        "SK2022749619",
    ];

    #[test]
    fn published_numbers_are_right() {
        for text in REAL {
            assert_eq!(VatId::parse(text).unwrap().digits(), Digits::Right, "{text}");
        }
    }

    #[test]
    fn one_changed_digit_is_found() {
        for text in REAL {
            // The sixth digit takes part in every algorithm above.
            let changed: String = text
                .char_indices()
                .map(|(i, c)| {
                    if i == 6 {
                        c.to_digit(10).map_or(c, |d| if d == 9 { '8' } else { char::from_digit(d + 1, 10).unwrap() })
                    } else {
                        c
                    }
                })
                .collect();
            let id = VatId::parse(&changed).unwrap();
            assert_eq!(id.digits(), Digits::Wrong, "{text} became {changed}");
            assert_eq!(id.warning(), Some(crate::problem::Problem::VatDigits));
        }
    }

    #[test]
    fn where_there_is_no_public_rule_nothing_is_said() {
        for text in ["XIGD123", "LV16117519997", "CZ640903926"] {
            assert_eq!(VatId::parse(text).unwrap().digits(), Digits::NotChecked, "{text}");
        }
    }
}
