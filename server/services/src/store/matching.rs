//! What matching reads of applications.

use std::collections::BTreeMap;

use domain::{
    application::{Draft, State, submit::need_of},
    call::Terms,
    gpu::GpuTime,
    id::ApplicationId,
    mode::Code,
    money::BasisPoints,
    pricing::Quote,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    Tx,
    entity::{allocation, application, decision},
};
use crate::{error::Result, matching::Approved};

/// Every approved application that has no open and no ended allocation, in the order of arrival.
pub(crate) async fn approved(tx: &Tx) -> Result<Vec<Approved>> {
    use sea_orm::{QuerySelect as _, QueryTrait as _};
    let served = allocation::Entity::find()
        .select_only()
        .column(allocation::Column::ApplicationId)
        .filter(allocation::Column::State.is_in([
            domain::allocation::State::Offered,
            domain::allocation::State::Accepted,
            domain::allocation::State::Active,
            domain::allocation::State::Ended,
        ]))
        .into_query();
    let found = application::Entity::find()
        .filter(application::Column::State.eq(State::Approved))
        .filter(application::Column::Id.not_in_subquery(served))
        .order_by_asc(application::Column::SubmittedAt)
        .order_by_asc(application::Column::Id)
        .all(tx.connection())
        .await?;
    let mut granted: BTreeMap<ApplicationId, GpuTime> = BTreeMap::new();
    let ids: Vec<ApplicationId> = found.iter().map(|row| row.id).collect();
    for some in ids.chunks(500) {
        let decisions = decision::Entity::find()
            .filter(decision::Column::ApplicationId.is_in(some.iter().copied()))
            .order_by_asc(decision::Column::DecidedAt)
            .all(tx.connection())
            .await?;
        // The last decision is the one in force.
        granted.extend(decisions.into_iter().map(|decision| (decision.application_id, decision.granted)));
    }
    let terms = super::call::terms_of(tx, &found).await?;
    Ok(found
        .into_iter()
        .filter_map(|row| {
            let granted = granted.get(&row.id).copied();
            let call = row.call_id.and_then(|id| terms.get(&(id, row.call_version)));
            read(row, granted, call)
        })
        .collect())
}

/// What was granted of what was asked for, at the frozen terms. `None` for a draft that cannot be read, which
/// submitting forbids.
fn read(row: application::Model, granted: Option<GpuTime>, call: Option<&Terms>) -> Option<Approved> {
    let draft: Draft = serde_json::from_str(&row.draft).ok()?;
    let Some(mut need) = need_of(&draft) else {
        tracing::error!(application = %row.id, "the need of an approved application cannot be read");
        return None;
    };
    let least = need.only(need.least).gpu_time;
    need.gpu_time = granted.unwrap_or(need.gpu_time).min(need.gpu_time);
    need.least = share_of(least, need.gpu_time);
    need.offered_at = call.map(|terms| terms.sites.clone()).unwrap_or_default();
    let quote: Option<Quote> = row.quote.as_deref().and_then(|quote| serde_json::from_str(quote).ok());
    let quote = quote.and_then(|quote| quote.of(need.gpu_time).ok());
    Some(Approved {
        application: row.id,
        organisation: row.organisation_id,
        reference: row.reference.unwrap_or_default(),
        mode: Code::from_code(&row.mode)?,
        intake: call.map(|terms| terms.intake.kind),
        since: row.submitted_at.unwrap_or(row.created_at),
        need,
        terms: quote.and_then(|quote| serde_json::to_string(&quote).ok()).unwrap_or_else(|| "{}".to_owned()),
    })
}

/// What was the least of all that was asked for, as a part of what was granted of it; rounded up.
fn share_of(least: GpuTime, granted: GpuTime) -> BasisPoints {
    let granted = i128::from(granted.as_seconds().max(1));
    let points = (i128::from(least.as_seconds()) * 10_000 + granted - 1) / granted;
    i32::try_from(points).map_or(BasisPoints::WHOLE, BasisPoints::new).min(BasisPoints::WHOLE)
}
