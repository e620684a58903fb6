//! Bank transfers and late invoices of the demo world: a statement of which some entries need a person, companies at
//! different steps of being reminded, one promise and one pause.

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    actor::Actor,
    dunning::{HoldKind, Step, steps},
    invoice::Standing,
    money::Money,
    payment_reference,
    period::{brussels_day, start_of_day},
};

use super::{companies::Company, people::Staff};
use crate::{HoldForm, InvoiceFilter, Services, error::Result, invoices::supplier_bank, store::rows::InvoiceRow};

/// The company that visitors try owes nothing for long: it shall be able to book.
pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff, companies: &[Company]) -> Result<()> {
    let own = companies.first().and_then(|company| company.owner.organisation());
    let filter = InvoiceFilter { limit: 200, ..InvoiceFilter::default() };
    let mut open = Vec::new();
    for listed in services.desk_at(Actor::SYSTEM, now).invoices(&filter).await? {
        let is_open = matches!(listed.standing, Standing::Open | Standing::Overdue);
        if is_open && Some(listed.row.organisation_id) != own {
            open.push(listed.row);
        }
    }
    // The oldest first, and of each company one.
    open.sort_by(|one, other| (one.due_on, &one.number).cmp(&(other.due_on, &other.number)));
    let mut seen = std::collections::BTreeSet::new();
    open.retain(|row| seen.insert(row.organisation_id));
    let today = brussels_day(now);
    let (late, current): (Vec<_>, Vec<_>) = open.into_iter().partition(|row| row.due_on.is_some_and(|due| due < today));
    let mut late = late.into_iter();
    if let Some(row) = late.next() {
        remind(services, now, &row).await?;
    }
    let second = late.next();
    if let Some(row) = &second {
        // Its first letter was late, so that it is a step behind.
        services.desk_at(Actor::SYSTEM, now - TimeDelta::days(5)).take_reminder(row.id).await?;
    }
    if let Some(row) = late.next() {
        hold(services, now, staff, &row, HoldKind::Promise, 6).await?;
    }
    if let Some(row) = late.next().or(second) {
        hold(services, now, staff, &row, HoldKind::Pause, 40).await?;
    }
    let payable: Vec<InvoiceRow> = late.chain(current).collect();
    let at = now - TimeDelta::hours(20);
    let file = statement(at, &payable);
    services.desk_at(staff.finance, at).import_statement("statement.xml", file.as_bytes()).await?;
    Ok(())
}

/// Every step on its day, as far as the days have come, but the last.
async fn remind(services: &Services, now: DateTime<Utc>, row: &InvoiceRow) -> Result<()> {
    let Some(due) = row.due_on else { return Ok(()) };
    for (step, days) in steps(due) {
        let at = start_of_day(due + Days::new(days)) + TimeDelta::hours(7);
        if step <= Step::Block && at < now {
            services.desk_at(Actor::SYSTEM, at).take_reminder(row.id).await?;
        }
    }
    Ok(())
}

async fn hold(
    services: &Services,
    now: DateTime<Utc>,
    staff: &Staff,
    row: &InvoiceRow,
    kind: HoldKind,
    days: u64,
) -> Result<()> {
    let (reason, promised_by) = match kind {
        HoldKind::Promise => ("The grant that pays for it arrives next week.", "The owner, by telephone"),
        HoldKind::Pause => ("They say that they were charged for a run that failed: the site looks into it.", ""),
    };
    let form = HoldForm {
        kind: kind.code().to_owned(),
        until: (brussels_day(now) + Days::new(days)).to_string(),
        reason: reason.to_owned(),
        promised_by: promised_by.to_owned(),
    };
    services.desk_at(staff.finance, now - TimeDelta::days(1)).hold_reminders(row.id, &form).await
}

/// One that is paid by its reference, one paid in part by its number, one with a slip of the pen, one of nobody known,
/// and the bank's charge.
fn statement(at: DateTime<Utc>, payable: &[InvoiceRow]) -> String {
    let mut entries = Vec::new();
    let mut invoices = payable.iter();
    if let Some(row) = invoices.next() {
        entries.push((row.outstanding().as_cents(), String::new(), payment_reference::of_number(&row.number)));
    }
    if let Some(row) = invoices.next() {
        entries.push((row.outstanding().as_cents() / 2, format!("Invoice {} first half", row.number), String::new()));
    }
    if let Some(row) = invoices.next() {
        // The check digits of the next number, which somebody typed instead.
        let reference =
            payment_reference::of_number(&row.number).replacen(&row.number.replace('-', ""), "GHINV202699999", 1);
        entries.push((row.outstanding().as_cents(), String::new(), reference));
    }
    entries.push((43_210, "Thank you for the computing time".to_owned(), String::new()));
    entries.push((-1_250, "Account charges".to_owned(), String::new()));
    written(at, &entries)
}

fn written(at: DateTime<Utc>, entries: &[(i64, String, String)]) -> String {
    let day = brussels_day(at).to_string();
    let opening = 5_000_000;
    let closing = opening + entries.iter().map(|(cents, ..)| cents).sum::<i64>();
    let balance = |code: &str, cents: i64| {
        let amount = Money::cents(cents);
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )
    };
    let mut booked = String::new();
    for ((cents, text, reference), place) in entries.iter().zip(1..) {
        let (direction, amount) = (if *cents < 0 { "DBIT" } else { "CRDT" }, Money::cents(cents.abs()));
        let structured = if reference.is_empty() {
            String::new()
        } else {
            format!("<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>")
        };
        let payer = if *cents < 0 {
            String::new()
        } else {
            "<RltdPties><Dbtr><Pty><Nm>A customer of ours</Nm></Pty></Dbtr></RltdPties>".to_owned()
        };
        booked.push_str(&format!(
            "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>DEMO-{place}</AcctSvcrRef><NtryDtls><TxDtls>{payer}\
             <RmtInf><Ustrd>{text}</Ustrd>{structured}</RmtInf></TxDtls></NtryDtls></Ntry>"
        ));
    }
    let iban: String = supplier_bank().iban.split_whitespace().collect();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>DEMO</MsgId><CreDtTm>{day}T23:59:00</CreDtTm></GrpHdr><Stmt><Id>DEMO-{day}</Id>\
         <Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{}{}{booked}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", opening),
        balance("CLBD", closing)
    )
}
