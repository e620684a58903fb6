//! Who sees what of reviewing: profiles, interests, conflicts, waivers, bids, invitations, terms.

use domain::{
    actor::{Actor, Stand},
    conflict::{Origin, State},
    id::PersonId,
    reviewer::InterestKind,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement};

use super::{Guarded, companies_of, everything, nothing};
use crate::store::entity::{
    absence, application, bid, conflict, former_seat, interest, named_party, review, review_scope, reviewer,
    reviewer_invitation, reviewer_terms, waiver,
};

/// `column` names an application that neither a conflict in force nor a seat in its company hides from this person.
/// Every table that belongs to an application and that reviewers or officers read is narrowed by this.
pub(in crate::store) fn in_sight<C: ColumnTrait>(column: C, person: PersonId) -> Condition {
    // Two lists of few, each found by an index.
    let of_companies = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::OrganisationId.in_subquery(companies_of(person)))
        .into_query();
    Condition::all().add(column.not_in_subquery(conflicts_of(person))).add(column.not_in_subquery(of_companies))
}

/// Conflicts that count: in force, neither waived nor ended.
pub(super) fn conflicts_of(person: PersonId) -> SelectStatement {
    conflict::Entity::find()
        .select_only()
        .column(conflict::Column::ApplicationId)
        .filter(conflict::Column::PersonId.eq(person))
        .filter(conflict::Column::State.eq(State::InForce))
        .into_query()
}

/// One's own review. What others wrote of the same application, once one's own is handed in and not before.
pub(super) fn own_or_after_own(person: PersonId) -> Condition {
    let mine = review::Entity::find()
        .select_only()
        .column(review::Column::ApplicationId)
        .filter(review::Column::ReviewerId.eq(person))
        .filter(review::Column::HandedInAt.is_not_null())
        .into_query();
    let after = Condition::all()
        .add(review::Column::HandedInAt.is_not_null())
        .add(review::Column::ApplicationId.in_subquery(mine));
    Condition::all()
        .add(Condition::any().add(review::Column::ReviewerId.eq(person)).add(after))
        .add(in_sight(review::Column::ApplicationId, person))
}

/// One's own rows; officers see everybody's.
macro_rules! own_and_officers {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match (actor.stand, actor.person) {
                    (Stand::System | Stand::Officer, _) => everything(),
                    (_, Some(person)) => Condition::all().add($entity::Column::PersonId.eq(person)),
                    (_, None) => nothing(),
                }
            }
        }
    )*};
}

own_and_officers! {
    reviewer,
    absence,
    reviewer_terms,
}

/// One's own. Officers see where reviewers work and worked; what else ties them to a company shows only as a conflict.
impl Guarded for interest::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer, Some(person)) => Condition::any()
                .add(interest::Column::PersonId.eq(person))
                .add(interest::Column::Kind.is_in([InterestKind::Employer, InterestKind::FormerEmployer])),
            (_, Some(person)) => Condition::all().add(interest::Column::PersonId.eq(person)),
            (_, None) => nothing(),
        }
    }
}

impl Guarded for former_seat::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System => everything(),
            Stand::Member { organisation, .. } => {
                Condition::all().add(former_seat::Column::OrganisationId.eq(organisation))
            }
            _ => nothing(),
        }
    }
}

impl Guarded for named_party::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System => everything(),
            Stand::Member { organisation, .. } => {
                Condition::all().add(named_party::Column::OrganisationId.eq(organisation))
            }
            _ => nothing(),
        }
    }
}

impl Guarded for reviewer_invitation::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Officer => everything(),
            _ => nothing(),
        }
    }
}

/// How something is reviewed is no secret.
impl Guarded for review_scope::Entity {
    fn visible(_: &Actor) -> Condition {
        everything()
    }
}

/// What one declared oneself, for a reviewer: what was found would tell of an application they may not know of.
/// Officers see everybody's, of applications that nothing hides from them.
impl Guarded for conflict::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer, Some(person)) => Condition::all().add(in_sight(conflict::Column::ApplicationId, person)),
            (Stand::Reviewer, Some(person)) => Condition::all()
                .add(conflict::Column::PersonId.eq(person))
                .add(conflict::Column::Origin.eq(Origin::Declared)),
            _ => nothing(),
        }
    }
}

impl Guarded for waiver::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer, Some(person)) => {
                let seen = conflict::Entity::find()
                    .select_only()
                    .column(conflict::Column::Id)
                    .filter(in_sight(conflict::Column::ApplicationId, person))
                    .into_query();
                Condition::all().add(waiver::Column::ConflictId.in_subquery(seen))
            }
            _ => nothing(),
        }
    }
}

impl Guarded for bid::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer, Some(person)) => Condition::all().add(in_sight(bid::Column::ApplicationId, person)),
            (Stand::Reviewer, Some(person)) => {
                Condition::all().add(bid::Column::PersonId.eq(person)).add(in_sight(bid::Column::ApplicationId, person))
            }
            _ => nothing(),
        }
    }
}
