//! What was built and what is public, from the site's folder: compressed twins first, names with a digest kept for ever.

use std::{fs, path::Path};

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use http::{HeaderValue, header};
use tower_http::services::{ServeDir, ServeFile};

/// The list of digests that the build leaves beside the files.
pub const HASHES: &str = "hash.txt";

/// A route for everything at the top of the folder. A folder that is not there (tests, the API alone) has none.
pub fn router(site_root: &str) -> Router {
    let mut router = Router::new();
    let Ok(entries) = fs::read_dir(site_root) else { return router };
    for entry in entries.flatten() {
        let path = entry.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let is_twin = path.extension().is_some_and(|kind| kind == "br" || kind == "gz");
        if is_twin || name == HASHES || name.starts_with('.') {
            continue;
        }
        router = if path.is_dir() {
            router.nest_service(&format!("/{name}"), ServeDir::new(&path).precompressed_br().precompressed_gzip())
        } else {
            router.route_service(&format!("/{name}"), ServeFile::new(&path).precompressed_br().precompressed_gzip())
        };
    }
    router.layer(middleware::from_fn(cached))
}

/// The style sheet's name: with its digest once the site is built.
pub fn stylesheet(site_root: &str) -> String {
    let hashes = fs::read_to_string(Path::new(site_root).join(HASHES)).unwrap_or_default();
    match hashes.lines().find_map(|line| line.strip_prefix("css: ")) {
        Some(hash) => format!("/pkg/gigahours.{hash}.css"),
        None => "/pkg/gigahours.css".to_owned(),
    }
}

async fn cached(request: Request, next: Next) -> Response {
    // Nested: the layer sees the whole path, the folder's service what is left of it.
    let path = request.uri().path();
    let rule = if has_digest(path) {
        "public, max-age=31536000, immutable"
    } else if path.ends_with(".woff2") {
        "public, max-age=604800"
    } else {
        "public, max-age=300"
    };
    let mut response = next.run(request).await;
    if response.status().is_success() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(rule));
    }
    response
}

/// `gigahours.0123456789abcdef.js`.
fn has_digest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut parts = name.split('.').skip(1);
    parts.next().is_some_and(|digest| digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && parts.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::has_digest;

    #[test]
    fn only_names_with_a_digest_are_kept_for_ever() {
        assert!(has_digest("/pkg/gigahours.0123456789abcdef.js"));
        for path in ["/pkg/gigahours.js", "/robots.txt", "/pkg/snippets/a.inline0.js", "/gigahours.0123456789abcdef"] {
            assert!(!has_digest(path), "{path}");
        }
    }
}
