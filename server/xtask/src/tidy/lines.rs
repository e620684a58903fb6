//! Rules that hold line by line or file by file.

use super::Source;

const LINES_MAX: usize = 600;
const SIZED: [&str; 5] = [".rs", ".ts", ".css", ".ftl", ".md"];
/// These are made, or are lists by nature.
const UNSIZED: [&str; 1] = ["CHANGELOG.md"];

struct Rule {
    /// Where it holds.
    applies: fn(&str) -> bool,
    words: &'static [&'static str],
    reason: &'static str,
}

const RULES: [Rule; 5] = [
    Rule { applies: |path| is_rust(path), words: &["todo!(", "unimplemented!("], reason: "finish it, or leave it out" },
    Rule { applies: |path| is_rust(path), words: &["#[ignore"], reason: "a test that does not run proves nothing" },
    Rule {
        applies: |path| path.starts_with("end2end/") && path.ends_with(".ts"),
        words: &[".only(", ".skip(", ".fixme(", "waitForTimeout"],
        reason: "every journey runs, and waits for what it expects rather than for time",
    },
    Rule {
        applies: |path| is_rust(path) && path.contains("/tests/"),
        words: &["sleep("],
        reason: "a test never sleeps: let the world's clock advance",
    },
    Rule {
        applies: |path| path.starts_with("app/") && is_rust(path),
        words: &[" style=", " style:", "<script", "<style"],
        reason: "the content security policy refuses inline styles and scripts",
    },
];

fn is_rust(path: &str) -> bool {
    // The rules themselves name what they forbid.
    path.ends_with(".rs") && !path.starts_with("server/xtask/")
}

pub fn check(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for Source { path, text } in sources {
        let count = text.lines().count();
        let is_sized = SIZED.iter().any(|ending| path.ends_with(ending)) && !UNSIZED.contains(&path.as_str());
        if is_sized && count > LINES_MAX {
            found.push(format!("{path}: {count} lines, the limit is {LINES_MAX}"));
        }
        if path.ends_with(".rs") && !text.starts_with("//!") && !text.trim().is_empty() {
            found.push(format!("{path}: begins without a `//!` line that says what it is for"));
        }
        for rule in RULES.iter().filter(|rule| (rule.applies)(path)) {
            for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                if let Some(word) = rule.words.iter().find(|word| line.contains(**word)) {
                    found.push(format!("{path}:{}: `{}`: {}", index + 1, word.trim(), rule.reason));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&[Source { path: path.to_owned(), text: text.to_owned() }]).len()
    }

    #[test]
    fn each_rule_finds_its_case_and_no_other() {
        let table = [
            ("app/src/a.rs", "//! A.\nview! { <p style=\"color:red\"/> }", 1),
            ("app/src/a.rs", "//! A.\nview! { <p class=\"style\"/> }", 0),
            ("server/services/tests/it/a.rs", "//! A.\ntokio::time::sleep(x).await;", 1),
            ("server/services/src/a.rs", "//! A.\ntokio::time::sleep(x).await;", 0),
            ("server/domain/src/a.rs", "fn a() {}", 1),
            ("server/domain/src/a.rs", "//! A.\n// todo!() is a macro", 0),
            ("server/domain/src/a.rs", "//! A.\nfn a() { todo!() }", 1),
            ("end2end/tests/a.spec.ts", "test.only('x', f)", 1),
        ];
        for (path, text, count) in table {
            assert_eq!(found(path, text), count, "{path}: {text}");
        }
        assert_eq!(found("server/text/locales/en/a.ftl", &"a = b\n".repeat(601)), 1);
    }
}
