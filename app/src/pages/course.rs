//! The course of an application as its pages show it: whom it waits for and until when, its steps with their clocks,
//! what happened, and the questions with their answers.

use chrono::{DateTime, Utc};
use domain::{
    gpu::GpuModel,
    period::brussels_day,
    workflow::{
        Kind, StepOutcome, StepState,
        edge::{Deed, Node},
        question,
    },
};
use leptos::prelude::*;
use services::{
    Course, Site,
    rows::{AssessmentRow, QuestionRow, StepRow, TransitionRow},
};
use text::{Words, args};

use crate::{
    cells,
    components::{
        Table, Tone,
        layout::{panel, tag},
        progress::Moment,
    },
};

fn day(words: Words, at: Option<DateTime<Utc>>) -> String {
    at.map(|at| words.weekday_date(brussels_day(at))).unwrap_or_default()
}

/// Whom it waits for and until when, in the applicant's words; `None` outside the workflow.
pub(super) fn waits(words: Words, course: &Course) -> Option<(Tone, String)> {
    let due = |at| args![due => day(words, at)];
    if let Some(asked) = course.asked() {
        return Some((Tone::Yours, words.with("waits-at-answer", due(asked.due_at))));
    }
    let active = course.active();
    let said = match course.node {
        Node::At(kind) => {
            let step = active?;
            let no_site = kind == Kind::TechnicalAssessment && step.site_id.is_none();
            let key = format!("waits-at-{}{}", kind.code(), if no_site { "-no-site" } else { "" });
            let tone = if kind == Kind::Rebuttal { Tone::Yours } else { Tone::Waiting };
            (tone, words.with(&key, due(step.due_at)))
        }
        Node::Signature => (Tone::Waiting, words.with("waits-at-signature", due(active?.due_at))),
        Node::Appealed => (Tone::Waiting, words.with("waits-at-appeal", due(Some(course.open_appeal()?.due_at)))),
        Node::Draft | Node::Approved | Node::Refused | Node::Withdrawn => return None,
    };
    Some(said)
}

/// As [`waits`], for those who work on it.
pub(super) fn waits_for_staff(words: Words, course: &Course) -> Option<String> {
    let due = |at| args![due => day(words, at)];
    match course.node {
        _ if course.asked().is_some() => {
            Some(words.with("waits-staff-answer", due(course.asked().and_then(|row| row.due_at))))
        }
        Node::At(Kind::Rebuttal) => Some(words.with("waits-staff-rebuttal", due(course.active()?.due_at))),
        Node::Appealed => Some(words.with("waits-staff-appeal", due(Some(course.open_appeal()?.due_at)))),
        _ => waits(words, course).map(|(_, said)| said),
    }
}

pub(super) fn step_name(words: Words, kind: Kind) -> String {
    words.t(&format!("workflow-step-{}", kind.code()))
}

pub(super) fn outcome(words: Words, outcome: StepOutcome) -> String {
    words.t(&format!("step-outcome-{}", outcome.code()))
}

const fn tone_of(outcome: StepOutcome) -> Tone {
    match outcome {
        StepOutcome::NotAdmissible | StepOutcome::Infeasible | StepOutcome::Refused => Tone::Bad,
        StepOutcome::Lapsed | StepOutcome::Withdrawn => Tone::Calm,
        _ => Tone::Good,
    }
}

/// The steps of the plan with their clocks; nothing before they are made.
pub(super) fn steps(words: Words, course: &Course, now: DateTime<Utc>) -> AnyView {
    if course.steps.is_empty() {
        return ().into_any();
    }
    let planned = course.steps.iter().filter(|step| step.state != StepState::Skipped);
    let rows = planned.map(|step| {
        let (state, due) = step_line(words, step, now);
        cells![step_name(words, step.kind), state, due]
    });
    let table = Table::new("course-title").column("course-step").column("course-state").column("course-due").rows(rows);
    view! { <h2>{words.t("course-title")}</h2> {table.under_heading().show(words)} }.into_any()
}

fn step_line(words: Words, step: &StepRow, now: DateTime<Utc>) -> (AnyView, AnyView) {
    let due = step.due_at.map(|at| words.instant_figure(at)).unwrap_or_default();
    match (step.state, step.outcome) {
        (StepState::Done, Some(came_to)) => {
            let at = step.done_at.map(|at| words.instant_figure(at)).unwrap_or_default();
            let at = words.with("course-done-at", args![at => at]);
            (tag(tone_of(came_to), outcome(words, came_to)), at.into_any())
        }
        (StepState::Active, _) => {
            let state = tag(Tone::Waiting, words.t("step-state-active"));
            if step.stopped_at.is_some() {
                return (state, words.t("course-due-stopped").into_any());
            }
            let late = step.due_at.is_some_and(|at| at < now).then(|| tag(Tone::Bad, words.t("course-late")));
            (state, view! { <span>{due} " " {late}</span> }.into_any())
        }
        (StepState::Done, None) => (tag(Tone::Calm, words.t("step-state-done")), ().into_any()),
        (StepState::Pending | StepState::Skipped, _) => (tag(Tone::Calm, words.t("step-state-pending")), ().into_any()),
    }
}

