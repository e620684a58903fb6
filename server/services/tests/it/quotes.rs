//! Quotes: versions, their end by the clock, and what a submission and a booking take from one.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    application::Step,
    gpu::GpuTime,
    id::{AllocationId, ApplicationId},
    money::{BasisPoints, Rate},
    pricing::Quote,
    problem::Problem,
    quote::Standing,
};
use services::{Approved, Basis, Desk, Error};
use testkit::{World, both, fault};

use crate::{
    applications::{filled, small_company, submitted},
    capacity::{self, offer, site, slot},
    prices::{agreed, in_days, keepers, list},
    reviews::staff,
};

fn micro(rate: i64) -> Rate {
    Rate::micro_euro(rate)
}

/// An offer of two weeks of 16 GPUs on the terms that the application was frozen with.
async fn offered(world: &World, desk: &Desk, id: ApplicationId, site: domain::id::SiteId, week: u64) -> AllocationId {
    let desk = world.desk(desk.actor);
    let organisation = desk.actor.organisation().unwrap();
    let frozen = desk.read_application(id).await.unwrap().quote.unwrap();
    let plain = capacity::approved(world, organisation, 16).await;
    let approved = Approved { application: id, terms: serde_json::to_string(&frozen).unwrap(), ..plain };
    offer(world, &approved, slot(site, week, 16)).await
}

async fn terms(world: &World, desk: &Desk, id: AllocationId) -> Quote {
    let read = world.desk(desk.actor).read_allocation(id).await.unwrap();
    serde_json::from_str(&read.allocation.row.terms).unwrap()
}

