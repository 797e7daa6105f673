//! `/{language}/desk/articles`: what there is and what readers think of it; and writing one in every language at once.

use super::{queried, topic_name};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    forms::written,
    layout::{Fault, NotFound},
    request, words,
};
use domain::{
    Language, format,
    help::{ArticleText, HelpRefusal, HelpTopic, MOST_CHARACTERS, MOST_TITLE},
    ids::ArticleId,
    staff::Permission,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{
    Failure, Outcome,
    help::{self, Editing, Listed},
};

#[component]
pub fn ArticleList() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Articles needs=Permission::EditArticles title=words!(language, help.desk.title)>
            <Suspense>
                {Suspend::new(async move {
                    shown(help::drafts(&request::shop(), &request::actor(), language).await, |list| view! { <Table list language/> }.into_any())
                })}
            </Suspense>
        </Desk>
    }
}

/// What was answered, or the page that says why there is nothing.
fn shown<T>(outcome: Outcome<T, HelpRefusal>, view: impl FnOnce(T) -> AnyView) -> AnyView {
    match outcome {
        Ok(answer) => view(answer),
        Err(Failure::Refused(_)) => view! { <NotFound/> }.into_any(),
        Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
    }
}

#[component]
fn Table(list: Vec<Listed>, language: Language) -> impl IntoView {
    let new = view! { <p><a class="button" href=format!("/{language}/desk/articles/new")>{words!(language, help.desk.new)}</a></p> };
    if list.is_empty() {
        return view! { <p>{words!(language, help.desk.none)}</p> {new} }.into_any();
    }
    let row = |article: Listed| {
        let title = if article.title.is_empty() { words!(language, help.desk.untitled) } else { article.title };
        let published = article.published.iter().map(|language| language.endonym()).collect::<Vec<_>>().join(", ");
        let published = if published.is_empty() { words!(language, help.desk.nowhere) } else { published };
        view! {
            <tr>
                <th scope="row"><a href=format!("/{language}/desk/articles/{}", article.id)>{title}</a></th>
                <td>{topic_name(article.topic, language)}</td>
                <td>{published}</td>
                <td class="numbers">{article.votes.helped}</td>
                <td class="numbers">{article.votes.did_not}</td>
                <td>{format::short_day(article.changed_at.date(), language)}</td>
            </tr>
        }
    };
    view! {
        {new}
        <div class="scroll">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, help.desk.name)}</th>
                        <th scope="col">{words!(language, help.desk.topic)}</th>
                        <th scope="col">{words!(language, help.desk.published)}</th>
                        <th scope="col">{words!(language, help.desk.helped)}</th>
                        <th scope="col">{words!(language, help.desk.did_not)}</th>
                        <th scope="col">{words!(language, help.desk.changed)}</th>
                    </tr>
                </thead>
                <tbody>{list.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// `/{language}/desk/articles/{id}`, or `new`.
#[component]
pub fn ArticleDesk() -> impl IntoView {
    let language = request::language();
    let id: Option<ArticleId> = use_params_map().with_untracked(|params| params.get("id")).and_then(|id| id.parse().ok());
    view! {
        <Desk section=Section::Articles needs=Permission::EditArticles title=words!(language, help.desk.edit)>
            <Suspense>
                {Suspend::new(async move { shown(load(id).await, |(article, missing)| view! { <Form id article missing language/> }.into_any()) })}
            </Suspense>
        </Desk>
    }
}

async fn load(id: Option<ArticleId>) -> Outcome<(Editing, Vec<String>), HelpRefusal> {
    let Some(id) = id else {
        return Ok((Editing { topic: HelpTopic::Orders, position: 0, texts: std::collections::BTreeMap::new() }, Vec::new()));
    };
    let (shop, actor) = (request::shop(), request::actor());
    Ok((help::edit(&shop, &actor, id).await?, help::missing(&shop, &actor, id).await?))
}

#[component]
fn Form(id: Option<ArticleId>, article: Editing, missing: Vec<String>, language: Language) -> impl IntoView {
    let topics = HelpTopic::ALL.iter().map(|topic| {
        view! { <option value=topic.code() selected=*topic == article.topic>{topic_name(*topic, language)}</option> }
    });
    let texts = Language::ALL.map(|of| {
        let text = article.texts.get(&of).cloned().unwrap_or_default();
        view! { <Text text of language/> }
    });
    let missing = (!missing.is_empty()).then(|| {
        let said = missing.into_iter().map(|said| view! { <li>{said}</li> });
        view! { <section class="stack"><h2>{words!(language, help.desk.missing)}</h2><ul class="prose article-missing">{said.collect_view()}</ul></section> }
    });
    let delete = id.map(|id| {
        view! {
            <details>
                <summary class="button button--text">{words!(language, help.desk.delete)}</summary>
                <form method="post" action="/api/desk/articles/delete">
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class="button button--danger" type="submit">{words!(language, help.desk.delete_sure)}</button>
                </form>
            </details>
        }
    });
    view! {
        <p><a href=format!("/{language}/desk/articles")>{words!(language, help.desk.back)}</a></p>
        <News language/>
        <form class="stack stack--wide" method="post" action="/api/desk/articles/save">
            <input type="hidden" name="id" value=id.map(|id| id.to_string()).unwrap_or_default()/>
            <div class="fields">
                <div class="field">
                    <label for="topic">{words!(language, help.desk.topic)}</label>
                    <select id="topic" name="topic">{topics.collect_view()}</select>
                </div>
                <div class="field">
                    <label for="position">{words!(language, help.desk.position)}</label>
                    <input id="position" name="position" type="number" step="1" value=article.position.to_string() aria-describedby="position-hint"/>
                    <p class="field__hint" id="position-hint">{words!(language, help.desk.position_hint)}</p>
                </div>
            </div>
            {texts.into_iter().collect_view()}
            <div><button class="button" type="submit">{words!(language, help.desk.save)}</button></div>
        </form>
        {missing}
        {delete}
    }
}

/// What became of the last save.
#[component]
fn News(language: Language) -> impl IntoView {
    let refused = queried("refused").map(|why| match why.as_str() {
        "too-long" => words!(language, help.desk.too_long, title = MOST_TITLE, body = MOST_CHARACTERS),
        "gone" => words!(language, help.desk.gone),
        "not-allowed" => words!(language, help.desk.refused),
        _ => words!(language, help.desk.fault),
    });
    let held = queried("held").unwrap_or_default();
    let held = Language::ALL.into_iter().filter(|of| held.split(',').any(|code| code == of.code())).map(|of| {
        view! { <p class="notice" data-kind="warn">{words!(language, help.desk.held_back, which = of.endonym())}</p> }
    });
    view! {
        {refused.map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> })}
        {queried("saved").map(|_| view! { <p class="notice" data-kind="good" role="status">{words!(language, help.desk.saved)}</p> })}
        {held.collect_view()}
    }
}

