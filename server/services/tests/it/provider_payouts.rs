//! Payouts of the payment provider on a statement: by hand with the fees of its report, or by themselves with what it
//! says of them.

use chrono::TimeDelta;
use domain::{
    actor::Actor,
    bank::{How, State},
    book::Account::{self, Bank, Clearing, Fees, Suspense},
    id::InvoiceId,
    money::Money,
    problem::Problem,
};
use services::{Error, jobs::Verdict};
use testkit::{World, both, fault};
use text::Locale;

use crate::{
    bank::{booking, clerk, entries, import, only},
    invoices::{Running, finance, invoiced, running},
};

const TOTAL: Money = Money::cents(12_000);

/// An invoice of 120 euros, paid by card.
async fn paid_by_card(world: &World) -> (Running, InvoiceId) {
    let running = running(world, 6_000).await;
    let invoice = invoiced(world, &running).await;
    let url = world.desk(running.owner).start_payment(invoice, Locale::En).await.unwrap();
    world.provider.pay(url.rsplit('/').next().unwrap());
    for event in world.provider.events() {
        world.desk(Actor::SYSTEM).store_payment_event(&event.body, &event.signature).await.unwrap();
    }
    world.work().await;
    (running, invoice)
}

/// Cents on accounts by the trial balance.
async fn held<const N: usize>(world: &World, accounts: [Account; N]) -> [i64; N] {
    let rows = finance(world).trial_balance(None).await.unwrap().rows;
    let of = |account| rows.iter().filter(move |(row, _)| row.account == account);
    accounts.map(|account| of(account).map(|(row, _)| row.balance().unwrap().as_cents()).sum())
}

