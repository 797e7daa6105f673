//! Answers given without care, and how much they matter.

use super::{
    How,
    labels::{cell, count, decimal, percent},
};
use crate::{
    chart::{Bar, Columns},
    words,
};
use domain::Language;
use leptos::prelude::*;
use shop::survey_health::{Carelessness, Compared, FAST, Runs, SEVERE};

#[component]
pub(super) fn Care(careless: Carelessness, language: Language) -> impl IntoView {
    let how = vec![
        words!(language, health.careless.how_run),
        words!(language, health.careless.how_pace, fast = FAST, severe = SEVERE),
        words!(language, health.careless.how_kept),
    ];
    view! {
        <section class="panel stack" aria-labelledby="careless">
            <h2 id="careless">{words!(language, health.careless.title)}</h2>
            {signs(&careless, language)}
            <div class="chart-and-table">{lengths(&careless.runs, language)}</div>
            {scores(careless.scores, language)}
            <How sentences=how language/>
        </section>
    }
}

fn signs(careless: &Carelessness, language: Language) -> impl IntoView + use<> {
    let of = |people: usize, all: usize| {
        let share = if all == 0 { String::new() } else { percent(people as f64 / all as f64, language) };
        words!(language, health.careless.of, n = count(people, language), share = share)
    };
    let rows = [
        (words!(language, health.careless.by_run), of(careless.by_run, careless.people)),
        (words!(language, health.careless.fast, seconds = FAST), of(careless.fast, careless.timed)),
        (words!(language, health.careless.severe, seconds = SEVERE), of(careless.severe, careless.timed)),
        (words!(language, health.careless.flagged), of(careless.flagged, careless.people)),
        (words!(language, health.careless.timed), of(careless.timed, careless.people)),
    ];
    let rows = rows.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    view! { <dl class="facts">{rows.collect_view()}</dl> }
}

fn lengths(runs: &[Runs], language: Language) -> impl IntoView + use<> {
    let name = |run: &Runs| match run.to {
        Some(to) => words!(language, health.careless.from_to, from = run.from, to = to),
        None => words!(language, health.careless.from, from = run.from),
    };
    let said = |run: &Runs| run.people.map_or_else(|| words!(language, health.hidden), |people| count(people, language));
    let most = runs.iter().filter_map(|run| run.people).max().unwrap_or(0).max(1);
    let bars =
        runs.iter().map(|run| Bar { label: name(run), share: run.people.unwrap_or(0) as f64 / most as f64, line: None, value: said(run) });
    let bars = bars.collect();
    let rows =
        runs.iter().map(|run| view! { <tr><th scope="row">{name(run)}</th><td class="numbers">{said(run)}</td></tr> }).collect_view();
    view! {
        <Columns title=words!(language, health.careless.runs) bars/>
        <table class="table">
            <caption>{words!(language, health.careless.runs)}</caption>
            <thead>
                <tr>
                    <th scope="col">{words!(language, health.careless.length)}</th>
                    <th class="numbers" scope="col">{words!(language, health.people)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn scores(scores: Vec<Compared>, language: Language) -> impl IntoView + use<> {
    let rows = scores.into_iter().map(|score| {
        let (n, without) = score.careful.map_or((words!(language, health.hidden), None), |(n, mean)| (count(n, language), Some(mean)));
        let change = without.zip(score.all).map(|(without, with)| without - with);
        let change = change.map_or_else(|| words!(language, health.none), |change| signed(change, language));
        view! {
            <tr>
                <th scope="row">{score.name.get(language).to_owned()}</th>
                <td class="numbers">{count(score.n, language)}</td>
                <td class="numbers">{cell(score.all, 2, language)}</td>
                <td class="numbers">{n}</td>
                <td class="numbers">{cell(without, 2, language)}</td>
                <td class="numbers">{change}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="careless-scores">
            <table class="table">
                <caption id="careless-scores">{words!(language, health.careless.scores)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words!(language, health.dimension.name)}</th>
                        <th class="numbers" scope="col">{words!(language, health.careless.n_all)}</th>
                        <th class="numbers" scope="col">{words!(language, health.careless.all)}</th>
                        <th class="numbers" scope="col">{words!(language, health.careless.n_careful)}</th>
                        <th class="numbers" scope="col">{words!(language, health.careless.careful)}</th>
                        <th class="numbers" scope="col">{words!(language, health.careless.change)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

pub(super) fn signed(value: f64, language: Language) -> String {
    let text = decimal(value.abs(), 2, language);
    if value.abs() < 0.005 {
        text
    } else if value < 0.0 {
        format!("\u{2212}{text}")
    } else {
        format!("+{text}")
    }
}
