//! What the pages are asked for: a plain form whose answers are in the address.

use crate::{forms, request, words};
use domain::{Language, surveys::Form};
use leptos::prelude::*;
use shop::survey_health::{Choices, Filter, PERIODS};

/// In the place of a number of days: everything.
const ALWAYS: &str = "all";
const USUAL: u32 = 365;

/// What an address asks for.
#[must_use]
pub fn of_pairs(pairs: &[(String, String)]) -> Filter {
    let of = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let days = match of("days") {
        Some(ALWAYS) => None,
        asked => Some(asked.and_then(|days| days.parse().ok()).filter(|days| PERIODS.contains(days)).unwrap_or(USUAL)),
    };
    Filter {
        instrument: of("instrument").unwrap_or_default().replace('\0', ""),
        version: of("version").and_then(|number| number.parse().ok()),
        days,
        form: of("form").and_then(Form::from_code),
        language: of("language").and_then(|code| code.parse().ok()),
    }
}

pub(super) fn of_query() -> Filter {
    of_pairs(&request::query_pairs())
}

/// The address of a page of the quality desk with this filter, and with more in it.
pub(super) fn address(page: &str, filter: &Filter, more: &[(&str, &str)], language: Language) -> String {
    let days = filter.days.map_or_else(|| ALWAYS.to_owned(), |days| days.to_string());
    let version = filter.version.map(|number| number.to_string());
    let mut pairs = vec![("instrument", filter.instrument.as_str()), ("days", &days)];
    pairs.extend(version.as_deref().map(|number| ("version", number)));
    pairs.extend(filter.form.map(|form| ("form", form.code())));
    pairs.extend(filter.language.map(|language| ("language", language.code())));
    pairs.extend(more.iter().filter(|(_, value)| !value.is_empty()));
    format!("/{language}/desk/quality/{page}{}", forms::query(&pairs))
}

/// The form, with what a page asks for besides.
#[component]
pub(super) fn Filters(
    page: &'static str,
    choices: Choices,
    filter: Filter,
    language: Language,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let any = || (String::new(), words!(language, health.filter.any));
    let instruments = choices.instruments.into_iter().map(|(code, title)| (code, title.get(language).to_owned())).collect();
    let version = |number: i32| (number.to_string(), words!(language, health.filter.version_n, number = number));
    let versions = [any()].into_iter().chain(choices.versions.into_iter().map(version)).collect();
    let period = |days: u32| (days.to_string(), words!(language, health.filter.days_n, days = days));
    let always = (ALWAYS.to_owned(), words!(language, health.filter.always));
    let periods = PERIODS.into_iter().map(period).chain([always]).collect();
    let forms = [any()].into_iter().chain(Form::ALL.iter().map(|form| (form.code().to_owned(), form_name(*form, language)))).collect();
    let spoken = Language::ALL.into_iter().map(|each| (each.code().to_owned(), each.endonym().to_owned()));
    let languages = [any()].into_iter().chain(spoken).collect();
    view! {
        <Pages page filter=filter.clone() language/>
        <form class="stack filters" method="get" data-screen-only="" aria-label=words!(language, health.filter.title)>
            <div class="fields">
                {choose("instrument", words!(language, health.filter.instrument), instruments, &filter.instrument)}
                {choose("version", words!(language, health.filter.version), versions, &filter.version.map(|n| n.to_string()).unwrap_or_default())}
                {choose("days", words!(language, health.filter.days), periods, &filter.days.map_or(ALWAYS.to_owned(), |days| days.to_string()))}
                {choose("form", words!(language, health.filter.form), forms, filter.form.map_or("", Form::code))}
                {choose("language", words!(language, health.filter.language), languages, filter.language.map_or("", Language::code))}
                {children.map(|children| children())}
            </div>
            <div><button class="button button--quiet" type="submit">{words!(language, health.filter.show)}</button></div>
        </form>
        <p class="print-only">{said(&filter, language)}</p>
    }
}

/// The filter in words, for paper.
fn said(filter: &Filter, language: Language) -> String {
    let parts = [
        Some(filter.instrument.clone()),
        filter.version.map(|number| words!(language, health.filter.version_n, number = number)),
        Some(
            filter.days.map_or_else(|| words!(language, health.filter.always), |days| words!(language, health.filter.days_n, days = days)),
        ),
        filter.form.map(|form| form_name(form, language)),
        filter.language.map(|language| language.endonym().to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The other pages with the same filter, and the tables to take along.
#[component]
fn Pages(page: &'static str, filter: Filter, language: Language) -> impl IntoView {
    let pages = [
        ("instrument", words!(language, health.instrument.title)),
        ("answers", words!(language, health.answers.title)),
        ("comments", words!(language, health.comments.title)),
    ];
    let scores = format!("/{language}/desk/quality{}", forms::query(&[("instrument", filter.instrument.as_str())]));
    let pages = pages.into_iter().map(|(path, name)| {
        let current = (path == page).then_some("page");
        view! { <li><a class="chip" href=address(path, &filter, &[], language) aria-current=current>{name}</a></li> }
    });
    view! {
        <nav aria-label=words!(language, health.pages)><ul class="chips"><li><a class="chip" href=scores>{words!(language, quality.scores)}</a></li>{pages.collect_view()}</ul></nav>
        <p class="cluster" data-screen-only="">
            <a href=address("answers.csv", &filter, &[], language) download="">{words!(language, health.csv)}</a>
            <a href=address("codebook.csv", &filter, &[], language) download="">{words!(language, health.codebook)}</a>
        </p>
    }
}

pub(super) fn choose(name: &'static str, label: String, options: Vec<(String, String)>, chosen: &str) -> impl IntoView + use<> {
    let id = format!("filter-{name}");
    let options = options.into_iter().map(|(value, text)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{text}</option> }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>{options.collect_view()}</select>
        </div>
    }
}

pub(super) fn form_name(form: Form, language: Language) -> String {
    match form {
        Form::Full => words!(language, health.form.full),
        Form::Short => words!(language, health.form.short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_asks_for_is_what_the_address_of_it_says() {
        let filter =
            Filter { instrument: "a b".into(), version: Some(2), days: None, form: Some(Form::Short), language: Some(Language::En) };
        let address = address("answers", &filter, &[("theme", "price"), ("search", "")], Language::Es);
        assert_eq!(address, "/es/desk/quality/answers?instrument=a+b&days=all&version=2&form=short&language=en&theme=price");
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(address.split_once('?').unwrap().1).unwrap();
        assert_eq!(of_pairs(&pairs), filter);
        assert_eq!(of_pairs(&[("days".into(), "7".into())]).days, Some(365), "no period of ours");
    }
}
