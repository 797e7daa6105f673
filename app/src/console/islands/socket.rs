//! The link to `/ws/desk`: resumes after connecting, beats, finds out that it is dead, and comes back with a growing
//! pause. What cannot be said now is said after the next resume, or not needed any more.

use super::state::{Desk, Link};
use domain::chat::{Ask, HEARTBEAT, PATIENCE, Tell, close};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

const SECOND: f64 = 1000.0;
const FIRST_PAUSE: f64 = 500.0;
const LONGEST_PAUSE: f64 = 15_000.0;

thread_local! {
    static SOCKET: RefCell<Option<WebSocket>> = const { RefCell::new(None) };
    /// The next beat, or the end of the patience with an answer to the last one.
    static BEAT: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static COMING_BACK: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static TRIES: Cell<i32> = const { Cell::new(0) };
}

/// Says something, if the link is open.
pub(super) fn ask(ask: &Ask) {
    SOCKET.with_borrow(|socket| {
        if let (Some(socket), Ok(text)) = (socket, serde_json::to_string(ask))
            && socket.ready_state() == WebSocket::OPEN
        {
            // A link that breaks meanwhile is resumed.
            let _ = socket.send_with_str(&text);
        }
    });
}

/// Connects, and again whenever the network comes back.
pub(super) fn begin(desk: Desk) {
    connect(desk);
    // For as long as the page lives.
    drop(window_event_listener_untyped("offline", move |_| lost(desk)));
    drop(window_event_listener_untyped("online", move |_| {
        if SOCKET.with_borrow(Option::is_none) {
            COMING_BACK.take();
            connect(desk);
        }
    }));
}

fn connect(desk: Desk) {
    let location = window().location();
    let (protocol, host) = (location.protocol().unwrap_or_default(), location.host().unwrap_or_default());
    let scheme = if protocol == "https:" { "wss" } else { "ws" };
    let Ok(socket) = WebSocket::new(&format!("{scheme}://{host}/ws/desk")) else { return lost(desk) };
    let opened = Closure::<dyn Fn()>::new(move || {
        TRIES.set(0);
        desk.link.set(Link::Live);
        desk.resume();
        if let Some(conversation) = desk.conversation() {
            desk.mark(conversation);
        }
        let waiting = desk.pending.get_untracked();
        waiting.iter().filter(|pending| pending.refused.is_none()).for_each(|pending| desk.post(pending));
        desk.refetch();
        // Not all browsers at once after a restart.
        beat_after(desk, js_sys::Math::random() * f64::from(HEARTBEAT) * SECOND);
    });
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let tell = event.data().as_string().and_then(|text| serde_json::from_str::<Tell>(&text).ok());
        match tell {
            Some(Tell::Pong) => beat_after(desk, f64::from(HEARTBEAT) * SECOND),
            Some(tell) => desk.hear(tell),
            None => {}
        }
    });
    let closed = Closure::<dyn Fn(CloseEvent)>::new(move |event: CloseEvent| {
        if event.code() == close::STRANGER {
            // The session is over: the page asks to log in again.
            let _ = window().location().reload();
        } else {
            lost(desk);
        }
    });
    socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
    // They live as long as the link may call them.
    opened.forget();
    heard.forget();
    closed.forget();
    SOCKET.set(Some(socket));
}

fn beat_after(desk: Desk, milliseconds: f64) {
    BEAT.set(Some(Timeout::new(whole(milliseconds), move || {
        ask(&Ask::Ping);
        // Half-open links answer nothing.
        BEAT.set(Some(Timeout::new(whole(f64::from(PATIENCE) * SECOND), move || lost(desk))));
    })));
}

/// Lets the link go and comes again, later each time.
fn lost(desk: Desk) {
    BEAT.take();
    if let Some(old) = SOCKET.take() {
        old.set_onclose(None);
        old.set_onmessage(None);
        // It is dead already, or dies now.
        let _ = old.close();
    }
    desk.link.set(Link::Lost);
    let pause = (FIRST_PAUSE * 2_f64.powi(TRIES.get())).min(LONGEST_PAUSE);
    TRIES.set((TRIES.get() + 1).min(10));
    let pause = pause * (0.5 + js_sys::Math::random());
    COMING_BACK.set(Some(Timeout::new(whole(pause), move || connect(desk))));
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds below a minute")]
fn whole(milliseconds: f64) -> u32 {
    milliseconds as u32
}
