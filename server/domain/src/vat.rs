//! Value added tax: the state of a customer's number, where our service is taxed, at which rate, and by which law.
//!
//! Our supply is an electronically supplied service. Refuses advice: what a tax adviser must settle (price-linked
//! subsidies, the marketplace presumption) is a setting of whoever calls, not decided here.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    country::{self, Country, Territory},
    money::BasisPoints,
};

mod digits;
mod number;
mod rates;

pub use digits::Digits;
pub use number::VatId;
pub use rates::standard_rate;

/// What is known of a customer's number. Only the last definite answer of VIES counts: an outage does not undo it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum VatState {
    /// No number given, or not asked yet.
    #[default]
    #[cfg_attr(feature = "orm", sea_orm(string_value = "unchecked"))]
    Unchecked,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "valid"))]
    Valid,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "invalid"))]
    Invalid,
    /// The Member State's register did not answer; asked again later.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "unavailable"))]
    Unavailable,
}

impl VatState {
    pub const ALL: [Self; 4] = [Self::Unchecked, Self::Valid, Self::Invalid, Self::Unavailable];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unavailable => "unavailable",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state after an answer about the same number.
    pub const fn after(self, answer: Self) -> Self {
        match (self, answer) {
            (Self::Valid | Self::Invalid, Self::Unavailable | Self::Unchecked) => self,
            _ => answer,
        }
    }
}

/// How long a document waits for a register that does not answer: a reverse charge must be invoiced by the 15th of the
/// month after the supply (Directive 2006/112/EC Art. 222).
pub const PATIENCE: TimeDelta = TimeDelta::days(7);

/// What the register said when a document was issued, kept on the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub state: VatState,
    /// When it gave this answer; `None` if it never gave one.
    pub answered_at: Option<DateTime<Utc>>,
    pub consultation: Option<String>,
    /// It did not answer now: this is its last definite answer.
    pub is_last_known: bool,
}

/// The state to tax by, and whether it is only the last known one. `None` while it is better to wait: a customer with a
/// number who may account for the tax is not charged it because a register is down.
pub fn settled(answer: VatState, last: VatState, since: DateTime<Utc>, now: DateTime<Utc>) -> Option<(VatState, bool)> {
    match (answer, last) {
        (VatState::Valid | VatState::Invalid, _) => Some((answer, false)),
        (_, VatState::Invalid) => Some((VatState::Invalid, true)),
        _ if now >= since + PATIENCE => Some((last, true)),
        _ => None,
    }
}

/// How one supply is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Supplier and customer in the same state: its rate, whatever the number says.
    Domestic,
    /// Business in another Member State with a valid number: the customer accounts for the tax.
    ReverseCharge,
    /// Another Member State without a valid number: the customer's state's rate, through the One Stop Shop.
    CustomerRate,
    /// Customer in a third country.
    OutsideScope,
    /// Customer in a part of a Member State that lies outside the VAT area.
    OutsideVatArea,
    /// Exempt by a certificate or rule the caller has established.
    Exempt,
    /// No supply to whoever pays: a part of the price of what somebody else was supplied with.
    ThirdParty,
}

impl Treatment {
    pub const ALL: [Self; 7] = [
        Self::Domestic,
        Self::ReverseCharge,
        Self::CustomerRate,
        Self::OutsideScope,
        Self::OutsideVatArea,
        Self::Exempt,
        Self::ThirdParty,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Domestic => "domestic",
            Self::ReverseCharge => "reverse_charge",
            Self::CustomerRate => "customer_rate",
            Self::OutsideScope => "outside_scope",
            Self::OutsideVatArea => "outside_vat_area",
            Self::Exempt => "exempt",
            Self::ThirdParty => "third_party",
        }
    }

    /// The key of the sentence that an invoice must carry.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Domestic => "vat-text-domestic",
            Self::ReverseCharge => "vat-text-reverse-charge",
            Self::CustomerRate => "vat-text-customer-rate",
            Self::OutsideScope => "vat-text-outside-scope",
            Self::OutsideVatArea => "vat-text-outside-vat-area",
            Self::Exempt => "vat-text-exempt",
            Self::ThirdParty => "vat-text-third-party",
        }
    }

    /// The articles it rests on, as an invoice quotes them.
    pub const fn law(self) -> &'static str {
        match self {
            Self::Domestic => "2006/112/EC Art. 44",
            Self::ReverseCharge => "2006/112/EC Art. 44, 196",
            Self::CustomerRate => "2006/112/EC Art. 58; (EU) 282/2011 Art. 18",
            Self::OutsideScope => "2006/112/EC Art. 44",
            Self::OutsideVatArea => "2006/112/EC Art. 6, 44",
            Self::Exempt => "2006/112/EC Art. 151",
            Self::ThirdParty => "2006/112/EC Art. 73",
        }
    }

    /// The VAT category code of EN 16931 (UNTDID 5305).
    pub const fn category(self) -> &'static str {
        match self {
            Self::Domestic | Self::CustomerRate => "S",
            Self::ReverseCharge => "AE",
            Self::OutsideScope | Self::OutsideVatArea | Self::ThirdParty => "O",
            Self::Exempt => "E",
        }
    }

    pub const fn is_charged(self) -> bool {
        matches!(self, Self::Domestic | Self::CustomerRate)
    }
}

