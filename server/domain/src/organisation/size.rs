//! The size test of Recommendation 2003/361/EC, and above it that of small mid-caps, with every step kept.
//!
//! The result says which figures were added at what share and which ceilings they were held against, so that a page
//! can show the arithmetic. Refuses to guess: a holding that counts but has no figures makes the result incomplete.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Direction, Figures, HolderKind, Holding, Staff, Year};
use crate::money::{BasisPoints, Money};

/// Size classes, smallest first. `Micro`, `Small` and `Medium` are SMEs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum SizeClass {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "micro"))]
    Micro,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "small"))]
    Small,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "medium"))]
    Medium,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "small_mid_cap"))]
    SmallMidCap,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "large"))]
    Large,
}

impl SizeClass {
    pub const ALL: [Self; 5] = [Self::Micro, Self::Small, Self::Medium, Self::SmallMidCap, Self::Large];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::SmallMidCap => "small_mid_cap",
            Self::Large => "large",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }

    pub const fn is_sme(self) -> bool {
        matches!(self, Self::Micro | Self::Small | Self::Medium)
    }
}

/// The ceilings of one class: staff strictly below, and turnover or balance sheet not above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceiling {
    pub class: SizeClass,
    pub staff: Staff,
    pub turnover: Money,
    pub balance: Money,
}

type CeilingRow = (SizeClass, i64, i64, i64, (i32, u32, u32));

/// Class, people, turnover and balance sheet in millions of euro, first day. The first three are Rec. 2003/361/EC,
/// Annex, Art. 2; the last is Rec. (EU) 2025/1099.
const CEILINGS: &[CeilingRow] = &[
    (SizeClass::Micro, 10, 2, 2, (2005, 1, 1)),
    (SizeClass::Small, 50, 10, 10, (2005, 1, 1)),
    (SizeClass::Medium, 250, 50, 43, (2005, 1, 1)),
    (SizeClass::SmallMidCap, 750, 150, 129, (2025, 5, 21)),
];

/// Shares below this are not counted (Annex, Art. 3(2)).
const PARTNER_FROM: i32 = 2_500;
/// Shares above this are control (Annex, Art. 3(3)).
const LINKED_ABOVE: i32 = 5_000;
/// Public bodies together from this share on exclude SME status (Annex, Art. 3(4)).
const PUBLIC_FROM: i32 = 2_500;
/// Nobody enters more generations than this; deeper ones are not followed.
const GENERATIONS: usize = 12;

/// The ceilings in force on a day, smallest first.
pub fn ceilings(on: NaiveDate) -> Vec<Ceiling> {
    const CENTS_PER_MILLION: i64 = 100_000_000;
    CEILINGS
        .iter()
        .filter(|(.., (y, m, d))| NaiveDate::from_ymd_opt(*y, *m, *d).is_some_and(|since| since <= on))
        .map(|(class, people, turnover, balance, _)| Ceiling {
            class: *class,
            staff: Staff::people(*people),
            turnover: Money::cents(turnover * CENTS_PER_MILLION),
            balance: Money::cents(balance * CENTS_PER_MILLION),
        })
        .collect()
}

/// How a holder or holding enters the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The organisation itself.
    Own,
    /// Control: counted whole, with everything it controls.
    Linked,
    /// From 25 % to 50 %: counted by its share, with everything it controls.
    Partner,
    /// An investor of the exempt kinds with at most half: not counted.
    Exempt,
    /// Below 25 %: not counted.
    Autonomous,
    /// A natural person: has no figures; only what they control is counted.
    Person,
}

/// One row of the sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub name: String,
    pub relation: Relation,
    pub kind: HolderKind,
    /// 0 for the organisation, 1 for its owners and holdings, 2 for theirs.
    pub generation: usize,
    /// The share of its figures that was added.
    pub counted_share: BasisPoints,
    /// Its share as entered, or of all that act with it.
    pub held: BasisPoints,
    /// `None`: none known.
    pub whole: Option<Figures>,
    /// What was added, rounded for showing; the sum itself is exact.
    pub counted: Figures,
}

/// One class's ceilings held against one year's sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    pub ceiling: Ceiling,
    pub staff_holds: bool,
    pub turnover_holds: bool,
    pub balance_holds: bool,
}

impl Test {
    /// Staff must hold, and one of the two sums of money.
    pub const fn holds(&self) -> bool {
        self.staff_holds && (self.turnover_holds || self.balance_holds)
    }
}

/// One year's sum and what it alone would say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearResult {
    pub ends: NaiveDate,
    pub estimated: bool,
    pub lines: Vec<Line>,
    pub total: Figures,
    pub tests: Vec<Test>,
    pub class: SizeClass,
}

