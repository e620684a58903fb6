//! The cases that the size test was specified with, then its traps.

use proptest::prelude::*;

use super::*;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn now() -> NaiveDate {
    day(2026, 11, 23)
}

/// Before small mid-caps were a class of their own.
fn before_mid_caps() -> NaiveDate {
    day(2025, 5, 20)
}

/// People, and thousands of euro.
fn figures(people: i64, turnover: i64, balance: i64) -> Figures {
    Figures {
        staff: Staff::people(people),
        turnover: Money::cents(turnover * 100_000),
        balance: Money::cents(balance * 100_000),
    }
}

fn year(ends: i32, figures: Figures) -> Year {
    Year { ends: day(ends, 12, 31), figures, estimated: false }
}

fn holder(kind: HolderKind, percent: i32, figures: Option<Figures>) -> Holding {
    Holding {
        name: format!("{} {percent}", kind.code()),
        direction: Direction::Upstream,
        kind,
        share: BasisPoints::new(percent * 100),
        controls: false,
        acts_with: None,
        figures,
        beneath: Vec::new(),
    }
}

fn enterprise(percent: i32, people: i64) -> Holding {
    holder(HolderKind::Enterprise, percent, Some(figures(people, 0, 0)))
}

fn below(mut holding: Holding) -> Holding {
    holding.direction = Direction::Downstream;
    holding
}

fn assess_one(figures: Figures, relations: &[Holding], on: NaiveDate) -> Assessment {
    assess(&[year(2025, figures)], relations, on).unwrap()
}

fn staff(assessment: &Assessment) -> i64 {
    assessment.years.last().unwrap().total.staff.as_hundredths()
}

#[test]
fn the_ceilings_are_strict_for_staff_and_not_for_money() {
    use SizeClass::{Large, Medium, Micro, Small, SmallMidCap};
    let cases = [
        (9, 2_000, 2_000, Micro),
        (9, 2_001, 2_000, Micro),
        (9, 2_001, 2_001, Small),
        (10, 2_000, 2_000, Small),
        (49, 10_000, 90_000, Small),
        (50, 10_000, 10_000, Medium),
        (249, 60_000, 43_000, Medium),
        (249, 50_010, 43_010, SmallMidCap),
        (250, 1_000, 1_000, SmallMidCap),
        (749, 150_000, 500_000, SmallMidCap),
        (749, 150_001, 129_001, Large),
        (750, 1_000, 1_000, Large),
    ];
    for (people, turnover, balance, class) in cases {
        let found = assess_one(figures(people, turnover, balance), &[], now()).class;
        assert_eq!(found, class, "{people} people, {turnover} / {balance} thousand");
    }
}

#[test]
fn what_is_now_a_small_mid_cap_was_large() {
    let just_over = figures(249, 50_010, 43_010);
    assert_eq!(assess_one(just_over, &[], before_mid_caps()).class, SizeClass::Large);
    assert_eq!(assess_one(just_over, &[], day(2025, 5, 21)).class, SizeClass::SmallMidCap);
    assert!(!assess_one(just_over, &[], now()).class.is_sme());
}

#[test]
fn part_time_staff_count_in_parts() {
    let mut nine_and_a_bit = figures(9, 0, 0);
    nine_and_a_bit.staff = Staff::hundredths(999);
    assert_eq!(assess_one(nine_and_a_bit, &[], now()).class, SizeClass::Micro);
}

#[test]
fn a_partner_is_added_by_its_share() {
    let found = assess_one(figures(40, 1_000, 1_000), &[enterprise(30, 40)], now());
    assert_eq!((staff(&found), found.class), (5_200, SizeClass::Medium));
    let line = &found.years[0].lines[1];
    assert_eq!((line.relation, line.counted.staff), (Relation::Partner, Staff::people(12)));
}

#[test]
fn a_parent_is_added_whole() {
    let parent = enterprise(51, 300);
    let found = assess_one(figures(8, 100, 100), std::slice::from_ref(&parent), now());
    assert_eq!((staff(&found), found.class), (30_800, SizeClass::SmallMidCap));
    assert_eq!(assess_one(figures(8, 100, 100), &[parent], before_mid_caps()).class, SizeClass::Large);
}

