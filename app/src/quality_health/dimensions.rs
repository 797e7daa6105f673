//! The dimensions side by side, and the items of each.

use super::{
    How,
    labels::{between, cell, count, decimal, percent_cell, stated},
};
use crate::words;
use domain::Language;
use leptos::prelude::*;
use shop::survey_health::{BY_DESIGN, DimensionHealth, FEWEST, ItemHealth};

/// An item that goes with the others less than this says something else than they do (Nunnally & Bernstein 1994).
const WEAK: f64 = 0.3;

#[component]
pub(super) fn Dimensions(dimensions: Vec<DimensionHealth>, language: Language) -> impl IntoView {
    let rows = dimensions.iter().map(|dimension| row(dimension, language)).collect_view();
    let resampled = dimensions.iter().find_map(|dimension| dimension.resampled);
    let resampled = resampled.map(|people| words!(language, health.dimension.resampled, n = count(people, language)));
    let how = [
        words!(language, health.dimension.how_alpha),
        words!(language, health.dimension.how_pairwise),
        words!(language, health.dimension.how_full),
        words!(language, health.dimension.how_omega),
        words!(language, health.dimension.how_design, n = BY_DESIGN),
    ];
    let how = how.into_iter().chain(resampled).collect();
    let parts = dimensions.into_iter().map(|dimension| view! { <Items dimension language/> });
    view! {
        <section class="panel stack" aria-labelledby="dimensions">
            <h2 id="dimensions">{words!(language, health.dimension.title)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="dimensions">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, health.dimension.name)}</th>
                            <th class="numbers" scope="col">{words!(language, health.dimension.answered)}</th>
                            <th class="numbers" scope="col">{words!(language, health.dimension.complete)}</th>
                            <th class="numbers" scope="col">{words!(language, health.dimension.alpha)}</th>
                            <th class="numbers" scope="col">{words!(language, health.dimension.pairwise)}</th>
                            <th class="numbers" scope="col">{words!(language, health.dimension.full)}</th>
                            <th class="numbers" scope="col">{words!(language, health.dimension.omega)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <How sentences=how language/>
        </section>
        {parts.collect_view()}
    }
}

fn row(dimension: &DimensionHealth, language: Language) -> impl IntoView + use<> {
    let few = usize::try_from(FEWEST).unwrap_or(0);
    let needed = if dimension.by_design { BY_DESIGN } else { few };
    let with = |figure: String, interval: String| view! { <td class="numbers">{figure}<br/><span class="soft">{interval}</span></td> };
    view! {
        <tr>
            <th scope="row">{dimension.name.get(language).to_owned()}" "<span class="soft">{dimension.code.clone()}</span></th>
            <td class="numbers">{count(dimension.answered, language)}</td>
            <td class="numbers">{count(dimension.complete, language)}</td>
            {with(stated(&dimension.alpha, few, language), between(dimension.alpha_interval, 3, language))}
            {with(stated(&dimension.pairwise, needed, language), between(dimension.pairwise_interval, 3, language))}
            <td class="numbers">{stated(&dimension.full_information, needed, language)}</td>
            <td class="numbers">{stated(&dimension.omega, few, language)}</td>
        </tr>
    }
}

#[component]
fn Items(dimension: DimensionHealth, language: Language) -> impl IntoView {
    let id = format!("items-{}", dimension.code);
    let alpha = dimension.alpha.said().or_else(|| dimension.pairwise.said()).copied();
    let rows = dimension.items.iter().map(|item| item_row(item, alpha, language)).collect_view();
    let how = vec![
        words!(language, health.item.how_turned),
        words!(language, health.item.how_shares),
        words!(language, health.item.how_rest, weak = decimal(WEAK, 1, language)),
        words!(language, health.item.how_seconds),
    ];
    view! {
        <section class="panel stack" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{words!(language, health.item.title, name = dimension.name.get(language))}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby=id.clone()>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, health.item.name)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.n)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.mean)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.deviation)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.floor)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.ceiling)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.does_not_apply)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.rest)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.dropped)}</th>
                            <th class="numbers" scope="col">{words!(language, health.item.seconds)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <How sentences=how language/>
        </section>
    }
}

fn item_row(item: &ItemHealth, alpha: Option<f64>, language: Language) -> impl IntoView + use<> {
    let n = if item.hidden { words!(language, health.hidden) } else { count(item.n, language) };
    let mark = |text: String| view! { " "<span class="tag" data-kind="warn">{text}</span> };
    let weak = item.rest_correlation.is_some_and(|correlation| correlation < WEAK).then(|| mark(words!(language, health.item.weak)));
    let better = item.alpha_if_dropped.zip(alpha).is_some_and(|(without, with)| without > with + 0.005);
    let better = better.then(|| mark(words!(language, health.item.better)));
    view! {
        <tr>
            <th scope="row">{item.code.clone()}" "<span class="soft">{item.text.get(language).to_owned()}</span></th>
            <td class="numbers">{n}</td>
            <td class="numbers">{cell(item.mean, 2, language)}</td>
            <td class="numbers">{cell(item.deviation, 2, language)}</td>
            <td class="numbers">{percent_cell(item.floor, language)}</td>
            <td class="numbers">{percent_cell(item.ceiling, language)}</td>
            <td class="numbers">{percent_cell(item.does_not_apply, language)}</td>
            <td class="numbers">{cell(item.rest_correlation, 2, language)}{weak}</td>
            <td class="numbers">{cell(item.alpha_if_dropped, 3, language)}{better}</td>
            <td class="numbers">{cell(item.seconds, 1, language)}</td>
        </tr>
    }
}
