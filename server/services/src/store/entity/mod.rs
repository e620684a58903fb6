//! The tables as sea-orm entities, one file a table. The migration's constraints carry the invariants.

pub mod account;
pub mod allocation;
pub mod audit;
pub mod capacity;
pub mod counter;
pub mod entry;
pub mod event;
pub mod fiscal_year;
pub mod invitation;
pub mod job;
pub mod mail;
pub mod organisation;
pub mod owner;
pub mod person;
pub mod posting;
pub mod reading;
pub mod refused_reading;
pub mod role;
pub mod seat;
pub mod session;
pub mod site;
pub mod token;
pub mod vat_check;
pub mod warning;
