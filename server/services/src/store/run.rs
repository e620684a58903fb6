//! Queries of runs: the list without the files, and what an instance is made of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    id::{ApplicationId, OrganisationId, RunId},
    period::start_of_day,
    pricing::Quote,
    run::State,
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Tx,
    entity::{allocation, application, event, organisation, review, run},
    guard::hidden_from,
};
use crate::error::{Error, Result};

/// A line of the list: the files stay where they are.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct RunListed {
    pub id: RunId,
    pub made_at: DateTime<Utc>,
    pub rules: String,
    pub value: Option<i64>,
    pub bound: Option<i64>,
    pub requests: i32,
    pub awarded: i32,
    pub hours: i64,
    pub state: State,
    /// A conflict hides something of it: its totals, which would count that, are nought here.
    #[sea_orm(skip)]
    pub is_partial: bool,
}

/// The newest first.
pub(crate) async fn list(tx: &Tx, most: u64) -> Result<Vec<RunListed>> {
    use run::Column::{Awarded, Bound, Hours, Id, MadeAt, Requests, Rules, State, Value};
    let mut found = tx
        .select::<run::Entity>()
        .select_only()
        .columns([Id, MadeAt, Rules, Value, Bound, Requests, Awarded, Hours, State])
        .order_by_desc(MadeAt)
        .order_by_desc(Id)
        .limit(most)
        .into_model::<RunListed>()
        .all(tx.connection())
        .await?;
    let partial = partial(tx, most).await?;
    for one in found.iter_mut().filter(|one| partial.contains(&one.id)) {
        *one = RunListed {
            value: None,
            bound: None,
            requests: 0,
            awarded: 0,
            hours: 0,
            is_partial: true,
            rules: one.rules.clone(),
            ..*one
        };
    }
    Ok(found)
}

/// Those of the newest in which a conflict hides an application from the actor.
async fn partial(tx: &Tx, most: u64) -> Result<BTreeSet<RunId>> {
    let Some(person) = tx.actor().person else { return Ok(BTreeSet::new()) };
    let hidden: Vec<ApplicationId> = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(hidden_from(person))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let hidden: Vec<String> = hidden.iter().map(ToString::to_string).collect();
    if hidden.is_empty() {
        return Ok(BTreeSet::new());
    }
    let frames: Vec<(RunId, String)> = tx
        .select::<run::Entity>()
        .select_only()
        .columns([run::Column::Id, run::Column::Frame])
        .order_by_desc(run::Column::MadeAt)
        .order_by_desc(run::Column::Id)
        .limit(most)
        .into_tuple()
        .all(tx.connection())
        .await?;
    // A frame names its applications by their identifiers.
    let hides = |frame: &String| hidden.iter().any(|id| frame.contains(id.as_str()));
    Ok(frames.into_iter().filter(|(_, frame)| hides(frame)).map(|(id, _)| id).collect())
}

/// Where it stands, its frame and how far it was; the large files stay where they are.
pub(crate) async fn progress(tx: &Tx, id: RunId) -> Result<(State, String, String)> {
    let found = tx
        .select::<run::Entity>()
        .select_only()
        .columns([run::Column::State, run::Column::Frame, run::Column::Progress])
        .filter(run::Column::Id.eq(id))
        .into_tuple()
        .one(tx.connection())
        .await?;
    found.ok_or(Error::NotFound)
}

/// What a published run says of its applications.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Said {
    pub frame: String,
    pub explanations: Option<String>,
    pub ties: Option<String>,
    pub published: Option<String>,
}

/// The last published ones, the newest first.
pub(crate) async fn published(tx: &Tx, most: u64) -> Result<Vec<Said>> {
    let found = tx
        .select::<run::Entity>()
        .select_only()
        .columns([run::Column::Frame, run::Column::Explanations, run::Column::Ties, run::Column::Published])
        .filter(run::Column::State.eq(State::Published))
        .order_by_desc(run::Column::PublishedAt)
        .limit(most)
        .into_model::<Said>()
        .all(tx.connection())
        .await?;
    Ok(found)
}

/// The one that was signed last.
pub(crate) async fn last_published(tx: &Tx) -> Result<Option<RunId>> {
    let found = tx
        .select::<run::Entity>()
        .select_only()
        .column(run::Column::Id)
        .filter(run::Column::State.eq(State::Published))
        .order_by_desc(run::Column::PublishedAt)
        .into_tuple()
        .one(tx.connection())
        .await?;
    Ok(found)
}

