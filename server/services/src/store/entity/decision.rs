//! The decision on one application, with its reasons and its signatures.

use domain::{
    award::Amounts,
    gpu::GpuTime,
    id::{ApplicationId, AwardListId, PersonId},
    review::Outcome,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: ApplicationId,
    pub outcome: Outcome,
    /// GPU-seconds.
    pub granted: GpuTime,
    pub reasons: String,
    pub decided_by: PersonId,
    pub decided_at: DateTimeUtc,
    pub needs_second: bool,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<DateTimeUtc>,
    /// JSON of [`domain::award::Amounts`], one a resource.
    pub amounts: Option<String>,
    /// JSON: sentences.
    pub conditions: Option<String>,
    /// As the officer wrote them, where that was not the applicant's language.
    pub reasons_original: Option<String>,
    /// Code of the language of `reasons`: the applicant's.
    pub language: Option<String>,
    /// The award list with it that was fixed last when it was decided.
    pub award_list_id: Option<AwardListId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The conditions of the award; none in decisions from before there were any.
    pub fn each_condition(&self) -> Vec<String> {
        self.conditions.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// Each resource, with what was asked for, recommended and awarded.
    pub fn each_amount(&self) -> Vec<Amounts> {
        self.amounts.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}
