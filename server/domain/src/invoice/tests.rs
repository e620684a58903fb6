//! Invoices by example, and the sums that must hold for any.

use proptest::prelude::*;

use super::*;
use crate::vat::Treatment;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn vat(treatment: Treatment, rate: i32) -> Applied {
    Applied { treatment, rate: BasisPoints::new(rate), country: Country::from_code("DE").unwrap() }
}

fn used(seconds: i64, micro: i64, share: i32) -> Use {
    Use {
        allocation: AllocationId::from_uuid(uuid::Uuid::from_u128(1)),
        reference: "GH-PG-2026-00042".to_owned(),
        site: "Lumen".to_owned(),
        model: GpuModel::H100,
        first_day: day(2026, 11, 1),
        last_day: day(2026, 11, 30),
        gpu_time: GpuTime::seconds(seconds),
        terms: Terms {
            list_rate: Rate::micro_euro(micro),
            subsidy_share: BasisPoints::new(share),
            pot: "union".to_owned(),
            regime: "de_minimis".to_owned(),
            is_split: false,
        },
    }
}

#[test]
fn four_hundred_hours_with_sixty_percent_subsidy() {
    let uses = [used(400 * 3_600, 2_500_000, 6_000)];
    let sums = build(&uses, vat(Treatment::Domestic, 1_900)).unwrap().unwrap();
    assert_eq!(
        (sums.list, sums.subsidy, sums.own),
        (Money::cents(100_000), Money::cents(60_000), Money::cents(40_000))
    );
    assert_eq!((sums.vat, sums.total, sums.kind), (Money::cents(7_600), Money::cents(47_600), Kind::Invoice));
    let sums = build(&uses, vat(Treatment::ReverseCharge, 0)).unwrap().unwrap();
    assert_eq!((sums.vat, sums.total), (Money::ZERO, Money::cents(40_000)));
    assert_eq!(sums.taxes.len(), 1, "a tax of nothing is still said, with its reason");
}

#[test]
fn vat_is_rounded_once_and_not_per_line() {
    let uses = [used(3_600, 10_030_000, 0), used(3_600, 10_030_000, 0), used(3_600, 10_030_000, 0)];
    let sums = build(&uses, vat(Treatment::Domestic, 1_900)).unwrap().unwrap();
    assert_eq!(sums.vat, Money::cents(572), "per line it would be 573");
}

#[test]
fn a_free_award_gets_a_statement_of_aid() {
    let sums = build(&[used(3_600_000, 2_500_000, 10_000)], vat(Treatment::Domestic, 1_900)).unwrap().unwrap();
    assert_eq!((sums.kind, sums.total, sums.subsidy), (Kind::Statement, Money::ZERO, Money::cents(250_000)));
    assert!(sums.taxes.is_empty());
}

#[test]
fn nothing_used_is_no_document() {
    assert_eq!(build(&[], vat(Treatment::Domestic, 1_900)), Ok(None));
    assert_eq!(build(&[used(0, 2_500_000, 0)], vat(Treatment::Domestic, 1_900)), Ok(None));
}

#[test]
fn numbers_begin_anew_each_year() {
    assert_eq!(Series::Invoice.number(day(2026, 12, 31), 42), "GH-INV-2026-00042");
    assert_eq!(Series::Statement.number(day(2027, 1, 1), 1), "GH-AID-2027-00001");
    assert_ne!(Series::Invoice.counter(day(2026, 12, 31)), Series::Invoice.counter(day(2027, 1, 1)));
}

