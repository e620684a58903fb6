//! A draft to begin from: the rules of an access mode in force, its rubric and its plan, typed in.

use chrono::NaiveDate;

use super::{
    Draft, LANGUAGES,
    draft::Typed,
    publish::{PROGRAMMES, every_language},
};
use crate::{
    mode::Mode,
    review::{GRADES, Rubric},
    workflow::{Kind, Plan},
};

/// The template of this mode. `say` gives the words of a key in a language; `on` is the day it is made.
pub fn of_mode(mode: &Mode, rubric: &Rubric, on: NaiveDate, say: impl Fn(&str, &str) -> String) -> Draft {
    let mut draft = Draft::default();
    every_language(&mut draft);
    draft.set("mode", mode.code.code());
    for language in LANGUAGES {
        for text in ["title", "summary", "audience"] {
            draft.set(&format!("{text}-{language}"), &say(&format!("call-template-{text}-{}", mode.code), language));
        }
        for grade in GRADES {
            draft.set(&format!("grade-{grade}-{language}"), &say(&format!("grade-{grade}"), language));
        }
    }
    admission(&mut draft, mode);
    size(&mut draft, mode);
    criteria(&mut draft, rubric, say);
    plan(&mut draft, mode);
    draft.set("time", &mode.cut_off_time.format("%H:%M").to_string());
    let ahead: Vec<String> = mode.cut_offs.iter().filter(|day| **day > on).map(NaiveDate::to_string).collect();
    draft.set("intake", if ahead.is_empty() { "always" } else { "cut_offs" });
    draft.set("cut_offs", &ahead.join("\n"));
    draft
}

fn admission(draft: &mut Draft, mode: &Mode) {
    for (code, _) in PROGRAMMES {
        draft.set(&format!("programme-{code}"), "on");
    }
    for class in &mode.classes {
        draft.set(&format!("class-{}", class.code()), "on");
    }
    draft.set("per_organisation", &mode.at_once.to_string());
    draft.set("per_group", &mode.at_once.to_string());
    draft.set("needs_reports", "on");
}

fn size(draft: &mut Draft, mode: &Mode) {
    draft.set("more_than", &mode.more_than_hours.to_string());
    draft.set("at_most", &mode.at_most_hours.to_string());
    let months: Vec<String> = mode.months.iter().map(u32::to_string).collect();
    draft.set("months", &months.join(", "));
    draft.set("max_gpus", &mode.max_gpus.to_string());
    draft.set("pot", &mode.pot);
    for question in &mode.questions {
        draft.set(&format!("ask-{question}"), "on");
    }
}

fn criteria(draft: &mut Draft, rubric: &Rubric, say: impl Fn(&str, &str) -> String) {
    draft.set("threshold", &format!("{}.{:02}", rubric.threshold / 100, rubric.threshold % 100));
    for criterion in rubric.criteria.iter() {
        let mut typed = Typed::from([("code".to_owned(), criterion.code.to_string())]);
        let points = criterion.weight.get();
        let weight = if points % 100 == 0 {
            (points / 100).to_string()
        } else {
            format!("{}.{:02}", points / 100, points % 100)
        };
        typed.insert("weight".to_owned(), weight);
        for language in LANGUAGES {
            let key = format!("criterion-{}", criterion.code);
            typed.insert(format!("title-{language}"), say(&key, language));
            typed.insert(format!("help-{language}"), say(&format!("{key}-help"), language));
        }
        draft.criteria.push(typed);
    }
}

fn plan(draft: &mut Draft, mode: &Mode) {
    let plan = Plan::of_mode(mode.code);
    for step in &plan.steps {
        draft.set(&format!("step-{}", step.kind.code()), "on");
        draft.set(&format!("days-{}", step.kind.code()), &step.working_days.to_string());
    }
    // Large Scale is competitive: three experts read each application.
    let reviews = if mode.peer_review { plan.reviews.max(3) } else { plan.reviews };
    draft.set("reviews", &reviews.to_string());
    draft.set("rebuttal_words", &plan.rebuttal_words.to_string());
    draft.set("appeal_days", &plan.appeal_days.to_string());
    for (name, is_on) in [("blind", plan.blind), ("lot", plan.lot)] {
        if is_on {
            draft.set(name, "on");
        }
    }
    debug_assert!(plan.step(Kind::Decision).is_some(), "a plan ends in a decision");
}
