//! Rankings: many opinions into one by Schulze's method, places with ties, and the cut under a budget.
//!
//! Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
//! method", Social Choice and Welfare 36 (2011): between two applications, the winner of the pairwise comparison has
//! as many votes as ballots prefer it; a path is as strong as its weakest link; the one with the stronger path to the
//! other is before it. What a ballot leaves out, it does not compare. Ties are kept: nothing breaks them silently.

use serde::{Deserialize, Serialize};

use crate::gpu::GpuTime;

/// The combined place of each of `count` applications, from 1; equal places are ties (1, 2, 2, 4). A ballot gives each
/// its place, smaller is better, or `None`.
pub fn schulze(count: usize, ballots: &[Vec<Option<u32>>]) -> Vec<usize> {
    let strength = strongest(&defeats(count, ballots));
    let of = |a: usize, b: usize| strength.get(a).and_then(|row| row.get(b)).copied().unwrap_or_default();
    let mut places = vec![0; count];
    let mut left: Vec<usize> = (0..count).collect();
    let mut place = 1;
    // Who is before whom is a strict partial order: layer by layer, those before whom nobody is that is left.
    while !left.is_empty() {
        let is_first = |one: &usize| left.iter().all(|other| of(*other, *one) <= of(*one, *other));
        let (first, rest): (Vec<usize>, Vec<usize>) = left.iter().copied().partition(is_first);
        if first.is_empty() {
            break;
        }
        for one in &first {
            if let Some(cell) = places.get_mut(*one) {
                *cell = place;
            }
        }
        place += first.len();
        left = rest;
    }
    places
}

/// Votes of each pairwise winner against the loser; nothing for a loser or a draw.
fn defeats(count: usize, ballots: &[Vec<Option<u32>>]) -> Vec<Vec<u32>> {
    let prefer = |a: usize, b: usize| -> u32 {
        let prefers = |ballot: &&Vec<Option<u32>>| {
            let place = |one: usize| ballot.get(one).copied().flatten();
            place(a).zip(place(b)).is_some_and(|(a, b)| a < b)
        };
        u32::try_from(ballots.iter().filter(prefers).count()).unwrap_or(u32::MAX)
    };
    let cell = |a: usize, b: usize| {
        let (won, lost) = (prefer(a, b), prefer(b, a));
        if won > lost { won } else { 0 }
    };
    (0..count).map(|a| (0..count).map(|b| if a == b { 0 } else { cell(a, b) }).collect()).collect()
}

/// The strongest path between each two (Floyd and Warshall, on minima).
fn strongest(defeats: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut strength = defeats.to_vec();
    for via in 0..strength.len() {
        let through = strength.get(via).cloned().unwrap_or_default();
        for (from, row) in strength.iter_mut().enumerate().filter(|(from, _)| *from != via) {
            let first = row.get(via).copied().unwrap_or_default();
            for (to, (cell, second)) in row.iter_mut().zip(&through).enumerate() {
                if to != from {
                    *cell = (*cell).max(first.min(*second));
                }
            }
        }
    }
    strength
}

/// Places by a score, the greatest first; equal scores share a place (1, 2, 2, 4).
pub fn places(scores: &[i64]) -> Vec<usize> {
    scores.iter().map(|one| 1 + scores.iter().filter(|other| *other > one).count()).collect()
}

/// The mean of grades in hundredths, rounded half up: the score that is shown is the one that is compared.
pub const fn mean(sum: i64, count: i64) -> Option<i64> {
    if count <= 0 { None } else { Some((2 * sum + count).div_euclid(2 * count)) }
}

/// Where a line of an award list is under its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// It and everything before it fits.
    Above,
    /// It has the score at which the budget ends, with others: not all of them fit.
    Tied,
    Below,
}

impl Cut {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Tied => "tied",
            Self::Below => "below",
        }
    }
}

