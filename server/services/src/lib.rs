//! The verbs of Gigahours, the only SQL, the jobs and the outside world.
//!
//! Refuses to know about HTTP and pages. Everything starts at a [`Desk`]: who acts, and when.

mod accounts;
mod actions;
mod admin;
mod aid;
mod allocations;
mod appeals;
mod applications;
mod assignments;
mod award_list;
mod bank;
mod bids;
mod board;
mod books;
mod calibration;
mod calls;
mod capacity;
mod conflicts;
mod credit_notes;
mod decisions;
mod desk;
pub mod dossier;
mod dunning;
mod error;
mod exchange_rates;
pub mod gateways;
mod invoices;
pub mod jobs;
mod lots;
mod mails;
mod matching;
mod modes;
mod organisations;
mod panels;
mod payments;
mod pots;
mod prices;
mod pricing;
mod projects;
mod public;
mod questions;
mod quotas;
mod quotes;
mod reconciliations;
mod reports;
mod reviewers;
mod reviews;
mod rules;
mod runs;
pub mod seed;
mod sites;
mod statistics;
mod steps;
pub mod store;
mod usage;
mod write_offs;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::actor::Actor;

pub use self::matching::{Approved, Matched, MatchingBoard, WaitingRow};
pub use accounts::{Credentials, SignUp, Standing};
pub use actions::{ActionCase, ActionForm, ActionListed, AfterAward, Asked, Possible, Preview, PriceChange, Wanted};
pub use admin::{AuditPage, AuditQuery, PersonEntry};
pub use aid::{
    AidCase, AidListed, AidMember, AidOfState, AidRead, Bar, DeclarationRead, Published, RegisterBook, RegisterLine,
    declaration_text,
};
pub use allocations::{Allocation, AllocationView, Offer, Other};
pub use appeals::AppealListed;
pub use applications::{ApplicationListed, ApplicationRead, Awaited, DraftIssue};
pub use assignments::{
    Asked as AskedReview, AskedRead, AssignmentRead, Item as AssignmentItem, Lacking, Load as ReviewerLoad, NextBest,
    Outcome as AssignmentOutcome, Summary,
};
pub use award_list::{AwardLine, AwardList, Decided, Fixed, FixedName, Judged, ListPlace, budget};
pub use bank::{
    Candidate, CreditRead, CreditUse, CreditsRead, EntryFilter, EntryListed, EntryRead, Imported, MatchRead,
    PayoutForm, STATEMENT_BYTES_MAX, StatementListed,
};
pub use bids::{BidLine, BidPage};
pub use board::{Board, BoardKind, BoardQuery};
pub use books::{
    BookExport, BookFilter, Finding, JournalEntry, JournalLine, NextClosing, Obstacle, TaxFigures, TrialBalance,
    Turnover,
};
pub use calibration::{ScoreBoard, ScoreLine};
pub use calls::{
    CallRead, TermsOf, Under,
    answers::{CallAnswers, FILE_BYTES_MAX},
    eligibility::EligibilityRead,
    office::{CallDraft, CallLine, CallSource, CallVersion, QuestionDeed},
};
pub use capacity::CapacityBoard;
pub use conflicts::{Bencher, ConflictBoard, ConflictCount, ConflictRead, Declared, WaiverRead};
pub use credit_notes::{CreditCase, CreditDone, TypedCredit};
pub use decisions::{DecisionCase, HandedIn, PanelAdvice};
pub use desk::Desk;
pub use documents::Form as DocumentForm;
pub use dunning::{AgeingLine, HoldForm, ReminderCase, ReminderRead};
pub use error::{Error, OnUnique, Result, anyhow};
pub use exchange_rates::TypedRate;
pub use invoices::{Closing, DueDocument, InvoiceFilter, InvoiceListed, InvoiceRead, supplier};
pub use lots::{Lot, TypedLot, place_in};
pub use modes::ModeRead;
pub use organisations::{Invited, Member, Membership, OrganisationFacts, Ownership};
pub use panels::{AgendaWaiting, Floor, MinutesRead, PanelCase, PanelLine, PanelListed, PanelMember, PanelRead};
pub use payments::{PaymentListed, Stored};
pub use pots::{PotRead, Pots};
pub use prices::{ModelPrice, PriceBook};
pub use pricing::PriceTerms;
pub use projects::{ProjectRead, Projects};
pub use public::{Award, Estimate, Figures, Health, Wish};
pub use questions::QuestionCase;
pub use quotas::{QuotaRead, Quotas};
pub use quotes::{Basis, QuoteAsk, QuoteRead, Quoted};
pub use reconciliations::Reconciliations;
pub use reports::{ReportListed, ReportRead};
pub use reviewers::{InvitedReviewer, ReviewerLine, ReviewerRead, ScopeName, ScopeRead, TermsRead, terms_text};
pub use reviews::{Case, Queue, ReviewCase};
pub use rules::RulesVersion;
pub use runs::{Demand, RunFiles, RunLine, RunOutcome, RunPool, RunRead, RunReason, RunSaid, RunWeek, Scarcity};
pub use sites::{MeterToken, NewSite, Site};
pub use steps::{AssessmentCase, Course, CourseCase, ReplyCase, StepClock};
pub use store::{call::Attached, public::AwardFilter, rows, run::RunListed, usage::JobUse};
pub use usage::{Feed, SentCorrection, SentReading, TypedDowntime};

use crate::{
    gateways::{Gateways, clock::Clock, password::Passwords},
    store::Database,
};

/// What differs between a deployment, a test and the demo world.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address people reach us at, without a trailing slash: for links in mails and returns from the payment page.
    pub public_url: String,
    /// The demo world: fictional data, mails shown on a page, loopback only.
    pub demo: bool,
}

/// Everything a verb may need; cheap to clone.
#[derive(Clone)]
pub struct Services {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    gateways: Gateways,
    settings: Settings,
}

impl Services {
    pub fn new(database: Database, gateways: Gateways, settings: Settings) -> Self {
        Self { inner: Arc::new(Inner { database, gateways, settings }) }
    }

    /// A desk for this actor; its `now` is fixed for as long as it stands.
    pub fn desk(&self, actor: Actor) -> Desk {
        Desk::new(self.clone(), actor, self.now())
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.inner.gateways.clock.now()
    }

    pub fn clock(&self) -> &Clock {
        &self.inner.gateways.clock
    }

    pub fn gateways(&self) -> &Gateways {
        &self.inner.gateways
    }

    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// For migrations, health and sessions; verbs go through a desk.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    pub fn passwords(&self) -> &Passwords {
        &self.inner.gateways.passwords
    }
}
