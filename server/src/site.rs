//! The built front end: hashed files that never change, with compressed siblings made at build time.

use anyhow::{Context, Result};
use app::shell::Assets;
use axum::{
    Router,
    http::{HeaderValue, Response, StatusCode, header},
};
use std::path::Path;
use tower::ServiceBuilder;
use tower_http::services::{ServeDir, ServeFile};

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// Reads where the built files are.
///
/// # Errors
/// The front end was not built.
pub fn assets(site: &Path) -> Result<Assets> {
    let manifest = site.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).with_context(|| {
        format!("{} is missing: build the front end with `cargo xtask front --release`, or set SITE_FOLDER", manifest.display())
    })?;
    serde_json::from_str(&text).with_context(|| format!("{} is of another version: build the front end again", manifest.display()))
}

/// `/pkg/..` (names with a hash of the content) and the plain files beside it.
pub fn routes(site: &Path) -> Router {
    let hashed = ServeDir::new(site.join("pkg")).precompressed_br().precompressed_gzip();
    let hashed = ServiceBuilder::new().map_response(|response| kept(response, FOREVER)).service(hashed);
    let mut router = Router::new().nest_service("/pkg", hashed);
    for file in ["favicon.svg", "favicon.ico", "apple-touch-icon.png", "site.webmanifest"] {
        let plain = ServiceBuilder::new().map_response(|response| kept(response, A_DAY)).service(ServeFile::new(site.join(file)));
        router = router.route_service(&format!("/{file}"), plain);
    }
    router
}

/// Says how long a file may be kept. One that is missing may be there in a moment: while nodes are replaced, a new page
/// asks an old node for its files.
fn kept<B>(mut response: Response<B>, time: HeaderValue) -> Response<B> {
    let is_there = matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, if is_there { time } else { HeaderValue::from_static("no-store") });
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}
