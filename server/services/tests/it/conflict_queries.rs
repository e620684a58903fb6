//! Every query that could tell of an application, asked by a reviewer or an officer: what `conflicts` asks of whom a
//! conflict keeps away.

use std::{collections::BTreeMap, future::Future, pin::Pin};

use domain::{
    allocation,
    conflict::{Kind, WaiverOutcome},
    gpu::GpuTime,
    id::{AllocationId, ApplicationId, Id, OrganisationId, PersonId},
    mode::Code,
    review::Draft,
    reviewer::Wish,
    workflow::question,
};
use services::{BoardKind, BoardQuery, Desk, Result, dossier::Names};
use text::Locale;
use uuid::Uuid;

use crate::reviews::typed;

/// What must not be learnt of: an application in one state or another, with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Target {
    pub id: ApplicationId,
    pub organisation: OrganisationId,
    pub reference: String,
    pub company: String,
    pub offer: AllocationId,
    pub conflict: Uuid,
    pub waiver: Uuid,
    pub version: i32,
}

impl Target {
    pub fn nowhere(version: i32) -> Self {
        Self {
            id: Id::from_uuid(Uuid::from_u128(0xbeef)),
            organisation: Id::from_uuid(Uuid::from_u128(0xbeef)),
            reference: "GH-PG-2026-99999".to_owned(),
            company: "No Such Company".to_owned(),
            offer: Id::from_uuid(Uuid::from_u128(0xbeef)),
            conflict: Uuid::from_u128(0xbeef),
            waiver: Uuid::from_u128(0xbeef),
            version,
        }
    }

    pub fn marks(&self) -> Vec<String> {
        vec![self.id.to_string(), self.reference.clone(), self.company.clone(), self.offer.to_string()]
    }
}

pub type Asked<'a> = Pin<Box<dyn Future<Output = String> + 'a>>;
pub type Ask = for<'a> fn(&'a Desk, &'a Target) -> Asked<'a>;

macro_rules! queries {
    ($($name:literal |$desk:ident, $target:ident| $ask:expr;)*) => {{
        let queries: Vec<(&'static str, Ask)> = vec![
            $({
                let ask: Ask = |$desk, $target| Box::pin(async move { let _ = $target; format!("{:?}", $ask.await) });
                ($name, ask)
            }),*
        ];
        queries
    }};
}

/// Everything that a reviewer can ask that could tell of an application.
pub fn of_reviewers() -> Vec<(&'static str, Ask)> {
    queries! {
        "queue" |desk, target| desk.review_queue();
        "first waiting" |desk, target| desk.first_waiting_scope();
        "case" |desk, target| desk.case(target.id);
        "review" |desk, target| desk.review_case(target.id);
        "save review" |desk, target| desk.save_review(target.id, &NOTHING);
        "hand in review" |desk, target| desk.hand_in_review(target.id, &NOTHING);
        "declare" |desk, target| desk.declare(target.id, Some(Kind::Personal), "Again.");
        "declare nothing" |desk, target| desk.declare(target.id, None, "");
        "bids" |desk, target| desk.bids(None);
        "bids after" |desk, target| desk.bids(Some(target.id));
        "bid" |desk, target| desk.bid(target.id, Wish::Eager);
        "bid conflict" |desk, target| desk.bid(target.id, Wish::Conflict);
        "application" |desk, target| desk.read_application(target.id);
        "why waiting" |desk, target| desk.why_waiting(target.id);
        "run reason" |desk, target| desk.run_reason(target.id);
        "asked" |desk, target| desk.list_asked();
        "asked one" |desk, target| desk.read_asked(target.id);
        "accept" |desk, target| desk.accept_assignment(target.id);
        "decline" |desk, target| desk.decline_assignment(target.id, "No time this month.");
        "suggest question" |desk, target| desk.suggest_question(target.id, "Which data do you train on?");
        "eligibility" |desk, target| desk.eligibility_of(target.id);
        "plan" |desk, target| desk.plan_of_application(target.id);
    }
}

async fn read_fixed(desk: &Desk) -> Result<Option<services::AwardList>> {
    match desk.award_list(Code::PG, None).await?.earlier.first() {
        Some(fixed) => desk.fixed_award_list(fixed.id).await.map(Some),
        None => Ok(None),
    }
}

