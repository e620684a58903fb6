//! The graph between "begun" and "awarded" as data: every way an application can go, the groups that may take it, what
//! must hold, and what follows.
//!
//! Labels are in `text`: `transition-<deed>` for those who work on it, `transition-public-<deed>` for the applicant.

use crate::{
    actor::Group::{self, Administrator, Applicant, Officer, Operator, Owner, Reviewer, System},
    application::State,
    problem::Problem,
};

use super::Kind;

/// Where an application stands in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Node {
    Draft,
    /// In one step of its plan.
    At(Kind),
    /// Decided, and waiting for the second officer.
    Signature,
    Approved,
    Refused,
    /// Refused, and the applicant does not agree.
    Appealed,
    Withdrawn,
}

impl Node {
    /// From what is stored: the state, the active step if there is one, and whether an appeal is open.
    pub fn of(state: State, active: Option<Kind>, is_appealed: bool) -> Self {
        match state {
            State::Draft => Self::Draft,
            State::AwaitingSignature => Self::Signature,
            State::Approved => Self::Approved,
            State::Refused if is_appealed => Self::Appealed,
            State::Refused => Self::Refused,
            State::Withdrawn => Self::Withdrawn,
            State::Submitted | State::InReview => Self::At(active.unwrap_or(Kind::Decision)),
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::At(kind) => kind.code(),
            Self::Signature => "signature",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Appealed => "appealed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state that an application has there. Experts' work is `Submitted` until it is all taken.
    pub const fn state(self) -> State {
        match self {
            Self::Draft => State::Draft,
            Self::At(Kind::AdministrativeCheck | Kind::TechnicalAssessment | Kind::ExpertReview) => State::Submitted,
            Self::At(Kind::Rebuttal | Kind::Panel | Kind::Decision) => State::InReview,
            Self::Signature => State::AwaitingSignature,
            Self::Approved => State::Approved,
            Self::Refused | Self::Appealed => State::Refused,
            Self::Withdrawn => State::Withdrawn,
        }
    }
}

/// Where a way begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    One(Node),
    /// In any step.
    AnyStep,
    /// In expert review or a later step.
    FromReviewOn,
    /// In any step, or waiting for the second signature.
    Undecided,
}

impl From {
    fn holds(self, node: Node) -> bool {
        match self {
            Self::One(one) => one == node,
            Self::AnyStep => matches!(node, Node::At(_)),
            Self::FromReviewOn => matches!(node, Node::At(kind) if kind >= Kind::ExpertReview),
            Self::Undecided => matches!(node, Node::At(_) | Node::Signature),
        }
    }
}

/// Where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    One(Node),
    /// The next step of the plan.
    Next,
    /// The step in which it was refused.
    Back,
    /// It stays where it is.
    Same,
}

/// What must hold before the way can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    Nothing,
    /// Not one's own company, no conflict, and no answer of the applicant is awaited.
    Free,
    /// No answer of the applicant is awaited.
    NotAsked,
    /// An answer is awaited, or was not given in time.
    Asked,
    /// The site is the one that was asked.
    OwnSite,
    /// Nothing was awarded yet.
    NotAwarded,
    /// Within the days that the plan gives.
    InTime,
    /// The deadline has passed.
    Overdue,
    /// As `Free`, and another person than the first.
    Second,
    /// As `Free`, and no part in what was decided before.
    TookNoPart,
}

/// What follows besides the transition's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Nothing,
    /// The steps of the plan are made, the first begins.
    MakeSteps,
    /// The step is done, the next begins and whoever is due is told.
    BeginNext,
    /// The clock of the step stands still, the applicant is told.
    StopClock,
    /// The clock runs again, later by the time it stood.
    ResumeClock,
    /// The decision is in force: mail with reasons and remedies.
    Decide,
    /// The old decision is on record, the step is open again.
    Reopen,
    /// Somebody is told.
    Tell,
    /// Nobody looks at it any more.
    End,
}

/// One way.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    pub deed: Deed,
    pub from: From,
    pub to: To,
    pub groups: &'static [Group],
    pub guard: Guard,
    pub effect: Effect,
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $deed:ident $code:literal;)*) => {
        /// What somebody does to move an application.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Deed { $($(#[$doc])* $deed,)* }

        impl Deed {
            pub const ALL: &[Self] = &[$(Self::$deed,)*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$deed => $code,)* }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|deed| deed.code() == code)
            }
        }
    };
}

