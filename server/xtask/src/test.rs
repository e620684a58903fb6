//! `cargo xtask test`: everything, from nothing. It is the pipeline; `check` is its quick part.

use std::process::Command;

use anyhow::Result;

use crate::{
    journeys, papers,
    postgres::Postgres,
    setup,
    sh::{answer, cargo, run},
    site,
    suites::{Count, Suites, counted},
    tidy, world,
};

/// Format, lints, tidy.
pub fn check() -> Result<()> {
    let mut suites = Suites::default();
    lints(&mut suites);
    suites.close()
}

/// Every suite, even after one failed; errors at the end when any did.
pub fn test() -> Result<()> {
    let mut suites = Suites::default();
    suites.check("set up", setup::to_test);
    lints(&mut suites);
    suites.check("documentation", || {
        let mut doc = cargo(&["doc", "--no-deps", "--locked", "--quiet"]);
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    let postgres = Postgres::start();
    // The browser's part is linked by one core for minutes, and so is the end of the tests' compilation: side by side they
    // take little more than the longer. Cargo locks neither for the other, because they are for two targets.
    suites.beside(vec![
        ("site", Box::new(|| site::build().map(|()| Count::one(true)))),
        (
            "Rust tests, both databases",
            Box::new(|| {
                let postgres = postgres.as_ref().map_err(|error| anyhow::anyhow!("PostgreSQL: {error:#}"))?;
                counted(tests().env("TEST_POSTGRES_URL", &postgres.url))
            }),
        ),
    ]);
    drop(postgres);
    suites.add("Rust tests of these commands", || counted(&mut cargo(&["test", "--package", "xtask", "--locked"])));
    walks(&mut suites, true);
    suites.close()
}

/// `cargo xtask journeys`.
pub fn journeys() -> Result<()> {
    let mut suites = Suites::default();
    suites.check("set up", setup::to_test);
    suites.check("site", site::build);
    walks(&mut suites, false);
    suites.close()
}

/// With JavaScript and without, for everybody; and the documents of the same world against the official rules.
fn walks(suites: &mut Suites, with_papers: bool) {
    suites.check("server", world::build_server);
    let seeded = match journeys::Seeded::new() {
        Ok(seeded) => seeded,
        Err(error) => return suites.check("demo world", || Err(error)),
    };
    // axe keeps the browser busy, the journeys the server: side by side they take little more than the longer.
    suites.beside(vec![
        ("accessibility", Box::new(|| seeded.walk("axe"))),
        (
            "journeys",
            Box::new(|| {
                let with = seeded.walk("js")?;
                Ok(with.plus(seeded.walk("nojs")?))
            }),
        ),
        (
            "documents, official rules",
            Box::new(|| if with_papers { papers::check(&seeded) } else { Ok(Count::default()) }),
        ),
    ]);
}

fn lints(suites: &mut Suites) {
    suites.check("format", || run(&mut cargo(&["fmt", "--all", "--check"])));
    suites.check("tidy", tidy::tidy);
    suites.check("clippy", || run(clippy(&mut cargo(&["clippy", "--all-targets", "--locked"]))));
    suites.check("clippy of these commands", || {
        run(clippy(&mut cargo(&["clippy", "--all-targets", "--locked", "--package", "xtask"])))
    });
}

fn clippy(command: &mut Command) -> &mut Command {
    command.args(["--quiet", "--", "-D", "warnings"])
}

/// nextest where it is installed: a process a test, and all of them at once.
fn tests() -> Command {
    if answer(&mut cargo(&["nextest", "--version"])).is_some() {
        cargo(&["nextest", "run", "--profile", "ci", "--locked"])
    } else {
        cargo(&["test", "--no-fail-fast", "--locked"])
    }
}
