//! The rules by which competing applications are matched: what is in force, in sentences, and every version before.

use domain::{country::Country, run::Rules};
use leptos::prelude::*;
use services::RulesVersion;
use text::{Words, args};

use crate::{
    PageResult, Visit, cells,
    components::{Table, facts, layout::heading},
};

pub async fn get(visit: Visit) -> PageResult {
    let versions = visit.desk.list_rules().await?;
    Ok(visit.page(visit.words.t("rules-title"), move |words| page(words, &versions)).await)
}

fn page(words: Words, versions: &[RulesVersion]) -> impl IntoView + use<> {
    let in_force = versions.first().map(|version| {
        let number = words.integer(version.version.into());
        let since = words.instant(version.since);
        let shown = named(words, &version.rules).into_iter().map(|(name, rule)| (name, rule.into_any())).collect();
        view! {
            <p>{words.with("rules-in-force", args![number => number, since => since])}</p>
            {facts(words, shown)}
        }
    });
    view! {
        {heading(words.t("rules-title"), None, None)}
        <p class="lead">{words.t("rules-lead")}</p>
        {in_force}
        <h2>{words.t("rules-how")}</h2>
        <ol>
            <li>{words.t("rules-how-merit")}</li>
            <li>{words.t("rules-how-plan")}</li>
            <li>{words.t("rules-how-swap")}</li>
            <li>{words.t("rules-how-sign")}</li>
            <li>{words.t("rules-how-reason")}</li>
        </ol>
        {history(words, versions)}
    }
}

/// Each version beside the one before: what changed, and why.
fn history(words: Words, versions: &[RulesVersion]) -> AnyView {
    let befores = versions.iter().skip(1).map(Some).chain(std::iter::once(None));
    let rows = versions.iter().zip(befores).map(|(version, before)| {
        let changed = before.map(|before| changes(words, &before.rules, &version.rules)).unwrap_or_default();
        let changed = changed.into_iter().map(|change| view! { <li>{change}</li> }).collect_view();
        let reason = if before.is_none() { words.t("rules-first") } else { version.reason.clone() };
        cells![
            words.integer(version.version.into()),
            words.instant_figure(version.since),
            view! { <ul class="plain">{changed}</ul> },
            reason,
        ]
    });
    Table::new("rules-history")
        .figures("rules-version")
        .column("rules-since")
        .column("rules-changed")
        .column("rules-reason")
        .rows(rows)
        .show(words)
}

/// The rules that differ: their name, and what they were and are.
pub(super) fn changes(words: Words, before: &Rules, after: &Rules) -> Vec<String> {
    let pairs = named(words, before).into_iter().zip(named(words, after));
    let changed = pairs.filter(|((_, one), (_, other))| one != other);
    let said = |((name, before), (_, after)): ((&str, String), (&str, String))| {
        words.with("rules-change", args![name => words.t(name), before => before, after => after])
    };
    changed.map(said).collect()
}

/// Every rule with its name, as sentences show it; always the same names.
pub(super) fn named(words: Words, rules: &Rules) -> Vec<(&'static str, String)> {
    let budget = |(country, eur): &(Country, i64)| {
        format!("{} {}", words.t(&format!("country-{}", country.code())), words.whole_euros(*eur))
    };
    let countries: Vec<String> = rules.country_budgets.iter().map(budget).collect();
    let floor = args![
        hours => words.integer(rules.floor_hours), merit => words.hundredths(rules.floor_merit),
    ];
    vec![
        ("run-small-share", words.whole_percent(rules.small_share)),
        ("run-country-share", words.whole_percent(rules.country_share)),
        ("run-organisation-share", words.whole_percent(rules.organisation_share)),
        ("run-small-weight", words.whole_percent(rules.small_weight)),
        ("run-bonus-hours", words.integer(rules.bonus_hours)),
        ("run-away-loss", words.whole_percent(rules.away_loss)),
        ("run-pause-hours", words.integer(rules.pause_hours)),
        (
            "run-floor",
            if rules.floor_hours == 0 { words.t("run-floor-none") } else { words.with("run-floor-of", floor) },
        ),
        ("run-budget", words.whole_euros(rules.budget)),
        (
            "run-country-budgets",
            if countries.is_empty() { words.t("run-country-budgets-none") } else { countries.join(", ") },
        ),
        ("run-de-minimis", words.whole_euros(rules.de_minimis_ceiling)),
    ]
}
