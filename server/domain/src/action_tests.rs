//! When each change may be asked for, within which limits, and what becomes of the slot.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{gpu::GpuModel, id::SiteId};

/// Wednesday, two days into the first week of three.
fn now() -> DateTime<Utc> {
    "2026-11-25T09:00:00Z".parse().unwrap()
}

fn h(hours: i64) -> GpuTime {
    GpuTime::hours(hours).unwrap()
}

/// Eight GPUs for three weeks, 4,032 hours, of which 1,000 were used.
fn facts() -> Facts {
    let slot = Slot {
        site: SiteId::from_uuid(Uuid::nil()),
        model: GpuModel::H100,
        first_week: day(2026, 11, 23),
        weeks: 3,
        gpus: 8,
    };
    Facts {
        state: allocation::State::Active,
        slots: slot.into(),
        granted: h(4_000),
        used: h(1_000),
        left: h(3_000),
        earlier: Vec::new(),
        max_gpus: 64,
    }
}

/// The same, from a week in January on, and nothing used.
fn later() -> Facts {
    let slot = Slot { first_week: day(2027, 1, 4), ..facts().slots.first() };
    Facts { slots: slot.into(), used: GpuTime::ZERO, left: h(4_000), ..facts() }
}

fn typed(hours: &str) -> Typed {
    Typed {
        hours: hours.to_owned(),
        weeks: hours.to_owned(),
        why: "The data grew by a third.".to_owned(),
        ..Typed::default()
    }
}

fn problem(result: Result<Change, Invalid>, field: &str) -> Option<Problem> {
    result.err().and_then(|invalid| invalid.of(field).next())
}

#[test]
fn each_has_its_time() {
    let may = |kind, facts: &Facts| may_ask(kind, facts, now()).is_ok();
    let begun = facts();
    for (kind, expected) in [
        (Kind::Supplement, true),
        (Kind::Extension, true),
        (Kind::Transfer, false),
        (Kind::Advance, true),
        (Kind::HandBack, true),
        (Kind::Renewal, true),
    ] {
        assert_eq!(may(kind, &begun), expected, "{kind:?}");
    }
    assert!(may(Kind::Transfer, &later()) && !may(Kind::Advance, &later()));
    let ended = Facts { state: allocation::State::Ended, ..facts() };
    let open: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| may(*kind, &ended)).collect();
    assert_eq!(open, [Kind::Renewal]);
    let before = Slot { first_week: day(2026, 1, 5), ..facts().slots.first() };
    let long_gone = Facts { slots: before.into(), ..ended };
    assert!(!may(Kind::Renewal, &long_gone));
    let offered = Facts { state: allocation::State::Offered, ..later() };
    assert!(Kind::ALL.into_iter().all(|kind| !may(kind, &offered)));
    assert!(!may(Kind::HandBack, &Facts { left: GpuTime::ZERO, ..facts() }));
    for kind in Kind::ALL {
        assert_eq!(Kind::from_code(kind.code()), Some(kind));
    }
}

#[test]
fn supplements_together_are_half_of_what_was_granted_first() {
    let ask = |facts: &Facts, hours: &str| read(Kind::Supplement, &typed(hours), facts, None, now());
    assert_eq!(ask(&facts(), "2 000"), Ok(Change::Hours(h(2_000))));
    assert_eq!(problem(ask(&facts(), "2001"), "hours"), Some(Problem::TooLarge { max: 2_000 }));
    assert_eq!(problem(ask(&facts(), "0"), "hours"), Some(Problem::TooSmall { min: 1 }));
    let again = Facts { granted: h(5_500), earlier: vec![(Kind::Supplement, Change::Hours(h(1_500)))], ..facts() };
    assert_eq!(problem(ask(&again, "501"), "hours"), Some(Problem::TooLarge { max: 500 }));
    let used_up = Facts { granted: h(6_000), earlier: vec![(Kind::Supplement, Change::Hours(h(2_000)))], ..facts() };
    assert_eq!(problem(ask(&used_up, "1"), ""), Some(Problem::NotPossibleNow));
    let silent = read(Kind::Supplement, &Typed { why: "more".to_owned(), ..typed("1") }, &facts(), None, now());
    assert_eq!(problem(silent, "why"), Some(Problem::TooFewWords { min: 5 }));
}

#[test]
fn more_hours_take_more_gpus_only_if_the_time_is_too_short() {
    let after = |more| effect(Kind::Supplement, Change::Hours(h(more)), false, &facts(), now()).unwrap();
    // 18 days and 14 hours are left: eight GPUs can do 3,568 hours.
    let fits = after(500);
    assert_eq!((fits.slots, fits.granted, fits.left), (facts().slots, h(4_500), h(3_500)));
    assert_eq!(after(569).slots.most_gpus(), 9);
    assert_eq!(after(2_000).slots.most_gpus(), 12);
}

