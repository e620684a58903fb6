//! An application: the draft as typed, and the quote frozen when it was submitted.

use domain::{
    application::State,
    id::{ApplicationId, CallId, OrganisationId, PersonId, ProjectId},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "application")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApplicationId,
    /// `GH-PG-2026-00042`, given at submission.
    pub reference: Option<String>,
    pub organisation_id: OrganisationId,
    pub author_id: PersonId,
    /// Code of the access mode, and the version of its rules that this was written under.
    pub mode: String,
    pub mode_version: i32,
    pub state: State,
    /// JSON of the draft's flat fields.
    pub draft: String,
    /// JSON of [`domain::pricing::Quote`].
    pub quote: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub submitted_at: Option<DateTimeUtc>,
    pub due_at: Option<DateTimeUtc>,
    pub decided_at: Option<DateTimeUtc>,
    pub version: i32,
    /// The call it is under, if it is under one, and the version of the call: of today while it is a draft, of its
    /// submission from then on.
    pub call_id: Option<CallId>,
    pub call_version: i32,
    /// JSON of [`domain::call::Answers`].
    pub answers: String,
    /// What it draws with in a lot, since it was handed in.
    pub lot_code: Option<String>,
    /// The project of the company that it is of.
    pub project_id: Option<ProjectId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
