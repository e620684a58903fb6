//! From approval to an offer: what was granted is offered, at the frozen terms; who waits is told why; what was
//! declined or lapsed is followed by something else.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    allocation::State,
    gpu::GpuTime,
    id::ApplicationId,
    matching::Cause,
    pricing::Quote,
    problem::Problem,
};
use services::{Desk, Error, Matched};
use testkit::{World, both};

use crate::{
    applications::{small_company, submitted},
    capacity::site,
    reviews::{decide, review, staff, typed},
};

/// A Playground application for 5,000 hours of 16 H100s, approved for 3,000.
async fn approved(world: &World, desk: &Desk) -> ApplicationId {
    let id = submitted(desk).await;
    review(&staff(world, "reviewer@x.example", Stand::Reviewer).await, id, "approve").await;
    let officer = staff(world, "officer@x.example", Stand::Officer).await;
    decide(&officer, id, &typed("approved", "3000")).await.unwrap();
    id
}

both! {
    async fn an_approved_application_is_offered_what_was_granted_or_told_why_not(world) {
        let (desk, email) = small_company(&world, 1).await;
        let id = approved(&world, &desk).await;
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.run_matching().await.unwrap(), Matched { offered: 0, waiting: 1 });
        assert_eq!(desk.why_waiting(id).await.unwrap().unwrap().cause, Cause::NoSuchModel);
        let (stranger, _) = small_company(&world, 2).await;
        assert!(matches!(stranger.why_waiting(id).await, Err(Error::NotFound)));
        let board = staff(&world, "board@x.example", Stand::Officer).await.read_matching().await.unwrap();
        assert_eq!(board.waiting.len(), 1);
        let here = site(&world, "here", 100).await;
        assert_eq!(system.run_matching().await.unwrap(), Matched { offered: 1, waiting: 0 });
        assert_eq!(system.run_matching().await.unwrap(), Matched::default(), "once");
        assert_eq!(desk.why_waiting(id).await.unwrap(), None);
        let offers = desk.read_allocations(&[State::Offered]).await.unwrap();
        let offer = &offers[0].row;
        assert_eq!((offer.application_id, offer.site_id, offer.gpus), (id, here, 16));
        assert_eq!(offer.gpu_seconds, GpuTime::hours(3_000).unwrap());
        assert_eq!(offer.weeks, 2, "16 GPUs give 2,688 hours a week");
        let terms: Quote = serde_json::from_str(&offer.terms).unwrap();
        let asked = desk.read_application(id).await.unwrap().quote.unwrap();
        assert_eq!(terms.gpu_time, GpuTime::hours(3_000).unwrap());
        assert_eq!((terms.list_rate, terms.subsidy_share), (asked.list_rate, asked.subsidy_share));
        assert!(world.mail_to(&email).await.unwrap().contains(&format!("/offers/{}", offer.id)));
    }

    async fn after_a_refusal_or_a_lapse_comes_another_slot(world) {
        let (desk, _) = small_company(&world, 1).await;
        let id = approved(&world, &desk).await;
        site(&world, "here", 100).await;
        let offered = async || {
            let offers = world.desk(desk.actor).read_allocations(&[State::Offered]).await.unwrap();
            offers.into_iter().map(|offer| offer.row).find(|row| row.application_id == id)
        };
        world.work().await;
        let first = offered().await.expect("an offer");
        desk.decline_offer(first.id, 1).await.unwrap();
        world.advance(TimeDelta::minutes(6));
        world.work().await;
        let second = offered().await.expect("another offer");
        assert_eq!(second.rank, 2);
        assert_ne!(second.slot(), first.slot());
        world.advance(second.expires_at - world.services.now());
        world.work().await;
        let third = offered().await.expect("a third offer");
        assert_eq!(third.rank, 3);
        assert!(third.slot() != first.slot() && third.slot() != second.slot());
    }

    async fn who_has_outgrown_the_mode_cannot_book(world) {
        let (desk, _) = small_company(&world, 1).await;
        approved(&world, &desk).await;
        site(&world, "here", 100).await;
        world.work().await;
        let offer = desk.read_allocations(&[State::Offered]).await.unwrap().remove(0).row;
        let seen = desk.own_organisation().await.unwrap().organisation.version;
        let grown = [
            ("year1_ends", "2025-12-31"),
            ("year1_staff", "900"),
            ("year1_turnover", "300000000"),
            ("year1_balance", "300000000"),
        ];
        let figures = grown.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
        desk.change_figures(&figures, seen).await.unwrap();
        let refused = desk.accept_offer(offer.id, 1).await;
        assert!(matches!(refused, Err(Error::Invalid(invalid)) if invalid.0[0].1 == Problem::NotEligible));
        let now = desk.read_allocations(&[State::Offered]).await.unwrap().remove(0).row;
        assert_eq!((now.id, now.version), (offer.id, 1), "nothing moved");
    }

    async fn the_site_learns_of_a_booking_and_can_refuse_it_with_a_reason(world) {
        let (desk, email) = small_company(&world, 1).await;
        let id = approved(&world, &desk).await;
        let here = site(&world, "here", 16).await;
        let operator = staff(&world, "operator@x.example", Stand::Operator { site: here }).await;
        let elsewhere = site(&world, "elsewhere", 8).await;
        let stranger = staff(&world, "stranger@x.example", Stand::Operator { site: elsewhere }).await;
        world.work().await;
        let offer = desk.read_allocations(&[State::Offered]).await.unwrap().remove(0).row;
        world.desk(desk.actor).accept_offer(offer.id, 1).await.unwrap();
        let told = world.mail_to("operator@x.example").await.expect("a mail");
        assert!(told.contains("Company 1") && told.contains("/site/bookings"), "{told}");
        assert_eq!(world.mail_to("stranger@x.example").await, None, "other sites learn nothing");
        let booked = async |week| {
            let board = world.desk(Actor::VISITOR).read_capacity(20).await.unwrap();
            board.windows.iter().find(|one| one.site == here && one.week == week).unwrap().booked
        };
        assert_eq!(booked(offer.first_week).await, 16);

        assert!(matches!(operator.refuse_allocation(offer.id, " ", 2).await, Err(Error::Invalid(_))));
        assert!(matches!(stranger.refuse_allocation(offer.id, "No.", 2).await, Err(Error::NotFound)));
        assert!(desk.refuse_allocation(offer.id, "No.", 2).await.is_err(), "the applicant declines, and no more");
        assert!(matches!(operator.refuse_allocation(offer.id, "Cooling.", 1).await, Err(Error::Stale)));
        let left = async || world.desk(desk.actor).read_allocation(offer.id).await.unwrap().allocation.left;
        assert_eq!(left().await, offer.gpu_seconds);
        operator.refuse_allocation(offer.id, "The cooling is repaired.", 2).await.unwrap();
        assert_eq!(left().await, GpuTime::ZERO, "nothing is held any more");
        assert_eq!(booked(offer.first_week).await, 0);
        let told = world.mail_to(&email).await.expect("a mail");
        assert!(told.contains("The cooling is repaired.") && told.contains("approval stands"), "{told}");
        let gone = operator.refuse_allocation(offer.id, "Twice.", 3).await;
        assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}: it is no longer theirs");
        world.advance(TimeDelta::minutes(6));
        world.work().await;
        let next = world.desk(desk.actor).read_allocations(&[State::Offered]).await.unwrap().remove(0).row;
        assert_eq!((next.application_id, next.rank), (id, 2));
        assert_ne!(next.slot(), offer.slot());
    }
}
