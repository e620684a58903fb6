//! A reminder of an invoice that is due, in one of three tones. When which is sent is not decided here.

use chrono::NaiveDate;
use domain::{
    invoice::{Bank, Party, Reference},
    money::Money,
};
use text::{Words, args};

use crate::{
    Error,
    invoice::transfer,
    letter::head,
    sheet::{About, Align, BODY, Column, LEFT, RIGHT, STRONG, Sheet},
};

/// How it speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// It may have been overlooked.
    Friendly,
    /// It is late.
    Firm,
    /// The last one: names what follows.
    Final,
}

impl Tone {
    pub const ALL: [Self; 3] = [Self::Friendly, Self::Firm, Self::Final];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Friendly => "friendly",
            Self::Firm => "firm",
            Self::Final => "final",
        }
    }
}

/// What a reminder says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    pub tone: Tone,
    pub issued_on: NaiveDate,
    pub invoice: Reference,
    pub due_on: NaiveDate,
    pub total: Money,
    /// Received or credited so far.
    pub settled: Money,
    /// Statutory interest (Directive 2011/7/EU Art. 3) and compensation of costs (Art. 6), where they are claimed.
    pub interest: Money,
    pub compensation: Money,
    /// What is asked for in all.
    pub claimed: Money,
    /// The day until which it is asked to be paid.
    pub pay_by: NaiveDate,
    pub supplier: Party,
    pub bank: Bank,
    pub customer: Party,
}

const LABEL: Column = Column { from: LEFT, to: 360.0, align: Align::Left };
const VALUE: Column = Column { from: 364.0, to: RIGHT, align: Align::Right };

pub fn draw(reminder: &Reminder, words: Words) -> Result<Vec<u8>, Error> {
    let mut sheet = Sheet::new(words)?;
    let number = reminder.invoice.number.as_str();
    let title = words.with(&format!("reminder-{}-title", reminder.tone.code()), args![number => number]);
    head(&mut sheet, words, &title, (&reminder.supplier, &reminder.customer));
    let said = words.with(
        &format!("reminder-{}", reminder.tone.code()),
        args![
            number => number,
            issued => words.date(reminder.invoice.issued_on),
            due => words.date(reminder.due_on),
            by => words.date(reminder.pay_by),
        ],
    );
    sheet.paragraph(BODY, &said);
    sheet.skip(12.0);
    figures(&mut sheet, words, reminder);
    sheet.skip(14.0);
    transfer(&mut sheet, words, &reminder.bank, number);
    sheet.skip(8.0);
    sheet.paragraph(BODY, &words.t("reminder-crossed"));
    sheet.finish(&About { title, author: reminder.supplier.name.clone(), on: reminder.issued_on })
}

fn figures(sheet: &mut Sheet, words: Words, reminder: &Reminder) {
    sheet.rule(true);
    let mut rows = vec![("document-receipt-total", reminder.total)];
    for (label, amount) in [
        ("reminder-settled", reminder.settled),
        ("reminder-interest", reminder.interest),
        ("reminder-compensation", reminder.compensation),
    ] {
        if !amount.is_zero() {
            rows.push((label, amount));
        }
    }
    for (label, amount) in rows {
        sheet.row(&[(LABEL, BODY, words.t(label)), (VALUE, BODY, words.money(amount))]);
        sheet.skip(3.0);
    }
    sheet.rule(false);
    sheet.row(&[(LABEL, STRONG, words.t("reminder-claimed")), (VALUE, STRONG, words.money(reminder.claimed))]);
}
