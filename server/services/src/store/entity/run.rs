//! A run of the matching engine, with its files as text.

use domain::{
    id::{PersonId, RunId},
    run::State,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matching_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RunId,
    pub made_by: PersonId,
    pub made_at: DateTimeUtc,
    /// JSON of `domain::run::Rules`.
    pub rules: String,
    /// JSON: which applications, pools and weeks the numbers of the files mean.
    pub frame: String,
    pub instance: String,
    /// JSON of `runs::Tied`: what it respects of an earlier run, if anything.
    pub ties: Option<String>,
    /// JSON of `domain::run::Point`s.
    pub progress: String,
    pub solution: Option<String>,
    pub explanations: Option<String>,
    pub value: Option<i64>,
    pub bound: Option<i64>,
    pub requests: i32,
    pub awarded: i32,
    /// Whole GPU-hours awarded.
    pub hours: i64,
    pub state: State,
    /// Whether an officer wants the best plan so far.
    pub stop_asked: bool,
    pub published_by: Option<PersonId>,
    pub published_at: Option<DateTimeUtc>,
    /// JSON of `domain::run::Published`, once its offers are made.
    pub published: Option<String>,
    /// JSON of `runs::Scarcity`s, since it was signed.
    pub scarcity: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
