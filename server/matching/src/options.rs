//! The core of the engine on its own: items that each take at most one of their options, every option an amount of one
//! resource. Generalised assignment problems, whose best values are known, are of this kind; so is a week of blocks.

use std::ops::ControlFlow;

use crate::{
    instance::{Fault, POOLS_MAX},
    model::{Ask, Kind, Model, NO_CAP, Owners, Rectangle},
    numbers::ceiling,
    packed::{Seat, Span},
    plan::Plan,
    solver::{Budget, bound_of, search},
};

/// An option: worth so much, and takes so much of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub value: i64,
    pub resource: usize,
    pub amount: i64,
}

/// What there is of each resource, and the options of each item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub resources: Vec<i64>,
    pub items: Vec<Vec<Choice>>,
}

/// Which option each item takes, what that is worth, and more than any other choice is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub of: Vec<Option<usize>>,
    pub value: i64,
    pub upper_bound: i64,
}

/// Values are reckoned to a millionth, since the engine knows only values of a unit.
const FINE: i64 = 1_000_000;
const VALUE_MAX: i64 = 1_000_000;
const AMOUNT_MAX: i64 = 1_000_000;
/// The dearest unit times the largest amount: products of them must fit.
const APART_MAX: i64 = 100_000_000_000_000;

impl Options {
    fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        if self.resources.len() > POOLS_MAX {
            faults.push(Fault { at: "resources".to_owned(), what: "at most 2,000" });
        }
        for (item, choices) in self.items.iter().enumerate() {
            for (number, choice) in choices.iter().enumerate() {
                let mut fault = |what: &'static str| {
                    faults.push(Fault { at: format!("items[{item}][{number}]"), what });
                };
                if choice.resource >= self.resources.len() {
                    fault("no such resource");
                }
                if !(0..=VALUE_MAX).contains(&choice.value) {
                    fault("worth from 0 to 1,000,000");
                }
                if !(1..=AMOUNT_MAX).contains(&choice.amount) {
                    fault("takes from 1 to 1,000,000");
                }
                if choices[..number].iter().any(|other| other.resource == choice.resource) {
                    fault("another option takes the same resource");
                }
            }
        }
        let all = || self.items.iter().flatten();
        let (dearest, largest) = (all().map(unit).max(), all().map(|choice| choice.amount).max());
        if faults.is_empty() && dearest.unwrap_or(0).saturating_mul(largest.unwrap_or(0)) > APART_MAX {
            faults.push(Fault { at: "items".to_owned(), what: "too far apart in value and amount" });
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Value and amounts, if the choice is possible.
    pub fn value_of(&self, of: &[Option<usize>]) -> Option<i64> {
        let (mut left, mut value) = (self.resources.clone(), 0);
        for (choices, taken) in self.items.iter().zip(of) {
            if let Some(taken) = taken {
                let choice = choices.get(*taken)?;
                left[choice.resource] -= choice.amount;
                value += choice.value;
            }
        }
        (of.len() == self.items.len() && left.iter().all(|left| *left >= 0)).then_some(value)
    }
}

/// The best choice found with this much work, and a bound.
pub fn choose(options: &Options, budget: Budget) -> Result<Chosen, Vec<Fault>> {
    options.check()?;
    let model = model(options);
    let (plan, dual) = search(Plan::empty(&model), budget, |_| ControlFlow::Continue(()));
    let of: Vec<Option<usize>> = plan
        .awards
        .iter()
        .zip(&options.items)
        .map(|(placed, choices)| {
            let taken = placed.as_ref()?.segments.iter().next()?.pool;
            choices.iter().position(|choice| choice.resource == taken)
        })
        .collect();
    let value = options.value_of(&of).unwrap_or_default();
    Ok(Chosen { of, value, upper_bound: bound_of(&dual) / FINE })
}

/// What a unit of it is worth, rounded up.
fn unit(choice: &Choice) -> i64 {
    ceiling(choice.value * FINE, choice.amount.max(1))
}

/// One week, a pool for each resource, a block of one gang for each item. A unit of an option is worth a
/// little more than its share of the value, so that the bound stays one.
fn model(options: &Options) -> Model {
    let dearest = options.items.iter().flatten().map(unit).max().unwrap_or(0);
    let weight = dearest / 100 + 1;
    let count = options.items.len();
    let mut model = Model {
        weeks: 1,
        pools: options.resources.len(),
        cap: options.resources.clone(),
        pots: vec![NO_CAP],
        asks: Vec::with_capacity(count),
        fits: Vec::new(),
        losses: Vec::new(),
        hours_per_week: 1,
        costs: vec![0; options.resources.len()],
        pots_of: vec![0],
        rectangles: Vec::new(),
        goals: Vec::new(),
        windows: vec![options.resources.clone()],
        is_duration: vec![true],
        hours_cap: vec![NO_CAP; count],
        money_cap: vec![0; count],
        owners: Owners::new(0..count, count),
        shares: Vec::new(),
        countries: 1,
        country_max: 100,
        floors: Vec::new(),
        floor_of: vec![0],
        floor_bonus: 0,
        segment_penalty: 0,
    };
    for (item, choices) in options.items.iter().enumerate() {
        let (fits, rectangles) = (model.fits.len(), model.rectangles.len());
        for choice in choices.iter().filter(|choice| choice.amount <= options.resources[choice.resource]) {
            let gang = (choice.amount, choice.amount);
            model.rectangles.push(Rectangle::new(model.fits.len() - fits, 1, gang, true));
            model.fits.push(Seat::new(choice.resource, 1, false));
            model.losses.push(100 * weight - unit(choice));
        }
        let amounts = || choices.iter().map(|choice| choice.amount);
        model.asks.push(Ask {
            kind: Kind::Block,
            weight,
            least: 1,
            full: amounts().max().unwrap_or(1),
            gran: 1,
            low: amounts().min().unwrap_or(1),
            high: amounts().max().unwrap_or(1),
            weeks: (1, 1),
            from: 0,
            to: 1,
            org: item,
            country: 0,
            groups: 0,
            de_minimis: false,
            least_money: 0,
            base: 0,
            subsidy: 0,
            lost: 0,
            fits: Span::new(&(fits..model.fits.len())),
            pots: Span::new(&(0..1)),
            rectangles: Span::new(&(rectangles..model.rectangles.len())),
            goals: Span::default(),
        });
    }
    model
}
