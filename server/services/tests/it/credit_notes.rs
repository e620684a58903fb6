//! Credit notes: by themselves where use was lowered, by hand with four eyes, never more than was charged, numbers
//! without gaps.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    credit_note::Cause,
    gpu::GpuTime,
    id::InvoiceId,
    invoice::{Kind, Standing},
    money::Money,
    period::start_of_day,
    problem::Problem,
    usage::{Correction, Reading, Refused, Taken},
};
use services::{CreditDone, Desk, DocumentForm, Error, SentCorrection, TypedCredit, TypedDowntime, rows::InvoiceRow};
use testkit::{World, both, problem};
use text::Locale;

use crate::{
    bank::{booking, import, transfer},
    capacity::{monday, operator},
    invoices::{Running, all, finance, ran, running, used},
};

/// Twenty hours of eight GPUs in November, charged: 160.00 and 32.00 VAT at a subsidy of 60 per cent.
async fn charged(world: &World, share: i32) -> (Running, InvoiceRow) {
    let running = running(world, share).await;
    ran(world, &running, 0, 0, 20).await;
    world.advance(TimeDelta::hours(8));
    assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 1);
    let row = world.desk(running.owner).invoices(&all()).await.unwrap().remove(0).row;
    (running, row)
}

/// The meter takes back: the job of number 0 ran only so many hours.
pub async fn corrected(world: &World, running: &Running, sequence: i64, hours: i64) -> Result<Taken, Refused> {
    let start = start_of_day(monday(1));
    let reading = Reading { job: "train".to_owned(), sequence, gpus: 8, start, end: start + TimeDelta::hours(hours) };
    let sent = SentCorrection { allocation: running.allocation, correction: Correction { replaces: 0, reading } };
    world.desk(Actor::meter(running.site)).record_corrections(vec![sent]).await.unwrap().remove(0)
}

async fn books(world: &World, email: &str) -> Desk {
    let person = world.person(email).await;
    world.place(person, Stand::Finance).await;
    world.desk(Actor::person(person, Stand::Finance))
}

fn by_hand(cause: Cause, hours: &str) -> TypedCredit {
    TypedCredit {
        cause: cause.code().to_owned(),
        reason: "The hall was too warm.".to_owned(),
        hours: vec![hours.to_owned()],
    }
}

