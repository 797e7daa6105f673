//! `/{language}/desk/templates`: the texts to answer with, to be added, changed and deleted.

use super::NoticeBox;
use crate::fill::written;
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    console::refusal,
    layout::Fault,
    request, words,
};
use domain::{Language, desk::Template, staff::Permission};
use leptos::prelude::*;
use shop::Failure;

#[component]
pub fn TemplatesPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Templates needs=Permission::EditArticles title=words!(language, console.templates.title)>
            <Templates language/>
        </Desk>
    }
}

#[component]
fn Templates(language: Language) -> impl IntoView {
    let content = Suspend::new(async move {
        match shop::desk::templates(&request::shop(), &request::actor()).await {
            Ok(templates) => view! { <All templates language/> }.into_any(),
            Err(Failure::Refused(_)) => ().into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    view! { <Suspense>{content}</Suspense> }
}

/// What stands in a form's fields.
#[derive(Clone, Default)]
struct Fields {
    id: String,
    shortcut: String,
    title_es: String,
    title_en: String,
    body_es: String,
    body_en: String,
    calm: bool,
}

impl Fields {
    fn of(template: &Template) -> Self {
        let own = |text: &domain::Translated, language| text.0.get(&language).cloned().unwrap_or_default();
        Self {
            id: template.id.to_string(),
            shortcut: template.shortcut.clone(),
            title_es: own(&template.title, Language::Es),
            title_en: own(&template.title, Language::En),
            body_es: own(&template.body, Language::Es),
            body_en: own(&template.body, Language::En),
            calm: template.calm,
        }
    }

    /// What was typed and refused comes back in the address.
    fn typed(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
        Self {
            id: value("id"),
            shortcut: value("shortcut"),
            title_es: value("title_es"),
            title_en: value("title_en"),
            body_es: value("body_es"),
            body_en: value("body_en"),
            calm: false,
        }
    }
}

#[component]
fn All(templates: Vec<Template>, language: Language) -> impl IntoView {
    let pairs = request::query_pairs();
    let notice = refusal::notice(&pairs, language);
    let refused = notice.as_ref().is_some_and(|notice| notice.refused).then(|| Fields::typed(&pairs));
    let new = refused.clone().filter(|fields| fields.id.is_empty());
    let is_new_open = new.is_some();
    let rows = templates.into_iter().map(|template| {
        let typed = refused.clone().filter(|fields| fields.id == template.id.to_string());
        let is_open = typed.is_some();
        let fields = Fields { calm: template.calm, ..typed.unwrap_or_else(|| Fields::of(&template)) };
        let title = template.title.get(language).to_owned();
        view! {
            <li>
                <details class="fold" open=is_open>
                    <summary>
                        <strong>"/"{template.shortcut.clone()}</strong>" "{title}" "
                        {template.calm.then(|| view! { <span class="tag" data-kind="good">{words!(language, console.templates.is_calm)}</span> })}
                    </summary>
                    <TemplateForm fields language/>
                    <form method="post" action="/api/desk/templates/delete">
                        <input type="hidden" name="id" value=template.id.to_string()/>
                        <button class="button button--text" type="submit">{words!(language, console.templates.delete)}</button>
                    </form>
                </details>
            </li>
        }
    });
    view! {
        <div class="stack desk-page">
            <p class="lead">{words!(language, console.templates.lead)}</p>
            <p class="soft">{variables(language)}</p>
            <NoticeBox notice/>
            <ul class="folds">{rows.collect_view()}</ul>
            <details class="fold" open=is_new_open id="template">
                <summary><strong>{words!(language, console.templates.add)}</strong></summary>
                <TemplateForm fields=new.unwrap_or_default() language/>
            </details>
        </div>
    }
}

/// The braces of the variables are no places for values of ours.
fn variables(language: Language) -> String {
    words!(language, console.templates.variables, name = "{name}", order = "{order}", promised = "{promised}", agent = "{agent}")
}

#[component]
fn TemplateForm(fields: Fields, language: Language) -> impl IntoView {
    let name = if fields.id.is_empty() { "new".to_owned() } else { fields.id.clone() };
    let id = move |field: &str| format!("{field}-{name}");
    let text = |id: String, name: &'static str, label: String, value: String| {
        view! { <div class="field"><label for=id.clone()>{label}</label><input id=id name=name type="text" value=value/></div> }
    };
    let area = |id: String, name: &'static str, label: String, value: String| {
        view! { <div class="field"><label for=id.clone()>{label}</label><textarea id=id name=name rows="5" inner_html=written(&value)></textarea></div> }
    };
    let shortcut = id("shortcut");
    view! {
        <form class="stack fold__form" method="post" action="/api/desk/templates/save">
            {(!fields.id.is_empty()).then(|| view! { <input type="hidden" name="id" value=fields.id.clone()/> })}
            <div class="field">
                <label for=shortcut.clone()>{words!(language, console.templates.shortcut)}</label>
                <input id=shortcut.clone() name="shortcut" type="text" value=fields.shortcut autocapitalize="none" spellcheck="false" aria-describedby=format!("{shortcut}-hint")/>
                <p class="field__hint" id=format!("{shortcut}-hint")>{words!(language, console.templates.shortcut_hint)}</p>
            </div>
            <div class="fields">
                {text(id("title_es"), "title_es", words!(language, console.templates.title_es), fields.title_es)}
                {text(id("title_en"), "title_en", words!(language, console.templates.title_en), fields.title_en)}
                {area(id("body_es"), "body_es", words!(language, console.templates.body_es), fields.body_es)}
                {area(id("body_en"), "body_en", words!(language, console.templates.body_en), fields.body_en)}
            </div>
            <label class="check"><input type="checkbox" name="calm" value="true" checked=fields.calm/>{words!(language, console.templates.calm)}</label>
            <div><button class="button button--small" type="submit">{words!(language, console.templates.save)}</button></div>
        </form>
    }
}
