//! One line of an entry of the books.

use domain::money::Money;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "book_posting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entry_id: Uuid,
    pub position: i32,
    pub account_id: Uuid,
    /// A debit is above nought.
    pub amount_cents: Money,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::book_entry::Entity", from = "Column::EntryId", to = "super::book_entry::Column::Id")]
    Entry,
    #[sea_orm(
        belongs_to = "super::book_account::Entity",
        from = "Column::AccountId",
        to = "super::book_account::Column::Id"
    )]
    Account,
}

impl ActiveModelBehavior for ActiveModel {}
