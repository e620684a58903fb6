//! `server dossier`: the justification file of an application out of the database, and its check by whoever holds one.

use std::{fs, path::PathBuf};

use anyhow::{Context, ensure};
use clap::Subcommand;
use services::{
    Desk,
    dossier::{
        Names,
        archive::{self, Manifest},
    },
    gateways::signer::is_demo,
};
use text::Locale;

#[derive(Subcommand)]
pub enum Files {
    /// Check every hash and the signature of a justification file, and say what is wrong
    Check {
        file: PathBuf,
        /// The public key in hex, as /signing-key publishes it; without it, only that the file is whole
        #[arg(long)]
        key: Option<String>,
    },
    /// Write the justification file of an application out of the database
    Export {
        /// As people quote it: GH-PG-2026-00042
        #[arg(long)]
        application: String,
        #[arg(long)]
        out: PathBuf,
        /// `full`, or `initials` to pass it on
        #[arg(long, default_value = "initials")]
        names: String,
        /// Of the readable document: `en` or `fr`
        #[arg(long, default_value = "en")]
        language: String,
    },
}

/// Checks a file. Errors if anything is wrong with it; every fault is said.
pub fn check(file: &PathBuf, key: Option<&str>) -> anyhow::Result<()> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    let (manifest, faults) = archive::check(&bytes, key);
    for fault in &faults {
        eprintln!("{fault}");
    }
    ensure!(faults.is_empty(), "{}: {} faults", file.display(), faults.len());
    if let Some(manifest) = manifest {
        say(&manifest, key.is_some());
    }
    Ok(())
}

fn say(manifest: &Manifest, is_key_given: bool) {
    eprintln!(
        "{}, as of {}: {} files as they were signed",
        manifest.reference,
        manifest.state_of,
        manifest.files.len()
    );
    eprintln!("signed by key {}", manifest.key);
    if !is_key_given {
        eprintln!("whose key that is was not checked: compare it with /signing-key, or give it as --key");
    }
    if is_demo(&manifest.key) {
        eprintln!("that is the key of the demo world, which everybody has");
    }
}

/// As [`check`], with the database.
pub async fn run(files: Files, desk: &Desk) -> anyhow::Result<()> {
    match files {
        Files::Check { file, key } => check(&file, key.as_deref()),
        Files::Export { application, out, names, language } => {
            let names = Names::from_code(&names).context("--names is full or initials")?;
            let locale = Locale::from_code(&language).context("--language is en or fr")?;
            let (_, bytes) =
                desk.find_dossier(&application, names, locale).await.with_context(|| application.clone())?;
            fs::write(&out, bytes).with_context(|| out.display().to_string())?;
            eprintln!("{application} is in {}", out.display());
            Ok(())
        }
    }
}
