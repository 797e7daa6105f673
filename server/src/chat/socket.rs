//! One socket. It follows conversations, resumes each from a number, and answers every question that it was asked; what
//! it cannot do any more, it says by closing.

use super::{
    Chat, Pace,
    hub::{Heard, Link, said},
};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use domain::{
    chat::{Ask, Author, ChatRefusal, PATIENCE, Tell, close},
    ids::ConversationId,
};
use governor::DefaultDirectRateLimiter;
use shop::{
    Actor, Failure, Outcome, Shop,
    account::session,
    chat::{self, Post, Who},
};
use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};
use time::OffsetDateTime;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite;

/// How many conversations one link follows.
const MOST_FOLLOWED: usize = 200;
/// Entries of one answer.
const PAGE: u32 = 100;
/// How long a fault may last; a browser waits longer for its heartbeat's answer.
const TRIES: Duration = Duration::from_secs(PATIENCE as u64 / 2);
/// How often others hear that somebody is writing.
const WRITING: Duration = Duration::from_secs(2);
/// How often the database is told that a shopper is still looking; less than it takes them to be looking.
const LOOKING: Duration = Duration::from_secs(300);

pub(super) struct Connection {
    shop: Shop,
    chat: Chat,
    who: Who,
    /// Staff's; it may be ended elsewhere.
    session: Option<String>,
    socket: WebSocket,
    link: Link,
    /// Up to which number each conversation that it follows was sent.
    sent: HashMap<ConversationId, u64>,
    posts: DefaultDirectRateLimiter,
    asks: DefaultDirectRateLimiter,
    heard_at: Instant,
    wrote_at: Option<Instant>,
    looked_at: Option<Instant>,
}

