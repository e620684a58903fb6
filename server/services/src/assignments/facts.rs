//! What an assignment is reckoned from, and the reckoning: rows in, an instance of the `assignment` crate, rows out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ::assignment::{
    Budget, Fault, Instance, Pair, Pairs, Weights,
    affinity::{Affinities, Document, Language, Mix},
    lacks, reasons, solve,
};
use domain::{
    actor::StaffRole,
    application::Draft,
    assignment::{self as rules, Hand, Taker, Terms},
    id::{ApplicationId, OrganisationId, PersonId},
    period::brussels_day,
    problem::Problem,
    reviewer::{Wish, load_limit},
};

use super::{Item, Lacking, Load, NextBest, Outcome};
use crate::{
    calls::plans_of,
    error::{Error, Result},
    store::{
        self, Tx,
        entity::{application, person, reviewer},
    },
};

/// An application that waits for reviews.
pub(super) struct Subject {
    pub row: application::Model,
    draft: Draft,
    reviews: u32,
    /// Who is on it: asked, accepted, reviewing or done.
    on_it: BTreeSet<PersonId>,
    /// Who was ever asked.
    asked: BTreeSet<PersonId>,
}

/// Somebody who can review.
pub(super) struct Judge {
    pub person: person::Model,
    document: Document,
    is_away: bool,
    load: u32,
    limit: u32,
}

pub(super) struct Facts {
    pub subjects: Vec<Subject>,
    pub judges: Vec<Judge>,
    conflicts: BTreeSet<(ApplicationId, PersonId)>,
    seats: BTreeMap<OrganisationId, BTreeSet<PersonId>>,
    /// Those of one employer, as far as more than one is.
    colleagues: Vec<BTreeSet<PersonId>>,
    bids: HashMap<(ApplicationId, PersonId), Wish>,
    terms: Terms,
}

/// What somebody read lately says what they know.
const READ_BEFORE: usize = 20;

impl Subject {
    /// How many reviews nobody is asked for yet.
    pub(super) fn needs(&self) -> u32 {
        self.reviews.saturating_sub(u32::try_from(self.on_it.len()).unwrap_or(u32::MAX))
    }
}

impl Facts {
    /// `applications` were narrowed to what the actor may see.
    pub(super) async fn read(tx: &Tx, applications: Vec<application::Model>) -> Result<Self> {
        let ids: Vec<ApplicationId> = applications.iter().map(|row| row.id).collect();
        let asked = store::assignment::asked(tx, &ids).await?;
        let reviewing = store::assignment::reviewing(tx, &ids).await?;
        let conflicts = store::assignment::conflicts(tx, &ids).await?;
        let people = store::assignment::holders(tx, StaffRole::Reviewer).await?;
        let everybody: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        let seats = store::assignment::seats(tx, &everybody).await?;
        let loads = store::assignment::loads(tx).await?;
        let read = store::assignment::read_before(tx, &everybody, READ_BEFORE).await?;
        let today = brussels_day(tx.now());
        let terms = rules::terms(today);
        let away = store::assignment::away(tx, &everybody, today).await?;
        let profiles = store::assignment::profiles(tx, &everybody).await?;
        let bids = store::assignment::bids(tx, &ids).await?;
        let mut colleagues: BTreeMap<String, BTreeSet<PersonId>> = BTreeMap::new();
        for (person, employer) in store::assignment::employers(tx, &everybody).await? {
            colleagues.entry(employer).or_default().insert(person);
        }
        let colleagues = colleagues.into_values().chain(seats.values().cloned()).filter(|of| of.len() > 1).collect();
        let plans = plans_of(tx, &applications).await?;
        let subjects = applications.into_iter().map(|row| {
            let of = |id: ApplicationId| id == row.id;
            let live = asked.iter().filter(|one| of(one.application_id) && one.state.is_live());
            let on_it = reviewing.iter().filter(|one| of(one.0)).map(|one| one.1);
            let reviews = plans.get(&row.id).map_or(0, |plan| plan.reviews);
            Subject {
                draft: serde_json::from_str(&row.draft).unwrap_or_default(),
                reviews,
                // A conflict that came to light takes its reviewer off it.
                on_it: live
                    .map(|one| one.person_id)
                    .chain(on_it)
                    .filter(|person| !conflicts.contains(&(row.id, *person)))
                    .collect(),
                asked: asked.iter().filter(|one| of(one.application_id)).map(|one| one.person_id).collect(),
                row,
            }
        });
        let judges = people.into_iter().map(|person| {
            let profile = profiles.get(&person.id);
            let drafts = read.get(&person.id).map(Vec::as_slice).unwrap_or_default();
            Judge {
                document: knows(profile, drafts),
                is_away: away.contains(&person.id),
                load: loads.get(&person.id).copied().unwrap_or_default(),
                limit: u32::try_from(profile.map_or_else(|| load_limit(today), |row| row.load_limit)).unwrap_or(0),
                person,
            }
        });
        let (subjects, judges) = (subjects.collect(), judges.collect());
        Ok(Self { subjects, judges, conflicts, seats, colleagues, bids, terms })
    }

