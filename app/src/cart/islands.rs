//! The cart's page, woken up: numbers change at once, what was removed can be put back, nothing reloads.

use super::{
    line::Line,
    shelf::{Destination, Shelf},
    words::{CartWords, RefusalWords},
};
use crate::{
    lasting,
    layout::{Icon, Shape},
};
use domain::{Language, cart::Cart, ids::VariantId};
use leptos::{
    ev::{self, SubmitEvent},
    html::Button,
    prelude::*,
};
use serde::{Deserialize, Serialize};

/// What a plain form was refused, to be said beside its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLine {
    pub variant: VariantId,
    pub sentence: String,
    pub typed: String,
}

#[island(lazy)]
pub fn CartContents(
    cart: Cart,
    destination: Destination,
    language: Language,
    words: CartWords,
    refusals: RefusalWords,
    refused: Option<RefusedLine>,
) -> impl IntoView {
    let shelf = Shelf::new(cart, destination, language, words, refusals);
    let refused = StoredValue::new(refused);
    Effect::new(move || {
        window_event_listener_untyped("pageshow", move |_| shelf.look_again());
        window_event_listener_untyped("pagehide", move |_| shelf.send_all());
        window_event_listener(ev::click, move |event| {
            if lasting::link_of(&event).is_some() {
                shelf.send_soon();
            }
        });
    });
    let of_line = move |variant| refused.with_value(|refused| refused.clone().filter(|refused| refused.variant == variant));
    view! {
        <p class="visually-hidden" role="status">{move || shelf.news.get()}</p>
        <Failed shelf/>
        <Removed shelf/>
        <Show when=move || !shelf.cart.with(Cart::is_empty) fallback=move || view! { <Empty shelf/> }>
            <Prices shelf/>
            <div class="split">
                <ul class="cart-lines">
                    <For each=move || shelf.cart.get().lines key=|line| line.variant let:first>
                        {
                            let refused = of_line(first.variant);
                            let typed = refused.as_ref().map(|refused| refused.typed.clone());
                            view! { <Line shelf first refused=refused.map(|refused| refused.sentence) typed/> }
                        }
                    </For>
                </ul>
                <Summary shelf/>
            </div>
        </Show>
    }
}

#[component]
fn Failed(shelf: Shelf) -> impl IntoView {
    move || shelf.failed.get().map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> })
}

/// Stays until something else is removed: no clock runs against the reader.
#[component]
fn Removed(shelf: Shelf) -> impl IntoView {
    let undo = NodeRef::<Button>::new();
    // The line that had the focus is gone: it goes on to the way back.
    Effect::new(move || {
        if let Some(button) = undo.get() {
            let _ = button.focus();
        }
    });
    move || {
        shelf.removed.get().map(|line| {
            view! {
                <div class="notice cluster cart-undo">
                    <p>{shelf.titled(|w| &w.removed, &line)}</p>
                    <button class="button button--text" type="button" node_ref=undo on:click=move |_| shelf.undo()>{shelf.word(|w| &w.undo)}</button>
                </div>
            }
        })
    }
}

#[component]
fn Prices(shelf: Shelf) -> impl IntoView {
    let changed = move || shelf.cart.with(|cart| cart.lines.iter().any(|line| line.was.is_some()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        shelf.accept_prices();
    };
    view! {
        <Show when=changed>
            <form class="notice stack stack--tight" data-kind="warn" method="post" action="/api/cart/prices" on:submit=submit>
                <h2>{shelf.word(|w| &w.prices_title)}</h2>
                <p>{shelf.word(|w| &w.prices_text)}</p>
                <div><button class="button button--quiet" type="submit">{shelf.word(|w| &w.prices_keep)}</button></div>
            </form>
        </Show>
    }
}

#[component]
fn Summary(shelf: Shelf) -> impl IntoView {
    let ready = move || shelf.cart.with(Cart::can_be_ordered);
    let blocked = move || {
        view! {
            <a class="button button--wide" role="link" aria-disabled="true" aria-describedby="cart-blocked">{shelf.word(|w| &w.checkout)}</a>
            <p class="field__error" id="cart-blocked">{shelf.word(|w| &w.blocked)}</p>
        }
    };
    view! {
        <aside class="panel stack" aria-labelledby="cart-summary">
            <h2 class="cart-summary__title" id="cart-summary">{shelf.word(|w| &w.summary)}</h2>
            <dl class="summary">
                <div class="summary__total"><dt>{shelf.word(|w| &w.goods)}</dt><dd>{move || shelf.money(shelf.cart.with(|cart| cart.goods))}</dd></div>
            </dl>
            {move || shelf.free_delivery().map(|hint| view! { <p class="cart-summary__free"><Icon shape=Shape::Parcel/>{hint}</p> })}
            <p class="soft small">{shelf.word(|w| &w.later)}</p>
            <Show when=ready fallback=blocked>
                <a class="button button--wide" href=format!("/{}/checkout", shelf.language)>{shelf.word(|w| &w.checkout)}</a>
            </Show>
            <a class="cart-summary__on" href=format!("/{}", shelf.language)>{shelf.word(|w| &w.go_on)}</a>
        </aside>
    }
}

#[component]
fn Empty(shelf: Shelf) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{shelf.word(|w| &w.empty_title)}</h2>
            <p class="lead">{shelf.word(|w| &w.empty_text)}</p>
            <a class="button" href=format!("/{}", shelf.language)>{shelf.word(|w| &w.empty_link)}</a>
        </div>
    }
}
