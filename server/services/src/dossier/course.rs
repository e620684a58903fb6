//! The way of an application through its steps, and what panels made of it: as JSON, and as sections of the document.

use documents::{Block, Section};
use domain::{
    panel::{Minutes, minutes::Item},
    workflow::{StepState, edge::Deed},
};
use serde_json::{Value, json};
use text::{Words, args};

use super::{
    Facts, Names,
    files::{at, inner, perhaps, who},
    initials,
    paper::{self, fact, section},
};

/// Steps, transitions, assessments, questions, the answer to the reviews, appeals and a reopening.
pub(super) fn workflow(facts: &Facts) -> Value {
    let course = &facts.course;
    let steps = course.steps.iter().map(|one| {
        json!({
            "step": one.kind.code(), "state": one.state, "working_days": one.working_days,
            "begun_at": perhaps(one.begun_at), "due_at": perhaps(one.due_at), "done_at": perhaps(one.done_at),
            "outcome": one.outcome, "reason": one.reason,
            "done_by": one.done_by.map(|person| who(facts, "staff", Some(person))),
        })
    });
    let transitions = course.transitions.iter().map(|one| {
        json!({
            "at": at(one.at), "what": one.deed, "from": one.from_node, "to": one.to_node, "reason": one.reason,
            "who": who(facts, &one.actor_group, one.person_id),
            "changed": if facts.names == Names::Full { inner(&one.detail) } else { Value::Null },
        })
    });
    let questions = course.questions.iter().map(|one| {
        json!({
            "step": one.step.code(), "state": one.state.code(), "question": one.text, "asked_at": at(one.asked_at),
            "asked_by": who(facts, &one.asked_group, Some(one.asked_by)), "due_at": perhaps(one.due_at),
            "answer": one.answer, "answered_at": perhaps(one.answered_at),
        })
    });
    let assessments = course.assessments.iter().map(|one| {
        json!({
            "site": site(facts, one.site_id), "verdict": one.verdict.code(), "recommended_gpu_seconds": one.hours,
            "model": one.model.map(|model| model.code()), "conditions": one.conditions, "comments": one.comments,
            "made_by": who(facts, "operator", Some(one.made_by)), "made_at": at(one.made_at),
        })
    });
    let appeals = course.appeals.iter().map(|one| {
        json!({
            "grounds": one.grounds, "filed_at": at(one.filed_at), "due_at": at(one.due_at),
            "outcome": one.outcome.map(|outcome| outcome.code()), "reasons": one.reasons,
            "decided_by": one.decided_by.map(|person| who(facts, "officer", Some(person))),
            "decided_at": perhaps(one.decided_at),
        })
    });
    let reply = course.rebuttal.as_ref().filter(|one| one.handed_in_at.is_some());
    json!({
        "plan": course.plan,
        "steps": steps.collect::<Vec<_>>(),
        "transitions": transitions.collect::<Vec<_>>(),
        "questions": questions.collect::<Vec<_>>(),
        "assessments": assessments.collect::<Vec<_>>(),
        "answer_to_reviews": reply.map(|one| json!({ "text": one.text, "handed_in_at": perhaps(one.handed_in_at) })),
        "appeals": appeals.collect::<Vec<_>>(),
    })
}

/// What each panel recommended about it: of its minutes nothing that is about another application.
pub(super) fn minutes(facts: &Facts) -> Value {
    let named = |name: &str| if facts.names == Names::Full { name.to_owned() } else { initials(name) };
    let all = sittings(facts).map(|(minutes, item)| {
        let members = minutes
            .attendance
            .iter()
            .map(|one| json!({ "who": named(&one.name), "role": one.role.code(), "present": one.is_present }));
        json!({
            "panel": minutes.name, "held_on": minutes.held_on, "closed_at": at(minutes.closed_at),
            "attendance": members.collect::<Vec<_>>(),
            "left": item.left.iter().map(|name| named(name)).collect::<Vec<_>>(),
            "place": item.place, "mean_hundredths": item.mean, "reviews": item.reviews,
            "outcome": item.outcome.code(), "requested_gpu_seconds": item.requested,
            "recommended_gpu_seconds": item.recommended, "recommended_tb": item.recommended_tb,
            "reasons": item.reasons,
        })
    });
    all.collect::<Vec<_>>().into()
}

