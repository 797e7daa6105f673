//! The form to begin with: the same questions as the panel's.

use super::{Refused, queried};
use crate::{chat::words::ChatWords, fill::fill, forms::written, request};
use domain::{
    Language,
    chat::{MOST_CHARACTERS, Reception, Topic},
};
use leptos::prelude::*;

#[component]
pub(super) fn Begin(reception: Reception, said: ChatWords, language: Language, refused: Option<Refused>) -> impl IntoView {
    let refused = Refused::of(refused.as_ref(), "open");
    let (order, token) = (queried("order").unwrap_or_default(), queried("t").unwrap_or_default());
    let topic = queried("topic").unwrap_or_else(|| if order.is_empty() { String::new() } else { Topic::Order.code().to_owned() });
    // One of each a rendering: a form that is sent twice begins one conversation.
    let id = || shop::new_id(request::now()).to_string();
    let options = Topic::ALL.iter().map(|choice| {
        view! { <option value=choice.code() selected=choice.code() == topic>{said.topic(*choice).clone()}</option> }
    });
    let about = (!order.is_empty()).then(|| view! { <p><span class="tag">{fill(&said.begin.order, &[("number", &order)])}</span></p> });
    let has_account = request::actor().customer().is_some();
    let mail_hint = (reception.agents == 0).then(|| said.begin.email_away.clone());
    let mail_label = if reception.agents == 0 { said.begin.email.clone() } else { said.begin.email_wanted.clone() };
    let invalid = refused.is_some().to_string();
    let (sentence, typed) = refused.map(|refused| (refused.sentence, refused.typed)).unzip();
    view! {
        <form class="panel stack chat-page__form" id="open" method="post" action="/api/chat/open">
            <p class="soft">{said.page.lead.clone()}</p>
            {about}
            <input type="hidden" name="client_id" value=id()/>
            <input type="hidden" name="message_client_id" value=id()/>
            <input type="hidden" name="page" value=came_from(language)/>
            <input type="hidden" name="order" value=order/>
            <input type="hidden" name="t" value=token/>
            <div class="field">
                <label for="question">{said.begin.question.clone()}</label>
                <textarea id="question" name="body" rows="5" maxlength=MOST_CHARACTERS.to_string() required aria-describedby="question-error" aria-invalid=invalid inner_html=written(&typed.unwrap_or_default())></textarea>
                <p class="field__error" id="question-error">{sentence}</p>
            </div>
            <div class="fields">
                <div class="field">
                    <label for="topic">{said.begin.topic.clone()}" "<span class="optional">{said.begin.optional.clone()}</span></label>
                    <select id="topic" name="topic"><option value="">{said.begin.topic_none.clone()}</option>{options.collect_view()}</select>
                </div>
                <div class="field" hidden=has_account>
                    <label for="name">{said.begin.name.clone()}" "<span class="optional">{said.begin.optional.clone()}</span></label>
                    <input id="name" name="name" type="text" autocomplete="name" maxlength="500" value=queried("name")/>
                </div>
            </div>
            <div class="field" hidden=has_account>
                <label for="email">{mail_label}" "<span class="optional">{said.begin.optional.clone()}</span></label>
                <input id="email" name="email" type="email" autocomplete="email" autocapitalize="none" spellcheck="false" aria-describedby="email-hint"/>
                <p class="field__hint" id="email-hint">{mail_hint}</p>
            </div>
            <div class="cluster"><button class="button" type="submit">{said.begin.send.clone()}</button></div>
            <p class="small soft">
                <a href=format!("/{language}/help")>{said.page.help_first.clone()}</a>" · "<a href=format!("/{language}/track")>{said.page.track.clone()}</a>" · "
                <a href=format!("/{language}/complaints/new")>{said.page.complain.clone()}</a>
            </p>
        </form>
    }
}

/// The page of the shop that led here, as the panel knows it; asked again after a refusal, it is this one.
fn came_from(language: Language) -> String {
    let before = request::request_header(http::header::REFERER);
    let origin = request::shop().settings.public_url.clone();
    let path = before.strip_prefix(origin.as_str()).and_then(|rest| rest.split(['?', '#']).next()).unwrap_or_default();
    if path.starts_with('/') { path.to_owned() } else { format!("/{language}/chat") }
}
