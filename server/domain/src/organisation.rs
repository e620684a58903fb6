//! Organisations as the rules see them: their figures, their owners and holdings, and the facts a form gives.
//!
//! What size they are is `size`'s, whether they are a start-up `start_up`'s. Refuses floats: staff are hundredths
//! of an annual work unit.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    money::{BasisPoints, Money},
    problem::{Invalid, Problem},
    typed,
    vat::VatId,
};

pub mod figures;
pub mod size;
pub mod start_up;

pub use size::{SizeClass, assess};

/// Annual work units in hundredths: a person full time for the whole year is 100 (Rec. 2003/361/EC, Annex, Art. 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Staff(i64);

impl Staff {
    pub const fn hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    pub const fn people(people: i64) -> Self {
        Self(people.saturating_mul(100))
    }

    pub const fn as_hundredths(self) -> i64 {
        self.0
    }
}

/// What one year's accounts say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    pub staff: Staff,
    /// Annual turnover without VAT.
    pub turnover: Money,
    /// Balance sheet total.
    pub balance: Money,
}

/// One accounting year of the organisation itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// The day its accounts close.
    pub ends: NaiveDate,
    pub figures: Figures,
    /// A new firm's estimate in good faith (Rec. 2003/361/EC, Annex, Art. 4(3)).
    pub estimated: bool,
}

/// Which way the shares go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// They hold a share of us.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "upstream"))]
    Upstream,
    /// We hold a share of them.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "downstream"))]
    Downstream,
}

/// What a holder is, as far as the size test distinguishes (Rec. 2003/361/EC, Annex, Art. 3(2) and (4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "enterprise"))]
    Enterprise,
    /// A natural person; their other companies in the same or adjacent markets are entered beneath them.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "person"))]
    Person,
    /// Public investment corporation or venture capital company.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "venture_capital"))]
    VentureCapital,
    /// Business angels with less than EUR 1.25 million in this company.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "business_angel"))]
    BusinessAngel,
    /// University or non-profit research centre.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "university"))]
    University,
    /// Institutional investor, regional development funds included.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "institutional_investor"))]
    InstitutionalInvestor,
    /// Autonomous, with a budget under EUR 10 million and fewer than 5,000 inhabitants.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "small_local_authority"))]
    SmallLocalAuthority,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "public_body"))]
    PublicBody,
}

impl HolderKind {
    pub const ALL: [Self; 8] = [
        Self::Enterprise,
        Self::Person,
        Self::VentureCapital,
        Self::BusinessAngel,
        Self::University,
        Self::InstitutionalInvestor,
        Self::SmallLocalAuthority,
        Self::PublicBody,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Person => "person",
            Self::VentureCapital => "venture_capital",
            Self::BusinessAngel => "business_angel",
            Self::University => "university",
            Self::InstitutionalInvestor => "institutional_investor",
            Self::SmallLocalAuthority => "small_local_authority",
            Self::PublicBody => "public_body",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// May hold up to half without becoming a partner (Annex, Art. 3(2), second subparagraph).
    pub const fn is_exempt(self) -> bool {
        matches!(
            self,
            Self::VentureCapital
                | Self::BusinessAngel
                | Self::University
                | Self::InstitutionalInvestor
                | Self::SmallLocalAuthority
        )
    }
}

impl Direction {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::Downstream => "downstream",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Upstream, Self::Downstream].into_iter().find(|direction| direction.code() == code)
    }
}

/// One holder of us or holding of ours, with its own beneath it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    pub name: String,
    pub direction: Direction,
    pub kind: HolderKind,
    /// The greater of the share in capital and in votes.
    pub share: BasisPoints,
    /// Dominant influence by contract, statutes or the right to appoint the board, whatever the share.
    pub controls: bool,
    /// Holders with the same number are linked with each other and act as one.
    pub acts_with: Option<i32>,
    /// The latest closed year's; `None` where they are not known yet, and for natural persons.
    pub figures: Option<Figures>,
    /// Its own holders and holdings, seen from it.
    pub beneath: Vec<Self>,
}

/// What a form says of an organisation, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DetailsForm {
    pub legal_name: String,
    pub street: String,
    pub city: String,
    pub postcode: String,
    pub country: String,
    pub registration_number: String,
    pub vat_id: String,
    pub founded_on: String,
    pub nace: String,
    pub listed: String,
    pub distributed_profits: String,
    pub from_merger: String,
}

/// An organisation's own facts, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub legal_name: String,
    pub street: String,
    pub city: String,
    pub postcode: String,
    pub country: Country,
    pub registration_number: String,
    pub vat_id: Option<VatId>,
    pub founded_on: NaiveDate,
    /// NACE Rev. 2.1 class such as `62.10`; empty where not given.
    pub nace: String,
    pub listed: bool,
    pub distributed_profits: bool,
    pub from_merger: bool,
}

