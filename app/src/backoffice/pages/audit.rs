//! `/{language}/desk/audit`: the log of what staff did, searched by who, what, to what and when.

use super::{
    super::{Desk, Section},
    moment,
};
use crate::{account::answer, boundary::AppError, forms, request, words};
use domain::{Language, staff::Permission};
use leptos::prelude::*;
use shop::{
    Failure,
    audit::{self, Entry, Page, Search},
};
use time::{Date, format_description::well_known::Iso8601};

#[component]
pub fn Audit() -> impl IntoView {
    let language = request::language();
    let (shop, actor, wanted) = (request::shop(), request::actor(), of_query());
    view! {
        <Desk section=Section::Audit needs=Permission::SeeAudit title=words!(language, backoffice.section.audit)>
            <Filters wanted=wanted.clone() language/>
            <Suspense>
                {Suspend::new(async move {
                    match audit::search(&shop, &actor, &wanted).await {
                        Ok(page) => view! { <Found page wanted=wanted.clone() language/> }.into_any(),
                        Err(failure) => {
                            let failure: Failure<_> = failure.map_refusal(|_| domain::account::AccountRefusal::NotAllowed);
                            let sentence = answer::sentence(&AppError::from(failure), language);
                            view! { <p class="notice" data-kind="bad">{sentence}</p> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </Desk>
    }
}

fn of_query() -> Search {
    request::query_pairs().into_iter().fold(Search::default(), |mut wanted, (name, value)| {
        match name.as_str() {
            "person" => wanted.person = value,
            "action" => wanted.action = value,
            "subject" => wanted.subject = value,
            "day" => wanted.day = Date::parse(&value, &Iso8601::DATE).ok(),
            "before" => wanted.before = value.parse().ok(),
            _ => {}
        }
        wanted
    })
}

#[component]
fn Filters(wanted: Search, language: Language) -> impl IntoView {
    let day = wanted.day.map(|day| day.to_string());
    let field = |id: &'static str, label: String, value: String, hint: String| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input id=id name=id type="text" value=value autocomplete="off" aria-describedby=format!("{id}-hint")/>
                <p class="field__hint" id=format!("{id}-hint")>{hint}</p>
            </div>
        }
    };
    view! {
        <form class="panel stack" method="get" role="search">
            <div class="fields">
                {field("person", words!(language, backoffice.audit.person), wanted.person, words!(language, backoffice.audit.person_hint))}
                {field("action", words!(language, backoffice.audit.action), wanted.action, words!(language, backoffice.audit.action_hint))}
                {field("subject", words!(language, backoffice.audit.subject), wanted.subject, words!(language, backoffice.audit.subject_hint))}
                <div class="field">
                    <label for="day">{words!(language, backoffice.audit.day)}</label>
                    <input id="day" name="day" type="date" value=day/>
                </div>
            </div>
            <div class="cluster">
                <button class="button" type="submit">{words!(language, backoffice.audit.search)}</button>
                <a href=Section::Audit.address(language)>{words!(language, backoffice.audit.everything)}</a>
            </div>
        </form>
    }
}

#[component]
fn Found(page: Page, wanted: Search, language: Language) -> impl IntoView {
    if page.entries.is_empty() {
        return view! { <p class="empty">{words!(language, backoffice.audit.nothing)}</p> }.into_any();
    }
    let older = page.next.map(|next| {
        let (day, next) = (wanted.day.map(|day| day.to_string()).unwrap_or_default(), next.to_string());
        let pairs = [("person", &*wanted.person), ("action", &*wanted.action), ("subject", &*wanted.subject), ("day", &*day), ("before", &*next)];
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let address = format!("{}{}", Section::Audit.address(language), forms::query(&pairs));
        view! { <nav class="pager"><a class="button button--quiet" rel="next" href=address>{words!(language, backoffice.audit.older)}</a></nav> }
    });
    let rows = page.entries.into_iter().map(|entry| view! { <Row entry language/> });
    view! {
        <div class="scroll">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, backoffice.audit.when)}</th>
                        <th scope="col">{words!(language, backoffice.audit.person)}</th>
                        <th scope="col">{words!(language, backoffice.audit.action)}</th>
                        <th scope="col">{words!(language, backoffice.audit.subject)}</th>
                        <th scope="col">{words!(language, backoffice.audit.detail)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {older}
    }
    .into_any()
}

#[component]
fn Row(entry: Entry, language: Language) -> impl IntoView {
    let by = entry.by.map_or_else(|| words!(language, backoffice.audit.nobody), |(_, name)| name);
    let subject = entry.subject_name.or_else(|| entry.subject.map(|id| id.to_string())).unwrap_or_default();
    // Facts for whoever looks closely; they are the same in every language.
    let detail =
        entry.detail.as_object().map(|facts| facts.iter().map(|(name, fact)| format!("{name}: {fact}")).collect::<Vec<_>>().join(", "));
    view! {
        <tr>
            <td class="nowrap">{moment(entry.at, language)}</td>
            <td>{by}</td>
            <td><code>{entry.action}</code></td>
            <td>{subject}</td>
            <td class="small">{detail}</td>
        </tr>
    }
}
