//! Wires database, pages, sessions and worker together, listens, and stops without losing anything.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use app::AppState;
use axum::{Router, extract::State, http::StatusCode, middleware, routing::get};
use domain::vat::VatId;
use leptos::config::LeptosOptions;
use payments::PaymentProvider;
use services::{
    Services, Settings,
    gateways::{Gateways, clock::Clock, mail::Mailer, signer::Signer, vies::Vies},
    jobs::Worker,
    store::{Database, Durability, session::Sessions},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{SameSite, time},
};

use crate::{
    config::Config,
    files, meter_api,
    security::{self, Security},
    telemetry, webhook,
};

/// The largest form; a batch of readings is the largest body of all.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The services of this configuration, their database migrated.
pub async fn services(config: &Config) -> anyhow::Result<Services> {
    services_paying(config, None).await
}

/// The same with this payment provider instead of the configuration's.
async fn services_paying(config: &Config, provider: Option<PaymentProvider>) -> anyhow::Result<Services> {
    let database = Database::connect(config.database_url.reveal(), Durability::PowerCut)
        .await
        .context("the database cannot be opened")?;
    database.migrate().await.context("the migrations cannot be applied")?;
    let settings = Settings { public_url: config.public_url.clone(), demo: config.demo };
    let mut gateways = gateways(config)?;
    gateways.payments = provider.or(gateways.payments);
    let services = Services::new(database, gateways, settings);
    if config.demo {
        services::seed::catch_up(&services).await?;
    }
    Ok(services)
}

/// The doors to the outside: real ones, or in the demo world none.
fn gateways(config: &Config) -> anyhow::Result<Gateways> {
    if config.demo {
        let mut gateways = Gateways::local(Clock::shifted());
        if !config.signing_key.is_empty() {
            gateways.signer = signer(config)?;
        }
        return Ok(gateways);
    }
    let mut gateways = Gateways::local(Clock::System);
    gateways.payments = Some(PaymentProvider::new(payments::Account {
        secret_key: config.stripe_key.reveal().to_owned(),
        base_url: Some(config.stripe_url.clone()),
        webhook_secret: config.stripe_webhook_secret.reveal().to_owned(),
    })?);
    gateways.mail = Mailer::smtp(config.smtp_url.reveal(), &config.mail_from).context("GIGAHOURS_SMTP_URL")?;
    let requester = if config.vat_id.is_empty() {
        None
    } else {
        Some(config.vat_id.parse::<VatId>().map_err(|error| anyhow::anyhow!("GIGAHOURS_VAT_ID: {error:?}"))?)
    };
    gateways.signer = signer(config)?;
    gateways.vies = Vies::rest(&config.vies_url, requester)?;
    Ok(gateways)
}

fn signer(config: &Config) -> anyhow::Result<Signer> {
    Signer::from_hex(config.signing_key.reveal()).map_err(|error| anyhow::anyhow!("GIGAHOURS_SIGNING_KEY: {error}"))
}

/// The demo world's payment provider: ours, on loopback, telling us of payments as the real one does.
async fn demo_provider(config: &Config) -> anyhow::Result<PaymentProvider> {
    let options = stripe_fake::Options {
        webhook_url: Some(format!("http://{}/webhooks/stripe", config.listen)),
        ..stripe_fake::Options::default()
    };
    let fake = stripe_fake::serve_anywhere(options).await.context("the demo world's payment provider")?;
    Ok(PaymentProvider::new(payments::Account {
        secret_key: "sk_test_demo".to_owned(),
        base_url: Some(fake.base_url()),
        webhook_secret: fake.webhook_secret().to_owned(),
    })?)
}

/// Serves pages and works the queue until told to stop; then finishes what is in flight and returns its leases.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let provider = if config.demo { Some(demo_provider(&config).await?) } else { None };
    let services = services_paying(&config, provider).await?;
    let (stop, stopped) = watch::channel(false);
    let working = spawn_worker(services.clone(), stopped.clone());
    let metrics = telemetry::metrics_router(telemetry::metrics()?);
    let metrics_listener = TcpListener::bind(config.metrics_listen).await.context("GIGAHOURS_METRICS_LISTEN")?;
    let counting = tokio::spawn(
        axum::serve(metrics_listener, metrics).with_graceful_shutdown(told(stopped.clone())).into_future(),
    );
    let listener = TcpListener::bind(config.listen).await.context("GIGAHOURS_LISTEN")?;
    tracing::info!("serving {} on http://{}", config.public_url, config.listen);
    let app = router(services, &config).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        interrupted().await;
        stop.send_replace(true);
    });
    axum::serve(listener, app).with_graceful_shutdown(told(stopped)).await?;
    working.await?;
    counting.await??;
    tracing::info!("stopped");
    Ok(())
}

/// Works the queue alone, without pages.
pub async fn work(config: &Config) -> anyhow::Result<()> {
    let services = services(config).await?;
    let (stop, stopped) = watch::channel(false);
    let working = spawn_worker(services, stopped);
    interrupted().await;
    stop.send_replace(true);
    working.await?;
    Ok(())
}

fn spawn_worker(services: Services, stopped: watch::Receiver<bool>) -> tokio::task::JoinHandle<()> {
    let worker = Worker::new(services, format!("worker-{}", std::process::id()));
    tokio::spawn(async move { worker.run(stopped).await })
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end too.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// SIGTERM, as a service manager sends, or Ctrl-C.
async fn interrupted() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
    tracing::info!("stopping: finishing what is in flight");
}

/// The whole application over these services.
pub fn router(services: Services, config: &Config) -> Router {
    app::start();
    let leptos = leptos_options(config);
    let store = Sessions::new(services.database().clone(), services.clock().clone());
    let sessions = SessionManagerLayer::new(store)
        .with_name("gigahours")
        // A person who returns from the payment page must still be signed in.
        .with_same_site(SameSite::Lax)
        .with_secure(!config.listen.ip().is_loopback())
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(12)));
    let security = Security::new(&config.public_url, config.requests_per_second);
    let pages = app::routes::router(AppState::new(services.clone(), leptos, &files::stylesheet(&config.site_root)))
        .layer(sessions);
    let webhook = webhook::router(services.clone());
    let health =
        Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready)).with_state(services.clone());
    let api = meter_api::router(services);
    files::router(&config.site_root)
        .merge(health)
        .merge(api)
        .merge(webhook)
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        // Each page says itself how much it takes.
        .merge(pages)
        // Panics of pages are caught, and explained, closer to them.
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        .layer(middleware::from_fn_with_state(security, security::guard))
        .layer(middleware::from_fn(telemetry::observe))
        .layer(middleware::from_fn_with_state(Arc::from(config.trusted_proxies.as_slice()), security::unwrap_proxies))
}

/// Names with a digest, once the site is built: `hash.txt` says which.
fn leptos_options(config: &Config) -> LeptosOptions {
    let hashes = std::path::absolute(Path::new(&config.site_root).join(files::HASHES)).unwrap_or_default();
    LeptosOptions::builder()
        .output_name("gigahours")
        .site_root(Arc::from(config.site_root.as_str()))
        .site_addr(config.listen)
        .hash_files(hashes.is_file())
        // Joined to the binary's folder by leptos, which an absolute path replaces.
        .hash_file(Arc::from(hashes.to_string_lossy().as_ref()))
        .build()
}

async fn ready(State(services): State<Services>) -> (StatusCode, &'static str) {
    if services.database().is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database is unreachable or its migrations are not applied\n")
    }
}
