//! What a VAT return and an EC sales list say of a period, from the documents issued in it.
//!
//! Refuses to file anything: these are the figures of boxes, by state, treatment and rate (Directive 2006/112/EC,
//! Art. 250), and the sums by customer of reverse-charged services (Art. 262(1)(c), 264).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    invoice::{Party, Sums},
    money::{BasisPoints, Money, Overflow},
    vat::Treatment,
};

/// One document of the period; what a credit note takes back counts below nought.
#[derive(Debug, Clone, Copy)]
pub struct Taxed<'a> {
    pub sums: &'a Sums,
    pub customer: &'a Party,
    pub is_credit: bool,
}

impl Taxed<'_> {
    fn signed(&self, amount: Money) -> Result<Money, Overflow> {
        if self.is_credit { amount.negated() } else { Ok(amount) }
    }
}

/// What is declared under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Code of the state whose tax it is; the customer's where none is charged.
    pub country: String,
    pub treatment: Treatment,
    pub rate: BasisPoints,
    pub base: Money,
    pub vat: Money,
    pub documents: u64,
}

/// One customer of a month's EC sales list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesLine {
    pub vat_id: String,
    pub name: String,
    pub base: Money,
}

/// By state, treatment and rate. Documents that tax nothing are no part of it, nor are those that ask a third party for a
/// part of a price: the supply is declared by the document of whoever was supplied.
pub fn return_lines(documents: &[Taxed<'_>]) -> Result<Vec<ReturnLine>, Overflow> {
    let mut lines: BTreeMap<(String, &'static str, i32), ReturnLine> = BTreeMap::new();
    for document in documents {
        for tax in document.sums.taxes.iter().filter(|tax| tax.treatment != Treatment::ThirdParty) {
            let country = tax.country.code().to_owned();
            let line = lines.entry((country.clone(), tax.treatment.code(), tax.rate.get())).or_insert(ReturnLine {
                country,
                treatment: tax.treatment,
                rate: tax.rate,
                base: Money::ZERO,
                vat: Money::ZERO,
                documents: 0,
            });
            line.base = line.base.checked_add(document.signed(tax.base)?)?;
            line.vat = line.vat.checked_add(document.signed(tax.vat)?)?;
            line.documents += 1;
        }
    }
    Ok(lines.into_values().collect())
}

/// Reverse-charged services by the customer's number.
pub fn sales_lines(documents: &[Taxed<'_>]) -> Result<Vec<SalesLine>, Overflow> {
    let mut lines: BTreeMap<String, SalesLine> = BTreeMap::new();
    for document in documents {
        let customer = document.customer;
        for tax in document.sums.taxes.iter().filter(|tax| tax.treatment == Treatment::ReverseCharge) {
            let vat_id = customer.vat_id.clone().unwrap_or_default();
            let line = lines.entry(vat_id.clone()).or_insert_with(|| SalesLine {
                vat_id,
                name: customer.name.clone(),
                base: Money::ZERO,
            });
            line.base = line.base.checked_add(document.signed(tax.base)?)?;
        }
    }
    Ok(lines.into_values().filter(|line| !line.base.is_zero()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        country::Country,
        invoice::{Kind, Tax},
    };

    fn party(vat_id: Option<&str>) -> Party {
        Party {
            name: "Example".to_owned(),
            street: String::new(),
            postcode: String::new(),
            city: String::new(),
            country: "DE".to_owned(),
            vat_id: vat_id.map(str::to_owned),
            registration: None,
        }
    }

    fn document(vat_id: Option<&str>, country: &str, treatment: Treatment, rate: i32, base: i64) -> (Sums, Party) {
        let (base, rate) = (Money::cents(base), BasisPoints::new(rate));
        let vat = base.share(rate).unwrap();
        let tax = Tax { treatment, rate, country: Country::from_code(country).unwrap(), base, vat };
        let sums = Sums {
            kind: Kind::Invoice,
            lines: Vec::new(),
            list: base,
            subsidy: Money::ZERO,
            own: base,
            taxes: vec![tax],
            vat,
            total: base.checked_add(vat).unwrap(),
        };
        (sums, party(vat_id))
    }

    fn of((sums, customer): &(Sums, Party), is_credit: bool) -> Taxed<'_> {
        Taxed { sums, customer, is_credit }
    }

    #[test]
    fn headings_are_by_state_treatment_and_rate_less_what_was_credited() {
        let home = document(None, "LU", Treatment::Domestic, 1_700, 10_000);
        let more = document(None, "LU", Treatment::Domestic, 1_700, 5_000);
        let shop = document(None, "DE", Treatment::CustomerRate, 1_900, 1_000);
        let credit = document(None, "LU", Treatment::Domestic, 1_700, 5_000);
        let lines = return_lines(&[of(&home, false), of(&more, false), of(&shop, false), of(&credit, true)]).unwrap();
        let seen: Vec<_> =
            lines.iter().map(|line| (line.country.as_str(), line.base.as_cents(), line.vat.as_cents())).collect();
        assert_eq!(seen, [("DE", 1_000, 190), ("LU", 10_000, 1_700)]);
        assert_eq!(lines[1].documents, 3);
    }

    #[test]
    fn the_sales_list_has_reverse_charged_services_alone() {
        let first = document(Some("DE123456788"), "DE", Treatment::ReverseCharge, 0, 700);
        let second = document(Some("DE123456788"), "DE", Treatment::ReverseCharge, 0, 300);
        let home = document(Some("LU12345613"), "LU", Treatment::Domestic, 1_700, 900);
        let taken_back = document(Some("FR40303265045"), "FR", Treatment::ReverseCharge, 0, 50);
        let documents =
            [of(&first, false), of(&second, false), of(&home, false), of(&taken_back, false), of(&taken_back, true)];
        let lines = sales_lines(&documents).unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].vat_id.as_str(), lines[0].base), ("DE123456788", Money::cents(1_000)));
    }
}
