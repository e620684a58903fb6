//! Caps by day, room in all of them at once, and forms.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn h(hours: i64) -> GpuTime {
    GpuTime::hours(hours).unwrap()
}

fn company(number: u128) -> OrganisationId {
    OrganisationId::from_uuid(Uuid::from_u128(number))
}

fn cap(number: u128, scope: Scope, hours: Option<i64>, from: &str) -> Cap {
    let id = QuotaId::from_uuid(Uuid::from_u128(number));
    Cap { id, scope, most: hours.map(h), valid_from: day(from), counts_from: None }
}

fn standing(kind: Kind, most: i64, bound: i64) -> Standing {
    Standing { id: QuotaId::from_uuid(Uuid::from_u128(1)), kind, most: h(most), bound: h(bound), reserved: h(0) }
}

#[test]
fn of_each_scope_the_latest_cap_that_has_begun_is_in_force() {
    let (one, other) = (Scope::Organisation(company(1)), Scope::Country(Country::from_code("FR").unwrap()));
    let caps = [
        cap(1, other.clone(), Some(900), "2026-01-01"),
        cap(2, one.clone(), Some(100), "2026-01-01"),
        cap(3, one.clone(), Some(200), "2026-03-01"),
        // Set later on the same day.
        cap(4, one.clone(), Some(300), "2026-03-01"),
        cap(5, one.clone(), None, "2026-06-01"),
        cap(6, one.clone(), Some(50), "2027-01-01"),
        // The same company's group is another scope.
        cap(7, Scope::Group(company(1)), Some(70), "2026-02-01"),
    ];
    let ids = |on: &str| -> Vec<u128> { in_force(&caps, day(on)).iter().map(|cap| cap.id.uuid().as_u128()).collect() };
    assert_eq!(ids("2025-12-31"), [0_u128; 0]);
    assert_eq!(ids("2026-01-01"), [2, 1]);
    assert_eq!(ids("2026-02-28"), [2, 7, 1]);
    assert_eq!(ids("2026-03-01"), [4, 7, 1]);
    assert_eq!(ids("2026-06-01"), [7, 1], "lifted");
    assert_eq!(ids("2027-01-01"), [6, 7, 1]);
}

#[test]
fn every_full_quota_is_named_with_what_is_free() {
    let standings = [
        standing(Kind::Organisation, 100, 40),
        standing(Kind::Group, 500, 480),
        standing(Kind::Country, 1_000, 100),
        standing(Kind::Pot, 50, 70),
    ];
    assert_eq!(check(&standings[..1], h(60), ""), Ok(()), "to the last hour");
    let refused = check(&standings, h(61), "hours").unwrap_err();
    let at = |problem| ("hours".to_owned(), problem);
    assert_eq!(
        refused.0,
        [
            at(Problem::QuotaOrganisation { free: 60 }),
            at(Problem::QuotaGroup { free: 20 }),
            at(Problem::QuotaPot { free: 0 }),
        ]
    );
    assert_eq!(check(&[], h(1_000_000), ""), Ok(()), "who has no quota is not limited");
    assert_eq!(standings[3].free(), GpuTime::ZERO, "a cap lowered below what is bound");
    assert_eq!(standings[3].share().get(), 14_000);
    assert_eq!(standings[0].with(h(60)).share(), BasisPoints::WHOLE);
}

#[test]
fn what_is_kept_for_a_call_is_free_for_nobody_else() {
    let pot = Standing { reserved: unfilled(&[(h(300), h(100)), (h(50), h(80))]), ..standing(Kind::Pot, 1_000, 400) };
    assert_eq!((pot.reserved, pot.free()), (h(200), h(400)));
    assert_eq!(check(std::slice::from_ref(&pot), h(401), "").unwrap_err().0[0].1, Problem::QuotaPot { free: 400 });
    assert_eq!(check(&[standing(Kind::Reserve, 300, 300)], h(1), ""), Ok(()), "a slice limits nobody");
    let over = Standing { reserved: h(700), ..pot };
    assert_eq!(over.free(), GpuTime::ZERO);
}

