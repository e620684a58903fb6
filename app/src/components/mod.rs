//! The interface kit: pages hold almost no class names because these do.
//!
//! Plain functions of words and data. Labels are keys of `text`; what is not a key is shown as it is, so that names
//! out of the database can be passed in the same place.

pub mod aid_plot;
pub mod chart;
pub mod field;
mod filled;
pub mod form;
pub mod gantt;
pub mod heat;
pub mod layout;
pub mod navigation;
pub mod price;
pub mod progress;
pub mod prose;
pub mod shell;
pub mod table;

pub use field::Field;
pub use layout::{Tone, confirm, empty, facts, figure, figures, notice, tabs, tag};
pub use table::{Listing, Table};
