//! Invoices: each occasion once, numbers without gaps, nothing charged twice or forgotten, mailed with their PDF.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use domain::{
    actor::{Actor, Seat, Stand},
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, InvoiceId, OrganisationId, SiteId},
    invoice::{Kind, Standing, Terms, Use},
    money::{BasisPoints, Money, Rate},
    period::{Month, start_of_day},
    usage::Reading,
};
use services::{Desk, DocumentForm, Error, InvoiceFilter, SentReading};
use testkit::{World, both};
use text::Locale;

use crate::capacity::{approved, company, monday, offer, operator, site, slot};

/// An active allocation of 8 GPUs of this subsidy for two weeks from next Monday, a day after it began.
pub struct Running {
    pub organisation: OrganisationId,
    pub owner: Actor,
    pub email: String,
    pub allocation: AllocationId,
    pub site: SiteId,
}

pub async fn running(world: &World, share: i32) -> Running {
    let site = site(world, "here", 100).await;
    let (organisation, owner, email) = company(world, 1).await;
    let mut approved = approved(world, organisation, 8).await;
    approved.terms = format!(
        r#"{{"model":"H100","list_rate":2500000,"subsidy_share":{share},"pot":"union","regime":"union_resources"}}"#
    );
    let allocation = offer(world, &approved, slot(site, 1, 8)).await;
    owner.accept_offer(allocation, 1).await.unwrap();
    operator(world, site).confirm_allocation(allocation, 2).await.unwrap();
    world.advance(start_of_day(monday(1)) - world.services.now() + TimeDelta::days(1));
    Running { organisation, owner: owner.actor, email, allocation, site }
}

/// The meter says that all eight GPUs ran from that hour on, and the ledger takes it.
pub async fn ran(world: &World, running: &Running, sequence: i64, from: i64, hours: i64) {
    let start = start_of_day(monday(1)) + TimeDelta::hours(from);
    let reading = Reading { job: "train".to_owned(), sequence, gpus: 8, start, end: start + TimeDelta::hours(hours) };
    let sent = SentReading { allocation: running.allocation, reading };
    let verdicts = world.desk(Actor::meter(running.site)).record_readings(vec![sent]).await.unwrap();
    assert!(verdicts[0].is_ok(), "{verdicts:?}");
    world.desk(Actor::SYSTEM).post_usage().await.unwrap();
}

pub fn used(running: &Running, hours: i64, share: i32) -> Use {
    let day = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
    Use {
        allocation: running.allocation,
        reference: "GH-PG-2026-00042".to_owned(),
        site: "Gigafactory here".to_owned(),
        model: GpuModel::H100,
        first_day: day,
        last_day: day,
        gpu_time: GpuTime::hours(hours).unwrap(),
        terms: Terms {
            list_rate: Rate::micro_euro(2_500_000),
            subsidy_share: BasisPoints::new(share),
            pot: "union".to_owned(),
            regime: "union_resources".to_owned(),
            is_split: false,
        },
    }
}

/// An invoice of 100 GPU-hours at 2.50 with 60 per cent subsidy: 100.00, and 20.00 VAT of a French customer without
/// a number.
pub async fn invoiced(world: &World, running: &Running) -> InvoiceId {
    let system = world.desk(Actor::SYSTEM);
    system.issue_invoice(running.organisation, "test:1", &[used(running, 100, 6_000)]).await.unwrap().unwrap()
}

pub fn all() -> InvoiceFilter {
    InvoiceFilter { limit: 100, ..InvoiceFilter::default() }
}

pub fn finance(world: &World) -> Desk {
    world.desk(Actor { person: None, stand: Stand::Finance })
}

