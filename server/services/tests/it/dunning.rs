//! Late invoices: each step once and on its day, what keeps it waiting, who can book no more and when again, and what
//! is given up by two.

use chrono::TimeDelta;
use domain::{
    actor::Actor,
    allocation::State,
    book::Account,
    dunning::{HoldKind, Step},
    id::InvoiceId,
    invoice::Standing,
    money::Money,
    problem::Problem,
};
use services::{Error, HoldForm, rows::WriteOffState};
use testkit::{World, both, fault};

use crate::{
    bank::{clerk, late_transfer, transfer},
    capacity::{approved, company, offer, site, slot},
    invoices::{Running, finance, invoiced, running, used},
};

async fn remind(world: &World) -> usize {
    world.desk(Actor::SYSTEM).take_reminders().await.unwrap()
}

/// An invoice of 120.00, on the day after it was due.
async fn late(world: &World) -> (Running, InvoiceId) {
    let running = running(world, 6_000).await;
    let invoice = invoiced(world, &running).await;
    world.advance(TimeDelta::days(31));
    (running, invoice)
}

/// The text of the one letter of this kind.
async fn letter(world: &World, kind: &str) -> String {
    let mails = finance(world).mails(None, 200).await.unwrap();
    let mut found: Vec<String> = mails.into_iter().filter(|mail| mail.kind == kind).map(|mail| mail.text).collect();
    assert_eq!(found.len(), 1, "one letter of {kind}");
    found.remove(0)
}

async fn steps(world: &World, invoice: InvoiceId) -> Vec<Step> {
    let case = finance(world).reminder_case(invoice).await.unwrap();
    case.read.reminders.iter().map(|row| row.step).collect()
}

fn hold(kind: HoldKind, until: &str) -> HoldForm {
    HoldForm {
        kind: kind.code().to_owned(),
        until: until.to_owned(),
        reason: "They wait for a grant".to_owned(),
        promised_by: if kind == HoldKind::Promise { "Ms Owner, by telephone".to_owned() } else { String::new() },
    }
}

