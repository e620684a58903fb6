//! What follows when an invoice is not paid: which step is next and when, what keeps it waiting, and when the company
//! can book no more.
//!
//! Refuses to touch what runs: no step ends or stops an allocation. Each step is taken once.

use chrono::{Days, NaiveDate};

use crate::{coded::coded, money::Money, problem::Problem};

coded! {
    /// In their order.
    Step {
        Friendly "friendly",
        /// From here on interest and costs are claimed.
        Firm "firm",
        /// No new bookings.
        Block "block",
        /// To those who collect debts.
        HandOver "hand_over",
    }
}

impl Step {
    /// Whether the letter claims what the law adds (Directive 2011/7/EU Art. 3 and 6).
    pub fn claims(self) -> bool {
        self >= Self::Firm
    }
}

const YEAR_2026: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Days after the due date, for invoices due from a day on.
const POLICY: &[(NaiveDate, [(Step, u64); 4])] =
    &[(YEAR_2026, [(Step::Friendly, 3), (Step::Firm, 14), (Step::Block, 30), (Step::HandOver, 60)])];

/// Days for which a pause and a promise can be made at most, from a day on.
const HOLD_DAYS: &[(NaiveDate, u64, u64)] = &[(YEAR_2026, 90, 30)];

coded! {
    /// What keeps the next step waiting.
    HoldKind {
        /// By decision of finance. While it lasts the company can book.
        Pause "pause",
        /// The company said when it pays. A promise does not lift a block; broken, it ends by itself.
        Promise "promise",
    }
}

/// A hold that was not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub kind: HoldKind,
    /// Its last day.
    pub until: NaiveDate,
}

impl Hold {
    pub fn is_in_force(&self, today: NaiveDate) -> bool {
        today <= self.until
    }

    /// A promise whose day has passed while something is owed.
    pub fn is_broken(&self, outstanding: Money, today: NaiveDate) -> bool {
        self.kind == HoldKind::Promise && !self.is_in_force(today) && outstanding > Money::ZERO
    }
}

/// A step that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub step: Step,
    pub on: NaiveDate,
}

/// One invoice as reminders see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub due_on: NaiveDate,
    pub outstanding: Money,
    /// The payer's bank and ours are at odds about a payment of it: nothing moves until that is over.
    pub is_disputed: bool,
    pub taken: Vec<Taken>,
    pub hold: Option<Hold>,
}

/// The next step and the first day for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    pub step: Step,
    pub on: NaiveDate,
}

impl Claim {
    pub fn last(&self) -> Option<Taken> {
        self.taken.iter().copied().max_by_key(|taken| taken.step)
    }

    /// `None` when nothing is owed or every step was taken. Between two steps there are never fewer days than the
    /// policy has: who was spared for a while gets each letter in its turn.
    pub fn next(&self) -> Option<Next> {
        if self.outstanding <= Money::ZERO {
            return None;
        }
        let policy = steps(self.due_on);
        let last = self.last();
        let (step, days) = policy.iter().copied().find(|(step, _)| last.is_none_or(|last| *step > last.step))?;
        let mut on = self.due_on + Days::new(days);
        if let Some(last) = last {
            let before = policy.iter().find(|(step, _)| *step == last.step).map_or(0, |(_, days)| *days);
            on = on.max(last.on + Days::new(days.saturating_sub(before)));
        }
        if let Some(hold) = self.hold {
            on = on.max(hold.until + Days::new(1));
        }
        Some(Next { step, on })
    }

    /// The step to take today.
    pub fn due(&self, today: NaiveDate) -> Option<Step> {
        let next = self.next().filter(|_| !self.is_disputed)?;
        (next.on <= today).then_some(next.step)
    }

    /// Whether the company can book nothing new because of this invoice.
    pub fn blocks(&self, today: NaiveDate) -> bool {
        let is_paused = self.hold.is_some_and(|hold| hold.kind == HoldKind::Pause && hold.is_in_force(today));
        self.outstanding > Money::ZERO
            && !self.is_disputed
            && !is_paused
            && self.taken.iter().any(|taken| taken.step >= Step::Block)
    }
}

/// The steps for what is due on this day.
pub fn steps(due_on: NaiveDate) -> [(Step, u64); 4] {
    let found = POLICY.iter().filter(|(from, _)| *from <= due_on).max_by_key(|(from, _)| *from).or(POLICY.first());
    found.map_or([(Step::Friendly, 3), (Step::Firm, 14), (Step::Block, 30), (Step::HandOver, 60)], |(_, steps)| *steps)
}

/// Days after the last letter.
const DAYS_AFTER_LAST: u64 = 7;

/// The day until which a letter of this step and day asks to be paid: the one before the next step.
pub fn pay_by(due_on: NaiveDate, step: Step, taken_on: NaiveDate) -> NaiveDate {
    let policy = steps(due_on);
    let this = policy.iter().find(|(one, _)| *one == step).map_or(0, |(_, days)| *days);
    let next = policy.iter().find(|(one, _)| *one > step).map(|(_, days)| *days);
    let days = next.map_or(DAYS_AFTER_LAST, |next| next.saturating_sub(this + 1));
    taken_on + Days::new(days)
}

