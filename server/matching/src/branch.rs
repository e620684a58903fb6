//! A tighter bound for small calls. The prices alone take the pots of single countries as if their requests could be
//! divided; here each country's requests are set against its own pot one by one, and then the call is divided into
//! cases: a request gets nothing or something, this pool or another, and so on.

mod country;
mod limits;
mod offers;
mod relax;
mod tree;

use crate::{dual::Dual, instance::Instance, solution::Branches, solver::SMALL, verify};

/// The bound of so many cases, none at 0 or if the call is too large; so many passes for the prices of the whole.
/// `value` is that of a plan: no case is looked into that allows no more.
pub fn branches(instance: &Instance, dual: &mut Dual<'_>, (passes, cases): (u32, u32), value: i64) -> Option<Branches> {
    let model = dual.model();
    if cases == 0 || model.asks.len() > SMALL || !instance.has_few_ways() || !offers::is_small(model) {
        return None;
    }
    let relaxation = relax::Relaxation::new(instance, model);
    let mut tree = tree::Tree::new(&relaxation, dual, passes, value);
    tree.grow(usize::try_from(cases).unwrap_or(usize::MAX));
    let mut branches = tree.published();
    // The claim is what the checker will find: here knapsacks are cut short where little is left to gain.
    let proven = verify::branched(instance, &branches).ok()?;
    branches.upper_bound = i64::try_from(proven).unwrap_or(i64::MAX);
    Some(branches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Model, sample};

    #[test]
    fn what_the_search_reckons_and_what_the_checker_proves_are_nearly_the_same() {
        for seed in 0..5 {
            let instance = sample::call(sample::Size { requests: 60, sites: 4, weeks: 16 }, seed);
            let model = Model::new(&instance);
            let relaxation = relax::Relaxation::new(&instance, &model);
            let mut dual = Dual::new(&model, 1);
            let mut tree = tree::Tree::new(&relaxation, &mut dual, 100, 0);
            tree.grow(15);
            let proven = verify::branched(&instance, &tree.published()).unwrap_or_default();
            let reckoned = tree.bound();
            assert!(proven <= reckoned && proven >= reckoned - reckoned / 1_000, "seed {seed}: {proven} {reckoned}");
        }
    }
}
