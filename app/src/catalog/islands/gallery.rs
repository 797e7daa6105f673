//! A product's pictures: a strip to swipe, small ones that lead to each, and a closer look. Without scripts the
//! small ones are links within the page and the large ones links to the picture itself.

use super::{shown, zoom::Zoom};
use crate::{fill::fill, layout::Photograph};
use domain::catalog::Picture;
use leptos::{ev::KeyboardEvent, html::Ul, prelude::*};
use serde::{Deserialize, Serialize};

/// A picture and its place among the product's pictures, by which variants name it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shot {
    pub index: u32,
    pub picture: Picture,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GalleryWords {
    pub pictures: String,
    /// With `{number}`.
    pub show: String,
    pub closer: String,
    pub close: String,
    pub previous: String,
    pub next: String,
}

/// `name` ties the first picture to the card it grew from. Not lazy: beside the buy box, the release build's split
/// left it without the names of its own fields.
#[island]
pub fn Gallery(name: String, shots: Vec<Shot>, words: GalleryWords) -> impl IntoView {
    let count = shots.len();
    let (current, zoomed) = (RwSignal::new(0_usize), RwSignal::new(None::<usize>));
    let strip = NodeRef::<Ul>::new();
    let shots = StoredValue::new(shots);
    let go = move |to: usize| {
        if let Some(strip) = strip.get_untracked() {
            strip.set_scroll_left(i32::try_from(to).unwrap_or(0) * strip.client_width());
        }
    };
    follow_choice(shots, go);
    let on_scroll = move |_| {
        if let Some(strip) = strip.get_untracked() {
            let width = strip.client_width().max(1);
            current.set(usize::try_from((strip.scroll_left() + width / 2) / width).unwrap_or(0));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let at = current.get_untracked();
        match event.key().as_str() {
            "ArrowRight" if at + 1 < count => go(at + 1),
            "ArrowLeft" if at > 0 => go(at - 1),
            _ => return,
        }
        event.prevent_default();
    };
    let large = shots.with_value(|shots| {
        shots
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, shot)| {
                let transition = (at == 0).then(|| name.clone());
                view! { <Large at shot transition zoomed closer=words.closer.clone()/> }
            })
            .collect_view()
    });
    view! {
        <div class="gallery">
            <ul class="gallery__strip" node_ref=strip aria-label=words.pictures.clone() on:scroll=on_scroll on:keydown=on_key>{large}</ul>
            {(count > 1).then(|| view! { <Thumbnails shots current go show=words.show.clone()/> })}
            <Zoom shots zoomed words/>
        </div>
    }
}

/// A variant was chosen: its picture comes forward.
fn follow_choice(shots: StoredValue<Vec<Shot>>, go: impl Fn(usize) + 'static) {
    let picture = shown::picture();
    Effect::new(move |_| {
        let at = picture.get().and_then(|index| shots.with_value(|shots| shots.iter().position(|shot| shot.index == index)));
        if let Some(at) = at {
            go(at);
        }
    });
}

#[component]
fn Large(at: usize, shot: Shot, transition: Option<String>, zoomed: RwSignal<Option<usize>>, closer: String) -> impl IntoView {
    let href = shot.picture.src(1280, "webp");
    view! {
        <li id=format!("picture-{}", at + 1) data-transition=transition>
            <a class="gallery__open" href=href on:click=move |event| {
                event.prevent_default();
                zoomed.set(Some(at));
            }>
                <Photograph picture=shot.picture sizes="(min-width: 84rem) 46rem, (min-width: 46rem) 54vw, 100vw" first={at == 0} eager={at == 0}/>
                <span class="visually-hidden">{closer}</span>
            </a>
        </li>
    }
}

#[component]
fn Thumbnails(shots: StoredValue<Vec<Shot>>, current: RwSignal<usize>, go: impl Fn(usize) + Copy + 'static, show: String) -> impl IntoView {
    let links = shots.with_value(|shots| {
        shots
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, shot)| {
                let picture = Picture { alt: String::new(), ..shot.picture };
                view! {
                    <li>
                        <a
                            href=format!("#picture-{}", at + 1)
                            aria-label=fill(&show, &[("number", &(at + 1))])
                            aria-current=move || (current.get() == at).then_some("true")
                            on:click=move |event| {
                                event.prevent_default();
                                go(at);
                            }
                        >
                            <Photograph picture sizes="5rem"/>
                        </a>
                    </li>
                }
            })
            .collect_view()
    });
    view! { <ul class="gallery__thumbs">{links}</ul> }
}
