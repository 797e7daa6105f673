//! Live chat on this node: sockets of shoppers and staff, what happened elsewhere, and files. Postgres has the truth;
//! everything here may be lost at any moment, and nothing said is.

mod desk_form;
mod door;
pub mod fan_out;
mod files;
mod hub;
mod pace;
mod socket;

pub use hub::Hub;
pub use pace::Pace;

use crate::{guards, router::Server, visitor};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use domain::chat::MOST_BYTES;
use fan_out::FanOut;
use shop::Shop;
use std::sync::Arc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// What a form carries besides its files.
const REST_OF_A_FORM: usize = 256 * 1024;

/// What the sockets of a node share.
#[derive(Clone)]
pub struct Chat {
    pub hub: Hub,
    pace: Pace,
    tasks: TaskTracker,
    closing: CancellationToken,
}

impl Chat {
    /// Begins to hear what happens on other nodes. `closing`: sockets are told to come again; `tasks` waits for them.
    #[must_use]
    pub fn open(shop: &Shop, fan_out: Arc<dyn FanOut>, pace: Pace, tasks: &TaskTracker, closing: &CancellationToken) -> Self {
        let hub = Hub::new(shop.clone());
        tasks.spawn(fan_out::hear(fan_out, hub.clone(), closing.clone()));
        tasks.spawn(hub.clone().tell_of_lists(closing.clone()));
        Self { hub, pace, tasks: tasks.clone(), closing: closing.clone() }
    }
}

/// The sockets. They know their visitor by the same cookies as pages do.
pub fn sockets(server: &Server) -> Router<Server> {
    Router::new()
        .route("/ws/chat", get(door::of_shopper))
        .route("/ws/desk", get(door::of_staff))
        .layer(from_fn_with_state(server.clone(), visitor::know))
}

/// Files, which are larger than what forms send elsewhere.
pub fn files(server: &Server) -> Router<Server> {
    Router::new()
        .route("/chat/files", post(files::store).layer(DefaultBodyLimit::max(MOST_BYTES + REST_OF_A_FORM)))
        .route("/chat/files/{id}", get(files::fetch))
        .layer(from_fn_with_state(server.clone(), visitor::know))
        .layer(from_fn_with_state(server.clone(), guards::same_origin))
}