both! {
    async fn each_step_is_taken_once_on_its_day(world) {
        let (running, invoice) = late(&world).await;
        assert_eq!(remind(&world).await, 0, "one day late");
        world.advance(TimeDelta::days(2));
        assert_eq!((remind(&world).await, remind(&world).await), (1, 0));
        world.work().await;
        let mail = letter(&world, "reminder_friendly").await;
        assert!(mail.contains("GH-INV-2026-00001") && mail.contains("€120.00") && !mail.contains("2011/7/EU"), "{mail}");
        world.advance(TimeDelta::days(11));
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let desk = world.desk(Actor::SYSTEM);
                tokio::spawn(async move { desk.take_reminders().await.unwrap() })
            })
            .collect();
        let mut taken = 0;
        for task in tasks {
            taken += task.await.unwrap();
        }
        assert!(taken <= 1, "however many try");
        remind(&world).await;
        assert_eq!(steps(&world, invoice).await, [Step::Friendly, Step::Firm]);
        let case = finance(&world).reminder_case(invoice).await.unwrap();
        let firm = &case.read.reminders[1];
        // 120.00 at 10.15 per cent for fourteen days.
        assert_eq!((firm.interest_cents, firm.costs_cents), (Money::cents(47), Money::cents(4_000)));
        world.work().await;
        let mail = letter(&world, "reminder_firm").await;
        assert!(mail.contains("€0.47") && mail.contains("€40.00") && mail.contains("€160.47"), "{mail}");
        world.advance(TimeDelta::days(100));
        for _ in 0..4 {
            remind(&world).await;
            world.advance(TimeDelta::days(40));
        }
        assert_eq!(steps(&world, invoice).await, Step::ALL);
        assert_eq!(remind(&world).await, 0);
        let owner = world.desk(running.owner);
        assert_eq!(owner.reminders().await.unwrap().len(), 1, "the company sees where it stands");
        let (_, stranger, _) = company(&world, 2).await;
        assert!(stranger.reminders().await.unwrap().is_empty());
        assert!(matches!(owner.hold_reminders(invoice, &hold(HoldKind::Pause, "2028-01-01")).await, Err(Error::Denied(_))));
    }

    async fn each_letter_is_mailed_once_as_a_pdf_and_not_to_whom_has_paid(world) {
        let (_, invoice) = late(&world).await;
        let letters = async || {
            let mut mails = finance(&world).mails(None, 200).await.unwrap();
            mails.retain(|mail| mail.kind.starts_with("reminder_"));
            mails.sort_by_key(|mail| mail.queued_at);
            mails
        };
        for days in [2, 11, 16] {
            world.advance(TimeDelta::days(days));
            assert_eq!(remind(&world).await, 1);
            world.work().await;
            world.work().await;
        }
        let sent = letters().await;
        let names: Vec<_> = sent.iter().map(|mail| mail.attachment_name.clone().unwrap_or_default()).collect();
        assert_eq!(names, ["friendly", "firm", "block"].map(|step| format!("GH-INV-2026-00001-{step}.pdf")));
        assert!(sent.iter().all(|mail| mail.attachment.as_ref().unwrap().starts_with(b"%PDF")));
        // The last step is taken, and the money comes before its letter goes.
        world.advance(TimeDelta::days(30));
        assert_eq!(remind(&world).await, 1);
        late_transfer(&world, "1", 12_000, "GH-INV-2026-00001").await;
        world.work().await;
        assert_eq!((letters().await.len(), steps(&world, invoice).await.len()), (3, 4));
    }

    async fn who_pays_is_not_reminded_and_what_came_bears_no_interest(world) {
        let (running, invoice) = late(&world).await;
        transfer(&world, "1", 12_000, "GH-INV-2026-00001").await;
        world.advance(TimeDelta::days(60));
        assert_eq!(remind(&world).await, 0);
        assert_eq!(steps(&world, invoice).await, []);
        assert!(world.desk(running.owner).reminders().await.unwrap().is_empty());
    }

    async fn what_is_paid_of_interest_and_costs_is_income_and_no_credit(world) {
        let (running, invoice) = late(&world).await;
        let company = running.organisation;
        for days in [2, 11] {
            world.advance(TimeDelta::days(days));
            remind(&world).await;
        }
        let income = async || {
            let balance = finance(&world).trial_balance(None).await.unwrap();
            let earned = balance.rows.iter().filter(|(row, _)| row.account == Account::LatePayment);
            earned.map(|(row, _)| -row.balance().unwrap().as_cents()).sum::<i64>()
        };
        // The letter claims 0.47 and 40.00 beside 120.00; what is more is the company's.
        let entry = late_transfer(&world, "1", 16_500, "GH-INV-2026-00001").await;
        let read = finance(&world).invoice(invoice).await.unwrap();
        assert_eq!((read.standing, read.row.received_cents), (Standing::Paid, Money::cents(12_000)));
        assert_eq!((read.payments[0].received_cents, read.payments[0].claim_cents), (Money::cents(16_047), Money::cents(4_047)));
        assert_eq!(finance(&world).credit(company).await.unwrap().balance, Money::cents(453));
        assert_eq!(income().await, 4_047);
        assert!(read.timeline.iter().any(|event| event.kind == "claim_paid"));
        assert_eq!(finance(&world).check_books().await.unwrap(), []);
        let listed = finance(&world).payment(read.payments[0].id).await.unwrap();
        assert_eq!(listed.refundable, Money::cents(12_000), "no interest is given back as if it were the invoice");
        // Undone, nothing of it is income; the invoice alone is paid then, and the claim afterwards.
        let seen = finance(&world).bank_entry(entry, "").await.unwrap().listed.row.version;
        finance(&world).undo_match(entry, "Another's", seen).await.unwrap();
        assert_eq!((income().await, finance(&world).check_books().await.unwrap()), (0, vec![]));
        late_transfer(&world, "2", 12_000, "GH-INV-2026-00001").await;
        assert_eq!(income().await, 0);
        let seen = finance(&world).bank_entry(entry, "GH-INV-2026-00001").await.unwrap();
        let [one] = &seen.candidates[..] else { panic!("claimed, though it is paid: {:?}", seen.candidates) };
        assert_eq!((one.invoice.unpaid(), one.claim), (Money::ZERO, Money::cents(4_047)));
        late_transfer(&world, "3", 4_000, "GH-INV-2026-00001").await;
        assert_eq!(income().await, 4_000);
        let typed = std::collections::BTreeMap::from([(invoice, "0.47".to_owned())]);
        finance(&world).match_entry(entry, &typed, Some(company), seen.listed.row.version).await.unwrap();
        assert_eq!(income().await, 4_047);
        assert_eq!(finance(&world).credit(company).await.unwrap().balance, Money::cents(16_453));
        late_transfer(&world, "4", 100, "GH-INV-2026-00001").await;
        assert_eq!(income().await, 4_047, "never more than is claimed");
        assert_eq!(finance(&world).check_books().await.unwrap(), []);
    }

    async fn before_anything_is_claimed_what_is_over_is_a_credit(world) {
        let (running, _) = late(&world).await;
        world.advance(TimeDelta::days(2));
        remind(&world).await;
        late_transfer(&world, "1", 16_047, "GH-INV-2026-00001").await;
        assert_eq!(finance(&world).credit(running.organisation).await.unwrap().balance, Money::cents(4_047));
    }

    async fn a_blocked_company_books_nothing_until_it_has_paid(world) {
        let (running, _) = late(&world).await;
        let here = site(&world, "there", 64).await;
        world.advance(TimeDelta::days(2));
        remind(&world).await;
        world.advance(TimeDelta::days(11));
        remind(&world).await;
        assert!(!world.desk(running.owner).is_blocked().await.unwrap());
        world.advance(TimeDelta::days(16));
        remind(&world).await;
        let wanted = approved(&world, running.organisation, 1).await;
        let id = offer(&world, &wanted, slot(here, 10, 1)).await;
        let owner = world.desk(running.owner);
        assert!(owner.is_blocked().await.unwrap());
        assert_eq!(fault(owner.accept_offer(id, 1).await), (String::new(), Problem::AccountBlocked));
        // What runs is not touched.
        let active = world.desk(Actor::SYSTEM).read_allocations(&[State::Active]).await.unwrap();
        assert!(active.iter().any(|one| one.row.id == running.allocation));
        let books = finance(&world);
        let invoice = books.reminders().await.unwrap()[0].invoice.id;
        books.hold_reminders(invoice, &hold(HoldKind::Promise, "2027-02-05")).await.unwrap();
        assert!(owner.is_blocked().await.unwrap(), "a promise is no money");
        books.hold_reminders(invoice, &hold(HoldKind::Pause, "2027-02-05")).await.unwrap();
        assert!(!owner.is_blocked().await.unwrap(), "finance decided so");
        books.end_hold(invoice).await.unwrap();
        assert!(owner.is_blocked().await.unwrap());
        transfer(&world, "1", 12_000, "GH-INV-2026-00001").await;
        assert!(!owner.is_blocked().await.unwrap());
        owner.accept_offer(id, 1).await.unwrap();
    }

    async fn a_pause_holds_and_a_broken_promise_goes_on(world) {
        let (_, invoice) = late(&world).await;
        let books = finance(&world);
        assert_eq!(fault(books.hold_reminders(invoice, &hold(HoldKind::Promise, "2026-12-31")).await), ("until".to_owned(), Problem::InThePast));
        assert_eq!(fault(books.hold_reminders(invoice, &hold(HoldKind::Promise, "2027-03-31")).await), ("until".to_owned(), Problem::TooLate));
        let nobody = HoldForm { promised_by: String::new(), ..hold(HoldKind::Promise, "2027-01-10") };
        assert_eq!(fault(books.hold_reminders(invoice, &nobody).await), ("promised_by".to_owned(), Problem::Required));
        books.hold_reminders(invoice, &hold(HoldKind::Promise, "2027-01-10")).await.unwrap();
        world.advance(TimeDelta::days(9));
        assert_eq!(remind(&world).await, 0, "promised for today");
        world.advance(TimeDelta::days(1));
        assert_eq!(remind(&world).await, 1, "the promise was not kept");
        let case = finance(&world).reminder_case(invoice).await.unwrap();
        assert!(case.read.hold.is_none() && case.holds[0].ended_at.is_some());
        let read = finance(&world).invoice(invoice).await.unwrap();
        assert!(read.timeline.iter().any(|event| event.kind == "promise_broken"));
        // The firm letter comes eleven days after the friendly one, whatever was missed.
        let next = case.read.next.unwrap();
        assert_eq!((next.step, next.on), (Step::Firm, "2027-01-22".parse().unwrap()));
    }

    async fn a_large_debt_is_given_up_by_two_and_may_be_paid_after_all(world) {
        let running = running(&world, 6_000).await;
        let system = world.desk(Actor::SYSTEM);
        let small = invoiced(&world, &running).await;
        let large = system.issue_invoice(running.organisation, "test:2", &[used(&running, 1_000, 6_000)]).await.unwrap().unwrap();
        let (one, two) = (clerk(&world, "one").await, clerk(&world, "two").await);
        assert_eq!(fault(one.write_off(small, "Insolvent").await).1, Problem::NotPossibleNow, "not due yet");
        world.advance(TimeDelta::days(31));
        let (one, two) = (world.desk(one.actor), world.desk(two.actor));
        assert_eq!(fault(one.write_off(small, " ").await), ("reason".to_owned(), Problem::ReasonRequired));
        one.write_off(small, "Costs more than it brings").await.unwrap();
        assert_eq!(one.invoice(small).await.unwrap().standing, Standing::WrittenOff);
        one.write_off(large, "Insolvent").await.unwrap();
        assert_eq!(one.invoice(large).await.unwrap().standing, Standing::Overdue, "nobody has signed");
        assert_eq!(fault(two.write_off(large, "Insolvent").await).1, Problem::AlreadyAsked);
        let is_weighed = |event: &services::rows::EventRow| event.kind.starts_with("write_off_");
        let theirs = world.desk(running.owner).invoice(large).await.unwrap();
        assert!(!theirs.timeline.iter().any(is_weighed), "the debtor does not hear of it before it is done");
        assert!(one.invoice(large).await.unwrap().timeline.iter().any(is_weighed));
        let refused = one.asked_write_offs().await.unwrap()[0].id.into();
        two.refuse_write_off(refused).await.unwrap();
        let kept = one.reminder_case(large).await.unwrap().write_offs.remove(0);
        assert_eq!((kept.state, kept.signed_by), (WriteOffState::Refused, two.actor.person));
        one.write_off(large, "Insolvent").await.unwrap();
        let theirs = world.desk(running.owner).invoice(large).await.unwrap();
        assert!(!theirs.timeline.iter().any(is_weighed));
        let asked = one.asked_write_offs().await.unwrap()[0].id.into();
        assert_eq!(fault(one.sign_write_off(asked).await).1, Problem::SecondSignatureSame);
        two.sign_write_off(asked).await.unwrap();
        assert_eq!(one.invoice(large).await.unwrap().standing, Standing::WrittenOff);
        assert_eq!(fault(two.refuse_write_off(asked).await).1, Problem::AlreadyDone);
        let case = one.reminder_case(large).await.unwrap();
        assert_eq!(case.write_offs.iter().filter(|row| row.state == WriteOffState::Done).count(), 1);
        assert!(one.reminders().await.unwrap().is_empty(), "nobody is reminded of what is given up");
        transfer(&world, "1", 120_000, "GH-INV-2026-00002").await;
        let paid = one.invoice(large).await.unwrap();
        assert_eq!((paid.standing, paid.row.written_off_cents), (Standing::Paid, Money::ZERO), "it came after all");
    }

    async fn debts_are_added_up_by_age(world) {
        let (running, _) = late(&world).await;
        let system = world.desk(Actor::SYSTEM);
        system.issue_invoice(running.organisation, "test:2", &[used(&running, 50, 6_000)]).await.unwrap().unwrap();
        let ages = async |days| {
            world.advance(TimeDelta::days(days));
            let lines = finance(&world).ageing().await.unwrap();
            let cents: Vec<i64> = lines[0].amounts.iter().map(|amount| amount.as_cents()).collect();
            (lines.len(), lines[0].name.clone(), cents)
        };
        assert_eq!(ages(0).await, (1, "Company 1".to_owned(), vec![6_000, 12_000, 0, 0, 0]));
        assert_eq!(ages(30).await.2, [6_000, 0, 12_000, 0, 0]);
        assert_eq!(ages(1).await.2, [0, 6_000, 12_000, 0, 0]);
        assert_eq!(ages(90).await.2, [0, 0, 0, 0, 18_000]);
        let owner = world.desk(running.owner);
        assert_eq!(owner.ageing().await.unwrap().len(), 1, "its own");
    }
}
