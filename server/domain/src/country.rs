//! Countries: which states take part in which programme since when, and which places lie outside the Union's VAT area.
//!
//! Names are words and live in `text` (`country-DE`). Eligibility follows where the organisation is established,
//! never a person's nationality.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{money::BasisPoints, problem::Problem};

/// An ISO 3166-1 alpha-2 code, upper case. Greece is `GR` here and `EL` only in VAT numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "orm", sea_orm(value_type = "String"))]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// A union programme whose associated countries' organisations may have Union access time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Programme {
    /// Member State of the Union.
    Union,
    /// Participating State of the `EuroHPC` Joint Undertaking.
    EuroHpc,
    DigitalEurope,
    HorizonEurope,
    ConnectingEurope,
}

/// One country's place in one programme, from its first day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    pub country: Country,
    pub programme: Programme,
    pub since: NaiveDate,
}

/// Why an establishment may have Union access time: at least one programme, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eligibility {
    pub country: Country,
    pub on: NaiveDate,
    /// The programmes that open the door on that day; empty means not eligible.
    pub through: Vec<Programme>,
}

impl Eligibility {
    pub const fn holds(&self) -> bool {
        !self.through.is_empty()
    }
}

/// Where a place stands in the Union's VAT area when its country code alone would mislead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Territory {
    /// The country code says it all.
    Ordinary,
    /// Outside the VAT area by Art. 6 of Directive 2006/112/EC, or as a part of the state where it does not apply.
    OutsideVatArea(Place),
    /// Inside, with a standard rate of its own.
    OwnRate(Place),
}

/// The places that [`Territory`] knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    CanaryIslands,
    Ceuta,
    Melilla,
    FrenchOverseas,
    Aland,
    Livigno,
    Campione,
    Buesingen,
    Heligoland,
    MountAthos,
    Azores,
    Madeira,
    JungholzMittelberg,
}

const UNION: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Associations of states outside the Union. The associations of Ukraine and Türkiye are confirmed by the
/// programme's own pages; the first days of the others are from general knowledge and await a check against the
/// list of participating countries. Countries associated to one pillar of Horizon Europe only are left out.
const ASSOCIATIONS: &[(&str, Programme, i32, u32, u32)] = {
    use Programme::{ConnectingEurope, DigitalEurope, EuroHpc, HorizonEurope};
    &[
        ("AL", DigitalEurope, 2023, 1, 1),
        ("AL", EuroHpc, 2024, 1, 1),
        ("AL", HorizonEurope, 2021, 1, 1),
        ("AM", HorizonEurope, 2021, 1, 1),
        ("BA", DigitalEurope, 2023, 1, 1),
        ("BA", HorizonEurope, 2021, 1, 1),
        ("CH", DigitalEurope, 2025, 1, 1),
        ("CH", HorizonEurope, 2025, 1, 1),
        ("FO", HorizonEurope, 2021, 1, 1),
        ("GB", EuroHpc, 2024, 5, 13),
        ("GB", HorizonEurope, 2024, 1, 1),
        ("GE", HorizonEurope, 2021, 1, 1),
        ("IL", HorizonEurope, 2021, 1, 1),
        ("IS", DigitalEurope, 2021, 1, 1),
        ("IS", EuroHpc, 2021, 7, 13),
        ("IS", HorizonEurope, 2021, 1, 1),
        ("LI", DigitalEurope, 2021, 1, 1),
        ("MD", ConnectingEurope, 2023, 1, 1),
        ("MD", DigitalEurope, 2023, 1, 1),
        ("MD", HorizonEurope, 2021, 1, 1),
        ("ME", DigitalEurope, 2023, 1, 1),
        ("ME", EuroHpc, 2021, 7, 13),
        ("ME", HorizonEurope, 2021, 1, 1),
        ("MK", DigitalEurope, 2023, 1, 1),
        ("MK", EuroHpc, 2021, 7, 13),
        ("MK", HorizonEurope, 2021, 1, 1),
        ("NO", DigitalEurope, 2021, 1, 1),
        ("NO", EuroHpc, 2021, 7, 13),
        ("NO", HorizonEurope, 2021, 1, 1),
        ("RS", DigitalEurope, 2023, 1, 1),
        ("RS", EuroHpc, 2021, 7, 13),
        ("RS", HorizonEurope, 2021, 1, 1),
        ("TN", HorizonEurope, 2021, 1, 1),
        ("TR", DigitalEurope, 2023, 1, 1),
        ("TR", EuroHpc, 2021, 7, 13),
        ("TR", HorizonEurope, 2021, 1, 1),
        ("UA", ConnectingEurope, 2023, 6, 6),
        ("UA", DigitalEurope, 2022, 9, 5),
        ("UA", HorizonEurope, 2021, 1, 1),
        ("XK", DigitalEurope, 2023, 1, 1),
        ("XK", HorizonEurope, 2021, 1, 1),
    ]
};

