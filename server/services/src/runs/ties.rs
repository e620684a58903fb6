//! What a run respects of an earlier one: named by references and a run, kept in the numbers of its own instance.

use std::collections::BTreeSet;

use domain::{
    capacity::Slot,
    problem::{Invalid, Problem},
    run::Ties,
};
use matching::{Award, Instance, Segment, Solution, Standing};
use serde::{Deserialize, Serialize};

use super::{Awarded, Frame, awards, nothing_hidden};
use crate::{
    error::{Error, Result},
    matching::Approved,
    store::{
        self, Tx,
        entity::{allocation, run},
    },
};

/// As it was typed, and as the engine reads it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Tied {
    pub ties: Ties,
    pub standing: Standing,
}

impl Tied {
    pub fn read(stored: Option<&str>) -> Result<Self> {
        Ok(stored.map(serde_json::from_str).transpose()?.unwrap_or_default())
    }
}

/// `Invalid` at the field that names what is not there, not solved, or cannot be kept any more.
pub(super) async fn of(
    tx: &Tx,
    ties: Ties,
    waiting: &[Approved],
    (instance, frame): (&Instance, &Frame),
) -> Result<Tied> {
    let mut invalid = Invalid::default();
    let mut numbers = |references: &[String], field: &str| {
        let number = |reference: &String| waiting.iter().position(|one| one.reference == *reference);
        let found: Option<_> = references.iter().map(number).collect();
        found.unwrap_or_else(|| {
            invalid.add(field, Problem::NotWaiting);
            Default::default()
        })
    };
    let (promised, excluded) = (numbers(&ties.keep, "keep"), numbers(&ties.leave_out, "leave_out"));
    let refused = refused(tx, frame).await?;
    let mut standing = Standing { awards: Vec::new(), promised, excluded, refused, penalty_h: ties.move_hours };
    if let Some(after) = ties.after {
        match tx.find::<run::Entity>(after).await {
            Ok(row) => match row.solution.as_deref().map(serde_json::from_str::<Solution>).transpose()? {
                Some(solution) => {
                    let earlier: Frame = serde_json::from_str(&row.frame)?;
                    nothing_hidden(tx, &earlier.applications).await?;
                    standing.awards = carried(&earlier, &solution, frame);
                }
                None => invalid.add("after", Problem::TooSoon),
            },
            Err(Error::NotFound) => invalid.add("after", Problem::NotAChoice),
            Err(error) => return Err(error),
        }
    }
    let has = |number: &usize| standing.awards.iter().any(|award| award.request == *number);
    if standing.promised.iter().any(|number| !has(number)) && invalid.of("after").next().is_none() {
        invalid.add("keep", Problem::NothingToKeep);
    }
    let tied = invalid.or(Tied { ties, standing })?;
    if tied.standing.check(instance).is_err() {
        return Err(Invalid::one("keep", Problem::NoCapacity).into());
    }
    Ok(tied)
}

/// What those who wait were offered before and did not take, or a site did not give them: request, pool and first week.
pub(super) async fn refused(tx: &Tx, frame: &Frame) -> Result<BTreeSet<(usize, usize, usize)>> {
    let earlier = store::allocation::of_applications(tx, &frame.applications).await?;
    let place = |offer: &allocation::Model| {
        let slot = offer.slot();
        let request = frame.applications.iter().position(|one| *one == offer.application_id)?;
        let pool = frame.pools.iter().position(|pool| *pool == (slot.site, slot.model))?;
        (slot.first_week >= frame.first_week).then(|| (request, pool, frame.week(slot.first_week)))
    };
    Ok(earlier.iter().filter_map(place).collect())
}

/// The awards of an earlier plan in the numbers of a later instance: those that begin before its first week, or of
/// somebody who does not wait any more, stay behind.
fn carried(earlier: &Frame, solution: &Solution, frame: &Frame) -> Vec<Award> {
    let carry = |Awarded { application, slots, .. }: Awarded| {
        let request = frame.applications.iter().position(|one| *one == application)?;
        let segment = |slot: &Slot| {
            let pool = frame.pools.iter().position(|pool| *pool == (slot.site, slot.model))?;
            let weeks = usize::try_from(slot.weeks).ok()?;
            let start = (slot.first_week >= frame.first_week).then(|| frame.week(slot.first_week))?;
            Some(Segment { pool, start, weeks, gpus: slot.gpus })
        };
        Some(Award { request, pot: 0, segments: slots.iter().map(segment).collect::<Option<_>>()? })
    };
    awards(earlier, solution).filter_map(carry).collect()
}
