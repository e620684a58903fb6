//! What every answer carries, and what no request gets past.

use axum::body::Body;
use http::{Request, StatusCode};
use testkit::World;

use crate::browser::Browser;

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    for path in ["/sign-in", "/no-such-page", "/healthz"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 8, "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: only where HTTPS is");
    }
}

#[tokio::test]
async fn https_is_kept_once_it_was_there() {
    let world = World::sqlite().await;
    let mut browser = Browser::on(&world, &[("GIGAHOURS_PUBLIC_URL", "https://gigahours.example")]);
    assert!(browser.get("/sign-in").await.header("strict-transport-security").starts_with("max-age=63072000"));
}

#[tokio::test]
async fn pages_allow_no_inline_code() {
    let world = World::sqlite().await;
    let answer = Browser::new(&world).get("/sign-in").await;
    let policy = answer.header("content-security-policy");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert!(policy.contains("default-src 'none'") && policy.contains("style-src 'self'"), "{policy}");
    assert!(!answer.body.contains(" style="), "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = Request::post("/sign-in").header(name, value).body(Body::empty()).unwrap();
        assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let own = browser.post("/sign-in", &[("email", "nobody@firma.example"), ("password", "x")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn machines_prove_themselves_otherwise() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    for path in ["/webhooks/stripe", "/api/v1/readings"] {
        let request = Request::post(path).header("origin", "https://machine.example").body(Body::from("{}")).unwrap();
        let status = browser.send(request).await.status;
        assert!(status.is_client_error() && status != StatusCode::FORBIDDEN, "{path} answers {status}");
    }
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let world = World::sqlite().await;
    let request = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", "3000000")
        .body(Body::from(vec![b'a'; 3_000_000]));
    let answer = Browser::new(&world).send(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn one_address_cannot_ask_for_everything() {
    let world = World::sqlite().await;
    let mut browser = Browser::on(&world, &[("GIGAHOURS_REQUESTS_PER_SECOND", "1")]);
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let mut request = Request::get("/healthz").body(Body::empty()).unwrap();
        let peer: std::net::SocketAddr = "203.0.113.9:4000".parse().unwrap();
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        statuses.push(browser.send(request).await.status);
    }
    assert_eq!(statuses.first(), Some(&StatusCode::OK));
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
}

#[tokio::test]
async fn health_and_readiness_answer() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_visitor_is_asked_to_sign_in_and_led_back() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    let answer = browser.get("/account").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in?next=%2Faccount"));
}
