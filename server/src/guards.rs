//! What every request passes: a mutation must come from our own pages, and every answer says what a browser
//! may do with it.

use crate::{limits, router::Server, turned_away::Asker};
use app::turned_away::TurnedAway;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use shop::settings::is_loopback;

/// The largest form or message anybody may send.
const BODY_LIMIT: usize = 64 * 1024;
/// How much of a larger one is read before we hang up.
const HEARD_OUT: usize = 8 * 1024 * 1024;
/// Paths whose POSTs come from elsewhere and are signed.
const SIGNED: &[&str] = &["/webhooks/"];

/// Refuses what a page of another site made the browser send (CSRF).
pub async fn same_origin(State(server): State<Server>, request: Request, next: Next) -> Response {
    let upgrades = request.headers().get(header::UPGRADE).is_some();
    let signed = SIGNED.iter().any(|prefix| request.uri().path().starts_with(prefix));
    if (changes(&request) || upgrades) && !signed && !is_own(request.headers(), &server.public_url) {
        tracing::warn!(path = request.uri().path(), "a request from another site was refused");
        return Asker::of(&request).tell(&TurnedAway::Foreign, &server);
    }
    next.run(request).await
}

/// Leads who asks for a page under another name to the shop's own, where their cart is and payments come back to.
#[must_use]
pub fn lead_home(server: &Server, method: &Method, address: &Uri, headers: &HeaderMap) -> Option<Response> {
    let is_page = matches!(*method, Method::GET | Method::HEAD) && !limits::is_free(address.path()) && !address.path().starts_with("/api/");
    let host = headers.get(header::HOST)?.to_str().ok()?;
    (server.has_own_name && is_page && is_foreign(host, &server.public_url)).then(|| {
        let path = address.path_and_query().map_or("/", |path| path.as_str());
        let response = Redirect::permanent(&format!("{}{path}", server.public_url));
        // The name may become the shop's own one day.
        ([(header::CACHE_CONTROL, "no-store")], response).into_response()
    })
}

/// A public shop is asked under this machine's name only by who works on it, and by a proxy that keeps the visitor's
/// to itself: it would be led in circles.
fn is_foreign(host: &str, public_url: &str) -> bool {
    let (own, port) = match public_url.split_once("://") {
        Some(("https", own)) => (own, ":443"),
        Some((_, own)) => (own, ":80"),
        None => return false,
    };
    let bare = |host: &str| host.strip_suffix(port).unwrap_or(host).to_ascii_lowercase();
    bare(host) != bare(own) && (is_loopback(own) || !is_loopback(host))
}

/// Refuses forms and messages that are too large. Server functions read whatever they are given, so it is read here.
pub async fn small_body(State(server): State<Server>, request: Request, next: Next) -> Response {
    if !changes(&request) {
        return next.run(request).await;
    }
    let asker = Asker::of(&request);
    let (parts, body) = request.into_parts();
    match read(body).await {
        Some(body) => next.run(Request::from_parts(parts, body.into())).await,
        None => asker.tell(&TurnedAway::TooLarge { kilobytes: BODY_LIMIT / 1024 }, &server),
    }
}

fn changes(request: &Request) -> bool {
    !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
}

/// What is too large is heard out for a while, without keeping it: browsers listen only when they have finished.
async fn read(mut body: Body) -> Option<Bytes> {
    let (mut kept, mut size) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        size += data.len();
        if size > HEARD_OUT {
            return None;
        }
        if size <= BODY_LIMIT {
            kept.extend_from_slice(&data);
        }
    }
    (size <= BODY_LIMIT).then(|| kept.into())
}

/// Browsers say where a request comes from; what says nothing at all is not a browser and carries no cookies
/// of one.
fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            origin == public_url || (host.is_some() && host == text("host"))
        }
        (None, None) => true,
    }
}

/// The only inline scripts on our pages: leptos puts these two at the end of every document, always the same.
const INLINE_SCRIPTS: [&str; 2] =
    ["__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];", "__INCOMPLETE_CHUNKS=[];"];

/// The policy for everything the shop serves. `payment_page` is where a form may lead besides our own pages, which
/// somebody may see under another name than `public_url` but pays under this one.
#[must_use]
pub fn content_security_policy(public_url: &str, payment_page: Option<&str>) -> String {
    let payment_page = payment_page.map(|origin| format!(" {origin}")).unwrap_or_default();
    let scripts = INLINE_SCRIPTS.map(|script| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)))).join(" ");
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {public_url}{payment_page}"
    )
}

/// Says on every answer what a browser may do with it.
pub fn secure(server: &Server, headers: &mut HeaderMap) {
    // A picture says for itself that it may do nothing at all.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| server.security_policy.clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("permissions-policy", HeaderValue::from_static("camera=(), geolocation=(), microphone=()"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    if server.public_url.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers.iter().map(|(k, v)| (k.parse().unwrap(), HeaderValue::from_static(v))).collect();
        is_own(&headers, "https://shop.example")
    }

    #[test]
    fn foreign_is_every_name_but_the_shops() {
        let https = |host| is_foreign(host, "https://shop.example");
        assert!(!https("shop.example") && !https("Shop.Example:443") && !https("127.0.0.1:3000") && !https("[::1]:3000"));
        assert!(https("www.shop.example") && https("shop.example:80") && https("203.0.113.9"));
        let local = |host| is_foreign(host, "http://127.0.0.1:3000");
        assert!(!local("127.0.0.1:3000") && local("localhost:3000") && local("127.0.0.1"));
    }

    #[test]
    fn only_our_own_pages_may_change_things() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("origin", "https://shop.example")]));
        assert!(own(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
        assert!(own(&[]));
        assert!(!own(&[("sec-fetch-site", "cross-site")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")]));
        assert!(!own(&[("origin", "https://evil.example"), ("host", "shop.example")]));
        assert!(!own(&[("origin", "null"), ("host", "shop.example")]));
    }
}
