//! A draft: flat fields by name that take whatever is typed, in steps that may be filled in any order.
//!
//! Refuses nothing but unknown names and absurd lengths; what is missing or wrong is said at submit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::mode::Mode;

/// The parts of an application, in the order of its task list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Project,
    Compute,
    Data,
    Declarations,
    Team,
}

impl Step {
    pub const ALL: [Self; 5] = [Self::Project, Self::Compute, Self::Data, Self::Declarations, Self::Team];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Compute => "compute",
            Self::Data => "data",
            Self::Declarations => "declarations",
            Self::Team => "team",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }

    pub fn next(self) -> Option<Self> {
        let mut steps = Self::ALL.into_iter().skip_while(|step| *step != self);
        steps.nth(1)
    }
}

/// How a field is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of at most so many characters.
    Line(i64),
    /// Paragraphs of at most so many characters.
    Text(i64),
    Email,
    /// A number with decimals, as people type it.
    Number,
    Day,
    /// One of these codes.
    Choice(&'static [&'static str]),
    /// A GPU model's code.
    Model,
    /// A system of `units::SYSTEMS`.
    System,
    Country,
    /// The short name of a site.
    Site,
    /// A duration of the mode.
    Months,
    Tick,
}

/// One field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub step: Step,
    pub kind: Kind,
    /// Asked only by modes that list it among their questions.
    pub by_mode: bool,
}

const fn field(name: &'static str, step: Step, kind: Kind) -> Field {
    Field { name, step, kind, by_mode: false }
}

const fn question(name: &'static str, step: Step, kind: Kind) -> Field {
    Field { name, step, kind, by_mode: true }
}

/// How the hours are known.
pub const METHODS: &[&str] = &["typed", "training"];
pub const UNITS: &[&str] = &["gpu_hour", "node_hour", "gcd_hour", "core_hour"];
pub const RESIDENCIES: &[&str] = &["union", "eea", "country"];
pub const PERSONAL: &[&str] = &["none", "pseudonymised", "personal", "special"];
/// What the applicant is under the AI Act (Reg. (EU) 2024/1689, Art. 3).
pub const ROLES: &[&str] = &["research", "provider", "modifier", "deployer"];
/// Risk classes of the AI Act; `high` is Art. 6, `limited` Art. 50.
pub const RISKS: &[&str] = &["minimal", "limited", "high"];
/// The prohibited practices, by the letters of Art. 5(1) of Reg. (EU) 2024/1689; `none` is the only way on.
pub const PRACTICES: &[&str] = &["none", "a", "b", "c", "d", "e", "f", "g", "h"];
/// The least part of the hours that would still be of use, per cent.
pub const LEAST: &[&str] = &["100", "75", "50", "25"];
pub const YES_NO: &[&str] = &["yes", "no"];

/// Every field, in the order of the pages.
pub const FIELDS: &[Field] = &[
    field("title", Step::Project, Kind::Line(150)),
    field("abstract", Step::Project, Kind::Text(3_000)),
    field("innovation", Step::Project, Kind::Text(3_000)),
    question("impact", Step::Project, Kind::Text(4_000)),
    question("work_plan", Step::Project, Kind::Text(6_000)),
    field("model", Step::Compute, Kind::Model),
    field("fallback_1", Step::Compute, Kind::Model),
    field("fallback_2", Step::Compute, Kind::Model),
    field("method", Step::Compute, Kind::Choice(METHODS)),
    field("hours", Step::Compute, Kind::Number),
    field("unit", Step::Compute, Kind::Choice(UNITS)),
    field("system", Step::Compute, Kind::System),
    field("parameters", Step::Compute, Kind::Number),
    field("tokens", Step::Compute, Kind::Number),
    field("utilisation", Step::Compute, Kind::Number),
    field("restarts", Step::Compute, Kind::Number),
    field("gpus", Step::Compute, Kind::Number),
    field("earliest", Step::Compute, Kind::Day),
    field("months", Step::Compute, Kind::Months),
    field("flexible", Step::Compute, Kind::Tick),
    field("pauses", Step::Compute, Kind::Tick),
    field("deadline", Step::Compute, Kind::Day),
    field("least", Step::Compute, Kind::Choice(LEAST)),
    field("prefer_1", Step::Compute, Kind::Site),
    field("prefer_2", Step::Compute, Kind::Site),
    question("readiness", Step::Compute, Kind::Text(4_000)),
    field("data_source", Step::Data, Kind::Text(3_000)),
    field("personal_data", Step::Data, Kind::Choice(PERSONAL)),
    field("storage_tb", Step::Data, Kind::Number),
    field("residency", Step::Data, Kind::Choice(RESIDENCIES)),
    field("residency_country", Step::Data, Kind::Country),
    field("role", Step::Declarations, Kind::Choice(ROLES)),
    field("risk", Step::Declarations, Kind::Choice(RISKS)),
    field("practice", Step::Declarations, Kind::Choice(PRACTICES)),
    field("general_purpose", Step::Declarations, Kind::Choice(YES_NO)),
    field("other_aid", Step::Declarations, Kind::Text(2_000)),
    field("not_started", Step::Declarations, Kind::Tick),
    field("civil", Step::Declarations, Kind::Tick),
    field("truthful", Step::Declarations, Kind::Tick),
    field("lead_name", Step::Team, Kind::Line(120)),
    field("lead_email", Step::Team, Kind::Email),
    field("lead_contract_end", Step::Team, Kind::Day),
    field("members", Step::Team, Kind::Text(2_000)),
];

