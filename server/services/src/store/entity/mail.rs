//! Every mail ever queued, with its state: queued in the transaction of its cause, sent by a job.

use domain::id::{MailId, PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    pub kind: String,
    pub address: String,
    pub person_id: Option<PersonId>,
    pub locale: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub attachment_name: Option<String>,
    pub attachment: Option<Vec<u8>>,
    /// Fixed, so that a mail sent twice by a crash is one mail to its reader.
    pub message_id: String,
    pub state: State,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub queued_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    #[sea_orm(string_value = "queued")]
    Queued,
    #[sea_orm(string_value = "sent")]
    Sent,
    #[sea_orm(string_value = "failed")]
    Failed,
}

/// Kinds that carry a link by which somebody proves who they are.
pub const SECRET_KINDS: [&str; 6] =
    ["confirm_address", "reset_password", "change_address", "leave_address", "invitation", "reviewer_invited"];
