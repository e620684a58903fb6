//! Runs of the engine: who competes, what a run says to each, and that two officers are needed to publish one.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    allocation,
    id::{ApplicationId, SiteId},
    problem::Problem,
    run::{Left, Rules, State, TypedRules},
};
use matching::{Instance, Solution, verify::verify};
use services::{Desk, Error, Matched, RunFiles, RunOutcome, RunRead, RunReason, RunSaid};
use testkit::{World, both, problem};

use crate::{
    applications::{small_company, submitted},
    capacity::site,
    reviews::{decide, review, staff, typed},
};

pub fn rules() -> TypedRules {
    let [small_share, country_share, bonus_hours, budget] = ["40", "100", "2000", "1000000000"].map(str::to_owned);
    TypedRules { small_share, country_share, bonus_hours, budget, ..TypedRules::default() }
}

/// What the last published run says of an application that it gives nothing.
pub async fn reason_of(company: &Desk, application: ApplicationId) -> RunReason {
    match company.run_reason(application).await.unwrap() {
        Some(RunSaid::Nothing(reason)) => reason,
        other => panic!("expected a reason, got {other:?}"),
    }
}

/// Two companies that want 16 H100s each for 5,000 hours, approved in a mode with cut-offs.
pub async fn competing(world: &World, officer: &Desk) -> (Vec<ApplicationId>, Vec<Desk>) {
    let reviewer = staff(world, "reviewer@x.example", Stand::Reviewer).await;
    let (mut ids, mut companies) = (Vec::new(), Vec::new());
    for number in 1..=2 {
        let (company, _) = small_company(world, number).await;
        let id = submitted(&company).await;
        review(&reviewer, id, "approve").await;
        decide(officer, id, &typed("approved", "5000")).await.unwrap();
        ids.push(id);
        companies.push(company);
    }
    assert_eq!(
        world.lines("UPDATE application SET mode = 'LS' WHERE state = 'approved' RETURNING mode").await.len(),
        2
    );
    (ids, companies)
}