/// The size class on a day, with everything that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub on: NaiveDate,
    pub class: SizeClass,
    /// Oldest first.
    pub years: Vec<YearResult>,
    /// The latest year alone says otherwise, but one year does not change the status (Annex, Art. 4(2)).
    pub kept_from_before: bool,
    /// What public bodies hold together.
    pub public_share: BasisPoints,
    /// The public share alone excludes SME status.
    pub public_excludes: bool,
    /// A holding that counts has no figures: the true class may be larger.
    pub incomplete: bool,
}

/// The size class on a day; `None` without a single year of figures.
///
/// Today's owners and holdings, with their latest figures, are applied to every year, so that a takeover tells at
/// once while a good or bad year of one's own tells only when the next confirms it.
pub fn assess(years: &[Year], relations: &[Holding], on: NaiveDate) -> Option<Assessment> {
    let mut lines = Vec::new();
    collect(relations, 1, Scope::Whole, &mut lines);
    let mut own = years.to_vec();
    own.sort_by_key(|year| year.ends);
    let ceilings = ceilings(on);
    let results: Vec<YearResult> = own.iter().map(|year| of_year(year, &lines, &ceilings)).collect();
    let latest = results.last()?;
    let steady = steady(&results, &ceilings);
    let public_share = public_share(relations);
    let public_excludes = public_share.get() >= PUBLIC_FROM;
    let incomplete =
        lines.iter().any(|line| matches!(line.relation, Relation::Linked | Relation::Partner) && line.whole.is_none());
    Some(Assessment {
        on,
        class: if public_excludes { SizeClass::Large } else { steady },
        kept_from_before: latest.class != steady,
        years: results,
        public_share,
        public_excludes,
        incomplete,
    })
}

/// The status after each ceiling has changed sides only when two years in a row were on the new one.
fn steady(years: &[YearResult], ceilings: &[Ceiling]) -> SizeClass {
    ceilings
        .iter()
        .enumerate()
        .find(|(index, _)| {
            let mut sides = years.iter().map(|year| year.tests.get(*index).is_some_and(Test::holds));
            let first = sides.next().unwrap_or(false);
            let (within, _) =
                sides.fold((first, first), |(status, before), side| (if side == before { side } else { status }, side));
            within
        })
        .map_or(SizeClass::Large, |(_, ceiling)| ceiling.class)
}

fn of_year(year: &Year, others: &[Line], ceilings: &[Ceiling]) -> YearResult {
    let mut lines = vec![Line {
        name: String::new(),
        relation: Relation::Own,
        kind: HolderKind::Enterprise,
        generation: 0,
        counted_share: BasisPoints::WHOLE,
        held: BasisPoints::WHOLE,
        whole: Some(year.figures),
        counted: year.figures,
    }];
    lines.extend_from_slice(others);
    let sum = Sum::of(&lines);
    let tests: Vec<Test> = ceilings
        .iter()
        .map(|ceiling| Test {
            ceiling: *ceiling,
            staff_holds: sum.staff < Sum::scaled(ceiling.staff.as_hundredths()),
            turnover_holds: sum.turnover <= Sum::scaled(ceiling.turnover.as_cents()),
            balance_holds: sum.balance <= Sum::scaled(ceiling.balance.as_cents()),
        })
        .collect();
    let class = tests.iter().find(|test| test.holds()).map_or(SizeClass::Large, |test| test.ceiling.class);
    YearResult { ends: year.ends, estimated: year.estimated, lines, total: sum.rounded(), tests, class }
}

/// Exact sums: every figure times its share in basis points.
#[derive(Default)]
struct Sum {
    staff: i128,
    turnover: i128,
    balance: i128,
}

impl Sum {
    fn scaled(figure: i64) -> i128 {
        i128::from(figure) * i128::from(BasisPoints::WHOLE.get())
    }

    fn of(lines: &[Line]) -> Self {
        let mut sum = Self::default();
        for line in lines {
            let (Some(figures), share) = (line.whole, i128::from(line.counted_share.get())) else { continue };
            sum.staff += i128::from(figures.staff.as_hundredths()) * share;
            sum.turnover += i128::from(figures.turnover.as_cents()) * share;
            sum.balance += i128::from(figures.balance.as_cents()) * share;
        }
        sum
    }

    fn rounded(&self) -> Figures {
        let down = |scaled: i128| {
            let whole = i128::from(BasisPoints::WHOLE.get());
            i64::try_from((scaled + whole / 2).div_euclid(whole)).unwrap_or(i64::MAX)
        };
        Figures {
            staff: Staff::hundredths(down(self.staff)),
            turnover: Money::cents(down(self.turnover)),
            balance: Money::cents(down(self.balance)),
        }
    }
}

