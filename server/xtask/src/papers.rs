//! Documents against the official rules: a demo world writes one of every kind, and a validator that is not ours reads
//! them. Broken copies must be refused, or the check itself has failed.

use anyhow::Result;

use crate::{
    journeys::Seeded,
    setup,
    sh::program,
    suites::{Count, counted},
};

const VALIDATOR: &str = "server/documents/validate/validate.py";

/// Of a demo world that is seeded.
pub fn check(seeded: &Seeded) -> Result<Count> {
    let python = setup::rules_of_invoices()?;
    let (folder, world) = seeded.copy()?;
    let documents = folder.path().join("documents");
    crate::sh::run(world.command("documents").arg("--out").arg(&documents))?;
    counted(program(python).arg(VALIDATOR).arg(&documents))
}
