//! The price book: medians, ages, histories, periods, bounds.

use proptest::prelude::*;

use super::*;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn policy() -> PricePolicy {
    PricePolicy {
        valid_from: day(2026, 1, 1),
        quote_days: 30,
        observation_days: 365,
        scarcity_from: BasisPoints::new(8_000),
        scarcity_most: BasisPoints::new(1_000),
    }
}

fn seen(source: &str, micro: i64, on: NaiveDate) -> Observation {
    Observation {
        model: GpuModel::H100,
        rate: Rate::micro_euro(micro),
        source: source.to_owned(),
        address: None,
        observed_on: on,
        counts_from: on.succ_opt().unwrap(),
    }
}

fn reference(rows: &[Observation], on: NaiveDate) -> Option<(i64, usize)> {
    reference_on(rows, &policy(), GpuModel::H100, on).map(|found| (found.rate.as_micro_euro(), found.sources.len()))
}

#[test]
fn the_median_is_the_middle_and_of_two_their_mean_rounded_up() {
    let of = |rates: &[i64]| median(rates.iter().copied().map(Rate::micro_euro)).map(Rate::as_micro_euro);
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[7]), Some(7));
    assert_eq!(of(&[9, 1, 5]), Some(5));
    assert_eq!(of(&[4, 1]), Some(3), "two and a half is three: aid is never reckoned too low");
    assert_eq!(of(&[i64::MAX, i64::MAX]), Some(i64::MAX));
}

#[test]
fn each_source_counts_once_with_its_latest_and_from_the_day_after_it_was_recorded() {
    let rows = [
        seen("a", 3_000_000, day(2026, 3, 1)),
        seen("a", 2_000_000, day(2026, 6, 1)),
        seen("b", 2_600_000, day(2026, 4, 1)),
        seen("c", 9_000_000, day(2026, 5, 1)),
    ];
    assert_eq!(reference(&rows, day(2026, 3, 1)), None, "recorded today counts tomorrow");
    assert_eq!(reference(&rows, day(2026, 3, 2)), Some((3_000_000, 1)));
    assert_eq!(reference(&rows, day(2026, 4, 2)), Some((2_800_000, 2)));
    assert_eq!(reference(&rows, day(2026, 5, 2)), Some((3_000_000, 3)));
    assert_eq!(reference(&rows, day(2026, 6, 1)), Some((3_000_000, 3)));
    assert_eq!(reference(&rows, day(2026, 6, 2)), Some((2_600_000, 3)));
    let named = reference_on(&rows, &policy(), GpuModel::H100, day(2026, 6, 2)).unwrap();
    assert_eq!((named.sources.join(""), named.observed_on), ("abc".to_owned(), day(2026, 6, 1)));
    let late = Observation { counts_from: day(2026, 7, 1), ..seen("d", 1, day(2026, 3, 1)) };
    let rows: Vec<Observation> = rows.into_iter().chain([late]).collect();
    assert_eq!(reference(&rows, day(2026, 6, 2)), Some((2_600_000, 3)), "what is found out later changes no day past");
    assert_eq!(reference(&rows, day(2026, 7, 1)), Some((2_300_000, 4)));
}

#[test]
fn what_is_too_old_counts_only_where_there_is_nothing_else() {
    let rows = [seen("a", 3_000_000, day(2026, 3, 1)), seen("b", 2_000_000, day(2026, 9, 1))];
    assert_eq!(reference(&rows, day(2027, 3, 1)), Some((2_500_000, 2)), "a year old is not too old");
    assert_eq!(reference(&rows, day(2027, 3, 2)), Some((2_000_000, 1)));
    assert_eq!(reference(&rows, day(2030, 1, 1)), Some((2_000_000, 1)), "the newest there is");
    let days: Vec<(NaiveDate, i64)> = history(&rows, &[policy()], GpuModel::H100, day(2027, 12, 31))
        .into_iter()
        .map(|(day, found)| (day, found.rate.as_micro_euro()))
        .collect();
    let expected = [(day(2026, 3, 2), 3_000_000), (day(2026, 9, 2), 2_500_000), (day(2027, 3, 2), 2_000_000)];
    assert_eq!(days, expected);
    assert_eq!(history(&rows, &[policy()], GpuModel::A100, day(2027, 1, 1)), []);
}

