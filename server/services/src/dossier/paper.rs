//! The readable document of a justification file: the same as its JSON, in sentences and in order of reading.

use documents::{Block, Dossier, Error, Section};
use domain::{
    action::Change,
    application::draft::{FIELDS, Field, Kind},
    call::{self, Check, check::Occasion, question::Kind as Asked},
    gpu::GpuTime,
    ledger::Account,
    mode::{Outcome, Seen},
    money::Money,
    period::brussels_day,
    pricing::Quote,
    review,
};
use text::{Locale, Words, args};

use super::{Facts, Names, PERSONAL, course};
use crate::{rows::EventRow, store::entity::allocation};

pub fn pdf(facts: &Facts, locale: Locale) -> Result<Vec<u8>, Error> {
    let words = Words::new(locale);
    let state = facts.state_of();
    let dossier = Dossier {
        title: words.with("dossier-title", args![reference => facts.reference.as_str()]),
        lead: words.with("dossier-lead", args![at => words.instant(state)]),
        author: "Gigahours".to_owned(),
        on: brussels_day(state),
        sections: vec![
            summary(facts, words),
            eligibility(facts, words),
            conflicts(facts, words),
            course::steps(facts, words),
            reviews(facts, words),
            course::said(facts, words),
            course::panels(facts, words),
            decision(facts, words),
            prices(facts, words),
            allocations(facts, words),
            after_award(facts, words),
            timeline(facts, words),
            mails(facts, words),
            answers(facts, words),
            checking(facts, words),
        ],
    };
    documents::dossier(&dossier, locale)
}

pub(super) fn section(words: Words, heading: &str, blocks: Vec<Block>) -> Section {
    let blocks = if blocks.is_empty() { vec![Block::Note(words.t("dossier-nothing"))] } else { blocks };
    Section { heading: words.t(heading), blocks }
}

pub(super) fn fact(words: Words, label: &str, value: impl Into<String>) -> Block {
    Block::Fact(words.t(label), value.into())
}

/// A role with its name or initials.
pub(super) fn who(facts: &Facts, words: Words, group: &str, person: Option<domain::id::PersonId>) -> String {
    let role = words.find(&format!("stand-{}", group.replace('_', "-")), &args![]);
    let role = role.unwrap_or_else(|| words.t("dossier-programme"));
    match person.map(|person| facts.name(person)).filter(|name| !name.is_empty()) {
        Some(name) => words.with("dossier-who", args![role => role, name => name]),
        None => role,
    }
}

fn summary(facts: &Facts, words: Words) -> Section {
    let (row, organisation) = (&facts.application, &facts.organisation);
    let mut blocks = vec![
        fact(words, "case-reference", facts.reference.clone()),
        fact(words, "dossier-mode", mode(facts, words)),
        fact(words, "case-organisation", organisation.legal_name.clone()),
        fact(words, "awards-country", words.t(&format!("country-{}", organisation.country.code()))),
        fact(words, "dossier-author", who(facts, words, "applicant", Some(row.author_id))),
        fact(words, "case-state", words.t(&format!("state-{}", row.state.code().replace('_', "-")))),
    ];
    if let Some(class) = organisation.size_class {
        blocks.insert(4, fact(words, "awards-class", words.t(&format!("size-class-{}", class.code()))));
    }
    if let Some(call) = &facts.call {
        let version = i64::from(call.version);
        let under = words.with("dossier-call-version", args![code => call.code.as_str(), version => version]);
        blocks.insert(2, fact(words, "dossier-call", under));
    }
    let instants = [("case-arrived", row.submitted_at), ("case-due", row.due_at), ("dossier-decided", row.decided_at)];
    for (label, instant) in instants {
        if let Some(instant) = instant {
            blocks.push(fact(words, label, words.instant(instant)));
        }
    }
    section(words, "dossier-application", blocks)
}

