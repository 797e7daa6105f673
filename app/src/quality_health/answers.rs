//! `/{language}/desk/quality/answers`: who of those asked came how far, who they were, and how the two forms compare.

use super::{
    How, SECTION, failed,
    filter::{Filters, form_name, of_query},
    forms::Compared,
    labels::{decimal, percent, percent_cell},
    unheard::Unheard,
};
use crate::{
    backoffice::Desk,
    chart::{Bar, Columns},
    request, words,
};
use domain::{Language, format, staff::Permission};
use leptos::prelude::*;
use shop::{
    survey_health::{self, FEWEST, Reminder, Responses, Seen, shares},
    surveys::Funnel,
};
use time::Date;

/// So many columns bear their numbers and labels; of more, only some do.
const LEGIBLE: usize = 14;

#[component]
pub fn AnswersPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=SECTION needs=Permission::SeeReports title=words!(language, health.answers.title)>
            <Suspense>
                {Suspend::new(async move {
                    let (shop, actor) = (request::shop(), request::actor());
                    match survey_health::responses(&shop, &actor, &of_query(), language, request::now()).await {
                        Ok(seen) => view! { <Whole seen language/> }.into_any(),
                        Err(failure) => failed(failure),
                    }
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Whole(seen: Seen<Responses>, language: Language) -> impl IntoView {
    let Seen { choices, filter, found } = seen;
    view! {
        <p class="soft">{words!(language, health.answers.intro)}</p>
        <Filters page="answers" choices filter language/>
        <Reached responses=found.clone() language/>
        <Weeks weeks=found.by_week.clone() language/>
        <Unheard traits=found.traits.clone() language/>
        <Compared forms=found.forms language/>
    }
}

#[component]
fn Reached(responses: Responses, language: Language) -> impl IntoView {
    let steps = [
        (words!(language, health.answers.asked), responses.total.asked),
        (words!(language, health.answers.opened), responses.total.opened),
        (words!(language, health.answers.started), responses.total.started),
        (words!(language, health.answers.completed), responses.total.completed),
    ];
    let most = responses.total.asked.max(1);
    let bars = steps.into_iter().map(|(label, people)| Bar {
        label,
        share: people as f64 / most as f64,
        line: None,
        value: said(people, language),
    });
    let bars = bars.collect();
    let forms = responses.by_form.iter().map(|(form, funnel)| row(form_name(*form, language), funnel, language)).collect_view();
    let languages = responses.by_language.iter().map(|(each, funnel)| row(each.endonym().to_owned(), funnel, language)).collect_view();
    let total = row(words!(language, health.all), &responses.total, language);
    let how = vec![
        words!(language, health.answers.how_steps),
        words!(language, health.answers.how_opened),
        words!(language, health.answers.how_reminder),
        words!(language, health.answers.how_time, least = FEWEST),
    ];
    view! {
        <section class="panel stack" aria-labelledby="funnel">
            <h2 id="funnel">{words!(language, health.answers.funnel)}</h2>
            <div class="chart-and-table">
                <Columns title=words!(language, health.answers.funnel) bars/>
                <div class="scroll" tabindex="0" role="region" aria-labelledby="funnel">
                    <table class="table">
                        {head(words!(language, health.answers.group), language)}
                        <tbody>{forms}{languages}</tbody>
                        <tfoot>{total}</tfoot>
                    </table>
                </div>
            </div>
            <p>{reminded(responses.reminder, responses.total.completed, language)}</p>
            <p>{took(&responses, language)}</p>
            <How sentences=how language/>
        </section>
    }
}

fn head(first: String, language: Language) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th scope="col">{first}</th>
                <th class="numbers" scope="col">{words!(language, health.answers.asked)}</th>
                <th class="numbers" scope="col">{words!(language, health.answers.opened)}</th>
                <th class="numbers" scope="col">{words!(language, health.answers.started)}</th>
                <th class="numbers" scope="col">{words!(language, health.answers.completed)}</th>
                <th class="numbers" scope="col">{words!(language, health.answers.of_asked)}</th>
            </tr>
        </thead>
    }
}

fn row(name: String, funnel: &Funnel, language: Language) -> impl IntoView + use<> {
    let [opened, started, completed, of_asked] = shares(funnel);
    let step = |people: i64, share: Option<f64>| {
        let share = share.map(|share| view! { <br/><span class="soft">{percent(share, language)}</span> });
        view! { <td class="numbers">{said(people, language)}{share}</td> }
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            {step(funnel.asked, None)}
            {step(funnel.opened, opened)}
            {step(funnel.started, started)}
            {step(funnel.completed, completed)}
            <td class="numbers">{percent_cell(of_asked, language)}</td>
        </tr>
    }
}

fn said(people: i64, language: Language) -> String {
    format::count(people.unsigned_abs(), language)
}

fn reminded(reminder: Reminder, completed: i64, language: Language) -> String {
    if reminder.reminded == 0 {
        return words!(language, health.answers.no_reminder);
    }
    let share = |part: i64, all: i64| if all == 0 { words!(language, health.none) } else { percent(part as f64 / all as f64, language) };
    words!(
        language,
        health.answers.reminder,
        reminded = said(reminder.reminded, language),
        finished = said(reminder.finished, language),
        share = share(reminder.finished, reminder.reminded),
        of_all = share(reminder.finished, completed)
    )
}

fn took(responses: &Responses, language: Language) -> String {
    match responses.hours {
        None => words!(language, health.answers.no_time),
        Some(hours) if hours < 48.0 => {
            words!(language, health.answers.hours, n = decimal(hours, 1, language), of = said(responses.timed, language))
        }
        Some(hours) => {
            words!(language, health.answers.days, n = decimal(hours / 24.0, 1, language), of = said(responses.timed, language))
        }
    }
}

#[component]
fn Weeks(weeks: Vec<(Date, Funnel)>, language: Language) -> impl IntoView {
    let rate = |funnel: &Funnel| shares(funnel)[3];
    let every = weeks.len().div_ceil(LEGIBLE).max(1);
    let bars = weeks.iter().enumerate().map(|(place, (monday, funnel))| {
        let legible = place % every == 0;
        Bar {
            label: if legible { format!("{}/{}", monday.day(), u8::from(monday.month())) } else { String::new() },
            share: rate(funnel).unwrap_or(0.0),
            line: None,
            value: rate(funnel).filter(|_| legible).map(|rate| percent((rate * 100.0).round() / 100.0, language)).unwrap_or_default(),
        }
    });
    let bars = bars.collect();
    // The latest is looked for first.
    let rows = weeks.iter().rev().map(|(monday, funnel)| row(format::date(*monday, language), funnel, language)).collect_view();
    view! {
        <section class="panel stack" aria-labelledby="weeks">
            <h2 id="weeks">{words!(language, health.answers.weeks)}</h2>
            <Columns title=words!(language, health.answers.weeks_chart) bars/>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="weeks">
                <table class="table">
                    {head(words!(language, health.answers.week), language)}
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <How sentences=vec![words!(language, health.answers.how_weeks)] language/>
        </section>
    }
}
