//! The files of a justification file as JSON: what is kept, with people by name or by role and initials.

use chrono::{DateTime, Utc};
use domain::{id::PersonId, ledger::Account};
use serde_json::{Value, json};

use super::{Facts, Names, PERSONAL, course};
use crate::{
    award_list::ListPlace,
    error::Result,
    store::entity::{eligibility_check, instalment},
};

type File = (String, Vec<u8>);

pub fn all(facts: &Facts) -> Result<Vec<File>> {
    let files = [
        ("application.json", application(facts)),
        ("eligibility.json", eligibility(facts)),
        ("conflicts.json", conflicts(facts)),
        ("reviews.json", reviews(facts)),
        ("workflow.json", course::workflow(facts)),
        ("minutes.json", course::minutes(facts)),
        ("decision.json", decision(facts)),
        ("prices.json", prices(facts)),
        ("aid.json", aid(facts)),
        ("allocations.json", allocations(facts)),
        ("actions.json", actions(facts)),
        ("reports.json", reports(facts)),
        ("timeline.json", timeline(facts)),
        ("mails.json", mails(facts)),
    ];
    files
        .into_iter()
        .map(|(name, value)| {
            let mut text = serde_json::to_vec_pretty(&value)?;
            text.push(b'\n');
            Ok((name.to_owned(), text))
        })
        .collect()
}