fn mode(facts: &Facts, words: Words) -> String {
    let name = words.t(&format!("mode-name-{}", facts.application.mode));
    words.with("dossier-mode-version", args![name => name, version => i64::from(facts.application.mode_version)])
}

/// Under a call the test that was kept when it was handed in; else the rules of the mode against the facts kept.
fn eligibility(facts: &Facts, words: Words) -> Section {
    let kept = facts.tests.iter().rev().find(|test| test.occasion == Occasion::Submit);
    let kept = kept.filter(|_| facts.call.is_some()).map(|test| serde_json::from_str::<Vec<Check>>(&test.outcome));
    let blocks = match kept {
        Some(Ok(checks)) => checks
            .iter()
            .map(|check| {
                let seen = match &check.seen {
                    call::check::Seen::OfMode(seen) => seen_in_words(words, *seen),
                    call::check::Seen::Closed(closing) => words.t(&format!("call-closed-{}", closing.code())),
                    call::check::Seen::Name(name) => name.clone(),
                };
                tested(words, &format!("call-rule-name-{}", check.rule.code()), check.outcome, &seen)
            })
            .collect(),
        _ => facts
            .checks
            .iter()
            .map(|check| {
                let seen = seen_in_words(words, check.seen);
                tested(words, &format!("dossier-rule-{}", check.rule.code()), check.outcome, &seen)
            })
            .collect(),
    };
    section(words, "dossier-eligibility", blocks)
}

fn tested(words: Words, rule: &str, outcome: Outcome, seen: &str) -> Block {
    let verdict = words.t(match outcome {
        Outcome::Pass => "verdict-pass",
        Outcome::Fail => "verdict-fail",
        Outcome::Open => "verdict-open",
    });
    let value = if seen.is_empty() { verdict } else { format!("{verdict}: {seen}") };
    Block::Fact(words.t(rule), value)
}

fn seen_in_words(words: Words, seen: Seen) -> String {
    match seen {
        Seen::Nothing => String::new(),
        Seen::Country(country) => words.t(&format!("country-{}", country.code())),
        Seen::Class(class) => words.t(&format!("size-class-{}", class.code())),
        Seen::Count(count) => words.integer(count),
        Seen::Time(time) => words.hours(time),
        Seen::Day(day) => words.date(day),
        Seen::Instant(at) => words.instant(at),
    }
}

fn conflicts(facts: &Facts, words: Words) -> Section {
    let blocks = facts.conflicts.iter().map(|one| {
        let declared = facts
            .events
            .iter()
            .find(|event| event.kind == "conflict_declared" && event.person_id == Some(one.person_id));
        let group = declared.map_or("", |event| event.actor_group.as_str());
        let at = words.instant(one.declared_at);
        let value = if facts.names == Names::Full { format!("{at}\n{}", one.reason) } else { at };
        Block::Fact(who(facts, words, group, Some(one.person_id)), value)
    });
    section(words, "dossier-conflicts", blocks.collect())
}

fn reviews(facts: &Facts, words: Words) -> Section {
    let mut blocks = Vec::new();
    for one in &facts.reviews {
        blocks.push(Block::Head(who(facts, words, "reviewer", Some(one.reviewer_id))));
        let Some((handed_in, (total, advice))) = one.handed_in_at.zip(one.total.zip(one.advice)) else {
            blocks.push(Block::Note(words.t("dossier-review-open")));
            continue;
        };
        let draft: review::Draft = serde_json::from_str(&one.draft).unwrap_or_default();
        blocks.push(fact(words, "dossier-handed-in", words.instant(handed_in)));
        let advice = words.t(&format!("advice-{}", advice.code()));
        let total = words.hundredths(total);
        blocks.push(fact(words, "dossier-total", words.with("review-total", args![total => total, advice => advice])));
        for (code, grade) in &draft.grades {
            let known = facts.rubric.criteria.iter().find(|criterion| criterion.code == *code);
            let own = known.map_or("", |criterion| call::said(&criterion.title, words.locale().code()));
            let title = if own.is_empty() { words.t(&format!("criterion-{code}")) } else { own.to_owned() };
            blocks.push(Block::Fact(title, grade.clone()));
        }
        blocks.push(fact(words, "review-to-applicant", draft.to_applicant));
        if !draft.to_officer.trim().is_empty() {
            blocks.push(fact(words, "review-to-officer", draft.to_officer));
        }
    }
    section(words, "decision-reviews", blocks)
}

