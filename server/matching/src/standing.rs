//! What a run must respect of an earlier one: promises that nobody touches, and awards that are moved only for a gain.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    instance::{Fault, Instance},
    model::Model,
    place::placed,
    plan::{Placed, Plan},
    solution::{Award, Segment, Solution},
};

/// One H100-equivalent hour at a merit of 1.00, in units of the objective.
const HOUR: i64 = 1_000_000;

/// An earlier plan, in the numbers of the instance it is handed over with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Standing {
    pub awards: Vec<Award>,
    /// Requests that keep exactly what they have there.
    pub promised: BTreeSet<usize>,
    /// Requests that get nothing whatever they are worth; what they had is free.
    pub excluded: BTreeSet<usize>,
    /// Request, pool and first week of what was turned down: a block does not get that place again.
    pub refused: BTreeSet<(usize, usize, usize)>,
    /// H100-equivalent hours at a merit of 1.00 that a plan must gain for each award it moves, lessens or ends.
    pub penalty_h: i64,
}

impl Standing {
    /// The awards of these requests in this solution, all of them promised.
    pub fn promising(solution: &Solution) -> Self {
        let promised = solution.awards.iter().map(|award| award.request).collect();
        Self { awards: solution.awards.clone(), promised, ..Self::default() }
    }

    /// Every fault of the instance, or every award that cannot stand in it.
    pub fn check(&self, instance: &Instance) -> Result<(), Vec<Fault>> {
        instance.check()?;
        self.begin(instance, &Model::new(instance)).map(drop)
    }

    /// Whether a solution keeps every promise, gives the excluded nothing, and nobody what they turned down.
    pub fn is_kept_by(&self, solution: &Solution) -> bool {
        let has = |award: &Award| solution.awards.contains(award);
        let promised = self.awards.iter().filter(|award| self.promised.contains(&award.request));
        let is_free = |award: &Award| !self.excluded.contains(&award.request) && !self.is_refused(award);
        promised.into_iter().all(has) && solution.awards.iter().all(is_free)
    }

    fn is_refused(&self, award: &Award) -> bool {
        let place = |segment: &Segment| (award.request, segment.pool, segment.start);
        award.segments.iter().any(|segment| self.refused.contains(&place(segment)))
    }

    /// Every award that cannot stand in this instance: a number too high, or a promise that no longer fits.
    pub(crate) fn begin<'a>(&self, instance: &Instance, model: &'a Model) -> Result<Plan<'a>, Vec<Fault>> {
        let mut plan = Plan::empty(model);
        let mut faults = Vec::new();
        let mut before: BTreeMap<usize, Placed> = BTreeMap::new();
        let (promised, others): (Vec<&Award>, Vec<&Award>) =
            self.awards.iter().partition(|award| self.promised.contains(&award.request));
        for (position, award) in promised.into_iter().chain(others).enumerate() {
            let is_known = award.request < instance.requests.len() && award.pot < instance.pots.len();
            let made = if is_known { placed(model, award) } else { None };
            let is_promised = self.promised.contains(&award.request);
            match made.filter(|one| !before.contains_key(&award.request) && plan.fits(award.request, one)) {
                Some(one) if !self.excluded.contains(&award.request) && !self.is_refused(award) => {
                    before.insert(award.request, one.clone());
                    plan.insert(award.request, one);
                }
                None if is_promised => {
                    faults.push(Fault { at: format!("promises[{position}]"), what: "does not fit any more" });
                }
                _ => {}
            }
        }
        for missing in self.promised.iter().filter(|number| !before.contains_key(number)) {
            faults.push(Fault { at: format!("promised {missing}"), what: "has no award to keep" });
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        plan.stand(before, &self.promised, &self.excluded, HOUR * self.penalty_h.clamp(0, 1_000_000));
        plan.turn_down(self.refused.clone());
        Ok(plan)
    }
}
