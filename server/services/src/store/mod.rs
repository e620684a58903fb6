//! The only SQL. A connection is opened in `tx.rs` and nowhere else; entities do not leave this module, rows do.

pub(crate) mod entity;
pub(crate) mod guard;
pub mod session;
mod tx;

pub(crate) mod account;
pub(crate) mod action;
pub(crate) mod admin;
pub(crate) mod aid;
pub(crate) mod allocation;
pub(crate) mod appeal;
pub(crate) mod application;
pub(crate) mod assignment;
pub(crate) mod award_list;
pub(crate) mod bank;
pub(crate) mod bid;
pub(crate) mod board;
pub mod book;
pub(crate) mod call;
pub(crate) mod capacity;
pub(crate) mod conflict;
mod counter;
pub(crate) mod credit;
pub(crate) mod credit_note;
pub(crate) mod dossier;
pub(crate) mod dunning;
pub(crate) mod exchange_rate;
pub(crate) mod funder_share;
pub(crate) mod invoice;
pub(crate) mod job;
pub(crate) mod ledger;
pub(crate) mod lot;
pub(crate) mod mail;
pub(crate) mod matching;
pub(crate) mod mode;
pub(crate) mod organisation;
pub(crate) mod panel;
pub(crate) mod payment;
pub(crate) mod pot;
pub(crate) mod price;
pub(crate) mod project;
pub(crate) mod public;
pub(crate) mod question;
pub(crate) mod quota;
pub(crate) mod quote;
pub(crate) mod reconciliation;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod reviewer;
pub(crate) mod rules;
pub mod run;
pub(crate) mod scope;
pub(crate) mod search;
pub(crate) mod seed;
pub(crate) mod statistics;
pub(crate) mod step;
pub(crate) mod usage;

use std::{sync::Arc, time::Duration};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, DatabaseConnection, DbBackend,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::Mutex;

pub use tx::Subject;
pub(crate) use tx::{Letter, Tx};

use crate::error::Result;

/// Plain rows for pages: data without a way back to the database.
pub mod rows {
    pub use super::entity::{
        absence::Model as AbsenceRow,
        action::Model as ActionRow,
        aid_declaration::Model as AidDeclarationRow,
        aid_entry::Model as AidEntryRow,
        aid_grant::Model as AidGrantRow,
        aid_test::Model as AidTestRow,
        aid_transfer::Model as AidTransferRow,
        allocation::Model as AllocationRow,
        appeal::Model as AppealRow,
        application::Model as ApplicationRow,
        assessment::Model as AssessmentRow,
        assignment::Model as AssignmentRow,
        assignment_hand::Model as AssignmentHandRow,
        assignment_proposal::Model as AssignmentProposalRow,
        audit::Model as AuditRow,
        bank_entry::Model as BankEntryRow,
        bank_match::Model as BankMatchRow,
        bank_statement::Model as BankStatementRow,
        book_account::Model as BookAccountRow,
        book_entry::Model as BookEntryRow,
        book_month::Model as BookMonthRow,
        call::Model as CallRow,
        capacity::Model as CapacityRow,
        conflict::Model as ConflictRow,
        credit::Model as CreditRow,
        credit_note::Model as CreditNoteRow,
        credit_request::Model as CreditRequestRow,
        decision::Model as DecisionRow,
        difference::Model as DifferenceRow,
        dispute::Model as DisputeRow,
        downtime::Model as DowntimeRow,
        eligibility_check::Model as EligibilityCheckRow,
        event::Model as EventRow,
        fiscal_year::Model as FiscalYearRow,
        funder_share::Model as FunderShareRow,
        interest::Model as InterestRow,
        invitation::Model as InvitationRow,
        invoice::Model as InvoiceRow,
        invoice_hold::{Cause as HoldCause, Model as InvoiceHoldRow},
        job::Model as JobRow,
        list_price::Model as ListPriceRow,
        mail::{Model as MailRow, State as MailState},
        named_party::Model as NamedPartyRow,
        organisation::Model as OrganisationRow,
        owner::Model as OwnerRow,
        panel::Model as PanelRow,
        panel_item::Model as PanelItemRow,
        payment::Model as PaymentRow,
        payment_event::{Model as PaymentEventRow, Outcome as PaymentEventOutcome},
        payout::Model as PayoutRow,
        person::Model as PersonRow,
        policy_request::Model as PolicyRequestRow,
        pot::Model as PotRow,
        pot_movement::Model as PotMovementRow,
        price_observation::Model as PriceObservationRow,
        project::Model as ProjectRow,
        provider_payout::Model as ProviderPayoutRow,
        question::Model as QuestionRow,
        quota::Model as QuotaRow,
        quote::Model as QuoteRow,
        reading::Model as ReadingRow,
        rebuttal::Model as RebuttalRow,
        reconciliation::Model as ReconciliationRow,
        refund::{Model as RefundRow, State as RefundState},
        refused_reading::Model as RefusedReadingRow,
        reminder::Model as ReminderRow,
        reminder_hold::Model as ReminderHoldRow,
        reopening::Model as ReopeningRow,
        report::Model as ReportRow,
        review::Model as ReviewRow,
        reviewer_invitation::Model as ReviewerInvitationRow,
        role::Model as RoleRow,
        run::Model as RunRow,
        seat::Model as SeatRow,
        step::Model as StepRow,
        transition::Model as TransitionRow,
        vat_check::Model as VatCheckRow,
        waiver::Model as WaiverRow,
        write_off::{Model as WriteOffRow, State as WriteOffState},
    };
}

/// A pool of connections to SQLite or PostgreSQL.
#[derive(Clone)]
pub struct Database {
    connection: DatabaseConnection,
    /// SQLite has one writer: waiting here is fair, waiting for its lock is not.
    writer: Option<Arc<Mutex<()>>>,
}

/// What a commit outlives on SQLite. PostgreSQL has its own setting, and begins with the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A power cut.
    PowerCut,
    /// The end of the process: for what is thrown away, such as a test's database.
    Process,
}

impl Database {
    /// Opens `sqlite://path?mode=rwc` or `postgres://…`.
    pub async fn connect(url: &str, durability: Durability) -> Result<Self> {
        let synchronous = match durability {
            Durability::PowerCut => SqliteSynchronous::Full,
            Durability::Process => SqliteSynchronous::Normal,
        };
        let mut options = ConnectOptions::new(url.to_owned());
        options.sqlx_logging(false).acquire_timeout(Duration::from_secs(10)).map_sqlx_sqlite_opts(move |options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
        });
        if url.starts_with("sqlite") {
            options.max_connections(8);
        } else {
            options.max_connections(24);
        }
        let connection = sea_orm::Database::connect(options).await?;
        let writer = (connection.get_database_backend() == DbBackend::Sqlite).then(|| Arc::new(Mutex::new(())));
        Ok(Self { connection, writer })
    }

    pub async fn migrate(&self) -> Result<()> {
        Migrator::up(&self.connection, None).await?;
        Ok(())
    }

    /// Reachable, and every migration applied.
    pub async fn is_ready(&self) -> bool {
        self.connection.ping().await.is_ok()
            && Migrator::get_pending_migrations(&self.connection).await.is_ok_and(|pending| pending.is_empty())
    }

    pub async fn close(self) -> Result<()> {
        self.connection.close().await?;
        Ok(())
    }

    pub(in crate::store) const fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }
}

/// For the tests of this crate that look at tables directly.
#[cfg(test)]
pub(crate) const fn reading(tx: &Tx) -> &sea_orm::DatabaseTransaction {
    tx.connection()
}
