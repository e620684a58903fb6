//! One set of migrations for SQLite and PostgreSQL: forward only, portable builder calls, invariants as constraints.
//!
//! Refuses to depend on the entities: a migration must mean the same after they have moved on.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod columns;
mod m20261123_000001_core;
mod m20261123_000010_organisation;
mod m20261123_000020_application;
mod m20261123_000021_mode;
mod m20261123_000030_review;
mod m20261123_000040_capacity;
mod m20261123_000050_invoice;
mod m20261123_000060_run;
mod m20261123_000070_run_stop;
mod m20261124_000080_run_ties;
mod m20261124_000090_rules;
mod m20261128_000095_slots;
mod m20261128_000110_call;
mod m20261128_000120_reviewer;
mod m20261128_000121_conflict;
mod m20261128_000130_assignment;
mod m20261128_000140_panel;
mod m20261128_000150_action;
mod m20261128_000160_workflow;
mod m20261128_000170_lot_call;
mod m20261128_000180_lot_code;
mod m20261128_000200_aid;
mod m20261128_000210_bank;
mod m20261128_000220_book;
mod m20261128_000230_pot;
mod m20261128_000240_credit_note;
mod m20261128_000250_price;
mod m20261128_000255_project;
mod m20261128_000260_quota;
mod m20261128_000280_award_list;
mod m20261128_000310_credit_cause;
mod m20261128_000320_claim;
mod m20261128_000330_over;
mod m20261128_000340_provider_payout;
mod m20261128_000350_funder;
mod m20261128_000360_policy_request;
mod m20261129_000370_payout_name;

/// Every migration in order. A noun's tables are in the file named after it.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_core::Migration),
            Box::new(m20261123_000010_organisation::Migration),
            Box::new(m20261123_000020_application::Migration),
            Box::new(m20261123_000021_mode::Migration),
            Box::new(m20261123_000030_review::Migration),
            Box::new(m20261123_000040_capacity::Migration),
            Box::new(m20261123_000050_invoice::Migration),
            Box::new(m20261123_000060_run::Migration),
            Box::new(m20261123_000070_run_stop::Migration),
            Box::new(m20261124_000080_run_ties::Migration),
            Box::new(m20261124_000090_rules::Migration),
            Box::new(m20261128_000095_slots::Migration),
            Box::new(m20261128_000150_action::Migration),
            Box::new(m20261128_000140_panel::Migration),
            Box::new(m20261128_000120_reviewer::Migration),
            Box::new(m20261128_000121_conflict::Migration),
            Box::new(m20261128_000130_assignment::Migration),
            Box::new(m20261128_000110_call::Migration),
            Box::new(m20261128_000160_workflow::Migration),
            Box::new(m20261128_000170_lot_call::Migration),
            Box::new(m20261128_000180_lot_code::Migration),
            Box::new(m20261128_000220_book::Migration),
            Box::new(m20261128_000230_pot::Migration),
            Box::new(m20261128_000240_credit_note::Migration),
            Box::new(m20261128_000200_aid::Migration),
            Box::new(m20261128_000210_bank::Migration),
            Box::new(m20261128_000280_award_list::Migration),
            Box::new(m20261128_000250_price::Migration),
            Box::new(m20261128_000255_project::Migration),
            Box::new(m20261128_000260_quota::Migration),
            Box::new(m20261128_000310_credit_cause::Migration),
            Box::new(m20261128_000320_claim::Migration),
            Box::new(m20261128_000330_over::Migration),
            Box::new(m20261128_000340_provider_payout::Migration),
            Box::new(m20261128_000350_funder::Migration),
            Box::new(m20261128_000360_policy_request::Migration),
            Box::new(m20261129_000370_payout_name::Migration),
        ]
    }
}
