//! A score by the week, with the limits between which chance alone moves it.

use super::{
    charts::{Line, Step},
    names,
};
use crate::words;
use domain::{Language, format};
use leptos::prelude::*;
use shop::scores::TrendPoint;

#[component]
pub(super) fn Course(points: Vec<TrendPoint>, name: String, language: Language) -> impl IntoView {
    let title = words!(language, quality.course, name = name);
    let steps: Vec<Step> = points
        .iter()
        .map(|point| Step {
            label: format!("{}/{}", point.week.day(), u8::from(point.week.month())),
            point: point.point.map(|point| (point.value, point.low, point.high)),
        })
        .collect();
    let values = steps.iter().filter_map(|step| step.point).map(|(value, ..)| value);
    let (lowest, highest) = values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    if lowest > highest {
        return ().into_any();
    }
    // Half steps around what is there.
    let (first, last) = ((lowest * 2.0 - 0.5).floor() / 2.0, (highest * 2.0 + 0.5).ceil() / 2.0);
    let ticks = (0..).map(|n| first + f64::from(n) * 0.5).take_while(|tick| *tick <= last + 1e-9);
    let ticks: Vec<(f64, String)> = ticks.map(|tick| (tick, names::decimal(tick, 1, language))).collect();
    let rows = points.into_iter().rev().filter(|point| point.people > 0).map(|point| row(&point, language));
    view! {
        <section class="panel stack" id="course" aria-labelledby="course-title">
            <h2 id="course-title">{title.clone()}</h2>
            <Line title=title.clone() steps ticks/>
            <details>
                <summary>{words!(language, quality.course_table)}</summary>
                <div class="scroll" tabindex="0" role="region" aria-label=title>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{words!(language, quality.week)}</th>
                                <th class="numbers" scope="col">{words!(language, quality.people_head)}</th>
                                <th class="numbers" scope="col">{words!(language, quality.mean)}</th>
                                <th class="numbers" scope="col">{words!(language, quality.limits)}</th>
                                <th scope="col">{words!(language, quality.mark)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </details>
        </section>
    }
    .into_any()
}

fn row(point: &TrendPoint, language: Language) -> impl IntoView + use<> {
    let mean = match &point.point {
        Some(found) => names::decimal(found.value, 2, language),
        None if point.hidden => words!(language, quality.hidden),
        None => words!(language, quality.not_said),
    };
    let limits = point.point.map(|found| names::between((found.low, found.high), 2, language));
    let mark = point.point.filter(shop::scores::Point::is_out).map(|_| words!(language, quality.out));
    view! {
        <tr>
            <th scope="row">{format::short_day(point.week, language)}</th>
            <td class="numbers">{point.people}</td>
            <td class="numbers">{mean}</td>
            <td class="numbers">{limits}</td>
            <td>{mark.map(|mark| view! { <span class="tag" data-kind="warn">{mark}</span> })}</td>
        </tr>
    }
}
