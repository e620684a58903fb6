//! What an application asks for: the model, how much of it and how little, when, and where the data may lie.
//!
//! Refuses to say whether it can be had: that is `matching`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    gpu::{GpuModel, GpuTime},
    money::BasisPoints,
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
    /// Its hours may also lie in any of those weeks, with weeks of fewer GPUs or none between them. Always flexible.
    #[serde(default)]
    pub pauses: bool,
    pub residency: Residency,
    /// Less than all its hours is of use down to this part of them.
    #[serde(default = "whole")]
    pub least: BasisPoints,
    /// Short names of the sites it would rather run at, among those that would do.
    #[serde(default)]
    pub preferred: Vec<String>,
    /// Short names of the sites at which the call it is under offers anything; none named means every one.
    #[serde(default)]
    pub offered_at: Vec<String>,
}

const fn whole() -> BasisPoints {
    BasisPoints::WHOLE
}

/// Parts of its hours that are tried where not all of them can be had, largest first.
const PARTS: [BasisPoints; 3] = [BasisPoints::new(7_500), BasisPoints::new(5_000), BasisPoints::new(2_500)];

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

    /// The fewest whole hours that are of use.
    pub fn least_hours(&self) -> i64 {
        self.part(self.least).whole_hours()
    }

    /// The same with less of its hours, as far as less is of use; largest first.
    pub fn lesser(&self) -> impl Iterator<Item = Self> + use<'_> {
        PARTS.into_iter().filter(|part| *part >= self.least).map(|part| self.only(part))
    }

    /// The same with this part of its hours.
    #[must_use]
    pub fn only(&self, part: BasisPoints) -> Self {
        Self { gpu_time: self.part(part), ..self.clone() }
    }

    /// So much of its hours, rounded up to whole ones, but never more than all.
    fn part(&self, part: BasisPoints) -> GpuTime {
        let seconds = i128::from(self.gpu_time.as_seconds()) * i128::from(part.get());
        let hours = (seconds.max(1) - 1) / (10_000 * 3_600) + 1;
        i64::try_from(hours)
            .ok()
            .and_then(|hours| GpuTime::hours(hours).ok())
            .unwrap_or(GpuTime::ZERO)
            .min(self.gpu_time)
    }

    pub fn is_offered_at(&self, site: &str) -> bool {
        self.offered_at.is_empty() || self.offered_at.iter().any(|slug| slug == site)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn need(hours: i64, least: i32) -> Need {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        Need {
            model: GpuModel::H100,
            fallback: vec![],
            gpus: 8,
            gpu_time: GpuTime::hours(hours).unwrap(),
            earliest: day,
            deadline: day,
            flexible: true,
            pauses: false,
            residency: Residency::Union,
            least: BasisPoints::new(least),
            preferred: vec![],
            offered_at: vec![],
        }
    }

    #[test]
    fn parts_are_whole_hours_down_to_the_least_that_is_of_use() {
        let parts = |need: &Need| need.lesser().map(|part| part.gpu_time.whole_hours()).collect::<Vec<_>>();
        assert_eq!((need(1_001, 10_000).least_hours(), parts(&need(1_001, 10_000))), (1_001, vec![]));
        assert_eq!((need(1_001, 5_000).least_hours(), parts(&need(1_001, 5_000))), (501, vec![751, 501]));
        assert_eq!((need(1, 2_500).least_hours(), parts(&need(1, 2_500))), (1, vec![1, 1, 1]));
    }

    #[test]
    fn a_need_of_before_parts_were_asked_for_takes_all_or_nothing() {
        let mut old = serde_json::to_value(need(10, 2_500)).unwrap();
        let fields = old.as_object_mut().unwrap();
        fields.remove("least");
        fields.remove("preferred");
        assert_eq!(serde_json::from_value::<Need>(old).unwrap().least, BasisPoints::WHOLE);
    }
}
