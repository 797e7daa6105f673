//! `/{language}/desk/surveys/{code}`: an instrument's newest version to change, older ones (`version`) to look at.

use super::super::{answer::refused, desk_api::EditForm};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    forms::written,
    layout::{Fault, NotFound},
    request, words,
};
use domain::{
    Language, Translated, format,
    staff::Permission,
    surveys::{Item, MOST_WORDING, Version},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{
    Failure,
    surveys::{self, Instrument},
};

#[component]
pub fn InstrumentPage() -> impl IntoView {
    let language = request::language();
    let code = use_params_map().with_untracked(|params| params.get("code").unwrap_or_default());
    let wanted = request::queried("version").and_then(|number| number.parse().ok());
    view! {
        <Desk section=Section::Surveys needs=Permission::SetRules title=words!(language, surveys.edit.title)>
            <p><a href=format!("/{language}/desk/surveys")>{words!(language, surveys.edit.back)}</a></p>
            <Suspense>
                {Suspend::new(async move {
                    match surveys::instrument(&request::shop(), &request::actor(), &code, wanted).await {
                        Ok(instrument) => view! { <Whole instrument language/> }.into_any(),
                        Err(Failure::Refused(_)) => view! { <NotFound/> }.into_any(),
                        Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
                    }
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Whole(instrument: Instrument, language: Language) -> impl IntoView {
    let Instrument { version, active, days_after, newest, versions } = instrument;
    let (code, shown, cycle) = (version.instrument.clone(), version.number, version.cycle());
    let rows = versions.into_iter().map(|(number, made_at, answered)| {
        let current = (number == shown).then_some("page");
        let address = format!("/{language}/desk/surveys/{code}?version={number}");
        let said =
            words!(language, surveys.edit.version, number = number, day = format::date(made_at.date(), language), answers = answered);
        view! { <li><a href=address aria-current=current>{said}</a></li> }
    });
    let saved = request::queried("saved")
        .map(|_| view! { <p class="notice" data-kind="good" role="status">{words!(language, surveys.edit.saved)}</p> });
    let bad = refused(language).map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> });
    let comments = request::actor().may(Permission::SeeReports).then(|| {
        let address = format!("/{language}/desk/quality/comments?instrument={}", version.instrument);
        view! { <p><a href=address>{words!(language, surveys.edit.comments)}</a></p> }
    });
    let old = shown != newest;
    view! {
        {saved}
        {bad}
        <Asking code=version.instrument.clone() active days_after language/>
        <section class="stack stack--tight" aria-labelledby="versions">
            <h2 id="versions">{words!(language, surveys.edit.versions)}</h2>
            <ul>{rows.collect_view()}</ul>
            <p class="soft">{words!(language, surveys.edit.versions_hint)}" "{words!(language, surveys.edit.cycle, people = cycle)}</p>
        </section>
        {if old { view! { <Look version language/> }.into_any() } else { view! { <Form version language/> }.into_any() }}
        {comments}
    }
}

/// Whether it is asked, and when.
#[component]
fn Asking(code: String, active: bool, days_after: i32, language: Language) -> impl IntoView {
    let days = request::queried("days").unwrap_or_else(|| days_after.to_string());
    let set = request::queried("asking").map(|_| {
        view! { <p class="notice" data-kind="good" role="status">{words!(language, surveys.edit.asking_set)}</p> }
    });
    view! {
        {set}
        <form class="cluster" method="post" action="/api/desk/surveys/asking">
            <input type="hidden" name="instrument" value=code/>
            <label class="tick"><input type="checkbox" name="active" value="true" checked=active/>{words!(language, surveys.edit.active)}</label>
            <div class="field field--inline">
                <label for="asking-days">{words!(language, surveys.edit.days)}</label>
                <input class="quantity" id="asking-days" name="days" type="number" required min="0" max="365" value=days/>
            </div>
            <button class="button button--quiet" type="submit">{words!(language, surveys.edit.asking)}</button>
        </form>
    }
}

/// A version that is answered no more.
#[component]
fn Look(version: Version, language: Language) -> impl IntoView {
    let row = |item: &Item| {
        let reversed = item.reversed.then(|| words!(language, surveys.edit.reversed));
        view! {
            <tr>
                <th scope="row">{item.code.clone()}</th>
                <td lang="en">{item.text.get(Language::En).to_owned()}</td>
                <td lang="es">{item.text.get(Language::Es).to_owned()}</td>
                <td>{reversed}</td>
            </tr>
        }
    };
    let rows = version.items.iter().map(row).collect_view();
    view! {
        <h2>{version.title.get(language).to_owned()}</h2>
        <div class="scroll"><table class="table"><tbody>{rows}</tbody></table></div>
    }
}

#[component]
fn Form(version: Version, language: Language) -> impl IntoView {
    let typed = typed(&version);
    let groups = version.dimensions.iter().map(|dimension| {
        let items = version.items.iter().filter(|item| item.dimension == dimension.code).map(|item| {
            view! { <Row item=item.clone() typed=typed.clone() language/> }
        });
        view! {
            <fieldset class="stack survey-edit">
                <legend><h3>{words!(language, surveys.edit.dimension, name = dimension.name.get(language), code = dimension.code.clone())}</h3></legend>
                {items.collect_view()}
            </fieldset>
        }
    });
    let dimensions = version.dimensions.iter().map(|dimension| {
        let selected = dimension.code == typed.new_dimension;
        view! { <option value=dimension.code.clone() selected=selected>{dimension.name.get(language).to_owned()}</option> }
    });
    view! {
        <form class="stack stack--wide" method="post" action="/api/desk/surveys/save">
            <input type="hidden" name="instrument" value=version.instrument.clone()/>
            <input type="hidden" name="base" value=version.number/>
            <div class="fields">
                <Wording name="form[title_en]" of=Language::En label=words!(language, surveys.edit.name) value=typed.title_en.clone() language/>
                <Wording name="form[title_es]" of=Language::Es label=words!(language, surveys.edit.name) value=typed.title_es.clone() language/>
                <Wording name="form[intro_en]" of=Language::En label=words!(language, surveys.edit.intro) value=typed.intro_en.clone() language/>
                <Wording name="form[intro_es]" of=Language::Es label=words!(language, surveys.edit.intro) value=typed.intro_es.clone() language/>
            </div>
            {groups.collect_view()}
            <fieldset class="stack survey-edit">
                <legend><h3>{words!(language, surveys.edit.add)}</h3></legend>
                <p class="soft">{words!(language, surveys.edit.add_hint)}</p>
                <div class="fields">
                    <div class="field">
                        <label for="new-dimension">{words!(language, surveys.edit.of)}</label>
                        <select id="new-dimension" name="form[new_dimension]">{dimensions.collect_view()}</select>
                    </div>
                    <div class="field">
                        <label for="new-code">{words!(language, surveys.edit.code)}</label>
                        <input id="new-code" name="form[new_code]" type="text" maxlength="10" autocomplete="off" value=typed.new_code.clone()/>
                    </div>
                    <Wording name="form[new_en]" of=Language::En label=words!(language, surveys.edit.text) value=typed.new_en.clone() optional=true language/>
                    <Wording name="form[new_es]" of=Language::Es label=words!(language, surveys.edit.text) value=typed.new_es.clone() optional=true language/>
                </div>
                <label class="tick">
                    <input type="checkbox" name="form[new_reversed]" value="true" checked=!typed.new_reversed.is_empty()/>
                    {words!(language, surveys.edit.reversed)}
                </label>
            </fieldset>
            <div><button class="button" type="submit">{words!(language, surveys.edit.save)}</button></div>
        </form>
    }
}

#[component]
fn Row(item: Item, typed: EditForm, language: Language) -> impl IntoView {
    let code = item.code.clone();
    let wording = |of: Language, texts: &std::collections::BTreeMap<String, String>| {
        let label = format!("{code} · {}", of.endonym());
        let name = format!("form[{of}][{code}]");
        let id = format!("{of}-{code}");
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input id=id name=name type="text" required lang=of.code() maxlength=MOST_WORDING.to_string() value=texts.get(&code).cloned().unwrap_or_default()/>
            </div>
        }
    };
    let tick = |name: &str, label: String, ticked: bool| {
        view! {
            <label class="tick">
                <input type="checkbox" name=format!("form[{name}][{code}]") value="true" checked=ticked/>
                {label}
                <span class="visually-hidden">{format!(" ({code})")}</span>
            </label>
        }
    };
    view! {
        <div class="survey-edit__item">
            <div class="fields">{wording(Language::En, &typed.en)}{wording(Language::Es, &typed.es)}</div>
            <div class="cluster">
                {item.scale.is_some().then(|| tick("reversed", words!(language, surveys.edit.reversed), typed.reversed.contains_key(&code)))}
                {tick("dropped", words!(language, surveys.edit.drop), typed.dropped.contains_key(&code))}
            </div>
        </div>
    }
}

#[component]
fn Wording(
    name: &'static str,
    of: Language,
    label: String,
    value: String,
    #[prop(default = false)] optional: bool,
    language: Language,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=name lang=language.code()>{format!("{label} · {}", of.endonym())}</label>
            <textarea id=name name=name rows="2" lang=of.code() required=!optional maxlength=MOST_WORDING.to_string() inner_html=written(&value)></textarea>
        </div>
    }
}

/// What was typed and refused, else the version as it is.
fn typed(version: &Version) -> EditForm {
    let refused = request::queried("typed").and_then(|typed| serde_json::from_str(&typed).ok());
    let in_language = |text: &Translated, language| text.0.get(&language).cloned().unwrap_or_default();
    let texts = |language| version.items.iter().map(|item| (item.code.clone(), in_language(&item.text, language))).collect();
    refused.unwrap_or_else(|| EditForm {
        title_en: in_language(&version.title, Language::En),
        title_es: in_language(&version.title, Language::Es),
        intro_en: in_language(&version.intro, Language::En),
        intro_es: in_language(&version.intro, Language::Es),
        en: texts(Language::En),
        es: texts(Language::Es),
        reversed: version.items.iter().filter(|item| item.reversed).map(|item| (item.code.clone(), "true".to_owned())).collect(),
        ..EditForm::default()
    })
}