#[test]
fn the_borders_of_partner_and_linked() {
    let cases = [
        (24, 0, Relation::Autonomous),
        (25, 25, Relation::Partner),
        (50, 50, Relation::Partner),
        (51, 100, Relation::Linked),
    ];
    for (percent, added, relation) in cases {
        for holding in [enterprise(percent, 100), below(enterprise(percent, 100))] {
            let found = assess_one(figures(1, 0, 0), &[holding], now());
            assert_eq!(staff(&found), 100 + added * 100, "{percent} %");
            assert_eq!(found.years[0].lines[1].relation, relation, "{percent} %");
        }
    }
    let mut board = enterprise(10, 100);
    board.controls = true;
    assert_eq!(staff(&assess_one(figures(1, 0, 0), &[board], now())), 10_100);
}

#[test]
fn one_year_alone_changes_nothing_and_two_do() {
    let (small, medium) = (figures(40, 1_000, 1_000), figures(60, 1_000, 1_000));
    let class = |list: &[Figures]| {
        let years: Vec<Year> = (2020..).zip(list).map(|(ends, figures)| year(ends, *figures)).collect();
        let found = assess(&years, &[], now()).unwrap();
        (found.class, found.kept_from_before)
    };
    assert_eq!(class(&[small, medium]), (SizeClass::Small, true));
    assert_eq!(class(&[small, medium, medium]), (SizeClass::Medium, false));
    assert_eq!(class(&[small, medium, small]), (SizeClass::Small, false));
    assert_eq!(class(&[medium, small]), (SizeClass::Medium, true));
    assert_eq!(class(&[medium, small, small]), (SizeClass::Small, false));
    assert_eq!(class(&[small, medium, figures(400, 1, 1), figures(400, 1, 1)]), (SizeClass::SmallMidCap, false));
    assert_eq!(class(&[small, medium, figures(400, 1, 1)]), (SizeClass::Medium, true));
}

#[test]
fn a_takeover_tells_at_once() {
    let years = [year(2024, figures(8, 100, 100)), year(2025, figures(8, 100, 100))];
    let bought = assess(&years, &[enterprise(100, 5_000)], now()).unwrap();
    assert_eq!((bought.class, bought.kept_from_before), (SizeClass::Large, false));
}

#[test]
fn exempt_investors_are_not_counted_up_to_half() {
    for kind in HolderKind::ALL.into_iter().filter(|kind| kind.is_exempt()) {
        let found = assess_one(figures(9, 100, 100), &[holder(kind, 50, Some(figures(900, 0, 0)))], now());
        assert_eq!((found.class, found.years[0].lines[1].relation), (SizeClass::Micro, Relation::Exempt), "{kind:?}");
        let over = assess_one(figures(9, 100, 100), &[holder(kind, 51, Some(figures(900, 0, 0)))], now());
        assert_eq!(over.class, SizeClass::Large, "{kind:?}");
    }
}

#[test]
fn exempt_investors_linked_with_each_other_are() {
    let mut funds = [
        holder(HolderKind::VentureCapital, 30, Some(figures(300, 0, 0))),
        holder(HolderKind::VentureCapital, 25, Some(figures(100, 0, 0))),
    ];
    assert_eq!(assess_one(figures(9, 100, 100), &funds, now()).class, SizeClass::Micro);
    for fund in &mut funds {
        fund.acts_with = Some(1);
    }
    let found = assess_one(figures(9, 100, 100), &funds, now());
    assert_eq!(staff(&found), 40_900);
    assert!(!found.class.is_sme());
}

#[test]
fn a_fund_with_the_majority_links_its_whole_portfolio() {
    let mut fund = holder(HolderKind::VentureCapital, 60, Some(figures(5, 0, 0)));
    fund.beneath = vec![below(enterprise(80, 200)), below(enterprise(70, 100)), below(enterprise(20, 900))];
    let found = assess_one(figures(10, 100, 100), &[fund], now());
    assert_eq!(staff(&found), 31_500);
}

