//! Credits by example, and the sums that must hold for any.

use proptest::prelude::*;

use super::*;
use crate::{
    country::Country,
    exchange::ExchangeRate,
    gpu::GpuModel,
    id::AllocationId,
    invoice::{self, Bank, Terms, Use},
    money::{BasisPoints, Rate},
    vat::{Applied, Treatment},
};

fn day(m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, m, d).unwrap()
}

fn party() -> Party {
    Party {
        name: "Nordlicht AB".to_owned(),
        street: "Kungsgatan 1".to_owned(),
        postcode: "111 43".to_owned(),
        city: "Stockholm".to_owned(),
        country: "SE".to_owned(),
        vat_id: None,
        registration: Some("556000-0000".to_owned()),
    }
}

fn used(seconds: i64, micro: i64, share: i32) -> Use {
    Use {
        allocation: AllocationId::from_uuid(uuid::Uuid::from_u128(1)),
        reference: "GH-PG-2026-00042".to_owned(),
        site: "Lumen".to_owned(),
        model: GpuModel::H100,
        first_day: day(11, 1),
        last_day: day(11, 30),
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

fn issued(uses: &[Use]) -> Issued {
    let country = Country::from_code("SE").unwrap();
    let vat = Applied { treatment: Treatment::CustomerRate, rate: BasisPoints::new(2_500), country };
    let sums = invoice::build(uses, vat).unwrap().unwrap();
    let rate =
        ExchangeRate { currency: "SEK".to_owned(), day: day(11, 30), micros: 10_987_654, source: "ECB".to_owned() };
    Issued {
        number: "GH-INV-2026-00042".to_owned(),
        issued_on: day(12, 1),
        due_on: Some(day(12, 31)),
        first_day: day(11, 1),
        last_day: day(11, 30),
        supplier: party(),
        bank: Bank { iban: String::new(), bic: String::new(), name: String::new() },
        customer: party(),
        vat_evidence: None,
        corrects: None,
        vat_check: None,
        shares: None,
        national_vat: Some(NationalVat::of(sums.vat, rate).unwrap()),
        sums,
    }
}

fn part(position: i32, seconds: i64) -> Part {
    Part { position, gpu_time: GpuTime::seconds(seconds) }
}

/// What the next credit knows of this one.
fn and(before: &Before, credit: &Credit) -> Before {
    let mut next = before.clone();
    for (line, position) in credit.sums.lines.iter().zip(&credit.positions) {
        next.parts.push(Part { position: *position, gpu_time: line.gpu_time });
    }
    next.vat = next.vat.checked_add(credit.sums.vat).unwrap();
    next.national += credit.national_vat.as_ref().map_or(0, |national| national.hundredths);
    next
}

#[test]
fn a_credit_of_everything_is_the_invoice() {
    let original = issued(&[used(400 * 3_600, 2_500_000, 6_000), used(12_345, 2_750_001, 3_333)]);
    let all = all_left(&original, &Before::default()).unwrap();
    let credit = credit(&original, &Before::default(), &all).unwrap();
    assert_eq!(credit.sums, original.sums);
    assert_eq!(credit.national_vat, original.national_vat);
    assert_eq!(credit.positions, [1, 2]);
}

#[test]
fn a_part_takes_its_share_of_list_price_subsidy_and_own_share() {
    let original = issued(&[used(400 * 3_600, 2_500_000, 6_000)]);
    let credit = credit(&original, &Before::default(), &[part(1, 100 * 3_600)]).unwrap();
    let sums = &credit.sums;
    assert_eq!((sums.list, sums.subsidy), (Money::cents(25_000), Money::cents(15_000)));
    assert_eq!((sums.own, sums.vat, sums.total), (Money::cents(10_000), Money::cents(2_500), Money::cents(12_500)));
}

#[test]
fn never_more_than_is_left() {
    let original = issued(&[used(3_600, 2_500_000, 0)]);
    let none = Before::default();
    assert_eq!(credit(&original, &none, &[part(1, 3_601)]), Err(Refused::MoreThanLeft));
    assert_eq!(credit(&original, &none, &[part(1, 2_000), part(1, 1_601)]), Err(Refused::MoreThanLeft));
    assert_eq!(credit(&original, &none, &[part(2, 1)]), Err(Refused::NoSuchLine));
    assert_eq!(credit(&original, &none, &[part(1, 0)]), Err(Refused::Nothing));
    assert_eq!(credit(&original, &none, &[part(1, -1)]), Err(Refused::Nothing));
    let first = credit(&original, &none, &[part(1, 3_000)]).unwrap();
    let before = and(&none, &first);
    assert_eq!(left(&original, &before).unwrap().get(&1), Some(&GpuTime::seconds(600)));
    assert_eq!(credit(&original, &before, &[part(1, 601)]), Err(Refused::MoreThanLeft));
}

#[test]
fn what_came_last_is_taken_first() {
    let seconds = |seconds| GpuTime::seconds(seconds);
    let lines = [(1, seconds(100)), (2, seconds(50))];
    assert_eq!(from_the_end(&lines, seconds(70)).unwrap(), [part(1, 20), part(2, 50)]);
    assert_eq!(from_the_end(&lines, seconds(500)).unwrap(), [part(1, 100), part(2, 50)]);
    assert_eq!(from_the_end(&lines, seconds(0)).unwrap(), []);
}

proptest! {
    #[test]
    fn any_parts_add_up_to_the_invoice_to_the_cent(
        lines in prop::collection::vec((1_i64..5_000_000, 1_i64..20_000_000, 0_i32..10_000), 1..4),
        cuts in prop::collection::vec((0_usize..4, 1_i64..2_000_000), 0..12),
    ) {
        let uses: Vec<Use> = lines.iter().map(|(seconds, micro, share)| used(*seconds, *micro, *share)).collect();
        let original = issued(&uses);
        let mut before = Before::default();
        let mut credits = Vec::new();
        for (line, seconds) in cuts {
            let position = i32::try_from(line % uses.len()).unwrap() + 1;
            let most = left(&original, &before).unwrap()[&position];
            let wanted = GpuTime::seconds(seconds).min(most);
            if wanted > GpuTime::ZERO {
                let made = credit(&original, &before, &[Part { position, gpu_time: wanted }]).unwrap();
                before = and(&before, &made);
                credits.push(made);
            }
        }
        let rest = all_left(&original, &before).unwrap();
        if !rest.is_empty() {
            credits.push(credit(&original, &before, &rest).unwrap());
        }
        let sum = |of: fn(&Credit) -> Money| Money::sum(credits.iter().map(of)).unwrap();
        prop_assert_eq!(sum(|credit| credit.sums.list), original.sums.list);
        prop_assert_eq!(sum(|credit| credit.sums.subsidy), original.sums.subsidy);
        prop_assert_eq!(sum(|credit| credit.sums.own), original.sums.own);
        prop_assert_eq!(sum(|credit| credit.sums.vat), original.sums.vat);
        prop_assert_eq!(sum(|credit| credit.sums.total), original.sums.total);
        let national: i64 = credits.iter().filter_map(|credit| credit.national_vat.as_ref()).map(|vat| vat.hundredths).sum();
        prop_assert_eq!(national, original.national_vat.as_ref().unwrap().hundredths);
        for credit in &credits {
            let Sums { list, subsidy, own, vat, total, .. } = credit.sums;
            for amount in [list, subsidy, own, vat, total] {
                prop_assert!(amount >= Money::ZERO);
            }
            prop_assert_eq!(own.checked_add(subsidy).unwrap(), list);
        }
    }
}

#[test]
fn one_person_credits_so_much_of_a_document_and_not_more_in_steps() {
    let on = day(12, 1);
    let limit = signed_alone(on);
    // Ten GPU-hours at 2.00, all of it subsidy: nothing to pay back, and yet 20.00 of a pot.
    let free = issued(&[used(36_000, 2_000_000, 10_000)]);
    let made = credit(&free, &Before::default(), &[part(1, 36_000)]).unwrap().sums;
    assert_eq!((made.total, made.list), (Money::ZERO, Money::cents(2_000)));
    let alone = |before: Money| may_sign_alone(&made, before, on).unwrap();
    assert!(alone(Money::ZERO));
    assert!(alone(limit.checked_sub(made.list).unwrap()), "to the cent");
    assert!(!alone(limit.checked_sub(made.list).unwrap().checked_add(Money::cents(1)).unwrap()));
    // With VAT where there is some.
    let paid = issued(&[used(36_000, 80_000_000, 0)]);
    let made = credit(&paid, &Before::default(), &[part(1, 36_000)]).unwrap().sums;
    assert_eq!((made.list, made.vat), (Money::cents(80_000), Money::cents(20_000)));
    assert!(may_sign_alone(&made, Money::ZERO, on).unwrap());
    assert!(!may_sign_alone(&made, Money::cents(1), on).unwrap());
}

proptest! {
    #[test]
    fn a_funders_credit_takes_back_what_the_companys_does(
        time in 2_i64..5_000_000, rate in 1_i64..9_000_000, share in 1_i32..=10_000, first in 1_i64..5_000_000,
    ) {
        let mut line = used(time, rate, share);
        line.terms.is_split = true;
        let company = issued(&[line]);
        let country = Country::from_code("SE").unwrap();
        let Some(sums) = invoice::funder_share(&company.sums.lines, "union", country).unwrap() else { return Ok(()) };
        let funders = Issued { sums, national_vat: None, ..company.clone() };
        let (mut of_company, mut of_funder) = (Before::default(), Before::default());
        let mut back = Money::ZERO;
        for seconds in [first.min(time - 1), time - first.min(time - 1)] {
            let taken = credit(&company, &of_company, &[part(1, seconds)]).unwrap();
            let mirrored = credit(&funders, &of_funder, &[part(1, seconds)]).unwrap();
            prop_assert_eq!(mirrored.sums.total, taken.sums.subsidy);
            prop_assert_eq!(mirrored.sums.vat, Money::ZERO);
            back = back.checked_add(mirrored.sums.total).unwrap();
            (of_company, of_funder) = (and(&of_company, &taken), and(&of_funder, &mirrored));
        }
        prop_assert_eq!(back, funders.sums.total);
    }
}
