//! The minutes of a sitting as they are frozen when it closes: who was there, who left for what, what was recommended.
//!
//! A correction is an addendum; what is frozen does not change. Refuses words: pages and documents have them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Outcome, Role};
use crate::{
    gpu::GpuTime,
    id::{ApplicationId, PanelItemId},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    pub name: String,
    pub held_on: NaiveDate,
    pub opened_at: Option<DateTime<Utc>>,
    pub closed_at: DateTime<Utc>,
    pub attendance: Vec<Attendance>,
    /// In the order in which they were taken.
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    pub name: String,
    pub role: Role,
    pub is_present: bool,
}

/// What became of one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: PanelItemId,
    pub application: ApplicationId,
    pub reference: String,
    pub organisation: String,
    /// Who left the room.
    pub left: Vec<String>,
    /// In the members' combined ranking; equal places are ties.
    pub place: usize,
    /// Hundredths of a grade, as the reviewers gave them: nothing is altered.
    pub mean: Option<i64>,
    pub reviews: i64,
    pub requested: GpuTime,
    pub requested_tb: Option<i64>,
    pub outcome: Outcome,
    pub recommended: GpuTime,
    pub recommended_tb: Option<i64>,
    pub reasons: String,
}

/// What was added after the minutes were frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addendum {
    /// The reference it is about, if it is about one.
    pub about: Option<String>,
    pub text: String,
    pub role: Option<Role>,
    pub written_at: DateTime<Utc>,
}

impl Minutes {
    /// What somebody reads who may see only these: the others are in no line, no count and no place.
    #[must_use]
    pub fn seen_by(mut self, may_see: impl Fn(ApplicationId) -> bool) -> Self {
        self.items.retain(|item| may_see(item.application));
        let places: Vec<usize> = self.items.iter().map(|item| item.place).collect();
        for item in &mut self.items {
            item.place = 1 + places.iter().filter(|place| **place < item.place).count();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn item(n: u128, place: usize) -> Item {
        Item {
            id: PanelItemId::from_uuid(Uuid::from_u128(n)),
            application: ApplicationId::from_uuid(Uuid::from_u128(n)),
            reference: format!("GH-LS-2026-0000{n}"),
            organisation: String::new(),
            left: Vec::new(),
            place,
            mean: None,
            reviews: 0,
            requested: GpuTime::ZERO,
            requested_tb: None,
            outcome: Outcome::Award,
            recommended: GpuTime::ZERO,
            recommended_tb: None,
            reasons: String::new(),
        }
    }

    #[test]
    fn places_are_counted_among_what_is_seen() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let minutes = Minutes {
            name: "A".to_owned(),
            held_on: day,
            opened_at: None,
            closed_at: DateTime::UNIX_EPOCH,
            attendance: Vec::new(),
            items: vec![item(1, 2), item(2, 1), item(3, 2), item(4, 4)],
        };
        let hidden = ApplicationId::from_uuid(Uuid::from_u128(2));
        let seen = minutes.clone().seen_by(|application| application != hidden);
        let places: Vec<_> = seen.items.iter().map(|item| (item.reference.as_str(), item.place)).collect();
        assert_eq!(places, [("GH-LS-2026-00001", 1), ("GH-LS-2026-00003", 1), ("GH-LS-2026-00004", 3)]);
        assert_eq!(minutes.clone().seen_by(|_| true), minutes);
    }
}