/// One language's part of the form, with how it would look as it was saved.
#[component]
fn Text(text: ArticleText, of: Language, language: Language) -> impl IntoView {
    let name = |field: &str| format!("{field}_{of}");
    let open = text.published.then(|| {
        view! { <p><a href=format!("/{of}/help/{}", text.slug)>{words!(language, help.desk.open)}</a></p> }
    });
    let preview = (!text.body.is_empty()).then(|| {
        view! {
            <details class="article-preview">
                <summary>{words!(language, help.desk.preview)}</summary>
                <div class="panel"><h2>{text.title.clone()}</h2><div class="prose" inner_html=help::preview(&text.body)></div></div>
            </details>
        }
    });
    view! {
        <fieldset class="stack" lang=of.code()>
            <legend><h2>{of.endonym()}</h2></legend>
            <div class="fields">
                <div class="field">
                    <label for=name("title") lang=language.code()>{words!(language, help.desk.text_title)}</label>
                    <input id=name("title") name=name("title") type="text" maxlength=MOST_TITLE.to_string() value=text.title.clone()/>
                </div>
                <div class="field">
                    <label for=name("slug") lang=language.code()>{words!(language, help.desk.slug)}</label>
                    <input id=name("slug") name=name("slug") type="text" maxlength="80" value=text.slug.clone() aria-describedby=name("slug-hint")/>
                    <p class="field__hint" id=name("slug-hint") lang=language.code()>{words!(language, help.desk.slug_hint)}</p>
                </div>
            </div>
            <div class="field">
                <label for=name("body") lang=language.code()>{words!(language, help.desk.body)}</label>
                <textarea class="article-body" id=name("body") name=name("body") rows="16" maxlength=MOST_CHARACTERS.to_string() aria-describedby=name("body-hint")
                    inner_html=written(&text.body)></textarea>
                <p class="field__hint" id=name("body-hint") lang=language.code()>{words!(language, help.desk.body_hint)}</p>
            </div>
            <label class="tick" lang=language.code()>
                <input type="checkbox" name=name("published") value="true" checked=text.published/>
                {words!(language, help.desk.publish)}
            </label>
            {open}
            {preview}
        </fieldset>
    }
}
