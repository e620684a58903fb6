//! The readable part of a justification file: what was asked, by whom it was judged, what was decided and what followed.
//!
//! Refuses to know what a decision is: sections, facts and paragraphs come worded.

use chrono::NaiveDate;
use text::Words;

use crate::{
    Error,
    sheet::{About, Align, BODY, Column, HEAD, LEFT, Look, RIGHT, SMALL, STRONG, Sheet, TITLE},
};

/// Everything on the paper, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    pub title: String,
    /// What the file is, in a sentence or two.
    pub lead: String,
    /// Who publishes it.
    pub author: String,
    /// The day of the state that it shows.
    pub on: NaiveDate,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A name and its value.
    Fact(String, String),
    /// A heading within the section.
    Head(String),
    Text(String),
    /// What is said in passing.
    Note(String),
}

const LABEL: Column = Column { from: LEFT, to: 200.0, align: Align::Left };
const VALUE: Column = Column { from: 208.0, to: RIGHT, align: Align::Left };
const SECTION: Look = Look { size: 13.0, ..STRONG };

pub fn draw(dossier: &Dossier, words: Words) -> Result<Vec<u8>, Error> {
    let mut sheet = Sheet::new(words)?;
    sheet.paragraph(HEAD, &dossier.author);
    sheet.skip(6.0);
    sheet.paragraph(TITLE, &printable(&dossier.title));
    sheet.skip(6.0);
    sheet.paragraph(BODY, &printable(&dossier.lead));
    for section in &dossier.sections {
        sheet.skip(16.0);
        // A heading is not left alone at the foot of a page.
        sheet.make_room(60.0);
        sheet.paragraph(SECTION, &printable(&section.heading));
        sheet.skip(2.0);
        sheet.rule(true);
        for block in &section.blocks {
            draw_block(&mut sheet, block);
        }
    }
    sheet.finish(&About { title: dossier.title.clone(), author: dossier.author.clone(), on: dossier.on })
}

fn draw_block(sheet: &mut Sheet, block: &Block) {
    match block {
        Block::Fact(label, value) => {
            let (label, value) = (printable(label), printable(value));
            let cells = [(LABEL, SMALL, label.clone()), (VALUE, BODY, value.clone())];
            if sheet.fits(&cells) {
                sheet.row(&cells);
            } else {
                // Longer than a page: it may be torn.
                sheet.paragraph(SMALL, &label);
                sheet.column(VALUE, BODY, &value);
            }
            sheet.skip(3.0);
        }
        Block::Head(text) => {
            sheet.skip(6.0);
            sheet.make_room(40.0);
            sheet.paragraph(STRONG, &printable(text));
            sheet.skip(2.0);
        }
        Block::Text(text) => {
            sheet.paragraph(BODY, &printable(text));
            sheet.skip(4.0);
        }
        Block::Note(text) => {
            sheet.paragraph(SMALL, &printable(text));
            sheet.skip(4.0);
        }
    }
}

/// Without what has no shape on paper: somebody may have typed it.
fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    text.chars().filter(|character| *character == '\n' || !character.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use lopdf::Document;
    use text::Locale;

    use super::*;

    fn dossier(value: &str) -> Dossier {
        Dossier {
            title: "GH-PG-2026-00042".to_owned(),
            lead: "What was decided and why.".to_owned(),
            author: "Gigahours".to_owned(),
            on: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            sections: vec![Section {
                heading: "Décision".to_owned(),
                blocks: vec![
                    Block::Head("Reasons".to_owned()),
                    Block::Fact("Reasons".to_owned(), value.to_owned()),
                    Block::Text(value.to_owned()),
                    Block::Note("A note".to_owned()),
                ],
            }],
        }
    }

    fn pages(value: &str) -> usize {
        let bytes = crate::dossier(&dossier(value), Locale::En).unwrap();
        Document::load_mem(&bytes).unwrap().get_pages().len()
    }

    #[test]
    fn whatever_was_typed_gives_a_document_and_the_same_one() {
        assert_eq!(pages("Clear and measured."), 1);
        assert_eq!(pages("a\u{0}b\u{1b}[31m\tc\r\nd"), 1);
        // Longer than a page, in words and in one word.
        assert!(pages(&"measured throughput ".repeat(2_000)) > 5);
        assert!(pages(&"x".repeat(20_000)) > 2);
        let draw = || crate::dossier(&dossier("Same."), Locale::Fr).unwrap();
        assert_eq!(draw(), draw());
    }
}
