//! The languages we speak, and which of them a browser asks for.

use std::fmt;

use unic_langid::{LanguageIdentifier, langid};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Locale {
    En,
    Fr,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// As in `<html lang>`, the cookie and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// What its speakers call it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.code() == code)
    }

    /// The language of an `Accept-Language` header with the greatest weight that we speak, else English. Of equal
    /// weights the first wins; a weight of nought means "not this one" (RFC 9110, 12.5.4).
    pub fn negotiate(accepted: &str) -> Self {
        let mut best: Option<(u32, Self)> = None;
        for part in accepted.split(',') {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let language = tag.split('-').next().unwrap_or_default();
            let Some(locale) = Self::from_code(language) else { continue };
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=").map(thousandths)).unwrap_or(1_000);
            if weight > 0 && best.is_none_or(|(other, _)| weight > other) {
                best = Some((weight, locale));
            }
        }
        best.map_or(Self::En, |(_, locale)| locale)
    }

    pub(crate) fn language(self) -> LanguageIdentifier {
        match self {
            Self::En => langid!("en"),
            Self::Fr => langid!("fr"),
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A weight such as `0.85` in thousandths; what cannot be read counts as nought.
fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits = format!("{whole}{fraction:0<3}");
    digits.get(..4).and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_that_we_speak_wins() {
        for (header, expected) in [
            ("", Locale::En),
            ("fr", Locale::Fr),
            ("fr-BE,fr;q=0.9,en;q=0.8", Locale::Fr),
            ("de-DE,de;q=0.9,fr;q=0.5,en;q=0.7", Locale::En),
            ("de, FR;q=0.4", Locale::Fr),
            ("fr;q=0, en;q=0.1", Locale::En),
            ("fr;q=0", Locale::En),
            ("*;q=0.5, ;;, fr ;q=1.000", Locale::Fr),
            ("frx,en;q=nonsense", Locale::En),
        ] {
            assert_eq!(Locale::negotiate(header), expected, "{header}");
        }
    }
}
