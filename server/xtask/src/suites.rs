//! Counting: what each suite passed and failed, and the one closing line over all.

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, ensure};

use crate::sh::say;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
}

impl Count {
    pub const fn one(passed: bool) -> Self {
        if passed { Self { passed: 1, failed: 0 } } else { Self { passed: 0, failed: 1 } }
    }

    pub const fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// What runs in a thread of its own.
pub type Suite<'a> = Box<dyn FnOnce() -> Result<Count> + Send + 'a>;

/// Every suite so far.
#[derive(Debug, Default)]
pub struct Suites {
    rows: Vec<(String, Count, u64)>,
}

impl Suites {
    /// Runs one suite; a failure is counted and the others still run.
    pub fn add(&mut self, name: &str, suite: impl FnOnce() -> Result<Count>) {
        say(&format!("── {name}"));
        let started = Instant::now();
        let count = suite().unwrap_or_else(|error| {
            say(&format!("{name}: {error:#}"));
            Count::one(false)
        });
        self.rows.push((name.to_owned(), count, started.elapsed().as_secs()));
    }

    /// Runs several suites side by side, each in a thread of its own.
    pub fn beside(&mut self, suites: Vec<(&str, Suite<'_>)>) {
        let rows = std::thread::scope(|scope| {
            let started = suites.into_iter().map(|(name, suite)| {
                let run = move || {
                    let mut alone = Self::default();
                    alone.add(name, suite);
                    alone.rows
                };
                scope.spawn(run)
            });
            let started: Vec<_> = started.collect();
            let ended = started.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|_| vec![("a suite that broke off".to_owned(), Count::one(false), 0)])
            });
            ended.flatten().collect::<Vec<_>>()
        });
        self.rows.extend(rows);
    }

    /// As [`Self::add`], for what passes or fails as a whole.
    pub fn check(&mut self, name: &str, check: impl FnOnce() -> Result<()>) {
        self.add(name, || check().map(|()| Count::one(true)));
    }

    /// Prints the table and the closing line. Errors when anything failed, or nothing ran.
    pub fn close(&self) -> Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "\n{:<32} {:>7} {:>7} {:>6}", "suite", "passed", "failed", "s")?;
        for (name, count, seconds) in &self.rows {
            writeln!(out, "{name:<32} {:>7} {:>7} {seconds:>6}", count.passed, count.failed)?;
        }
        let total = self.rows.iter().fold(Count::default(), |sum, (_, count, _)| sum.plus(*count));
        writeln!(out, "\n{} passed, {} failed", total.passed, total.failed)?;
        out.flush()?;
        ensure!(total.failed == 0, "{} failed", total.failed);
        ensure!(total.passed > 0, "nothing ran");
        Ok(())
    }
}

/// Runs cargo's tests, showing what they print, and counts them from their own closing lines.
pub fn counted(command: &mut Command) -> Result<Count> {
    let shown = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{shown} cannot be started"))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let reader = std::thread::spawn(move || out.map_or(Count::default(), |out| count_lines(BufReader::new(out))));
    let of_err = err.map_or(Count::default(), |err| count_lines(BufReader::new(err)));
    let of_out = reader.join().unwrap_or_default();
    let status = child.wait()?;
    let mut count = of_out.plus(of_err);
    if !status.success() && count.failed == 0 {
        // It did not build, or a runner fell over: no test says so itself.
        count.failed = 1;
    }
    Ok(count)
}

fn count_lines(reader: impl BufRead) -> Count {
    let mut count = Count::default();
    for line in reader.lines().map_while(Result::ok) {
        eprintln!("{line}");
        count = count.plus(count_line(&line));
    }
    count
}

/// nextest: `Summary [ 1.2s] 9 tests run: 8 passed, 1 failed, 0 skipped`. cargo test: `test result: ok. 3 passed; 0 failed; …`.
fn count_line(line: &str) -> Count {
    let line = line.trim();
    if !line.starts_with("Summary [") && !line.starts_with("test result:") {
        return Count::default();
    }
    let words: Vec<&str> = line.split([' ', ';', ',', ':']).filter(|word| !word.is_empty()).collect();
    let before = |names: &[&str]| {
        let numbers = words.windows(2).filter_map(|pair| match pair {
            [number, name] if names.contains(name) => number.parse::<u64>().ok(),
            _ => None,
        });
        numbers.sum()
    };
    Count { passed: before(&["passed"]), failed: before(&["failed", "timed"]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_closing_lines_are_read() {
        let table = [
            ("     Summary [   4.351s] 120 tests run: 118 passed (2 slow), 2 failed, 3 skipped", 118, 2),
            ("test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s", 3, 1),
            ("        PASS [   0.005s] domain money::tests::rounds", 0, 0),
            ("say 7 passed, 9 failed", 0, 0),
        ];
        for (line, passed, failed) in table {
            assert_eq!(count_line(line), Count { passed, failed }, "{line}");
        }
    }

    #[test]
    fn a_suite_that_cannot_run_has_failed() {
        let mut suites = Suites::default();
        suites.check("good", || Ok(()));
        suites.add("bad", || anyhow::bail!("no browser"));
        assert!(suites.close().is_err());
        assert!(Suites::default().close().is_err(), "nothing ran");
    }

    #[test]
    fn suites_side_by_side_are_all_counted() {
        let mut suites = Suites::default();
        suites.beside(vec![
            ("good", Box::new(|| Ok(Count { passed: 2, failed: 0 }))),
            ("bad", Box::new(|| anyhow::bail!("no browser"))),
            ("broken", Box::new(|| panic!("fell over"))),
        ]);
        let total = suites.rows.iter().fold(Count::default(), |sum, (_, count, _)| sum.plus(*count));
        assert_eq!(total, Count { passed: 2, failed: 2 });
    }
}
