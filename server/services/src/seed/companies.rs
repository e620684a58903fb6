//! Sixty companies of all sizes in twenty countries. Names are invented; VAT numbers have the right shape and digits
//! and belong to nobody that we know of.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::{
    actor::{Actor, Seat, Stand},
    country::Country,
    organisation::DetailsForm,
    policy::Action,
    vat::{Digits, VatId},
};

use super::{PASSWORD, dice::Dice, people};
use crate::{
    Services,
    error::{Error, Result},
};

/// A company of the demo world and the person who acts for it.
#[derive(Debug, Clone, Copy)]
pub struct Company {
    pub owner: Actor,
}

/// Country, city, postcode, legal form, and the VAT number's shape: `#` stands for a digit.
const PLACES: [(&str, &str, &str, &str, &str); 20] = [
    ("FR", "Lyon", "69002", "SAS", "FR##8########"),
    ("DE", "München", "80331", "GmbH", "DE#########"),
    ("IT", "Torino", "10121", "S.r.l.", "IT###########"),
    ("ES", "Valencia", "46001", "S.L.", "ESB########"),
    ("NL", "Eindhoven", "5611 AZ", "B.V.", "NL#########B01"),
    ("BE", "Gent", "9000", "BV", "BE0#########"),
    ("PL", "Kraków", "31-001", "Sp. z o.o.", "PL##########"),
    ("PT", "Porto", "4000-001", "Lda.", "PT5########"),
    ("AT", "Graz", "8010", "GmbH", "ATU########"),
    ("FI", "Tampere", "33100", "Oy", "FI########"),
    ("SE", "Göteborg", "411 01", "AB", "SE##########01"),
    ("DK", "Aarhus", "8000", "ApS", "DK########"),
    ("IE", "Cork", "T12 W8KF", "Ltd", "IE#######T"),
    ("EL", "Thessaloniki", "546 21", "IKE", "EL#########"),
    ("CZ", "Brno", "602 00", "s.r.o.", "CZ########"),
    ("HU", "Szeged", "6720", "Kft.", "HU########"),
    ("RO", "Cluj-Napoca", "400001", "SRL", "RO########"),
    ("SI", "Ljubljana", "1000", "d.o.o.", "SI########"),
    ("EE", "Tartu", "51003", "OÜ", "EE#########"),
    ("LU", "Esch-sur-Alzette", "4361", "S.à r.l.", "LU########"),
];

/// The seven Member States where the demo world has no company.
const FURTHER: [(&str, &str, &str, &str, &str); 7] = [
    ("BG", "Plovdiv", "4000", "OOD", "BG#########"),
    ("HR", "Rijeka", "51000", "d.o.o.", "HR###########"),
    ("CY", "Limassol", "3010", "Ltd", "CY########L"),
    ("LV", "Rīga", "LV-1010", "SIA", "LV###########"),
    ("LT", "Kaunas", "44240", "UAB", "LT#########"),
    ("MT", "Valletta", "VLT 1117", "Ltd", "MT########"),
    ("SK", "Košice", "040 01", "s.r.o.", "SK##########"),
];

/// Where a company is and what it is called for VAT.
pub(super) struct Address {
    pub country: Country,
    pub city: &'static str,
    pub postcode: &'static str,
    /// Right digits, and the demo world's VIES answers for it.
    pub vat_id: Option<VatId>,
}

/// One after the other in each of the twenty-seven Member States.
pub(super) fn address(number: u64, dice: &mut Dice) -> Result<Address> {
    let all: Vec<_> = PLACES.iter().chain(&FURTHER).collect();
    let place = usize::try_from(number).unwrap_or_default() % all.len();
    let (code, city, postcode, _, shape) = **all.get(place).ok_or(Error::NotFound)?;
    let vat_id = loop {
        let candidate = vat_id(shape, dice);
        // Of these the demo world's VIES says nothing.
        if !candidate.ends_with("99") {
            break VatId::parse(&candidate).ok();
        }
    };
    Ok(Address { country: country(code)?, city, postcode, vat_id })
}

/// VAT numbers and everybody else name Greece differently.
fn country(code: &str) -> Result<Country> {
    Country::from_code(if code == "EL" { "GR" } else { code }).ok_or(Error::NotFound)
}

const FIRST: [&str; 12] =
    ["Nord", "Alba", "Helio", "Quanta", "Terra", "Lingua", "Vita", "Onda", "Ferro", "Klima", "Agri", "Proto"];
const SECOND: [&str; 10] = [
    "wind Models",
    "sense AI",
    "fold Bio",
    "voice",
    "graph Labs",
    "scan Imaging",
    "grid Systems",
    "mind",
    "cast Weather",
    "weave",
];

