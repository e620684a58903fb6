//! Who sees what was asked after an award, and the reports: the company its own, officers all that no conflict hides.

use domain::actor::{Actor, Stand};
use sea_orm::{ColumnTrait, Condition, sea_query::Query};

use super::{Guarded, companies_of, conflicts_of, everything, nothing};
use crate::store::entity::{action, allocation, instalment, report};

macro_rules! after_award {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match (actor.stand, actor.person) {
                    (Stand::System, _) => everything(),
                    (Stand::Member { organisation, .. }, _) => {
                        Condition::all().add($entity::Column::OrganisationId.eq(organisation))
                    }
                    (Stand::Officer, Some(person)) => Condition::all()
                        .add($entity::Column::ApplicationId.not_in_subquery(conflicts_of(person)))
                        .add($entity::Column::OrganisationId.not_in_subquery(companies_of(person))),
                    _ => nothing(),
                }
            }
        }
    )*};
}

after_award! {
    action,
    report,
}

/// With the allocation that it is a part of.
impl Guarded for instalment::Entity {
    fn visible(actor: &Actor) -> Condition {
        let allocations = Query::select()
            .column(allocation::Column::Id)
            .from(allocation::Entity)
            .cond_where(allocation::Entity::visible(actor))
            .take();
        Condition::all().add(instalment::Column::AllocationId.in_subquery(allocations))
    }
}
