//! The number on the cart: the server's, until something on the page changes the cart.

use crate::{
    cart::{api, state},
    layout::CART_COUNT_MARK,
};
use leptos::{ev, html::Span, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};

#[island]
pub fn CartBadge() -> impl IntoView {
    let count = state::count();
    let badge = NodeRef::<Span>::new();
    let bumped = RwSignal::new(false);
    let shown = count.clone();
    Effect::new(move |_| {
        if let (Some(number), Some(badge)) = (shown.get(), badge.get()) {
            badge.set_text_content((number > 0).then(|| number.to_string()).as_deref());
            bumped.set(true);
        }
    });
    Effect::new(move |_| refresh_when_shown(count.clone()));
    view! {
        <span
            class="badge"
            data-cart-count=""
            data-bumped=move || bumped.get().then_some("true")
            node_ref=badge
            on:animationend=move |_| bumped.set(false)
            inner_html=CART_COUNT_MARK
        ></span>
    }
}

/// The number is old on a page that the back button brings back as it was left, and may be on one that was rendered
/// ahead of the click.
fn refresh_when_shown(count: ArcRwSignal<Option<u32>>) {
    if is_rendered_ahead() {
        let count = count.clone();
        let shown = Closure::once_into_js(move || refresh(count));
        // A browser that renders ahead has this event.
        let _ = document().add_event_listener_with_callback("prerenderingchange", shown.unchecked_ref());
    }
    let brought_back = window_event_listener(ev::pageshow, move |event| {
        if event.unchecked_into::<web_sys::PageTransitionEvent>().persisted() {
            refresh(count.clone());
        }
    });
    on_cleanup(move || brought_back.remove());
}

fn is_rendered_ahead() -> bool {
    js_sys::Reflect::get(&document(), &"prerendering".into()).is_ok_and(|ahead| ahead.is_truthy())
}

fn refresh(count: ArcRwSignal<Option<u32>>) {
    leptos::task::spawn_local(async move {
        if let Ok(number) = api::count_things().await {
            count.set(Some(number));
        }
    });
}