#[test]
fn a_site_has_its_own_price_for_its_days_and_the_programmes_otherwise() {
    let site = SiteId::from_uuid(uuid::Uuid::from_u128(1));
    let row = |site, micro, valid_from, valid_until| Tariff {
        model: GpuModel::H100,
        site,
        list_rate: Rate::micro_euro(micro),
        source: "list".to_owned(),
        valid_from,
        valid_until,
    };
    let rows = [
        row(None, 2_800_000, day(2026, 1, 1), None),
        row(None, 2_700_000, day(2027, 1, 1), None),
        row(Some(site), 2_500_000, day(2026, 12, 1), Some(day(2027, 2, 28))),
    ];
    let at = |site, on| list_on(&rows, site, GpuModel::H100, on).map(|row| row.list_rate.as_micro_euro());
    assert_eq!(at(Some(site), day(2025, 12, 31)), None);
    assert_eq!(at(Some(site), day(2026, 11, 30)), Some(2_800_000));
    assert_eq!(at(Some(site), day(2026, 12, 1)), Some(2_500_000));
    assert_eq!(at(None, day(2026, 12, 1)), Some(2_800_000));
    assert_eq!(at(Some(site), day(2027, 2, 28)), Some(2_500_000), "its last day is in");
    assert_eq!(at(Some(site), day(2027, 3, 1)), Some(2_700_000));
}

#[test]
fn scarcity_begins_at_the_share_of_the_policy_and_ends_at_its_bound() {
    let of = |taken| policy().scarcity(taken, 1_000).get();
    assert_eq!([of(0), of(800), of(900), of(1_000), of(5_000)], [0, 0, 500, 1_000, 1_000]);
    assert_eq!(policy().scarcity(5, 0), BasisPoints::ZERO, "nothing is published there");
    let never = PricePolicy { scarcity_from: BasisPoints::WHOLE, ..policy() };
    assert_eq!(never.scarcity(10, 10), BasisPoints::ZERO);
}

#[test]
fn a_policy_is_in_force_from_its_day() {
    let next = PricePolicy { valid_from: day(2027, 1, 1), quote_days: 14, ..policy() };
    let rows = [policy(), next];
    let days = |on| policy_on(&rows, on).map(|row| row.quote_days);
    assert_eq!([days(day(2025, 12, 31)), days(day(2026, 12, 31)), days(day(2027, 1, 1))], [None, Some(30), Some(14)]);
}

#[test]
fn an_observation_is_of_a_day_that_was_and_names_its_source() {
    let today = day(2026, 11, 23);
    let typed = TypedObservation {
        model: "H100".to_owned(),
        rate: "2995".to_owned(),
        source: "A cloud".to_owned(),
        address: String::new(),
        observed_on: "2026-11-23".to_owned(),
    };
    let problems = |typed: &TypedObservation| read_observation(typed, today).unwrap_err().0;
    assert_eq!(problems(&typed)[0].1, Problem::TooLarge { max: 1_000 });
    let typed = TypedObservation { rate: "2,995".to_owned(), ..typed };
    let read = read_observation(&typed, today).unwrap();
    assert_eq!((read.rate, read.counts_from), (Rate::micro_euro(2_995_000), day(2026, 11, 24)));
    let wrong = TypedObservation {
        model: "Z80".to_owned(),
        rate: "0".to_owned(),
        source: " ".to_owned(),
        address: "ftp://x".to_owned(),
        observed_on: "2026-11-24".to_owned(),
    };
    let expected = [
        ("model", Problem::NotAChoice),
        ("rate", Problem::NotPositive),
        ("source", Problem::Required),
        ("address", Problem::NotAnAddress),
        ("observed_on", Problem::InTheFuture),
    ];
    assert_eq!(problems(&wrong), expected.map(|(field, problem)| (field.to_owned(), problem)));
}

