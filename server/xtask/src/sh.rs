//! Running other programs, and saying what is being done while it is done.

use std::{
    ffi::OsStr,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map_or_else(PathBuf::new, Path::to_path_buf)
}

/// A line for the person who waits.
pub fn say(text: &str) {
    eprintln!("▸ {text}");
}

/// A program, started in the workspace's root.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// Cargo, the one that runs us, without what it told us about ourselves: a child would take it for its own and
/// rebuild crates whose build scripts read it.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let is_ours = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_CRATE_NAME"
        });
        if is_ours {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

/// Runs to the end, its output shown. Errors unless it succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("{shown} cannot be started"))?;
    ensure!(status.success(), "{shown} ended with {status}");
    Ok(())
}

/// Runs to the end, its output kept and shown only when it fails.
pub fn quiet(command: &mut Command) -> Result<Output> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{shown} cannot be started"))?;
    if !output.status.success() {
        bail!(
            "{shown} ended with {}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output)
}

/// What a program prints, trimmed; `None` when it is missing or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program of this name is in the path.
pub fn has(name: &str) -> bool {
    which(name).is_some()
}

/// Where a program of this name is.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

pub fn is_root() -> bool {
    answer(program("id").arg("-u")).is_some_and(|id| id == "0")
}

/// A port of this machine's loopback that nobody uses now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A program in the background that is told to stop, and waited for, when this goes out of scope.
pub struct Running {
    child: Child,
    /// How it is told: `TERM` or `INT`.
    signal: &'static str,
}

impl Running {
    pub fn start(command: &mut Command, signal: &'static str) -> Result<Self> {
        let shown = format!("{command:?}");
        let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("{shown} cannot be started"))?;
        Ok(Self { child, signal })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `is_ready`. Errors when the program ends first or the time is over.
    pub fn until(&mut self, what: &str, limit: Duration, mut is_ready: impl FnMut() -> bool) -> Result<()> {
        let started = Instant::now();
        while !is_ready() {
            if let Some(status) = self.child.try_wait()? {
                bail!("{what} ended with {status}");
            }
            ensure!(started.elapsed() < limit, "{what} is not ready after {} s", limit.as_secs());
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Result<()> {
        let status = self.child.wait()?;
        ensure!(status.success(), "ended with {status}");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = Command::new("kill").arg(format!("-{}", self.signal)).arg(self.child.id().to_string()).status();
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(15) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
