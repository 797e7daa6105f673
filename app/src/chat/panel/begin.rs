//! The first question: only what is missing is asked, and articles that may answer it appear while it is typed. What is
//! typed outlives a reload, and sent twice it begins once.

use super::{
    super::{
        api::{self, Question},
        keep,
    },
    talk::{Talk, random_id},
};
use crate::{boundary::AppError, fill::fill, help::api::suggest};
use domain::{
    chat::{ChatRefusal, MOST_CHARACTERS, Topic},
    help::ArticleLink,
};
use gloo_timers::callback::Timeout;
use leptos::{ev::SubmitEvent, html::Textarea, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long the fingers must rest before articles are looked for.
const REST_MILLISECONDS: u32 = 450;
const LEAST_LETTERS: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Beginning {
    ids: Option<(Uuid, Uuid)>,
    body: String,
    topic: String,
    name: String,
    email: String,
    wants_mail: bool,
}

/// What need not be asked.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) has_account: bool,
}

#[component]
pub(super) fn Begin(talk: Talk, order: Option<(String, String)>, known: Known) -> impl IntoView {
    let kept: Beginning = keep::typed(keep::BEGINNING);
    let topic = if order.is_some() && kept.topic.is_empty() { Topic::Order.code().to_owned() } else { kept.topic.clone() };
    let or = |typed: &String, known: String| if typed.is_empty() { known } else { typed.clone() };
    let form = RwSignal::new(Beginning { topic, name: or(&kept.name, known.name), email: or(&kept.email, known.email), ..kept });
    let has_account = known.has_account;
    let (refusal, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let question = NodeRef::<Textarea>::new();
    Effect::new(move |_| form.with(|form| keep::keep_typed(keep::BEGINNING, form)));
    let about = StoredValue::new(order);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            send(talk, form, about.get_value(), refusal, busy, question);
        }
    };
    let word = move |pick: fn(&super::super::words::ChatWords) -> &String| talk.word(pick);
    let nobody = move || talk.reception.with(|reception| reception.agents == 0);
    let label = move || word(if busy.get() { |w| &w.begin.sending } else { |w| &w.begin.send });
    let earlier = move || {
        talk.conversation.with(Option::is_some).then(|| {
            view! { <button class="button button--text" type="button" on:click=move |_| talk.anew.set(false)>{word(|w| &w.begin.earlier)}</button> }
        })
    };
    let with_order = about.get_value().map(|(number, _)| {
        view! { <p><span class="tag">{fill(&word(|w| &w.begin.order), &[("number", &number)])}</span></p> }
    });
    view! {
        <form class="chat-panel__begin stack" novalidate on:submit=submit>
            <p class="soft">{word(|w| &w.page.lead)}</p>
            {with_order}
            <div class="field">
                <label for="chat-question">{word(|w| &w.begin.question)}</label>
                <textarea id="chat-question" data-first="" rows="4" maxlength=MOST_CHARACTERS.to_string() node_ref=question aria-required="true"
                    aria-describedby="chat-question-hint chat-question-error" aria-invalid=move || refusal.with(Option::is_some).to_string()
                    prop:value=form.with_untracked(|form| form.body.clone())
                    on:input:target=move |event| form.update(|form| form.body = event.target().value())></textarea>
                <p class="field__hint" id="chat-question-hint">{word(|w| &w.begin.question_hint)}</p>
                <p class="field__error" id="chat-question-error" role="alert">{move || refusal.get()}</p>
            </div>
            <Suggestions talk form/>
            <div class="field">
                <label for="chat-topic">{word(|w| &w.begin.topic)}" "<span class="optional">{word(|w| &w.begin.optional)}</span></label>
                <select id="chat-topic" on:change:target=move |event| form.update(|form| form.topic = event.target().value())>
                    <option value="">{word(|w| &w.begin.topic_none)}</option>
                    {topics(talk, form)}
                </select>
            </div>
            <Show when=move || !has_account>
                <div class="field">
                    <label for="chat-name">{word(|w| &w.begin.name)}" "<span class="optional">{word(|w| &w.begin.optional)}</span></label>
                    <input id="chat-name" type="text" autocomplete="name" prop:value=form.with_untracked(|form| form.name.clone())
                        on:input:target=move |event| form.update(|form| form.name = event.target().value())/>
                </div>
            </Show>
            <Show when=move || !nobody() && !has_account>
                <label class="tick">
                    <input type="checkbox" prop:checked=form.with_untracked(|form| form.wants_mail)
                        on:change:target=move |event| form.update(|form| form.wants_mail = event.target().checked())/>
                    {word(|w| &w.begin.email_wanted)}
                </label>
            </Show>
            <Show when=move || !has_account && (nobody() || form.with(|form| form.wants_mail))>
                <div class="field">
                    <label for="chat-email">{word(|w| &w.begin.email)}</label>
                    <input id="chat-email" type="email" autocomplete="email" autocapitalize="none" spellcheck="false" aria-describedby="chat-email-hint"
                        prop:value=form.with_untracked(|form| form.email.clone())
                        on:input:target=move |event| form.update(|form| form.email = event.target().value())/>
                    <p class="field__hint" id="chat-email-hint">{word(|w| &w.begin.email_away)}</p>
                </div>
            </Show>
            <div class="cluster">
                <button class="button" type="submit" aria-busy=move || busy.get().to_string()>{label}</button>
                {earlier}
            </div>
            <p class="small soft">
                <a href=format!("/{}/help", talk.language)>{word(|w| &w.page.help_first)}</a>" · "
                <a href=format!("/{}/track", talk.language)>{word(|w| &w.page.track)}</a>" · "
                <a href=format!("/{}/complaints/new", talk.language)>{word(|w| &w.page.complain)}</a>
            </p>
        </form>
    }
}

