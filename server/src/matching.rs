//! `server match`: the engine on files, for whoever wants to check us, and once on the database.

use std::{fs, ops::ControlFlow, path::PathBuf, time::Instant};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use domain::id::RunId;
use matching::{Budget, Instance, SMALL, Solution, Standing, explain, rerun, sample, solve_after, verify::verify};
use serde::{Serialize, de::DeserializeOwned};
use services::{Desk, RunFiles};

#[derive(Subcommand)]
pub enum Files {
    /// Solve an instance; the same file, budget and seed give the same bytes
    Solve {
        #[arg(long)]
        instance: PathBuf,
        /// What of an earlier plan it respects, as `export` writes it
        #[arg(long)]
        standing: Option<PathBuf>,
        /// Where the solution goes; to the standard output without it
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        work: Work,
    },
    /// Check a solution: every rule, its objective, and the bound that its prices prove
    Verify { instance: PathBuf, solution: PathBuf },
    /// Say why each request that did not get everything did not, and what would have fitted
    Explain {
        instance: PathBuf,
        solution: PathBuf,
        /// Only this one
        #[arg(long)]
        request: Option<String>,
    },
    /// Write the instance of a run, and its plan if there is one, out of the database
    Export {
        /// The newest without it
        #[arg(long)]
        run: Option<RunId>,
        /// Folder for `instance.json`, `solution.json`, and `standing.json` if it respects an earlier plan
        #[arg(long)]
        out: PathBuf,
    },
    /// Take over a plan that was made elsewhere for a solved run, if it keeps every rule
    Import {
        #[arg(long)]
        run: RunId,
        solution: PathBuf,
    },
    /// Make up a call
    Sample {
        requests: usize,
        #[arg(long, default_value_t = 12)]
        sites: usize,
        #[arg(long, default_value_t = 52)]
        weeks: usize,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// Counted in steps: the same steps and seed give the same bytes. Seconds end it early, and then it is not sure to be
/// the same again.
#[derive(Args, Clone, Copy)]
pub struct Work {
    /// Passes over all requests for the prices
    #[arg(long, default_value_t = 300)]
    passes: u32,
    /// Moves of the search
    #[arg(long, default_value_t = 300_000)]
    steps: u64,
    /// Cases that a small call is divided into for a tighter bound: 25 of up to 300 requests, none of more, unless said
    #[arg(long)]
    cases: Option<u32>,
    /// Stop with the best plan so far
    #[arg(long)]
    seconds: Option<u64>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The answer is the same with any number
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    threads: u16,
}

/// Cases that small calls are divided into unless said otherwise.
const CASES: u32 = 25;

pub fn run_alone(files: Files) -> anyhow::Result<()> {
    match files {
        Files::Solve { instance, standing, out, work: Work { passes, steps, cases, seconds, seed, threads } } => {
            let began = Instant::now();
            let instance: Instance = read(&instance)?;
            let cases = cases.unwrap_or(if instance.requests.len() <= SMALL { CASES } else { 0 });
            let budget = Budget { passes, moves: steps, cases, seed, threads: threads.into() };
            let standing: Standing = standing.as_ref().map(read).transpose()?.unwrap_or_default();
            let solution = solve_after(&instance, budget, &standing, |progress| {
                eprintln!("{} moves: {} of at most {}", progress.moves, progress.objective, progress.upper_bound);
                match seconds {
                    Some(seconds) if began.elapsed().as_secs() >= seconds => ControlFlow::Break(()),
                    _ => ControlFlow::Continue(()),
                }
            });
            match solution {
                Ok(solution) => write(out, &solution),
                Err(faults) => {
                    for fault in &faults {
                        eprintln!("{fault}");
                    }
                    bail!("{} faults in the instance", faults.len())
                }
            }
        }
        Files::Verify { instance, solution } => check(&checked(&instance)?, &read(&solution)?),
        Files::Explain { instance, solution, request } => {
            let (instance, solution): (Instance, Solution) = (checked(&instance)?, read(&solution)?);
            let violations = verify(&instance, &solution).violations;
            anyhow::ensure!(violations.is_empty(), "the solution breaks rules: verify it first");
            let (standing, mut said) = (Standing::default(), explain(&instance, &solution));
            if let Some(id) = request {
                let number = instance.requests.iter().position(|one| one.id == id);
                let number = number.with_context(|| format!("no request {id}"))?;
                said.retain(|one| one.request == number);
                for one in said.iter_mut().filter(|one| one.hours == 0) {
                    let found = rerun(&instance, &solution, &standing, &[number]).into_iter().map(|found| found.change);
                    one.would_move = found.filter(|change| !one.would_fit.contains(change)).collect();
                }
            }
            write(None, &said)
        }
        Files::Export { .. } | Files::Import { .. } => bail!("that needs the database"),
        Files::Sample { requests, sites, weeks, seed, out } => {
            anyhow::ensure!(sites > 0 && (4..=260).contains(&weeks), "at least one site, and from 4 to 260 weeks");
            write(out, &sample::call(sample::Size { requests, sites, weeks }, seed))
        }
    }
}

impl Files {
    /// Whether it needs the database, and so the configuration.
    pub const fn needs_database(&self) -> bool {
        matches!(self, Self::Export { .. } | Self::Import { .. })
    }
}

/// As [`run_alone`], with the database.
pub async fn run(files: Files, desk: &Desk) -> anyhow::Result<()> {
    match files {
        Files::Export { run, out } => {
            let run = match run {
                Some(run) => run,
                None => desk.runs().await?.first().context("there is no run yet")?.id,
            };
            let RunFiles { instance, standing, solution } = desk.run_files(run).await?;
            fs::create_dir_all(&out).with_context(|| out.display().to_string())?;
            fs::write(out.join("instance.json"), instance)?;
            for (name, file) in [("standing.json", standing), ("solution.json", solution)] {
                if let Some(file) = file {
                    fs::write(out.join(name), file)?;
                }
            }
            eprintln!("run {run} is in {}", out.display());
            Ok(())
        }
        Files::Import { run, solution } => {
            desk.import_solution(run, read(&solution)?).await?;
            eprintln!("run {run} has the plan of {}", solution.display());
            Ok(())
        }
        files => run_alone(files),
    }
}

fn check(instance: &Instance, solution: &Solution) -> anyhow::Result<()> {
    let verdict = verify(instance, solution);
    let (used, offered) = verdict.gpu_weeks;
    eprintln!("{} awards, {} hours, {used} of {offered} GPU-weeks", verdict.awarded, verdict.hours);
    eprintln!("objective {}", verdict.objective);
    if let (Some(bound), Some(gap)) = (verdict.tightest(), verdict.gap()) {
        eprintln!("no plan is worth more than {bound}: at most {}.{:04} % better", gap / 10_000, gap % 10_000);
    }
    for violation in &verdict.violations {
        eprintln!("{violation}");
    }
    anyhow::ensure!(verdict.violations.is_empty(), "{} violations", verdict.violations.len());
    Ok(())
}

fn checked(path: &PathBuf) -> anyhow::Result<Instance> {
    let instance: Instance = read(path)?;
    if let Err(faults) = instance.check() {
        let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
        bail!("{}: {}", path.display(), all.join("; "));
    }
    Ok(instance)
}

fn read<T: DeserializeOwned>(path: &PathBuf) -> anyhow::Result<T> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

fn write(out: Option<PathBuf>, what: &impl Serialize) -> anyhow::Result<()> {
    match out {
        Some(path) => fs::write(&path, serde_json::to_vec(what)?).with_context(|| path.display().to_string()),
        None => Ok(serde_json::to_writer(std::io::stdout().lock(), what)?),
    }
}
