//! The hard rules and the objective, award by award.

use std::collections::{BTreeMap, BTreeSet};

use super::Verdict;
use crate::{
    instance::{Instance, Mode, Request},
    solution::{Award, Segment, Solution},
};

/// What awards add up to.
#[derive(Default)]
struct Sums {
    gpus: Vec<Vec<i64>>,
    /// 1e-4 EUR.
    pots: Vec<i128>,
    headroom: BTreeMap<usize, i128>,
    /// Centi-hours.
    by_org: BTreeMap<usize, i128>,
    by_country: BTreeMap<String, i128>,
    by_size: BTreeMap<String, i128>,
    all: i128,
    objective: i128,
}

/// Feasibility and objective; the bound stays empty.
pub fn check(instance: &Instance, solution: &Solution) -> Verdict {
    let mut violations = Vec::new();
    let mut sums = Sums {
        gpus: vec![vec![0; instance.weeks]; instance.pools.len()],
        pots: vec![0; instance.pots.len()],
        ..Sums::default()
    };
    let mut seen = BTreeSet::new();
    for award in &solution.awards {
        match instance.requests.get(award.request) {
            None => violations.push(format!("unknown request {}", award.request)),
            Some(request) if !seen.insert(award.request) => violations.push(format!("{}: awarded twice", request.id)),
            Some(request) => one(instance, request, award, &mut sums, &mut violations),
        }
    }
    totals(instance, &sums, &mut violations);
    for floor in &instance.floors {
        let reached = sums.by_country.get(&floor.country).copied().unwrap_or_default();
        let weight = i128::from(instance.params.floor_bonus_weight);
        sums.objective += 100 * weight * reached.min(100 * i128::from(floor.hours));
    }
    let used = sums.gpus.iter().flatten().sum();
    let offered = instance.pools.iter().flat_map(|pool| &pool.cap).sum();
    Verdict {
        violations,
        objective: sums.objective,
        upper_bound: None,
        branched_bound: None,
        awarded: seen.len(),
        hours: i64::try_from(sums.all / 100).unwrap_or(i64::MAX),
        gpu_weeks: (used, offered),
    }
}

pub(super) fn weight(instance: &Instance, request: &Request) -> i64 {
    request.score * instance.params.class_pct[request.prio] / 100
}

/// Whether the request may run in this pool at all.
pub(super) fn is_acceptable(instance: &Instance, request: &Request, pool: usize) -> bool {
    let pool = &instance.pools[pool];
    let country = &instance.sites[pool.site].country;
    let from = &instance.orgs[request.org].country;
    let is_near = request.max_latency_ms.is_none_or(|most| {
        let row = instance.countries.iter().position(|code| code == from);
        row.is_some_and(|row| instance.latency_ms[row][pool.site] <= most)
    });
    let may_lie = request.residency.as_ref().is_none_or(|countries| countries.contains(country));
    let is_offered = request.only_sites.as_ref().is_none_or(|sites| sites.contains(&pool.site));
    request.equiv.contains_key(&pool.gpu) && may_lie && is_near && is_offered
}

/// Whether the pot may pay for the request.
pub(super) fn is_eligible(instance: &Instance, request: &Request, pot: usize) -> bool {
    let pot = &instance.pots[pot];
    let is_theirs = pot.country.as_ref().is_none_or(|country| *country == instance.orgs[request.org].country);
    request.pots.contains(&pot.id) && is_theirs
}

