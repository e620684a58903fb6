//! A credit that one person of finance asked for and another signs or declines.

use domain::{
    credit_note::{Cause, Part},
    gpu::GpuTime,
    id::{CreditRequestId, InvoiceId, PersonId},
    money::Money,
};
use sea_orm::entity::prelude::*;

use crate::error::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    #[sea_orm(string_value = "waiting")]
    Waiting,
    #[sea_orm(string_value = "signed")]
    Signed,
    #[sea_orm(string_value = "declined")]
    Declined,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreditRequestId,
    pub invoice_id: InvoiceId,
    pub cause: Cause,
    pub reason: String,
    /// JSON: positions of the lines with their GPU-seconds.
    pub parts: String,
    pub total_cents: Money,
    pub state: State,
    pub asked_by: PersonId,
    pub asked_at: DateTimeUtc,
    pub decided_by: Option<PersonId>,
    pub decided_at: Option<DateTimeUtc>,
}

impl Model {
    pub fn parts(&self) -> Result<Vec<Part>> {
        let parts: Vec<(i32, GpuTime)> = serde_json::from_str(&self.parts)?;
        Ok(parts.into_iter().map(|(position, gpu_time)| Part { position, gpu_time }).collect())
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
