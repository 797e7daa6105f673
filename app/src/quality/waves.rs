//! Versions of an instrument beside each other, by the codes that they share.

use super::{beside::change, names};
use crate::words;
use domain::Language;
use leptos::prelude::*;
use shop::scores::{Desk, Score, Wave};

#[component]
pub(super) fn Waves(desk: Desk, language: Language) -> impl IntoView {
    if desk.waves.len() < 2 {
        return ().into_any();
    }
    let heads = desk
        .waves
        .iter()
        .map(|wave| view! { <th class="numbers" scope="col">{words!(language, quality.wave_head, n = wave.version)}</th> });
    let rows = desk.dimensions.iter().map(|dimension| {
        let name = names::measure(&desk.version, &dimension.code, language);
        let cells = desk.waves.iter().map(|wave| cell(wave, &dimension.code, language)).collect_view();
        view! { <tr><th scope="row">{name}</th>{cells}</tr> }
    });
    view! {
        <section class="panel stack" id="waves" aria-labelledby="waves-title">
            <h2 id="waves-title">{words!(language, quality.waves)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="waves-title">
                <table class="table">
                    <thead><tr><th scope="col">{words!(language, quality.dimension)}</th>{heads.collect_view()}</tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn cell(wave: &Wave, code: &str, language: Language) -> impl IntoView + use<> {
    let none = Score::default();
    let score = wave.scores.iter().find(|(measure, _)| measure == code).map_or(none, |(_, score)| *score);
    let people = (score.people > 0 && !score.hidden).then(|| words!(language, quality.of_n, n = score.people));
    let changed = wave.changes.get(code).map(|found| change(Some(*found), language));
    view! {
        <td class="numbers">
            {names::score(&score, language)}<br/><span class="soft small">{people}</span>" "{changed}
        </td>
    }
}
