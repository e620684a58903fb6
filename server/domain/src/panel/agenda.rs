//! The order of an agenda: applications in which the same people have a conflict stand together, and the groups so
//! that each person leaves the room as seldom as can be.
//!
//! To minimise how often people leave is consecutive block minimisation, which is hard in general. Up to
//! `EXACT_MAX` groups the order is the best there is, by dynamic programming over sets of groups; beyond that it is
//! a deterministic local search, and the count beside the least that is possible says how good it is.

use std::collections::BTreeSet;

use crate::id::PersonId;

/// So many groups are ordered exactly.
const EXACT_MAX: usize = 12;

/// An order, and how good it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// Positions in the list as it was given.
    pub order: Vec<usize>,
    /// How often somebody leaves the room, over all members.
    pub departures: usize,
    /// Fewer is impossible: everybody with a conflict leaves once at least.
    pub least: usize,
    /// No order has fewer departures.
    pub is_best: bool,
}

/// Orders applications by who must leave for each. Within a group the given order is kept; those for which nobody
/// leaves come first.
pub fn order(away: &[BTreeSet<PersonId>]) -> Agenda {
    let mut groups: Vec<(&BTreeSet<PersonId>, Vec<usize>)> = Vec::new();
    for (position, set) in away.iter().enumerate() {
        match groups.iter_mut().find(|(known, _)| *known == set) {
            Some((_, positions)) => positions.push(position),
            None => groups.push((set, vec![position])),
        }
    }
    let (free, mut others): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(set, _)| set.is_empty());
    let costs = Costs::new(&others.iter().map(|(set, _)| *set).collect::<Vec<_>>());
    let is_exact = others.len() <= EXACT_MAX;
    let path = if is_exact { exact(&costs) } else { search(&costs) };
    let departures = costs.of(&path);
    let mut order: Vec<usize> = free.into_iter().flat_map(|(_, positions)| positions).collect();
    for group in path {
        if let Some((_, positions)) = others.get_mut(group) {
            order.append(positions);
        }
    }
    let least = away.iter().flatten().collect::<BTreeSet<_>>().len();
    Agenda { order, departures, least, is_best: is_exact || departures == least }
}

/// How often people leave when the agenda is taken in this order: counted from the list itself.
pub fn departures<'a>(away: impl IntoIterator<Item = &'a BTreeSet<PersonId>>) -> usize {
    let mut outside = &BTreeSet::new();
    let mut count = 0;
    for set in away {
        count += set.difference(outside).count();
        outside = set;
    }
    count
}

/// Who leaves when a group follows another, or begins.
struct Costs {
    first: Vec<usize>,
    then: Vec<Vec<usize>>,
}

impl Costs {
    fn new(sets: &[&BTreeSet<PersonId>]) -> Self {
        let row = |one: &BTreeSet<PersonId>| sets.iter().map(|other| other.difference(one).count()).collect();
        Self { first: sets.iter().map(|set| set.len()).collect(), then: sets.iter().map(|one| row(one)).collect() }
    }

    const fn count(&self) -> usize {
        self.first.len()
    }

    fn step(&self, from: Option<usize>, to: usize) -> usize {
        let row = from.map_or(Some(&self.first), |from| self.then.get(from));
        row.and_then(|row| row.get(to)).copied().unwrap_or_default()
    }

    fn of(&self, path: &[usize]) -> usize {
        let mut from = None;
        let mut cost = 0;
        for to in path {
            cost += self.step(from, *to);
            from = Some(*to);
        }
        cost
    }
}

/// The best path through all groups: for every set of groups and its last one, the cheapest way (Held and Karp).
fn exact(costs: &Costs) -> Vec<usize> {
    let count = costs.count();
    let full = (1_usize << count) - 1;
    // At `set * count + last`: the cost, and the group before the last.
    let mut best: Vec<Option<(usize, Option<usize>)>> = vec![None; (full + 1) * count];
    for set in 1..=full {
        for last in (0..count).filter(|last| set & (1 << last) != 0) {
            let rest = set & !(1 << last);
            let from = |before: usize| {
                let (cost, _) = best.get(rest * count + before).copied().flatten()?;
                Some((cost + costs.step(Some(before), last), Some(before)))
            };
            let cheapest =
                if rest == 0 { Some((costs.step(None, last), None)) } else { (0..count).filter_map(from).min() };
            if let Some(cell) = best.get_mut(set * count + last) {
                *cell = cheapest;
            }
        }
    }
    let cell = |set: usize, last: usize| best.get(set * count + last).copied().flatten();
    let mut set = full;
    let mut last = (0..count).filter_map(|last| Some((cell(full, last)?.0, last))).min().map(|(_, last)| last);
    let mut path = Vec::with_capacity(count);
    while let Some(group) = last {
        path.push(group);
        let before = cell(set, group).and_then(|(_, before)| before);
        set &= !(1 << group);
        last = before;
    }
    path.reverse();
    path
}

/// From each of the first groups the nearest next, then moves of one group or turns of a stretch while they help.
fn search(costs: &Costs) -> Vec<usize> {
    let starts = costs.count().min(16);
    let found = (0..starts).map(|start| improve(costs, nearest(costs, start)));
    found.min_by_key(|path| costs.of(path)).unwrap_or_default()
}

