//! The left side: whether one takes conversations, the search, and the lists with what waits and how long.

use super::{
    mentions::MentionRows,
    notices,
    state::{Desk, Link, Urgency},
};
use domain::{
    chat::{Listed, PresenceState, Priority},
    ids::ConversationId,
};
use leptos::prelude::*;

#[component]
pub(super) fn Side(desk: Desk) -> impl IntoView {
    view! {
        <section class="side" id="side" aria-label=desk.word(|w| &w.lists)>
            <Presence desk/>
            <Search desk/>
            <Tabs desk/>
            <Rows desk/>
            <More desk/>
        </section>
    }
}

#[component]
fn More(desk: Desk) -> impl IntoView {
    let (language, supervises) = desk.start.with_value(|start| (start.language, start.supervises));
    view! {
        <ul class="side__more">
            <li><a href=format!("/{language}/desk/contact")>{desk.word(|w| &w.list.contact)}</a></li>
            {supervises.then(|| view! {
                <li><a href=format!("/{language}/desk/reviews")>{desk.word(|w| &w.list.review)}</a></li>
                <li><a href=format!("/{language}/desk/blocked")>{desk.word(|w| &w.list.blocked)}</a></li>
            })}
        </ul>
    }
}

#[component]
fn Presence(desk: Desk) -> impl IntoView {
    let (state, load, cap, back) = desk.start.with_value(|start| (start.presence, start.load, start.cap, start.back.clone()));
    let (name, next, action) = match state {
        PresenceState::Available => (desk.word(|w| &w.presence.available), PresenceState::Paused, desk.word(|w| &w.presence.pause)),
        PresenceState::Paused => (desk.word(|w| &w.presence.paused), PresenceState::Available, desk.word(|w| &w.presence.resume)),
        PresenceState::Away => (desk.word(|w| &w.presence.away), PresenceState::Available, desk.word(|w| &w.presence.resume)),
    };
    let load_now = move || {
        let held = desk.lists.with(|lists| lists.own.len());
        let load = if held == 0 { load } else { u32::try_from(held).unwrap_or(load) };
        desk.filled(|w| &w.presence.load, &[("load", &load), ("cap", &cap)])
    };
    let link = move || match desk.link.get() {
        Link::Connecting => desk.word(|w| &w.list.waiting_link),
        Link::Live => desk.word(|w| &w.list.live),
        Link::Lost => desk.word(|w| &w.list.lost_link),
    };
    let is_awake = RwSignal::new(false);
    let may_ask = RwSignal::new(false);
    Effect::new(move || {
        is_awake.set(true);
        may_ask.set(notices::may_be_asked());
    });
    view! {
        <form class="presence" method="post" action="/api/desk/presence" aria-label=desk.word(|w| &w.presence.label)>
            <input type="hidden" name="back" value=back/>
            <p class="presence__state" data-state=state.code()><strong>{name}</strong><span class="soft">{load_now}</span></p>
            <button class="button button--quiet button--small" name="state" value=next.code()>{action}</button>
        </form>
        <p class="side__link" role="status" data-link=move || match desk.link.get() { Link::Live => "live", Link::Connecting => "waits", Link::Lost => "lost" }
            hidden=move || !is_awake.get()>{link}</p>
        <button class="button button--text side__notify" type="button" hidden=move || !may_ask.get()
            on:click=move |_| { notices::ask(); may_ask.set(false); }>{desk.word(|w| &w.list.notify)}</button>
    }
}

#[component]
fn Search(desk: Desk) -> impl IntoView {
    let (language, search, cleared) = desk.start.with_value(|start| (start.language, start.search.clone(), start.cleared.clone()));
    let is_searching = !search.is_empty();
    view! {
        <form class="side__search" role="search" method="get" action=format!("/{language}/desk")>
            <label class="visually-hidden" for="desk-search">{desk.word(|w| &w.list.search)}</label>
            <input class="input" id="desk-search" type="search" name="q" value=search placeholder=desk.word(|w| &w.list.search_hint)
                autocomplete="off" enterkeyhint="search" aria-keyshortcuts="/"/>
            <button class="button button--quiet button--small" type="submit">{desk.word(|w| &w.list.go)}</button>
        </form>
        {is_searching.then(|| view! { <a class="side__clear" href=cleared>{desk.word(|w| &w.list.clear)}</a> })}
    }
}

#[component]
fn Tabs(desk: Desk) -> impl IntoView {
    let (tabs, is_searching) = desk.start.with_value(|start| (start.tabs.clone(), !start.search.is_empty()));
    let links = tabs.into_iter().map(|tab| {
        let count = match tab.code.as_str() {
            "own" => Some(Signal::derive(move || desk.lists.with(|lists| lists.own.len()))),
            "queue" => Some(Signal::derive(move || desk.lists.with(|lists| lists.queue.len()))),
            "mentions" => Some(Signal::derive(move || desk.unseen())),
            _ => None,
        };
        let name = match tab.code.as_str() {
            "own" => desk.word(|w| &w.list.own),
            "queue" => desk.word(|w| &w.list.queue),
            "mentions" => desk.word(|w| &w.list.mentions),
            _ => desk.word(|w| &w.list.all),
        };
        let current = (tab.current && !is_searching).then_some("page");
        view! {
            <li><a href=tab.address aria-current=current data-tab=tab.code>
                {name}
                {count.map(|count| view! { " "<span class="side__count numbers">{move || count.get()}</span> })}
            </a></li>
        }
    });
    view! { <nav class="side__tabs" aria-label=desk.word(|w| &w.lists)><ul>{links.collect_view()}</ul></nav> }
}

