//! One award's State aid beside it: for the officer before deciding, and for the applicant beside the price.

use domain::{
    aid::{
        ceiling::Alternative,
        test::{Check, Rule, Seen, Tested},
    },
    application::State,
    mode::Outcome,
    money::Money,
};
use leptos::prelude::*;
use services::{
    AidCase,
    rows::{AidEntryRow, AidGrantRow},
};
use text::{Words, args};

use super::{aid, organisation::country_name};
use crate::{
    cells,
    components::{
        Table, Tone, facts,
        layout::{details, link_button, panel},
        notice, tag,
    },
};

/// Room left, this grant, what is left after it, every rule, and what could be granted instead.
pub(super) fn for_officer(words: Words, case: &AidCase) -> AnyView {
    let title = words.t("aid-case-title");
    let Some(tested) = &case.tested else {
        return panel(view! { <h2>{title}</h2> <p>{words.t("aid-case-none")}</p> });
    };
    let verdict = if tested.holds() {
        notice(Tone::Good, words.t("aid-case-holds"))
    } else {
        let why = tested.fault().map(|(_, problem)| words.problem(problem)).unwrap_or_default();
        notice(Tone::Bad, view! { <p><strong>{words.t("aid-case-refused")}</strong> " " {why}</p> })
    };
    panel(view! {
        <h2>{title}</h2>
        {verdict}
        {numbers(words, tested)}
        {alternatives(words, tested)}
        {details(words.t("aid-checks"), checks(words, &tested.checks))}
    })
}

/// What was tested and granted so far, for the officer.
pub(super) fn history(words: Words, case: &AidCase) -> Option<AnyView> {
    let grants = (!case.grants.is_empty())
        .then(|| view! { <h2>{words.t("aid-grants")}</h2> {aid::grants(words, &case.grants)} });
    let has_any = !case.tests.is_empty() || grants.is_some();
    has_any.then(|| view! { {tests(words, case)} {grants} }.into_any())
}

/// A sentence for the applicant, and what they can do about it; of an award, what was granted.
pub(super) fn for_applicant(words: Words, case: &AidCase, state: State) -> Option<AnyView> {
    if !case.grants.is_empty() {
        return Some(panel(view! {
            <h2>{words.t("aid-title")}</h2>
            {case.grants.iter().map(|(grant, entries)| granted(words, grant, entries)).collect_view()}
            <p><a href="/organisation/aid">{words.t("aid-link")}</a></p>
        }));
    }
    let tested = case.tested.as_ref().filter(|_| state == State::Draft || state.is_open())?;
    let failed = |rule: Rule| tested.checks.iter().any(|one| one.rule == rule && one.outcome == Outcome::Fail);
    let amounts = tested.room.as_ref().map(|room| {
        let said = args![amount => words.money(tested.facts.amount), left => words.money(room.left)];
        view! { <p>{words.with("aid-case-quote-holds", said)}</p> }
    });
    let declare = failed(Rule::Declaration).then(|| {
        let href = format!("/organisation/aid/declaration?state={}", tested.facts.state);
        let said = words.t("aid-case-quote-declare");
        notice(Tone::Yours, view! { <p>{said}</p> {link_button(words, href, "aid-declare")} })
    });
    let refused = (!tested.holds() && !failed(Rule::Declaration)).then(|| {
        let why = tested.fault().map(|(_, problem)| words.problem(problem)).unwrap_or_default();
        notice(Tone::Bad, why)
    });
    Some(panel(view! {
        <h2>{words.t("aid-title")}</h2>
        {amounts}
        {declare}
        {refused}
        {alternatives(words, tested)}
        <p><a href="/organisation/aid">{words.t("aid-link")}</a></p>
    }))
}

fn granted(words: Words, grant: &AidGrantRow, entries: &[AidEntryRow]) -> AnyView {
    let movements = entries.iter().map(|entry| view! { <li>{aid::movement(words, entry)}</li> }).collect_view();
    let shown = vec![
        ("aid-col-number", format!("{}-{}", grant.state, grant.number).into_any()),
        ("aid-col-standing", aid::standing(words, grant.standing)),
        ("aid-case-amount", words.money(grant.granted_cents).into_any()),
        ("aid-col-rule", words.t(&format!("aid-article-{}", grant.article.code().replace('_', "-"))).into_any()),
        ("aid-col-movements", view! { <ul class="plain">{movements}</ul> }.into_any()),
    ];
    facts(words, shown)
}

