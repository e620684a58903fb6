//! Capacity: published by sites, held by offers, booked by answers, never promised twice.

use chrono::{Days, NaiveDate, TimeDelta};
use domain::{
    actor::{Actor, Seat, Stand},
    allocation::State,
    capacity::{Publication, Slot},
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, OrganisationId, SiteId},
    mode::Code,
    money::BasisPoints,
    need::{Need, Residency},
    organisation::DetailsForm,
    problem::Problem,
};
use services::{Approved, Desk, Error, NewSite};
use testkit::{World, both, problem, start};
use uuid::Uuid;

pub fn monday(weeks: u64) -> NaiveDate {
    start().date_naive() + Days::new(7 * weeks)
}

pub async fn site(world: &World, slug: &str, gpus: i64) -> SiteId {
    let system = world.desk(Actor::SYSTEM);
    let new = NewSite {
        slug: slug.to_owned(),
        name: format!("Gigafactory {slug}"),
        country: Country::from_code("FR").unwrap(),
        city: "Lyon".to_owned(),
        login_host: format!("login.{slug}.example"),
    };
    let id = system.add_site(new).await.unwrap();
    let first_week = domain::period::week_of(world.services.now().date_naive());
    let published = Publication { first_week, ..publication(gpus, 0) };
    system.publish_site_capacity(id, published).await.unwrap();
    id
}

fn publication(gpus: i64, maintenance: i64) -> Publication {
    Publication { model: GpuModel::H100, first_week: monday(0), weeks: 12, gpus, maintenance }
}

pub fn operator(world: &World, site: SiteId) -> Desk {
    world.desk(Actor { person: None, stand: Stand::Operator { site } })
}

/// An organisation, its owner's desk and address.
pub async fn company(world: &World, number: usize) -> (OrganisationId, Desk, String) {
    let email = format!("owner{number}@x.example");
    let person = world.person(&email).await;
    let form = DetailsForm {
        legal_name: format!("Company {number}"),
        street: "Rue du Calcul 3".to_owned(),
        city: "Lyon".to_owned(),
        postcode: "69001".to_owned(),
        country: "FR".to_owned(),
        registration_number: format!("{number:09}"),
        founded_on: "2024-02-01".to_owned(),
        nace: "62.10".to_owned(),
        ..DetailsForm::default()
    };
    let desk = world.desk(Actor::person(person, Stand::SignedIn));
    let organisation = desk.create_organisation(&form).await.unwrap();
    let owner = world.desk(Actor::person(person, Stand::Member { organisation, seat: Seat::Owner }));
    crate::aid::declare(&owner, "FR", &[]).await;
    (organisation, owner, email)
}

/// One GPU for one week and a half, anywhere in the Union.
pub async fn approved(world: &World, organisation: OrganisationId, gpus: i64) -> Approved {
    let author = world.person(&format!("author-{}@x.example", Uuid::new_v4())).await;
    let member = Stand::Member { organisation, seat: Seat::Applicant };
    Approved {
        application: world.desk(Actor::person(author, member)).start_application(Code::PG).await.unwrap(),
        organisation,
        reference: "GH-PG-2026-00042".to_owned(),
        mode: Code::PG,
        intake: None,
        since: start(),
        need: Need {
            model: GpuModel::H100,
            fallback: vec![],
            gpus,
            gpu_time: GpuTime::hours(252 * gpus).unwrap(),
            earliest: monday(0),
            deadline: monday(10),
            flexible: true,
            pauses: false,
            residency: Residency::Union,
            least: BasisPoints::WHOLE,
            preferred: vec![],
            offered_at: vec![],
        },
        terms: "{}".to_owned(),
    }
}

pub fn slot(site: SiteId, week: u64, gpus: i64) -> Slot {
    Slot { site, model: GpuModel::H100, first_week: monday(week), weeks: 2, gpus }
}

pub async fn offer(world: &World, approved: &Approved, slot: Slot) -> AllocationId {
    world.desk(Actor::SYSTEM).offer_slot(approved, slot, 1).await.unwrap().expect("an offer")
}

/// Held and booked in that week.
async fn taken(world: &World, site: SiteId, week: u64) -> (i64, i64) {
    let board = world.desk(Actor::VISITOR).read_capacity(20).await.unwrap();
    let window = board.windows.iter().find(|window| window.site == site && window.week == monday(week)).unwrap();
    assert!(window.held + window.booked + window.maintenance <= window.gpus, "overbooked: {window:?}");
    (window.held, window.booked)
}

