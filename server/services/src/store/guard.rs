//! Which rows of each table an actor may see, as one condition a table. What is not visible is not found.

use domain::actor::{Actor, Stand};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, sea_query::Expr};

use super::entity::{
    allocation, audit, capacity, event, fiscal_year, invitation, job, mail, organisation, owner, person, reading,
    refused_reading, role, seat, site, token, vat_check,
};

/// A table whose rows not everybody may see.
pub(crate) trait Guarded: EntityTrait {
    fn visible(actor: &Actor) -> Condition;
}

pub(crate) fn everything() -> Condition {
    Condition::all()
}

pub(crate) fn nothing() -> Condition {
    Condition::all().add(Expr::value(1).eq(Expr::value(0)))
}

/// Everything for the programme itself and these staff groups, nothing for others.
macro_rules! staff_only {
    ($($entity:ident => $stand:pat,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match actor.stand {
                    $stand => everything(),
                    _ => nothing(),
                }
            }
        }
    )*};
}

staff_only! {
    job => Stand::System | Stand::Administrator,
    audit => Stand::Administrator,
    role => Stand::System | Stand::Administrator,
}

impl Guarded for person::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System | Stand::Administrator, _) => everything(),
            (_, Some(person)) => Condition::all().add(person::Column::Id.eq(person)),
            (_, None) => nothing(),
        }
    }
}

/// Tokens are found by the hash of a secret that only their holder has; sign-up and reset work as the system.
impl Guarded for token::Entity {
    fn visible(actor: &Actor) -> Condition {
        if actor.stand == Stand::System { everything() } else { nothing() }
    }
}

impl Guarded for mail::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Administrator => everything(),
            // Finance sees that a mail failed, but not the links by which people prove who they are.
            Stand::Finance => Condition::all().add(mail::Column::Kind.is_not_in(mail::SECRET_KINDS)),
            _ => nothing(),
        }
    }
}

impl Guarded for seat::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Administrator | Stand::Officer => everything(),
            Stand::Member { organisation, .. } => Condition::all().add(seat::Column::OrganisationId.eq(organisation)),
            _ => nothing(),
        }
    }
}

/// A timeline is read through its subject: a verb finds the subject first, guarded, and then its events.
impl Guarded for event::Entity {
    fn visible(_: &Actor) -> Condition {
        everything()
    }
}

/// Members see their own organisation; staff who judge, decide or bill see all; operators only through what is booked.
macro_rules! of_organisation {
    ($($entity:ident.$column:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match actor.stand {
                    Stand::System | Stand::Administrator | Stand::Reviewer | Stand::Officer | Stand::Finance => {
                        everything()
                    }
                    Stand::Member { organisation, .. } => {
                        Condition::all().add($entity::Column::$column.eq(organisation))
                    }
                    _ => nothing(),
                }
            }
        }
    )*};
}

of_organisation! {
    organisation.Id,
    fiscal_year.OrganisationId,
    owner.OrganisationId,
    vat_check.OrganisationId,
    invitation.OrganisationId,
}

/// What the public may know.
macro_rules! public {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(_: &Actor) -> Condition {
                everything()
            }
        }
    )*};
}

public! {
    site,
    capacity,
}

impl Guarded for allocation::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Officer | Stand::Finance => everything(),
            Stand::Member { organisation, .. } => {
                Condition::all().add(allocation::Column::OrganisationId.eq(organisation))
            }
            // A site sees what it hosts, not whom it might have hosted.
            Stand::Operator { site } | Stand::Meter { site } => {
                Condition::all().add(allocation::Column::SiteId.eq(site)).add(allocation::Column::State.is_in([
                    domain::allocation::State::Accepted,
                    domain::allocation::State::Active,
                    domain::allocation::State::Ended,
                ]))
            }
            _ => nothing(),
        }
    }
}

/// A site's own rows are for its operator and its meter.
macro_rules! of_site {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match actor.stand {
                    Stand::System => everything(),
                    Stand::Operator { site } | Stand::Meter { site } => {
                        Condition::all().add($entity::Column::SiteId.eq(site))
                    }
                    _ => nothing(),
                }
            }
        }
    )*};
}

of_site! {
    reading,
    refused_reading,
}
