//! The way of the money through HTTP: see the invoice, pay it, come back, be receipted; finance finds and refunds.

use axum::body::Body;
use chrono::{Days, NaiveDate};
use domain::{
    actor::{Actor, Seat, Stand},
    capacity::{Publication, Slot},
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::{InvoiceId, OrganisationId, PersonId},
    invoice::{Terms, Use},
    mode::Code,
    money::{BasisPoints, Rate},
    need::{Need, Residency},
    organisation::DetailsForm,
    period::week_of,
};
use http::{Request, StatusCode};
use services::{Approved, NewSite};
use testkit::World;

use crate::browser::Browser;

pub struct Billed {
    organisation: OrganisationId,
    pub invoice: InvoiceId,
    pub owner: Browser,
    pub person: PersonId,
    pub stand: Stand,
}

fn need(monday: NaiveDate) -> Need {
    Need {
        model: GpuModel::H100,
        fallback: vec![],
        gpus: 8,
        gpu_time: GpuTime::hours(2_016).unwrap(),
        earliest: monday,
        deadline: monday + Days::new(70),
        flexible: true,
        pauses: false,
        residency: Residency::Union,
        least: BasisPoints::WHOLE,
        preferred: vec![],
        offered_at: vec![],
    }
}

/// A company with an invoice of 100 GPU-hours, 120.00 with its VAT, and its owner's browser.
pub async fn billed(world: &World) -> Billed {
    let person = world.person("owner@firma.example").await;
    let form = DetailsForm {
        legal_name: "Cosmos <Vision> SAS".to_owned(),
        street: "Rue du Calcul 3".to_owned(),
        city: "Paris".to_owned(),
        postcode: "75011".to_owned(),
        country: "FR".to_owned(),
        registration_number: "303 265 045".to_owned(),
        founded_on: "2024-02-01".to_owned(),
        nace: "62.10".to_owned(),
        ..DetailsForm::default()
    };
    let organisation = world.desk(Actor::person(person, Stand::SignedIn)).create_organisation(&form).await.unwrap();
    let system = world.desk(Actor::SYSTEM);
    let site = NewSite {
        slug: "alpha".to_owned(),
        name: "Alpha".to_owned(),
        country: Country::from_code("FR").unwrap(),
        city: "Lyon".to_owned(),
        login_host: "login.alpha.example".to_owned(),
    };
    let site = system.add_site(site).await.unwrap();
    let monday = week_of(world.services.now().date_naive());
    let published = Publication { model: GpuModel::H100, first_week: monday, weeks: 12, gpus: 8, maintenance: 0 };
    system.publish_site_capacity(site, published).await.unwrap();
    let member = world.desk(Actor::person(person, Stand::Member { organisation, seat: Seat::Owner }));
    let approved = Approved {
        application: member.start_application(Code::PG).await.unwrap(),
        organisation,
        reference: "GH-PG-2026-00042".to_owned(),
        mode: Code::PG,
        intake: None,
        since: world.services.now(),
        need: need(monday),
        terms: "{}".to_owned(),
    };
    let slot = Slot { site, model: GpuModel::H100, first_week: monday + Days::new(7), weeks: 2, gpus: 8 };
    let allocation = system.offer_slot(&approved, slot, 1).await.unwrap().unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
    let used = Use {
        allocation,
        reference: approved.reference,
        site: "Alpha".to_owned(),
        model: GpuModel::H100,
        first_day: day,
        last_day: day,
        gpu_time: GpuTime::hours(100).unwrap(),
        terms: Terms {
            list_rate: Rate::micro_euro(2_500_000),
            subsidy_share: BasisPoints::new(6_000),
            pot: "union".to_owned(),
            regime: "union_resources".to_owned(),
            is_split: false,
        },
    };
    let invoice = system.issue_invoice(organisation, "test:1", &[used]).await.unwrap().unwrap();
    let mut owner = Browser::new(world);
    let stand = Stand::Member { organisation, seat: Seat::Owner };
    owner.enter_as(world, person, stand).await;
    Billed { organisation, invoice, owner, person, stand }
}

pub async fn finance(world: &World) -> Browser {
    let person = world.person("finance@programme.example").await;
    world.place(person, Stand::Finance).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, Stand::Finance).await;
    browser
}