fn nearest(costs: &Costs, start: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..costs.count()).filter(|group| *group != start).collect();
    let mut path = vec![start];
    while let Some(position) =
        (0..left.len()).min_by_key(|at| costs.step(path.last().copied(), left.get(*at).copied().unwrap_or_default()))
    {
        path.push(left.remove(position));
    }
    path
}

fn improve(costs: &Costs, mut path: Vec<usize>) -> Vec<usize> {
    let mut cost = costs.of(&path);
    loop {
        let better = neighbours(&path).find(|other| costs.of(other) < cost);
        let Some(better) = better else { return path };
        cost = costs.of(&better);
        path = better;
    }
}

/// Every path that differs by one group moved or one stretch turned.
fn neighbours(path: &[usize]) -> impl Iterator<Item = Vec<usize>> + '_ {
    let count = path.len();
    let moved = (0..count).flat_map(move |from| {
        (0..count).filter(move |to| *to != from).map(move |to| {
            let mut other = path.to_vec();
            let group = other.remove(from);
            other.insert(to, group);
            other
        })
    });
    let turned = (0..count).flat_map(move |from| {
        (from + 2..=count).map(move |to| {
            let mut other = path.to_vec();
            if let Some(stretch) = other.get_mut(from..to) {
                stretch.reverse();
            }
            other
        })
    });
    moved.chain(turned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn set(people: &[u128]) -> BTreeSet<PersonId> {
        people.iter().map(|n| PersonId::from_uuid(Uuid::from_u128(*n))).collect()
    }

    fn sets(all: &[&[u128]]) -> Vec<BTreeSet<PersonId>> {
        all.iter().map(|people| set(people)).collect()
    }

    fn counted(away: &[BTreeSet<PersonId>], agenda: &Agenda) -> usize {
        departures(agenda.order.iter().map(|position| &away[*position]))
    }

    #[test]
    fn without_conflicts_the_order_stays() {
        let agenda = order(&sets(&[&[], &[], &[]]));
        assert_eq!(agenda, Agenda { order: vec![0, 1, 2], departures: 0, least: 0, is_best: true });
        assert_eq!(order(&[]).order, [0; 0]);
    }

    #[test]
    fn everybody_leaves_once_where_that_is_possible() {
        // One leaves for two applications, two for three; the one in which both have a conflict joins the two.
        let away = sets(&[&[1], &[], &[2], &[1, 2], &[2], &[1]]);
        assert_eq!(departures(&away), 4, "as they came");
        let agenda = order(&away);
        assert_eq!(agenda.order, [1, 2, 4, 3, 0, 5]);
        assert_eq!((agenda.departures, agenda.least, agenda.is_best), (2, 2, true));
        assert_eq!(counted(&away, &agenda), 2);
    }

    #[test]
    fn where_it_is_impossible_the_fewest_is_found() {
        // Each pair shares an application: whatever the order, one of the three leaves twice.
        let away = sets(&[&[1, 2], &[1, 3], &[2, 3], &[1], &[2], &[3]]);
        let agenda = order(&away);
        assert_eq!((agenda.departures, agenda.least, agenda.is_best), (4, 3, true));
        assert_eq!(counted(&away, &agenda), 4);
    }

    /// The least over every order, by trying them.
    fn least_of_all(away: &[BTreeSet<PersonId>], taken: &mut Vec<usize>) -> usize {
        if taken.len() == away.len() {
            return departures(taken.iter().map(|position| &away[*position]));
        }
        let mut best = usize::MAX;
        for position in 0..away.len() {
            if !taken.contains(&position) {
                taken.push(position);
                best = best.min(least_of_all(away, taken));
                taken.pop();
            }
        }
        best
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn no_order_of_few_is_better(away in proptest::collection::vec(proptest::collection::btree_set(1_u128..5, 0..4), 1..8)) {
            let away: Vec<_> = away.into_iter().map(|people| set(&people.into_iter().collect::<Vec<_>>())).collect();
            let agenda = order(&away);
            let mut sorted = agenda.order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..away.len()).collect::<Vec<_>>());
            prop_assert_eq!(counted(&away, &agenda), agenda.departures);
            prop_assert_eq!(agenda.departures, least_of_all(&away, &mut Vec::new()));
        }

        #[test]
        fn many_groups_are_ordered_and_counted_alike(away in proptest::collection::vec(proptest::collection::btree_set(1_u128..9, 0..5), 30..60)) {
            let away: Vec<_> = away.into_iter().map(|people| set(&people.into_iter().collect::<Vec<_>>())).collect();
            let agenda = order(&away);
            prop_assert_eq!(counted(&away, &agenda), agenda.departures);
            prop_assert!(agenda.departures >= agenda.least && agenda.departures <= departures(&away));
            prop_assert_eq!(order(&away), agenda, "the same again");
        }
    }

    #[test]
    fn a_long_staircase_is_found_though_it_is_searched_for() {
        // Everybody can leave once: each shares an application with the next; given in a scattered order.
        let steps: Vec<BTreeSet<PersonId>> = (0..20).map(|n| set(&[n * 7 % 20, n * 7 % 20 + 1])).collect();
        let agenda = order(&steps);
        assert_eq!((agenda.departures, agenda.least, agenda.is_best), (21, 21, true));
    }
}
