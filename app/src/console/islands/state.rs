//! What the island knows: lists, the open conversation and what is on its way. The log's numbers decide what is new.

use super::{
    notices, socket,
    start::{Notice, Start},
};
use crate::{
    console::{
        api::{Lists, fetch_lists},
        words::ConsoleWords,
    },
    fill::fill,
};
use domain::{
    chat::{Ask, Attachment, Author, ConversationState, Entry, EntryKind, Listed, Tell},
    format,
    ids::{ConversationId, StaffId},
};
use gloo_timers::callback::{Interval, Timeout};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, fmt::Display};
use time::{Duration, OffsetDateTime, UtcOffset};
use uuid::Uuid;

/// Hints come in crowds: the lists are asked for once in so many milliseconds at the most.
const LISTS_REST: u32 = 1500;
/// How long somebody counts as writing after their last letter.
const TYPING_LASTS: u32 = 6000;

/// A message that the server has not numbered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) client_id: Uuid,
    pub(super) body: String,
    #[serde(default)]
    pub(super) files: Vec<Attachment>,
    pub(super) note: bool,
    /// Why it was refused.
    pub(super) refused: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Connecting,
    Live,
    Lost,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typist {
    pub(super) name: String,
    pub(super) is_colleague: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) start: StoredValue<Start>,
    words: StoredValue<ConsoleWords>,
    pub(super) lists: RwSignal<Lists>,
    pub(super) now: RwSignal<OffsetDateTime>,
    /// The open conversation's head, as it is now.
    pub(super) head: RwSignal<Option<Listed>>,
    pub(super) entries: RwSignal<Vec<Entry>>,
    pub(super) pending: RwSignal<Vec<Pending>>,
    /// Up to where the shopper has received and seen it.
    pub(super) marks: RwSignal<(u64, u64)>,
    pub(super) typist: RwSignal<Option<Typist>>,
    pub(super) link: RwSignal<Link>,
    /// The last number there is here.
    have: RwSignal<u64>,
}

