//! A PostgreSQL server of our own for one run: temporary folder, free port, loopback only, gone at the end.

use std::{
    fs, iter,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::{
    setup,
    sh::{self, Running, answer, has, is_root, program, say},
};

pub struct Postgres {
    /// Dropped first: the server stops before its folder goes.
    _server: Running,
    _folder: TempDir,
    pub url: String,
}

impl Postgres {
    /// Errors when there is no server to be had, or it does not come up.
    pub fn start() -> Result<Self> {
        let binaries = binaries()?;
        let folder = tempfile::Builder::new().prefix("gigahours-postgres-").tempdir()?;
        let user = unprivileged()?;
        if let Some(user) = &user {
            sh::quiet(program("chown").arg(user).arg(folder.path()))?;
        }
        let data = folder.path().join("data");
        let port = sh::free_port()?;
        say(&format!("starting PostgreSQL on 127.0.0.1:{port}"));
        let mut create = as_user(user.as_deref(), &binaries, "initdb");
        create.arg("--pgdata").arg(&data).args(["--username=gigahours", "--auth=trust", "--encoding=UTF8"]);
        sh::quiet(create.args(["--locale=C", "--no-sync"]).current_dir(folder.path()))?;
        let mut serve = as_user(user.as_deref(), &binaries, "postgres");
        serve.arg("-D").arg(&data).args(["-p", &port.to_string()]).current_dir(folder.path());
        // Nothing here outlives the run: no flush to disk, no socket file that others could find.
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=300",
            "shared_buffers=128MB",
            "log_min_messages=fatal",
        ] {
            serve.args(["-c", setting]);
        }
        let log = fs::File::create(crate::stamp::folder()?.join("postgres.log"))?;
        let mut server = Running::start(serve.stdout(Stdio::null()).stderr(log), "INT")?;
        server.until("PostgreSQL", Duration::from_secs(60), || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
        let url = format!("postgres://gigahours@127.0.0.1:{port}/postgres");
        Ok(Self { _server: server, _folder: folder, url })
    }
}

/// The path's, Debian's, or npm's.
fn binaries() -> Result<PathBuf> {
    if let Some(found) = debian().or_else(in_path) {
        return Ok(found);
    }
    if setup::may_apt() {
        setup::apt(&["postgresql"])?;
        return debian().context("postgresql was installed but /usr/lib/postgresql has no server");
    }
    setup::postgres_from_npm()
}

fn in_path() -> Option<PathBuf> {
    let postgres = sh::which("postgres")?;
    has("initdb").then(|| postgres.parent().map(Path::to_path_buf)).flatten()
}

/// The newest under /usr/lib/postgresql.
fn debian() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders
        .filter(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .max_by_key(|folder| folder.components().rev().nth(1).map(|version| version.as_os_str().to_owned()))
}

/// Whom to run it as: PostgreSQL refuses root. `None` for ourselves.
fn unprivileged() -> Result<Option<String>> {
    if !is_root() {
        return Ok(None);
    }
    ensure!(has("setpriv"), "PostgreSQL refuses root and setpriv (util-linux) is missing: run as another user");
    let exists = |user: &&str| answer(program("id").args(["-u", user])).is_some();
    let user = ["postgres", "nobody"].into_iter().find(exists).context("no user to run PostgreSQL as")?;
    Ok(Some(user.to_owned()))
}

/// One of PostgreSQL's programs; it ends with us, even when we are killed.
fn as_user(user: Option<&str>, binaries: &Path, name: &str) -> Command {
    let file = binaries.join(name);
    let libraries = binaries.with_file_name("lib");
    let mut command = if has("setpriv") {
        let mut command = program("setpriv");
        if let Some(user) = user {
            let group = answer(program("id").args(["-gn", user])).unwrap_or_else(|| user.to_owned());
            command.args([&format!("--reuid={user}"), &format!("--regid={group}")]).arg("--clear-groups");
        }
        command.args(iter::once("--pdeathsig=INT"));
        command.arg(file);
        command
    } else {
        program(file)
    };
    command.env("LD_LIBRARY_PATH", libraries).env_remove("PGDATA");
    command
}
