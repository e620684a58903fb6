//! What goes to the registers: what is due and late, the files that are handed over, and the note that they were.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::{
    aid::{
        Article, Kind,
        register::{self, Register, Sector},
    },
    gpu::GpuTime,
    id::EventId,
    money::Money,
    period::brussels_day,
    policy::Action,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    desk::Desk,
    error::{Result, anyhow},
    rows::{AidEntryRow, AidGrantRow},
    store::{self, Tx},
};

/// Published lines shown.
const LISTED: u64 = 100;

/// One movement as a register takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterLine {
    pub entry: EventId,
    pub register: &'static str,
    /// `grant`, `correction` or `withdrawal`.
    pub what: &'static str,
    /// `FR-12`: a correction names what it corrects.
    pub number: String,
    pub granting_state: String,
    pub beneficiary: String,
    pub beneficiary_id: String,
    pub beneficiary_country: String,
    pub size: &'static str,
    pub nace: String,
    /// Of the line: negative where less was granted.
    pub amount: String,
    #[serde(skip)]
    pub cents: Money,
    /// Of the grant after it.
    pub amount_now: String,
    pub gpu_hours: i64,
    pub granted_on: NaiveDate,
    pub entered_on: NaiveDate,
    pub due_on: NaiveDate,
    pub authority: String,
    pub instrument: String,
    pub regulation: &'static str,
    pub article: &'static str,
    pub scheme: String,
    #[serde(skip)]
    pub is_late: bool,
}

/// A line that was handed over.
#[derive(Debug, Clone)]
pub struct Published {
    pub line: RegisterLine,
    pub on: NaiveDate,
}

/// The registers' page.
#[derive(Debug, Clone)]
pub struct RegisterBook {
    /// Soonest due first.
    pub due: Vec<RegisterLine>,
    /// Newest first.
    pub published: Vec<Published>,
    pub year: i32,
    /// By when the year's aid is with the Commission.
    pub year_due: NaiveDate,
    pub sectors: Vec<Sector>,
    /// What the registers ask of grants of today.
    pub asked: register::Asked,
}

impl Desk {
    /// What has to be published and what was, and a year's aid by sector: of this year unless another is asked for.
    pub async fn aid_register(&self, year: Option<i32>) -> Result<RegisterBook> {
        let tx = self.begin(Action::ReadAidRegister).await?;
        let today = brussels_day(self.now);
        let mut due: Vec<RegisterLine> = Vec::new();
        let unpublished = store::aid::unpublished(&tx).await?;
        let listed = store::aid::published(&tx, LISTED).await?;
        let grants = unpublished.iter().map(|(_, grant)| grant).chain(listed.iter().map(|(_, _, grant)| grant));
        let first = at_first(&tx, grants).await?;
        for (entry, grant) in &unpublished {
            due.extend(line(entry, grant, &first, today));
        }
        due.sort_by(|one, other| one.due_on.cmp(&other.due_on).then_with(|| one.number.cmp(&other.number)));
        let mut published = Vec::new();
        for (export, entry, grant) in listed {
            let on = brussels_day(export.exported_at);
            published.extend(line(&entry, &grant, &first, on).map(|line| Published { line, on }));
        }
        let year = year.unwrap_or(today.year());
        let grants = store::aid::granted(&tx).await?;
        let grants = grants.into_iter().filter(|grant| grant.article == Article::DeMinimis);
        let grants = grants.filter_map(|one| Some((one.nace, one.organisation_id, one.granted_on?, one.granted_cents)));
        let sectors = register::by_sector(year, grants)?;
        Ok(RegisterBook {
            due,
            published,
            year,
            year_due: register::yearly_due(year),
            sectors,
            asked: register::asked(today),
        })
    }

    /// Notes that these lines were handed over; how many of them were new. Twice is once.
    pub async fn publish_aid(&self, entries: &[EventId]) -> Result<usize> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::PublishAid).await?;
        let today = brussels_day(self.now);
        let mut new = 0;
        let unpublished = store::aid::unpublished(&tx).await?;
        let first = at_first(&tx, unpublished.iter().map(|(_, grant)| grant)).await?;
        for (entry, grant) in unpublished {
            let found = line(&entry, &grant, &first, today);
            let Some(found) = found.filter(|line| entries.contains(&line.entry)) else { continue };
            let register = Register::from_code(found.register).ok_or_else(|| anyhow("a register"))?;
            if store::aid::publish(&mut tx, entry.id, register, me).await? {
                new += 1;
            }
        }
        tx.commit().await?;
        Ok(new)
    }
}

/// What was granted at first, by grant.
async fn at_first(tx: &Tx, grants: impl Iterator<Item = &AidGrantRow>) -> Result<BTreeMap<Uuid, Money>> {
    let mut ids: Vec<Uuid> = grants.map(|grant| grant.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let entries = store::aid::entries(tx, &ids).await?.into_iter().filter(|entry| entry.kind == Kind::Confirm);
    Ok(entries.map(|entry| (entry.grant_id, entry.granted_cents)).collect())
}

/// `None` for what no register takes.
fn line(
    entry: &AidEntryRow,
    grant: &AidGrantRow,
    first: &BTreeMap<Uuid, Money>,
    today: NaiveDate,
) -> Option<RegisterLine> {
    let granted_on = grant.granted_on?;
    // A grant stays published however little is left of it: what it was at first decides.
    let at_first = first.get(&grant.id).copied()?;
    let (register, first_due) = register::due(grant.article, at_first, granted_on)?;
    let (what, due_on) = match entry.kind {
        Kind::Confirm | Kind::Reserve => ("grant", first_due),
        Kind::Correct => ("correction", register::due(grant.article, at_first, entry.entered_on)?.1),
        Kind::Release => ("withdrawal", register::due(grant.article, at_first, entry.entered_on)?.1),
    };
    let is_de_minimis = register == Register::DeMinimis;
    Some(RegisterLine {
        entry: EventId::from_uuid(entry.id),
        register: register.code(),
        what,
        number: format!("{}-{}", grant.state, grant.number),
        granting_state: grant.state.to_string(),
        beneficiary: grant.beneficiary.clone(),
        beneficiary_id: grant.registration_number.clone(),
        beneficiary_country: grant.country.to_string(),
        size: grant.size_class.code(),
        nace: grant.nace.clone(),
        amount: entry.granted_cents.to_string(),
        cents: entry.granted_cents,
        amount_now: grant.granted_cents.to_string(),
        gpu_hours: hours(entry.gpu_seconds),
        granted_on,
        entered_on: entry.entered_on,
        due_on,
        authority: grant.authority.clone(),
        instrument: grant.instrument.clone(),
        regulation: if is_de_minimis { "(EU) 2023/2831" } else { "(EU) No 651/2014" },
        article: grant.article.code(),
        scheme: grant.scheme.clone(),
        is_late: due_on < today,
    })
}

const fn hours(time: GpuTime) -> i64 {
    time.whole_hours()
}