/// The field of this name.
pub fn field_named(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The fields that this mode asks in this step.
pub fn fields_of(step: Step, mode: &Mode) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.step == step && is_asked(field, mode))
}

pub fn is_asked(field: &Field, mode: &Mode) -> bool {
    !field.by_mode || mode.questions.iter().any(|question| question == field.name)
}

/// The longest text kept of any one field, in characters.
const MOST: usize = 8_000;

/// What was typed, by field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Draft(BTreeMap<String, String>);

impl Draft {
    /// What was typed; empty where nothing was.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn is_ticked(&self, name: &str) -> bool {
        matches!(self.get(name), "yes" | "on" | "true")
    }

    /// Keeps this field; names that no form has are dropped, absurd lengths cut.
    pub fn set(&mut self, name: &str, value: &str) {
        if field_named(name).is_none() {
            return;
        }
        let value: String = value.replace("\r\n", "\n").chars().take(MOST).collect();
        if value.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// One page as it was sent: every field of its step is replaced, a box that was not sent is not ticked.
    pub fn take(&mut self, step: Step, sent: &BTreeMap<String, String>) {
        for field in FIELDS.iter().filter(|field| field.step == step) {
            match sent.get(field.name) {
                Some(value) => self.set(field.name, value),
                None if field.kind == Kind::Tick => self.set(field.name, ""),
                None => {}
            }
        }
    }

    /// A new draft from an old one: all but what must be said anew each time.
    #[must_use]
    pub fn copied(&self) -> Self {
        let mut copy = self.clone();
        for name in ["not_started", "civil", "truthful", "practice", "earliest", "deadline"] {
            copy.0.remove(name);
        }
        copy
    }

    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn is_begun(&self, step: Step) -> bool {
        FIELDS.iter().any(|field| field.step == step && self.0.contains_key(field.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_draft_takes_anything_of_its_step_and_nothing_else() {
        let mut draft = Draft::default();
        draft.take(Step::Compute, &sent(&[("gpus", "many"), ("flexible", "yes"), ("title", "no"), ("evil", "x")]));
        assert_eq!(draft.get("gpus"), "many");
        assert!(draft.is_ticked("flexible"));
        assert_eq!(draft.get("title"), "");
        assert_eq!(draft.values().count(), 2);
        draft.take(Step::Compute, &sent(&[("gpus", "")]));
        assert!(!draft.is_ticked("flexible") && draft.get("gpus").is_empty());
    }

    #[test]
    fn a_copy_asks_the_declarations_anew() {
        let mut draft = Draft::default();
        for (name, value) in [("title", "T"), ("civil", "yes"), ("practice", "none"), ("earliest", "2026-12-01")] {
            draft.set(name, value);
        }
        let copy = draft.copied();
        assert_eq!(
            (copy.get("title"), copy.get("civil"), copy.get("practice"), copy.get("earliest")),
            ("T", "", "", "")
        );
    }

    #[test]
    fn names_are_unique_and_steps_follow() {
        let mut names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FIELDS.len());
        assert_eq!(Step::Project.next(), Some(Step::Compute));
        assert_eq!(Step::Team.next(), None);
    }
}
