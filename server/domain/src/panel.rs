//! Panel sittings: who sits, who leads while somebody has left the room, what is recommended, and when it can close.
//!
//! The order of the agenda is `agenda`'s, the protocol `minutes`'. Refuses to decide: an officer does, by `review`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    gpu::GpuTime,
    id::PersonId,
    problem::{Invalid, Problem},
    scope::Scope,
    typed,
};

pub mod agenda;
pub mod minutes;

pub use agenda::Agenda;
pub use minutes::Minutes;

/// Where a sitting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// An officer arranges it.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "draft"))]
    Draft,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "open"))]
    Open,
    /// Its minutes are frozen.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "closed"))]
    Closed,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// What somebody does in a sitting, in the order in which they lead it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "chair"))]
    Chair,
    /// Keeps the minutes; has no vote.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "secretary"))]
    Secretary,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "member"))]
    Member,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Chair, Self::Secretary, Self::Member];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Chair => "chair",
            Self::Secretary => "secretary",
            Self::Member => "member",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    pub const fn votes(self) -> bool {
        !matches!(self, Self::Secretary)
    }

    /// Leads the sitting, keeps its minutes and knows who leaves for what.
    pub const fn keeps_minutes(self) -> bool {
        !matches!(self, Self::Member)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "waiting"))]
    Waiting,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "discussing"))]
    Discussing,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "done"))]
    Done,
}

impl ItemState {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Discussing => "discussing",
            Self::Done => "done",
        }
    }
}

/// What a panel recommends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    #[cfg_attr(feature = "orm", sea_orm(string_value = "award"))]
    Award,
    /// To be awarded if something is left.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "reserve"))]
    Reserve,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "refuse"))]
    Refuse,
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Award, Self::Reserve, Self::Refuse];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Award => "award",
            Self::Reserve => "reserve",
            Self::Refuse => "refuse",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// One who sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    pub person: PersonId,
    pub role: Role,
}

/// Whether this person leads now: the chair and the secretary do while they are in the room; if neither is, whoever is.
pub fn leads(seats: &[Seat], away: &BTreeSet<PersonId>, person: PersonId) -> bool {
    let in_room = || seats.iter().filter(|seat| !away.contains(&seat.person));
    let is_kept = in_room().any(|seat| seat.role.keeps_minutes());
    in_room().any(|seat| seat.person == person && (seat.role.keeps_minutes() || !is_kept))
}

/// Whether it can open: one chair, somebody else with a vote, something on the agenda. The first thing missing.
pub fn can_open(seats: &[Seat], items: usize) -> Result<(), Problem> {
    let chairs = seats.iter().filter(|seat| seat.role == Role::Chair).count();
    let votes = seats.iter().filter(|seat| seat.role.votes()).count();
    if chairs != 1 {
        Err(Problem::PanelChair)
    } else if votes < 2 {
        Err(Problem::PanelVotes)
    } else if items == 0 {
        Err(Problem::PanelAgenda)
    } else {
        Ok(())
    }
}

/// A sitting as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypedPanel {
    #[serde(default)]
    pub name: String,
    /// Code of a scope, an access mode or a call; empty for applications chosen one by one.
    #[serde(default)]
    pub mode: String,
    #[serde(default)]
    pub held_on: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arranged {
    pub name: String,
    pub scope: Option<Scope>,
    pub held_on: NaiveDate,
}

/// Errors at `name`, `mode` and `held_on`.
pub fn arrange(typed: &TypedPanel) -> Result<Arranged, Invalid> {
    let mut invalid = Invalid::default();
    let name = typed::line(&typed.name, 120).unwrap_or_else(|problem| {
        invalid.add("name", problem);
        String::new()
    });
    let scope = typed::optional(&typed.mode, |code| Scope::parse(code).ok_or(Problem::NotAChoice));
    let scope = scope.unwrap_or_else(|problem| {
        invalid.add("mode", problem);
        None
    });
    let held_on = typed::date(&typed.held_on).unwrap_or_else(|problem| {
        invalid.add("held_on", problem);
        NaiveDate::MIN
    });
    invalid.or(Arranged { name, scope, held_on })
}

