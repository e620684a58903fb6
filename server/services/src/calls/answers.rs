//! Answers to a call's own questions and the PDFs that come with them. A file is looked into before it is kept, and
//! given out as a download only.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    actor::Stand,
    call::{Answers, Question, file, question, question::Attachment},
    id::{ApplicationId, AttachmentId},
    policy::Action,
    problem::{Invalid, Problem},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use sha2::{Digest as _, Sha256};

use super::terms_of;
use crate::{
    desk::Desk,
    error::{Error, Result},
    reviewers,
    store::{
        self, Tx,
        call::Attached,
        entity::{application, attachment},
    },
};

/// The largest file taken.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
const FILE_MEGABYTES_MAX: i64 = 10;

/// The questions of a call with what was answered, as those read it who judge it.
#[derive(Debug, Clone, Default)]
pub struct CallAnswers {
    /// Code and version of the call; empty where it is under none.
    pub code: String,
    pub version: i32,
    pub questions: Vec<Question>,
    pub answers: Answers,
    pub files: Vec<Attached>,
}

impl CallAnswers {
    /// The questions that these answers show, in their order.
    pub fn visible(&self) -> impl Iterator<Item = &Question> {
        question::visible(&self.questions, &self.answers)
    }

    pub fn file(&self, question: &str) -> Option<&Attached> {
        self.files.iter().find(|file| file.question == question)
    }

    /// What is missing or wrong, at its field.
    pub fn faults(&self) -> Invalid {
        let attached: BTreeSet<String> = self.files.iter().map(|file| file.question.clone()).collect();
        question::faults(&self.questions, &self.answers, &attached)
    }
}

/// What was answered under the application's call; nothing where it is under none.
pub(crate) async fn answers_of(tx: &Tx, application: &application::Model) -> Result<CallAnswers> {
    let Some(under) = terms_of(tx, application).await?.call else { return Ok(CallAnswers::default()) };
    Ok(CallAnswers {
        code: under.code,
        version: under.version,
        questions: under.terms.questions,
        answers: serde_json::from_str(&application.answers)?,
        files: store::call::attached(tx, application.id).await?,
    })
}

impl Desk {
    /// Keeps the page of questions as it was sent. `AlreadyDone` once it is handed in. Says whether the answers show
    /// other questions than before.
    pub async fn save_answers(&self, id: ApplicationId, sent: &BTreeMap<String, String>) -> Result<bool> {
        let mut tx = self.begin(Action::WriteApplication).await?;
        let application = editable(&tx, id).await?;
        let under = terms_of(&tx, &application).await?.call.ok_or(Error::NotFound)?;
        let questions = &under.terms.questions;
        let mut answers: Answers = serde_json::from_str(&application.answers)?;
        let codes = |answers: &Answers| {
            question::visible(questions, answers).map(|one| one.code.clone()).collect::<Vec<String>>()
        };
        let before = codes(&answers);
        answers.take(questions, sent);
        let has_more = codes(&answers) != before;
        self.touch(&mut tx, application, Some(&answers)).await?;
        tx.commit().await?;
        Ok(has_more)
    }

    /// Keeps a PDF with the answer to this question, instead of the one before.
    pub async fn attach(&self, id: ApplicationId, code: &str, name: &str, content: Vec<u8>) -> Result<()> {
        let field = format!("file-{code}");
        if let Some(problem) = fault_of(&content) {
            return Err(Error::invalid(&field, problem));
        }
        let mut tx = self.begin(Action::AttachFile).await?;
        let application = editable(&tx, id).await?;
        let under = terms_of(&tx, &application).await?.call.ok_or(Error::NotFound)?;
        let answers: Answers = serde_json::from_str(&application.answers)?;
        let asked = question::visible(&under.terms.questions, &answers).find(|question| question.code == code);
        if asked.is_none_or(|question| question.attachment == Attachment::None) {
            return Err(Error::NotFound);
        }
        store::call::detach(&mut tx, id, code).await?;
        let row = attachment::ActiveModel {
            id: Set(tx.new_id()),
            application_id: Set(id),
            question: Set(code.to_owned()),
            name: Set(file::file_name(name)),
            bytes: Set(i64::try_from(content.len()).unwrap_or(i64::MAX)),
            sha256: Set(hex::encode(Sha256::digest(&content))),
            content: Set(content),
            sent_by: Set(self.actor.person),
            sent_at: Set(self.now),
        };
        tx.insert(row).await?;
        self.touch(&mut tx, application, None).await?;
        tx.commit().await
    }

    pub async fn detach(&self, id: ApplicationId, code: &str) -> Result<()> {
        let mut tx = self.begin(Action::AttachFile).await?;
        let application = editable(&tx, id).await?;
        store::call::detach(&mut tx, id, code).await?;
        self.touch(&mut tx, application, None).await?;
        tx.commit().await
    }

    /// Name and content, for whoever sees the application.
    pub async fn read_attachment(&self, id: AttachmentId) -> Result<(String, Vec<u8>)> {
        let tx = self.begin(Action::ReadAttachment).await?;
        let file = tx.find::<attachment::Entity>(id).await?;
        if self.actor.stand == Stand::Reviewer {
            self.is_judged_by_me(&tx, file.application_id).await?;
        }
        Ok((file.name, file.content))
    }

    /// Reviewers read the files of what is theirs to review, after they accepted its terms, and of what is on the agenda
    /// of a panel of theirs.
    async fn is_judged_by_me(&self, tx: &Tx, id: ApplicationId) -> Result<()> {
        let me = self.signed_in()?;
        let application = tx.find::<application::Entity>(id).await?;
        match store::review::own(tx, id, me).await? {
            Some(_) => reviewers::has_accepted(tx, me, &application).await,
            None if store::call::is_on_agenda(tx, id).await? => Ok(()),
            None => Err(Error::NotFound),
        }
    }

    /// The application is another version from now on: what was read before is not handed in.
    async fn touch(&self, tx: &mut Tx, application: application::Model, answers: Option<&Answers>) -> Result<()> {
        let version = application.version + 1;
        let mut next = application.into_active_model();
        if let Some(answers) = answers {
            next.answers = Set(serde_json::to_string(answers)?);
        }
        next.updated_at = Set(self.now);
        next.version = Set(version);
        tx.update(next).await?;
        Ok(())
    }
}

async fn editable(tx: &Tx, id: ApplicationId) -> Result<application::Model> {
    let application = tx.lock::<application::Entity>(id).await?;
    if application.state.is_editable() { Ok(application) } else { Err(Error::invalid("", Problem::AlreadyDone)) }
}

/// What is wrong with a file: it is a PDF by what is in it, whatever it is called.
fn fault_of(content: &[u8]) -> Option<Problem> {
    if content.is_empty() {
        return Some(Problem::Required);
    }
    if content.len() > FILE_BYTES_MAX {
        return Some(Problem::FileTooLarge { max: FILE_MEGABYTES_MAX });
    }
    (!file::is_pdf(content)).then_some(Problem::NotAPdf)
}
