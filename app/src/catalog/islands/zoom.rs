//! A closer look: one picture over the whole page. The browser's own dialog keeps the focus and closes on Escape.

use super::gallery::{GalleryWords, Shot};
use crate::layout::{Icon, Photograph, Shape};
use leptos::{ev::KeyboardEvent, html::Dialog, prelude::*};

/// Open while `zoomed` holds which picture is looked at.
#[component]
pub fn Zoom(shots: StoredValue<Vec<Shot>>, zoomed: RwSignal<Option<usize>>, words: GalleryWords) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let count = shots.with_value(Vec::len);
    let is_alone = count < 2;
    let step = move |by: usize| zoomed.update(|at| *at = at.map(|at| (at + by) % count.max(1)));
    Effect::new(move |_| {
        if let (Some(dialog), Some(_)) = (dialog.get(), zoomed.get()) {
            // Open already: it only shows another picture.
            let _ = (!dialog.open()).then(|| dialog.show_modal());
        }
    });
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => step(1),
        "ArrowLeft" => step(count.saturating_sub(1)),
        _ => {}
    };
    let picture = move || zoomed.get().and_then(|at| shots.with_value(|shots| shots.get(at).map(|shot| shot.picture.clone())));
    view! {
        <dialog class="zoom" node_ref=dialog aria-label=words.closer on:close=move |_| zoomed.set(None) on:keydown=on_key>
            <div class="zoom__picture" on:click=close>{move || picture().map(|picture| view! { <Photograph picture sizes="100vw" eager=true/> })}</div>
            <button class="close zoom__close" type="button" aria-label=words.close on:click=close><Icon shape=Shape::Close/></button>
            <button class="close zoom__previous" type="button" aria-label=words.previous hidden=is_alone on:click=move |_| step(count.saturating_sub(1))>
                <Icon shape=Shape::Left/>
            </button>
            <button class="close zoom__next" type="button" aria-label=words.next hidden=is_alone on:click=move |_| step(1)>
                <Icon shape=Shape::Right/>
            </button>
        </dialog>
    }
}
