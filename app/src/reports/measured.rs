//! `/{language}/desk/reports/measured`: how quick, whole and open the shop was, as it measured itself.

use super::pages::{Card, Periods, period_of, share, with_report};
use crate::{
    backoffice::{Desk, Section},
    chart::{Bar, Columns},
    request, words,
};
use domain::{
    Language, format,
    measured::{Measure, Rating, rating},
    staff::Permission,
};
use leptos::prelude::*;
use shop::{
    measured::{Day, Measured, Quick},
    reports::Share,
};
use time::Date;

/// So many columns bear their numbers and labels; of more, only some do.
const LEGIBLE: usize = 31;

#[component]
pub fn MeasuredPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Reports needs=Permission::SeeReports title=words!(language, reports.measured.title)>
            <Suspense>
                {Suspend::new(async move {
                    let days = period_of(&request::query_pairs());
                    let outcome = shop::measured::report(&request::shop(), &request::actor(), days, request::now()).await;
                    with_report(outcome, language, |measured| view! { <Whole measured days language/> }.into_any())
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Whole(measured: Measured, days: u32, language: Language) -> impl IntoView {
    let back = Section::Reports.address(language);
    view! {
        <p class="soft">{words!(language, reports.measured.intro)}" "<a href=back>{words!(language, reports.measured.back)}</a></p>
        <Periods days path="reports/measured" language/>
        <Cards measured=measured.clone() language/>
        <Painted by_day=measured.by_day.clone() language/>
        <Days measured language/>
        <Definitions language/>
    }
}

#[component]
fn Cards(measured: Measured, language: Language) -> impl IntoView {
    let quick = |measure, name: String, of: fn(&shop::measured::Times) -> Quick| {
        let (all, phone, desktop) = (of(&measured.total), of(&measured.phone), of(&measured.desktop));
        let rated = all.three_quarters.and_then(|value| rating(measure, value)).map(|rating| rating_name(rating, language));
        let devices =
            words!(language, reports.measured.device, phone = said(measure, phone, language), desktop = said(measure, desktop, language));
        let hints = rated.into_iter().chain([words!(language, reports.measured.visits, n = all.visits), devices]).collect();
        view! { <Card name value=said(measure, all, language) hints/> }
    };
    let Day { scripts_failed, searches, answers, minutes, .. } = measured.whole.clone();
    let shared = |name: String, of: Share| {
        let hints = vec![words!(language, reports.measured.of, yes = of.yes, of = of.of)];
        view! { <Card name value=exactly(of, language) hints/> }
    };
    view! {
        <dl class="card-figures">
            {quick(Measure::Paint, words!(language, reports.measured.paint), |times| times.paint)}
            {quick(Measure::Touch, words!(language, reports.measured.touch), |times| times.touch)}
            {quick(Measure::Shift, words!(language, reports.measured.shift), |times| times.shift)}
            {quick(Measure::FirstByte, words!(language, reports.measured.first_byte), |times| times.first_byte)}
            <Card name=words!(language, reports.measured.scripts) value=scripts_failed.to_string()/>
            {shared(words!(language, reports.measured.searches), searches)}
            {shared(words!(language, reports.measured.answers), answers)}
            {shared(words!(language, reports.measured.minutes), minutes)}
        </dl>
    }
}

#[component]
fn Painted(by_day: Vec<(Date, Day)>, language: Language) -> impl IntoView {
    let value = |day: &Day| day.paint.three_quarters;
    let most = by_day.iter().filter_map(|(_, day)| value(day)).fold(0.0, f64::max);
    if most == 0.0 {
        return ().into_any();
    }
    let every = by_day.len().div_ceil(LEGIBLE) * if by_day.len() > 7 { 5 } else { 1 };
    let bars = by_day.iter().enumerate().map(|(index, (date, day))| Bar {
        label: if index % every == 0 { format!("{}/{}", date.day(), u8::from(date.month())) } else { String::new() },
        share: value(day).map_or(0.0, |value| value / most),
        line: None,
        value: value(day).filter(|_| index % every == 0).map(|value| time(value, language)).unwrap_or_default(),
    });
    let bars = bars.collect();
    view! {
        <section class="panel" aria-labelledby="painted">
            <h2 id="painted">{words!(language, reports.measured.chart)}</h2>
            <Columns title=words!(language, reports.measured.chart) bars/>
        </section>
    }
    .into_any()
}

#[component]
fn Days(measured: Measured, language: Language) -> impl IntoView {
    // The latest is looked for first; a day without anything says nothing.
    let rows = measured.by_day.into_iter().rev().filter(|(_, day)| *day != Day::default());
    let rows = rows.map(|(date, day)| view! { <tr><th scope="row">{format::short_day(date, language)}</th>{cells(&day, language)}</tr> });
    view! {
        <section class="panel stack" aria-labelledby="days">
            <h2 id="days">{words!(language, reports.measured.days)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="days">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, reports.measured.day)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.measured.paint)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.measured.touch)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.measured.scripts)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.measured.searches)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.measured.answers)}</th>
                            <th class="numbers" scope="col">{words!(language, reports.measured.minutes)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                    <tfoot><tr><th scope="row">{words!(language, reports.total)}</th>{cells(&measured.whole, language)}</tr></tfoot>
                </table>
            </div>
        </section>
    }
}