/// A recommendation as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TypedRecommendation {
    #[serde(default)]
    pub outcome: String,
    /// Whole GPU-hours; ignored for a refusal.
    #[serde(default)]
    pub hours: String,
    /// Whole terabytes, where storage was asked for.
    #[serde(default)]
    pub storage: String,
    /// The reasons, for the minutes.
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    pub outcome: Outcome,
    pub gpu_time: GpuTime,
    pub storage_tb: Option<i64>,
    pub note: String,
}

const NOTE_LENGTH_MAX: i64 = 4_000;

/// What was asked for bounds what can be recommended. Errors at `outcome`, `hours`, `storage` and `note`.
pub fn recommend(
    typed: &TypedRecommendation,
    requested: GpuTime,
    storage_tb: Option<i64>,
) -> Result<Recommendation, Invalid> {
    let mut invalid = Invalid::default();
    let outcome = Outcome::from_code(&typed.outcome);
    if outcome.is_none() {
        invalid.add("outcome", Problem::Required);
    }
    let gives = matches!(outcome, Some(Outcome::Award | Outcome::Reserve));
    let hours = if gives { amount(&typed.hours, 1, requested.whole_hours(), "hours", &mut invalid) } else { 0 };
    let storage =
        storage_tb.map(|most| if gives { amount(&typed.storage, 0, most, "storage", &mut invalid) } else { 0 });
    let note = typed.note.trim();
    if let Some(problem) = note_problem(note) {
        invalid.add("note", problem);
    }
    invalid.or(Recommendation {
        outcome: outcome.unwrap_or(Outcome::Refuse),
        gpu_time: GpuTime::hours(hours).unwrap_or_default(),
        storage_tb: storage,
        note: note.to_owned(),
    })
}

fn note_problem(note: &str) -> Option<Problem> {
    if note.split_whitespace().count() < 5 {
        return Some(if note.is_empty() { Problem::Required } else { Problem::TooFewWords { min: 5 } });
    }
    text(note, NOTE_LENGTH_MAX).err()
}

/// Several lines of text, not empty, without other control characters, not too long.
pub fn text(typed: &str, max: i64) -> Result<String, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        Err(Problem::Required)
    } else if i64::try_from(typed.chars().count()).unwrap_or(i64::MAX) > max {
        Err(Problem::TooLong { max })
    } else if typed.chars().any(|character| character.is_control() && !"\n\r\t".contains(character)) {
        Err(Problem::ControlCharacters)
    } else {
        Ok(typed.to_owned())
    }
}

/// A whole amount between these two; adds to `invalid` and gives none otherwise.
pub fn amount(text: &str, min: i64, max: i64, field: &str, invalid: &mut Invalid) -> i64 {
    let problem = match typed::decimal(text, 0) {
        Err(problem) => problem,
        Ok(amount) if amount < min => Problem::TooSmall { min },
        Ok(amount) if amount > max => Problem::TooLarge { max },
        Ok(amount) => return amount,
    };
    invalid.add(field, problem);
    0
}

