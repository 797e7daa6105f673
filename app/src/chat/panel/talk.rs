//! What the panel knows and does: the conversation, its log, what waits to be sent, and the link to the shop.

use super::{
    super::{
        api::{self, Greeting},
        keep,
        log::{Log, Outbox, Outgoing, Taken},
        words::ChatWords,
    },
    link::{Link, LinkState},
};
use crate::boundary::AppError;
use domain::{
    Language,
    chat::{Ask, Attachment, ChatRefusal, Conversation, ConversationState, Entry, EntryKind, Reception},
    ids::ConversationId,
};
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use time::Date;
use uuid::Uuid;
use web_sys::VisibilityState;

/// How long somebody counts as writing after their last letter.
const WRITING_MILLISECONDS: u32 = 6000;

#[derive(Clone, Copy)]
pub(super) struct Talk {
    pub(super) language: Language,
    pub(super) words: StoredValue<ChatWords>,
    pub(super) reception: RwSignal<Reception>,
    pub(super) today: Date,
    pub(super) conversation: RwSignal<Option<Conversation>>,
    pub(super) log: RwSignal<Log>,
    pub(super) outbox: RwSignal<Outbox>,
    /// Who of the staff is writing.
    pub(super) writing: RwSignal<Option<String>>,
    pub(super) state: RwSignal<LinkState>,
    /// Said once, then gone: that the connection is back.
    pub(super) news: RwSignal<Option<String>>,
    /// There is no conversation, or another one is wanted.
    pub(super) begins: Memo<bool>,
    pub(super) anew: RwSignal<bool>,
    pub(super) open: RwSignal<bool>,
    /// That the chat is closed to this person, where it is.
    pub(super) blocked: RwSignal<Option<String>>,
    unread: RwSignal<u32>,
    link: StoredValue<Option<Link>, LocalStorage>,
    /// Up to where the shop was told that it arrived and was seen here.
    told: StoredValue<(u64, u64)>,
    clocks: StoredValue<Clocks, LocalStorage>,
}

/// A clock that is dropped never rings.
#[derive(Default)]
struct Clocks {
    writing: Option<Timeout>,
    news: Option<Timeout>,
}

impl Talk {
    pub(super) fn new(hello: Greeting, language: Language, open: RwSignal<bool>, unread: RwSignal<u32>) -> Self {
        let Greeting { words, reception, today, conversation, blocked, .. } = hello;
        let log = RwSignal::new(conversation.as_ref().map(Log::of).unwrap_or_default());
        let conversation = RwSignal::new(conversation);
        let anew = RwSignal::new(false);
        keep::set_known(conversation.with_untracked(Option::is_some));
        Self {
            language,
            words: StoredValue::new(words),
            reception: RwSignal::new(reception),
            today,
            begins: Memo::new(move |_| anew.get() || conversation.with(Option::is_none)),
            conversation,
            log,
            outbox: RwSignal::new(keep::typed(keep::OUTBOX)),
            writing: RwSignal::new(None),
            state: RwSignal::new(LinkState::Connecting),
            news: RwSignal::new(None),
            anew,
            open,
            blocked: RwSignal::new(blocked),
            unread,
            link: StoredValue::new_local(None),
            told: StoredValue::new((0, 0)),
            clocks: StoredValue::new_local(Clocks::default()),
        }
    }

    /// Takes the conversation up where it was left, and watches who looks.
    pub(super) fn go_on(self) {
        self.connect();
        Effect::new(move |_| {
            let is_open = self.open.get();
            let unread = self.log.with(Log::unread);
            self.unread.set(if is_open { 0 } else { unread });
            if is_open {
                self.tell_seen();
            }
        });
        Effect::new(move |_| self.outbox.with(|outbox| keep::keep_typed(keep::OUTBOX, outbox)));
        // For as long as the page lives, as the panel does.
        drop(window_event_listener_untyped("visibilitychange", move |_| self.tell_seen()));
    }

    pub(super) fn word(self, pick: impl FnOnce(&ChatWords) -> &String) -> String {
        self.words.with_value(|words| pick(words).clone())
    }

    pub(super) fn id(self) -> Option<ConversationId> {
        self.conversation.with_untracked(|conversation| conversation.as_ref().map(|conversation| conversation.id))
    }

    /// A conversation has begun.
    pub(super) fn begin(self, conversation: Conversation) {
        keep::set_known(true);
        self.link.set_value(None);
        self.log.set(Log::of(&conversation));
        self.told.set_value((0, 0));
        self.conversation.set(Some(conversation));
        self.anew.set(false);
        self.connect();
    }

    fn connect(self) {
        if let Some(conversation) = self.id() {
            self.link.set_value(Some(Link::open(self, conversation)));
        }
    }

    /// Whether the socket took it.
    pub(super) fn ask(self, ask: &Ask) -> bool {
        self.link.with_value(|link| link.as_ref().is_some_and(|link| link.ask(ask)))
    }

