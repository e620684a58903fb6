//! Asking VIES about an organisation's number: outside any transaction, by a job, as often as it takes.

use domain::{id::OrganisationId, policy::Action, problem::Problem, vat::VatState};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::lock_own;
use crate::{
    desk::Desk,
    error::{Error, Result},
    gateways::vies::Answer,
    jobs::{Job, Verdict},
    store::{
        Tx,
        entity::{organisation, vat_check},
    },
};

impl Desk {
    /// An owner asks for their number to be looked up again.
    pub async fn ask_vat_again(&self, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::CheckVat).await?;
        let row = lock_own(&tx, seen).await?;
        if row.vat_id.is_none() {
            return Err(Error::invalid("vat_id", Problem::Required));
        }
        let key = format!("vat:{}:asked", row.id);
        tx.enqueue(&Job::CheckVat(row.id), self.now, Some(&key)).await?;
        tx.event(row.id, "vat_asked", json!({})).await?;
        tx.commit().await
    }

    /// Looks the number up and keeps the answer. An outage is tried again later; whatever was known before stays.
    pub(crate) async fn check_vat(&self, id: OrganisationId) -> Result<Verdict> {
        Ok(match self.look_up_vat(id).await? {
            Some(Answer::Unavailable(reason)) => Verdict::Retry(reason),
            _ => Verdict::Done,
        })
    }

    /// As [`Self::check_vat`], with the answer; `None` without a number, or if it was changed meanwhile.
    pub(crate) async fn look_up_vat(&self, id: OrganisationId) -> Result<Option<Answer>> {
        let reading = self.begin(Action::ReadOrganisation).await?;
        let asked = reading.find::<organisation::Entity>(id).await?.vat_id;
        drop(reading);
        let Some(asked) = asked else { return Ok(None) };
        let answer = self.services.gateways().vies.check(&asked).await;
        let mut tx = self.begin(Action::CheckVat).await?;
        let row = tx.lock::<organisation::Entity>(id).await?;
        // The number was changed while we asked: the answer is about another one.
        if row.vat_id.as_ref() != Some(&asked) {
            return Ok(None);
        }
        keep(&mut tx, row, &answer).await?;
        tx.commit().await?;
        Ok(Some(answer))
    }
}

async fn keep(tx: &mut Tx, row: organisation::Model, answer: &Answer) -> Result<()> {
    let Some(vat_id) = row.vat_id.clone() else { return Ok(()) };
    let (consultation, name, address, reason) = match answer.clone() {
        Answer::Valid { consultation, name, address } => (consultation, name, address, None),
        Answer::Invalid { consultation } => (consultation, None, None, None),
        Answer::Unavailable(reason) => (None, None, None, Some(reason)),
    };
    let (id, before, after) = (row.id, row.vat_state, row.vat_state.after(answer.state()));
    let check = vat_check::ActiveModel {
        id: Set(tx.new_id::<domain::id::Organisation>().uuid()),
        organisation_id: Set(id),
        vat_id: Set(vat_id),
        at: Set(tx.now()),
        answer: Set(answer.state()),
        consultation: Set(consultation.clone()),
        registered_name: Set(name),
        registered_address: Set(address),
        reason: Set(reason),
    };
    tx.insert(check).await?;
    let mut next = row.into_active_model();
    next.vat_state = Set(after);
    if answer.state() != VatState::Unavailable {
        next.vat_checked_at = Set(Some(tx.now()));
        next.vat_consultation = Set(consultation);
    }
    tx.update(next).await?;
    if before != after {
        tx.event(id, "vat_answered", json!({ "state": after.code() })).await?;
    }
    Ok(())
}
