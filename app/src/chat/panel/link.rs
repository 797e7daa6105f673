//! The link to the shop: a socket that notices when it is dead, comes back by itself and asks for what it missed; where
//! none can be opened, questions and answers over ordinary requests.

use super::{
    super::{api, log::Log},
    talk::Talk,
};
use crate::boundary::AppError;
use domain::{
    chat::{Ask, ChatRefusal, HEARTBEAT, PATIENCE, Tell, close},
    ids::ConversationId,
};
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkState {
    Connecting,
    Live,
    Lost,
    /// No socket can be had; ordinary requests get through.
    Asking,
}

/// How many sockets in a row do not open before ordinary requests are tried.
const PATIENT_TRIES: u32 = 2;
const ASK_EVERY: u32 = 4000;
const FIRST_PAUSE: f64 = 500.0;
const LONGEST_PAUSE: f64 = 30_000.0;
/// Entries that should have followed are asked for after so long.
const MORE_WITHIN: u32 = 1500;

pub(super) struct Link(Rc<Inner>);

struct Inner {
    talk: Talk,
    conversation: ConversationId,
    socket: RefCell<Option<Socket>>,
    /// Since a socket last opened.
    failures: Cell<u32>,
    /// Something is being asked over ordinary requests.
    asking: Cell<bool>,
    clocks: RefCell<Clocks>,
    listeners: RefCell<Vec<WindowListenerHandle>>,
}

/// A clock that is dropped never rings.
#[derive(Default)]
struct Clocks {
    retry: Option<Timeout>,
    beat: Option<Timeout>,
    deadline: Option<Timeout>,
    ask: Option<Timeout>,
    more: Option<Timeout>,
}

impl Link {
    pub(super) fn open(talk: Talk, conversation: ConversationId) -> Self {
        let inner = Rc::new(Inner {
            talk,
            conversation,
            socket: RefCell::default(),
            failures: Cell::new(0),
            asking: Cell::new(false),
            clocks: RefCell::default(),
            listeners: RefCell::default(),
        });
        inner.watch();
        inner.connect();
        Self(inner)
    }

    pub(super) fn ask(&self, ask: &Ask) -> bool {
        self.0.ask(ask)
    }

    pub(super) fn send_waiting(&self) {
        self.0.send_waiting();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.0.socket.take();
        *self.0.clocks.borrow_mut() = Clocks::default();
        for listener in self.0.listeners.take() {
            listener.remove();
        }
    }
}

