//! What the page looks at, as it stands in its address.

use super::names;
use crate::{request, words};
use domain::{
    Language,
    scores::{ALL, Filter, SPANS, group},
    surveys::Version,
};
use leptos::prelude::*;
use shop::scores::Desk;

/// The survey that the desk opens with.
const FIRST: &str = "service-quality";

/// What the address asks for; what it asks for in vain is left out.
pub(super) fn asked() -> Filter {
    let asked = |name: &str| request::queried(name).filter(|value| !value.is_empty());
    Filter {
        instrument: asked("instrument").unwrap_or_else(|| FIRST.to_owned()),
        version: asked("version").and_then(|version| version.parse().ok()),
        weeks: asked("weeks").and_then(|weeks| weeks.parse().ok()).filter(|weeks| SPANS.contains(weeks)).unwrap_or(13),
        group: asked("group").and_then(|cell| group(&cell).map(|(segment, value)| (segment, value.to_owned()))),
        measure: asked("measure").unwrap_or_else(|| ALL.to_owned()),
    }
}

/// The same page about another dimension.
pub(super) fn address(filter: &Filter, measure: &str, language: Language) -> String {
    let version = filter.version.map(|version| version.to_string()).unwrap_or_default();
    let cell = filter.group.as_ref().map(|_| filter.cell()).unwrap_or_default();
    let weeks = filter.weeks.to_string();
    let query = crate::forms::query(&[
        ("instrument", &filter.instrument),
        ("version", &version),
        ("weeks", &weeks),
        ("group", &cell),
        ("measure", measure),
    ]);
    format!("/{language}/desk/quality{query}")
}

/// The other pages about the same survey.
#[component]
pub(super) fn Pages(filter: Filter, language: Language) -> impl IntoView {
    let query = crate::forms::query(&[("instrument", &filter.instrument)]);
    let pages = [
        ("instrument", words!(language, health.instrument.title)),
        ("answers", words!(language, health.answers.title)),
        ("comments", words!(language, health.comments.title)),
    ];
    let pages = pages
        .into_iter()
        .map(|(path, name)| view! { <li><a class="chip" href=format!("/{language}/desk/quality/{path}{query}")>{name}</a></li> });
    view! {
        <nav aria-label=words!(language, health.pages)>
            <ul class="chips">
                <li><a class="chip" href=format!("/{language}/desk/quality{query}") aria-current="page">{words!(language, quality.scores)}</a></li>
                {pages.collect_view()}
            </ul>
        </nav>
    }
}

#[component]
pub(super) fn Choose(filter: Filter, desk: Desk, version: Version, language: Language) -> impl IntoView {
    let instruments = desk.instruments.iter().map(|(code, title)| {
        view! { <option value=code.clone() selected=*code == filter.instrument>{title.get(language).to_owned()}</option> }
    });
    let versions = desk.versions.iter().map(|&number| {
        view! { <option value=number selected=filter.version == Some(number)>{words!(language, quality.version_n, n = number)}</option> }
    });
    let weeks =
        SPANS.iter().map(|&n| view! { <option value=n selected=n == filter.weeks>{words!(language, quality.weeks_n, n = n)}</option> });
    let cell = filter.cell();
    let groups = desk.choices.iter().map(|(segment, values)| {
        let options = values.iter().map(|value| {
            let code = format!("{}={value}", segment.code());
            view! { <option value=code.clone() selected=code == cell>{names::value(&desk.names, *segment, value, language)}</option> }
        });
        view! { <optgroup label=names::segment(*segment, language)>{options.collect_view()}</optgroup> }
    });
    let measures = std::iter::once(ALL).chain(desk.dimensions.iter().map(|dimension| dimension.code.as_str())).map(|code| {
        view! { <option value=code.to_owned() selected=code == filter.measure>{names::measure(&version, code, language)}</option> }
    });
    view! {
        <form class="quality-filter" method="get" data-screen-only="" action=format!("/{language}/desk/quality") aria-label=words!(language, quality.filter)>
            <div class="field">
                <label for="instrument">{words!(language, quality.instrument)}</label>
                <select id="instrument" name="instrument">{instruments.collect_view()}</select>
            </div>
            <div class="field">
                <label for="weeks">{words!(language, quality.weeks)}</label>
                <select id="weeks" name="weeks">{weeks.collect_view()}</select>
            </div>
            <div class="field">
                <label for="group">{words!(language, quality.group)}</label>
                <select id="group" name="group">
                    <option value="">{words!(language, quality.everybody)}</option>
                    {groups.collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="measure">{words!(language, quality.measure)}</label>
                <select id="measure" name="measure">{measures.collect_view()}</select>
            </div>
            <div class="field">
                <label for="version">{words!(language, quality.version)}</label>
                <select id="version" name="version">
                    <option value="">{words!(language, quality.all_versions)}</option>
                    {versions.collect_view()}
                </select>
            </div>
            <button class="button button--quiet" type="submit">{words!(language, quality.show)}</button>
        </form>
    }
}
