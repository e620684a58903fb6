//! What every answer carries and what no request gets past: headers, cross-site refusal, limits per address.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// What the middleware needs to know.
#[derive(Clone)]
pub struct Security {
    /// Scheme, host and port that our own pages' forms come from.
    origin: Arc<str>,
    is_https: bool,
    limiter: Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>,
}

/// Paths that others' machines post to: they prove themselves by a signature or a token, not by a cookie.
const MACHINE_PATHS: [&str; 2] = ["/webhooks/", "/api/"];

impl Security {
    pub fn new(public_url: &str, requests_per_second: u32) -> Self {
        let limiter = NonZeroU32::new(requests_per_second).map(|rate| {
            let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(3));
            Arc::new(RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)))
        });
        Self { origin: Arc::from(public_url), is_https: public_url.starts_with("https://"), limiter }
    }
}

/// Around everything.
pub async fn guard(State(security): State<Security>, request: Request<Body>, next: Next) -> Response {
    let path = request.uri().path();
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let (Some(limiter), Some(address)) = (&security.limiter, address)
        && !path.starts_with("/pkg/")
        && limiter.check_key(&address).is_err()
    {
        return with_headers(&security, too_many());
    }
    let is_machine = MACHINE_PATHS.iter().any(|prefix| path.starts_with(prefix));
    if !is_machine && is_cross_site(&security.origin, request.method(), request.headers()) {
        return with_headers(&security, (StatusCode::FORBIDDEN, "cross-site request refused\n").into_response());
    }
    with_headers(&security, next.run(request).await)
}

/// Behind a proxy that we were told of, the client is whom that proxy names: the last address that is not a proxy's.
pub async fn unwrap_proxies(State(trusted): State<Arc<[IpAddr]>>, mut request: Request<Body>, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    if let Some(peer) = peer
        && trusted.contains(&peer.ip())
        && let Some(client) = forwarded_for(request.headers(), &trusted)
    {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    next.run(request).await
}

fn forwarded_for(headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let mut addresses = lines.iter().rev().flat_map(|line| line.rsplit(',')).map_while(|text| text.trim().parse().ok());
    addresses.find(|address| !trusted.contains(address))
}

/// Leptos leaves request forgery to the application. Every browser that runs the site sends one of the two headers.
fn is_cross_site(origin: &str, method: &Method, headers: &HeaderMap) -> bool {
    if method == Method::GET || method == Method::HEAD {
        return false;
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => false,
        Some(_) => true,
        // Clients without fetch metadata: the origin, if there is one, must be ours.
        None => text(header::ORIGIN).is_some_and(|from| from != origin),
    }
}

fn too_many() -> Response {
    let mut response = (StatusCode::TOO_MANY_REQUESTS, "too many requests, try again in a second\n").into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn with_headers(security: &Security, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    );
    if security.is_https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(method: Method, pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_cross_site("https://gigahours.example", &method, &headers)
    }

    #[test]
    fn the_client_is_the_last_address_that_is_no_proxy() {
        let trusted: [IpAddr; 2] = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        let of = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(line));
            forwarded_for(&headers, &trusted).map(|address| address.to_string())
        };
        assert_eq!(of("203.0.113.9, 198.51.100.7, 10.0.0.2").as_deref(), Some("198.51.100.7"), "the first is a claim");
        assert_eq!(of("10.0.0.2"), None);
        assert_eq!(of("203.0.113.9, nonsense"), None, "what cannot be read is not skipped");
    }

    #[test]
    fn posts_from_elsewhere_are_refused_and_our_own_are_not() {
        assert!(refused(Method::POST, &[("sec-fetch-site", "cross-site")]));
        assert!(refused(Method::POST, &[("sec-fetch-site", "same-site")]));
        assert!(refused(Method::POST, &[("origin", "https://evil.example")]));
        assert!(refused(Method::POST, &[("origin", "null")]));
        assert!(!refused(Method::POST, &[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(!refused(Method::POST, &[("origin", "https://gigahours.example")]));
        assert!(!refused(Method::GET, &[("sec-fetch-site", "cross-site")]));
    }
}