/// Others that owners of a company are often established in, so that forms can offer them.
const ELSEWHERE: &[&str] = &["AU", "BR", "CA", "CN", "IN", "JP", "KR", "MC", "NZ", "SG", "US"];

/// Postcode prefixes, most of them from the customs and VAT territory lists of the states concerned.
const PLACES: &[(&str, &[&str], Territory)] = {
    use Place::{
        Aland, Azores, Buesingen, Campione, CanaryIslands, Ceuta, FrenchOverseas, Heligoland, JungholzMittelberg,
        Livigno, Madeira, Melilla, MountAthos,
    };
    use Territory::{OutsideVatArea, OwnRate};
    &[
        ("AT", &["6691", "6991", "6992", "6993"], OwnRate(JungholzMittelberg)),
        ("DE", &["78266"], OutsideVatArea(Buesingen)),
        ("DE", &["27498"], OutsideVatArea(Heligoland)),
        ("ES", &["35", "38"], OutsideVatArea(CanaryIslands)),
        ("ES", &["51"], OutsideVatArea(Ceuta)),
        ("ES", &["52"], OutsideVatArea(Melilla)),
        ("FI", &["22"], OutsideVatArea(Aland)),
        (
            "FR",
            &["971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"],
            OutsideVatArea(FrenchOverseas),
        ),
        ("GR", &["63086", "63087"], OutsideVatArea(MountAthos)),
        ("IT", &["23041"], OutsideVatArea(Livigno)),
        ("IT", &["22061"], OutsideVatArea(Campione)),
        ("PT", &["90", "91", "92", "93", "94"], OwnRate(Madeira)),
        ("PT", &["95", "96", "97", "98", "99"], OwnRate(Azores)),
    ]
};

