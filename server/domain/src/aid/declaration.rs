//! What a company declares before aid is granted to it: other de minimis aid of its undertaking, and what the general
//! exemption asks besides.
//!
//! Before granting, a Member State obtains a declaration of any other de minimis aid of the three years, until its
//! register covers three years (Reg. (EU) 2023/2831, Art. 7(4)); registers begin on 1 January 2026 (Art. 6(1)).

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::window;
use crate::{
    country::Country,
    money::Money,
    problem::{Invalid, Problem},
    typed,
};

/// How many grants a form takes.
pub const LINES: usize = 6;

type Day = (i32, u32, u32);

/// First and last day on which a declaration is needed: a register of 1 January 2026 covers three years with the end
/// of 2028.
const NEEDED: &[(Day, Day)] = &[((2024, 1, 1), (2028, 12, 31))];

/// Version of the text that is declared, and its first day. The words are `aid-declaration-text-<version>`.
const TEXTS: &[(i32, Day)] = &[(1, (2026, 1, 1))];

/// Months for which a declaration is taken as told, from a first day on: the programme's own rule; the Regulation says
/// only "before granting".
const STANDS: &[(u32, Day)] = &[(6, (2026, 1, 1))];

fn day((y, m, d): Day) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or(NaiveDate::MAX)
}

/// Whether aid of that day needs a declaration first.
pub fn is_needed(on: NaiveDate) -> bool {
    NEEDED.iter().any(|(first, last)| day(*first) <= on && on <= day(*last))
}

/// The text in force on that day.
pub fn text_version(on: NaiveDate) -> i32 {
    TEXTS.iter().rev().find(|(_, from)| day(*from) <= on).or(TEXTS.first()).map_or(1, |(version, _)| *version)
}

/// The last day on which a declaration of that day is taken as told.
pub fn stands_until(declared_on: NaiveDate) -> NaiveDate {
    let row = STANDS.iter().rev().find(|(_, from)| day(*from) <= declared_on).or(STANDS.first());
    declared_on + Months::new(row.map_or(6, |(months, _)| *months))
}

/// Aid of another authority, or of another fund of the same State.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub granted_on: NaiveDate,
    pub amount: Money,
    pub authority: String,
}

/// One declaration, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Whose aid it is about.
    pub state: Country,
    pub text_version: i32,
    pub lines: Vec<Line>,
    /// Other public aid for the same costs, whatever the rule (Reg. (EU) 2023/2831, Art. 5(3); Reg. (EU) No 651/2014,
    /// Art. 8(3)).
    pub same_costs: Money,
    /// An undertaking in difficulty (Art. 2(18)) has no aid under the exemption (Art. 1(4)(c)).
    pub in_difficulty: bool,
    /// An order to recover unlawful aid that is not yet paid (Art. 1(4)(a); Case C-355/95 P, Deggendorf).
    pub owes_recovery: bool,
}

/// Values by field name, as typed: `state`, `aid1_on`, `aid1_amount`, `aid1_authority` and so on, `nothing`,
/// `same_costs`, `in_difficulty`, `owes_recovery`, `declared`.
pub type Typed = BTreeMap<String, String>;

/// Every fault of the form at once. Either aid is listed or it is said that there is none.
pub fn check(form: &Typed, states: &[Country], today: NaiveDate) -> Result<Declaration, Invalid> {
    let text = |field: &str| form.get(field).map_or("", |value| value.trim());
    let mut invalid = Invalid::default();
    let state = Country::from_code(text("state")).filter(|state| states.contains(state));
    if state.is_none() {
        invalid.add("state", Problem::NotAChoice);
    }
    let (mut lines, mut lists) = (Vec::new(), false);
    for number in 1..=LINES {
        let field = |name: &str| format!("aid{number}_{name}");
        let names = ["on", "amount", "authority"];
        if names.iter().any(|name| !text(&field(name)).is_empty()) {
            lists = true;
            lines.extend(line(&text, &field, today, &mut invalid));
        }
    }
    let says_nothing = !text("nothing").is_empty();
    if says_nothing == lists {
        invalid.add("nothing", if says_nothing { Problem::Mismatch } else { Problem::Required });
    }
    let same_costs = typed::optional(text("same_costs"), amount).unwrap_or_else(|problem| {
        invalid.add("same_costs", problem);
        None
    });
    let mut answer = |field: &str| match text(field) {
        "yes" => true,
        "no" => false,
        _ => {
            invalid.add(field, Problem::Required);
            false
        }
    };
    let (in_difficulty, owes_recovery) = (answer("in_difficulty"), answer("owes_recovery"));
    if text("declared").is_empty() {
        invalid.add("declared", Problem::MustAccept);
    }
    let (Some(state), true) = (state, invalid.is_empty()) else { return Err(invalid) };
    let text_version = text_version(today);
    Ok(Declaration {
        state,
        text_version,
        lines,
        same_costs: same_costs.unwrap_or_default(),
        in_difficulty,
        owes_recovery,
    })
}

