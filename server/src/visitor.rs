//! Who is asking and in which language: read from cookies and headers once, put into the request for pages
//! and server functions.

use crate::router::Server;
use app::{
    facts::PageFacts,
    request::{HalfWay, OwnSession, PreferredLanguage, in_path, is_desk},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Language, ids::CartId};
use http::Extensions;
use shop::{Actor, account::session, signing};
use time::OffsetDateTime;

/// A choice remembered for a year.
const LANGUAGE_COOKIE: &str = "language";

/// Puts the visitor into the request and remembers the language.
pub async fn know(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let cart = cookie(headers, signing::CART_COOKIE).and_then(|value| signing::cart_from_cookie(&server.shop.settings, value));
    let preferred = language(headers, request.uri().path());
    let news = new_choice(request.headers(), request.uri().path());

    let known = identify(&server, request.headers(), request.uri().path(), cart).await;
    let extensions = request.extensions_mut();
    extensions.extend(known);
    extensions.insert(PreferredLanguage(preferred));
    extensions.insert(PageFacts::default());

    let mut response = next.run(request).await;
    if let Some(chosen) = news.filter(|_| response.status().is_success()) {
        remember(&mut response, chosen, server.public_url.starts_with("https://"));
    }
    response
}

/// Who it is: on desk pages somebody of the staff, elsewhere a customer, else a guest. Staff who look at the shop are
/// guests there.
async fn identify(server: &Server, headers: &HeaderMap, path: &str, cart: Option<CartId>) -> Extensions {
    let (shop, now, mut known) = (&server.shop, OffsetDateTime::now_utc(), Extensions::new());
    known.insert(Actor::Guest { cart });
    let outcome = if is_desk(path) {
        let Some(cookie) = cookie(headers, session::STAFF_COOKIE) else { return known };
        session::of_staff(shop, cookie, now).await.map(|found| match found {
            Some(session) if session.complete => {
                known.insert(Actor::Staff { id: session.member.id, roles: session.member.roles });
                known.insert(OwnSession(session.id));
                known.insert(session.member);
            }
            Some(session) => {
                known.insert(HalfWay(session.id));
            }
            None => {}
        })
    } else {
        let Some(cookie) = cookie(headers, session::CUSTOMER_COOKIE) else { return known };
        session::of_customer(shop, cookie, now).await.map(|found| {
            if let Some(session) = found {
                known.insert(Actor::Customer { id: session.customer, cart });
                known.insert(OwnSession(session.id));
            }
        })
    };
    if let Err(failure) = outcome {
        // Nobody gets in by that, and what needs no account still works.
        tracing::error!(error = %failure, "a session could not be read");
    }
    known
}

/// The language of the address, when it is not the one remembered. A page that a browser fetches ahead chooses nothing.
#[must_use]
pub fn new_choice(headers: &HeaderMap, path: &str) -> Option<Language> {
    let ahead = headers.get("sec-purpose").is_some_and(|purpose| purpose.as_bytes().starts_with(b"prefetch"));
    in_path(path).filter(|&shown| !ahead && remembered(headers) != Some(shown))
}

/// The language to answer in: of the address, of the page that called, chosen before, or what the browser asks for.
#[must_use]
pub fn language(headers: &HeaderMap, path: &str) -> Language {
    in_path(path).or_else(|| of_referrer(headers)).or_else(|| remembered(headers)).unwrap_or_else(|| accepted(headers))
}

/// `/`: to the language chosen before, else the one the browser asks for.
pub async fn to_language(headers: HeaderMap) -> Response {
    let language = remembered(&headers).unwrap_or_else(|| accepted(&headers));
    ([(header::VARY, "accept-language, cookie"), (header::CACHE_CONTROL, "no-store")], Redirect::temporary(&format!("/{language}")))
        .into_response()
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

fn remembered(headers: &HeaderMap) -> Option<Language> {
    cookie(headers, LANGUAGE_COOKIE)?.parse().ok()
}

/// Remembers a choice of language.
pub fn remember(response: &mut Response, language: Language, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{LANGUAGE_COOKIE}={language}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Server functions have no language in their address; the page that called them does.
fn of_referrer(headers: &HeaderMap) -> Option<Language> {
    let referrer = headers.get(header::REFERER)?.to_str().ok()?;
    let (_, rest) = referrer.split_once("://")?;
    in_path(rest.find('/').map_or("", |slash| &rest[slash..]).split(['?', '#']).next()?)
}

/// The first language of `Accept-Language` (by weight) that the shop speaks.
fn accepted(headers: &HeaderMap) -> Language {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wishes: Vec<(u16, Language)> = header
        .split(',')
        .filter_map(|wish| {
            let (tag, weight) = wish.trim().split_once(";q=").unwrap_or((wish.trim(), "1"));
            let language = tag.split('-').next()?.to_ascii_lowercase().parse().ok()?;
            let weight = weight.parse::<f32>().ok().filter(|w| (0.0..=1.0).contains(w))?;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Some(((weight * 1000.0) as u16, language))
        })
        .collect();
    wishes.sort_by_key(|wish| std::cmp::Reverse(wish.0));
    wishes.first().map_or_else(Language::default, |wish| wish.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        [(name.parse().unwrap(), HeaderValue::from_static(value))].into_iter().collect()
    }

    #[test]
    fn the_language_a_browser_would_rather_have() {
        let of = |value| accepted(&headers("accept-language", value));
        assert_eq!(of("en-GB,en;q=0.9,es;q=0.8"), Language::En);
        assert_eq!(of("fr,es;q=0.5,en;q=0.4"), Language::Es);
        assert_eq!(of("de"), Language::Es);
        assert_eq!(of("en;q=abc, es;q=0.1"), Language::Es);
    }

    #[test]
    fn cookies_and_referrers() {
        assert_eq!(cookie(&headers("cookie", "a=1; cart=x.y; b=2"), "cart"), Some("x.y"));
        assert_eq!(of_referrer(&headers("referer", "https://shop.example/en/p/bowl?x=/es/")), Some(Language::En));
        assert_eq!(of_referrer(&headers("referer", "https://shop.example")), None);
    }
}
