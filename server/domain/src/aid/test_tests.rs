//! The test of a grant, rule by rule.

use super::*;
use crate::{gpu::GpuModel, pricing::Quote, vat::Treatment};

fn at(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn quote(regime: Regime) -> Quote {
    Quote {
        model: GpuModel::H100,
        gpu_time: GpuTime::ZERO,
        list_rate: Rate::micro_euro(2_800_000),
        list: Money::ZERO,
        subsidy_share: BasisPoints::new(7_000),
        subsidy: Money::ZERO,
        pot: "participating_state".to_owned(),
        regime,
        own: Money::ZERO,
        vat_treatment: Treatment::Domestic,
        vat_rate: BasisPoints::ZERO,
        vat: Money::ZERO,
        due: Money::ZERO,
        priced_on: at(2026, 11, 23),
        price_source: "list".to_owned(),
        derivation: None,
    }
}

/// 5,000 hours of an H100 at 2.80, of which 70 % is aid: 9,800 of 14,000.
fn facts(regime: Regime, article: Article) -> Facts {
    let organisation = OrganisationId::from_uuid(uuid::Uuid::from_u128(1));
    Facts {
        on: at(2026, 11, 28),
        state: Country::from_code("FR").unwrap(),
        pot: "participating_state".to_owned(),
        regime,
        article,
        has_bonus: false,
        has_tail: false,
        organisation,
        members: vec![Member { id: organisation, name: "Alpha".to_owned() }],
        nace: "62.10".to_owned(),
        size_class: SizeClass::Small,
        gpu_time: GpuTime::hours(5_000).unwrap(),
        list_rate: Rate::micro_euro(2_800_000),
        price_source: "list".to_owned(),
        priced_on: at(2026, 11, 23),
        cost: Money::cents(1_400_000),
        amount: Money::cents(980_000),
        aid: vec![],
        declared: Some(Declared {
            on: at(2026, 11, 20),
            text_version: 1,
            same_costs: Money::ZERO,
            in_difficulty: false,
            owes_recovery: false,
        }),
        submitted_on: Some(at(2026, 11, 20)),
        starts_on: Some(at(2026, 12, 7)),
        not_started: true,
        pots: vec![("union".to_owned(), Regime::UnionResources)],
    }
}

fn had(cents: i64, granted_on: NaiveDate) -> Counted {
    let organisation = OrganisationId::from_uuid(uuid::Uuid::from_u128(1));
    Counted { organisation, amount: Money::cents(cents), granted_on, grant: None, authority: String::new() }
}

fn fault(facts: Facts) -> Option<(&'static str, Problem)> {
    let quote = quote(facts.regime);
    test(facts, &quote).unwrap().fault()
}

#[test]
fn de_minimis_rule_by_rule() {
    type Case = (&'static str, fn(&mut Facts), Option<(&'static str, Problem)>);
    let cases: [Case; 11] = [
        ("as it is", |_| (), None),
        ("other aid for the rest", |f| f.declared.as_mut().unwrap().same_costs = Money::cents(420_000), None),
        (
            "other aid for more",
            |f| f.declared.as_mut().unwrap().same_costs = Money::cents(420_001),
            Some(("hours", Problem::AidCumulation)),
        ),
        ("to the cent", |f| f.aid = vec![had(29_020_000, at(2025, 1, 1))], None),
        (
            "a cent over",
            |f| f.aid = vec![had(29_020_001, at(2025, 1, 1))],
            Some(("hours", Problem::AidCeiling { max: 9_799 })),
        ),
        ("three years ago", |f| f.aid = vec![had(30_000_000, at(2023, 11, 28))], None),
        ("farming", |f| f.nace = "01.11".to_owned(), Some(("", Problem::AidSector))),
        ("no declaration", |f| f.declared = None, Some(("", Problem::AidDeclaration))),
        ("an old one", |f| f.on = at(2027, 5, 21), Some(("", Problem::AidDeclaration))),
        ("needed no more", |f| (f.on, f.declared) = (at(2029, 1, 2), None), None),
        ("after the Regulation", |f| f.on = at(2031, 1, 1), Some(("", Problem::AidNotInForce))),
    ];
    for (what, change, expected) in cases {
        let mut facts = facts(Regime::DeMinimis, Article::DeMinimis);
        change(&mut facts);
        assert_eq!(fault(facts), expected, "{what}");
    }
}

