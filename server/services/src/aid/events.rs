//! Mergers and splits, recorded by an officer: prior aid counts elsewhere from then on.

use domain::{
    aid::{
        Standing,
        transfer::{self, Typed},
    },
    period::brussels_day,
    policy::Action,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::{
    desk::Desk,
    error::{Error, Result},
    store::{self, Tx, entity::aid_transfer, rows::AidGrantRow},
};

impl Desk {
    /// Records that aid passes from one company to another (Reg. (EU) 2023/2831, Art. 3(8) and (9)). What a conflict
    /// of interest hides can neither give nor take.
    pub async fn record_aid_transfer(&self, typed: &Typed) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::RecordAidTransfer).await?;
        let from = company(&tx, &typed.from).await?;
        let to = company(&tx, &typed.to).await?;
        let (event, reason) = transfer::check(typed, (from, to), brussels_day(self.now))?;
        if let Some(grant) = event.grant {
            let theirs = store::aid::grants_seen(&tx, &[event.from]).await?;
            if !theirs.iter().any(|one| one.id == grant) {
                return Err(Error::invalid("grant", domain::problem::Problem::NotAChoice));
            }
        }
        tx.insert(aid_transfer::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            event: Set(event.event),
            from_id: Set(event.from),
            to_id: Set(event.to),
            effective_on: Set(event.on),
            share: Set(event.share),
            grant_id: Set(event.grant),
            reason: Set(reason),
            recorded_by: Set(me),
            recorded_at: Set(self.now),
        })
        .await?;
        for company in [event.from, event.to] {
            tx.event(company, "aid_transferred", json!({ "event": event.event.code() })).await?;
        }
        tx.commit().await
    }

    /// The grants that can go over from the company with this registration number, newest first; none where the number
    /// names none that is open to who asks.
    pub async fn transferable_grants(&self, from: &str) -> Result<Vec<AidGrantRow>> {
        let tx = self.begin(Action::ReadAid).await?;
        let Some(company) = company(&tx, from).await? else { return Ok(Vec::new()) };
        let mut grants = store::aid::grants_seen(&tx, &[company]).await?;
        grants.retain(|grant| grant.standing != Standing::Released);
        Ok(grants)
    }
}

/// The company with this registration number, if nothing of it is hidden from who asks.
async fn company(tx: &Tx, number: &str) -> Result<Option<domain::id::OrganisationId>> {
    let key: String = number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let Some(found) = store::aid::by_registration(tx, &key).await? else { return Ok(None) };
    let open = store::aid::open_companies(tx, &[found.id]).await?;
    Ok(open.contains(&found.id).then_some(found.id))
}
