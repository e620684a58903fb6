//! The server on the demo world: built, migrated, seeded and served.

use std::{
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use crate::{
    setup,
    sh::{self, Running, cargo, program, root, say},
    site,
};

const LISTEN: &str = "127.0.0.1:3000";
const METRICS: &str = "127.0.0.1:3001";
const BINARY: &str = "target/debug/server";

/// `cargo xtask run`.
pub fn run(fresh: bool) -> Result<()> {
    prepare(fresh)?;
    let mut server = start_local()?;
    say(&format!("serving the demo world on http://{LISTEN} – Ctrl-C ends it"));
    say(
        "sign in as applicant@, reviewer@, officer@, operator@, finance@ or admin@demo.example, password gigahours-demo",
    );
    server.wait()
}

/// Everything but serving.
pub fn prepare(fresh: bool) -> Result<()> {
    setup::to_build()?;
    site::build()?;
    build_server()?;
    let folder = root().join("data");
    fs::create_dir_all(&folder)?;
    if fresh {
        for file in ["gigahours.db", "gigahours.db-wal", "gigahours.db-shm"] {
            let _ = fs::remove_file(folder.join(file));
        }
    }
    let world = local();
    say("applying the migrations, seeding the demo world in data/gigahours.db");
    sh::run(&mut world.command("migrate"))?;
    sh::run(&mut world.command("seed"))
}

/// Starts the server that `prepare` made ready, and waits until it answers.
pub fn start_local() -> Result<Running> {
    local().start()
}

fn local() -> World {
    World {
        binary: root().join(BINARY),
        database: format!("sqlite://{}?mode=rwc", root().join("data/gigahours.db").display()),
        listen: LISTEN.to_owned(),
        metrics: METRICS.to_owned(),
    }
}

/// The server for development. The same selection as the tests', so that both share what was compiled.
pub fn build_server() -> Result<()> {
    say("compiling the server");
    sh::run(&mut cargo(&["build", "--bin", "server", "--locked"]))
}

/// One demo world: a server binary, a database, two addresses.
pub struct World {
    pub binary: PathBuf,
    pub database: String,
    pub listen: String,
    pub metrics: String,
}

impl World {
    /// On a database in this folder and two free ports.
    pub fn temporary(binary: &str, folder: &Path) -> Result<Self> {
        Ok(Self {
            binary: root().join(binary),
            database: format!("sqlite://{}?mode=rwc", folder.join("gigahours.db").display()),
            listen: format!("127.0.0.1:{}", sh::free_port()?),
            metrics: format!("127.0.0.1:{}", sh::free_port()?),
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// `server <verb>` on this world.
    pub fn command(&self, verb: &str) -> Command {
        let mut command = program(&self.binary);
        command
            .arg(verb)
            .env("GIGAHOURS_DEMO", "1")
            .env("GIGAHOURS_DATABASE_URL", &self.database)
            .env("GIGAHOURS_LISTEN", &self.listen)
            .env("GIGAHOURS_METRICS_LISTEN", &self.metrics)
            .env("GIGAHOURS_PUBLIC_URL", self.url())
            .env("GIGAHOURS_SITE_ROOT", root().join("target/site"));
        command
    }

    pub fn seed(&self) -> Result<()> {
        sh::run(&mut self.command("migrate"))?;
        sh::run(&mut self.command("seed"))
    }

    /// Serves, and waits until it answers.
    pub fn start(&self) -> Result<Running> {
        self.start_as(&mut self.command("serve"))
    }

    pub fn start_as(&self, command: &mut Command) -> Result<Running> {
        let mut server = Running::start(command, "TERM")?;
        let address = self.listen.parse().context("the address to listen on")?;
        let is_up = || TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok();
        server.until("the server", Duration::from_secs(60), is_up)?;
        Ok(server)
    }
}
