//! Quotas: how many GPU-hours one project of a company, one company, one undertaking, one country, one call or one pot
//! may have bound; and the slice of a pot that only bookings of one call may take.
//!
//! A booking is held against every quota that concerns it, together, before anything is booked. What is bound is
//! reckoned from what is true: what is granted to what waits or runs, and what was used of what has ended. Refuses to
//! count by itself and to change the past: a cap is a row from a day on, and the latest one is in force.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    country::Country,
    gpu::GpuTime,
    id::{CallId, OrganisationId, ProjectId, QuotaId, SiteId},
    money::BasisPoints,
    problem::{Invalid, Problem},
    typed, usage,
};

/// Characters of a reason.
pub const REASON_MAX: i64 = 500;
coded! {
    /// What a quota is of, in the order in which they are checked.
    Kind {
        /// What a company gave one of its own projects.
        Project "project",
        Organisation "organisation",
        /// A single undertaking by its ownership links, named by any company of it.
        Group "group",
        Country "country",
        Call "call",
        /// A pot, or what it pays for at one site.
        Pot "pot",
        /// Of a pot's quota, what is kept for bookings under one call: nobody else is given it.
        Reserve "reserve",
    }
}

impl Kind {
    /// Whether the programme's officers are told how full it is: it is not one company's own.
    pub const fn is_of_the_programme(self) -> bool {
        matches!(self, Self::Country | Self::Call | Self::Pot | Self::Reserve)
    }

    const fn problem(self, free: i64) -> Problem {
        match self {
            Self::Project => Problem::QuotaProject { free },
            Self::Organisation => Problem::QuotaOrganisation { free },
            Self::Group => Problem::QuotaGroup { free },
            Self::Country => Problem::QuotaCountry { free },
            Self::Call => Problem::QuotaCall { free },
            Self::Pot | Self::Reserve => Problem::QuotaPot { free },
        }
    }
}

/// Whose hours a quota limits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    Project(ProjectId),
    Organisation(OrganisationId),
    Group(OrganisationId),
    Country(Country),
    Call(CallId),
    Pot(String, Option<SiteId>),
    Reserve(Slice),
}

/// A part of a pot's quota, everywhere or at one site, for bookings under one call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slice {
    pub pot: String,
    pub site: Option<SiteId>,
    pub call: CallId,
}

/// How a quota is called: what `text` makes a name of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    pub kind: Kind,
    /// A project's or a company's name, a call's code, or the code of a country or a pot.
    pub of: String,
    pub site: Option<String>,
    /// Code of the call that a slice is kept for.
    pub call: Option<String>,
}

impl Scope {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Project(_) => Kind::Project,
            Self::Organisation(_) => Kind::Organisation,
            Self::Group(_) => Kind::Group,
            Self::Country(_) => Kind::Country,
            Self::Call(_) => Kind::Call,
            Self::Pot(..) => Kind::Pot,
            Self::Reserve(_) => Kind::Reserve,
        }
    }
}

/// One cap from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    pub id: QuotaId,
    pub scope: Scope,
    /// `None` lifts what was in force before.
    pub most: Option<GpuTime>,
    pub valid_from: NaiveDate,
    /// Only what was booked from this day on counts.
    pub counts_from: Option<NaiveDate>,
}

/// The caps in force on a day, one a scope, in the order of scopes: the one that begins last, and of those of one day
/// the one that was set last.
pub fn in_force(caps: &[Cap], on: NaiveDate) -> Vec<Cap> {
    let mut begun: Vec<&Cap> = caps.iter().filter(|cap| cap.valid_from <= on).collect();
    begun.sort_by(|a, b| (&a.scope, b.valid_from, b.id).cmp(&(&b.scope, a.valid_from, a.id)));
    begun.dedup_by(|later, earlier| later.scope == earlier.scope);
    begun.into_iter().filter(|cap| cap.most.is_some()).cloned().collect()
}

/// A cap in force with what is bound of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub id: QuotaId,
    pub kind: Kind,
    pub most: GpuTime,
    pub bound: GpuTime,
    /// Of a pot, what is kept for others and not bound yet.
    pub reserved: GpuTime,
}

impl Standing {
    /// Nought where more is bound than a cap that was lowered later.
    pub fn free(&self) -> GpuTime {
        let taken = self.bound.checked_add(self.reserved);
        let free = taken.and_then(|taken| self.most.checked_sub(taken));
        free.unwrap_or_default().max(GpuTime::ZERO)
    }

    pub fn share(&self) -> BasisPoints {
        usage::share(self.bound, self.most)
    }

    /// As it stands once so much more is bound.
    pub fn with(&self, more: GpuTime) -> Self {
        Self { bound: self.bound.checked_add(more).unwrap_or(GpuTime::seconds(i64::MAX)), ..self.clone() }
    }

    pub fn has_room_for(&self, more: GpuTime) -> bool {
        more <= self.free()
    }
}

/// What of these slices, each kept and bound so much, is still kept for bookings of theirs.
pub fn unfilled(slices: &[(GpuTime, GpuTime)]) -> GpuTime {
    let left = slices.iter().map(|(kept, bound)| kept.checked_sub(*bound).unwrap_or_default().max(GpuTime::ZERO));
    GpuTime::sum(left).unwrap_or(GpuTime::seconds(i64::MAX))
}

