//! A sitting of a panel; its minutes are frozen when it closes.

use domain::{
    id::{PanelId, PersonId},
    panel::State,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelId,
    pub name: String,
    /// Code of the access mode whose applications it takes; `None` for applications chosen one by one.
    pub mode: Option<String>,
    pub held_on: Date,
    pub state: State,
    pub made_by: PersonId,
    pub made_at: DateTimeUtc,
    pub opened_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    /// JSON of [`domain::panel::Minutes`], once closed.
    pub minutes: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
