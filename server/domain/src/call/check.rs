//! Eligibility under a call: every rule tested against what is known, with the fact it saw.
//!
//! Tested before the first word, at submit, at award and at booking alike.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Closing, Standing, Terms};
use crate::{
    country,
    gpu::GpuModel,
    mode::{self, Outcome},
    period::brussels_day,
    problem::Problem,
};

/// Whether the organisation owes a final report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reports {
    /// It is not known whose they would be.
    #[default]
    Unknown,
    Complete,
    /// The reference of what is overdue.
    Overdue(String),
}

/// What is known of an applicant under a call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    pub of_mode: mode::Facts,
    /// Applications under the call of the organisation and of its whole group, this one not counted.
    pub own: Option<i64>,
    pub group: Option<i64>,
    /// The code of a call under which the organisation has applied and that goes not together with this one.
    pub applied_elsewhere: Option<String>,
    pub reports: Reports,
    pub model: Option<GpuModel>,
}

/// When eligibility is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// Before the first word.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "start"))]
    Start,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "submit"))]
    Submit,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "award"))]
    Award,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "booking"))]
    Booking,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "invoice"))]
    Invoice,
}

impl Occasion {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Submit => "submit",
            Self::Award => "award",
            Self::Booking => "booking",
            Self::Invoice => "invoice",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    Open,
    Country,
    SizeClass,
    PerOrganisation,
    PerGroup,
    Exclusive,
    Reports,
    Model,
    /// A rule about the wish that every mode has.
    OfMode(mode::Rule),
}

impl Rule {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Country => "country",
            Self::SizeClass => "size-class",
            Self::PerOrganisation => "per-organisation",
            Self::PerGroup => "per-group",
            Self::Exclusive => "exclusive",
            Self::Reports => "reports",
            Self::Model => "model",
            Self::OfMode(rule) => rule.code(),
        }
    }

    /// About the applicant rather than the wish: said before the first word.
    pub const fn is_of_applicant(self) -> bool {
        !matches!(self, Self::OfMode(_) | Self::Model)
    }

    /// The field and the problem that say it fails.
    pub const fn fault(self) -> (&'static str, Problem) {
        match self {
            Self::Open => ("", Problem::CallClosed),
            Self::Country | Self::SizeClass => ("organisation", Problem::NotEligible),
            Self::PerOrganisation => ("", Problem::CallTaken),
            Self::PerGroup => ("", Problem::GroupTaken),
            Self::Exclusive => ("", Problem::ExclusiveCall),
            Self::Reports => ("report", Problem::ReportOverdue),
            Self::Model => ("model", Problem::NotOffered),
            // The mode's own test names these.
            Self::OfMode(_) => ("", Problem::NotEligible),
        }
    }
}

/// The fact that a rule looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    OfMode(mode::Seen),
    Closed(Closing),
    /// A code or a reference.
    Name(String),
}

/// One rule tested against the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub rule: Rule,
    pub outcome: Outcome,
    pub seen: Seen,
}

const fn outcome(holds: Option<bool>) -> Outcome {
    match holds {
        Some(true) => Outcome::Pass,
        Some(false) => Outcome::Fail,
        None => Outcome::Open,
    }
}

fn check(rule: Rule, seen: Seen, holds: Option<bool>) -> Check {
    Check { rule, outcome: outcome(holds), seen }
}

fn count(count: Option<i64>) -> Seen {
    Seen::OfMode(count.map_or(mode::Seen::Nothing, mode::Seen::Count))
}

/// Every rule, in the order of a page, with what it saw.
pub fn fits(terms: &Terms, standing: Standing, facts: &Facts, now: DateTime<Utc>) -> Vec<Check> {
    let admission = &terms.admission;
    let known = &facts.of_mode;
    let on = brussels_day(now);
    let takes_part = known.country.map(|country| {
        country::programmes(country, on).iter().any(|programme| admission.programmes.contains(programme))
    });
    let country = Seen::OfMode(known.country.map_or(mode::Seen::Nothing, mode::Seen::Country));
    let class = Seen::OfMode(known.size_class.map_or(mode::Seen::Nothing, mode::Seen::Class));
    let mut checks = vec![
        open(standing),
        check(Rule::Country, country, takes_part),
        check(Rule::SizeClass, class, known.size_class.map(|class| admission.classes.contains(&class))),
        check(Rule::PerOrganisation, count(facts.own), facts.own.map(|own| own < admission.per_organisation)),
        check(Rule::PerGroup, count(facts.group), facts.group.map(|group| group < admission.per_group)),
    ];
    if !admission.exclusive.is_empty() || facts.applied_elsewhere.is_some() {
        let seen = facts.applied_elsewhere.clone().map_or(count(None), Seen::Name);
        let holds = known.country.map(|_| facts.applied_elsewhere.is_none());
        checks.push(check(Rule::Exclusive, seen, holds));
    }
    if admission.needs_reports {
        checks.push(reports(&facts.reports));
    }
    if !terms.models.is_empty() {
        let seen = facts.model.map_or(count(None), |model| Seen::Name(model.code().to_owned()));
        checks.push(check(Rule::Model, seen, facts.model.map(|model| terms.offers_model(model))));
    }
    let of_wish = terms.mode(0).fits(known, now).into_iter().filter(|found| {
        use mode::Rule as R;
        matches!(found.rule, R::Hours | R::Gpus | R::Months | R::Earliest | R::Feasible)
    });
    checks.extend(of_wish.map(|found| Check {
        rule: Rule::OfMode(found.rule),
        outcome: found.outcome,
        seen: Seen::OfMode(found.seen),
    }));
    checks
}

fn open(standing: Standing) -> Check {
    let (seen, holds) = match standing {
        Standing::Open(round) => (Seen::OfMode(round.map_or(mode::Seen::Nothing, mode::Seen::Instant)), true),
        Standing::Later(from) => (Seen::OfMode(from.map_or(mode::Seen::Nothing, mode::Seen::Instant)), false),
        Standing::Closed(closing) => (Seen::Closed(closing), false),
    };
    check(Rule::Open, seen, Some(holds))
}

fn reports(reports: &Reports) -> Check {
    match reports {
        Reports::Unknown => check(Rule::Reports, count(None), None),
        Reports::Complete => check(Rule::Reports, Seen::OfMode(mode::Seen::Nothing), Some(true)),
        Reports::Overdue(reference) => check(Rule::Reports, Seen::Name(reference.clone()), Some(false)),
    }
}

/// The rules of an access mode itself, for what is applied for without a call. Whoever owes a final report is kept out
/// of all of them.
pub fn of_mode(mode: &mode::Mode, facts: &Facts, now: DateTime<Utc>) -> Vec<Check> {
    let found = mode.fits(&facts.of_mode, now).into_iter();
    found
        .map(|check| {
            let rule = match check.rule {
                mode::Rule::Country => Rule::Country,
                mode::Rule::SizeClass => Rule::SizeClass,
                mode::Rule::Open => Rule::Open,
                mode::Rule::AtOnce => Rule::PerOrganisation,
                rule => Rule::OfMode(rule),
            };
            Check { rule, outcome: check.outcome, seen: Seen::OfMode(check.seen) }
        })
        .chain(std::iter::once(reports(&facts.reports)))
        .collect()
}