/// Whether so much more fits into all of them at once; every quota that it does not fit into is named, at this field.
pub fn check(standings: &[Standing], more: GpuTime, field: &str) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    // A slice is nobody's cap: its call may take more than that, as everybody may.
    let caps = standings.iter().filter(|standing| standing.kind != Kind::Reserve);
    for full in caps.filter(|standing| !standing.has_room_for(more)) {
        invalid.add(field, full.kind.problem(full.free().whole_hours()));
    }
    invalid.or(())
}

/// When people are told, and how long jobs may go on after an award is used up: as laid down from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub valid_from: NaiveDate,
    /// Per cent of a quota or an award, the lower first.
    pub steps: [i32; 2],
    pub grace: TimeDelta,
}

/// The policy of a day, the latest that had begun.
pub fn policy_on(rows: &[Policy], on: NaiveDate) -> Option<Policy> {
    rows.iter().filter(|row| row.valid_from <= on).max_by_key(|row| row.valid_from).copied()
}

/// A cap as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedQuota {
    pub kind: String,
    /// Legal name or registration number; of a group, those of any company of it.
    pub company: String,
    pub country: String,
    pub call: String,
    pub pot: String,
    /// Id of a site; nothing for all of them.
    pub site: String,
    pub hours: String,
    pub valid_from: String,
    pub counts_from: String,
    pub reason: String,
}

/// Of what, as far as it can be read without knowing who is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A company or the group of a company, by name or number.
    Company(Kind, String),
    Other(Scope),
}

/// A cap as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub of: Wanted,
    pub most: Option<GpuTime>,
    pub valid_from: NaiveDate,
    pub counts_from: Option<NaiveDate>,
    pub reason: String,
}

/// Reads the form; `pots` are those that pay for anything. A cap begins today at the earliest: the past is not changed.
pub fn read(typed: &TypedQuota, pots: &[String], today: NaiveDate) -> Result<Read, Invalid> {
    let mut invalid = Invalid::default();
    let of = scope(typed, pots).map_err(|(field, problem)| invalid.add(field, problem)).ok();
    let most = typed::optional(&typed.hours, typed::gpu_hours).unwrap_or_else(|problem| {
        invalid.add("hours", problem);
        None
    });
    let valid_from =
        typed::date(&typed.valid_from).and_then(|day| if day < today { Err(Problem::BeforeToday) } else { Ok(day) });
    let valid_from = valid_from.unwrap_or_else(|problem| {
        invalid.add("valid_from", problem);
        today
    });
    let counts_from = typed::optional(&typed.counts_from, typed::date).unwrap_or_else(|problem| {
        invalid.add("counts_from", problem);
        None
    });
    let reason = typed::reason(&typed.reason, REASON_MAX).unwrap_or_else(|problem| {
        invalid.add("reason", problem);
        String::new()
    });
    match of {
        Some(of) => invalid.or(Read { of, most, valid_from, counts_from, reason }),
        None => Err(invalid),
    }
}

fn scope(typed: &TypedQuota, pots: &[String]) -> Result<Wanted, (&'static str, Problem)> {
    let kind = Kind::from_code(&typed.kind).ok_or(("kind", Problem::Required))?;
    Ok(match kind {
        Kind::Organisation | Kind::Group => Wanted::Company(kind, given(&typed.company, "company")?),
        Kind::Country => {
            let code = given(&typed.country, "country")?;
            let country = Country::from_code(&code).filter(|country| Country::choices().contains(country));
            Wanted::Other(Scope::Country(country.ok_or(("country", Problem::NotAChoice))?))
        }
        // A company's own to give.
        Kind::Project => return Err(("kind", Problem::NotAChoice)),
        Kind::Call => Wanted::Other(Scope::Call(call(typed)?)),
        Kind::Pot => {
            let (pot, site) = part_of_pot(typed, pots)?;
            Wanted::Other(Scope::Pot(pot, site))
        }
        Kind::Reserve => {
            let (pot, site) = part_of_pot(typed, pots)?;
            Wanted::Other(Scope::Reserve(Slice { pot, site, call: call(typed)? }))
        }
    })
}

fn given(text: &str, field: &'static str) -> Result<String, (&'static str, Problem)> {
    let text = text.trim();
    if text.is_empty() { Err((field, Problem::Required)) } else { Ok(text.to_owned()) }
}

fn call(typed: &TypedQuota) -> Result<CallId, (&'static str, Problem)> {
    given(&typed.call, "call")?.parse().map_err(|_| ("call", Problem::NotAChoice))
}

fn part_of_pot(typed: &TypedQuota, pots: &[String]) -> Result<(String, Option<SiteId>), (&'static str, Problem)> {
    let pot = given(&typed.pot, "pot")?;
    if !pots.contains(&pot) {
        return Err(("pot", Problem::NotAChoice));
    }
    let site = typed.site.trim();
    let site = if site.is_empty() { None } else { Some(site.parse().map_err(|_| ("site", Problem::NotAChoice))?) };
    Ok((pot, site))
}

#[cfg(test)]
#[path = "quota_tests.rs"]
mod tests;