fn cells(day: &Day, language: Language) -> impl IntoView + use<> {
    view! {
        <td class="numbers">{said(Measure::Paint, day.paint, language)}</td>
        <td class="numbers">{said(Measure::Touch, day.touch, language)}</td>
        <td class="numbers">{day.scripts_failed}</td>
        <td class="numbers">{share(day.searches, language)}</td>
        <td class="numbers">{exactly(day.answers, language)}</td>
        <td class="numbers">{exactly(day.minutes, language)}</td>
    }
}

#[component]
fn Definitions(language: Language) -> impl IntoView {
    let sentences = [
        words!(language, reports.measured.definition.vitals),
        words!(language, reports.measured.definition.scripts),
        words!(language, reports.measured.definition.searches),
        words!(language, reports.measured.definition.answers),
        words!(language, reports.measured.definition.minutes),
    ];
    view! {
        <details>
            <summary>{words!(language, reports.measured.definitions)}</summary>
            <ul class="stack stack--tight">{sentences.map(|sentence| view! { <li>{sentence}</li> }).collect_view()}</ul>
        </details>
    }
}

fn said(measure: Measure, quick: Quick, language: Language) -> String {
    match (quick.three_quarters, measure) {
        (None, _) => words!(language, reports.measured.nothing),
        (Some(value), Measure::Shift) => decimal(value / 1000.0, 2, language),
        (Some(value), _) => time(value, language),
    }
}

/// Two figures of it are known.
fn time(milliseconds: f64, language: Language) -> String {
    if milliseconds < 995.0 {
        words!(language, reports.measured.milliseconds, n = decimal(milliseconds, 0, language))
    } else {
        words!(language, reports.measured.seconds, n = decimal(milliseconds / 1000.0, 1, language))
    }
}

pub(crate) fn decimal(value: f64, places: usize, language: Language) -> String {
    let text = format!("{value:.places$}");
    if language == Language::Es { text.replace('.', ",") } else { text }
}

/// In hundredths of a percent: of a thousand answers one is worth knowing.
fn exactly(share: Share, language: Language) -> String {
    share.basis_points().map_or_else(|| words!(language, reports.measured.nothing), |points| format::percent(points, language))
}

fn rating_name(rating: Rating, language: Language) -> String {
    match rating {
        Rating::Good => words!(language, reports.measured.good),
        Rating::Middling => words!(language, reports.measured.middling),
        Rating::Poor => words!(language, reports.measured.poor),
    }
}
