//! Split invoices: a document of its own for the funder of the pot, which follows the company's in everything, once.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    call::Section,
    credit_note::Cause,
    gpu::GpuTime,
    invoice::Standing,
    money::Money,
    period::Month,
    problem::Problem,
    usage::Taken,
    vat::Treatment,
};
use services::{Desk, DocumentForm, Error, TypedCredit, rows::InvoiceRow};
use testkit::{World, both, fault, problem};
use text::Locale;

use crate::{
    bank::late_transfer,
    calls::{draft, officer, publish, save},
    capacity::company,
    credit_notes::corrected,
    invoices::{Running, all, finance, ran, running},
    reviews::staff,
};

/// A ministry whose money the pot is, and a company that ran eight GPUs for twenty hours under a call that says so.
struct Split {
    running: Running,
    /// The ministry's owner and its address.
    funder: Desk,
    email: String,
    clerk: Desk,
}

const FUNDER: &str = "Company 2";

async fn split(world: &World) -> Split {
    let running = running(world, 6_000).await;
    let (_, funder, email) = company(world, 2).await;
    let clerk = staff(world, "clerk@x.example", Stand::Finance).await;
    let office = officer(world).await;
    let call = draft(&office, "SPLIT-1").await;
    save(&office, call, Section::Size, &[("split", "on"), ("pot", "union")]).await;
    let seen = office.read_call_draft(call).await.unwrap().row.version;
    let refused = office.publish_call(call, "", seen).await;
    assert_eq!(fault(refused), ("split".to_owned(), Problem::PotWithoutFunder));
    assert_eq!(
        fault(clerk.set_funder("union", "Nobody of that name").await),
        ("funder".to_owned(), Problem::NoSuchCompany)
    );
    clerk.set_funder("union", FUNDER).await.unwrap();
    publish(&office, call, "").await;
    world
        .execute("UPDATE application SET call_id = (SELECT id FROM call WHERE code = 'SPLIT-1'), call_version = 1")
        .await
        .unwrap();
    ran(world, &running, 0, 0, 20).await;
    world.advance(TimeDelta::hours(8));
    Split { running, funder, email, clerk }
}

async fn only(desk: &Desk) -> InvoiceRow {
    let mut rows = desk.invoices(&all()).await.unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0).row
}

async fn agree(world: &World) {
    assert_eq!(world.desk(Actor::SYSTEM).check_books().await.unwrap(), []);
}

fn whole() -> TypedCredit {
    TypedCredit { cause: Cause::Correction.code().to_owned(), reason: "Wrong name.".to_owned(), hours: Vec::new() }
}