both! {
    async fn lowered_use_is_credited_by_itself_and_once(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        assert_eq!(corrected(&world, &running, 7, 15).await, Ok(Taken::New(GpuTime::hours(40).unwrap())));
        assert_eq!(corrected(&world, &running, 7, 15).await, Ok(Taken::Duplicate), "a replay");
        assert_eq!(corrected(&world, &running, 6, 10).await, Err(Refused::Conflict), "overtaken");
        assert_eq!(corrected(&world, &running, 8, 16).await, Err(Refused::NotLower));
        world.work().await;
        world.work().await;
        assert_eq!(world.desk(Actor::SYSTEM).credit_corrections().await.unwrap(), 0, "once");
        let owner = world.desk(running.owner);
        let read = owner.invoice(invoice.id).await.unwrap();
        let [note] = &read.credits[..] else { panic!("one credit note") };
        assert_eq!((note.number.as_str(), note.cause), ("GH-CRN-2026-00001", Cause::LoweredUsage));
        assert_eq!((note.list_cents, note.subsidy_cents), (Money::cents(10_000), Money::cents(6_000)));
        assert_eq!((note.own_cents, note.vat_cents), (Money::cents(4_000), Money::cents(800)), "only what was to be paid");
        assert_eq!(read.row.outstanding(), Money::cents(19_200 - 4_800));
        // What is left is charged, and nothing again.
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 0);
        let mails = finance(&world).mails(None, 100).await.unwrap();
        let [mail] = &mails.iter().filter(|mail| mail.kind == "credit_note_issued").collect::<Vec<_>>()[..] else {
            panic!("one mail of the credit note")
        };
        assert_eq!(mail.attachment_name.as_deref(), Some("GH-CRN-2026-00001.pdf"));
        for form in DocumentForm::ALL {
            assert!(!owner.credit_note_as(note.id, form, Locale::Fr).await.unwrap().1.is_empty(), "{form:?}");
        }
        // All the rest: together the credits are the invoice.
        assert_eq!(corrected(&world, &running, 9, 1).await, Ok(Taken::New(GpuTime::hours(14 * 8).unwrap())));
        world.work().await;
        let read = owner.invoice(invoice.id).await.unwrap();
        let total = Money::sum(read.credits.iter().map(|note| note.total_cents)).unwrap();
        assert_eq!((total, read.row.credited_cents), (Money::cents(19_200 - 960), Money::cents(19_200 - 960)));
    }

    async fn use_that_was_not_posted_yet_is_posted_for_less(world) {
        let running = running(&world, 6_000).await;
        let start = start_of_day(monday(1));
        let reading = Reading { job: "train".to_owned(), sequence: 0, gpus: 8, start, end: start + TimeDelta::hours(20) };
        let sent = services::SentReading { allocation: running.allocation, reading };
        world.desk(Actor::meter(running.site)).record_readings(vec![sent]).await.unwrap().remove(0).unwrap();
        assert!(corrected(&world, &running, 1, 5).await.is_ok());
        world.desk(Actor::SYSTEM).post_usage().await.unwrap();
        let view = world.desk(running.owner).read_allocation(running.allocation).await.unwrap();
        assert_eq!(view.allocation.used, GpuTime::hours(40).unwrap());
        assert_eq!(corrected(&world, &running, 1, 5).await, Ok(Taken::Duplicate));
    }

    async fn a_downtime_gives_hours_and_money_back(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        let before = world.desk(running.owner).read_allocation(running.allocation).await.unwrap().allocation;
        let day = monday(1).to_string();
        let typed = TypedDowntime {
            first_day: day.clone(),
            first_time: "10:00".to_owned(),
            last_day: day,
            last_time: "12:30".to_owned(),
            gpus: "4".to_owned(),
            reason: "Cooling failed.".to_owned(),
        };
        let site = operator(&world, running.site);
        let wrong = TypedDowntime { gpus: "9".to_owned(), ..typed.clone() };
        assert_eq!(problem(site.record_downtime(running.allocation, &wrong).await), Problem::TooLarge { max: 8 });
        site.record_downtime(running.allocation, &typed).await.unwrap();
        assert_eq!(problem(site.record_downtime(running.allocation, &typed).await), Problem::AlreadyDone);
        world.work().await;
        let after = world.desk(running.owner).read_allocation(running.allocation).await.unwrap().allocation;
        let ten = GpuTime::hours(10).unwrap();
        assert_eq!((after.used.checked_add(ten).unwrap(), after.left), (before.used, before.left.checked_add(ten).unwrap()));
        let read = world.desk(running.owner).invoice(invoice.id).await.unwrap();
        let [note] = &read.credits[..] else { panic!("one credit note") };
        assert_eq!((note.cause, note.reason.as_str(), note.own_cents), (Cause::Downtime, "Cooling failed.", Money::cents(1_000)));
    }

    async fn what_was_down_and_is_reported_late_is_given_back_too(world) {
        let running = running(&world, 6_000).await;
        let day = monday(1).to_string();
        let typed = TypedDowntime {
            first_day: day.clone(),
            first_time: "00:00".to_owned(),
            last_day: day,
            last_time: "02:00".to_owned(),
            gpus: "8".to_owned(),
            reason: "Power cut.".to_owned(),
        };
        operator(&world, running.site).record_downtime(running.allocation, &typed).await.unwrap();
        ran(&world, &running, 0, 0, 20).await;
        let view = world.desk(running.owner).read_allocation(running.allocation).await.unwrap();
        assert_eq!(view.allocation.used, GpuTime::hours(18 * 8).unwrap());
    }

    async fn finance_credits_with_a_reason_and_above_a_limit_with_another(world) {
        let (running, invoice) = charged(&world, 0).await;
        let one = books(&world, "one@x.example").await;
        let nothing = TypedCredit { reason: String::new(), ..by_hand(Cause::Goodwill, "1") };
        assert_eq!(problem(one.ask_credit(invoice.id, &nothing).await), Problem::ReasonRequired);
        assert_eq!(problem(one.ask_credit(invoice.id, &by_hand(Cause::Goodwill, "")).await), Problem::NothingToCredit);
        assert_eq!(problem(one.ask_credit(invoice.id, &by_hand(Cause::Goodwill, "160.01")).await), Problem::MoreThanLeft);
        assert_eq!(problem(one.ask_credit(invoice.id, &by_hand(Cause::LoweredUsage, "1")).await), Problem::NotAChoice);
        assert!(matches!(world.desk(running.owner).ask_credit(invoice.id, &by_hand(Cause::Goodwill, "1")).await, Err(Error::Denied(_))));
        // 10 hours are 25.00 and 5.00 VAT: one signature.
        assert_eq!(one.ask_credit(invoice.id, &by_hand(Cause::Goodwill, "10")).await.unwrap(), CreditDone::Issued);
        let read = one.invoice(invoice.id).await.unwrap();
        assert_eq!((read.credits.len(), read.row.credited_cents), (1, Money::cents(3_000)));
        assert_eq!(world.desk(Actor::SYSTEM).credit_corrections().await.unwrap(), 0, "the ledger agrees");
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 0, "and it is not charged again");
    }

    async fn whoever_asked_does_not_sign(world) {
        let running = running(&world, 0).await;
        world.advance(TimeDelta::days(12));
        ran(&world, &running, 0, 0, 100).await;
        world.advance(TimeDelta::days(3));
        world.desk(Actor::SYSTEM).end_allocations().await.unwrap();
        world.advance(TimeDelta::hours(7));
        world.desk(Actor::SYSTEM).close_month().await.unwrap();
        let invoice = world.desk(running.owner).invoices(&all()).await.unwrap().remove(0).row;
        let (one, other) = (books(&world, "one@x.example").await, books(&world, "other@x.example").await);
        // One person does not come by in small steps where one large one takes two.
        assert_eq!(one.ask_credit(invoice.id, &by_hand(Cause::Goodwill, "5")).await.unwrap(), CreditDone::Issued);
        let rest = other.ask_credit(invoice.id, &by_hand(Cause::Goodwill, "330")).await.unwrap();
        assert_eq!(rest, CreditDone::Asked, "with what one signed before it is above the limit");
        let (request, _) = one.credit_requests().await.unwrap().remove(0);
        one.decline_credit(request.id).await.unwrap();
        // 400 hours are 1,000.00 and 200.00 VAT: above the limit.
        let done = one.ask_credit(invoice.id, &by_hand(Cause::EarlyReturn, "400")).await.unwrap();
        assert_eq!(done, CreditDone::Asked);
        assert_eq!(one.invoice(invoice.id).await.unwrap().credits.len(), 1);
        assert_eq!(problem(one.ask_credit(invoice.id, &by_hand(Cause::EarlyReturn, "400")).await), Problem::AlreadyAsked);
        let (request, _) = other.credit_requests().await.unwrap().remove(0);
        assert_eq!(problem(one.sign_credit(request.id).await), Problem::SecondSignatureSame);
        other.sign_credit(request.id).await.unwrap();
        assert_eq!(problem(other.sign_credit(request.id).await), Problem::AlreadyDone);
        let read = one.invoice(invoice.id).await.unwrap();
        let [first, second] = &read.credits[..] else { panic!("two credit notes") };
        let note = if first.signed_by.is_some() { first } else { second };
        assert_eq!((note.own_cents, note.vat_cents), (Money::cents(100_000), Money::cents(20_000)));
        assert!(note.asked_by.is_some() && note.signed_by.is_some() && note.asked_by != note.signed_by);
        // Another is declined: nothing is credited.
        one.ask_credit(invoice.id, &by_hand(Cause::EarlyReturn, "390")).await.unwrap();
        let (request, _) = other.credit_requests().await.unwrap().remove(0);
        other.decline_credit(request.id).await.unwrap();
        assert_eq!(one.invoice(invoice.id).await.unwrap().credits.len(), 2);
        assert!(one.credit_requests().await.unwrap().is_empty());
    }

    async fn a_corrected_invoice_takes_back_all_and_charges_anew(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        world.lines("UPDATE organisation SET legal_name = 'Renamed SAS' RETURNING legal_name").await;
        let books = finance(&world);
        let typed = TypedCredit { hours: vec![], ..by_hand(Cause::Correction, "") };
        assert_eq!(books.ask_credit(invoice.id, &typed).await.unwrap(), CreditDone::Issued);
        let old = books.invoice(invoice.id).await.unwrap();
        assert_eq!((old.row.credited_cents, old.standing), (old.row.total_cents, Standing::NothingDue));
        assert_eq!(old.issued.customer.name, "Company 1", "what was issued stays as it was");
        let new = old.corrected_by.unwrap();
        let new = world.desk(running.owner).invoice(new.id).await.unwrap();
        assert_eq!(new.issued.customer.name, "Renamed SAS");
        assert_eq!(new.issued.corrects.as_ref().unwrap().number, invoice.number);
        assert_eq!((new.row.total_cents, new.corrects.unwrap().id), (invoice.total_cents, invoice.id));
        assert_eq!(problem(books.ask_credit(invoice.id, &typed).await), Problem::NothingToCredit);
        let system = world.desk(Actor::SYSTEM);
        assert_eq!((system.credit_corrections().await.unwrap(), system.close_month().await.unwrap()), (0, 0));
    }

    async fn lowered_use_of_a_free_award_gives_a_corrected_statement(world) {
        let (running, statement) = charged(&world, 10_000).await;
        assert_eq!(statement.kind, Kind::Statement);
        corrected(&world, &running, 3, 15).await.unwrap();
        world.work().await;
        let read = world.desk(running.owner).invoice(statement.id).await.unwrap();
        let [note] = &read.credits[..] else { panic!("withdrawn") };
        assert_eq!((note.subsidy_cents, note.total_cents), (Money::cents(40_000), Money::ZERO), "all of it, and no money");
        let new = world.desk(running.owner).invoice(read.corrected_by.unwrap().id).await.unwrap();
        assert_eq!((new.row.kind, new.issued.sums.subsidy), (Kind::Statement, Money::cents(30_000)));
        assert_eq!(new.issued.corrects.unwrap().number, statement.number);
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 0);
    }

    async fn what_was_paid_beyond_the_new_total_is_an_overpayment(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        transfer(&world, "1", invoice.total_cents.as_cents(), &invoice.number).await;
        finance(&world).ask_credit(invoice.id, &by_hand(Cause::Goodwill, "40")).await.unwrap();
        let read = world.desk(running.owner).invoice(invoice.id).await.unwrap();
        assert_eq!((read.row.overpaid(), read.row.outstanding()), (Money::cents(4_800), Money::ZERO));
        assert_eq!(read.standing, Standing::Paid);
        let paid = services::InvoiceFilter { standing: Some(Standing::Paid), ..all() };
        assert_eq!(finance(&world).invoices(&paid).await.unwrap().len(), 1, "the database counts alike");
    }

    async fn what_was_on_its_way_for_a_lowered_invoice_becomes_a_credit(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        let url = world.desk(running.owner).start_payment(invoice.id, Locale::En).await.unwrap();
        let session = url.rsplit('/').next().unwrap();
        let told = async || {
            for event in world.provider.events() {
                world.desk(Actor::SYSTEM).store_payment_event(&event.body, &event.signature).await.unwrap();
            }
            world.work().await;
        };
        // Paid before the credit note, known after it.
        world.provider.pay(session);
        finance(&world).ask_credit(invoice.id, &by_hand(Cause::Goodwill, "40")).await.unwrap();
        told().await;
        let read = world.desk(running.owner).invoice(invoice.id).await.unwrap();
        assert_eq!((read.standing, read.row.received_cents), (Standing::Paid, Money::cents(14_400)));
        assert_eq!(read.row.overpaid(), Money::ZERO, "nothing is left for a person to do");
        assert!(read.timeline.iter().any(|event| event.kind == "payment_kept"));
        let credit = async || finance(&world).credit(running.organisation).await.unwrap().balance;
        assert_eq!(credit().await, Money::cents(4_800));
        let payment = read.payments[0].id;
        assert_eq!(finance(&world).payment(payment).await.unwrap().refundable, Money::cents(14_400));
        told().await;
        assert_eq!((credit().await, finance(&world).check_books().await.unwrap()), (Money::cents(4_800), vec![]));
        // The credit is used, and then the payer's bank takes everything back: the company owes both.
        let system = world.desk(Actor::SYSTEM);
        let next = system.issue_invoice(running.organisation, "test:2", &[used(&running, 50, 6_000)]).await.unwrap().unwrap();
        finance(&world).use_credit(running.organisation, next).await.unwrap();
        let dispute = world.provider.dispute(session).unwrap();
        told().await;
        world.provider.close_dispute(&dispute, false);
        told().await;
        let read = world.desk(running.owner).invoice(invoice.id).await.unwrap();
        assert_eq!((read.row.received_cents, read.row.outstanding()), (Money::ZERO, Money::cents(14_400)));
        assert_eq!(credit().await, Money::cents(-4_800));
        assert_eq!(finance(&world).check_books().await.unwrap(), []);
        assert!(matches!(finance(&world).use_credit(running.organisation, invoice.id).await, Err(Error::Invalid(_))));
    }

    async fn what_was_paid_before_a_credit_note_is_kept_or_given_back_by_decision(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        let url = world.desk(running.owner).start_payment(invoice.id, Locale::En).await.unwrap();
        world.provider.pay(url.rsplit('/').next().unwrap());
        for event in world.provider.events() {
            world.desk(Actor::SYSTEM).store_payment_event(&event.body, &event.signature).await.unwrap();
        }
        world.work().await;
        let clerk = books(&world, "kept@x.example").await;
        assert!(clerk.surplus_payments(10).await.unwrap().is_empty());
        finance(&world).ask_credit(invoice.id, &by_hand(Cause::Goodwill, "40")).await.unwrap();
        let surplus = async || {
            let rows = clerk.surplus_payments(10).await.unwrap();
            rows.into_iter().map(|one| (one.row.id, one.surplus.as_cents())).collect::<Vec<_>>()
        };
        let [(payment, cents)] = surplus().await[..] else { panic!("one payment") };
        assert_eq!(cents, 4_800);
        let owner = world.desk(running.owner);
        assert!(matches!(owner.keep_payment(payment).await, Err(Error::Denied(_))));
        // A part goes back to the card; while it is on its way, only the rest can be kept.
        clerk.refund_payment(payment, Money::cents(1_000), "For the card").await.unwrap();
        assert_eq!(surplus().await, [(payment, 3_800)]);
        clerk.keep_payment(payment).await.unwrap();
        assert!(matches!(clerk.keep_payment(payment).await, Err(Error::Invalid(_))));
        assert_eq!(clerk.credit(running.organisation).await.unwrap().balance, Money::cents(3_800));
        world.work().await;
        let read = owner.invoice(invoice.id).await.unwrap();
        assert_eq!((read.standing, read.row.overpaid(), read.row.outstanding()), (Standing::Paid, Money::ZERO, Money::ZERO));
        assert!(read.timeline.iter().any(|event| event.kind == "payment_kept"));
        assert!(surplus().await.is_empty());
        assert_eq!(finance(&world).check_books().await.unwrap(), []);
        // It pays the next invoice.
        let system = world.desk(Actor::SYSTEM);
        let next = system.issue_invoice(running.organisation, "test:3", &[used(&running, 50, 6_000)]).await.unwrap().unwrap();
        clerk.use_credit(running.organisation, next).await.unwrap();
        assert_eq!(clerk.credit(running.organisation).await.unwrap().balance, Money::ZERO);
        assert_eq!(finance(&world).check_books().await.unwrap(), []);
    }

    async fn what_was_kept_goes_with_the_payment_that_brought_it(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        import(&world, "1", &[booking(19_200, &invoice.number)]).await;
        let clerk = books(&world, "kept@x.example").await;
        finance(&world).ask_credit(invoice.id, &by_hand(Cause::Goodwill, "40")).await.unwrap();
        let payment = clerk.invoice(invoice.id).await.unwrap().payments[0].id;
        clerk.keep_payment(payment).await.unwrap();
        let credit = async || clerk.credit(running.organisation).await.unwrap().balance;
        assert_eq!((credit().await, clerk.check_books().await.unwrap()), (Money::cents(4_800), vec![]));
        // While the credit is used, the match stays; then the money was somebody else's.
        let system = world.desk(Actor::SYSTEM);
        let next = system.issue_invoice(running.organisation, "test:2", &[used(&running, 50, 6_000)]).await.unwrap().unwrap();
        clerk.use_credit(running.organisation, next).await.unwrap();
        let entry = clerk.bank_entries(&services::EntryFilter { limit: 10, ..Default::default() }).await.unwrap().remove(0).row;
        assert_eq!(problem(clerk.undo_match(entry.id, "Another company's", entry.version).await), Problem::CreditUsed);
        let paid = clerk.invoice(next).await.unwrap().payments[0].id;
        clerk.undo_credit(paid, "Not for this one").await.unwrap();
        clerk.undo_match(entry.id, "Another company's", entry.version).await.unwrap();
        assert_eq!((credit().await, clerk.check_books().await.unwrap()), (Money::ZERO, vec![]));
        let row = clerk.invoice(invoice.id).await.unwrap().row;
        assert_eq!((row.received_cents, row.outstanding()), (Money::ZERO, Money::cents(14_400)));
    }

    async fn what_was_kept_is_gone_when_a_dispute_takes_the_rest(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        let url = world.desk(running.owner).start_payment(invoice.id, Locale::En).await.unwrap();
        let session = url.rsplit('/').next().unwrap().to_owned();
        let told = async || {
            for event in world.provider.events() {
                world.desk(Actor::SYSTEM).store_payment_event(&event.body, &event.signature).await.unwrap();
            }
            world.work().await;
        };
        world.provider.pay(&session);
        told().await;
        let clerk = books(&world, "kept@x.example").await;
        finance(&world).ask_credit(invoice.id, &by_hand(Cause::Goodwill, "40")).await.unwrap();
        let payment = clerk.invoice(invoice.id).await.unwrap().payments[0].id;
        clerk.refund_payment(payment, Money::cents(1_000), "For the card").await.unwrap();
        clerk.keep_payment(payment).await.unwrap();
        told().await;
        let dispute = world.provider.dispute(&session).unwrap();
        told().await;
        world.provider.close_dispute(&dispute, false);
        told().await;
        assert_eq!(clerk.credit(running.organisation).await.unwrap().balance, Money::ZERO, "no money of it is left");
        assert_eq!(clerk.check_books().await.unwrap(), []);
    }

    async fn what_is_credited_is_asked_for_no_more(world) {
        let (running, invoice) = charged(&world, 6_000).await;
        world.advance(TimeDelta::days(44));
        let clerk = books(&world, "late@x.example").await;
        let late = finance(&world).reminders().await.unwrap().remove(0);
        // Fourteen days of 192.00 at 10.15 per cent, and of the half of it.
        assert_eq!(late.interest, Money::cents(75));
        finance(&world).ask_credit(invoice.id, &by_hand(Cause::Goodwill, "80")).await.unwrap();
        let late = finance(&world).reminders().await.unwrap().remove(0);
        assert_eq!((late.interest, late.invoice.outstanding()), (Money::cents(37), Money::cents(9_600)));
        clerk.write_off(invoice.id, "Costs more than it brings").await.unwrap();
        finance(&world).ask_credit(invoice.id, &by_hand(Cause::Goodwill, "80")).await.unwrap();
        let row = finance(&world).invoice(invoice.id).await.unwrap().row;
        assert_eq!((row.owed(), row.written_off_cents), (Money::ZERO, Money::ZERO), "no loss: it was never owed");
        assert!(finance(&world).reminders().await.unwrap().is_empty());
        assert!(finance(&world).ageing().await.unwrap().is_empty());
        assert!(!world.desk(running.owner).is_blocked().await.unwrap());
        assert_eq!(finance(&world).check_books().await.unwrap(), []);
    }

    async fn numbers_of_credit_notes_have_no_gap_whoever_asks_at_once_and_whatever_fails(world) {
        let running = running(&world, 0).await;
        ran(&world, &running, 0, 0, 20).await;
        // More is charged than was used: half of what is asked for fails after its number was taken.
        let uses = [used(&running, 400, 0)];
        let invoice: InvoiceId =
            world.desk(Actor::SYSTEM).issue_invoice(running.organisation, "test:1", &uses).await.unwrap().unwrap();
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let desk = finance(&world);
                tokio::spawn(async move {
                    loop {
                        match desk.ask_credit(invoice, &by_hand(Cause::Goodwill, "5")).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            Err(Error::Invalid(_)) => return false,
                            done => return done.unwrap() == CreditDone::Issued,
                        }
                    }
                })
            })
            .collect();
        let mut issued = 0;
        for task in tasks {
            issued += usize::from(task.await.unwrap());
        }
        let rows = finance(&world).credit_notes("", 100).await.unwrap();
        assert_eq!((issued, rows.len()), (32, 32), "160 hours were used, five at a time");
        let numbers: BTreeSet<String> = rows.iter().map(|(row, _)| row.number.clone()).collect();
        let expected: BTreeSet<String> = (1..=32).map(|serial| format!("GH-CRN-2026-{serial:05}")).collect();
        assert_eq!(numbers, expected);
    }
}