fn decision(facts: &Facts, words: Words) -> Section {
    let Some(row) = &facts.decision else { return section(words, "decision-made-title", Vec::new()) };
    let outcome = match row.outcome {
        review::Outcome::Approved => "outcome-approved",
        review::Outcome::Refused => "outcome-refused",
    };
    let mut blocks = vec![
        fact(words, "decision-outcome", words.t(outcome)),
        fact(words, "dossier-requested", quote(facts).map(|quote| words.hours(quote.gpu_time)).unwrap_or_default()),
        fact(words, "decision-granted", words.hours(row.granted)),
        fact(words, "decision-reasons", row.reasons.clone()),
        fact(words, "decision-conditions", row.each_condition().join("\n")),
        fact(words, "dossier-decided-by", who(facts, words, "officer", Some(row.decided_by))),
        fact(words, "dossier-decided", words.instant(row.decided_at)),
    ];
    if let Some(standing) = &facts.standing {
        let line = &standing.line;
        let said = words.list_place(line.place, standing.of, line.judged.mean);
        blocks.push(fact(words, "decision-standing", said));
        if let (Some(budget), Some(cut)) = (standing.budget, line.judged.cut) {
            blocks.push(fact(words, "award-list-cut", words.t(&format!("cut-{}", cut.code()))));
            blocks.push(fact(words, "award-list-budget", words.hours(budget)));
        }
        blocks.push(fact(words, "decision-list-fixed", words.instant(standing.fixed.at)));
    }
    if let Some((person, at)) = row.signed_by.zip(row.signed_at) {
        blocks.push(fact(words, "dossier-signed-by", who(facts, words, "officer", Some(person))));
        blocks.push(fact(words, "dossier-signed", words.instant(at)));
    } else if row.needs_second {
        blocks.push(Block::Note(words.t("dossier-unsigned")));
    }
    section(words, "decision-made-title", blocks)
}

fn quote(facts: &Facts) -> Option<Quote> {
    serde_json::from_str(facts.application.quote.as_deref()?).ok()
}

fn prices(facts: &Facts, words: Words) -> Section {
    let mut blocks = quote(facts).map(|quote| priced(words, "dossier-quote", &quote)).unwrap_or_default();
    for row in &facts.allocations {
        if let Ok(quote) = serde_json::from_str::<Quote>(&row.terms) {
            let heading = place(facts, row);
            blocks.extend(priced(words, &heading, &quote));
        }
    }
    section(words, "dossier-prices", blocks)
}

fn priced(words: Words, heading: &str, quote: &Quote) -> Vec<Block> {
    let money = |label: &str, amount: Money| fact(words, label, words.money(amount));
    let pot = words.pot(&quote.pot);
    let regime = words.t(&format!("regime-{}", quote.regime.code()));
    vec![
        Block::Head(words.t(heading)),
        fact(words, "allocation-hours", words.hours(quote.gpu_time)),
        fact(words, "dossier-rate", words.rate(quote.list_rate)),
        money("quote-list", quote.list),
        fact(
            words,
            "quote-subsidy",
            format!("{} ({}, {pot}, {regime})", words.money(quote.subsidy), words.percent(quote.subsidy_share)),
        ),
        money("quote-own", quote.own),
        fact(words, "dossier-vat", format!("{} ({})", words.money(quote.vat), words.percent(quote.vat_rate))),
        money("quote-due", quote.due),
    ]
}

