//! A call as an officer types it: flat fields by section, a list of questions, a list of criteria.
//!
//! Takes anything and says nothing about it; what is missing or wrong is [`super::publish`]'s to say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::LANGUAGES;

/// What was typed, by field.
pub type Typed = BTreeMap<String, String>;

/// The parts of a call, in the order of its task list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    Basics,
    Texts,
    Eligibility,
    Size,
    Questions,
    Rubric,
    Steps,
    Intake,
}

impl Section {
    pub const ALL: [Self; 8] = [
        Self::Basics,
        Self::Texts,
        Self::Eligibility,
        Self::Size,
        Self::Questions,
        Self::Rubric,
        Self::Steps,
        Self::Intake,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Basics => "basics",
            Self::Texts => "texts",
            Self::Eligibility => "eligibility",
            Self::Size => "size",
            Self::Questions => "questions",
            Self::Rubric => "rubric",
            Self::Steps => "steps",
            Self::Intake => "intake",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.code() == code)
    }

    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().skip_while(|section| *section != self).nth(1)
    }

    /// Names of its fields, and beginnings of names where there is one a code.
    const fn fields(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Basics => (&["code", "mode"], &["language-"]),
            Self::Texts => (&[], &["title-", "summary-", "audience-"]),
            Self::Eligibility => {
                (&["per_organisation", "per_group", "exclusive", "needs_reports"], &["programme-", "class-"])
            }
            Self::Size => (&["more_than", "at_most", "months", "max_gpus", "pot", "split"], &["model-", "site-"]),
            Self::Questions => (&[], &["ask-"]),
            Self::Rubric => (&["threshold"], &["grade-"]),
            Self::Steps => (&["reviews", "blind", "rebuttal_words", "appeal_days", "lot"], &["step-", "days-"]),
            Self::Intake => (&["opens", "intake", "cut_offs", "deadline", "time", "places", "funds"], &[]),
        }
    }

    fn has(self, name: &str) -> bool {
        let (names, beginnings) = self.fields();
        names.contains(&name) || beginnings.iter().any(|beginning| name.starts_with(beginning))
    }

    /// The section that a fault's field is in.
    pub fn of(field: &str) -> Option<Self> {
        if field.starts_with("question-") {
            return Some(Self::Questions);
        }
        if field.starts_with("criterion-") {
            return Some(Self::Rubric);
        }
        Self::ALL.into_iter().find(|section| section.has(field))
    }
}

/// Boxes: not sent means not ticked.
fn is_box(name: &str) -> bool {
    const BOXES: [&str; 7] = ["language-", "programme-", "class-", "model-", "site-", "ask-", "step-"];
    matches!(name, "needs_reports" | "blind" | "lot" | "split")
        || BOXES.iter().any(|beginning| name.starts_with(beginning))
}

const QUESTION: [&str; 7] = ["kind", "required", "words_max", "least", "most", "shown_if", "attachment"];
const QUESTION_TEXTS: [&str; 3] = ["label-", "help-", "choices-"];
const CRITERION: [&str; 2] = ["weight", "least"];
const CRITERION_TEXTS: [&str; 2] = ["title-", "help-"];

/// The longest text kept of any one field, in characters.
const KEPT_MAX: usize = 8_000;
const FIELDS_MAX: usize = 300;
pub const QUESTIONS_MAX: usize = 40;
pub const CRITERIA_MAX: usize = 8;

/// A call as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    pub fields: Typed,
    pub questions: Vec<Typed>,
    pub criteria: Vec<Typed>,
    /// Questions and criteria made so far: their codes are never given again.
    pub made: u32,
}

impl Draft {
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    pub fn is_ticked(&self, name: &str) -> bool {
        is_on(self.get(name))
    }

    pub fn set(&mut self, name: &str, value: &str) {
        put(&mut self.fields, name, value);
    }

    /// The languages ticked, in their order.
    pub fn languages(&self) -> Vec<String> {
        let ticked = LANGUAGES.into_iter().filter(|language| self.is_ticked(&format!("language-{language}")));
        ticked.map(str::to_owned).collect()
    }

    /// One page as it was sent: its boxes that were not sent are not ticked, names it does not have are dropped.
    pub fn take(&mut self, section: Section, sent: &Typed) {
        self.fields.retain(|name, _| !(section.has(name) && is_box(name)));
        for (name, value) in sent.iter().filter(|(name, _)| section.has(name) && name.len() <= 60) {
            if self.fields.len() < FIELDS_MAX || self.fields.contains_key(name) {
                put(&mut self.fields, name, value);
            }
        }
        if section == Section::Rubric {
            self.take_criteria(sent);
        }
    }

