//! Documents against the official rules: a demo world writes one of every kind, and a validator that is not ours reads
//! them. Broken copies must be refused, or the check itself has failed.

use anyhow::Result;

use crate::{
    setup,
    sh::program,
    suites::{Count, counted},
    world::World,
};

const BINARY: &str = "target/debug/server";
const VALIDATOR: &str = "server/documents/validate/validate.py";

/// Of a server that is built.
pub fn check() -> Result<Count> {
    let python = setup::rules_of_invoices()?;
    let folder = tempfile::tempdir()?;
    let world = World::temporary(BINARY, folder.path())?;
    world.seed()?;
    let documents = folder.path().join("documents");
    crate::sh::run(world.command("documents").arg("--out").arg(&documents))?;
    counted(program(python).arg(VALIDATOR).arg(&documents))
}