impl DetailsForm {
    /// Every fault of the form at once.
    pub fn check(&self, today: NaiveDate) -> Result<Details, Invalid> {
        let mut invalid = Invalid::default();
        let mut line = |field: &str, text: &str, max| {
            typed::line(text, max).unwrap_or_else(|problem| {
                invalid.add(field, problem);
                String::new()
            })
        };
        let legal_name = line("legal_name", &self.legal_name, 200);
        let street = line("street", &self.street, 200);
        let postcode = line("postcode", &self.postcode, 16);
        let city = line("city", &self.city, 100);
        let country = match self.country.parse::<Country>() {
            Ok(country) if Country::participants().contains(&country) => Some(country),
            _ if self.country.trim().is_empty() => {
                invalid.add("country", Problem::Required);
                None
            }
            _ => {
                invalid.add("country", Problem::NotAChoice);
                None
            }
        };
        let registration_number = typed::line(&self.registration_number, 60).unwrap_or_else(|problem| {
            invalid.add("registration_number", problem);
            String::new()
        });
        let vat_id = typed::optional(&self.vat_id, VatId::parse).and_then(|id| match (id, country) {
            (Some(id), Some(country)) if !id.is_of(country) => Err(Problem::VatCountry),
            (id, _) => Ok(id),
        });
        let vat_id = vat_id.unwrap_or_else(|problem| {
            invalid.add("vat_id", problem);
            None
        });
        let founded_on = typed::date(&self.founded_on)
            .and_then(|day| if day > today { Err(Problem::InTheFuture) } else { Ok(day) })
            .unwrap_or_else(|problem| {
                invalid.add("founded_on", problem);
                today
            });
        let nace = typed::optional(&self.nace, nace).unwrap_or_else(|problem| {
            invalid.add("nace", problem);
            None
        });
        let (Some(country), true) = (country, invalid.is_empty()) else { return Err(in_order(invalid)) };
        Ok(Details {
            legal_name,
            street,
            city,
            postcode,
            country,
            registration_number,
            vat_id,
            founded_on,
            nace: nace.unwrap_or_default(),
            listed: !self.listed.is_empty(),
            distributed_profits: !self.distributed_profits.is_empty(),
            from_merger: !self.from_merger.is_empty(),
        })
    }
}

/// The problems in the order in which people meet the fields.
fn in_order(mut invalid: Invalid) -> Invalid {
    const FIELDS: [&str; 9] =
        ["legal_name", "country", "registration_number", "vat_id", "nace", "street", "postcode", "city", "founded_on"];
    invalid.0.sort_by_key(|(name, _)| FIELDS.iter().position(|field| field == name));
    invalid
}

impl Details {
    /// The registration number without spaces and marks: what makes a legal entity one row.
    pub fn registration_key(&self) -> String {
        self.registration_number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
    }
}

/// `62`, `62.1` or `62.10`.
fn nace(text: &str) -> Result<String, Problem> {
    let bare = text.trim();
    let (division, class) = bare.split_once('.').unwrap_or((bare, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if division.len() == 2 && class.len() <= 2 && digits(division) && digits(class) {
        Ok(bare.trim_end_matches('.').to_owned())
    } else {
        Err(Problem::NaceShape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> DetailsForm {
        DetailsForm {
            legal_name: "Cosmos Vision SAS".to_owned(),
            street: "3 rue du Calcul".to_owned(),
            city: "Paris".to_owned(),
            postcode: "75011".to_owned(),
            country: "FR".to_owned(),
            registration_number: "303 265 045".to_owned(),
            vat_id: "FR 40 303265045".to_owned(),
            founded_on: "2023-05-04".to_owned(),
            nace: "62.10".to_owned(),
            ..DetailsForm::default()
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn a_full_form_is_read() {
        let details = form().check(today()).unwrap();
        assert_eq!(details.vat_id.unwrap().as_str(), "FR40303265045");
        assert!(!details.listed);
    }

    #[test]
    fn every_fault_is_named_at_its_field() {
        type Case = (&'static str, fn(&mut DetailsForm), Problem);
        let cases: [Case; 8] = [
            ("legal_name", |f| f.legal_name = " ".to_owned(), Problem::Required),
            ("country", |f| f.country = "US".to_owned(), Problem::NotAChoice),
            ("vat_id", |f| f.vat_id = "DE136695976".to_owned(), Problem::VatCountry),
            ("vat_id", |f| f.vat_id = "FR1".to_owned(), Problem::VatShape),
            ("founded_on", |f| f.founded_on = "2026-11-24".to_owned(), Problem::InTheFuture),
            ("founded_on", |f| f.founded_on = "yesterday".to_owned(), Problem::NotADate),
            ("nace", |f| f.nace = "IT".to_owned(), Problem::NaceShape),
            ("city", |f| f.city = "x".repeat(101), Problem::TooLong { max: 100 }),
        ];
        for (field, spoil, problem) in cases {
            let mut form = form();
            spoil(&mut form);
            assert_eq!(form.check(today()), Err(Invalid::one(field, problem)), "{field}");
        }
        assert_eq!(DetailsForm::default().check(today()).unwrap_err().0.len(), 7);
    }

    #[test]
    fn a_number_with_wrong_digits_is_taken() {
        let mut form = form();
        form.vat_id = "FR41303265045".to_owned();
        assert_eq!(form.check(today()).unwrap().vat_id.unwrap().warning(), Some(Problem::VatDigits));
    }
}
