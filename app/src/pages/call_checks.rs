//! The tests of an application's eligibility, each with what it came to and the facts that failed: for whoever decides.

use domain::mode::Outcome;
use leptos::prelude::*;
use services::EligibilityRead;
use text::Words;

use super::calls;
use crate::{
    cells,
    components::{
        layout::{Tone, tag},
        table::Table,
    },
};

/// Every test, oldest first.
pub(super) fn tested(words: Words, tests: &[EligibilityRead]) -> AnyView {
    if tests.is_empty() {
        return ().into_any();
    }
    let rows = tests.iter().map(|test| {
        let (tone, verdict) = if test.row.holds { (Tone::Good, "verdict-pass") } else { (Tone::Bad, "verdict-fail") };
        // A test that holds failed in nothing that counts on its occasion.
        let failed = test.checks.iter().filter(|check| !test.row.holds && check.outcome == Outcome::Fail);
        let failed: Vec<AnyView> = failed
            .map(|check| {
                let rule = words.t(&format!("call-rule-name-{}", check.rule.code()));
                view! { <li>{rule} ": " {calls::seen(words, check)}</li> }.into_any()
            })
            .collect();
        cells![
            words.t(&format!("call-occasion-{}", test.row.occasion.code())),
            words.instant_figure(test.row.at),
            tag(tone, words.t(verdict)),
            view! { <ul class="plain">{failed}</ul> },
        ]
    });
    let table = Table::new("call-tests")
        .column("call-tests-occasion")
        .column("call-tests-at")
        .column("rules-verdict")
        .column("call-tests-failed")
        .rows(rows)
        .under_heading();
    view! { <h2>{words.t("call-tests")}</h2> {table.show(words)} }.into_any()
}