/// One transition for the applicant: in public words, the role instead of the person. `None` for what is between staff.
pub(super) fn public_moment(words: Words, row: &TransitionRow) -> Option<(DateTime<Utc>, Moment)> {
    let deed = Deed::from_code(&row.deed).filter(|deed| !deed.is_internal())?;
    let what = words.t(&format!("transition-public-{}", deed.code()));
    let who = words.find(&format!("stand-{}", row.actor_group.replace('_', "-")), &args![]);
    let why = (deed.is_reason_public() && !row.reason.is_empty()).then(|| row.reason.clone());
    Some((row.at, Moment { at: words.instant(row.at), what, who, why, tone: deed_tone(deed) }))
}

/// One transition for those who work on it, with who did it.
pub(super) fn internal_moment(words: Words, row: &TransitionRow, name: Option<&String>) -> Option<Moment> {
    let deed = Deed::from_code(&row.deed)?;
    let what = words.t(&format!("transition-{}", deed.code()));
    let group = words.find(&format!("stand-{}", row.actor_group.replace('_', "-")), &args![]);
    let who = match (group, name) {
        (Some(group), Some(name)) => Some(format!("{group}, {name}")),
        (group, _) => group,
    };
    let why = (!row.reason.is_empty()).then(|| row.reason.clone());
    Some(Moment { at: words.instant(row.at), what, who, why, tone: deed_tone(deed) })
}

const fn deed_tone(deed: Deed) -> Tone {
    match deed {
        Deed::Approve | Deed::UpholdAppeal => Tone::Good,
        Deed::Refuse | Deed::RefuseAdmission | Deed::RejectAppeal | Deed::AssessInfeasible => Tone::Bad,
        Deed::Ask | Deed::Escalate => Tone::Yours,
        _ => Tone::Calm,
    }
}

/// The questions with their answers; nothing where none was asked.
pub(super) fn questions<'a>(words: Words, questions: impl IntoIterator<Item = &'a QuestionRow>) -> AnyView {
    let shown: Vec<AnyView> = questions.into_iter().map(|row| question(words, row)).collect();
    if shown.is_empty() {
        return ().into_any();
    }
    view! { <h2>{words.t("questions-title")}</h2> {shown} }.into_any()
}

fn question(words: Words, row: &QuestionRow) -> AnyView {
    let tone = match row.state {
        question::State::Open => Tone::Yours,
        question::State::Answered => Tone::Good,
        question::State::Lapsed => Tone::Bad,
        question::State::Proposed | question::State::Dropped => Tone::Calm,
    };
    let state = tag(tone, words.t(&format!("question-state-{}", row.state.code())));
    let asked = words.with("question-asked-on", args![at => words.instant(row.asked_at)]);
    panel(view! {
        <p class="hint">{asked} " " {state}</p>
        <p class="typed"><strong>{row.text.clone()}</strong></p>
        {row.answer.clone().map(|answer| view! { <p class="typed">{answer}</p> })}
    })
}

/// What the sites said; nothing where none did.
pub(super) fn assessments(words: Words, rows: &[AssessmentRow], sites: &[Site]) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let shown = rows.iter().map(|row| {
        let site = sites.iter().find(|site| site.id == row.site_id);
        let site = site.map_or_else(|| words.t("assessment-title"), |site| site.name.clone());
        let title = words.with("assessment-of", args![site => site, verdict => outcome(words, row.verdict)]);
        let recommended = row.model.map(|model: GpuModel| {
            words.with("assessment-recommended", args![hours => words.hours(row.hours), model => model.code()])
        });
        panel(view! {
            <h3>{title}</h3>
            {recommended.map(|recommended| view! { <p>{recommended}</p> })}
            {(!row.conditions.is_empty()).then(|| view! {
                <p class="typed"><strong>{words.t("assessment-conditions")} ": "</strong>{row.conditions.clone()}</p>
            })}
            <p class="typed">{row.comments.clone()}</p>
        })
    });
    view! { <h2>{words.t("assessment-title")}</h2> {shown.collect_view()} }.into_any()
}

/// The applicant's answer to the reviews, once it is handed in.
pub(super) fn reply(words: Words, course: &Course) -> AnyView {
    let handed_in = course.rebuttal.as_ref().filter(|row| row.handed_in_at.is_some());
    let Some(row) = handed_in else { return ().into_any() };
    view! { <h2>{words.t("reply-of-applicant")}</h2> {panel(view! { <p class="typed">{row.text.clone()}</p> })} }
        .into_any()
}