fn sittings(facts: &Facts) -> impl Iterator<Item = (&Minutes, &Item)> {
    let about = |minutes: &'_ Minutes| minutes.items.iter().position(|one| one.application == facts.application.id);
    facts.minutes.iter().filter_map(move |minutes| Some((minutes, minutes.items.get(about(minutes)?)?)))
}

fn site(facts: &Facts, id: domain::id::SiteId) -> String {
    facts.sites.iter().find(|site| site.id == id).map(|site| site.name.clone()).unwrap_or_default()
}

/// The steps with what they came to, then every way in order.
pub(super) fn steps(facts: &Facts, words: Words) -> Section {
    let planned = facts.course.steps.iter().filter(|step| step.state != StepState::Skipped);
    let mut blocks: Vec<Block> = planned
        .map(|step| {
            let outcome = step.outcome.map(|one| words.t(&format!("step-outcome-{}", one.code())));
            let outcome = outcome.unwrap_or_else(|| words.t("step-state-pending"));
            let until = step.due_at.map(|at| words.instant(at)).unwrap_or_default();
            let done = step.done_at.map(|at| words.instant(at)).unwrap_or_default();
            let dates = if done.is_empty() { until } else { done };
            Block::Fact(words.t(&format!("workflow-step-{}", step.kind.code())), format!("{outcome}\n{dates}"))
        })
        .collect();
    blocks.extend(facts.course.transitions.iter().filter_map(|row| {
        let deed = Deed::from_code(&row.deed)?;
        let mut said = words.t(&format!("transition-{}", deed.code()));
        said.push('\n');
        said.push_str(&paper::who(facts, words, &row.actor_group, row.person_id));
        if !row.reason.is_empty() {
            said.push('\n');
            said.push_str(&row.reason);
        }
        Some(Block::Fact(words.instant(row.at), said))
    }));
    section(words, "course-title", blocks)
}

/// Assessments, questions with their answers, the answer to the reviews, appeals.
pub(super) fn said(facts: &Facts, words: Words) -> Section {
    let course = &facts.course;
    let mut blocks = Vec::new();
    for one in &course.assessments {
        let verdict = words.t(&format!("step-outcome-{}", one.verdict.code()));
        let site = site(facts, one.site_id);
        blocks.push(Block::Head(words.with("assessment-of", args![site => site, verdict => verdict])));
        blocks.push(Block::Text(one.comments.clone()));
        if !one.conditions.is_empty() {
            blocks.push(fact(words, "assessment-conditions", one.conditions.clone()));
        }
    }
    for one in &course.questions {
        let answer = one.answer.clone().unwrap_or_else(|| words.t(&format!("question-state-{}", one.state.code())));
        blocks.push(Block::Fact(one.text.clone(), answer));
    }
    if let Some(reply) = course.rebuttal.as_ref().filter(|one| one.handed_in_at.is_some()) {
        blocks.push(fact(words, "reply-of-applicant", reply.text.clone()));
    }
    for one in &course.appeals {
        blocks.push(fact(words, "transition-appeal", format!("{}\n{}", words.instant(one.filed_at), one.grounds)));
        if let Some((outcome, reasons)) = one.outcome.zip(one.reasons.as_ref()) {
            let label = match outcome {
                domain::workflow::appeal::Outcome::Upheld => "transition-uphold-appeal",
                domain::workflow::appeal::Outcome::Rejected => "transition-reject-appeal",
            };
            blocks.push(fact(words, label, reasons.clone()));
        }
    }
    section(words, "dossier-said", blocks)
}

/// What panels recommended.
pub(super) fn panels(facts: &Facts, words: Words) -> Section {
    let mut blocks = Vec::new();
    for (minutes, item) in sittings(facts) {
        blocks.push(Block::Head(format!("{} – {}", minutes.name, words.date(minutes.held_on))));
        let outcome = words.t(&format!("panel-outcome-{}", item.outcome.code()));
        blocks.push(fact(words, "panel-recommendation", format!("{outcome}: {}", words.hours(item.recommended))));
        blocks.push(Block::Text(item.reasons.clone()));
        let named = |name: &String| if facts.names == Names::Full { name.clone() } else { initials(name) };
        let left: Vec<String> = item.left.iter().map(named).collect();
        let left = if left.is_empty() { words.t("minutes-nobody-left") } else { left.join(", ") };
        blocks.push(fact(words, "minutes-left", left));
    }
    section(words, "panel-recommendation", blocks)
}
