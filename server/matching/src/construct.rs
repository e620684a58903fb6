//! The first plan: what the dual likes, rigid requests and large gangs before those that bend, then whoever fits.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    dual::Dual,
    model::Kind,
    place::Guide,
    plan::{Broken, Placed, Plan},
};

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

/// Net value of a centi-hour, and whose it is: the least first.
type Leaving = BinaryHeap<Reverse<(i64, usize)>>;

/// Takes back awards of least net value until the rules about shares hold again. The empty plan keeps them all.
pub fn mend(plan: &mut Plan<'_>, guide: &Guide<'_>) {
    // What an award is worth does not change when another leaves: each rule has its list, made when it is first broken.
    let mut lists: Vec<(Broken, Leaving)> = Vec::new();
    while let Some(broken) = plan.broken() {
        let at = lists.iter().position(|(rule, _)| *rule == broken).unwrap_or_else(|| {
            lists.push((broken, blamed(plan, guide, broken)));
            lists.len() - 1
        });
        // Whoever left for another rule is on the list still.
        match lists[at].1.pop() {
            Some(Reverse((_, worst))) => plan.remove(worst),
            None => return,
        };
    }
}

/// Those whose leaving would help, by net value of a centi-hour.
fn blamed(plan: &Plan<'_>, guide: &Guide<'_>, broken: Broken) -> Leaving {
    let awarded = plan.awards.iter().enumerate().filter_map(|(number, placed)| Some((number, placed.as_ref()?)));
    let movable = awarded.filter(|(number, _)| !plan.is_fixed(*number));
    let to_blame = movable.filter(|(number, _)| broken.is_blamed_on(&guide.model.asks[*number]));
    let net = |placed: &Placed| (placed.value - guide.rent_of(placed)) / placed.hours.max(1);
    to_blame.map(|(number, placed)| Reverse((net(placed), number))).collect()
}
