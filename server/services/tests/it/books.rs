//! The books: each fact once, whatever comes twice or at once; nothing unbalanced, nothing in a closed month, no pot
//! below nought.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    book::{Account, Kind},
    gpu::GpuTime,
    invoice::{Standing, Use},
    money::Money,
    period::Month,
    pot::TypedMove,
    problem::Problem,
};
use services::{BookExport, BookFilter, Desk, Error, Finding, JournalEntry, NextClosing, Obstacle};
use testkit::{World, both, fault};
use text::Locale;

use crate::{
    applications::{small_company, submitted},
    invoices::{finance, invoiced, ran, running, used},
    reviews::{decide, review, staff, typed},
};

async fn journal(world: &World, kind: Kind) -> Vec<JournalEntry> {
    let filter = BookFilter { kind: Some(kind), limit: 500, ..BookFilter::default() };
    finance(world).journal(&filter).await.unwrap()
}

fn amount(entry: &JournalEntry, account: Account) -> Money {
    Money::sum(entry.lines.iter().filter(|line| line.account == account).map(|line| line.amount)).unwrap()
}

async fn agree(world: &World) {
    let findings = world.desk(Actor::SYSTEM).check_books().await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
}

/// What is free, committed and spent of a pot.
async fn pot(world: &World, code: &str) -> [i64; 3] {
    let (read, _, _) = finance(world).pot(code).await.unwrap();
    [read.free, read.committed, read.spent].map(Money::as_cents)
}

fn movement(kind: &str, to: &str, amount: &str) -> TypedMove {
    TypedMove {
        kind: kind.to_owned(),
        to: to.to_owned(),
        amount: amount.to_owned(),
        reason: "As decided in May.".to_owned(),
        approval: "Letter 7 of 2 May 2026".to_owned(),
    }
}

async fn keeper(world: &World, name: &str) -> Desk {
    staff(world, &format!("{name}@x.example"), Stand::Finance).await
}

