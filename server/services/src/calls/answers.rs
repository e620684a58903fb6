//! Answers to a call's own questions and the PDFs that come with them. A file is looked into before it is kept, and
//! given out as a download only.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    actor::Stand,
    call::{Answers, Question, question, question::Attachment},
    id::{ApplicationId, AttachmentId},
    policy::Action,
    problem::{Invalid, Problem},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use sha2::{Digest as _, Sha256};

use super::terms_of;
use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
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
const NAME_MAX: usize = 100;

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
        let content = looked_into(content).await.map_err(|fault| match fault {
            Error::Invalid(invalid) => {
                Invalid(invalid.0.into_iter().map(|(_, one)| (field.clone(), one)).collect()).into()
            }
            other => other,
        })?;
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
            name: Set(file_name(name)),
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
            Some(_) => reviewers::has_accepted(tx, me, &application.mode).await,
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

/// The content, if it is a PDF by what is in it, whatever it is called.
async fn looked_into(content: Vec<u8>) -> Result<Vec<u8>> {
    if content.is_empty() {
        return Err(Error::invalid("", Problem::Required));
    }
    if content.len() > FILE_BYTES_MAX {
        return Err(Error::invalid("", Problem::FileTooLarge { max: FILE_MEGABYTES_MAX }));
    }
    if !content.starts_with(b"%PDF-") {
        return Err(Error::invalid("", Problem::NotAPdf));
    }
    // Reading takes a while, and what a hostile file does to the reader is the file's fault.
    let read = tokio::task::spawn_blocking(move || {
        let is_read = lopdf::Document::load_mem(&content).is_ok_and(|document| !document.get_pages().is_empty());
        (content, is_read)
    });
    match read.await {
        Ok((content, true)) => Ok(content),
        Ok((_, false)) => Err(Error::invalid("", Problem::NotAPdf)),
        Err(fault) if fault.is_panic() => Err(Error::invalid("", Problem::NotAPdf)),
        Err(fault) => Err(Error::Broken(anyhow(fault))),
    }
}

/// The last part of whatever path was sent, in letters that every file system and header takes.
fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.strip_suffix(".pdf").or_else(|| last.strip_suffix(".PDF")).unwrap_or(last);
    let kept: String = stem
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.') { c } else { '_' })
        .take(NAME_MAX)
        .collect();
    let kept = kept.trim_matches(['.', ' ']);
    format!("{}.pdf", if kept.is_empty() { "attachment" } else { kept })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_path_no_control_characters_and_one_ending() {
        let cases = [
            ("plan.pdf", "plan.pdf"),
            ("C:\\secret\\Plan de travail.PDF", "Plan de travail.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("a\"\r\nX: y.pdf", "a___X_ y.pdf"),
            ("", "attachment.pdf"),
            ("...", "attachment.pdf"),
            ("run.exe", "run.exe.pdf"),
        ];
        for (sent, kept) in cases {
            assert_eq!(file_name(sent), kept, "{sent:?}");
        }
    }

    #[tokio::test]
    async fn what_only_begins_like_a_pdf_is_none() {
        for content in [&b"%PDF-1.7\n<script>"[..], b"GIF89a", b"<!doctype html>", b"%PDF-1.4\n%%EOF"] {
            let fault = looked_into(content.to_vec()).await;
            assert!(
                matches!(fault, Err(Error::Invalid(ref invalid)) if *invalid == Invalid::one("", Problem::NotAPdf))
            );
        }
    }
}
