//! Verbs of reports: what a company owes, what an officer approves or returns, and what follows from it.
//!
//! The second part of a large award waits for its interim report; while a final report is overdue, nothing new can be
//! handed in.

use chrono::NaiveDate;
use domain::{
    allocation,
    gpu::GpuTime,
    id::{AllocationId, OrganisationId, ReportId},
    ledger::Entry,
    period::{brussels_day, week_of},
    policy::Action,
    problem::{Invalid, Problem},
    report::{self, Draft, Kind, State},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;

use crate::{
    allocations::{Allocation, with_sites},
    desk::Desk,
    error::{Error, OnUnique, Result},
    store::{
        self, Letter, Tx,
        entity::{allocation as allocation_row, instalment, report as row},
        rows::ReportRow,
    },
};

/// A report with what it is about.
#[derive(Debug, Clone)]
pub struct ReportRead {
    pub row: ReportRow,
    pub draft: Draft,
    pub allocation: Allocation,
    /// Whether it can be handed in now.
    pub is_open: bool,
    /// Released if it is approved.
    pub withheld: GpuTime,
}

/// One line of a list.
#[derive(Debug, Clone)]
pub struct ReportListed {
    pub row: ReportRow,
    pub reference: String,
    pub organisation: String,
    pub is_overdue: bool,
}

/// Puts the second part of a large award aside, and asks for the report that releases it.
pub(crate) async fn withhold(tx: &mut Tx, booked: &allocation_row::Model, part: GpuTime) -> Result<()> {
    if part <= GpuTime::ZERO {
        return Ok(());
    }
    let now = tx.now();
    let id = tx.new_id::<domain::id::Event>().uuid();
    tx.insert(instalment::ActiveModel {
        id: Set(id),
        allocation_id: Set(booked.id),
        gpu_seconds: Set(part),
        state: Set(instalment::State::Withheld),
        withheld_at: Set(now),
        settled_at: Set(None),
    })
    .await?;
    // By the middle of the weeks: later the rest could not be used in time.
    let days = (booked.slots().end() - booked.first_week).num_days();
    let middle = booked.first_week + chrono::Days::new(u64::try_from(days / 2).unwrap_or_default());
    ask(tx, booked, Kind::Interim, week_of(middle)).await
}

/// What waited for a report that did not come in time, or for nothing any more.
pub(crate) async fn lapse(tx: &mut Tx, id: AllocationId) -> Result<()> {
    let Some(part) = store::report::withheld(tx, id).await? else { return Ok(()) };
    let now = tx.now();
    let mut next = part.into_active_model();
    next.state = Set(instalment::State::Lapsed);
    next.settled_at = Set(Some(now));
    tx.update(next).await?;
    Ok(())
}

/// The final report of an allocation that has ended, if anything of it was used.
pub(crate) async fn ask_final(tx: &mut Tx, ended: &allocation_row::Model, on: NaiveDate) -> Result<()> {
    ask(tx, ended, Kind::Final, report::due_on(on)).await
}

async fn ask(tx: &mut Tx, about: &allocation_row::Model, kind: Kind, due_on: NaiveDate) -> Result<()> {
    let id = tx.new_id();
    tx.insert(row::ActiveModel {
        id: Set(id),
        allocation_id: Set(about.id),
        application_id: Set(about.application_id),
        organisation_id: Set(about.organisation_id),
        kind: Set(kind),
        state: Set(State::Open),
        due_on: Set(due_on),
        draft: Set(serde_json::to_string(&Draft::default())?),
        handed_in_by: Set(None),
        handed_in_at: Set(None),
        reason: Set(None),
        decided_by: Set(None),
        decided_at: Set(None),
        reminded: Set(0),
        version: Set(1),
    })
    .await
    .on_unique("", Problem::AlreadyDone)?;
    tx.event(about.id, "report_asked", json!({ "kind": kind.code(), "due": due_on })).await
}

impl Desk {
    /// The report of this allocation, as the company writes it.
    pub async fn report_form(&self, id: AllocationId, kind: Kind) -> Result<ReportRead> {
        let tx = self.begin(Action::ReadActions).await?;
        let found = store::report::one(&tx, id, kind).await?.ok_or(Error::NotFound)?;
        self.report_read(&tx, found).await
    }

    /// The same by its own id, as an officer reads it.
    pub async fn read_report(&self, id: ReportId) -> Result<ReportRead> {
        let tx = self.begin(Action::ReadActions).await?;
        let found = tx.find::<row::Entity>(id).await?;
        self.report_read(&tx, found).await
    }

    async fn report_read(&self, tx: &Tx, found: row::Model) -> Result<ReportRead> {
        let about = tx.find::<allocation_row::Entity>(found.allocation_id).await?;
        let is_open = found.state.is_owed() && self.is_time(&found, &about);
        let withheld = match found.kind {
            Kind::Interim => store::report::withheld(tx, about.id).await?.map(|part| part.gpu_seconds),
            Kind::Final => None,
        };
        let allocation = with_sites(tx, vec![about]).await?.pop().ok_or(Error::NotFound)?;
        let draft = serde_json::from_str(&found.draft)?;
        Ok(ReportRead { row: found, draft, allocation, is_open, withheld: withheld.unwrap_or_default() })
    }

    fn is_time(&self, found: &row::Model, about: &allocation_row::Model) -> bool {
        match found.kind {
            Kind::Interim => report::can_hand_in_interim(about.state, about.first_week, self.now),
            Kind::Final => about.state == allocation::State::Ended,
        }
    }

    /// Keeps what was typed, whatever it is.
    pub async fn save_report(&self, id: AllocationId, kind: Kind, draft: &Draft, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::WriteReport).await?;
        let (found, _) = self.owed_report(&tx, id, kind, seen).await?;
        let mut next = found.into_active_model();
        next.draft = Set(serde_json::to_string(draft)?);
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.commit().await
    }

    /// Hands it in. Errors with every field that is missing; what was typed is kept either way.
    pub async fn hand_in_report(&self, id: AllocationId, kind: Kind, draft: &Draft, seen: i32) -> Result<()> {
        self.save_report(id, kind, draft, seen).await?;
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::WriteReport).await?;
        let (found, about) = self.owed_report(&tx, id, kind, seen + 1).await?;
        report::hand_in(draft)?;
        let mut next = found.into_active_model();
        next.state = Set(State::HandedIn);
        next.handed_in_by = Set(Some(me));
        next.handed_in_at = Set(Some(self.now));
        next.version = Set(seen + 2);
        tx.update(next).await?;
        let what = json!({ "kind": kind.code() });
        tx.event(id, "report_handed_in", what.clone()).await?;
        tx.event(about.application_id, "report_handed_in", what).await?;
        tx.commit().await
    }

    async fn owed_report(
        &self,
        tx: &Tx,
        id: AllocationId,
        kind: Kind,
        seen: i32,
    ) -> Result<(row::Model, allocation_row::Model)> {
        let found = store::report::one(tx, id, kind).await?.ok_or(Error::NotFound)?;
        let found = tx.lock::<row::Entity>(found.id).await?;
        let about = tx.find::<allocation_row::Entity>(id).await?;
        if !found.state.is_owed() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        if found.version != seen {
            return Err(Error::Stale);
        }
        if !self.is_time(&found, &about) {
            return Err(Error::invalid("", Problem::NotPossibleNow));
        }
        Ok((found, about))
    }

    /// What waits for an officer, first handed in first.
    pub async fn reports_handed_in(&self) -> Result<Vec<ReportListed>> {
        let tx = self.begin(Action::ReadActions).await?;
        let rows = store::report::handed_in(&tx, 200).await?;
        listed(&tx, rows, brussels_day(self.now)).await
    }

    /// What the actor's organisation owes, soonest due first.
    pub async fn reports_owed(&self) -> Result<Vec<ReportListed>> {
        let tx = self.begin(Action::ReadActions).await?;
        let rows = store::report::owed(&tx).await?;
        listed(&tx, rows, brussels_day(self.now)).await
    }

    /// Approves a report, or returns it; either with a word. An approved interim report releases what was withheld.
    pub async fn decide_report(&self, id: ReportId, outcome: &str, reason: &str, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::DecideReport).await?;
        let found = tx.lock::<row::Entity>(id).await?;
        if found.version != seen {
            return Err(Error::Stale);
        }
        if found.state != State::HandedIn {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let approves = read_outcome(outcome, reason)?;
        let about = tx.lock::<allocation_row::Entity>(found.allocation_id).await?;
        let kind = found.kind;
        let (reference, reason) = (about.reference.clone(), reason.trim().to_owned());
        let link = self.link(&format!("/allocations/{}", about.id));
        let mail = if approves {
            Mail::ReportApproved { reference, kind, reasons: reason.clone(), link }
        } else {
            Mail::ReportReturned { reference, kind, reasons: reason.clone(), link }
        };
        for person in store::allocation::addressees(&tx, about.organisation_id).await? {
            tx.mail(Letter::to(&person, mail.clone())).await?;
        }
        let happened = if approves { "report_approved" } else { "report_returned" };
        tx.event(about.id, happened, json!({ "kind": kind.code(), "reason": reason })).await?;
        tx.event(about.application_id, happened, json!({ "kind": kind.code() })).await?;
        if approves && kind == Kind::Interim {
            self.release(&mut tx, about).await?;
        }
        let mut next = found.into_active_model();
        next.state = Set(if approves { State::Approved } else { State::Returned });
        next.reason = Set(Some(reason));
        next.decided_by = Set(Some(me));
        next.decided_at = Set(Some(self.now));
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.commit().await
    }

    /// The second part can be used from now on; nothing of it if the allocation has ended.
    async fn release(&self, tx: &mut Tx, about: allocation_row::Model) -> Result<()> {
        let Some(part) = store::report::withheld(tx, about.id).await? else { return Ok(()) };
        if about.state != allocation::State::Active {
            return lapse(tx, about.id).await;
        }
        store::ledger::write(tx, &about, &Entry::hold(part.gpu_seconds)?, self.now).await?;
        tx.event(about.id, "instalment_released", json!({ "released": part.gpu_seconds })).await?;
        let mut next = part.into_active_model();
        next.state = Set(instalment::State::Released);
        next.settled_at = Set(Some(self.now));
        tx.update(next).await?;
        let version = about.version + 1;
        let mut next = about.into_active_model();
        next.version = Set(version);
        tx.update(next).await?;
        Ok(())
    }

    /// Asks for the final reports that nobody asked for yet, and reminds of those that fall due. Safe at any time and
    /// as often as wanted. How many mails were written.
    pub async fn remind_reports(&self) -> Result<usize> {
        let tx = self.begin(Action::ReadActions).await?;
        let unasked = store::report::unasked(&tx).await?;
        drop(tx);
        for ended in unasked {
            let mut tx = self.begin(Action::RemindReports).await?;
            let on = ended.ended_at.map_or_else(|| ended.slots().end(), brussels_day);
            match ask_final(&mut tx, &ended, on).await {
                Ok(()) => tx.commit().await?,
                // Asked for meanwhile.
                Err(Error::Invalid(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let tx = self.begin(Action::ReadActions).await?;
        let owed = store::report::owed(&tx).await?;
        drop(tx);
        let today = brussels_day(self.now);
        let mut sent = 0;
        for one in owed.iter().filter(|one| one.reminded < report::reminders(one.due_on, today)) {
            sent += self.remind(one.id).await?;
        }
        Ok(sent)
    }

    async fn remind(&self, id: ReportId) -> Result<usize> {
        let mut tx = self.begin(Action::RemindReports).await?;
        let found = tx.lock::<row::Entity>(id).await?;
        let about = tx.find::<allocation_row::Entity>(found.allocation_id).await?;
        let wanted = report::reminders(found.due_on, brussels_day(self.now));
        if !found.state.is_owed() || found.reminded >= wanted || !self.is_time(&found, &about) {
            return Ok(0);
        }
        let people = store::allocation::addressees(&tx, found.organisation_id).await?;
        for person in &people {
            let mail = Mail::ReportDue {
                reference: about.reference.clone(),
                kind: found.kind,
                due: found.due_on,
                link: self.link(&format!("/allocations/{}/report/{}", about.id, found.kind.code())),
            };
            tx.mail(Letter::to(person, mail)).await?;
        }
        let mut next = found.into_active_model();
        // Several that fell due at once are one reminder.
        next.reminded = Set(wanted);
        tx.update(next).await?;
        tx.commit().await?;
        Ok(people.len())
    }
}

fn read_outcome(outcome: &str, reason: &str) -> Result<bool, Invalid> {
    let mut invalid = Invalid::default();
    let approves = outcome == "approved";
    if !matches!(outcome, "approved" | "returned") {
        invalid.add("outcome", Problem::Required);
    }
    // To approve needs no essay; to return does.
    if !approves || !reason.trim().is_empty() {
        domain::action::reason(reason, "reason", &mut invalid);
    }
    invalid.or(approves)
}

async fn listed(tx: &Tx, rows: Vec<row::Model>, today: NaiveDate) -> Result<Vec<ReportListed>> {
    let ids: Vec<OrganisationId> = rows.iter().map(|row| row.organisation_id).collect();
    let names = store::allocation::organisation_names(tx, ids).await?;
    let about = store::allocation::by_ids(tx, rows.iter().map(|row| row.allocation_id).collect::<Vec<_>>()).await?;
    let reference = |id: AllocationId| about.iter().find(|one| one.id == id).map(|one| one.reference.clone());
    Ok(rows
        .into_iter()
        .map(|row| ReportListed {
            reference: reference(row.allocation_id).unwrap_or_default(),
            organisation: names.get(&row.organisation_id).cloned().unwrap_or_default(),
            is_overdue: row.kind == Kind::Final && report::is_overdue(row.state, row.due_on, today),
            row,
        })
        .collect())
}
