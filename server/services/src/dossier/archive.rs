//! The archive of a justification file: its files, a manifest of their SHA-256, and a signature over the manifest.
//!
//! Stored, not compressed, with fixed dates: the same files give the same bytes, so that an archive can be packed
//! again from its contents and compared with itself. No byte of it can change unseen (ADR 14).

use std::{
    collections::BTreeSet,
    fmt,
    io::{Cursor, Read, Write},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    error::{Result, anyhow},
    gateways::signer::{Signer, is_signed},
};

pub const MANIFEST: &str = "manifest.json";
pub const SIGNATURE: &str = "manifest.sig";
const FORMAT: u32 = 1;

/// What an archive says it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Of the application.
    pub reference: String,
    /// Of the readable document.
    pub language: String,
    /// Whether people are named: `full` or `initials`.
    pub names: String,
    /// The last thing that had happened when it was made.
    pub state_of: DateTime<Utc>,
    /// The public key whose signature is beside it.
    pub key: String,
    pub files: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

/// One thing that is wrong with an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is no archive that can be opened.
    Unreadable(String),
    Changed(String),
    Missing(String),
    Extra(String),
    /// The manifest or its signature is missing or not of this format.
    Manifest(String),
    Signature {
        key: String,
    },
    /// Signed, but by another key than the one that was asked for.
    OtherKey {
        wanted: String,
        found: String,
    },
    /// The contents are right, and this byte of what holds them is not.
    Packing {
        near: String,
        byte: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "the archive cannot be read: {why}"),
            Self::Changed(name) => write!(f, "{name}: was changed, its SHA-256 is not the manifest's"),
            Self::Missing(name) => write!(f, "{name}: is in the manifest and not in the archive"),
            Self::Extra(name) => write!(f, "{name}: is in the archive and not in the manifest"),
            Self::Manifest(why) => write!(f, "{MANIFEST}: {why}"),
            Self::Signature { key } => {
                write!(f, "{SIGNATURE}: is not the signature of key {key} over {MANIFEST}")
            }
            Self::OtherKey { wanted, found } => {
                write!(f, "{MANIFEST}: names key {found}, not the key {wanted} that was asked for")
            }
            Self::Packing { near, byte } => {
                write!(f, "{near}: the archive around it was changed (byte {byte}), its contents were not")
            }
        }
    }
}

