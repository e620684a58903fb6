//! Documents that must agree: decisions with their list, each language with the other.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;

const ADR: &str = "server/docs/adr/";
const LOCALES: &str = "server/text/locales/";

pub fn check(sources: &[Source]) -> Vec<String> {
    let mut found = decisions(sources);
    found.extend(languages(sources));
    found
}

/// Every decision is linked from the list.
fn decisions(sources: &[Source]) -> Vec<String> {
    let list = sources.iter().find(|source| source.path == format!("{ADR}README.md")).map_or("", |list| &list.text);
    let names = sources.iter().filter_map(|source| source.path.strip_prefix(ADR)).filter(|name| *name != "README.md");
    names
        .filter(|name| !list.contains(&format!("({name})")))
        .map(|name| format!("{ADR}{name}: is not linked from {ADR}README.md"))
        .collect()
}

/// Every language has every file, and every file every message.
fn languages(sources: &[Source]) -> Vec<String> {
    let mut messages: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        if let Some((locale, file)) = source.path.strip_prefix(LOCALES).and_then(|path| path.split_once('/')) {
            let known = messages.entry(locale).or_default();
            known.insert(file.to_owned());
            known.extend(source.text.lines().filter_map(message).map(|name| format!("{file}: {name}")));
        }
    }
    let all: BTreeSet<&String> = messages.values().flatten().collect();
    let missing = messages.iter().flat_map(|(locale, known)| {
        all.iter()
            .filter(|name| !known.contains(**name))
            .map(move |name| format!("{LOCALES}{locale}/{name}: is missing"))
    });
    missing.collect()
}

/// The name of the message that begins on this line.
fn message(line: &str) -> Option<&str> {
    let name = line.split_once('=')?.0.trim_end();
    let starts = line.chars().next()?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    ((starts.is_ascii_alphabetic() || starts == '-') && is_name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn an_unlisted_decision_and_a_missing_message_are_found() {
        let sources = [
            source("server/docs/adr/README.md", "* [One](0001-one.md)"),
            source("server/docs/adr/0001-one.md", ""),
            source("server/docs/adr/0002-two.md", ""),
            source("server/text/locales/en/a.ftl", "hello = Hello\n    .title = T\nbye = Bye"),
            source("server/text/locales/fr/a.ftl", "hello = Bonjour\n# bye = x"),
        ];
        assert_eq!(
            check(&sources),
            [
                "server/docs/adr/0002-two.md: is not linked from server/docs/adr/README.md",
                "server/text/locales/fr/a.ftl: bye: is missing"
            ]
        );
    }
}