#[test]
fn standing_by_day_and_money() {
    let due = Some(due_on(day(2026, 12, 1)));
    assert_eq!(due, Some(day(2026, 12, 31)));
    let of = |received, refunded, today| {
        let (total, written_off) = (Money::cents(1_000), Money::ZERO);
        let sums = Settled { total, received: Money::cents(received), refunded: Money::cents(refunded), written_off };
        Standing::of(&sums, due, today)
    };
    assert_eq!(of(0, 0, day(2026, 12, 31)), Standing::Open);
    assert_eq!(of(999, 0, day(2027, 1, 1)), Standing::Overdue);
    assert_eq!(of(1_000, 0, day(2027, 1, 1)), Standing::Paid);
    assert_eq!(of(1_000, 999, day(2027, 1, 1)), Standing::Paid);
    assert_eq!(of(1_000, 1_000, day(2027, 1, 1)), Standing::Refunded);
    assert_eq!(Standing::of(&Settled::default(), None, day(2027, 1, 1)), Standing::NothingDue);
    assert_eq!(outstanding(Money::cents(1_000), Money::cents(1_200), Money::ZERO), Money::ZERO);
    let given_up = Settled { total: Money::cents(1_000), written_off: Money::cents(600), ..Settled::default() };
    let late = |sums: &Settled| Standing::of(sums, due, day(2027, 1, 1));
    assert_eq!(late(&given_up), Standing::Overdue, "the rest is still asked for");
    assert_eq!(late(&Settled { received: Money::cents(400), ..given_up }), Standing::WrittenOff);
    assert_eq!(late(&Settled { received: Money::cents(1_000), ..given_up }), Standing::Paid, "it came after all");
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_its_lines_and_taxes(
        lines in proptest::collection::vec((0_i64..40_000_000, 0_i64..20_000_000, 0_i32..=10_000), 1..12),
        rate in 0_i32..2_700,
    ) {
        let uses: Vec<Use> = lines.iter().map(|(time, micro, share)| used(*time, *micro, *share)).collect();
        if let Some(sums) = build(&uses, vat(Treatment::Domestic, rate)).unwrap() {
            let own: i64 = sums.lines.iter().map(|line| line.own.as_cents()).sum();
            let vat: i64 = sums.taxes.iter().map(|tax| tax.vat.as_cents()).sum();
            let base: i64 = sums.taxes.iter().map(|tax| tax.base.as_cents()).sum();
            prop_assert_eq!(sums.own.as_cents(), own);
            prop_assert_eq!(sums.total.as_cents(), own + vat);
            prop_assert_eq!(sums.list.as_cents(), own + sums.subsidy.as_cents());
            prop_assert!(sums.kind == Kind::Statement || base == own);
            for line in &sums.lines {
                prop_assert!(line.own >= Money::ZERO && line.subsidy <= line.list);
            }
            prop_assert_eq!(sums.kind == Kind::Statement, sums.own.is_zero());
        }
    }
}

fn split(seconds: i64, micro: i64, share: i32, pot: &str) -> Use {
    let mut used = used(seconds, micro, share);
    used.terms.is_split = true;
    used.terms.pot = pot.to_owned();
    used
}

#[test]
fn a_funder_is_asked_for_its_own_pots_subsidy_without_vat() {
    let uses = [
        split(400 * 3_600, 2_500_000, 6_000, "state"),
        split(100 * 3_600, 2_500_000, 2_000, "union"),
        used(400 * 3_600, 2_500_000, 6_000),
    ];
    let sums = build(&uses, vat(Treatment::Domestic, 1_900)).unwrap().unwrap();
    let home = Country::from_code("DE").unwrap();
    let share = funder_share(&sums.lines, "state", home).unwrap().unwrap();
    assert_eq!(
        (share.list, share.subsidy, share.own),
        (Money::cents(100_000), Money::cents(40_000), Money::cents(60_000))
    );
    assert_eq!((share.vat, share.total, share.kind), (Money::ZERO, Money::cents(60_000), Kind::Invoice));
    assert_eq!(share.taxes.iter().map(|tax| tax.treatment).collect::<Vec<_>>(), [Treatment::ThirdParty]);
    assert!(share.is_funders() && !sums.is_funders());
    assert_eq!(funder_positions(&sums.lines, "union"), [2]);
    assert_eq!(funder_share(&sums.lines, "cohesion", home), Ok(None));
    let market = build(&[split(3_600, 2_500_000, 0, "state")], vat(Treatment::Domestic, 1_900)).unwrap().unwrap();
    assert_eq!(funder_share(&market.lines, "state", home), Ok(None), "no subsidy, nothing to ask for");
}

proptest! {
    #[test]
    fn both_parts_of_a_split_invoice_are_the_list_price(
        uses in prop::collection::vec((1_i64..5_000_000, 1_i64..9_000_000, 0_i32..=10_000), 1..6),
    ) {
        let uses: Vec<Use> = uses.into_iter().map(|(time, rate, share)| split(time, rate, share, "state")).collect();
        let sums = build(&uses, vat(Treatment::ReverseCharge, 0)).unwrap().unwrap();
        let share = funder_share(&sums.lines, "state", Country::from_code("DE").unwrap()).unwrap();
        let asked = share.as_ref().map_or(Money::ZERO, |share| share.total);
        prop_assert_eq!(asked, sums.subsidy);
        prop_assert_eq!(asked.checked_add(sums.own).unwrap(), sums.list);
        // The same line for the same time is the same line: what a credit of all of it takes back.
        for line in share.iter().flat_map(|share| &share.lines) {
            prop_assert_eq!(&line.of_time(line.gpu_time).unwrap(), line);
        }
    }
}
