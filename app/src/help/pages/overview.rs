//! `/{language}/help`: all articles by topic; with `?q=` those that answer what was typed.

use super::{Person, SearchForm, address, queried, topic_name};
use crate::{
    layout::{Head, head::in_every_language, or_fault},
    request, words,
};
use domain::{
    Language,
    help::{ArticleLink, HelpTopic},
};
use leptos::prelude::*;
use shop::help;

/// Of what was typed.
const MOST_TYPED: usize = 200;

#[component]
pub fn HelpPage() -> impl IntoView {
    let (shop, language, facts) = (request::shop(), request::language(), request::facts());
    let typed: String = queried("q").unwrap_or_default().trim().chars().take(MOST_TYPED).collect();
    view! {
        <Suspense>
            {Suspend::new(async move {
                facts.share();
                let found = if typed.is_empty() { help::list(&shop, language).await } else { help::search(&shop, language, &typed).await };
                or_fault(found, |articles| view! { <Page articles typed=typed.clone() language/> }.into_any())
            })}
        </Suspense>
    }
}

#[component]
fn Page(articles: Vec<ArticleLink>, typed: String, language: Language) -> impl IntoView {
    let title = words!(language, help.title);
    let searched = !typed.is_empty();
    let paths = if searched { Vec::new() } else { in_every_language("/help") };
    let content = if searched {
        view! { <Found articles typed=typed.clone() language/> }.into_any()
    } else {
        view! { <ByTopic articles language/> }.into_any()
    };
    view! {
        <Head title=title.clone() description=words!(language, help.description) paths listed=!searched/>
        <div class="wrap help">
            <header class="help__head">
                <h1>{title}</h1>
                <p class="lead">{words!(language, help.lead)}</p>
                <SearchForm language typed/>
            </header>
            {content}
            <Person language/>
        </div>
    }
}

#[component]
fn ByTopic(articles: Vec<ArticleLink>, language: Language) -> impl IntoView {
    let topic = move |topic: &HelpTopic| {
        let of_topic: Vec<ArticleLink> = articles.iter().filter(|article| article.topic == *topic).cloned().collect();
        let link = |article: ArticleLink| view! { <li><a href=address(&article.slug, language)>{article.title}</a></li> };
        (!of_topic.is_empty()).then(|| {
            view! {
                <section class="help-topic">
                    <h2>{topic_name(*topic, language)}</h2>
                    <ul>{of_topic.into_iter().map(link).collect_view()}</ul>
                </section>
            }
        })
    };
    view! { <div class="help-topics">{HelpTopic::ALL.iter().map(topic).collect_view()}</div> }
}

#[component]
fn Found(articles: Vec<ArticleLink>, typed: String, language: Language) -> impl IntoView {
    let heading = match articles.len() {
        0 => words!(language, help.nothing, text = typed),
        1 => words!(language, help.found_one, text = typed),
        count => words!(language, help.found, count = count, text = typed),
    };
    let advice = articles.is_empty().then(|| view! { <p class="lead">{words!(language, help.nothing_text)}</p> });
    let item = |article: ArticleLink| {
        view! {
            <li>
                <h3><a href=address(&article.slug, language)>{article.title}</a></h3>
                <p class="soft">{article.summary}</p>
            </li>
        }
    };
    view! {
        <section class="stack" aria-labelledby="found">
            <h2 id="found">{heading}</h2>
            {advice}
            <ul class="help-found">{articles.into_iter().map(item).collect_view()}</ul>
            <p><a class="more" href=format!("/{language}/help")>{words!(language, help.all)}</a></p>
        </section>
    }
}