both! {
    async fn a_month_is_closed_once_and_an_award_to_its_last_hour(world) {
        let running = running(&world, 6_000).await;
        ran(&world, &running, 0, 0, 20).await;
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.close_month().await.unwrap(), 0, "the month still takes readings");
        // November has counted twenty hours of its last day and of the first of December.
        world.advance(TimeDelta::hours(8));
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let desk = world.desk(Actor::SYSTEM);
                tokio::spawn(async move {
                    loop {
                        match desk.close_month().await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            done => return done.unwrap(),
                        }
                    }
                })
            })
            .collect();
        let mut issued = 0;
        for task in tasks {
            issued += task.await.unwrap();
        }
        assert_eq!(issued, 1, "however many close it");
        let owner = world.desk(running.owner);
        let [november] = &owner.invoices(&all()).await.unwrap()[..] else { panic!("one invoice") };
        assert_eq!((november.row.own_cents, november.standing), (Money::cents(16_000), Standing::Open));
        assert_eq!(november.row.last_day, Month::of_day(monday(1)).next().first_day().pred_opt().unwrap());
        // The rest of the award, ended in December, comes with its own invoice and before January.
        world.advance(TimeDelta::days(12));
        ran(&world, &running, 1, 20, 100).await;
        world.advance(TimeDelta::days(3));
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.end_allocations().await.unwrap(), 1);
        world.advance(TimeDelta::hours(7));
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.close_month().await.unwrap(), 1);
        assert_eq!(system.close_month().await.unwrap(), 0);
        world.advance(TimeDelta::days(40));
        assert_eq!(world.desk(Actor::SYSTEM).close_month().await.unwrap(), 0, "nothing is left for December");
        let owner = world.desk(running.owner);
        let charged: i64 = owner.invoices(&all()).await.unwrap().iter().map(|listed| listed.row.own_cents.as_cents()).sum();
        assert_eq!(charged, 120 * 8 * 100, "each GPU-hour is charged once");
        assert_eq!(owner.invoices_total(Standing::Overdue).await.unwrap().0, 2);
    }

    async fn numbers_have_no_gap_whoever_asks_at_once(world) {
        let running = running(&world, 6_000).await;
        let tasks: Vec<_> = (0..64)
            .map(|number| {
                let desk = world.desk(Actor::SYSTEM);
                let (organisation, uses) = (running.organisation, [used(&running, 1, 6_000)]);
                tokio::spawn(async move {
                    // Every fourth has nothing to charge, every eighth was issued before: neither takes a number.
                    let uses = if number % 4 == 3 { &uses[..0] } else { &uses[..] };
                    let occasion = format!("test:{}", if number % 8 == 1 { 0 } else { number });
                    loop {
                        match desk.issue_invoice(organisation, &occasion, uses).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            done => return done.unwrap().is_some(),
                        }
                    }
                })
            })
            .collect();
        let mut issued = 0;
        for task in tasks {
            issued += usize::from(task.await.unwrap());
        }
        let rows = finance(&world).invoices(&all()).await.unwrap();
        assert_eq!((issued, rows.len()), (40, 40));
        let numbers: BTreeSet<String> = rows.iter().map(|listed| listed.row.number.clone()).collect();
        let expected: BTreeSet<String> = (1..=40).map(|serial| format!("GH-INV-2026-{serial:05}")).collect();
        assert_eq!(numbers, expected);
    }

    async fn a_free_award_gets_a_statement_in_its_own_series_and_nobody_owes_anything(world) {
        let running = running(&world, 10_000).await;
        let system = world.desk(Actor::SYSTEM);
        let id = system
            .issue_invoice(running.organisation, "test:free", &[used(&running, 100, 10_000)])
            .await
            .unwrap()
            .unwrap();
        let read = world.desk(running.owner).invoice(id).await.unwrap();
        assert_eq!((read.row.kind, read.row.number.as_str()), (Kind::Statement, "GH-AID-2026-00001"));
        assert_eq!((read.standing, read.payable), (Standing::NothingDue, false));
        let paid = world.desk(running.owner).start_payment(id, Locale::En).await;
        assert!(matches!(paid, Err(Error::Invalid(_))), "{paid:?}");
    }

    async fn an_invoice_is_mailed_once_with_its_pdf_to_who_pays(world) {
        let running = running(&world, 6_000).await;
        let clerk = world.person("clerk@x.example").await;
        world.place(clerk, Stand::Member { organisation: running.organisation, seat: Seat::Billing }).await;
        let id = invoiced(&world, &running).await;
        world.work().await;
        world.work().await;
        let mails = finance(&world).mails(None, 100).await.unwrap();
        let [mail] = &mails.iter().filter(|mail| mail.kind == "invoice_issued").collect::<Vec<_>>()[..] else {
            panic!("one mail of the invoice")
        };
        assert_eq!((mail.address.as_str(), mail.attachment_name.as_deref()), ("clerk@x.example", Some("GH-INV-2026-00001.pdf")));
        assert!(mail.attachment.as_ref().unwrap().starts_with(b"%PDF"));
        assert!(mail.text.contains("€120.00") && mail.text.contains(&format!("/invoices/{id}")), "{}", mail.text);
        let (name, pdf) = world.desk(running.owner).invoice_as(id, DocumentForm::Pdf, Locale::Fr).await.unwrap();
        assert_eq!(name, "GH-INV-2026-00001.pdf");
        assert!(pdf.starts_with(b"%PDF"));
    }

    async fn an_invoice_is_for_its_company_and_for_finance(world) {
        let running = running(&world, 6_000).await;
        let id = invoiced(&world, &running).await;
        let (_, stranger, _) = company(&world, 2).await;
        assert!(matches!(stranger.invoice(id).await, Err(Error::NotFound)));
        assert!(matches!(stranger.invoice_as(id, DocumentForm::Pdf, Locale::En).await, Err(Error::NotFound)));
        assert!(matches!(stranger.start_payment(id, Locale::En).await, Err(Error::NotFound)));
        assert!(stranger.invoices(&all()).await.unwrap().is_empty());
        let officer = world.desk(Actor { person: None, stand: Stand::Officer });
        assert!(matches!(officer.invoice(id).await, Err(Error::Denied(_))));
        let by_text = |text: &str| InvoiceFilter { text: text.to_owned(), ..all() };
        let books = finance(&world);
        for (text, found) in [("company 1", 1), ("00001", 1), ("100%", 0), ("nobody", 0)] {
            assert_eq!(books.invoices(&by_text(text)).await.unwrap().len(), found, "{text}");
        }
    }

    async fn overdue_from_the_day_after_it_is_due(world) {
        let running = running(&world, 6_000).await;
        invoiced(&world, &running).await;
        let standings = async |standing| {
            let filter = InvoiceFilter { standing: Some(standing), ..all() };
            finance(&world).invoices(&filter).await.unwrap().len()
        };
        assert_eq!((standings(Standing::Open).await, standings(Standing::Overdue).await), (1, 0));
        world.advance(TimeDelta::days(30));
        assert_eq!((standings(Standing::Open).await, standings(Standing::Overdue).await), (1, 0));
        world.advance(TimeDelta::days(1));
        assert_eq!((standings(Standing::Open).await, standings(Standing::Overdue).await), (0, 1));
        let (count, left) = finance(&world).invoices_total(Standing::Overdue).await.unwrap();
        assert_eq!((count, left), (1, Money::cents(12_000)));
    }
}
