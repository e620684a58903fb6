//! Rows taken and refused, months and late rows, pace and thresholds.

use super::*;
use crate::{gpu::GpuModel, id::SiteId};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn granted() -> Granted {
    Granted {
        state: State::Active,
        gpus: 8,
        first_day: day("2026-11-02"),
        end_day: day("2026-11-30"),
        ended_at: None,
        grace_ends: None,
    }
}

fn reading() -> Reading {
    Reading {
        job: "train-1".to_owned(),
        sequence: 0,
        gpus: 8,
        start: at("2026-11-10T00:00:00Z"),
        end: at("2026-11-10T01:00:00Z"),
    }
}

const NOW: &str = "2026-11-20T12:00:00Z";

fn refused(change: impl FnOnce(&mut Reading)) -> Refused {
    let mut row = reading();
    change(&mut row);
    check(&row, Some(&granted()), None, at(NOW)).unwrap_err()
}

#[test]
fn eight_gpus_for_an_hour_are_eight_hours() {
    assert_eq!(check(&reading(), Some(&granted()), None, at(NOW)), Ok(Taken::New(GpuTime::hours(8).unwrap())));
}

#[test]
fn every_refusal_has_its_row() {
    assert_eq!(check(&reading(), None, None, at(NOW)), Err(Refused::UnknownAllocation));
    let offered = Granted { state: State::Accepted, ..granted() };
    assert_eq!(check(&reading(), Some(&offered), None, at(NOW)), Err(Refused::NotActive));
    assert_eq!(refused(|row| row.job = " ".to_owned()), Refused::JobMissing);
    assert_eq!(refused(|row| row.job = "x".repeat(101)), Refused::JobTooLong);
    assert_eq!(refused(|row| row.sequence = -1), Refused::SequenceNegative);
    assert_eq!(refused(|row| row.gpus = 0), Refused::GpusNotPositive);
    assert_eq!(refused(|row| row.gpus = 9), Refused::GpusOverAllocation);
    assert_eq!(refused(|row| row.end = row.start), Refused::EndNotAfterStart);
    assert_eq!(refused(|row| row.end = at("2026-11-17T00:00:01Z")), Refused::StretchTooLong);
    assert_eq!(
        refused(|row| {
            row.start = at("2026-11-20T11:00:00Z");
            row.end = at("2026-11-20T12:05:01Z");
        }),
        Refused::InTheFuture
    );
    assert_eq!(
        refused(|row| {
            row.start = at("2026-09-01T00:00:00Z");
            row.end = at("2026-09-01T01:00:00Z");
        }),
        Refused::TooLate
    );
    // The allocation begins at midnight in Brussels, an hour before midnight in UTC.
    assert_eq!(
        refused(|row| {
            row.start = at("2026-11-01T22:59:59Z");
            row.end = at("2026-11-01T23:30:00Z");
        }),
        Refused::OutsideAllocation
    );
}

#[test]
fn use_before_the_end_may_still_be_reported_after_it() {
    let ended = Granted { state: State::Ended, ended_at: Some(at("2026-11-10T01:00:00Z")), ..granted() };
    assert!(check(&reading(), Some(&ended), None, at(NOW)).is_ok());
    let later = Reading { end: at("2026-11-10T01:00:01Z"), ..reading() };
    assert_eq!(check(&later, Some(&ended), None, at(NOW)), Err(Refused::OutsideAllocation));
}

#[test]
fn the_same_again_is_fine_and_something_else_is_not() {
    let first = reading();
    assert_eq!(check(&reading(), Some(&granted()), Some((&first, true)), at(NOW)), Ok(Taken::Duplicate));
    assert_eq!(check(&reading(), Some(&granted()), Some((&first, false)), at(NOW)), Err(Refused::Conflict));
    let other = Reading { gpus: 4, ..reading() };
    assert_eq!(check(&other, Some(&granted()), Some((&first, true)), at(NOW)), Err(Refused::Conflict));
}

#[test]
fn a_reading_counts_in_its_own_month_until_the_month_is_closed() {
    let end = at("2026-10-31T22:30:00Z");
    assert_eq!(counts_at(end, at("2026-11-01T02:00:00Z")), end);
    let late = at("2026-11-01T05:00:00Z");
    assert_eq!(counts_at(end, late), late, "October closes at six in the morning in Brussels");
}

#[test]
fn missing_numbers_are_counted() {
    assert_eq!(gaps(vec![]), 0);
    assert_eq!(gaps(vec![4]), 0);
    assert_eq!(gaps(vec![0, 1, 5, 5, 2]), 2);
}

