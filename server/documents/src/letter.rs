//! A letter to a company: what it says in paragraphs, and in figures where there are some. Quotes and letters of aid.

use chrono::NaiveDate;
use domain::invoice::Party;
use text::Words;

use crate::{
    Error,
    invoice::party,
    sheet::{About, Align, BODY, Column, HEAD, LEFT, RIGHT, STRONG, Sheet, TITLE},
};

/// What a letter says, in the language of its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub title: String,
    pub on: NaiveDate,
    pub from: Party,
    pub to: Party,
    pub paragraphs: Vec<String>,
    /// Label and value, a line each.
    pub facts: Vec<(String, String)>,
    /// As [`Self::facts`]; the last is what they come to.
    pub sums: Vec<(String, String)>,
}

const LABEL: Column = Column { from: LEFT, to: 240.0, align: Align::Left };
const FACT: Column = Column { from: 248.0, to: RIGHT, align: Align::Left };
const VALUE: Column = Column { from: 304.0, to: RIGHT, align: Align::Right };
/// Between paragraphs and parts, in points.
const GAP: f32 = 8.0;

/// The sender's name, the title, and both parties side by side.
pub fn head(sheet: &mut Sheet, words: Words, title: &str, (from, to): (&Party, &Party)) {
    sheet.paragraph(HEAD, &from.name);
    sheet.skip(6.0);
    sheet.paragraph(TITLE, title);
    sheet.skip(10.0);
    let (top, half) = (sheet.y(), Column { from: LEFT, to: 290.0, align: Align::Left });
    party(sheet, words, half, "document-from", from);
    let below = sheet.y();
    sheet.rise_to(top);
    party(sheet, words, Column { from: 310.0, to: RIGHT, align: Align::Left }, "document-to", to);
    sheet.sink_to(below);
    sheet.skip(18.0);
}

pub fn draw(letter: &Letter, words: Words) -> Result<Vec<u8>, Error> {
    let mut sheet = Sheet::new(words)?;
    head(&mut sheet, words, &letter.title, (&letter.from, &letter.to));
    sheet.paragraph(BODY, &words.date(letter.on));
    sheet.skip(GAP);
    for paragraph in &letter.paragraphs {
        sheet.paragraph(BODY, paragraph);
        sheet.skip(GAP);
    }
    if !letter.facts.is_empty() {
        sheet.rule(true);
    }
    for (label, value) in &letter.facts {
        sheet.row(&[(LABEL, BODY, label.clone()), (FACT, BODY, value.clone())]);
        sheet.skip(3.0);
    }
    if let Some(((label, total), parts)) = letter.sums.split_last() {
        sheet.rule(false);
        for (label, value) in parts {
            sheet.row(&[(LABEL, BODY, label.clone()), (VALUE, BODY, value.clone())]);
            sheet.skip(3.0);
        }
        sheet.row(&[(LABEL, STRONG, label.clone()), (VALUE, STRONG, total.clone())]);
    }
    sheet.finish(&About { title: letter.title.clone(), author: letter.from.name.clone(), on: letter.on })
}
