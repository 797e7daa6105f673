//! What is asked beside the talking: an address when nobody is there, how it was when it is over, a copy by mail.

use super::{super::api, talk::Talk};
use crate::fill::fill;
use domain::ids::ConversationId;
use leptos::{
    ev::SubmitEvent,
    html::{Input, Textarea},
    prelude::*,
    task::spawn_local,
};

#[component]
pub(super) fn Ending(talk: Talk) -> impl IntoView {
    view! {
        <LeaveAddress talk/>
        <Rating talk/>
        <Ways talk/>
    }
}

/// When nobody is there and we know no address.
#[component]
fn LeaveAddress(talk: Talk) -> impl IntoView {
    let needed = Memo::new(move |_| {
        let nobody = talk.reception.with(|reception| reception.agents == 0);
        nobody && !talk.is_closed() && talk.conversation.with(|c| c.as_ref().is_some_and(|c| c.email.is_empty() && c.agent.is_none()))
    });
    view! {
        <Show when=move || needed.get()>
            <div class="notice chat-ask">
                <h3>{talk.word(|w| &w.leave.title)}</h3>
                <p class="small">{talk.word(|w| &w.leave.text)}</p>
                <MailForm talk id="chat-leave" label=talk.word(|w| &w.leave.send) send=|id, email| Box::pin(api::leave_address(id, email))/>
            </div>
        </Show>
    }
}

type Sending = std::pin::Pin<Box<dyn Future<Output = Result<(), crate::boundary::AppError<domain::chat::ChatRefusal>>>>>;

/// One mail address and what is done with it.
#[component]
fn MailForm(
    talk: Talk,
    id: &'static str,
    label: String,
    send: fn(ConversationId, String) -> Sending,
    #[prop(optional)] then: Option<Callback<String>>,
) -> impl IntoView {
    let (email, refusal, busy) = (NodeRef::<Input>::new(), RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(field), Some(conversation)) = (email.get_untracked(), talk.id()) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let typed = field.value().trim().to_owned();
        spawn_local(async move {
            let outcome = talk.done(send(conversation, typed.clone()).await);
            busy.set(false);
            if outcome.is_ok()
                && let Some(then) = then
            {
                then.run(typed);
            }
            refusal.set(outcome.err());
        });
    };
    let known = talk.conversation.with_untracked(|c| c.as_ref().map(|c| c.email.clone()).unwrap_or_default());
    view! {
        <form class="field" novalidate on:submit=submit>
            <label for=id>{talk.word(|w| &w.begin.email)}</label>
            <div class="chat-ask__row">
                <input id=id type="email" autocomplete="email" autocapitalize="none" spellcheck="false" value=known node_ref=email
                    aria-describedby=format!("{id}-error") aria-invalid=move || refusal.with(Option::is_some).to_string()/>
                <button class="button button--quiet" type="submit" aria-busy=move || busy.get().to_string()>{label}</button>
            </div>
            <p class="field__error" id=format!("{id}-error") role="alert">{move || refusal.get()}</p>
        </form>
    }
}

/// After a person closed it.
#[component]
fn Rating(talk: Talk) -> impl IntoView {
    let asked = Memo::new(move |_| talk.conversation.with(|c| c.as_ref().is_some_and(|c| c.may_be_rated)));
    let rated = Memo::new(move |_| talk.conversation.with(|c| c.as_ref().is_some_and(|c| c.rating.is_some())) && talk.is_closed());
    let (chosen, comment) = (RwSignal::new(None::<u8>), NodeRef::<Textarea>::new());
    let (refusal, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(conversation) = talk.id() else { return };
        if chosen.get_untracked().is_none() {
            refusal.set(Some(talk.word(|w| &w.refused.no_rating)));
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let said = comment.get_untracked().map(|field| field.value()).unwrap_or_default();
        spawn_local(async move {
            refusal.set(talk.done(api::rate(conversation, chosen.get_untracked(), said).await).err());
            busy.set(false);
        });
    };
    let choices = move || {
        talk.words.with_value(|words| {
            let choice = |(number, word): (u8, &String)| {
                view! {
                    <label class="chat-rate__choice">
                        <input type="radio" name="chat-rating" value=number.to_string() on:change=move |_| chosen.set(Some(number))/>
                        <span class="chat-rate__number">{number}</span>
                        <span class="small">{word.clone()}</span>
                    </label>
                }
            };
            words.ratings().map(choice).into_iter().collect_view()
        })
    };
    view! {
        <Show when=move || asked.get()>
            <form class="notice chat-ask" novalidate on:submit=submit>
                <fieldset aria-describedby="chat-rate-error">
                    <legend class="chat-rate__title">{talk.word(|w| &w.rate.title)}</legend>
                    <p class="small">{talk.word(|w| &w.rate.text)}</p>
                    <div class="chat-rate">{choices()}</div>
                </fieldset>
                <div class="field">
                    <label for="chat-comment">{talk.word(|w| &w.rate.comment)}" "<span class="optional">{talk.word(|w| &w.begin.optional)}</span></label>
                    <textarea id="chat-comment" rows="2" maxlength="2000" node_ref=comment></textarea>
                </div>
                <p class="field__error" id="chat-rate-error" role="alert">{move || refusal.get()}</p>
                <div><button class="button" type="submit" aria-busy=move || busy.get().to_string()>{talk.word(|w| &w.rate.send)}</button></div>
            </form>
        </Show>
        <p class="chat-panel__note" role="status">{move || rated.get().then(|| talk.word(|w| &w.rate.thanks))}</p>
    }
}

/// A copy, the end, and another beginning.
#[component]
fn Ways(talk: Talk) -> impl IntoView {
    let (copying, said, busy) = (RwSignal::new(false), RwSignal::new(None::<String>), RwSignal::new(false));
    let end = move |_| {
        let Some(conversation) = talk.id() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            said.set(talk.done(api::end(conversation).await).err());
            busy.set(false);
        });
    };
    let copied = Callback::new(move |email: String| {
        copying.set(false);
        said.set(Some(fill(&talk.word(|w| &w.talk.copy_sent), &[("email", &email)])));
    });
    let last = move || {
        if talk.is_closed() {
            view! { <button class="button button--text" type="button" on:click=move |_| talk.anew.set(true)>{talk.word(|w| &w.talk.anew)}</button> }.into_any()
        } else {
            view! { <button class="button button--text" type="button" on:click=end>{talk.word(|w| &w.talk.end)}</button> }.into_any()
        }
    };
    view! {
        <div class="chat-ways small">
            <button class="button button--text" type="button" aria-expanded=move || copying.get().to_string() on:click=move |_| copying.update(|is| *is = !*is)>
                {talk.word(|w| &w.talk.copy)}
            </button>
            {last}
        </div>
        <p class="chat-panel__note" role="status">{move || said.get()}</p>
        <Show when=move || copying.get()>
            <MailForm talk id="chat-copy" label=talk.word(|w| &w.talk.copy_send) send=|id, email| Box::pin(api::transcript(id, email)) then=copied/>
        </Show>
    }
}
