//! The first plan: what the dual likes, rigid requests and large gangs before those that bend, then whoever fits.

use std::cmp::Reverse;

use crate::{dual::Dual, model::Kind, place::Guide, plan::Plan};

/// Adds to what stands already: a plan that keeps every rule but perhaps those about shares of the whole.
pub fn construct<'a>(mut plan: Plan<'a>, dual: &Dual<'_>, guide: &Guide<'_>) -> Plan<'a> {
    let model = guide.model;
    let mut order: Vec<usize> = (0..model.asks.len()).collect();
    order.sort_by_key(|number| {
        let ask = &model.asks[*number];
        let is_liked = dual.liking(*number) >= 512;
        let gang = if ask.kind == Kind::Block { ask.low * 4 } else { ask.low };
        (!is_liked, Reverse(if is_liked { gang } else { 0 }), Reverse(dual.answer(*number).value), *number)
    });
    for number in &order {
        if plan.awards[*number].is_none()
            && !plan.is_fixed(*number)
            && let Some((net, placed)) = guide.place(&plan, *number)
            && net > 0
        {
            plan.insert(*number, placed);
        }
    }
    fill(&mut plan, guide, &order);
    plan
}

/// Gives everybody who still fits a place, whatever it costs in rent: what stands idle is worth nothing. Gives those who
/// got one.
pub fn fill(plan: &mut Plan<'_>, guide: &Guide<'_>, order: &[usize]) -> Vec<usize> {
    let mut filled = Vec::new();
    for number in order {
        if plan.awards[*number].is_none()
            && !plan.is_fixed(*number)
            && let Some((_, placed)) = guide.place(plan, *number)
        {
            let before = plan.objective;
            let is_mended = plan.broken().is_some();
            plan.insert(*number, placed);
            if plan.objective <= before || (!is_mended && plan.broken().is_some()) {
                plan.remove(*number);
            } else {
                filled.push(*number);
            }
        }
    }
    filled
}

/// Takes back awards of least net value until the rules about shares hold again. The empty plan keeps them all.
pub fn mend(plan: &mut Plan<'_>, guide: &Guide<'_>) {
    while let Some(broken) = plan.broken() {
        let is_to_blame = |number: &usize| broken.is_blamed_on(&guide.model.asks[*number]);
        let net = |number: &usize| {
            plan.awards[*number].as_ref().map(|placed| (placed.value - guide.rent_of(placed)) / placed.hours.max(1))
        };
        let awarded = (0..plan.awards.len()).filter(|number| plan.awards[*number].is_some());
        let movable = awarded.filter(|number| !plan.is_fixed(*number));
        match movable.filter(is_to_blame).min_by_key(net) {
            Some(worst) => plan.remove(worst),
            None => return,
        };
    }
}
