//! `/{language}/desk/contact`: noting a call, a visit, a letter or a fax.

use super::NoticeBox;
use crate::fill::written;
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    console::{
        refusal,
        words::{ChannelWords, TopicWords},
    },
    request, words,
};
use domain::{
    Language,
    chat::{Channel, Topic},
    staff::Permission,
};
use leptos::prelude::*;
use shop::Failure;
use std::collections::BTreeMap;

#[component]
pub fn ContactPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Console needs=Permission::Converse title=words!(language, console.contact.title)>
            <Contact language/>
        </Desk>
    }
}

#[component]
fn Contact(language: Language) -> impl IntoView {
    let content = Suspend::new(async move {
        let typed = match shop::desk::contact_draft(&request::shop(), &request::actor()).await {
            Ok(typed) => typed,
            Err(Failure::Fault(fault)) => {
                report(&fault);
                BTreeMap::new()
            }
            Err(Failure::Refused(never)) => match never {},
        };
        view! { <ContactForm typed language/> }
    });
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn ContactForm(typed: BTreeMap<String, String>, language: Language) -> impl IntoView {
    let notice = refusal::notice(&request::query_pairs(), language);
    let value = move |name: &str| typed.get(name).cloned().unwrap_or_default();
    let (channels, topics) = (ChannelWords::of(language), TopicWords::of(language));
    let chosen = value("channel");
    let ways = [Channel::Phone, Channel::Counter, Channel::Letter, Channel::Fax].map(|channel| {
        let is_chosen = chosen == channel.code() || (chosen.is_empty() && channel == Channel::Phone);
        view! { <label><input type="radio" name="channel" value=channel.code() checked=is_chosen/>{channels.name(channel).to_owned()}</label> }
    });
    let chosen = value("topic");
    let topics = Topic::ALL.iter().map(|topic| {
        let is_chosen = chosen == topic.code() || (chosen.is_empty() && *topic == Topic::Other);
        view! { <option value=topic.code() selected=is_chosen>{topics.name(*topic).to_owned()}</option> }
    });
    let chosen = value("language");
    let languages = Language::ALL.map(|each| {
        let is_chosen = chosen == each.code() || (chosen.is_empty() && each == language);
        view! { <option value=each.code() selected=is_chosen>{each.endonym()}</option> }
    });
    let optional = words!(language, console.contact.optional);
    let optional = move || view! { " "<span class="optional">{optional.clone()}</span> };
    view! {
        <form class="stack desk-page desk-page--narrow" id="contact" method="post" action="/api/desk/contact">
            <p class="lead">{words!(language, console.contact.lead)}</p>
            <NoticeBox notice/>
            <input type="hidden" name="key" value=shop::new_id(request::now()).to_string()/>
            <fieldset class="ways">
                <legend>{words!(language, console.channel.label)}</legend>
                {ways.into_iter().collect_view()}
            </fieldset>
            <div class="fields">
                <div class="field"><label for="contact-name">{words!(language, console.contact.name)}{optional.clone()}</label><input id="contact-name" name="name" type="text" value=value("name") autocomplete="off"/></div>
                <div class="field"><label for="contact-email">{words!(language, console.contact.email)}{optional.clone()}</label><input id="contact-email" name="email" type="text" inputmode="email" value=value("email") autocomplete="off"/></div>
                <div class="field"><label for="contact-order">{words!(language, console.contact.order)}{optional.clone()}</label><input id="contact-order" name="order" type="text" inputmode="numeric" value=value("order") autocomplete="off"/></div>
                <div class="field"><label for="contact-topic">{words!(language, console.topic.label)}</label><select id="contact-topic" name="topic">{topics.collect_view()}</select></div>
                <div class="field"><label for="contact-language">{words!(language, console.contact.language)}</label><select id="contact-language" name="language">{languages.into_iter().collect_view()}</select></div>
            </div>
            <div class="field"><label for="contact-said">{words!(language, console.contact.said)}</label><textarea id="contact-said" name="said" rows="4" aria-required="true" inner_html=written(&value("said"))></textarea></div>
            <div class="field"><label for="contact-answered">{words!(language, console.contact.answered)}{optional}</label><textarea id="contact-answered" name="answered" rows="3" inner_html=written(&value("answered"))></textarea></div>
            <label class="check"><input type="checkbox" name="done" value="true"/>{words!(language, console.contact.done)}</label>
            <div><button class="button" type="submit">{words!(language, console.contact.submit)}</button></div>
        </form>
    }
}
