//! A conversation's log as a browser holds it: entries in order without a gap, what was said and is not in it yet, and
//! how far the other side has come. Pure, so that it can be tried without a browser.

use domain::{
    chat::{Attachment, Author, ChatRefusal, Conversation, Entry, EntryKind},
    ids::ConversationId,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Log {
    pub entries: Vec<Entry>,
    /// Up to where the staff's side has received it, and seen it.
    pub staff_delivered: u64,
    pub staff_read: u64,
    /// Up to where it was seen here.
    pub shopper_read: u64,
}

/// What became of entries that arrived.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// They go on where the log ended; these are the staff's new messages among them, by their place in the log.
    New(Vec<usize>),
    /// Something between the log's end and them is missing.
    Gap,
}

impl Log {
    #[must_use]
    pub fn of(conversation: &Conversation) -> Self {
        let Conversation { staff_delivered, staff_read, shopper_read, .. } = *conversation;
        Self { entries: Vec::new(), staff_delivered, staff_read, shopper_read }
    }

    /// The last number there is everything up to.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    /// Adds what is new. What is here already is dropped, however often it comes.
    pub fn take(&mut self, entries: Vec<Entry>) -> Taken {
        let mut new = Vec::new();
        for entry in entries {
            if entry.seq <= self.last() {
                continue;
            }
            if entry.seq != self.last() + 1 {
                return Taken::Gap;
            }
            self.mark(&entry);
            if entry.kind == EntryKind::Message && entry.author == Author::Staff {
                new.push(self.entries.len());
            }
            self.entries.push(entry);
        }
        Taken::New(new)
    }

    fn mark(&mut self, entry: &Entry) {
        let upto = entry.upto.unwrap_or_default();
        match (entry.kind, entry.author) {
            (EntryKind::Delivered, Author::Staff) => self.staff_delivered = self.staff_delivered.max(upto),
            (EntryKind::Read, Author::Staff) => {
                self.staff_read = self.staff_read.max(upto);
                self.staff_delivered = self.staff_delivered.max(upto);
            }
            (EntryKind::Read, Author::Shopper) => self.shopper_read = self.shopper_read.max(upto),
            _ => {}
        }
    }

    /// The number of the staff's last message.
    #[must_use]
    pub fn last_of_staff(&self) -> u64 {
        self.of_staff().last().map_or(0, |entry| entry.seq)
    }

    /// The staff's messages that were not seen here.
    #[must_use]
    pub fn unread(&self) -> u32 {
        u32::try_from(self.of_staff().filter(|entry| entry.seq > self.shopper_read).count()).unwrap_or(u32::MAX)
    }

    fn of_staff(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.kind == EntryKind::Message && entry.author == Author::Staff)
    }

    /// The shopper's last message, under which its way is shown.
    #[must_use]
    pub fn last_of_shopper(&self) -> Option<&Entry> {
        self.entries.iter().rfind(|entry| entry.kind == EntryKind::Message && entry.author == Author::Shopper)
    }

    #[must_use]
    pub fn way(&self, seq: u64) -> Way {
        if seq <= self.staff_read {
            Way::Read
        } else if seq <= self.staff_delivered {
            Way::Delivered
        } else {
            Way::Sent
        }
    }

    /// Nobody of the staff has said anything yet.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.of_staff().next().is_none()
    }

    /// Open, closed or open again, by the last entry that says so.
    #[must_use]
    pub fn is_closed(&self) -> Option<bool> {
        self.entries.iter().rev().find_map(|entry| match entry.kind {
            EntryKind::Closed => Some(true),
            EntryKind::Reopened | EntryKind::Opened => Some(false),
            _ => None,
        })
    }
}

/// How far a message of the shopper has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Sent,
    Delivered,
    Read,
}

/// What was said and the server has not confirmed: it survives a reload and a lost network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    pub conversation: ConversationId,
    /// The same for every try, so that it is said once.
    pub client_id: Uuid,
    pub body: String,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The server kept it; its entry is on the way.
    #[serde(default)]
    pub sent: bool,
    #[serde(default)]
    pub refused: Option<ChatRefusal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outbox(pub Vec<Outgoing>);

impl Outbox {
    pub fn add(&mut self, outgoing: Outgoing) {
        self.0.push(outgoing);
    }

    /// What is still to be sent, in order.
    pub fn waiting(&self) -> impl Iterator<Item = &Outgoing> {
        self.0.iter().filter(|outgoing| !outgoing.sent && outgoing.refused.is_none())
    }

    pub fn is_sent(&mut self, client_id: Uuid) {
        self.change(client_id, |outgoing| outgoing.sent = true);
    }

    pub fn is_refused(&mut self, client_id: Uuid, why: ChatRefusal) {
        self.change(client_id, |outgoing| outgoing.refused = Some(why));
    }

    pub fn try_again(&mut self, client_id: Uuid) {
        self.change(client_id, |outgoing| outgoing.refused = None);
    }

    pub fn discard(&mut self, client_id: Uuid) {
        self.0.retain(|outgoing| outgoing.client_id != client_id);
    }

