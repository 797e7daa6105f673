//! `/{language}/desk/complaints/causes`: a Pareto of causes with its table, and whether improvements moved them.

use super::super::{
    answer::{self, RefusedNotice},
    labels,
};
use crate::{
    backoffice::{Desk, Section},
    boundary::AppError,
    chart::{Bar, Columns},
    request, words,
};
use domain::{Language, format, staff::Permission};
use leptos::prelude::*;
use shop::complaints::{Improvement, Pareto};
use time::Duration;

const PERIODS: [i64; 3] = [30, 90, 365];

#[component]
pub fn CausesPage() -> impl IntoView {
    let language = request::language();
    let days = request::queried("days").and_then(|days| days.parse().ok()).filter(|days| PERIODS.contains(days)).unwrap_or(90);
    view! {
        <Desk section=Section::Complaints needs=Permission::SeeReports title=words!(language, complaints.causes.title)>
            <RefusedNotice language/>
            <Suspense>
                {Suspend::new(async move {
                    let now = request::now();
                    match shop::complaints::pareto(&request::shop(), &request::actor(), now - Duration::days(days), now).await {
                        Ok(pareto) => view! { <Causes pareto days language/> }.into_any(),
                        Err(failure) => {
                            let sentence = answer::sentence(&AppError::from(failure), language);
                            view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Causes(pareto: Pareto, days: i64, language: Language) -> impl IntoView {
    let periods = PERIODS.into_iter().map(|period| {
        let name = match period {
            30 => words!(language, complaints.causes.days_30),
            90 => words!(language, complaints.causes.days_90),
            _ => words!(language, complaints.causes.days_365),
        };
        let current = (period == days).then_some("page");
        view! { <li><a class="chip" href=format!("/{language}/desk/complaints/causes?days={period}") aria-current=current>{name}</a></li> }
    });
    let lead = words!(language, complaints.causes.lead, known = pareto.known, all = pareto.all, days = days);
    let most = pareto.bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    let bars = pareto.bars.iter().map(|bar| Bar {
        label: labels::cause(bar.cause, language),
        share: f64::from(bar.count) / f64::from(most.max(1)),
        line: Some(f64::from(bar.cumulated) / 10_000.0),
        value: bar.count.to_string(),
    });
    let rows = pareto.bars.iter().map(|bar| {
        view! {
            <tr>
                <th scope="row">{labels::cause(bar.cause, language)}</th>
                <td class="numbers">{bar.count}</td>
                <td class="numbers">{format::percent(bar.cumulated, language)}</td>
            </tr>
        }
    });
    let figure = if pareto.bars.is_empty() {
        view! { <p>{words!(language, complaints.causes.empty)}</p> }.into_any()
    } else {
        view! {
            <div class="chart-and-table">
                <Columns title=words!(language, complaints.causes.pareto) bars=bars.collect()/>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, complaints.causes.cause)}</th>
                            <th class="numbers" scope="col">{words!(language, complaints.causes.count)}</th>
                            <th class="numbers" scope="col">{words!(language, complaints.causes.cumulated)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <p><a href=format!("/{language}/desk/complaints?queue=open")>{words!(language, complaints.causes.back)}</a></p>
        <nav aria-label=words!(language, complaints.causes.days)><ul class="chips">{periods.collect_view()}</ul></nav>
        <section class="panel stack" aria-labelledby="pareto">
            <h2 id="pareto">{words!(language, complaints.causes.pareto)}</h2>
            <p class="soft">{lead}</p>
            {figure}
        </section>
        <Improvements improvements=pareto.improvements language/>
    }
}

#[component]
fn Improvements(improvements: Vec<Improvement>, language: Language) -> impl IntoView {
    let list = if improvements.is_empty() {
        view! { <p>{words!(language, complaints.causes.none)}</p> }.into_any()
    } else {
        let items = improvements.into_iter().map(|improvement| view! { <Item improvement language/> });
        view! { <ul class="stack stack--wide">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="panel stack" aria-labelledby="improvements">
            <h2 id="improvements">{words!(language, complaints.causes.improvements)}</h2>
            {list}
        </section>
    }
}

#[component]
fn Item(improvement: Improvement, language: Language) -> impl IntoView {
    let from = improvement.complaint.map(|number| {
        let text = words!(language, complaints.causes.from, number = number.to_string());
        view! { " · "<a href=format!("/{language}/desk/complaints/{number}")>{text}</a> }
    });
    let overdue =
        improvement.overdue.then(|| view! { " "<span class="tag" data-kind="bad">{words!(language, complaints.causes.overdue)}</span> });
    let effect = match (improvement.done_at, improvement.moved) {
        (None, _) => view! {
            <form method="post" action="/api/desk/complaint-improved">
                <input type="hidden" name="id" value=improvement.id.to_string()/>
                <button class="button button--quiet" type="submit">{words!(language, complaints.causes.finish)}</button>
            </form>
        }
        .into_any(),
        (Some(_), None) => view! { <p>{words!(language, complaints.causes.too_early)}</p> }.into_any(),
        (Some(_), Some((before, since))) => {
            let days = improvement.days;
            let text = words!(language, complaints.causes.effect_text, before = before, days = days, since = since);
            let kind = if since < before { "good" } else { "warn" };
            view! { <p>{words!(language, complaints.causes.effect)}" "<span class="tag" data-kind=kind>{text}</span></p> }.into_any()
        }
    };
    let head = format!("{}: {}", labels::improvement(improvement.kind, language), labels::cause(improvement.cause, language));
    let due = format!("{} {}", words!(language, complaints.causes.due), format::date(improvement.due_on, language));
    view! {
        <li class="stack stack--tight">
            <h3>{head}</h3>
            <p>{improvement.what}</p>
            <p class="soft small">{improvement.owner}" · "{due}{overdue}{from}</p>
            {effect}
        </li>
    }
}
