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
        vat_id: Some("LU00000000".to_owned()),
        registration: Some("B000000".to_owned()),
    };
    let bank = Bank {
        iban: "LU28 0019 4006 4475 0000".to_owned(),
        bic: "EXMPLULL".to_owned(),
        name: "Gigahours (demonstration)".to_owned(),
    };
    (supplier, bank)
}