both! {
    async fn of_64_who_book_the_last_slots_at_once_exactly_as_many_get_one_as_there_are(world) {
        const LAST: i64 = 10;
        let plenty = site(&world, "plenty", 64).await;
        let scarce = site(&world, "scarce", LAST).await;
        let mut asking = Vec::new();
        for number in 0..64 {
            let (organisation, desk, _) = company(&world, number).await;
            let id = offer(&world, &approved(&world, organisation, 1).await, slot(plenty, 1, 1)).await;
            asking.push((desk, id));
        }
        assert_eq!(taken(&world, plenty, 1).await, (64, 0));
        let tasks: Vec<_> = asking
            .into_iter()
            .map(|(desk, id)| tokio::spawn(async move {
                // Everybody wants the same weeks; busy is an answer that asks to try again.
                loop {
                    match desk.pick_slot(id, slot(scarce, 1, 1), 1).await {
                        Err(Error::Busy) => tokio::task::yield_now().await,
                        Ok(()) => {
                            desk.accept_offer(id, 2).await.unwrap();
                            return true;
                        }
                        Err(Error::Invalid(invalid)) => {
                            assert_eq!(invalid.0[0].1, Problem::NoCapacity);
                            return false;
                        }
                        Err(other) => panic!("{other:?}"),
                    }
                }
            }))
            .collect();
        let mut won = 0;
        for task in tasks {
            won += i64::from(task.await.unwrap());
        }
        assert_eq!(won, LAST);
        for week in [1, 2] {
            assert_eq!(taken(&world, scarce, week).await, (0, LAST));
            assert_eq!(taken(&world, plenty, week).await, (64 - LAST, 0), "the others keep what they hold");
        }
    }

    async fn of_64_offers_of_the_last_gpus_at_once_none_is_too_many(world) {
        let scarce = site(&world, "scarce", 10).await;
        let (organisation, ..) = company(&world, 1).await;
        let mut wanted = Vec::new();
        for _ in 0..64 {
            wanted.push(approved(&world, organisation, 1).await);
        }
        let tasks: Vec<_> = wanted
            .into_iter()
            .map(|wanted| {
                let desk = world.desk(Actor::SYSTEM);
                tokio::spawn(async move {
                    loop {
                        match desk.offer_slot(&wanted, slot(scarce, 1, 1), 1).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            made => return made.unwrap().is_some(),
                        }
                    }
                })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            made += i64::from(task.await.unwrap());
        }
        assert_eq!((made, taken(&world, scarce, 1).await), (10, (10, 0)));
    }

    async fn an_offer_is_a_hold_that_acceptance_books_and_the_operator_opens(world) {
        let here = site(&world, "here", 100).await;
        let (organisation, owner, email) = company(&world, 1).await;
        let id = offer(&world, &approved(&world, organisation, 8).await, slot(here, 1, 8)).await;
        assert_eq!(taken(&world, here, 2).await, (8, 0));
        assert!(world.mail_to(&email).await.unwrap().contains(&format!("/offers/{id}")));
        let seen = owner.read_offer(id).await.unwrap();
        assert!(seen.can_answer);
        assert!(!seen.others.is_empty() && seen.others.iter().all(|other| other.slot != slot(here, 1, 8)));
        assert_eq!(problem(owner.pick_slot(id, slot(here, 9, 8), 1).await), Problem::NotAChoice, "past the deadline");
        assert!(matches!(owner.accept_offer(id, 7).await, Err(Error::Stale)));
        assert!(matches!(operator(&world, here).read_allocation(id).await, Err(Error::NotFound)), "not booked yet");
        owner.accept_offer(id, 1).await.unwrap();
        assert_eq!(taken(&world, here, 2).await, (0, 8));
        assert_eq!(problem(owner.decline_offer(id, 2).await), Problem::AlreadyDone);
        let elsewhere = site(&world, "elsewhere", 1).await;
        assert!(matches!(operator(&world, elsewhere).confirm_allocation(id, 2).await, Err(Error::NotFound)));
        operator(&world, here).confirm_allocation(id, 2).await.unwrap();
        let view = owner.read_allocation(id).await.unwrap();
        assert_eq!(view.allocation.row.state, State::Active);
        assert_eq!(view.allocation.left, GpuTime::hours(252 * 8).unwrap());
        let (_, stranger, _) = company(&world, 2).await;
        assert!(matches!(stranger.read_allocation(id).await, Err(Error::NotFound)));
        assert!(stranger.read_allocations(&State::ALL).await.unwrap().is_empty());
    }

    async fn declined_and_lapsed_holds_go_back(world) {
        let here = site(&world, "here", 8).await;
        let (organisation, owner, email) = company(&world, 1).await;
        let declined = offer(&world, &approved(&world, organisation, 8).await, slot(here, 1, 8)).await;
        assert_eq!(
            world.desk(Actor::SYSTEM).offer_slot(&approved(&world, organisation, 1).await, slot(here, 1, 1), 1).await.unwrap(),
            None,
            "nothing is left"
        );
        owner.decline_offer(declined, 1).await.unwrap();
        assert_eq!(taken(&world, here, 1).await, (0, 0));
        let lapsed = offer(&world, &approved(&world, organisation, 8).await, slot(here, 4, 8)).await;
        world.advance(TimeDelta::days(7));
        let owner = world.desk(owner.actor);
        assert_eq!(problem(owner.accept_offer(lapsed, 1).await), Problem::OfferExpired);
        assert_eq!(world.desk(Actor::SYSTEM).expire_offers().await.unwrap(), 1);
        assert_eq!(world.desk(Actor::SYSTEM).expire_offers().await.unwrap(), 0);
        assert_eq!(taken(&world, here, 4).await, (0, 0));
        assert!(world.mail_to(&email).await.unwrap().contains("lapsed") || world.mail_to(&email).await.is_some());
        assert_eq!(problem(owner.accept_offer(lapsed, 2).await), Problem::OfferExpired);
    }

    async fn one_application_has_one_open_offer(world) {
        let here = site(&world, "here", 100).await;
        let (organisation, ..) = company(&world, 1).await;
        let wanted = approved(&world, organisation, 8).await;
        offer(&world, &wanted, slot(here, 1, 8)).await;
        let again = world.desk(Actor::SYSTEM).offer_slot(&wanted, slot(here, 3, 8), 2).await.unwrap();
        assert_eq!(again, None);
        assert_eq!(taken(&world, here, 3).await, (0, 0), "the second hold went back with its transaction");
    }

    async fn a_site_cannot_publish_less_than_it_has_promised(world) {
        let here = site(&world, "here", 100).await;
        let (organisation, ..) = company(&world, 1).await;
        offer(&world, &approved(&world, organisation, 40).await, slot(here, 1, 40)).await;
        let desk = operator(&world, here);
        assert_eq!(problem(desk.publish_capacity(publication(45, 6)).await), Problem::TooSmall { min: 46 });
        desk.publish_capacity(publication(46, 6)).await.unwrap();
        assert_eq!(taken(&world, here, 1).await, (40, 0));
        let board = desk.read_site_capacity(12).await.unwrap();
        assert_eq!(board.windows.len(), 12);
        assert_eq!((board.windows[0].gpus, board.windows[0].free(), board.windows[1].free()), (46, 40, 0));
        let member = world.desk(Actor { person: None, stand: Stand::Officer });
        assert!(matches!(member.publish_capacity(publication(1, 0)).await, Err(Error::Denied(_) | Error::NotFound)));
    }

    async fn a_meter_is_known_by_its_newest_token_alone(world) {
        let here = site(&world, "here", 1).await;
        let desk = operator(&world, here);
        let first = desk.change_site_token().await.unwrap();
        assert_eq!(world.services.meter(first.reveal()).await.unwrap().actor, Actor::meter(here));
        let second = desk.change_site_token().await.unwrap();
        assert!(matches!(world.services.meter(first.reveal()).await, Err(Error::NotFound)));
        assert!(world.services.meter(second.reveal()).await.is_ok());
        assert!(matches!(world.services.meter("ghm_").await, Err(Error::NotFound)));
        assert!(matches!(world.services.meter("").await, Err(Error::NotFound)));
    }
}