fn line<'a>(
    text: &impl Fn(&str) -> &'a str,
    field: &impl Fn(&str) -> String,
    today: NaiveDate,
    invalid: &mut Invalid,
) -> Option<Line> {
    let granted_on = typed::date(text(&field("on"))).and_then(|on| match on {
        on if on > today => Err(Problem::InTheFuture),
        on if !window::counts(on, today) => Err(Problem::TooSoon),
        on => Ok(on),
    });
    let amount = amount(text(&field("amount")));
    let authority = typed::line(text(&field("authority")), 200);
    let faults = [
        ("on", granted_on.as_ref().err().copied()),
        ("amount", amount.as_ref().err().copied()),
        ("authority", authority.as_ref().err().copied()),
    ];
    for (name, fault) in faults {
        if let Some(fault) = fault {
            invalid.add(&field(name), fault);
        }
    }
    Some(Line { granted_on: granted_on.ok()?, amount: amount.ok()?, authority: authority.ok()? })
}

fn amount(text: &str) -> Result<Money, Problem> {
    let amount = typed::money(text)?;
    if amount < Money::ZERO { Err(Problem::TooSmall { min: 0 }) } else { Ok(amount) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn form(pairs: &[(&str, &str)]) -> Typed {
        let given = [("state", "FR"), ("in_difficulty", "no"), ("owes_recovery", "no"), ("declared", "on")];
        given.iter().chain(pairs).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Declaration, Vec<(String, Problem)>> {
        let states = [Country::from_code("FR").unwrap()];
        check(&form(pairs), &states, at(2026, 11, 28)).map_err(|invalid| invalid.0)
    }

    #[test]
    fn needed_until_the_register_covers_three_years() {
        let cases =
            [(at(2023, 12, 31), false), (at(2026, 11, 28), true), (at(2028, 12, 31), true), (at(2029, 1, 1), false)];
        for (on, needed) in cases {
            assert_eq!(is_needed(on), needed, "{on}");
        }
        assert_eq!(stands_until(at(2026, 8, 31)), at(2027, 2, 28));
    }

    #[test]
    fn aid_is_listed_or_there_is_said_to_be_none() {
        assert_eq!(read(&[("nothing", "on")]).unwrap().lines, []);
        let line = [("aid1_on", "2025-02-03"), ("aid1_amount", "12 500,50"), ("aid1_authority", "Bpifrance")];
        let declared = read(&line).unwrap();
        assert_eq!(
            declared.lines,
            [Line { granted_on: at(2025, 2, 3), amount: Money::cents(1_250_050), authority: "Bpifrance".to_owned() }]
        );
        assert_eq!(read(&[]).unwrap_err(), [("nothing".to_owned(), Problem::Required)]);
        let both: Vec<(&str, &str)> = line.iter().copied().chain([("nothing", "on")]).collect();
        assert_eq!(read(&both).unwrap_err(), [("nothing".to_owned(), Problem::Mismatch)]);
    }

    #[test]
    fn every_fault_is_named_at_its_field() {
        type Case = (&'static [(&'static str, &'static str)], &'static str, Problem);
        let cases: [Case; 7] = [
            (&[("nothing", "on"), ("state", "DE")], "state", Problem::NotAChoice),
            (&[("nothing", "on"), ("declared", "")], "declared", Problem::MustAccept),
            (&[("nothing", "on"), ("in_difficulty", "")], "in_difficulty", Problem::Required),
            (&[("nothing", "on"), ("same_costs", "-1")], "same_costs", Problem::TooSmall { min: 0 }),
            (
                &[("nothing", "on"), ("same_costs", "9999999999999999")],
                "same_costs",
                Problem::TooLarge { max: 100_000_000_000 },
            ),
            (&[("aid2_on", "2023-11-28"), ("aid2_amount", "1"), ("aid2_authority", "A")], "aid2_on", Problem::TooSoon),
            (
                &[("aid1_on", "2026-11-29"), ("aid1_amount", "1"), ("aid1_authority", "A")],
                "aid1_on",
                Problem::InTheFuture,
            ),
        ];
        for (pairs, field, problem) in cases {
            assert_eq!(read(pairs).unwrap_err(), [(field.to_owned(), problem)], "{field}");
        }
    }
}
