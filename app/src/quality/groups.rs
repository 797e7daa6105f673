//! Scores by groups of people, and which of them really differ.

use super::names;
use crate::words;
use domain::{Language, Translated};
use leptos::prelude::*;
use shop::scores::{Desk, Difference, Groups};
use std::collections::BTreeMap;

#[component]
pub(super) fn GroupTables(desk: Desk, name: String, language: Language) -> impl IntoView {
    let Desk { groups, names, .. } = desk;
    let none = groups.is_empty().then(|| view! { <p class="soft">{words!(language, quality.no_groups)}</p> });
    let tables = groups.into_iter().map(|groups| view! { <Table groups named=names.clone() language/> });
    view! {
        <section class="panel stack" id="groups" aria-labelledby="groups-title">
            <h2 id="groups-title">{words!(language, quality.groups, name = name)}</h2>
            {none}
            <div class="quality-groups">{tables.collect_view()}</div>
        </section>
    }
}

#[component]
fn Table(groups: Groups, named: BTreeMap<String, Translated>, language: Language) -> impl IntoView {
    let rows = groups.scores.iter().map(|group| {
        let interval = group.score.interval.map(|interval| names::between(interval, 2, language));
        view! {
            <tr>
                <th scope="row">{names::value(&named, groups.segment, &group.value, language)}</th>
                <td class="numbers">{names::score(&group.score, language)}</td>
                <td class="numbers">{interval}</td>
                <td class="numbers">{(!group.score.hidden).then_some(group.score.people)}</td>
            </tr>
        }
    });
    let differences: Vec<String> = groups.differences.iter().map(|difference| sentence(&groups, &named, difference, language)).collect();
    let segment = names::segment(groups.segment, language);
    let heading = segment.clone();
    let none = differences.is_empty().then(|| view! { <p class="soft small">{words!(language, quality.no_difference)}</p> });
    view! {
        <div class="stack stack--tight">
            <div class="scroll" tabindex="0" role="region" aria-label=segment><table class="table">
                <thead>
                    <tr>
                        <th scope="col">{heading}</th>
                        <th class="numbers" scope="col">{words!(language, quality.mean)}</th>
                        <th class="numbers" scope="col">{words!(language, quality.interval_head)}</th>
                        <th class="numbers" scope="col">{words!(language, quality.people_head)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table></div>
            {differences.into_iter().map(|sentence| view! { <p class="small">{sentence}</p> }).collect_view()}
            {none}
        </div>
    }
}

fn sentence(groups: &Groups, named: &BTreeMap<String, Translated>, difference: &Difference, language: Language) -> String {
    let name = |place: usize| {
        groups.scores.get(place).map(|group| names::value(named, groups.segment, &group.value, language)).unwrap_or_default()
    };
    let p = if difference.p < 0.001 { "< 0.001".to_owned() } else { format!("= {:.3}", difference.p) };
    let p = if language == Language::Es { p.replace('.', ",") } else { p };
    let n = names::decimal(difference.difference, 2, language);
    words!(language, quality.differ, first = name(difference.first), n = n, second = name(difference.second), p = p)
}