/// For how many days a hold of this kind can be made today, at most.
pub fn hold_days(kind: HoldKind, today: NaiveDate) -> u64 {
    let row = HOLD_DAYS.iter().filter(|(from, ..)| *from <= today).max_by_key(|(from, ..)| *from).or(HOLD_DAYS.first());
    let (pause, promise) = row.map_or((90, 30), |(_, pause, promise)| (*pause, *promise));
    if kind == HoldKind::Pause { pause } else { promise }
}

/// Whether a hold of this kind may last until this day.
pub fn can_hold(kind: HoldKind, until: NaiveDate, today: NaiveDate) -> Result<(), Problem> {
    let most = today + Days::new(hold_days(kind, today));
    if until < today {
        Err(Problem::InThePast)
    } else if until > most {
        Err(Problem::TooLate)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUE: NaiveDate = match NaiveDate::from_ymd_opt(2026, 11, 1) {
        Some(day) => day,
        None => NaiveDate::MIN,
    };

    fn after(days: u64) -> NaiveDate {
        DUE + Days::new(days)
    }

    fn claim(taken: &[(Step, u64)], hold: Option<(HoldKind, u64)>) -> Claim {
        Claim {
            due_on: DUE,
            outstanding: Money::cents(1),
            is_disputed: false,
            taken: taken.iter().map(|(step, days)| Taken { step: *step, on: after(*days) }).collect(),
            hold: hold.map(|(kind, days)| Hold { kind, until: after(days) }),
        }
    }

    #[test]
    fn each_step_comes_on_its_day() {
        let mut taken: Vec<(Step, u64)> = Vec::new();
        for day in 0..100 {
            if let Some(step) = claim(&taken, None).due(after(day)) {
                taken.push((step, day));
            }
        }
        assert_eq!(taken, [(Step::Friendly, 3), (Step::Firm, 14), (Step::Block, 30), (Step::HandOver, 60)]);
        assert_eq!(claim(&taken, None).next(), None);
    }

    #[test]
    fn each_letter_asks_to_be_paid_before_the_next() {
        let by = |step, taken| (pay_by(DUE, step, after(taken)) - DUE).num_days();
        assert_eq!((by(Step::Friendly, 3), by(Step::Firm, 14), by(Step::Block, 30)), (13, 29, 59));
        assert_eq!((by(Step::HandOver, 60), by(Step::Friendly, 40)), (67, 50), "from the day it was sent");
    }

    #[test]
    fn a_late_first_letter_moves_the_second() {
        let late = claim(&[(Step::Friendly, 40)], None);
        assert_eq!(late.next(), Some(Next { step: Step::Firm, on: after(51) }));
        assert_eq!((late.due(after(50)), late.due(after(51))), (None, Some(Step::Firm)));
    }

    #[test]
    fn holds_and_disputes_keep_it_waiting_and_a_broken_promise_resumes() {
        for kind in HoldKind::ALL {
            let held = claim(&[], Some((*kind, 10)));
            assert_eq!((held.due(after(10)), held.due(after(11))), (None, Some(Step::Friendly)), "{kind:?}");
        }
        let promise = Hold { kind: HoldKind::Promise, until: after(10) };
        assert!(!promise.is_broken(Money::cents(1), after(10)) && promise.is_broken(Money::cents(1), after(11)));
        assert!(!promise.is_broken(Money::ZERO, after(11)), "kept");
        let disputed = Claim { is_disputed: true, ..claim(&[], None) };
        assert_eq!(disputed.due(after(99)), None);
    }

    #[test]
    fn a_block_ends_at_once_with_payment_a_pause_or_a_dispute_and_not_with_a_promise() {
        let blocked = claim(&[(Step::Friendly, 3), (Step::Firm, 14), (Step::Block, 30)], None);
        assert!(blocked.blocks(after(30)));
        assert!(!claim(&[(Step::Friendly, 3), (Step::Firm, 14)], None).blocks(after(30)));
        assert!(!Claim { outstanding: Money::ZERO, ..blocked.clone() }.blocks(after(30)));
        assert!(!Claim { is_disputed: true, ..blocked.clone() }.blocks(after(30)));
        let hold = |kind| Claim { hold: Some(Hold { kind, until: after(40) }), ..blocked.clone() };
        assert!(!hold(HoldKind::Pause).blocks(after(40)) && hold(HoldKind::Pause).blocks(after(41)));
        assert!(hold(HoldKind::Promise).blocks(after(35)));
    }

    #[test]
    fn a_hold_lasts_neither_into_the_past_nor_for_ever() {
        assert_eq!(can_hold(HoldKind::Promise, after(0), after(1)), Err(Problem::InThePast));
        assert_eq!(can_hold(HoldKind::Promise, after(30), after(0)), Ok(()));
        assert_eq!(can_hold(HoldKind::Promise, after(31), after(0)), Err(Problem::TooLate));
        assert_eq!(can_hold(HoldKind::Pause, after(90), after(0)), Ok(()));
        assert_eq!(can_hold(HoldKind::Pause, after(91), after(0)), Err(Problem::TooLate));
    }
}
