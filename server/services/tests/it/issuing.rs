//! What a document waits for: a rate of exchange, the register of VAT numbers. And what is written on it then.

use chrono::{NaiveDate, TimeDelta};
use domain::{
    actor::{Actor, Stand},
    invoice::Issued,
    money::Money,
    period::brussels_day,
    vat::{Treatment, VatState},
};
use services::{Desk, DocumentForm, Error, TypedRate};
use testkit::{World, both};
use text::Locale;

use crate::invoices::{Running, all, finance, invoiced, ran, running};

/// The last month is over and its readings are in.
async fn month_over(world: &World) -> Running {
    let running = running(world, 6_000).await;
    ran(world, &running, 0, 0, 20).await;
    world.advance(TimeDelta::hours(8));
    running
}

async fn only_invoice(desk: &Desk) -> Issued {
    let [listed] = &desk.invoices(&all()).await.unwrap()[..] else { panic!("one invoice") };
    desk.invoice(listed.row.id).await.unwrap().issued
}

fn typed(day: NaiveDate, rate: &str) -> TypedRate {
    TypedRate { currency: "SEK".to_owned(), day: day.to_string(), rate: rate.to_owned(), source: "ECB".to_owned() }
}

both! {
    async fn vat_owed_in_sweden_waits_for_the_rate_and_says_both_amounts(world) {
        let clerk = world.person("books@x.example").await;
        world.place(clerk, Stand::Finance).await;
        let running = month_over(&world).await;
        world.lines("UPDATE organisation SET country = 'SE' RETURNING legal_name").await;
        for _ in 0..2 {
            assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 0, "never a guess");
        }
        let books = finance(&world);
        let holds = books.invoice_holds().await.unwrap();
        let [(hold, company)] = &holds[..] else { panic!("one waits: {holds:?}") };
        assert_eq!((hold.cause.code(), company.as_str()), ("rate-missing", "Company 1"));
        assert!(hold.detail.starts_with("SEK 2026-11-30"), "{}", hold.detail);
        let mails = books.mails(None, 100).await.unwrap();
        assert_eq!(mails.iter().filter(|mail| mail.kind == "rate_missing").count(), 1, "told once");
        assert!(world.desk(running.owner).invoice_holds().await.unwrap().is_empty(), "not for the company");
        // Sunday's is Friday's; one of the week before does not count.
        let friday = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        books.record_exchange_rate(&typed(friday - TimeDelta::days(7), "10.5")).await.unwrap();
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 0);
        books.record_exchange_rate(&typed(friday, "11,0515")).await.unwrap();
        assert!(matches!(books.record_exchange_rate(&typed(friday, "11.1")).await, Err(Error::Invalid(_))), "it stays");
        world.work().await;
        let issued = only_invoice(&world.desk(running.owner)).await;
        assert_eq!((issued.sums.own, issued.sums.vat), (Money::cents(16_000), Money::cents(4_000)));
        let national = issued.national_vat.unwrap();
        assert_eq!((national.rate.currency.as_str(), national.rate.day, national.hundredths), ("SEK", friday, 44_206));
        assert!(finance(&world).invoice_holds().await.unwrap().is_empty());
    }

    async fn nonsense_is_no_rate(world) {
        let books = finance(&world);
        let today = brussels_day(world.services.now());
        for typed in [
            TypedRate::default(),
            typed(today + TimeDelta::days(1), "11"),
            typed(today, "0"),
            typed(today, "1000000.01"),
            TypedRate { day: "+262142-01-01".to_owned(), ..typed(today, "11") },
            TypedRate { currency: "EUR".to_owned(), ..typed(today, "1") },
            TypedRate { currency: "BGN".to_owned(), ..typed(today, "1.95583") },
        ] {
            assert!(matches!(books.record_exchange_rate(&typed).await, Err(Error::Invalid(_))), "{typed:?}");
        }
        assert!(books.exchange_rates().await.unwrap().is_empty());
    }

    async fn the_register_is_asked_again_and_its_answer_is_on_the_document(world) {
        let running = month_over(&world).await;
        world.lines("UPDATE organisation SET vat_id = 'FR40303265045' RETURNING legal_name").await;
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 1);
        let issued = only_invoice(&world.desk(running.owner)).await;
        assert_eq!(issued.sums.taxes[0].treatment, Treatment::ReverseCharge);
        let check = issued.vat_check.unwrap();
        assert_eq!((check.state, check.is_last_known), (VatState::Valid, false));
        assert_eq!(check.answered_at, Some(world.services.now()));
        assert_eq!(issued.vat_evidence.as_deref(), Some("FAKE-FR40303265045"));
    }

    async fn a_number_that_is_no_longer_valid_is_charged_its_states_rate(world) {
        let running = month_over(&world).await;
        let invalid = "UPDATE organisation SET vat_id = 'FR40303265046', vat_state = 'valid' RETURNING legal_name";
        world.lines(invalid).await;
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 1);
        let issued = only_invoice(&world.desk(running.owner)).await;
        assert_eq!((issued.sums.taxes[0].treatment, issued.sums.vat), (Treatment::CustomerRate, Money::cents(3_200)));
        assert_eq!(issued.vat_check.unwrap().state, VatState::Invalid);
    }

    async fn while_the_register_is_down_the_invoice_waits_a_week_and_then_says_what_it_rests_on(world) {
        let running = month_over(&world).await;
        // The stand-in's register of numbers that end in 99 never answers; once it said yes.
        let down = "UPDATE organisation SET vat_id = 'FR40303265099', vat_state = 'valid', \
                    vat_consultation = 'OLD-1', vat_checked_at = created_at RETURNING legal_name";
        world.lines(down).await;
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 0);
        let holds = finance(&world).invoice_holds().await.unwrap();
        assert_eq!(holds[0].0.cause.code(), "vat-unavailable");
        world.advance(TimeDelta::days(6));
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 0);
        assert_eq!(finance(&world).invoice_holds().await.unwrap().len(), 1, "since the first day");
        world.advance(TimeDelta::days(1));
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 1);
        let issued = only_invoice(&world.desk(running.owner)).await;
        assert_eq!(issued.sums.taxes[0].treatment, Treatment::ReverseCharge);
        let check = issued.vat_check.unwrap();
        assert!(check.is_last_known && check.answered_at.is_some_and(|at| at < world.services.now()));
        assert_eq!(issued.vat_evidence.as_deref(), Some("OLD-1"));
        assert!(finance(&world).invoice_holds().await.unwrap().is_empty());
    }

    async fn the_preview_says_what_is_then_issued(world) {
        let running = month_over(&world).await;
        let [due] = &finance(&world).due_documents().await.unwrap()[..] else { panic!("one document") };
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 1);
        assert_eq!(only_invoice(&world.desk(running.owner)).await.sums, due.sums);
        assert!(finance(&world).due_documents().await.unwrap().is_empty());
    }

    async fn what_was_given_up_is_taken_up_again_when_it_is_asked_for_anew(world) {
        month_over(&world).await;
        let books = finance(&world);
        books.start_closing().await.unwrap();
        books.start_closing().await.unwrap();
        assert!(books.closing().await.unwrap().is_running);
        world.execute("UPDATE job SET parked_at = run_at, attempts = 8 WHERE key = 'bill:asked'").await.unwrap();
        assert!(!books.closing().await.unwrap().is_running, "nobody works on it");
        books.start_closing().await.unwrap();
        assert!(books.closing().await.unwrap().is_running);
        let asked = "SELECT kind FROM job WHERE key = 'bill:asked' AND parked_at IS NULL AND attempts = 0";
        assert_eq!(world.lines(asked).await, ["bill"]);
        world.work().await;
        assert_eq!(finance(&world).closing().await.unwrap().issued_today, 1);
    }

    async fn an_invoice_has_every_form_and_a_statement_only_paper(world) {
        let running = running(&world, 6_000).await;
        let id = invoiced(&world, &running).await;
        let owner = world.desk(running.owner);
        for (form, name, begins) in [
            (DocumentForm::Pdf, "GH-INV-2026-00001.pdf", "%PDF"),
            (DocumentForm::Cii, "GH-INV-2026-00001-cii.xml", "<?xml"),
            (DocumentForm::Ubl, "GH-INV-2026-00001-ubl.xml", "<?xml"),
        ] {
            let (found, bytes) = owner.invoice_as(id, form, Locale::En).await.unwrap();
            assert_eq!(found, name);
            assert!(bytes.starts_with(begins.as_bytes()), "{form:?}");
        }
        let free = crate::invoices::used(&running, 10, 10_000);
        let free = world.desk(Actor::SYSTEM).issue_invoice(running.organisation, "free", &[free]).await.unwrap().unwrap();
        assert!(owner.invoice_as(free, DocumentForm::Pdf, Locale::Fr).await.is_ok());
        assert!(matches!(owner.invoice_as(free, DocumentForm::Cii, Locale::Fr).await, Err(Error::NotFound)));
    }
}
