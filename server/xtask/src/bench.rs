//! `cargo xtask bench`: the release server on a database of 50,000 applications, asked by `wrk`.

use std::{
    fmt::Write as _,
    fs,
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::{
    setup,
    sh::{self, Running, cargo, has, program, say},
    site, stamp,
    world::World,
};

const APPLICATIONS: &str = "50000";
const CONCURRENCY: [u32; 3] = [1, 16, 64];
const SECONDS: u32 = 5;
/// Asks `wrk` for its percentiles as one line, in microseconds.
const SCRIPT: &str = r#"
done = function(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %.1f %d %d %d\n", summary.requests * 1e6 / summary.duration,
    latency:percentile(50), latency:percentile(99), failed))
end
"#;

/// Prints one table.
pub fn bench() -> Result<()> {
    setup::to_build()?;
    if !has("wrk") {
        setup::apt(&["wrk"])?;
    }
    site::build()?;
    release_server()?;
    let folder = tempfile::Builder::new().prefix("gigahours-bench-").tempdir()?;
    let world = World::temporary("target/release/server", folder.path())?;
    world.seed()?;
    say(&format!("adding {APPLICATIONS} applications"));
    sh::run(world.command("seed").args(["--applications", APPLICATIONS]))?;
    let started = Instant::now();
    let mut serve = world.command("serve");
    serve.env("GIGAHOURS_REQUESTS_PER_SECOND", "0").env("RUST_LOG", "warn");
    let server = world.start_as(&mut serve)?;
    let first = get(&world.listen, "/", "")?;
    let ready = started.elapsed();
    ensure!(first.status == 200, "the landing page answers {}", first.status);
    let cookies = Cookies {
        officer: sign_in(&world.listen, "officer@demo.example")?,
        reviewer: sign_in(&world.listen, "reviewer@demo.example")?,
    };
    let before = resident_kb(&server)?;
    let table = measure(&world, &cookies)?;
    let after = resident_kb(&server)?;
    drop(server);
    report(&table, ready, before, after)
}

/// Compiles `target/release/server`.
pub fn release_server() -> Result<()> {
    say("compiling the release server");
    sh::run(&mut cargo(&["build", "--release", "--bin", "server", "--locked"]))
}

/// Sessions of those whose lists are long.
struct Cookies {
    officer: String,
    reviewer: String,
}

fn measure(world: &World, cookies: &Cookies) -> Result<String> {
    let officer = cookies.officer.as_str();
    let list = get(&world.listen, "/board", officer)?;
    ensure!(list.status == 200, "the officer's board answers {}", list.status);
    let application = list
        .body
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|link| link.starts_with("/decision/") || link.starts_with("/applications/"))
        .context("the officer's board links no application")?
        .to_owned();
    let mut table =
        format!("{:<16} {:>4} {:>9} {:>9} {:>9} {:>7}\n", "page", "at", "req/s", "p50 ms", "p99 ms", "failed");
    for (name, path, cookie) in [
        ("landing", "/", ""),
        ("officer's board", "/board", officer),
        ("reviewer's list", "/queue", cookies.reviewer.as_str()),
        ("application", &application, officer),
    ] {
        for connections in CONCURRENCY {
            let row = wrk(&world.url(), path, cookie, connections)?;
            writeln!(
                table,
                "{name:<16} {connections:>4} {:>9} {:>9.2} {:>9.2} {:>7}",
                row.per_second, row.p50_ms, row.p99_ms, row.failed
            )?;
        }
    }
    Ok(table)
}

struct Row {
    per_second: String,
    p50_ms: f64,
    p99_ms: f64,
    failed: String,
}

fn wrk(base: &str, path: &str, cookie: &str, connections: u32) -> Result<Row> {
    let script = stamp::folder()?.join("bench.lua");
    fs::write(&script, SCRIPT)?;
    let mut command = program("wrk");
    command.args(["--threads", "1", "--timeout", "10s"]).args(["--connections", &connections.to_string()]);
    command.args(["--duration", &format!("{SECONDS}s")]).arg("--script").arg(&script);
    command.args(["--header", &format!("Cookie: {cookie}")]).arg(format!("{base}{path}"));
    let output = String::from_utf8(sh::quiet(&mut command)?.stdout)?;
    let line = output.lines().find_map(|line| line.strip_prefix("RESULT ")).context("wrk gave no result")?;
    let fields: Vec<&str> = line.split(' ').collect();
    let [per_second, p50, p99, failed] = fields.as_slice() else { anyhow::bail!("wrk's result is unreadable: {line}") };
    Ok(Row {
        per_second: (*per_second).to_owned(),
        p50_ms: p50.parse::<f64>()? / 1000.0,
        p99_ms: p99.parse::<f64>()? / 1000.0,
        failed: (*failed).to_owned(),
    })
}

fn report(table: &str, ready: Duration, before: u64, after: u64) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{table}\nfirst answer {} ms after the start", ready.as_millis())?;
    writeln!(out, "memory {} MB at rest, {} MB after the load", before / 1024, after / 1024)?;
    for (kind, bytes) in site::sizes()? {
        writeln!(out, "{kind} {:.1} kB (brotli)", f64::from(u32::try_from(bytes)?) / 1000.0)?;
    }
    Ok(())
}

/// What the server keeps in memory, from the kernel.
fn resident_kb(server: &Running) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

fn get(address: &str, path: &str, cookie: &str) -> Result<Answer> {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"))
}

/// A demo account's session cookie.
fn sign_in(address: &str, email: &str) -> Result<String> {
    let form = format!("email={}&password=gigahours-demo&next=", email.replace('@', "%40"));
    let answer = ask(
        address,
        &format!(
            "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
            form.len()
        ),
    )?;
    let cookie = answer.head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_session = name.eq_ignore_ascii_case("set-cookie") && value.trim_start().starts_with("gigahours=");
        is_session.then(|| value.trim().split(';').next().unwrap_or_default().to_owned())
    });
    cookie.with_context(|| format!("signing in as {email} answers {} without a session", answer.status))
}

fn ask(address: &str, request: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").context("the answer has no head")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("the answer has no status")?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}
