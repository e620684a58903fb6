//! What follows an award: each change asked, decided, booked and counted once, whoever presses twice or comes late.

use chrono::TimeDelta;
use domain::{
    action::{Change, Kind, State, Typed, TypedDecision},
    actor::{Actor, Stand},
    allocation,
    gpu::GpuTime,
    id::{ActionId, AllocationId, OrganisationId, SiteId},
    mode::Code,
    period::start_of_day,
    pricing::Quote,
    problem::Problem,
};
use services::{Asked, Desk, Error, PriceChange, Wanted};
use testkit::{World, both, fault};

use crate::{
    capacity::{approved, company, monday, offer, operator, site, slot},
    reviews::staff,
};

pub fn h(hours: i64) -> GpuTime {
    GpuTime::hours(hours).unwrap()
}

pub fn wanted(hours: &str) -> Wanted {
    let why = "The data grew by a third.".to_owned();
    Wanted {
        typed: Typed { hours: hours.to_owned(), weeks: hours.to_owned(), why, ..Typed::default() },
        ..Wanted::default()
    }
}

fn decision(outcome: &str, amount: &str) -> TypedDecision {
    let reason = "The growth of the data is shown.".to_owned();
    TypedDecision { outcome: outcome.to_owned(), amount: amount.to_owned(), reason }
}

/// A booked and confirmed allocation of so many GPUs and hours for two weeks from this one on, with a price.
async fn granted(
    world: &World,
    here: SiteId,
    company: (&Desk, OrganisationId),
    slot_week: u64,
    gpus: i64,
    hours: i64,
) -> AllocationId {
    let (owner, organisation) = company;
    let mut award = approved(world, organisation, gpus).await;
    award.need.gpu_time = h(hours);
    let terms = owner.price_terms(Code::PG).await.unwrap();
    award.terms = serde_json::to_string(&terms.quote(domain::gpu::GpuModel::H100, h(hours)).unwrap()).unwrap();
    // Officers see what was handed in.
    world.lines("UPDATE application SET submitted_at = created_at RETURNING mode").await;
    let id = offer(world, &award, slot(here, slot_week, gpus)).await;
    let now = world.desk(owner.actor);
    now.accept_offer(id, 1).await.unwrap();
    operator(world, here).confirm_allocation(id, 2).await.unwrap();
    id
}

/// Eight GPUs for two weeks from next Monday, 2,016 hours; a day after it began.
pub async fn running(world: &World, gpus_there: i64) -> (SiteId, AllocationId, Desk, String) {
    let here = site(world, "here", gpus_there).await;
    let (organisation, owner, email) = company(world, 1).await;
    let id = granted(world, here, (&owner, organisation), 1, 8, 2_016).await;
    world.advance(start_of_day(monday(1)) - world.services.now() + TimeDelta::days(1));
    (here, id, world.desk(owner.actor), email)
}

async fn version(desk: &Desk, id: AllocationId) -> i32 {
    desk.read_allocation(id).await.unwrap().allocation.row.version
}

async fn booked(world: &World, site: SiteId, week: u64) -> i64 {
    let board = world.desk(Actor::VISITOR).read_capacity(30).await.unwrap();
    let window = board.windows.iter().find(|window| window.site == site && window.week == monday(week)).unwrap();
    assert!(window.held + window.booked + window.maintenance <= window.gpus, "overbooked: {window:?}");
    window.booked
}

async fn only_waiting(officer: &Desk) -> (ActionId, i32) {
    let (waiting, _) = officer.list_actions().await.unwrap();
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    (waiting[0].row.id, waiting[0].row.version)
}

/// An officer's desk now.
async fn officer(world: &World, email: &str) -> Desk {
    staff(world, email, Stand::Officer).await
}

