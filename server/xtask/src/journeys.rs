//! The journeys in a real browser: with JavaScript and without, each on a demo world of its own.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    setup,
    sh::{program, root, say},
    site, stamp,
    suites::Count,
    world::{self, World},
};

const BINARY: &str = "target/debug/server";

/// A demo world that was seeded once; every walk begins on a copy of it.
pub struct Seeded {
    folder: TempDir,
}

impl Seeded {
    /// The site and the server are built.
    pub fn new() -> Result<Self> {
        let folder = folder()?;
        World::temporary(BINARY, folder.path())?.seed()?;
        Ok(Self { folder })
    }

    /// A world of one's own, as this was seeded, in a folder that goes with it.
    pub fn copy(&self) -> Result<(TempDir, World)> {
        let folder = folder()?;
        for file in fs::read_dir(self.folder.path())? {
            let file = file?;
            fs::copy(file.path(), folder.path().join(file.file_name()))?;
        }
        let world = World::temporary(BINARY, folder.path())?;
        Ok((folder, world))
    }

    /// Runs one of Playwright's projects.
    pub fn walk(&self, project: &str) -> Result<Count> {
        let (_folder, world) = self.copy()?;
        // One machine asks for everything: the limit per address is tested elsewhere.
        let log = fs::File::create(stamp::folder()?.join(format!("journeys-{project}.log")))?;
        let mut serve = world.command("serve");
        serve.env("GIGAHOURS_REQUESTS_PER_SECOND", "0").stdout(log.try_clone()?).stderr(log);
        let server = world.start_as(&mut serve)?;
        say(&format!("walking the journeys ({project}) on {}", world.url()));
        let count = walked(project, &world);
        drop(server);
        count
    }
}

fn folder() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("gigahours-journeys-").tempdir()?)
}

fn walked(project: &str, world: &World) -> Result<Count> {
    let report = stamp::folder()?.join(format!("journeys-{project}.json"));
    let _ = fs::remove_file(&report);
    let mut playwright = program("npx");
    playwright
        .args(["--no-install", "playwright", "test", "--project", project])
        .args(["--output", &format!("test-results/{project}")])
        .current_dir(root().join("end2end"))
        .env("GIGAHOURS_BASE_URL", world.url())
        .env("GIGAHOURS_CHROMIUM", setup::chromium()?)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .stdin(std::process::Stdio::null());
    let status = playwright.status().context("npx cannot be started")?;
    let mut count = counted(&fs::read_to_string(&report).context("Playwright left no report")?)?;
    if !status.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// Playwright's JSON report. A test that passed only when tried again has failed.
fn counted(report: &str) -> Result<Count> {
    let report: Value = serde_json::from_str(report)?;
    let number = |name: &str| report.pointer(&format!("/stats/{name}")).and_then(Value::as_u64).unwrap_or(0);
    Ok(Count { passed: number("expected"), failed: number("unexpected") + number("flaky") })
}

/// `cargo xtask screens`.
pub fn screens() -> Result<()> {
    setup::to_test()?;
    site::build()?;
    world::build_server()?;
    let count = Seeded::new()?.walk("screens")?;
    anyhow::ensure!(count.failed == 0, "{} pages could not be shown", count.failed);
    say("the pictures are in end2end/screenshots");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaky_test_counts_as_failed() {
        let report = r#"{"stats":{"expected":4,"skipped":1,"unexpected":1,"flaky":2}}"#;
        assert_eq!(counted(report).unwrap(), Count { passed: 4, failed: 3 });
    }
}