thread_local! {
    static CLOCK: RefCell<Option<Interval>> = const { RefCell::new(None) };
    static REFETCH: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static STOPPED_TYPING: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

impl Desk {
    pub(super) fn new(start: Start, words: ConsoleWords) -> Self {
        let open = start.open.as_ref();
        Self {
            lists: RwSignal::new(start.lists.clone()),
            now: RwSignal::new(start.now),
            head: RwSignal::new(open.map(|open| open.conversation.clone())),
            entries: RwSignal::new(open.map(|open| open.entries.entries.clone()).unwrap_or_default()),
            pending: RwSignal::new(Vec::new()),
            marks: RwSignal::new(open.map(|open| (open.shopper_delivered, open.shopper_read)).unwrap_or_default()),
            typist: RwSignal::new(None),
            link: RwSignal::new(Link::Connecting),
            have: RwSignal::new(open.and_then(|open| open.entries.entries.last()).map_or(0, |entry| entry.seq)),
            start: StoredValue::new(start),
            words: StoredValue::new(words),
        }
    }

    pub(super) fn word(self, pick: fn(&ConsoleWords) -> &String) -> String {
        self.words.with_value(|words| pick(words).clone())
    }

    pub(super) fn filled(self, pick: fn(&ConsoleWords) -> &String, values: &[(&str, &dyn Display)]) -> String {
        self.words.with_value(|words| fill(pick(words), values))
    }

    pub(super) fn with_words<T>(self, read: impl FnOnce(&ConsoleWords) -> T) -> T {
        self.words.with_value(read)
    }

    pub(super) fn conversation(self) -> Option<ConversationId> {
        self.start.with_value(Start::conversation)
    }

    pub(super) fn me(self) -> StaffId {
        self.start.with_value(|start| start.me)
    }

    /// What became of this form, when the page is its answer.
    pub(super) fn notice(self, form: &str) -> Option<Notice> {
        self.start.with_value(|start| start.notice.clone().filter(|notice| notice.form == form))
    }

    /// Clock and day at the workshop.
    pub(super) fn time(self, at: OffsetDateTime) -> String {
        let (language, offset) = self.start.with_value(|start| (start.language, start.offset));
        let offset = UtcOffset::from_whole_seconds(offset).unwrap_or(UtcOffset::UTC);
        let (at, today) = (at.to_offset(offset), self.now.get_untracked().to_offset(offset).date());
        let clock = format!("{}:{:02}", at.hour(), at.minute());
        if at.date() == today { clock } else { format!("{}, {clock}", format::short_day(at.date(), language)) }
    }

    /// The shopper's name, or what they are called as long as they gave none.
    pub(super) fn name_of(self, listed: &Listed) -> String {
        let given = [&listed.name, &listed.email].into_iter().find(|name| !name.trim().is_empty());
        given.cloned().unwrap_or_else(|| self.filled(|w| &w.list.nobody, &[("number", &listed.number)]))
    }

    /// In the browser only: the clock, the link, and what was left from before.
    pub(super) fn wake(self) {
        self.now.set(clock());
        CLOCK.set(Some(Interval::new(10_000, move || self.now.set(clock()))));
        self.pending.set(kept(self.conversation()));
        socket::begin(self);
        notices::title(self);
        // What came while nobody looked is read now. For as long as the page lives.
        drop(window_event_listener(leptos::ev::focus, move |_| self.conversation().into_iter().for_each(|open| self.mark(open))));
    }

    /// After connecting, and whenever a number is missing.
    pub(super) fn resume(self) {
        if let Some(conversation) = self.conversation() {
            socket::ask(&Ask::Resume { conversation, after: self.have.get_untracked() });
        }
    }

    pub(super) fn hear(self, tell: Tell) {
        let open = self.conversation();
        match tell {
            Tell::Entries { conversation, entries, last } if Some(conversation) == open => self.read_on(conversation, entries, last),
            Tell::Reset { conversation } if Some(conversation) == open => {
                self.entries.set(Vec::new());
                self.have.set(0);
                self.resume();
            }
            Tell::Refused { conversation, client_id: Some(id), why } if Some(conversation) == open => {
                let sentence = self.words.with_value(|words| words.refused.sentence(why).to_owned());
                self.change_pending(|pending| {
                    pending.iter_mut().filter(|p| p.client_id == id).for_each(|p| p.refused = Some(sentence.clone()));
                });
            }
            Tell::Typing { conversation, name } if Some(conversation) == open => self.somebody_types(name),
            Tell::Lists => self.refetch(),
            _ => {}
        }
    }

    /// Takes what follows without a gap; what was had already is dropped, what is missing is asked for.
    fn read_on(self, conversation: ConversationId, entries: Vec<Entry>, last: u64) {
        let mut have = self.have.get_untracked();
        let mut news = Vec::new();
        for entry in entries {
            if entry.seq == have + 1 {
                have = entry.seq;
                news.push(entry);
            } else if entry.seq > have {
                break;
            }
        }
        if !news.is_empty() {
            self.have.set(have);
            news.iter().for_each(|entry| self.note_change(entry));
            let numbered: Vec<Uuid> = news.iter().filter_map(|entry| entry.client_id).collect();
            self.change_pending(|pending| pending.retain(|p| !numbered.contains(&p.client_id)));
            if news.iter().any(|entry| entry.author == Author::Shopper && entry.kind == EntryKind::Message) {
                self.typist.set(None);
            }
            self.entries.update(|entries| entries.extend(news));
            self.mark(conversation);
        }
        if have < last {
            socket::ask(&Ask::Resume { conversation, after: have });
        }
    }

    /// Says how far this side has come: received at once, seen when somebody looks.
    pub(super) fn mark(self, conversation: ConversationId) {
        let seq = self.have.get_untracked();
        socket::ask(&Ask::Delivered { conversation, seq });
        if notices::is_looked_at() {
            socket::ask(&Ask::Read { conversation, seq });
        }
    }

    /// What an entry says of the conversation itself.
    fn note_change(self, entry: &Entry) {
        if entry.author == Author::Shopper
            && let Some(upto) = entry.upto
        {
            self.marks.update(|(delivered, read)| {
                *delivered = upto.max(*delivered);
                if entry.kind == EntryKind::Read {
                    *read = upto.max(*read);
                }
            });
        }
        self.head.update(|head| {
            let Some(head) = head else { return };
            match entry.kind {
                EntryKind::Assigned | EntryKind::Transferred => {
                    let to = entry.to.clone().unwrap_or_default();
                    let colleagues = self.start.with_value(|start| start.colleagues.clone());
                    let me = self.start.with_value(|start| (start.my_name == to).then_some(start.me));
                    head.assigned_to = me.or_else(|| colleagues.into_iter().find(|c| c.name == to).map(|c| c.id));
                    head.agent = Some(to);
                    head.state = ConversationState::Assigned;
                }
                EntryKind::Released | EntryKind::Reopened => {
                    (head.assigned_to, head.agent, head.state) = (None, None, ConversationState::Queued);
                }
                EntryKind::Closed => head.state = ConversationState::Closed,
                _ => {}
            }
        });
    }

    fn somebody_types(self, name: String) {
        let shopper = self.head.with_untracked(|head| head.as_ref().map(|head| (head.name.clone(), self.name_of(head))));
        let Some((given, shown)) = shopper else { return };
        let typist = if name.is_empty() || name == given {
            Typist { name: shown, is_colleague: false }
        } else if self.start.with_value(|start| start.my_name == name) {
            return;
        } else {
            Typist { name, is_colleague: true }
        };
        self.typist.set(Some(typist));
        STOPPED_TYPING.set(Some(Timeout::new(TYPING_LASTS, move || self.typist.set(None))));
    }

    /// Sends a message: it stands in the transcript at once, and is sent until the server has numbered it.
    pub(super) fn send(self, body: String, files: Vec<Attachment>, note: bool) {
        let pending = Pending { client_id: random_id(), body, files, note, refused: None };
        self.change_pending(|all| all.push(pending.clone()));
        self.post(&pending);
    }

    pub(super) fn post(self, pending: &Pending) {
        if let Some(conversation) = self.conversation() {
            let Pending { client_id, body, note, .. } = pending.clone();
            let attachments = pending.files.iter().map(|file| file.id).collect();
            socket::ask(&Ask::Post { conversation, client_id, body, attachments, note });
        }
    }

    pub(super) fn send_again(self, client_id: Uuid) {
        self.change_pending(|all| all.iter_mut().filter(|p| p.client_id == client_id).for_each(|p| p.refused = None));
        let again = self.pending.with_untracked(|all| all.iter().find(|p| p.client_id == client_id).cloned());
        if let Some(pending) = again {
            self.post(&pending);
        }
    }

    fn change_pending(self, change: impl FnOnce(&mut Vec<Pending>)) {
        self.pending.update(change);
        self.pending.with_untracked(|pending| keep(self.conversation(), pending));
    }

    /// Asks for the lists, soon.
    pub(super) fn refetch(self) {
        REFETCH.with_borrow_mut(|waiting| {
            if waiting.is_some() {
                return;
            }
            *waiting = Some(Timeout::new(LISTS_REST, move || {
                // The next hint starts another.
                REFETCH.take();
                spawn_local(async move {
                    let back = self.start.with_value(|start| start.back.clone());
                    if let Ok(news) = fetch_lists(back).await {
                        let before = self.lists.get_untracked();
                        notices::tell(self, &before, &news);
                        self.take_head(&news);
                        self.lists.set(news);
                        notices::title(self);
                    }
                });
            }));
        });
    }

    /// Priority, topic and name of the open conversation, where a list knows them.
    fn take_head(self, news: &Lists) {
        let Some(id) = self.conversation() else { return };
        if let Some(listed) = news.own.iter().chain(&news.queue).chain(&news.others).find(|listed| listed.id == id) {
            self.head.set(Some(listed.clone()));
        }
    }

    /// How long a conversation has waited, and how that compares with what was promised.
    pub(super) fn waiting(self, listed: &Listed) -> Option<(Duration, Urgency)> {
        let since = listed.waiting_since.filter(|_| listed.state != ConversationState::Closed)?;
        let now = self.now.get();
        let waited = (now - since).max(Duration::ZERO);
        let urgency = match listed.due_at {
            Some(due) if now >= due => Urgency::Late,
            // Four fifths of the time are gone.
            Some(due) if (now - since) * 5 >= (due - since) * 4 => Urgency::Soon,
            _ => Urgency::InTime,
        };
        Some((waited, urgency))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    InTime,
    Soon,
    Late,
}

/// The browser's clock.
fn clock() -> OffsetDateTime {
    #[allow(clippy::cast_possible_truncation, reason = "whole seconds are enough")]
    let seconds = (js_sys::Date::now() / 1000.0) as i64;
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A random UUID, version 4.
fn random_id() -> Uuid {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        // A browser without randomness sends a message that may be taken for another: there is none such.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn storage_key(conversation: ConversationId) -> String {
    format!("desk:pending:{conversation}")
}

/// What is on its way outlives the page.
fn keep(conversation: Option<ConversationId>, pending: &[Pending]) {
    let (Some(conversation), Ok(Some(storage))) = (conversation, window().session_storage()) else { return };
    let key = storage_key(conversation);
    // Where nothing can be kept, it is sent from this page or not at all.
    let _ = match serde_json::to_string(pending) {
        Ok(text) if !pending.is_empty() => storage.set_item(&key, &text),
        _ => storage.remove_item(&key),
    };
}

fn kept(conversation: Option<ConversationId>) -> Vec<Pending> {
    let (Some(conversation), Ok(Some(storage))) = (conversation, window().session_storage()) else { return Vec::new() };
    let text = storage.get_item(&storage_key(conversation)).ok().flatten().unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}