deeds! {
    Submit "submit";
    Withdraw "withdraw";
    /// Administrative check passed.
    Admit "admit";
    /// Administrative check not passed: a refusal with its reasons.
    RefuseAdmission "refuse-admission";
    /// An officer names the site that assesses.
    ChooseSite "choose-site";
    Assess "assess";
    /// It cannot run at this site.
    AssessInfeasible "assess-infeasible";
    /// An officer lets it go on although no site found it feasible.
    GoOn "go-on";
    TakeReview "take-review";
    /// An officer gives it to a reviewer: the first review, or one more.
    GiveReview "give-review";
    /// Back in its place in the queue, for a conflict.
    GiveBackReview "give-back-review";
    HandInReview "hand-in-review";
    /// The last review that the plan asks for.
    CompleteReviews "complete-reviews";
    /// The applicant's answer to the reviews.
    Reply "reply";
    LapseReply "lapse-reply";
    FinishPanel "finish-panel";
    /// Decided, above the limit.
    Propose "propose";
    Approve "approve";
    Refuse "refuse";
    SendBack "send-back";
    /// A reviewer would like an officer to ask.
    SuggestQuestion "suggest-question";
    DropQuestion "drop-question";
    Ask "ask";
    Answer "answer";
    LapseQuestion "lapse-question";
    Remind "remind";
    Substitute "substitute";
    Escalate "escalate";
    Appeal "appeal";
    RejectAppeal "reject-appeal";
    UpholdAppeal "uphold-appeal";
    ProposeReopening "propose-reopening";
    DropReopening "drop-reopening";
    Reopen "reopen";
}

impl Deed {
    /// Whoever did one of these has taken part in the decision.
    pub const PART: [Self; 12] = [
        Self::RefuseAdmission,
        Self::Assess,
        Self::AssessInfeasible,
        Self::GoOn,
        Self::HandInReview,
        Self::CompleteReviews,
        Self::Propose,
        Self::Approve,
        Self::Refuse,
        Self::SendBack,
        Self::RejectAppeal,
        Self::UpholdAppeal,
    ];

    /// Between those who work on it: the applicant's timeline does not have it.
    pub const fn is_internal(self) -> bool {
        matches!(
            self,
            Self::GiveBackReview
                | Self::SuggestQuestion
                | Self::DropQuestion
                | Self::Remind
                | Self::GiveReview
                | Self::Substitute
                | Self::Escalate
                | Self::ProposeReopening
                | Self::DropReopening
        )
    }

    /// Its reason was written for the applicant.
    pub const fn is_reason_public(self) -> bool {
        matches!(
            self,
            Self::Withdraw
                | Self::RefuseAdmission
                | Self::Ask
                | Self::Answer
                | Self::Appeal
                | Self::RejectAppeal
                | Self::UpholdAppeal
                | Self::Reopen
        )
    }
}

const APPLICANTS: &[Group] = &[Owner, Applicant];
const OFFICERS: &[Group] = &[Officer];
const REVIEWERS: &[Group] = &[Reviewer];
const OPERATORS: &[Group] = &[Operator];
const PROGRAMME: &[Group] = &[System];
const ASKERS: &[Group] = &[Officer, Operator];
/// Whoever gives a review out: by hand, or in the place of somebody who did not answer.
const GIVERS: &[Group] = &[Officer, System];
/// Whoever can bring a conflict of interest to light.
const CONFLICTED: &[Group] = &[Reviewer, Officer, Operator, Owner, Applicant, Administrator, System];

const fn one(node: Node) -> From {
    From::One(node)
}

const fn at(kind: Kind) -> From {
    From::One(Node::At(kind))
}

const fn to(node: Node) -> To {
    To::One(node)
}

const fn edge(deed: Deed, from: From, to: To, groups: &'static [Group], guard: Guard, effect: Effect) -> Edge {
    Edge { deed, from, to, groups, guard, effect }
}

