//! The site: the browser's part, the style sheet and the public files, compressed, in target/site.
//!
//! Three steps that cargo-leptos would do too (adr/0011): compile `hydrate`, bind it, shrink it. The names carry a
//! digest of their content, so that browsers may keep them for ever; hash.txt tells the server which they are.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    sh::{cargo, program, quiet, root, run, say},
    stamp,
};

/// As `output-name` in Cargo.toml and LEPTOS_OUTPUT_NAME in .cargo/config.toml.
const NAME: &str = "gigahours";
const WASM_INPUTS: [&str; 7] = [
    "Cargo.lock",
    "Cargo.toml",
    ".cargo/config.toml",
    "app/islands",
    "app/hydrate",
    "server/domain",
    "server/xtask/src/site.rs",
];
const CSS_INPUTS: [&str; 3] = ["style", "app/src", "app/islands/src"];
/// What rustc's WebAssembly uses and every browser runs. All features would write what no browser reads yet.
const FEATURES: [&str; 6] =
    ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];
/// What shrinks; fonts and pictures are compressed already.
const COMPRESSED: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Builds what changed.
pub fn build() -> Result<()> {
    let parts = stamp::folder()?.join("site");
    fs::create_dir_all(&parts)?;
    let (js, wasm, css) = (part(&parts, "js"), part(&parts, "wasm"), part(&parts, "css"));
    let wasm_made = stamp::unless_unchanged("wasm", &WASM_INPUTS, &[&js, &wasm], || make_wasm(&parts))?;
    let css_made = stamp::unless_unchanged("css", &CSS_INPUTS, &[&css], || make_css(&css))?;
    let site = root().join("target/site");
    let assemble = || assemble(&parts, &site);
    if wasm_made || css_made {
        let _ = fs::remove_dir_all(&site);
    }
    stamp::unless_unchanged("public", &["public"], &[&site], assemble).map(drop)
}

fn part(parts: &Path, extension: &str) -> PathBuf {
    parts.join(format!("{NAME}.{extension}"))
}

fn make_wasm(parts: &Path) -> Result<()> {
    say("compiling the browser's part");
    let arguments = [
        "build",
        "--package",
        "hydrate",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "wasm-release",
        "--locked",
    ];
    run(&mut cargo(&arguments))?;
    say("binding it (wasm-bindgen)");
    Bindgen::new()
        .input_path(root().join("target/wasm32-unknown-unknown/wasm-release/hydrate.wasm"))
        .web(true)?
        .out_name(NAME)
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(parts)?;
    let bound = parts.join(format!("{NAME}_bg.wasm"));
    fs::rename(&bound, part(parts, "wasm"))?;
    shrink(&part(parts, "wasm"))
}

/// Only npm's: an older one of the system's fails on what wasm-bindgen writes.
fn shrink(wasm: &Path) -> Result<()> {
    let tool = root().join("style/node_modules/.bin/wasm-opt");
    if !tool.is_file() {
        say("npm's binaryen is not installed: the browser's part stays as it is");
        return Ok(());
    }
    say("shrinking it (wasm-opt -Oz)");
    let mut command = program(tool);
    command.arg("-Oz").args(FEATURES.map(|feature| format!("--enable-{feature}")));
    quiet(command.arg(wasm).arg("-o").arg(wasm)).map(drop)
}

fn make_css(css: &Path) -> Result<()> {
    say("building the style sheet (Tailwind)");
    let tool = root().join("style/node_modules/.bin/tailwindcss");
    let mut command = program(tool);
    command.args(["--input", "main.css", "--minify", "--output"]).arg(css).current_dir(root().join("style"));
    quiet(&mut command).map(drop)
}

/// Puts it together beside the old one, then in its place.
fn assemble(parts: &Path, site: &Path) -> Result<()> {
    say("putting the site together in target/site");
    let next = site.with_extension("next");
    let _ = fs::remove_dir_all(&next);
    fs::create_dir_all(next.join("pkg"))?;
    copy_folder(&root().join("public"), &next)?;
    let mut hashes = String::new();
    for kind in ["js", "wasm", "css"] {
        let content = fs::read(part(parts, kind)).with_context(|| format!("the site's {kind}"))?;
        let hash = stamp::digest_of(&content);
        fs::write(next.join("pkg").join(format!("{NAME}.{hash}.{kind}")), content)?;
        hashes.push_str(&format!("{kind}: {hash}\n"));
    }
    // Snippets that a dependency's own JavaScript asks for, under the names that the module imports.
    let snippets = parts.join("snippets");
    if snippets.is_dir() {
        copy_folder(&snippets, &next.join("pkg/snippets"))?;
    }
    fs::write(next.join("hash.txt"), hashes)?;
    compress_folder(&next)?;
    let _ = fs::remove_dir_all(site);
    fs::rename(next, site).context("target/site")
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn compress_folder(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            compress_folder(&path)?;
        } else if path.extension().and_then(|name| name.to_str()).is_some_and(|name| COMPRESSED.contains(&name)) {
            compress(&path)?;
        }
    }
    Ok(())
}

/// Writes the two twins that the server prefers to the file itself.
fn compress(path: &Path) -> Result<()> {
    let content = fs::read(path)?;
    let mut brotli = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut content.as_slice(), &mut brotli, &parameters)?;
    fs::write(twin(path, "br"), brotli)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&content)?;
    fs::write(twin(path, "gz"), gzip.finish()?)?;
    Ok(())
}

fn twin(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

/// What a browser loads, by kind, with its size after brotli.
pub fn sizes() -> Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("target/site/pkg"))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if let Some(kind) = name.strip_suffix(".br").and_then(|name| name.rsplit('.').next()) {
            found.push((kind.to_owned(), fs::metadata(&path)?.len()));
        }
    }
    found.sort();
    Ok(found)
}
