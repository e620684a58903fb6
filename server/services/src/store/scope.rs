//! The condition that an application is in a scope.

use domain::scope::Scope;
use sea_orm::{ColumnTrait, Condition};

use super::entity::application;

/// Under the call, or of the mode and under none.
pub(crate) fn within(scope: Scope) -> Condition {
    match scope {
        Scope::Call(id) => Condition::all().add(application::Column::CallId.eq(id)),
        Scope::Mode(mode) => {
            Condition::all().add(application::Column::Mode.eq(mode.code())).add(application::Column::CallId.is_null())
        }
    }
}