/// One member's places for so many applications: a number each from 1, equal numbers for equal merit, empty for no
/// opinion. Errors at `rank-<key>`.
pub fn ballot<K: Ord + Clone + std::fmt::Display>(
    typed: &[(K, String)],
) -> Result<std::collections::BTreeMap<K, u32>, Invalid> {
    let most = i64::try_from(typed.len()).unwrap_or(i64::MAX);
    let mut invalid = Invalid::default();
    let mut places = std::collections::BTreeMap::new();
    for (key, text) in typed.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let place = amount(text, 1, most, &format!("rank-{key}"), &mut invalid);
        places.insert(key.clone(), u32::try_from(place).unwrap_or_default());
    }
    invalid.or(places)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    fn seat(n: u128, role: Role) -> Seat {
        Seat { person: person(n), role }
    }

    fn sitting() -> [Seat; 4] {
        [seat(1, Role::Chair), seat(2, Role::Secretary), seat(3, Role::Member), seat(4, Role::Member)]
    }

    #[test]
    fn whoever_has_left_does_not_lead_and_somebody_always_does() {
        let seats = sitting();
        let leading = |away: &[u128]| {
            let away = away.iter().map(|n| person(*n)).collect();
            (1..=5).filter(|n| leads(&seats, &away, person(*n))).collect::<Vec<u128>>()
        };
        assert_eq!(leading(&[]), [1, 2]);
        assert_eq!(leading(&[1]), [2]);
        assert_eq!(leading(&[2]), [1]);
        assert_eq!(leading(&[1, 2]), [3, 4]);
        assert_eq!(leading(&[1, 2, 3]), [4]);
        assert_eq!(leading(&[1, 2, 3, 4]), [0; 0]);
    }

    #[test]
    fn it_opens_with_one_chair_another_vote_and_an_agenda() {
        let seats = sitting();
        assert_eq!(can_open(&seats, 3), Ok(()));
        assert_eq!(can_open(&seats, 0), Err(Problem::PanelAgenda));
        assert_eq!(can_open(&seats[..2], 3), Err(Problem::PanelVotes), "a secretary does not vote");
        assert_eq!(can_open(&seats[1..], 3), Err(Problem::PanelChair));
        assert_eq!(can_open(&[seats[0], seat(5, Role::Chair)], 3), Err(Problem::PanelChair));
    }

    #[test]
    fn a_recommendation_has_reasons_and_stays_within_the_request() {
        let requested = GpuTime::hours(20_000).unwrap();
        let typed = TypedRecommendation {
            outcome: "award".to_owned(),
            hours: "12 000".to_owned(),
            storage: "5".to_owned(),
            note: "The second half of the plan is not yet mature.".to_owned(),
        };
        let made = recommend(&typed, requested, Some(20)).unwrap();
        assert_eq!((made.gpu_time.whole_hours(), made.storage_tb), (12_000, Some(5)));
        assert_eq!(recommend(&typed, requested, None).unwrap().storage_tb, None, "none was asked for");
        let fields = |typed: &TypedRecommendation| recommend(typed, requested, Some(20)).unwrap_err().0;
        let wrong = TypedRecommendation { hours: "20 001".to_owned(), storage: "21".to_owned(), ..typed.clone() };
        assert_eq!(
            fields(&wrong),
            [
                ("hours".to_owned(), Problem::TooLarge { max: 20_000 }),
                ("storage".to_owned(), Problem::TooLarge { max: 20 })
            ]
        );
        let bare = TypedRecommendation { outcome: "refuse".to_owned(), ..TypedRecommendation::default() };
        assert_eq!(fields(&bare), [("note".to_owned(), Problem::Required)], "a refusal gives nothing, and says why");
        let refused = TypedRecommendation { note: typed.note.clone(), hours: "many".to_owned(), ..bare };
        assert_eq!(recommend(&refused, requested, Some(20)).unwrap().gpu_time, GpuTime::ZERO);
    }

    #[test]
    fn a_ballot_knows_ties_and_silence() {
        let typed = [(1, "2"), (2, " "), (3, "2"), (4, "1")].map(|(key, text)| (key, text.to_owned()));
        let places = ballot(&typed).unwrap();
        assert_eq!(places.into_iter().collect::<Vec<_>>(), [(1, 2), (3, 2), (4, 1)]);
        let wrong = ballot(&[(7, "3".to_owned()), (8, "0".to_owned())]).unwrap_err();
        assert_eq!(
            wrong.0,
            [("rank-7".to_owned(), Problem::TooLarge { max: 2 }), ("rank-8".to_owned(), Problem::TooSmall { min: 1 })]
        );
    }

    #[test]
    fn a_sitting_has_a_name_and_a_day() {
        let typed = TypedPanel { mode: "XX".to_owned(), ..TypedPanel::default() };
        let fields: Vec<_> = arrange(&typed).unwrap_err().0.into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "mode", "held_on"]);
    }
}
