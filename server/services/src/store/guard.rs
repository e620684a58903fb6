//! Which rows of each table an actor may see, as one condition a table. What is not visible is not found.

mod after_award;
pub(in crate::store) mod aid;
mod call;
mod judging;
mod money;
mod panel;
mod quota;
mod workflow;

use domain::{
    actor::{Actor, Stand},
    id::{PersonId, SiteId},
    workflow::StepState,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement},
};

pub(in crate::store) use judging::in_sight;
use judging::{conflicts_of, own_or_after_own};

use super::entity::{
    access_mode, allocation, application, assignment, assignment_hand, assignment_proposal, audit, capacity, decision,
    event, fiscal_year, invitation, job, mail, organisation, owner, person, reading, refused_reading, review, role,
    rules, run, seat, site, step, subsidy, tariff, token, vat_check,
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
            Stand::System => everything(),
            // Staff see that a mail failed, but not the links by which people prove who they are, nor what is said of
            // applications that a conflict hides from them where they judge.
            Stand::Finance | Stand::Administrator => {
                let visible = Condition::all().add(mail::Column::Kind.is_not_in(mail::SECRET_KINDS));
                match actor.person {
                    Some(person) => visible.add(Expr::exists(names_hidden(person)).not()),
                    None => visible,
                }
            }
            _ => nothing(),
        }
    }
}

/// References in a mail of applications that this person must not know of.
fn names_hidden(person: PersonId) -> SelectStatement {
    let hidden = Condition::any()
        .add(application::Column::Id.in_subquery(conflicts_of(person)))
        .add(application::Column::OrganisationId.in_subquery(companies_of(person)));
    let named = |column: &str| Expr::cust(format!("mail.{column} LIKE '%' || application.reference || '%'"));
    application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(hidden)
        .filter(Condition::any().add(named("subject")).add(named("text")))
        .into_query()
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
    access_mode,
    rules,
    tariff,
    subsidy,
    site,
    capacity,
}

/// Officers see what was offered for applications that nothing hides from them.
impl Guarded for allocation::Entity {
    fn visible(actor: &Actor) -> Condition {
        if let (Stand::Officer, Some(person)) = (actor.stand, actor.person) {
            return Condition::all().add(in_sight(allocation::Column::ApplicationId, person));
        }
        match actor.stand {
            Stand::System | Stand::Finance => everything(),
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

/// Its organisation's members see all of theirs; reviewers and officers what was submitted, unless a conflict of
/// interest or a seat in the organisation hides it.
impl Guarded for application::Entity {
    fn visible(actor: &Actor) -> Condition {
        let submitted = application::Column::SubmittedAt.is_not_null();
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Member { organisation, .. }, _) => {
                Condition::all().add(application::Column::OrganisationId.eq(organisation))
            }
            // A conflict is the person's: it goes where they stand.
            (Stand::Reviewer | Stand::Officer | Stand::Finance | Stand::Administrator, Some(person)) => {
                Condition::all()
                    .add(submitted)
                    .add(application::Column::Id.not_in_subquery(conflicts_of(person)))
                    .add(application::Column::OrganisationId.not_in_subquery(companies_of(person)))
            }
            // An operator sees what their site is asked to assess; what is booked, through the allocation.
            (Stand::Operator { site }, Some(person)) => Condition::all()
                .add(submitted)
                .add(application::Column::Id.in_subquery(to_assess_at(site)))
                .add(application::Column::Id.not_in_subquery(conflicts_of(person)))
                .add(application::Column::OrganisationId.not_in_subquery(companies_of(person))),
            _ => nothing(),
        }
    }
}

/// What a conflict, or a seat in its company, hides from a person who decides.
pub(super) fn hidden_from(person: PersonId) -> Condition {
    Condition::any()
        .add(application::Column::Id.in_subquery(conflicts_of(person)))
        .add(application::Column::OrganisationId.in_subquery(companies_of(person)))
}

fn to_assess_at(site: SiteId) -> SelectStatement {
    step::Entity::find()
        .select_only()
        .column(step::Column::ApplicationId)
        .filter(step::Column::State.eq(StepState::Active))
        .filter(step::Column::SiteId.eq(site))
        .into_query()
}

fn companies_of(person: PersonId) -> SelectStatement {
    seat::Entity::find()
        .select_only()
        .column(seat::Column::OrganisationId)
        .filter(seat::Column::PersonId.eq(person))
        .into_query()
}

/// One's own review, and the others' after it; officers see those handed in, of applications that nothing hides.
impl Guarded for review::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Reviewer, Some(person)) => own_or_after_own(person),
            (Stand::Officer, Some(person)) => Condition::all()
                .add(review::Column::HandedInAt.is_not_null())
                .add(in_sight(review::Column::ApplicationId, person)),
            _ => nothing(),
        }
    }
}

/// Officers; who of them sees which application in it is the application's own rule.
impl Guarded for run::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Officer => everything(),
            _ => nothing(),
        }
    }
}

/// Officers; the company through its application, once the decision is in force.
impl Guarded for decision::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System | Stand::Finance, _) => everything(),
            (Stand::Officer, Some(person)) => Condition::all().add(in_sight(decision::Column::ApplicationId, person)),
            (Stand::Member { organisation, .. }, _) => Condition::all()
                .add(
                    decision::Column::ApplicationId.in_subquery(
                        application::Entity::find()
                            .select_only()
                            .column(application::Column::Id)
                            .filter(application::Column::OrganisationId.eq(organisation))
                            .into_query(),
                    ),
                )
                .add(
                    Condition::any()
                        .add(decision::Column::NeedsSecond.eq(false))
                        .add(decision::Column::SignedBy.is_not_null()),
                ),
            _ => nothing(),
        }
    }
}

/// What was proposed and fixed by hand is the officers'; who of them sees which application in it is its own rule.
macro_rules! proposals {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match actor.stand {
                    Stand::System | Stand::Officer => everything(),
                    _ => nothing(),
                }
            }
        }
    )*};
}

proposals! {
    assignment_proposal,
    assignment_hand,
}

/// One's own; officers see those of applications that nothing hides from them.
impl Guarded for assignment::Entity {
    fn visible(actor: &Actor) -> Condition {
        let seen = |person| Condition::all().add(in_sight(assignment::Column::ApplicationId, person));
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer, Some(person)) => seen(person),
            (Stand::Reviewer, Some(person)) => seen(person).add(assignment::Column::PersonId.eq(person)),
            _ => nothing(),
        }
    }
}
