//! Between the network and the pages: gives a kept page where it can, else has it rendered, and puts what is
//! personal (the number on the cart's badge) into it.

use crate::{
    page_cache::{Page, RenderedPage},
    router::Server,
    visitor,
};
use app::{facts::PageFacts, layout::CART_COUNT_MARK, shell};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::ids::CartId;
use leptos::prelude::provide_context;
use memchr::memmem;
use sha2::{Digest, Sha256};
use shop::{cart, signing};
use std::{io::Write as _, sync::Arc};
use time::OffsetDateTime;

/// The largest page we would ever render.
const PAGE_LIMIT: usize = 8 * 1024 * 1024;

/// How hard Brotli works, 0 to 11, on a page for one reader: somebody's own, or one that nobody may ever ask for again.
pub const FIRST_BROTLI: i32 = 0;
/// The same for everybody after.
const KEPT_BROTLI: i32 = 5;

/// The page that is kept under this address, with what is the visitor's own put into it.
pub async fn kept(server: &Server, method: &Method, address: &Uri, headers: &HeaderMap) -> Option<Response> {
    if !is_for_a_page(method, address) {
        return None;
    }
    let page = server.pages.get(address.path_and_query()?.as_str(), OffsetDateTime::now_utc())?;
    let mut response = give(server, &page, headers, Reader::Another).await;
    if let Some(language) = visitor::new_choice(headers, address.path()) {
        visitor::remember(&mut response, language, server.public_url.starts_with("https://"));
    }
    Some(response)
}

/// Has a page rendered, and keeps it where it may be kept.
pub async fn pages(State(server): State<Server>, request: Request, next: Next) -> Response {
    if !is_for_a_page(request.method(), request.uri()) {
        let mut response = next.run(request).await;
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(PERSONAL);
        return response;
    }
    let key = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let (headers, facts) = (request.headers().clone(), request.extensions().get::<PageFacts>().cloned().unwrap_or_default());
    let begun = server.pages.begin();
    let response = next.run(uncompressed(request)).await;
    if !is_html(&response) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(html) = to_bytes(body, PAGE_LIMIT).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let facts = facts.read();
    if parts.status == StatusCode::OK && facts.may_be_kept() && parts.headers.get(header::SET_COOKIE).is_none() {
        let page = server.pages.keep(key, prepare(&html, route), facts, begun);
        return give(&server, &page, &headers, Reader::First).await;
    }
    let (plain, badge_at) = without_marks(&html);
    let mut response = Response::from_parts(parts, Body::from(with_badge(&plain, &badge_at, count(&server, &headers).await)));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(PERSONAL);
    response.headers_mut().insert("speculation-rules", RULES);
    compressed(response, &headers).await
}

/// What no route knows: the page that says so, in the reader's language.
pub async fn not_found(State(server): State<Server>, request: Request) -> Response {
    let context = {
        let (shop, assets) = (server.shop.clone(), server.assets.clone());
        move || {
            provide_context(shop.clone());
            provide_context(assets.clone());
        }
    };
    let response = leptos_axum::render_app_async_with_context(context, shell::shell)(request).await;
    (StatusCode::NOT_FOUND, response).into_response()
}

const PERSONAL: HeaderValue = HeaderValue::from_static("private, no-store");
const RULES: HeaderValue = HeaderValue::from_static("\"/rules.json\"");
/// A browser may keep the page but must ask whether it is still true; the answer is a short 304.
const ASK_FIRST: HeaderValue = HeaderValue::from_static("private, no-cache");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding, cookie");

/// Of a page that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    First,
    Another,
}

