//! What a page or a server function knows of the request it answers. The server's middleware puts these into
//! the request; nothing here is read from the ambient environment.

use crate::{facts::PageFacts, shell::Assets};
use domain::{Language, ids::SessionId, staff::Member};
use http::{header, request::Parts};
use leptos::{prelude::*, reactive::owner::with_context};
use shop::{Actor, Shop, chat::Visitor};
use time::OffsetDateTime;

/// The request's id, as in its log lines.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The language to use where the address names none: server functions.
#[derive(Debug, Clone, Copy)]
pub struct PreferredLanguage(pub Language);

/// The session of somebody who is logged in: of staff on desk pages, of a customer elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct OwnSession(pub SessionId);

/// A session of staff that waits for the code of the second factor.
#[derive(Debug, Clone, Copy)]
pub struct HalfWay(pub SessionId);

/// # Panics
/// Never under our router, which provides it to every page and server function.
#[must_use]
pub fn shop() -> Shop {
    expect_context::<Shop>()
}

#[must_use]
pub fn assets() -> Assets {
    expect_context::<Assets>()
}

#[must_use]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Who is asking, by the signed cookies.
#[must_use]
pub fn actor() -> Actor {
    extension().unwrap_or(Actor::Guest { cart: None })
}

/// The browser of somebody who chats, by its signed cookie.
#[must_use]
pub fn visitor() -> Option<Visitor> {
    extension()
}

/// Who of the staff is logged in, on desk pages and in their server functions.
#[must_use]
pub fn member() -> Option<Member> {
    extension()
}

/// The session that asks.
#[must_use]
pub fn own_session() -> Option<SessionId> {
    extension::<OwnSession>().map(|session| session.0)
}

#[must_use]
pub fn half_way() -> Option<SessionId> {
    extension::<HalfWay>().map(|session| session.0)
}

/// The browser, as it calls itself.
#[must_use]
pub fn user_agent() -> String {
    request_header(header::USER_AGENT)
}

/// The value of a header, nothing where it is not there.
#[must_use]
pub fn request_header(name: header::HeaderName) -> String {
    with_context::<Parts, _>(|parts| parts.headers.get(name)?.to_str().ok().map(str::to_owned)).flatten().unwrap_or_default()
}

/// Staff asks there, whoever else the browser belongs to: `/{language}/desk/..`, `/api/desk/..`, `/ws/desk/..`.
#[must_use]
pub fn is_desk(path: &str) -> bool {
    path.split('/').nth(2) == Some("desk")
}

/// What the page being rendered tells the page cache.
#[must_use]
pub fn facts() -> PageFacts {
    extension().unwrap_or_default()
}

/// A word that finds this request in the log.
#[must_use]
pub fn reference() -> String {
    extension::<RequestId>().map_or_else(|| "-".to_owned(), |id| id.0)
}

/// The language of the page: of its address, else (in a server function) of the page that called.
#[must_use]
pub fn language() -> Language {
    let in_address = with_context::<Parts, _>(|parts| in_path(parts.uri.path())).flatten();
    in_address.or_else(|| extension::<PreferredLanguage>().map(|l| l.0)).unwrap_or_default()
}

/// The language that an address begins with.
#[must_use]
pub fn in_path(path: &str) -> Option<Language> {
    path.split('/').nth(1)?.parse().ok()
}

/// The path and query of the request.
#[must_use]
pub fn address() -> String {
    with_context::<Parts, _>(|parts| parts.uri.path_and_query().map(ToString::to_string)).flatten().unwrap_or_default()
}

/// A value of the address's query.
#[must_use]
pub fn queried(name: &str) -> Option<String> {
    query_pairs().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// The decoded pairs of the address's query.
#[must_use]
pub fn query_pairs() -> Vec<(String, String)> {
    with_context::<Parts, _>(|parts| serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).ok()).flatten().unwrap_or_default()
}

fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    // Looked at where it is: a copy of the request for every word of a page would cost more than the words.
    with_context::<Parts, _>(|parts| parts.extensions.get::<T>().cloned()).flatten()
}