#[test]
fn extensions_and_starts_have_bounds() {
    let weeks = |facts: &Facts, weeks: &str| read(Kind::Extension, &typed(weeks), facts, None, now());
    assert_eq!(weeks(&facts(), "13"), Ok(Change::Weeks(13)));
    assert_eq!(problem(weeks(&facts(), "14"), "weeks"), Some(Problem::TooLarge { max: 13 }));
    let extended = Facts { earlier: vec![(Kind::Extension, Change::Weeks(12))], ..facts() };
    assert_eq!(problem(weeks(&extended, "2"), "weeks"), Some(Problem::TooLarge { max: 1 }));
    let after = effect(Kind::Extension, Change::Weeks(2), false, &facts(), now()).unwrap();
    assert_eq!((after.slots.weeks(), after.granted), (5, h(4_000)));

    let start = |day: &str| read(Kind::Transfer, &Typed { start: day.to_owned(), ..typed("") }, &later(), None, now());
    assert_eq!(start("2027-01-20"), Ok(Change::Start(day(2027, 1, 18))));
    assert_eq!(start("2026-11-30"), Ok(Change::Start(day(2026, 11, 30))));
    assert_eq!(problem(start("2026-11-26"), "start"), Some(Problem::TooSoon));
    assert_eq!(problem(start("2027-04-12"), "start"), Some(Problem::TooLate));
    assert_eq!(problem(start("2027-01-05"), "start"), Some(Problem::AlreadyDone));
    assert_eq!(problem(start("soon"), "start"), Some(Problem::NotADate));
}

#[test]
fn an_advance_is_a_quarter_of_the_later_allocation_at_most() {
    let ask = |hours: &str, later: Option<&Facts>| read(Kind::Advance, &typed(hours), &facts(), later, now());
    assert_eq!(ask("1000", Some(&later())), Ok(Change::Hours(h(1_000))));
    assert_eq!(problem(ask("1001", Some(&later())), "hours"), Some(Problem::TooLarge { max: 1_000 }));
    assert_eq!(problem(ask("1", None), "later"), Some(Problem::NotAChoice));
    assert_eq!(problem(ask("1", Some(&facts())), "later"), Some(Problem::NotAChoice), "it has begun");
    let rest = deducted(h(1_000), &later(), now()).unwrap();
    // 3,000 hours of eight GPUs still need three weeks of 1,344.
    assert_eq!((rest.granted, rest.left, rest.slots.weeks()), (h(3_000), h(3_000), 3));
    assert_eq!(deducted(h(1_400), &later(), now()).unwrap().slots.weeks(), 2);
}

#[test]
fn hours_given_back_free_the_last_weeks_and_never_the_one_that_runs() {
    let back = |less, keeps| effect(Kind::HandBack, Change::Hours(h(less)), keeps, &facts(), now()).unwrap();
    // Till Monday eight GPUs can do 880 hours; a week of them is 1,344.
    assert_eq!((back(700, false).slots.weeks(), back(800, false).slots.weeks()), (3, 2));
    assert_eq!(back(2_500, false).slots.weeks(), 1);
    assert_eq!((back(2_500, true).slots.weeks(), back(2_500, true).left), (3, h(500)));
    let all = back(3_000, true);
    assert_eq!((all.slots.weeks(), all.left, all.granted, all.ends), (1, GpuTime::ZERO, h(1_000), false));
    let untouched = effect(Kind::HandBack, Change::Hours(h(4_000)), false, &later(), now()).unwrap();
    assert!(untouched.ends && untouched.granted == h(4_000));
    let rest = Facts { left: GpuTime::seconds(5_400), ..facts() };
    let ask = |hours: &str| read(Kind::HandBack, &typed(hours), &rest, None, now());
    assert_eq!(ask("2"), Ok(Change::Hours(GpuTime::seconds(5_400))), "an hour and a half is two hours and all");
    assert_eq!(problem(ask("3"), "hours"), Some(Problem::TooLarge { max: 2 }));
}

#[test]
fn a_decision_awards_no_more_than_was_asked_for() {
    let decision = |outcome: &str, amount: &str| {
        let typed = TypedDecision {
            outcome: outcome.to_owned(),
            amount: amount.to_owned(),
            reason: "The growth of the data is shown.".to_owned(),
        };
        decide(&typed, Change::Hours(h(100)))
    };
    assert_eq!(decision("approved", "60").unwrap().awarded, Some(Change::Hours(h(60))));
    assert_eq!(decision("refused", "").unwrap().awarded, None);
    assert_eq!(decision("approved", "101").unwrap_err().of("amount").next(), Some(Problem::TooLarge { max: 100 }));
    assert_eq!(decision("", "1").unwrap_err().of("outcome").next(), Some(Problem::Required));
    let bare = TypedDecision { outcome: "refused".to_owned(), ..TypedDecision::default() };
    assert_eq!(decide(&bare, Change::Weeks(1)).unwrap_err().of("reason").next(), Some(Problem::ReasonRequired));
    let person = |n| PersonId::from_uuid(Uuid::from_u128(n));
    assert_eq!(countersign(person(1), person(1)), Err(Problem::SecondSignatureSame));
    assert_eq!(countersign(person(1), person(2)), Ok(()));
}

