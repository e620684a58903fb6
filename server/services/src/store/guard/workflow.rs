//! Who sees the course of an application: whoever sees the application, less what is between staff.

use domain::{
    actor::{Actor, Stand},
    workflow::question::State,
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Query, SelectStatement},
};

use super::{Guarded, everything, nothing};
use crate::store::entity::{appeal, application, assessment, question, rebuttal, reopening, step, transition};

fn visible_applications(actor: &Actor) -> SelectStatement {
    Query::select()
        .column(application::Column::Id)
        .from(application::Entity)
        .cond_where(application::Entity::visible(actor))
        .take()
}

/// Through the application.
macro_rules! of_application {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                if actor.stand == Stand::System {
                    return everything();
                }
                Condition::all().add($entity::Column::ApplicationId.in_subquery(visible_applications(actor)))
            }
        }
    )*};
}

of_application! {
    step,
}

/// Who did what is for the company, in public words, and for officers.
impl Guarded for transition::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System => everything(),
            Stand::Member { .. } | Stand::Officer => {
                Condition::all().add(transition::Column::ApplicationId.in_subquery(visible_applications(actor)))
            }
            _ => nothing(),
        }
    }
}

/// What a reviewer would like to know is the officers' until one of them asks it.
impl Guarded for question::Entity {
    fn visible(actor: &Actor) -> Condition {
        let through = Condition::all().add(question::Column::ApplicationId.in_subquery(visible_applications(actor)));
        match actor.stand {
            Stand::System => everything(),
            Stand::Officer => through,
            _ => through.add(question::Column::State.is_not_in([State::Proposed, State::Dropped])),
        }
    }
}

/// What a site says of it is for those who judge, and for the site itself.
impl Guarded for assessment::Entity {
    fn visible(actor: &Actor) -> Condition {
        let through = Condition::all().add(assessment::Column::ApplicationId.in_subquery(visible_applications(actor)));
        match actor.stand {
            Stand::System => everything(),
            Stand::Reviewer | Stand::Officer => through,
            Stand::Operator { site } => through.add(assessment::Column::SiteId.eq(site)),
            _ => nothing(),
        }
    }
}

/// The company's own, written or handed in; others read what was handed in.
impl Guarded for rebuttal::Entity {
    fn visible(actor: &Actor) -> Condition {
        let through = Condition::all().add(rebuttal::Column::ApplicationId.in_subquery(visible_applications(actor)));
        match actor.stand {
            Stand::System => everything(),
            Stand::Member { .. } => through,
            Stand::Reviewer | Stand::Officer => through.add(rebuttal::Column::HandedInAt.is_not_null()),
            _ => nothing(),
        }
    }
}

impl Guarded for appeal::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System => everything(),
            Stand::Member { .. } | Stand::Officer => {
                Condition::all().add(appeal::Column::ApplicationId.in_subquery(visible_applications(actor)))
            }
            _ => nothing(),
        }
    }
}

/// Between officers until it is signed.
impl Guarded for reopening::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System => everything(),
            Stand::Officer => {
                Condition::all().add(reopening::Column::ApplicationId.in_subquery(visible_applications(actor)))
            }
            _ => nothing(),
        }
    }
}
