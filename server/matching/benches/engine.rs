//! What the engine reaches and what it costs: one table, for made-up calls of four sizes or for the files named.
//!
//! `cargo bench -p matching --bench engine -- [--threads N] [--passes N] [--moves N] [--cases N] [FILE...]`.
#![allow(clippy::print_stdout, reason = "a table is what it is for")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark fails by panicking")]
#![allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "shares of large figures, to look at")]

use std::{
    fs::{self, File},
    io::BufReader,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use matching::{Budget, Instance, Solution, in_order_of_merit, newcomers, sample, solve, verify::verify};

/// Name, requests, sites and weeks; passes and moves.
const SIZES: [(&str, usize, usize, usize, u32, u64); 4] = [
    ("S", 100, 4, 26, 600, 2_000_000),
    ("M", 2_000, 12, 26, 300, 400_000),
    ("L", 10_000, 16, 52, 450, 400_000),
    ("XL", 50_000, 19, 52, 300, 100_000),
];
const SEEDS: u64 = 3;
/// Cases that calls are divided into which are small enough for it.
const CASES: u32 = 25;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let given = |name: &str| -> Option<u64> {
        arguments.iter().position(|one| one == name).and_then(|at| arguments.get(at + 1)?.parse().ok())
    };
    let budget = |passes: u32, moves: u64| Budget {
        passes: given("--passes").and_then(|passes| u32::try_from(passes).ok()).unwrap_or(passes),
        moves: given("--moves").unwrap_or(moves),
        cases: given("--cases").and_then(|cases| u32::try_from(cases).ok()).unwrap_or(CASES),
        seed: 1,
        threads: given("--threads").and_then(|threads| usize::try_from(threads).ok()).unwrap_or(1),
    };
    println!(
        "| call | requests | order of merit | value | bound | of cases | gap % | prices s | all s | prices CPU s | all CPU s | newcomer ms | MB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    let files: Vec<&String> = arguments.iter().filter(|one| one.ends_with(".json")).collect();
    for file in &files {
        let instance: Instance = serde_json::from_reader(BufReader::new(File::open(file).unwrap())).unwrap();
        let size = SIZES.iter().find(|size| instance.requests.len() <= size.1).unwrap_or(&SIZES[3]);
        measure(&instance.name, &instance, budget(size.4, size.5));
    }
    if files.is_empty() {
        for (name, requests, sites, weeks, passes, moves) in SIZES {
            for seed in 1..=SEEDS {
                let instance = sample::call(sample::Size { requests, sites, weeks }, seed);
                measure(&format!("{name}-{seed}"), &instance, budget(passes, moves));
            }
        }
    }
}

fn measure(name: &str, instance: &Instance, budget: Budget) {
    let (began, worked) = (Instant::now(), processor_s());
    let mut first = None;
    let solution = solve(instance, budget, |_| {
        first.get_or_insert_with(|| (began.elapsed(), processor_s() - worked));
        ControlFlow::Continue(())
    });
    let (solution, all, work, memory) = (solution.unwrap(), began.elapsed(), processor_s() - worked, resident_mb());
    let first = first.unwrap_or_default();
    let merit = in_order_of_merit(instance).unwrap().objective.unwrap();
    let newcomer = newcomer(instance, &solution);
    let verdict = verify(instance, &solution);
    assert!(verdict.violations.is_empty(), "{:?}", verdict.violations);
    println!(
        "| {name} | {} | {:.4e} | {:.4e} | {:.4e} | {} | {:.2} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} | {} |",
        instance.requests.len(),
        merit as f64,
        verdict.objective as f64,
        verdict.upper_bound.unwrap() as f64,
        verdict.branched_bound.map_or_else(|| "–".to_owned(), |bound| format!("{:.4e}", bound as f64)),
        verdict.gap().unwrap() as f64 / 10_000.0,
        first.0.as_secs_f64(),
        all.as_secs_f64(),
        first.1,
        work,
        newcomer.as_secs_f64() * 1_000.0,
        memory,
    );
}

/// How long it takes to find a place for somebody who comes when everybody else has theirs.
fn newcomer(instance: &Instance, solution: &Solution) -> Duration {
    let mut before = solution.clone();
    let award = before.awards.remove(before.awards.len() / 2);
    let began = Instant::now();
    let placed = newcomers(instance, &before, &[award.request]).unwrap();
    // Not always: the place that the prices like best may break a rule about shares.
    assert!(placed.len() <= 1, "one who comes has one place");
    began.elapsed()
}

/// Seconds of work of all threads so far, which neighbours on the machine lengthen less than the time.
fn processor_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory this process had so far, the instance included.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or_default() / 1_024
}
