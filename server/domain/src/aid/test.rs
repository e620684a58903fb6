//! The test of one grant: every rule of its regime, with the facts it saw, kept as the tests of eligibility are.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    Article, Counted,
    ceiling::{self, Alternative, Room},
    declaration, gber,
};
use crate::{
    coded::coded,
    country::Country,
    gpu::GpuTime,
    id::OrganisationId,
    mode::Outcome,
    money::{BasisPoints, Money, Overflow, Rate},
    organisation::SizeClass,
    pricing::Regime,
    problem::Problem,
};

coded! {
    Rule {
        /// A Regulation covers grants of that day.
        InForce "in_force",
        /// Not the primary production that Reg. (EU) 2023/2831, Art. 1(1) leaves out.
        Sector "sector",
        /// A declaration of other aid, as told as it must be (Art. 7(4)).
        Declaration "declaration",
        /// Not a cent above what a Member State may give an undertaking in three years (Art. 3(2)).
        Ceiling "ceiling",
        /// The article is for undertakings of this size, and the share is not above its intensity.
        Intensity "intensity",
        /// With other aid for the same costs not above the highest intensity (Reg. (EU) 2023/2831, Art. 5(3);
        /// Reg. (EU) No 651/2014, Art. 8(3)).
        Cumulation "cumulation",
        /// Support services: the amount of three years (Art. 28(4)).
        Cap "cap",
        /// The application came before the work began (Art. 6(2)).
        Incentive "incentive",
        /// Not in difficulty (Art. 1(4)(c)).
        Difficulty "difficulty",
        /// No unpaid order to recover unlawful aid (Art. 1(4)(a)).
        Recovery "recovery",
    }
}

/// A company of the undertaking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: OrganisationId,
    pub name: String,
}

/// What a declaration said that counts here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    pub on: NaiveDate,
    pub text_version: i32,
    pub same_costs: Money,
    pub in_difficulty: bool,
    pub owes_recovery: bool,
}

/// Everything that the test of a grant looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The day of the grant, in Brussels.
    pub on: NaiveDate,
    pub state: Country,
    pub pot: String,
    pub regime: Regime,
    pub article: Article,
    pub has_bonus: bool,
    pub has_tail: bool,
    pub organisation: OrganisationId,
    /// The single undertaking, as it is on that day.
    pub members: Vec<Member>,
    pub nace: String,
    pub size_class: SizeClass,
    pub gpu_time: GpuTime,
    /// The reference price, with its source and day.
    pub list_rate: Rate,
    pub price_source: String,
    pub priced_on: NaiveDate,
    /// What the hours cost at the reference price: the cost that aid is held against.
    pub cost: Money,
    /// The gross grant equivalent.
    pub amount: Money,
    /// Aid of the undertaking from this State, here and declared, that may count; this grant not among it.
    pub aid: Vec<Counted>,
    /// The latest declaration of the company about this State.
    pub declared: Option<Declared>,
    pub submitted_on: Option<NaiveDate>,
    /// The earliest day on which the work may begin, as the application says; and whether it says that it has not.
    pub starts_on: Option<NaiveDate>,
    pub not_started: bool,
    /// Other pots that pay this size something, with their regimes.
    pub pots: Vec<(String, Regime)>,
}

/// What a rule looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    Nothing,
    Text(String),
    Day(NaiveDate),
    /// What counted before, what this adds, and the most there may be.
    Amounts {
        before: Money,
        this: Money,
        most: Money,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub rule: Rule,
    pub outcome: Outcome,
    pub seen: Seen,
}

/// A test with what it looked at and, for de minimis aid, what could be had instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    pub facts: Facts,
    pub checks: Vec<Check>,
    pub room: Option<Room>,
    pub alternatives: Vec<Alternative>,
}

impl Tested {
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.outcome == Outcome::Pass)
    }

    /// Whole euro that are left, for the words of a refusal.
    fn left(&self) -> i64 {
        self.room.as_ref().map_or(0, |room| room.left.as_cents() / 100)
    }

    /// The first rule that does not hold, as a form says it: at the hours where fewer of them could help.
    pub fn fault(&self) -> Option<(&'static str, Problem)> {
        let failed = self.checks.iter().find(|check| check.outcome != Outcome::Pass)?;
        Some(match failed.rule {
            Rule::InForce => ("", Problem::AidNotInForce),
            Rule::Sector => ("", Problem::AidSector),
            Rule::Declaration => ("", Problem::AidDeclaration),
            Rule::Ceiling => ("hours", Problem::AidCeiling { max: self.left() }),
            Rule::Intensity => ("", Problem::AidIntensity),
            Rule::Cumulation => ("hours", Problem::AidCumulation),
            Rule::Cap => ("hours", Problem::AidCeiling { max: self.left() }),
            Rule::Incentive => ("", Problem::AidIncentive),
            Rule::Difficulty => ("", Problem::AidDifficulty),
            Rule::Recovery => ("", Problem::AidRecovery),
        })
    }
}

