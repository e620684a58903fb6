//! Our engine beside HiGHS, on the files named: `cargo bench -p matching --features highs --bench oracle --
//! [--seconds N] [--mps OUT] FILE...`. HiGHS gets the time in seconds (120), one thread, and no beginning from us. With
//! `--mps` the programme of each call is written to a file too, the name of the call before the name given.
#![allow(clippy::print_stdout, reason = "a table is what it is for")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark fails by panicking")]
#![allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "shares of large figures, to look at")]

use std::{fs, ops::ControlFlow, path::Path, time::Duration};

use matching::{Budget, Instance, in_order_of_merit, oracle::solve_exactly, solve, verify::verify};

const BUDGET: Budget = Budget { passes: 600, moves: 2_000_000, cases: 25, seed: 1, threads: 1 };
/// Of `/proc`: the same on every Linux that we run on.
const TICKS_A_SECOND: f64 = 100.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let given = |name: &str| arguments.iter().position(|one| one == name).and_then(|at| arguments.get(at + 1));
    let seconds = given("--seconds").and_then(|seconds| seconds.parse().ok()).unwrap_or(120);
    println!(
        "| call | order of merit | ours | bound | gap % | CPU s | HiGHS | bound | gap % | CPU s | columns | rows |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for file in arguments.iter().filter(|one| one.ends_with(".json")) {
        let instance: Instance = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        measure(&instance, seconds, given("--mps"));
    }
}

fn measure(instance: &Instance, seconds: u64, mps: Option<&String>) {
    let merit = in_order_of_merit(instance).unwrap().objective.unwrap();
    let began = cpu_seconds();
    let ours = solve(instance, BUDGET, |_| ControlFlow::Continue(())).unwrap();
    let own = cpu_seconds() - began;
    let ours = verify(instance, &ours);
    assert!(ours.violations.is_empty(), "{:?}", ours.violations);
    let file = mps.map(|out| {
        let out = Path::new(out);
        let name = format!("{}-{}", instance.name, out.file_name().unwrap().to_str().unwrap());
        out.with_file_name(name).to_str().unwrap().to_owned()
    });
    let began = cpu_seconds();
    let answer = solve_exactly(instance, Duration::from_secs(seconds), file.as_deref()).unwrap();
    let theirs = cpu_seconds() - began;
    let found = answer.solution.map(|solution| verify(instance, &solution));
    assert!(found.as_ref().is_none_or(|found| found.violations.is_empty()), "{found:?}");
    // A plan of nothing is always there and is not worth calling one.
    let found = found.map(|found| found.objective as f64).filter(|value| *value > 0.0);
    let none = format!("none in {seconds} s");
    println!(
        "| {} | {:.4e} | {:.4e} | {:.4e} | {:.2} | {:.1} | {} | {:.4e} | {} | {:.1} | {} | {} |",
        instance.name,
        merit as f64,
        ours.objective as f64,
        ours.tightest().unwrap() as f64,
        ours.gap().unwrap() as f64 / 10_000.0,
        own,
        found.map_or(none, |value| format!("{value:.4e}")),
        answer.bound,
        found.map_or_else(|| "–".to_owned(), |value| format!("{:.2}", 100.0 * (1.0 - value / answer.bound))),
        theirs,
        answer.columns,
        answer.rows,
    );
}

/// Of all threads of this process, its own time and the system's for it: other work on the machine does not count.
fn cpu_seconds() -> f64 {
    let line = fs::read_to_string("/proc/self/stat").unwrap();
    // The name of the programme, in brackets, may have spaces.
    let (_, fields) = line.rsplit_once(") ").unwrap();
    let ticks: u64 = fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    ticks as f64 / TICKS_A_SECOND
}
