//! Figures for Prometheus: requests by route, the database pool, jobs, carts, orders, payments.

use crate::router::Server;
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use shop::{Shop, settings::Secret};
use std::{net::SocketAddr, time::Duration};
use subtle::ConstantTimeEq;

const LATENCY_BUCKETS: [f64; 12] = [0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Installs the recorder; once a process.
///
/// # Errors
/// There is one already.
pub fn install() -> anyhow::Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &LATENCY_BUCKETS)?;
    Ok(builder.install_recorder()?)
}

/// Puts the route that a request matched on its answer, for [`count`].
pub async fn name_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Counts and times a request under the route it matched.
pub fn count(method: &Method, response: &Response, took: Duration) {
    let route = response.extensions().get::<MatchedPath>().map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let status = response.status().as_u16().to_string();
    metrics::histogram!("http_request_duration_seconds", "method" => name_of(method), "route" => route, "status" => status)
        .record(took.as_secs_f64());
}

/// Anybody may make up methods; each would be a figure kept for good.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

/// `/metrics`: what was counted, and what the database says of now.
pub async fn page(State(server): State<Server>, ConnectInfo(peer): ConnectInfo<SocketAddr>, headers: HeaderMap) -> Response {
    if !may_read(peer, &headers, server.metrics_token.as_ref()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let shop = &server.shop;
    metrics::gauge!("database_connections").set(f64::from(shop.db.size()));
    metrics::gauge!("database_connections_idle").set(u32::try_from(shop.db.num_idle()).map_or(f64::MAX, f64::from));
    if let Err(error) = read_database(shop).await {
        tracing::warn!(%error, "the database's figures could not be read");
    }
    ([("content-type", "text/plain; version=0.0.4")], server.metrics.render()).into_response()
}

/// They cost the database a look at whole tables and are nobody else's business: for who is on this machine, not merely
/// behind a proxy on it, and for who knows the token.
fn may_read(peer: SocketAddr, headers: &HeaderMap, token: Option<&Secret>) -> bool {
    let is_here = peer.ip().to_canonical().is_loopback() && !headers.contains_key("x-forwarded-for");
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    let knows_it = said.zip(token).is_some_and(|(said, token)| said.as_bytes().ct_eq(token.0.as_bytes()).into());
    is_here || knows_it
}

async fn read_database(shop: &Shop) -> Result<(), sqlx::Error> {
    let counts: Vec<(String, String, i64)> = sqlx::query_as(COUNTS).fetch_all(&shop.db).await?;
    for (name, state, count) in counts {
        let count = i32::try_from(count).map_or(f64::MAX, f64::from);
        metrics::gauge!(name, "state" => state).set(count);
    }
    Ok(())
}

/// With every state that there can be: a figure whose last row left that state has to become zero.
const COUNTS: &str = "
    with counted (name, state, count) as (
        select 'jobs', case when done_at is not null then 'failed' when attempts > 0 then 'retrying' else 'waiting' end, count(*)
            from job where done_at is null or last_error is not null group by 2
        union all select 'carts', 'open', count(*) from cart
        union all select 'orders', state, count(*) from orders group by state
        union all select 'payment_attempts', state, count(*) from payment_attempt group by state
        union all select 'webhooks', 'waiting', count(*) from webhook_inbox where processed_at is null
    ), known (name, states) as (values
        ('jobs', array['waiting', 'retrying', 'failed']),
        ('carts', array['open']),
        ('orders', array['placed', 'paid', 'packed', 'shipped', 'delivered', 'cancelled']),
        ('payment_attempts', array['created', 'open', 'processing', 'paid', 'failed', 'expired', 'refused']),
        ('webhooks', array['waiting'])
    )
    select name, state, coalesce(count, 0) from known cross join unnest(states) as state left join counted using (name, state)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_for_this_machine_and_who_knows_the_token() {
        let token = Secret("a token of the tests".to_owned());
        let may = |peer: &str, header: Option<(&'static str, &str)>| {
            let headers = header.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            may_read(peer.parse().unwrap(), &headers, Some(&token))
        };
        assert!(may("127.0.0.1:4000", None) && may("[::1]:4000", None) && may("[::ffff:127.0.0.1]:4000", None));
        assert!(!may("203.0.113.9:4000", None) && !may("127.0.0.1:4000", Some(("x-forwarded-for", "203.0.113.9"))));
        assert!(may("203.0.113.9:4000", Some(("authorization", "Bearer a token of the tests"))));
        assert!(!may("203.0.113.9:4000", Some(("authorization", "Bearer "))));
        assert!(!may_read("203.0.113.9:4000".parse().unwrap(), &HeaderMap::new(), None));
    }
}
