//! `/{language}/desk/quality`: scores with what is sure about them, beside what was measured.

use super::{
    beside::Beside, course::Course, drivers::Quadrants, filter, findings::Findings, groups::GroupTables, items::Items, names, waves::Waves,
};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    layout::{Fault, NotFound},
    reports::pages::Card,
    request, words,
};
use domain::{Language, format, scores::Filter, staff::Permission};
use leptos::prelude::*;
use shop::{Failure, scores};
use time::Duration;

#[component]
pub fn QualityPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Quality needs=Permission::SeeReports title=words!(language, quality.title)>
            <Suspense>
                {Suspend::new(async move {
                    let filter = filter::asked();
                    match scores::desk(&request::shop(), &request::actor(), &filter, request::now()).await {
                        Ok(desk) => view! { <Whole desk filter language/> }.into_any(),
                        Err(Failure::Refused(_)) => view! { <NotFound/> }.into_any(),
                        Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
                    }
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Whole(desk: scores::Desk, filter: Filter, language: Language) -> impl IntoView {
    let version = desk.version.clone();
    let last = desk.after - Duration::DAY;
    let span = words!(language, quality.from_to, first = format::date(desk.first, language), last = format::date(last, language));
    let name = names::measure(&version, &filter.measure, language);
    let content = if desk.people == 0 {
        view! {
            <div class="notice"><p>{words!(language, quality.none_yet)}</p><p class="soft">{words!(language, quality.none_hint)}</p></div>
            <Beside desk=desk.clone() filter=filter.clone() language/>
        }
        .into_any()
    } else {
        view! {
            <Headline desk=desk.clone() language/>
            <Findings desk=desk.clone() language/>
            <Beside desk=desk.clone() filter=filter.clone() language/>
            <Course points=desk.trend.clone() name=name.clone() language/>
            <Quadrants desk=desk.clone() language/>
            <GroupTables desk=desk.clone() name=name.clone() language/>
            <Items desk=desk.clone() filter=filter.clone() language/>
            <Waves desk=desk.clone() language/>
        }
        .into_any()
    };
    view! {
        <p class="soft">{words!(language, quality.intro)}" "{span}</p>
        <filter::Pages filter=filter.clone() language/>
        <filter::Choose filter=filter.clone() desk=desk.clone() version language/>
        {content}
        <How language/>
    }
}

#[component]
fn Headline(desk: scores::Desk, language: Language) -> impl IntoView {
    let hints = |people: u64, interval: Option<(f64, f64)>, places| {
        let between = interval.map(|interval| names::between(interval, places, language));
        between.into_iter().chain([words!(language, quality.of_n, n = format::count(people, language))]).collect::<Vec<_>>()
    };
    let overall = &desk.overall;
    let recommended = desk.recommended.map(|found| {
        let value = names::decimal(found.score, 0, language);
        view! { <Card name=words!(language, quality.nps) value hints=hints(found.people, Some(found.interval), 0)/> }
    });
    let weighted = desk.weighted.filter(|_| !overall.hidden).map(|mean| {
        view! { <Card name=words!(language, quality.weighted) value=names::decimal(mean, 2, language)/> }
    });
    view! {
        <dl class="card-figures">
            <Card name=words!(language, quality.score) value=names::score(overall, language) hints=hints(overall.people, overall.interval, 2)/>
            {weighted}
            {recommended}
            <Card name=words!(language, quality.people) value=format::count(desk.people, language)/>
        </dl>
    }
}

#[component]
fn How(language: Language) -> impl IntoView {
    let sentences = [
        words!(language, quality.how_text.score),
        words!(language, quality.how_text.interval),
        words!(language, quality.how_text.change),
        words!(language, quality.how_text.findings),
        words!(language, quality.how_text.drivers),
        words!(language, quality.how_text.groups),
        words!(language, quality.how_text.hidden),
        words!(language, quality.how_text.measured),
    ];
    view! {
        <details>
            <summary>{words!(language, quality.how)}</summary>
            <ul class="stack stack--tight">{sentences.map(|sentence| view! { <li>{sentence}</li> }).collect_view()}</ul>
        </details>
    }
}
