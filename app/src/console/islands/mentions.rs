//! The list of notes that call whoever looks: each leads to its place in the conversation.

use super::state::Desk;
use domain::chat::Mention;
use leptos::prelude::*;

impl Desk {
    /// How many notes call, and were not seen yet.
    pub(super) fn unseen(self) -> usize {
        self.lists.with(|lists| lists.mentions.iter().filter(|mention| !mention.seen).count())
    }
}

#[component]
pub(super) fn MentionRows(desk: Desk) -> impl IntoView {
    view! {
        <For each=move || desk.lists.with(|lists| lists.mentions.clone()) key=|m| (m.conversation, m.seq, m.seen)
            children=move |mention| view! { <Row desk mention/> }/>
    }
}

#[component]
fn Row(desk: Desk, mention: Mention) -> impl IntoView {
    let address = desk.start.with_value(|start| format!("{}{}#entry-{}", start.row, mention.conversation, mention.seq));
    let current = (desk.conversation() == Some(mention.conversation)).then_some("true");
    let shopper =
        if mention.shopper.is_empty() { desk.filled(|w| &w.list.nobody, &[("number", &mention.number)]) } else { mention.shopper.clone() };
    let unseen = (!mention.seen).then(|| {
        let said = desk.word(|w| &w.list.mention_new);
        view! { <span class="row__unseen"><span class="visually-hidden">{said}</span></span> }
    });
    view! {
        <li>
            <a class="row" href=address aria-current=current data-seen=mention.seen.to_string()>
                <span class="row__name">{desk.filled(|w| &w.list.mention_by, &[("name", &mention.by)])}</span>
                <span class="row__when soft numbers">{desk.time(mention.at)}</span>
                <span class="row__said">{mention.said}</span>
                {unseen}
                <span class="row__about">{shopper}</span>
            </a>
        </li>
    }
}
