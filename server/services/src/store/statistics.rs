//! Every application that was handed in, as statistics count it: no names, no files.

use chrono::{DateTime, Utc};
use domain::{
    application::State, country::Country, id::OrganisationId, mode::Code, organisation::SizeClass, statistics::Counted,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;

use super::{
    Tx,
    entity::{application, organisation},
};
use crate::error::Result;

type Line = (OrganisationId, String, State, Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

pub(crate) async fn counted(tx: &Tx, until: DateTime<Utc>) -> Result<Vec<Counted>> {
    let lines: Vec<Line> = application::Entity::find()
        .select_only()
        .column(application::Column::OrganisationId)
        .column(application::Column::Mode)
        .column(application::Column::State)
        .column(application::Column::SubmittedAt)
        .column(application::Column::DueAt)
        .column(application::Column::DecidedAt)
        .filter(application::Column::SubmittedAt.lt(until))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let organisations: Vec<(OrganisationId, Country, Option<SizeClass>)> = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .column(organisation::Column::Country)
        .column(organisation::Column::SizeClass)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let organisations: HashMap<_, _> =
        organisations.into_iter().map(|(id, country, class)| (id, (country, class))).collect();
    let counted = lines.into_iter().filter_map(|(id, mode, state, submitted, due, decided)| {
        let (country, size_class) = organisations.get(&id).copied()?;
        let decided = match state {
            State::Approved => decided.map(|at| (true, at)),
            State::Refused => decided.map(|at| (false, at)),
            _ => None,
        };
        Some(Counted {
            mode: Code::from_code(&mode)?,
            country,
            size_class,
            submitted_at: submitted?,
            decided,
            due_at: due,
        })
    });
    Ok(counted.collect())
}
