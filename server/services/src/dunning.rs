//! Verbs of reminders: the job that takes the next step, pauses and promises, who is where, how old debts are.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use documents::Tone;
use domain::{
    dunning::{HoldKind, Next, Step, can_hold, hold_days, pay_by},
    id::{InvoiceId, OrganisationId, PersonId},
    late_payment::{Age, costs, interest, late_since, rate},
    money::{BasisPoints, Money},
    payment::second_above,
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::mail::Mail;
use uuid::Uuid;

use crate::{
    bank::REASON_MAX,
    desk::Desk,
    error::{Error, OnUnique, Result},
    invoices::{new_uuid, print},
    jobs::{Job, Verdict},
    store::{
        self, Letter, Tx,
        entity::{invoice, reminder, reminder_hold},
        rows::{InvoiceRow, ReminderHoldRow, ReminderRow, WriteOffRow},
    },
};

use store::dunning::Late;

/// A late invoice as those see it who keep the books, and as its company does.
#[derive(Debug, Clone)]
pub struct ReminderRead {
    pub invoice: InvoiceRow,
    pub organisation: String,
    pub reminders: Vec<ReminderRow>,
    pub hold: Option<ReminderHoldRow>,
    pub next: Option<Next>,
    pub is_disputed: bool,
    /// The company can book nothing new because of it.
    pub blocks: bool,
    /// What the law adds up to today and was not paid, and the rate of a year that it grows by now.
    pub interest: Money,
    pub costs: Money,
    pub rate: BasisPoints,
}

/// One late invoice with everything that was decided about it.
#[derive(Debug, Clone)]
pub struct ReminderCase {
    pub read: ReminderRead,
    pub holds: Vec<ReminderHoldRow>,
    pub write_offs: Vec<WriteOffRow>,
    /// Days for which each kind of hold can be made at most.
    pub hold_days: Vec<(HoldKind, u64)>,
    /// Giving up more than this takes a second person.
    pub second_above: Money,
    /// Who reads, so that nobody is offered to sign what they asked for.
    pub reader: Option<PersonId>,
}

/// A pause or a promise as typed.
#[derive(Debug, Clone, Default)]
pub struct HoldForm {
    pub kind: String,
    pub until: String,
    pub reason: String,
    pub promised_by: String,
}

/// What one company owes, by age.
#[derive(Debug, Clone)]
pub struct AgeingLine {
    pub organisation: OrganisationId,
    pub name: String,
    pub country: String,
    /// One amount for each of [`Age::ALL`].
    pub amounts: Vec<Money>,
    pub total: Money,
}

impl Desk {
    /// Takes every step that is due, each once. Takes no input; may run at any time. Returns how many.
    pub async fn take_reminders(&self) -> Result<usize> {
        let today = brussels_day(self.now);
        let tx = self.begin(Action::ReadReminders).await?;
        let lapsed = store::dunning::lapsed_holds(&tx, today).await?;
        let late = store::dunning::late(&tx, today).await?;
        drop(tx);
        for hold in lapsed {
            if let Err(error) = self.lapse_hold(hold.invoice_id).await {
                tracing::error!(%error, invoice = %hold.invoice_id, "a hold could not be ended");
            }
        }
        let mut taken = 0;
        for one in late.iter().filter(|one| one.claim.due(today).is_some()) {
            match self.take_reminder(one.invoice.id).await {
                Ok(is_taken) => taken += usize::from(is_taken),
                // One company's trouble must not spare the others.
                Err(error) => tracing::error!(%error, invoice = %one.invoice.id, "a reminder could not be sent"),
            }
        }
        Ok(taken)
    }

    /// The next step of one invoice, if it is due; says whether it was taken.
    pub(crate) async fn take_reminder(&self, id: InvoiceId) -> Result<bool> {
        let today = brussels_day(self.now);
        let mut tx = self.begin(Action::TakeReminder).await?;
        let row = tx.lock::<invoice::Entity>(id).await?;
        if row.share_of_id.is_some() {
            return Ok(false);
        }
        let Some(late) = store::dunning::with_claims(&tx, vec![row]).await?.pop() else { return Ok(false) };
        let Some(step) = late.claim.due(today) else { return Ok(false) };
        let (interest, costs) = if step.claims() { added(&late, today)? } else { (Money::ZERO, Money::ZERO) };
        let reminder = new_uuid(&tx);
        let row = &late.invoice;
        let written = tx
            .insert(reminder::ActiveModel {
                id: Set(reminder),
                invoice_id: Set(id),
                organisation_id: Set(row.organisation_id),
                step: Set(step),
                taken_on: Set(today),
                outstanding_cents: Set(late.claim.outstanding),
                interest_cents: Set(interest),
                costs_cents: Set(costs),
                taken_at: Set(self.now),
            })
            .await
            .on_unique("", Problem::AlreadyDone);
        match written {
            Err(Error::Invalid(_)) => return Ok(false),
            written => written?,
        };
        tx.event(id, "reminded", json!({ "step": step, "amount": late.claim.outstanding })).await?;
        tx.enqueue(&Job::MailReminder(reminder), self.now, None).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Mails a reminder to those who pay, with the letter as a PDF, once. What was paid meanwhile is not reminded of.
    pub(crate) async fn mail_reminder(&self, id: Uuid) -> Result<Verdict> {
        let tx = self.begin(Action::ReadReminders).await?;
        let row = tx.find::<reminder::Entity>(id).await?;
        let invoice = tx.find::<invoice::Entity>(row.invoice_id).await?;
        let people = store::invoice::addressees(&tx, row.organisation_id).await?;
        let late = store::dunning::with_claims(&tx, vec![invoice]).await?.pop();
        drop(tx);
        let Some(late) = late.filter(|late| late.claim.outstanding > Money::ZERO) else { return Ok(Verdict::Done) };
        // What was paid or credited since it was taken is not asked for.
        let row = ReminderRow { outstanding_cents: row.outstanding_cents.min(late.claim.outstanding), ..row };
        let paper = paper(&late, &row)?;
        let mut letters = Vec::new();
        for person in people {
            let mut letter = Letter::to(&person, self.letter(&row, &late, &paper));
            let (paper, locale) = (paper.clone(), letter.locale);
            let name = format!("{}-{}.pdf", late.invoice.number, row.step.code().replace('_', "-"));
            letter.attachment = Some((name, print(move || documents::reminder(&paper, locale)).await?));
            letters.push(letter);
        }
        self.mail_once(row.invoice_id, &format!("reminder_mailed_{}", row.step.code()), letters).await
    }

    fn letter(&self, row: &ReminderRow, late: &Late, paper: &documents::Reminder) -> Mail {
        let number = late.invoice.number.clone();
        let (amount, due) = (row.outstanding_cents, late.claim.due_on);
        let link = self.invoice_link(late.invoice.id);
        let (interest, costs, whole) = (paper.interest, paper.compensation, paper.claimed);
        match row.step {
            Step::Friendly => Mail::ReminderFriendly { number, amount, due, link },
            Step::Firm => Mail::ReminderFirm { number, amount, due, interest, costs, whole, link },
            Step::Block => Mail::ReminderBlock { number, amount, due, interest, costs, whole, link },
            Step::HandOver => Mail::ReminderHandOver { number, amount, due, interest, costs, whole, link },
        }
    }

    /// Ends a hold whose last day has passed: a promise that was not kept is noted as broken.
    async fn lapse_hold(&self, id: InvoiceId) -> Result<()> {
        let today = brussels_day(self.now);
        let mut tx = self.begin(Action::HoldReminder).await?;
        let row = tx.lock::<invoice::Entity>(id).await?;
        let Some(hold) = store::dunning::hold_of(&tx, id).await?.filter(|one| !one.hold().is_in_force(today)) else {
            return Ok(());
        };
        if hold.hold().is_broken(row.outstanding(), today) {
            tx.event(id, "promise_broken", json!({ "day": hold.until_day })).await?;
        }
        end(&mut tx, hold).await?;
        tx.commit().await
    }

    /// Late invoices of the companies this actor may see, the oldest first.
    pub async fn reminders(&self) -> Result<Vec<ReminderRead>> {
        let today = brussels_day(self.now);
        let tx = self.begin(Action::ReadReminders).await?;
        let late = store::dunning::late(&tx, today).await?;
        let ids: Vec<OrganisationId> = late.iter().map(|one| one.invoice.organisation_id).collect();
        let names = store::bank::names(&tx, &ids).await?;
        late.into_iter().map(|one| self.read(one, &names)).collect()
    }

    /// Whether the actor's own company can book nothing new.
    pub async fn is_blocked(&self) -> Result<bool> {
        let Some(organisation) = self.actor.organisation() else { return Ok(false) };
        let tx = self.begin(Action::ReadReminders).await?;
        store::dunning::is_blocked(&tx, organisation, brussels_day(self.now)).await
    }

    /// One invoice as reminders know it, with what was decided. `NotFound` if it has no due date.
    pub async fn reminder_case(&self, id: InvoiceId) -> Result<ReminderCase> {
        let tx = self.begin(Action::ReadReminders).await?;
        let row = tx.find::<invoice::Entity>(id).await?;
        let names = store::bank::names(&tx, &[row.organisation_id]).await?;
        let late = store::dunning::with_claims(&tx, vec![row]).await?.pop().ok_or(Error::NotFound)?;
        let today = brussels_day(self.now);
        Ok(ReminderCase {
            read: self.read(late, &names)?,
            holds: store::dunning::holds(&tx, id).await?,
            write_offs: store::dunning::write_offs(&tx, id).await?,
            hold_days: HoldKind::ALL.iter().map(|kind| (*kind, hold_days(*kind, today))).collect(),
            second_above: second_above(today).1,
            reader: self.actor.person,
        })
    }

    fn read(&self, late: Late, names: &[(OrganisationId, String)]) -> Result<ReminderRead> {
        let today = brussels_day(self.now);
        let (interest, costs) = unpaid(&late, added(&late, today)?)?;
        let name = names.iter().find(|(id, _)| *id == late.invoice.organisation_id).map(|(_, name)| name.clone());
        Ok(ReminderRead {
            organisation: name.unwrap_or_default(),
            next: late.claim.next(),
            is_disputed: late.claim.is_disputed,
            blocks: late.claim.blocks(today),
            interest,
            costs,
            rate: rate(today),
            reminders: late.reminders,
            hold: late.hold,
            invoice: late.invoice,
        })
    }

    /// Pauses reminders of an invoice, or notes the company's promise, until a day.
    pub async fn hold_reminders(&self, id: InvoiceId, form: &HoldForm) -> Result<()> {
        let today = brussels_day(self.now);
        let mut tx = self.begin(Action::HoldReminder).await?;
        let row = tx.lock::<invoice::Entity>(id).await?;
        if row.outstanding() <= Money::ZERO {
            return Err(Error::invalid("", Problem::NotPayable));
        }
        let mut invalid = Invalid::default();
        let kind = HoldKind::from_code(&form.kind);
        if kind.is_none() {
            invalid.add("kind", Problem::Required);
        }
        let until = typed::date(&form.until)
            .and_then(|until| can_hold(kind.unwrap_or(HoldKind::Pause), until, today).map(|()| until));
        let until = until.map_err(|problem| invalid.add("until", problem)).ok();
        let why = typed::reason(&form.reason, REASON_MAX).map_err(|problem| invalid.add("reason", problem)).ok();
        let by = typed::optional(&form.promised_by, |text| typed::line(text, 200));
        let by = by.map_err(|problem| invalid.add("promised_by", problem)).ok().flatten();
        if kind == Some(HoldKind::Promise) && by.is_none() && invalid.of("promised_by").next().is_none() {
            invalid.add("promised_by", Problem::Required);
        }
        invalid.or(())?;
        let (Some(kind), Some(until), Some(why)) = (kind, until, why) else { return Err(Error::NotFound) };
        if let Some(before) = store::dunning::hold_of(&tx, id).await? {
            end(&mut tx, before).await?;
        }
        tx.insert(reminder_hold::ActiveModel {
            id: Set(new_uuid(&tx)),
            invoice_id: Set(id),
            organisation_id: Set(row.organisation_id),
            kind: Set(kind),
            until_day: Set(until),
            reason: Set(why),
            promised_by: Set(by),
            made_by: Set(self.actor.person),
            made_at: Set(self.now),
            ended_by: Set(None),
            ended_at: Set(None),
        })
        .await?;
        tx.event(id, &format!("reminder_{}", kind.code()), json!({ "day": until })).await?;
        tx.commit().await
    }

    /// Ends a pause or a promise before its day.
    pub async fn end_hold(&self, id: InvoiceId) -> Result<()> {
        let mut tx = self.begin(Action::HoldReminder).await?;
        tx.lock::<invoice::Entity>(id).await?;
        let hold = store::dunning::hold_of(&tx, id).await?.ok_or(Error::NotFound)?;
        end(&mut tx, hold).await?;
        tx.event(id, "reminder_resumed", json!({})).await?;
        tx.commit().await
    }

    /// What each company owes, by age; the largest debt first.
    pub async fn ageing(&self) -> Result<Vec<AgeingLine>> {
        let today = brussels_day(self.now);
        let tx = self.begin(Action::ReadReminders).await?;
        let rows = store::dunning::outstanding(&tx).await?;
        let mut sums: BTreeMap<OrganisationId, BTreeMap<Age, Money>> = BTreeMap::new();
        for row in &rows {
            let of_age = sums.entry(row.organisation_id).or_default().entry(Age::of(row.due_on, today)).or_default();
            *of_age = of_age.checked_add(row.outstanding())?;
        }
        let ids: Vec<OrganisationId> = sums.keys().copied().collect();
        let known = store::bank::companies_of(&tx, &ids).await?;
        let mut lines = Vec::new();
        for (organisation, of_it) in sums {
            let (name, country) = known
                .iter()
                .find(|one| one.id == organisation)
                .map(|one| (one.legal_name.clone(), one.country.code().to_owned()))
                .unwrap_or_default();
            let amounts: Vec<Money> = Age::ALL.iter().map(|age| of_it.get(age).copied().unwrap_or_default()).collect();
            let total = Money::sum(amounts.iter().copied())?;
            lines.push(AgeingLine { organisation, name, country, amounts, total });
        }
        lines.sort_by(|one, other| other.total.cmp(&one.total).then_with(|| one.name.cmp(&other.name)));
        Ok(lines)
    }
}

/// Interest to this day and recovery costs of a late invoice (Directive 2011/7/EU Art. 3 and 6).
fn added(late: &Late, today: NaiveDate) -> Result<(Money, Money)> {
    // What was credited was never owed.
    let interest = interest(late.invoice.owed(), &late.came, late.claim.due_on, today)?;
    let costs = if today > late.claim.due_on { costs(late_since(late.claim.due_on)) } else { Money::ZERO };
    Ok((interest, costs))
}

/// Of interest and costs, what was not paid yet: what is paid counts for the interest first.
fn unpaid(late: &Late, (interest, costs): (Money, Money)) -> Result<(Money, Money)> {
    let of_interest = interest.min(late.paid_beside);
    let of_costs = costs.min(late.paid_beside.checked_sub(of_interest)?);
    Ok((interest.checked_sub(of_interest)?, costs.checked_sub(of_costs)?))
}

/// What can still be paid beside each of these invoices with money of this day: what the last letter until then claims,
/// and where a credit note lowered the invoice since, no more than the law adds to what is left of it.
pub(crate) async fn claims(tx: &Tx, rows: &[InvoiceRow], on: NaiveDate) -> Result<BTreeMap<InvoiceId, Money>> {
    let mut left = BTreeMap::new();
    for late in store::dunning::with_claims(tx, rows.to_vec()).await? {
        let last = late.reminders.iter().rfind(|one| one.step.claims() && one.taken_on <= on);
        // What was credited as a whole was never late.
        let Some(last) = last.filter(|_| late.invoice.owed() > Money::ZERO) else { continue };
        let mut claimed = last.interest_cents.checked_add(last.costs_cents)?;
        if late.invoice.credited_cents > Money::ZERO {
            let (interest, costs) = added(&late, on)?;
            claimed = claimed.min(interest.checked_add(costs)?);
        }
        let more = claimed.checked_sub(late.paid_beside)?;
        if more > Money::ZERO {
            left.insert(late.invoice.id, more);
        }
    }
    Ok(left)
}

/// A reminder on paper, as it was when its step was taken, less what was paid of interest and costs since.
fn paper(late: &Late, row: &ReminderRow) -> Result<documents::Reminder> {
    let issued = late.invoice.issued()?;
    let (interest, compensation) = unpaid(late, (row.interest_cents, row.costs_cents))?;
    let tone = match row.step {
        Step::Friendly => Tone::Friendly,
        Step::Firm => Tone::Firm,
        Step::Block | Step::HandOver => Tone::Final,
    };
    Ok(documents::Reminder {
        tone,
        issued_on: row.taken_on,
        invoice: late.invoice.reference(),
        due_on: late.claim.due_on,
        total: late.invoice.total_cents,
        settled: late.invoice.total_cents.checked_sub(row.outstanding_cents)?,
        interest,
        compensation,
        claimed: Money::sum([row.outstanding_cents, interest, compensation])?,
        pay_by: pay_by(late.claim.due_on, row.step, row.taken_on),
        supplier: issued.supplier,
        bank: issued.bank,
        customer: issued.customer,
    })
}

async fn end(tx: &mut Tx, hold: ReminderHoldRow) -> Result<()> {
    let by = tx.actor().person;
    let at = tx.now();
    let mut next = hold.into_active_model();
    next.ended_by = Set(by);
    next.ended_at = Set(Some(at));
    tx.update(next).await?;
    Ok(())
}