#[test]
fn thresholds_are_told_once() {
    let granted = GpuTime::hours(100).unwrap();
    let used = |hours| GpuTime::hours(hours).unwrap();
    let due = |hours, told: &[i32]| reached(used(hours), granted, told, &[80, 95]);
    assert_eq!(due(79, &[]), Vec::<i32>::new());
    assert_eq!(due(80, &[]), [80]);
    assert_eq!(due(95, &[80]), [95]);
    assert_eq!(due(100, &[]), [80, 95]);
    assert_eq!(due(100, &[50, 80, 95]), Vec::<i32>::new());
}

#[test]
fn a_grace_begins_with_the_last_hour_and_ends_with_the_weeks_at_the_latest() {
    let granted = GpuTime::hours(100).unwrap();
    let ends =
        |used, now| grace_end(GpuTime::hours(used).unwrap(), granted, TimeDelta::hours(24), day("2026-11-30"), at(now));
    assert_eq!(ends(99, "2026-11-20T12:00:00Z"), None);
    assert_eq!(ends(100, "2026-11-20T12:00:00Z"), Some(at("2026-11-21T12:00:00Z")));
    assert_eq!(ends(100, "2026-11-29T12:00:00Z"), Some(at("2026-11-29T23:00:00Z")), "midnight in Brussels");
    assert_eq!(ends(100, "2026-11-30T12:00:00Z"), None, "its weeks are over");
}

#[test]
fn what_runs_on_after_the_grace_is_refused() {
    let until = |over| check(&reading(), Some(&Granted { grace_ends: Some(at(over)), ..granted() }), None, at(NOW));
    assert!(until("2026-11-10T01:00:00Z").is_ok(), "to its last second");
    assert_eq!(until("2026-11-10T00:59:59Z"), Err(Refused::GraceOver));
}

#[test]
fn burning_against_the_straight_line() {
    let hours = |hours| GpuTime::hours(hours).unwrap();
    let by_day = [(day("2026-11-02"), hours(40)), (day("2026-11-04"), hours(20))];
    let slot = |first: &str, weeks, gpus| Slot {
        site: SiteId::from_uuid(uuid::Uuid::from_u128(1)),
        model: GpuModel::H100,
        first_week: day(first),
        weeks,
        gpus,
    };
    let slots = slot("2026-11-02", 4, 8).into();
    let points = burn_down(hours(280), &slots, &by_day, at("2026-11-05T12:00:00Z"));
    assert_eq!(points.len(), 4);
    assert_eq!(points[0], Point { day: day("2026-11-02"), used: hours(40), line: hours(10) });
    assert_eq!(points[3], Point { day: day("2026-11-05"), used: hours(60), line: hours(40) });
    assert_eq!(days_left(hours(220), &points), Some(14), "60 hours in 4 days");
    assert_eq!(days_left(hours(220), &[]), None);
    let after = burn_down(hours(280), &slots, &by_day, at("2027-01-05T12:00:00Z"));
    assert_eq!(after.len(), 28);
    assert_eq!(after[27].line, hours(280));
    assert_eq!(days_left(hours(220), &after), None, "nothing was used in the last week");
    // A week of 8, a pause of two, a week of 24: the line stands still in between and rises three times as fast after.
    let paused = Slots::new(slot("2026-11-02", 1, 8), vec![slot("2026-11-23", 1, 24)]).unwrap();
    let points = burn_down(hours(280), &paused, &by_day, at("2027-01-05T12:00:00Z"));
    let line = |on: &str| points.iter().find(|point| point.day == day(on)).unwrap().line;
    assert_eq!((line("2026-11-02"), line("2026-11-08"), line("2026-11-22")), (hours(10), hours(70), hours(70)));
    assert_eq!((line("2026-11-23"), line("2026-11-29")), (hours(100), hours(280)));
}

#[test]
fn stretches_of_a_job_may_touch_and_not_overlap() {
    let others = [(at("2026-11-10T00:00:00Z"), at("2026-11-10T01:00:00Z"))];
    let row = |start: &str, end: &str| Reading { start: at(start), end: at(end), ..reading() };
    assert!(!overlaps(&row("2026-11-10T01:00:00Z", "2026-11-10T02:00:00Z"), &others));
    assert!(!overlaps(&row("2026-11-09T23:00:00Z", "2026-11-10T00:00:00Z"), &others));
    assert!(overlaps(&row("2026-11-10T00:59:59Z", "2026-11-10T02:00:00Z"), &others));
    assert!(overlaps(&row("2026-11-09T00:00:00Z", "2026-11-11T00:00:00Z"), &others));
    assert!(!overlaps(&reading(), &[]));
}

