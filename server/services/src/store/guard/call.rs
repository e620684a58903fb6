//! Who sees calls and what came in under them: calls anybody once they are published; files and tests of eligibility
//! whoever sees the application.

use domain::{
    actor::{Actor, Stand},
    call::State,
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Query, SelectStatement},
};

use super::{Guarded, everything, nothing};
use crate::store::entity::{application, attachment, call, call_version, eligibility_check};

impl Guarded for call::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Officer => everything(),
            _ => Condition::all().add(call::Column::State.ne(State::Draft)),
        }
    }
}

/// What was published stays readable.
impl Guarded for call_version::Entity {
    fn visible(_: &Actor) -> Condition {
        everything()
    }
}

impl Guarded for attachment::Entity {
    fn visible(actor: &Actor) -> Condition {
        Condition::all().add(attachment::Column::ApplicationId.in_subquery(visible_applications(actor)))
    }
}

impl Guarded for eligibility_check::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Officer | Stand::Member { .. } => {
                Condition::all().add(eligibility_check::Column::ApplicationId.in_subquery(visible_applications(actor)))
            }
            _ => nothing(),
        }
    }
}

fn visible_applications(actor: &Actor) -> SelectStatement {
    Query::select()
        .column(application::Column::Id)
        .from(application::Entity)
        .cond_where(application::Entity::visible(actor))
        .take()
}
