//! One labelled field with its hint, its problem and its unit: the wiring that makes each readable aloud.

use leptos::prelude::*;
use text::{Words, args};

use super::filled::FormState;

/// One of the answers a field offers.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    /// Key, or text as it is.
    pub label: String,
    pub hint: Option<String>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[derive(Debug, Clone)]
enum Kind {
    Input(&'static str),
    Number,
    Area {
        rows: i64,
    },
    Select(Vec<Choice>),
    Radios(Vec<Choice>),
    /// Boxes with a name each; the field's own name only anchors them.
    Boxes(Vec<Choice>),
    Box,
}

/// A field, described; [`Field::show`] renders it with what was typed and what is wrong.
#[derive(Debug, Clone)]
pub struct Field {
    name: String,
    label: String,
    hint: Option<String>,
    unit: Option<String>,
    autocomplete: Option<&'static str>,
    words_max: Option<i64>,
    accept: Option<&'static str>,
    is_optional: bool,
    is_short: bool,
    kind: Kind,
}

impl Field {
    fn new(name: &str, label: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: None,
            unit: None,
            autocomplete: None,
            words_max: None,
            accept: None,
            is_optional: false,
            is_short: false,
            kind,
        }
    }

    pub fn text(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Input("text"))
    }

    pub fn email(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Input("email")).autocomplete("email")
    }

    pub fn password(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Input("password")).autocomplete("current-password")
    }

    pub fn date(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Input("date")).short()
    }

    pub fn search(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Input("search"))
    }

    pub fn file(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Input("file"))
    }

    /// A whole number or an amount: typed as text, so that no wheel or arrow changes it unseen.
    pub fn number(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Number).short()
    }

    pub fn area(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Area { rows: 6 })
    }

    pub fn select(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::Select(choices))
    }

    pub fn radios(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::Radios(choices))
    }

    /// Several boxes under one legend. Each choice's `value` is the name of its box; a ticked box sends `on`.
    pub fn boxes(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::Boxes(choices))
    }

    pub fn checkbox(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Box)
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Shown behind a number: a key such as `unit-gpu-hours`.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    #[must_use]
    pub const fn autocomplete(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = Some(autocomplete);
        self
    }

    /// Words allowed; the field says how many there are.
    #[must_use]
    pub const fn words(mut self, max: i64) -> Self {
        self.words_max = Some(max);
        self
    }

    #[must_use]
    pub fn rows(mut self, rows: i64) -> Self {
        self.kind = Kind::Area { rows };
        self
    }

    /// File types, as in the HTML attribute.
    #[must_use]
    pub const fn accept(mut self, accept: &'static str) -> Self {
        self.accept = Some(accept);
        self
    }

    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// As wide as a number or a code.
    #[must_use]
    pub const fn short(mut self) -> Self {
        self.is_short = true;
        self
    }

    /// Whether what was typed here was refused.
    pub fn is_refused(&self, form: &FormState) -> bool {
        form.refuses(&[&self.name])
    }

    pub fn show(self, words: Words, form: &FormState) -> AnyView {
        form.note(&self.name, words.t(&self.label));
        let problem = form.problems().of(&self.name).next().map(|problem| words.problem(problem));
        let notes = Notes::new(&self, words, form, problem);
        match self.kind.clone() {
            Kind::Radios(choices) => self.radio_group(words, form, choices, notes),
            Kind::Boxes(choices) => self.box_group(words, form, choices, notes),
            Kind::Box => self.single_box(words, form, notes),
            _ => self.line(words, form, notes),
        }
    }

    fn label_text(&self, words: Words) -> String {
        let label = words.t(&self.label);
        if self.is_optional { words.with("field-optional", args![label => label]) } else { label }
    }

    fn line(self, words: Words, form: &FormState, notes: Notes) -> AnyView {
        let label = self.label_text(words);
        let control = self.control(words, form, &notes);
        let unit = self.unit.as_ref().map(|unit| words.t(unit));
        let control = match unit {
            Some(unit) => view! { <div class="with-unit">{control}<span>{unit}</span></div> }.into_any(),
            None => control,
        };
        view! {
            <div class="field" class:wrong=notes.is_wrong()>
                <label for=self.name.clone()>{label}</label>
                {notes.show()}
                {control}
            </div>
        }
        .into_any()
    }

    fn control(&self, words: Words, form: &FormState, notes: &Notes) -> AnyView {
        let (id, name) = (self.name.clone(), self.name.clone());
        let (invalid, described) = (notes.invalid(), notes.described());
        let value = form.value(&self.name);
        let width = if self.is_short { "input short" } else { "input" };
        match &self.kind {
            // Leptos writes the text of a textarea as it is: without this, what was typed could end it.
            Kind::Area { rows } => view! {
                <textarea class="textarea" id=id name=name rows=rows.to_string() aria-invalid=invalid aria-describedby=described>
                    {super::chart::escape(&value)}
                </textarea>
            }
            .into_any(),
            Kind::Select(choices) => {
                let options = choices.iter().map(|choice| {
                    let is_chosen = choice.value == value;
                    view! { <option value=choice.value.clone() selected=is_chosen>{words.t(&choice.label)}</option> }
                });
                view! {
                    <select class="select" id=id name=name aria-invalid=invalid aria-describedby=described>
                        {options.collect_view()}
                    </select>
                }
                .into_any()
            }
            Kind::Number => view! {
                <input class="input short figure-input" id=id name=name type="text" inputmode="decimal" value=value
                    autocomplete=self.autocomplete.unwrap_or("off") aria-invalid=invalid aria-describedby=described/>
            }
            .into_any(),
            Kind::Input(kind) => {
                let kind = *kind;
                let value = (!matches!(kind, "password" | "file")).then_some(value);
                let class = if kind == "file" { "file" } else { width };
                view! {
                    <input class=class id=id name=name type=kind value=value accept=self.accept
                        autocomplete=self.autocomplete aria-invalid=invalid aria-describedby=described/>
                }
                .into_any()
            }
            Kind::Radios(_) | Kind::Boxes(_) | Kind::Box => ().into_any(),
        }
    }

    fn radio_group(self, words: Words, form: &FormState, choices: Vec<Choice>, notes: Notes) -> AnyView {
        let chosen = form.value(&self.name);
        let radios = choices.into_iter().enumerate().map(|(position, choice)| {
            // The summary's link leads to the first answer.
            let id = if position == 0 { self.name.clone() } else { format!("{}-{position}", self.name) };
            let is_chosen = choice.value == chosen;
            option(words, id, self.name.clone(), "radio", &choice, choice.value.clone(), is_chosen)
        });
        let radios = radios.collect_view();
        self.fieldset(words, radios.into_any(), notes)
    }

    fn box_group(self, words: Words, form: &FormState, choices: Vec<Choice>, notes: Notes) -> AnyView {
        let boxes = choices.into_iter().enumerate().map(|(position, choice)| {
            let id = if position == 0 { self.name.clone() } else { choice.value.clone() };
            let is_on = form.is_on(&choice.value);
            option(words, id, choice.value.clone(), "checkbox", &choice, "on".to_owned(), is_on)
        });
        let boxes = boxes.collect_view();
        self.fieldset(words, boxes.into_any(), notes)
    }

    fn fieldset(self, words: Words, options: AnyView, notes: Notes) -> AnyView {
        view! {
            <fieldset class="field choices" class:wrong=notes.is_wrong() aria-describedby=notes.described()>
                <legend>{self.label_text(words)}</legend>
                {notes.show()}
                {options}
            </fieldset>
        }
        .into_any()
    }

    fn single_box(self, words: Words, form: &FormState, notes: Notes) -> AnyView {
        let label = self.label_text(words);
        let (id, name, is_on) = (self.name.clone(), self.name.clone(), form.is_on(&self.name));
        view! {
            <div class="field choices" class:wrong=notes.is_wrong()>
                {notes.show()}
                <label class="choice" for=self.name>
                    <input class="checkbox" id=id name=name type="checkbox" value="on" checked=is_on
                        aria-invalid=notes.invalid() aria-describedby=notes.described()/>
                    <span>{label}</span>
                </label>
            </div>
        }
        .into_any()
    }
}

