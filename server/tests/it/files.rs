//! The built site, as the browser gets it.

use axum::body::Body;
use http::{Request, StatusCode};
use testkit::World;

use crate::browser::Browser;

fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(site.path().join(name), text).unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    write("hash.txt", "js: 0123456789abcdef\nwasm: 0123456789abcdee\ncss: 0123456789abcded\n");
    write("pkg/gigahours.0123456789abcded.css", "body{}");
    write("pkg/gigahours.0123456789abcded.css.br", "as brotli");
    write("pkg/gigahours.0123456789abcded.css.gz", "as gzip");
    write("robots.txt", "User-agent: *");
    site
}

#[tokio::test]
async fn pages_name_the_built_style_sheet_and_it_is_kept_for_ever() {
    let (world, site) = (World::sqlite().await, site());
    let mut browser = Browser::on(&world, &[("GIGAHOURS_SITE_ROOT", site.path().to_str().unwrap())]);
    let path = "/pkg/gigahours.0123456789abcded.css";
    assert!(browser.get("/sign-in").await.body.contains(path));
    let answer = browser.get(path).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "body{}"));
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(browser.get("/pkg/gone.0123456789abcded.css").await.header("cache-control"), "", "a 404 is not kept");
}

#[tokio::test]
async fn the_compressed_twin_is_sent_to_those_who_read_it() {
    let (world, site) = (World::sqlite().await, site());
    let mut browser = Browser::on(&world, &[("GIGAHOURS_SITE_ROOT", site.path().to_str().unwrap())]);
    for (accepted, encoding, body) in
        [("gzip, br", "br", "as brotli"), ("gzip", "gzip", "as gzip"), ("identity", "", "body{}")]
    {
        let request = Request::get("/pkg/gigahours.0123456789abcded.css").header("accept-encoding", accepted);
        let answer = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.header("content-encoding"), answer.body.as_str()), (encoding, body), "{accepted}");
        assert!(answer.header("content-type").starts_with("text/css"), "{accepted}");
    }
}

#[tokio::test]
async fn public_files_are_at_the_root_and_the_builds_notes_are_not() {
    let (world, site) = (World::sqlite().await, site());
    let mut browser = Browser::on(&world, &[("GIGAHOURS_SITE_ROOT", site.path().to_str().unwrap())]);
    assert_eq!(browser.get("/robots.txt").await.body, "User-agent: *");
    assert_eq!(browser.get("/hash.txt").await.status, StatusCode::NOT_FOUND);
}