both! {
    async fn more_hours_are_asked_for_priced_decided_and_booked(world) {
        let (here, id, owner, email) = running(&world, 100).await;
        let officer = officer(&world, "officer@x.example").await;
        let seen = version(&owner, id).await;
        let ask = async |hours: &str| owner.ask_action(id, Kind::Supplement, &wanted(hours), seen).await;
        assert_eq!(fault(ask("1009").await), ("hours".to_owned(), Problem::TooLarge { max: 1_008 }));
        let preview = owner.preview_action(id, Kind::Supplement, &wanted("1008")).await.unwrap();
        // 3,024 hours in 13 days take ten GPUs.
        assert_eq!((preview.effect.slots.most_gpus(), preview.effect.granted), (10, h(3_024)));
        let more = preview.price.more.clone().expect("a price");
        assert_eq!((more.gpu_time, preview.price.less), (h(1_008), None));
        assert_eq!(ask("1 008").await.unwrap(), Asked::Waits);
        assert_eq!(fault(ask("1").await), (String::new(), Problem::AlreadyAsked));
        assert_eq!(booked(&world, here, 1).await, 8, "nothing moves before the decision");

        let (action, read) = only_waiting(&officer).await;
        let case = officer.action_case(action).await.unwrap();
        assert_eq!((case.requested, case.price.more), (Change::Hours(h(1_008)), Some(more)));
        assert!(case.row.due_at.is_some() && case.row.why.contains("grew by a third"));
        assert!(matches!(officer.decide_action(action, &decision("approved", "900"), 7).await, Err(Error::Stale)));
        let too_much = officer.decide_action(action, &decision("approved", "1009"), read).await;
        assert_eq!(fault(too_much), ("amount".to_owned(), Problem::TooLarge { max: 1_008 }));
        officer.decide_action(action, &decision("approved", "900"), read).await.unwrap();
        let again = officer.decide_action(action, &decision("refused", ""), read + 2).await;
        assert!(matches!(again, Err(Error::Invalid(_) | Error::Stale)), "{again:?}");

        let after = owner.read_allocation(id).await.unwrap().allocation;
        assert_eq!((after.row.gpu_seconds, after.left, after.row.gpus), (h(2_916), h(2_916), 10));
        let terms: Quote = serde_json::from_str(&after.row.terms).unwrap();
        assert_eq!(terms.gpu_time, h(2_916), "what is to pay at most follows");
        assert_eq!((booked(&world, here, 1).await, booked(&world, here, 2).await, booked(&world, here, 3).await), (10, 10, 0));
        let kept = officer.action_case(action).await.unwrap();
        assert_eq!((kept.requested, kept.recommended, kept.awarded), (Change::Hours(h(1_008)), Some(Change::Hours(h(900))), Some(Change::Hours(h(900)))));
        assert_eq!(kept.row.state, State::Approved);
        assert!(world.mail_to(&email).await.unwrap().contains("approved and in force"));
        // What is left of the limit.
        let seen = version(&owner, id).await;
        let rest = owner.ask_action(id, Kind::Supplement, &wanted("109"), seen).await;
        assert_eq!(fault(rest), ("hours".to_owned(), Problem::TooLarge { max: 108 }));
    }

    async fn without_capacity_an_approval_changes_nothing(world) {
        let (here, id, owner, _) = running(&world, 8).await;
        let officer = officer(&world, "officer@x.example").await;
        let seen = version(&owner, id).await;
        owner.ask_action(id, Kind::Supplement, &wanted("1008"), seen).await.unwrap();
        let (action, read) = only_waiting(&officer).await;
        let gone = officer.decide_action(action, &decision("approved", "1008"), read).await;
        assert_eq!(fault(gone), ("outcome".to_owned(), Problem::NoCapacity));
        assert_eq!((only_waiting(&officer).await, version(&owner, id).await), ((action, read), seen));
        assert_eq!(booked(&world, here, 1).await, 8);
        // What the eight can do in the time they have is there.
        officer.decide_action(action, &decision("approved", "400"), read).await.unwrap();
        assert_eq!(owner.read_allocation(id).await.unwrap().allocation.left, h(2_416));
    }

    async fn of_many_who_send_the_form_at_once_one_asks(world) {
        let (_, id, owner, _) = running(&world, 100).await;
        let seen = version(&owner, id).await;
        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let desk = world.desk(owner.actor);
                tokio::spawn(async move {
                    loop {
                        match desk.ask_action(id, Kind::Extension, &wanted("2"), seen).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            Ok(Asked::Waits) => return true,
                            Err(Error::Invalid(invalid)) => {
                                assert_eq!(invalid.0[0].1, Problem::AlreadyAsked);
                                return false;
                            }
                            other => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        let mut asked = 0;
        for task in tasks {
            asked += i64::from(task.await.unwrap());
        }
        assert_eq!(asked, 1);
        owner.withdraw_action(id, Kind::Extension).await.unwrap();
        assert!(matches!(owner.withdraw_action(id, Kind::Extension).await, Err(Error::NotFound)));
        assert_eq!(owner.ask_action(id, Kind::Extension, &wanted("2"), seen).await.unwrap(), Asked::Waits, "anew");
    }

    async fn hours_are_handed_back_once_and_free_the_weeks_to_come(world) {
        let (here, id, owner, _) = running(&world, 100).await;
        let seen = version(&owner, id).await;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let desk = world.desk(owner.actor);
                tokio::spawn(async move {
                    loop {
                        match desk.ask_action(id, Kind::HandBack, &wanted("1500"), seen).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            Ok(done) => return (done == Asked::Done, true),
                            Err(Error::Stale) => return (false, true),
                            other => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        let mut done = 0;
        for task in tasks {
            done += i64::from(task.await.unwrap().0);
        }
        assert_eq!(done, 1, "the others read an allocation that is so no more");
        let after = owner.read_allocation(id).await.unwrap().allocation;
        // 516 hours fit into what is left of this week.
        assert_eq!((after.left, after.row.gpu_seconds, after.row.weeks), (h(516), h(516), 1));
        assert_eq!((booked(&world, here, 1).await, booked(&world, here, 2).await), (8, 0));
        let seen = version(&owner, id).await;
        let more = owner.ask_action(id, Kind::HandBack, &wanted("517"), seen).await;
        assert_eq!(fault(more), ("hours".to_owned(), Problem::TooLarge { max: 516 }));
        let given = owner.after_award(id).await.unwrap();
        assert_eq!((given.actions.len(), given.actions[0].state), (1, State::Done));
        let price: PriceChange = serde_json::from_str(&given.actions[0].price).unwrap();
        assert_eq!(price.less.map(|less| less.gpu_time), Some(h(1_500)));
    }

    async fn what_was_never_used_and_is_all_given_back_ends(world) {
        let here = site(&world, "here", 8).await;
        let (organisation, owner, _) = company(&world, 1).await;
        let id = granted(&world, here, (&owner, organisation), 2, 8, 2_016).await;
        let kept = Wanted { keeps_end: true, ..wanted("1000") };
        let seen = version(&owner, id).await;
        owner.ask_action(id, Kind::HandBack, &kept, seen).await.unwrap();
        assert_eq!((booked(&world, here, 2).await, booked(&world, here, 3).await), (8, 8), "the last day was kept");
        let seen = version(&owner, id).await;
        owner.ask_action(id, Kind::HandBack, &wanted("1016"), seen).await.unwrap();
        assert_eq!((booked(&world, here, 2).await, booked(&world, here, 3).await), (0, 0));
        let after = owner.read_allocation(id).await.unwrap().allocation;
        assert_eq!((after.row.state, after.left), (allocation::State::Ended, GpuTime::ZERO));
        let seen = version(&owner, id).await;
        assert_eq!(fault(owner.ask_action(id, Kind::HandBack, &wanted("1"), seen).await).1, Problem::NotPossibleNow);
        assert!(owner.after_award(id).await.unwrap().reports.is_empty(), "of nothing there is no report");
    }

    async fn a_later_end_and_another_start_move_what_is_booked(world) {
        let here = site(&world, "here", 8).await;
        let (organisation, owner, _) = company(&world, 1).await;
        let officer = officer(&world, "officer@x.example").await;
        let id = granted(&world, here, (&owner, organisation), 2, 8, 2_016).await;
        let seen = version(&owner, id).await;
        owner.ask_action(id, Kind::Extension, &wanted("2"), seen).await.unwrap();
        let (action, read) = only_waiting(&officer).await;
        officer.decide_action(action, &decision("approved", "1"), read).await.unwrap();
        assert_eq!((booked(&world, here, 4).await, booked(&world, here, 5).await), (8, 0));
        let seen = version(&owner, id).await;
        let start = Wanted { typed: Typed { start: monday(4).to_string(), ..wanted("").typed }, ..Wanted::default() };
        owner.ask_action(id, Kind::Transfer, &start, seen).await.unwrap();
        let (action, read) = only_waiting(&officer).await;
        officer.decide_action(action, &decision("approved", ""), read).await.unwrap();
        let weeks = [2, 3, 4, 5, 6, 7];
        let mut taken = Vec::new();
        for week in weeks {
            taken.push(booked(&world, here, week).await);
        }
        assert_eq!(taken, [0, 0, 8, 8, 8, 0]);
        // A start that somebody else has is refused, and nothing moved.
        let second = company(&world, 3).await;
        let theirs = granted(&world, here, (&second.1, second.0), 2, 8, 2_016).await;
        let seen = version(&owner, id).await;
        let start = Wanted { typed: Typed { start: monday(3).to_string(), ..wanted("").typed }, ..Wanted::default() };
        owner.ask_action(id, Kind::Transfer, &start, seen).await.unwrap();
        let (action, read) = only_waiting(&officer).await;
        let taken = officer.decide_action(action, &decision("approved", ""), read).await;
        assert_eq!(fault(taken), ("outcome".to_owned(), Problem::NoCapacity));
        officer.decide_action(action, &decision("refused", ""), read).await.unwrap();
        assert_eq!(owner.read_allocation(id).await.unwrap().allocation.row.first_week, monday(4));
        assert_eq!(second.1.read_allocation(theirs).await.unwrap().allocation.row.first_week, monday(2));
    }

    async fn an_advance_takes_from_the_later_what_it_gives_now(world) {
        let here = site(&world, "here", 100).await;
        let (organisation, owner, _) = company(&world, 1).await;
        let officer = officer(&world, "officer@x.example").await;
        let now = granted(&world, here, (&owner, organisation), 1, 8, 2_016).await;
        let later = granted(&world, here, (&owner, organisation), 6, 8, 2_016).await;
        world.advance(start_of_day(monday(1)) - world.services.now() + TimeDelta::days(1));
        let (owner, officer) = (world.desk(owner.actor), world.desk(officer.actor));
        let form = owner.action_form(now, Kind::Advance).await.unwrap();
        assert_eq!(form.later.iter().map(|one| one.row.id).collect::<Vec<_>>(), [later]);
        let seen = version(&owner, now).await;
        let advance = |hours: &str, later| Wanted { later, ..wanted(hours) };
        let ask = async |hours: &str, later| owner.ask_action(now, Kind::Advance, &advance(hours, later), seen).await;
        assert_eq!(fault(ask("100", None).await), ("later".to_owned(), Problem::NotAChoice));
        assert_eq!(fault(ask("100", Some(now)).await), ("later".to_owned(), Problem::NotAChoice));
        assert_eq!(fault(ask("505", Some(later)).await), ("hours".to_owned(), Problem::TooLarge { max: 504 }));
        ask("504", Some(later)).await.unwrap();
        let (action, read) = only_waiting(&officer).await;
        officer.decide_action(action, &decision("approved", "500"), read).await.unwrap();
        let left = async |id| owner.read_allocation(id).await.unwrap().allocation;
        let (first, second) = (left(now).await, left(later).await);
        assert_eq!((first.left, second.left), (h(2_516), h(1_516)));
        assert_eq!((first.row.gpu_seconds, second.row.gpu_seconds), (h(2_516), h(1_516)));
        let terms = |row: &str| serde_json::from_str::<Quote>(row).unwrap().list;
        let (one, two) = (terms(&first.row.terms), terms(&second.row.terms));
        let before = owner.price_terms(Code::PG).await.unwrap().quote(first.row.model, h(4_032)).unwrap().list;
        assert_eq!(one.checked_add(two).unwrap(), before, "what is to pay in all is the same");
    }

    async fn above_the_limit_a_second_officer_signs(world) {
        let here = site(&world, "large", 200).await;
        let (organisation, owner, email) = company(&world, 1).await;
        let id = granted(&world, here, (&owner, organisation), 1, 160, 49_900).await;
        let first = officer(&world, "first@x.example").await;
        let second = officer(&world, "second@x.example").await;
        let seen = version(&owner, id).await;
        owner.ask_action(id, Kind::Supplement, &wanted("200"), seen).await.unwrap();
        let (action, read) = only_waiting(&first).await;
        first.decide_action(action, &decision("approved", "200"), read).await.unwrap();
        assert_eq!(owner.read_allocation(id).await.unwrap().allocation.row.gpu_seconds, h(49_900), "not in force");
        assert!(!world.mail_to(&email).await.unwrap().contains("in force"));
        assert_eq!(fault(first.sign_action(action, read + 1).await), (String::new(), Problem::SecondSignatureSame));
        assert!(matches!(second.sign_action(action, read).await, Err(Error::Stale)));
        assert_eq!(fault(second.send_back_action(action, " ", read + 1).await).1, Problem::ReasonRequired);
        second.send_back_action(action, "Say where the data came from.", read + 1).await.unwrap();
        assert!(matches!(second.sign_action(action, read + 1).await, Err(Error::Stale)), "that decision is gone");
        first.decide_action(action, &decision("approved", "150"), read + 2).await.unwrap();
        second.sign_action(action, read + 3).await.unwrap();
        assert_eq!(owner.read_allocation(id).await.unwrap().allocation.row.gpu_seconds, h(50_050));
        let kept = second.action_case(action).await.unwrap();
        assert_eq!((kept.recommended, kept.awarded), (Some(Change::Hours(h(150))), Some(Change::Hours(h(150)))));
    }

    async fn what_a_conflict_hides_has_no_changes_either(world) {
        let (_, id, owner, _) = running(&world, 100).await;
        let officer = officer(&world, "officer@x.example").await;
        let seen = version(&owner, id).await;
        owner.ask_action(id, Kind::Supplement, &wanted("10"), seen).await.unwrap();
        let (action, read) = only_waiting(&officer).await;
        let application = owner.read_allocation(id).await.unwrap().allocation.row.application_id;
        officer.declare_conflict(application, "My brother works there.").await.unwrap();
        assert!(officer.list_actions().await.unwrap().0.is_empty());
        assert_eq!(officer.actions_waiting().await.unwrap(), (0, None));
        assert!(matches!(officer.action_case(action).await, Err(Error::NotFound)));
        let decided = officer.decide_action(action, &decision("refused", ""), read).await;
        assert!(matches!(decided, Err(Error::NotFound)), "{decided:?}");
        let (_, stranger, _) = company(&world, 9).await;
        assert!(matches!(stranger.after_award(id).await, Err(Error::NotFound)));
        let asked = stranger.ask_action(id, Kind::HandBack, &wanted("1"), seen).await;
        assert!(matches!(asked, Err(Error::NotFound)), "{asked:?}");
    }

    async fn a_renewal_is_a_new_draft_of_the_old_answers(world) {
        let (_, id, owner, _) = running(&world, 100).await;
        let seen = version(&owner, id).await;
        let Asked::Renewed(draft) = owner.ask_action(id, Kind::Renewal, &Wanted::default(), seen).await.unwrap() else {
            panic!("a draft")
        };
        let read = owner.read_application(draft).await.unwrap();
        assert_eq!(read.application.state, domain::application::State::Draft);
        assert_eq!(owner.after_award(id).await.unwrap().actions[0].renewed_id, Some(draft));
    }
}
