//! Verbs of the officers who build calls: from a template or a copy, section by section, published version by version,
//! closed with a reason.

use chrono::{DateTime, Utc};
use domain::{
    call::{
        Closing, Draft, Section, Standing, State, Taken, Terms, differences,
        draft::Typed,
        publish::{self, Known},
        template,
    },
    id::CallId,
    mode::Code,
    period::brussels_day,
    policy::Action,
    problem::{Invalid, Problem},
    review, typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use text::{Locale, Words};

use super::{CallRead, Under, read};
use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result, anyhow},
    modes,
    sites::Site,
    store::{
        self, Tx,
        entity::{call, call_version},
        rows::{CallRow, EventRow},
    },
};

/// Letters of a reason at most.
const REASON_MAX: i64 = 500;

/// What a new call begins from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallSource {
    Template(Code),
    Copy(CallId),
}

/// What is done to the list of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionDeed {
    Add,
    Remove(usize),
    Raise(usize),
}

/// One line of the officers' list.
#[derive(Debug, Clone)]
pub struct CallLine {
    pub row: CallRow,
    pub draft: Draft,
    pub standing: Standing,
}

/// One published version.
#[derive(Debug, Clone)]
pub struct CallVersion {
    pub number: i32,
    pub published_at: DateTime<Utc>,
    pub reason: String,
    /// Field, before and after; nothing for the first.
    pub changes: Vec<(String, String, String)>,
}

/// A call with everything an officer's pages show.
#[derive(Debug, Clone)]
pub struct CallDraft {
    pub row: CallRow,
    pub draft: Draft,
    pub standing: Standing,
    /// What keeps it from being published.
    pub issues: Vec<(String, Problem)>,
    /// What was typed since the version in force.
    pub unpublished: Vec<(String, String, String)>,
    /// The newest first.
    pub versions: Vec<CallVersion>,
    pub known: Known,
    pub sites: Vec<Site>,
    /// Oldest first.
    pub events: Vec<EventRow>,
}

impl Desk {
    /// Every call that there is, newest first.
    pub async fn list_call_drafts(&self) -> Result<Vec<CallLine>> {
        let tx = self.begin(Action::ReadCallDrafts).await?;
        let mut lines = Vec::new();
        for row in store::call::all(&tx).await? {
            let draft = serde_json::from_str(&row.draft)?;
            let standing = standing(&tx, &row).await?;
            lines.push(CallLine { row, draft, standing });
        }
        Ok(lines)
    }

