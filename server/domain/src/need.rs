//! What an application asks for: the model, how much, when, and where the data may lie.
//!
//! Refuses to say whether it can be had: that is `matching`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    gpu::{GpuModel, GpuTime},
    problem::{Invalid, Problem},
};

/// Where the data may be processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Residency {
    /// A Member State of the Union.
    Union,
    /// The Union, Iceland, Liechtenstein or Norway.
    Eea,
    Country(Country),
}

impl Residency {
    pub fn admits(self, site: Country) -> bool {
        match self {
            Self::Union => site.in_union(),
            Self::Eea => site.in_eea(),
            Self::Country(country) => country == site,
        }
    }
}

/// The compute need of one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    pub model: GpuModel,
    /// Acceptable instead, best first.
    pub fallback: Vec<GpuModel>,
    /// GPUs at once.
    pub gpus: i64,
    pub gpu_time: GpuTime,
    /// The first day on which it may start.
    pub earliest: NaiveDate,
    /// The last day on which it may run.
    pub deadline: NaiveDate,
    /// Any week between the two will do, and fewer GPUs for longer would do as well; if not, it starts in the first
    /// week that begins on or after `earliest`.
    pub flexible: bool,
    pub residency: Residency,
}

impl Need {
    /// Consistent in itself; what a mode allows is the mode's rule.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if self.gpus < 1 {
            invalid.add("gpus", Problem::TooSmall { min: 1 });
        }
        if self.gpu_time <= GpuTime::ZERO {
            invalid.add("hours", Problem::TooSmall { min: 1 });
        }
        if self.deadline < self.earliest {
            invalid.add("deadline", Problem::TooSoon);
        }
        invalid.or(())
    }

    /// The wanted model, then the fallbacks, each once.
    pub fn models(&self) -> Vec<GpuModel> {
        let mut models = vec![self.model];
        for model in &self.fallback {
            if !models.contains(model) {
                models.push(*model);
            }
        }
        models
    }
}