fn one(instance: &Instance, request: &Request, award: &Award, sums: &mut Sums, violations: &mut Vec<String>) {
    let mut fault = |what: String| violations.push(format!("{}: {what}", request.id));
    if award.pot >= instance.pots.len() || !is_eligible(instance, request, award.pot) {
        return fault(format!("pot {} is not eligible", award.pot));
    }
    let mut segments = award.segments.clone();
    segments.sort_unstable_by_key(|segment| segment.start);
    if let Some(what) = shape(instance, request, &segments) {
        return fault(what);
    }
    let (mut delivered, mut elsewhere, mut money) = (0_i128, 0_i128, 0_i128);
    for segment in &segments {
        let pool = &instance.pools[segment.pool];
        let weeks = i128::try_from(segment.weeks).unwrap_or_default();
        let gpu_hours = i128::from(instance.hours_per_week) * i128::from(segment.gpus) * weeks;
        let centi_hours = gpu_hours * i128::from(request.equiv[&pool.gpu]);
        delivered += centi_hours;
        if request.pref_sites.as_ref().is_some_and(|sites| !sites.contains(&pool.site)) {
            elsewhere += centi_hours;
        }
        money += gpu_hours * i128::from(pool.price_c) * i128::from(request.subsidy_pct);
        for week in segment.start..segment.start + segment.weeks {
            sums.gpus[segment.pool][week] += segment.gpus;
        }
    }
    let awarded = delivered.min(100 * i128::from(request.hours));
    if awarded < 100 * i128::from(request.min_hours) {
        fault(format!("{awarded} centi-hours are below the minimum of {} hours", request.min_hours));
    }
    let params = &instance.params;
    let more = i128::try_from(segments.len()).unwrap_or_default() - 1;
    let value = 100 * awarded - i128::from(params.nonpref_pct) * elsewhere + 10_000 * i128::from(params.serve_bonus_h)
        - 10_000 * i128::from(params.segment_penalty_h) * more;
    sums.objective += i128::from(weight(instance, request)) * value;
    sums.pots[award.pot] += money;
    if request.de_minimis {
        *sums.headroom.entry(request.org).or_default() += money;
    }
    let org = &instance.orgs[request.org];
    *sums.by_org.entry(request.org).or_default() += awarded;
    *sums.by_country.entry(org.country.clone()).or_default() += awarded;
    *sums.by_size.entry(org.size.clone()).or_default() += awarded;
    sums.all += awarded;
}

/// What is wrong with the segments, which come in order of start.
fn shape(instance: &Instance, request: &Request, segments: &[Segment]) -> Option<String> {
    let first = segments.first()?;
    if request.mode == Mode::Block {
        if segments.len() != 1 {
            return Some("a block has one segment".to_owned());
        }
        if !(request.weeks_min..=request.weeks_max).contains(&first.weeks) {
            return Some(format!("{} weeks are outside its range", first.weeks));
        }
    }
    if !request.split && segments.iter().any(|segment| segment.pool != first.pool) {
        return Some("it may not change its pool".to_owned());
    }
    let mut end = request.earliest;
    for segment in segments {
        if segment.pool >= instance.pools.len() || !is_acceptable(instance, request, segment.pool) {
            return Some(format!("pool {} is not acceptable", segment.pool));
        }
        if segment.weeks < 1 || segment.start < end {
            return Some(format!("the segment at week {} is too early or overlaps", segment.start));
        }
        end = segment.start.saturating_add(segment.weeks);
        if end > request.deadline || end > instance.weeks {
            return Some(format!("it ends in week {end}, after its deadline"));
        }
        let is_gang = (request.gmin..=request.gmax).contains(&segment.gpus);
        if !is_gang || segment.gpus % request.gran != 0 {
            return Some(format!("{} GPUs are not allowed", segment.gpus));
        }
    }
    None
}

fn totals(instance: &Instance, sums: &Sums, violations: &mut Vec<String>) {
    for (pool, used) in instance.pools.iter().zip(&sums.gpus) {
        for (week, (used, cap)) in used.iter().zip(&pool.cap).enumerate() {
            if used > cap {
                violations.push(format!("capacity of {} in week {week}: {used} of {cap}", pool.id));
            }
        }
    }
    for (pot, used) in instance.pots.iter().zip(&sums.pots) {
        if *used > i128::from(pot.eur) * 10_000 {
            violations.push(format!("pot {}: {used} of {} EUR", pot.id, pot.eur));
        }
    }
    for (org, used) in &sums.headroom {
        if *used > i128::from(instance.orgs[*org].de_minimis_eur) * 10_000 {
            violations.push(format!("organisation {org}: {used} over its headroom"));
        }
    }
    for (org, hours) in &sums.by_org {
        if instance.orgs[*org].cap_hours.is_some_and(|cap| *hours > 100 * i128::from(cap)) {
            violations.push(format!("organisation {org}: {hours} centi-hours over its fair share"));
        }
    }
    for share in &instance.params.min_share {
        let of_group: i128 = share.sizes.iter().filter_map(|size| sums.by_size.get(size)).sum();
        if 100 * of_group < i128::from(share.pct) * sums.all {
            violations.push(format!("share {}: {of_group} of {}", share.id, sums.all));
        }
    }
    for (country, hours) in &sums.by_country {
        if 100 * hours > i128::from(instance.params.country_max_pct) * sums.all {
            violations.push(format!("country {country}: {hours} of {}", sums.all));
        }
    }
}