/// What is kept as text is JSON inside JSON; what is none stays text.
pub(super) fn inner(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

pub(super) fn at(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn perhaps(instant: Option<DateTime<Utc>>) -> Value {
    instant.map_or(Value::Null, |instant| at(instant).into())
}

pub(super) fn who(facts: &Facts, role: &str, person: Option<PersonId>) -> Value {
    let Some(person) = person else { return json!({ "role": role }) };
    match facts.names {
        Names::Initials => json!({ "role": role, "initials": facts.name(person) }),
        Names::Full => {
            let address = facts.people.get(&person).map(|person| person.email.clone());
            json!({ "role": role, "name": facts.name(person), "address": address })
        }
    }
}

fn application(facts: &Facts) -> Value {
    let (row, organisation) = (&facts.application, &facts.organisation);
    let draft: serde_json::Map<String, Value> = facts
        .draft
        .values()
        .filter(|(name, _)| facts.names == Names::Full || !PERSONAL.contains(name))
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    json!({
        "reference": row.reference,
        "mode": row.mode,
        "mode_version": row.mode_version,
        "call": facts.call.as_ref().map(|call| json!({ "code": call.code, "version": call.version })),
        "state": row.state,
        "version": row.version,
        "author": who(facts, "applicant", Some(row.author_id)),
        "created_at": at(row.created_at),
        "submitted_at": perhaps(row.submitted_at),
        "answer_due_at": perhaps(row.due_at),
        "decided_at": perhaps(row.decided_at),
        "organisation": {
            "legal_name": organisation.legal_name,
            "country": organisation.country,
            "registration_number": organisation.registration_number,
            "vat_id": organisation.vat_id,
            "founded_on": organisation.founded_on,
            "nace": organisation.nace,
        },
        "as_submitted": draft,
        "questions_of_the_call": answered(facts),
    })
}

/// What the call asked besides, as it was answered, with the hashes of the files.
fn answered(facts: &Facts) -> Value {
    let answers = &facts.answers;
    let all: Vec<Value> = answers
        .visible()
        .map(|question| {
            let file = answers.file(&question.code);
            json!({
                "question": question.label,
                "choices": question.choices,
                "answer": answers.answers.get(&question.code),
                "file": file.map(|file| json!({ "bytes": file.bytes, "sha256": file.sha256 })),
            })
        })
        .collect();
    all.into()
}

fn eligibility(facts: &Facts) -> Value {
    let organisation = &facts.organisation;
    let years: Vec<Value> = facts
        .years
        .iter()
        .map(|year| {
            json!({
                "ends": year.ends, "staff": year.staff, "turnover_cents": year.turnover, "balance_cents": year.balance,
                "estimated": year.estimated,
            })
        })
        .collect();
    json!({
        "tested_for": perhaps(facts.application.submitted_at),
        "checks": facts.checks,
        "tests": facts.tests.iter().map(test).collect::<Vec<Value>>(),
        "rules_of_the_call": facts.call.as_ref().map(|call| &call.terms.admission),
        "rules": facts.mode,
        "facts": {
            "country": organisation.country,
            "size_class": organisation.size_class,
            "start_up": organisation.start_up,
            "figures": years,
            "vat_state": organisation.vat_state,
            "vat_checked_at": perhaps(organisation.vat_checked_at),
            "vat_consultation": organisation.vat_consultation,
        },
    })
}

/// One test as it was kept, with the facts it saw.
fn test(kept: &eligibility_check::Model) -> Value {
    json!({
        "occasion": kept.occasion,
        "at": at(kept.at),
        "holds": kept.holds,
        "facts": inner(&kept.facts),
        "outcome": inner(&kept.outcome),
    })
}

/// In the variant to pass on, neither who it was nor why: a reason tells the name.
fn conflicts(facts: &Facts) -> Value {
    let role = |person: PersonId| {
        let declared = facts.events.iter().find(|one| one.kind == "conflict_declared" && one.person_id == Some(person));
        declared.map_or("staff", |event| event.actor_group.as_str()).to_owned()
    };
    let all: Vec<Value> = facts
        .conflicts
        .iter()
        .map(|one| {
            let mut value = json!({
                "who": who(facts, &role(one.person_id), Some(one.person_id)), "declared_at": at(one.declared_at),
                "kind": one.kind.code(), "origin": one.origin.code(), "state": one.state.code(),
            });
            if facts.names == Names::Full
                && let Some(value) = value.as_object_mut()
            {
                value.insert("reason".to_owned(), one.reason.clone().into());
            }
            value
        })
        .collect();
    all.into()
}

fn reviews(facts: &Facts) -> Value {
    let all: Vec<Value> = facts
        .reviews
        .iter()
        .map(|one| {
            json!({
                "reviewer": who(facts, "reviewer", Some(one.reviewer_id)),
                "opened_at": at(one.opened_at),
                "handed_in_at": perhaps(one.handed_in_at),
                "total_hundredths": one.total,
                "advice": one.advice,
                "review": inner(&one.draft),
            })
        })
        .collect();
    let rubric = &facts.rubric;
    let criteria: Vec<Value> = rubric
        .criteria
        .iter()
        .map(|criterion| {
            json!({
                "code": criterion.code,
                "weight_basis_points": criterion.weight,
                "least": criterion.least,
                "title": criterion.title,
            })
        })
        .collect();
    let rubric = json!({
        "valid_from": rubric.valid_from, "threshold_hundredths": rubric.threshold, "criteria": criteria,
        "scale": rubric.scale,
    });
    json!({ "rubric": rubric, "reviews": all })
}

fn decision(facts: &Facts) -> Value {
    let Some(row) = &facts.decision else { return Value::Null };
    let requested = facts.application.quote.as_deref().map(inner);
    json!({
        "outcome": row.outcome,
        "requested_gpu_seconds": requested.and_then(|quote| quote.get("gpu_time").cloned()),
        "granted_gpu_seconds": row.granted,
        "reasons": row.reasons,
        "decided_by": who(facts, "officer", Some(row.decided_by)),
        "decided_at": at(row.decided_at),
        "needs_second_signature": row.needs_second,
        "signed_by": row.signed_by.map(|person| who(facts, "officer", Some(person))),
        "signed_at": perhaps(row.signed_at),
        "amounts": row.amounts.as_deref().map(inner),
        "conditions": row.conditions.as_deref().map(inner),
        "language": row.language,
        "reasons_original": row.reasons_original,
        "award_list": facts.standing.as_ref().map(standing),
    })
}

/// Where it stood in the list that was fixed before the decision.
fn standing(one: &ListPlace) -> Value {
    let (line, judged) = (&one.line, &one.line.judged);
    json!({
        "id": one.fixed.id, "fixed_at": at(one.fixed.at), "place": line.place, "of": one.of, "tied": line.is_tied,
        "mean_hundredths": judged.mean, "budget_gpu_seconds": one.budget, "running_gpu_seconds": line.running,
        "cut": judged.cut, "lot": judged.drawn,
    })
}

fn prices(facts: &Facts) -> Value {
    let terms: Vec<Value> =
        facts.allocations.iter().map(|row| json!({ "allocation": row.id, "terms": inner(&row.terms) })).collect();
    json!({ "quote_as_submitted": facts.application.quote.as_deref().map(inner), "allocations": terms })
}

/// State aid: each grant with its movements, and every test with the facts it saw. Kept for ten years (Reg. (EU)
/// 2023/2831, Art. 6(3)).
fn aid(facts: &Facts) -> Value {
    let grants: Vec<Value> = facts
        .grants
        .iter()
        .map(|(grant, entries)| {
            let entries: Vec<Value> = entries
                .iter()
                .map(|entry| {
                    json!({
                        "number": entry.number, "kind": entry.kind, "reserved_cents": entry.reserved_cents,
                        "granted_cents": entry.granted_cents, "gpu_seconds": entry.gpu_seconds,
                        "entered_on": entry.entered_on, "at": at(entry.at), "reason": entry.reason,
                        "by": who(facts, "staff", entry.entered_by),
                    })
                })
                .collect();
            json!({
                "id": grant.id, "number": format!("{}-{}", grant.state, grant.number), "standing": grant.standing,
                "granting_state": grant.state, "regime": grant.regime, "article": grant.article, "pot": grant.pot,
                "authority": grant.authority, "instrument": grant.instrument, "scheme": grant.scheme,
                "beneficiary": grant.beneficiary, "registration_number": grant.registration_number,
                "nace": grant.nace, "size_class": grant.size_class, "gpu_seconds": grant.gpu_seconds,
                "reference_rate_micro_euro": grant.list_rate, "price_source": grant.price_source,
                "priced_on": grant.priced_on, "reserved_cents": grant.reserved_cents,
                "granted_cents": grant.granted_cents, "reserved_on": grant.reserved_on,
                "granted_on": grant.granted_on,
                "kept_until": grant.granted_on.map(domain::aid::register::kept_until),
                "entries": entries,
            })
        })
        .collect();
    let tests: Vec<Value> = facts
        .aid_tests
        .iter()
        .map(
            |(row, tested)| json!({ "occasion": row.occasion, "at": at(row.at), "holds": row.holds, "tested": tested }),
        )
        .collect();
    json!({ "grants": grants, "tests": tests })
}

fn allocations(facts: &Facts) -> Value {
    let all: Vec<Value> = facts
        .allocations
        .iter()
        .map(|row| {
            let site = facts.sites.iter().find(|site| site.id == row.site_id);
            let balance = |account| facts.balances.get(&(row.id, account)).copied().unwrap_or_default();
            json!({
                "id": row.id,
                "site": site.map(|site| site.name.clone()),
                "site_country": site.map(|site| site.country),
                "model": row.model,
                "gpus": row.gpus,
                "first_week": row.first_week,
                "weeks": row.weeks,
                "further_weeks": row.slots().further(),
                "gpu_seconds": row.gpu_seconds,
                "state": row.state,
                "rank": row.rank,
                "need": inner(&row.need),
                "offered_at": at(row.offered_at),
                "expires_at": at(row.expires_at),
                "accepted_at": perhaps(row.accepted_at),
                "confirmed_at": perhaps(row.confirmed_at),
                "ended_at": perhaps(row.ended_at),
                "balances_gpu_seconds": {
                    "hold": balance(Account::Hold),
                    "used": balance(Account::Used),
                    "overrun": balance(Account::Overrun),
                },
            })
        })
        .collect();
    all.into()
}

/// What followed the award: requested, recommended and awarded apart.
fn actions(facts: &Facts) -> Value {
    let all: Vec<Value> = facts
        .actions
        .iter()
        .map(|one| {
            json!({
                "allocation": one.allocation_id,
                "kind": one.kind,
                "state": one.state,
                "later_allocation": one.later_id,
                "renewed_as": one.renewed_id,
                "requested": inner(&one.requested),
                "recommended": one.recommended.as_deref().map(inner),
                "awarded": one.awarded.as_deref().map(inner),
                "why": one.why,
                "price_change": inner(&one.price),
                "asked_by": who(facts, "applicant", Some(one.asked_by)),
                "asked_at": at(one.asked_at),
                "answer_due_at": perhaps(one.due_at),
                "reasons": one.reason,
                "decided_by": one.decided_by.map(|person| who(facts, "officer", Some(person))),
                "decided_at": perhaps(one.decided_at),
                "needs_second_signature": one.needs_second,
                "signed_by": one.signed_by.map(|person| who(facts, "officer", Some(person))),
                "signed_at": perhaps(one.signed_at),
            })
        })
        .collect();
    all.into()
}

fn reports(facts: &Facts) -> Value {
    let reports: Vec<Value> = facts
        .reports
        .iter()
        .map(|one| {
            json!({
                "allocation": one.allocation_id,
                "kind": one.kind,
                "state": one.state,
                "due_on": one.due_on,
                "report": inner(&one.draft),
                "handed_in_by": one.handed_in_by.map(|person| who(facts, "applicant", Some(person))),
                "handed_in_at": perhaps(one.handed_in_at),
                "reasons": one.reason,
                "decided_by": one.decided_by.map(|person| who(facts, "officer", Some(person))),
                "decided_at": perhaps(one.decided_at),
            })
        })
        .collect();
    let parts: Vec<Value> = facts
        .instalments
        .iter()
        .map(|one| {
            let state = match one.state {
                instalment::State::Withheld => "withheld",
                instalment::State::Released => "released",
                instalment::State::Lapsed => "lapsed",
            };
            json!({
                "allocation": one.allocation_id, "gpu_seconds": one.gpu_seconds, "state": state,
                "withheld_at": at(one.withheld_at), "settled_at": perhaps(one.settled_at),
            })
        })
        .collect();
    json!({ "reports": reports, "instalments": parts })
}

fn timeline(facts: &Facts) -> Value {
    let all: Vec<Value> = facts
        .events
        .iter()
        .map(|one| {
            json!({
                "at": at(one.at),
                "about": one.subject_kind,
                "what": one.kind,
                "who": who(facts, &one.actor_group, one.person_id),
                "detail": inner(&one.detail),
            })
        })
        .collect();
    all.into()
}

fn mails(facts: &Facts) -> Value {
    let all: Vec<Value> = facts
        .mails
        .iter()
        .map(|one| {
            let state = match one.state {
                crate::rows::MailState::Queued => "queued",
                crate::rows::MailState::Sent => "sent",
                crate::rows::MailState::Failed => "failed",
            };
            json!({
                "kind": one.kind,
                "subject": one.subject,
                "language": one.locale,
                "to": who(facts, "addressee", one.person_id),
                "state": state,
                "queued_at": at(one.queued_at),
                "sent_at": perhaps(one.sent_at),
            })
        })
        .collect();
    all.into()
}
