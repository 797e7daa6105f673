//! Every address the server answers, from the outside in: what is open to all, what passes the guards, and the
//! shop's pages behind the page cache.

use crate::{
    beacon,
    chat::{self, Chat},
    guards, health, inbound,
    limits::Limits,
    media, metrics, observe,
    page_cache::PageCache,
    seo, serve, site, tables, unhurried, unsubscribe, visitor, webhooks,
    workers::Wake,
};
use app::{routes::Routing, shell, shell::Assets};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::HeaderValue,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use metrics_exporter_prometheus::PrometheusHandle;
use sandbox::Sandbox;
use shop::{Shop, mail::MOST_MAIL, settings::Secret};
use std::{ops::Deref, path::Path, sync::Arc};
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// What the handlers share. Cheap to clone: it is, for every request.
#[derive(Clone)]
pub struct Server(Arc<Parts>);

pub struct Parts {
    pub shop: Shop,
    pub assets: Assets,
    pub pages: PageCache,
    pub limits: Option<Arc<Limits>>,
    pub metrics: PrometheusHandle,
    pub metrics_token: Option<Secret>,
    pub inbound_secret: Option<Secret>,
    pub wake: Wake,
    pub chat: Chat,
    pub public_url: Arc<str>,
    /// The merchant named the address: the shop is to be seen under no other.
    pub has_own_name: bool,
    pub security_policy: HeaderValue,
}

impl From<Parts> for Server {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Server {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

macro_rules! hand_out {
    ($($field:ident: $type:ty),+ $(,)?) => {$(
        impl FromRef<Server> for $type {
            fn from_ref(server: &Server) -> Self {
                server.$field.clone()
            }
        }
    )+};
}

hand_out!(shop: Shop, wake: Wake);

impl FromRef<Server> for LeptosOptions {
    fn from_ref(_: &Server) -> Self {
        Self::builder().output_name("vitrina").build()
    }
}

/// The whole server. `site` is the folder of the built front end; the sandbox shows its payment page here when
/// it is the payment service.
pub fn router(server: &Server, site: &Path, sandbox: Option<&Arc<Sandbox>>) -> Router {
    let pages = Router::new()
        .route("/", get(visitor::to_language))
        .route("/robots.txt", get(seo::robots))
        .route("/sitemap.xml", get(seo::sitemap))
        .route("/rules.json", get(seo::speculation_rules))
        .route("/{language}/desk/complaints.csv", get(tables::register))
        .route("/{language}/desk/promises.csv", get(tables::ledger))
        .route("/{language}/desk/reports.csv", get(tables::cases))
        .route("/{language}/desk/customers.csv", get(tables::customers))
        .route("/{language}/desk/quality/answers.csv", get(tables::answers))
        .route("/{language}/desk/quality/codebook.csv", get(tables::codebook))
        .merge(pages(server))
        .fallback(serve::not_found)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(server.clone(), serve::pages))
        .layer(from_fn_with_state(server.clone(), visitor::know));

    let mut guarded = Router::new().merge(pages);
    if let Some(sandbox) = sandbox {
        guarded = guarded.merge(sandbox::pay_router(sandbox).with_state(()));
    }
    let inside = guarded
        .merge(chat::sockets(server))
        .route("/beacon", post(beacon::tell))
        .layer(from_fn_with_state(server.clone(), guards::small_body))
        .layer(from_fn_with_state(server.clone(), guards::same_origin))
        .merge(chat::files(server))
        .route("/webhooks/stripe", post(webhooks::stripe).layer(DefaultBodyLimit::max(1024 * 1024)))
        .route("/unsubscribe/{language}/{token}", get(unsubscribe::page).post(unsubscribe::one_click))
        .route("/mail/inbound", post(inbound::receive).layer(DefaultBodyLimit::max(MOST_MAIL)))
        .route("/media/{hash}/{file}", get(media::picture))
        .merge(site::routes(site).with_state(()))
        .route("/health", get(health::live))
        .route("/ready", get(health::ready))
        .route("/metrics", get(metrics::page));
    around(inside, server)
}

/// What holds for every answer, whatever comes of the request. A router of its own in front of the others: layers are
/// copied for every request with all that they surround, and a page that is kept needs none of it.
pub fn around(inside: Router<Server>, server: &Server) -> Router {
    let inside = inside.layer(from_fn(metrics::name_route)).layer(from_fn(unhurried::wait_for_others)).with_state(server.clone());
    Router::new().fallback_service(inside).layer(from_fn_with_state(server.clone(), observe::observe))
}

/// The shop's pages and server functions.
fn pages(server: &Server) -> Router<Server> {
    let routes = generate_route_list(Routing);
    let context = {
        let (shop, apart, assets) = (server.shop.clone(), unhurried::apart(&server.shop), server.assets.clone());
        move || {
            provide_context(if unhurried::is_here() { apart.clone() } else { shop.clone() });
            provide_context(assets.clone());
        }
    };
    Router::new().leptos_routes_with_context(server, routes, context, shell::shell)
}