async fn give(server: &Server, page: &Arc<Page>, headers: &HeaderMap, reader: Reader) -> Response {
    let count = count(server, headers).await;
    let mut response = Response::default();
    if let Some(route) = &page.route {
        response.extensions_mut().insert(route.clone());
    }
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, ASK_FIRST);
    answer.insert(header::VARY, VARY);
    if count == 0 {
        answer.insert(header::ETAG, page.etag.clone());
        if is_known(&page.etag, headers) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
    }
    answer.insert(header::CONTENT_TYPE, HTML);
    answer.insert("speculation-rules", RULES);
    if count > 0 || reader == Reader::First {
        *response.body_mut() = with_badge(&page.plain, &page.badge_at, count).into();
        return compressed(response, headers).await;
    }
    let (body, encoding) = match Encoding::best(headers) {
        Encoding::Brotli => (page.brotli.get_or_init(|| brotli(&page.plain, KEPT_BROTLI).into()).clone(), Some("br")),
        Encoding::Gzip => (page.gzip.get_or_init(|| gzip(&page.plain, 6).into()).clone(), Some("gzip")),
        Encoding::Plain => (page.plain.clone(), None),
    };
    if let Some(encoding) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    *response.body_mut() = body.into();
    response
}

/// The browser has this page already: it names the tag, perhaps among others, weak or strong.
fn is_known(etag: &HeaderValue, headers: &HeaderMap) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let (Some(known), Ok(etag)) = (headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()), etag.to_str()) else {
        return false;
    };
    known.split(',').map(opaque).any(|tag| tag == "*" || tag == opaque(etag))
}

/// A page, and no answer of a server function. What HEAD asks for, the network's layer sends without its body.
fn is_for_a_page(method: &Method, address: &Uri) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && !address.path().starts_with("/api/")
}

fn cart_of(server: &Server, headers: &HeaderMap) -> Option<CartId> {
    signing::cart_from_cookie(&server.shop.settings, visitor::cookie(headers, signing::CART_COOKIE)?)
}

async fn count(server: &Server, headers: &HeaderMap) -> u32 {
    let Some(cart) = cart_of(server, headers) else { return 0 };
    cart::count(&server.shop, cart).await.unwrap_or_else(|failure| {
        tracing::error!(error = %failure, "a cart could not be counted");
        0
    })
}

fn prepare(html: &[u8], route: Option<MatchedPath>) -> RenderedPage {
    let (plain, badge_at) = without_marks(&without_nonce(html));
    // Weak: it stands for the page in every compression.
    let tag = format!("W/\"{}\"", hex::encode(&Sha256::digest(&plain)[..12]));
    let etag = HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("W/\"\""));
    RenderedPage { plain, badge_at, etag, route }
}

/// Leptos puts another random word on its scripts in each rendering. Our policy knows them by their hash, and the same
/// page has to be the same on every node.
fn without_nonce(html: &[u8]) -> Vec<u8> {
    const BEFORE: &[u8] = b"<script nonce=\"";
    let Some(at) = memmem::find(html, BEFORE) else { return html.to_vec() };
    let nonce = html[at + BEFORE.len()..].split(|&byte| byte == b'"').next().unwrap_or_default();
    if nonce.is_empty() { html.to_vec() } else { without(html, nonce).0 }
}

/// The page without the marks, and where they were.
fn without_marks(html: &[u8]) -> (Bytes, Vec<usize>) {
    let (plain, places) = without(html, CART_COUNT_MARK.as_bytes());
    (plain.into(), places)
}

fn without(html: &[u8], mark: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let (mut plain, mut places) = (Vec::with_capacity(html.len()), Vec::new());
    let mut rest = html;
    while let Some(at) = memmem::find(rest, mark) {
        plain.extend_from_slice(&rest[..at]);
        places.push(plain.len());
        rest = &rest[at + mark.len()..];
    }
    plain.extend_from_slice(rest);
    (plain, places)
}

