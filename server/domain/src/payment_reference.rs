//! The reference that a bank transfer carries: ISO 11649, made of a document's number, so that a statement of account
//! can be read by a machine and a slip of the pen is noticed.
//!
//! Refuses to look anything up: which invoice a reference belongs to is the business of whoever knows the numbers.

/// Characters after `RF` and the two check digits (ISO 11649).
const LONGEST: usize = 21;

/// The reference of a document's number: `GH-INV-2026-00042` gives `RF19GHINV202600042`. Of a number too long for it
/// the end counts, where numbers differ.
pub fn of_number(number: &str) -> String {
    let letters: Vec<char> =
        number.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    let body: String = letters.iter().skip(letters.len().saturating_sub(LONGEST)).collect();
    let check = 98_u32.saturating_sub(remainder(&format!("{body}RF00")));
    format!("RF{check:02}{body}")
}

/// Whether this is a reference with the right check digits, however it is spaced.
pub fn is_valid(reference: &str) -> bool {
    let reference = plain(reference);
    let Some((head, body)) = reference.split_at_checked(4) else { return false };
    let is_formed = head.starts_with("RF")
        && head.chars().skip(2).all(|digit| digit.is_ascii_digit())
        && (1..=LONGEST).contains(&body.len())
        && body.chars().all(|letter| letter.is_ascii_alphanumeric());
    is_formed && remainder(&format!("{body}{head}")) == 1
}

/// In groups of four, as people read and type it.
pub fn spaced(reference: &str) -> String {
    let letters: Vec<char> = plain(reference).chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// Without spaces and in capitals, as machines compare it.
pub fn plain(reference: &str) -> String {
    reference.chars().filter(|letter| !letter.is_whitespace()).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// Modulo 97 with letters as 10 to 35 (ISO/IEC 7064, MOD 97-10).
fn remainder(text: &str) -> u32 {
    text.chars().filter_map(|letter| letter.to_digit(36)).fold(0, |rest, value| {
        let shift = if value > 9 { 100 } else { 10 };
        (rest * shift + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_references_are_valid() {
        for reference in ["RF18 5390 0754 7034", "RF18539007547034", "RF71 2348 231", "rf712348231", "RF45G72UUR"] {
            assert!(is_valid(reference), "{reference}");
        }
        for reference in ["", "RF", "RF18", "RF19539007547034", "RFX8539007547034", "DE18539007547034", "RFß1"] {
            assert!(!is_valid(reference), "{reference}");
        }
        assert!(!is_valid("RF18 0000 0000 0000 0000 0000 00"), "twenty-two characters");
    }

    #[test]
    fn a_number_gives_one_reference() {
        let reference = of_number("GH-INV-2026-00042");
        assert_eq!(&reference[4..], "GHINV202600042");
        assert!(is_valid(&reference), "{reference}");
        assert_eq!(reference, "RF19GHINV202600042");
        assert_eq!(spaced(&reference), "RF19 GHIN V202 6000 42");
        assert!(is_valid(&of_number("GH-INV-2026-00042-of-a-much-longer-series")));
    }

    proptest! {
        #[test]
        fn every_number_gives_a_valid_reference_and_one_wrong_character_is_noticed(
            year in 2000_u32..3000, serial in 0_u32..100_000, at in 0_usize..14,
        ) {
            let reference = of_number(&format!("GH-INV-{year}-{serial:05}"));
            prop_assert!(is_valid(&reference) && is_valid(&spaced(&reference)));
            let mut wrong: Vec<char> = reference.chars().collect();
            let letter = &mut wrong[4 + at];
            *letter = if *letter == '7' { '8' } else { '7' };
            prop_assert!(!is_valid(&wrong.into_iter().collect::<String>()));
        }
    }
}
