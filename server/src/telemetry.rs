//! Logs and metrics: a span a request, counters and times by route, Prometheus' text on an address of its own.

use std::time::Instant;

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
    routing::get,
};
use http::HeaderValue;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::{Instrument, info_span};
use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Sets up logging, from `RUST_LOG` or `info`.
pub fn logs(config: &Config) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sea_orm_migration=warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter);
    if config.log_json { logs.json().init() } else { logs.with_target(false).compact().init() }
}

/// Sets up the recorder; its handle renders what was counted.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
    Ok(PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("http_request_seconds".to_owned()), &SECONDS)?
        .install_recorder()?)
}

/// `/metrics`, for the address of its own.
pub fn metrics_router(handle: PrometheusHandle) -> Router {
    Router::new()
        .route("/metrics", get(async |State(handle): State<PrometheusHandle>| handle.render()))
        .with_state(handle)
}

/// Around every route: its span, its count and its time. The path is the route's pattern, so that ids do not make
/// a series each.
pub async fn observe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let id = services::gateways::incident();
    let span = info_span!("request", id, %method, route, path = request.uri().path());
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let status = response.status().as_u16().to_string();
    let seconds = started.elapsed().as_secs_f64();
    tracing::debug!(parent: &span, status, seconds, "answered");
    let labels = [("method", method.to_string()), ("route", route), ("status", status)];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels).record(seconds);
    response
}
