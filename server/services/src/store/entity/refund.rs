//! Money given back, or on its way back.

use domain::{
    id::{PaymentId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub payment_id: PaymentId,
    pub amount_cents: Money,
    pub reason: String,
    pub state: State,
    pub provider_id: Option<String>,
    /// What the provider said when it refused.
    pub problem: Option<String>,
    pub asked_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
    pub settled_at: Option<DateTimeUtc>,
    /// Above a limit a second person signs before the provider is told.
    pub needs_second: bool,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
}

impl Model {
    pub const fn waits_for_second(&self) -> bool {
        self.needs_second && self.signed_by.is_none() && matches!(self.state, State::Intended)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    /// Decided; the provider may not know it yet.
    #[sea_orm(string_value = "intended")]
    Intended,
    /// On its way.
    #[sea_orm(string_value = "pending")]
    Pending,
    #[sea_orm(string_value = "succeeded")]
    Succeeded,
    #[sea_orm(string_value = "failed")]
    Failed,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}
