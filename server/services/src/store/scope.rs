//! The condition that something is of a scope.

use domain::scope::Scope;
use sea_orm::{ColumnTrait, Condition};

use super::entity::application;

/// Applications under the call, or of the mode and under none.
pub(crate) fn within(scope: Scope) -> Condition {
    of(scope, application::Column::Mode, application::Column::CallId)
}

/// What these two columns say is of the call, or of the mode and under none.
pub(crate) fn of(scope: Scope, mode: impl ColumnTrait, call: impl ColumnTrait) -> Condition {
    match scope {
        Scope::Call(id) => Condition::all().add(call.eq(id)),
        Scope::Mode(code) => Condition::all().add(mode.eq(code.code())).add(call.is_null()),
    }
}
