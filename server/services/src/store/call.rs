//! Queries of calls: what is published, what their applications have taken, and the one statement that takes a place.

use std::collections::{BTreeMap, btree_map::Entry};

use domain::{
    application::State as Standing,
    call::{Closing, State, Terms, group},
    id::{ApplicationId, AttachmentId, CallId, OrganisationId},
    money::{BasisPoints, Money},
    organisation::HolderKind,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::Expr,
};

use super::{
    Tx,
    entity::{
        application, attachment, call, call_version, eligibility_check, organisation, owner, panel_item, subsidy,
    },
};
use crate::error::{Error, Result};

/// Those the actor may see, newest first.
pub(crate) async fn all(tx: &Tx) -> Result<Vec<call::Model>> {
    Ok(tx.select::<call::Entity>().order_by_desc(call::Column::Id).all(tx.connection()).await?)
}

/// Those anybody may read of, latest published first.
pub(crate) async fn published(tx: &Tx) -> Result<Vec<call::Model>> {
    Ok(tx
        .select::<call::Entity>()
        .filter(call::Column::State.is_in([State::Published, State::Closed]))
        .order_by_desc(call::Column::PublishedAt)
        .order_by_desc(call::Column::Id)
        .all(tx.connection())
        .await?)
}

pub(crate) async fn by_code(tx: &Tx, code: &str) -> Result<call::Model> {
    let found = tx.select::<call::Entity>().filter(call::Column::Code.eq(code)).one(tx.connection()).await?;
    found.ok_or(Error::NotFound)
}

pub(crate) async fn version(tx: &Tx, id: CallId, number: i32) -> Result<call_version::Model> {
    let found = tx
        .select::<call_version::Entity>()
        .filter(call_version::Column::CallId.eq(id))
        .filter(call_version::Column::Number.eq(number))
        .one(tx.connection())
        .await?;
    found.ok_or(Error::NotFound)
}

/// The newest first.
pub(crate) async fn versions(tx: &Tx, id: CallId) -> Result<Vec<call_version::Model>> {
    Ok(tx
        .select::<call_version::Entity>()
        .filter(call_version::Column::CallId.eq(id))
        .order_by_desc(call_version::Column::Number)
        .all(tx.connection())
        .await?)
}

/// The terms under which these applications were handed in, by call and version; each is read once.
pub(crate) async fn terms_of(tx: &Tx, rows: &[application::Model]) -> Result<BTreeMap<(CallId, i32), Terms>> {
    let mut found = BTreeMap::new();
    for row in rows {
        let Some(id) = row.call_id else { continue };
        if let Entry::Vacant(place) = found.entry((id, row.call_version)) {
            place.insert(serde_json::from_str(&version(tx, id, row.call_version).await?.terms)?);
        }
    }
    Ok(found)
}

/// Takes one place and so much of the pot; false where the call is closed, the last place is taken or the pot has less.
pub(crate) async fn take(tx: &mut Tx, id: CallId, subsidy: Money) -> Result<bool> {
    let column = |column: call::Column| Expr::col((call::Entity, column));
    let cents = subsidy.as_cents();
    let has_place = Condition::any()
        .add(call::Column::Places.is_null())
        .add(column(call::Column::Taken).lt(column(call::Column::Places)));
    let has_funds = Condition::any()
        .add(call::Column::Funds.is_null())
        .add(column(call::Column::Committed).add(cents).lte(column(call::Column::Funds)));
    let moved = call::Entity::update_many()
        .col_expr(call::Column::Taken, column(call::Column::Taken).add(1))
        .col_expr(call::Column::Committed, column(call::Column::Committed).add(cents))
        .filter(call::Column::Id.eq(id))
        .filter(call::Column::State.eq(State::Published))
        .filter(has_place)
        .filter(has_funds)
        .exec(tx.connection())
        .await?;
    tx.changed("take", "call", format!("{id} {cents:+}"));
    Ok(moved.rows_affected == 1)
}

/// Gives a place and its money back. What that place closed stays closed.
pub(crate) async fn give_back(tx: &mut Tx, id: CallId, subsidy: Money) -> Result<()> {
    move_by(tx, id, -1, -subsidy.as_cents()).await
}

/// The money of what was refused is free again; its place was used.
pub(crate) async fn release(tx: &mut Tx, id: CallId, subsidy: Money) -> Result<()> {
    move_by(tx, id, 0, -subsidy.as_cents()).await
}

/// The money of what was refused and is open again is bound anew, whatever the pot has: the applicant was in time.
pub(crate) async fn bind(tx: &mut Tx, id: CallId, subsidy: Money) -> Result<()> {
    move_by(tx, id, 0, subsidy.as_cents()).await
}

async fn move_by(tx: &mut Tx, id: CallId, places: i64, cents: i64) -> Result<()> {
    let column = |column: call::Column| Expr::col((call::Entity, column));
    call::Entity::update_many()
        .col_expr(call::Column::Taken, column(call::Column::Taken).add(places))
        .col_expr(call::Column::Committed, column(call::Column::Committed).add(cents))
        .filter(call::Column::Id.eq(id))
        .exec(tx.connection())
        .await?;
    tx.changed("give back", "call", format!("{id} {cents:+}"));
    Ok(())
}

