//! Calls as data: who may apply under which terms until when, which questions are asked, and how it is judged.
//!
//! A [`draft::Draft`] takes anything an officer types; [`publish::terms`] demands everything valid. Refuses to move
//! applications: what happens to them is the plan's and the verbs'.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    country::Programme,
    gpu::GpuModel,
    mode::{Code, Mode},
    money::BasisPoints,
    organisation::SizeClass,
    review::Rubric,
    workflow::{Kind, Plan},
};

pub mod check;
pub mod draft;
pub mod file;
pub mod group;
pub mod intake;
pub mod publish;
pub mod question;
pub mod template;

pub use check::{Check, Facts, Reports};
pub use draft::{Draft, Section};
pub use intake::{Closing, Intake, Standing, Taken};
pub use question::{Answers, Question};

/// The languages a call can be written in.
pub const LANGUAGES: [&str; 2] = ["en", "fr"];

/// A text in each language of a call.
pub type Worded = BTreeMap<String, String>;

/// The text in this language, or in the first there is.
pub fn said<'a>(texts: &'a Worded, language: &str) -> &'a str {
    texts.get(language).or_else(|| texts.values().next()).map_or("", String::as_str)
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "draft"))]
    Draft,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "published"))]
    Published,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "closed"))]
    Closed,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "archived"))]
    Archived,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Draft, Self::Published, Self::Closed, Self::Archived];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Closed => "closed",
            Self::Archived => "archived",
        }
    }
}

/// Who may apply, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The state of establishment takes part in at least one of these on the day (Reg. (EU) 2021/1173, Art. 12b).
    pub programmes: Vec<Programme>,
    pub classes: Vec<SizeClass>,
    /// Applications under this call, withdrawn and refused ones not counted.
    pub per_organisation: i64,
    /// The same for everybody under one control (Rec. 2003/361/EC, Annex, Art. 3(3)).
    pub per_group: i64,
    /// Codes of calls under which the organisation may not have applied as well.
    pub exclusive: Vec<String>,
    /// Whoever owes a final report is kept out until it is there.
    pub needs_reports: bool,
}

/// One version of a call, as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub code: String,
    pub mode: Code,
    pub languages: Vec<String>,
    pub title: Worded,
    pub summary: Worded,
    pub audience: Worded,
    pub admission: Admission,
    /// GPU-hours; strictly more than this.
    pub more_than_hours: i64,
    /// GPU-hours; not more than this.
    pub at_most_hours: i64,
    pub months: Vec<u32>,
    pub max_gpus: i64,
    /// The pot that pays the subsidy.
    pub pot: String,
    /// Whether the pot's funder is invoiced for the subsidy by a document of its own.
    #[serde(default)]
    pub is_split: bool,
    /// None named means every one.
    pub models: Vec<GpuModel>,
    /// Short names; none named means every one.
    pub sites: Vec<String>,
    /// Questions of the form that every mode knows and that this call asks too.
    pub asks: Vec<String>,
    pub questions: Vec<Question>,
    pub rubric: Rubric,
    pub plan: Plan,
    pub intake: Intake,
}

impl Terms {
    /// The call as an access mode, so that the rules of modes keep working.
    pub fn mode(&self, version: i32) -> Mode {
        Mode {
            code: self.mode,
            version,
            // Terms without an opening hold from the epoch on: a day that every format can write.
            valid_from: self.intake.opens.unwrap_or_default(),
            more_than_hours: self.more_than_hours,
            at_most_hours: self.at_most_hours,
            months: self.months.clone(),
            max_gpus: self.max_gpus,
            at_once: self.admission.per_organisation,
            classes: self.admission.classes.clone(),
            pot: self.pot.clone(),
            working_days: self.working_days(),
            cut_offs: self.intake.days.clone(),
            cut_off_time: self.intake.time,
            questions: self.asks.clone(),
            quota: BasisPoints::WHOLE,
            peer_review: self.plan.step(Kind::ExpertReview).is_some(),
        }
    }

    /// From the beginning of the first step to the end of the last.
    pub fn working_days(&self) -> u32 {
        self.plan.steps.iter().fold(0, |sum, step| sum.saturating_add(step.working_days))
    }

    pub fn offers_model(&self, model: GpuModel) -> bool {
        self.models.is_empty() || self.models.contains(&model)
    }

    pub fn offers_site(&self, slug: &str) -> bool {
        self.sites.is_empty() || self.sites.iter().any(|site| site == slug)
    }
}

/// What of the texts of two versions differs: the name of the field, before, after. In the order of names.
pub fn differences(before: &Draft, after: &Draft) -> Vec<(String, String, String)> {
    let (before, after) = (before.flat(), after.flat());
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let of = |side: &BTreeMap<String, String>, name: &String| side.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| (name.clone(), of(&before, name), of(&after, name)))
        .filter(|(_, one, other)| one != other)
        .collect()
}

#[cfg(test)]
#[path = "call_tests.rs"]
mod tests;
