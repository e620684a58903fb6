//! Small pieces that pages are made of: tags, figures, facts, notices, tabs, a question before a dangerous deed.

use leptos::prelude::*;
use text::Words;

use super::{
    field::Field,
    form::{FormState, hidden},
};

/// What a status means for its reader. Each has a colour and a shape, and always stands beside its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do.
    Calm,
    /// It is the reader's turn.
    Yours,
    /// Somebody else is at work on it.
    Waiting,
    Good,
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Calm => "tone-calm",
            Self::Yours => "tone-yours",
            Self::Waiting => "tone-waiting",
            Self::Good => "tone-good",
            Self::Bad => "tone-bad",
        }
    }
}

/// A status in a word or three.
pub fn tag(tone: Tone, label: impl Into<String>) -> AnyView {
    let label = label.into();
    view! { <span class=format!("tag {}", tone.class())>{label}</span> }.into_any()
}

/// A box that says something before the page goes on.
pub fn notice(tone: Tone, body: impl IntoView + 'static) -> AnyView {
    view! { <div class=format!("notice {}", tone.class())>{body.into_any()}</div> }.into_any()
}

/// One number worth a picture, what it counts, and a sentence about it.
pub struct Figure {
    pub value: String,
    pub label: String,
    pub note: Option<String>,
}

pub fn figure(value: impl Into<String>, label: impl Into<String>, note: Option<String>) -> Figure {
    Figure { value: value.into(), label: label.into(), note }
}

pub fn figures(figures: Vec<Figure>) -> AnyView {
    let figures = figures.into_iter().map(|Figure { value, label, note }| {
        view! {
            <div class="figure">
                <dt>{label}</dt>
                <dd>{value}</dd>
                {note.map(|note| view! { <dd class="note">{note}</dd> })}
            </div>
        }
    });
    view! { <dl class="figures">{figures.collect_view()}</dl> }.into_any()
}

/// Names and values, one a line.
pub fn facts(words: Words, facts: Vec<(&str, AnyView)>) -> AnyView {
    let rows = facts.into_iter().map(|(name, value)| view! { <div><dt>{words.t(name)}</dt><dd>{value}</dd></div> });
    view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

/// Nothing here yet: what will appear, and how to make it appear.
pub fn empty(words: Words, title: &str, help: &str, action: Option<(&str, &str)>) -> AnyView {
    let (title, help) = (words.t(title), words.t(help));
    let action = action.map(|(href, label)| link_button(words, href, label));
    view! { <div class="empty"><p class="empty-title">{title}</p><p>{help}</p>{action}</div> }.into_any()
}

/// A link that looks like the action it leads to.
pub fn link_button(words: Words, href: impl Into<String>, label: &str) -> AnyView {
    let (href, label) = (href.into(), words.t(label));
    view! { <a class="button primary" href=href>{label}</a> }.into_any()
}

/// The page's title with a line above it that says where one is, and its status.
pub fn heading(title: impl Into<String>, above: Option<String>, status: Option<AnyView>) -> AnyView {
    let title = title.into();
    view! {
        <div class="heading">
            {above.map(|above| view! { <p class="above">{above}</p> })}
            <h1>{title}</h1>
            {status}
        </div>
    }
    .into_any()
}

/// Two columns: the work, and what stays beside it (the price, the timeline); one below the other when narrow.
pub fn beside(main: impl IntoView + 'static, aside: impl IntoView + 'static) -> AnyView {
    view! { <div class="beside"><div>{main.into_any()}</div><aside>{aside.into_any()}</aside></div> }.into_any()
}

/// As [`beside`], for a short form and its answer: close together, and side by side sooner.
pub fn near(main: impl IntoView + 'static, aside: impl IntoView + 'static) -> AnyView {
    view! { <div class="beside near"><div>{main.into_any()}</div><aside>{aside.into_any()}</aside></div> }.into_any()
}

/// Text that must not be broken: a reference, a date in a column.
pub fn kept(text: impl Into<String>) -> AnyView {
    let text = text.into();
    view! { <span class="kept">{text}</span> }.into_any()
}

/// A framed part of a page.
pub fn panel(body: impl IntoView + 'static) -> AnyView {
    view! { <section class="panel">{body.into_any()}</section> }.into_any()
}

/// Views of the same thing: links, of which one is where we are.
pub fn tabs(words: Words, label: &str, tabs: Vec<(String, String)>, current: &str) -> AnyView {
    let links = tabs.into_iter().map(|(href, name)| {
        let here = (href == current).then_some("page");
        view! { <li><a href=href aria-current=here>{words.t(&name)}</a></li> }
    });
    view! { <nav class="tabs" aria-label=words.t(label)><ul>{links.collect_view()}</ul></nav> }.into_any()
}

/// More, for those who ask: opens without a script.
pub fn details(summary: impl Into<String>, body: impl IntoView + 'static) -> AnyView {
    details_if(false, summary, body)
}

/// As [`details`], and open from the start where it holds what was refused.
pub fn details_if(is_open: bool, summary: impl Into<String>, body: impl IntoView + 'static) -> AnyView {
    let summary = summary.into();
    view! { <details class="details" open=is_open><summary>{summary}</summary><div>{body.into_any()}</div></details> }
        .into_any()
}

/// A dangerous deed, asked once: opens to name the consequence, and only then offers the button.
pub struct Confirm<'a> {
    pub action: String,
    /// Keys: of the line that opens it, of the consequence, of the button.
    pub open: &'a str,
    pub consequence: String,
    pub button: &'a str,
    pub values: Vec<(&'a str, String)>,
}

/// `asks` for one thing more; what of it was refused is not folded away.
pub fn confirm(words: Words, confirm: Confirm<'_>, asks: Option<(Field, &FormState)>) -> AnyView {
    let is_open = asks.as_ref().is_some_and(|(field, form)| field.is_refused(form));
    let field = asks.map(|(field, form)| field.show(words, form));
    let values = confirm.values.into_iter().map(|(name, value)| hidden(name, value)).collect_view();
    let consequence = words.t(&confirm.consequence);
    view! {
        <details class="confirm" open=is_open>
            <summary class="button">{words.t(confirm.open)}</summary>
            <form class="form" method="post" action=confirm.action novalidate=true>
                {values}
                <p>{consequence}</p>
                {field}
                <button class="button danger" type="submit">{words.t(confirm.button)}</button>
            </form>
        </details>
    }
    .into_any()
}