proptest! {
    #[test]
    fn whatever_is_given_back_what_stays_booked_can_do_what_is_left(
        used in 0_i64..4_000, back in 1_i64..4_000, after_hours in 0_i64..500,
    ) {
        let left = 4_032 - used;
        let less = back.min(left);
        let at = start_of_day(facts().first_week()) + chrono::TimeDelta::hours(after_hours);
        // Only what was possible: no more is left than the rest of the slot can do.
        let most = 8 * (504 - after_hours).max(0);
        prop_assume!(left <= most);
        let facts = Facts { granted: h(4_032), used: h(used), left: h(left), ..facts() };
        let after = effect(Kind::HandBack, Change::Hours(h(less)), false, &facts, at).unwrap();
        prop_assert_eq!(after.left, h(left - less));
        prop_assert!(after.slots.weeks() >= 1 && after.slots.weeks() <= 3);
        if !after.ends {
            let seconds = (start_of_day(after.slots.end()) - at).num_seconds();
            prop_assert!(after.left.as_seconds() <= seconds * 8);
            prop_assert_eq!(after.granted, h(4_032 - less));
        }
    }
}

/// Eight GPUs for a week, nothing for two, four for two weeks, nothing for one, eight for one.
fn paused() -> Facts {
    let first = Slot { weeks: 1, ..facts().slots.first() };
    let further = vec![
        Slot { first_week: day(2026, 12, 14), weeks: 2, gpus: 4, ..first },
        Slot { first_week: day(2027, 1, 4), ..first },
    ];
    Facts { slots: Slots::new(first, further).unwrap(), used: h(100), left: h(3_000), granted: h(3_100), ..facts() }
}

#[test]
fn more_hours_for_work_that_pauses_go_to_the_stretches_that_are_left() {
    let now = start_of_day(day(2026, 12, 7));
    let facts = Facts { left: h(2_000), ..paused() };
    let after = |more| effect(Kind::Supplement, Change::Hours(h(more)), false, &facts, now).unwrap();
    let gpus = |effect: &Effect| effect.slots.iter().map(|slot| slot.gpus).collect::<Vec<_>>();
    // Two weeks of four and one of eight can do 2,688 hours.
    assert_eq!(gpus(&after(688)), [8, 4, 8]);
    // One GPU more in all three weeks can do 504 hours; the stretch that is over keeps what it had.
    assert_eq!((gpus(&after(689)), gpus(&after(1_193))), (vec![8, 5, 9], vec![8, 6, 10]));
}

#[test]
fn work_that_pauses_is_extended_moved_and_given_back_with_its_pauses() {
    let now = start_of_day(day(2026, 11, 25));
    let longer = effect(Kind::Extension, Change::Weeks(2), false, &paused(), now).unwrap();
    assert_eq!((longer.slots.weeks(), longer.slots.end()), (6, day(2027, 1, 25)));
    let moved = effect(Kind::Transfer, Change::Start(day(2026, 11, 30)), false, &paused(), now).unwrap();
    let starts: Vec<_> = moved.slots.iter().map(|slot| slot.first_week).collect();
    assert_eq!(starts, [day(2026, 11, 30), day(2026, 12, 21), day(2027, 1, 11)]);
    // Till Monday eight GPUs do 960 hours, the two weeks of four 672 each.
    let back = |left: i64| {
        let facts = Facts { left: h(left + 100), ..paused() };
        effect(Kind::HandBack, Change::Hours(h(100)), false, &facts, now).unwrap().slots
    };
    let weeks = |left| back(left).iter().map(|slot| slot.weeks).collect::<Vec<_>>();
    assert_eq!((weeks(960), weeks(961), weeks(1_633)), (vec![1], vec![1, 1], vec![1, 2]));
    assert_eq!((weeks(2_304), weeks(2_305)), (vec![1, 2], vec![1, 2, 1]));
}

#[test]
fn a_refusal_is_looked_at_again_by_somebody_else() {
    let person = |n| PersonId::from_uuid(Uuid::from_u128(n));
    let refused = [(Kind::Extension, person(1))];
    assert_eq!(may_decide(Kind::Extension, person(1), &refused, &[]), Err(Problem::TookPart));
    assert_eq!(may_decide(Kind::Extension, person(2), &refused, &[person(2)]), Ok(()));
    assert_eq!(may_decide(Kind::Transfer, person(1), &refused, &[]), Ok(()));
    assert_eq!(may_decide(Kind::Supplement, person(2), &[], &[person(2)]), Err(Problem::TookPart));
}
