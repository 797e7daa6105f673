//! How a change is sent from the browser: it outlives the page that sent it, and a link followed meanwhile waits
//! for the answer, so that nobody loses a thing by being quick and the next page already knows of it.

use leptos::{ev, prelude::window_event_listener};
use send_wrapper::SendWrapper;
use server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::FromServerFnError,
    request::browser::{BrowserRequest, Request},
    response::browser::BrowserResponse,
};
use std::{
    cell::{Cell, RefCell},
    future::Future,
    mem,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

/// The client of every server function that changes something.
#[derive(Debug)]
pub struct Lasting;

impl<Error, Input, Output> Client<Error, Input, Output> for Lasting
where
    Error: FromServerFnError,
    Input: FromServerFnError,
    Output: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(mut request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, Error>> + Send {
        outlive(&mut request);
        SendWrapper::new(async move {
            let _underway = Underway::begin();
            <BrowserClient as Client<Error, Input, Output>>::send(request).await
        })
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (impl futures::Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl futures::Sink<Bytes> + Send + 'static),
            Error,
        >,
    > + Send {
        <BrowserClient as Client<Error, Input, Output>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<Error, Input, Output>>::spawn(future);
    }
}

/// Has the browser finish the request even when its page is left, closed or hidden.
fn outlive(request: &mut Request) {
    let Ok(empty) = Request::get("").build() else { return };
    let given: web_sys::Request = mem::replace(request, empty).into();
    let init = web_sys::RequestInit::new();
    // A browser that knows no such setting ends the request with its page, as it ends every other.
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &true.into());
    // The signal ends a request with its page's code.
    init.set_signal(None);
    *request = web_sys::Request::new_with_request_and_init(&given, &init).unwrap_or(given).into();
}

thread_local! {
    static UNDERWAY: Cell<u32> = const { Cell::new(0) };
    /// Where the person wants to go as soon as nothing is underway.
    static NEXT: RefCell<Option<String>> = const { RefCell::new(None) };
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// A change that the server has not answered yet, or has still to be sent: links wait until there is none.
pub(crate) struct Underway;

impl Underway {
    pub(crate) fn begin() -> Self {
        UNDERWAY.set(UNDERWAY.get() + 1);
        if !LISTENING.replace(true) {
            // For as long as the page lives: there is nothing to take it away with.
            drop(window_event_listener(ev::click, |event| hold(&event)));
        }
        Self
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        UNDERWAY.set(UNDERWAY.get().saturating_sub(1));
        if UNDERWAY.get() == 0
            && let Some(next) = NEXT.take()
        {
            // Where the browser refuses, the person clicks once more.
            let _ = leptos::prelude::window().location().assign(&next);
        }
    }
}

/// Keeps a plain click on a link of ours until everything underway is answered.
fn hold(event: &MouseEvent) {
    let is_plain = event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    if UNDERWAY.get() == 0 || event.default_prevented() || !is_plain {
        return;
    }
    let Some((link, address)) = link_of(event) else { return };
    event.prevent_default();
    // Without the mark the link still works.
    let _ = link.set_attribute("aria-busy", "true");
    NEXT.set(Some(address));
}

/// The link of ours that was clicked, and where it leads.
pub(crate) fn link_of(event: &MouseEvent) -> Option<(Element, String)> {
    let clicked: Element = event.target()?.dyn_into().ok()?;
    let link = clicked.closest("a[href]:not([target])").ok()??;
    let address = link.get_attribute("href").filter(|address| address.starts_with('/'))?;
    Some((link, address))
}
