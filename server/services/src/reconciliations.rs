//! The nightly comparison with the payment provider: one report a day, and what differs open until a person says what
//! it was.
//!
//! A day is looked at again for a week, because bank debits arrive late: what has become equal is closed by itself.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    id::DifferenceId,
    period::{brussels_day, start_of_day},
    policy::Action,
    problem::Problem,
    reconciliation::{Movement, Report, Subject, compare},
};
use payments::{DisputeState, Error as ProviderError, IntentState, Movements, PaymentProvider, RefundState};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    bank::reason,
    desk::Desk,
    error::{Error, Result, anyhow},
    invoices::new_uuid,
    jobs::Verdict,
    store::{
        self, Tx,
        entity::{difference, reconciliation},
        rows::{DifferenceRow, ReconciliationRow},
    },
};

/// Days that are looked at again.
const LOOKED_AT: u64 = 7;

/// What was kept as the reason where a later look found both sides equal.
const EQUAL_LATER: &str = "equal later";

/// Reports of the last days, and what differs.
#[derive(Debug, Clone, Default)]
pub struct Reconciliations {
    pub days: Vec<ReconciliationRow>,
    pub open: Vec<DifferenceRow>,
    pub resolved: Vec<DifferenceRow>,
}

impl Desk {
    /// Compares the days that are over with the provider. Takes no input; may run at any time: a day that was
    /// compared today is not compared again.
    pub async fn reconcile_provider(&self) -> Result<Verdict> {
        let Ok(provider) = self.provider() else { return Ok(Verdict::Done) };
        let today = brussels_day(self.now);
        let tx = self.begin(Action::ReadReconciliation).await?;
        let Some(first) = store::reconciliation::first(&tx).await?.map(brussels_day) else { return Ok(Verdict::Done) };
        drop(tx);
        let mut days: Vec<NaiveDate> =
            (1..=LOOKED_AT).filter_map(|ago| today.checked_sub_days(Days::new(ago))).collect();
        days.retain(|day| *day >= first);
        days.reverse();
        for day in days {
            let tx = self.begin(Action::ReadReconciliation).await?;
            let made = store::reconciliation::of_day(&tx, day).await?;
            drop(tx);
            if made.is_some_and(|made| brussels_day(made.made_at) >= today) {
                continue;
            }
            let (from, until) = (start_of_day(day), start_of_day(day + Days::new(1)));
            let theirs = match provider.movements(from.timestamp(), until.timestamp()).await {
                Ok(movements) => said(&movements),
                Err(error) => return Ok(Verdict::Retry(error.to_string())),
            };
            let report = self.beside(&provider, theirs, (from, until)).await?;
            self.write_report(day, &report).await?;
        }
        Ok(Verdict::Done)
    }

