//! What somebody reads to whom the chat is closed: that it is so, until when, and how they reach us all the same.

use super::words::BlockedWords;
use domain::Language;
use leptos::prelude::*;

#[component]
pub(super) fn BlockedNotice(sentence: String, words: BlockedWords, language: Language) -> impl IntoView {
    let ways = [("complaints/new", words.complaint), ("info/contact", words.contact), ("track", words.track), ("help", words.help)];
    let links = ways.map(|(path, name)| view! { <li><a href=format!("/{language}/{path}")>{name}</a></li> });
    view! {
        <div class="notice chat-blocked" data-kind="warn" role="status" tabindex="-1" data-first="">
            <p><strong>{sentence}</strong></p>
            <p>{words.ways}</p>
            <ul>{links.into_iter().collect_view()}</ul>
        </div>
    }
}
