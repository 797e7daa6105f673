//! The help's pages: what there is, what a search finds, an article; and behind the desk, writing them.

mod article;
mod desk;
mod overview;

pub use article::ArticlePage;
pub use desk::{ArticleDesk, ArticleList};
pub use overview::HelpPage;

use crate::{request, words};
use domain::{Language, help::HelpTopic};
use leptos::prelude::*;

pub(crate) fn topic_name(topic: HelpTopic, language: Language) -> String {
    match topic {
        HelpTopic::Orders => words!(language, help.topic.orders),
        HelpTopic::Delivery => words!(language, help.topic.delivery),
        HelpTopic::Returns => words!(language, help.topic.returns),
        HelpTopic::Pieces => words!(language, help.topic.pieces),
        HelpTopic::Payment => words!(language, help.topic.payment),
        HelpTopic::Shop => words!(language, help.topic.shop),
    }
}

fn address(slug: &str, language: Language) -> String {
    format!("/{language}/help/{slug}")
}

fn queried(name: &str) -> Option<String> {
    request::query_pairs().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// On every page of the help: the way to a person.
#[component]
fn Person(language: Language) -> impl IntoView {
    view! {
        <aside class="help-person" aria-labelledby="person">
            <h2 id="person">{words!(language, help.person_title)}</h2>
            <p>{words!(language, help.person_text)}</p>
            <div class="cluster">
                <a class="button" href=format!("/{language}/chat")>{words!(language, help.person)}</a>
                <a class="button button--quiet" href=format!("/{language}/track")>{words!(language, help.track)}</a>
            </div>
        </aside>
    }
}

#[component]
fn SearchForm(language: Language, typed: String) -> impl IntoView {
    view! {
        <form class="help-search" role="search" action=format!("/{language}/help") method="get" aria-label=words!(language, help.search)>
            <label class="visually-hidden" for="help-search">{words!(language, help.search)}</label>
            <input class="input" id="help-search" type="search" name="q" value=typed placeholder=words!(language, help.search_hint) maxlength="200" enterkeyhint="search"/>
            <button class="button" type="submit">{words!(language, help.go)}</button>
        </form>
    }
}