fn place(facts: &Facts, row: &allocation::Model) -> String {
    facts.sites.iter().find(|site| site.id == row.site_id).map(|site| site.name.clone()).unwrap_or_default()
}

fn allocations(facts: &Facts, words: Words) -> Section {
    let mut blocks = Vec::new();
    for row in &facts.allocations {
        let balance = |account| facts.balances.get(&(row.id, account)).copied().unwrap_or_default();
        let last = row.slots().end().pred_opt().unwrap_or(row.first_week);
        blocks.push(Block::Head(place(facts, row)));
        blocks.push(fact(words, "allocation-state", words.t(&format!("allocation-state-{}", row.state.code()))));
        let gpus = words.with("allocation-gpus-of", args![gpus => row.gpus, model => row.model.code()]);
        blocks.push(fact(words, "allocation-gpus", gpus));
        blocks.push(fact(words, "allocation-first-day", words.date(row.first_week)));
        blocks.push(fact(words, "allocation-last-day", words.date(last)));
        blocks.push(fact(words, "allocation-hours", words.hours(row.gpu_seconds)));
        blocks.push(fact(words, "allocation-used-hours", words.hours(balance(Account::Used))));
        blocks.push(fact(words, "allocation-left-hours", words.hours(balance(Account::Hold))));
    }
    section(words, "dossier-allocations", blocks)
}

fn after_award(facts: &Facts, words: Words) -> Section {
    let mut blocks = Vec::new();
    for one in &facts.actions {
        let kept = |text: Option<&str>| {
            text.and_then(|text| serde_json::from_str(text).ok()).map(|change| said(words, change))
        };
        blocks.push(Block::Head(words.t(&format!("action-kind-{}", one.kind.code()))));
        blocks.push(fact(words, "after-state", words.t(&format!("action-state-{}", one.state.code()))));
        blocks.push(fact(words, "after-asked", words.instant(one.asked_at)));
        blocks.push(fact(words, "after-requested", kept(Some(&one.requested)).unwrap_or_default()));
        blocks.extend(kept(one.recommended.as_deref()).map(|value| fact(words, "action-case-recommended", value)));
        blocks.extend(kept(one.awarded.as_deref()).map(|value| fact(words, "after-awarded", value)));
        if !one.why.is_empty() {
            blocks.push(fact(words, "action-case-why", one.why.clone()));
        }
        blocks.extend(one.reason.clone().map(|reason| fact(words, "after-reason", reason)));
        for (label, person) in [("dossier-decided-by", one.decided_by), ("dossier-signed-by", one.signed_by)] {
            blocks.extend(person.map(|person| fact(words, label, who(facts, words, "officer", Some(person)))));
        }
    }
    for one in &facts.reports {
        blocks.push(Block::Head(words.t(&format!("report-kind-{}", one.kind.code()))));
        let due = args![due => words.date(one.due_on)];
        blocks.push(fact(words, "after-state", words.with(&format!("report-state-{}", one.state.code()), due)));
        let draft: domain::report::Draft = serde_json::from_str(&one.draft).unwrap_or_default();
        for field in &domain::report::FIELDS {
            let text = draft.get(field.name);
            if !text.trim().is_empty() {
                blocks.push(fact(words, &format!("report-{}", field.name.replace('_', "-")), text));
            }
        }
        blocks.extend(
            one.reason.clone().filter(|reason| !reason.is_empty()).map(|said| fact(words, "after-reason", said)),
        );
    }
    section(words, "dossier-after", blocks)
}

fn said(words: Words, change: Change) -> String {
    match change {
        Change::Hours(time) => words.hours(time),
        Change::Weeks(weeks) => words.with("change-weeks", args![weeks => i64::from(weeks)]),
        Change::Start(day) => words.with("change-start", args![day => words.date(day)]),
        Change::Nothing => words.t("change-nothing"),
    }
}