    pub(super) fn say(self, body: String, attachments: Vec<Attachment>) {
        let (Some(conversation), Some(client_id)) = (self.id(), random_id()) else { return };
        let outgoing = Outgoing { conversation, client_id, body, attachments, sent: false, refused: None };
        self.outbox.update(|outbox| outbox.add(outgoing));
        self.send_waiting();
    }

    /// A message was not taken.
    pub(super) fn is_refused(self, client_id: Uuid, why: ChatRefusal) {
        self.outbox.update(|outbox| outbox.is_refused(client_id, why));
        self.was_refused(why);
    }

    /// Whoever is told that the chat is closed to them is shown no field to write in.
    pub(super) fn was_refused(self, why: ChatRefusal) {
        if why == ChatRefusal::Blocked && self.blocked.with_untracked(Option::is_none) {
            self.blocked.set(Some(self.word(|w| &w.blocked.always)));
        }
    }

    pub(super) fn send_waiting(self) {
        self.link.with_value(|link| {
            if let Some(link) = link {
                link.send_waiting();
            }
        });
    }

    /// `false` when something before them is missing.
    pub(super) fn take(self, entries: Vec<Entry>) -> bool {
        let changed = entries.iter().any(|entry| changes_standing(entry.kind));
        let Some(taken) = self.log.try_update(|log| log.take(entries)) else { return true };
        self.log.with_untracked(|log| self.outbox.update(|outbox| outbox.settle(log)));
        match taken {
            Taken::Gap => return false,
            Taken::New(messages) => {
                if !messages.is_empty() {
                    self.writing.set(None);
                    self.tell_arrived();
                }
            }
        }
        if changed {
            self.look_again();
        }
        true
    }

    pub(super) fn forget_log(self) {
        self.log.update(|log| log.entries.clear());
    }

    pub(super) fn is_writing(self, name: String) {
        self.writing.set(Some(name));
        let over = Timeout::new(WRITING_MILLISECONDS, move || self.writing.set(None));
        self.clocks.update_value(|clocks| clocks.writing = Some(over));
    }

    pub(super) fn link_is(self, state: LinkState) {
        let before = self.state.get_untracked();
        if before == state {
            return;
        }
        self.state.set(state);
        if before == LinkState::Lost && state == LinkState::Live {
            self.news.set(Some(self.word(|w| &w.talk.back)));
            let over = Timeout::new(WRITING_MILLISECONDS, move || self.news.set(None));
            self.clocks.update_value(|clocks| clocks.news = Some(over));
        }
    }

    /// Agent, address or state may be another: asks how the conversation stands.
    pub(super) fn look_again(self) {
        let Some(id) = self.id() else { return };
        let after = self.log.with_untracked(Log::last);
        spawn_local(async move {
            if let Ok(heard) = api::hear(id, after).await {
                self.conversation.set(Some(heard.conversation));
                self.take(heard.entries.unwrap_or_default());
            }
        });
    }

    /// What became of something that only a server function does; then the conversation is looked at again.
    pub(super) fn done(self, outcome: Result<(), AppError<ChatRefusal>>) -> Result<(), String> {
        match outcome {
            Ok(()) => {
                self.look_again();
                Ok(())
            }
            Err(error) => Err(self.words.with_value(|words| words.sentence(&error))),
        }
    }

    pub(super) fn is_closed(self) -> bool {
        let by_log = self.log.with(Log::is_closed);
        by_log.unwrap_or_else(|| self.conversation.with(|c| c.as_ref().is_some_and(|c| c.state == ConversationState::Closed)))
    }

    fn tell_arrived(self) {
        if self.is_seen() {
            self.tell_seen();
            return;
        }
        let (Some(conversation), seq) = (self.id(), self.log.with_untracked(Log::last_of_staff)) else { return };
        let (arrived, seen) = self.told.get_value();
        if seq > arrived.max(seen) && self.ask(&Ask::Delivered { conversation, seq }) {
            self.told.set_value((seq, seen));
        }
    }

    fn tell_seen(self) {
        let Some(conversation) = self.id().filter(|_| self.is_seen()) else { return };
        let (seq, read) = self.log.with_untracked(|log| (log.last_of_staff(), log.shopper_read));
        let (arrived, seen) = self.told.get_value();
        if seq <= read.max(seen) {
            return;
        }
        self.told.set_value((arrived, seq));
        if !self.ask(&Ask::Read { conversation, seq }) {
            spawn_local(async move {
                // Told again with the next message.
                let _ = api::read(conversation, seq).await;
            });
        }
    }

    fn is_seen(self) -> bool {
        self.open.get_untracked() && document().visibility_state() == VisibilityState::Visible
    }
}

const fn changes_standing(kind: EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::Assigned
            | EntryKind::Released
            | EntryKind::Transferred
            | EntryKind::Details
            | EntryKind::Closed
            | EntryKind::Reopened
            | EntryKind::Rated
    )
}

/// A random UUID. `None` only in a browser without any randomness.
pub(super) fn random_id() -> Option<Uuid> {
    let mut bytes = [0_u8; 16];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