    pub(super) fn subject(&self, application: ApplicationId) -> Option<&Subject> {
        self.subjects.iter().find(|one| one.row.id == application)
    }

    pub(super) fn judge(&self, person: PersonId) -> Option<&Judge> {
        self.judges.iter().find(|one| one.person.id == person)
    }

    /// What is known of this person as a reviewer of this application.
    pub(super) fn taker(&self, application: ApplicationId, person: PersonId) -> Option<Taker> {
        let (subject, judge) = (self.subject(application)?, self.judge(person)?);
        let is_in = |organisation: OrganisationId| self.seats.get(&organisation).is_some_and(|of| of.contains(&person));
        let mut colleagues = self.colleagues.iter().filter(|of| of.contains(&person)).flatten();
        Some(Taker {
            has_conflict: self.conflicts.contains(&(application, person)),
            own_company: is_in(subject.row.organisation_id),
            was_asked: subject.asked.contains(&person) || subject.on_it.contains(&person),
            sits_with_colleague: colleagues.any(|other| *other != person && subject.on_it.contains(other)),
            is_away: judge.is_away,
            load: judge.load,
            limit: judge.limit,
        })
    }

    /// From now on this person is on it: for checking what follows.
    pub(super) fn take(&mut self, application: ApplicationId, person: PersonId) {
        if let Some(subject) = self.subjects.iter_mut().find(|one| one.row.id == application) {
            subject.on_it.insert(person);
        }
        if let Some(judge) = self.judges.iter_mut().find(|one| one.person.id == person) {
            judge.load += 1;
        }
    }

    /// The optimum around what is fixed; where things stand as `held` they stay unless it costs too much.
    pub(super) async fn solved(
        self,
        hands: Vec<(ApplicationId, PersonId, Hand)>,
        held: BTreeSet<(ApplicationId, PersonId)>,
        seed: u64,
    ) -> Result<Outcome> {
        let reckoned = tokio::task::spawn_blocking(move || self.reckoned(&hands, &held, seed)).await;
        reckoned.map_err(|error| Error::Broken(error.into()))?
    }

    pub(super) fn reckoned(
        &self,
        hands: &[(ApplicationId, PersonId, Hand)],
        held: &BTreeSet<(ApplicationId, PersonId)>,
        seed: u64,
    ) -> Result<Outcome> {
        let documents: Vec<Document> = self.subjects.iter().map(|one| document_of(&one.draft)).collect();
        let judges: Vec<Document> = self.judges.iter().map(|one| one.document.clone()).collect();
        let near = Affinities::of(&documents, &judges, Mix { keywords: self.terms.keywords });
        let instance = self.instance(&near, hands, held);
        let solution = solve(&instance, Budget { seed, ..Budget::default() }).map_err(|fault| match fault {
            // Pins that cannot all be.
            Fault::Limit { .. } => Error::invalid("person", Problem::ReviewerFull),
            Fault::Together { .. } => Error::invalid("person", Problem::ColleagueThere),
            other => Error::Broken(other.into()),
        })?;
        let items = reasons(&instance, &solution.assigned).into_iter().filter_map(|reason| {
            let (subject, judge) = (self.subjects.get(reason.application)?, self.judges.get(reason.reviewer)?);
            Some(Item {
                application: subject.row.id,
                reviewer: judge.person.id,
                affinity: near.points(reason.application, reason.reviewer),
                words: near.words(reason.application, reason.reviewer, 5),
                points: reason.points,
                bid: self.bids.get(&(subject.row.id, judge.person.id)).copied(),
                is_expert: reason.is_expert,
                is_pinned: reason.is_fixed,
                load: reason.load,
                load_cost: reason.load_cost,
                next: reason.next.and_then(|next| {
                    let reviewer = self.judges.get(next.reviewer)?.person.id;
                    Some(NextBest { reviewer, cost: next.cost, loses_expert: next.loses_expert })
                }),
            })
        });
        let items: Vec<Item> = items.collect();
        let lacks = lacks(&instance, &solution.assigned).into_iter().filter_map(|lack| {
            Some(Lacking {
                application: self.subjects.get(lack.application)?.row.id,
                missing: lack.missing,
                experts: lack.experts,
                conflicted: lack.conflicted,
                full: lack.full,
                apart: lack.apart,
                why: lack.why,
            })
        });
        let lacks = lacks.collect();
        let loads = self.judges.iter().map(|judge| {
            let given = items.iter().filter(|one| one.reviewer == judge.person.id).count();
            let after = judge.load + u32::try_from(given).unwrap_or(u32::MAX);
            Load { reviewer: judge.person.id, before: judge.load, after, limit: judge.limit }
        });
        let loads = loads.collect();
        Ok(Outcome { items, lacks, loads, score: solution.score, bound: solution.bound })
    }