/// Every rule of the regime against the facts. Aid that is none has no rules, and no test.
pub fn test(facts: Facts, quote: &crate::pricing::Quote) -> Result<Tested, Overflow> {
    let (checks, room) = match facts.regime {
        Regime::DeMinimis => de_minimis(&facts)?,
        Regime::Gber => exempted(&facts)?,
        Regime::UnionResources | Regime::Market => (Vec::new(), None),
    };
    let is_over = checks.iter().any(|check| check.rule == Rule::Ceiling && check.outcome == Outcome::Fail);
    let alternatives = match &room {
        Some(room) if is_over => ceiling::alternatives(room, quote, facts.gpu_time, &facts.pots)?,
        _ => Vec::new(),
    };
    Ok(Tested { facts, checks, room, alternatives })
}

fn check(rule: Rule, holds: bool, seen: Seen) -> Check {
    Check { rule, outcome: if holds { Outcome::Pass } else { Outcome::Fail }, seen }
}

fn declaration(facts: &Facts, is_needed: bool) -> Check {
    let told = facts.declared.as_ref().filter(|declared| facts.on <= declaration::stands_until(declared.on));
    let seen = facts.declared.as_ref().map_or(Seen::Nothing, |declared| Seen::Day(declared.on));
    check(Rule::Declaration, told.is_some() || !is_needed, seen)
}

fn de_minimis(facts: &Facts) -> Result<(Vec<Check>, Option<Room>), Overflow> {
    let limit = ceiling::on(facts.on, facts.has_tail);
    let Some(limit) = limit else { return Ok((vec![check(Rule::InForce, false, Seen::Day(facts.on))], None)) };
    let room = ceiling::room(limit, &facts.aid, facts.on)?;
    let amounts = Seen::Amounts { before: room.used, this: facts.amount, most: limit };
    let checks = vec![
        check(Rule::InForce, true, Seen::Day(facts.on)),
        check(Rule::Sector, !ceiling::excludes(&facts.nace, facts.on), Seen::Text(facts.nace.clone())),
        declaration(facts, declaration::is_needed(facts.on)),
        check(Rule::Ceiling, room.fits(facts.amount), amounts),
        same_costs(facts, highest(facts))?,
    ];
    Ok((checks, Some(room)))
}

/// The highest intensity that a block exemption fixes for such costs of an undertaking of this size: support services
/// for SMEs, industrial research for others.
fn highest(facts: &Facts) -> BasisPoints {
    let of = |article| gber::intensity(article, facts.size_class, false, facts.on);
    of(Article::SmeSupport).or_else(|| of(Article::Industrial)).unwrap_or(BasisPoints::WHOLE)
}

/// With what was declared for the same costs; alone, an amount is held against its own rule.
fn same_costs(facts: &Facts, most: BasisPoints) -> Result<Check, Overflow> {
    let before = facts.declared.as_ref().map(|declared| declared.same_costs).unwrap_or_default();
    let cumulated = gber::cumulated(facts.amount, before, facts.cost, most)?;
    let seen = Seen::Amounts { before, this: facts.amount, most: cumulated.most };
    Ok(check(Rule::Cumulation, before.is_zero() || cumulated.holds(), seen))
}

fn exempted(facts: &Facts) -> Result<(Vec<Check>, Option<Room>), Overflow> {
    let until = gber::in_force_until(facts.on, facts.has_tail);
    let Some(until) = until else { return Ok((vec![check(Rule::InForce, false, Seen::Day(facts.on))], None)) };
    let most = gber::intensity(facts.article, facts.size_class, facts.has_bonus, facts.on).unwrap_or_default();
    let allowed = facts.cost.share(most)?;
    let is_free_of = |fault: fn(&Declared) -> bool| !facts.declared.as_ref().is_some_and(fault);
    let is_before = facts.not_started
        && facts.submitted_on.zip(facts.starts_on).is_some_and(|(submitted, starts)| submitted <= starts);
    let mut checks = vec![
        check(Rule::InForce, true, Seen::Day(until)),
        declaration(facts, true),
        check(Rule::Difficulty, is_free_of(|declared| declared.in_difficulty), Seen::Nothing),
        check(Rule::Recovery, is_free_of(|declared| declared.owes_recovery), Seen::Nothing),
        check(Rule::Incentive, is_before, facts.starts_on.map_or(Seen::Nothing, Seen::Day)),
        check(
            Rule::Intensity,
            facts.amount <= allowed && most > BasisPoints::ZERO,
            Seen::Amounts { before: Money::ZERO, this: facts.amount, most: allowed },
        ),
        same_costs(facts, most)?,
    ];
    let room = match gber::cap(facts.article, facts.on) {
        Some(cap) => Some(ceiling::room(cap, &facts.aid, facts.on)?),
        None => None,
    };
    if let Some(room) = &room {
        let seen = Seen::Amounts { before: room.used, this: facts.amount, most: room.ceiling };
        checks.push(check(Rule::Cap, room.fits(facts.amount), seen));
    }
    Ok((checks, room))
}

#[cfg(test)]
#[path = "test_tests.rs"]
mod tests;
