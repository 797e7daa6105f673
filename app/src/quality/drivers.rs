//! What to work on: how much a dimension matters to an outcome against how well it is done.

use super::{charts::Quadrant, names};
use crate::words;
use domain::Language;
use leptos::prelude::*;

use shop::scores::{Desk, Drivers, GOOD, Quadrant as Corner};

#[component]
pub(super) fn Quadrants(desk: Desk, language: Language) -> impl IntoView {
    let each = desk.drivers.iter().map(|drivers| view! { <Outcome drivers=drivers.clone() desk=desk.clone() language/> });
    let none = desk.drivers.is_empty().then(|| view! { <p class="soft">{words!(language, quality.no_drivers)}</p> });
    view! {
        <section class="panel stack" id="quadrant" aria-labelledby="quadrant-title">
            <h2 id="quadrant-title">{words!(language, quality.quadrant)}</h2>
            {none}
            {each.collect_view()}
        </section>
    }
}

#[component]
fn Outcome(drivers: Drivers, desk: Desk, language: Language) -> impl IntoView {
    let name = names::measure(&desk.version, &drivers.outcome, language);
    let title = words!(language, quality.outcome, name = name, r2 = names::decimal(drivers.r2, 2, language), n = drivers.people);
    let performance =
        |code: &str| desk.dimensions.iter().find(|dimension| dimension.code == code).and_then(|dimension| dimension.score.mean);
    let points =
        drivers.shares.iter().filter_map(|(code, lmg, ..)| Some((names::measure(&desk.version, code, language), *lmg, performance(code)?)));
    let points = points.collect();
    let fair = drivers.r2 / drivers.shares.len().max(1) as f64;
    let corners = [Corner::Overdone, Corner::KeepUp, Corner::Concentrate, Corner::LowPriority].map(|corner| advice(corner, language));
    let axes = (words!(language, quality.importance), words!(language, quality.performance));
    let rows = drivers.shares.iter().map(|(code, lmg, johnson, corner)| {
        let mean = performance(code).map(|mean| names::decimal(mean, 2, language));
        view! {
            <tr>
                <th scope="row">{names::measure(&desk.version, code, language)}</th>
                <td class="numbers">{mean}</td>
                <td class="numbers">{names::decimal(*lmg, 3, language)}</td>
                <td class="numbers">{names::decimal(*johnson, 3, language)}</td>
                <td>{corner.map(|corner| advice(corner, language))}</td>
            </tr>
        }
    });
    view! {
        <h3>{title.clone()}</h3>
        <div class="chart-and-table">
            <Quadrant title=title.clone() points lines=(fair, GOOD) axes corners/>
            <div class="scroll" tabindex="0" role="region" aria-label=title>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, quality.dimension)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.performance)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.lmg)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.johnson)}</th>
                            <th scope="col">{words!(language, quality.advice)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
}

fn advice(corner: Corner, language: Language) -> String {
    match corner {
        Corner::Concentrate => words!(language, quality.concentrate),
        Corner::KeepUp => words!(language, quality.keep_up),
        Corner::LowPriority => words!(language, quality.low_priority),
        Corner::Overdone => words!(language, quality.overdone),
    }
}