impl Desk {
    /// The rows of the list that is shown, in its order.
    fn shown(self) -> Vec<ConversationId> {
        let kind = self.shown_kind();
        self.lists.with(|lists| {
            let rows = match kind {
                "own" => &lists.own,
                "queue" => &lists.queue,
                "mentions" => return Vec::new(),
                _ => &lists.others,
            };
            rows.iter().map(|listed| listed.id).collect()
        })
    }

    fn shown_kind(self) -> &'static str {
        self.start.with_value(|start| {
            if !start.search.is_empty() {
                return "found";
            }
            match start.tabs.iter().find(|tab| tab.current).map(|tab| tab.code.as_str()) {
                Some("queue") => "queue",
                Some("all") => "all",
                Some("mentions") => "mentions",
                _ => "own",
            }
        })
    }

    fn listed(self, id: ConversationId) -> Option<Listed> {
        self.lists.with(|lists| lists.own.iter().chain(&lists.queue).chain(&lists.others).find(|listed| listed.id == id).cloned())
    }
}

#[component]
fn Rows(desk: Desk) -> impl IntoView {
    let older = desk.start.with_value(|start| start.older.clone());
    let empty = move || match desk.shown_kind() {
        "own" => desk.word(|w| &w.list.empty_own),
        "queue" => desk.word(|w| &w.list.empty_queue),
        "all" => desk.word(|w| &w.list.empty_all),
        "mentions" => desk.word(|w| &w.list.empty_mentions),
        _ => desk.word(|w| &w.list.empty_found),
    };
    let shows_mentions = desk.shown_kind() == "mentions";
    let is_empty =
        Memo::new(move |_| if shows_mentions { desk.lists.with(|lists| lists.mentions.is_empty()) } else { desk.shown().is_empty() });
    view! {
        <div class="side__rows" id="rows">
            <p class="side__empty soft" hidden=move || !is_empty.get()>{empty}</p>
            <ul>
                <For each=move || desk.shown() key=|id| *id children=move |id| view! { <Row desk id/> }/>
                {shows_mentions.then(|| view! { <MentionRows desk/> })}
            </ul>
            {older.map(|address| view! { <a class="side__older" href=address>{desk.word(|w| &w.list.older)}</a> })}
        </div>
    }
}

#[component]
fn Row(desk: Desk, id: ConversationId) -> impl IntoView {
    let listed = Memo::new(move |before: Option<&Option<Listed>>| desk.listed(id).or_else(|| before.cloned().flatten()));
    let of =
        move |read: fn(Desk, &Listed) -> String| move || listed.with(|listed| listed.as_ref().map(|l| read(desk, l)).unwrap_or_default());
    let address = desk.start.with_value(|start| format!("{}{id}", start.row));
    let current = (desk.conversation() == Some(id)).then_some("true");
    let waiting = move || {
        let (waited, urgency) = listed.with(|listed| listed.as_ref().and_then(|listed| desk.waiting(listed)))?;
        let time = desk.with_words(|words| words.list.span(waited));
        let (said, kind) = match urgency {
            Urgency::InTime => (desk.filled(|w| &w.list.waits, &[("time", &time)]), "good"),
            Urgency::Soon => (desk.filled(|w| &w.list.soon, &[("time", &time)]), "warn"),
            Urgency::Late => (desk.filled(|w| &w.list.late, &[("time", &time)]), "bad"),
        };
        let title = said.clone();
        Some(
            view! { <span class="row__wait" data-kind=kind title=title><span aria-hidden="true">{time}</span><span class="visually-hidden">{said}</span></span> },
        )
    };
    let priority = move || {
        let priority = listed.with(|listed| listed.as_ref().map(|listed| listed.priority)).filter(|p| *p != Priority::Normal)?;
        let name = desk.with_words(|words| words.priority.name(priority).to_owned());
        Some(view! { <span class="row__priority" data-priority=priority.code()>{name}</span> })
    };
    let unread = move || {
        let count = listed.with(|listed| listed.as_ref().map_or(0, |listed| listed.unread));
        (count > 0).then(|| {
            let said = desk.filled(|w| &w.list.unread, &[("count", &count)]);
            view! { <span class="badge row__unread"><span aria-hidden="true">{count}</span><span class="visually-hidden">{said}</span></span> }
        })
    };
    view! {
        <li>
            <a class="row" href=address aria-current=current data-conversation=id.to_string()>
                <span class="row__name">{of(super::state::Desk::name_of)}</span>
                {waiting}
                <span class="row__said">{of(|_, listed| listed.said_last.clone())}</span>
                {unread}
                <span class="row__about">{priority}<span>{of(about)}</span></span>
            </a>
        </li>
    }
}

/// Topic, language, channel where it is no chat, order, and who has it.
fn about(desk: Desk, listed: &Listed) -> String {
    let (topic, channel) = desk.with_words(|w| (w.topic.name(listed.topic).to_owned(), w.channel.name(listed.channel).to_owned()));
    let channel = (listed.channel != domain::chat::Channel::Chat).then_some(channel);
    let order = listed.order.as_ref().map(|number| desk.filled(|w| &w.list.order, &[("number", number)]));
    let closed = (listed.state == domain::chat::ConversationState::Closed).then(|| desk.word(|w| &w.state.closed));
    let agent = listed.agent.clone().filter(|_| listed.assigned_to != Some(desk.me()));
    let parts = [Some(topic), Some(listed.language.code().to_uppercase()), channel, order, closed, agent];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
