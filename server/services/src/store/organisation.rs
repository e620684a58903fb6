//! Queries about organisations: their figures, owners, checks, members and invitations.

use domain::id::{OrganisationId, PersonId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Tx,
    entity::{fiscal_year, invitation, owner, person, seat, vat_check},
};
use crate::error::Result;

/// Latest first.
pub(crate) async fn years(tx: &Tx, organisation: OrganisationId) -> Result<Vec<fiscal_year::Model>> {
    Ok(tx
        .select::<fiscal_year::Entity>()
        .filter(fiscal_year::Column::OrganisationId.eq(organisation))
        .order_by_desc(fiscal_year::Column::Ends)
        .all(tx.connection())
        .await?)
}

/// In the order of entry, parents before their children.
pub(crate) async fn owners(tx: &Tx, organisation: OrganisationId) -> Result<Vec<owner::Model>> {
    Ok(tx
        .select::<owner::Entity>()
        .filter(owner::Column::OrganisationId.eq(organisation))
        .order_by_asc(owner::Column::CreatedAt)
        .order_by_asc(owner::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The latest answers about an organisation's number, latest first.
pub(crate) async fn vat_checks(tx: &Tx, organisation: OrganisationId, limit: u64) -> Result<Vec<vat_check::Model>> {
    Ok(tx
        .select::<vat_check::Entity>()
        .filter(vat_check::Column::OrganisationId.eq(organisation))
        .order_by_desc(vat_check::Column::At)
        .order_by_desc(vat_check::Column::Id)
        .limit(limit)
        .all(tx.connection())
        .await?)
}

/// Seats and whose they are, by when they were taken. A member sees colleagues' names and addresses, so people are
/// not narrowed here: the seats are.
pub(crate) async fn members(tx: &Tx, organisation: OrganisationId) -> Result<Vec<(seat::Model, person::Model)>> {
    let seats = tx
        .select::<seat::Entity>()
        .filter(seat::Column::OrganisationId.eq(organisation))
        .order_by_asc(seat::Column::CreatedAt)
        .all(tx.connection())
        .await?;
    let ids: Vec<PersonId> = seats.iter().map(|seat| seat.person_id).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(tx.connection()).await?;
    let of = |id: PersonId| people.iter().find(|person| person.id == id).cloned();
    Ok(seats.into_iter().filter_map(|seat| of(seat.person_id).map(|person| (seat, person))).collect())
}

/// Invitations that nobody has accepted, latest first; expired ones too, so that they can be sent again.
pub(crate) async fn invitations(tx: &Tx, organisation: OrganisationId) -> Result<Vec<invitation::Model>> {
    Ok(tx
        .select::<invitation::Entity>()
        .filter(invitation::Column::OrganisationId.eq(organisation))
        .filter(invitation::Column::AcceptedAt.is_null())
        .order_by_desc(invitation::Column::CreatedAt)
        .all(tx.connection())
        .await?)
}

/// The organisation's invitation of that address, accepted or not.
pub(crate) async fn invitation_of(
    tx: &Tx,
    organisation: OrganisationId,
    email: &str,
) -> Result<Option<invitation::Model>> {
    Ok(tx
        .select::<invitation::Entity>()
        .filter(invitation::Column::OrganisationId.eq(organisation))
        .filter(invitation::Column::Email.eq(email))
        .one(tx.connection())
        .await?)
}

/// The invitation that this secret's hash opens. Not narrowed: whoever has the secret may read it.
pub(crate) async fn invitation_by_hash(tx: &Tx, hash: &str) -> Result<Option<invitation::Model>> {
    Ok(invitation::Entity::find().filter(invitation::Column::Hash.eq(hash)).one(tx.connection()).await?)
}

/// Deletes the years, before new ones take their place.
pub(crate) async fn delete_years(tx: &mut Tx, organisation: OrganisationId) -> Result<()> {
    let deleted = fiscal_year::Entity::delete_many()
        .filter(fiscal_year::Column::OrganisationId.eq(organisation))
        .exec(tx.connection())
        .await?
        .rows_affected;
    tx.changed("delete", "fiscal_year", format!("{deleted} of {organisation}"));
    Ok(())
}
