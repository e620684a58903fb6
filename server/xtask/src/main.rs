//! One command each: `cargo xtask run | dev | test | check | tidy | build | bench | month-end | journeys | screens`.
//!
//! In Rust, so that nothing needs installing to begin. Refuses to know anything of what the application does.

mod bench;
mod dev;
mod journeys;
mod month_end;
mod papers;
mod postgres;
mod setup;
mod sh;
mod site;
mod stamp;
mod suites;
mod test;
mod tidy;
mod world;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Gigahours' own commands")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up, build, migrate, seed the demo world and serve it on http://127.0.0.1:3000
    Run {
        /// Throw the demo world away and seed it anew
        #[arg(long)]
        fresh: bool,
    },
    /// As `run`, rebuilding and restarting when a file changes
    Dev,
    /// Everything, from nothing: set up, lints, both databases, journeys in a browser. This is the pipeline
    Test,
    /// The quick ones: format, lints, tidy
    Check,
    /// The rules of the code that no compiler knows
    Tidy,
    /// The site in target/site and the server, without serving
    Build,
    /// Measure the release server on 50,000 applications
    Bench,
    /// Measure a month's end of 1,000 and of 10,000 invoices, and kill one two hundred times
    MonthEnd,
    /// The journeys alone, in a browser with JavaScript and without
    Journeys,
    /// Pictures of every page into end2end/screenshots
    Screens,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run { fresh } => world::run(fresh),
        Command::Dev => dev::dev(),
        Command::Test => test::test(),
        Command::Check => test::check(),
        Command::Tidy => tidy::tidy(),
        Command::Build => setup::to_build().and_then(|()| site::build()).and_then(|()| world::build_server()),
        Command::Bench => bench::bench(),
        Command::MonthEnd => month_end::month_end(),
        Command::Journeys => test::journeys(),
        Command::Screens => journeys::screens(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            sh::say(&format!("failed: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