#[test]
fn a_refusal_names_what_could_be_had_instead() {
    let mut over = facts(Regime::DeMinimis, Article::DeMinimis);
    over.aid = vec![had(29_510_000, at(2025, 1, 1))];
    let tested = test(over, &quote(Regime::DeMinimis)).unwrap();
    assert!(!tested.holds());
    assert_eq!(tested.room.as_ref().unwrap().left, Money::cents(490_000));
    let half = Alternative::FewerHours { gpu_time: GpuTime::hours(2_500).unwrap(), amount: Money::cents(490_000) };
    assert_eq!(tested.alternatives.first(), Some(&half));
    assert_eq!(tested.alternatives.len(), 4);
    let fits = test(facts(Regime::DeMinimis, Article::DeMinimis), &quote(Regime::DeMinimis)).unwrap();
    assert!(fits.holds() && fits.alternatives.is_empty());
}

#[test]
fn the_exemption_rule_by_rule() {
    type Case = (&'static str, fn(&mut Facts), Option<(&'static str, Problem)>);
    let cases: [Case; 14] = [
        ("as it is", |_| (), None),
        ("a medium firm", |f| f.size_class = SizeClass::Medium, Some(("", Problem::AidIntensity))),
        ("with the bonus", |f| (f.size_class, f.has_bonus) = (SizeClass::Medium, true), None),
        ("development", |f| f.article = Article::Experimental, Some(("", Problem::AidIntensity))),
        (
            "support of a large firm",
            |f| (f.article, f.size_class) = (Article::SmeSupport, SizeClass::Large),
            Some(("", Problem::AidIntensity)),
        ),
        ("support", |f| f.article = Article::SmeSupport, None),
        (
            "support above its cap",
            |f| (f.article, f.aid) = (Article::SmeSupport, vec![had(21_020_001, at(2025, 1, 1))]),
            Some(("hours", Problem::AidCeiling { max: 9_799 })),
        ),
        ("had before", |f| f.aid = vec![had(90_000_000, at(2025, 1, 1))], None),
        (
            "other aid for the same",
            |f| f.declared.as_mut().unwrap().same_costs = Money::cents(1),
            Some(("hours", Problem::AidCumulation)),
        ),
        ("in difficulty", |f| f.declared.as_mut().unwrap().in_difficulty = true, Some(("", Problem::AidDifficulty))),
        ("a recovery order", |f| f.declared.as_mut().unwrap().owes_recovery = true, Some(("", Problem::AidRecovery))),
        ("begun before", |f| f.starts_on = Some(at(2026, 11, 19)), Some(("", Problem::AidIncentive))),
        ("said to have begun", |f| f.not_started = false, Some(("", Problem::AidIncentive))),
        ("after the Regulation", |f| f.on = at(2027, 1, 4), Some(("", Problem::AidNotInForce))),
    ];
    for (what, change, expected) in cases {
        let mut facts = facts(Regime::Gber, Article::Industrial);
        change(&mut facts);
        assert_eq!(fault(facts), expected, "{what}");
    }
    let mut tail = facts(Regime::Gber, Article::Industrial);
    (tail.on, tail.has_tail) = (at(2027, 1, 4), true);
    assert_eq!(fault(tail), None, "the scheme says that it uses the tail");
}

#[test]
fn money_of_the_union_has_no_rules() {
    let tested = test(facts(Regime::UnionResources, Article::DeMinimis), &quote(Regime::UnionResources)).unwrap();
    assert!(tested.holds() && tested.checks.is_empty());
}
