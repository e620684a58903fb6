//! Instances made of numbers.

use assignment::{Application, Instance, Pair, Pairs, Reviewer, Weights};

/// SplitMix64, as everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % count.max(1)
    }

    pub fn small(&mut self, count: u64) -> u32 {
        u32::try_from(self.below(count)).unwrap()
    }

    pub fn at(&mut self, count: usize) -> usize {
        usize::try_from(self.below(u64::try_from(count).unwrap())).unwrap()
    }
}

/// Everything at once: conflicts, experts, groups that overlap, pins, loads outside, wishes.
pub fn anything(dice: &mut Dice, applications: usize, reviewers: usize, most_reviews: u64) -> Instance {
    let mut instance = Instance {
        applications: (0..applications)
            .map(|one| {
                let reviews = dice.small(most_reviews + 1);
                Application { name: format!("A{one}"), reviews, experts: dice.small(u64::from(reviews) + 1) }
            })
            .collect(),
        reviewers: (0..reviewers)
            .map(|one| {
                let limit = dice.small(4);
                Reviewer {
                    name: format!("R{one}"),
                    limit,
                    busy: dice.small(3),
                    least: dice.small(3),
                    share: dice.small(4),
                }
            })
            .collect(),
        pairs: Pairs::new(applications, reviewers),
        apart: Vec::new(),
        weights: Weights {
            balance: i32::try_from(dice.below(40)).unwrap(),
            least: i32::try_from(dice.below(30)).unwrap(),
            over: i32::try_from(dice.below(30)).unwrap(),
            keep: i32::try_from(dice.below(20)).unwrap(),
        },
    };
    for application in 0..applications {
        for reviewer in 0..reviewers {
            let pair = Pair {
                points: i32::try_from(dice.below(60)).unwrap() - 15,
                is_expert: dice.below(3) == 0,
                is_forbidden: dice.below(5) == 0,
                is_fixed: false,
                is_held: dice.below(6) == 0,
            };
            instance.pairs.set(application, reviewer, pair);
        }
    }
    if reviewers > 1 {
        for _ in 0..dice.below(4) {
            let mut group: Vec<usize> = (0..2 + dice.at(2)).map(|_| dice.at(reviewers)).collect();
            group.sort_unstable();
            group.dedup();
            instance.apart.push(group);
        }
    }
    if applications > 0 && reviewers > 0 && dice.below(3) == 0 {
        let (application, reviewer) = (dice.at(applications), dice.at(reviewers));
        let mut pair = instance.pairs.get(application, reviewer);
        (pair.is_fixed, pair.is_forbidden) = (true, false);
        let was = instance.clone();
        instance.pairs.set(application, reviewer, pair);
        if instance.check().is_err() {
            return was;
        }
    }
    instance
}