/// The connection is over; with a code where the other side is told why.
struct Over(Option<(u16, &'static str)>);

type Going = Result<(), Over>;

fn over(code: u16, why: &'static str) -> Over {
    Over(Some((code, why)))
}

impl Connection {
    pub(super) fn new(shop: Shop, chat: Chat, who: Who, session: Option<String>, socket: WebSocket) -> Self {
        let side = if matches!(who, Who::Staff(_)) { Author::Staff } else { Author::Shopper };
        let (link, pace) = (chat.hub.link(side), chat.pace);
        Self {
            shop,
            chat,
            who,
            session,
            socket,
            link,
            sent: HashMap::new(),
            posts: Pace::limit(pace.posts),
            asks: Pace::limit(pace.asks),
            heard_at: Instant::now(),
            wrote_at: None,
            looked_at: None,
        }
    }

    pub(super) async fn run(mut self) {
        let Over(why) = loop {
            if let Err(over) = self.step().await {
                break over;
            }
        };
        self.link.end(self.sent.keys().copied());
        if let Some((code, reason)) = why {
            let frame = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }));
            // The other side has a moment to say goodbye; a dead one says nothing.
            let goodbye = async {
                if self.socket.send(frame).await.is_ok() {
                    while let Some(Ok(_)) = self.socket.recv().await {}
                }
            };
            let _ = tokio::time::timeout(Duration::from_secs(1), goodbye).await;
        }
        if self.looked_at.is_some() {
            Box::pin(self.looks(false)).await;
        }
    }

    async fn step(&mut self) -> Going {
        let silent_at = self.heard_at + self.chat.pace.silence;
        tokio::select! {
            () = self.chat.closing.cancelled() => Err(over(close::RESTART, "the shop restarts")),
            () = self.link.cut.cancelled() => Err(over(close::AGAIN, "too slow")),
            () = tokio::time::sleep_until(silent_at) => Err(over(close::SILENT, "nothing was heard")),
            message = self.socket.recv() => {
                self.heard_at = Instant::now();
                match message {
                    // What is asked takes far more room than a link that waits.
                    Some(Ok(message)) => Box::pin(self.asked(message)).await,
                    Some(Err(error)) => Err(broken(error)),
                    None => Err(Over(None)),
                }
            }
            heard = self.link.heard.recv() => match heard {
                Some(heard) => Box::pin(self.heard(&heard)).await,
                None => Err(Over(None)),
            },
        }
    }

    async fn asked(&mut self, message: Message) -> Going {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(over(close_code::UNSUPPORTED, "text only")),
            // Answered beneath us, with the next look at the link.
            Message::Close(_) | Message::Ping(_) | Message::Pong(_) => return Ok(()),
        };
        if self.asks.check().is_err() {
            return Err(over(close_code::POLICY, "too much is asked"));
        }
        let Ok(ask) = serde_json::from_str::<Ask>(&text) else {
            return Err(over(close_code::INVALID, "not understood"));
        };
        match ask {
            Ask::Resume { conversation, after } => self.resume(conversation, after).await,
            Ask::Leave { conversation } => {
                self.link.leave(conversation);
                self.sent.remove(&conversation);
                Ok(())
            }
            Ask::Post { conversation, client_id, body, attachments, note } => {
                self.post(conversation, Post { client_id, body, attachments, note }).await
            }
            Ask::Typing { conversation } => self.writes(conversation).await,
            Ask::Delivered { conversation, seq } => {
                let who = self.who;
                let marked = patiently(&self.shop, |shop| async move { chat::delivered(&shop, who, conversation, seq, now()).await }).await;
                self.refusal(conversation, marked).await
            }
            Ask::Read { conversation, seq } => {
                let who = self.who;
                let marked = patiently(&self.shop, |shop| async move { chat::read(&shop, who, conversation, seq, now()).await }).await;
                self.refusal(conversation, marked).await
            }
            Ask::Ping => self.ping().await,
        }
    }

    /// Follows first and reads then: what happens in between is heard, and dropped if it was read.
    async fn resume(&mut self, conversation: ConversationId, after: u64) -> Going {
        if self.sent.len() >= MOST_FOLLOWED && !self.sent.contains_key(&conversation) {
            return self.tell(&Tell::Refused { conversation, client_id: None, why: ChatRefusal::TooFast }).await;
        }
        self.link.follow(conversation);
        let replayed = self.replay(conversation, after, true).await;
        match self.sent.get(&conversation) {
            Some(&upto) => self.link.has(conversation, upto),
            None => self.link.leave(conversation),
        }
        replayed?;
        if self.sent.contains_key(&conversation) && matches!(self.who, Who::Shopper { .. }) {
            self.looks(true).await;
        }
        Ok(())
    }

    /// Sends everything after a number; `anyway` also when that is nothing.
    async fn replay(&mut self, conversation: ConversationId, mut after: u64, mut anyway: bool) -> Going {
        loop {
            let who = self.who;
            let read = patiently(&self.shop, |shop| async move { chat::entries(&shop, who, conversation, after, PAGE).await }).await;
            let read = match read {
                Ok(Some(read)) => read,
                Ok(None) => {
                    self.sent.remove(&conversation);
                    return self.tell(&Tell::Reset { conversation }).await;
                }
                Err(failure) => {
                    self.sent.remove(&conversation);
                    return self.refusal(conversation, Err(failure)).await;
                }
            };
            let upto = read.entries.last().map_or(after, |entry| entry.seq);
            if upto > after || anyway {
                self.tell(&Tell::Entries { conversation, entries: read.entries, last: read.last }).await?;
            }
            self.sent.insert(conversation, upto);
            if upto == after || upto >= read.last {
                return Ok(());
            }
            (after, anyway) = (upto, false);
        }
    }

    async fn post(&mut self, conversation: ConversationId, post: Post) -> Going {
        let client_id = post.client_id;
        if self.posts.check().is_err() {
            return self.tell(&Tell::Refused { conversation, client_id: Some(client_id), why: ChatRefusal::TooFast }).await;
        }
        let who = self.who;
        let said = |shop| {
            let post = post.clone();
            async move { chat::post(&shop, who, conversation, post, now()).await }
        };
        match patiently(&self.shop, said).await {
            Ok(seq) => self.tell(&Tell::Posted { conversation, client_id, seq }).await,
            Err(Failure::Refused(why)) => self.tell(&Tell::Refused { conversation, client_id: Some(client_id), why }).await,
            // What was asked after it must not come before it: the browser says both again.
            Err(Failure::Fault(fault)) => Err(failed(&fault)),
        }
    }

    /// Says what was refused, and nothing of what was done.
    async fn refusal(&mut self, conversation: ConversationId, outcome: Outcome<(), ChatRefusal>) -> Going {
        match outcome {
            Ok(()) => Ok(()),
            Err(Failure::Refused(why)) => self.tell(&Tell::Refused { conversation, client_id: None, why }).await,
            Err(Failure::Fault(fault)) => Err(failed(&fault)),
        }
    }

    async fn writes(&mut self, conversation: ConversationId) -> Going {
        let lately = self.wrote_at.is_some_and(|at| at.elapsed() < WRITING);
        if lately || !self.sent.contains_key(&conversation) {
            return Ok(());
        }
        self.wrote_at = Some(Instant::now());
        if let Err(fault) = chat::is_writing(&self.shop, self.who, conversation, now()).await {
            tracing::debug!(%fault, "nobody heard that somebody writes");
        }
        Ok(())
    }

    async fn ping(&mut self) -> Going {
        if let Who::Staff(actor) = self.who {
            let session = self.session.as_deref().unwrap_or_default();
            match patiently(&self.shop, |shop| still_at_work(shop, session, actor)).await {
                Ok(true) => {}
                Ok(false) | Err(Failure::Refused(_)) => return Err(over(close::STRANGER, "no more at work here")),
                Err(Failure::Fault(fault)) => return Err(failed(&fault)),
            }
        } else if self.looked_at.is_some_and(|at| at.elapsed() >= LOOKING) {
            self.looks(true).await;
        }
        self.tell(&Tell::Pong).await
    }

    /// Whether mail is needed depends on it, and nothing else: a fault is of no weight.
    async fn looks(&mut self, here: bool) {
        self.looked_at = Some(Instant::now());
        for &conversation in self.sent.keys() {
            if let Err(error) = chat::is_here(&self.shop, self.who, conversation, here, now()).await {
                tracing::debug!(%error, "it was not kept that a shopper looks");
            }
        }
    }

    async fn heard(&mut self, heard: &Arc<Heard>) -> Going {
        match &**heard {
            Heard::Entries { conversation, after, upto, text } => match self.sent.get_mut(conversation) {
                Some(sent) if *sent == *after => {
                    *sent = *upto;
                    self.send(Message::Text(text.clone())).await
                }
                Some(sent) if *sent < *upto => {
                    let sent = *sent;
                    self.replay(*conversation, sent, false).await
                }
                // It was sent already, or is followed no more.
                Some(_) | None => Ok(()),
            },
            Heard::Writing(text, conversation) if self.sent.contains_key(conversation) => self.send(Message::Text(text.clone())).await,
            Heard::Writing(..) => Ok(()),
            Heard::Lists => self.tell(&Tell::Lists).await,
        }
    }

    async fn tell(&mut self, tell: &Tell) -> Going {
        self.send(Message::Text(said(tell))).await
    }

    /// A link that takes nothing is given up; what it lacks is in the log.
    async fn send(&mut self, message: Message) -> Going {
        match tokio::time::timeout(self.chat.pace.stuck, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Over(None)),
        }
    }
}

fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

fn failed(fault: &shop::Fault) -> Over {
    tracing::error!("a socket is closed for a fault: {fault}");
    over(close::AGAIN, "something went wrong here")
}

/// The heartbeat of staff: the session counts still, and so does the lease.
async fn still_at_work(shop: Shop, session: &str, actor: Actor) -> Outcome<bool, ChatRefusal> {
    let found = session::of_staff(&shop, session, now()).await.map_err(|failure| failure.map_refusal(|never| match never {}))?;
    let counts = found.is_some_and(|found| found.complete && Some(found.member.id) == actor.staff());
    if counts {
        chat::keep_presence(&shop, &actor, now()).await?;
    }
    Ok(counts)
}

/// Every intent may be tried again: messages by their ids, marks by their numbers. A database that was restarted
/// answers within moments.
async fn patiently<T, F>(shop: &Shop, mut attempt: impl FnMut(Shop) -> F + Send) -> Outcome<T, ChatRefusal>
where
    F: Future<Output = Outcome<T, ChatRefusal>> + Send,
{
    let (begun, mut pause) = (Instant::now(), Duration::from_millis(30));
    loop {
        match attempt(shop.clone()).await {
            Err(Failure::Fault(fault)) if begun.elapsed() + pause < TRIES => {
                tracing::warn!("trying once more: {fault}");
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            outcome => return outcome,
        }
    }
}

/// What the other side did wrong, in the code that RFC 6455 has for it.
fn broken(error: axum::Error) -> Over {
    let error = error.into_inner();
    match error.downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => over(close_code::SIZE, "too long"),
        Some(tungstenite::Error::Utf8(_)) => over(close_code::INVALID, "not UTF-8"),
        Some(tungstenite::Error::Protocol(
            tungstenite::error::ProtocolError::ResetWithoutClosingHandshake | tungstenite::error::ProtocolError::SendAfterClosing,
        )) => Over(None),
        Some(tungstenite::Error::Protocol(_)) => over(close_code::PROTOCOL, "against the protocol"),
        _ => Over(None),
    }
}