fn option(
    words: Words,
    id: String,
    name: String,
    kind: &'static str,
    choice: &Choice,
    value: String,
    is_on: bool,
) -> AnyView {
    let hint = choice.hint.as_ref().map(|hint| words.t(hint));
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    let label = words.t(&choice.label);
    let class = if kind == "radio" { "radio" } else { "checkbox" };
    let (labelled, described) = (id.clone(), hint_id.clone());
    view! {
        <label class="choice" for=labelled>
            <input class=class id=id name=name type=kind value=value checked=is_on aria-describedby=described/>
            <span>{label}{hint.map(|hint| view! { <small id=hint_id>{hint}</small> })}</span>
        </label>
    }
    .into_any()
}

/// Hint, word count and problem of a field, with the ids that name them.
struct Notes {
    name: String,
    hint: Option<String>,
    count: Option<String>,
    problem: Option<String>,
}

impl Notes {
    fn new(field: &Field, words: Words, form: &FormState, problem: Option<String>) -> Self {
        let count = field.words_max.map(|max| {
            let used = i64::try_from(form.value(&field.name).split_whitespace().count()).unwrap_or(i64::MAX);
            words.with("field-words", args![used => used, max => max])
        });
        let hint = field.hint.as_ref().map(|hint| words.t(hint));
        Self { name: field.name.clone(), hint, count, problem }
    }

    const fn is_wrong(&self) -> bool {
        self.problem.is_some()
    }

    fn invalid(&self) -> Option<&'static str> {
        self.problem.as_ref().map(|_| "true")
    }

    fn described(&self) -> Option<String> {
        let parts = [(&self.hint, "hint"), (&self.count, "count"), (&self.problem, "problem")];
        let ids: Vec<String> =
            parts.iter().filter(|(note, _)| note.is_some()).map(|(_, part)| format!("{}-{part}", self.name)).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn show(&self) -> AnyView {
        let id = |part: &str| format!("{}-{part}", self.name);
        view! {
            {self.hint.clone().map(|hint| view! { <p class="hint" id=id("hint")>{hint}</p> })}
            {self.count.clone().map(|count| view! { <p class="hint" id=id("count")>{count}</p> })}
            {self.problem.clone().map(|problem| view! { <p class="problem" id=id("problem")>{problem}</p> })}
        }
        .into_any()
    }
}
/// Several of one name on one page: inside its label, without an id.
pub fn wrapped_area(words: Words, name: &'static str, label: &str, value: &str) -> AnyView {
    // Leptos writes the text of a textarea as it is: without this, what was typed could end it.
    let value = super::chart::escape(value);
    view! {
        <label class="field">
            <span>{words.t(label)}</span>
            <textarea class="textarea" name=name rows="4">{value}</textarea>
        </label>
    }
    .into_any()
}
