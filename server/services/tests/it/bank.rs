//! Bank statements: taken in whole and once, each entry where it belongs, nothing lost, and every match undone to the
//! cent.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    bank::{Doubt, How, PayoutState, State},
    id::{BankEntryId, InvoiceId, PersonId},
    invoice::Standing,
    money::Money,
    payment::Rail,
    payment_reference,
    problem::Problem,
};
use services::{Desk, EntryFilter, EntryListed, Error, Imported, PayoutForm, rows::RefundState};
use testkit::{World, both, fault};
use text::Locale;

use crate::{
    capacity::company,
    invoices::{Running, finance, invoiced, running, used},
};

const IBAN: &str = "DE89370400440532013000";
const TOTAL: Money = Money::cents(12_000);

/// One booking as a bank writes it.
pub struct Booking {
    cents: i64,
    text: String,
    reference: String,
    iban: &'static str,
    servicer: String,
}

pub fn booking(cents: i64, text: &str) -> Booking {
    Booking { cents, text: text.to_owned(), reference: String::new(), iban: IBAN, servicer: String::new() }
}

impl Booking {
    pub fn reference(self, reference: &str) -> Self {
        Self { reference: reference.to_owned(), ..self }
    }

    pub fn from(self, iban: &'static str) -> Self {
        Self { iban, ..self }
    }

    pub fn named(self, servicer: &str) -> Self {
        Self { servicer: servicer.to_owned(), ..self }
    }

    fn xml(&self) -> String {
        let direction = if self.cents < 0 { "DBIT" } else { "CRDT" };
        let (role, account) = if self.cents < 0 { ("Cdtr", "CdtrAcct") } else { ("Dbtr", "DbtrAcct") };
        let amount = Money::cents(self.cents.abs());
        let strd = if self.reference.is_empty() {
            String::new()
        } else {
            format!("<Strd><CdtrRefInf><Ref>{}</Ref></CdtrRefInf></Strd>", self.reference)
        };
        let servicer = if self.servicer.is_empty() {
            String::new()
        } else {
            format!("<AcctSvcrRef>{}</AcctSvcrRef>", self.servicer)
        };
        format!(
            "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>2026-11-20</Dt></BookgDt>{servicer}<NtryDtls><TxDtls><RltdPties>\
             <{role}><Pty><Nm>Company 1</Nm></Pty></{role}><{account}><Id><IBAN>{}</IBAN></Id></{account}></RltdPties>\
             <RmtInf><Ustrd>{}</Ustrd>{strd}</RmtInf></TxDtls></NtryDtls></Ntry>",
            self.iban, self.text
        )
    }
}

/// A statement that adds up, of our account.
pub fn statement(name: &str, bookings: &[Booking]) -> String {
    let closing = 100_000 + bookings.iter().map(|one| one.cents).sum::<i64>();
    let balance = |code: &str, cents: i64| {
        let direction = if cents < 0 { "DBIT" } else { "CRDT" };
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{}</Amt>\
             <CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>",
            Money::cents(cents.abs())
        )
    };
    let entries: String = bookings.iter().map(Booking::xml).collect();
    format!(
        "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>{name}</MsgId><CreDtTm>2026-11-20T23:00:00</CreDtTm></GrpHdr><Stmt><Id>{name}</Id>\
         <Acct><Id><IBAN>LU280019400644750000</IBAN></Id><Ccy>EUR</Ccy></Acct>{}{}{entries}</Stmt>\
         </BkToCstmrStmt></Document>",
        balance("OPBD", 100_000),
        balance("CLBD", closing)
    )
}

/// A person of finance, by whom things can be signed.
pub async fn clerk(world: &World, name: &str) -> Desk {
    let person: PersonId = world.person(&format!("{name}@programme.example")).await;
    world.place(person, Stand::Finance).await;
    world.desk(Actor::person(person, Stand::Finance))
}

pub async fn import(world: &World, name: &str, bookings: &[Booking]) -> Imported {
    finance(world).import_statement("s.xml", statement(name, bookings).as_bytes()).await.unwrap()
}

pub async fn entries(world: &World, state: State) -> Vec<EntryListed> {
    let filter = EntryFilter { state: Some(state), limit: 100, ..EntryFilter::default() };
    finance(world).bank_entries(&filter).await.unwrap()
}

