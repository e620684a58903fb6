//! VAT numbers: read, normalised and held to the shape of their state.
//!
//! Shape is a rule, check digits are a hint ([`VatId::warning`]): some states issue numbers that fail their own
//! algorithm, and VIES has the last word.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::digits::{self, Digits};
use crate::{country::Country, problem::Problem};

/// A number with its prefix, in capitals and without spaces: `EL094259216`. Its shape is its state's.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "orm", sea_orm(value_type = "String"))]
#[serde(try_from = "String", into = "String")]
pub struct VatId(String);

/// One place of a body: `9` a digit, `@` a letter, `*` either, anything else itself; `~` a letter, `+` or `*`;
/// `^` a digit or a letter other than I and O; `1` a digit that is not zero; `o` zero or one.
const SHAPES: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["o999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CY", &["99999999@"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["*9999999*"]),
    ("FI", &["99999999"]),
    ("FR", &["^^999999999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9999999@", "9999999@@", "9~99999@"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("RO", &["19", "199", "1999", "19999", "199999", "1999999", "19999999", "199999999", "1999999999"]),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999", "GD999", "HA999"]),
];

impl VatId {
    /// Reads a number as people write it; `GR` is taken for `EL`.
    /// [`Problem::VatCountry`] for an unknown prefix, [`Problem::VatShape`] for a body that is not that state's.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let bare: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/' | '_'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if bare.is_empty() {
            return Err(Problem::Required);
        }
        let (prefix, body) = bare.split_at_checked(2).ok_or(Problem::VatShape)?;
        let prefix = if prefix == "GR" { "EL" } else { prefix };
        let (_, shapes) = SHAPES.iter().find(|(known, _)| *known == prefix).ok_or(Problem::VatCountry)?;
        if !shapes.iter().any(|shape| fits(shape, body)) {
            return Err(Problem::VatShape);
        }
        Ok(Self(format!("{prefix}{body}")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The two letters in front, `EL` for Greece.
    pub fn prefix(&self) -> &str {
        self.0.get(..2).unwrap_or("")
    }

    /// What follows the prefix: what VIES asks for beside the state.
    pub fn body(&self) -> &str {
        self.0.get(2..).unwrap_or("")
    }

    /// Whether this can be the number of an establishment in that country.
    pub fn is_of(&self, country: Country) -> bool {
        self.prefix() == country.vat_prefix() || (self.prefix() == "XI" && country == Country::of(*b"GB"))
    }

    pub fn digits(&self) -> Digits {
        digits::check(self.prefix(), self.body())
    }

    /// [`Problem::VatDigits`] where the check digits do not agree: shown, never a reason to refuse.
    pub fn warning(&self) -> Option<Problem> {
        (self.digits() == Digits::Wrong).then_some(Problem::VatDigits)
    }
}

fn fits(shape: &str, body: &str) -> bool {
    shape.len() == body.len()
        && shape.bytes().zip(body.bytes()).all(|(place, c)| match place {
            b'9' => c.is_ascii_digit(),
            b'1' => matches!(c, b'1'..=b'9'),
            b'o' => matches!(c, b'0' | b'1'),
            b'^' => c.is_ascii_digit() || (c.is_ascii_uppercase() && !matches!(c, b'I' | b'O')),
            b'*' => c.is_ascii_digit() || c.is_ascii_uppercase(),
            b'~' => c.is_ascii_uppercase() || matches!(c, b'+' | b'*'),
            b'@' => c.is_ascii_uppercase(),
            other => c == other,
        })
}

impl fmt::Display for VatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for VatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a VAT number of any state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a VAT number: {}", .0.code())]
pub struct NotAVatId(pub Problem);

impl FromStr for VatId {
    type Err = NotAVatId;

    fn from_str(text: &str) -> Result<Self, NotAVatId> {
        Self::parse(text).map_err(NotAVatId)
    }
}

impl TryFrom<String> for VatId {
    type Error = NotAVatId;

    fn try_from(text: String) -> Result<Self, NotAVatId> {
        text.parse()
    }
}

impl From<VatId> for String {
    fn from(id: VatId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let cases = [
            ("fr 40 303 265 045", "FR40303265045"),
            ("BE 0428.759.497", "BE0428759497"),
            ("GR 094259216", "EL094259216"),
            ("atu13585627", "ATU13585627"),
            ("NL 0044.95.445.B.01", "NL004495445B01"),
            ("IE8D79739I", "IE8D79739I"),
            ("IE 1+23456A", "IE1+23456A"),
            ("ESX5253868R", "ESX5253868R"),
            ("CY-10259033P", "CY10259033P"),
            ("BE1000000001", "BE1000000001"),
            ("XIHA500", "XIHA500"),
        ];
        for (typed, kept) in cases {
            assert_eq!(VatId::parse(typed).map(|id| id.to_string()), Ok(kept.to_owned()), "{typed}");
        }
    }

    #[test]
    fn a_wrong_shape_is_an_error_of_its_kind() {
        let cases = [
            ("", Problem::Required),
            ("U", Problem::VatShape),
            ("US123456789", Problem::VatCountry),
            ("GB123456789", Problem::VatCountry),
            ("CHE123456789", Problem::VatCountry),
            ("123456789", Problem::VatCountry),
            ("DE12345678", Problem::VatShape),
            ("AT13585627", Problem::VatShape),
            ("BE2428759497", Problem::VatShape),
            ("RO0123", Problem::VatShape),
            ("FRIO303265045", Problem::VatShape),
            ("XIHB500", Problem::VatShape),
        ];
        for (typed, problem) in cases {
            assert_eq!(VatId::parse(typed), Err(problem), "{typed}");
        }
    }

    #[test]
    fn a_number_belongs_to_its_country() {
        let greek = VatId::parse("EL094259216").unwrap();
        assert!(greek.is_of(Country::of(*b"GR")));
        assert!(!greek.is_of(Country::of(*b"DE")));
        assert!(VatId::parse("XI123456789").unwrap().is_of(Country::of(*b"GB")));
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_is_stable(text in "\\PC{0,20}") {
            if let Ok(id) = VatId::parse(&text) {
                let _ = id.digits();
                prop_assert_eq!(VatId::parse(id.as_str()), Ok(id));
            }
        }
    }
}
