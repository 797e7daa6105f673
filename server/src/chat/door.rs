//! Where sockets come in: who it is by the same cookies as pages, and whether their address has a place for one more.

use super::socket::Connection;
use crate::{limits::Place, router::Server, visitor};
use axum::{
    Extension,
    extract::{
        ConnectInfo, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::staff::Permission;
use shop::{Actor, account::session, chat::Who, signing};
use std::net::SocketAddr;

/// The longest question: a message of the most characters, each as JSON writes it at its longest.
const LONGEST: usize = 32 * 1024;
/// What tungstenite reads at once; its default takes 128 KB of every link.
const READ_BUFFER: usize = 4096;

/// `GET /ws/chat`: a shopper with the cookie of a chatting browser, or an account.
pub async fn of_shopper(
    State(server): State<Server>,
    Extension(actor): Extension<Actor>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let cookie = visitor::cookie(&headers, signing::VISITOR_COOKIE);
    let visitor = cookie.and_then(|value| signing::visitor_from_cookie(&server.shop.settings, value));
    if visitor.is_none() && actor.customer().is_none() {
        return StatusCode::FORBIDDEN.into_response();
    }
    open(&server, Who::shopper(&actor, visitor), None, place(&server, &headers, peer), upgrade)
}

/// `GET /ws/desk`: somebody of the staff who answers shoppers.
pub async fn of_staff(
    State(server): State<Server>,
    Extension(actor): Extension<Actor>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if actor.staff().is_none() || !actor.may(Permission::Converse) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let session = visitor::cookie(&headers, session::STAFF_COOKIE).map(str::to_owned);
    open(&server, Who::staff(&actor), session, place(&server, &headers, peer), upgrade)
}

/// Where links are counted, a place among those of its address.
type Counted = Result<Option<Place>, Crowded>;

/// Its address holds too many links already.
struct Crowded;

fn place(server: &Server, headers: &HeaderMap, peer: SocketAddr) -> Counted {
    match &server.limits {
        Some(limits) => limits.take_place(headers, peer.ip()).map(Some).ok_or(Crowded),
        None => Ok(None),
    }
}

fn open(server: &Server, who: Who, session: Option<String>, counted: Counted, upgrade: WebSocketUpgrade) -> Response {
    let (shop, chat) = (server.shop.clone(), server.chat.clone());
    let upgrade = upgrade.read_buffer_size(READ_BUFFER).write_buffer_size(0).max_write_buffer_size(1024 * 1024);
    upgrade.max_message_size(LONGEST).max_frame_size(LONGEST).on_upgrade(move |socket| {
        let tasks = chat.tasks.clone();
        tasks.track_future(async move {
            match counted {
                Ok(place) => {
                    Connection::new(shop, chat, who, session, socket).run().await;
                    drop(place);
                }
                Err(Crowded) => turn_away(socket).await,
            }
        })
    })
}

/// A browser reads why only from a close frame, so the link is opened for it.
async fn turn_away(mut socket: WebSocket) {
    let reason = Utf8Bytes::from_static("too many links from this address");
    // Who has gone already needs no reason.
    let _ = socket.send(Message::Close(Some(CloseFrame { code: close_code::POLICY, reason }))).await;
}
