//! A browser's end of the chat: what it asks and hears on a real socket.

use crate::support::{Node, SOON};
use domain::{
    Language,
    chat::{Ask, Conversation, Entry, Tell, Topic},
    ids::ConversationId,
};
use futures::{SinkExt, StreamExt};
use shop::{
    Actor, Shop,
    chat::{self, OpenConversation, Visitor},
};
use std::{collections::VecDeque, time::Duration};
use time::OffsetDateTime;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};
use uuid::Uuid;

pub const GUEST: Actor = Actor::Guest { cart: None };

pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Told, and not looked at yet.
    heard: VecDeque<Entry>,
}

impl Socket {
    /// `headers` besides those of the handshake; the status where it is refused.
    pub async fn open(origin: &str, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("{}{path}", origin.replacen("http", "ws", 1)).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self { stream, heard: VecDeque::new() }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// As this visitor's browser on a page of the shop.
    pub async fn of(node: &Node, visitor: Visitor) -> Self {
        Self::open(&node.origin, "/ws/chat", &[("cookie", &cookie(&node.shop, visitor)), ("origin", &node.origin)]).await.unwrap()
    }

    pub async fn ask(&mut self, ask: &Ask) {
        self.send(Message::text(serde_json::to_string(ask).unwrap())).await;
    }

    /// Whether the link still took it.
    pub async fn tries(&mut self, ask: &Ask) -> bool {
        self.stream.send(Message::text(serde_json::to_string(ask).unwrap())).await.is_ok()
    }

    pub async fn send(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// The next thing that is told.
    pub async fn hears(&mut self) -> Tell {
        match self.next().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("not a word: {other:?}"),
        }
    }

    /// Nothing is told for a while.
    pub async fn hears_nothing(&mut self) {
        let heard = tokio::time::timeout(Duration::from_millis(500), self.stream.next()).await;
        assert!(heard.is_err(), "{heard:?}");
    }

    async fn next(&mut self) -> Message {
        tokio::time::timeout(SOON, self.stream.next()).await.expect("something is told").expect("the link stands").unwrap()
    }

    /// Whether the next thing is a word, and not a close.
    pub async fn is_answered(&mut self) -> bool {
        matches!(self.next().await, Message::Text(_))
    }

    /// The code with which it is closed, whatever is told before.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.map_or(1005, |frame| frame.code.into());
            }
        }
    }

    /// Follows a conversation; everything after the number.
    pub async fn resumes(&mut self, conversation: ConversationId, after: u64) -> Vec<Entry> {
        self.ask(&Ask::Resume { conversation, after }).await;
        let mut all = Vec::new();
        loop {
            let Tell::Entries { entries, last, .. } = self.hears().await else { panic!("not entries") };
            all.extend(entries);
            if all.last().map_or(after, |entry| entry.seq) == last {
                return all;
            }
        }
    }

    /// The next entry that was told without being asked for.
    pub async fn entry(&mut self) -> Entry {
        loop {
            if let Some(entry) = self.heard.pop_front() {
                return entry;
            }
            match self.hears().await {
                Tell::Entries { entries, .. } => self.heard.extend(entries),
                Tell::Posted { .. } | Tell::Pong | Tell::Lists => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

/// A message that is asked to be posted, and its client's id.
pub fn message(conversation: ConversationId, body: &str) -> (Ask, Uuid) {
    let client_id = Uuid::new_v4();
    (Ask::Post { conversation, client_id, body: body.into(), attachments: Vec::new(), note: false }, client_id)
}

pub fn cookie(shop: &Shop, visitor: Visitor) -> String {
    format!("visitor={}", shop::signing::visitor_cookie(&shop.settings, visitor))
}

pub async fn begin(shop: &Shop, visitor: Visitor, body: &str) -> Conversation {
    let opening = OpenConversation {
        client_id: Uuid::new_v4(),
        language: Language::En,
        name: "Ana".into(),
        email: String::new(),
        topic: Topic::Other,
        body: body.into(),
        message_client_id: Uuid::new_v4(),
        page: "/en".into(),
        order: None,
    };
    chat::open(shop, &GUEST, visitor, opening, OffsetDateTime::now_utc()).await.unwrap()
}
