//! Which invoices an entry pays, and what nobody but a person decides.

use std::slice::from_ref;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn invoice(serial: u128, company: u128, cents: i64) -> Payable {
    Payable {
        invoice: Uuid::from_u128(serial).into(),
        organisation: Uuid::from_u128(1_000 + company).into(),
        number: format!("GH-INV-2026-{serial:05}"),
        due_on: NaiveDate::from_ymd_opt(2026, 11, 1 + u32::try_from(serial % 20).unwrap()),
        unpaid: Money::cents(cents),
        claim: Money::ZERO,
    }
}

fn entry(cents: i64, text: &str) -> Entry {
    Entry {
        key: "k".to_owned(),
        booked_on: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        valued_on: None,
        amount: Money::cents(cents),
        party_name: None,
        party_iban: Some("DE89370400440532013000".to_owned()),
        reference: None,
        text: text.to_owned(),
        end_to_end: None,
    }
}

fn found(entry: &Entry, invoices: &[Payable], of_payer: &[Payable]) -> Result<Settlement, Doubt> {
    let named = named(entry.reference.as_deref(), &entry.text);
    let known = Known {
        named: invoices
            .iter()
            .filter(|one| named.numbers.iter().any(|(number, _)| *number == one.number))
            .cloned()
            .collect(),
        of_payer: of_payer.to_vec(),
    };
    settle(entry, &named, &known).unwrap()
}

fn parts(settlement: &Settlement) -> Vec<i64> {
    settlement.parts.iter().map(|part| part.amount.as_cents()).collect()
}

#[test]
fn numbers_are_read_however_they_are_written() {
    for text in [
        "GH-INV-2026-00042",
        "Rechnung gh-inv-2026-00042 vom 1.11.",
        "GHINV202600042",
        "INVOICE GH INV 2026 000 42",
        "pay GH/INV/2026/00042.",
        "GH-INV-2026-0 0042 AND MORE",
    ] {
        assert_eq!(named(None, text).numbers, [("GH-INV-2026-00042".to_owned(), How::Number)], "{text}");
    }
    assert_eq!(named(None, "part for gh fnd 2026-00007").numbers[0].0, "GH-FND-2026-00007");
    assert_eq!(named(None, "GH-INV-2026-123456").numbers[0].0, "GH-INV-2026-123456");
    assert_eq!(named(None, "GH-INV-2026-00042 150.00").numbers[0].0, "GH-INV-2026-00042");
    for text in ["", "GH-INV-2026", "GH-AID-2026-00042", "INV-2026-00042", "GH-INV-26-42", "éGHé-INV"] {
        assert_eq!(named(None, text), Named::default(), "{text}");
    }
}

#[test]
fn a_reference_is_better_than_a_number_and_its_check_digits_must_be_right() {
    let reference = payment_reference::of_number("GH-INV-2026-00042");
    let number = "GH-INV-2026-00042".to_owned();
    assert_eq!(named(Some(&reference), "").numbers, [(number.clone(), How::Reference)]);
    let spaced = payment_reference::spaced(&reference);
    assert_eq!(named(None, &format!("thanks {spaced} bye")).numbers, [(number.clone(), How::Reference)]);
    assert_eq!(
        named(Some(&reference), "also GH-INV-2026-00042").numbers,
        [(number, How::Reference)],
        "the better proof"
    );
    let slip = reference.replace("00042", "00043");
    assert!(named(Some(&slip), "").is_doubtful);
    assert_eq!(
        found(&Entry { reference: Some(slip), ..entry(100, "") }, &[invoice(43, 1, 100)], &[]),
        Err(Doubt::CheckDigits)
    );
}

#[test]
fn whole_part_and_over() {
    let one = invoice(42, 1, 12_000);
    let text = "GH-INV-2026-00042";
    let exact = found(&entry(12_000, text), from_ref(&one), &[]).unwrap();
    assert_eq!((exact.how, parts(&exact), exact.over), (How::Number, vec![12_000], None));
    let part = found(&entry(5_000, text), from_ref(&one), &[]).unwrap();
    assert_eq!((parts(&part), part.over), (vec![5_000], None));
    let over = found(&entry(12_500, text), from_ref(&one), &[]).unwrap();
    assert_eq!((parts(&over), over.over), (vec![12_000], Some((one.organisation, Money::cents(500)))));
    let paid = Payable { unpaid: Money::ZERO, ..one.clone() };
    let again = found(&entry(12_000, text), &[paid], &[]).unwrap();
    assert_eq!((parts(&again), again.over), (vec![], Some((one.organisation, Money::cents(12_000)))));
}