both! {
    async fn other_inputs_make_the_next_version_and_a_quote_ends_by_the_clock(world) {
        let (desk, _) = small_company(&world, 1).await;
        let empty = desk.start_application(domain::mode::Code::PG).await.unwrap();
        assert_eq!(fault(desk.ask_quote(empty, "").await).1, Problem::NothingToPrice);
        let id = filled(&desk, &[]).await;
        let first = desk.ask_quote(id, "").await.unwrap();
        assert_eq!(desk.ask_quote(id, "").await.unwrap(), first, "asked again, it stays what it is");
        let read = desk.quote(first).await.unwrap();
        assert_eq!((read.row.number.as_str(), read.row.version, read.standing), ("GH-Q-2026-00001", 1, Standing::Open));
        assert_eq!((read.price.gpu_time, read.price.list_rate), (GpuTime::hours(5_000).unwrap(), micro(2_800_000)));
        assert_eq!(read.row.due_cents, read.price.due);
        assert_eq!(read.row.expires_at.to_rfc3339(), "2026-12-23T23:00:00+00:00", "thirty whole days after today");
        let changed = [("hours".to_owned(), "4 000".to_owned())].into_iter().collect();
        desk.save_draft(id, Step::Compute, &changed).await.unwrap();
        let second = desk.ask_quote(id, "").await.unwrap();
        let read = desk.quote(second).await.unwrap();
        assert_eq!((read.row.number.as_str(), read.row.version), ("GH-Q-2026-00001", 2));
        assert_eq!(desk.quote(first).await.unwrap().standing, Standing::Replaced);
        assert_eq!(read.versions.len(), 2);
        assert!(world.execute("UPDATE quote SET state = 'open'").await.is_err(), "one open for an application");
        assert!(world.execute("UPDATE quote SET state = 'accepted'").await.is_err(), "accepted is with a booking");
        let (stranger, _) = small_company(&world, 2).await;
        assert!(matches!(stranger.quote(second).await, Err(Error::NotFound)));
        assert!(matches!(stranger.ask_quote(id, "").await, Err(Error::NotFound)));
        assert_eq!(stranger.quotes().await.unwrap().len(), 0);
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        assert!(matches!(officer.quote(second).await, Err(Error::Denied(_))));
        let ends = read.row.expires_at;
        world.advance(ends - world.services.now() - TimeDelta::seconds(1));
        assert_eq!(world.desk(desk.actor).quote(second).await.unwrap().standing, Standing::Open);
        world.advance(TimeDelta::seconds(1));
        assert_eq!(world.desk(desk.actor).quote(second).await.unwrap().standing, Standing::Expired);
        let third = world.desk(desk.actor).ask_quote(id, "").await.unwrap();
        assert_eq!(world.desk(desk.actor).quote(third).await.unwrap().row.version, 3);
        assert_eq!(world.desk(desk.actor).quotes().await.unwrap().len(), 3);
    }

    async fn of_eight_who_ask_at_once_all_get_the_same_quote(world) {
        let (desk, _) = small_company(&world, 1).await;
        let id = filled(&desk, &[]).await;
        let asking: Vec<_> = (0..8)
            .map(|_| {
                let desk = world.desk(desk.actor);
                tokio::spawn(async move {
                    loop {
                        match desk.ask_quote(id, "").await {
                            Err(Error::Busy) => {}
                            done => return done.unwrap(),
                        }
                    }
                })
            })
            .collect();
        let mut made = Vec::new();
        for one in asking {
            made.push(one.await.unwrap());
        }
        made.dedup();
        assert_eq!(made.len(), 1);
        assert_eq!(world.lines("SELECT number FROM quote").await, ["GH-Q-2026-00001"]);
    }

    async fn a_submission_takes_the_prices_of_the_quote_that_stands(world) {
        let keepers = keepers(&world).await;
        let (desk, _) = small_company(&world, 1).await;
        let (other, _) = small_company(&world, 2).await;
        let id = filled(&desk, &[]).await;
        desk.ask_quote(id, "").await.unwrap();
        agreed(&world, &keepers, &list("", "3.50", in_days(&world, 1))).await;
        world.advance(TimeDelta::days(1));
        let (desk, other) = (world.desk(desk.actor), world.desk(other.actor));
        let read = desk.read_application(id).await.unwrap();
        assert_eq!(read.quote.as_ref().unwrap().list_rate, micro(2_800_000), "the page of the draft says so");
        desk.submit_application(id, read.application.version).await.unwrap();
        let frozen = desk.read_application(id).await.unwrap().quote.unwrap();
        assert_eq!((frozen.list_rate, frozen.priced_on), (micro(2_800_000), in_days(&world, 0).pred_opt().unwrap()));
        let later = submitted(&other).await;
        assert_eq!(other.read_application(later).await.unwrap().quote.unwrap().list_rate, micro(3_500_000));
    }

    async fn a_booking_freezes_the_prices_of_the_quote_and_uses_it_up(world) {
        let keepers = keepers(&world).await;
        let here = site(&world, "here", 100).await;
        let (desk, _) = small_company(&world, 1).await;
        let id = submitted(&desk).await;
        agreed(&world, &keepers, &list("", "2.50", in_days(&world, 1))).await;
        agreed(&world, &keepers, &list("", "2.70", in_days(&world, 2))).await;
        world.advance(TimeDelta::days(1));
        let quote = world.desk(desk.actor).ask_quote(id, "").await.unwrap();
        world.advance(TimeDelta::days(1));
        let desk = world.desk(desk.actor);
        let offer = offered(&world, &desk, id, here, 2).await;
        let read = desk.read_offer(offer).await.unwrap();
        let quoted = read.quoted.as_ref().unwrap();
        assert_eq!((quoted.id, quoted.basis), (quote, Basis::Holds));
        let shown: Quote = serde_json::from_str(&read.allocation.row.terms).unwrap();
        assert_eq!((shown.list_rate, shown.due), (micro(2_500_000), quoted.due));
        let other = domain::money::Money::cents(1);
        assert!(matches!(desk.accept_priced(offer, 1, Some(other)).await, Err(Error::Stale)), "another price was shown");
        desk.accept_priced(offer, 1, Some(quoted.due)).await.unwrap();
        let frozen = terms(&world, &desk, offer).await;
        assert_eq!((frozen.list_rate, frozen.gpu_time), (micro(2_500_000), GpuTime::hours(252 * 16).unwrap()));
        let used = desk.quote(quote).await.unwrap();
        assert_eq!((used.standing, used.row.allocation_id), (Standing::Accepted, Some(offer)));
        assert_eq!(fault(desk.ask_quote(id, "").await).1, Problem::NotPossibleNow, "it is booked");
        world.advance(TimeDelta::days(40));
        assert_eq!(world.desk(desk.actor).quote(quote).await.unwrap().standing, Standing::Accepted, "it does not run out");
        assert_eq!(terms(&world, &desk, offer).await, frozen);
    }

    async fn after_its_end_todays_prices_stand_and_never_more_than_what_was_submitted_with(world) {
        let keepers = keepers(&world).await;
        let here = site(&world, "here", 100).await;
        let (desk, _) = small_company(&world, 1).await;
        let (other, _) = small_company(&world, 2).await;
        let (id, dearer) = (submitted(&desk).await, submitted(&other).await);
        agreed(&world, &keepers, &list("", "2.50", in_days(&world, 1))).await;
        agreed(&world, &keepers, &list("", "2.70", in_days(&world, 20))).await;
        agreed(&world, &keepers, &list("", "9.00", in_days(&world, 40))).await;
        world.advance(TimeDelta::days(1));
        world.desk(desk.actor).ask_quote(id, "").await.unwrap();
        world.desk(other.actor).ask_quote(dearer, "").await.unwrap();
        world.advance(TimeDelta::days(31));
        let fresh = world.desk(desk.actor);
        let offer = offered(&world, &fresh, id, here, 6).await;
        let quoted = fresh.read_offer(offer).await.unwrap().quoted.unwrap();
        assert_eq!(quoted.basis, Basis::Expired);
        fresh.accept_offer(offer, 1).await.unwrap();
        assert_eq!(terms(&world, &fresh, offer).await.list_rate, micro(2_700_000), "of today");
        let quotes = fresh.quotes().await.unwrap();
        assert_eq!(quotes[0].1, Standing::Expired, "it was not used");
        world.advance(TimeDelta::days(9));
        let fresh = world.desk(other.actor);
        let offer = offered(&world, &fresh, dearer, here, 8).await;
        assert_eq!(fresh.read_offer(offer).await.unwrap().quoted.unwrap().basis, Basis::Expired);
        fresh.accept_offer(offer, 1).await.unwrap();
        assert_eq!(terms(&world, &fresh, offer).await.list_rate, micro(2_800_000), "what was fixed is the most");
    }

    async fn a_quote_at_a_site_has_its_list_price_and_rises_with_what_others_booked(world) {
        let keepers = keepers(&world).await;
        let here = site(&world, "here", 100).await;
        let there = site(&world, "there", 100).await;
        agreed(&world, &keepers, &list("here", "2.40", in_days(&world, 1))).await;
        let (desk, _) = small_company(&world, 1).await;
        let id = filled(&desk, &[]).await;
        world.advance(TimeDelta::days(1));
        let desk = world.desk(desk.actor);
        assert_eq!(fault(desk.ask_quote(id, "nowhere").await), ("site".to_owned(), Problem::NotAChoice));
        let asked = desk.quote_ask(id).await.unwrap();
        let at: Vec<_> = asked.sites.iter().map(|(site, price)| (site.id, price.list_rate)).collect();
        assert_eq!(at, [(here, micro(2_400_000)), (there, micro(2_800_000))]);
        let calm = desk.ask_quote(id, "here").await.unwrap();
        assert_eq!(desk.quote(calm).await.unwrap().price.list_rate, micro(2_400_000));
        world.execute("UPDATE capacity SET booked = 90").await.unwrap();
        assert_eq!(desk.ask_quote(id, "here").await.unwrap(), calm, "a price promised does not rise");
        let anywhere = desk.ask_quote(id, "").await.unwrap();
        assert_eq!(desk.quote(anywhere).await.unwrap().price.list_rate, micro(2_800_000), "nothing is scarce everywhere");
        let sought = desk.quote(desk.ask_quote(id, "here").await.unwrap()).await.unwrap();
        let derivation = sought.price.derivation.clone().unwrap();
        assert_eq!((derivation.site, derivation.book_rate), (Some(here), micro(2_400_000)));
        assert_eq!((derivation.scarcity, sought.price.list_rate), (BasisPoints::new(500), micro(2_520_000)));
        world.execute("UPDATE capacity SET booked = 0").await.unwrap();
        let read = desk.read_application(id).await.unwrap();
        desk.submit_application(id, read.application.version).await.unwrap();
        let frozen = desk.read_application(id).await.unwrap().quote.unwrap();
        assert_eq!(frozen.list_rate, micro(2_520_000));
        let offer = offered(&world, &desk, id, there, 2).await;
        let elsewhere = desk.read_offer(offer).await.unwrap();
        assert_eq!(elsewhere.quoted.unwrap().basis, Basis::Elsewhere);
        desk.decline_offer(offer, 1).await.unwrap();
        let offer = offered(&world, &desk, id, here, 4).await;
        assert_eq!(desk.read_offer(offer).await.unwrap().quoted.unwrap().basis, Basis::Holds);
        let offer_at = |terms: &str| serde_json::from_str::<Quote>(terms).unwrap().list_rate;
        assert_eq!(offer_at(&elsewhere.allocation.row.terms), micro(2_800_000), "there, the programme's list");
        assert!(matches!(world.desk(Actor::VISITOR).quotes().await, Err(Error::Denied(_))));
    }

    async fn who_asked_where_it_is_scarce_pays_no_more_than_who_did_not_ask(world) {
        let here = site(&world, "here", 100).await;
        let there = site(&world, "there", 100).await;
        let (desk, _) = small_company(&world, 1).await;
        let id = filled(&desk, &[]).await;
        world.execute("UPDATE capacity SET booked = 90").await.unwrap();
        desk.ask_quote(id, "here").await.unwrap();
        world.execute("UPDATE capacity SET booked = 0").await.unwrap();
        let read = desk.read_application(id).await.unwrap();
        desk.submit_application(id, read.application.version).await.unwrap();
        let rate = async |at| {
            let offer = offered(&world, &desk, id, at, 2).await;
            let read = desk.read_offer(offer).await.unwrap();
            desk.decline_offer(offer, 1).await.unwrap();
            serde_json::from_str::<Quote>(&read.allocation.row.terms).unwrap().list_rate
        };
        assert_eq!(rate(here).await, micro(2_800_000), "not the five per cent of the quote");
        assert_eq!(rate(there).await, micro(2_800_000));
    }
}