/// Packs and signs.
pub fn pack(mut manifest: Manifest, files: &[(String, Vec<u8>)], signer: &Signer) -> Result<Vec<u8>> {
    manifest.format = FORMAT;
    manifest.key = signer.public();
    manifest.files = files
        .iter()
        .map(|(name, bytes)| Entry {
            name: name.clone(),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: sha256(bytes),
        })
        .collect();
    let text = serde_json::to_vec_pretty(&manifest)?;
    let signature = signer.sign(&text).into_bytes();
    let mut all: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    all.push((MANIFEST, &text));
    all.push((SIGNATURE, &signature));
    Ok(zipped(&all).map_err(anyhow)?)
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn zipped(files: &[(&str, &[u8])]) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Checks every hash, the signature, and that nothing else is in the archive. With `key`, that the signature is this
/// key's. Every fault found; none if the archive is as it was signed.
pub fn check(archive: &[u8], key: Option<&str>) -> (Option<Manifest>, Vec<Fault>) {
    let mut faults = Vec::new();
    let found = match unzipped(archive, &mut faults) {
        Ok(found) => found,
        Err(error) => return (None, vec![Fault::Unreadable(error.to_string())]),
    };
    let read = |wanted: &str| found.iter().find(|one| one.name == wanted).and_then(|one| one.bytes.as_deref());
    let (Some(text), Some(signature)) = (read(MANIFEST), read(SIGNATURE)) else {
        for name in [MANIFEST, SIGNATURE] {
            if read(name).is_none() && !faults.contains(&Fault::Changed(name.to_owned())) {
                faults.push(Fault::Missing(name.to_owned()));
            }
        }
        return (None, faults);
    };
    let manifest: Manifest = match serde_json::from_slice::<Manifest>(text) {
        Ok(manifest) if manifest.format == FORMAT => manifest,
        Ok(manifest) => {
            faults.push(Fault::Manifest(format!("format {} is not known here", manifest.format)));
            return (None, faults);
        }
        Err(error) => {
            faults.push(Fault::Manifest(error.to_string()));
            return (None, faults);
        }
    };
    faults.extend(signed(&manifest, text, signature, key));
    faults.extend(held(&manifest, &found, &faults));
    if faults.is_empty() {
        faults.extend(packed(archive, &manifest, &found));
    }
    (Some(manifest), faults)
}

fn signed(manifest: &Manifest, text: &[u8], signature: &[u8], wanted: Option<&str>) -> Option<Fault> {
    let wanted = wanted.map_or_else(|| manifest.key.clone(), |key| key.trim().to_lowercase());
    if wanted != manifest.key {
        return Some(Fault::OtherKey { wanted, found: manifest.key.clone() });
    }
    let signature = std::str::from_utf8(signature).unwrap_or_default();
    // One way of writing it, so that no letter of it can be another.
    let is_plain = signature.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (!is_plain || !is_signed(&wanted, text, signature)).then_some(Fault::Signature { key: wanted })
}

/// What the manifest names against what is there.
fn held(manifest: &Manifest, found: &[Found], known: &[Fault]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for entry in &manifest.files {
        let changed = Fault::Changed(entry.name.clone());
        match found.iter().find(|one| one.name == entry.name) {
            None => faults.push(Fault::Missing(entry.name.clone())),
            Some(one) if one.bytes.as_deref().is_some_and(|bytes| sha256(bytes) == entry.sha256) => {}
            Some(_) if known.contains(&changed) => {}
            Some(_) => faults.push(changed),
        }
    }
    let named: BTreeSet<&str> =
        manifest.files.iter().map(|entry| entry.name.as_str()).chain([MANIFEST, SIGNATURE]).collect();
    let mut seen = BTreeSet::new();
    for one in found {
        if !named.contains(one.name.as_str()) || !seen.insert(one.name.as_str()) {
            faults.push(Fault::Extra(one.name.clone()));
        }
    }
    faults
}

/// The same contents packed anew are the same bytes; if not, near which file they part.
fn packed(archive: &[u8], manifest: &Manifest, found: &[Found]) -> Option<Fault> {
    let order = manifest.files.iter().map(|entry| entry.name.as_str()).chain([MANIFEST, SIGNATURE]);
    let read = |name| found.iter().find(|one| one.name == name).and_then(|one| one.bytes.as_deref());
    let files: Vec<(&str, &[u8])> = order.filter_map(|name| Some((name, read(name)?))).collect();
    let anew = match zipped(&files) {
        Ok(anew) => anew,
        Err(error) => return Some(Fault::Unreadable(error.to_string())),
    };
    if anew == archive {
        return None;
    }
    let byte = anew.iter().zip(archive).position(|(one, other)| one != other);
    let byte = byte.unwrap_or_else(|| anew.len().min(archive.len()));
    let near = found.iter().rev().find(|one| one.from <= byte).map_or(MANIFEST, |one| one.name.as_str());
    Some(Fault::Packing { near: near.to_owned(), byte })
}

struct Found {
    name: String,
    /// Where its part of the archive begins.
    from: usize,
    /// `None` if it could not be read.
    bytes: Option<Vec<u8>>,
}

fn unzipped(archive: &[u8], faults: &mut Vec<Fault>) -> zip::result::ZipResult<Vec<Found>> {
    let mut zip = ZipArchive::new(Cursor::new(archive))?;
    let most = u64::try_from(archive.len()).unwrap_or(u64::MAX);
    let mut found = Vec::new();
    for index in 0..zip.len() {
        let mut file = match zip.by_index(index) {
            Ok(file) => file,
            Err(error) => {
                faults.push(Fault::Unreadable(format!("entry {}: {error}", index + 1)));
                continue;
            }
        };
        let name = file.name()?.into_owned();
        let from = usize::try_from(file.header_start()).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        // Nothing in it is compressed: what claims to be longer than the archive is no file of ours.
        let is_whole = file.by_ref().take(most).read_to_end(&mut bytes).is_ok();
        if !is_whole {
            faults.push(Fault::Changed(name.clone()));
        }
        found.push(Found { name, from, bytes: is_whole.then_some(bytes) });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            format: 0,
            reference: "GH-PG-2026-00042".to_owned(),
            language: "en".to_owned(),
            names: "initials".to_owned(),
            state_of: "2026-11-23T09:00:00Z".parse().unwrap(),
            key: String::new(),
            files: Vec::new(),
        }
    }

    fn files() -> Vec<(String, Vec<u8>)> {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        vec![
            file("application.json", "{\"title\": \"Speech\"}"),
            file("decision.json", "{}"),
            file("dossier.pdf", "%PDF"),
        ]
    }

    fn archive() -> Vec<u8> {
        pack(manifest(), &files(), &Signer::demo()).unwrap()
    }

    fn faults(archive: &[u8]) -> Vec<Fault> {
        check(archive, None).1
    }

    #[test]
    fn what_was_packed_is_right_and_the_same_bytes_each_time() {
        assert_eq!(archive(), archive());
        let (read, found) = check(&archive(), Some(&Signer::demo().public()));
        assert_eq!(found, []);
        assert_eq!(read.unwrap().files.len(), 3);
    }

    #[test]
    fn no_byte_can_change_unseen() {
        let whole = archive();
        for at in 0..whole.len() {
            for flip in [0x01, 0x80] {
                let mut changed = whole.clone();
                changed[at] ^= flip;
                assert!(!faults(&changed).is_empty(), "byte {at} of {}", whole.len());
            }
        }
        for cut in [1, 10, whole.len() / 2] {
            assert!(!faults(&whole[..whole.len() - cut]).is_empty());
        }
        assert!(!faults(&[whole.as_slice(), b"x"].concat()).is_empty(), "something behind it");
        assert!(!faults(&[b"x", whole.as_slice()].concat()).is_empty(), "something before it");
    }

    #[test]
    fn the_changed_file_is_named() {
        let whole = archive();
        let at = whole.windows(6).position(|part| part == b"Speech").unwrap();
        let mut changed = whole;
        changed[at] = b'L';
        assert!(faults(&changed).contains(&Fault::Changed("application.json".to_owned())));
    }

    /// As somebody would who can write an archive but has not the key.
    fn repacked(change: impl Fn(&mut Vec<(String, Vec<u8>)>)) -> Vec<Fault> {
        let whole = archive();
        let mut none = Vec::new();
        let found = unzipped(&whole, &mut none).unwrap();
        let mut files: Vec<(String, Vec<u8>)> =
            found.into_iter().map(|one| (one.name, one.bytes.unwrap_or_default())).collect();
        change(&mut files);
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        faults(&zipped(&files).unwrap())
    }

    #[test]
    fn missing_extra_and_exchanged_files_are_named() {
        assert_eq!(repacked(|_| {}), []);
        let missing = repacked(|files| files.retain(|(name, _)| name != "decision.json"));
        assert_eq!(missing, [Fault::Missing("decision.json".to_owned())]);
        let extra = repacked(|files| files.push(("more.json".to_owned(), b"{}".to_vec())));
        assert_eq!(extra, [Fault::Extra("more.json".to_owned())]);
        let exchanged = repacked(|files| files[1].1 = b"{\"outcome\":\"approved\"}".to_vec());
        assert_eq!(exchanged, [Fault::Changed("decision.json".to_owned())]);
        let unsigned = repacked(|files| files.retain(|(name, _)| name != SIGNATURE));
        assert_eq!(unsigned, [Fault::Missing(SIGNATURE.to_owned())]);
        let rewritten = repacked(|files| {
            files[1].1 = b"[]".to_vec();
            let text = String::from_utf8(files[3].1.clone()).unwrap();
            files[3].1 = text.replace(&sha256(b"{}"), &sha256(b"[]")).into_bytes();
        });
        assert!(matches!(rewritten.as_slice(), [Fault::Signature { .. }]), "{rewritten:?}");
        let reordered = repacked(|files| files.swap(0, 1));
        assert!(matches!(reordered.as_slice(), [Fault::Packing { .. }]), "{reordered:?}");
        let louder = repacked(|files| files[4].1.make_ascii_uppercase());
        assert!(matches!(louder.as_slice(), [Fault::Signature { .. }]), "one way of writing: {louder:?}");
    }

    #[test]
    fn another_key_is_not_the_one_that_was_asked_for() {
        let other = Signer::from_hex(&"01".repeat(32)).unwrap();
        let forged = pack(manifest(), &files(), &other).unwrap();
        let (_, found) = check(&forged, Some(&Signer::demo().public()));
        assert!(matches!(found.as_slice(), [Fault::OtherKey { .. }]), "{found:?}");
        assert_eq!(faults(&forged), [], "by its own key it is whole");
        assert!(matches!(faults(b"no archive").as_slice(), [Fault::Unreadable(_)]));
    }
}