/// Every way there is.
#[rustfmt::skip]
pub const EDGES: &[Edge] = &[
    edge(Deed::Submit, one(Node::Draft), To::Next, APPLICANTS, Guard::Nothing, Effect::MakeSteps),

    edge(Deed::Admit, at(Kind::AdministrativeCheck), To::Next, OFFICERS, Guard::Free, Effect::BeginNext),
    edge(Deed::RefuseAdmission, at(Kind::AdministrativeCheck), to(Node::Refused), OFFICERS, Guard::Free, Effect::Decide),

    edge(Deed::ChooseSite, at(Kind::TechnicalAssessment), To::Same, OFFICERS, Guard::Free, Effect::Tell),
    edge(Deed::Assess, at(Kind::TechnicalAssessment), To::Next, OPERATORS, Guard::OwnSite, Effect::BeginNext),
    edge(Deed::AssessInfeasible, at(Kind::TechnicalAssessment), To::Same, OPERATORS, Guard::OwnSite, Effect::Tell),
    edge(Deed::GoOn, at(Kind::TechnicalAssessment), To::Next, OFFICERS, Guard::Free, Effect::BeginNext),

    // One more review may be asked for, written and handed in until it is decided.
    edge(Deed::TakeReview, From::FromReviewOn, To::Same, REVIEWERS, Guard::NotAsked, Effect::Nothing),
    edge(Deed::GiveReview, From::FromReviewOn, To::Same, GIVERS, Guard::NotAsked, Effect::Tell),
    edge(Deed::GiveBackReview, From::FromReviewOn, To::Same, CONFLICTED, Guard::Nothing, Effect::Nothing),
    edge(Deed::HandInReview, From::FromReviewOn, To::Same, REVIEWERS, Guard::Nothing, Effect::Nothing),
    edge(Deed::CompleteReviews, at(Kind::ExpertReview), To::Next, REVIEWERS, Guard::Nothing, Effect::BeginNext),

    edge(Deed::Reply, at(Kind::Rebuttal), To::Next, APPLICANTS, Guard::InTime, Effect::BeginNext),
    edge(Deed::LapseReply, at(Kind::Rebuttal), To::Next, PROGRAMME, Guard::Overdue, Effect::BeginNext),

    edge(Deed::FinishPanel, at(Kind::Panel), To::Next, OFFICERS, Guard::Free, Effect::BeginNext),
    // Its panel closed: what the members recommended stands in the minutes.
    edge(Deed::FinishPanel, at(Kind::Panel), To::Next, PROGRAMME, Guard::Nothing, Effect::BeginNext),

    edge(Deed::Propose, at(Kind::Decision), to(Node::Signature), OFFICERS, Guard::Free, Effect::Tell),
    edge(Deed::Approve, at(Kind::Decision), to(Node::Approved), OFFICERS, Guard::Free, Effect::Decide),
    edge(Deed::Refuse, at(Kind::Decision), to(Node::Refused), OFFICERS, Guard::Free, Effect::Decide),
    edge(Deed::Approve, one(Node::Signature), to(Node::Approved), OFFICERS, Guard::Second, Effect::Decide),
    edge(Deed::Refuse, one(Node::Signature), to(Node::Refused), OFFICERS, Guard::Second, Effect::Decide),
    // A second officer who does not sign sends it back.
    edge(Deed::SendBack, one(Node::Signature), to(Node::At(Kind::Decision)), OFFICERS, Guard::Second, Effect::Nothing),

    edge(Deed::SuggestQuestion, at(Kind::ExpertReview), To::Same, REVIEWERS, Guard::NotAsked, Effect::Tell),
    edge(Deed::DropQuestion, From::AnyStep, To::Same, OFFICERS, Guard::Nothing, Effect::Nothing),
    edge(Deed::Ask, From::AnyStep, To::Same, ASKERS, Guard::Free, Effect::StopClock),
    edge(Deed::Answer, From::AnyStep, To::Same, APPLICANTS, Guard::Asked, Effect::ResumeClock),
    edge(Deed::LapseQuestion, From::AnyStep, To::Same, PROGRAMME, Guard::Overdue, Effect::ResumeClock),

    edge(Deed::Remind, From::Undecided, To::Same, PROGRAMME, Guard::Overdue, Effect::Tell),
    edge(Deed::Substitute, From::Undecided, To::Same, PROGRAMME, Guard::Overdue, Effect::Tell),
    edge(Deed::Escalate, From::Undecided, To::Same, PROGRAMME, Guard::Overdue, Effect::Tell),

    edge(Deed::Withdraw, one(Node::Draft), to(Node::Withdrawn), APPLICANTS, Guard::Nothing, Effect::End),
    edge(Deed::Withdraw, From::Undecided, to(Node::Withdrawn), APPLICANTS, Guard::Nothing, Effect::End),
    edge(Deed::Withdraw, one(Node::Approved), to(Node::Withdrawn), APPLICANTS, Guard::NotAwarded, Effect::End),

    edge(Deed::Appeal, one(Node::Refused), to(Node::Appealed), APPLICANTS, Guard::InTime, Effect::Tell),
    edge(Deed::RejectAppeal, one(Node::Appealed), to(Node::Refused), OFFICERS, Guard::TookNoPart, Effect::Tell),
    edge(Deed::UpholdAppeal, one(Node::Appealed), To::Back, OFFICERS, Guard::TookNoPart, Effect::Reopen),
    edge(Deed::ProposeReopening, one(Node::Refused), To::Same, OFFICERS, Guard::Free, Effect::Tell),
    edge(Deed::DropReopening, one(Node::Refused), To::Same, OFFICERS, Guard::Free, Effect::Nothing),
    edge(Deed::Reopen, one(Node::Refused), To::Back, OFFICERS, Guard::Second, Effect::Reopen),
];

