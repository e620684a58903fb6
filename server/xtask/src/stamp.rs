//! Skipping a step whose inputs did not change: their digest is kept beside what was made of them.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::sh::root;

const SKIPPED: [&str; 4] = ["node_modules", "target", "test-results", "screenshots"];

/// Every file beneath these files and folders, sorted, without what is made or installed.
pub fn files(inputs: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for input in inputs {
        walk(&root().join(input), &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn walk(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        found.push(path.to_path_buf());
    } else if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| path.display().to_string())? {
            let entry = entry?;
            let is_skipped = entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name));
            if !is_skipped {
                walk(&entry.path(), found)?;
            }
        }
    }
    Ok(())
}

/// A digest of names and contents. Not for security: it tells "changed" from "the same".
pub fn digest(inputs: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files(inputs)? {
        file.hash(&mut hasher);
        fs::read(&file).with_context(|| file.display().to_string())?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// A digest of one content, short enough for a file's name.
pub fn digest_of(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Runs `make` unless the inputs are those of the last time it succeeded. Says whether it ran.
pub fn unless_unchanged(
    step: &str,
    inputs: &[&str],
    outputs: &[&Path],
    make: impl FnOnce() -> Result<()>,
) -> Result<bool> {
    let now = digest(inputs)?;
    let stamp = folder()?.join(format!("{step}.stamp"));
    let is_made = outputs.iter().all(|output| output.exists());
    if is_made && fs::read_to_string(&stamp).is_ok_and(|before| before == now) {
        return Ok(false);
    }
    let _ = fs::remove_file(&stamp);
    make()?;
    fs::write(&stamp, now)?;
    Ok(true)
}

/// What these commands keep between two runs.
pub fn folder() -> Result<PathBuf> {
    let folder = root().join("target/xtask");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