    /// What is in the log needs no other place.
    pub fn settle(&mut self, log: &Log) {
        self.0.retain(|outgoing| !log.entries.iter().any(|entry| entry.client_id == Some(outgoing.client_id)));
    }

    fn change(&mut self, client_id: Uuid, change: impl FnOnce(&mut Outgoing)) {
        if let Some(outgoing) = self.0.iter_mut().find(|outgoing| outgoing.client_id == client_id) {
            change(outgoing);
        }
    }
}

/// A piece of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    /// An address of the web, to be followed.
    Link(String),
}

/// Takes addresses out of a text; what ends a sentence does not belong to them.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    for token in text.split_inclusive(char::is_whitespace) {
        let trimmed = token.trim_end().trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '»']);
        let rest = &token[trimmed.len()..];
        if (trimmed.starts_with("https://") || trimmed.starts_with("http://")) && trimmed.len() > "https://".len() {
            if !words.is_empty() {
                pieces.push(Piece::Words(std::mem::take(&mut words)));
            }
            pieces.push(Piece::Link(trimmed.to_owned()));
            words.push_str(rest);
        } else {
            words.push_str(token);
        }
    }
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::OffsetDateTime;

    fn entry(seq: u64, kind: EntryKind, author: Author) -> Entry {
        Entry {
            seq,
            kind,
            author,
            name: String::new(),
            body: String::new(),
            attachments: Vec::new(),
            client_id: None,
            rating: None,
            to: None,
            upto: None,
            at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn mark(seq: u64, kind: EntryKind, author: Author, upto: u64) -> Entry {
        Entry { upto: Some(upto), ..entry(seq, kind, author) }
    }

    #[test]
    fn what_comes_twice_is_there_once_and_a_gap_is_noticed() {
        let mut log = Log::default();
        let (one, two) = (entry(1, EntryKind::Opened, Author::Shopper), entry(2, EntryKind::Message, Author::Staff));
        assert_eq!(log.take(vec![one.clone(), two.clone()]), Taken::New(vec![1]));
        assert_eq!(log.take(vec![one, two]), Taken::New(vec![]));
        assert_eq!(log.take(vec![entry(4, EntryKind::Message, Author::Staff)]), Taken::Gap);
        assert_eq!((log.last(), log.entries.len()), (2, 2));
        assert_eq!(
            log.take(vec![entry(3, EntryKind::Note, Author::Staff), entry(4, EntryKind::Message, Author::Staff)]),
            Taken::New(vec![3])
        );
    }

    #[test]
    fn marks_say_how_far_a_message_has_come() {
        let mut log = Log::default();
        log.take(vec![entry(1, EntryKind::Message, Author::Shopper)]);
        assert_eq!(log.way(1), Way::Sent);
        log.take(vec![mark(2, EntryKind::Delivered, Author::Staff, 1)]);
        assert_eq!(log.way(1), Way::Delivered);
        log.take(vec![mark(3, EntryKind::Read, Author::Staff, 1)]);
        assert_eq!(log.way(1), Way::Read);
        log.take(vec![entry(4, EntryKind::Message, Author::Staff), entry(5, EntryKind::Message, Author::Staff)]);
        assert_eq!((log.unread(), log.last_of_staff()), (2, 5));
        log.take(vec![mark(6, EntryKind::Read, Author::Shopper, 5)]);
        assert_eq!(log.unread(), 0);
    }

    #[test]
    fn what_waits_is_sent_until_the_log_has_it() {
        let id = Uuid::from_u128;
        let outgoing = |n| Outgoing {
            conversation: ConversationId(id(9)),
            client_id: id(n),
            body: "hello".into(),
            attachments: vec![],
            sent: false,
            refused: None,
        };
        let mut outbox = Outbox::default();
        outbox.add(outgoing(1));
        outbox.add(outgoing(2));
        outbox.is_sent(id(1));
        outbox.is_refused(id(2), ChatRefusal::TooFast);
        assert_eq!(outbox.waiting().count(), 0);
        outbox.try_again(id(2));
        assert_eq!(outbox.waiting().map(|o| o.client_id).collect::<Vec<_>>(), [id(2)]);
        let mut log = Log::default();
        log.take(vec![Entry { client_id: Some(id(1)), ..entry(1, EntryKind::Message, Author::Shopper) }]);
        outbox.settle(&log);
        assert_eq!(outbox.0.len(), 1);
        let kept = serde_json::to_string(&outbox).unwrap();
        assert_eq!(serde_json::from_str::<Outbox>(&kept).unwrap(), outbox);
    }

    #[test]
    fn addresses_in_a_text_are_links() {
        let link = |text: &str| Piece::Link(text.into());
        let words = |text: &str| Piece::Words(text.into());
        assert_eq!(pieces("See https://a.example/x?y=1. Good"), [words("See "), link("https://a.example/x?y=1"), words(". Good")]);
        assert_eq!(pieces("javascript:alert(1) https://"), [words("javascript:alert(1) https://")]);
    }
}