/// Closes a published call by a rule; nothing happens to one that is closed already.
pub(crate) async fn close_by_rule(tx: &mut Tx, id: CallId, closing: Closing) -> Result<()> {
    let now = tx.now();
    call::Entity::update_many()
        .col_expr(call::Column::State, Expr::value(State::Closed.code()))
        .col_expr(call::Column::Closing, Expr::value(closing.code()))
        .col_expr(call::Column::ClosedAt, Expr::value(now))
        .col_expr(call::Column::UpdatedAt, Expr::value(now))
        .col_expr(call::Column::Version, Expr::col((call::Entity, call::Column::Version)).add(1))
        .filter(call::Column::Id.eq(id))
        .filter(call::Column::State.eq(State::Published))
        .exec(tx.connection())
        .await?;
    tx.changed("close", "call", id.to_string());
    Ok(())
}

/// What does not count against a cap: not handed in, taken back, or refused.
const OUT: [Standing; 3] = [Standing::Draft, Standing::Withdrawn, Standing::Refused];

/// Applications under a call that count against its caps.
fn counted(call: CallId, without: Option<ApplicationId>) -> Condition {
    Condition::all()
        .add(application::Column::CallId.eq(call))
        .add(application::Column::State.is_not_in(OUT))
        .add_option(without.map(|id| application::Column::Id.ne(id)))
}

/// How many these organisations have together. A number about others is told nobody, so rows are not narrowed here.
pub(crate) async fn count(
    tx: &Tx,
    call: CallId,
    organisations: &[OrganisationId],
    without: Option<ApplicationId>,
) -> Result<i64> {
    let select = application::Entity::find()
        .filter(counted(call, without))
        .filter(application::Column::OrganisationId.is_in(organisations.iter().copied()));
    Ok(i64::try_from(select.count(tx.connection()).await?).unwrap_or(i64::MAX))
}

/// The other calls under which the organisation has applied.
pub(crate) async fn applied_under(tx: &Tx, organisation: OrganisationId, besides: CallId) -> Result<Vec<call::Model>> {
    let applied = application::Entity::find()
        .select_only()
        .column(application::Column::CallId)
        .filter(application::Column::OrganisationId.eq(organisation))
        .filter(application::Column::State.is_not_in(OUT))
        .filter(application::Column::CallId.is_not_null())
        .into_query();
    Ok(tx
        .select::<call::Entity>()
        .filter(call::Column::Id.in_subquery(applied))
        .filter(call::Column::Id.ne(besides))
        .order_by_asc(call::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The organisation and those under the same control, by what organisations say of their owners and holdings. Names
/// of others are compared, not told, so rows are not narrowed here.
pub(crate) async fn group(tx: &Tx, of: OrganisationId) -> Result<Vec<OrganisationId>> {
    let owners: Vec<(OrganisationId, String, HolderKind, BasisPoints, bool)> = owner::Entity::find()
        .select_only()
        .columns([
            owner::Column::OrganisationId,
            owner::Column::Name,
            owner::Column::Kind,
            owner::Column::Share,
            owner::Column::Controls,
        ])
        .into_tuple()
        .all(tx.connection())
        .await?;
    let controls: Vec<(OrganisationId, String)> = owners
        .into_iter()
        .filter(|(_, _, kind, share, controls)| group::is_control(*kind, *share, *controls))
        .map(|(id, name, ..)| (id, name))
        .collect();
    let companies: Vec<(OrganisationId, String)> = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Id, organisation::Column::LegalName])
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(group::group(of, &companies, &controls))
}

/// The pots that there are.
pub(crate) async fn pots(tx: &Tx) -> Result<Vec<String>> {
    let rows: Vec<String> = subsidy::Entity::find()
        .select_only()
        .column(subsidy::Column::Pot)
        .distinct()
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(rows)
}

/// A file without its content.
#[derive(Debug, Clone, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Attached {
    pub id: AttachmentId,
    pub question: String,
    pub name: String,
    pub bytes: i64,
    pub sha256: String,
}

/// The files of an application that the actor may see, by question.
pub(crate) async fn attached(tx: &Tx, application: ApplicationId) -> Result<Vec<Attached>> {
    Ok(tx
        .select::<attachment::Entity>()
        .select_only()
        .columns([
            attachment::Column::Id,
            attachment::Column::Question,
            attachment::Column::Name,
            attachment::Column::Bytes,
            attachment::Column::Sha256,
        ])
        .filter(attachment::Column::ApplicationId.eq(application))
        .order_by_asc(attachment::Column::Question)
        .into_model::<Attached>()
        .all(tx.connection())
        .await?)
}

/// Whether it is on the agenda of a panel in which the actor sits.
pub(crate) async fn is_on_agenda(tx: &Tx, application: ApplicationId) -> Result<bool> {
    let found = tx.select::<panel_item::Entity>().filter(panel_item::Column::ApplicationId.eq(application));
    Ok(found.count(tx.connection()).await? > 0)
}

/// Removes the file of this question, if there is one.
pub(crate) async fn detach(tx: &mut Tx, application: ApplicationId, question: &str) -> Result<()> {
    let gone = attachment::Entity::delete_many()
        .filter(attachment::Column::ApplicationId.eq(application))
        .filter(attachment::Column::Question.eq(question))
        .exec(tx.connection())
        .await?;
    if gone.rows_affected > 0 {
        tx.changed("delete", "attachment", format!("{application} {question}"));
    }
    Ok(())
}

/// The tests of an application that the actor may see, oldest first.
pub(crate) async fn checks(tx: &Tx, application: ApplicationId) -> Result<Vec<eligibility_check::Model>> {
    Ok(tx
        .select::<eligibility_check::Entity>()
        .filter(eligibility_check::Column::ApplicationId.eq(application))
        .order_by_asc(eligibility_check::Column::At)
        .order_by_asc(eligibility_check::Column::Id)
        .all(tx.connection())
        .await?)
}
