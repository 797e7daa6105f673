//! `/{language}/desk/scripts`: the scripts, to be written and changed; and for supervisors how long each version takes.

use super::NoticeBox;
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    console::{refusal, words::ListWords},
    fill::written,
    layout::Fault,
    request, words,
};
use domain::{Language, desk::DeskRefusal, staff::Permission};
use leptos::prelude::*;
use shop::{
    Failure, Outcome,
    desk::{self, Handling, ScriptCard},
};
use time::Duration;

#[component]
pub fn ScriptsPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Scripts needs=Permission::EditArticles title=words!(language, console.scripts.title)>
            <Scripts language/>
        </Desk>
    }
}

#[component]
fn Scripts(language: Language) -> impl IntoView {
    let content = Suspend::new(async move {
        match load().await {
            Ok((scripts, handling)) => view! { <All scripts language/> <Times handling language/> }.into_any(),
            Err(Failure::Refused(_)) => ().into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    let notice = refusal::notice(&request::query_pairs(), language);
    view! {
        <div class="stack desk-page">
            <p class="lead">{words!(language, console.scripts.lead)}</p>
            <NoticeBox notice/>
            <Suspense>{content}</Suspense>
        </div>
    }
}

async fn load() -> Outcome<(Vec<ScriptCard>, Option<Vec<Handling>>), DeskRefusal> {
    let (shop, actor) = (request::shop(), request::actor());
    let scripts = desk::scripts(&shop, &actor).await?;
    let handling = if actor.may(Permission::Supervise) { Some(desk::handling(&shop, &actor).await?) } else { None };
    Ok((scripts, handling))
}

/// What stands in a form's fields.
#[derive(Clone, Default)]
struct Fields {
    id: String,
    title_es: String,
    title_en: String,
    source: String,
}

impl Fields {
    fn of(script: &ScriptCard) -> Self {
        let title = |language| script.title.0.get(&language).cloned().unwrap_or_default();
        Self { id: script.id.to_string(), title_es: title(Language::Es), title_en: title(Language::En), source: script.source.clone() }
    }

    /// What was typed and refused comes back in the address.
    fn typed(pairs: &[(String, String)]) -> Option<Self> {
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
        let is_refused = value("refused") == "script-save";
        is_refused.then(|| Self { id: value("id"), title_es: value("title_es"), title_en: value("title_en"), source: value("source") })
    }
}

#[component]
fn All(scripts: Vec<ScriptCard>, language: Language) -> impl IntoView {
    let typed = Fields::typed(&request::query_pairs());
    let new = typed.clone().filter(|fields| fields.id.is_empty());
    let is_new_open = new.is_some();
    let rows = scripts.into_iter().map(|script| {
        let typed = typed.clone().filter(|fields| fields.id == script.id.to_string());
        let is_open = typed.is_some();
        let fields = typed.unwrap_or_else(|| Fields::of(&script));
        let change = if script.retired { words!(language, console.scripts.offer) } else { words!(language, console.scripts.retire) };
        view! {
            <li>
                <details class="fold" open=is_open>
                    <summary>
                        <strong>{script.title.get(language).to_owned()}</strong>" "
                        <span class="soft">{words!(language, console.scripts.version, version = script.version)}</span>" "
                        {script.retired.then(|| view! { <span class="tag">{words!(language, console.scripts.retired)}</span> })}
                    </summary>
                    <ScriptForm fields language/>
                    <form method="post" action="/api/desk/scripts/retire">
                        <input type="hidden" name="id" value=script.id.to_string()/>
                        <input type="hidden" name="retired" value=(!script.retired).to_string()/>
                        <button class="button button--text" type="submit">{change}</button>
                    </form>
                </details>
            </li>
        }
    });
    view! {
        <ul class="folds">{rows.collect_view()}</ul>
        <details class="fold" open=is_new_open>
            <summary><strong>{words!(language, console.scripts.add)}</strong></summary>
            <ScriptForm fields=new.unwrap_or_default() language/>
        </details>
    }
}

#[component]
fn ScriptForm(fields: Fields, language: Language) -> impl IntoView {
    let name = if fields.id.is_empty() { "new".to_owned() } else { fields.id.clone() };
    let id = move |field: &str| format!("{field}-{name}");
    let (title_es, title_en, source, hint) = (id("title_es"), id("title_en"), id("source"), id("hint"));
    let rows = fields.source.lines().count().clamp(12, 36);
    view! {
        <form class="stack fold__form" method="post" action="/api/desk/scripts/save">
            {(!fields.id.is_empty()).then(|| view! { <input type="hidden" name="id" value=fields.id.clone()/> })}
            <div class="fields">
                <div class="field">
                    <label for=title_es.clone()>{words!(language, console.templates.title_es)}</label>
                    <input id=title_es name="title_es" type="text" value=fields.title_es/>
                </div>
                <div class="field">
                    <label for=title_en.clone()>{words!(language, console.templates.title_en)}</label>
                    <input id=title_en name="title_en" type="text" value=fields.title_en/>
                </div>
            </div>
            <div class="field">
                <label for=source.clone()>{words!(language, console.scripts.source)}</label>
                <textarea class="script-source" id=source name="source" rows=rows spellcheck="false" aria-describedby=hint.clone()
                    inner_html=written(&fields.source)></textarea>
                <div class="field__hint script-hint" id=hint>
                    <p>{words!(language, console.scripts.hint)}</p>
                    <pre>{words!(language, console.scripts.example)}</pre>
                </div>
            </div>
            <div><button class="button button--small" type="submit">{words!(language, console.templates.save)}</button></div>
        </form>
    }
}

#[component]
fn Times(handling: Option<Vec<Handling>>, language: Language) -> impl IntoView {
    let handling = handling?;
    let spans = ListWords::of(language);
    let span = |seconds: Option<i64>| seconds.map(|seconds| spans.span(Duration::seconds(seconds)));
    let is_empty = handling.is_empty();
    let rows = handling.into_iter().map(|row| {
        view! {
            <tr>
                <th scope="row">{row.title.get(language).to_owned()}</th>
                <td class="numbers">{row.version}</td>
                <td class="numbers">{row.done}</td>
                <td class="numbers">{row.left}</td>
                <td class="numbers">{span(row.median)}</td>
                <td class="numbers">{span(row.p90)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let table = if is_empty {
        view! { <p class="soft">{words!(language, console.scripts.no_times)}</p> }.into_any()
    } else {
        view! {
            <div class="scroll" tabindex="0" role="region" aria-labelledby="times"><table class="table">
                <thead><tr>
                    <th scope="col">{words!(language, console.scripts.script)}</th>
                    <th class="numbers" scope="col">{words!(language, console.scripts.version_head)}</th>
                    <th class="numbers" scope="col">{words!(language, console.scripts.done)}</th>
                    <th class="numbers" scope="col">{words!(language, console.scripts.left)}</th>
                    <th class="numbers" scope="col">{words!(language, console.scripts.median)}</th>
                    <th class="numbers" scope="col">{words!(language, console.scripts.p90)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
        .into_any()
    };
    Some(view! {
        <section class="stack" aria-labelledby="times">
            <h2 id="times">{words!(language, console.scripts.times)}</h2>
            {table}
        </section>
    })
}
