//! What closing the loop is worth, for those who see reports.

use crate::{reports::measured::decimal, request, words};
use domain::{Language, staff::Permission};
use leptos::prelude::*;
use shop::surveys::cases::{Paired, Recovery, recovery};

#[component]
pub(super) fn RecoveryTable(language: Language) -> impl IntoView {
    if !request::actor().may(Permission::SeeReports) {
        return ().into_any();
    }
    let figures = Suspend::new(async move {
        let found = recovery(&request::shop(), &request::actor(), request::now()).await;
        match found {
            Ok(found) => view! { <Figures found language/> }.into_any(),
            Err(_) => view! { <p class="notice" data-kind="bad" role="alert">{words!(language, cases.refused.fault)}</p> }.into_any(),
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="recovery">
            <h2 id="recovery">{words!(language, cases.recovery.title)}</h2>
            <Suspense>{figures}</Suspense>
            <details>
                <summary>{words!(language, cases.recovery.how)}</summary>
                <p>{words!(language, cases.recovery.how_text)}</p>
            </details>
        </section>
    }
    .into_any()
}

#[component]
fn Figures(found: Recovery, language: Language) -> impl IntoView {
    let row = |name: String, value: String| view! { <tr><th scope="row">{name}</th><td class="numbers">{value}</td></tr> };
    let of = |count: i64, all: i64| words!(language, cases.recovery.of, count = count, all = all);
    let scores = match found.paired {
        Some(paired) => view! { <Scores paired people=found.people language/> }.into_any(),
        None => row(words!(language, cases.recovery.scores), words!(language, cases.recovery.too_few, count = found.people)).into_any(),
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="recovery">
            <table class="table">
                <tbody>
                    {row(words!(language, cases.recovery.opened), found.opened.to_string())}
                    {row(words!(language, cases.recovery.in_time), of(found.in_time, found.decided))}
                    {row(words!(language, cases.recovery.confirmed), of(found.confirmed, found.opened))}
                    {row(words!(language, cases.recovery.unconfirmed), of(found.unconfirmed, found.opened))}
                    {scores}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Scores(paired: Paired, people: usize, language: Language) -> impl IntoView {
    let Paired { before, after, difference, interval } = paired;
    let said = |value: f64| decimal(value, 1, language);
    // A true minus, and a plus where it went up.
    let signed = |value: f64| {
        let sign = if value > 0.0 {
            "+"
        } else if value < 0.0 {
            "−"
        } else {
            ""
        };
        format!("{sign}{}", decimal(value.abs(), 2, language))
    };
    let within = match interval {
        Some((low, high)) => words!(language, cases.recovery.interval, low = signed(low), high = signed(high)),
        None => words!(language, cases.recovery.alike),
    };
    view! {
        <tr>
            <th scope="row">{words!(language, cases.recovery.scores)}</th>
            <td class="numbers">{words!(language, cases.recovery.means, before = said(before), after = said(after), count = people)}</td>
        </tr>
        <tr>
            <th scope="row">{words!(language, cases.recovery.difference)}</th>
            <td class="numbers">{signed(difference)}" "<span class="soft small">{within}</span></td>
        </tr>
    }
}