both! {
    async fn the_funder_is_asked_for_the_subsidy_and_the_company_for_the_rest(world) {
        let split = split(&world).await;
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.bill().await.unwrap(), (2, 0));
        assert_eq!(system.bill().await.unwrap(), (0, 0), "once");
        let companys = only(&world.desk(split.running.owner)).await;
        assert_eq!((companys.own_cents, companys.vat_cents), (Money::cents(16_000), Money::cents(3_200)));
        let funders = only(&split.funder).await;
        assert_eq!(funders.number, "GH-FND-2026-00001");
        assert_eq!((funders.total_cents, funders.vat_cents), (Money::cents(24_000), Money::ZERO));
        let read = split.funder.invoice(funders.id).await.unwrap();
        assert_eq!(read.standing, Standing::Open);
        assert_eq!(read.issued.customer.name, FUNDER);
        assert_eq!(read.issued.shares.unwrap().document.number, companys.number);
        assert!(read.share_of.is_none(), "the company's document is not the funder's to read");
        assert!(matches!(split.funder.invoice(companys.id).await, Err(Error::NotFound)));
        assert!(world.desk(split.running.owner).invoice(companys.id).await.unwrap().shares.is_empty());
        let seen = finance(&world).invoice(companys.id).await.unwrap();
        assert_eq!(seen.shares.iter().map(|(_, row)| row.as_ref().map(|row| row.id)).collect::<Vec<_>>(), [Some(funders.id)]);
        for form in DocumentForm::ALL {
            assert!(!split.funder.invoice_as(funders.id, form, Locale::Fr).await.unwrap().1.is_empty(), "{form:?}");
        }
        agree(&world).await;
        let month = Month::of(world.services.now());
        let tax = finance(&world).tax_figures(month, month).await.unwrap();
        assert_eq!(tax.lines.iter().map(|line| line.treatment).collect::<Vec<_>>(), [Treatment::CustomerRate]);
        world.work().await;
        let mails = finance(&world).mails(None, 100).await.unwrap();
        let sent = mails.iter().find(|mail| mail.kind == "share_issued").unwrap();
        assert_eq!((sent.address.as_str(), sent.attachment_name.as_deref()), (split.email.as_str(), Some("GH-FND-2026-00001.pdf")));
    }

    async fn what_the_company_gets_back_the_funder_gets_back(world) {
        let split = split(&world).await;
        world.desk(Actor::SYSTEM).bill().await.unwrap();
        let taken = corrected(&world, &split.running, 7, 15).await;
        assert_eq!(taken, Ok(Taken::New(GpuTime::hours(40).unwrap())));
        world.work().await;
        let funders = only(&split.funder).await;
        assert_eq!(funders.credited_cents, Money::cents(6_000));
        let read = split.funder.invoice(funders.id).await.unwrap();
        assert_eq!(read.credits.iter().map(|note| note.cause).collect::<Vec<_>>(), [Cause::LoweredUsage]);
        agree(&world).await;
        // By itself it is not credited; with the company's document it is, to the last cent.
        assert_eq!(problem(split.clerk.ask_credit(funders.id, &whole()).await), Problem::FollowsCompany);
        let companys = only(&world.desk(split.running.owner)).await;
        split.clerk.ask_credit(companys.id, &whole()).await.unwrap();
        let rows = split.funder.invoices(&all()).await.unwrap();
        let owed: Vec<_> = rows.iter().map(|one| one.row.owed()).collect();
        assert_eq!(owed, [Money::ZERO], "the corrected document's share is asked for next");
        world.desk(Actor::SYSTEM).ask_funders().await.unwrap();
        let rows = split.funder.invoices(&all()).await.unwrap();
        let owed: Vec<_> = rows.iter().map(|one| (one.row.number.as_str(), one.row.owed())).collect();
        assert_eq!(owed, [("GH-FND-2026-00002", Money::cents(18_000)), ("GH-FND-2026-00001", Money::ZERO)]);
        agree(&world).await;
    }

    async fn a_share_waits_for_a_funder_and_knows_what_was_taken_back_meanwhile(world) {
        let split = split(&world).await;
        split.clerk.set_funder("union", "").await.unwrap();
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.bill().await.unwrap(), (1, 0));
        let waiting = finance(&world).unasked_shares().await.unwrap();
        assert_eq!(waiting, [("union".to_owned(), 1, Money::cents(24_000))]);
        corrected(&world, &split.running, 7, 15).await.unwrap();
        world.work().await;
        split.clerk.set_funder("union", FUNDER).await.unwrap();
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let desk = world.desk(Actor::SYSTEM);
                tokio::spawn(async move { desk.ask_funders().await })
            })
            .collect();
        for task in tasks {
            // Whoever comes second finds nothing to do, or is busy and comes again.
            let _ = task.await.unwrap();
        }
        system.ask_funders().await.unwrap();
        let funders = only(&split.funder).await;
        assert_eq!((funders.total_cents, funders.owed()), (Money::cents(24_000), Money::cents(18_000)));
        assert!(finance(&world).unasked_shares().await.unwrap().is_empty());
        agree(&world).await;
    }

    async fn a_funder_pays_by_transfer_and_is_not_dunned(world) {
        let split = split(&world).await;
        world.desk(Actor::SYSTEM).bill().await.unwrap();
        world.advance(TimeDelta::days(60));
        assert_eq!(world.desk(Actor::SYSTEM).take_reminders().await.unwrap(), 1);
        let reminded = finance(&world).reminders().await.unwrap();
        let reminded: Vec<_> = reminded.iter().map(|late| late.invoice.organisation_id).collect();
        assert_eq!(reminded, [split.running.organisation], "only whoever pays a price is reminded of it");
        let number = only(&split.funder).await.number;
        late_transfer(&world, "M", 24_000, &number).await;
        let funders = only(&split.funder).await;
        assert_eq!(split.funder.invoice(funders.id).await.unwrap().standing, Standing::Paid);
        agree(&world).await;
    }
}
