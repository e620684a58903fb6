//! The tables as sea-orm entities, one file a table. The migration's constraints carry the invariants.

pub mod audit;
pub mod counter;
pub mod event;
pub mod fiscal_year;
pub mod invitation;
pub mod job;
pub mod mail;
pub mod organisation;
pub mod owner;
pub mod person;
pub mod role;
pub mod seat;
pub mod session;
pub mod token;
pub mod vat_check;