both! {
    async fn an_invoice_its_payment_and_its_refund_are_booked_once_each(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let [entry] = &journal(&world, Kind::Invoice).await[..] else { panic!("one entry") };
        assert_eq!(amount(entry, Account::Receivable), Money::cents(12_000));
        assert_eq!((amount(entry, Account::Vat), amount(entry, Account::Revenue)), (Money::cents(-2_000), Money::cents(-10_000)));
        assert_eq!(amount(entry, Account::Funding), Money::cents(15_000), "sixty per cent of 250 euros");
        let owner = world.desk(running.owner);
        let url = owner.start_payment(invoice, Locale::En).await.unwrap();
        world.provider.pay(url.rsplit('/').next().unwrap());
        let events = world.provider.events();
        for event in events.iter().chain(&events) {
            world.desk(Actor::SYSTEM).store_payment_event(&event.body, &event.signature).await.unwrap();
        }
        world.work().await;
        let [paid] = &journal(&world, Kind::Payment).await[..] else { panic!("one payment, however often it is told") };
        assert_eq!((amount(paid, Account::Clearing), amount(paid, Account::Receivable)), (Money::cents(12_000), Money::cents(-12_000)));
        let payment = owner.invoice(invoice).await.unwrap().payments[0].id;
        finance(&world).refund_payment(payment, Money::cents(2_000), "Half of it was down.").await.unwrap();
        world.work().await;
        let [back] = &journal(&world, Kind::Refund).await[..] else { panic!("one refund") };
        assert_eq!(amount(back, Account::Clearing), Money::cents(-2_000));
        agree(&world).await;
        let balance = finance(&world).trial_balance(None).await.unwrap();
        assert_eq!(balance.debit, balance.credit.negated().unwrap());
        assert_eq!(balance.rows.iter().filter(|(row, name)| row.account == Account::Receivable && *name != row.kept_for).count(), 1);
    }

    async fn many_invoices_at_once_are_booked_without_a_gap(world) {
        let running = running(&world, 6_000).await;
        let before = journal(&world, Kind::Invoice).await.len();
        let tasks: Vec<_> = (0..32)
            .map(|number| {
                let desk = world.desk(Actor::SYSTEM);
                let (organisation, uses) = (running.organisation, [used(&running, 1, 6_000)]);
                tokio::spawn(async move {
                    // Each occasion is tried twice.
                    let occasion = format!("test:{}", number / 2);
                    loop {
                        match desk.issue_invoice(organisation, &occasion, &uses).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            done => return done.unwrap(),
                        }
                    }
                })
            })
            .collect();
        let mut issued = 0;
        for task in tasks {
            issued += usize::from(task.await.unwrap().is_some());
        }
        assert_eq!(issued, 16);
        assert_eq!(journal(&world, Kind::Invoice).await.len() - before, 16);
        agree(&world).await;
        // A number that no document has is found.
        world.execute("UPDATE counter SET value = value + 1 WHERE name LIKE 'GH-INV-%'").await.unwrap();
        let findings = finance(&world).check_books().await.unwrap();
        let [Finding::Series { last, count, .. }] = &findings[..] else { panic!("{findings:?}") };
        assert_eq!(*last, count + 1);
    }

    async fn what_is_booked_cannot_be_changed_by_anybody(world) {
        let running = running(&world, 6_000).await;
        invoiced(&world, &running).await;
        for sql in [
            "UPDATE book_posting SET amount_cents = amount_cents + 1",
            "DELETE FROM book_posting",
            "UPDATE book_entry SET key = 'other'",
            "DELETE FROM book_entry",
            "UPDATE book_account SET balance_cents = -1 WHERE account = 'pot_free'",
        ] {
            assert!(world.execute(sql).await.is_err(), "{sql}");
        }
        agree(&world).await;
        world.execute("UPDATE book_account SET balance_cents = balance_cents + 1 WHERE account = 'receivable'").await.unwrap();
        assert_eq!(world.desk(Actor::SYSTEM).check_books().await.unwrap().len(), 2, "the check sees a cent");
    }

    async fn only_use_of_the_month_itself_keeps_it_open(world) {
        let running = running(&world, 6_000).await;
        ran(&world, &running, 0, 0, 20).await;
        world.advance(TimeDelta::hours(8));
        let keeper = keeper(&world, "keeper").await;
        let november = Month::of(keeper.now).previous();
        let mut month = keeper.closing_books().await.unwrap().month;
        while month < november {
            keeper.close_books(month).await.unwrap();
            month = month.next();
        }
        assert_eq!(keeper.closing_books().await.unwrap().obstacles, [Obstacle::Uncharged(1)]);
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 1);
        ran(&world, &running, 1, 24, 6).await;
        let next = keeper.closing_books().await.unwrap();
        assert_eq!((next.month, next.obstacles), (november, Vec::new()), "December's use is December's");
        keeper.close_books(november).await.unwrap();
    }

    async fn a_closed_month_takes_nothing_and_late_facts_go_to_the_next(world) {
        let running = running(&world, 6_000).await;
        invoiced(&world, &running).await;
        let keeper = keeper(&world, "keeper").await;
        let NextClosing { month: first, obstacles, .. } = keeper.closing_books().await.unwrap();
        assert_eq!(first, Month::of_day("2026-01-01".parse().unwrap()), "the pledges were booked first");
        assert!(obstacles.is_empty(), "{obstacles:?}");
        let mut month = first;
        // The month before this one still takes readings.
        let last = Month::of(keeper.now).previous();
        while month < last {
            keeper.close_books(month).await.unwrap();
            assert!(matches!(keeper.close_books(month).await, Err(Error::Stale)), "once");
            month = month.next();
        }
        let NextClosing { month: open, obstacles, .. } = keeper.closing_books().await.unwrap();
        assert_eq!((open, obstacles), (last, vec![Obstacle::TooEarly]));
        assert_eq!(fault(keeper.close_books(open).await).1, Problem::NotPossibleNow);
        world.advance(TimeDelta::days(40));
        let later = world.desk(keeper.actor);
        let mut closing = last;
        while closing < Month::of(later.now) {
            later.close_books(closing).await.unwrap();
            closing = closing.next();
        }
        let owner = world.desk(running.owner);
        let invoice = owner.invoices(&crate::invoices::all()).await.unwrap()[0].row.id;
        let url = owner.start_payment(invoice, Locale::En).await.unwrap();
        world.provider.pay(url.rsplit('/').next().unwrap());
        world.advance(TimeDelta::minutes(11));
        world.work().await;
        assert_eq!(world.desk(running.owner).invoice(invoice).await.unwrap().standing, Standing::Paid);
        let [paid] = &journal(&world, Kind::Payment).await[..] else { panic!("one payment") };
        assert!(paid.row.booked_on >= closing.first_day(), "{:?}", paid.row);
        agree(&world).await;
    }

    async fn tax_figures_and_files_say_what_was_booked(world) {
        let running = running(&world, 6_000).await;
        invoiced(&world, &running).await;
        let desk = finance(&world);
        let kept_for = async |of: String| {
            let filter = BookFilter { kept_for: of, limit: 50, ..BookFilter::default() };
            desk.journal(&filter).await.unwrap().len()
        };
        let all = desk.journal(&BookFilter { limit: 50, ..BookFilter::default() }).await.unwrap();
        let called = all.iter().flat_map(|entry| &entry.lines).find(|line| line.name != line.kept_for);
        let called = called.expect("a company's line");
        let by_id = kept_for(called.kept_for.clone()).await;
        assert!(by_id > 0);
        assert_eq!(kept_for(called.name.to_uppercase()).await, by_id, "a company is found by its name");
        assert_eq!(kept_for("nobody%".to_owned()).await, 0);
        let month = Month::of(desk.now);
        let figures = desk.tax_figures(month, month).await.unwrap();
        let [line] = &figures.lines[..] else { panic!("one heading") };
        assert_eq!((line.country.as_str(), line.base, line.vat), ("FR", Money::cents(10_000), Money::cents(2_000)));
        assert!(figures.sales.is_empty(), "a customer without a number is not reverse-charged");
        let (name, csv) = desk.export_books(month, BookExport::Csv).await.unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(name.starts_with("journal-2026-") && csv.contains(",receivable,") && csv.contains("120.00"), "{csv}");
        let (_, xml) = desk.export_books(month, BookExport::SafT).await.unwrap();
        let xml = String::from_utf8(xml).unwrap();
        let total = |tag: &str| xml.split(&format!("<{tag}>")).nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert_eq!(total("TotalDebit"), total("TotalCredit"));
        assert!(xml.contains("urn:OECD:StandardAuditFile-Tax:2.00") && !xml.contains("<script"), "{xml}");
        let nothing = desk.tax_figures(month.next(), month.next()).await.unwrap();
        assert!(nothing.lines.is_empty());
    }

    async fn an_award_binds_its_pot_and_everything_after_keeps_it_true(world) {
        let before = pot(&world, "union").await;
        let reviewer = staff(&world, "reviewer@x.example", Stand::Reviewer).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (company, _) = small_company(&world, 1).await;
        let id = submitted(&company).await;
        review(&reviewer, id, "approve").await;
        let code = "participating_state";
        let free = pot(&world, code).await[0];
        decide(&officer, id, &typed("approved", "1000")).await.unwrap();
        let after = pot(&world, code).await;
        let entries = journal(&world, Kind::Commit).await;
        assert!(after[1] > 0 && after[0] == free - after[1], "{after:?} {entries:?}");
        assert_eq!(pot(&world, "union").await, before, "the money of another pot is untouched");
        agree(&world).await;
    }

    async fn use_is_spent_out_of_what_was_bound_and_the_rest_is_freed(world) {
        let running = running(&world, 6_000).await;
        let [free, committed, spent] = pot(&world, "union").await;
        assert!(committed > 0 && spent == 0, "{committed} {spent}");
        invoiced(&world, &running).await;
        // 100 hours at 2.50 with 60 per cent.
        assert_eq!(pot(&world, "union").await, [free, committed - 15_000, 15_000]);
        world.advance(TimeDelta::days(16));
        world.desk(Actor::SYSTEM).end_allocations().await.unwrap();
        let [end_free, end_committed, end_spent] = pot(&world, "union").await;
        assert_eq!((end_committed, end_spent), (0, 15_000));
        assert_eq!(end_free, free + committed - 15_000);
        agree(&world).await;
    }

    async fn a_pot_never_falls_below_nought_whoever_asks_at_once(world) {
        let (one, two) = (keeper(&world, "one").await, keeper(&world, "two").await);
        let [free, ..] = pot(&world, "state_lu").await;
        // A third of what is free, eight times at once.
        let third = (free / 300).to_string();
        let mut asked = Vec::new();
        for _ in 0..8 {
            asked.push(one.ask_movement("state_lu", &movement("withdraw", "", &third)).await.unwrap());
        }
        assert_eq!(fault(one.sign_movement(asked[0], true).await).1, Problem::SecondSignatureSame);
        let tasks: Vec<_> = asked
            .into_iter()
            .map(|id| {
                let desk = world.desk(two.actor);
                tokio::spawn(async move {
                    loop {
                        match desk.sign_movement(id, true).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            done => return done,
                        }
                    }
                })
            })
            .collect();
        let mut booked = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => booked += 1,
                refused => assert!(matches!(fault(refused).1, Problem::PotExhausted { .. })),
            }
        }
        assert_eq!(booked, 3);
        assert!(pot(&world, "state_lu").await[0] >= 0);
        agree(&world).await;
    }

    async fn what_a_pot_does_not_have_stops_no_invoice_and_is_spent_once_it_has(world) {
        let running = running(&world, 6_000).await;
        let (one, two) = (keeper(&world, "one").await, keeper(&world, "two").await);
        let [free, committed, _] = pot(&world, "union").await;
        let whole = format!("{}.{:02}", free / 100, free % 100);
        let away = one.ask_movement("union", &movement("withdraw", "", &whole)).await.unwrap();
        two.sign_movement(away, true).await.unwrap();
        // A hundred hours more than were bound, at 1.50 of subsidy.
        let hours = committed / 150 + 100;
        let system = world.desk(Actor::SYSTEM);
        system.issue_invoice(running.organisation, "test:1", &[used(&running, hours, 6_000)]).await.unwrap().unwrap();
        assert_eq!(pot(&world, "union").await, [0, 0, committed], "what there was");
        let charged = Money::cents(hours * 150);
        let short = Finding::Pot { pot: "union".to_owned(), charged, spent: Money::cents(committed) };
        assert_eq!(system.check_books().await.unwrap(), [short]);
        let more = one.ask_movement("union", &movement("pledge", "", "1000")).await.unwrap();
        two.sign_movement(more, true).await.unwrap();
        world.work().await;
        assert_eq!(pot(&world, "union").await, [100_000 - 15_000, 0, hours * 150]);
        agree(&world).await;
    }

    async fn a_document_of_nothing_is_not_looked_for_for_ever(world) {
        let running = running(&world, 10_000).await;
        let second = Use { gpu_time: GpuTime::seconds(1), ..used(&running, 1, 10_000) };
        world.desk(Actor::SYSTEM).issue_invoice(running.organisation, "test:1", &[second]).await.unwrap().unwrap();
        assert_eq!(journal(&world, Kind::Invoice).await.len(), 0, "nothing to book");
        world.work().await;
        agree(&world).await;
    }

    async fn money_moves_between_pots_when_two_agree(world) {
        let (one, two) = (keeper(&world, "one").await, keeper(&world, "two").await);
        let [from, ..] = pot(&world, "state_de").await;
        let [to, ..] = pot(&world, "invest_eu").await;
        let id = one.ask_movement("state_de", &movement("allot", "invest_eu", "1000.50")).await.unwrap();
        assert_eq!(pot(&world, "state_de").await[0], from, "asked is not booked");
        two.sign_movement(id, true).await.unwrap();
        assert_eq!(fault(two.sign_movement(id, true).await).1, Problem::AlreadyDone);
        assert_eq!((pot(&world, "state_de").await[0], pot(&world, "invest_eu").await[0]), (from - 100_050, to + 100_050));
        let pledge = two.ask_movement("union", &movement("pledge", "", "5")).await.unwrap();
        one.sign_movement(pledge, false).await.unwrap();
        let (_, _, moved) = one.pot("union").await.unwrap();
        assert_eq!(moved[0].state, domain::pot::MoveState::Refused);
        agree(&world).await;
    }
}