    fn instance(
        &self,
        near: &Affinities,
        hands: &[(ApplicationId, PersonId, Hand)],
        held: &BTreeSet<(ApplicationId, PersonId)>,
    ) -> Instance {
        let mut pairs = Pairs::new(self.subjects.len(), self.judges.len());
        let mut applications = Vec::new();
        for (row, subject) in self.subjects.iter().enumerate() {
            let mut has_expert = false;
            for (column, judge) in self.judges.iter().enumerate() {
                let id = (subject.row.id, judge.person.id);
                let bid = self.bids.get(&id).map_or(0, |wish| self.terms.bid(*wish));
                let points = near.points(row, column) + bid;
                let is_expert = near.points(row, column) >= self.terms.expert_from;
                has_expert |= is_expert && subject.on_it.contains(&judge.person.id);
                let fixed = hands.iter().find(|one| (one.0, one.1) == id).map(|one| one.2);
                let may = self.taker(id.0, id.1).map(|taker| Taker { load: 0, limit: 1, ..taker }.check());
                let is_forbidden = fixed == Some(Hand::Forbid) || may != Some(Ok(()));
                let is_fixed = fixed == Some(Hand::Pin) && !is_forbidden;
                pairs.set(row, column, Pair { points, is_expert, is_forbidden, is_fixed, is_held: held.contains(&id) });
            }
            let reviews = subject.needs();
            let experts = if has_expert { 0 } else { self.terms.experts.min(reviews) };
            applications.push(::assignment::Application {
                name: subject.row.reference.clone().unwrap_or_default(),
                reviews,
                experts,
            });
        }
        let limits: u32 = self.judges.iter().map(|one| one.limit).sum();
        let all: u32 = applications.iter().map(|one| one.reviews).chain(self.judges.iter().map(|one| one.load)).sum();
        let share = |one: &Judge| rules::fair_share(all, one.limit, limits, self.terms.slack);
        let place = |person: &PersonId| self.judges.iter().position(|one| one.person.id == *person);
        let apart = self.colleagues.iter().map(|of| of.iter().filter_map(place).collect::<Vec<_>>());
        Instance {
            applications,
            reviewers: self
                .judges
                .iter()
                .map(|one| ::assignment::Reviewer {
                    name: one.person.email.clone(),
                    limit: one.limit,
                    busy: one.load,
                    least: 0,
                    share: share(one),
                })
                .collect(),
            pairs,
            apart: apart.filter(|group| group.len() > 1).collect(),
            weights: Weights { balance: self.terms.balance, least: 0, over: self.terms.over, keep: self.terms.keep },
        }
    }
}

/// What somebody says that they know, and what they read lately.
fn knows(profile: Option<&reviewer::Model>, drafts: &[String]) -> Document {
    let list = |json: &str| serde_json::from_str::<Vec<String>>(json).unwrap_or_default();
    let mut keywords = profile.map(|row| list(&row.keywords)).unwrap_or_default();
    // The codes are words: `climate_weather`.
    keywords
        .extend(profile.map(|row| list(&row.expertise)).unwrap_or_default().iter().map(|code| code.replace('_', " ")));
    let drafts = drafts.iter().filter_map(|draft| serde_json::from_str::<Draft>(draft).ok());
    let mut text = keywords.join("\n");
    drafts.for_each(|draft| {
        text.push('\n');
        text.push_str(&text_of(&draft));
    });
    Document { language: Language::of(&text), keywords, text }
}

/// What an application says of its subject.
fn text_of(draft: &Draft) -> String {
    ["title", "abstract", "innovation", "impact", "work_plan"].map(|field| draft.get(field)).join("\n")
}

fn document_of(draft: &Draft) -> Document {
    let text = text_of(draft);
    Document { language: Language::of(&text), keywords: Vec::new(), text }
}
