//! The clock of a step: when it is due, what stopping it does, and how far a missed deadline has escalated.
//!
//! All in working days of Brussels. A missed deadline reminds, then finds a substitute, then tells the officers; it
//! never skips a step and never decides.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::{
    calendar,
    period::{brussels_day, start_of_day},
};

/// When a step is due that begins now. `opens` is the cut-off from which a mode's clock runs, if it lies ahead.
pub fn due(now: DateTime<Utc>, opens: Option<DateTime<Utc>>, working_days: u32) -> DateTime<Utc> {
    calendar::deadline(opens.map_or(now, |opens| opens.max(now)), working_days)
}

/// The deadline of a step whose clock stood still between these instants: later by the working days that passed
/// meanwhile. What is due already overdue stays overdue by as much.
pub fn extended(due: DateTime<Utc>, stopped: DateTime<Utc>, resumed: DateTime<Utc>) -> DateTime<Utc> {
    let days = calendar::working_days_between(brussels_day(stopped), brussels_day(resumed));
    let days = u32::try_from(days).unwrap_or(u32::MAX);
    if days == 0 { due } else { calendar::deadline(due, days) }
}

/// What a missed deadline calls for, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Escalation {
    /// A mail to whom the step waits for.
    Remind,
    /// A working day later: somebody else may take it.
    Substitute,
    /// Another working day later: every officer knows.
    Officers,
}

impl Escalation {
    /// The next that is due and was not done; `done` says how many were.
    pub fn next(due: DateTime<Utc>, done: usize, now: DateTime<Utc>) -> Option<Self> {
        let (stage, after) = match done {
            0 => (Self::Remind, 0),
            1 => (Self::Substitute, 1),
            2 => (Self::Officers, 2),
            _ => return None,
        };
        let at = if after == 0 { due } else { calendar::deadline(due, after) };
        (at < now).then_some(stage)
    }
}

/// For each number of stages done, the instant before which a step must have been due so that its next stage is due
/// now: [`Escalation::next`] read the other way, for a query.
pub fn due_before(now: DateTime<Utc>) -> [DateTime<Utc>; 3] {
    let today = brussels_day(now);
    let before = |stages: u32| {
        let is_over = |day: &NaiveDate| calendar::working_days_after(*day, stages) < today;
        let last = today.iter_days().rev().find(is_over).unwrap_or(today);
        start_of_day(last + Days::new(1)).min(now)
    };
    [now, before(1), before(2)]
}

/// Until when a window must end for whoever has not used it to be reminded now: on this working day or the next.
pub fn ends_soon_before(now: DateTime<Utc>) -> DateTime<Utc> {
    start_of_day(calendar::working_days_after(brussels_day(now), 1) + Days::new(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_clock_runs_from_the_cut_off_where_there_is_one() {
        let monday = at("2026-11-23T09:00:00Z");
        assert_eq!(due(monday, None, 2), at("2026-11-25T22:59:59Z"));
        assert_eq!(due(monday, Some(at("2026-11-30T09:00:00Z")), 1), at("2026-12-01T22:59:59Z"));
        assert_eq!(due(monday, Some(at("2026-11-15T09:00:00Z")), 1), at("2026-11-24T22:59:59Z"));
    }

    #[test]
    fn a_window_ends_soon_on_the_next_working_day() {
        // On Friday the next is Monday: whatever ends on it is meant, what ends on Tuesday is not.
        let friday = at("2026-11-27T10:00:00Z");
        assert_eq!(ends_soon_before(friday), at("2026-11-30T23:00:00Z"));
        assert_eq!(ends_soon_before(at("2026-11-24T22:59:59Z")), at("2026-11-25T23:00:00Z"));
    }

    #[test]
    fn a_stopped_clock_gives_back_the_working_days_that_passed() {
        let due = at("2026-11-25T22:59:59Z");
        // Asked on Tuesday, answered on Thursday: two days later, on Friday.
        assert_eq!(extended(due, at("2026-11-24T10:00:00Z"), at("2026-11-26T15:00:00Z")), at("2026-11-27T22:59:59Z"));
        // Over a weekend only the working days count.
        assert_eq!(extended(due, at("2026-11-27T10:00:00Z"), at("2026-11-30T08:00:00Z")), at("2026-11-26T22:59:59Z"));
        assert_eq!(extended(due, at("2026-11-24T10:00:00Z"), at("2026-11-24T15:00:00Z")), due);
        // Over the end of the year, which is not worked.
        let late = at("2026-12-23T22:59:59Z");
        assert_eq!(extended(late, at("2026-12-22T10:00:00Z"), at("2027-01-04T10:00:00Z")), at("2027-01-05T22:59:59Z"));
    }

    #[test]
    fn the_query_for_the_next_stage_says_the_same_as_the_rule() {
        let start = at("2026-12-18T11:30:00Z");
        for hours in 0..400 {
            let now = start + chrono::TimeDelta::hours(hours);
            for back in 0..40 {
                let due = calendar::deadline(now - chrono::TimeDelta::hours(back * 9), 0);
                for (done, before) in due_before(now).into_iter().enumerate() {
                    let is_due = Escalation::next(due, done, now).is_some();
                    assert_eq!(due < before, is_due, "{due} {done} {now} {before}");
                }
            }
        }
    }

    #[test]
    fn a_missed_deadline_escalates_one_stage_at_a_time() {
        let due = at("2026-11-25T22:59:59Z");
        let next = |done, now: &str| Escalation::next(due, done, at(now));
        assert_eq!(next(0, "2026-11-25T22:59:59Z"), None);
        assert_eq!(next(0, "2026-11-25T23:00:00Z"), Some(Escalation::Remind));
        assert_eq!(next(0, "2026-12-25T23:00:00Z"), Some(Escalation::Remind), "never two at once");
        assert_eq!(next(1, "2026-11-26T20:00:00Z"), None);
        assert_eq!(next(1, "2026-11-26T23:00:00Z"), Some(Escalation::Substitute));
        // Friday is the second working day after; nothing happens on the weekend that would be due on Monday.
        assert_eq!(next(2, "2026-11-27T20:00:00Z"), None);
        assert_eq!(next(2, "2026-11-28T08:00:00Z"), Some(Escalation::Officers));
        assert_eq!(next(3, "2027-11-28T08:00:00Z"), None);
    }
}
