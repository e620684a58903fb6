//! Where a company is reached over Peppol: the scheme of its country and its number in it.
//!
//! By VAT number wherever there is one; a country without an entry has no address, and its company gets plain UBL.

use domain::invoice::Party;

/// Prefix of the VAT number, scheme of the EAS list, and how the number is written there.
const BY_VAT: &[(&str, &str, Written)] = &[
    ("AT", "9914", Written::Whole),
    ("BE", "0208", Written::Body),
    ("BG", "9926", Written::Whole),
    ("CY", "9928", Written::Whole),
    ("CZ", "9929", Written::Whole),
    ("DE", "9930", Written::Whole),
    ("DK", "0198", Written::Whole),
    ("EE", "9931", Written::Whole),
    ("EL", "9933", Written::Whole),
    ("ES", "9920", Written::Whole),
    ("FI", "0216", Written::Finnish),
    ("FR", "9957", Written::Whole),
    ("HR", "9934", Written::Whole),
    ("HU", "9910", Written::Whole),
    ("IE", "9935", Written::Whole),
    ("IT", "0211", Written::Whole),
    ("LT", "9937", Written::Whole),
    ("LU", "9938", Written::Whole),
    ("LV", "9939", Written::Whole),
    ("MT", "9943", Written::Whole),
    ("NL", "9944", Written::Whole),
    ("PL", "9945", Written::Whole),
    ("PT", "9946", Written::Whole),
    ("RO", "9947", Written::Whole),
    ("SE", "0007", Written::Swedish),
    ("SI", "9949", Written::Whole),
    ("SK", "9950", Written::Whole),
    ("XI", "9932", Written::Whole),
];

#[derive(Clone, Copy)]
enum Written {
    /// With its prefix.
    Whole,
    /// Without it.
    Body,
    /// The OVT number: `0037` and the eight digits.
    Finnish,
    /// The register number: without the two digits at the end.
    Swedish,
}

/// The scheme and the number in it.
pub fn endpoint(party: &Party) -> Option<(&'static str, String)> {
    party.vat_id.as_deref().and_then(by_vat).or_else(|| by_registration(party))
}

fn by_vat(id: &str) -> Option<(&'static str, String)> {
    let (prefix, body) = id.split_at_checked(2)?;
    let (_, scheme, written) = BY_VAT.iter().find(|row| row.0 == prefix)?;
    let number = match written {
        Written::Whole => id.to_owned(),
        Written::Body => body.to_owned(),
        Written::Finnish => format!("0037{body}"),
        Written::Swedish => body.get(..10)?.to_owned(),
    };
    Some((scheme, number))
}

/// Norway's and Switzerland's registers number every company.
fn by_registration(party: &Party) -> Option<(&'static str, String)> {
    let digits: String = party.registration.as_deref()?.chars().filter(char::is_ascii_digit).collect();
    match (party.country.as_str(), digits.len()) {
        ("NO", 9) => Some(("0192", digits)),
        ("CH", 9) => Some(("0183", format!("CHE{digits}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::country::Country;
    use en16931::Identifier;

    use super::*;

    fn party(country: &str, vat_id: Option<&str>, registration: &str) -> Party {
        Party {
            name: "Nordlicht".to_owned(),
            street: String::new(),
            postcode: String::new(),
            city: String::new(),
            country: country.to_owned(),
            vat_id: vat_id.map(str::to_owned),
            registration: Some(registration.to_owned()),
        }
    }

    #[test]
    fn every_member_state_has_a_scheme() {
        for country in Country::choices().into_iter().filter(|country| country.in_union()) {
            assert!(BY_VAT.iter().any(|row| row.0 == country.vat_prefix()), "{country}");
        }
        for (prefix, scheme, _) in BY_VAT {
            assert!(Identifier::eas("1", scheme).is_ok(), "{prefix}: {scheme} is withdrawn");
        }
    }

    #[test]
    fn numbers_are_written_as_their_scheme_wants() {
        let of = |party: Party| endpoint(&party).map(|(scheme, id)| format!("{scheme}:{id}"));
        assert_eq!(of(party("DE", Some("DE136695976"), "HRB 1")).as_deref(), Some("9930:DE136695976"));
        assert_eq!(of(party("BE", Some("BE0428759497"), "")).as_deref(), Some("0208:0428759497"));
        assert_eq!(of(party("FI", Some("FI20774740"), "")).as_deref(), Some("0216:003720774740"));
        assert_eq!(of(party("SE", Some("SE559999900901"), "")).as_deref(), Some("0007:5599999009"));
        assert_eq!(of(party("NO", None, "974 760 673")).as_deref(), Some("0192:974760673"));
        assert_eq!(of(party("CH", None, "CHE-123.456.788")).as_deref(), Some("0183:CHE123456788"));
        assert_eq!(of(party("UA", None, "12345678")), None);
    }
}
