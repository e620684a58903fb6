//! Projects of a company, among which its owner divides its GPU-hours.
//!
//! Refuses to give away more than a company has: all shares together stay within its quota, where it has one.

use serde::{Deserialize, Serialize};

use crate::{
    gpu::GpuTime,
    problem::{Invalid, Problem},
    quota, typed,
};

const NAME_MAX: i64 = 100;

/// A new project as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedProject {
    pub name: String,
}

/// What a project is given, as typed: whole GPU-hours, nothing to lift what it was given before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedShare {
    pub hours: String,
    pub reason: String,
}

/// What a project is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub most: Option<GpuTime>,
    pub reason: String,
}

/// Errors at `name`.
pub fn name(typed: &TypedProject) -> Result<String, Invalid> {
    typed::line(&typed.name, NAME_MAX).map_err(|problem| Invalid::one("name", problem))
}

/// `whole` is what the company may have bound, if that is limited; `others` is what its other projects were given.
/// Errors at `hours` and `reason`.
pub fn share(typed: &TypedShare, whole: Option<GpuTime>, others: GpuTime) -> Result<Share, Invalid> {
    let mut invalid = Invalid::default();
    let most = typed::optional(&typed.hours, typed::gpu_hours).unwrap_or_else(|problem| {
        invalid.add("hours", problem);
        None
    });
    if let (Some(most), Some(whole)) = (most, whole) {
        let free = whole.checked_sub(others).unwrap_or_default().max(GpuTime::ZERO);
        if most > free {
            invalid.add("hours", Problem::QuotaShared { free: free.whole_hours() });
        }
    }
    let reason = typed::reason(&typed.reason, quota::REASON_MAX).unwrap_or_else(|problem| {
        invalid.add("reason", problem);
        String::new()
    });
    invalid.or(Share { most, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h(hours: i64) -> GpuTime {
        GpuTime::hours(hours).unwrap()
    }

    fn typed(hours: &str) -> TypedShare {
        TypedShare { hours: hours.to_owned(), reason: "The model of spring.".to_owned() }
    }

    #[test]
    fn all_shares_together_stay_within_what_the_company_has() {
        let given = |hours: &str| share(&typed(hours), Some(h(1_000)), h(700)).map(|share| share.most);
        assert_eq!(given("300"), Ok(Some(h(300))));
        assert_eq!(given("301"), Err(Invalid::one("hours", Problem::QuotaShared { free: 300 })));
        assert_eq!(given(""), Ok(None), "lifted");
        assert_eq!(share(&typed("5 000"), None, h(700)).unwrap().most, Some(h(5_000)), "a company without a limit");
        let over = share(&typed("1"), Some(h(500)), h(700));
        assert_eq!(over, Err(Invalid::one("hours", Problem::QuotaShared { free: 0 })));
        let wrong = share(&TypedShare { hours: "-1".to_owned(), reason: String::new() }, None, h(0)).unwrap_err();
        let fields: Vec<&str> = wrong.0.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["hours", "reason"]);
    }

    #[test]
    fn a_project_has_a_name() {
        assert_eq!(name(&TypedProject { name: " Weather ".to_owned() }), Ok("Weather".to_owned()));
        assert_eq!(name(&TypedProject::default()), Err(Invalid::one("name", Problem::Required)));
    }
}
