//! The head of a conversation: who it is with, where it stands, and what one does with it. Every action is a form.

use super::{start::Notice, state::Desk};
use domain::chat::{ConversationState, PresenceState, Priority, Topic};
use leptos::prelude::*;

#[component]
pub(super) fn Head(desk: Desk) -> impl IntoView {
    let title = move || desk.head.with(|head| head.as_ref().map(|head| desk.name_of(head)));
    let number = desk.head.with_untracked(|head| head.as_ref().map_or(0, |head| head.number));
    let state = move || {
        desk.head.with(|head| {
            let head = head.as_ref()?;
            Some(match head.state {
                ConversationState::Queued => desk.word(|w| &w.state.queued),
                ConversationState::Assigned if head.assigned_to == Some(desk.me()) => {
                    desk.filled(|w| &w.state.assigned, &[("name", &desk.word(|w| &w.talk.you))])
                }
                ConversationState::Assigned => desk.filled(|w| &w.state.assigned, &[("name", &head.agent.clone().unwrap_or_default())]),
                ConversationState::Closed => desk.word(|w| &w.state.closed),
            })
        })
    };
    let about = move || {
        desk.head.with(|head| {
            let head = head.as_ref()?;
            Some(desk.with_words(|w| {
                let priority = (head.priority != Priority::Normal).then(|| w.priority.name(head.priority).to_owned());
                let parts = [
                    Some(w.channel.name(head.channel).to_owned()),
                    Some(head.language.endonym().to_owned()),
                    Some(w.topic.name(head.topic).to_owned()),
                    priority,
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
            }))
        })
    };
    view! {
        <header class="talk__head">
            <div class="talk__who">
                <h2 class="talk__name">{title}" "<span class="soft numbers">{desk.filled(|w| &w.talk.heading, &[("number", &number)])}</span></h2>
                <p class="talk__about soft"><strong role="status">{state}</strong>" · "{about}</p>
            </div>
            <Actions desk/>
        </header>
    }
}

/// Who may do what is decided by the server; here only what cannot work is left out.
#[component]
fn Actions(desk: Desk) -> impl IntoView {
    let state = Memo::new(move |_| desk.head.with(|head| head.as_ref().map(|head| head.state)));
    let is_mine = Memo::new(move |_| desk.head.with(|head| head.as_ref().is_some_and(|head| head.assigned_to == Some(desk.me()))));
    let supervises = desk.start.with_value(|start| start.supervises);
    let moves = move || state.get() == Some(ConversationState::Assigned) && (is_mine.get() || supervises);
    let closes = move || moves() || state.get() == Some(ConversationState::Queued);
    view! {
        <div class="talk__actions">
            <form method="post" action="/api/desk/take" id="take-form" hidden=move || state.get() != Some(ConversationState::Queued)>
                <Place desk/>
                <button class="button button--small" type="submit" aria-keyshortcuts="t">{desk.word(|w| &w.talk.take)}</button>
            </form>
            <div hidden=move || !moves()><Transfer desk/></div>
            <form method="post" action="/api/desk/release" hidden=move || !moves()>
                <Place desk/>
                <button class="button button--quiet button--small" type="submit">{desk.word(|w| &w.talk.release)}</button>
            </form>
            <Details desk/>
            <div hidden=move || !closes()><Close desk/></div>
        </div>
    }
}

/// What every form here carries.
#[component]
pub(super) fn Place(desk: Desk) -> impl IntoView {
    let back = desk.start.with_value(|start| start.back.clone());
    let id = desk.conversation().map(|id| id.to_string()).unwrap_or_default();
    view! {
        <input type="hidden" name="conversation" value=id/>
        <input type="hidden" name="back" value=back/>
    }
}

#[component]
pub(super) fn Refused(notice: Option<Notice>) -> impl IntoView {
    notice.filter(|notice| notice.refused).map(|notice| view! { <p class="field__error" role="alert">{notice.sentence}</p> })
}

#[component]
fn Transfer(desk: Desk) -> impl IntoView {
    let notice = desk.notice("transfer");
    let is_refused = notice.as_ref().is_some_and(|notice| notice.refused);
    let (colleagues, typed, me) = desk.start.with_value(|start| (start.colleagues.clone(), start.typed.clone(), start.me));
    let options =
        colleagues.into_iter().filter(|colleague| colleague.id != me && colleague.state != PresenceState::Away).map(|colleague| {
            let state = match colleague.state {
                PresenceState::Available => desk.word(|w| &w.presence.available),
                PresenceState::Paused => desk.word(|w| &w.presence.paused),
                PresenceState::Away => desk.word(|w| &w.presence.away),
            };
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("name", &colleague.name), ("state", &state), ("load", &colleague.load), ("cap", &colleague.cap)];
            let label = desk.filled(|w| &w.transfer.colleague, &values);
            view! { <option value=colleague.id.to_string() selected=typed.transfer_to == Some(colleague.id)>{label}</option> }
        });
    let options = options.collect_view();
    view! {
        <details class="act" id="transfer" open=is_refused name="act">
            <summary class="button button--quiet button--small" aria-keyshortcuts="p">{desk.word(|w| &w.talk.transfer)}</summary>
            <form class="act__form stack stack--tight" method="post" action="/api/desk/transfer">
                <Place desk/>
                <div class="field">
                    <label for="transfer-to">{desk.word(|w| &w.transfer.to)}</label>
                    <select id="transfer-to" name="to"><option value="">{desk.word(|w| &w.transfer.choose)}</option>{options}</select>
                </div>
                <div class="field">
                    <label for="transfer-summary">{desk.word(|w| &w.transfer.summary)}</label>
                    <textarea id="transfer-summary" name="summary" rows="4" aria-required="true" aria-invalid=is_refused.to_string()
                        aria-describedby="transfer-hint" inner_html=crate::fill::written(&typed.summary)></textarea>
                    <p class="field__hint" id="transfer-hint">{desk.word(|w| &w.transfer.hint)}</p>
                    <Refused notice/>
                </div>
                <button class="button button--small" type="submit">{desk.word(|w| &w.transfer.submit)}</button>
            </form>
        </details>
    }
}

