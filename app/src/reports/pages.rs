//! `/{language}/desk/reports`: how good the service was in the last days.

use super::tables::{Definitions, Tables};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    request, words,
};
use domain::{Language, format, staff::Permission};
use leptos::prelude::*;
use shop::{
    Failure, NotAllowed, Outcome,
    reports::{Figures, Report, Share, Spread},
};

const PERIODS: [u32; 3] = [7, 30, 90];

/// The period that an address asks for, in days.
#[must_use]
pub fn period_of(pairs: &[(String, String)]) -> u32 {
    let asked = pairs.iter().find(|(name, _)| name == "days").and_then(|(_, value)| value.parse().ok());
    asked.filter(|days| PERIODS.contains(days)).unwrap_or(30)
}

#[component]
pub fn ReportsPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Reports needs=Permission::SeeReports title=words!(language, reports.title)>
            <Suspense>
                {Suspend::new(async move {
                    let days = period_of(&request::query_pairs());
                    let outcome = shop::reports::report(&request::shop(), &request::actor(), days, request::now()).await;
                    with_report(outcome, language, |report| view! { <Whole report days language/> }.into_any())
                })}
            </Suspense>
        </Desk>
    }
}

/// What was asked for, or why it cannot be had.
pub(super) fn with_report<T>(outcome: Outcome<T, NotAllowed>, language: Language, show: impl FnOnce(T) -> AnyView) -> AnyView {
    let sentence = match outcome {
        Ok(found) => return show(found),
        Err(Failure::Refused(_)) => words!(language, reports.not_allowed),
        Err(Failure::Fault(fault)) => {
            report(&fault);
            words!(language, reports.fault)
        }
    };
    view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> }.into_any()
}

#[component]
fn Whole(report: Report, days: u32, language: Language) -> impl IntoView {
    view! {
        <p><a href=format!("/{language}/desk/reports/measured?days={days}")>{words!(language, reports.measured.link)}</a></p>
        <Periods days path="reports" language/>
        <Cards figures=report.total.clone() language/>
        <Tables report language/>
        <p><a href=format!("/{language}/desk/reports.csv?days={days}") download="">{words!(language, reports.csv)}</a></p>
        <Definitions language/>
    }
}

/// The periods to choose from, of the page at `path` below the desk.
#[component]
pub(super) fn Periods(days: u32, path: &'static str, language: Language) -> impl IntoView {
    let periods = PERIODS.into_iter().map(|period| {
        let name = match period {
            7 => words!(language, reports.days_7),
            30 => words!(language, reports.days_30),
            _ => words!(language, reports.days_90),
        };
        let current = (period == days).then_some("page");
        view! { <li><a class="chip" href=format!("/{language}/desk/{path}?days={period}") aria-current=current>{name}</a></li> }
    });
    view! { <nav aria-label=words!(language, reports.period)><ul class="chips">{periods.collect_view()}</ul></nav> }
}

#[component]
pub(crate) fn Card(name: String, value: String, #[prop(default = Vec::new())] hints: Vec<String>) -> impl IntoView {
    let hints = hints.into_iter().map(|hint| view! { <span class="soft small">{hint}</span> });
    view! { <div class="card-figure"><dt>{name}</dt><dd><strong>{value}</strong>{hints.collect_view()}</dd></div> }
}

#[component]
fn Cards(figures: Figures, language: Language) -> impl IntoView {
    let spread = |business: Option<Spread>, calendar: Option<Spread>| {
        let p90 = business.map(|s| words!(language, reports.p90, time = duration(s.p90, language)));
        let by_clock = calendar.map(|s| words!(language, reports.calendar, time = duration(s.median, language)));
        let value = business.map_or_else(|| words!(language, reports.none), |s| duration(s.median, language));
        (value, [p90, by_clock].into_iter().flatten().collect::<Vec<_>>())
    };
    let (reply, reply_hints) = spread(figures.reply_business, figures.reply_calendar);
    let (resolution, resolution_hints) = spread(figures.resolution_business, figures.resolution_calendar);
    let of = |share: Share| vec![words!(language, reports.of, yes = share.yes, of = share.of)];
    let mut csat = of(figures.satisfied);
    csat.extend(figures.satisfied.interval().map(|between| {
        let (low, high) = (percent(between.low, language), percent(between.high, language));
        words!(language, reports.interval, low = low, high = high)
    }));
    let longest = figures.longest_wait.map(|seconds| words!(language, reports.longest, time = duration(seconds, language)));
    view! {
        <dl class="card-figures">
            <Card name=words!(language, reports.cases) value=figures.cases.to_string() hints=vec![words!(language, reports.cases_hint)]/>
            <Card name=words!(language, reports.first_reply) value=reply hints=reply_hints/>
            <Card name=words!(language, reports.reply_in_target) value=share(figures.reply_in_target, language) hints=of(figures.reply_in_target)/>
            <Card name=words!(language, reports.resolution) value=resolution hints=resolution_hints/>
            <Card name=words!(language, reports.resolution_in_target) value=share(figures.resolution_in_target, language)
                hints=of(figures.resolution_in_target)/>
            <Card name=words!(language, reports.first_contact) value=share(figures.first_contact, language) hints=of(figures.first_contact)/>
            <Card name=words!(language, reports.csat) value=share(figures.satisfied, language) hints=csat/>
            <Card name=words!(language, reports.abandoned) value=figures.abandoned.to_string()/>
            <Card name=words!(language, reports.waiting) value=figures.waiting.to_string() hints=longest.into_iter().collect()/>
        </dl>
    }
}

/// Whole percents.
pub(super) fn percent(basis_points: u32, language: Language) -> String {
    format::percent((basis_points + 50) / 100 * 100, language)
}

pub(super) fn share(share: Share, language: Language) -> String {
    share.basis_points().map_or_else(|| words!(language, reports.none), |points| percent(points, language))
}

/// The two largest units of it.
pub(crate) fn duration(seconds: i64, language: Language) -> String {
    let seconds = seconds.max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match seconds {
        0..60 => words!(language, reports.seconds, n = seconds),
        60..3600 => words!(language, reports.minutes, n = minutes),
        3600..86_400 => words!(language, reports.hours, h = hours, m = minutes),
        _ => words!(language, reports.days_long, d = days, h = hours),
    }
}
