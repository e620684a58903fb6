//! The minutes of a panel: who was there, who left for what, what was recommended and why, and what was added later.

use domain::{
    gpu::GpuTime,
    panel::{
        Minutes, Outcome,
        minutes::{Addendum, Item},
    },
};
use text::{Words, args};

use crate::{
    Error,
    sheet::{About, Align, BODY, Column, HEAD, LEFT, RIGHT, SMALL, STRONG, Sheet, TITLE},
};

const LABEL: Column = Column { from: LEFT, to: 190.0, align: Align::Left };
const VALUE: Column = Column { from: 194.0, to: RIGHT, align: Align::Left };

pub fn draw(minutes: &Minutes, addenda: &[Addendum], words: Words) -> Result<Vec<u8>, Error> {
    let mut sheet = Sheet::new(words)?;
    let title = words.with("minutes-title-of", args![name => minutes.name.as_str()]);
    sheet.paragraph(HEAD, "Gigahours");
    sheet.skip(6.0);
    sheet.paragraph(TITLE, &title);
    sheet.skip(6.0);
    let closed =
        words.with("minutes-frozen", args![day => words.date(minutes.held_on), at => words.instant(minutes.closed_at)]);
    sheet.paragraph(BODY, &closed);
    attendance(&mut sheet, words, minutes);
    for item in &minutes.items {
        one(&mut sheet, words, item);
    }
    sheet.skip(12.0);
    sheet.paragraph(SMALL, &words.t("panel-ranking-method"));
    if !addenda.is_empty() {
        sheet.make_room(80.0);
        sheet.skip(14.0);
        sheet.paragraph(STRONG, &words.t("minutes-addenda"));
        for addendum in addenda {
            added(&mut sheet, words, addendum);
        }
    }
    sheet.finish(&About { title, author: "Gigahours".to_owned(), on: minutes.held_on })
}

fn attendance(sheet: &mut Sheet, words: Words, minutes: &Minutes) {
    sheet.skip(12.0);
    sheet.paragraph(STRONG, &words.t("panel-members"));
    sheet.rule(true);
    for member in &minutes.attendance {
        let role = words.t(&format!("panel-role-{}", member.role.code()));
        let presence = words.t(if member.is_present { "panel-present" } else { "panel-absent" });
        sheet.row(&[(LABEL, BODY, member.name.clone()), (VALUE, BODY, format!("{role} · {presence}"))]);
    }
    sheet.skip(14.0);
}

fn one(sheet: &mut Sheet, words: Words, item: &Item) {
    let heading = [(LABEL, STRONG, item.reference.clone()), (VALUE, STRONG, item.organisation.clone())];
    sheet.make_room(sheet.row_height(&heading) + 90.0);
    sheet.rule(false);
    sheet.row(&heading);
    let mut facts = vec![
        ("panel-outcome", words.t(&format!("panel-outcome-{}", item.outcome.code()))),
        ("panel-place", words.integer(i64::try_from(item.place).unwrap_or(i64::MAX))),
        ("panel-mean", mean(words, item)),
        ("amount-requested", amount(words, item.requested, item.requested_tb)),
    ];
    if item.outcome != Outcome::Refuse {
        facts.push(("amount-recommended", amount(words, item.recommended, item.recommended_tb)));
    }
    let left = if item.left.is_empty() { words.t("minutes-nobody-left") } else { item.left.join(", ") };
    facts.push(("minutes-left", left));
    facts.push(("panel-note", item.reasons.clone()));
    for (label, value) in facts {
        sheet.row(&[(LABEL, SMALL, words.t(label)), (VALUE, BODY, value)]);
    }
    sheet.skip(6.0);
}

fn mean(words: Words, item: &Item) -> String {
    let Some(mean) = item.mean else { return "–".to_owned() };
    words.with("panel-mean-of", args![mean => words.hundredths(mean), count => item.reviews])
}

fn amount(words: Words, time: GpuTime, storage: Option<i64>) -> String {
    let hours = words.hours(time);
    match storage {
        Some(storage) => format!("{hours} · {}", words.with("amount-terabytes", args![count => storage])),
        None => hours,
    }
}

fn added(sheet: &mut Sheet, words: Words, addendum: &Addendum) {
    let role = addendum.role.map(|role| words.t(&format!("panel-role-{}", role.code()))).unwrap_or_default();
    let about = addendum.about.clone().unwrap_or_else(|| words.t("minutes-about-sitting"));
    sheet.make_room(40.0);
    sheet.skip(6.0);
    sheet.paragraph(SMALL, &format!("{} · {role} · {about}", words.instant(addendum.written_at)));
    sheet.paragraph(BODY, &addendum.text);
}
