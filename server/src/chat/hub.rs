//! Who on this node follows which conversation. News of a log is followed by one read of what is new in it, shared by
//! all its followers; whoever misses something by that reads it for themselves.

use axum::extract::ws::Utf8Bytes;
use domain::{
    chat::{Author, Entry, Tell},
    ids::ConversationId,
};
use shop::{
    Shop,
    chat::{self, Hint, News, Writing},
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// How many pieces of news wait for one link. One that takes them more slowly is cut.
const WAITING: usize = 64;
/// Entries of one read.
const AT_ONCE: u32 = 100;
/// Staff hears of changed lists at most this often.
const LISTS: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    shop: Shop,
    rooms: Mutex<HashMap<ConversationId, Room>>,
    desks: Mutex<HashMap<u64, mpsc::Sender<Arc<Heard>>>>,
    lists_changed: Notify,
    links: AtomicU64,
}

#[derive(Default)]
struct Room {
    followers: Vec<Follower>,
    /// The number up to which news was handed on, once there was any.
    has: Option<u64>,
    /// The number that the log is known to have reached.
    reached: u64,
    reading: bool,
}

struct Follower {
    link: u64,
    side: Author,
    out: mpsc::Sender<Arc<Heard>>,
    cut: CancellationToken,
}

/// What a link hears.
pub(super) enum Heard {
    /// Entries after one number up to another, as they are sent to this side.
    Entries {
        conversation: ConversationId,
        after: u64,
        upto: u64,
        text: Utf8Bytes,
    },
    /// The other side is writing.
    Writing(Utf8Bytes, ConversationId),
    Lists,
}

/// A socket's end of the hub.
pub(super) struct Link {
    id: u64,
    side: Author,
    hub: Hub,
    out: mpsc::Sender<Arc<Heard>>,
    pub(super) heard: mpsc::Receiver<Arc<Heard>>,
    /// It takes news too slowly.
    pub(super) cut: CancellationToken,
}

impl Hub {
    pub(super) fn new(shop: Shop) -> Self {
        Self(Arc::new(Inner {
            shop,
            rooms: Mutex::default(),
            desks: Mutex::default(),
            lists_changed: Notify::new(),
            links: AtomicU64::new(0),
        }))
    }

    pub(super) fn link(&self, side: Author) -> Link {
        let id = self.0.links.fetch_add(1, Ordering::Relaxed);
        let (out, heard) = mpsc::channel(WAITING);
        if side == Author::Staff {
            locked(&self.0.desks).insert(id, out.clone());
        }
        Link { id, side, hub: self.clone(), out, heard, cut: CancellationToken::new() }
    }

    /// News from this node or another.
    pub fn hear(&self, news: News) {
        match news {
            News::Reached(hint) => {
                self.reached(hint);
                self.0.lists_changed.notify_one();
            }
            News::Writing(writing) => self.writing(&writing),
        }
    }