/// Cuts lines of rank and amount, best first. Equal ranks are treated alike: where not all of them fit and one of them
/// would, they are tied at the cut; after the cut nothing is taken out of turn. A lot that was drawn is part of the rank.
pub fn cut<K: PartialEq>(lines: &[(K, GpuTime)], budget: GpuTime) -> Vec<Cut> {
    let mut cuts = Vec::with_capacity(lines.len());
    let mut left = budget;
    let mut is_over = false;
    for group in lines.chunk_by(|one, other| one.0 == other.0) {
        let sum = GpuTime::sum(group.iter().map(|(_, amount)| *amount)).ok().filter(|sum| *sum <= left);
        let would_fit = group.len() > 1 && group.iter().any(|(_, amount)| *amount <= left);
        let here = match (is_over, sum) {
            (true, _) => Cut::Below,
            (false, Some(sum)) => {
                left = left.checked_sub(sum).unwrap_or_default();
                Cut::Above
            }
            (false, None) => {
                is_over = true;
                if would_fit { Cut::Tied } else { Cut::Below }
            }
        };
        cuts.extend(std::iter::repeat_n(here, group.len()));
    }
    cuts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `"ACBED"` as a ballot over A to E, so many times; letters that are missing have no place.
    fn ballots(votes: &[(usize, &str)]) -> Vec<Vec<Option<u32>>> {
        let ballot = |order: &str| {
            ('A'..='E').map(|one| order.find(one).map(|at| u32::try_from(at).unwrap())).collect::<Vec<_>>()
        };
        votes.iter().flat_map(|(count, order)| vec![ballot(order); *count]).collect()
    }

    #[test]
    fn the_published_example_of_forty_five_voters() {
        // Worked in Schulze's paper, section 3: E before A before C before B before D.
        let votes = [
            (5, "ACBED"),
            (5, "ADECB"),
            (8, "BEDAC"),
            (3, "CABED"),
            (7, "CAEBD"),
            (2, "CBADE"),
            (7, "DCEBA"),
            (8, "EBADC"),
        ];
        assert_eq!(schulze(5, &ballots(&votes)), [2, 4, 3, 5, 1]);
        let strength = strongest(&defeats(5, &ballots(&votes)));
        assert_eq!(strength[0], [0, 28, 28, 30, 24]);
        assert_eq!(strength[4], [25, 28, 28, 31, 0]);
    }

    #[test]
    fn a_circle_of_equals_is_a_tie() {
        assert_eq!(schulze(3, &ballots(&[(1, "ABC"), (1, "BCA"), (1, "CAB")])), [1, 1, 1]);
        // The weakest link of the circle gives way: B over C by 3, C over A by 2, A over B by 4 of five.
        assert_eq!(schulze(3, &ballots(&[(2, "ABC"), (1, "BCA"), (1, "CAB"), (1, "ACB")])), [1, 2, 3]);
    }

    #[test]
    fn opposite_opinions_tie_and_the_rest_follows() {
        assert_eq!(schulze(3, &ballots(&[(1, "ABC"), (1, "BAC")])), [1, 1, 3]);
        let equal = vec![vec![Some(1), Some(1), Some(2)]];
        assert_eq!(schulze(3, &equal), [1, 1, 3], "a tie on a ballot is a tie");
        assert_eq!(schulze(3, &[]), [1, 1, 1], "no ballot, no order");
        assert_eq!(schulze(0, &[]), [0; 0]);
    }

    #[test]
    fn what_a_ballot_leaves_out_it_does_not_compare() {
        // Two know A, B and C; the third left the room for B and is silent about it.
        let votes = ballots(&[(1, "BAC"), (1, "ABC"), (1, "CA")]);
        // A over C by two to one; B over C by two; A and B one each.
        assert_eq!(schulze(3, &votes), [1, 1, 3]);
    }

    #[test]
    fn means_are_rounded_half_up_and_compared_as_shown() {
        assert_eq!(mean(1_299, 3), Some(433));
        assert_eq!(mean(865, 2), Some(433));
        assert_eq!(mean(0, 0), None);
        assert_eq!(places(&[400, 433, 433, 120]), [3, 1, 1, 4]);
    }

    #[test]
    fn the_cut_treats_equals_alike() {
        let lines: Vec<(i64, GpuTime)> = [(450, 10), (440, 30), (440, 25), (400, 5)]
            .map(|(score, hours)| (score, GpuTime::hours(hours).unwrap()))
            .to_vec();
        let of = |hours| cut(&lines, GpuTime::hours(hours).unwrap());
        assert_eq!(of(70), [Cut::Above; 4]);
        assert_eq!(of(65), [Cut::Above, Cut::Above, Cut::Above, Cut::Below]);
        assert_eq!(of(40), [Cut::Above, Cut::Tied, Cut::Tied, Cut::Below]);
        // Neither of the two fits: nothing to draw for, and nothing smaller goes before them.
        assert_eq!(of(20), [Cut::Above, Cut::Below, Cut::Below, Cut::Below]);
        assert_eq!(of(0), [Cut::Below; 4]);
        // A lot orders the two: the first of them fits, the second does not.
        let drawn: Vec<_> =
            lines.iter().zip([0, 1, 2, 0]).map(|((score, amount), lot)| ((*score, lot), *amount)).collect();
        let found = cut(&drawn, GpuTime::hours(40).unwrap());
        assert_eq!(found, [Cut::Above, Cut::Above, Cut::Below, Cut::Below]);
    }

    proptest! {
        /// Whom more prefer to every other comes first, alone (Condorcet).
        #[test]
        fn a_condorcet_winner_is_first(orders in proptest::collection::vec(Just(vec![1_u32, 2, 3, 4]).prop_shuffle(), 1..8)) {
            let votes: Vec<Vec<Option<u32>>> = orders.iter().map(|order| order.iter().copied().map(Some).collect()).collect();
            let beats = |a: usize, b: usize| {
                let won = orders.iter().filter(|order| order[a] < order[b]).count();
                won * 2 > orders.len()
            };
            let found = schulze(4, &votes);
            if let Some(winner) = (0..4).find(|one| (0..4).all(|other| other == *one || beats(*one, other))) {
                prop_assert_eq!(found[winner], 1);
                prop_assert_eq!(found.iter().filter(|place| **place == 1).count(), 1);
            }
            prop_assert!(found.iter().all(|place| (1..=4).contains(place)));
        }
    }
}
