//! Forms that come back: what was typed, what is wrong with it, and the frame around the fields.

use leptos::prelude::*;
use text::Words;

use super::field::{self, Field};
pub use super::filled::FormState;

/// What is wrong, at the top and focused, each line a link to its field. Nothing if nothing is wrong.
pub fn error_summary(words: Words, form: &FormState) -> AnyView {
    let problems = form.problems().0.clone();
    if problems.is_empty() {
        return ().into_any();
    }
    let noted = form.clone();
    let line = move |(field, problem): (String, domain::problem::Problem)| {
        let problem = words.problem(problem);
        let label = noted.label(&field);
        let sentence = match label {
            Some(label) => {
                let key = if label.ends_with('?') { "error-summary-question" } else { "error-summary-line" };
                words.with(key, text::args![label => label, problem => problem])
            }
            None => problem,
        };
        if field.is_empty() {
            view! { <li>{sentence}</li> }.into_any()
        } else {
            view! { <li><a href=format!("#{field}")>{sentence}</a></li> }.into_any()
        }
    };
    // Called when the page is written out, after every field has been made.
    let lines = move || problems.clone().into_iter().map(&line).collect_view();
    view! {
        <div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus=true>
            <h2>{words.t("error-summary-title")}</h2>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

/// A form that is posted to `action`; the browser's own checks are off, because ours say what to do.
pub fn post_form(action: impl Into<String>, fields: impl IntoView + 'static) -> AnyView {
    let action = action.into();
    view! { <form class="form" method="post" action=action novalidate=true>{fields.into_any()}</form> }.into_any()
}

/// As [`post_form`], for forms with a file.
pub fn upload_form(action: impl Into<String>, fields: impl IntoView + 'static) -> AnyView {
    let action = action.into();
    view! {
        <form class="form" method="post" enctype="multipart/form-data" action=action novalidate=true>
            {fields.into_any()}
        </form>
    }
    .into_any()
}

/// A value that travels along unseen.
pub fn hidden(name: &str, value: impl Into<String>) -> AnyView {
    let (name, value) = (name.to_owned(), value.into());
    view! { <input type="hidden" name=name value=value/> }.into_any()
}

/// Fields that belong together, under a legend.
pub fn group(words: Words, legend: &str, fields: impl IntoView + 'static) -> AnyView {
    let legend = words.t(legend);
    view! { <fieldset class="group"><legend>{legend}</legend>{fields.into_any()}</fieldset> }.into_any()
}

pub fn text_field(words: Words, form: &FormState, name: &'static str, label: &str) -> AnyView {
    Field::text(name, label).show(words, form)
}

pub fn email_field(words: Words, form: &FormState, name: &'static str, label: &str) -> AnyView {
    Field::email(name, label).show(words, form)
}

/// One of a few values, each with its words.
pub fn choice(
    words: Words,
    form: &FormState,
    name: &'static str,
    label: &str,
    options: &[(&'static str, String)],
) -> AnyView {
    let choices = options.iter().map(|(value, label)| Choice::new(*value, label.clone())).collect();
    Field::select(name, label, choices).show(words, form)
}

pub fn password(words: Words, form: &FormState, name: &'static str, label: &str) -> AnyView {
    Field::password(name, label).show(words, form)
}

/// The page's one primary action.
pub fn submit(words: Words, label: &str) -> AnyView {
    let label = words.t(label);
    view! { <button class="button primary" type="submit">{label}</button> }.into_any()
}

/// One of several ways to send the same form: the button's name and value travel with it.
pub fn submit_as(words: Words, label: &str, name: &str, value: &str) -> AnyView {
    let (label, name, value) = (words.t(label), name.to_owned(), value.to_owned());
    view! { <button class="button" type="submit" name=name value=value>{label}</button> }.into_any()
}

/// A form that is only a button: for small deeds such as ending a session.
pub fn button_form(words: Words, action: impl Into<String>, label: &str, values: &[(&str, &str)]) -> AnyView {
    let values = values.iter().map(|(name, value)| hidden(name, *value)).collect_view();
    let (action, label) = (action.into(), words.t(label));
    view! {
        <form class="inline-form" method="post" action=action>
            {values}
            <button class="button small" type="submit">{label}</button>
        </form>
    }
    .into_any()
}

/// As [`button_form`] in a row of a table: the button shows a short `label`, and is called by its whole `name` aloud.
pub fn row_button(
    words: Words,
    action: impl Into<String>,
    label: &str,
    name: String,
    values: &[(&str, &str)],
) -> AnyView {
    let values = values.iter().map(|(name, value)| hidden(name, *value)).collect_view();
    let (action, label) = (action.into(), words.t(label));
    view! {
        <form class="inline-form" method="post" action=action>
            {values}
            <button class="button small" type="submit" aria-label=name>{label}</button>
        </form>
    }
    .into_any()
}

/// What was answered, before it is sent: question, answer, and where to change it.
pub struct Answer {
    /// Key of the question.
    pub question: String,
    pub answer: String,
    pub change: Option<String>,
}

pub fn check_answers(words: Words, answers: Vec<Answer>) -> AnyView {
    let rows = answers.into_iter().map(move |Answer { question, answer, change }| {
        let question = words.t(&question);
        let answer = if answer.trim().is_empty() { words.t("answer-missing") } else { answer };
        let named = words.with("change-answer-of", text::args![question => question.clone()]);
        view! {
            <div>
                <dt>{question}</dt>
                <dd class="typed">{answer}</dd>
                {change.map(|href| view! {
                    <dd class="change"><a href=href aria-label=named>{words.t("change-answer")}</a></dd>
                })}
            </div>
        }
    });
    view! { <dl class="answers">{rows.collect_view()}</dl> }.into_any()
}

pub use field::Choice;
