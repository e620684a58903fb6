//! A PDF that came with an answer to a question of a call.

use domain::id::{ApplicationId, AttachmentId, PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    pub application_id: ApplicationId,
    pub question: String,
    pub name: String,
    pub content: Vec<u8>,
    pub bytes: i64,
    /// Of the content, in hexadecimal.
    pub sha256: String,
    pub sent_by: Option<PersonId>,
    pub sent_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
