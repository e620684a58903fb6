//! Wires database, pages, sessions and worker together and listens.

use std::sync::Arc;

use anyhow::Context;
use app::AppState;
use axum::Router;
use leptos::config::LeptosOptions;
use services::{
    Services, Settings,
    gateways::{Gateways, clock::Clock},
    jobs::Worker,
    store::{Database, session::Sessions},
};
use tokio::sync::watch;
use tower_http::services::ServeDir;
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{SameSite, time::Duration},
};

use crate::config::Config;

pub async fn migrate(config: &Config) -> anyhow::Result<()> {
    Database::connect(&config.database_url).await?.migrate().await?;
    Ok(())
}

pub async fn serve(config: Config) -> anyhow::Result<()> {
    let database = Database::connect(&config.database_url).await?;
    database.migrate().await?;
    let settings = Settings { public_url: config.public_url.clone(), demo: config.demo };
    let services = Services::new(database, Gateways::local(Clock::System), settings);
    let router = router(services.clone(), &config);
    let (stop, stopped) = watch::channel(false);
    let worker = Worker::new(services, format!("serve-{}", std::process::id()));
    let working = tokio::spawn(async move { worker.run(stopped).await });
    let listener = tokio::net::TcpListener::bind(config.listen).await.context("cannot listen")?;
    tracing::info!("listening on http://{}", config.listen);
    axum::serve(listener, router).with_graceful_shutdown(interrupted()).await?;
    stop.send_replace(true);
    working.await?;
    Ok(())
}

/// The whole application over these services.
pub fn router(services: Services, config: &Config) -> Router {
    app::start();
    let leptos = LeptosOptions::builder()
        .output_name("gigahours")
        .site_root(Arc::from(config.site_root.as_str()))
        .site_addr(config.listen)
        .build();
    let store = Sessions::new(services.database().clone(), services.clock().clone());
    let sessions = SessionManagerLayer::new(store)
        .with_name("gigahours")
        // A person who returns from the payment page must still be signed in.
        .with_same_site(SameSite::Lax)
        .with_secure(!config.listen.ip().is_loopback())
        .with_expiry(Expiry::OnInactivity(Duration::hours(12)));
    let files = ServeDir::new(format!("{}/pkg", config.site_root)).precompressed_br().precompressed_gzip();
    app::routes::router(AppState::new(services, leptos)).nest_service("/pkg", files).layer(sessions)
}

async fn interrupted() {
    // An error here means that no signal can be waited for; then only a kill ends us.
    let _ = tokio::signal::ctrl_c().await;
}
