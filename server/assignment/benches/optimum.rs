//! How long the optimum takes: `cargo bench -p assignment`, with `-- SIZE` for one size alone.
#![allow(clippy::print_stdout, reason = "a table is what it is for")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use std::{fs, time::Instant};

use assignment::{Application, Budget, Instance, Pair, Pairs, Reviewer, Weights, solve};

const SIZES: [(usize, usize); 3] = [(200, 40), (2_000, 300), (10_000, 1_500)];

fn main() {
    let only = std::env::args().skip(1).find(|one| one != "--bench");
    println!("| applications × reviewers | colleagues | places | missing | s | cases | pivots | gap | peak MB |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for (applications, reviewers) in SIZES {
        if only.as_ref().is_some_and(|only| *only != applications.to_string()) {
            continue;
        }
        for (apart, spare) in [(Apart::Nobody, 130), (Apart::Employers, 130), (Apart::Both, 130), (Apart::Both, 95)] {
            measure(applications, reviewers, apart, spare);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Apart {
    Nobody,
    /// Four out of ten work with four others.
    Employers,
    /// And one in ten is a relative of somebody.
    Both,
}

fn measure(applications: usize, reviewers: usize, apart: Apart, spare: u64) {
    let instance = sample(applications, reviewers, apart, spare);
    let began = Instant::now();
    let solution = solve(&instance, Budget::default()).unwrap();
    let seconds = began.elapsed().as_secs_f64();
    let gap = solution.gap().map_or_else(
        || format!("{:?} to {:?}", solution.score, solution.bound),
        |gap| format!("{gap} of {}", solution.score.value),
    );
    println!(
        "| {applications} × {reviewers} | {apart:?} | {spare} % | {} | {seconds:.2} | {} | {} | {gap} | {} |",
        solution.score.missing,
        solution.cases,
        solution.pivots,
        peak_megabytes(),
    );
}

/// Dense: everybody is something to everything. Three reviews each, one by an expert; one pair in twelve in conflict.
fn sample(applications: usize, reviewers: usize, apart: Apart, spare: u64) -> Instance {
    let mut dice = Dice(42);
    let places = u64::try_from(applications * 3).unwrap() * spare / 100;
    let each = u32::try_from(places.div_ceil(u64::try_from(reviewers).unwrap())).unwrap();
    let mut instance = Instance {
        applications: (0..applications)
            .map(|one| Application { name: format!("A{one}"), reviews: 3, experts: u32::from(one % 2 == 0) })
            .collect(),
        reviewers: (0..reviewers)
            .map(|one| Reviewer {
                name: format!("R{one}"),
                limit: each - 2 + u32::try_from(dice.below(5)).unwrap(),
                busy: 0,
                least: each / 2,
                share: each - 1,
            })
            .collect(),
        pairs: Pairs::new(applications, reviewers),
        apart: Vec::new(),
        weights: Weights { balance: 1_000, least: 500, over: 3_000, keep: 300 },
    };
    let subject_of: Vec<u64> = (0..reviewers).map(|_| dice.below(12)).collect();
    for application in 0..applications {
        let subject = dice.below(12);
        for (reviewer, of) in subject_of.iter().enumerate() {
            let near = if *of == subject { 4_000 } else { 0 } + dice.below(6_000);
            let bid = [0, 0, 0, 0, 0, 0, 3_000, 1_500, -1_500, -3_000][usize::try_from(dice.below(10)).unwrap()];
            instance.pairs.set(
                application,
                reviewer,
                Pair {
                    points: i32::try_from(near).unwrap() + bid,
                    is_expert: near > 7_000,
                    is_forbidden: dice.below(12) == 0,
                    is_fixed: false,
                    is_held: false,
                },
            );
        }
    }
    if apart != Apart::Nobody {
        let many: Vec<usize> = (0..reviewers).filter(|one| one % 10 < 4).collect();
        instance.apart.extend(many.chunks(5).map(<[usize]>::to_vec));
    }
    if apart == Apart::Both {
        let pairs = (0..reviewers).step_by(10).map(|one| vec![one, (one + 13) % reviewers]);
        instance.apart.extend(pairs);
    }
    instance
}

fn peak_megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % count
    }
}