/// Whose relations are looked at, and at what share they would be counted.
#[derive(Clone, Copy)]
enum Scope {
    /// Ours, or those of an enterprise linked with us: linked whole, partners by their share.
    Whole,
    /// Those of a partner: what is linked with it, at the partner's share; partners of partners are not counted.
    OfPartner(BasisPoints),
    /// Those of a natural person who controls us: only what they control too.
    OfPerson,
}

fn collect(relations: &[Holding], generation: usize, scope: Scope, lines: &mut Vec<Line>) {
    if generation > GENERATIONS {
        return;
    }
    let joint = joint_shares(relations);
    for (holding, held) in relations.iter().zip(joint) {
        let relation = relation(holding, held, scope);
        let counted_share = match (relation, scope) {
            (Relation::Linked, Scope::OfPartner(share)) => share,
            (Relation::Linked, _) => BasisPoints::WHOLE,
            (Relation::Partner, _) => held,
            _ => BasisPoints::ZERO,
        };
        let mut line = Line {
            name: holding.name.clone(),
            relation,
            kind: holding.kind,
            generation,
            counted_share,
            held,
            whole: holding.figures,
            counted: Figures::default(),
        };
        line.counted = Sum::of(std::slice::from_ref(&line)).rounded();
        lines.push(line);
        match (relation, scope) {
            (Relation::Linked, scope) => collect(&holding.beneath, generation + 1, beneath_linked(scope), lines),
            (Relation::Partner, _) => collect(&holding.beneath, generation + 1, Scope::OfPartner(held), lines),
            (Relation::Person, Scope::Whole) if is_control(holding, held) => {
                collect(&holding.beneath, generation + 1, Scope::OfPerson, lines);
            }
            _ => {}
        }
    }
}

/// What a linked enterprise controls is linked too, and what a person's company holds counts as our group's.
const fn beneath_linked(scope: Scope) -> Scope {
    match scope {
        Scope::OfPerson => Scope::Whole,
        other => other,
    }
}

/// Each holding's share, or the sum of all that act with it and look the same way.
fn joint_shares(relations: &[Holding]) -> Vec<BasisPoints> {
    let mut groups: BTreeMap<(i32, bool), i32> = BTreeMap::new();
    let key = |holding: &Holding| holding.acts_with.map(|group| (group, holding.direction == Direction::Upstream));
    for holding in relations {
        if let Some(key) = key(holding) {
            let sum = groups.entry(key).or_default();
            *sum = sum.saturating_add(holding.share.get());
        }
    }
    relations
        .iter()
        .map(|holding| {
            let joint = key(holding).and_then(|key| groups.get(&key)).copied();
            BasisPoints::new(joint.unwrap_or(holding.share.get()).min(BasisPoints::WHOLE.get()))
        })
        .collect()
}

const fn is_control(holding: &Holding, held: BasisPoints) -> bool {
    holding.controls || held.get() > LINKED_ABOVE
}

fn relation(holding: &Holding, held: BasisPoints, scope: Scope) -> Relation {
    if holding.kind == HolderKind::Person && holding.direction == Direction::Upstream {
        return Relation::Person;
    }
    if is_control(holding, held) {
        return Relation::Linked;
    }
    if held.get() < PARTNER_FROM || !matches!(scope, Scope::Whole) {
        return Relation::Autonomous;
    }
    if holding.kind.is_exempt() && holding.direction == Direction::Upstream {
        return Relation::Exempt;
    }
    Relation::Partner
}

/// What public bodies hold, directly or through holders they control.
fn public_share(relations: &[Holding]) -> BasisPoints {
    let sum = relations
        .iter()
        .filter(|holding| holding.direction == Direction::Upstream && is_public(holding, 1))
        .fold(0_i32, |sum, holding| sum.saturating_add(holding.share.get()));
    BasisPoints::new(sum.min(BasisPoints::WHOLE.get()))
}

fn is_public(holding: &Holding, generation: usize) -> bool {
    if holding.kind == HolderKind::PublicBody {
        return true;
    }
    if holding.kind.is_exempt() || generation > GENERATIONS {
        return false;
    }
    let public: i32 = holding
        .beneath
        .iter()
        .filter(|above| above.direction == Direction::Upstream && is_public(above, generation + 1))
        .fold(0, |sum, above| {
            sum.saturating_add(if above.controls { BasisPoints::WHOLE.get() } else { above.share.get() })
        });
    public > LINKED_ABOVE
}

#[cfg(test)]
#[path = "size_tests.rs"]
mod tests;
