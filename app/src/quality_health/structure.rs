//! The factor model: how well the main dimensions fit what was answered, and how near they are to each other.

use super::{
    How,
    labels::{between, cell, count, decimal, unsaid},
};
use crate::words;
use domain::Language;
use leptos::prelude::*;
use shop::survey_health::{FEWEST, Fit, Stated, Structure};

#[component]
pub(super) fn Model(structure: Stated<Structure>, language: Language) -> impl IntoView {
    let content = match structure {
        Stated::Said(structure) => view! { <Fitted structure language/> }.into_any(),
        Stated::Few => view! { <p>{words!(language, health.needs, n = FEWEST)}</p> }.into_any(),
        Stated::Unsaid(why) => view! { <p>{words!(language, health.model.none, why = unsaid(why, language))}</p> }.into_any(),
    };
    let how =
        vec![words!(language, health.model.how_fit), words!(language, health.model.how_loading), words!(language, health.model.how_rule)];
    view! {
        <section class="panel stack" aria-labelledby="model">
            <h2 id="model">{words!(language, health.model.title)}</h2>
            {content}
            <How sentences=how language/>
        </section>
    }
}

#[component]
fn Fitted(structure: Structure, language: Language) -> impl IntoView {
    let near = structure.correlation("EFF", "SYS").map(|r| {
        view! { <p class="notice">{words!(language, health.model.near, r = decimal(r, 2, language))}</p> }
    });
    let loadings = structure.loadings.iter().map(|(item, dimension, loading)| {
        view! {
            <tr>
                <th scope="row">{item.clone()}</th>
                <td>{dimension.clone()}</td>
                <td class="numbers">{cell(*loading, 2, language)}</td>
            </tr>
        }
    });
    let loadings = loadings.collect_view();
    view! {
        <Indices fit=structure.fit language/>
        {near}
        <div class="chart-and-table">
            <div class="scroll" tabindex="0" role="region" aria-labelledby="correlations">
                <table class="table">
                    <caption id="correlations">{words!(language, health.model.correlations)}</caption>
                    {correlations(&structure, language)}
                </table>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="loadings">
                <table class="table">
                    <caption id="loadings">{words!(language, health.model.loadings)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, health.item.name)}</th>
                            <th scope="col">{words!(language, health.dimension.name)}</th>
                            <th class="numbers" scope="col">{words!(language, health.model.loading)}</th>
                        </tr>
                    </thead>
                    <tbody>{loadings}</tbody>
                </table>
            </div>
        </div>
    }
}

#[component]
fn Indices(fit: Fit, language: Language) -> impl IntoView {
    let of = |value: f64| decimal(value, 3, language);
    let p = match fit.p {
        Some(p) if p < 0.001 => words!(language, health.model.p_small),
        p => cell(p, 3, language),
    };
    let rows = [
        (words!(language, health.model.people), count(fit.n, language)),
        (
            words!(language, health.model.chi2),
            words!(language, health.model.chi2_of, chi2 = decimal(fit.chi2, 1, language), df = fit.df, p = p),
        ),
        (words!(language, health.model.cfi), of(fit.cfi)),
        (words!(language, health.model.tli), of(fit.tli)),
        (words!(language, health.model.rmsea), format!("{} {}", of(fit.rmsea), between(Some(fit.rmsea_interval), 3, language))),
        (words!(language, health.model.srmr), of(fit.srmr)),
    ];
    let rows = rows.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    view! { <dl class="facts">{rows.collect_view()}</dl> }
}

fn correlations(structure: &Structure, language: Language) -> impl IntoView + use<> {
    let heads = structure.dimensions.iter().map(|(code, _)| view! { <th class="numbers" scope="col">{code.clone()}</th> }).collect_view();
    let rows = structure.dimensions.iter().zip(&structure.correlations).enumerate().map(|(place, ((_, name), row))| {
        let cells = row.iter().enumerate().map(|(other, r)| {
            let text = if other < place { cell(*r, 2, language) } else { String::new() };
            view! { <td class="numbers">{text}</td> }
        });
        view! { <tr><th scope="row">{name.get(language).to_owned()}</th>{cells.collect_view()}</tr> }
    });
    view! {
        <thead><tr><th scope="col">{words!(language, health.dimension.name)}</th>{heads}</tr></thead>
        <tbody>{rows.collect_view()}</tbody>
    }
}