fn numbers(words: Words, tested: &Tested) -> AnyView {
    let seen = &tested.facts;
    let reference = args![
        rate => words.rate(seen.list_rate), source => seen.price_source.clone(), day => words.date(seen.priced_on),
    ];
    let mut shown = vec![
        ("aid-case-state", country_name(words, seen.state).into_any()),
        ("aid-case-rule", words.t(&format!("aid-article-{}", seen.article.code().replace('_', "-"))).into_any()),
        ("aid-case-reference", words.with("aid-case-reference-of", reference).into_any()),
        ("aid-case-amount", words.money(seen.amount).into_any()),
    ];
    if let Some(room) = &tested.room {
        let after = room.left.checked_sub(seen.amount).unwrap_or_default().max(Money::ZERO);
        shown.extend([
            ("aid-case-before", words.money(room.used).into_any()),
            ("aid-case-left", words.money(room.left).into_any()),
        ]);
        if tested.holds() {
            shown.push(("aid-case-after", words.money(after).into_any()));
        }
    }
    if seen.members.len() > 1 {
        let names: Vec<String> = seen.members.iter().map(|member| member.name.clone()).collect();
        shown.push(("aid-members", names.join(", ").into_any()));
    }
    facts(words, shown)
}

fn alternatives(words: Words, tested: &Tested) -> Option<AnyView> {
    let lines = tested.alternatives.iter().map(|one| {
        let said = match one {
            Alternative::FewerHours { gpu_time, amount } => {
                words.with("aid-instead-fewer", args![hours => words.hours(*gpu_time), amount => words.money(*amount)])
            }
            Alternative::OtherPot { pot, regime } => words.with(
                "aid-instead-pot",
                args![pot => words.pot(pot), regime => words.t(&format!("regime-{}", regime.code()))],
            ),
            Alternative::PayDifference { amount } => {
                words.with("aid-instead-pay", args![amount => words.money(*amount)])
            }
            Alternative::Later { on } => words.with("aid-instead-later", args![day => words.date(*on)]),
        };
        view! { <li>{said}</li> }
    });
    let lines = lines.collect_view();
    (!tested.alternatives.is_empty())
        .then(|| view! { <h3>{words.t("aid-alternatives")}</h3> <ul>{lines}</ul> }.into_any())
}

fn checks(words: Words, checks: &[Check]) -> AnyView {
    let rows = checks.iter().map(|check| {
        let (tone, verdict) = match check.outcome {
            Outcome::Pass => (Tone::Good, "verdict-pass"),
            Outcome::Fail | Outcome::Open => (Tone::Bad, "verdict-fail"),
        };
        let rule = words.t(&format!("aid-rule-{}", check.rule.code().replace('_', "-")));
        cells![rule, tag(tone, words.t(verdict)), seen(words, &check.seen)]
    });
    Table::new("aid-checks")
        .column("aid-col-rule-name")
        .column("aid-col-verdict")
        .column("aid-col-seen")
        .rows(rows)
        .under_heading()
        .show(words)
}

fn seen(words: Words, seen: &Seen) -> String {
    match seen {
        Seen::Nothing => words.t("aid-seen-nothing"),
        Seen::Text(text) => text.clone(),
        Seen::Day(day) => words.date(*day),
        Seen::Amounts { before, this, most } => words.with(
            "aid-seen-amounts",
            args![before => words.money(*before), this => words.money(*this), most => words.money(*most)],
        ),
    }
}

/// Every test that was kept, oldest first.
fn tests(words: Words, case: &AidCase) -> Option<AnyView> {
    let rows = case.tests.iter().map(|(row, tested)| {
        let (tone, verdict) = if row.holds { (Tone::Good, "verdict-pass") } else { (Tone::Bad, "verdict-fail") };
        cells![
            words.t(&format!("aid-occasion-{}", row.occasion.code())),
            words.instant_figure(row.at),
            tag(tone, words.t(verdict)),
            words.money_figure(tested.facts.amount),
        ]
    });
    let table = Table::new("aid-tests")
        .column("aid-col-occasion")
        .column("aid-col-at")
        .column("aid-col-verdict")
        .figures("aid-col-amount")
        .rows(rows)
        .under_heading()
        .show(words);
    (!case.tests.is_empty()).then(|| view! { <h2>{words.t("aid-tests")}</h2> {table} }.into_any())
}