/// Staff, turnover and balance sheet in whole euro, of two years: micro to large.
const SIZES: [(i64, i64, i64); 6] = [
    (6, 480_000, 900_000),
    (9, 1_900_000, 1_200_000),
    (28, 4_200_000, 3_100_000),
    (120, 21_000_000, 15_000_000),
    (430, 96_000_000, 74_000_000),
    (1_900, 410_000_000, 380_000_000),
];

pub async fn make(services: &Services, now: DateTime<Utc>) -> Result<Vec<Company>> {
    let password_hash = services.passwords().hash(PASSWORD.to_owned()).await?;
    let mut dice = Dice::new(2_026);
    let mut companies = Vec::new();
    for number in 0..60_usize {
        let then = now - TimeDelta::weeks(18) + TimeDelta::hours(i64::try_from(number).unwrap_or_default());
        companies.push(company(services, then, number, &password_hash, &mut dice).await?);
    }
    Ok(companies)
}

async fn company(
    services: &Services,
    then: DateTime<Utc>,
    number: usize,
    password_hash: &str,
    dice: &mut Dice,
) -> Result<Company> {
    let place = PLACES.get(number % PLACES.len()).ok_or(Error::NotFound)?;
    let name = format!(
        "{}{} {}",
        FIRST.get(number % FIRST.len()).unwrap_or(&""),
        SECOND.get((number * 7 + number / FIRST.len()) % SECOND.len()).unwrap_or(&""),
        place.3
    );
    let email = if number == 0 { "applicant@demo.example".to_owned() } else { format!("owner{number}@demo.example") };
    let person_name = if number == 0 { "Amélie Applicant".to_owned() } else { format!("Owner {number}") };
    let mut tx = services.desk_at(Actor::SYSTEM, then).begin(Action::Seed).await?;
    let person = people::add(&mut tx, &email, &person_name, password_hash).await?;
    tx.commit().await?;
    let desk = services.desk_at(Actor::person(person, Stand::SignedIn), then);
    let form = details(number, place, name, then, dice)?;
    let organisation = desk.create_organisation(&form).await?;
    let owner = Actor::person(person, Stand::Member { organisation, seat: Seat::Owner });
    // The first is the one visitors try: a start-up, so that every mode is open to it.
    let size =
        SIZES.get(if number == 0 { 0 } else { [0, 0, 1, 2, 2, 3, 3, 4, 5, 1].get(number % 10).copied().unwrap_or(0) });
    let typed = figures(size.copied().unwrap_or((6, 480_000, 900_000)), then);
    services.desk_at(owner, then).change_figures(&typed, 1).await?;
    Ok(Company { owner })
}

fn details(
    number: usize,
    place: &(&str, &str, &str, &str, &str),
    legal_name: String,
    then: DateTime<Utc>,
    dice: &mut Dice,
) -> Result<DetailsForm> {
    let (code, city, postcode, _, shape) = *place;
    let country = country(code)?;
    let founded = then.year() - if number == 0 { 3 } else { i32::try_from(dice.between(1, 14)).unwrap_or(3) };
    Ok(DetailsForm {
        legal_name,
        street: format!("Demo Street {}", number + 1),
        city: city.to_owned(),
        postcode: postcode.to_owned(),
        country: country.code().to_owned(),
        registration_number: format!("DEMO-{:05}", 10_000 + number),
        // A few have none yet: their invoices wait for evidence.
        vat_id: if number % 13 == 12 { String::new() } else { vat_id(shape, dice) },
        founded_on: format!("{founded}-03-01"),
        nace: "62.10".to_owned(),
        ..DetailsForm::default()
    })
}

/// A number of this shape whose check digits are right: thrown until one is.
fn vat_id(shape: &str, dice: &mut Dice) -> String {
    for _ in 0..20_000 {
        let candidate: String = shape
            .chars()
            .map(
                |character| if character == '#' { char::from_digit(digit(dice), 10).unwrap_or('0') } else { character },
            )
            .collect();
        if VatId::parse(&candidate).is_ok_and(|id| matches!(id.digits(), Digits::Right | Digits::NotChecked)) {
            return candidate;
        }
    }
    String::new()
}

fn digit(dice: &mut Dice) -> u32 {
    u32::try_from(dice.below(10)).unwrap_or_default()
}

fn figures((staff, turnover, balance): (i64, i64, i64), then: DateTime<Utc>) -> BTreeMap<String, String> {
    let mut typed = BTreeMap::new();
    for (number, year) in [(1, then.year() - 1), (2, then.year() - 2)] {
        let mut set = |name: &str, value: String| typed.insert(format!("year{number}_{name}"), value);
        set("ends", format!("{year}-12-31"));
        set("staff", staff.to_string());
        set("turnover", turnover.to_string());
        set("balance", balance.to_string());
    }
    typed
}
