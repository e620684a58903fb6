//! The price book: what was observed counts from tomorrow, a list price needs two people and a day to come, and nothing
//! of it changes what was frozen.

use chrono::{Days, NaiveDate, TimeDelta};
use domain::{
    actor::{Actor, Stand},
    gpu::GpuModel,
    money::Rate,
    price::{TypedList, TypedObservation, TypedPolicy},
    problem::Problem,
};
use services::{Desk, Error, ModelPrice, PriceBook};
use testkit::{World, both, fault};

use crate::{
    applications::{small_company, submitted},
    capacity::site,
    reviews::staff,
};

pub async fn keepers(world: &World) -> (Desk, Desk) {
    let one = staff(world, "keeper1@x.example", Stand::Finance).await;
    (one, staff(world, "keeper2@x.example", Stand::Finance).await)
}

/// So many days from today.
pub fn in_days(world: &World, days: u64) -> NaiveDate {
    world.services.now().date_naive() + Days::new(days)
}

pub fn list(site: &str, rate: &str, from: NaiveDate) -> TypedList {
    TypedList {
        list_model: "H100".to_owned(),
        site: site.to_owned(),
        list_rate: rate.to_owned(),
        valid_from: from.to_string(),
        valid_until: String::new(),
        reason: "As decided in May.".to_owned(),
    }
}

/// A list price that both keepers agree to.
pub async fn agreed(world: &World, (one, two): &(Desk, Desk), typed: &TypedList) {
    let id = world.desk(one.actor).ask_list_price(typed).await.unwrap();
    world.desk(two.actor).sign_list_price(id, true).await.unwrap();
}

fn seen(source: &str, rate: &str, on: NaiveDate) -> TypedObservation {
    TypedObservation {
        model: "H100".to_owned(),
        rate: rate.to_owned(),
        source: source.to_owned(),
        address: "https://cloud.example/prices".to_owned(),
        observed_on: on.to_string(),
    }
}

fn h100(book: &PriceBook) -> &ModelPrice {
    book.models.iter().find(|known| known.model == GpuModel::H100).expect("the H100")
}

fn reference(book: &PriceBook) -> (Rate, usize) {
    let found = h100(book).reference.as_ref().expect("a reference");
    (found.rate, found.sources.len())
}

/// Of the programme's list, as a visitor reads it now.
async fn listed(world: &World) -> i64 {
    let book = world.desk(Actor::VISITOR).price_book().await.unwrap();
    h100(&book).list.as_ref().expect("a list price").list_rate.as_micro_euro()
}

