//! `cargo xtask month-end`: what a month's end of the release server takes, and what is left of one that is killed again
//! and again.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    bench, setup,
    sh::{self, program, say},
    world::World,
};

/// Invoices to issue, each in a world of its own.
const SIZES: [u32; 2] = [1_000, 10_000];
/// Invoices of the month's end that is killed, and so often.
const KILLED: u32 = 2_000;
const KILLS: u32 = 200;

/// Prints one table and one sentence. Errors when anything was lost, doubled or left out.
pub fn month_end() -> Result<()> {
    setup::to_build()?;
    bench::release_server()?;
    let mut out = std::io::stdout().lock();
    let mut table = format!(
        "{:>9} {:>9} {:>9} {:>8} {:>10} {:>9} {:>10}\n",
        "invoices", "issue s", "ms each", "MB", "files", "write s", "kB a file"
    );
    let mut whole = Duration::ZERO;
    for size in SIZES {
        let ended = measure(size)?;
        whole = ended.issuing / size * KILLED;
        table.push_str(&ended.row());
    }
    let killed = killed(whole)?;
    writeln!(out, "\n{table}\n{killed}")?;
    Ok(())
}

struct Ended {
    documents: u32,
    issuing: Duration,
    peak_kb: u64,
    files: u32,
    bytes: u64,
    writing: Duration,
}

impl Ended {
    fn row(&self) -> String {
        let each = self.issuing.as_secs_f64() * 1_000.0 / f64::from(self.documents.max(1));
        let size = u32::try_from(self.bytes / 1_000).map_or(f64::MAX, f64::from) / f64::from(self.files.max(1));
        format!(
            "{:>9} {:>9.1} {each:>9.2} {:>8} {:>10} {:>9.1} {size:>10.1}\n",
            self.documents,
            self.issuing.as_secs_f64(),
            self.peak_kb / 1_024,
            self.files,
            self.writing.as_secs_f64(),
        )
    }
}

/// A world with so many companies to invoice.
fn world(folder: &Path, size: u32) -> Result<World> {
    let world = World::temporary("target/release/server", folder)?;
    world.seed()?;
    // What the demo world itself owes is issued first, so that only the measured is left.
    sh::run(&mut world.command("close-month"))?;
    say(&format!("adding {size} companies"));
    sh::run(world.command("seed").args(["--billable", &size.to_string()]))?;
    Ok(world)
}

fn measure(size: u32) -> Result<Ended> {
    let folder = tempfile::Builder::new().prefix("gigahours-month-").tempdir()?;
    let world = world(folder.path(), size)?;
    let before = issued(&world)?;
    let started = Instant::now();
    let mut close = start(&mut world.command("close-month"))?;
    let mut peak_kb = 0;
    let status = loop {
        peak_kb = peak_kb.max(memory_kb(&close).unwrap_or_default());
        if let Some(status) = close.try_wait()? {
            break status;
        }
        thread::sleep(Duration::from_millis(20));
    };
    let issuing = started.elapsed();
    ensure!(status.success(), "the month's end ended with {status}");
    let after = issued(&world)?;
    let (documents, funders) = (after.companies - before.companies, after.funders - before.funders);
    ensure!(documents == size, "{documents} documents were issued for {size} companies");
    let out = folder.path().join("documents");
    let started = Instant::now();
    sh::quiet(world.command("documents").arg("--all").arg("--out").arg(&out))?;
    let writing = started.elapsed();
    let (files, bytes) = sizes(&out)?;
    Ok(Ended { documents: documents + funders, issuing, peak_kb, files, bytes, writing })
}

/// Kills the same month's end at any instant, so often, and lets it end at last.
fn killed(whole: Duration) -> Result<String> {
    let folder = tempfile::Builder::new().prefix("gigahours-killed-").tempdir()?;
    let world = world(folder.path(), KILLED)?;
    let before = issued(&world)?;
    let started = Instant::now();
    sh::quiet(&mut world.command("migrate"))?;
    let starting = started.elapsed();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut in_the_middle, mut before_it, mut last) = (0, 0, before);
    let a_kill = starting + whole / KILLS;
    for _ in 0..KILLS {
        let mut close = start(&mut world.command("close-month"))?;
        thread::sleep(dice.below(a_kill));
        if let Some(status) = close.try_wait()? {
            ensure!(status.success(), "the month's end ended by itself with {status}");
            bail!("the month's end was over before it was killed {KILLS} times");
        }
        close.kill()?;
        close.wait()?;
        let now = issued(&world)?;
        ensure!(now.companies >= last.companies && now.funders >= last.funders, "of {last:?} only {now:?} are left");
        if now != last {
            in_the_middle += 1;
        } else {
            before_it += 1;
        }
        last = now;
    }
    ensure!(in_the_middle > 0, "every kill came before anything was issued");
    sh::quiet(&mut world.command("close-month"))?;
    let after = issued(&world)?;
    let (documents, funders) = (after.companies - before.companies, after.funders - before.funders);
    ensure!(documents == KILLED, "{documents} documents were issued for {KILLED} companies");
    sh::quiet(&mut world.command("close-month"))?;
    ensure!(issued(&world)? == after, "a month's end that was over issued something");
    Ok(format!(
        "{KILLS} kills, {in_the_middle} after some documents and {before_it} before the next: {documents} documents for \
         {KILLED} companies and {funders} for funders, none lost, none doubled, no gap, and the books agree"
    ))
}

/// The series of what funders are asked for: how many there are depends on whose awards are split.
const FUNDERS: &str = "GH-FND";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Issued {
    companies: u32,
    funders: u32,
}

/// Documents of all series, by an audit that fails where a number is missing or the books do not agree.
fn issued(world: &World) -> Result<Issued> {
    let output = sh::quiet(world.command("ledger").arg("check"))?;
    let mut sum = Issued::default();
    for line in String::from_utf8(output.stdout)?.lines() {
        let (series, count) = line.split_once('\t').with_context(|| format!("no count in {line}"))?;
        let of = if series.starts_with(FUNDERS) { &mut sum.funders } else { &mut sum.companies };
        *of += count.parse::<u32>()?;
    }
    Ok(sum)
}

fn start(command: &mut Command) -> Result<Child> {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(quiet.env("RUST_LOG", "off").spawn()?)
}

/// The most that it kept in memory so far, from the kernel.
fn memory_kb(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Files below a folder, and their bytes.
fn sizes(folder: &Path) -> Result<(u32, u64)> {
    let output = sh::quiet(program("find").arg(folder).args(["-type", "f", "-printf", "%s\\n"]))?;
    let text = String::from_utf8(output.stdout)?;
    let sizes: Vec<u64> = text.lines().map(str::parse).collect::<std::result::Result<_, _>>()?;
    Ok((u32::try_from(sizes.len())?, sizes.iter().sum()))
}

/// Instants that nobody chose and that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        limit.mul_f64(f64::from(u32::try_from(self.0 >> 40).unwrap_or_default()) / f64::from(1_u32 << 24))
    }
}
