//! Who lists quotas: officers and finance, but no company's that a conflict of interest hides from them.
//!
//! A company is shown what its own bookings are held against, by the booking and never by the list.

use domain::actor::{Actor, Stand};
use sea_orm::{ColumnTrait, Condition};

use super::{Guarded, aid::open_company, everything, nothing};
use crate::store::entity::quota;

impl Guarded for quota::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer | Stand::Finance, Some(person)) => Condition::any()
                .add(quota::Column::OrganisationId.is_null())
                .add(open_company(quota::Column::OrganisationId, person)),
            _ => nothing(),
        }
    }
}
