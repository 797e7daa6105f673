//! `/{language}/help/{slug}`: an article, whether it helped, and what else there is on it.

use super::{Person, address, queried, topic_name};
use crate::{
    boundary::report,
    forms,
    layout::{Fault, Head, NotFound, move_to},
    request, words,
};
use domain::{
    Language, format,
    help::{Article, MOST_MISSING},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{Outcome, help};

/// An article, or where it is in this language.
enum Found {
    Here(Box<Article>),
    Elsewhere(String),
    Nowhere,
}

#[component]
pub fn ArticlePage() -> impl IntoView {
    let language = request::language();
    let slug = use_params_map().with_untracked(|params| params.get("slug").unwrap_or_default());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match find(language, &slug).await {
                    Ok(Found::Here(article)) => view! { <Page article=*article slug language/> }.into_any(),
                    Ok(Found::Elsewhere(slug)) => {
                        move_to(&format!("/{language}/help/{slug}"));
                        ().into_any()
                    }
                    Ok(Found::Nowhere) => view! { <NotFound/> }.into_any(),
                    Err(shop::Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
                    Err(shop::Failure::Refused(never)) => match never {},
                }
            })}
        </Suspense>
    }
}

async fn find(language: Language, slug: &str) -> Outcome<Found> {
    let (shop, facts) = (request::shop(), request::facts());
    if let Some(article) = help::read(&shop, language, slug).await? {
        facts.share();
        return Ok(Found::Here(Box::new(article)));
    }
    Ok(help::elsewhere(&shop, language, slug).await?.map_or(Found::Nowhere, Found::Elsewhere))
}

#[component]
fn Page(article: Article, slug: String, language: Language) -> impl IntoView {
    let paths = article.slugs.iter().map(|(language, slug)| (*language, format!("/{language}/help/{slug}"))).collect();
    let others = article.others.iter().map(|other| view! { <li><a href=address(&other.slug, language)>{other.title.clone()}</a></li> });
    let others = (!article.others.is_empty()).then(|| {
        view! {
            <nav class="help-others" aria-labelledby="others">
                <h2 id="others">{words!(language, help.others)}</h2>
                <ul>{others.collect_view()}</ul>
            </nav>
        }
    });
    view! {
        <Head title=article.title.clone() description=article.summary.clone() paths/>
        <div class="wrap help-article">
            <nav class="crumbs" aria-label=words!(language, help.here)>
                <ol>
                    <li><a href=format!("/{language}/help")>{words!(language, help.home)}</a></li>
                    <li aria-current="page">{topic_name(article.topic, language)}</li>
                </ol>
            </nav>
            <article>
                <h1>{article.title}</h1>
                <div class="prose" inner_html=article.html></div>
                <p class="soft small help-article__changed">
                    {words!(language, help.changed, day = format::date(article.changed_at.date(), language))}
                </p>
            </article>
            <Helped slug language/>
            {others}
            <Person language/>
        </div>
    }
}

/// Two buttons of one plain form; who says no is asked what was missing.
#[component]
fn Helped(slug: String, language: Language) -> impl IntoView {
    let refused = queried("refused").map(|why| match why.as_str() {
        "too-long" => words!(language, help.helped.too_long, most = MOST_MISSING),
        _ => words!(language, help.helped.fault),
    });
    let (content, kind) = match queried("helped").as_deref() {
        Some("yes") => (view! { <p role="status">{words!(language, help.helped.thanks_yes)}</p> }.into_any(), Some("good")),
        Some("missing") => (view! { <p role="status">{words!(language, help.helped.thanks_missing)}</p> }.into_any(), Some("good")),
        Some("no") => (
            view! { <p role="status">{words!(language, help.helped.thanks_no)}</p> <Missing slug refused=None language/> }.into_any(),
            None,
        ),
        _ if refused.is_some() => (view! { <Missing slug refused language/> }.into_any(), None),
        _ => (view! { <Question slug language/> }.into_any(), None),
    };
    view! { <section class="notice help-helped" id="helped" data-kind=kind>{content}</section> }
}

#[component]
fn Question(slug: String, language: Language) -> impl IntoView {
    view! {
        <form class="cluster" method="post" action="/api/help/vote">
            <h2>{words!(language, help.helped.title)}</h2>
            <input type="hidden" name="slug" value=slug/>
            <button class="button button--quiet" type="submit" name="helped" value="yes">{words!(language, help.helped.yes)}</button>
            <button class="button button--quiet" type="submit" name="helped" value="no">{words!(language, help.helped.no)}</button>
        </form>
    }
}

#[component]
fn Missing(slug: String, refused: Option<String>, language: Language) -> impl IntoView {
    let invalid = refused.is_some().to_string();
    view! {
        <form class="stack" method="post" action="/api/help/vote">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="helped" value="no"/>
            <div class="field">
                <label for="missing">{words!(language, help.helped.missing)}</label>
                <textarea id="missing" name="missing" rows="3" maxlength=MOST_MISSING.to_string() aria-describedby="missing-hint missing-error" aria-invalid=invalid
                    inner_html=forms::written(&queried("typed").unwrap_or_default())></textarea>
                <p class="field__hint" id="missing-hint">{words!(language, help.helped.missing_hint)}</p>
                <p class="field__error" id="missing-error">{refused}</p>
            </div>
            <div><button class="button button--quiet" type="submit">{words!(language, help.helped.send)}</button></div>
        </form>
    }
}
