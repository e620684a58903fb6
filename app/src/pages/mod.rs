//! One page a file: the form it takes, its POST handler, its view.

pub mod account;
pub mod admin_audit;
pub mod admin_jobs;
pub mod admin_people;
mod application_text;
pub mod board;
pub mod confirm;
pub mod decision;
pub mod forgotten;
pub mod home;
pub mod invitation;
pub mod organisation;
pub mod organisation_members;
pub mod organisation_size;
pub mod preferences;
pub mod problem;
pub mod queue;
pub mod reset;
pub mod review;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod stand;
