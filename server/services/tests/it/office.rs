//! A whole call: built from a template, applied under by forty companies, checked, read by twelve reviewers, answered,
//! ranked by two panels, decided along its award list, and each decision with its justification file.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    application::Step,
    call::Section,
    id::{ApplicationId, CallId, PanelId},
    mode::Code,
    panel::{TypedPanel, TypedRecommendation},
    review::TypedDecision,
    scope::Scope,
    workflow::{Kind, StepOutcome, edge::Node},
};
use services::{CallSource, Desk, Floor, dossier::Names};
use testkit::{World, both};
use text::Locale;

use crate::{
    applications::{fill, small_company},
    calls::{publish, save, submit, typed},
    capacity::site,
    reviews::{accept_terms, draft, staff},
};

const COMPANIES: usize = 40;
const REVIEWERS: usize = 12;
/// Awards that the budget has room for.
const AWARDS: usize = 15;

fn now(world: &World, desk: &Desk) -> Desk {
    world.desk(desk.actor)
}

/// A call of small projects that are checked, read twice, answered, ranked and decided.
async fn open_call(officer: &Desk) -> CallId {
    let id = officer.create_call(CallSource::Template(Code::PG)).await.unwrap();
    save(officer, id, Section::Basics, &[("code", "PG-OFFICE"), ("mode", "PG"), ("language-en", "on")]).await;
    let steps = [
        ("step-administrative_check", "on"),
        ("days-administrative_check", "2"),
        ("step-expert_review", "on"),
        ("days-expert_review", "5"),
        ("step-rebuttal", "on"),
        ("days-rebuttal", "2"),
        ("step-panel", "on"),
        ("days-panel", "5"),
        ("step-decision", "on"),
        ("days-decision", "2"),
        ("reviews", "2"),
        ("rebuttal_words", "300"),
        ("appeal_days", "15"),
        ("blind", "on"),
    ];
    save(officer, id, Section::Steps, &steps).await;
    save(officer, id, Section::Intake, &[("intake", "always")]).await;
    publish(officer, id, "").await;
    id
}

async fn applied(world: &World) -> Vec<(Desk, ApplicationId)> {
    let mut made = Vec::new();
    for number in 1..=COMPANIES {
        let (company, _) = small_company(world, number).await;
        let id = company.start_application_under("PG-OFFICE").await.unwrap();
        fill(&company, id).await;
        // The answer takes sixteen working days.
        let later = typed(&[("earliest", "2027-01-25"), ("flexible", "on")]);
        company.save_draft(id, Step::Compute, &later).await.unwrap();
        submit(&company, id).await.unwrap();
        made.push((company, id));
    }
    made
}

async fn version(world: &World, officer: &Desk, id: ApplicationId) -> i32 {
    now(world, officer).course_case(id).await.unwrap().application.version
}

async fn node(world: &World, company: &Desk, id: ApplicationId) -> Node {
    now(world, company).read_application(id).await.unwrap().course.node
}

/// Everything given out at once as the optimum has it, accepted and handed in.
async fn reviewed(world: &World, officer: &Desk, scope: Scope) {
    let mut reviewers = Vec::new();
    for number in 1..=REVIEWERS {
        let reviewer = staff(world, &format!("reviewer{number}@x.example"), Stand::Reviewer).await;
        accept_terms(&reviewer).await;
        reviewers.push(reviewer);
    }
    let officer = now(world, officer);
    officer.propose_assignment(scope, 1).await.unwrap();
    let (row, outcome) = officer.read_assignment(scope).await.unwrap().proposal.unwrap();
    assert_eq!(outcome.items.len(), COMPANIES * 2);
    assert!(outcome.lacks.iter().all(|lack| lack.missing == 0), "nobody said what they know, but all are given out");
    assert_eq!(outcome.score, outcome.bound, "nothing better exists");
    let loads: Vec<u32> = outcome.loads.iter().map(|load| load.after).collect();
    assert!(loads.iter().all(|load| (6..=7).contains(load)), "{loads:?}");
    officer.commit_assignment(row.id, row.version).await.unwrap();
    for reviewer in reviewers {
        for asked in reviewer.list_asked().await.unwrap() {
            let id = asked.case.id;
            assert_eq!(asked.case.organisation, "", "the call is blind");
            reviewer.accept_assignment(id).await.unwrap();
            reviewer.hand_in_review(id, &draft(&reviewer, id, "approve").await).await.unwrap();
        }
    }
}