fn with_badge(plain: &Bytes, badge_at: &[usize], count: u32) -> Bytes {
    if count == 0 {
        return plain.clone();
    }
    let badge = count.to_string();
    let mut html = Vec::with_capacity(plain.len() + badge_at.len() * badge.len());
    let mut from = 0;
    for &at in badge_at {
        html.extend_from_slice(&plain[from..at]);
        html.extend_from_slice(badge.as_bytes());
        from = at;
    }
    html.extend_from_slice(&plain[from..]);
    html.into()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    fn best(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accepts = |name: &str| {
            accepted.split(',').any(|coding| {
                let (coding, weight) = coding.split_once(';').unwrap_or((coding, ""));
                coding.trim() == name && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
            })
        };
        if accepts("br") {
            Self::Brotli
        } else if accepts("gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }
}

/// The page is rendered as it is: compressing comes after the badge.
fn uncompressed(mut request: Request) -> Request {
    request.headers_mut().remove(header::ACCEPT_ENCODING);
    request
}

/// For one reader, so quickly rather than well.
async fn compressed(response: Response, headers: &HeaderMap) -> Response {
    let encoding = Encoding::best(headers);
    let (mut parts, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, PAGE_LIMIT).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    parts.headers.insert(header::VARY, VARY);
    let body: Bytes = match encoding {
        Encoding::Plain => plain,
        Encoding::Brotli => encoded(&mut parts.headers, "br", brotli(&plain, FIRST_BROTLI)),
        Encoding::Gzip => encoded(&mut parts.headers, "gzip", gzip(&plain, 1)),
    };
    Response::from_parts(parts, Body::from(body))
}

fn encoded(headers: &mut HeaderMap, name: &'static str, bytes: Vec<u8>) -> Bytes {
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    bytes.into()
}

pub fn brotli(plain: &[u8], quality: i32) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams { quality, lgwin: 18, size_hint: plain.len(), ..Default::default() };
    let mut encoder = brotli::CompressorWriter::with_params(Vec::with_capacity(plain.len() / 4), 16 * 1024, &parameters);
    // At once: each piece is compressed by itself when it is to be quick. Writing to a Vec cannot fail.
    let _ = encoder.write_all(plain);
    encoder.into_inner()
}

fn gzip(plain: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(plain.len() / 3), flate2::Compression::new(level));
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default()
}

fn is_html(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_badge_shows_the_number_of_things_and_nothing_when_there_are_none() {
        let html = format!("<a>Cart <b>{CART_COUNT_MARK}</b></a><nav>{CART_COUNT_MARK}</nav>");
        let (plain, places) = without_marks(html.as_bytes());
        assert_eq!(plain, "<a>Cart <b></b></a><nav></nav>");
        assert_eq!(with_badge(&plain, &places, 12), "<a>Cart <b>12</b></a><nav>12</nav>");
        assert_eq!(with_badge(&plain, &places, 0), plain);
    }

    #[test]
    fn a_page_is_read_back_as_it_was_however_it_was_compressed() {
        let page = "<li class=\"card\">Bowl</li>".repeat(3000);
        for quality in [FIRST_BROTLI, KEPT_BROTLI] {
            let mut read = Vec::new();
            brotli::BrotliDecompress(&mut brotli(page.as_bytes(), quality).as_slice(), &mut read).unwrap();
            assert!(read == page.as_bytes(), "Brotli {quality}");
        }
    }

    #[test]
    fn two_renderings_of_the_same_are_the_same() {
        let rendered =
            |nonce: &str| format!("<link crossorigin=\"{nonce}\"><script nonce=\"{nonce}\">a</script><script nonce=\"{nonce}\">b</script>");
        assert_eq!(without_nonce(rendered("x-_1").as_bytes()), without_nonce(rendered("y2").as_bytes()));
        assert_eq!(without_nonce(b"<script nonce=\"\">a</script>"), b"<script nonce=\"\">a</script>");
        assert_eq!(without_nonce(b"<p>none</p>"), b"<p>none</p>");
    }

    #[test]
    fn the_best_encoding_that_the_browser_takes() {
        let best =
            |value: &'static str| Encoding::best(&[(header::ACCEPT_ENCODING, HeaderValue::from_static(value))].into_iter().collect());
        assert_eq!(best("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(best("gzip, br;q=0"), Encoding::Gzip);
        assert_eq!(best("identity"), Encoding::Plain);
    }
}