fn topics(talk: Talk, form: RwSignal<Beginning>) -> impl IntoView {
    let chosen = form.with_untracked(|form| form.topic.clone());
    let option = move |topic: &Topic| {
        let code = topic.code();
        view! { <option value=code selected=code == chosen>{talk.word(|w| w.topic(*topic))}</option> }
    };
    Topic::ALL.iter().map(option).collect_view()
}

fn send(
    talk: Talk,
    form: RwSignal<Beginning>,
    about: Option<(String, String)>,
    refusal: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    question: NodeRef<Textarea>,
) {
    let say = move |sentence: String| {
        refusal.set(Some(sentence));
        if let Some(question) = question.get_untracked() {
            // A browser that cannot set the focus leaves it where it was.
            let _ = question.focus();
        }
    };
    if form.with_untracked(|form| form.body.trim().is_empty()) {
        say(talk.word(|w| &w.refused.empty));
        return;
    }
    let Some(ids) = form.with_untracked(|form| form.ids).or_else(|| Some((random_id()?, random_id()?))) else { return };
    // Kept before it is sent: after a reload in between, the same is sent again.
    form.update(|form| form.ids = Some(ids));
    let Beginning { body, topic, name, email, wants_mail, .. } = form.get_untracked();
    let nobody = talk.reception.with_untracked(|reception| reception.agents == 0);
    let email = if nobody || wants_mail { email } else { String::new() };
    let (order, t) = about.unwrap_or_default();
    let page = window().location().pathname().unwrap_or_default();
    busy.set(true);
    refusal.set(None);
    spawn_local(async move {
        match api::open(ids.0, ids.1, Question { body, topic, name, email, page, order, t }).await {
            Ok(conversation) => {
                keep::forget(keep::BEGINNING);
                talk.begin(conversation);
                super::focus_soon();
            }
            Err(AppError::Refused(why @ ChatRefusal::Blocked)) => talk.was_refused(why),
            Err(error) => say(talk.words.with_value(|words| words.sentence(&error))),
        }
        busy.set(false);
    });
}

/// What others asked before, with its answer; a person is one button further, always.
#[component]
fn Suggestions(talk: Talk, form: RwSignal<Beginning>) -> impl IntoView {
    let articles = RwSignal::new(Vec::<ArticleLink>::new());
    let body = Memo::new(move |_| form.with(|form| form.body.clone()));
    let waiting = StoredValue::new_local(None::<Timeout>);
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let question = body.get().trim().to_owned();
        turn.update_value(|turn| *turn += 1);
        let asked = turn.get_value();
        if question.chars().count() < LEAST_LETTERS {
            waiting.set_value(None);
            articles.set(Vec::new());
            return;
        }
        let ask = move || {
            spawn_local(async move {
                // An answer that a further letter has overtaken, or that comes after the conversation began, is nobody's.
                if let Ok(found) = suggest(question).await
                    && turn.try_get_value() == Some(asked)
                {
                    articles.set(found);
                }
            });
        };
        waiting.set_value(Some(Timeout::new(REST_MILLISECONDS, ask)));
    });
    let links = move || {
        let link =
            |article: ArticleLink| view! { <li><a href=format!("/{}/help/{}", talk.language, article.slug)>{article.title}</a></li> };
        articles.get().into_iter().map(link).collect_view()
    };
    let count = move || match articles.with(Vec::len) {
        0 => String::new(),
        count => fill(&talk.word(|w| &w.begin.suggested), &[("count", &count)]),
    };
    view! {
        <p class="visually-hidden" role="status">{count}</p>
        <Show when=move || articles.with(|articles| !articles.is_empty())>
            <nav class="notice chat-suggestions" aria-labelledby="chat-suggestions">
                <h3 id="chat-suggestions">{talk.word(|w| &w.begin.suggestions)}</h3>
                <ul>{links}</ul>
            </nav>
        </Show>
    }
}
