//! Something that is not the same at the provider and here; open until a person says what it was.

use domain::{
    id::{PaymentId, PersonId},
    money::Money,
    reconciliation::{Kind, Subject},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "difference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reconciliation_id: Uuid,
    pub subject: Subject,
    pub kind: Kind,
    /// The provider's name of it, or ours where it has none.
    pub name: String,
    pub payment_id: Option<PaymentId>,
    pub ours_cents: Option<Money>,
    pub theirs_cents: Option<Money>,
    pub resolved_by: Option<PersonId>,
    pub resolved_at: Option<DateTimeUtc>,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