/// The same of an officer.
pub fn of_officers() -> Vec<(&'static str, Ask)> {
    queries! {
        "board open" |desk, target| read_board(desk, board(BoardKind::Open, "", None));
        "board to decide" |desk, target| read_board(desk, board(BoardKind::ToDecide, "", None));
        "board to sign" |desk, target| read_board(desk, board(BoardKind::ToSign, "", None));
        "board submitted" |desk, target| read_board(desk, board(BoardKind::Submitted, "", None));
        "board in review" |desk, target| read_board(desk, board(BoardKind::InReview, "", None));
        "board approved" |desk, target| read_board(desk, board(BoardKind::Approved, "", None));
        "board refused" |desk, target| read_board(desk, board(BoardKind::Refused, "", None));
        "board all" |desk, target| read_board(desk, board(BoardKind::All, "", None));
        "search reference" |desk, target| read_board(desk, board(BoardKind::All, &target.reference, None));
        "search company" |desk, target| read_board(desk, board(BoardKind::All, &target.company, None));
        "board after" |desk, target| read_board(desk, board(BoardKind::All, "", Some(target.id)));
        "case" |desk, target| desk.case(target.id);
        "decision" |desk, target| desk.decision_case(target.id);
        "decide" |desk, target| desk.decide(target.id, &GRANT, target.version);
        "countersign" |desk, target| desk.countersign(target.id, target.version);
        "send back" |desk, target| desk.send_back(target.id, "Not so.", target.version);
        "declare" |desk, target| desk.declare(target.id, Some(Kind::Personal), "Again.");
        "application" |desk, target| desk.read_application(target.id);
        "why waiting" |desk, target| desk.why_waiting(target.id);
        "run reason" |desk, target| desk.run_reason(target.id);
        "eligibility" |desk, target| desk.eligibility_of(target.id);
        "plan" |desk, target| desk.plan_of_application(target.id);
        "conflict board" |desk, target| desk.conflict_board(target.id);
        "record conflict" |desk, target| desk.record_conflict(target.id, desk.actor.person.unwrap(), Some(Kind::Family), "Known.");
        "give review" |desk, target| desk.give_review(target.id, desk.actor.person.unwrap());
        "ask waiver" |desk, target| desk.ask_waiver(target.conflict, "Long ago.");
        "grant waiver" |desk, target| desk.decide_waiver(target.waiver, WaiverOutcome::Granted, "Long ago.");
        "refuse waiver" |desk, target| desk.decide_waiver(target.waiver, WaiverOutcome::Refused, "Not so.");
        "scores" |desk, target| desk.scores(Code::PG);
        "matching" |desk, target| desk.read_matching();
        "match" |desk, target| desk.run_matching();
        "offers" |desk, target| desk.read_allocations(&[allocation::State::Offered]);
        "offer" |desk, target| desk.read_offer(target.offer);
        "allocation" |desk, target| desk.read_allocation(target.offer);
        "competing" |desk, target| desk.count_competing();
        "runs" |desk, target| desk.runs();
        "reviewers" |desk, target| of_loads(desk);
        "assign review" |desk, target| desk.assign_review(target.id, desk.actor.person.unwrap());
        "steps" |desk, target| desk.course_case(target.id);
        "turns" |desk, target| desk.officer_turns();
        "appeals" |desk, target| desk.open_appeals();
        "reopenings" |desk, target| desk.open_reopenings();
        "check" |desk, target| desk.check_admission(target.id, "admissible", "", target.version);
        "choose site" |desk, target| desk.choose_site(target.id, "alpha", target.version);
        "go on" |desk, target| desk.go_on(target.id, "It may well run there.", target.version);
        "finish panel" |desk, target| desk.finish_panel(target.id, "", target.version);
        "ask question" |desk, target| desk.ask_question(target.id, &QUESTION);
        "propose reopening" |desk, target| desk.propose_reopening(target.id, "New facts came to light.", target.version);
        "sign reopening" |desk, target| desk.sign_reopening(target.id, target.version);
        "drop reopening" |desk, target| desk.drop_reopening(target.id, target.version);
        "award list" |desk, target| desk.award_list(Code::PG, None);
        "fixed award list" |desk, target| read_fixed(desk);
        "dossier" |desk, target| desk.read_dossier(target.id, Names::Full, Locale::En);
        "find dossier" |desk, target| desk.find_dossier(&target.reference, Names::Full, Locale::En);
        "changes" |desk, target| desk.list_actions();
        "changes waiting" |desk, target| desk.actions_waiting();
        "reports" |desk, target| desk.reports_handed_in();
        "reports owed" |desk, target| desk.reports_owed();
        "aid of an award" |desk, target| desk.aid_case(target.id, GpuTime::seconds(3_600));
        "aid of a company" |desk, target| desk.aid_of(target.organisation);
        "aid of all" |desk, target| desk.aid_list();
        "aid registers" |desk, target| desk.aid_register(None);
        "aid of a merger" |desk, target| desk.record_aid_transfer(&merger(&target.company));
    }
}

/// The company's aid would go to nobody: what is wrong with that tells whether there is such a company.
fn merger(company: &str) -> domain::aid::transfer::Typed {
    domain::aid::transfer::Typed { from: format!("REG {company} Robotics"), ..domain::aid::transfer::Typed::default() }
}

static NOTHING: std::sync::LazyLock<Draft> = std::sync::LazyLock::new(Draft::default);
static QUESTION: std::sync::LazyLock<question::Typed> = std::sync::LazyLock::new(|| question::Typed {
    text: "Which data do you train on?".to_owned(),
    days: "5".to_owned(),
});
static GRANT: std::sync::LazyLock<domain::review::TypedDecision> =
    std::sync::LazyLock::new(|| typed("approved", "5000"));

pub fn board(which: BoardKind, text: &str, after: Option<ApplicationId>) -> BoardQuery {
    BoardQuery { which, text: text.to_owned(), after, scope: None, step: None }
}

/// A board with its counts in an order.
async fn read_board(desk: &Desk, query: BoardQuery) -> Result<String> {
    let board = desk.board(&query).await?;
    let counts: BTreeMap<_, _> = board.counts.iter().collect();
    Ok(format!("{:?} {:?} {counts:?} {}", board.cases, board.next, board.late))
}

/// Loads and exclusions by person, without the people themselves.
async fn of_loads(desk: &Desk) -> Result<Vec<(PersonId, i64, i64)>> {
    Ok(desk.reviewers("").await?.into_iter().map(|line| (line.person, line.load.0, line.excluded)).collect())
}
