//! Each dimension's score beside what the shop itself measured in the same weeks.

use super::{filter, names};
use crate::{reports::pages::duration, words};
use domain::{Language, promises::PromiseKind, scores::Filter, surveys::Part};
use leptos::prelude::*;
use shop::scores::{Change, Desk, DimensionScore, Facts};

#[component]
pub(super) fn Beside(desk: Desk, filter: Filter, language: Language) -> impl IntoView {
    let rows = desk.dimensions.iter().map(|dimension| row(&desk, dimension, &filter, language)).collect_view();
    view! {
        <section class="panel stack" id="beside" aria-labelledby="beside-title">
            <h2 id="beside-title">{words!(language, quality.beside)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="beside-title">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, quality.dimension)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.said)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.people_head)}</th>
                            <th scope="col">{words!(language, quality.change)}</th>
                            <th scope="col">{words!(language, quality.measured)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(desk: &Desk, dimension: &DimensionScore, filter: &Filter, language: Language) -> impl IntoView + use<> {
    let name = names::measure(&desk.version, &dimension.code, language);
    let label = words!(language, quality.choose, name = name.clone());
    let current = (dimension.code == filter.measure).then_some("true");
    let recovery =
        (dimension.part == Part::Recovery).then(|| view! { <br/><span class="soft small">{words!(language, quality.recovery)}</span> });
    let interval = dimension.score.interval.map(|interval| {
        view! { <br/><span class="soft small">{names::between(interval, 2, language)}</span> }
    });
    let facts = facts(&desk.facts, &dimension.code, language);
    view! {
        <tr>
            <th scope="row">
                <a href=filter::address(filter, &dimension.code, language) aria-label=label aria-current=current>{name}</a>{recovery}
            </th>
            <td class="numbers"><strong>{names::score(&dimension.score, language)}</strong>{interval}</td>
            <td class="numbers">{dimension.score.people}</td>
            <td>{change(dimension.change, language)}</td>
            <td><ul class="small">{facts.into_iter().map(|fact| view! { <li>{fact}</li> }).collect_view()}</ul></td>
        </tr>
    }
}

/// A real change bears a mark and a word, not only a colour.
pub(super) fn change(change: Option<Change>, language: Language) -> impl IntoView + use<> {
    let Some(change) = change else {
        return view! { <span class="soft small">{words!(language, quality.no_before)}</span> }.into_any();
    };
    let n = names::decimal(change.difference, 2, language);
    match (change.is_real(), change.difference > 0.0) {
        (true, true) => view! { <span class="tag" data-kind="good">{words!(language, quality.up, n = n)}</span> }.into_any(),
        (true, false) => view! { <span class="tag" data-kind="bad">{words!(language, quality.down, n = n)}</span> }.into_any(),
        (false, _) => view! { <span class="soft small">{words!(language, quality.same, n = n)}</span> }.into_any(),
    }
}

/// What was measured that belongs to a dimension of the first instrument; other instruments have nothing measured.
fn facts(facts: &Facts, dimension: &str, language: Language) -> Vec<String> {
    let quick = |value: Option<f64>| value.map(|value| names::quick(value, language));
    let share = |value: Option<f64>| value.map(|value| names::share(value, language));
    let promised = |kind: PromiseKind| facts.promises.get(kind.code()).copied().unwrap_or_default();
    let timed = |kind: PromiseKind| {
        let (kept, median) = promised(kind);
        #[allow(clippy::cast_possible_truncation, reason = "seconds")]
        share(kept.share()).zip(median.map(|seconds| duration(seconds as i64, language)))
    };
    let found: Vec<Option<String>> = match dimension {
        "EFF" => vec![
            quick(facts.paint).map(|time| words!(language, quality.facts.paint, time = time)),
            quick(facts.touch).map(|time| words!(language, quality.facts.touch, time = time)),
            share(facts.searches.share()).map(|share| words!(language, quality.facts.searches, share = share)),
        ],
        "SYS" => vec![
            share(facts.minutes.share()).map(|share| words!(language, quality.facts.minutes, share = share)),
            share(facts.answers.share()).map(|share| words!(language, quality.facts.answers, share = share)),
            (facts.answers.of > 0).then(|| words!(language, quality.facts.scripts, n = facts.scripts_failed)),
        ],
        "FUL" => vec![
            share(promised(PromiseKind::Delivery).0.share()).map(|share| words!(language, quality.facts.delivery, share = share)),
            share(facts.perfect.share()).map(|share| words!(language, quality.facts.perfect, share = share)),
            share(facts.sold_out.share()).map(|share| words!(language, quality.facts.sold_out, share = share)),
        ],
        "PRI" => vec![Some(words!(language, quality.facts.erased, n = facts.erased))],
        "RES" => vec![
            timed(PromiseKind::Reply).map(|(share, time)| words!(language, quality.facts.reply, share = share, time = time)),
            timed(PromiseKind::Solution).map(|(share, time)| words!(language, quality.facts.solution, share = share, time = time)),
        ],
        "COM" => vec![
            timed(PromiseKind::Refund).map(|(share, time)| words!(language, quality.facts.refund, share = share, time = time)),
            Some(words!(language, quality.facts.given, refunds = facts.refunds, credits = facts.credits)),
        ],
        "CON" => vec![
            timed(PromiseKind::Reply).map(|(share, time)| words!(language, quality.facts.reply, share = share, time = time)),
            share(promised(PromiseKind::Resolution).0.share()).map(|share| words!(language, quality.facts.resolution, share = share)),
            share(facts.staffed.share())
                .map(|share| words!(language, quality.facts.staffed, share = share, hours = facts.staffed.kept / 60)),
        ],
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}
