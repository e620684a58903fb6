//! Reports: owed three months after the end, reminded of, a bar to new applications while late; and the part of a large
//! award that waits for one.

use chrono::{Months, TimeDelta};
use domain::{
    actor::{Actor, Stand},
    gpu::GpuTime,
    id::AllocationId,
    period::start_of_day,
    problem::Problem,
    report::{Draft, Kind, State},
    usage::Reading,
};
use services::{Desk, Error, SentReading};
use testkit::{World, both, problem};

use crate::{
    actions::{h, wanted},
    applications::{fill, small_company},
    capacity::{approved, monday, offer, operator, site, slot},
    reviews::staff,
};

fn draft(words: usize) -> Draft {
    Draft::of(|name| match name {
        "acknowledged" => "on".to_owned(),
        "publications" | "problems" => String::new(),
        _ => "word ".repeat(words),
    })
}

/// Two weeks of this many GPUs and hours from next Monday on, confirmed; and its owner.
pub async fn granted(world: &World, gpus: i64, hours: i64) -> (AllocationId, Desk, String) {
    let here = site(world, "here", gpus).await;
    let (owner, email) = small_company(world, 1).await;
    let organisation = owner.actor.organisation().unwrap();
    let mut award = approved(world, organisation, gpus).await;
    award.need.gpu_time = h(hours);
    let id = offer(world, &award, slot(here, 1, gpus)).await;
    owner.accept_offer(id, 1).await.unwrap();
    operator(world, here).confirm_allocation(id, 2).await.unwrap();
    (id, owner, email)
}

pub async fn used_and_ended(world: &World, id: AllocationId) {
    let begun = start_of_day(monday(1));
    world.advance(begun - world.services.now() + TimeDelta::days(2));
    let row = world.desk(Actor::SYSTEM).read_allocation(id).await.unwrap().allocation.row;
    let (start, end) = (begun + TimeDelta::hours(1), begun + TimeDelta::hours(11));
    let reading = Reading { job: "train".to_owned(), sequence: 0, gpus: 8, start, end };
    world.desk(Actor::meter(row.site_id)).record_readings(vec![SentReading { allocation: id, reading }]).await.unwrap();
    world.advance(start_of_day(monday(3)) - world.services.now() + TimeDelta::days(2));
    assert_eq!(world.desk(Actor::SYSTEM).end_allocations().await.unwrap(), 1);
}

