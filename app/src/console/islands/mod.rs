//! The console, woken up: lists and transcript follow what happens over the socket, answers are sent without leaving,
//! and every step has its key. Asleep, it is links and forms.

mod composer;
mod head;
mod keys;
mod mentions;
mod notices;
mod picker;
mod rows;
mod socket;
mod start;
mod state;
mod talk;

pub use start::{Notice, Open, Start, Tab, Text, Typed};

use super::words::ConsoleWords;
use composer::Composer;
use head::Head;
use keys::KeyList;
use leptos::prelude::*;
use rows::Side;
use state::Desk;
use talk::Transcript;

#[island(lazy)]
pub fn Console(start: Start, words: ConsoleWords) -> impl IntoView {
    let desk = Desk::new(start, words);
    Effect::new(move || {
        desk.wake();
        keys::listen();
    });
    let is_open = desk.start.with_value(|start| start.open.is_some());
    let middle = if is_open {
        view! {
            <Head desk/>
            <Transcript desk/>
            <Composer desk/>
        }
        .into_any()
    } else {
        view! {
            <div class="talk__nothing">
                <h2>{desk.word(|w| &w.talk.choose_title)}</h2>
                <p class="soft">{desk.word(|w| &w.talk.choose)}</p>
            </div>
        }
        .into_any()
    };
    view! {
        <Side desk/>
        <section class="talk" id="talk" aria-label=desk.word(|w| &w.talk.transcript)>{middle}</section>
        <KeyList desk/>
    }
}
