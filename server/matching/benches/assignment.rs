//! The core of the engine on generalised assignment problems: how far from the best value known.
//!
//! `cargo bench -p matching --bench assignment -- [FOLDER]`, a folder with a file for each problem and `bounds.tsv` or
//! `bounds.txt`; those that the tests use without it.
#![allow(clippy::print_stdout, reason = "a table is what it is for")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]
#![allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "shares of figures, to look at")]

use std::{fs, path::PathBuf, time::Instant};

use matching::{
    Budget,
    options::{Choice, Options, choose},
};

fn main() {
    let folder = std::env::args().skip(1).find(|one| one != "--bench").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gap")));
    let bounds =
        ["bounds.tsv", "bounds.txt"].iter().find_map(|name| fs::read_to_string(folder.join(name)).ok()).unwrap();
    println!("| problem | best known | found | off % | bound | off % | s |");
    println!("|---|---|---|---|---|---|---|");
    for line in bounds.lines() {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let (name, reading) = parts[0].split_once("_M").map_or((parts[0], ""), |(name, rest)| (name, rest));
        let (name, is_least) = if reading == "in" { (name, true) } else { (parts[0].trim_end_matches("_Max"), false) };
        let names = [name.to_owned(), format!("{name}.txt")];
        let Some(text) = names.into_iter().find_map(|name| fs::read_to_string(folder.join(name)).ok()) else {
            continue;
        };
        // The least cost known is the upper of the two.
        let best: i64 = parts[if is_least { 2 } else { 1 }].parse().unwrap();
        measure(parts[0], &read(&text), best, is_least);
    }
}

/// A least cost is sought as the most of what a job is worth done, less its cost; it counts only if all are done.
fn measure(name: &str, options: &Options, best: i64, is_least: bool) {
    let mut options = options.clone();
    let dearest = options.items.iter().flatten().map(|choice| choice.value).max().unwrap_or(0);
    let done = if is_least { 3 * dearest } else { 0 };
    if is_least {
        options.items.iter_mut().flatten().for_each(|choice| choice.value = done - choice.value);
    }
    let all = done * i64::try_from(options.items.len()).unwrap();
    let began = Instant::now();
    let chosen = choose(&options, Budget { passes: 1_000, moves: 300_000, seed: 1, cases: 0, threads: 1 }).unwrap();
    let found = if is_least { all - chosen.value } else { chosen.value };
    let bound = if is_least { all - chosen.upper_bound } else { chosen.upper_bound };
    let undone = chosen.of.iter().filter(|taken| taken.is_none()).count();
    let off = |figure: i64| (figure - best).abs() as f64 * 100.0 / best as f64;
    let seconds = began.elapsed().as_secs_f64();
    if undone > 0 {
        println!("| {name} | {best} | {undone} jobs left over | | {bound} | {:.3} | {seconds:.1} |", off(bound));
    } else {
        println!("| {name} | {best} | {found} | {:.3} | {bound} | {:.3} | {seconds:.1} |", off(found), off(bound));
    }
}

fn read(text: &str) -> Options {
    let mut figures = text.split_whitespace().map(|figure| figure.parse::<i64>().unwrap());
    let mut next = || figures.next().unwrap();
    let (agents, jobs) = (usize::try_from(next()).unwrap(), usize::try_from(next()).unwrap());
    let mut table = || (0..agents).map(|_| (0..jobs).map(|_| next()).collect()).collect::<Vec<Vec<i64>>>();
    let (profits, amounts) = (table(), table());
    let resources = (0..agents).map(|_| next()).collect();
    let option =
        |job: usize, agent: usize| Choice { value: profits[agent][job], resource: agent, amount: amounts[agent][job] };
    Options { resources, items: (0..jobs).map(|job| (0..agents).map(|agent| option(job, agent)).collect()).collect() }
}
