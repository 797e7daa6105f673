//! What stands out, in sentences.

use super::names;
use crate::words;
use domain::{Language, format};
use leptos::prelude::*;
use shop::scores::{Desk, Finding, Scale, What};

/// What is least like chance comes first; more than this is no longer read.
const MOST: usize = 12;

#[component]
pub(super) fn Findings(desk: Desk, language: Language) -> impl IntoView {
    let sentences: Vec<String> = desk.findings.iter().take(MOST).map(|finding| sentence(&desk, finding, language)).collect();
    let content = if sentences.is_empty() {
        view! { <p>{words!(language, quality.no_findings)}</p> }.into_any()
    } else {
        view! { <ul class="stack stack--tight">{sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <section class="panel stack" id="findings" aria-labelledby="findings-title">
            <h2 id="findings-title">{words!(language, quality.findings)}</h2>
            {content}
        </section>
    }
}

fn sentence(desk: &Desk, finding: &Finding, language: Language) -> String {
    let when = when(finding, language);
    let number = |value: f64| match finding.what {
        What::Score(_) => names::decimal(value, 2, language),
        What::Kept => names::share(value, language),
        What::Paint => names::quick(value, language),
    };
    let (value, usual) = (number(finding.value), number(finding.usual));
    let fell = finding.value < finding.usual;
    let sentence = match &finding.what {
        What::Score(code) => {
            let name = names::measure(&desk.version, code, language);
            if fell {
                words!(language, quality.finding.score_down, name = name, value = value, when = when, usual = usual)
            } else {
                words!(language, quality.finding.score_up, name = name, value = value, when = when, usual = usual)
            }
        }
        What::Kept if fell => words!(language, quality.finding.kept_down, value = value, when = when, usual = usual),
        What::Kept => words!(language, quality.finding.kept_up, value = value, when = when, usual = usual),
        What::Paint => words!(language, quality.finding.paint, when = when, value = value, usual = usual),
    };
    match &finding.group {
        Some((segment, value)) => {
            let (segment, value) = (names::segment(*segment, language), names::value(&desk.names, *segment, value, language));
            words!(language, quality.finding.of_group, segment = segment, value = value, sentence = sentence)
        }
        None => sentence,
    }
}

fn when(finding: &Finding, language: Language) -> String {
    let is_one = finding.first == finding.last;
    let name = |date| match finding.scale {
        Scale::Week => format::date(date, language),
        Scale::Month => names::month(date, language),
    };
    let (first, last) = (name(finding.first), name(finding.last));
    match finding.scale {
        Scale::Week if is_one => words!(language, quality.finding.week, first = first),
        Scale::Week => words!(language, quality.finding.weeks, first = first, last = last),
        Scale::Month if is_one => words!(language, quality.finding.month, first = first),
        Scale::Month => words!(language, quality.finding.months, first = first, last = last),
    }
}
