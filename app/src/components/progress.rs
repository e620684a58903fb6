//! How far something is: the task list of a long form, steps, and the timeline of what happened.

use leptos::prelude::*;
use text::Words;

use super::layout::{Tone, tag};

/// One section of a long form.
pub struct Task {
    /// Key of its name.
    pub name: String,
    pub href: Option<String>,
    /// Key of the sentence below the name.
    pub hint: Option<String>,
    pub state: TaskState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    Open,
    Begun,
    Wrong,
    Done,
    /// Something else comes first.
    Later,
}

impl TaskState {
    const fn tone(self) -> Tone {
        match self {
            Self::Open | Self::Begun => Tone::Yours,
            Self::Wrong => Tone::Bad,
            Self::Done => Tone::Good,
            Self::Later => Tone::Calm,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Open => "task-open",
            Self::Begun => "task-begun",
            Self::Wrong => "task-wrong",
            Self::Done => "task-done",
            Self::Later => "task-later",
        }
    }
}

pub fn task_list(words: Words, tasks: Vec<Task>) -> AnyView {
    let rows = tasks.into_iter().map(|task| {
        let name = words.t(&task.name);
        let name = match task.href {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        view! {
            <li>
                <div>{name}{task.hint.map(|hint| view! { <p class="hint">{words.t(&hint)}</p> })}</div>
                {tag(task.state.tone(), words.t(task.state.key()))}
            </li>
        }
    });
    view! { <ol class="tasks">{rows.collect_view()}</ol> }.into_any()
}

/// The stations of a course, with the one where we are. Names are keys; `current` counts from nought.
pub fn steps(words: Words, label: &str, names: &[&str], current: usize) -> AnyView {
    let steps = names.iter().enumerate().map(|(position, name)| {
        let here = (position == current).then_some("step");
        let class = if position < current { "passed" } else { "" };
        view! { <li class=class aria-current=here>{words.t(name)}</li> }
    });
    view! { <ol class="steps" aria-label=words.t(label)>{steps.collect_view()}</ol> }.into_any()
}

/// Something that happened: when, what, who (a role where names are hidden), and why.
#[derive(Debug, Clone)]
pub struct Moment {
    /// When, worded.
    pub at: String,
    pub what: String,
    pub who: Option<String>,
    pub why: Option<String>,
    pub tone: Tone,
}

pub fn timeline(words: Words, moments: Vec<Moment>) -> AnyView {
    let moments = moments.into_iter().map(|moment| {
        let class = match moment.tone {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Yours => "yours",
            Tone::Calm | Tone::Waiting => "",
        };
        view! {
            <li class=class>
                <p class="what">{moment.what}</p>
                {moment.why.map(|why| view! { <p class="why typed">{why}</p> })}
                <p class="when">{moment.at}{moment.who.map(|who| format!(" · {who}"))}</p>
            </li>
        }
    });
    view! { <ol class="timeline" aria-label=words.t("timeline-label")>{moments.collect_view()}</ol> }.into_any()
}

/// A measure of the whole, such as hours used: bar and words. `part` and `whole` in the same unit.
pub fn meter(label: impl Into<String>, part: i64, whole: i64) -> AnyView {
    let label = label.into();
    let (value, max) = (part.clamp(0, whole.max(1)).to_string(), whole.max(1).to_string());
    view! { <div class="meter"><span>{label.clone()}</span><progress value=value max=max aria-label=label></progress></div> }
        .into_any()
}
