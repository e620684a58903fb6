//! What would be issued now, without issuing it: the dry run of a month's end.

use domain::{
    id::OrganisationId,
    invoice::{self, Sums, Use},
    period::brussels_day,
    policy::Action,
};

use super::{
    billing::{uncharged, used},
    issue::applied,
};
use crate::{
    desk::Desk,
    error::Result,
    jobs::Job,
    store::{self, entity::organisation},
};

/// A document that is due and not issued.
#[derive(Debug, Clone)]
pub struct DueDocument {
    pub organisation_id: OrganisationId,
    pub organisation: String,
    /// What it is for: `month:2026-10`, or `end:` and an allocation.
    pub occasion: String,
    pub sums: Sums,
}

/// Whether documents are being issued now, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    pub is_running: bool,
    pub issued_today: i64,
}

/// Under this key a second press of the button finds the first's job.
const KEY: &str = "bill:asked";

impl Desk {
    /// Issues what is due, as soon as the queue comes to it.
    pub async fn start_closing(&self) -> Result<()> {
        let mut tx = self.begin(Action::CloseMonth).await?;
        tx.enqueue(&Job::Bill, self.now, Some(KEY)).await?;
        tx.commit().await
    }

    pub async fn closing(&self) -> Result<Closing> {
        let tx = self.begin(Action::ReadDueDocuments).await?;
        let is_running = store::job::is_parked(&tx, KEY).await? == Some(false);
        let issued = store::invoice::issued_on(&tx, brussels_day(self.now)).await?;
        Ok(Closing { is_running, issued_today: i64::try_from(issued).unwrap_or(i64::MAX) })
    }

    /// Every document that issuing now would give, by company.
    pub async fn due_documents(&self) -> Result<Vec<DueDocument>> {
        let tx = self.begin(Action::ReadDueDocuments).await?;
        let month = self.closed_month();
        let mut due = Vec::new();
        for (id, allocations) in uncharged(&tx).await? {
            let customer = tx.find::<organisation::Entity>(id).await?;
            let mut add = |occasion: &str, uses: &[Use]| -> Result<()> {
                // The rate is that of the last day of use, as on the document.
                let Some(last_day) = uses.iter().map(|used| used.last_day).max() else { return Ok(()) };
                if let Some(sums) = invoice::build(uses, applied(&customer, last_day)?)? {
                    let (organisation, occasion) = (customer.legal_name.clone(), occasion.to_owned());
                    due.push(DueDocument { organisation_id: id, organisation, occasion, sums });
                }
                Ok(())
            };
            let mut rest = Vec::new();
            let mut of_month = Vec::new();
            for allocation in &allocations {
                let charged = match &month {
                    Some(month) if !store::invoice::is_issued(&tx, id, &month.occasion).await? => {
                        used(&tx, allocation, month).await?
                    }
                    _ => None,
                };
                match charged {
                    Some(used) => of_month.push(used),
                    None => rest.push(allocation),
                }
            }
            if let Some(month) = &month {
                add(&month.occasion, &of_month)?;
            }
            for allocation in rest {
                let Some(end) = self.ended(allocation) else { continue };
                if !store::invoice::is_issued(&tx, id, &end.occasion).await?
                    && let Some(used) = used(&tx, allocation, &end).await?
                {
                    add(&end.occasion, &[used])?;
                }
            }
        }
        Ok(due)
    }
}