    /// A new draft. What it begins from says everything but its code and, for a copy, its days.
    pub async fn create_call(&self, from: CallSource) -> Result<CallId> {
        let mut tx = self.begin(Action::WriteCall).await?;
        let draft = match from {
            CallSource::Template(code) => template_of(&tx, code).await?,
            CallSource::Copy(id) => {
                let old = tx.find::<call::Entity>(id).await?;
                serde_json::from_str::<Draft>(&old.draft)?.copied()
            }
        };
        let id = tx.new_id();
        tx.insert(call::ActiveModel {
            id: Set(id),
            code: Set(None),
            state: Set(State::Draft),
            draft: Set(serde_json::to_string(&draft)?),
            current: Set(0),
            closing: Set(None),
            close_reason: Set(None),
            places: Set(None),
            funds: Set(None),
            taken: Set(0),
            committed: Set(domain::money::Money::ZERO),
            made_by: Set(self.actor.person),
            created_at: Set(self.now),
            updated_at: Set(self.now),
            published_at: Set(None),
            closed_at: Set(None),
            version: Set(1),
        })
        .await?;
        tx.event(id, "call_made", json!({})).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn read_call_draft(&self, id: CallId) -> Result<CallDraft> {
        let tx = self.begin(Action::ReadCallDrafts).await?;
        let row = tx.find::<call::Entity>(id).await?;
        let draft: Draft = serde_json::from_str(&row.draft)?;
        let known = known(&tx, id).await?;
        let issues = publish::terms(&draft, &known, self.now).err().map(|invalid| invalid.0).unwrap_or_default();
        let published = store::call::versions(&tx, id).await?;
        let drafts: Vec<Draft> =
            published.iter().map(|one| Ok(serde_json::from_str(&one.draft)?)).collect::<Result<_>>()?;
        let unpublished = drafts.first().map(|last| differences(last, &draft)).unwrap_or_default();
        let befores = drafts.iter().skip(1).map(Some).chain(std::iter::once(None));
        let versions = published.iter().zip(drafts.iter().zip(befores)).map(|(row, (draft, before))| CallVersion {
            number: row.number,
            published_at: row.published_at,
            reason: row.reason.clone(),
            changes: before.map(|before| differences(before, draft)).unwrap_or_default(),
        });
        let versions = versions.collect();
        let sites = store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect();
        let events = store::application::events(&tx, id).await?;
        let standing = standing(&tx, &row).await?;
        Ok(CallDraft { row, draft, standing, issues, unpublished, versions, known, sites, events })
    }

    /// Keeps one section as it was sent. `Stale` if somebody saved in between.
    pub async fn save_call(&self, id: CallId, section: Section, sent: &Typed, seen: i32) -> Result<()> {
        self.change_call(id, seen, |draft| {
            draft.take(section, sent);
            true
        })
        .await
    }

    pub async fn save_call_question(&self, id: CallId, place: usize, sent: &Typed, seen: i32) -> Result<()> {
        self.change_call(id, seen, |draft| draft.take_question(place, sent)).await
    }

    pub async fn change_call_questions(&self, id: CallId, deed: QuestionDeed, seen: i32) -> Result<()> {
        self.change_call(id, seen, |draft| match deed {
            QuestionDeed::Add => draft.add_question().is_some(),
            QuestionDeed::Remove(place) => {
                draft.remove_question(place);
                true
            }
            QuestionDeed::Raise(place) => {
                draft.raise_question(place);
                true
            }
        })
        .await
    }

    async fn change_call(&self, id: CallId, seen: i32, change: impl FnOnce(&mut Draft) -> bool + Send) -> Result<()> {
        let mut tx = self.begin(Action::WriteCall).await?;
        let row = lock_seen(&tx, id, seen).await?;
        if !matches!(row.state, State::Draft | State::Published) {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let mut draft: Draft = serde_json::from_str(&row.draft)?;
        let fixed = row.code.is_some().then(|| (draft.get("code").to_owned(), draft.get("mode").to_owned()));
        if !change(&mut draft) {
            return Err(Error::NotFound);
        }
        if let Some((code, mode)) = fixed {
            // Applications are known by these.
            draft.set("code", &code);
            draft.set("mode", &mode);
        }
        let version = row.version + 1;
        let mut next = row.into_active_model();
        next.draft = Set(serde_json::to_string(&draft)?);
        next.updated_at = Set(self.now);
        next.version = Set(version);
        tx.update(next).await?;
        tx.commit().await
    }

    /// Puts what is typed in force: the first version without, every other with a reason. Errors with every fault.
    pub async fn publish_call(&self, id: CallId, reason: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::PublishCall).await?;
        let row = lock_seen(&tx, id, seen).await?;
        if !matches!(row.state, State::Draft | State::Published) {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let draft: Draft = serde_json::from_str(&row.draft)?;
        let terms = publish::terms(&draft, &known(&tx, id).await?, self.now)?;
        let number = row.current + 1;
        let reason = reason_for(&tx, &row, &draft, reason).await?;
        fits_taken(&row, &terms)?;
        tx.insert(call_version::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            call_id: Set(id),
            number: Set(number),
            terms: Set(serde_json::to_string(&terms)?),
            draft: Set(row.draft.clone()),
            reason: Set(reason),
            published_by: Set(self.actor.person),
            published_at: Set(self.now),
        })
        .await
        .on_unique("", Problem::AlreadyDone)?;
        let published_at = row.published_at.unwrap_or(self.now);
        let mut next = row.into_active_model();
        next.code = Set(Some(terms.code.clone()));
        next.state = Set(State::Published);
        next.current = Set(number);
        next.places = Set(terms.intake.places);
        next.funds = Set(terms.intake.funds);
        next.published_at = Set(Some(published_at));
        next.updated_at = Set(self.now);
        next.version = Set(seen + 1);
        tx.update(next).await.on_unique("code", Problem::Taken)?;
        tx.event(id, "call_published", json!({ "version": number })).await?;
        tx.commit().await
    }

    /// Closes a published call: nobody applies any more, what was handed in goes on.
    pub async fn close_call(&self, id: CallId, reason: &str, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::CloseCall).await?;
        let row = lock_seen(&tx, id, seen).await?;
        if row.state != State::Published {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let reason = typed::line(reason, REASON_MAX).map_err(|problem| Error::invalid("reason", problem))?;
        let mut next = row.into_active_model();
        next.state = Set(State::Closed);
        next.closing = Set(Some(Closing::Officer));
        next.close_reason = Set(Some(reason.clone()));
        next.closed_at = Set(Some(self.now));
        next.updated_at = Set(self.now);
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.event(id, "call_closed", json!({ "closing": Closing::Officer, "reason": reason })).await?;
        tx.commit().await
    }

    /// Puts a closed call away: it is in no public list any more.
    pub async fn archive_call(&self, id: CallId, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::CloseCall).await?;
        let row = lock_seen(&tx, id, seen).await?;
        let Standing::Closed(closing) = standing(&tx, &row).await? else {
            return Err(Error::invalid("", Problem::NotWaiting));
        };
        if row.state == State::Archived {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let mut next = row.into_active_model();
        next.state = Set(State::Archived);
        next.closing = Set(Some(closing));
        next.updated_at = Set(self.now);
        next.version = Set(seen + 1);
        tx.update(next).await?;
        tx.event(id, "call_archived", json!({})).await?;
        tx.commit().await
    }

    /// The call's page as an applicant will read it, from what is typed now. `Invalid` while something is missing.
    pub async fn preview_call(&self, id: CallId) -> Result<CallRead> {
        let tx = self.begin(Action::ReadCallDrafts).await?;
        let row = tx.find::<call::Entity>(id).await?;
        let draft: Draft = serde_json::from_str(&row.draft)?;
        let terms = publish::terms(&draft, &known(&tx, id).await?, self.now)?;
        let taken = Taken { places: row.taken, committed: row.committed };
        // As if it were published now.
        let state = if row.state == State::Draft { State::Published } else { row.state };
        let standing = terms.intake.standing(state, row.closing, taken, self.now);
        let version = row.current + 1;
        let code = terms.code.clone();
        let under =
            Under { id, code, version, latest: version, terms, taken, standing, close_reason: row.close_reason };
        read(&tx, under).await
    }
}

/// A version after the first changes something, and says why.
async fn reason_for(tx: &Tx, row: &call::Model, draft: &Draft, reason: &str) -> Result<String> {
    if row.current == 0 {
        return Ok(String::new());
    }
    let before: Draft = serde_json::from_str(&store::call::version(tx, row.id, row.current).await?.draft)?;
    if differences(&before, draft).is_empty() {
        return Err(Error::invalid("", Problem::AlreadyDone));
    }
    typed::line(reason, REASON_MAX).map_err(|problem| {
        let problem = if problem == Problem::Required { Problem::ReasonRequired } else { problem };
        Error::invalid("reason", problem)
    })
}

/// What was taken under the version before has room in this one.
fn fits_taken(row: &call::Model, terms: &Terms) -> Result<()> {
    let mut invalid = Invalid::default();
    if terms.intake.places.is_some_and(|places| places < row.taken) {
        invalid.add("places", Problem::TooSmall { min: row.taken });
    }
    if terms.intake.funds.is_some_and(|funds| funds < row.committed) {
        invalid.add("funds", Problem::TooSmall { min: row.committed.as_cents() / 100 + 1 });
    }
    Ok(invalid.or(())?)
}

async fn lock_seen(tx: &Tx, id: CallId, seen: i32) -> Result<call::Model> {
    let row = tx.lock::<call::Entity>(id).await?;
    if row.version == seen { Ok(row) } else { Err(Error::Stale) }
}

async fn standing(tx: &Tx, row: &call::Model) -> Result<Standing> {
    if row.current == 0 {
        return Ok(Standing::Later(None));
    }
    let terms: Terms = serde_json::from_str(&store::call::version(tx, row.id, row.current).await?.terms)?;
    let taken = Taken { places: row.taken, committed: row.committed };
    Ok(terms.intake.standing(row.state, row.closing, taken, tx.now()))
}

async fn known(tx: &Tx, id: CallId) -> Result<Known> {
    let calls = store::call::all(tx).await?;
    Ok(Known {
        pots: store::call::pots(tx).await?,
        funded: store::funder_share::funded(tx).await?,
        sites: store::capacity::sites(tx).await?.into_iter().map(|site| site.slug).collect(),
        calls: calls.into_iter().filter(|call| call.id != id).filter_map(|call| call.code).collect(),
    })
}

/// The rules, the rubric and the plan that the mode has today.
async fn template_of(tx: &Tx, code: Code) -> Result<Draft> {
    let mode = modes::in_force(tx, code).await?;
    let today = brussels_day(tx.now());
    let rubric = review::rubric(code.code(), today).ok_or_else(|| anyhow("no rubric"))?;
    let say = |key: &str, language: &str| {
        Locale::from_code(language).map_or_else(String::new, |locale| Words::new(locale).t(key))
    };
    Ok(template::of_mode(&mode, rubric, today, say))
}
