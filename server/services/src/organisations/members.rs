//! Who is in an organisation, at which seat: invited by mail, changed and removed by its owners. The last owner stays.

use domain::{
    account::{self, Purpose},
    actor::Seat,
    id::{OrganisationId, PersonId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::{Locale, mail::Mail};
use uuid::Uuid;

use crate::{
    conflicts::detect::detect,
    desk::Desk,
    error::{Error, Result},
    gateways::secret,
    store::{
        self, Letter, Tx,
        conflict::Reach,
        entity::{former_seat, invitation, organisation, person, seat},
        rows::InvitationRow,
    },
};

/// One person in the organisation.
#[derive(Debug, Clone)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub seat: Seat,
    pub since: chrono::DateTime<chrono::Utc>,
}

/// Everybody in an organisation and everybody invited.
#[derive(Debug, Clone)]
pub struct Membership {
    pub organisation: String,
    pub members: Vec<Member>,
    pub invitations: Vec<InvitationRow>,
}

/// What the holder of an invitation's link may know of it.
#[derive(Debug, Clone)]
pub struct Invited {
    pub organisation_id: OrganisationId,
    pub organisation: String,
    pub email: String,
    pub seat: Seat,
    pub expires_at: chrono::DateTime<chrono::Utc>,
}

impl Desk {
    /// The members of the organisation the actor stands in.
    pub async fn members(&self) -> Result<Membership> {
        let tx = self.begin(Action::ReadOrganisation).await?;
        let id = self.actor.organisation().ok_or(Error::NotFound)?;
        let organisation = tx.find::<organisation::Entity>(id).await?.legal_name;
        let members = store::organisation::members(&tx, id).await?;
        let members = members
            .into_iter()
            .map(|(seat, person)| Member {
                person: person.id,
                name: person.name,
                email: person.email,
                seat: seat.seat,
                since: seat.created_at,
            })
            .collect();
        Ok(Membership { organisation, members, invitations: store::organisation::invitations(&tx, id).await? })
    }

    /// Sends an invitation; one that this address already has is replaced, and its link dies.
    pub async fn invite_member(&self, email: &str, seat: Option<Seat>, locale: Locale) -> Result<()> {
        let mut tx = self.begin(Action::InviteMember).await?;
        let id = self.actor.organisation().ok_or(Error::NotFound)?;
        let organisation = tx.lock::<organisation::Entity>(id).await?;
        let email = account::address(email).map_err(|problem| Error::invalid("email", problem))?;
        let seat = seat.ok_or_else(|| Error::invalid("seat", Problem::NotAChoice))?;
        if store::organisation::members(&tx, id).await?.iter().any(|(_, person)| person.email == email) {
            return Err(Error::invalid("email", Problem::AlreadyDone));
        }
        if let Some(before) = store::organisation::invitation_of(&tx, id, &email).await? {
            tx.delete(before.into_active_model()).await?;
        }
        let secret = secret::new();
        tx.insert(invitation::ActiveModel {
            id: Set(tx.new_id::<domain::id::Organisation>().uuid()),
            organisation_id: Set(id),
            email: Set(email.clone()),
            seat: Set(seat),
            hash: Set(secret::hash(&secret)),
            invited_by: Set(self.actor.person),
            created_at: Set(self.now),
            expires_at: Set(self.now + Purpose::Invitation.lifetime()),
            accepted_at: Set(None),
        })
        .await?;
        let link = format!("{}/invitation/{secret}", self.services.settings().public_url);
        let mail = Mail::Invitation { organisation: organisation.legal_name, link };
        tx.mail(Letter { address: email, person: None, locale, mail, attachment: None }).await?;
        tx.event(id, "member_invited", json!({ "seat": seat.code() })).await?;
        tx.commit().await
    }

    /// Takes an invitation back: its link dies.
    pub async fn withdraw_invitation(&self, id: Uuid) -> Result<()> {
        let mut tx = self.begin(Action::InviteMember).await?;
        let row = tx.find::<invitation::Entity>(id).await?;
        let organisation = row.organisation_id;
        tx.delete(row.into_active_model()).await?;
        tx.event(organisation, "invitation_withdrawn", json!({})).await?;
        tx.commit().await
    }

    /// The invitation behind a link; `NotFound` if it is unknown, used, taken back or has run out.
    pub async fn read_invitation(&self, secret: &str) -> Result<Invited> {
        let tx = self.as_system().begin(Action::ReadOrganisation).await?;
        let row = open_invitation(&tx, secret).await?;
        let organisation = tx.find::<organisation::Entity>(row.organisation_id).await?;
        Ok(Invited {
            organisation_id: row.organisation_id,
            organisation: organisation.legal_name,
            email: row.email,
            seat: row.seat,
            expires_at: row.expires_at,
        })
    }

    /// Takes the seat. Only for the person whose address was invited: a forwarded link is not an invitation.
    pub async fn accept_invitation(&self, secret: &str) -> Result<(OrganisationId, Seat)> {
        let mut tx = self.begin(Action::AcceptInvitation).await?;
        let id = self.actor.person.ok_or(Error::NotFound)?;
        let row = open_invitation(&tx, secret).await?;
        let me = tx.find::<person::Entity>(id).await?;
        if me.email != row.email {
            return Err(Error::invalid("", Problem::Mismatch));
        }
        let (organisation_id, seat) = (row.organisation_id, row.seat);
        let (seats, _) = store::account::seats_and_roles(&tx, id).await?;
        if seats.iter().any(|seat| seat.organisation_id == organisation_id) {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let taken = seat::ActiveModel {
            organisation_id: Set(organisation_id),
            person_id: Set(id),
            seat: Set(seat),
            created_at: Set(self.now),
        };
        tx.insert(taken).await?;
        detect(&mut tx, Reach::Everything, Some(id)).await?;
        let mut next = row.into_active_model();
        next.accepted_at = Set(Some(self.now));
        tx.update(next).await?;
        tx.event(organisation_id, "member_joined", json!({ "seat": seat.code() })).await?;
        tx.commit().await?;
        Ok((organisation_id, seat))
    }

    /// Gives a member another seat.
    pub async fn change_member(&self, person: PersonId, seat: Seat) -> Result<()> {
        let mut tx = self.begin(Action::ChangeMember).await?;
        let row = member(&tx, person).await?;
        if row.seat == Seat::Owner && seat != Seat::Owner {
            keep_an_owner(&tx, &row).await?;
        }
        let (organisation, before) = (row.organisation_id, row.seat);
        let mut next = row.into_active_model();
        next.seat = Set(seat);
        tx.update(next).await?;
        let detail = json!({ "from": before.code(), "to": seat.code() });
        tx.event(organisation, "member_changed", detail).await?;
        tx.commit().await
    }

    /// Removes a member; an owner may remove themselves while another owner stays.
    pub async fn remove_member(&self, person: PersonId) -> Result<()> {
        let mut tx = self.begin(Action::ChangeMember).await?;
        leave(&mut tx, person).await?;
        tx.commit().await
    }

    /// The actor gives up their own seat.
    pub async fn leave_organisation(&self) -> Result<()> {
        let mut tx = self.begin(Action::LeaveOrganisation).await?;
        let person = self.actor.person.ok_or(Error::NotFound)?;
        leave(&mut tx, person).await?;
        tx.commit().await
    }
}

async fn leave(tx: &mut Tx, person: PersonId) -> Result<()> {
    let row = member(tx, person).await?;
    if row.seat == Seat::Owner {
        keep_an_owner(tx, &row).await?;
    }
    let (organisation, seat) = (row.organisation_id, row.seat);
    tx.delete(row.into_active_model()).await?;
    // Whoever leaves does not judge it at once: the seat stays on record with the day it was left.
    let (now, id) = (tx.now(), tx.new_id::<domain::id::Event>().uuid());
    tx.insert(former_seat::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        person_id: Set(person),
        left_on: Set(brussels_day(now)),
    })
    .await?;
    detect(tx, Reach::Everything, Some(person)).await?;
    tx.event(organisation, "member_left", json!({ "seat": seat.code() })).await
}

/// A member of the actor's own organisation. The organisation is held, so that two owners who remove each other at
/// once are taken one after the other.
async fn member(tx: &Tx, person: PersonId) -> Result<seat::Model> {
    let id = tx.actor().organisation().ok_or(Error::NotFound)?;
    tx.lock::<organisation::Entity>(id).await?;
    tx.find::<seat::Entity>((id, person)).await
}

async fn keep_an_owner(tx: &Tx, row: &seat::Model) -> Result<()> {
    let members = store::organisation::members(tx, row.organisation_id).await?;
    let another =
        |(seat, _): &(seat::Model, person::Model)| seat.seat == Seat::Owner && seat.person_id != row.person_id;
    if members.iter().any(another) { Ok(()) } else { Err(Error::invalid("", Problem::LastOwner)) }
}

async fn open_invitation(tx: &Tx, secret: &str) -> Result<invitation::Model> {
    store::organisation::invitation_by_hash(tx, &secret::hash(secret))
        .await?
        .filter(|row| row.accepted_at.is_none() && row.expires_at > tx.now())
        .ok_or(Error::NotFound)
}
