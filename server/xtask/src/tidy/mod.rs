//! Rules of the code that no compiler knows: sizes, arrows between crates, forbidden words, documents that must agree.

mod crates;
mod documents;
mod lines;

use anyhow::{Result, bail};

use crate::sh::{program, quiet, root, say};

/// One text file of the repository.
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
}

/// Runs every rule; errors with everything found.
pub fn tidy() -> Result<()> {
    let sources = sources()?;
    let mut found = lines::check(&sources);
    found.extend(documents::check(&sources));
    found.extend(crates::check()?);
    found.sort();
    if found.is_empty() {
        say(&format!("{} files are tidy", sources.len()));
        return Ok(());
    }
    bail!("{} places are not tidy\n{}", found.len(), found.join("\n"))
}

/// What git knows or would add.
fn sources() -> Result<Vec<Source>> {
    let listed = quiet(program("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    let names = String::from_utf8(listed.stdout)?;
    let readable = names.split('\0').filter(|name| !name.is_empty()).filter_map(|name| {
        // A picture or a font is not text; a deleted file is not there.
        let text = std::fs::read_to_string(root().join(name)).ok()?;
        Some(Source { path: name.to_owned(), text })
    });
    Ok(readable.collect())
}