#[test]
fn what_is_claimed_for_late_payment_comes_after_the_invoices_and_before_the_credit() {
    let late = Payable { claim: Money::cents(4_047), ..invoice(1, 1, 12_000) };
    let settled = |cents| found(&entry(cents, "GH-INV-2026-00001"), from_ref(&late), &[]).unwrap();
    let split = |cents| {
        let settlement = settled(cents);
        let over = settlement.over.map_or(0, |(_, over)| over.as_cents());
        (settlement.parts[0].amount.as_cents(), settlement.parts[0].claim.as_cents(), over)
    };
    assert_eq!(split(11_000), (11_000, 0, 0));
    assert_eq!(split(13_000), (12_000, 1_000, 0));
    assert_eq!(split(16_047), (12_000, 4_047, 0));
    assert_eq!(split(17_000), (12_000, 4_047, 953));
    let known = found(&entry(16_047, ""), &[], from_ref(&late)).unwrap();
    assert_eq!((known.how, known.parts[0].claim), (How::Payer, Money::cents(4_047)));
    assert_eq!(found(&entry(16_046, ""), &[], from_ref(&late)), Err(Doubt::Nothing));
    let hand = by_hand(Money::cents(16_047), &[(late.clone(), Money::cents(16_047))], None).unwrap();
    assert_eq!((hand.parts[0].amount, hand.parts[0].claim), (Money::cents(12_000), Money::cents(4_047)));
    let most = by_hand(Money::cents(16_048), &[(late, Money::cents(16_048))], None).unwrap_err().1;
    assert_eq!(most, Problem::OverUnpaid { most: 16_047 });
}

#[test]
fn one_transfer_pays_several_the_oldest_first() {
    let (old, new) = (invoice(1, 1, 10_000), invoice(2, 1, 20_000));
    let text = "GH-INV-2026-00002 + GH-INV-2026-00001";
    let both = found(&entry(25_000, text), &[old.clone(), new.clone()], &[]).unwrap();
    assert_eq!(both.parts[0].invoice, old.invoice);
    assert_eq!((parts(&both), both.over), (vec![10_000, 15_000], None));
    let other = invoice(3, 2, 5_000);
    let text = "GH-INV-2026-00001, GH-INV-2026-00003";
    let group = found(&entry(15_000, text), &[old.clone(), other.clone()], &[]).unwrap();
    assert_eq!(parts(&group), [10_000, 5_000], "a group pays for two of its companies to the cent");
    assert_eq!(found(&entry(15_001, text), &[old, other], &[]), Err(Doubt::Companies));
}

#[test]
fn a_known_payer_is_believed_to_the_cent_and_only_if_one_thing_fits() {
    let (one, two) = (invoice(1, 1, 10_000), invoice(2, 1, 20_000));
    let both = [one.clone(), two];
    let exact = found(&entry(20_000, "merci"), &[], &both).unwrap();
    assert_eq!((exact.how, parts(&exact)), (How::Payer, vec![20_000]));
    assert_eq!(parts(&found(&entry(30_000, "all"), &[], &both).unwrap()), [10_000, 20_000]);
    assert_eq!(found(&entry(19_999, ""), &[], &both), Err(Doubt::Nothing));
    let twin = [one, invoice(3, 2, 10_000)];
    assert_eq!(found(&entry(10_000, ""), &[], &twin), Err(Doubt::Several));
    assert_eq!(found(&entry(10_000, "GH-INV-2026-09999"), &[], &both), Err(Doubt::Unknown), "what is named counts");
    assert_eq!(found(&entry(-10_000, "fee"), &[], &both), Err(Doubt::Outgoing));
}

#[test]
fn by_hand_nothing_is_left_over_without_an_owner() {
    let one = invoice(1, 1, 10_000);
    let typed = |cents| [(one.clone(), Money::cents(cents))];
    let field = format!("amount-{}", one.invoice);
    assert_eq!(by_hand(Money::cents(9_000), &typed(9_000), None).unwrap().over, None);
    assert_eq!(
        by_hand(Money::cents(9_000), &typed(10_001), None),
        Err((field.clone(), Problem::OverUnpaid { most: 10_000 }))
    );
    assert_eq!(
        by_hand(Money::cents(9_000), &typed(9_500), None),
        Err((field.clone(), Problem::OverEntry { most: 9_000 }))
    );
    assert_eq!(by_hand(Money::cents(9_000), &typed(0), None), Err((field, Problem::NotPositive)));
    assert_eq!(
        by_hand(Money::cents(9_000), &typed(8_000), None),
        Err(("rest".to_owned(), Problem::RestUnplaced { rest: 1_000 }))
    );
    let rest = by_hand(Money::cents(9_000), &typed(8_000), Some(one.organisation)).unwrap();
    assert_eq!(rest.over, Some((one.organisation, Money::cents(1_000))));
    assert_eq!(by_hand(Money::cents(9_000), &[], Some(one.organisation)).unwrap().parts, []);
}

#[test]
fn a_statement_adds_up_or_says_by_how_much_it_does_not() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let mut statement = Statement {
        account: "LU280019400644750000".to_owned(),
        name: "1".to_owned(),
        from: day,
        to: day,
        opening: Money::cents(-500),
        closing: Money::cents(9_000),
        entries: vec![entry(10_000, ""), entry(-500, "")],
    };
    assert_eq!(statement.adds_up(), Ok(()));
    statement.entries.pop();
    assert_eq!(statement.adds_up(), Err(Problem::StatementBalance { counted: 9_500, stated: 9_000 }));
    statement.opening = Money::cents(i64::MAX);
    assert_eq!(statement.adds_up(), Err(Problem::StatementUnreadable));
}