both! {
    async fn what_is_observed_today_counts_tomorrow_and_moves_the_median_and_not_the_list(world) {
        let (keeper, _) = keepers(&world).await;
        let today = in_days(&world, 0);
        let read = async || world.desk(Actor::VISITOR).price_book().await.unwrap();
        assert_eq!(reference(&read().await), (Rate::micro_euro(2_800_000), 1), "the list that the programme began with");
        keeper.record_observation(&seen("A cloud", "2.00", today)).await.unwrap();
        keeper.record_observation(&seen("B cloud", "2.20", today)).await.unwrap();
        let twice = keeper.record_observation(&seen("A cloud", "2.10", today)).await;
        assert_eq!(fault(twice), ("observed_on".to_owned(), Problem::ObservationThere));
        let slip = seen("C cloud", "220", today);
        keeper.record_observation(&slip).await.unwrap();
        let pending = read().await.pending;
        assert_eq!(pending.iter().map(|row| row.source.as_str()).collect::<Vec<_>>(), ["A cloud", "B cloud", "C cloud"]);
        keeper.take_back_observation(pending[2].id).await.unwrap();
        assert!(matches!(keeper.take_back_observation(pending[2].id).await, Err(Error::NotFound)));
        let future = keeper.record_observation(&seen("A cloud", "2.10", in_days(&world, 1))).await;
        assert_eq!(fault(future), ("observed_on".to_owned(), Problem::InTheFuture));
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        assert!(matches!(officer.record_observation(&seen("C", "1.00", today)).await, Err(Error::Denied(_))));
        assert_eq!(reference(&read().await).1, 1, "today stays what it was");
        let (company, _) = small_company(&world, 1).await;
        let before = submitted(&company).await;
        world.advance(TimeDelta::days(1));
        let book = read().await;
        assert_eq!(reference(&book), (Rate::micro_euro(2_200_000), 3));
        assert_eq!(book.pending, []);
        let late = world.desk(keeper.actor).take_back_observation(pending[0].id).await;
        assert_eq!(fault(late), (String::new(), Problem::ObservationCounts));
        let rates: Vec<i64> = h100(&book).history.iter().map(|(_, found)| found.rate.as_micro_euro()).collect();
        assert_eq!(rates, [2_800_000, 2_200_000]);
        assert_eq!(listed(&world).await, 2_800_000);
        let (later, _) = small_company(&world, 2).await;
        let after = submitted(&later).await;
        let frozen = async |desk: &Desk, id| world.desk(desk.actor).read_application(id).await.unwrap().quote.unwrap();
        assert_eq!(frozen(&company, before).await.market_rate(), Rate::micro_euro(2_800_000));
        let quote = frozen(&later, after).await;
        assert_eq!((quote.market_rate(), quote.list_rate), (Rate::micro_euro(2_200_000), Rate::micro_euro(2_800_000)));
        assert_eq!(quote.derivation.unwrap().reference.unwrap().sources[0], "A cloud");
    }

    async fn a_list_price_is_charged_from_its_day_on_once_two_people_agree(world) {
        let keepers = keepers(&world).await;
        let (one, two) = &keepers;
        let today = one.ask_list_price(&list("", "2.50", in_days(&world, 0))).await;
        assert_eq!(fault(today), ("valid_from".to_owned(), Problem::InThePast));
        let id = one.ask_list_price(&list("", "2.50", in_days(&world, 2))).await.unwrap();
        let again = two.ask_list_price(&list("", "2.40", in_days(&world, 2))).await;
        assert_eq!(fault(again), ("valid_from".to_owned(), Problem::AlreadyAsked));
        assert_eq!(fault(one.sign_list_price(id, true).await).1, Problem::SecondSignatureSame);
        assert!(world.execute("UPDATE list_price SET signed_by = asked_by, signed_at = asked_at, state = 'agreed'").await.is_err());
        assert_eq!(world.desk(Actor::VISITOR).price_book().await.unwrap().asked.len(), 0, "finance's own until agreed");
        assert_eq!(one.price_book().await.unwrap().asked.len(), 1);
        two.sign_list_price(id, true).await.unwrap();
        assert_eq!(fault(two.sign_list_price(id, false).await).1, Problem::AlreadyDone);
        let late = one.ask_list_price(&list("", "9.00", in_days(&world, 1))).await.unwrap();
        assert_eq!(listed(&world).await, 2_800_000);
        let (company, _) = small_company(&world, 1).await;
        let before = submitted(&company).await;
        world.advance(TimeDelta::days(2));
        assert_eq!(listed(&world).await, 2_500_000);
        let second = world.desk(two.actor);
        assert_eq!(fault(second.sign_list_price(late, true).await).1, Problem::DeadlinePassed);
        second.sign_list_price(late, false).await.unwrap();
        assert_eq!(listed(&world).await, 2_500_000, "refused, so as if it had never been");
        let frozen = world.desk(company.actor).read_application(before).await.unwrap().quote.unwrap();
        assert_eq!(frozen.list_rate, Rate::micro_euro(2_800_000), "what was frozen stays");
    }

    async fn prices_go_by_another_policy_from_its_day_on_once_two_people_agree(world) {
        let (one, two) = keepers(&world).await;
        let typed = TypedPolicy {
            valid_from: in_days(&world, 2).to_string(),
            quote_days: "14".to_owned(),
            observation_days: "180".to_owned(),
            scarcity_from: "75".to_owned(),
            scarcity_most: "12.5".to_owned(),
            reason: "The board of November.".to_owned(),
        };
        let today = TypedPolicy { valid_from: in_days(&world, 0).to_string(), ..typed.clone() };
        assert_eq!(fault(one.ask_price_policy(&today).await), ("valid_from".to_owned(), Problem::InThePast));
        let id = one.ask_price_policy(&typed).await.unwrap();
        assert_eq!(fault(two.ask_price_policy(&typed).await), ("valid_from".to_owned(), Problem::AlreadyAsked));
        assert_eq!(fault(one.sign_price_policy(id, true).await).1, Problem::SecondSignatureSame);
        assert!(world.execute("UPDATE policy_request SET signed_by = asked_by, signed_at = asked_at, state = 'agreed'").await.is_err());
        assert_eq!(world.desk(Actor::VISITOR).price_book().await.unwrap().asked_policies.len(), 0, "finance's own until agreed");
        assert_eq!(one.asked_price_policies().await.unwrap().len(), 1);
        two.sign_price_policy(id, true).await.unwrap();
        assert_eq!(fault(two.sign_price_policy(id, false).await).1, Problem::AlreadyDone);
        let book = world.desk(Actor::VISITOR).price_book().await.unwrap();
        assert_eq!((book.policy.quote_days, book.policies_to_come.len()), (30, 1));
        assert_eq!(fault(one.ask_price_policy(&typed).await), ("valid_from".to_owned(), Problem::AlreadyAsked));
        let next = TypedPolicy { valid_from: in_days(&world, 1).to_string(), ..typed };
        let late = one.ask_price_policy(&next).await.unwrap();
        world.advance(TimeDelta::days(2));
        let book = world.desk(Actor::VISITOR).price_book().await.unwrap();
        assert_eq!((book.policy.quote_days, book.policy.observation_days), (14, 180));
        assert_eq!((book.policy.scarcity_from.get(), book.policy.scarcity_most.get()), (7_500, 1_250));
        let second = world.desk(two.actor);
        assert_eq!(fault(second.sign_price_policy(late, true).await).1, Problem::DeadlinePassed);
        second.sign_price_policy(late, false).await.unwrap();
        assert_eq!(world.desk(Actor::VISITOR).price_book().await.unwrap().policy, book.policy);
    }

    async fn a_site_has_its_own_price_and_others_have_the_programmes(world) {
        let keepers = keepers(&world).await;
        site(&world, "here", 100).await;
        let typed = TypedList { valid_until: in_days(&world, 9).to_string(), ..list("here", "2.40", in_days(&world, 1)) };
        agreed(&world, &keepers, &typed).await;
        let nowhere = keepers.0.ask_list_price(&list("nowhere", "2.40", in_days(&world, 1))).await;
        assert_eq!(fault(nowhere), ("site".to_owned(), Problem::NotAChoice));
        let twice = keepers.0.ask_list_price(&list("here", "2.30", in_days(&world, 1))).await;
        assert_eq!(fault(twice), ("valid_from".to_owned(), Problem::AlreadyAsked));
        world.advance(TimeDelta::days(1));
        let book = world.desk(Actor::VISITOR).price_book().await.unwrap();
        let own: Vec<_> = h100(&book).tariffs.iter().filter(|row| row.site.is_some()).collect();
        assert_eq!((own.len(), own[0].list_rate), (1, Rate::micro_euro(2_400_000)));
        assert_eq!(listed(&world).await, 2_800_000);
    }
}
