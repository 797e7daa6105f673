//! The full form against the short one, and whether the short one is worth it.

use super::{
    How,
    filter::form_name,
    labels::{count, decimal, percent, percent_cell},
};
use crate::{request, words};
use domain::{
    Language,
    staff::Permission,
    surveys::{Form, Split},
};
use leptos::prelude::*;
use shop::survey_health::{BreakEven, FEWEST, FormFigures, Forms, Gets, Worth};

#[component]
pub(super) fn Compared(forms: Forms, language: Language) -> impl IntoView {
    let how = vec![
        words!(language, health.forms.how_fair),
        words!(language, health.forms.how_rate),
        words!(language, health.forms.how_unanswered, least = FEWEST),
        words!(language, health.forms.how_even),
    ];
    let split = match forms.split {
        Split::Even => words!(language, health.forms.split_even),
        Split::Full => words!(language, health.forms.split_full),
        Split::Short => words!(language, health.forms.split_short),
    };
    let change = request::actor().may(Permission::SetRules).then(|| {
        view! { " "<a href=format!("/{language}/desk/surveys#rules")>{words!(language, health.forms.change)}</a> }
    });
    view! {
        <section class="panel stack" aria-labelledby="forms">
            <h2 id="forms">{words!(language, health.forms.title)}</h2>
            <p>{split}{change}</p>
            {figures(&forms, language)}
            {verdict(&forms, language)}
            {even(&forms, language)}
            <How sentences=how language/>
        </section>
    }
}

fn figures(forms: &Forms, language: Language) -> impl IntoView + use<> {
    let row = |form: Form, of: &FormFigures| {
        let within = of.interval.map(|(low, high)| {
            let within = words!(language, health.between, low = percent(low, language), high = percent(high, language));
            view! { <br/><span class="soft">{within}</span> }
        });
        view! {
            <tr>
                <th scope="row">{form_name(form, language)}</th>
                <td class="numbers">{count(of.asked, language)}</td>
                <td class="numbers">{count(of.completed, language)}</td>
                <td class="numbers">{percent_cell(of.rate, language)}{within}</td>
                <td class="numbers">{of.seconds.map_or_else(|| words!(language, health.none), |seconds| minutes(seconds, language))}</td>
                <td class="numbers">{percent_cell(of.unanswered, language)}</td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="forms">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, health.filter.form)}</th>
                        <th class="numbers" scope="col">{words!(language, health.answers.asked)}</th>
                        <th class="numbers" scope="col">{words!(language, health.answers.completed)}</th>
                        <th class="numbers" scope="col">{words!(language, health.forms.rate)}</th>
                        <th class="numbers" scope="col">{words!(language, health.forms.time)}</th>
                        <th class="numbers" scope="col">{words!(language, health.forms.unanswered)}</th>
                    </tr>
                </thead>
                <tbody>{row(Form::Full, &forms.full)}{row(Form::Short, &forms.short)}</tbody>
            </table>
        </div>
    }
}

fn minutes(seconds: f64, language: Language) -> String {
    let whole = seconds.round().max(0.0) as u64;
    words!(language, health.forms.minutes, m = whole / 60, s = format!("{:02}", whole % 60))
}

/// How far apart their rates are.
fn verdict(forms: &Forms, language: Language) -> Option<impl IntoView + use<>> {
    let (short, full) = forms.short.rate.zip(forms.full.rate)?;
    let points = super::careless::signed((short - full) * 100.0, language);
    let gets = forms.gets.map_or_else(|| words!(language, health.none), |gets| times(&gets, language));
    Some(view! { <p>{words!(language, health.forms.difference, points = points, gets = gets)}</p> })
}

fn even(forms: &Forms, language: Language) -> Option<impl IntoView + use<>> {
    if forms.break_even.is_empty() {
        return None;
    }
    let gets = forms.gets;
    let rows = forms.break_even.iter().map(|each| {
        view! {
            <tr>
                <th scope="row">{each.name.get(language).to_owned()}</th>
                <td class="numbers">{decimal(each.alpha, 3, language)}</td>
                <td class="numbers">{words!(language, health.forms.asked_of, asked = each.asked, items = each.items)}</td>
                <td class="numbers">{decimal(each.needs, 2, language)}</td>
                <td>{sentence(each, gets, language)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Some(view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="break-even">
            <table class="table">
                <caption id="break-even">{words!(language, health.forms.even)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words!(language, health.dimension.name)}</th>
                        <th class="numbers" scope="col">{words!(language, health.dimension.alpha)}</th>
                        <th class="numbers" scope="col">{words!(language, health.forms.items)}</th>
                        <th class="numbers" scope="col">{words!(language, health.forms.needs)}</th>
                        <th scope="col">{words!(language, health.forms.meaning)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}

fn sentence(each: &BreakEven, gets: Option<Gets>, language: Language) -> String {
    let needs = decimal(each.needs, 2, language);
    let Some(gets) = gets else { return words!(language, health.forms.unknown, needs = needs) };
    let said = times(&gets, language);
    match each.worth(&gets) {
        Worth::Yes => words!(language, health.forms.worth, needs = needs, gets = said),
        Worth::No => words!(language, health.forms.not_worth, needs = needs, gets = said),
        Worth::Open => words!(language, health.forms.open, needs = needs, gets = said),
    }
}

/// With its interval.
fn times(gets: &Gets, language: Language) -> String {
    let (low, high) = gets.interval;
    let of = |times| decimal(times, 2, language);
    words!(language, health.forms.times, times = of(gets.times), low = of(low), high = of(high))
}
