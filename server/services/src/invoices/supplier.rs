//! Who issues our invoices. Fictional until there is a programme that signs them.

use domain::invoice::{Bank, Party};

/// Where the supplier is established: decides the place of supply.
pub const COUNTRY: &str = "LU";

pub fn parties() -> (Party, Bank) {
    let supplier = Party {
        name: "Gigahours (demonstration)".to_owned(),
        street: "12 rue de l’Exemple".to_owned(),
        postcode: "1234".to_owned(),
        city: "Luxembourg".to_owned(),
        country: COUNTRY.to_owned(),
        vat_id: Some("LU99999984".to_owned()),
        registration: Some("B000000".to_owned()),
    };
    let bank = Bank {
        iban: "LU28 0019 4006 4475 0000".to_owned(),
        bic: "EXMPLULL".to_owned(),
        name: "Gigahours (demonstration)".to_owned(),
    };
    (supplier, bank)
}

#[cfg(test)]
mod tests {
    use domain::vat::VatId;

    use super::*;

    #[test]
    fn fictional_data_are_formally_valid() {
        let (supplier, bank) = parties();
        let id = VatId::parse(&supplier.vat_id.unwrap()).unwrap();
        assert_eq!((id.prefix(), id.warning()), (COUNTRY, None));
        // ISO 13616: the first four letters at the end, letters as numbers, modulo 97 is 1.
        let iban: String = bank.iban.chars().filter(|letter| !letter.is_whitespace()).collect();
        let turned = format!("{}{}", &iban[4..], &iban[..4]);
        let rest = turned.chars().fold(0, |rest, letter| {
            let value = letter.to_digit(36).unwrap();
            (rest * if value > 9 { 100 } else { 10 } + value) % 97
        });
        assert_eq!((rest, &iban[..2]), (1, COUNTRY));
        assert_eq!((bank.bic.len(), &bank.bic[4..6]), (8, COUNTRY));
    }
}