/// A treatment with the rate that it leads to on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub treatment: Treatment,
    /// Zero where nothing is charged.
    pub rate: BasisPoints,
    /// The state whose VAT this is; the customer's where none is charged.
    pub country: Country,
}

/// Where and how a business customer's GPU-hours are taxed (Directive 2006/112/EC, Art. 44, 58 and 196).
///
/// Northern Ireland's `XI` covers goods only, so a customer in `GB` is in a third country whatever their number.
pub fn treatment(supplier: Country, customer: Country, state: VatState, postcode: &str, on: NaiveDate) -> Applied {
    let free = |treatment| Applied { treatment, rate: BasisPoints::ZERO, country: customer };
    let place = country::territory(customer, postcode);
    if matches!(place, Territory::OutsideVatArea(_)) {
        return free(Treatment::OutsideVatArea);
    }
    let Some(standard) = standard_rate(customer, on) else { return free(Treatment::OutsideScope) };
    let rate = match place {
        Territory::OwnRate(place) => country::own_rate(place).unwrap_or(standard),
        _ => standard,
    };
    if customer == supplier {
        Applied { treatment: Treatment::Domestic, rate, country: customer }
    } else if state == VatState::Valid {
        free(Treatment::ReverseCharge)
    } else {
        Applied { treatment: Treatment::CustomerRate, rate, country: customer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_place_of_supply_matrix() {
        use Treatment::{CustomerRate, Domestic, OutsideScope, OutsideVatArea, ReverseCharge};
        use VatState::{Invalid, Unavailable, Unchecked, Valid};
        let cases = [
            ("LU", "LU", Valid, "1234", Domestic, 1_700),
            ("LU", "LU", Unchecked, "1234", Domestic, 1_700),
            ("LU", "DE", Valid, "10115", ReverseCharge, 0),
            ("LU", "DE", Invalid, "10115", CustomerRate, 1_900),
            ("LU", "FI", Unavailable, "00100", CustomerRate, 2_550),
            ("LU", "GR", Unchecked, "10431", CustomerRate, 2_400),
            ("LU", "NO", Unchecked, "0150", OutsideScope, 0),
            ("LU", "CH", Unchecked, "8001", OutsideScope, 0),
            ("LU", "UA", Unchecked, "01001", OutsideScope, 0),
            ("LU", "GB", Valid, "BT1 1AA", OutsideScope, 0),
            ("LU", "ES", Valid, "38001", OutsideVatArea, 0),
            ("ES", "ES", Valid, "35001", OutsideVatArea, 0),
            ("LU", "FR", Unchecked, "97110", OutsideVatArea, 0),
            ("LU", "FI", Valid, "22100", OutsideVatArea, 0),
            ("LU", "PT", Unchecked, "9000-001", CustomerRate, 2_200),
            ("PT", "PT", Unchecked, "9500-001", Domestic, 1_600),
        ];
        for (supplier, customer, state, postcode, treated, rate) in cases {
            let (from, to) = (Country::from_code(supplier).unwrap(), Country::from_code(customer).unwrap());
            let applied = treatment(from, to, state, postcode, day(2026, 11, 23));
            assert_eq!(
                (applied.treatment, applied.rate.get()),
                (treated, rate),
                "{supplier} to {customer} {postcode} {state:?}"
            );
            assert_eq!(applied.treatment.is_charged(), rate != 0);
        }
    }

    #[test]
    fn a_register_that_is_down_is_waited_for_and_then_its_last_answer_counts() {
        use VatState::{Invalid, Unavailable, Unchecked, Valid};
        let since: DateTime<Utc> = "2026-12-01T06:00:00Z".parse().unwrap();
        let late = since + PATIENCE;
        let cases = [
            (Valid, Invalid, since, Some((Valid, false))),
            (Invalid, Valid, since, Some((Invalid, false))),
            (Unavailable, Valid, since, None),
            (Unavailable, Valid, late - TimeDelta::seconds(1), None),
            (Unavailable, Valid, late, Some((Valid, true))),
            (Unavailable, Unchecked, since, None),
            (Unavailable, Unchecked, late, Some((Unchecked, true))),
            (Unavailable, Invalid, since, Some((Invalid, true))),
        ];
        for (answer, last, now, found) in cases {
            assert_eq!(settled(answer, last, since, now), found, "{answer:?} after {last:?} at {now}");
        }
    }

    #[test]
    fn an_outage_does_not_undo_an_answer() {
        use VatState::{Invalid, Unavailable, Unchecked, Valid};
        assert_eq!(Valid.after(Unavailable), Valid);
        assert_eq!(Invalid.after(Unavailable), Invalid);
        assert_eq!(Unchecked.after(Unavailable), Unavailable);
        assert_eq!(Valid.after(Invalid), Invalid);
        assert_eq!(Unavailable.after(Valid), Valid);
    }
}
