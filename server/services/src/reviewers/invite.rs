//! Inviting reviewers by mail: the link is theirs who can read the mailbox, and says yes or no once.

use chrono::{DateTime, Utc};
use domain::{
    account::{self, Purpose},
    actor::StaffRole,
    id::PersonId,
    policy::Action,
    problem::Problem,
    reviewer,
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
        entity::{person, reviewer_invitation as row, role},
        rows::ReviewerInvitationRow,
    },
};

/// What the holder of an invitation's link may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitedReviewer {
    pub email: String,
    pub expires_at: DateTime<Utc>,
}

impl Desk {
    /// Everybody invited who has not accepted, the newest first.
    pub async fn reviewer_invitations(&self) -> Result<Vec<ReviewerInvitationRow>> {
        let tx = self.begin(Action::ReadReviewers).await?;
        store::reviewer::invitations(&tx).await
    }

    /// Sends an invitation to review; an open one of the same address is replaced, and its link dies.
    pub async fn invite_reviewer(&self, email: &str, locale: Locale) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::InviteReviewer).await?;
        let email = account::address(email).map_err(|problem| Error::invalid("email", problem))?;
        if let Some(known) = store::account::person_by_email(&tx, &email).await?
            && store::reviewer::is_reviewer(&tx, known.id).await?
        {
            return Err(Error::invalid("email", Problem::AlreadyDone));
        }
        for before in store::reviewer::invitations_of(&tx, &email).await? {
            tx.delete(before.into_active_model()).await?;
        }
        let secret = secret::new();
        let expires = self.now + Purpose::Invitation.lifetime();
        tx.insert(row::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            email: Set(email.clone()),
            hash: Set(secret::hash(&secret)),
            invited_by: Set(me),
            created_at: Set(self.now),
            expires_at: Set(expires),
            accepted_at: Set(None),
            declined_at: Set(None),
            reason: Set(String::new()),
        })
        .await?;
        let mail = Mail::ReviewerInvited { expires, link: self.link(&format!("/reviewer-invitation/{secret}")) };
        tx.mail(Letter { address: email, person: None, locale, mail, attachment: None }).await?;
        tx.commit().await
    }

    /// Takes an invitation back: its link dies.
    pub async fn withdraw_reviewer_invitation(&self, id: Uuid) -> Result<()> {
        let mut tx = self.begin(Action::InviteReviewer).await?;
        let found = tx.find::<row::Entity>(id).await?;
        if found.accepted_at.is_some() {
            return Err(Error::NotFound);
        }
        tx.delete(found.into_active_model()).await?;
        tx.commit().await
    }

    /// The invitation behind a link; `NotFound` if it is unknown, answered, taken back or has run out.
    pub async fn read_reviewer_invitation(&self, secret: &str) -> Result<InvitedReviewer> {
        let tx = self.as_system().begin(Action::ReadReviewers).await?;
        let found = open(&tx, secret).await?;
        Ok(InvitedReviewer { email: found.email, expires_at: found.expires_at })
    }

    /// Takes the role. Only for the person whose address was invited: a forwarded link is not an invitation.
    pub async fn accept_reviewing(&self, secret: &str) -> Result<()> {
        let mut tx = self.begin(Action::AnswerReviewing).await?;
        let id: PersonId = self.actor.person.ok_or(Error::NotFound)?;
        let found = open(&tx, secret).await?;
        // Held, so that two tabs do not both take the role.
        let me = tx.lock::<person::Entity>(id).await?;
        if me.email != found.email {
            return Err(Error::invalid("", Problem::Mismatch));
        }
        if store::reviewer::is_reviewer(&tx, id).await? {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        tx.insert(role::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            person_id: Set(id),
            role: Set(StaffRole::Reviewer),
            site_id: Set(None),
            granted_at: Set(self.now),
        })
        .await?;
        let mut next = found.into_active_model();
        next.accepted_at = Set(Some(self.now));
        tx.update(next).await?;
        // Before the first list is shown to them.
        detect(&mut tx, Reach::Everything, Some(id)).await?;
        tx.event(id, "role_granted", json!({ "role": StaffRole::Reviewer.code() })).await?;
        tx.commit().await
    }

    /// Says no, and why. Whoever has the link may: nobody needs an account to decline.
    pub async fn decline_reviewing(&self, secret: &str, reason: &str) -> Result<()> {
        let mut tx = self.begin(Action::AnswerReviewing).await?;
        let found = open(&tx, secret).await?;
        let reason = reviewer::decline(reason)?;
        let mut next = found.into_active_model();
        next.declined_at = Set(Some(self.now));
        next.reason = Set(reason);
        tx.update(next).await?;
        tx.commit().await
    }
}

async fn open(tx: &Tx, secret: &str) -> Result<row::Model> {
    store::reviewer::invitation_by_hash(tx, &secret::hash(secret))
        .await?
        .filter(|row| row.accepted_at.is_none() && row.declined_at.is_none() && row.expires_at > tx.now())
        .ok_or(Error::NotFound)
}
