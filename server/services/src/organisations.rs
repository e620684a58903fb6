//! Verbs of organisations: registering one, changing its facts, and reading them with what follows from them.

use domain::{
    actor::Seat,
    id::OrganisationId,
    organisation::{Details, DetailsForm, size, start_up},
    period,
    policy::Action,
    problem::Problem,
    vat::VatState,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    conflicts::detect,
    desk::Desk,
    error::{Error, OnUnique, Result},
    jobs::Job,
    store::{
        self, Tx,
        entity::{organisation, seat},
        rows::{FiscalYearRow, OrganisationRow, OwnerRow, VatCheckRow},
    },
};

mod members;
mod ownership;
mod vat;

pub use members::{Invited, Member, Membership};
pub use ownership::Ownership;
pub(crate) use ownership::tree;

/// An organisation with what its facts lead to today.
#[derive(Debug, Clone)]
pub struct OrganisationFacts {
    pub organisation: OrganisationRow,
    /// Latest first.
    pub years: Vec<FiscalYearRow>,
    pub owners: Vec<OwnerRow>,
    /// `None` until figures of one year are known.
    pub size: Option<size::Assessment>,
    pub start_up: Option<start_up::StartUp>,
    /// Latest first, at most five.
    pub checks: Vec<VatCheckRow>,
}

impl Desk {
    /// Registers the organisation; whoever does so is its first owner. Its VAT number is looked up afterwards, and
    /// nothing waits for the answer.
    pub async fn create_organisation(&self, form: &DetailsForm) -> Result<OrganisationId> {
        let mut tx = self.begin(Action::CreateOrganisation).await?;
        let person = self.actor.person.ok_or(Error::NotFound)?;
        let details = form.check(period::brussels_day(self.now))?;
        let id: OrganisationId = tx.new_id();
        let mut row = fill(organisation::ActiveModel::default(), details);
        row.id = Set(id);
        row.vat_state = Set(VatState::Unchecked);
        row.start_up = Set(false);
        row.created_at = Set(self.now);
        row.version = Set(1);
        let row = tx.insert(row).await.on_unique("registration_number", Problem::Taken)?;
        tx.insert(seat::ActiveModel {
            organisation_id: Set(id),
            person_id: Set(person),
            seat: Set(Seat::Owner),
            created_at: Set(self.now),
        })
        .await?;
        ask_vat(&mut tx, &row).await?;
        tx.event(id, "organisation_created", json!({})).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes the facts of the organisation the actor stands in; `seen` is the version they were shown.
    pub async fn change_organisation(&self, form: &DetailsForm, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::ChangeOrganisation).await?;
        let row = lock_own(&tx, seen).await?;
        let details = form.check(period::brussels_day(self.now))?;
        let is_new_number = row.vat_id != details.vat_id;
        let before = detect::group_of(&tx, row.id).await?;
        let mut next = fill(row.into_active_model(), details);
        next.version = Set(seen + 1);
        if is_new_number {
            next.vat_state = Set(VatState::Unchecked);
            next.vat_checked_at = Set(None);
            next.vat_consultation = Set(None);
        }
        let row = tx.update(next).await.on_unique("registration_number", Problem::Taken)?;
        if is_new_number {
            ask_vat(&mut tx, &row).await?;
        }
        ownership::judge(&mut tx, row.clone()).await?;
        ownership::find_conflicts(&mut tx, row.id, before).await?;
        tx.event(row.id, "organisation_changed", json!({})).await?;
        tx.commit().await
    }

    /// The organisation the actor stands in.
    pub async fn own_organisation(&self) -> Result<OrganisationFacts> {
        let id = self.actor.organisation().ok_or(Error::NotFound)?;
        self.read_organisation(id).await
    }

    /// An organisation that the actor may see.
    pub async fn read_organisation(&self, id: OrganisationId) -> Result<OrganisationFacts> {
        let tx = self.begin(Action::ReadOrganisation).await?;
        let organisation = tx.find::<organisation::Entity>(id).await?;
        let years = store::organisation::years(&tx, id).await?;
        let owners = store::organisation::owners(&tx, id).await?;
        let checks = store::organisation::vat_checks(&tx, id, 5).await?;
        let today = period::brussels_day(self.now);
        let size = size::assess(&ownership::years(&years), &tree(&owners), today);
        let start_up = size.as_ref().and_then(|size| ownership::start_up(&organisation, size.class, today));
        Ok(OrganisationFacts { organisation, years, owners, size, start_up, checks })
    }
}

/// The actor's own organisation, held until the transaction ends; `Stale` if it has moved on since it was shown.
async fn lock_own(tx: &Tx, seen: i32) -> Result<organisation::Model> {
    let id = tx.actor().organisation().ok_or(Error::NotFound)?;
    let row = tx.lock::<organisation::Entity>(id).await?;
    if row.version == seen { Ok(row) } else { Err(Error::Stale) }
}

/// Queues the question about the number, if there is one.
async fn ask_vat(tx: &mut Tx, row: &organisation::Model) -> Result<()> {
    let Some(id) = &row.vat_id else { return Ok(()) };
    let key = format!("vat:{}:{id}", row.id);
    let now = tx.now();
    tx.enqueue(&Job::CheckVat(row.id), now, Some(&key)).await
}

fn fill(mut row: organisation::ActiveModel, details: Details) -> organisation::ActiveModel {
    row.registration_key = Set(details.registration_key());
    row.legal_name = Set(details.legal_name);
    row.street = Set(details.street);
    row.city = Set(details.city);
    row.postcode = Set(details.postcode);
    row.country = Set(details.country);
    row.registration_number = Set(details.registration_number);
    row.vat_id = Set(details.vat_id);
    row.founded_on = Set(details.founded_on);
    row.nace = Set(details.nace);
    row.listed = Set(details.listed);
    row.distributed_profits = Set(details.distributed_profits);
    row.from_merger = Set(details.from_merger);
    row
}
