//! Who may do what: one table, one row an action. Which rows of the database they may do it to is `store::guard`'s.
//!
//! Refuses nuance: a rule that needs the data (not one's own company, not twice) belongs to the noun's own module.

use crate::actor::{Actor, Group};

/// The actor may not take this action where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{action:?} is not for {group:?}")]
pub struct Refusal {
    pub action: Action,
    pub group: Group,
}

/// `READ` actions open a read-only transaction; `WRITE` actions are audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Read,
    Write,
}

use Group::{
    Administrator, Applicant, Billing, Finance, Meter, Officer, Operator, Owner, Reader, Reviewer, SignedIn, System,
};

const ANYONE: &[Group] = &Group::ALL;
const MEMBERS: &[Group] = &[Owner, Applicant, Billing, Reader];
const PEOPLE: &[Group] =
    &[SignedIn, Owner, Applicant, Billing, Reader, Reviewer, Officer, Operator, Finance, Administrator];

macro_rules! actions {
    ($($effect:ident $action:ident $groups:expr;)*) => {
        /// One variant a verb.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($action,)* }

        impl Action {
            pub const ALL: &[Self] = &[$(Self::$action,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$action => stringify!($action),)* }
            }

            pub const fn effect(self) -> Effect {
                match self { $(Self::$action => Effect::$effect,)* }
            }

            /// The groups that may take this action.
            pub const fn groups(self) -> &'static [Group] {
                match self { $(Self::$action => $groups,)* }
            }
        }
    };
}

