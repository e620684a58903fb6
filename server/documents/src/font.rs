//! The two built-in faces: how wide a text is, and its glyphs.
//!
//! Refuses shaping: Latin, Greek and Cyrillic need none to be read. Inter, under the SIL Open Font License 1.1.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
};

use crate::Error;

const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
const STRONG: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Regular,
    Strong,
}

/// A face that can be measured and drawn.
pub struct Loaded {
    pub font: Font,
    reference: FontRef<'static>,
}

pub struct Fonts {
    regular: Loaded,
    strong: Loaded,
}

impl Fonts {
    pub fn new() -> Result<Self, Error> {
        Ok(Self { regular: load(REGULAR)?, strong: load(STRONG)? })
    }

    pub const fn get(&self, face: Face) -> &Loaded {
        match face {
            Face::Regular => &self.regular,
            Face::Strong => &self.strong,
        }
    }
}

fn load(data: &'static [u8]) -> Result<Loaded, Error> {
    let font = Font::new(data.into(), 0).ok_or(Error::Font)?;
    let reference = FontRef::new(data).map_err(|_| Error::Font)?;
    Ok(Loaded { font, reference })
}

impl Loaded {
    /// Width in points at this size.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.glyphs(text).iter().map(|glyph| glyph.x_advance * size).sum()
    }

    /// One glyph a character, advances as shares of the size. A character the face lacks is drawn as a stand-in, and
    /// still copies as itself: PDF/A forbids the face's own box.
    pub fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let map = self.reference.charmap();
        let metrics = self.reference.glyph_metrics(Size::new(1.0), LocationRef::default());
        text.char_indices()
            .map(|(start, character)| {
                let glyph = map.map(plain(character)).or_else(|| map.map(UNKNOWN)).unwrap_or_default();
                let advance = metrics.advance_width(glyph).unwrap_or_default();
                let range = start..start + character.len_utf8();
                KrillaGlyph::new(GlyphId::new(glyph.to_u32()), advance, 0.0, 0.0, 0.0, range, None)
            })
            .collect()
    }
}

/// Stands for a character that the face lacks.
const UNKNOWN: char = '?';

/// Spaces that do not break look like spaces.
const fn plain(character: char) -> char {
    match character {
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faces_cover_the_scripts_of_the_member_states() {
        let letters = "ÀßçĐďĘğĦĩĳĽŁŃňŐœŘşţŪŵŷźžșțÞð ΑΒΓΔάέήίόύώς БГДЖЙЩЪЬЮЯбгджщъьюяїєґ €–—’«»…§·";
        for face in [Face::Regular, Face::Strong] {
            let fonts = Fonts::new().unwrap();
            let map = fonts.get(face).reference.charmap();
            let missing: String = letters.chars().filter(|letter| map.map(*letter).is_none()).collect();
            assert_eq!(missing, "", "{face:?}");
        }
    }

    #[test]
    fn a_character_without_a_glyph_has_a_stand_in() {
        let fonts = Fonts::new().unwrap();
        for face in [Face::Regular, Face::Strong] {
            for glyph in fonts.get(face).glyphs("計算 ক") {
                assert_ne!(glyph.glyph_id, GlyphId::new(0), "{face:?}");
            }
        }
    }

    #[test]
    fn width_grows_with_text_and_size() {
        let fonts = Fonts::new().unwrap();
        let face = fonts.get(Face::Regular);
        assert!(face.width("1,234.50", 10.0) > face.width("234.50", 10.0));
        assert!((face.width("abc", 20.0) - 2.0 * face.width("abc", 10.0)).abs() < 0.001);
        assert!((face.width("\u{202f}", 10.0) - face.width(" ", 10.0)).abs() < 0.001);
    }
}
