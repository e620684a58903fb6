//! The arrows between crates, read from cargo itself: what each may use of ours, and what it must not use of others'.

use anyhow::Result;
use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::sh::root;

struct Arrows {
    name: &'static str,
    /// Of our crates, only these.
    ours: &'static [&'static str],
    /// Of others' crates, none of these.
    never: &'static [&'static str],
}

const WEB: &[&str] = &["axum", "leptos", "leptos_axum", "tower-http", "tower-sessions"];
const PURE: &[&str] = &[
    "axum",
    "leptos",
    "leptos_axum",
    "reqwest",
    "sea-orm",
    "sea-orm-migration",
    "tokio",
    "tower-sessions",
    "async-stripe",
];
const NO_SQL: &[&str] = &["sea-orm", "sea-orm-migration", "async-stripe"];

/// As in docs/architecture.md. A crate without a row is refused.
const TABLE: [Arrows; 15] = [
    Arrows { name: "domain", ours: &[], never: PURE },
    Arrows { name: "matching", ours: &[], never: PURE },
    Arrows { name: "assignment", ours: &[], never: PURE },
    Arrows { name: "text", ours: &["domain"], never: PURE },
    Arrows { name: "documents", ours: &["domain", "text"], never: PURE },
    Arrows { name: "payments", ours: &["domain"], never: WEB },
    Arrows { name: "stripe_fake", ours: &[], never: NO_SQL },
    Arrows { name: "migrations", ours: &[], never: WEB },
    Arrows {
        name: "services",
        ours: &["assignment", "documents", "domain", "matching", "migrations", "payments", "text"],
        never: WEB,
    },
    Arrows { name: "islands", ours: &["domain"], never: &["axum", "sea-orm", "tokio", "leptos_axum"] },
    Arrows { name: "hydrate", ours: &["islands"], never: &["axum", "sea-orm", "tokio", "leptos_axum"] },
    Arrows { name: "app", ours: &["domain", "islands", "matching", "services", "text"], never: NO_SQL },
    Arrows {
        name: "testkit",
        ours: &["domain", "migrations", "payments", "services", "stripe_fake", "text"],
        never: WEB,
    },
    Arrows {
        name: "server",
        ours: &["app", "documents", "domain", "matching", "migrations", "payments", "services", "stripe_fake", "text"],
        never: NO_SQL,
    },
    Arrows { name: "xtask", ours: &[], never: &["sea-orm", "axum", "leptos"] },
];

pub fn check() -> Result<Vec<String>> {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec()?;
    let ours: Vec<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let mut found = Vec::new();
    for package in &metadata.packages {
        let Some(arrows) = TABLE.iter().find(|arrows| arrows.name == package.name.as_str()) else {
            found.push(format!("{}: give this crate a row in server/xtask/src/tidy/crates.rs", package.name));
            continue;
        };
        // What tests use is not an arrow; nor is what a feature brings, which the crates that ask for it answer for.
        for dependency in package.dependencies.iter().filter(|one| one.kind == DependencyKind::Normal && !one.optional)
        {
            let name = dependency.name.as_str();
            if (ours.contains(&name) && !arrows.ours.contains(&name)) || arrows.never.contains(&name) {
                found.push(format!("{}: must not use {name}", package.name));
            }
        }
    }
    Ok(found)
}