/// What the prices of the run say that was signed last.
pub(crate) async fn scarcity(tx: &Tx) -> Result<Option<String>> {
    let found: Option<Option<String>> = tx
        .select::<run::Entity>()
        .select_only()
        .column(run::Column::Scarcity)
        .filter(run::Column::State.eq(State::Published))
        .order_by_desc(run::Column::PublishedAt)
        .into_tuple()
        .one(tx.connection())
        .await?;
    Ok(found.flatten())
}

/// Applications whose offer was declined or lapsed after this moment.
pub(crate) async fn given_back(tx: &Tx, since: DateTime<Utc>) -> Result<Vec<ApplicationId>> {
    let found: Vec<uuid::Uuid> = event::Entity::find()
        .select_only()
        .column(event::Column::SubjectId)
        .filter(event::Column::Kind.is_in(["offer_declined", "offer_lapsed"]))
        .filter(event::Column::At.gt(since))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().map(ApplicationId::from_uuid).collect())
}

/// Cents of de minimis aid that these organisations were granted or offered since that day.
pub(crate) async fn de_minimis(
    tx: &Tx,
    ids: &[OrganisationId],
    since: NaiveDate,
) -> Result<BTreeMap<OrganisationId, i64>> {
    use domain::{allocation::State, pricing::Regime};
    let states = [State::Offered, State::Accepted, State::Active, State::Ended];
    let mut aid: BTreeMap<OrganisationId, i64> = BTreeMap::new();
    for some in ids.chunks(500) {
        let found: Vec<(OrganisationId, String)> = allocation::Entity::find()
            .select_only()
            .column(allocation::Column::OrganisationId)
            .column(allocation::Column::Terms)
            .filter(allocation::Column::OrganisationId.is_in(some.iter().copied()))
            .filter(allocation::Column::State.is_in(states))
            .filter(allocation::Column::OfferedAt.gte(start_of_day(since)))
            .into_tuple()
            .all(tx.connection())
            .await?;
        for (organisation, terms) in found {
            let quote = serde_json::from_str::<Quote>(&terms).ok().filter(|quote| quote.regime == Regime::DeMinimis);
            *aid.entry(organisation).or_default() += quote.map_or(0, |quote| quote.subsidy.as_cents());
        }
    }
    Ok(aid)
}

/// Totals of the reviews handed in, hundredths of a grade, by application.
pub(crate) async fn merits(tx: &Tx, ids: &[ApplicationId]) -> Result<BTreeMap<ApplicationId, Vec<i64>>> {
    let mut merits: BTreeMap<ApplicationId, Vec<i64>> = BTreeMap::new();
    for some in ids.chunks(500) {
        let found: Vec<(ApplicationId, Option<i64>)> = review::Entity::find()
            .select_only()
            .column(review::Column::ApplicationId)
            .column(review::Column::Total)
            .filter(review::Column::ApplicationId.is_in(some.iter().copied()))
            .filter(review::Column::HandedInAt.is_not_null())
            .into_tuple()
            .all(tx.connection())
            .await?;
        for (application, total) in found {
            merits.entry(application).or_default().extend(total);
        }
    }
    Ok(merits)
}

pub(crate) async fn organisations(tx: &Tx, ids: &[OrganisationId]) -> Result<Vec<organisation::Model>> {
    let mut rows = Vec::new();
    for some in ids.chunks(500) {
        let filter = organisation::Column::Id.is_in(some.iter().copied());
        rows.extend(organisation::Entity::find().filter(filter).all(tx.connection()).await?);
    }
    Ok(rows)
}

/// Reference and organisation's name of those of these applications that the actor may see.
pub(crate) async fn names(tx: &Tx, ids: &[ApplicationId]) -> Result<BTreeMap<ApplicationId, (String, String)>> {
    let mut names = BTreeMap::new();
    for some in ids.chunks(500) {
        let found: Vec<(ApplicationId, Option<String>, OrganisationId)> = tx
            .select::<application::Entity>()
            .select_only()
            .column(application::Column::Id)
            .column(application::Column::Reference)
            .column(application::Column::OrganisationId)
            .filter(application::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(tx.connection())
            .await?;
        let organisations: Vec<OrganisationId> = found.iter().map(|(_, _, organisation)| *organisation).collect();
        let called: BTreeMap<OrganisationId, String> =
            self::organisations(tx, &organisations).await?.into_iter().map(|row| (row.id, row.legal_name)).collect();
        names.extend(found.into_iter().map(|(id, reference, organisation)| {
            let name = called.get(&organisation).cloned().unwrap_or_default();
            (id, (reference.unwrap_or_default(), name))
        }));
    }
    Ok(names)
}