#[component]
fn Close(desk: Desk) -> impl IntoView {
    let notice = desk.notice("close");
    let is_refused = notice.as_ref().is_some_and(|notice| notice.refused);
    let typed = desk.start.with_value(|start| start.typed.close.clone());
    let reasons = [
        desk.word(|w| &w.close.answered),
        desk.word(|w| &w.close.solved),
        desk.word(|w| &w.close.no_reply),
        desk.word(|w| &w.close.duplicate),
        desk.word(|w| &w.close.spam),
    ];
    view! {
        <details class="act" id="close" open=is_refused name="act">
            <summary class="button button--quiet button--small" aria-keyshortcuts="x">{desk.word(|w| &w.talk.close)}</summary>
            <form class="act__form stack stack--tight" method="post" action="/api/desk/close">
                <Place desk/>
                <div class="field">
                    <label for="close-reason">{desk.word(|w| &w.close.reason)}</label>
                    <select id="close-reason" name="reason" aria-invalid=is_refused.to_string()>
                        <option value="">{desk.word(|w| &w.close.choose)}</option>
                        {reasons.map(|reason| view! { <option value=reason.clone()>{reason.clone()}</option> }).collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label for="close-more">{desk.word(|w| &w.close.more)}</label>
                    <input id="close-more" name="more" type="text" value=typed maxlength="400"/>
                    <Refused notice/>
                </div>
                <button class="button button--small" type="submit">{desk.word(|w| &w.close.submit)}</button>
            </form>
        </details>
    }
}

#[component]
fn Details(desk: Desk) -> impl IntoView {
    let (topic, priority) =
        desk.head.with_untracked(|head| head.as_ref().map_or((Topic::Other, Priority::Normal), |h| (h.topic, h.priority)));
    let topics = Topic::ALL.iter().map(|each| {
        let name = desk.with_words(|w| w.topic.name(*each).to_owned());
        view! { <option value=each.code() selected=*each == topic>{name}</option> }
    });
    let priorities = Priority::ALL.iter().map(|each| {
        let name = desk.with_words(|w| w.priority.name(*each).to_owned());
        view! { <option value=each.code() selected=*each == priority>{name}</option> }
    });
    view! {
        <details class="act" id="details" name="act">
            <summary class="button button--quiet button--small">{desk.word(|w| &w.talk.details)}</summary>
            <form class="act__form stack stack--tight" method="post" action="/api/desk/details">
                <Place desk/>
                <div class="field"><label for="set-topic">{desk.word(|w| &w.topic.label)}</label><select id="set-topic" name="topic">{topics.collect_view()}</select></div>
                <div class="field"><label for="set-priority">{desk.word(|w| &w.priority.label)}</label><select id="set-priority" name="priority">{priorities.collect_view()}</select></div>
                <button class="button button--small" type="submit">{desk.word(|w| &w.talk.save)}</button>
            </form>
        </details>
    }
}
