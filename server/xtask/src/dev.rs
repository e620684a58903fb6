//! `cargo xtask dev`: as `run`, and again whenever a file changes.

use std::{
    fs,
    path::PathBuf,
    thread::sleep,
    time::{Duration, SystemTime},
};

use anyhow::Result;

use crate::{setup, sh::say, site, stamp, world};

const WATCHED: [&str; 6] = ["app", "migrations", "public", "server", "style", "Cargo.toml"];
const PAUSE: Duration = Duration::from_millis(500);

/// Ends with Ctrl-C.
pub fn dev() -> Result<()> {
    world::prepare(false)?;
    let mut server = Some(world::start_local()?);
    say("serving on http://127.0.0.1:3000 and watching for changes");
    let mut before = seen()?;
    loop {
        sleep(PAUSE);
        let now = seen()?;
        if now == before {
            continue;
        }
        before = now;
        // The old server goes on answering until the new one is built.
        let built = setup::to_build().and_then(|()| site::build()).and_then(|()| world::build_server());
        match built {
            Err(error) => say(&format!("{error:#} – waiting for the next change")),
            Ok(()) => {
                drop(server.take());
                server = match world::prepare(false).and_then(|()| world::start_local()) {
                    Ok(server) => Some(server),
                    Err(error) => {
                        say(&format!("{error:#} – waiting for the next change"));
                        None
                    }
                };
                say("ready again");
            }
        }
    }
}

/// Names and times of everything watched: cheap enough to ask twice a second.
fn seen() -> Result<Vec<(PathBuf, Option<SystemTime>)>> {
    let files = stamp::files(&WATCHED)?;
    Ok(files
        .into_iter()
        .map(|file| {
            let modified = fs::metadata(&file).and_then(|data| data.modified()).ok();
            (file, modified)
        })
        .collect())
}