pub async fn only(world: &World, state: State) -> EntryListed {
    let mut found = entries(world, state).await;
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

async fn second_invoice(world: &World, running: &Running) -> InvoiceId {
    let system = world.desk(Actor::SYSTEM);
    system.issue_invoice(running.organisation, "test:2", &[used(running, 50, 6_000)]).await.unwrap().unwrap()
}

async fn money(world: &World, invoice: InvoiceId) -> (Standing, Money) {
    let read = finance(world).invoice(invoice).await.unwrap();
    (read.standing, read.row.received_cents)
}

both! {
    async fn a_transfer_with_the_reference_pays_its_invoice_once(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let reference = payment_reference::of_number("GH-INV-2026-00001");
        let file = [booking(12_000, "").reference(&reference)];
        let imported = import(&world, "1", &file).await;
        assert_eq!((imported.entries, imported.matched, imported.open), (1, 1, 0));
        assert_eq!(money(&world, invoice).await, (Standing::Paid, TOTAL));
        assert_eq!(only(&world, State::Matched).await.row.how, Some(How::Reference));
        // The same file, the same statement in a file of another name, and the same entry in another statement.
        let same = finance(&world).import_statement("again.xml", statement("1", &file).as_bytes()).await;
        assert_eq!(fault(same), ("file".to_owned(), Problem::StatementKnown));
        let overlapping = import(&world, "2", &[booking(12_000, "").reference(&reference), booking(-350, "fee")]).await;
        assert_eq!((overlapping.known, overlapping.matched, overlapping.open), (1, 0, 1));
        assert_eq!(money(&world, invoice).await, (Standing::Paid, TOTAL), "counted once");
        let other = finance(&world).import_statement("1.xml", statement("1", &[booking(1, "x")]).as_bytes()).await;
        assert_eq!(fault(other), ("file".to_owned(), Problem::StatementChanged));
        // The receipt goes out, and the page says which way the money came.
        world.work().await;
        assert!(world.mail_to(&running.email).await.unwrap().contains("€120.00"));
        let read = world.desk(running.owner).invoice(invoice).await.unwrap();
        assert_eq!((read.payments[0].rail, read.booked.len()), (Rail::Bank, 1));
        assert!(world.desk(running.owner).receipt_pdf(read.payments[0].id, Locale::En).await.is_ok());
    }

    async fn files_that_are_not_whole_or_not_ours_leave_nothing(world) {
        let running = running(&world, 6_000).await;
        invoiced(&world, &running).await;
        let good = statement("1", &[booking(12_000, "GH-INV-2026-00001")]);
        let cases = [
            (good.replace("LU280019400644750000", "DE89370400440532013000"), Problem::StatementAccount),
            (good.replace("EUR", "USD"), Problem::StatementCurrency),
            (good.replace("<Amt Ccy=\"EUR\">120.00", "<Amt Ccy=\"EUR\">119.00"), Problem::StatementBalance { counted: 111_900, stated: 112_000 }),
            (good[..good.len() - 40].to_owned(), Problem::StatementUnreadable),
            (good.replace("camt.053", "camt.054"), Problem::NotAStatement),
            (good.replace("?>", "?><!DOCTYPE a [<!ENTITY b \"c\">]>"), Problem::StatementUnreadable),
        ];
        for (file, expected) in cases {
            let refused = finance(&world).import_statement("s.xml", file.as_bytes()).await;
            assert_eq!(fault(refused), ("file".to_owned(), expected));
        }
        let large = vec![b' '; services::STATEMENT_BYTES_MAX + 1];
        assert!(matches!(fault(finance(&world).import_statement("s.xml", &large).await).1, Problem::FileTooLarge { .. }));
        assert!(finance(&world).statements().await.unwrap().is_empty());
        let owner = world.desk(running.owner);
        assert!(matches!(owner.import_statement("s.xml", good.as_bytes()).await, Err(Error::Denied(_))));
        assert!(matches!(owner.statements().await, Err(Error::Denied(_))));
    }

    async fn parts_and_what_is_over_are_kept_to_the_cent(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        import(&world, "1", &[booking(5_000, "GH-INV-2026-00001 first part")]).await;
        assert_eq!(money(&world, invoice).await, (Standing::Open, Money::cents(5_000)));
        import(&world, "2", &[booking(8_000, "GH-INV-2026-00001 the rest")]).await;
        assert_eq!(money(&world, invoice).await, (Standing::Paid, TOTAL));
        let books = finance(&world);
        assert_eq!(books.credit(running.organisation).await.unwrap().balance, Money::cents(1_000));
        assert_eq!(world.desk(running.owner).own_credit().await.unwrap(), Money::cents(1_000));
        let (_, stranger, _) = company(&world, 2).await;
        assert_eq!(stranger.own_credit().await.unwrap(), Money::ZERO);
        // Paid again though it is paid: all of it is the company's.
        import(&world, "3", &[booking(12_000, "GH-INV-2026-00001")]).await;
        assert_eq!(books.credit(running.organisation).await.unwrap().balance, Money::cents(13_000));
        let next = second_invoice(&world, &running).await;
        books.use_credit(running.organisation, next).await.unwrap();
        assert_eq!(money(&world, next).await, (Standing::Paid, Money::cents(6_000)));
        assert_eq!(books.credit(running.organisation).await.unwrap().balance, Money::cents(7_000));
        assert!(matches!(books.use_credit(running.organisation, next).await, Err(Error::Invalid(_))), "nothing is left to pay");
    }

    async fn one_transfer_pays_several_and_a_known_payer_is_believed_to_the_cent(world) {
        let running = running(&world, 6_000).await;
        let first = invoiced(&world, &running).await;
        let second = second_invoice(&world, &running).await;
        let one = import(&world, "1", &[booking(15_000, "GH-INV-2026-00001 GH-INV-2026-00002")]).await;
        assert_eq!(one.matched, 1);
        assert_eq!(money(&world, first).await, (Standing::Paid, TOTAL));
        assert_eq!(money(&world, second).await, (Standing::Open, Money::cents(3_000)));
        assert_eq!(only(&world, State::Matched).await.matches.len(), 2);
        // The payer is known from then on, and the rest is a debt of exactly this amount.
        let rest = import(&world, "2", &[booking(2_999, "rest"), booking(3_000, "rest")]).await;
        assert_eq!((rest.matched, rest.open), (1, 1));
        assert_eq!(money(&world, second).await.0, Standing::Paid);
        assert_eq!(only(&world, State::Open).await.row.doubt, Some(Doubt::Nothing));
    }

    async fn doubtful_references_wait_and_a_person_places_them(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let slip = payment_reference::of_number("GH-INV-2026-00001").replace("00001", "00002");
        import(&world, "1", &[booking(12_500, "").reference(&slip)]).await;
        let entry = only(&world, State::Open).await.row;
        assert_eq!(entry.doubt, Some(Doubt::CheckDigits));
        let books = finance(&world);
        let read = books.bank_entry(entry.id, "company 1").await.unwrap();
        assert_eq!((read.candidates.len(), read.companies.len()), (1, 1));
        let typed = |text: &str| BTreeMap::from([(invoice, text.to_owned())]);
        let field = format!("amount-{invoice}");
        let tried = |text: &'static str, rest| {
            let (books, typed) = (&books, typed(text));
            async move { fault(books.match_entry(entry.id, &typed, rest, entry.version).await) }
        };
        assert_eq!(tried("x", None).await, (field.clone(), Problem::NotANumber));
        assert_eq!(tried("125.00", None).await, (field, Problem::OverUnpaid { most: 12_000 }));
        assert_eq!(tried("120.00", None).await, ("rest".to_owned(), Problem::RestUnplaced { rest: 500 }));
        let clerk = clerk(&world, "clerk").await;
        clerk.match_entry(entry.id, &typed("120.00"), Some(running.organisation), entry.version).await.unwrap();
        assert_eq!(money(&world, invoice).await, (Standing::Paid, TOTAL));
        assert_eq!(books.credit(running.organisation).await.unwrap().balance, Money::cents(500));
        let placed = only(&world, State::Matched).await.row;
        assert_eq!((placed.how, placed.settled_by), (Some(How::Hand), clerk.actor.person));
        assert!(matches!(clerk.match_entry(entry.id, &typed("1"), None, entry.version).await, Err(Error::Stale)));
    }

    async fn a_wrong_match_is_undone_until_the_books_close(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        import(&world, "1", &[booking(12_500, "GH-INV-2026-00001")]).await;
        let entry = only(&world, State::Matched).await.row;
        let books = finance(&world);
        assert_eq!(fault(books.undo_match(entry.id, " ", entry.version).await), ("reason".to_owned(), Problem::ReasonRequired));
        books.undo_match(entry.id, "It was another company's", entry.version).await.unwrap();
        assert_eq!(money(&world, invoice).await, (Standing::Open, Money::ZERO));
        assert_eq!(books.credit(running.organisation).await.unwrap().balance, Money::ZERO);
        let open = only(&world, State::Open).await;
        assert_eq!((open.row.doubt, open.matches.len()), (Some(Doubt::Undone), 2));
        assert!(open.matches.iter().all(|one| one.row.undone_at.is_some()));
        world.work().await;
        let payment = books.invoice(invoice).await.unwrap().payments[0].id;
        assert!(matches!(books.receipt_pdf(payment, Locale::En).await, Err(Error::NotFound)), "no receipt of what was not paid");
        // Matched again, its books close: then it stays.
        let typed = BTreeMap::from([(invoice, "120.00".to_owned())]);
        books.match_entry(entry.id, &typed, Some(running.organisation), open.row.version).await.unwrap();
        let entry = only(&world, State::Matched).await.row;
        // The credit that came of it was used for something else.
        let next = second_invoice(&world, &running).await;
        books.use_credit(running.organisation, next).await.unwrap();
        assert_eq!(fault(books.undo_match(entry.id, "x", entry.version).await).1, Problem::CreditUsed);
        world.advance(TimeDelta::days(60));
        assert_eq!(fault(finance(&world).undo_match(entry.id, "x", entry.version).await).1, Problem::BooksClosed);
    }

    async fn a_credit_that_was_used_by_mistake_is_whole_again(world) {
        let running = running(&world, 6_000).await;
        invoiced(&world, &running).await;
        import(&world, "1", &[booking(17_000, "GH-INV-2026-00001")]).await;
        let next = second_invoice(&world, &running).await;
        let clerk = clerk(&world, "clerk").await;
        let company = running.organisation;
        clerk.use_credit(company, next).await.unwrap();
        assert_eq!(money(&world, next).await, (Standing::Open, Money::cents(5_000)));
        let used = clerk.credit(company).await.unwrap();
        assert_eq!((used.balance, used.uses.len(), used.uses[0].can_undo), (Money::ZERO, 1, true));
        let payment = used.uses[0].payment.id;
        assert_eq!(clerk.payer_by_credit(payment).await.unwrap(), company);
        assert_eq!(fault(clerk.undo_credit(payment, " ").await), ("reason".to_owned(), Problem::ReasonRequired));
        let owner = world.desk(running.owner);
        assert!(matches!(owner.undo_credit(payment, "x").await, Err(Error::Denied(_))));
        clerk.undo_credit(payment, "They want it back").await.unwrap();
        assert_eq!(money(&world, next).await, (Standing::Open, Money::ZERO));
        let whole = clerk.credit(company).await.unwrap();
        assert_eq!((whole.balance, whole.uses.len(), whole.history.len()), (Money::cents(5_000), 0, 3));
        assert_eq!(whole.history[0].made_by, clerk.actor.person);
        assert_eq!(fault(clerk.undo_credit(payment, "x").await).1, Problem::AlreadyDone);
        let events = clerk.invoice(next).await.unwrap().timeline;
        assert!(events.iter().any(|event| event.kind == "payment_undone" && event.detail.contains("They want it back")));
        assert_eq!(clerk.check_books().await.unwrap(), []);
        // What came by bank is undone with its entry, and nothing once the books are closed.
        let by_bank = clerk.payments(None, false, 10).await.unwrap();
        let by_bank = by_bank.iter().find(|one| one.row.rail == Rail::Bank).unwrap().row.id;
        assert!(matches!(clerk.undo_credit(by_bank, "x").await, Err(Error::NotFound)));
        clerk.use_credit(company, next).await.unwrap();
        let again = clerk.credit(company).await.unwrap().uses[0].payment.id;
        world.advance(TimeDelta::days(60));
        assert_eq!(fault(finance(&world).undo_credit(again, "x").await).1, Problem::BooksClosed);
        assert!(!finance(&world).credit(company).await.unwrap().uses[0].can_undo);
    }

    async fn what_is_set_aside_stays_with_its_reason_and_can_be_taken_up_again(world) {
        import(&world, "1", &[booking(-350, "Account fee")]).await;
        let entry = only(&world, State::Open).await.row;
        assert_eq!(entry.doubt, Some(Doubt::Outgoing));
        let books = finance(&world);
        assert_eq!(fault(books.ignore_entry(entry.id, "", entry.version).await).1, Problem::ReasonRequired);
        books.ignore_entry(entry.id, "Bank charge", entry.version).await.unwrap();
        let aside = only(&world, State::Ignored).await.row;
        assert_eq!(aside.reason.as_deref(), Some("Bank charge"));
        assert_eq!(books.open_entries().await.unwrap(), 0);
        books.undo_match(entry.id, "It was not", aside.version).await.unwrap();
        assert_eq!(books.open_entries().await.unwrap(), 1);
    }

    async fn a_refund_by_transfer_is_done_when_a_statement_shows_it(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        import(&world, "1", &[booking(12_000, "GH-INV-2026-00001")]).await;
        let books = finance(&world);
        let payment = books.invoice(invoice).await.unwrap().payments[0].id;
        books.refund_payment(payment, Money::cents(2_000), "Outage").await.unwrap();
        world.work().await;
        assert_eq!(world.provider.refunds(), 0, "the card's provider has no part in it");
        let ordered = books.credits().await.unwrap().payouts;
        let [(payout, _)] = &ordered[..] else { panic!("one transfer: {ordered:?}") };
        assert_eq!((payout.state, payout.iban.as_str()), (PayoutState::Ordered, IBAN));
        assert_eq!(books.invoice(invoice).await.unwrap().row.refunded_cents, Money::ZERO);
        let entry = only(&world, State::Matched).await.row;
        assert_eq!(fault(books.undo_match(entry.id, "x", entry.version).await).1, Problem::NotPossibleNow, "it was given back");
        import(&world, "2", &[booking(-2_000, &payout.number)]).await;
        let read = books.invoice(invoice).await.unwrap();
        assert_eq!((read.row.refunded_cents, read.refunds[0].state), (Money::cents(2_000), RefundState::Succeeded));
        assert!(books.credits().await.unwrap().payouts.is_empty());
        world.work().await;
        assert!(world.mail_to(&running.email).await.unwrap().contains("Outage"));
        // It was another transfer after all: the refund is on its way again.
        let matched = entries(&world, State::Matched).await;
        let out = matched.iter().find(|one| one.row.amount_cents < Money::ZERO).unwrap();
        books.undo_match(out.row.id, "Somebody else's", out.row.version).await.unwrap();
        assert_eq!(books.invoice(invoice).await.unwrap().row.refunded_cents, Money::ZERO);
        assert_eq!(books.credits().await.unwrap().payouts.len(), 1);
        books.withdraw_payout(payout.id).await.unwrap();
        assert_eq!(books.invoice(invoice).await.unwrap().refunds[0].state, RefundState::Failed);
    }

    async fn a_person_says_which_ordered_transfer_went_out(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        import(&world, "1", &[booking(15_000, "GH-INV-2026-00001")]).await;
        let clerk = clerk(&world, "clerk").await;
        let payment = clerk.invoice(invoice).await.unwrap().payments[0].id;
        clerk.refund_payment(payment, Money::cents(2_000), "Outage").await.unwrap();
        let form = |amount: &str| PayoutForm {
            amount: amount.to_owned(),
            iban: IBAN.to_owned(),
            holder: "Company 1".to_owned(),
            reason: "Paid too much".to_owned(),
        };
        let other = clerk.order_payout(running.organisation, &form("30.00")).await.unwrap();
        // Neither the number nor the account is the ordered one's.
        import(&world, "2", &[booking(-2_000, "Standing order").from("FR7630006000011234567890189")]).await;
        let open = only(&world, State::Open).await.row;
        let read = clerk.bank_entry(open.id, "").await.unwrap();
        let [(refund, company)] = &read.transfers[..] else { panic!("of this amount: {:?}", read.transfers) };
        assert_eq!((refund.amount_cents, company.as_str()), (Money::cents(2_000), "Company 1"));
        let chosen = refund.id.to_string();
        for wrong in [String::new(), other.to_string()] {
            let refused = clerk.match_payout(open.id, &wrong, open.version).await;
            assert_eq!(fault(refused), ("payout".to_owned(), Problem::NotAChoice));
        }
        let owner = world.desk(running.owner);
        assert!(matches!(owner.match_payout(open.id, &chosen, open.version).await, Err(Error::Denied(_))));
        clerk.match_payout(open.id, &chosen, open.version).await.unwrap();
        assert!(matches!(clerk.match_payout(open.id, &chosen, open.version).await, Err(Error::Stale)));
        let given = clerk.invoice(invoice).await.unwrap();
        assert_eq!((given.row.refunded_cents, given.refunds[0].state), (Money::cents(2_000), RefundState::Succeeded));
        assert_eq!(clerk.check_books().await.unwrap(), []);
        let matched = clerk.bank_entry(open.id, "").await.unwrap();
        assert_eq!((matched.listed.row.how, matched.listed.row.settled_by), (Some(How::Hand), clerk.actor.person));
        assert!(matched.can_undo && matched.transfers.is_empty());
        clerk.undo_match(open.id, "Not this one", matched.listed.row.version).await.unwrap();
        assert_eq!(clerk.invoice(invoice).await.unwrap().row.refunded_cents, Money::ZERO);
        assert_eq!(clerk.credits().await.unwrap().payouts.len(), 2);
        assert_eq!(clerk.check_books().await.unwrap(), []);
        clerk.withdraw_payout(refund.id).await.unwrap();
        assert_eq!(clerk.bank_entry(open.id, "").await.unwrap().transfers, [], "nobody sends it any more");
    }

    async fn a_large_credit_goes_back_with_two_signatures(world) {
        let running = running(&world, 6_000).await;
        invoiced(&world, &running).await;
        import(&world, "1", &[booking(162_000, "GH-INV-2026-00001")]).await;
        let (one, two) = (clerk(&world, "one").await, clerk(&world, "two").await);
        let form = |amount: &str, iban: &str| PayoutForm {
            amount: amount.to_owned(),
            iban: iban.to_owned(),
            holder: "Company 1".to_owned(),
            reason: "Paid twice".to_owned(),
        };
        let company = running.organisation;
        assert_eq!(fault(one.order_payout(company, &form("1500.01", IBAN)).await), ("amount".to_owned(), Problem::OverCredit { most: 150_000 }));
        assert_eq!(fault(one.order_payout(company, &form("1500.00", "DE00370400440532013000")).await), ("iban".to_owned(), Problem::NotAnIban));
        let id = one.order_payout(company, &form("1500.00", IBAN)).await.unwrap();
        assert_eq!(one.credit(company).await.unwrap().balance, Money::ZERO, "promised away");
        import(&world, "2", &[booking(-150_000, "GH-OUT-2026-00001")]).await;
        assert_eq!(only(&world, State::Open).await.row.doubt, Some(Doubt::Outgoing), "nobody has signed it");
        assert_eq!(fault(one.sign_payout(id).await).1, Problem::SecondSignatureSame);
        assert_eq!(fault(finance(&world).sign_payout(id).await).1, Problem::SecondSignatureSame, "nobody in person");
        two.sign_payout(id).await.unwrap();
        assert_eq!(fault(two.sign_payout(id).await).1, Problem::AlreadyDone);
        import(&world, "3", &[booking(-150_000, "GH-OUT-2026-00001").named("B2")]).await;
        assert!(one.credits().await.unwrap().payouts.is_empty());
        assert_eq!(fault(two.withdraw_payout(id).await).1, Problem::AlreadyDone);
    }

    async fn a_large_refund_by_card_waits_for_the_second_signature(world) {
        let running = running(&world, 6_000).await;
        let system = world.desk(Actor::SYSTEM);
        let invoice = system.issue_invoice(running.organisation, "test:9", &[used(&running, 1_500, 6_000)]).await.unwrap().unwrap();
        let url = world.desk(running.owner).start_payment(invoice, Locale::En).await.unwrap();
        world.provider.pay(url.rsplit('/').next().unwrap());
        for event in world.provider.events() {
            system.store_payment_event(&event.body, &event.signature).await.unwrap();
        }
        world.work().await;
        let (one, two) = (clerk(&world, "one").await, clerk(&world, "two").await);
        let payment = one.invoice(invoice).await.unwrap().payments[0].id;
        one.refund_payment(payment, Money::cents(120_000), "Never ran").await.unwrap();
        world.work().await;
        assert_eq!(world.provider.refunds(), 0);
        let refund = one.payment(payment).await.unwrap().refunds[0].id.into();
        assert_eq!(fault(one.sign_refund(refund).await).1, Problem::SecondSignatureSame);
        two.sign_refund(refund).await.unwrap();
        world.work().await;
        assert_eq!(world.provider.refunds(), 1);
        assert_eq!(one.invoice(invoice).await.unwrap().row.refunded_cents, Money::cents(120_000));
        one.refund_payment(payment, Money::cents(60_000), "A little more").await.unwrap();
        world.work().await;
        assert_eq!(world.provider.refunds(), 2, "below the limit one is enough");
    }

    async fn a_page_that_waits_for_a_card_closes_when_a_transfer_comes(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let url = world.desk(running.owner).start_payment(invoice, Locale::En).await.unwrap();
        let session = url.rsplit('/').next().unwrap().to_owned();
        import(&world, "1", &[booking(12_000, "GH-INV-2026-00001")]).await;
        world.work().await;
        assert!(!world.provider.pay(&session), "nobody pays twice");
        assert_eq!(money(&world, invoice).await, (Standing::Paid, TOTAL));
    }

    async fn the_same_file_at_once_is_taken_in_once(world) {
        let running = running(&world, 6_000).await;
        let invoice = invoiced(&world, &running).await;
        let file = statement("1", &[booking(12_000, "GH-INV-2026-00001"), booking(77, "unknown")]);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (desk, file) = (finance(&world), file.clone());
                tokio::spawn(async move {
                    loop {
                        match desk.import_statement("s.xml", file.as_bytes()).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            Ok(_) => return true,
                            Err(Error::Invalid(_)) => return false,
                            Err(error) => panic!("{error}"),
                        }
                    }
                })
            })
            .collect();
        let mut taken = 0;
        for task in tasks {
            taken += usize::from(task.await.unwrap());
        }
        assert_eq!(taken, 1);
        assert_eq!(money(&world, invoice).await, (Standing::Paid, TOTAL));
        assert_eq!(entries(&world, State::Open).await.len(), 1);
    }

    async fn a_missing_statement_shows_as_a_gap(world) {
        import(&world, "1", &[booking(500, "a")]).await;
        import(&world, "2", &[booking(700, "b")]).await;
        let listed = finance(&world).statements().await.unwrap();
        assert_eq!(listed[0].gap, Some(Money::cents(-500)), "the second opens where the first did");
        assert_eq!(listed[1].gap, None);
    }
}

/// For tests of other nouns: pays by transfer what is named.
pub async fn transfer(world: &World, name: &str, cents: i64, text: &str) -> BankEntryId {
    import(world, name, &[booking(cents, text).from("FR7630006000011234567890189").named(name)]).await;
    let filter = EntryFilter { limit: 1, ..EntryFilter::default() };
    finance(world).bank_entries(&filter).await.unwrap()[0].row.id
}

/// The same on the day it is now, for what is late.
pub async fn late_transfer(world: &World, name: &str, cents: i64, text: &str) -> BankEntryId {
    let today = domain::period::brussels_day(world.services.now()).to_string();
    let file = statement(name, &[booking(cents, text).from("FR7630006000011234567890189").named(name)]);
    finance(world).import_statement("s.xml", file.replace("2026-11-20", &today).as_bytes()).await.unwrap();
    let filter = EntryFilter { limit: 1, ..EntryFilter::default() };
    finance(world).bank_entries(&filter).await.unwrap()[0].row.id
}