fn correction(replaces: i64, sequence: i64, gpus: i64, hours: i64) -> Correction {
    let start = "2026-11-10T08:00:00Z".parse::<DateTime<Utc>>().unwrap();
    let reading = Reading { job: "train".to_owned(), sequence, gpus, start, end: start + TimeDelta::hours(hours) };
    Correction { replaces, reading }
}

#[test]
fn a_correction_says_less_and_only_once() {
    let said = correction(0, 0, 8, 10).reading;
    let now = said.end + TimeDelta::days(20);
    let ten_hours_of_eight = GpuTime::hours(80).unwrap();
    let corrected =
        Corrected { reading: said.clone(), is_same_allocation: true, counted: ten_hours_of_eight, corrections: vec![] };
    let of = |correction: &Correction, corrected: &Corrected| correct(correction, Some(corrected), false, now);
    assert_eq!(of(&correction(0, 1, 8, 4), &corrected), Ok(Taken::New(GpuTime::hours(48).unwrap())));
    assert_eq!(of(&correction(0, 1, 0, 10), &corrected), Ok(Taken::New(ten_hours_of_eight)), "it did not run at all");
    let cases = [
        (correction(0, 0, 8, 4), Refused::SequenceNotHigher),
        (correction(0, 1, 8, 10), Refused::NotLower),
        (correction(0, 1, 8, 11), Refused::NotLower),
        (correction(0, 1, 9, 1), Refused::NotLower),
        (correction(0, 1, -1, 1), Refused::GpusNotPositive),
        (correction(0, 1, 8, 0), Refused::EndNotAfterStart),
    ];
    for (correction, refused) in cases {
        assert_eq!(of(&correction, &corrected), Err(refused), "{correction:?}");
    }
    assert_eq!(correct(&correction(0, 1, 8, 4), None, false, now), Err(Refused::UnknownReading));
    assert_eq!(correct(&correction(0, 1, 8, 4), Some(&corrected), true, now), Err(Refused::Conflict));
    let elsewhere = Corrected { is_same_allocation: false, ..corrected.clone() };
    assert_eq!(of(&correction(0, 1, 8, 4), &elsewhere), Err(Refused::UnknownReading));
    let late = said.end + LATE_MAX + TimeDelta::seconds(1);
    assert_eq!(correct(&correction(0, 1, 8, 4), Some(&corrected), false, late), Err(Refused::TooLate));
}

#[test]
fn a_replayed_correction_is_a_duplicate_and_an_overtaken_one_a_conflict() {
    let said = correction(0, 0, 8, 10).reading;
    let now = said.end + TimeDelta::days(1);
    let second = correction(0, 5, 8, 4);
    let corrected = Corrected {
        reading: said,
        is_same_allocation: true,
        counted: GpuTime::hours(32).unwrap(),
        corrections: vec![second.reading.clone()],
    };
    let of = |correction: &Correction| correct(correction, Some(&corrected), false, now);
    assert_eq!(of(&second), Ok(Taken::Duplicate));
    assert_eq!(of(&correction(0, 5, 8, 3)), Err(Refused::Conflict), "the same number with other figures");
    assert_eq!(of(&correction(0, 4, 8, 2)), Err(Refused::Conflict), "sent before the other and come after it");
    assert_eq!(of(&correction(0, 6, 8, 3)), Ok(Taken::New(GpuTime::hours(8).unwrap())));
    assert_eq!(of(&correction(0, 6, 8, 5)), Err(Refused::NotLower));
}

#[test]
fn a_downtime_spoils_what_ran_meanwhile_and_no_more() {
    let at = |hour: i64| "2026-11-10T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hour);
    let hours = |hours| GpuTime::hours(hours).unwrap();
    let ran = [(at(0), at(10), 8, hours(80)), (at(10), at(12), 4, hours(8)), (at(30), at(40), 8, hours(80))];
    assert_eq!(lost(at(8), at(14), 8, &ran), hours(16 + 8));
    assert_eq!(lost(at(8), at(14), 2, &ran), hours(12), "only two were down");
    assert_eq!(lost(at(14), at(20), 8, &ran), hours(0), "nothing ran");
    let corrected = [(at(0), at(10), 8, hours(4))];
    assert_eq!(lost(at(0), at(10), 8, &corrected), hours(4), "what was taken back before is not lost again");
}
