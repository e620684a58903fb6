//! What finance credits by hand: time of a line with a cause and a reason, or the whole document with another in its
//! place. Above a limit a second person signs.

use domain::{
    allocation::State,
    credit_note::{self, Before, Cause, Part, credit, may_sign_alone, signed_alone},
    gpu::GpuTime,
    id::{CreditRequestId, InvoiceId, PersonId},
    invoice::{Issued, Kind, Line, Sums, Terms, Use},
    ledger::{Account, Back, Entry},
    money::Money,
    period::{brussels_day, start_of_day},
    policy::Action,
    problem::{Invalid, Problem},
    typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{Order, issue, lock, refused};
use crate::{
    aid,
    desk::Desk,
    error::{Error, OnUnique, Result, anyhow},
    invoices::{self, Made, new_uuid},
    store::{
        self, Tx,
        entity::{
            allocation, correction,
            credit_request::{self, State as RequestState},
            invoice, organisation,
        },
        rows::{CreditRequestRow, InvoiceRow},
    },
};

/// A credit as typed: hours of each line by its position, or the whole document corrected.
#[derive(Debug, Clone, Default)]
pub struct TypedCredit {
    pub cause: String,
    pub reason: String,
    /// GPU-hours with up to two places, one entry a line, in order; empty for none.
    pub hours: Vec<String>,
}

/// What the form needs: the document, what is left of each line, and what waits.
#[derive(Debug, Clone)]
pub struct CreditCase {
    pub row: InvoiceRow,
    pub issued: Issued,
    pub left: Vec<GpuTime>,
    pub waiting: Option<CreditRequestRow>,
    /// Above this a second person signs.
    pub alone: Money,
    /// Who reads, so that nobody is offered to sign what they asked for.
    pub reader: Option<PersonId>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditDone {
    Issued,
    /// Another person of finance has to sign.
    Asked,
}

impl Desk {
    pub async fn credit_case(&self, id: InvoiceId) -> Result<CreditCase> {
        let tx = self.begin(Action::ReadCredits).await?;
        let row = tx.find::<invoice::Entity>(id).await?;
        let issued = row.issued()?;
        let before = store::credit_note::before(&tx, id).await?;
        let left = credit_note::left(&issued, &before)?.into_values().collect();
        let waiting = store::credit_note::waiting(&tx, id).await?;
        Ok(CreditCase {
            row,
            issued,
            left,
            waiting,
            alone: signed_alone(brussels_day(self.now)),
            reader: self.actor.person,
        })
    }

    /// Requests that wait for a second signature, each with its document.
    pub async fn credit_requests(&self) -> Result<Vec<(CreditRequestRow, InvoiceRow)>> {
        let tx = self.begin(Action::ReadCredits).await?;
        store::credit_note::all_waiting(&tx).await
    }

    /// Credits at once, or asks for a second signature where the amount needs one.
    pub async fn ask_credit(&self, id: InvoiceId, typed: &TypedCredit) -> Result<CreditDone> {
        let person = self.actor.person;
        let tx = self.begin(Action::ReadCredits).await?;
        let row = tx.find::<invoice::Entity>(id).await?;
        if row.share_of_id.is_some() {
            // It follows the company's document.
            return Err(Error::invalid("", Problem::FollowsCompany));
        }
        let (document, before) = (row.issued()?, store::credit_note::before(&tx, id).await?);
        let (cause, reason, parts) = read(typed, &document, &before)?;
        // A document corrected as a whole is charged anew: what may change is all of it.
        let made = credit(&document, &before, &parts).map_err(refused)?;
        let is_alone = self.may_credit_alone(&tx, id, &made.sums).await?;
        drop(tx);
        if is_alone {
            let credit = Credit { cause, reason: &reason, parts: &parts, asked_by: person, signed_by: None };
            self.carry_out(id, None, credit).await?;
            return Ok(CreditDone::Issued);
        }
        let asked_by = person.ok_or(Error::NotFound)?;
        let mut tx = self.begin(Action::AskCredit).await?;
        lock(&tx, id).await?;
        let parts: Vec<(i32, GpuTime)> = parts.iter().map(|part| (part.position, part.gpu_time)).collect();
        tx.insert(credit_request::ActiveModel {
            id: Set(tx.new_id()),
            invoice_id: Set(id),
            cause: Set(cause),
            reason: Set(reason),
            parts: Set(serde_json::to_string(&parts)?),
            total_cents: Set(made.sums.total),
            state: Set(RequestState::Waiting),
            asked_by: Set(asked_by),
            asked_at: Set(self.now),
            decided_by: Set(None),
            decided_at: Set(None),
        })
        .await
        .on_unique("", Problem::AlreadyAsked)?;
        tx.commit().await?;
        Ok(CreditDone::Asked)
    }

    async fn may_credit_alone(&self, tx: &Tx, invoice: InvoiceId, credited: &Sums) -> Result<bool> {
        let alone_before = store::credit_note::signed_alone(tx, invoice).await?;
        Ok(may_sign_alone(credited, alone_before, brussels_day(self.now))?)
    }

    /// The second signature: whoever asked cannot give it.
    pub async fn sign_credit(&self, id: CreditRequestId) -> Result<()> {
        let tx = self.begin(Action::ReadCredits).await?;
        let request = tx.find::<credit_request::Entity>(id).await?;
        drop(tx);
        let signer = self.second_of(Some(request.asked_by))?;
        let parts = request.parts()?;
        let credit = Credit {
            cause: request.cause,
            reason: &request.reason,
            parts: &parts,
            asked_by: Some(request.asked_by),
            signed_by: Some(signer),
        };
        self.carry_out(request.invoice_id, Some(id), credit).await
    }

    /// The request is put aside; whoever asked may take it back in this way too.
    pub async fn decline_credit(&self, id: CreditRequestId) -> Result<()> {
        let mut tx = self.begin(Action::DecideCredit).await?;
        let by = self.actor.person.ok_or(Error::NotFound)?;
        decided(&mut tx, id, RequestState::Declined, by).await?;
        tx.commit().await
    }

    /// One transaction: the ledger counts less, the credit note says so, and for a correction the new document is
    /// issued.
    async fn carry_out(&self, invoice: InvoiceId, request: Option<CreditRequestId>, credit: Credit<'_>) -> Result<()> {
        let corrects = credit.cause == Cause::Correction;
        let evidence = if corrects { self.evidence_now(invoice).await? } else { None };
        let mut tx = self.begin(Action::DecideCredit).await?;
        if let (Some(request), Some(person)) = (request, self.actor.person) {
            decided(&mut tx, request, RequestState::Signed, person).await?;
        }
        let organisation = tx.find::<invoice::Entity>(invoice).await?.organisation_id;
        let customer = tx.lock::<organisation::Entity>(organisation).await?;
        let original = lock(&tx, invoice).await?;
        let document = original.issued()?;
        if credit.signed_by.is_none() {
            // Another credit may have been given while this one was looked at.
            let before = store::credit_note::before(&tx, invoice).await?;
            let made = credit_note::credit(&document, &before, credit.parts).map_err(refused)?;
            if !self.may_credit_alone(&tx, invoice, &made.sums).await? {
                return Err(Error::invalid("", Problem::NotPossibleNow));
            }
        }
        let occasion = match request {
            Some(request) => format!("asked:{request}"),
            None => format!("hand:{}", new_uuid(&tx)),
        };
        let Credit { cause, reason, parts, asked_by, signed_by } = credit;
        let uses = again(&document, parts);
        let order = Order { occasion: &occasion, cause, reason, parts, asked_by, signed_by };
        if !corrects {
            // First what counts, so that what the note gives back is reckoned from it.
            for part in parts {
                forgive(&mut tx, &document, part, cause, reason).await?;
            }
        }
        issue(&mut tx, &original, order).await?;
        if corrects {
            let occasion = format!("corrects:{}", original.id);
            let order = invoices::Order { occasion: &occasion, uses: &uses, corrects: Some(&original), evidence };
            if !matches!(self.issue(&mut tx, &customer, order).await?, Made::Issued(_)) {
                return Err(Error::invalid("", Problem::NotPossibleNow));
            }
        }
        tx.commit().await
    }

    /// What the register says of the customer now, or said last: a correction does not wait.
    async fn evidence_now(&self, invoice: InvoiceId) -> Result<Option<domain::vat::Evidence>> {
        let tx = self.begin(Action::ReadCredits).await?;
        let organisation = tx.find::<invoice::Entity>(invoice).await?.organisation_id;
        drop(tx);
        self.vat_evidence_now(organisation).await
    }
}

/// What is carried out.
struct Credit<'a> {
    cause: Cause,
    reason: &'a str,
    parts: &'a [Part],
    asked_by: Option<PersonId>,
    signed_by: Option<PersonId>,
}

async fn decided(tx: &mut Tx, id: CreditRequestId, state: RequestState, by: PersonId) -> Result<()> {
    let request = tx.lock::<credit_request::Entity>(id).await?;
    if request.state != RequestState::Waiting {
        return Err(Error::invalid("", Problem::AlreadyDone));
    }
    let mut next = request.into_active_model();
    next.state = Set(state);
    next.decided_by = Set(Some(by));
    next.decided_at = Set(Some(tx.now()));
    tx.update(next).await?;
    Ok(())
}

/// The ledger no longer counts what is forgiven: to the company while it can still use it after a downtime, else to the
/// site.
async fn forgive(tx: &mut Tx, document: &Issued, part: &Part, cause: Cause, reason: &str) -> Result<()> {
    let place = usize::try_from(part.position - 1).unwrap_or_default();
    let line: &Line = document.sums.lines.get(place).ok_or_else(|| anyhow("a line of the original"))?;
    let row = tx.lock::<allocation::Entity>(line.allocation).await?;
    let back = if row.state == State::Active && cause == Cause::Downtime { Back::Hold } else { Back::Supply };
    let used = store::ledger::balances(tx, row.id).await?.get(&Account::Used).copied().unwrap_or_default();
    if used < part.gpu_time {
        return Err(Error::invalid("", Problem::MoreThanLeft));
    }
    // Within what the document charged, so that it and its credit cover the same time.
    let counts_at = start_of_day(line.last_day);
    let entry = Entry::correct(part.gpu_time, GpuTime::ZERO, back)?;
    let entry = store::ledger::write(tx, &row, &entry, counts_at).await?;
    aid::taken_back(tx, &row, part.gpu_time).await?;
    tx.insert(correction::ActiveModel {
        id: Set(new_uuid(tx)),
        allocation_id: Set(row.id),
        entry_id: Set(Some(entry)),
        cause: Set(cause),
        gpu_seconds: Set(part.gpu_time),
        reason: Set(reason.to_owned()),
        reading_id: Set(None),
        sequence: Set(None),
        gpus: Set(None),
        started_at: Set(None),
        ended_at: Set(None),
        downtime_id: Set(None),
        at: Set(tx.now()),
    })
    .await?;
    tx.event(row.id, "use_forgiven", json!({ "released": part.gpu_time, "reason": reason })).await
}

/// The same time of the same lines, to be charged anew.
pub(super) fn again(document: &Issued, parts: &[Part]) -> Vec<Use> {
    let lines = document.sums.lines.iter().zip(1_i32..);
    let of = |(line, position): (&Line, i32)| {
        let part = parts.iter().find(|part| part.position == position)?;
        Some(Use {
            allocation: line.allocation,
            reference: line.reference.clone(),
            site: line.site.clone(),
            model: line.model,
            first_day: line.first_day,
            last_day: line.last_day,
            gpu_time: part.gpu_time,
            terms: Terms {
                list_rate: line.list_rate,
                subsidy_share: line.subsidy_share,
                pot: line.pot.clone(),
                regime: line.regime.clone(),
                is_split: line.is_split,
            },
        })
    };
    lines.filter_map(of).collect()
}

fn read(typed: &TypedCredit, document: &Issued, before: &Before) -> Result<(Cause, String, Vec<Part>)> {
    let mut invalid = Invalid::default();
    let cause =
        Cause::from_code(&typed.cause).filter(|cause| Cause::BY_HAND.contains(cause) || *cause == Cause::Correction);
    if cause.is_none() {
        invalid.add("cause", if typed.cause.is_empty() { Problem::Required } else { Problem::NotAChoice });
    }
    let reason = typed::reason(&typed.reason, credit_note::REASON_MAX).unwrap_or_else(|problem| {
        invalid.add("reason", problem);
        String::new()
    });
    let all = credit_note::all_left(document, before)?;
    if cause == Some(Cause::Correction) {
        if all.is_empty() {
            invalid.add("", Problem::NothingToCredit);
        }
        return Ok(invalid.or((Cause::Correction, reason, all))?);
    }
    let left = credit_note::left(document, before)?;
    let mut parts = Vec::new();
    for (position, left) in left {
        let name = format!("hours-{position}");
        let place = usize::try_from(position - 1).unwrap_or_default();
        let hours = typed.hours.get(place).map_or("", |hours| hours.trim());
        match seconds(hours) {
            _ if hours.is_empty() => {}
            None => invalid.add(&name, Problem::NotANumber),
            Some(gpu_time) if gpu_time > left => invalid.add(&name, Problem::MoreThanLeft),
            Some(gpu_time) if gpu_time > GpuTime::ZERO => parts.push(Part { position, gpu_time }),
            Some(_) => {}
        }
    }
    if parts.is_empty() && invalid.is_empty() {
        invalid.add("", Problem::NothingToCredit);
    }
    // Nothing of a statement was paid: it is corrected, not credited.
    if document.sums.kind == Kind::Statement && invalid.is_empty() {
        invalid.add("cause", Problem::NotAChoice);
    }
    Ok(invalid.or((cause.unwrap_or(Cause::Goodwill), reason, parts))?)
}

/// `12.25` GPU-hours, exactly.
fn seconds(text: &str) -> Option<GpuTime> {
    let text = text.replace(',', ".");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_plain = |part: &str| part.chars().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 2 || !is_plain(whole) || !is_plain(fraction) {
        return None;
    }
    let hundredths: i64 = format!("{whole}{fraction:0<2}").parse().ok()?;
    hundredths.checked_mul(36).map(GpuTime::seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_exactly() {
        assert_eq!(seconds("1"), Some(GpuTime::seconds(3_600)));
        assert_eq!(seconds("12,25"), Some(GpuTime::seconds(44_100)));
        assert_eq!(seconds("0.01"), Some(GpuTime::seconds(36)));
        for nonsense in ["", "-1", "1.234", "an hour", ".5"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
    }
}
