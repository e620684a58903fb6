//! Our engine beside HiGHS, on the files named: `cargo bench -p matching --features highs --bench oracle -- [--seconds N]
//! FILE...`. HiGHS gets the time in seconds (120), one thread, and no beginning from us.
#![allow(clippy::print_stdout, reason = "a table is what it is for")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark fails by panicking")]
#![allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "shares of large figures, to look at")]

use std::{
    fs,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use matching::{Budget, Instance, in_order_of_merit, oracle::solve_exactly, solve, verify::verify};

const BUDGET: Budget = Budget { passes: 600, moves: 2_000_000, cases: 25, seed: 1, threads: 1 };

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let seconds = arguments.iter().position(|one| one == "--seconds").and_then(|at| arguments.get(at + 1));
    let limit = Duration::from_secs(seconds.and_then(|seconds| seconds.parse().ok()).unwrap_or(120));
    println!("| call | order of merit | ours | bound | s | HiGHS | bound | s | columns | rows |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for file in arguments.iter().filter(|one| one.ends_with(".json")) {
        let instance: Instance = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let merit = in_order_of_merit(&instance).unwrap().objective.unwrap();
        let began = Instant::now();
        let ours = solve(&instance, BUDGET, |_| ControlFlow::Continue(())).unwrap();
        let own = began.elapsed();
        let ours = verify(&instance, &ours);
        assert!(ours.violations.is_empty(), "{:?}", ours.violations);
        let began = Instant::now();
        let answer = solve_exactly(&instance, limit).unwrap();
        let theirs = began.elapsed();
        let found = answer.solution.map(|solution| verify(&instance, &solution));
        assert!(found.as_ref().is_none_or(|found| found.violations.is_empty()), "{found:?}");
        println!(
            "| {} | {:.4e} | {:.4e} | {:.4e} | {:.1} | {} | {:.4e} | {:.1} | {} | {} |",
            instance.name,
            merit as f64,
            ours.objective as f64,
            ours.tightest().unwrap() as f64,
            own.as_secs_f64(),
            found.map_or_else(|| "none".to_owned(), |found| format!("{:.4e}", found.objective as f64)),
            answer.bound,
            theirs.as_secs_f64(),
            answer.columns,
            answer.rows,
        );
    }
}
