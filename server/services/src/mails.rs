//! Verbs of mails: sending what is queued, and sending again.

use domain::{id::MailId, policy::Action};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use crate::{
    desk::Desk,
    error::Result,
    gateways::mail::MailError,
    jobs::{Job, Verdict},
    store::{
        self, Letter, Subject,
        entity::mail::{Entity, SECRET_KINDS, State},
        rows::MailRow,
    },
};

impl Desk {
    /// Queues the letters about a document, and notes under this event that they were: once, however often asked.
    pub(crate) async fn mail_once(
        &self,
        subject: impl Into<Subject>,
        event: &str,
        letters: Vec<Letter>,
    ) -> Result<Verdict> {
        let subject = subject.into();
        let mut tx = self.begin(Action::SendMail).await?;
        if store::invoice::has_event(&tx, subject, event).await? {
            return Ok(Verdict::Done);
        }
        let count = letters.len();
        for letter in letters {
            tx.mail(letter).await?;
        }
        tx.event(subject, event, json!({ "people": count })).await?;
        tx.commit().await?;
        Ok(Verdict::Done)
    }

    /// Sends one queued mail. The relay is spoken to between two transactions; a crash in between sends it twice
    /// under one Message-ID.
    pub(crate) async fn send_mail(&self, id: MailId, is_last_try: bool) -> Result<Verdict> {
        let tx = self.begin(Action::ReadMails).await?;
        let mail = tx.find::<Entity>(id).await?;
        drop(tx);
        if mail.state == State::Sent {
            return Ok(Verdict::Done);
        }
        let outcome = self.services.gateways().mail.send(&mail).await;
        let mut tx = self.begin(Action::SendMail).await?;
        let attempts = mail.attempts + 1;
        let mut row = mail.into_active_model();
        row.attempts = Set(attempts);
        let verdict = match outcome {
            Ok(()) => {
                if self.services.gateways().mail.leaves() && SECRET_KINDS.contains(&row.kind.as_ref().as_str()) {
                    // The link is its reader's alone once it has left.
                    row.text = Set(String::new());
                    row.html = Set(String::new());
                }
                row.state = Set(State::Sent);
                row.sent_at = Set(Some(self.now));
                row.last_error = Set(None);
                Verdict::Done
            }
            Err(MailError::Later(reason)) if !is_last_try => {
                row.last_error = Set(Some(reason.clone()));
                Verdict::Retry(reason)
            }
            Err(MailError::Later(reason) | MailError::Never(reason)) => {
                row.state = Set(State::Failed);
                row.last_error = Set(Some(reason.clone()));
                Verdict::Park(reason)
            }
        };
        tx.update(row).await?;
        tx.commit().await?;
        Ok(verdict)
    }

    /// The newest mails this actor may see, optionally of one state.
    pub async fn mails(&self, state: Option<State>, limit: u64) -> Result<Vec<MailRow>> {
        let tx = self.begin(Action::ReadMails).await?;
        store::mail::newest(&tx, state, limit).await
    }

    pub async fn mail(&self, id: MailId) -> Result<MailRow> {
        let tx = self.begin(Action::ReadMails).await?;
        tx.find::<Entity>(id).await
    }

    /// Queues a mail again, whatever became of it.
    pub async fn resend_mail(&self, id: MailId) -> Result<()> {
        let mut tx = self.begin(Action::ResendMail).await?;
        let mut row = tx.lock::<Entity>(id).await?.into_active_model();
        row.state = Set(State::Queued);
        row.last_error = Set(None);
        tx.update(row).await?;
        tx.enqueue(&Job::SendMail(id), self.now, None).await?;
        tx.commit().await
    }

    /// Every mail of the demo world, where nothing leaves the machine: `NotFound` anywhere else.
    pub async fn demo_mails(&self, limit: u64) -> Result<Vec<MailRow>> {
        if !self.services.settings().demo {
            return Err(crate::Error::NotFound);
        }
        self.as_system().mails(None, limit).await
    }

    /// One mail of the demo world.
    pub async fn demo_mail(&self, id: MailId) -> Result<MailRow> {
        if !self.services.settings().demo {
            return Err(crate::Error::NotFound);
        }
        self.as_system().mail(id).await
    }
}