#[test]
fn a_list_price_begins_on_a_day_to_come_and_ends_no_sooner() {
    let today = day(2026, 11, 23);
    let typed = |from: &str, until: &str, site: &str| TypedList {
        list_model: "H100".to_owned(),
        site: site.to_owned(),
        list_rate: "2.50".to_owned(),
        valid_from: from.to_owned(),
        valid_until: until.to_owned(),
        reason: "As decided in May.".to_owned(),
    };
    let read = |typed: &TypedList| read_list(typed, &["alpha"], today);
    let problem = |typed: &TypedList| read(typed).unwrap_err().0.remove(0);
    assert_eq!(problem(&typed("2026-11-23", "", "")), ("valid_from".to_owned(), Problem::InThePast));
    assert_eq!(problem(&typed("2026-12-01", "2026-11-30", "")), ("valid_until".to_owned(), Problem::TooSoon));
    assert_eq!(problem(&typed("2026-12-01", "", "beta")), ("site".to_owned(), Problem::NotAChoice));
    assert_eq!(problem(&typed("soon", "2026-11-30", "")), ("valid_from".to_owned(), Problem::NotADate));
    let wanted = read(&typed("2026-11-24", "2026-11-24", "alpha")).unwrap();
    assert_eq!((wanted.rate, wanted.site.as_deref()), (Rate::micro_euro(2_500_000), Some("alpha")));
}

proptest! {
    #[test]
    fn scarcity_never_leaves_its_bounds_and_never_falls(taken in -10_i64..2_000, more in 0_i64..100, offered in -5_i64..1_500) {
        let (less, greater) = (policy().scarcity(taken, offered), policy().scarcity(taken + more, offered));
        prop_assert!(less >= BasisPoints::ZERO && greater <= policy().scarcity_most && less <= greater);
    }

    #[test]
    fn a_median_lies_between_the_least_and_the_most(rates in prop::collection::vec(0_i64..100_000_000, 1..20)) {
        let found = median(rates.iter().copied().map(Rate::micro_euro)).unwrap().as_micro_euro();
        prop_assert!(rates.iter().any(|rate| *rate <= found) && rates.iter().any(|rate| *rate >= found));
    }
}

#[test]
fn a_policy_is_read_with_every_fault_at_its_field() {
    let typed = |field: &str, text: &str| {
        let of = |name: &str, right: &str| if name == field { text.to_owned() } else { right.to_owned() };
        TypedPolicy {
            valid_from: of("valid_from", "2026-12-01"),
            quote_days: of("quote_days", "30"),
            observation_days: of("observation_days", "365"),
            scarcity_from: of("scarcity_from", "80"),
            scarcity_most: of("scarcity_most", "10.5"),
            reason: of("reason", "Decided."),
        }
    };
    let today = day(2026, 11, 30);
    let (read, reason) = read_policy(&typed("", ""), today).unwrap();
    assert_eq!((read.scarcity_from, read.scarcity_most), (BasisPoints::new(8_000), BasisPoints::new(1_050)));
    assert_eq!((read.valid_from, read.quote_days, reason.as_str()), (day(2026, 12, 1), 30, "Decided."));
    let cases = [
        ("valid_from", "2026-11-30", Problem::InThePast),
        ("valid_from", "soon", Problem::NotADate),
        ("quote_days", "", Problem::Required),
        ("quote_days", "366", Problem::TooLarge { max: 365 }),
        ("observation_days", "9999999999", Problem::TooLarge { max: 3_650 }),
        ("scarcity_from", "-1", Problem::TooSmall { min: 0 }),
        ("scarcity_from", "100.01", Problem::TooLarge { max: 100 }),
        ("scarcity_most", "99999999999", Problem::TooLarge { max: 100 }),
        ("scarcity_most", "a tenth", Problem::NotANumber),
        ("reason", " ", Problem::ReasonRequired),
    ];
    for (field, text, problem) in cases {
        let found = read_policy(&typed(field, text), today).unwrap_err();
        assert!(found.of(field).any(|one| one == problem), "{field} {text:?}: {found}");
    }
}
