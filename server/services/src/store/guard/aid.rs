//! Who sees aid: a company its own; officers and finance what no conflict of interest hides from them.

use domain::{
    actor::{Actor, Stand},
    id::PersonId,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Query, SelectStatement},
};

use super::{Guarded, companies_of, conflicts_of, everything, in_sight, nothing};
use crate::store::entity::{
    aid_declaration, aid_entry, aid_export, aid_grant, aid_pot, aid_test, aid_transfer, application,
};

/// A company of which neither a conflict nor a seat hides anything from this person: what it had in all would tell.
pub(in crate::store) fn open_company<C: ColumnTrait>(column: C, person: PersonId) -> Condition {
    let in_conflict = application::Entity::find()
        .select_only()
        .column(application::Column::OrganisationId)
        .filter(application::Column::Id.in_subquery(conflicts_of(person)))
        .into_query();
    Condition::all().add(column.not_in_subquery(in_conflict)).add(column.not_in_subquery(companies_of(person)))
}

/// A company reads of what was granted to it, never of what is only proposed.
impl Guarded for aid_grant::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer | Stand::Finance, Some(person)) => {
                Condition::all().add(in_sight(aid_grant::Column::ApplicationId, person))
            }
            (Stand::Member { organisation, .. }, _) => Condition::all()
                .add(aid_grant::Column::OrganisationId.eq(organisation))
                .add(aid_grant::Column::GrantedOn.is_not_null()),
            _ => nothing(),
        }
    }
}

/// Tests are the office's: they tell of decisions that are not in force.
impl Guarded for aid_test::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer | Stand::Finance, Some(person)) => {
                Condition::all().add(in_sight(aid_test::Column::ApplicationId, person))
            }
            _ => nothing(),
        }
    }
}

impl Guarded for aid_declaration::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer | Stand::Finance, Some(person)) => {
                open_company(aid_declaration::Column::OrganisationId, person)
            }
            (Stand::Member { organisation, .. }, _) => {
                Condition::all().add(aid_declaration::Column::OrganisationId.eq(organisation))
            }
            _ => nothing(),
        }
    }
}

/// A merger is told of with either company.
impl Guarded for aid_transfer::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer | Stand::Finance, Some(person)) => Condition::all()
                .add(open_company(aid_transfer::Column::FromId, person))
                .add(open_company(aid_transfer::Column::ToId, person)),
            (Stand::Member { organisation, .. }, _) => Condition::any()
                .add(aid_transfer::Column::FromId.eq(organisation))
                .add(aid_transfer::Column::ToId.eq(organisation)),
            _ => nothing(),
        }
    }
}

impl Guarded for aid_pot::Entity {
    fn visible(_: &Actor) -> Condition {
        everything()
    }
}

/// With the grant that it moves.
impl Guarded for aid_entry::Entity {
    fn visible(actor: &Actor) -> Condition {
        Condition::all().add(aid_entry::Column::GrantId.in_subquery(visible_grants(actor)))
    }
}

impl Guarded for aid_export::Entity {
    fn visible(actor: &Actor) -> Condition {
        let entries = Query::select()
            .column(aid_entry::Column::Id)
            .from(aid_entry::Entity)
            .cond_where(aid_entry::Entity::visible(actor))
            .take();
        Condition::all().add(aid_export::Column::EntryId.in_subquery(entries))
    }
}

fn visible_grants(actor: &Actor) -> SelectStatement {
    Query::select()
        .column(aid_grant::Column::Id)
        .from(aid_grant::Entity)
        .cond_where(aid_grant::Entity::visible(actor))
        .take()
}