    fn take_criteria(&mut self, sent: &Typed) {
        let mut kept = Vec::new();
        for place in 1..=CRITERIA_MAX {
            let old = self.criteria.get(place - 1).cloned();
            let prefix = format!("criterion-{place}-");
            let typed = own_fields(sent, &prefix, &CRITERION, &CRITERION_TEXTS);
            let is_removed = sent.get(&format!("{prefix}remove")).is_some_and(|value| is_on(value));
            let is_blank = typed.values().all(|value| value.trim().is_empty());
            let mut criterion = match (old, is_blank) {
                (_, _) if is_removed => continue,
                (None, true) => continue,
                (Some(old), _) => old,
                (None, false) => Typed::from([("code".to_owned(), format!("c{}", self.next_code()))]),
            };
            for (name, value) in typed {
                put(&mut criterion, &name, &value);
            }
            kept.push(criterion);
        }
        self.criteria = kept;
    }

    fn next_code(&mut self) -> u32 {
        self.made = self.made.saturating_add(1);
        self.made
    }

    /// A question at the end; its place from one on, `None` where there are enough.
    pub fn add_question(&mut self) -> Option<usize> {
        if self.questions.len() >= QUESTIONS_MAX {
            return None;
        }
        let code = self.next_code().to_string();
        self.questions.push(Typed::from([("code".to_owned(), code), ("kind".to_owned(), "long".to_owned())]));
        Some(self.questions.len())
    }

    /// One question as it was sent; false where there is none at this place.
    pub fn take_question(&mut self, place: usize, sent: &Typed) -> bool {
        let prefix = format!("question-{place}-");
        let typed = own_fields(sent, &prefix, &QUESTION, &QUESTION_TEXTS);
        let Some(question) = place.checked_sub(1).and_then(|place| self.questions.get_mut(place)) else { return false };
        question.remove("required");
        for (name, value) in typed {
            put(question, &name, &value);
        }
        true
    }

    pub fn remove_question(&mut self, place: usize) {
        if (1..=self.questions.len()).contains(&place) {
            self.questions.remove(place - 1);
        }
    }

    /// One place up; the first stays.
    pub fn raise_question(&mut self, place: usize) {
        if (2..=self.questions.len()).contains(&place) {
            self.questions.swap(place - 2, place - 1);
        }
    }

    /// The fields of a form about this question or criterion, as it names them.
    pub fn named(prefix: &str, typed: &Typed) -> impl Iterator<Item = (String, String)> {
        typed.iter().map(move |(name, value)| (format!("{prefix}{name}"), value.clone()))
    }

    /// Everything by one name each; a question and a criterion keep theirs wherever they stand.
    pub fn flat(&self) -> Typed {
        let mut flat: Typed = self.fields.clone();
        let lists = [("question", &self.questions), ("criterion", &self.criteria)];
        for (kind, list) in lists {
            for (place, typed) in list.iter().enumerate() {
                let code = typed.get("code").cloned().unwrap_or_default();
                flat.insert(format!("{kind}.{code}.place"), (place + 1).to_string());
                let named = typed.iter().filter(|(name, _)| *name != "code");
                flat.extend(named.map(|(name, value)| (format!("{kind}.{code}.{name}"), value.clone())));
            }
        }
        flat.retain(|_, value| !value.is_empty());
        flat
    }

    /// A new draft from an old one: all but its code and its days.
    #[must_use]
    pub fn copied(&self) -> Self {
        let mut copy = self.clone();
        for name in ["code", "opens", "cut_offs", "deadline"] {
            copy.fields.remove(name);
        }
        copy
    }
}

pub(super) fn is_on(value: &str) -> bool {
    matches!(value, "on" | "yes" | "true")
}

fn put(fields: &mut Typed, name: &str, value: &str) {
    let kept: String = value.replace("\r\n", "\n").chars().take(KEPT_MAX).collect();
    if kept.is_empty() {
        fields.remove(name);
    } else {
        fields.insert(name.to_owned(), kept);
    }
}

/// Those fields of a sent form that begin so and go on with one of these names.
fn own_fields(sent: &Typed, prefix: &str, names: &[&str], texts: &[&str]) -> Typed {
    let own = sent.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
    own.filter(|(name, _)| {
        names.contains(name) || texts.iter().any(|text| name.strip_prefix(text).is_some_and(is_language))
    })
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect()
}

fn is_language(code: &str) -> bool {
    LANGUAGES.contains(&code)
}