/// Delivers every event so far to the webhook, as the provider does.
async fn deliver(world: &World, browser: &mut Browser) {
    for event in world.provider.events() {
        let request = Request::post("/webhooks/stripe").header("stripe-signature", event.signature);
        assert_eq!(browser.send(request.body(Body::from(event.body)).unwrap()).await.status, StatusCode::OK);
    }
    world.work().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_seen_paid_and_receipted() {
    let world = World::sqlite().await;
    let Billed { invoice, mut owner, .. } = billed(&world).await;
    let list = owner.get("/invoices").await;
    assert!(list.says("GH-INV-2026-00001") && list.says("€120.00"), "{}", list.body);
    let path = format!("/invoices/{invoice}");
    let page = owner.get(&path).await;
    assert!(
        page.says("Cosmos &lt;Vision&gt; SAS") && page.says("To pay") && page.says("/allocations/"),
        "{}",
        page.body
    );
    let pdf = owner.get(&format!("{path}/pdf")).await;
    assert_eq!((pdf.status, pdf.header("content-type")), (StatusCode::OK, "application/pdf"));
    assert_eq!(pdf.header("content-disposition"), "attachment; filename=\"GH-INV-2026-00001.pdf\"");
    let sent = owner.post(&format!("{path}/payment"), &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(sent.location().starts_with(&world.provider.base_url()), "{}", sent.location());
    let session = sent.location().rsplit('/').next().unwrap().to_owned();
    let back = format!("{path}/payment?session={session}");
    assert!(owner.get(&back).await.says("Waiting for confirmation"));
    world.provider.pay(&session);
    deliver(&world, &mut owner).await;
    assert!(owner.get(&back).await.says("is paid"));
    let page = owner.get(&path).await;
    assert!(page.says("GH-RCT-2026-00001") && !page.says("Pay by card"), "{}", page.body);
    let receipt = page.body.split("href=\"").find(|part| part.contains("/receipts/")).unwrap();
    let receipt = owner.get(receipt.split('"').next().unwrap()).await;
    assert_eq!((receipt.status, receipt.header("content-type")), (StatusCode::OK, "application/pdf"));
    let again = owner.post(&format!("{path}/payment"), &[]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is left to pay");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_did_not_sign_is_refused() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    for signature in [None, Some("t=1,v1=00"), Some("nonsense")] {
        let mut request = Request::post("/webhooks/stripe");
        if let Some(signature) = signature {
            request = request.header("stripe-signature", signature);
        }
        let answer = browser.send(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{signature:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_answer_is_told_of_and_nothing_is_lost() {
    let world = World::sqlite().await;
    let Billed { invoice, mut owner, .. } = billed(&world).await;
    world.provider.fail_next(1);
    let sent = owner.post(&format!("/invoices/{invoice}/payment"), &[]).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, format!("/invoices/{invoice}").as_str()));
    assert!(owner.get(sent.location()).await.says("The payment page does not answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_readers_get_no_further_than_they_should() {
    let world = World::sqlite().await;
    let Billed { organisation, invoice, .. } = billed(&world).await;
    let stranger = world.person("stranger@firma.example").await;
    let other = OrganisationId::from_uuid(uuid::Uuid::from_u128(9));
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, stranger, Stand::Member { organisation: other, seat: Seat::Owner }).await;
    for path in ["", "/pdf", "/payment"] {
        let status = browser.get(&format!("/invoices/{invoice}{path}")).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    let reader = world.person("reader@firma.example").await;
    let stand = Stand::Member { organisation, seat: Seat::Reader };
    world.place(reader, stand).await;
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, reader, stand).await;
    let page = browser.get(&format!("/invoices/{invoice}")).await;
    assert!(page.says("GH-INV-2026-00001") && !page.says("Pay by card"), "{}", page.body);
    assert_eq!(browser.post(&format!("/invoices/{invoice}/payment"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_finds_resends_and_refunds() {
    let world = World::sqlite().await;
    let Billed { invoice, mut owner, .. } = billed(&world).await;
    let sent = owner.post(&format!("/invoices/{invoice}/payment"), &[]).await;
    world.provider.pay(sent.location().rsplit('/').next().unwrap());
    deliver(&world, &mut owner).await;
    let mut books = finance(&world).await;
    assert!(books.get("/finance").await.says("Nothing needs you"));
    let found = books.get("/finance/invoices?q=cosmos&standing=paid&kind=invoice").await;
    assert!(found.says("GH-INV-2026-00001"), "{}", found.body);
    assert!(!books.get("/finance/invoices?standing=overdue").await.says("GH-INV-2026-00001"));
    let mails = books.get("/finance/mails").await;
    assert!(mails.says("GH-INV-2026-00001.pdf"), "{}", mails.body);
    let resend = mails.body.split("action=\"").find(|part| part.starts_with("/finance/mails/")).unwrap();
    let resent = books.post(resend.split('"').next().unwrap(), &[]).await;
    assert_eq!(resent.location(), "/finance/mails");
    let payments = books.get("/finance/payments").await;
    let payment = payments.body.split("href=\"").find(|part| part.starts_with("/finance/payments/")).unwrap();
    let payment = payment.split('"').next().unwrap().to_owned();
    books.post(&payment, &[("amount", "500"), ("reason", "x")]).await.assert_wrong("amount");
    let wrong = books.post(&payment, &[("amount", "50.00"), ("reason", "")]).await;
    wrong.assert_wrong("reason");
    assert_eq!(wrong.value("amount").as_deref(), Some("50.00"), "what was typed stays");
    assert_eq!(books.post(&payment, &[("amount", "50.00"), ("reason", "Charged twice")]).await.location(), payment);
    world.work().await;
    let page = books.get(&payment).await;
    assert!(page.says("Charged twice") && page.says("€70.00"), "{}", page.body);
    assert!(owner.get(&format!("/invoices/{invoice}")).await.says("Given back: €50.00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_is_a_file_with_its_name_and_type() {
    let world = World::sqlite().await;
    let Billed { invoice, mut owner, .. } = billed(&world).await;
    let mut books = finance(&world).await;
    for (form, root) in [("cii", "CrossIndustryInvoice"), ("ubl", "<Invoice")] {
        for reader in [&mut owner, &mut books] {
            let file = reader.get(&format!("/invoices/{invoice}/{form}")).await;
            assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "application/xml"), "{form}");
            let name = format!("attachment; filename=\"GH-INV-2026-00001-{form}.xml\"");
            assert_eq!(file.header("content-disposition"), name);
            assert!(file.body.contains(root) && file.body.contains("GH-INV-2026-00001"), "{}", file.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_corrects_an_invoice_and_the_company_reads_both() {
    let world = World::sqlite().await;
    let Billed { invoice, mut owner, .. } = billed(&world).await;
    let mut books = finance(&world).await;
    let form = format!("/finance/invoices/{invoice}/credit");
    assert!(books.get(&form).await.says("100 GPU-hours left of it"));
    let refused = books.post(&form, &[("cause", "goodwill"), ("hours-1", "101"), ("reason", "A word kept")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_wrong("hours-1");
    assert!(refused.says("A word kept"), "{}", refused.body);
    let done = books.post(&form, &[("cause", "correction"), ("reason", "The address was wrong.")]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("/invoices/{invoice}").as_str()));
    let page = owner.get(&format!("/invoices/{invoice}")).await;
    for words in ["GH-CRN-2026-00001", "The address was wrong.", "GH-INV-2026-00002", "Nothing to pay"] {
        assert!(page.says(words), "{words} is not in {}", page.body);
    }
    let note = page.body.split("href=\"").find(|part| part.starts_with("/credit-notes/")).unwrap();
    let note = note.split('"').next().unwrap().to_owned();
    let page = owner.get(&note).await;
    assert!(page.says("Credit note GH-CRN-2026-00001") && page.says("€120.00"), "{}", page.body);
    for form in ["pdf", "cii", "ubl"] {
        assert_eq!(owner.get(&format!("{note}/{form}")).await.status, StatusCode::OK, "{form}");
    }
    let list = books.get("/finance/invoices?kind=credit_note").await;
    assert!(list.says("GH-CRN-2026-00001") && !list.says("GH-INV-2026-00001"), "{}", list.body);
    let stranger = owner.get(&format!("/finance/invoices/{invoice}/credit")).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_records_a_rate_and_a_refused_form_keeps_what_was_typed() {
    let world = World::sqlite().await;
    let mut books = finance(&world).await;
    let refused = books
        .post("/finance/rates", &[("currency", "SEK"), ("day", "2026-11-20"), ("rate", "eleven"), ("source", "ECB")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_wrong("rate");
    assert!(refused.says("eleven"));
    let fields = [("currency", "SEK"), ("day", "2026-11-20"), ("rate", "11.0515"), ("source", "ECB")];
    assert_eq!(books.post("/finance/rates", &fields).await.location(), "/finance/rates");
    assert!(books.get("/finance/rates").await.says("11.0515"));
}
