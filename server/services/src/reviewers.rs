//! Verbs of reviewers about themselves, and of officers about reviewers: profile, absences and interests, the terms, and
//! how each scope is reviewed. Inviting is `invite`'s.

mod invite;
mod scopes;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    id::PersonId,
    period::brussels_day,
    policy::Action,
    problem::Problem,
    reviewer::{self as rules, Absence, InterestKind, Load, Profile, TypedInterest, TypedProfile},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use sha2::{Digest, Sha256};
use text::{Locale, Words};
use uuid::Uuid;

pub use invite::InvitedReviewer;
pub use scopes::{ScopeName, ScopeRead};
pub(crate) use scopes::{accepted, every_scope, has_accepted, mode_of, plan_of, rubric_of, scope_rules};

use crate::{
    conflicts::{Declared, detect::detect},
    desk::Desk,
    error::{Error, OnUnique, Result},
    store::{
        self, Tx,
        conflict::Reach,
        entity::{absence, interest, reviewer, reviewer_terms},
        rows::{AbsenceRow, InterestRow},
    },
};

/// A reviewer as they see themselves; an officer has interests and nothing else of it.
#[derive(Debug, Clone)]
pub struct ReviewerRead {
    /// `None` until it is first saved.
    pub profile: Option<Profile>,
    /// Of the profile, for saving it; 0 before it is first saved.
    pub version: i32,
    pub absences: Vec<AbsenceRow>,
    pub interests: Vec<InterestRow>,
    pub terms: Vec<TermsRead>,
    /// What they declared themselves: what was found is not shown, it would tell of what is hidden.
    pub declared: Vec<Declared>,
    /// Reviews taken and not handed in, and how many at most.
    pub load: (i64, i64),
}

/// The terms of a scope, and since when they are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsRead {
    pub name: ScopeName,
    pub version: i32,
    pub accepted_at: Option<DateTime<Utc>>,
}

/// A reviewer as officers see them.
#[derive(Debug, Clone)]
pub struct ReviewerLine {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub employers: Vec<String>,
    pub profile: Option<Profile>,
    /// Open reviews, and how many at most.
    pub load: (i64, i64),
    pub away: Option<Absence>,
    /// Those that begin later.
    pub next_absence: Option<Absence>,
    /// Applications that a conflict hides from them.
    pub excluded: i64,
}

/// Whether this person can be given one more review today: not away, and not beyond what they take on.
pub(crate) async fn can_take(tx: &Tx, person: PersonId) -> Result<()> {
    let today = brussels_day(tx.now());
    let profile = store::reviewer::profile(tx, person).await?;
    let absences: Vec<Absence> =
        store::reviewer::absences(tx, &[person], today).await?.iter().map(absence_of).collect();
    let open = store::reviewer::load(tx, person).await?;
    let load = Load { open, limit: profile.map(|row| row.load_limit), absences: &absences };
    load.check(today).map_err(|problem| Error::invalid("", problem))
}

const fn absence_of(row: &AbsenceRow) -> Absence {
    Absence { first_day: row.first_day, last_day: row.last_day }
}

fn profile_of(row: &reviewer::Model) -> Result<Profile> {
    Ok(Profile {
        expertise: serde_json::from_str(&row.expertise)?,
        keywords: serde_json::from_str(&row.keywords)?,
        languages: serde_json::from_str(&row.languages)?,
        country: row.country,
        load_limit: row.load_limit,
    })
}

