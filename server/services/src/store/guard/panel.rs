//! Panels: those who sit in one see it, officers see all; of an agenda everybody sees what no conflict hides.

use domain::{
    actor::{Actor, Stand},
    id::PersonId,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement};

use super::{
    super::entity::{application, award_list, lot, panel, panel_addendum, panel_ballot, panel_item, panel_member},
    Guarded, everything, hidden_from, nothing,
};

fn panels_of(person: PersonId) -> SelectStatement {
    panel_member::Entity::find()
        .select_only()
        .column(panel_member::Column::PanelId)
        .filter(panel_member::Column::PersonId.eq(person))
        .into_query()
}

/// Applications that a conflict, or a seat in the company, hides.
fn hidden(person: PersonId) -> SelectStatement {
    application::Entity::find().select_only().column(application::Column::Id).filter(hidden_from(person)).into_query()
}

/// Everything of a panel's for officers, of their own panels for reviewers.
fn of_panel(actor: &Actor, panel: impl ColumnTrait) -> Condition {
    match (actor.stand, actor.person) {
        (Stand::System, _) | (Stand::Officer, Some(_)) => everything(),
        (Stand::Reviewer, Some(person)) => Condition::all().add(panel.in_subquery(panels_of(person))),
        _ => nothing(),
    }
}

impl Guarded for panel::Entity {
    fn visible(actor: &Actor) -> Condition {
        of_panel(actor, panel::Column::Id)
    }
}

impl Guarded for panel_member::Entity {
    fn visible(actor: &Actor) -> Condition {
        of_panel(actor, panel_member::Column::PanelId)
    }
}

impl Guarded for panel_item::Entity {
    fn visible(actor: &Actor) -> Condition {
        let seen = of_panel(actor, panel_item::Column::PanelId);
        match actor.person {
            Some(person) => seen.add(panel_item::Column::ApplicationId.not_in_subquery(hidden(person))),
            None => seen,
        }
    }
}

/// One's own; what the others' come to is worked out, never shown one by one.
impl Guarded for panel_ballot::Entity {
    fn visible(actor: &Actor) -> Condition {
        match (actor.stand, actor.person) {
            (Stand::System, _) => everything(),
            (Stand::Officer | Stand::Reviewer, Some(person)) => {
                Condition::all().add(panel_ballot::Column::PersonId.eq(person))
            }
            _ => nothing(),
        }
    }
}

/// What is about an application is for those who may see it.
impl Guarded for panel_addendum::Entity {
    fn visible(actor: &Actor) -> Condition {
        let seen = of_panel(actor, panel_addendum::Column::PanelId);
        let Some(person) = actor.person else { return seen };
        let about = panel_item::Entity::find()
            .select_only()
            .column(panel_item::Column::Id)
            .filter(panel_item::Column::ApplicationId.in_subquery(hidden(person)))
            .into_query();
        seen.add(
            Condition::any()
                .add(panel_addendum::Column::ItemId.is_null())
                .add(panel_addendum::Column::ItemId.not_in_subquery(about)),
        )
    }
}

/// Public; the seed leaves the crate only once it is revealed.
impl Guarded for lot::Entity {
    fn visible(_: &Actor) -> Condition {
        everything()
    }
}

/// The lines of a list are shown only of applications that the reader may see.
impl Guarded for award_list::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Officer => everything(),
            _ => nothing(),
        }
    }
}