/// A panel with a chair and two members over these applications, which recommends as many awards as there are left.
async fn sat(world: &World, number: usize, scope: Scope, of: &[ApplicationId], left: &mut usize) -> PanelId {
    let chair = staff(world, &format!("chair{number}@x.example"), Stand::Officer).await;
    let arranged =
        TypedPanel { name: format!("Panel {number}"), mode: scope.to_string(), held_on: "2026-12-10".to_owned() };
    let id = chair.create_panel(&arranged).await.unwrap();
    chair.add_panel_member(id, &chair.actor.person.unwrap().to_string(), "chair").await.unwrap();
    for member in 1..=2 {
        let member = staff(world, &format!("member{number}{member}@x.example"), Stand::Reviewer).await;
        chair.add_panel_member(id, &member.actor.person.unwrap().to_string(), "member").await.unwrap();
    }
    let mut references = String::new();
    for application in of {
        references.push_str(&chair.case(*application).await.unwrap().reference);
        references.push('\n');
    }
    chair.add_to_agenda(id, &references).await.unwrap();
    let seen = chair.read_panel(id).await.unwrap().row.version;
    chair.open_panel(id, seen).await.unwrap();
    let mut floor = None;
    for _ in of {
        chair.take_next_item(id, floor, false).await.unwrap();
        let Floor::Item(item) = chair.read_panel(id).await.unwrap().floor else { panic!("something is discussed") };
        let is_award = *left > 0;
        *left = left.saturating_sub(1);
        let said = TypedRecommendation {
            outcome: if is_award { "award" } else { "refuse" }.to_owned(),
            hours: if is_award { "3 000" } else { "" }.to_owned(),
            storage: String::new(),
            note: "The plan was compared with its measurements.".to_owned(),
        };
        let seen = chair.panel_case(id, item).await.unwrap().line.item.version;
        chair.recommend(id, item, &said, seen).await.unwrap();
        floor = Some(item);
    }
    chair.take_next_item(id, floor, false).await.unwrap();
    let seen = chair.read_panel(id).await.unwrap().row.version;
    chair.close_panel(id, seen).await.unwrap();
    id
}

both! {
    async fn a_call_goes_from_its_template_to_awards_with_their_reasons(world) {
        site(&world, "alpha", 100_000).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let call = open_call(&officer).await;
        let scope = Scope::Call(call);
        let applications = applied(&world).await;
        assert_eq!(officer.officer_turns().await.unwrap().len(), COMPANIES, "each waits for a check");
        for (_, id) in &applications {
            let seen = version(&world, &officer, *id).await;
            officer.check_admission(*id, "admissible", "", seen).await.unwrap();
        }
        reviewed(&world, &officer, scope).await;

        // Half answer the reviews; the others' silence decides nothing.
        for (company, id) in applications.iter().step_by(2) {
            now(&world, company).reply(*id, "The second table has the throughput that was asked for.").await.unwrap();
        }
        world.advance(TimeDelta::days(7));
        now(&world, &Desk { actor: Actor::SYSTEM, ..officer.clone() }).watch_deadlines().await.unwrap();
        for (number, (company, id)) in applications.iter().enumerate() {
            let course = now(&world, company).read_application(*id).await.unwrap().course;
            assert_eq!(course.node, Node::At(Kind::Panel));
            let said = course.steps.iter().find(|step| step.kind == Kind::Rebuttal).and_then(|step| step.outcome);
            let expected = if number % 2 == 0 { StepOutcome::Replied } else { StepOutcome::Lapsed };
            assert_eq!(said, Some(expected), "{number}");
        }

        let ids: Vec<ApplicationId> = applications.iter().map(|(_, id)| *id).collect();
        let (one, two) = ids.split_at(COMPANIES / 2);
        let mut left = AWARDS;
        for (number, of) in [one, two].into_iter().enumerate() {
            sat(&world, number, scope, of, &mut left).await;
        }
        world.work().await;
        world.work().await;
        for (company, id) in &applications {
            assert_eq!(node(&world, company, *id).await, Node::At(Kind::Decision), "closed panels let it go on");
        }

        let officer = now(&world, &officer);
        let list = officer.award_list(scope, None).await.unwrap();
        assert_eq!(list.lines.len(), COMPANIES);
        assert!(officer.award_list(Code::PG, None).await.unwrap().lines.is_empty(), "a call's are not the mode's");
        for line in &list.lines {
            let is_award = line.judged.outcome == Some(domain::panel::Outcome::Award);
            let case = officer.decision_case(line.case.id).await.unwrap();
            assert_eq!(case.reviews.len(), 2);
            let decision = TypedDecision {
                outcome: if is_award { "approved" } else { "refused" }.to_owned(),
                hours: if is_award { "3000" } else { "" }.to_owned(),
                reasons: "The panel compared the plan with its measurements.".to_owned(),
            };
            officer.decide(line.case.id, &decision, case.application.version).await.unwrap();
        }
        let mut awarded = 0;
        for (company, id) in &applications {
            match node(&world, company, *id).await {
                Node::Approved => awarded += 1,
                other => assert_eq!(other, Node::Refused),
            }
        }
        assert_eq!(awarded, AWARDS);

        // A year later each decision can be justified from its own file.
        world.advance(TimeDelta::days(365));
        let officer = now(&world, &officer);
        for id in [ids[0], ids[COMPANIES - 1]] {
            let (_, bytes) = officer.read_dossier(id, Names::Full, Locale::En).await.unwrap();
            let text = String::from_utf8_lossy(&bytes);
            for part in ["finish-panel", "complete-reviews", "admissible", "\"panel\": \"Panel", "compared the plan"] {
                assert!(text.contains(part), "{part}");
            }
        }
    }
}
