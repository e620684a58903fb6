//! Whose money a pot is: it decides the granting State, and with it whose ceiling and whose register.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Article;
use crate::{
    coded::coded,
    country::{Country, Programme},
    pricing::Regime,
};

coded! {
    /// Who pays out of a pot.
    Payer {
        /// The Union: no State's money (Reg. (EU) 2021/1173, Art. 12b).
        Union "union",
        /// One State, wherever the company sits.
        State "state",
        /// The Participating States together, each for whom is established in it: by their agreement it is that
        /// State's contribution that is used.
        Establishment "establishment",
    }
}

/// What is laid down of a pot from one day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pot {
    pub pot: String,
    pub valid_from: NaiveDate,
    pub payer: Payer,
    /// The State that pays, where it is one.
    pub state: Option<Country>,
    /// Under which article its aid is granted.
    pub article: Article,
    /// Effective collaboration or wide dissemination is a condition of the scheme (Reg. (EU) No 651/2014, Art. 25(6)).
    pub has_bonus: bool,
    /// The scheme uses the months after its Regulation's end.
    pub has_tail: bool,
    pub authority: String,
    pub instrument: String,
    /// Number of the scheme, where it was notified for information.
    pub scheme: String,
}

/// The row in force on that day.
pub fn pot_on<'a>(rows: &'a [Pot], pot: &str, on: NaiveDate) -> Option<&'a Pot> {
    rows.iter().filter(|row| row.pot == pot && row.valid_from <= on).max_by_key(|row| row.valid_from)
}

impl Pot {
    /// The State whose aid it is; `None` where it is no State's, or one in which Art. 107 TFEU does not apply.
    pub fn granting_state(&self, established_in: Country) -> Option<Country> {
        let state = match self.payer {
            Payer::Union => None,
            Payer::State => self.state,
            Payer::Establishment => Some(established_in),
        };
        state.filter(|state| has_state_aid_law(*state))
    }
}

/// Member States, and the EFTA States of the European Economic Area, whose Agreement has the same law (Art. 61(1) and
/// Annex XV, into which both Regulations are taken over).
pub fn has_state_aid_law(state: Country) -> bool {
    matches!(state.code(), "IS" | "LI" | "NO")
        || crate::country::eligibility(state, NaiveDate::MAX).through.contains(&Programme::Union)
}

/// Which article aid of this regime is granted under: de minimis has one, an exemption that of its scheme.
pub const fn article(regime: Regime, of_scheme: Article) -> Article {
    match regime {
        Regime::DeMinimis => Article::DeMinimis,
        _ => of_scheme,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pot(payer: Payer, state: Option<&str>) -> Pot {
        Pot {
            pot: "national_de".to_owned(),
            valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            payer,
            state: state.and_then(Country::from_code),
            article: Article::DeMinimis,
            has_bonus: false,
            has_tail: false,
            authority: String::new(),
            instrument: String::new(),
            scheme: String::new(),
        }
    }

    #[test]
    fn the_granting_state_is_whose_money_it_is() {
        let state = |pot: Pot, home: &str| {
            pot.granting_state(Country::from_code(home).unwrap()).map(|state| state.code().to_owned())
        };
        assert_eq!(state(pot(Payer::State, Some("DE")), "FR").as_deref(), Some("DE"));
        assert_eq!(state(pot(Payer::Establishment, None), "FR").as_deref(), Some("FR"));
        assert_eq!(state(pot(Payer::Establishment, None), "NO").as_deref(), Some("NO"));
        assert_eq!(state(pot(Payer::Establishment, None), "TR"), None);
        assert_eq!(state(pot(Payer::Union, None), "FR"), None);
    }

    #[test]
    fn rows_begin_on_their_day() {
        let later = Pot { valid_from: NaiveDate::from_ymd_opt(2027, 1, 1).unwrap(), ..pot(Payer::State, Some("AT")) };
        let rows = [pot(Payer::State, Some("DE")), later];
        let on = |y, m, d| pot_on(&rows, "national_de", NaiveDate::from_ymd_opt(y, m, d).unwrap());
        assert!(on(2025, 12, 31).is_none());
        assert_eq!(on(2026, 12, 31).unwrap().state, Country::from_code("DE"));
        assert_eq!(on(2027, 1, 1).unwrap().state, Country::from_code("AT"));
    }
}