#[test]
fn chains_go_through_what_is_linked_and_stop_at_partners_of_partners() {
    let mut parent = enterprise(100, 10);
    parent.beneath = vec![below(enterprise(60, 20)), enterprise(40, 50)];
    let found = assess_one(figures(5, 0, 0), &[parent], now());
    assert_eq!(staff(&found), 500 + 1_000 + 2_000 + 2_000);

    let mut partner = enterprise(30, 100);
    partner.beneath = vec![enterprise(90, 200), below(enterprise(40, 1_000))];
    let found = assess_one(figures(5, 0, 0), &[partner], now());
    assert_eq!(staff(&found), 500 + 3_000 + 6_000);
}

#[test]
fn a_person_links_only_what_they_control() {
    let mut founder = holder(HolderKind::Person, 70, None);
    founder.beneath = vec![below(enterprise(100, 30)), below(enterprise(40, 500))];
    let found = assess_one(figures(5, 0, 0), &[founder.clone()], now());
    assert_eq!((staff(&found), found.incomplete), (3_500, false));
    founder.share = BasisPoints::new(4_000);
    assert_eq!(staff(&assess_one(figures(5, 0, 0), &[founder], now())), 500);
}

#[test]
fn public_bodies_exclude_from_a_quarter_on() {
    let body = |percent| holder(HolderKind::PublicBody, percent, Some(figures(0, 0, 0)));
    assert_eq!(assess_one(figures(5, 0, 0), &[body(24)], now()).class, SizeClass::Micro);
    for owners in [vec![body(25)], vec![body(12), body(13)]] {
        let found = assess_one(figures(5, 0, 0), &owners, now());
        assert_eq!((found.class, found.public_excludes), (SizeClass::Large, true));
    }
    let mut owned = enterprise(26, 1);
    owned.beneath = vec![body(51)];
    assert!(assess_one(figures(5, 0, 0), &[owned], now()).public_excludes);
    let university = holder(HolderKind::University, 30, None);
    assert!(!assess_one(figures(5, 0, 0), &[university], now()).public_excludes);
}

#[test]
fn a_counted_holding_without_figures_is_said_to_be_missing() {
    assert!(assess_one(figures(5, 0, 0), &[holder(HolderKind::Enterprise, 30, None)], now()).incomplete);
    assert!(!assess_one(figures(5, 0, 0), &[holder(HolderKind::Enterprise, 20, None)], now()).incomplete);
    assert_eq!(assess(&[], &[], now()), None);
}

#[test]
fn thirds_are_not_rounded_before_the_test() {
    let mut third = enterprise(33, 0);
    third.share = BasisPoints::new(3_333);
    third.figures = Some(Figures { staff: Staff::hundredths(3), ..Figures::default() });
    let mut own = figures(9, 0, 0);
    own.staff = Staff::hundredths(999);
    // 9.99 + 0.9999 hundredths is just under ten people, though it shows as 10.00.
    let found = assess_one(own, &[third], now());
    assert_eq!((staff(&found), found.class), (1_000, SizeClass::Micro));
}

proptest! {
    #[test]
    fn more_never_makes_smaller(people in 0_i64..1_000, turnover in 0_i64..200_000, balance in 0_i64..200_000,
                                more in 0_i64..500, share in 0_i32..=100) {
        let before = assess_one(figures(people, turnover, balance), &[], now()).class;
        let grown = assess_one(figures(people + more, turnover + more, balance + more), &[], now()).class;
        let owned = assess_one(figures(people, turnover, balance), &[enterprise(share, more)], now()).class;
        prop_assert!(grown >= before);
        prop_assert!(owned >= before);
    }

    #[test]
    fn a_bigger_share_never_adds_less(share in 0_i32..100, people in 0_i64..500) {
        let added = |percent| staff(&assess_one(figures(0, 0, 0), &[enterprise(percent, people)], now()));
        prop_assert!(added(share) <= added(share + 1));
    }
}
