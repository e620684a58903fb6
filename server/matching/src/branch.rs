//! A tighter bound for small calls. The prices alone take the pots of single countries as if their requests could be
//! divided; here each country's requests are set against its own pot one by one, and then the call is divided into
//! cases: a request gets nothing or something, this pool or another, and so on.

mod country;
mod limits;
mod offers;
mod relax;
mod tree;

use crate::{dual::Dual, instance::Instance, solution::Branches, solver::Budget};

/// Ways of all requests together that the checker looks at.
const WAYS_MAX: i64 = 2_000_000;

/// The bound of as many cases as the budget has, none if it has none or the call is too large. `value` is that of a
/// plan: no case is looked into that allows no more.
pub fn branches(instance: &Instance, dual: &mut Dual<'_>, budget: Budget, value: i64) -> Option<Branches> {
    let model = dual.model();
    if budget.nodes == 0 || instance.ways() > WAYS_MAX || !offers::is_small(model) {
        return None;
    }
    let relaxation = relax::Relaxation::new(instance, model);
    let mut tree = tree::Tree::new(&relaxation, dual, budget.passes, value);
    tree.grow(usize::try_from(budget.nodes).unwrap_or(usize::MAX));
    Some(tree.published())
}
