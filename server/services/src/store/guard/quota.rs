//! Who lists quotas: officers and finance, but no company's that a conflict of interest hides from them, and none that
//! a company gave its own projects.
//!
//! A company is shown what its own bookings are held against, by the booking and never by the list.

use domain::actor::{Actor, Stand};
use sea_orm::{ColumnTrait, Condition};

use super::{Guarded, aid::open_company, everything, nothing};
use crate::store::entity::{project, quota};

impl Guarded for quota::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer | Stand::Finance, Some(person)) => {
                let open = Condition::any()
                    .add(quota::Column::OrganisationId.is_null())
                    .add(open_company(quota::Column::OrganisationId, person));
                Condition::all().add(quota::Column::ProjectId.is_null()).add(open)
            }
            _ => nothing(),
        }
    }
}

/// How a company divides what it has is its own.
impl Guarded for project::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System => everything(),
            Stand::Member { organisation, .. } => {
                Condition::all().add(project::Column::OrganisationId.eq(organisation))
            }
            _ => nothing(),
        }
    }
}