    /// Compares every followed conversation with the database: news may have been lost.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn catch_up(&self) -> Result<(), shop::Failure<std::convert::Infallible>> {
        let followed: Vec<ConversationId> = locked(&self.0.rooms).keys().copied().collect();
        for some in followed.chunks(1000) {
            for hint in chat::last_numbers(&self.0.shop, some).await? {
                self.reached(hint);
            }
        }
        self.0.lists_changed.notify_one();
        Ok(())
    }

    fn reached(&self, hint: Hint) {
        let mut rooms = locked(&self.0.rooms);
        let Some(room) = rooms.get_mut(&hint.conversation) else { return };
        // Where nothing was handed on yet, everything before this is for each follower to read.
        let has = *room.has.get_or_insert(hint.seq.saturating_sub(1));
        room.reached = room.reached.max(hint.seq);
        if room.reached > has && !room.reading {
            room.reading = true;
            tokio::spawn(self.clone().read(hint.conversation));
        }
    }

    /// Reads what is new and hands it on, until nothing is.
    async fn read(self, conversation: ConversationId) {
        while let Some(after) = self.behind(conversation) {
            let entries = match chat::new_entries(&self.0.shop, conversation, after, AT_ONCE).await {
                Ok(entries) if !entries.is_empty() => entries,
                Ok(_) => return self.stop_reading(conversation),
                Err(error) => {
                    // The next look finds it.
                    tracing::warn!(%error, "news of a conversation could not be read");
                    return self.stop_reading(conversation);
                }
            };
            self.hand_on(conversation, after, entries);
        }
    }

    /// The number from which on this room lacks something. Without one, reading has stopped: under the same lock, so
    /// that news which comes now begins it anew.
    fn behind(&self, conversation: ConversationId) -> Option<u64> {
        let mut rooms = locked(&self.0.rooms);
        let room = rooms.get_mut(&conversation)?;
        let after = room.has.filter(|&has| has < room.reached);
        room.reading = after.is_some();
        after
    }

    fn stop_reading(&self, conversation: ConversationId) {
        if let Some(room) = locked(&self.0.rooms).get_mut(&conversation) {
            room.reading = false;
        }
    }

    fn hand_on(&self, conversation: ConversationId, after: u64, entries: Vec<Entry>) {
        let Some(upto) = entries.last().map(|entry| entry.seq) else { return };
        let last = locked(&self.0.rooms).get(&conversation).map_or(upto, |room| room.reached.max(upto));
        let heard = |entries| {
            let text = said(&Tell::Entries { conversation, entries, last });
            Arc::new(Heard::Entries { conversation, after, upto, text })
        };
        let to_shopper = heard(entries.iter().cloned().map(Entry::for_shopper).collect());
        let to_staff = heard(entries);
        let mut rooms = locked(&self.0.rooms);
        let Some(room) = rooms.get_mut(&conversation) else { return };
        room.has = Some(upto);
        for follower in &room.followers {
            follower.tell(if follower.side == Author::Shopper { &to_shopper } else { &to_staff });
        }
    }

    fn writing(&self, writing: &Writing) {
        let conversation = writing.conversation;
        let text = said(&Tell::Typing { conversation, name: writing.name.clone() });
        let heard = Arc::new(Heard::Writing(text, conversation));
        let rooms = locked(&self.0.rooms);
        let Some(room) = rooms.get(&conversation) else { return };
        for follower in room.followers.iter().filter(|follower| follower.side != writing.author || writing.author == Author::Staff) {
            // Nobody is cut for what is of no use later.
            let _ = follower.out.try_send(Arc::clone(&heard));
        }
    }

    /// Tells staff that lists changed: at once, and then not again for a moment.
    pub(super) async fn tell_of_lists(self, closing: CancellationToken) {
        loop {
            tokio::select! { () = closing.cancelled() => return, () = self.0.lists_changed.notified() => {} }
            let heard = Arc::new(Heard::Lists);
            for desk in locked(&self.0.desks).values() {
                let _ = desk.try_send(Arc::clone(&heard));
            }
            tokio::select! { () = closing.cancelled() => return, () = tokio::time::sleep(LISTS) => {} }
        }
    }

    /// How many links on this node follow a conversation.
    #[must_use]
    pub fn followers(&self, conversation: ConversationId) -> usize {
        locked(&self.0.rooms).get(&conversation).map_or(0, |room| room.followers.len())
    }

    /// How many conversations are followed on this node.
    #[must_use]
    pub fn followed(&self) -> usize {
        locked(&self.0.rooms).len()
    }
}

impl Follower {
    fn tell(&self, heard: &Arc<Heard>) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.out.try_send(Arc::clone(heard)) {
            self.cut.cancel();
        }
    }
}

impl Link {
    pub(super) fn follow(&self, conversation: ConversationId) {
        let mut rooms = locked(&self.hub.0.rooms);
        let room = rooms.entry(conversation).or_default();
        if !room.followers.iter().any(|follower| follower.link == self.id) {
            room.followers.push(Follower { link: self.id, side: self.side, out: self.out.clone(), cut: self.cut.clone() });
        }
    }

    /// This link has everything up to a number. Where nothing was handed on yet, it begins there.
    pub(super) fn has(&self, conversation: ConversationId, upto: u64) {
        if let Some(room) = locked(&self.hub.0.rooms).get_mut(&conversation) {
            room.has.get_or_insert(upto);
        }
    }

    pub(super) fn leave(&self, conversation: ConversationId) {
        let mut rooms = locked(&self.hub.0.rooms);
        if let Some(room) = rooms.get_mut(&conversation) {
            room.followers.retain(|follower| follower.link != self.id);
            if room.followers.is_empty() {
                rooms.remove(&conversation);
            }
        }
    }

    /// The end of a link that followed these.
    pub(super) fn end(&self, followed: impl Iterator<Item = ConversationId>) {
        followed.for_each(|conversation| self.leave(conversation));
        locked(&self.hub.0.desks).remove(&self.id);
    }
}

/// As it is sent.
pub(super) fn said(tell: &Tell) -> Utf8Bytes {
    // What we tell has no map with keys of another kind than text: this cannot fail.
    serde_json::to_string(tell).unwrap_or_default().into()
}

/// Nothing under these locks can panic halfway.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
