//! How often one address may ask, by what it costs us: a clear 429 instead of a shop that is slow for all.

use crate::{config::Switch, router::Server, turned_away::Asker};
use app::{boundary::AppError, turned_away::TurnedAway};
use axum::{
    Json,
    extract::{ConnectInfo, Request},
    http::{HeaderMap, Method},
    response::{IntoResponse, Response},
};
use domain::orders::OrderRefusal;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

/// Where an order is looked up by its number.
const LOOK_UP: &str = "/api/orders/find";

/// Where browsers say what they measured.
const BEACON: &str = "/beacon";

/// Where whoever asks has the shop write to an address.
const LETTERS: [&str; 3] = ["/api/account/register", "/api/account/send-link", "/api/desk/forgotten"];
/// Where passwords and codes are tried. Tries are counted by account as well: this is for who tries many accounts.
const ENTRANCES: [&str; 4] = ["/api/account/log-in", "/api/account/confirm", "/api/desk/log-in", "/api/desk/code"];

/// The prices of a request.
pub struct Limits {
    reading: DefaultKeyedRateLimiter<IpAddr>,
    changing: DefaultKeyedRateLimiter<IpAddr>,
    /// Guessing order numbers, at [`LOOK_UP`].
    guessing: DefaultKeyedRateLimiter<IpAddr>,
    /// [`LETTERS`]
    writing: DefaultKeyedRateLimiter<IpAddr>,
    /// [`ENTRANCES`]: a whole office may begin its day at one address.
    entering: DefaultKeyedRateLimiter<IpAddr>,
    /// Links of the chat that are open now.
    links: Mutex<HashMap<IpAddr, usize>>,
    trusted_proxies: usize,
}

/// How many links of the chat one address may hold: an office of many people with several windows each.
pub const MOST_LINKS: usize = 250;

/// One open link's place; given back when it is dropped.
pub struct Place {
    limits: Arc<Limits>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut links = self.limits.links.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = links.get_mut(&self.address) {
            *open -= 1;
            if *open == 0 {
                links.remove(&self.address);
            }
        }
    }
}

impl Limits {
    /// Nothing where limits are switched off.
    #[must_use]
    pub fn new(switch: Switch, trusted_proxies: usize) -> Option<Arc<Self>> {
        let limiter = |per_minute: u32, burst: u32| {
            let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
            RateLimiter::keyed(quota.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN)))
        };
        (switch == Switch::On).then(|| {
            Arc::new(Self {
                reading: limiter(1200, 300),
                changing: limiter(240, 80),
                guessing: limiter(6, 6),
                writing: limiter(6, 6),
                entering: limiter(30, 30),
                links: Mutex::default(),
                trusted_proxies,
            })
        })
    }

    /// Seconds to wait, when this request is one too many.
    fn check(&self, request: &Request) -> Option<u64> {
        let path = request.uri().path();
        let limiter = match *request.method() {
            _ if path == LOOK_UP => &self.guessing,
            _ if LETTERS.contains(&path) => &self.writing,
            _ if ENTRANCES.contains(&path) => &self.entering,
            // Every page that is left says something: it must not use up what forms may ask.
            _ if path == BEACON => &self.reading,
            Method::GET | Method::HEAD => &self.reading,
            _ => &self.changing,
        };
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())?;
        let visitor = network(visitor(request.headers(), peer, self.trusted_proxies).to_canonical());
        let wait = limiter.check_key(&visitor).err()?.wait_time_from(DefaultClock::default().now());
        Some(wait.as_secs().max(1))
    }

    /// A place for one more link of the chat, unless its address has enough.
    #[must_use]
    pub fn take_place(self: &Arc<Self>, headers: &HeaderMap, peer: IpAddr) -> Option<Place> {
        let address = network(visitor(headers, peer, self.trusted_proxies).to_canonical());
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let open = links.entry(address).or_default();
        if *open >= MOST_LINKS {
            return None;
        }
        *open += 1;
        Some(Place { limits: Arc::clone(self), address })
    }

    /// Forgets addresses that have not asked for a while.
    pub fn forget_idle(&self) {
        for limiter in [&self.reading, &self.changing, &self.guessing, &self.writing, &self.entering] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// The address that asked: the peer, or what the outermost of our own proxies saw.
fn visitor(headers: &HeaderMap, peer: IpAddr, trusted_proxies: usize) -> IpAddr {
    if trusted_proxies == 0 {
        return peer;
    }
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .collect();
    hops.len().checked_sub(trusted_proxies).and_then(|index| hops[index].parse().ok()).unwrap_or(peer)
}

/// One household has a whole /64 of IPv6 to choose from.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let s = v6.segments();
            IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
        }
    }
}

/// The answer to what comes too often.
#[must_use]
pub fn refuse(server: &Server, request: &Request) -> Option<Response> {
    let limits = server.limits.as_ref()?;
    let seconds = if is_free(request.uri().path()) { None } else { limits.check(request) }?;
    let asker = Asker::of(request);
    let mut response = asker.tell(&TurnedAway::TooMany { seconds }, server);
    // The form that is awake says it in the page's own words.
    if request.uri().path() == LOOK_UP && !asker.is_browsing() {
        let refusal = AppError::Refused(OrderRefusal::TooManyTries { seconds: u32::try_from(seconds).unwrap_or(u32::MAX) });
        let (parts, body) = Json(refusal).into_response().into_parts();
        response.headers_mut().extend(parts.headers);
        *response.body_mut() = body;
    }
    Some(response)
}

/// What is served for nothing is not counted: pictures, scripts, styles, and what machines ask. Whatever else begins
/// with these names finds no route, and being told so costs us a page.
#[must_use]
pub fn is_free(path: &str) -> bool {
    matches!(path, "/health" | "/ready" | "/metrics" | "/webhooks/stripe")
        || path.starts_with("/pkg/")
        || (path.starts_with("/media/") && path.matches('/').count() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_is_only_what_there_is() {
        assert!(["/pkg/a.js", "/media/00/320.avif", "/health", "/webhooks/stripe"].into_iter().all(is_free));
        assert!(!["/media/x", "/media/a/b/c", "/healthz", "/metrics/x", "/webhooks/x", "/en", "/"].into_iter().any(is_free));
    }

    #[test]
    fn visitors_over_ipv4_do_not_share_a_limit_on_a_socket_for_both() {
        let of = |address: &str| network(address.parse::<IpAddr>().unwrap().to_canonical());
        assert_ne!(of("::ffff:203.0.113.9"), of("::ffff:203.0.113.10"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
    }

    #[test]
    fn behind_proxies_the_address_is_what_the_outermost_of_ours_saw() {
        let peer: IpAddr = "10.0.0.1".parse().unwrap();
        let mut headers = HeaderMap::new();
        // The first entry is what the visitor claims.
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.9".parse().unwrap());
        assert_eq!(visitor(&headers, peer, 0), peer);
        assert_eq!(visitor(&headers, peer, 1), "203.0.113.9".parse::<IpAddr>().unwrap());
        assert_eq!(visitor(&headers, peer, 3), peer);
    }
}
