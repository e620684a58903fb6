//! Typed identifiers over UUIDs: an application's id cannot be passed where an invoice's is wanted.
//!
//! Does not make ids: version 7 needs a clock and randomness, which live in `services`.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A noun that has ids, with the name used in audit entries and logs.
pub trait Kind: 'static {
    const NAME: &'static str;
}

/// An identifier of one `K`. Shown as the plain UUID.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<K> {
    uuid: Uuid,
    #[serde(skip)]
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }

    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<K> Eq for Id<K> {}
impl<K> Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", K::NAME, self.uuid)
    }
}
impl<K> FromStr for Id<K> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self::from_uuid)
    }
}
impl<K> From<Uuid> for Id<K> {
    fn from(uuid: Uuid) -> Self {
        Self::from_uuid(uuid)
    }
}
impl<K> From<Id<K>> for Uuid {
    fn from(id: Id<K>) -> Self {
        id.uuid
    }
}

macro_rules! kinds {
    ($($kind:ident $id:ident $name:literal;)*) => {$(
        #[derive(Debug)]
        pub enum $kind {}
        impl Kind for $kind {
            const NAME: &'static str = $name;
        }
        pub type $id = Id<$kind>;
    )*};
}

kinds! {
    Person PersonId "person";
    Organisation OrganisationId "organisation";
    Application ApplicationId "application";
    Review ReviewId "review";
    Site SiteId "site";
    Window WindowId "window";
    Allocation AllocationId "allocation";
    Reading ReadingId "reading";
    Invoice InvoiceId "invoice";
    Payment PaymentId "payment";
    Job JobId "job";
    Mail MailId "mail";
    Event EventId "event";
    Run RunId "run";
    Action ActionId "action";
    PotMovement PotMovementId "pot_movement";
    Project ProjectId "project";
    Quota QuotaId "quota";
    Report ReportId "report";
    Panel PanelId "panel";
    PanelItem PanelItemId "panel_item";
    Lot LotId "lot";
    AwardList AwardListId "award_list";
    Proposal ProposalId "proposal";
    Call CallId "call";
    Attachment AttachmentId "attachment";
    Transition TransitionId "transition";
    Question QuestionId "question";
    Appeal AppealId "appeal";
    Reopening ReopeningId "reopening";
    CreditNote CreditNoteId "credit_note";
    CreditRequest CreditRequestId "credit_request";
    BankEntry BankEntryId "bank_entry";
    BankStatement BankStatementId "bank_statement";
    Payout PayoutId "payout";
    Refund RefundId "refund";
    Difference DifferenceId "difference";
    WriteOff WriteOffId "write_off";
    ListPrice ListPriceId "list_price";
    PolicyRequest PolicyRequestId "policy_request";
    Quote QuoteId "quote";
}

#[cfg(feature = "orm")]
mod orm {
    use sea_orm::{
        ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable, Value,
        sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr},
    };
    use uuid::Uuid;

    use super::Id;

    impl<K> From<Id<K>> for Value {
        fn from(id: Id<K>) -> Self {
            Self::from(id.uuid)
        }
    }
    impl<K> TryGetable for Id<K> {
        fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
            Uuid::try_get_by(row, index).map(Self::from_uuid)
        }
    }
    impl<K> ValueType for Id<K> {
        fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
            <Uuid as ValueType>::try_from(value).map(Self::from_uuid)
        }
        fn type_name() -> String {
            "Id".to_owned()
        }
        fn array_type() -> ArrayType {
            <Uuid as ValueType>::array_type()
        }
        fn column_type() -> ColumnType {
            <Uuid as ValueType>::column_type()
        }
    }
    impl<K> Nullable for Id<K> {
        fn null() -> Value {
            <Uuid as Nullable>::null()
        }
    }
    impl<K> TryFromU64 for Id<K> {
        fn try_from_u64(_: u64) -> Result<Self, DbErr> {
            Err(DbErr::ConvertFromU64("Id"))
        }
    }
}
