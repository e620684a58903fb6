//! Queries about people: by address, and where each may stand.

use chrono::TimeDelta;
use domain::{actor::Stand, id::PersonId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid, sea_query::Expr};

use super::{
    Tx,
    entity::{organisation, person, role, seat, site, token},
};
use crate::error::Result;

/// The person with this address, in normal form. Not narrowed: sign-in does not know the person yet.
pub(crate) async fn person_by_email(tx: &Tx, email: &str) -> Result<Option<person::Model>> {
    Ok(person::Entity::find().filter(person::Column::Email.eq(email)).one(tx.connection()).await?)
}

/// The person's own seats and roles, oldest first. Not narrowed by where they stand now: they choose among these.
pub(crate) async fn seats_and_roles(tx: &Tx, person: PersonId) -> Result<(Vec<seat::Model>, Vec<role::Model>)> {
    let seats = seat::Entity::find()
        .filter(seat::Column::PersonId.eq(person))
        .order_by_asc(seat::Column::CreatedAt)
        .all(tx.connection())
        .await?;
    let roles = role::Entity::find()
        .filter(role::Column::PersonId.eq(person))
        .order_by_asc(role::Column::GrantedAt)
        .all(tx.connection())
        .await?;
    Ok((seats, roles))
}

/// The name of the organisation or site of each stand, empty where there is none.
pub(crate) async fn places(tx: &Tx, stands: &[Stand]) -> Result<Vec<String>> {
    let mut places = Vec::with_capacity(stands.len());
    for stand in stands {
        places.push(match stand {
            Stand::Member { organisation, .. } => {
                tx.find::<organisation::Entity>(*organisation).await.map(|row| row.legal_name)?
            }
            Stand::Operator { site } => {
                site::Entity::find_by_id(*site).one(tx.connection()).await?.map_or_else(String::new, |row| row.name)
            }
            _ => String::new(),
        });
    }
    Ok(places)
}

/// Deletes tokens that ran out more than a month ago.
pub(crate) async fn purge_tokens(tx: &mut Tx) -> Result<()> {
    let expired = token::Column::ExpiresAt.lt(tx.now() - TimeDelta::days(30));
    let deleted = token::Entity::delete_many().filter(expired).exec(tx.connection()).await?.rows_affected;
    if deleted > 0 {
        tx.changed("delete", "token", format!("{deleted} expired"));
    }
    Ok(())
}

pub(crate) async fn token_by_hash(tx: &Tx, hash: &str) -> Result<Option<token::Model>> {
    Ok(token::Entity::find().filter(token::Column::Hash.eq(hash)).one(tx.connection()).await?)
}

/// Marks the token used; false if somebody was faster.
pub(crate) async fn use_token(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let used = token::Entity::update_many()
        .col_expr(token::Column::UsedAt, Expr::value(tx.now()))
        .filter(token::Column::Id.eq(id))
        .filter(token::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    tx.changed("update", "token", id.to_string());
    Ok(used.rows_affected == 1)
}

/// Whether the other mail of a change of address (same payload) has been used.
pub(crate) async fn is_other_half_used(tx: &Tx, person: PersonId, purpose: &str, payload: &str) -> Result<bool> {
    let other = token::Entity::find()
        .filter(token::Column::PersonId.eq(person))
        .filter(token::Column::Purpose.eq(purpose))
        .filter(token::Column::Payload.eq(payload))
        .filter(token::Column::UsedAt.is_not_null())
        .one(tx.connection())
        .await?;
    Ok(other.is_some())
}

/// A person to write to, whoever acts: what concerns them reaches them.
pub(crate) async fn person(tx: &Tx, id: PersonId) -> Result<person::Model> {
    person::Entity::find_by_id(id).one(tx.connection()).await?.ok_or(crate::Error::NotFound)
}

/// Whether anybody has an account.
pub(crate) async fn is_inhabited(tx: &Tx) -> Result<bool> {
    Ok(person::Entity::find().one(tx.connection()).await?.is_some())
}
