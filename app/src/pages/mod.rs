//! One page a file: the form it takes, its POST handler, its view.

pub mod home;
pub mod problem;
pub mod sign_in;