fn timeline(facts: &Facts, words: Words) -> Section {
    let blocks = facts.events.iter().map(|event| {
        let what = happened(words, event);
        Block::Fact(
            words.instant(event.at),
            format!("{what}\n{}", who(facts, words, &event.actor_group, event.person_id)),
        )
    });
    section(words, "allocation-timeline", blocks.collect())
}

/// In the words of the page that shows it, or of staff, or else its code.
fn happened(words: Words, event: &EventRow) -> String {
    let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap_or_default();
    let text = |name: &str| detail.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let number = |name: &str| detail.get(name).and_then(serde_json::Value::as_i64).unwrap_or_default();
    let kind = event.kind.replace('_', "-");
    let values = args![
        site => text("site"),
        reason => text("reason"),
        percent => number("percent"),
        hours => words.hours(GpuTime::seconds(number("released"))),
        what => words.find(&format!("action-kind-{}", text("kind")), &args![]).unwrap_or_default(),
    ];
    let keys = match event.subject_kind.as_str() {
        "allocation" => [format!("allocation-event-{kind}"), format!("dossier-event-{kind}")],
        _ => [format!("happened-{kind}"), format!("dossier-event-{kind}")],
    };
    keys.iter().find_map(|key| words.find(key, &values)).unwrap_or(kind)
}

fn mails(facts: &Facts, words: Words) -> Section {
    let blocks = facts.mails.iter().map(|mail| {
        let state = match mail.state {
            crate::rows::MailState::Queued => "dossier-mail-queued",
            crate::rows::MailState::Sent => "dossier-mail-sent",
            crate::rows::MailState::Failed => "dossier-mail-failed",
        };
        let to = mail.person_id.map(|person| facts.name(person)).unwrap_or_default();
        Block::Fact(words.instant(mail.queued_at), format!("{}\n{to} – {}", mail.subject, words.t(state)))
    });
    section(words, "dossier-mails", blocks.collect())
}

fn answers(facts: &Facts, words: Words) -> Section {
    let shown = |field: &&Field| {
        let is_hidden = facts.names == Names::Initials && PERSONAL.contains(&field.name);
        !is_hidden && !facts.draft.get(field.name).trim().is_empty()
    };
    let blocks = FIELDS.iter().filter(shown).map(|field| {
        let typed = facts.draft.get(field.name);
        let name = field.name.replace('_', "-");
        let answer = match field.kind {
            Kind::Choice(codes) if codes.contains(&typed) => words.t(&format!("choice-{name}-{typed}")),
            Kind::Tick => words.t("answer-yes"),
            Kind::Day => typed.parse().map_or_else(|_| typed.to_owned(), |day| words.date(day)),
            _ => typed.to_owned(),
        };
        Block::Fact(words.t(&format!("field-{name}")), answer)
    });
    let language = words.locale().code();
    let asked = facts.answers.visible().map(|question| {
        let typed = facts.answers.answers.get(&question.code);
        let answer = match (question.chosen(typed, language), typed) {
            (Some(chosen), _) => chosen,
            (None, "yes" | "no") if question.kind == Asked::YesNo => words.t(&format!("answer-{typed}")),
            _ => typed.to_owned(),
        };
        let file = facts.answers.file(&question.code).map(|file| format!("\nSHA-256 {}", file.sha256));
        Block::Fact(call::said(&question.label, language).to_owned(), answer + &file.unwrap_or_default())
    });
    section(words, "dossier-answers", blocks.chain(asked).collect())
}

fn checking(facts: &Facts, words: Words) -> Section {
    let command = format!("server dossier check {}-dossier-{}.zip --key …", facts.reference, facts.names.code());
    let blocks = vec![
        Block::Text(words.t("dossier-checking-how")),
        Block::Text(command),
        Block::Note(words.t(if facts.names == Names::Full { "dossier-names-full" } else { "dossier-names-initials" })),
    ];
    section(words, "dossier-checking", blocks)
}