actions! {
    // accounts
    Write SignUp ANYONE;
    Write ConfirmAddress ANYONE;
    Write SignIn ANYONE;
    Write ResetPassword ANYONE;
    Read ReadAccount PEOPLE;
    Write SignOut PEOPLE;
    Write ChangeAccount PEOPLE;
    Write ChangeStand PEOPLE;
    Write AcceptInvitation PEOPLE;

    // organisations
    Write CreateOrganisation PEOPLE;
    Read ReadOrganisation &[Owner, Applicant, Billing, Reader, Reviewer, Officer, Finance, Administrator, System];
    Write ChangeOrganisation &[Owner];
    Write InviteMember &[Owner];
    Write ChangeMember &[Owner];
    Write LeaveOrganisation MEMBERS;
    Write CheckVat &[Owner, Finance, System];

    // access modes
    Read ReadModes ANYONE;
    Read ReadRules ANYONE;
    Write ChangeRules &[Officer];

    // applications
    Read ReadApplication &[Owner, Applicant, Billing, Reader, Reviewer, Officer, Operator, Finance, System];
    Write WriteApplication &[Owner, Applicant];
    Write SubmitApplication &[Owner, Applicant];
    Write WithdrawApplication &[Owner, Applicant];

    // calls
    Read ReadCalls ANYONE;
    Read ReadCallDrafts &[Officer, System];
    Write WriteCall &[Officer, System];
    Write PublishCall &[Officer, System];
    Write CloseCall &[Officer, System];
    Write AttachFile &[Owner, Applicant];
    Read ReadAttachment &[Owner, Applicant, Billing, Reader, Reviewer, Officer];

    // reviews and decisions
    Read ReadReviewQueue &[Reviewer, Officer];
    Write ReviewApplication &[Reviewer];
    Write DeclareConflict &[Reviewer, Officer, Operator];
    Write DecideApplication &[Officer];
    Write CountersignDecision &[Officer];
    Read ReadDossier &[Officer, Administrator, System];

    // panels, award lists, lots
    Read ReadPanels &[Reviewer, Officer];
    Write ArrangePanel &[Officer];
    Write ConductPanel &[Reviewer, Officer];
    Write RankInPanel &[Reviewer, Officer];
    Read ReadAwardList &[Officer, System];
    Write FixAwardList &[Officer];
    Read ReadLots ANYONE;
    Write CommitLot &[Officer];
    Write RevealLot &[Officer];

    // reviewers and conflicts of interest
    Read ReadReviewer &[Reviewer, Officer];
    Write ChangeReviewer &[Reviewer];
    Write ChangeInterests &[Reviewer, Officer];
    Write AcceptTerms &[Reviewer];
    Read ReadReviewers &[Officer, System];
    Write InviteReviewer &[Officer];
    Write AnswerReviewing ANYONE;
    Write ChangeReviewScope &[Officer];
    Read ReadConflicts &[Officer];
    Write RecordConflict &[Officer];
    Write AskWaiver &[Officer];
    Write DecideWaiver &[Officer];
    Write DetectConflicts &[System];
    Read ReadParties &[Owner, Applicant];
    Write NameParty &[Owner, Applicant];
    Read ReadBids &[Reviewer];
    Write PlaceBid &[Reviewer];
    Read ReadScores &[Officer];
    Write GiveReview &[Officer];

    // reviews given out
    Read ReadAssignment &[Officer, System];
    Write ProposeAssignment &[Officer];
    Write CommitAssignment &[Officer];
    Read ReadAssigned &[Reviewer];
    Write AnswerAssignment &[Reviewer];
    Write SubstituteReview &[System];

    // the workflow between submission and award
    Write CheckAdmission &[Officer];
    Read ReadAssessments &[Operator];
    Write AssessApplication &[Operator];
    Write FinishStep &[Officer];
    Write AskQuestion &[Officer, Operator];
    Write SuggestQuestion &[Reviewer];
    Write AnswerQuestion &[Owner, Applicant];
    Write ReplyToReviews &[Owner, Applicant];
    Write FileAppeal &[Owner, Applicant];
    Write JudgeAppeal &[Officer];
    Write ReopenApplication &[Officer];
    Read ReadDeadlines &[System];
    Write WatchDeadlines &[System];

    // capacity, matching, offers
    Read ReadCapacity ANYONE;
    Write PublishCapacity &[Operator];
    Read ReadMatching &[Officer, Operator, System];
    Write RunMatching &[Officer, System];
    Read ReadRuns &[Officer, System];
    Write StartRun &[Officer];
    Write SolveRun &[System];
    Write PublishRun &[Officer];
    Write AnswerOffer &[Owner, Applicant];
    Write ExpireOffers &[System];
    Write ChangeSiteToken &[Operator];

    // allocations and use
    Read ReadAllocation &[Owner, Applicant, Billing, Reader, Officer, Operator, Finance, System];
    Write ConfirmAllocation &[Operator];
    Write RefuseAllocation &[Operator];
    Write EndAllocation &[System];
    Write RecordReadings &[Meter];
    Read ReadActions &[Owner, Applicant, Billing, Reader, Officer, System];
    Write AskAction &[Owner, Applicant];
    Write WithdrawAction &[Owner, Applicant];
    Write DecideAction &[Officer];
    Write WriteReport &[Owner, Applicant];
    Write DecideReport &[Officer];
    Write RemindReports &[System];
    Write PostUsage &[System];

    // State aid
    Read ReadOwnAid MEMBERS;
    Write DeclareAid &[Owner, Applicant];
    Read ReadAid &[Officer, Finance];
    Write RecordAidTransfer &[Officer];
    Read ReadAidRegister &[Officer, Finance];
    Write PublishAid &[Officer, Finance];

    // invoices and payments
    Read ReadInvoice &[Owner, Applicant, Billing, Reader, Finance, System];
    Write CloseMonth &[Finance, System];
    Write StartPayment &[Owner, Billing];
    Write StorePaymentEvent &[System];
    Write ApplyPaymentEvent &[System];
    Write RefundPayment &[Finance];

    // the books
    Read ReadBooks &[Finance, System];
    Read ReadDueDocuments &[Finance, System];
    Write PostBooks &[System];
    Write CloseBooks &[Finance];
    Read ReadPots &[Officer, Finance, System];
    Write MovePot &[Officer, Finance];

    // quotas
    Read ReadQuotas &[Officer, Finance, System];
    Read ReadProjects MEMBERS;
    Write OpenProject &[Owner];
    Write ShareQuota &[Owner];
    Write AssignProject &[Owner];
    Read ReadOwnQuotas MEMBERS;
    Write SetQuota &[Officer];

    // exchange rates, credit notes
    Read ReadExchangeRates &[Finance, System];
    Write RecordExchangeRate &[Finance];
    Read ReadCredits &[Finance, System];
    Write AskCredit &[Finance];
    Write DecideCredit &[Finance];
    Write CorrectReadings &[Meter];
    Write RecordDowntime &[Operator];

    // bank statements, reconciliation, reminders
    Read ReadBank &[Finance, System];
    Write ImportStatement &[Finance, System];
    Write MatchEntry &[Finance, System];
    Write IgnoreEntry &[Finance];
    Write UndoMatch &[Finance];
    Write UseCredit &[Finance];
    Write UndoCredit &[Finance];
    Write OrderPayout &[Finance];
    Write SignRefund &[Finance];
    Read ReadReconciliation &[Finance, System];
    Write ReconcileProvider &[System];
    Write ResolveDifference &[Finance];
    Read ReadReminders &[Owner, Applicant, Billing, Reader, Finance, System];
    Write TakeReminder &[System];
    Write HoldReminder &[Finance, System];
    Write WriteOff &[Finance];

    // prices and quotes
    Read ReadPrices ANYONE;
    Write RecordObservation &[Finance];
    Write TakeBackObservation &[Finance];
    Write AskListPrice &[Finance];
    Write SignListPrice &[Finance];
    Write AskPricePolicy &[Finance];
    Write SignPricePolicy &[Finance];
    Read ReadQuotes &[Owner, Applicant, Billing, Reader, System];
    Write AskQuote &[Owner, Applicant];

    // mails, jobs, people
    Read ReadMails &[Finance, Administrator, System];
    Write SendMail &[System];
    Write ResendMail &[Finance, Administrator];
    Read ReadJobs &[Administrator, System];
    Write RunJobs &[System];
    Write RetryJob &[Administrator];
    Read ReadPeople &[Administrator];
    Write ChangeRoles &[Administrator, System];
    Read ReadAudit &[Administrator];

    // the public
    Read ReadPublic ANYONE;
    Write Seed &[System];
}

/// Whether the actor may take the action where they stand.
pub fn allows(actor: &Actor, action: Action) -> Result<(), Refusal> {
    let group = actor.group();
    if action.groups().contains(&group) { Ok(()) } else { Err(Refusal { action, group }) }
}

/// Members of any seat: for pages that show an organisation to its own people.
pub const fn members() -> &'static [Group] {
    MEMBERS
}

/// The table as text, one row an action, for the reviewed snapshot.
pub fn table() -> String {
    let mut out = String::new();
    for action in Action::ALL {
        let groups: Vec<&str> = action.groups().iter().map(|group| group.code()).collect();
        let effect = match action.effect() {
            Effect::Read => "read ",
            Effect::Write => "write",
        };
        out.push_str(&format!("{effect} {:<22} {}\n", action.name(), groups.join(" ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_only_reach_what_is_for_anyone() {
        for action in Action::ALL {
            let open = action.groups().len() == Group::ALL.len();
            assert_eq!(allows(&Actor::VISITOR, *action).is_ok(), open, "{action:?}");
        }
    }

    #[test]
    fn the_table_is_the_reviewed_one() {
        insta::assert_snapshot!(table());
    }
}
