//! The questions of the dimension that is looked at.

use super::{charts::Spread, names};
use crate::words;
use domain::{Language, scores::Filter};
use leptos::prelude::*;
use shop::scores::{Desk, ItemScore};

#[component]
pub(super) fn Items(desk: Desk, filter: Filter, language: Language) -> impl IntoView {
    if desk.items.is_empty() {
        return ().into_any();
    }
    let name = names::measure(&desk.version, &filter.measure, language);
    let rows = desk.items.iter().map(|item| row(&desk, item, language)).collect_view();
    view! {
        <section class="panel stack" id="items" aria-labelledby="items-title">
            <h2 id="items-title">{words!(language, quality.items, name = name)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="items-title">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, quality.question)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.people_head)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.mean)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.top)}</th>
                            <th scope="col">{words!(language, quality.distribution)}</th>
                            <th class="numbers" scope="col">{words!(language, quality.na)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(desk: &Desk, item: &ItemScore, language: Language) -> impl IntoView + use<> {
    let text = desk.version.items.iter().find(|known| known.code == item.code).map(|known| known.text.get(language).to_owned());
    let mean = item.mean.map_or_else(|| words!(language, quality.hidden), |mean| names::decimal(mean, 2, language));
    let top = item.top.map(|(count, (low, high))| {
        let range = format!("{} – {}", names::share(low, language), names::share(high, language));
        view! { <strong>{names::share(count as f64 / item.people.max(1) as f64, language)}</strong><br/><span class="soft small">{range}</span> }
    });
    let spread = item.distribution.clone().map(|counts| {
        let said = counts.iter().map(u64::to_string).collect::<Vec<_>>().join(" · ");
        view! { <Spread title=said.clone() counts/><span class="soft small">{said}</span> }
    });
    view! {
        <tr>
            <th scope="row"><span class="soft small">{item.code.clone()}</span>" "{text}</th>
            <td class="numbers">{item.people}</td>
            <td class="numbers">{mean}</td>
            <td class="numbers">{top}</td>
            <td>{spread}</td>
            <td class="numbers">{item.does_not_apply}</td>
        </tr>
    }
}