/// What the guards look at; the verb that takes a way knows what of it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// The clock stands still for an answer.
    pub is_asked: bool,
    /// A question waits, or its time ran out.
    pub can_answer: bool,
    /// Why this person has to keep out of it, if they have to: own company, conflict, own review.
    pub bench: Result<(), Problem>,
    /// As `bench`, for the first signature, the appeal or the second person.
    pub part: Result<(), Problem>,
    pub is_own_site: bool,
    pub is_awarded: bool,
    pub is_overdue: bool,
}

impl Default for Circumstances {
    fn default() -> Self {
        Self {
            is_asked: false,
            can_answer: false,
            bench: Ok(()),
            part: Ok(()),
            is_own_site: true,
            is_awarded: false,
            is_overdue: false,
        }
    }
}

impl Guard {
    fn check(self, seen: &Circumstances) -> Result<(), Problem> {
        let not_asked = if seen.is_asked { Err(Problem::AnswerAwaited) } else { Ok(()) };
        match self {
            Self::Nothing => Ok(()),
            Self::Free => seen.bench.and(not_asked),
            Self::NotAsked => not_asked,
            Self::Asked if seen.can_answer => Ok(()),
            Self::Asked => Err(Problem::AlreadyDone),
            Self::OwnSite if seen.is_own_site => not_asked,
            Self::OwnSite => Err(Problem::NotThisStep),
            Self::NotAwarded if seen.is_awarded => Err(Problem::Awarded),
            Self::InTime if seen.is_overdue => Err(Problem::DeadlinePassed),
            Self::Overdue if !seen.is_overdue => Err(Problem::TooSoon),
            Self::NotAwarded | Self::InTime | Self::Overdue => Ok(()),
            Self::Second | Self::TookNoPart => seen.part.and(seen.bench),
        }
    }
}

/// The way that this deed takes from here, if this group may take it and its guard holds. `NotThisStep` while another
/// step goes on, `AlreadyDone` where there is no such way any more.
pub fn take(deed: Deed, here: Node, group: Group, seen: &Circumstances) -> Result<&'static Edge, Problem> {
    let found = EDGES.iter().find(|edge| edge.deed == deed && edge.from.holds(here) && edge.groups.contains(&group));
    match found {
        Some(edge) => edge.guard.check(seen).map(|()| edge),
        None => Err(missing(deed, here)),
    }
}