impl Desk {
    /// One's own profile.
    pub async fn reviewer(&self) -> Result<ReviewerRead> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewer).await?;
        let today = brussels_day(self.now);
        let row = store::reviewer::profile(&tx, me).await?;
        let open = store::reviewer::load(&tx, me).await?;
        let limit = Load { open, limit: row.as_ref().map(|row| row.load_limit), absences: &[] }.limit(today);
        let declared = store::conflict::declared_by(&tx, me).await?;
        Ok(ReviewerRead {
            version: row.as_ref().map_or(0, |row| row.version),
            profile: row.as_ref().map(profile_of).transpose()?,
            absences: store::reviewer::absences(&tx, &[me], today).await?,
            interests: store::reviewer::interests(&tx, me).await?,
            terms: self.terms_of(&tx, me).await?,
            declared: declared
                .into_iter()
                .map(|row| Declared { kind: row.kind, reason: row.reason, at: row.declared_at, state: row.state })
                .collect(),
            load: (open, limit),
        })
    }

    async fn terms_of(&self, tx: &Tx, me: PersonId) -> Result<Vec<TermsRead>> {
        let version = rules::terms_version(brussels_day(self.now));
        let rows = store::reviewer::terms(tx, me).await?;
        let at = |scope: &str| rows.iter().find(|row| row.scope == scope && row.version == version);
        let read = every_scope(tx).await?.into_iter().map(|name| TermsRead {
            accepted_at: at(&name.scope.to_string()).map(|row| row.accepted_at),
            version,
            name,
        });
        Ok(read.collect())
    }

    /// Saves the profile; `seen` is the version it was changed from, 0 for none. What can be found from it is found.
    pub async fn save_profile(&self, typed: &TypedProfile, seen: i32) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ChangeReviewer).await?;
        let known = store::reviewer::profile(&tx, me).await?;
        if known.as_ref().map_or(0, |row| row.version) != seen {
            return Err(Error::Stale);
        }
        let profile = typed.check()?;
        let row = reviewer::ActiveModel {
            person_id: Set(me),
            expertise: Set(serde_json::to_string(&profile.expertise)?),
            keywords: Set(serde_json::to_string(&profile.keywords)?),
            languages: Set(serde_json::to_string(&profile.languages)?),
            country: Set(profile.country),
            load_limit: Set(profile.load_limit),
            updated_at: Set(self.now),
            version: Set(seen + 1),
        };
        if known.is_some() {
            tx.update(row).await?;
        } else {
            tx.insert(row).await.on_unique("", Problem::AlreadyDone)?;
        }
        detect(&mut tx, Reach::Everything, Some(me)).await?;
        tx.event(me, "profile_saved", json!({})).await?;
        tx.commit().await
    }

    pub async fn add_absence(&self, first: &str, last: &str) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ChangeReviewer).await?;
        let today = brussels_day(self.now);
        let read = Absence::read(first, last, today)?;
        if store::reviewer::absences(&tx, &[me], today).await?.len() >= ABSENCES_MAX {
            return Err(Error::invalid("first_day", Problem::TooLarge { max: 20 }));
        }
        tx.insert(absence::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            person_id: Set(me),
            first_day: Set(read.first_day),
            last_day: Set(read.last_day),
        })
        .await?;
        tx.commit().await
    }

    pub async fn remove_absence(&self, id: Uuid) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ChangeReviewer).await?;
        let row = tx.find::<absence::Entity>(id).await?;
        if row.person_id != me {
            return Err(Error::NotFound);
        }
        tx.delete(row.into_active_model()).await?;
        tx.commit().await
    }

    /// Adds a company and what ties one to it. What can be found from it is found, and hidden, at once.
    pub async fn add_interest(&self, typed: &TypedInterest) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ChangeInterests).await?;
        let read = typed.check(InterestKind::ALL, brussels_day(self.now))?;
        let known = store::reviewer::interests(&tx, me).await?;
        if known.iter().any(|row| (row.kind, row.name.as_str()) == (read.kind, read.name.as_str())) {
            return Err(Error::invalid("name", Problem::AlreadyDone));
        }
        if known.len() >= INTERESTS_MAX {
            return Err(Error::invalid("name", Problem::TooLarge { max: 100 }));
        }
        tx.insert(interest::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            person_id: Set(me),
            kind: Set(read.kind),
            name: Set(read.name),
            country: Set(read.country),
            registration_number: Set(read.registration_number),
            ended_on: Set(read.ended_on),
            created_at: Set(self.now),
        })
        .await?;
        detect(&mut tx, Reach::Everything, Some(me)).await?;
        tx.event(me, "interest_added", json!({ "kind": read.kind.code() })).await?;
        tx.commit().await
    }

    pub async fn remove_interest(&self, id: Uuid) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::ChangeInterests).await?;
        let row = tx.find::<interest::Entity>(id).await?;
        if row.person_id != me {
            return Err(Error::NotFound);
        }
        let kind = row.kind;
        tx.delete(row.into_active_model()).await?;
        detect(&mut tx, Reach::Everything, Some(me)).await?;
        tx.event(me, "interest_removed", json!({ "kind": kind.code() })).await?;
        tx.commit().await
    }

    /// The terms of this scope; `NotFound` if there is no such scope.
    pub async fn read_terms(&self, scope: &str) -> Result<TermsRead> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadReviewer).await?;
        let read = self.terms_of(&tx, me).await?.into_iter().find(|read| read.name.scope.to_string() == scope);
        read.ok_or(Error::NotFound)
    }

    /// Accepts the terms and the confidentiality of this scope, in the words that were shown.
    pub async fn accept_terms(&self, scope: &str, version: i32, is_accepted: bool, locale: Locale) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AcceptTerms).await?;
        let terms = self.terms_of(&tx, me).await?.into_iter().find(|read| read.name.scope.to_string() == scope);
        let terms = terms.ok_or(Error::NotFound)?;
        if terms.version != version {
            return Err(Error::Stale);
        }
        if !is_accepted {
            return Err(Error::invalid("accept", Problem::MustAccept));
        }
        if terms.accepted_at.is_some() {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let text = terms_text(Words::new(locale), version).join("\n");
        tx.insert(reviewer_terms::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            person_id: Set(me),
            scope: Set(scope.to_owned()),
            version: Set(version),
            locale: Set(locale.code().to_owned()),
            text_hash: Set(hex::encode(Sha256::digest(text.as_bytes()))),
            accepted_at: Set(self.now),
        })
        .await
        .on_unique("", Problem::AlreadyDone)?;
        tx.event(me, "terms_accepted", json!({ "scope": scope, "version": version })).await?;
        tx.commit().await
    }

    /// Every reviewer with what an officer has to know before giving them anything. `text` is in a name, an address, an
    /// employer, an expertise's code or a keyword; empty is any.
    pub async fn reviewers(&self, text: &str) -> Result<Vec<ReviewerLine>> {
        let tx = self.begin(Action::ReadReviewers).await?;
        let today = brussels_day(self.now);
        let people = store::reviewer::all(&tx).await?;
        let ids: Vec<PersonId> = people.iter().map(|(person, _)| person.id).collect();
        let loads = store::reviewer::loads(&tx).await?;
        let excluded = store::reviewer::exclusions(&tx).await?;
        let mut employers = store::reviewer::employers(&tx, &ids).await?;
        let mut absences: BTreeMap<PersonId, Vec<Absence>> = BTreeMap::new();
        for row in store::reviewer::absences(&tx, &ids, today).await? {
            absences.entry(row.person_id).or_default().push(absence_of(&row));
        }
        let mut lines = Vec::with_capacity(people.len());
        for (person, row) in people {
            let profile = row.as_ref().map(profile_of).transpose()?;
            let away = absences.remove(&person.id).unwrap_or_default();
            let open = loads.get(&person.id).copied().unwrap_or_default();
            let load = Load { open, limit: row.map(|row| row.load_limit), absences: &away };
            lines.push(ReviewerLine {
                person: person.id,
                employers: employers.remove(&person.id).unwrap_or_default(),
                load: (open, load.limit(today)),
                away: away.iter().copied().find(|absence| absence.covers(today)),
                next_absence: away.iter().copied().find(|absence| absence.first_day > today),
                excluded: excluded.get(&person.id).copied().unwrap_or_default(),
                name: person.name,
                email: person.email,
                profile,
            });
        }
        let text = text.trim().to_lowercase();
        lines.retain(|line| text.is_empty() || says(line, &text));
        Ok(lines)
    }
}

const ABSENCES_MAX: usize = 20;
const INTERESTS_MAX: usize = 100;

fn says(line: &ReviewerLine, text: &str) -> bool {
    let profile = line.profile.iter().flat_map(|one| one.expertise.iter().chain(&one.keywords).chain(&one.languages));
    let all = [&line.name, &line.email].into_iter().chain(&line.employers).chain(profile);
    all.into_iter().any(|one| one.to_lowercase().contains(text))
}

/// The paragraphs of a version of the terms, as they are shown and as their hash is taken.
pub fn terms_text(words: Words, version: i32) -> Vec<String> {
    let text = words.t(&format!("reviewer-terms-{version}"));
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()
}