both! {
    async fn another_model_changes_the_list_price_and_nothing_else_that_was_promised(world) {
        let here = site(&world, "here", 100).await;
        let more = Publication { model: GpuModel::A100, ..publication(100, 0) };
        world.desk(Actor::SYSTEM).publish_site_capacity(here, more).await.unwrap();
        let (organisation, owner, _) = company(&world, 1).await;
        let mut wanted = approved(&world, organisation, 8).await;
        wanted.need.fallback = vec![GpuModel::A100];
        let terms = owner.price_terms(Code::PG).await.unwrap();
        let quote = terms.quote(GpuModel::H100, wanted.need.gpu_time).unwrap();
        wanted.terms = serde_json::to_string(&quote).unwrap();
        let id = offer(&world, &wanted, slot(here, 1, 8)).await;
        let frozen = async || -> domain::pricing::Quote {
            serde_json::from_str(&owner.read_offer(id).await.unwrap().allocation.row.terms).unwrap()
        };
        assert_eq!(frozen().await, quote);
        owner.pick_slot(id, Slot { model: GpuModel::A100, ..slot(here, 1, 8) }, 1).await.unwrap();
        assert_eq!(frozen().await, terms.quote(GpuModel::A100, wanted.need.gpu_time).unwrap());
        owner.pick_slot(id, slot(here, 2, 8), 2).await.unwrap();
        assert_eq!(frozen().await, quote);
    }
}
