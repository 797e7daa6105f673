//! Who did not answer: those who did beside all who were asked.

use super::{
    How,
    labels::{cell, decimal, percent_cell},
};
use crate::{request, words};
use domain::{Language, Money, format};
use leptos::prelude::*;
use shop::survey_health::{FEWEST, NOTABLE, Trait, TraitKind};

#[component]
pub(super) fn Unheard(traits: Vec<Trait>, language: Language) -> impl IntoView {
    let content = if traits.is_empty() {
        view! { <p>{words!(language, health.needs, n = FEWEST)}</p> }.into_any()
    } else {
        view! { <Table traits language/> }.into_any()
    };
    let how = vec![
        words!(language, health.unheard.how_difference, notable = decimal(NOTABLE, 1, language)),
        words!(language, health.unheard.how_source),
        words!(language, health.unheard.how_hidden, least = FEWEST),
    ];
    view! {
        <section class="panel stack" aria-labelledby="unheard">
            <h2 id="unheard">{words!(language, health.unheard.title)}</h2>
            {content}
            <How sentences=how language/>
        </section>
    }
}

#[component]
fn Table(traits: Vec<Trait>, language: Language) -> impl IntoView {
    let notable: Vec<_> = traits.iter().filter(|each| each.is_notable()).map(|each| sentence(each, language)).collect();
    let sentences = if notable.is_empty() {
        view! { <p>{words!(language, health.unheard.alike)}</p> }.into_any()
    } else {
        let notable = notable.into_iter().map(|sentence| view! { <li>{sentence}</li> });
        view! { <ul class="stack stack--tight">{notable.collect_view()}</ul> }.into_any()
    };
    let rows = traits.iter().map(|each| {
        let mark =
            each.is_notable().then(|| view! { " "<span class="tag" data-kind="warn">{words!(language, health.unheard.notable)}</span> });
        view! {
            <tr>
                <th scope="row">{name(&each.kind, language)}</th>
                <td class="numbers">{figure(&each.kind, each.answered, language)}</td>
                <td class="numbers">{figure(&each.kind, each.asked, language)}</td>
                <td class="numbers">{cell(each.difference, 2, language)}{mark}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        {sentences}
        <div class="scroll" tabindex="0" role="region" aria-labelledby="unheard">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, health.unheard.what)}</th>
                        <th class="numbers" scope="col">{words!(language, health.unheard.answered)}</th>
                        <th class="numbers" scope="col">{words!(language, health.unheard.asked)}</th>
                        <th class="numbers" scope="col">{words!(language, health.unheard.difference)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn sentence(each: &Trait, language: Language) -> String {
    let (name, answered) = (name(&each.kind, language), figure(&each.kind, each.answered, language));
    let asked = figure(&each.kind, each.asked, language);
    if each.difference.is_some_and(|difference| difference > 0.0) {
        words!(language, health.unheard.more, name = name, answered = answered, asked = asked)
    } else {
        words!(language, health.unheard.less, name = name, answered = answered, asked = asked)
    }
}

fn name(kind: &TraitKind, language: Language) -> String {
    match kind {
        TraitKind::Value => words!(language, health.unheard.value),
        TraitKind::Returning => words!(language, health.unheard.returning),
        TraitKind::Late => words!(language, health.unheard.late),
        TraitKind::Trouble => words!(language, health.unheard.trouble),
        TraitKind::Language(each) => words!(language, health.unheard.language, name = each.endonym()),
        TraitKind::Category(name) => words!(language, health.unheard.category, name = name),
        TraitKind::Carrier(code) => words!(language, health.unheard.carrier, name = code),
    }
}

fn figure(kind: &TraitKind, value: Option<f64>, language: Language) -> String {
    match (kind, value) {
        (_, None) => words!(language, health.hidden),
        (TraitKind::Value, Some(value)) => {
            let currency = request::shop().settings.currency;
            format::money(Money::new((value * 100.0).round() as i64, currency), language)
        }
        (_, share) => percent_cell(share, language),
    }
}