/// Whether the way lies ahead or behind.
fn missing(deed: Deed, here: Node) -> Problem {
    let Node::At(now) = here else { return Problem::AlreadyDone };
    let is_ahead = |edge: &&Edge| match edge.from {
        From::One(Node::At(kind)) => kind > now,
        From::FromReviewOn => Kind::ExpertReview > now,
        _ => false,
    };
    match EDGES.iter().filter(|edge| edge.deed == deed).find(is_ahead) {
        Some(_) => Problem::NotThisStep,
        None => Problem::AlreadyDone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(deed: Deed, here: Node, group: Group) -> Result<To, Problem> {
        take(deed, here, group, &Circumstances::default()).map(|edge| edge.to)
    }

    #[test]
    fn only_the_listed_ways_are_open() {
        assert_eq!(may(Deed::Submit, Node::Draft, Applicant), Ok(To::Next));
        assert!(may(Deed::Submit, Node::Draft, Group::Reader).is_err());
        assert_eq!(may(Deed::Approve, Node::At(Kind::Decision), Officer), Ok(To::One(Node::Approved)));
        assert!(may(Deed::Approve, Node::At(Kind::Decision), Reviewer).is_err());
        assert_eq!(may(Deed::Approve, Node::At(Kind::ExpertReview), Officer), Err(Problem::NotThisStep));
        assert_eq!(may(Deed::Admit, Node::At(Kind::Decision), Officer), Err(Problem::AlreadyDone));
        assert_eq!(may(Deed::Approve, Node::Refused, Officer), Err(Problem::AlreadyDone));
        for kind in Kind::ALL {
            assert_eq!(may(Deed::Withdraw, Node::At(kind), Owner), Ok(To::One(Node::Withdrawn)), "{kind:?}");
            for other in Kind::ALL {
                assert_eq!(at(kind).holds(Node::At(other)), kind == other, "{kind:?} {other:?}");
            }
        }
        assert!(EDGES.iter().all(|edge| !edge.from.holds(Node::Withdrawn)), "nothing leads out of a withdrawal");
    }

    #[test]
    fn the_programme_alone_never_decides_and_only_a_rebuttal_goes_on_by_itself() {
        for edge in EDGES.iter().filter(|edge| edge.groups.contains(&System)) {
            assert_ne!(edge.effect, Effect::Decide, "{edge:?}");
            // What a panel has closed goes on as well: its members did that.
            let goes_on = matches!(edge.deed, Deed::LapseReply | Deed::FinishPanel);
            assert!(edge.to == To::Same || goes_on, "{edge:?}");
        }
    }

    #[test]
    fn nothing_but_an_answer_moves_what_waits_for_one() {
        let asked = Circumstances { is_asked: true, can_answer: true, ..Circumstances::default() };
        for (deed, here, group) in [
            (Deed::Admit, Node::At(Kind::AdministrativeCheck), Officer),
            (Deed::Assess, Node::At(Kind::TechnicalAssessment), Operator),
            (Deed::TakeReview, Node::At(Kind::ExpertReview), Reviewer),
            (Deed::Ask, Node::At(Kind::Decision), Officer),
            (Deed::Refuse, Node::At(Kind::Decision), Officer),
        ] {
            assert_eq!(take(deed, here, group, &asked).err(), Some(Problem::AnswerAwaited), "{deed:?}");
        }
        assert!(take(Deed::Answer, Node::At(Kind::Decision), Applicant, &asked).is_ok());
        assert!(take(Deed::Withdraw, Node::At(Kind::Decision), Applicant, &asked).is_ok());
        assert_eq!(may(Deed::Answer, Node::At(Kind::Decision), Applicant), Err(Problem::AlreadyDone));
    }

    #[test]
    fn guards_look_at_what_they_are_named_for() {
        let with = |change: fn(&mut Circumstances)| {
            let mut seen = Circumstances::default();
            change(&mut seen);
            seen
        };
        let check = |guard: Guard, change: fn(&mut Circumstances)| guard.check(&with(change)).err();
        assert_eq!(check(Guard::Free, |seen| seen.bench = Err(Problem::OwnCompany)), Some(Problem::OwnCompany));
        assert_eq!(check(Guard::OwnSite, |seen| seen.is_own_site = false), Some(Problem::NotThisStep));
        assert_eq!(check(Guard::NotAwarded, |seen| seen.is_awarded = true), Some(Problem::Awarded));
        assert_eq!(check(Guard::InTime, |seen| seen.is_overdue = true), Some(Problem::DeadlinePassed));
        assert_eq!(check(Guard::Overdue, |_| ()), Some(Problem::TooSoon));
        assert_eq!(check(Guard::TookNoPart, |seen| seen.part = Err(Problem::TookPart)), Some(Problem::TookPart));
        assert_eq!(check(Guard::Nothing, |seen| seen.is_overdue = true), None);
    }

    #[test]
    fn every_deed_has_a_way_and_a_code_of_its_own() {
        for deed in Deed::ALL {
            assert!(EDGES.iter().any(|edge| edge.deed == *deed), "{deed:?}");
            assert_eq!(Deed::from_code(deed.code()), Some(*deed));
        }
        for kind in Kind::ALL {
            assert_eq!(Node::of(Node::At(kind).state(), Some(kind), false), Node::At(kind));
        }
        for node in [Node::Draft, Node::Signature, Node::Approved, Node::Refused, Node::Withdrawn] {
            assert_eq!(Node::of(node.state(), None, false), node, "{}", node.code());
        }
        assert_eq!(Node::of(State::Refused, None, true), Node::Appealed);
    }
}
