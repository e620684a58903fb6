//! The languages say the same things, every key is used, and every key that is asked for exists.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::*;
use crate::args;

/// Messages of a language with their variables, by a reading of Fluent that suffices for our files.
fn messages(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (noun, source) in sources(locale) {
        assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{locale}/{noun}.ftl does not parse");
        let mut current = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =")
                && !line.starts_with([' ', '}'])
            {
                current = key.to_owned();
                let is_new = found.insert(current.clone(), BTreeSet::new()).is_none();
                assert!(is_new, "{key} is there twice in {locale}");
            }
            for part in line.split('$').skip(1) {
                let name: String =
                    part.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
                found.get_mut(&current).unwrap().insert(name);
            }
        }
    }
    found
}

fn sources_of_code() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut code = String::new();
    for folder in
        ["app/src", "server/services/src", "server/text/src", "server/documents/src", "server/domain/src", "server/src"]
    {
        gather(&root.join(folder), &mut code);
    }
    code
}

fn gather(folder: &Path, code: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, code);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            code.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// The string literals of the code that could be keys or be made into keys.
fn literals(code: &str) -> BTreeSet<&str> {
    code.split('"').filter(|piece| piece.len() < 80 && piece.contains('-') && !piece.contains([' ', '\n'])).collect()
}

/// `capacity-{code}-help` matches `capacity-full-help`; every `{…}` stands for something.
fn matches(pattern: &str, key: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('{') else { return pattern == key };
    let Some((_, tail)) = rest.split_once('}') else { return false };
    let Some(rest) = key.strip_prefix(head) else { return false };
    // A pattern that is nothing but a hole and an end, such as `{key}-help`, must not excuse every key.
    (0..=rest.len()).any(|end| rest.get(end..).is_some_and(|after| end > 0 && matches(tail, after)))
}

#[test]
fn all_languages_have_all_keys_with_the_same_values() {
    let english = messages(Locale::En);
    for locale in Locale::ALL {
        let other = messages(locale);
        let missing: Vec<_> = english.keys().filter(|key| !other.contains_key(*key)).collect();
        let extra: Vec<_> = other.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && extra.is_empty(), "{locale} lacks {missing:?} and has alone {extra:?}");
        for (key, values) in &english {
            assert_eq!(values, &other[key], "the values of {key} in {locale}");
        }
    }
}

#[test]
fn every_key_is_used() {
    let code = sources_of_code();
    let literals = literals(&code);
    let holes: Vec<&&str> = literals.iter().filter(|piece| piece.contains('{') && !piece.starts_with('{')).collect();
    let suffixes: Vec<&str> = literals.iter().filter_map(|piece| piece.strip_prefix("{key}")).collect();
    let is_used = |key: &str| literals.contains(key) || holes.iter().any(|pattern| matches(pattern, key));
    let unused: Vec<String> = messages(Locale::En)
        .into_keys()
        .filter(|key| !is_used(key) && !suffixes.iter().any(|suffix| key.strip_suffix(suffix).is_some_and(is_used)))
        .collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

#[test]
fn every_key_that_is_asked_for_exists() {
    let code = sources_of_code();
    let known = messages(Locale::En);
    let mut missing = BTreeSet::new();
    for call in [".t(\"", ".with(\"", "redirect_saying("] {
        for part in code.split(call).skip(1) {
            // `redirect_saying(path, "key")`: the key is the last literal before the bracket closes.
            let key = if call.ends_with('"') {
                part.split('"').next()
            } else {
                part.split(".await").next().and_then(|call| call.rsplit('"').nth(1))
            };
            let Some(key) = key else { continue };
            let is_key =
                key.contains('-') && key.chars().all(|character| character.is_ascii_alphanumeric() || character == '-');
            if is_key && !known.contains_key(key) {
                missing.insert(key);
            }
        }
    }
    assert!(missing.is_empty(), "no words for {missing:?}");
}

#[test]
fn what_is_said_together_is_one_message() {
    let says = |locale, count: i64, recovery: &str| {
        let amount = Words::new(locale).whole_euros(500);
        let args = args![count => count, amount => amount, difficulty => "no", recovery => recovery];
        Words::new(locale).with("aid-declared-says", args)
    };
    assert_eq!(says(Locale::En, 0, "no"), "no other aid");
    assert_eq!(says(Locale::En, 1, "yes"), "one other aid, €500; unpaid recovery order");
    assert_eq!(says(Locale::Fr, 0, "yes"), "aucune autre aide ; ordre de récupération non payé");
    let cause = |locale, reason| Words::new(locale).credit_cause("lowered_usage", reason);
    assert_eq!(cause(Locale::En, ""), "Less was used than was charged");
    assert_eq!(cause(Locale::Fr, "Panne."), "L’utilisation était inférieure à ce qui a été facturé : Panne.");
}

#[test]
fn every_problem_has_words() {
    let code = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src/problem.rs")).unwrap();
    let known = messages(Locale::En);
    let codes = code.split("=> \"").skip(1).filter_map(|part| part.split('"').next());
    let missing: Vec<&str> = codes.filter(|code| !known.contains_key(&format!("problem-{code}"))).collect();
    assert!(missing.is_empty(), "no words for the problems {missing:?}");
}