impl Inner {
    /// The network goes and comes, and a machine wakes up with a socket that died in its sleep.
    fn watch(self: &Rc<Self>) {
        let on = |event: &'static str, work: fn(&Rc<Self>)| {
            let weak = Rc::downgrade(self);
            window_event_listener_untyped(event, move |_| with(&weak, work))
        };
        let listeners =
            vec![on("online", Self::connect), on("offline", Self::lost), on("pageshow", Self::beat), on("visibilitychange", Self::beat)];
        *self.listeners.borrow_mut() = listeners;
    }

    fn connect(self: &Rc<Self>) {
        if self.socket.borrow().is_some() {
            return;
        }
        self.clocks.borrow_mut().retry = None;
        match Socket::open(self) {
            Some(socket) => {
                *self.socket.borrow_mut() = Some(socket);
                self.expect_answer();
            }
            None => self.lost(),
        }
    }

    fn opened(self: &Rc<Self>) {
        self.failures.set(0);
        {
            let mut clocks = self.clocks.borrow_mut();
            clocks.deadline = None;
            clocks.ask = None;
        }
        self.talk.link_is(LinkState::Live);
        self.resume();
        self.send_waiting();
        // At random the first time, so that not everybody beats at once after a restart.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let first = (js_sys::Math::random() * f64::from(HEARTBEAT) * 1000.0) as u32;
        self.beat_in(first);
    }

    fn resume(&self) {
        let after = self.talk.log.with_untracked(Log::last);
        self.ask(&Ask::Resume { conversation: self.conversation, after });
    }

    fn heard(self: &Rc<Self>, text: &str) {
        // Whatever it is, the link lives.
        self.clocks.borrow_mut().deadline = None;
        let Ok(tell) = serde_json::from_str::<Tell>(text) else { return };
        match tell {
            Tell::Entries { conversation, entries, last } if conversation == self.conversation => {
                if !self.talk.take(entries) {
                    self.resume();
                } else if self.talk.log.with_untracked(Log::last) < last {
                    self.expect_more();
                }
            }
            Tell::Posted { client_id, .. } => self.talk.outbox.update(|outbox| outbox.is_sent(client_id)),
            Tell::Refused { client_id: Some(client_id), why, .. } => self.talk.is_refused(client_id, why),
            Tell::Reset { conversation } if conversation == self.conversation => {
                self.talk.forget_log();
                self.resume();
            }
            Tell::Typing { conversation, name } if conversation == self.conversation => self.talk.is_writing(name),
            _ => {}
        }
    }

    fn expect_more(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        self.clocks.borrow_mut().more = Some(Timeout::new(MORE_WITHIN, move || with(&weak, |inner| inner.resume())));
    }

    fn closed(self: &Rc<Self>, code: u16) {
        // The cookie was another when the socket opened: ordinary requests say who we are each time.
        if code == close::STRANGER {
            self.failures.set(PATIENT_TRIES);
        }
        self.lost();
    }

    /// The link is gone, or never was: another try later, and ordinary requests meanwhile where sockets do not open.
    fn lost(self: &Rc<Self>) {
        // Not now: it may be the socket itself that says so.
        if let Some(socket) = self.socket.take() {
            Timeout::new(0, move || drop(socket)).forget();
        }
        let failures = self.failures.replace(self.failures.get() + 1);
        let pause = (FIRST_PAUSE * 2_f64.powi(i32::try_from(failures.min(8)).unwrap_or(8))).min(LONGEST_PAUSE);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let pause = (pause * (0.5 + js_sys::Math::random())) as u32;
        let weak = Rc::downgrade(self);
        {
            let mut clocks = self.clocks.borrow_mut();
            clocks.beat = None;
            clocks.deadline = None;
            clocks.retry = Some(Timeout::new(pause, move || with(&weak, Self::connect)));
        }
        if failures >= PATIENT_TRIES {
            self.ask_in(0);
        } else {
            self.talk.link_is(LinkState::Lost);
        }
    }

    fn ask(&self, ask: &Ask) -> bool {
        let socket = self.socket.borrow();
        let Some(socket) = socket.as_ref().filter(|socket| socket.is_open()) else { return false };
        serde_json::to_string(ask).is_ok_and(|text| socket.send(&text))
    }

    fn send_waiting(self: &Rc<Self>) {
        let waiting: Vec<_> = self.talk.outbox.with_untracked(|outbox| outbox.waiting().cloned().collect());
        for outgoing in waiting {
            let attachments = outgoing.attachments.iter().map(|attachment| attachment.id).collect();
            let (conversation, client_id, body) = (outgoing.conversation, outgoing.client_id, outgoing.body);
            self.ask(&Ask::Post { conversation, client_id, body, attachments, note: false });
        }
        if self.talk.state.get_untracked() == LinkState::Asking {
            self.ask_in(0);
        }
    }

    fn beat_in(self: &Rc<Self>, milliseconds: u32) {
        let weak = Rc::downgrade(self);
        self.clocks.borrow_mut().beat = Some(Timeout::new(milliseconds, move || with(&weak, Self::beat)));
    }

    fn beat(self: &Rc<Self>) {
        if self.ask(&Ask::Ping) {
            self.expect_answer();
            self.beat_in(HEARTBEAT * 1000);
        }
    }

    fn expect_answer(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let over = Timeout::new(PATIENCE * 1000, move || with(&weak, Self::lost));
        self.clocks.borrow_mut().deadline = Some(over);
    }

    fn ask_in(self: &Rc<Self>, milliseconds: u32) {
        let weak = Rc::downgrade(self);
        let ask = move || with(&weak, |inner| spawn_local(Rc::clone(inner).ask_once()));
        self.clocks.borrow_mut().ask = Some(Timeout::new(milliseconds, ask));
    }

    /// Sends what waits and asks for what is new, over ordinary requests.
    async fn ask_once(self: Rc<Self>) {
        let is_live = || self.talk.state.get_untracked() == LinkState::Live;
        if is_live() || self.asking.replace(true) {
            return;
        }
        let mut through = true;
        let waiting: Vec<_> = self.talk.outbox.with_untracked(|outbox| outbox.waiting().cloned().collect());
        for outgoing in waiting {
            let ids: Vec<String> = outgoing.attachments.iter().map(|attachment| attachment.id.to_string()).collect();
            match api::say(outgoing.conversation, outgoing.client_id, outgoing.body, ids.join(",")).await {
                Ok(_) => self.talk.outbox.update(|outbox| outbox.is_sent(outgoing.client_id)),
                Err(AppError::Refused(why)) => self.talk.is_refused(outgoing.client_id, why),
                Err(AppError::Fault(_) | AppError::Transport) => through = false,
            }
        }
        let after = self.talk.log.with_untracked(Log::last);
        match api::hear(self.conversation, after).await {
            Ok(heard) => {
                self.talk.conversation.set(Some(heard.conversation));
                match heard.entries {
                    Some(entries) => _ = self.talk.take(entries),
                    None => self.talk.forget_log(),
                }
            }
            Err(AppError::Refused(ChatRefusal::NoSuchConversation)) => self.talk.conversation.set(None),
            Err(_) => through = false,
        }
        self.asking.set(false);
        if !is_live() {
            self.talk.link_is(if through { LinkState::Asking } else { LinkState::Lost });
            self.ask_in(ASK_EVERY);
        }
    }
}

fn with(weak: &Weak<Inner>, work: impl FnOnce(&Rc<Inner>)) {
    if let Some(inner) = weak.upgrade() {
        work(&inner);
    }
}

/// A socket with its listeners, which are taken off before it goes.
struct Socket {
    socket: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    fn open(inner: &Rc<Inner>) -> Option<Self> {
        let location = window().location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let socket = WebSocket::new(&format!("{scheme}://{}/ws/chat", location.host().ok()?)).ok()?;
        let weak = Rc::downgrade(inner);
        let opened = Closure::<dyn FnMut()>::new(move || with(&weak, Inner::opened));
        let weak = Rc::downgrade(inner);
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                with(&weak, |inner| inner.heard(&text));
            }
        });
        let weak = Rc::downgrade(inner);
        let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| with(&weak, |inner| inner.closed(event.code())));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { socket, _opened: opened, _heard: heard, _closed: closed })
    }

    fn is_open(&self) -> bool {
        self.socket.ready_state() == WebSocket::OPEN
    }

    fn send(&self, text: &str) -> bool {
        self.socket.send_with_str(text).is_ok()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // One that is closed already stays so.
        let _ = self.socket.close();
    }
}
