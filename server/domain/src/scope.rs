//! What is reviewed, compared and decided together: one call, or everything of an access mode that is under no call.
//!
//! Terms are accepted for a scope, rules of reviewing are made for it, reviews are given out, scored and ranked in it.

use std::fmt;

use crate::{id::CallId, mode::Code};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Mode(Code),
    Call(CallId),
}

impl Scope {
    /// Of an application: its call, or else its mode.
    pub fn of(mode: &str, call: Option<CallId>) -> Option<Self> {
        call.map(Self::Call).or_else(|| Code::from_code(mode).map(Self::Mode))
    }

    /// As in addresses and in what is kept: the code of the mode, or the id of the call.
    pub fn parse(code: &str) -> Option<Self> {
        Code::from_code(code).map(Self::Mode).or_else(|| code.parse().ok().map(Self::Call))
    }

    pub const fn call(self) -> Option<CallId> {
        match self {
            Self::Call(id) => Some(id),
            Self::Mode(_) => None,
        }
    }
}

impl From<Code> for Scope {
    fn from(mode: Code) -> Self {
        Self::Mode(mode)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mode(mode) => write!(out, "{mode}"),
            Self::Call(id) => write!(out, "{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_scope_is_read_back_from_what_is_kept() {
        let call = CallId::from_uuid(Uuid::from_u128(7));
        for scope in [Scope::Mode(Code::PG), Scope::Mode(Code::LS), Scope::Call(call)] {
            assert_eq!(Scope::parse(&scope.to_string()), Some(scope));
        }
        assert_eq!(Scope::parse("XX"), None);
        assert_eq!(Scope::of("PG", None), Some(Scope::Mode(Code::PG)));
        assert_eq!(Scope::of("PG", Some(call)), Some(Scope::Call(call)));
        assert_eq!(Scope::of("XX", None), None);
    }
}
