//! The pages of Gigahours, rendered on the server: a page is one file with its view and its POST handler.
//!
//! Refuses SQL, sentences and conditional compilation. What a page may read it gets from its visit's desk.

pub mod components;
mod csv;
mod document;
mod entrance;
pub mod error;
pub mod pages;
pub mod routes;
pub mod visit;

use std::sync::Arc;

use leptos::config::LeptosOptions;
use services::{Services, store::session::Sessions};

pub use error::{AppError, PageResult};
pub use visit::{Form, Query, Visit};

/// What every handler may reach.
#[derive(Clone)]
pub struct AppState {
    pub services: Services,
    pub sessions: Sessions,
    pub leptos: LeptosOptions,
    /// The style sheet's path.
    pub stylesheet: Arc<str>,
}

impl AppState {
    pub fn new(services: Services, leptos: LeptosOptions, stylesheet: &str) -> Self {
        let sessions = Sessions::new(services.database().clone(), services.clock().clone());
        Self { services, sessions, leptos, stylesheet: Arc::from(stylesheet) }
    }
}

/// Called once before the first page is rendered: leptos spawns its tasks on tokio.
pub fn start() {
    // A second call (tests) finds the executor already set, which is what it wants.
    let _ = any_spawner::Executor::init_tokio();
}