both! {
    async fn a_run_is_solved_checked_signed_by_another_and_offered(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (ids, companies) = competing(&world, &officer).await;
        // Sixteen GPUs, and each wants them for most of the time both have.
        site(&world, "here", 16).await;
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.run_matching().await.unwrap(), Matched::default(), "nobody is served in order of arrival");
        assert_eq!(officer.count_competing().await.unwrap(), 2);
        let id = officer.start_run(&rules()).await.unwrap();
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        assert_eq!(problem(second.publish_run(id, 1).await), Problem::TooSoon);
        world.work().await;

        let read = officer.read_run(id).await.unwrap();
        assert_eq!((read.row.state, read.row.requests), (State::Solved, 2));
        let instance: Instance = serde_json::from_str(&read.row.instance).unwrap();
        let solution: Solution = serde_json::from_str(read.row.solution.as_deref().unwrap()).unwrap();
        assert_eq!(verify(&instance, &solution).violations, Vec::<String>::new());
        assert!(read.points.len() > 10 && read.row.value <= read.row.bound);
        let served = read.lines.iter().filter(|line| matches!(line.outcome, RunOutcome::Offer(_))).count();
        assert_eq!(served, usize::try_from(read.row.awarded).unwrap());
        assert!(served >= 1, "one of the two fits");
        assert!(read.lines.iter().all(|line| !matches!(line.outcome, RunOutcome::Open)));
        assert_eq!(read.lines[0].score, 400, "four of five in every criterion");

        assert_eq!(problem(officer.publish_run(id, 2).await), Problem::SecondSignatureSame);
        assert!(matches!(second.publish_run(id, 1).await, Err(Error::Stale)));
        second.publish_run(id, 2).await.unwrap();
        assert_eq!(problem(second.publish_run(id, 3).await), Problem::AlreadyDone);
        world.work().await;
        world.work().await;
        let mut offered = 0;
        for (company, application) in companies.iter().zip(&ids) {
            let offers = company.read_allocations(&[allocation::State::Offered]).await.unwrap();
            let slots: Vec<_> = offers.iter().map(|one| one.row.slots()).collect();
            let line = read.lines.iter().find(|line| line.application == *application).unwrap();
            match &line.outcome {
                RunOutcome::Offer(slot) => assert_eq!(slots, std::slice::from_ref(slot)),
                _ => {
                    assert!(slots.is_empty());
                    let reason = reason_of(company, *application).await.explanation;
                    assert!(matches!(reason.cause, matching::Cause::Capacity | matching::Cause::NeverFits), "{reason:?}");
                }
            }
            offered += slots.len();
        }
        assert_eq!(offered, served);
        assert!(matches!(companies[0].run_reason(ids[1]).await, Err(Error::NotFound)), "not of others");
        assert_eq!(officer.count_competing().await.unwrap(), 2 - served);
    }

    async fn a_run_that_is_stopped_keeps_its_best_plan_and_one_of_what_if_is_never_signed(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let _ = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let stopped = officer.start_run(&rules()).await.unwrap();
        assert_eq!(officer.run_progress(stopped).await.unwrap(), (State::Solving, None));
        second.stop_run(stopped).await.unwrap();
        let what_if = officer.start_run(&TypedRules { extra_gpus: "50".to_owned(), ..rules() }).await.unwrap();
        world.work().await;

        let read = officer.read_run(stopped).await.unwrap();
        assert_eq!((read.row.state, read.points.len()), (State::Solved, 1), "no more than the first look");
        let (state, point) = officer.run_progress(stopped).await.unwrap();
        assert_eq!((state, point), (State::Solved, read.points.last().copied()));
        officer.stop_run(stopped).await.unwrap();

        let asked = officer.read_run(what_if).await.unwrap();
        let free = |read: &RunRead| read.pools.iter().flat_map(|pool| &pool.weeks).map(|week| week.free).sum::<i64>();
        assert_eq!(2 * free(&asked), 3 * free(&read), "half as many more");
        assert!(asked.points.len() > 10);
        assert_eq!(problem(second.publish_run(what_if, asked.row.version).await), Problem::WhatIf);
        second.publish_run(stopped, read.row.version).await.unwrap();
    }

    async fn a_run_begins_with_an_earlier_plan_keeps_what_it_is_told_and_leaves_out_whom_it_must(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let (ids, companies) = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let first = officer.start_run(&rules()).await.unwrap();
        let early = TypedRules { after: first.to_string(), ..rules() };
        assert_eq!(problem(officer.start_run(&early).await), Problem::TooSoon, "it has no plan yet");
        world.work().await;
        let before = officer.read_run(first).await.unwrap();
        let reference = |number: usize| before.lines[number].reference.clone();
        let slot = |read: &RunRead, number: usize| match &read.lines[number].outcome {
            RunOutcome::Offer(slot) => Some(slot.first()),
            _ => None,
        };
        assert!(slot(&before, 0).is_some() && slot(&before, 1).is_some(), "there is room for both");

        let tied = TypedRules { after: first.to_string(), keep: reference(0).to_lowercase(), leave_out: reference(1), ..rules() };
        assert_eq!(problem(officer.start_run(&tied).await), Problem::ReasonRequired);
        let unknown = TypedRules { keep: "GHR-0".to_owned(), leave_out: String::new(), ..tied.clone() };
        assert_eq!(problem(officer.start_run(&unknown).await), Problem::NotWaiting);
        let nothing = officer.start_run(&TypedRules { budget: "0".to_owned(), ..rules() }).await.unwrap();
        world.work().await;
        let empty = TypedRules { after: nothing.to_string(), leave_out: String::new(), ..tied.clone() };
        assert_eq!(problem(officer.start_run(&empty).await), Problem::NothingToKeep);
        let tied = TypedRules { why: "Its ownership is being checked.".to_owned(), ..tied };
        let id = officer.start_run(&tied).await.unwrap();
        world.work().await;
        let read = officer.read_run(id).await.unwrap();
        assert_eq!((slot(&read, 0), slot(&read, 1)), (slot(&before, 0), None));
        assert_eq!((read.ties.after, read.ties.keep.len()), (Some(first), 1));
        // A stranger who forgets the promise, or serves whom the office left out, is not believed.
        let files = officer.run_files(id).await.unwrap();
        assert!(files.standing.is_some());
        let system = world.desk(Actor::SYSTEM);
        let mut other: Solution = serde_json::from_str(files.solution.as_deref().unwrap()).unwrap();
        other.awards.clear();
        (other.objective, other.upper_bound) = (None, None);
        assert!(matches!(system.import_solution(id, other).await, Err(Error::Broken(_))));

        second.publish_run(id, read.row.version).await.unwrap();
        world.work().await;
        world.work().await;
        let reason = reason_of(&companies[1], ids[1]).await;
        assert_eq!(reason.explanation.cause, matching::Cause::LeftOut);
        assert_eq!(reason.why, "Its ownership is being checked.");
        assert_eq!(officer.count_competing().await.unwrap(), 1, "whoever was left out keeps waiting");
    }

    async fn what_is_declined_goes_to_those_who_wait_by_a_run_that_makes_itself(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let (ids, companies) = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let look = officer.start_run(&rules()).await.unwrap();
        let second_one = officer.read_run(look).await.unwrap().lines[1].reference.clone();
        // One of the two has to wait.
        let typed = TypedRules { leave_out: second_one, why: "A test.".to_owned(), ..rules() };
        let id = officer.start_run(&typed).await.unwrap();
        world.work().await;
        let read = officer.read_run(id).await.unwrap();
        second.publish_run(id, read.row.version).await.unwrap();
        world.work().await;
        world.work().await;
        world.advance(TimeDelta::minutes(10));
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.rerun().await.unwrap(), None, "nothing was given back yet");

        let served = (0..2).find(|number| matches!(read.lines[*number].outcome, RunOutcome::Offer(_))).unwrap();
        let offers = companies[served].read_allocations(&[allocation::State::Offered]).await.unwrap();
        let company = world.desk(companies[served].actor);
        company.decline_offer(offers[0].row.id, offers[0].row.version).await.unwrap();
        world.advance(TimeDelta::minutes(10));
        let system = world.desk(Actor::SYSTEM);
        assert!(system.rerun().await.unwrap().is_some());
        assert_eq!(system.rerun().await.unwrap(), None, "once");
        world.work().await;
        let runs = officer.runs().await.unwrap();
        assert_eq!((runs.len(), runs[0].state), (3, State::Solved), "it waits for its signature");
        let again = officer.read_run(runs[0].id).await.unwrap();
        assert_eq!((again.row.made_by, again.rules), (read.row.made_by, read.rules));
        let outcome = |number: usize| &again.lines.iter().find(|line| line.application == ids[number]).unwrap().outcome;
        assert!(matches!(outcome(1 - served), RunOutcome::Offer(_)), "what was given back");
        let RunOutcome::Nothing(reason) = outcome(served) else { panic!("it declined: {:?}", outcome(served)) };
        assert_eq!(reason.cause, matching::Cause::LeftOut);
        second.publish_run(runs[0].id, again.row.version).await.unwrap();
        world.work().await;
        world.work().await;
        let offers = companies[1 - served].read_allocations(&[allocation::State::Offered]).await.unwrap();
        assert_eq!(offers.len(), 1);
    }

    async fn a_plan_made_elsewhere_is_taken_over_if_it_keeps_every_rule(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let _ = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let system = world.desk(Actor::SYSTEM);
        let id = officer.start_run(&rules()).await.unwrap();
        let nothing = |instance: &str| Solution {
            format: matching::SOLUTION_FORMAT.to_owned(),
            instance: instance.to_owned(),
            solver: "a stranger".to_owned(),
            objective: None,
            upper_bound: None,
            awards: Vec::new(),
            prices: None,
            branches: None,
        };
        assert_eq!(problem(system.import_solution(id, nothing("")).await), Problem::TooSoon);
        world.work().await;
        let RunFiles { instance, solution, .. } = system.run_files(id).await.unwrap();
        let instance: Instance = serde_json::from_str(&instance).unwrap();
        let mut wrong: Solution = serde_json::from_str(&solution.unwrap()).unwrap();
        wrong.awards[0].segments[0].gpus += 1_000_000;
        assert!(matches!(system.import_solution(id, wrong).await, Err(Error::Broken(_))));
        assert_eq!(problem(system.import_solution(id, nothing("another")).await), Problem::Mismatch);
        let stranger = officer.import_solution(id, nothing(&instance.name)).await;
        assert!(matches!(stranger, Err(Error::Denied(_))), "the command line's alone");
        let boast = Solution { objective: Some(1 << 60), ..nothing(&instance.name) };
        assert!(matches!(system.import_solution(id, boast).await, Err(Error::Broken(_))), "a false claim");
        system.import_solution(id, nothing(&instance.name)).await.unwrap();
        let read = officer.read_run(id).await.unwrap();
        assert_eq!((read.row.awarded, read.row.value, read.row.bound), (0, Some(0), None), "its own figures");
        assert!(read.lines.iter().all(|line| matches!(line.outcome, RunOutcome::Nothing(_))) && read.points.is_empty());
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        second.publish_run(id, read.row.version).await.unwrap();
        assert_eq!(problem(system.import_solution(id, nothing(&instance.name)).await), Problem::AlreadyDone);
    }

    async fn weeks_that_began_before_the_signature_are_not_offered(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (_, companies) = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let id = officer.start_run(&rules()).await.unwrap();
        world.work().await;
        assert_eq!(officer.read_run(id).await.unwrap().row.awarded, 2);
        world.advance(TimeDelta::days(400));
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        second.publish_run(id, 2).await.unwrap();
        world.work().await;
        for company in &companies {
            let company = world.desk(company.actor);
            assert!(company.read_allocations(&[allocation::State::Offered]).await.unwrap().is_empty());
        }
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(system.count_competing().await.unwrap(), 2, "they wait for the next run");
        let published = officer.read_run(id).await.unwrap().published.unwrap();
        assert_eq!((published.offered, published.left.len()), (0, 2));
        assert!(published.left.iter().all(|(_, why)| *why == Left::Begun));
        let company = world.desk(companies[0].actor);
        assert!(matches!(company.run_reason(published.left[0].0).await.unwrap(), Some(RunSaid::Left(Left::Begun))));
        // The next run makes itself, once.
        world.advance(TimeDelta::minutes(10));
        let system = world.desk(Actor::SYSTEM);
        assert!(system.rerun().await.unwrap().is_some());
        assert_eq!(system.rerun().await.unwrap(), None);
    }

    async fn what_was_booked_before_the_offers_is_left_and_the_rest_is_offered(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let (_, companies) = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let id = officer.start_run(&rules()).await.unwrap();
        world.work().await;
        let read = officer.read_run(id).await.unwrap();
        let slots: Vec<_> = read
            .lines
            .iter()
            .filter_map(|line| match &line.outcome {
                RunOutcome::Offer(slot) => Some((line.application, slot.first())),
                _ => None,
            })
            .collect();
        assert_eq!(slots.len(), 2);
        second.publish_run(id, read.row.version).await.unwrap();
        // Signed, and before the queue gets to it the site is booked but for what one of the two needs.
        let room = slots[0].1.gpus;
        assert_eq!(slots[1].1.gpus, room);
        let booked = format!("UPDATE capacity SET booked = gpus - maintenance - held - {room} RETURNING model");
        assert!(!world.lines(&booked).await.is_empty());
        world.work().await;
        world.work().await;

        let published = officer.read_run(id).await.unwrap().published.unwrap();
        let overlap = slots[0].1.first_week < slots[1].1.end() && slots[1].1.first_week < slots[0].1.end();
        assert!(overlap, "both want the same weeks: {slots:?}");
        assert_eq!(published.offered, 1);
        assert_eq!(published.left.iter().map(|(_, why)| *why).collect::<Vec<_>>(), [Left::Taken]);
        let mut offers = 0;
        for company in &companies {
            offers += company.read_allocations(&[allocation::State::Offered]).await.unwrap().len();
        }
        assert_eq!(offers, 1);
        let over = "SELECT model FROM capacity WHERE held + booked + maintenance > gpus";
        assert_eq!(world.lines(over).await, Vec::<String>::new(), "no week has more than it has");
        assert_eq!(world.lines("SELECT published FROM matching_run WHERE published IS NOT NULL").await.len(), 1);
    }

    async fn what_the_budget_no_longer_covers_at_the_promised_prices_is_left(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let (ids, companies) = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let id = officer.start_run(&rules()).await.unwrap();
        world.work().await;
        let read = officer.read_run(id).await.unwrap();
        assert_eq!(read.row.awarded, 2);
        second.publish_run(id, read.row.version).await.unwrap();
        let poorer = "UPDATE matching_run SET rules = replace(rules, '\"budget\":1000000000', '\"budget\":1')";
        assert_eq!(world.lines(&format!("{poorer} RETURNING rules")).await.len(), 1);
        world.work().await;
        world.work().await;
        let published = officer.read_run(id).await.unwrap().published.unwrap();
        assert_eq!((published.offered, published.left.len()), (0, 2));
        assert!(published.left.iter().all(|(_, why)| *why == Left::Budget), "{published:?}");
        for (company, application) in companies.iter().zip(&ids) {
            assert!(company.read_allocations(&[allocation::State::Offered]).await.unwrap().is_empty());
            let said = company.run_reason(*application).await.unwrap();
            assert!(matches!(said, Some(RunSaid::Left(Left::Budget))), "{said:?}");
        }
    }

    async fn a_run_is_signed_only_by_the_rules_in_force_which_everybody_can_read(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let second = staff(&world, "second@x.example", Stand::Officer).await;
        let visitor = world.desk(Actor::VISITOR);
        let first = visitor.list_rules().await.unwrap();
        assert_eq!((first.len(), first[0].version, &first[0].rules), (1, 1, &Rules::default()));
        let (_, companies) = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let other = TypedRules {
            organisation_share: "50".to_owned(),
            small_weight: "120".to_owned(),
            floor_hours: "1000".to_owned(),
            floor_merit: "1.5".to_owned(),
            country_budgets: "DE 5000000\nFR 1000000".to_owned(),
            ..rules()
        };
        let id = officer.start_run(&other).await.unwrap();
        let nil = SiteId::from_uuid(uuid::Uuid::nil()).to_string();
        let nowhere = TypedRules { extra_gpus: "5".to_owned(), extra_at: nil, ..rules() };
        assert_eq!(problem(officer.start_run(&nowhere).await), Problem::NotAChoice);
        world.work().await;
        let read = officer.read_run(id).await.unwrap();
        let instance: Instance = serde_json::from_str(&read.row.instance).unwrap();
        let free: i64 = instance.pools.iter().flat_map(|pool| &pool.cap).sum();
        assert_eq!(instance.orgs[0].cap_hours, Some(free * 168 / 100 * 50));
        assert_eq!((instance.pots.len(), instance.params.class_pct.as_slice()), (3, [100, 120].as_slice()));
        assert!(instance.requests.iter().all(|one| one.prio == 1) && !instance.floors.is_empty());
        assert_eq!(instance.params.floor_bonus_weight, 150);
        assert_eq!(read.row.awarded, 2);

        assert_eq!(problem(second.publish_run(id, read.row.version).await), Problem::RulesNotInForce);
        assert_eq!(problem(officer.put_rules_in_force(id, " ").await), Problem::Required);
        assert!(matches!(companies[0].put_rules_in_force(id, "x").await, Err(Error::Denied(_))));
        officer.put_rules_in_force(id, "More for small countries.").await.unwrap();
        assert_eq!(problem(officer.put_rules_in_force(id, "Again.").await), Problem::AlreadyDone);
        let versions = visitor.list_rules().await.unwrap();
        assert_eq!((versions.len(), versions[0].version), (2, 2));
        assert_eq!((versions[0].reason.as_str(), &versions[0].rules), ("More for small countries.", &read.rules));
        second.publish_run(id, read.row.version).await.unwrap();
        world.work().await;
        world.work().await;
        assert_eq!(officer.read_run(id).await.unwrap().published.unwrap().offered, 2);
        let scarcity = visitor.read_scarcity().await.unwrap();
        assert_eq!(scarcity.len(), instance.pools.len());
        assert!(scarcity.iter().flat_map(|pool| &pool.weeks).all(|(_, merit)| (0..=500).contains(merit)));
    }

    async fn rules_change_the_plan_and_wrong_ones_are_refused_at_their_field(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        assert_eq!(problem(officer.start_run(&rules()).await), Problem::AlreadyDone, "nobody waits");
        competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let poor = TypedRules { budget: "0".to_owned(), ..rules() };
        let (rich, poor) = (officer.start_run(&rules()).await.unwrap(), officer.start_run(&poor).await.unwrap());
        world.work().await;
        assert_eq!(officer.read_run(rich).await.unwrap().row.awarded, 2);
        let poor = officer.read_run(poor).await.unwrap();
        assert_eq!(poor.row.awarded, 0);
        for line in &poor.lines {
            let RunOutcome::Nothing(reason) = &line.outcome else { panic!("{line:?}") };
            assert_eq!(reason.cause, matching::Cause::Pots { left: 0 });
        }
        assert_eq!(officer.runs().await.unwrap().len(), 2);
        let wrong = TypedRules { small_share: "101".to_owned(), ..rules() };
        assert_eq!(problem(officer.start_run(&wrong).await), Problem::TooLarge { max: 100 });
        let few = TypedRules { country_share: "20".to_owned(), ..rules() };
        assert!(matches!(problem(officer.start_run(&few).await), Problem::TooSmall { min: 50.. }), "so few countries");
    }

    async fn a_conflict_hides_its_line_and_others_see_no_run_at_all(world) {
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (ids, companies) = competing(&world, &officer).await;
        site(&world, "here", 64).await;
        let id = officer.start_run(&rules()).await.unwrap();
        world.work().await;
        let other = staff(&world, "other@x.example", Stand::Officer).await;
        other.declare_conflict(ids[0], "I invested in it.").await.unwrap();
        let seen: Vec<_> = other.read_run(id).await.unwrap().lines.iter().map(|line| line.application).collect();
        assert_eq!(seen, [ids[1]]);
        assert!(other.read_run(id).await.unwrap().is_partial && !officer.read_run(id).await.unwrap().is_partial);
        let (theirs, all) = (other.runs().await.unwrap().remove(0), officer.runs().await.unwrap().remove(0));
        assert!(theirs.is_partial && !all.is_partial && all.awarded > 0);
        assert_eq!((theirs.awarded, theirs.requests, theirs.hours, theirs.value, theirs.bound), (0, 0, 0, None, None));
        assert_eq!(problem(other.run_files(id).await), Problem::ConflictOfInterest, "their lines are in the files");
        assert_eq!(problem(other.publish_run(id, 2).await), Problem::ConflictOfInterest);
        assert_eq!(problem(other.start_run(&rules()).await), Problem::ConflictOfInterest);
        let RunFiles { instance, solution, .. } = officer.run_files(id).await.unwrap();
        assert!(instance.contains("gigamatch-instance/1") && solution.unwrap().contains("gigamatch-solution/1"));
        let reviewer = staff(&world, "stranger@x.example", Stand::Reviewer).await;
        assert!(matches!(reviewer.runs().await, Err(Error::Denied(_))));
        assert!(matches!(companies[0].read_run(id).await, Err(Error::Denied(_))));
        assert!(matches!(reviewer.start_run(&rules()).await, Err(Error::Denied(_))));
    }
}