both! {
    async fn a_payout_of_the_provider_clears_what_it_holds_and_books_its_fees(world) {
        let (running, _) = paid_by_card(&world).await;
        assert_eq!(held(&world, [Clearing]).await, [12_000]);
        import(&world, "1", &[booking(11_640, "STRIPE PAYOUT")]).await;
        let open = only(&world, State::Open).await.row;
        assert_eq!(held(&world, [Suspense, Bank]).await, [-11_640, 11_640]);
        let clerk = clerk(&world, "clerk").await;
        let read = clerk.bank_entry(open.id, "").await.unwrap();
        assert_eq!((read.with_provider, read.provider.len()), (TOTAL, 0));
        for (fee, problem) in [("x", Problem::NotANumber), ("-1", Problem::NotPositive)] {
            let refused = clerk.match_provider_payout(open.id, fee, open.version).await;
            assert_eq!(fault(refused), ("fee".to_owned(), problem));
        }
        let owner = world.desk(running.owner);
        assert!(matches!(owner.match_provider_payout(open.id, "3.60", open.version).await, Err(Error::Denied(_))));
        clerk.match_provider_payout(open.id, "3.60", open.version).await.unwrap();
        assert!(matches!(clerk.match_provider_payout(open.id, "3.60", open.version).await, Err(Error::Stale)));
        assert_eq!(held(&world, [Clearing, Suspense, Fees]).await, [0, 0, 360]);
        assert_eq!(clerk.check_books().await.unwrap(), []);
        let read = clerk.bank_entry(open.id, "").await.unwrap();
        assert_eq!((read.listed.row.how, read.provider[0].fee_cents, read.can_undo), (Some(How::Hand), Money::cents(360), true));
        clerk.undo_match(open.id, "The fees were others", read.listed.row.version).await.unwrap();
        assert_eq!(held(&world, [Clearing, Suspense, Fees]).await, [12_000, -11_640, 0]);
        let open = only(&world, State::Open).await.row;
        clerk.match_provider_payout(open.id, "", open.version).await.unwrap();
        assert_eq!(held(&world, [Clearing, Fees]).await, [360, 0]);
        assert_eq!(clerk.check_books().await.unwrap(), []);
        let version = clerk.bank_entry(open.id, "").await.unwrap().listed.row.version;
        world.advance(TimeDelta::days(60));
        assert_eq!(fault(finance(&world).undo_match(open.id, "x", version).await).1, Problem::BooksClosed);
    }

    async fn a_payout_that_the_provider_speaks_of_is_matched_by_itself_with_its_fees(world) {
        paid_by_card(&world).await;
        // The statement is there first, and the provider does not answer, or says nothing of it yet.
        import(&world, "1", &[booking(11_795, "STRIPE PAYOUT")]).await;
        world.provider.fail_next(1);
        let system = world.desk(Actor::SYSTEM);
        assert!(matches!(system.match_provider_payouts().await.unwrap(), Verdict::Retry(_)));
        world.work().await;
        let open = only(&world, State::Open).await.row;
        let arrives = open.booked_on.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp();
        assert_eq!(world.provider.pay_out(arrives), Some(11_795), "1.5 per cent and 25 cents are kept of 120 euros");
        assert_eq!(world.provider.pay_out(arrives), None, "once");
        system.match_provider_payouts().await.unwrap();
        assert_eq!(held(&world, [Clearing, Suspense, Fees]).await, [0, 0, 205]);
        let clerk = clerk(&world, "clerk").await;
        let read = clerk.bank_entry(open.id, "").await.unwrap();
        assert_eq!(read.listed.row.how, Some(How::Provider));
        let one = &read.provider[0];
        assert_eq!((one.fee_cents, one.made_by), (Money::cents(205), None));
        assert!(one.provider_id.as_deref().unwrap().starts_with("po_"));
        assert_eq!(clerk.check_books().await.unwrap(), []);
        // Undone, it is a person's: the provider's word does not match it again.
        clerk.undo_match(open.id, "It was a customer's", read.listed.row.version).await.unwrap();
        system.match_provider_payouts().await.unwrap();
        assert_eq!(only(&world, State::Open).await.row.id, open.id);
        assert_eq!(held(&world, [Clearing, Suspense]).await, [12_000, -11_795]);
        assert_eq!(clerk.check_books().await.unwrap(), []);
    }

    async fn a_refund_and_a_customers_transfer_do_not_disturb_a_payout(world) {
        let (_, invoice) = paid_by_card(&world).await;
        let payment = finance(&world).invoice(invoice).await.unwrap().payments[0].id;
        finance(&world).refund_payment(payment, Money::cents(2_000), "A little too much").await.unwrap();
        world.work().await;
        // A customer sends the same amount by chance: its entry does not speak of the provider.
        import(&world, "1", &[booking(9_795, "Thanks").named("B1"), booking(9_795, "STRIPE PAYOUT").named("B2")]).await;
        let entries = entries(&world, State::Open).await;
        let of = |text: &str| entries.iter().find(|one| one.row.remittance == text).unwrap().row.id;
        let booked_on = entries[0].row.booked_on;
        assert_eq!(world.provider.pay_out(booked_on.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp()), Some(9_795));
        world.advance(TimeDelta::hours(2));
        world.work().await;
        assert_eq!(only(&world, State::Open).await.row.id, of("Thanks"));
        let matched = only(&world, State::Matched).await.row;
        assert_eq!((matched.id, matched.how), (of("STRIPE PAYOUT"), Some(How::Provider)));
        assert_eq!(finance(&world).check_books().await.unwrap(), []);
    }
    async fn what_the_provider_bills_is_a_fee_and_what_it_cannot_explain_is_a_persons(world) {
        paid_by_card(&world).await;
        world.provider.bill(295);
        let system = world.desk(Actor::SYSTEM);
        import(&world, "1", &[booking(11_500, "STRIPE PAYOUT").named("B1")]).await;
        let first = only(&world, State::Open).await.row;
        let arrives = first.booked_on.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp();
        assert_eq!(world.provider.pay_out(arrives), Some(11_500));
        world.provider.explain_payout(false);
        system.match_provider_payouts().await.unwrap();
        assert_eq!(only(&world, State::Open).await.row.id, first.id, "it is not said yet what is in it");
        world.provider.explain_payout(true);
        system.match_provider_payouts().await.unwrap();
        assert_eq!(held(&world, [Clearing, Suspense, Fees]).await, [0, 0, 500]);
        // It comes back and is sent again: the second is of the same amount, and its fees were the first's.
        world.provider.fail_payout();
        assert_eq!(world.provider.pay_out(arrives), Some(11_500));
        import(&world, "2", &[booking(11_500, "STRIPE PAYOUT").named("B2")]).await;
        world.work().await;
        system.match_provider_payouts().await.unwrap();
        let open = only(&world, State::Open).await.row;
        assert_ne!(open.id, first.id);
        // By hand and undone, it stays with persons.
        let clerk = clerk(&world, "clerk").await;
        clerk.match_provider_payout(open.id, "", open.version).await.unwrap();
        clerk.undo_match(open.id, "The fees were others", open.version + 1).await.unwrap();
        system.match_provider_payouts().await.unwrap();
        assert_eq!(only(&world, State::Open).await.row.id, open.id);
        assert_eq!(clerk.check_books().await.unwrap(), []);
    }

    async fn a_statement_leaves_no_timer_behind(world) {
        running(&world, 6_000).await;
        world.work().await;
        let jobs = async || world.lines("SELECT kind AS line FROM job ORDER BY 1").await;
        let before = jobs().await;
        for name in ["1", "2", "3"] {
            import(&world, name, &[booking(5_000, "STRIPE PAYOUT").named(name)]).await;
            world.work().await;
        }
        assert_eq!(jobs().await, before);
    }
}