both! {
    async fn a_final_report_is_owed_reminded_of_and_bars_new_applications_while_late(world) {
        let (id, owner, email) = granted(&world, 8, 2_016).await;
        used_and_ended(&world, id).await;
        let due = monday(3).checked_add_months(Months::new(3)).unwrap();
        let owned = world.desk(owner.actor).reports_owed().await.unwrap();
        assert_eq!((owned.len(), owned[0].row.due_on, owned[0].is_overdue), (1, due, false));
        let remind = async || world.desk(Actor::SYSTEM).remind_reports().await.unwrap();
        assert_eq!(remind().await, 0, "not yet");
        for before in [TimeDelta::days(28), TimeDelta::days(7)] {
            world.advance(start_of_day(due) - before - world.services.now());
            assert_eq!((remind().await, remind().await), (1, 0), "once, {before:?} before");
            assert!(world.mail_to(&email).await.unwrap().contains(&format!("/allocations/{id}/report/final")));
        }
        let application = owner.start_application(domain::mode::Code::PG).await.unwrap();
        fill(&owner, application).await;
        let barred = async || {
            let desk = world.desk(owner.actor);
            let read = desk.read_application(application).await.unwrap();
            let issue = read.issues.contains(&("report".to_owned(), Problem::ReportOverdue));
            let refused = desk.submit_application(application, read.application.version).await;
            let says = matches!(refused, Err(Error::Invalid(invalid)) if invalid.of("report").next().is_some());
            assert_eq!(issue, says, "the page and the deed agree");
            issue
        };
        assert!(!barred().await, "on its last day it is not late");
        world.advance(start_of_day(due.succ_opt().unwrap()) - world.services.now() + TimeDelta::hours(1));
        assert!(barred().await);
        let desk = world.desk(owner.actor);
        assert!(desk.reports_owed().await.unwrap()[0].is_overdue);

        let seen = desk.report_form(id, Kind::Final).await.unwrap().row.version;
        assert_eq!(problem(desk.hand_in_report(id, Kind::Final, &draft(3), seen).await), Problem::TooFewWords { min: 10 });
        let kept = desk.report_form(id, Kind::Final).await.unwrap();
        assert_eq!(kept.draft, draft(3), "what was typed is kept");
        assert!(matches!(desk.hand_in_report(id, Kind::Final, &draft(12), seen).await, Err(Error::Stale)));
        desk.hand_in_report(id, Kind::Final, &draft(12), kept.row.version).await.unwrap();
        assert!(!barred().await, "handed in, it is the programme's turn");
        assert_eq!(problem(desk.hand_in_report(id, Kind::Final, &draft(12), kept.row.version).await), Problem::AlreadyDone);

        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let report = officer.reports_handed_in().await.unwrap().remove(0).row;
        let decide = async |outcome: &str, reason: &str, seen| officer.decide_report(report.id, outcome, reason, seen).await;
        assert_eq!(problem(decide("returned", "", report.version).await), Problem::ReasonRequired);
        decide("returned", "Say what the second week was for.", report.version).await.unwrap();
        assert!(barred().await, "returned, it is the company's again");
        let read = desk.report_form(id, Kind::Final).await.unwrap();
        assert_eq!((read.row.state, read.is_open), (State::Returned, true));
        desk.hand_in_report(id, Kind::Final, &draft(20), read.row.version).await.unwrap();
        let report = officer.reports_handed_in().await.unwrap().remove(0).row;
        officer.decide_report(report.id, "approved", "", report.version).await.unwrap();
        assert!(matches!(officer.decide_report(report.id, "approved", "", report.version).await, Err(Error::Stale)));
        assert!(!barred().await);
        assert!(desk.reports_owed().await.unwrap().is_empty());
    }

    async fn ended_awards_from_before_are_asked_too(world) {
        let (id, owner, _) = granted(&world, 8, 2_016).await;
        used_and_ended(&world, id).await;
        assert_eq!(world.lines("DELETE FROM report RETURNING state").await, ["open"]);
        world.desk(Actor::SYSTEM).remind_reports().await.unwrap();
        world.desk(Actor::SYSTEM).remind_reports().await.unwrap();
        assert_eq!(world.desk(owner.actor).reports_owed().await.unwrap().len(), 1);
    }

    async fn the_second_part_of_a_large_award_waits_for_its_interim_report(world) {
        let (id, owner, _) = granted(&world, 200, 60_000).await;
        let left = async || world.desk(owner.actor).read_allocation(id).await.unwrap().allocation.left;
        assert_eq!(left().await, h(30_000));
        assert_eq!(world.desk(owner.actor).after_award(id).await.unwrap().withheld, h(30_000));
        let early = owner.report_form(id, Kind::Interim).await.unwrap();
        assert!(!early.is_open && early.withheld == h(30_000));
        assert_eq!(problem(owner.hand_in_report(id, Kind::Interim, &draft(12), 1).await), Problem::NotPossibleNow);
        world.advance(start_of_day(monday(1)) - world.services.now() + TimeDelta::days(1));
        let desk = world.desk(owner.actor);
        desk.hand_in_report(id, Kind::Interim, &draft(12), 1).await.unwrap();
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let report = officer.reports_handed_in().await.unwrap().remove(0).row;
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let desk = world.desk(officer.actor);
                let (id, seen) = (report.id, report.version);
                tokio::spawn(async move {
                    loop {
                        match desk.decide_report(id, "approved", "", seen).await {
                            Err(Error::Busy) => tokio::task::yield_now().await,
                            Ok(()) => return 1,
                            Err(Error::Stale) => return 0,
                            other => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        let mut released = 0;
        for task in tasks {
            released += task.await.unwrap();
        }
        assert_eq!((released, left().await), (1, h(60_000)), "released once");
        assert_eq!(world.desk(owner.actor).after_award(id).await.unwrap().withheld, GpuTime::ZERO);
    }

    async fn who_gives_everything_back_gets_no_second_part(world) {
        let (id, owner, _) = granted(&world, 200, 60_000).await;
        let seen = owner.read_allocation(id).await.unwrap().allocation.row.version;
        owner.ask_action(id, domain::action::Kind::HandBack, &wanted("30 000"), seen).await.unwrap();
        assert_eq!(world.lines("SELECT state FROM instalment").await, ["lapsed"]);
        assert_eq!(owner.after_award(id).await.unwrap().withheld, GpuTime::ZERO);
    }
}