proptest! {
    #[test]
    fn whatever_passes_never_takes_a_quota_over_its_cap(most in 1_i64..1_000_000, parts in proptest::collection::vec(1_i64..100_000, 1..40)) {
        let mut one = standing(Kind::Call, most, 0);
        for part in parts {
            if check(std::slice::from_ref(&one), h(part), "").is_ok() {
                one = one.with(h(part));
            }
            prop_assert!(one.bound <= one.most);
        }
    }
}

#[test]
fn the_latest_policy_that_has_begun_counts() {
    let policy = |from: &str, first| Policy { valid_from: day(from), steps: [first, 95], grace: TimeDelta::hours(24) };
    let rows = [policy("2026-01-01", 80), policy("2027-01-01", 70)];
    let first = |on: &str| policy_on(&rows, day(on)).map(|row| row.steps[0]);
    assert_eq!((first("2025-12-31"), first("2026-12-31"), first("2027-01-01")), (None, Some(80), Some(70)));
}

fn typed(kind: &str) -> TypedQuota {
    TypedQuota {
        kind: kind.to_owned(),
        company: " Acme SAS ".to_owned(),
        country: "FR".to_owned(),
        call: Uuid::from_u128(7).to_string(),
        pot: "union".to_owned(),
        site: String::new(),
        hours: "12 000".to_owned(),
        valid_from: "2026-12-01".to_owned(),
        counts_from: String::new(),
        reason: "As the board decided.".to_owned(),
    }
}

#[test]
fn a_form_is_read_for_its_kind_only() {
    let pots = ["union".to_owned()];
    let today = day("2026-11-28");
    let of = |typed: TypedQuota| read(&typed, &pots, today).map(|read| read.of);
    assert_eq!(of(typed("organisation")), Ok(Wanted::Company(Kind::Organisation, "Acme SAS".to_owned())));
    assert_eq!(of(typed("country")), Ok(Wanted::Other(Scope::Country(Country::from_code("FR").unwrap()))));
    assert_eq!(of(typed("call")), Ok(Wanted::Other(Scope::Call(CallId::from_uuid(Uuid::from_u128(7))))));
    assert_eq!(of(typed("pot")), Ok(Wanted::Other(Scope::Pot("union".to_owned(), None))));
    let here = Uuid::from_u128(9).to_string();
    let at = Some(SiteId::from_uuid(Uuid::from_u128(9)));
    let there = of(TypedQuota { site: here.clone(), ..typed("pot") });
    assert_eq!(there, Ok(Wanted::Other(Scope::Pot("union".to_owned(), at))));
    let slice = Slice { pot: "union".to_owned(), site: at, call: CallId::from_uuid(Uuid::from_u128(7)) };
    let kept = of(TypedQuota { site: here, ..typed("reserve") });
    assert_eq!(kept, Ok(Wanted::Other(Scope::Reserve(slice))));
    let nowhere = of(TypedQuota { site: "here".to_owned(), ..typed("pot") });
    assert_eq!(nowhere, Err(Invalid::one("site", Problem::NotAChoice)));
    assert_eq!(of(typed("project")), Err(Invalid::one("kind", Problem::NotAChoice)), "a company's own");
    let wrong =
        TypedQuota { pot: "treasure".to_owned(), hours: "0".to_owned(), reason: " ".to_owned(), ..typed("pot") };
    let invalid = of(TypedQuota { valid_from: "2026-11-27".to_owned(), ..wrong }).unwrap_err();
    let fields: Vec<&str> = invalid.0.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["pot", "hours", "valid_from", "reason"]);
    assert_eq!(of(typed("")), Err(Invalid::one("kind", Problem::Required)));
    let lifted = read(&TypedQuota { hours: String::new(), ..typed("pot") }, &pots, today).unwrap();
    assert_eq!((lifted.most, lifted.counts_from), (None, None));
}
