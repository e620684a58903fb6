//! The officer's board: applications a page at a time, and how many there are of each kind.

use std::collections::HashMap;

use domain::{application::State, id::ApplicationId, policy::Action, scope::Scope, workflow::Kind};

use crate::{
    desk::Desk,
    error::{Error, Result},
    reviewers::{self, ScopeName},
    reviews::{Case, cases},
    store::{self, board::Order, entity::application},
};

const PAGE: usize = 25;

fn open() -> impl Iterator<Item = State> {
    State::ALL.into_iter().filter(|state| state.is_open())
}

/// Which applications a board shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BoardKind {
    /// Nothing decided is in force yet.
    #[default]
    Open,
    /// Reviewed, so that an officer can decide.
    ToDecide,
    ToSign,
    Submitted,
    InReview,
    /// The clock stands still: the applicant was asked something.
    Asked,
    Approved,
    Refused,
    All,
}

impl BoardKind {
    pub const ALL: [Self; 9] = [
        Self::Open,
        Self::ToDecide,
        Self::ToSign,
        Self::Asked,
        Self::Submitted,
        Self::InReview,
        Self::Approved,
        Self::Refused,
        Self::All,
    ];

    /// As in the board's address; the open ones need none.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::ToDecide => "to_decide",
            Self::ToSign => "awaiting_signature",
            Self::Submitted => "submitted",
            Self::InReview => "in_review",
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::All => "all",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.code() == code)
    }

    fn states(self) -> Vec<State> {
        match self {
            Self::Open | Self::Asked => open().collect(),
            Self::ToDecide | Self::InReview => vec![State::InReview],
            Self::ToSign => vec![State::AwaitingSignature],
            Self::Submitted => vec![State::Submitted],
            Self::Approved => vec![State::Approved],
            Self::Refused => vec![State::Refused],
            Self::All => open().chain([State::Approved, State::Refused]).collect(),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct BoardQuery {
    pub which: BoardKind,
    /// Only those of this call, or of this mode under none.
    pub scope: Option<Scope>,
    /// Only those in this step.
    pub step: Option<Kind>,
    /// In the reference or the organisation's name; empty is any.
    pub text: String,
    /// The last of the page before.
    pub after: Option<ApplicationId>,
}

/// A page of the board.
#[derive(Debug, Clone)]
pub struct Board {
    pub cases: Vec<Case>,
    /// After which the next page begins, if there is one.
    pub next: Option<ApplicationId>,
    /// Of the scope, if one was asked for.
    pub counts: HashMap<State, i64>,
    /// Past the deadline of the step that goes on.
    pub late: i64,
    /// Every scope there is to choose.
    pub scopes: Vec<ScopeName>,
}

impl Board {
    pub fn count(&self, state: State) -> i64 {
        self.counts.get(&state).copied().unwrap_or_default()
    }

    pub fn open(&self) -> i64 {
        open().map(|state| self.count(state)).sum()
    }
}

impl Desk {
    /// A page of the applications this officer may see, and how many there are of each kind: what is open by its clock,
    /// so that the late come first, what is decided in order of arrival. What a conflict hides is in no page and no
    /// count.
    pub async fn board(&self, query: &BoardQuery) -> Result<Board> {
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let after = match query.after {
            // Gone from sight meanwhile, by a conflict: the list begins anew.
            Some(id) => match tx.find::<application::Entity>(id).await {
                Err(Error::NotFound) => None,
                found => Some(found?),
            },
            None => None,
        };
        let states = query.which.states();
        let is_to_decide = query.which == BoardKind::ToDecide;
        let has_clock = states.iter().all(|state| state.is_open());
        let wanted = store::board::Wanted {
            states: &states,
            scope: query.scope,
            step: query.step.or(is_to_decide.then_some(Kind::Decision)),
            is_asked: query.which == BoardKind::Asked,
            order: if has_clock { Order::Clock } else { Order::Arrival },
            text: &query.text,
            after: after.as_ref(),
            limit: PAGE + 1,
        };
        let mut rows = store::board::page(&tx, &wanted).await?;
        let is_more = rows.len() > PAGE;
        if is_more {
            rows.pop();
        }
        let counts = store::board::counts(&tx, query.scope).await?;
        let late = store::step::late(&tx, query.scope).await?;
        let next = rows.last().filter(|_| is_more).map(|row| row.id);
        let scopes = reviewers::every_scope(&tx).await?;
        Ok(Board { cases: cases(&tx, &rows).await?, next, counts, late, scopes })
    }

    /// Where an officer acts before the decision: a check, a site to choose, a panel to close. The most urgent.
    pub async fn officer_turns(&self) -> Result<Vec<Case>> {
        let tx = self.begin(Action::ReadReviewQueue).await?;
        let rows = store::step::for_officers(&tx, 50).await?;
        cases(&tx, &rows).await
    }
}