#[test]
fn an_ordered_transfer_is_found_by_name_or_by_account_and_amount() {
    let order = |serial: u128, cents, iban: &str| Ordered {
        payout: Uuid::from_u128(serial).into(),
        number: format!("GH-OUT-2026-{serial:05}"),
        iban: iban.to_owned(),
        amount: Money::cents(cents),
    };
    let all =
        [order(1, 500, "DE89370400440532013000"), order(2, 500, "FR7630006000011234567890189"), order(3, 700, "X")];
    assert_eq!(ordered(&entry(-500, "GH-OUT-2026-00002"), &all).unwrap().payout, all[1].payout);
    assert_eq!(ordered(&entry(-500, ""), &all).unwrap().payout, all[0].payout);
    assert_eq!(ordered(&entry(-700, "GH-OUT-2026-00002"), &all), None, "another amount");
    assert_eq!(ordered(&entry(500, "GH-OUT-2026-00002"), &all), None, "money that came");
    let twins = [all[0].clone(), order(4, 500, "DE89370400440532013000")];
    assert_eq!(ordered(&entry(-500, ""), &twins), None);
}

#[test]
fn a_payout_of_the_provider_is_the_one_entry_of_its_amount_in_its_days() {
    let day = |d| NaiveDate::from_ymd_opt(2026, 10, d).unwrap();
    let payout =
        |name: &str, cents, d| PaidOut { name: name.to_owned(), amount: Money::cents(cents), arrives_on: day(d) };
    let entry = |serial: u128, cents, d, text: &str| Waiting {
        entry: Uuid::from_u128(serial).into(),
        amount: Money::cents(cents),
        booked_on: day(d),
        text: text.to_owned(),
    };
    let found = |payouts: &[PaidOut], waiting: &[Waiting]| {
        paid_out(payouts, waiting)
            .into_iter()
            .map(|(one, entry)| (one.name, entry.uuid().as_u128()))
            .collect::<Vec<_>>()
    };
    let one = payout("po_1", 500, 5);
    let pair = |name: &str, entry| (name.to_owned(), entry);
    for (booked, is_it) in [(3, false), (4, true), (12, true), (13, false)] {
        let waiting = [entry(1, 500, booked, "Stripe Technology Europe Ltd")];
        assert_eq!(found(from_ref(&one), &waiting).len(), usize::from(is_it), "{booked}");
    }
    assert_eq!(found(from_ref(&one), &[entry(1, 501, 5, "STRIPE"), entry(2, 500, 5, "A company")]), []);
    let taken = payout("po_2", -300, 6);
    let waiting = [entry(1, -300, 6, "STRIPE"), entry(2, 500, 6, "STRIPE")];
    assert_eq!(found(&[one.clone(), taken], &waiting), [pair("po_1", 2), pair("po_2", 1)]);
    assert_eq!(found(from_ref(&one), &[entry(1, 500, 5, "stripe"), entry(2, 500, 6, "stripe")]), [], "two entries");
    let twin = payout("po_3", 500, 6);
    assert_eq!(found(&[one.clone(), twin], &[entry(1, 500, 6, "stripe")]), [], "two payouts");
    let later = payout("po_4", 500, 20);
    let waiting = [entry(1, 500, 6, "stripe"), entry(2, 500, 20, "stripe")];
    assert_eq!(found(&[one, later], &waiting), [pair("po_1", 1), pair("po_4", 2)]);
}

#[test]
fn a_match_can_be_undone_until_the_books_of_its_month_close() {
    let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
    assert_eq!(last_day_to_undo(day(10, 5)), day(11, 16), "2 November is no working day");
    assert_eq!(can_undo(day(10, 5), day(11, 16)), Ok(()));
    assert_eq!(can_undo(day(10, 5), day(11, 17)), Err(Problem::BooksClosed));
}

proptest! {
    /// Nothing is lost: parts and what is over are the entry's amount, and no invoice gets more than it lacks.
    #[test]
    fn a_settlement_is_the_whole_amount(cents in 1_i64..100_000, owed in proptest::collection::vec(0_i64..50_000, 1..5)) {
        let invoices: Vec<Payable> = owed.iter().zip(1..).map(|(cents, serial)| invoice(serial, 1, *cents)).collect();
        let text: Vec<&str> = invoices.iter().map(|one| one.number.as_str()).collect();
        let settlement = found(&entry(cents, &text.join(" ")), &invoices, &[]).unwrap();
        let sum: i64 = parts(&settlement).iter().sum();
        prop_assert_eq!(sum + settlement.over.map_or(0, |(_, over)| over.as_cents()), cents);
        for part in &settlement.parts {
            let of = invoices.iter().find(|one| one.invoice == part.invoice).unwrap();
            prop_assert!(part.amount <= of.unpaid);
        }
    }
}
