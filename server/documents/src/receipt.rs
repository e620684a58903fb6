//! The receipt of one payment, with what was given back of it.

use chrono::NaiveDate;
use domain::{invoice::Party, money::Money};
use text::{Words, args};

use crate::{
    Error,
    letter::head,
    sheet::{About, Align, BODY, Column, LEFT, RIGHT, STRONG, Sheet},
};

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub number: String,
    pub paid_on: NaiveDate,
    pub received: Money,
    pub refunded: Money,
    /// Of what was received, what was for interest and recovery costs.
    pub claim: Money,
    pub invoice_number: String,
    pub invoice_total: Money,
    pub outstanding: Money,
    pub supplier: Party,
    pub customer: Party,
}

const LABEL: Column = Column { from: LEFT, to: 300.0, align: Align::Left };
const VALUE: Column = Column { from: 304.0, to: RIGHT, align: Align::Right };

pub fn draw(receipt: &Receipt, words: Words) -> Result<Vec<u8>, Error> {
    let mut sheet = Sheet::new(words)?;
    let title = words.with("document-receipt-title", args![number => receipt.number.as_str()]);
    head(&mut sheet, words, &title, (&receipt.supplier, &receipt.customer));
    sheet.rule(true);
    let mut rows = vec![
        ("document-receipt-invoice", receipt.invoice_number.clone()),
        ("document-receipt-total", words.money(receipt.invoice_total)),
        ("document-receipt-paid-on", words.date(receipt.paid_on)),
    ];
    if !receipt.refunded.is_zero() {
        rows.push(("document-receipt-refunded", words.money(receipt.refunded)));
    }
    if !receipt.claim.is_zero() {
        rows.push(("document-receipt-claim", words.money(receipt.claim)));
    }
    rows.push(("document-receipt-outstanding", words.money(receipt.outstanding)));
    for (label, value) in rows {
        sheet.row(&[(LABEL, BODY, words.t(label)), (VALUE, BODY, value)]);
        sheet.skip(3.0);
    }
    sheet.rule(false);
    sheet.row(&[(LABEL, STRONG, words.t("document-receipt-received")), (VALUE, STRONG, words.money(receipt.received))]);
    sheet.finish(&About { title, author: receipt.supplier.name.clone(), on: receipt.paid_on })
}