impl Country {
    /// Any two letters in either case; whether such a country exists is not asked.
    pub fn from_code(code: &str) -> Option<Self> {
        match code.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// A country whose two capital letters are written in the source.
    pub const fn of(code: [u8; 2]) -> Self {
        Self(code)
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// The prefix of this country's VAT numbers.
    pub fn vat_prefix(&self) -> &str {
        if self.0 == *b"GR" { "EL" } else { self.code() }
    }

    /// Every country a form offers: those that take part, then others that owners may be in; by code.
    pub fn choices() -> Vec<Self> {
        let mut all: Vec<Self> = Self::participants();
        all.extend(ELSEWHERE.iter().filter_map(|code| Self::from_code(code)));
        all.sort_unstable();
        all
    }

    /// Those whose organisations can be eligible at some time; by code.
    pub fn participants() -> Vec<Self> {
        let mut all: Vec<Self> = UNION.iter().filter_map(|code| Self::from_code(code)).collect();
        all.extend(ASSOCIATIONS.iter().filter_map(|(code, ..)| Self::from_code(code)));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The 27 Member States.
    pub fn in_union(&self) -> bool {
        UNION.contains(&self.code())
    }

    /// The Union, Iceland, Liechtenstein and Norway: where data counts as kept in the European Economic Area.
    pub fn in_eea(&self) -> bool {
        self.in_union() || ["IS", "LI", "NO"].contains(&self.code())
    }
}

/// The programmes that a country's organisations are in on that day (Reg. (EU) 2021/1173 as amended by
/// Reg. (EU) 2026/150, and the association agreements).
pub fn programmes(country: Country, on: NaiveDate) -> Vec<Programme> {
    if country.in_union() {
        return vec![
            Programme::Union,
            Programme::EuroHpc,
            Programme::DigitalEurope,
            Programme::HorizonEurope,
            Programme::ConnectingEurope,
        ];
    }
    ASSOCIATIONS
        .iter()
        .filter(|(code, _, year, month, day)| {
            *code == country.code() && NaiveDate::from_ymd_opt(*year, *month, *day).is_some_and(|since| since <= on)
        })
        .map(|(_, programme, ..)| *programme)
        .collect()
}

/// Whether an organisation established there may have Union access time on that day, and through which programmes.
pub fn eligibility(country: Country, on: NaiveDate) -> Eligibility {
    Eligibility { country, on, through: programmes(country, on) }
}

/// Where this address stands in the VAT area.
pub fn territory(country: Country, postcode: &str) -> Territory {
    let digits: String = postcode.chars().filter(char::is_ascii_digit).collect();
    PLACES
        .iter()
        .find(|(code, prefixes, _)| *code == country.code() && prefixes.iter().any(|prefix| digits.starts_with(prefix)))
        .map_or(Territory::Ordinary, |(_, _, territory)| *territory)
}

/// The own standard rate of a place inside the VAT area (Directive 2006/112/EC, Art. 104 and 105).
pub const fn own_rate(place: Place) -> Option<BasisPoints> {
    match place {
        Place::Azores => Some(BasisPoints::new(1_600)),
        Place::Madeira => Some(BasisPoints::new(2_200)),
        Place::JungholzMittelberg => Some(BasisPoints::new(1_900)),
        _ => None,
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text is not two letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a country code")]
pub struct NotACountry;

impl From<NotACountry> for Problem {
    fn from(_: NotACountry) -> Self {
        Self::NotAChoice
    }
}

impl FromStr for Country {
    type Err = NotACountry;

    fn from_str(text: &str) -> Result<Self, NotACountry> {
        Self::from_code(text).ok_or(NotACountry)
    }
}

impl TryFrom<String> for Country {
    type Error = NotACountry;

    fn try_from(text: String) -> Result<Self, NotACountry> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn country(code: &str) -> Country {
        Country::from_code(code).unwrap()
    }

    #[test]
    fn eligibility_is_a_matter_of_country_and_date() {
        let cases = [
            ("DE", day(2026, 11, 23), true),
            ("UA", day(2026, 11, 23), true),
            ("TR", day(2026, 11, 23), true),
            ("US", day(2026, 11, 23), false),
            ("CN", day(2026, 11, 23), false),
            ("GB", day(2023, 6, 1), false),
            ("GB", day(2026, 11, 23), true),
            ("CH", day(2024, 12, 31), false),
            ("CH", day(2025, 1, 1), true),
        ];
        for (code, on, holds) in cases {
            assert_eq!(eligibility(country(code), on).holds(), holds, "{code} on {on}");
        }
    }

    #[test]
    fn every_dated_association_is_a_date() {
        for (code, _, year, month, day) in ASSOCIATIONS {
            assert!(NaiveDate::from_ymd_opt(*year, *month, *day).is_some(), "{code}");
            assert!(!country(code).in_union(), "{code}");
        }
    }

    #[test]
    fn an_address_can_lie_outside_the_vat_area_of_its_country() {
        let cases = [
            ("ES", "28013", Territory::Ordinary),
            ("ES", "35001", Territory::OutsideVatArea(Place::CanaryIslands)),
            ("FR", "97400 ", Territory::OutsideVatArea(Place::FrenchOverseas)),
            ("FR", "75011", Territory::Ordinary),
            ("FI", "FI-22100", Territory::OutsideVatArea(Place::Aland)),
            ("DE", "78266", Territory::OutsideVatArea(Place::Buesingen)),
            ("PT", "9000-042", Territory::OwnRate(Place::Madeira)),
            ("SE", "35001", Territory::Ordinary),
        ];
        for (code, postcode, expected) in cases {
            assert_eq!(territory(country(code), postcode), expected, "{code} {postcode}");
        }
    }

    #[test]
    fn codes_are_read_in_any_case_and_written_in_capitals() {
        assert_eq!(country("el").code(), "EL");
        assert_eq!(country("GR").vat_prefix(), "EL");
        assert_eq!(Country::from_code("D1"), None);
        assert_eq!(Country::from_code("DEU"), None);
        let read: Country = serde_json::from_str("\"fr\"").unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"FR\"");
    }
}