    /// Both sides of a day. What begins on one side shortly before midnight may begin on the other shortly after: what
    /// only one side has is looked for by its name.
    async fn beside(
        &self,
        provider: &PaymentProvider,
        mut theirs: Vec<Movement>,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Report> {
        let tx = self.begin(Action::ReadReconciliation).await?;
        let mut ours = store::reconciliation::ours(&tx, from, until).await?;
        let is_in = |side: &[Movement], one: &Movement| {
            side.iter().any(|other| (other.subject, &other.name) == (one.subject, &one.name))
        };
        for one in theirs.iter().filter(|one| !is_in(&ours, one)).cloned().collect::<Vec<_>>() {
            ours.extend(store::reconciliation::named(&tx, one.subject, &one.name).await?);
        }
        drop(tx);
        for one in ours.iter().filter(|one| !is_in(&theirs, one)).cloned().collect::<Vec<_>>() {
            theirs.extend(ask(provider, &one).await?);
        }
        Ok(compare(&ours, &theirs)?)
    }

    async fn write_report(&self, day: NaiveDate, report: &Report) -> Result<()> {
        let mut tx = self.begin(Action::ReconcileProvider).await?;
        let before = store::reconciliation::of_day(&tx, day).await?;
        let id = match before {
            Some(row) => {
                let id = row.id;
                let mut next = row.into_active_model();
                next.compared = Set(report.compared);
                next.equal = Set(report.equal);
                next.ours_cents = Set(report.ours);
                next.theirs_cents = Set(report.theirs);
                next.made_at = Set(self.now);
                tx.update(next).await?;
                id
            }
            None => {
                let id = new_uuid(&tx);
                tx.insert(reconciliation::ActiveModel {
                    id: Set(id),
                    day: Set(day),
                    compared: Set(report.compared),
                    equal: Set(report.equal),
                    ours_cents: Set(report.ours),
                    theirs_cents: Set(report.theirs),
                    made_at: Set(self.now),
                })
                .await?;
                id
            }
        };
        self.write_differences(&mut tx, id, report).await?;
        tx.commit().await
    }

    async fn write_differences(&self, tx: &mut Tx, report_id: uuid::Uuid, report: &Report) -> Result<()> {
        let known = store::reconciliation::differences(tx, report_id).await?;
        let is_same = |row: &DifferenceRow, subject: Subject, name: &str| row.subject == subject && row.name == name;
        for one in &report.differences {
            if known.iter().any(|row| is_same(row, one.subject, &one.name)) {
                continue;
            }
            let payment = match one.subject {
                Subject::Payment => store::reconciliation::payment_named(tx, &one.name).await?.map(|row| row.id),
                Subject::Refund | Subject::Dispute => None,
            };
            tracing::warn!(name = one.name, kind = one.kind.code(), "our books and the payment provider differ");
            tx.insert(difference::ActiveModel {
                id: Set(new_uuid(tx)),
                reconciliation_id: Set(report_id),
                subject: Set(one.subject),
                kind: Set(one.kind),
                name: Set(one.name.clone()),
                payment_id: Set(payment),
                ours_cents: Set(one.ours),
                theirs_cents: Set(one.theirs),
                resolved_by: Set(None),
                resolved_at: Set(None),
                reason: Set(None),
            })
            .await?;
        }
        for row in known.into_iter().filter(|row| row.resolved_at.is_none()) {
            if !report.differences.iter().any(|one| is_same(&row, one.subject, &one.name)) {
                let mut next = row.into_active_model();
                next.resolved_at = Set(Some(self.now));
                next.reason = Set(Some(EQUAL_LATER.to_owned()));
                tx.update(next).await?;
            }
        }
        Ok(())
    }

    /// The last days and what differs.
    pub async fn reconciliations(&self) -> Result<Reconciliations> {
        let tx = self.begin(Action::ReadReconciliation).await?;
        Ok(Reconciliations {
            days: store::reconciliation::days(&tx, 31).await?,
            open: store::reconciliation::listed(&tx, true, 100).await?,
            resolved: store::reconciliation::listed(&tx, false, 20).await?,
        })
    }

    /// How many differences somebody must look at.
    pub async fn open_differences(&self) -> Result<u64> {
        let tx = self.begin(Action::ReadReconciliation).await?;
        store::reconciliation::open(&tx).await
    }

    /// Closes a difference with what it was.
    pub async fn resolve_difference(&self, id: DifferenceId, why: &str) -> Result<()> {
        let mut tx = self.begin(Action::ResolveDifference).await?;
        let row = tx.lock::<difference::Entity>(id.uuid()).await?;
        if row.resolved_at.is_some() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let why = reason(why)?;
        tx.event(id, "difference_resolved", json!({ "reason": why })).await?;
        let mut next = row.into_active_model();
        next.resolved_by = Set(self.actor.person);
        next.resolved_at = Set(Some(self.now));
        next.reason = Set(Some(why));
        tx.update(next).await?;
        tx.commit().await
    }
}

/// What moved money: what waits, failed or was won did not.
fn said(movements: &Movements) -> Vec<Movement> {
    let payments = movements.payments.iter().filter(|one| one.state == IntentState::Succeeded);
    let payments =
        payments.map(|one| Movement { subject: Subject::Payment, name: one.id.clone(), amount: one.received });
    let refunds = movements.refunds.iter().filter(|one| one.state == RefundState::Succeeded);
    let refunds = refunds.map(|one| Movement { subject: Subject::Refund, name: one.id.clone(), amount: one.amount });
    let disputes = movements.disputes.iter().filter(|one| one.state == DisputeState::Lost);
    let disputes = disputes.map(|one| Movement { subject: Subject::Dispute, name: one.id.clone(), amount: one.amount });
    payments.chain(refunds).chain(disputes).collect()
}

/// What the provider says of one movement of ours, by its name; nothing if it knows none or no money moved.
async fn ask(provider: &PaymentProvider, one: &Movement) -> Result<Option<Movement>> {
    let found = match one.subject {
        Subject::Payment => {
            provider.payment(&one.name).await.map(|found| Movements { payments: vec![found], ..Movements::default() })
        }
        Subject::Refund => {
            provider.refunded(&one.name).await.map(|found| Movements { refunds: vec![found], ..Movements::default() })
        }
        Subject::Dispute => {
            provider.dispute(&one.name).await.map(|found| Movements { disputes: vec![found], ..Movements::default() })
        }
    };
    match found {
        Ok(found) => Ok(said(&found).pop()),
        Err(ProviderError::Unknown) => Ok(None),
        Err(error) => Err(Error::Broken(anyhow(error))),
    }
}
