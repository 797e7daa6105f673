//! How many customers are in each class, how each is computed, who may be leaving, and the model of the last night.

use super::{as_of, list::address};
use crate::{customers::labels, words};
use domain::{Language, customers::CustomerClass, format};
use leptos::prelude::*;
use shop::customers::{Filter, Model, Overview, Rules};

#[component]
pub(super) fn Classes(overview: Overview, rules: Rules, filter: Filter, language: Language) -> impl IntoView {
    let Some(night) = overview.computed else {
        return view! { <p class="notice">{words!(language, customers.not_yet)}</p> }.into_any();
    };
    let counted = |count: i64| format::count(count.unsigned_abs(), language);
    let rows = overview.classes.into_iter().map(|(class, people)| {
        let current = (!filter.at_risk && filter.class == Some(class)).then_some("true");
        let only = Filter { class: Some(class), ..Filter::default() };
        view! {
            <tr>
                <th scope="row"><a href=address(&only, language) aria-current=current>{labels::class(class, language)}</a></th>
                <td class="numbers">{counted(people)}</td>
                <td class="soft">{how(class, rules, language)}</td>
            </tr>
        }
    });
    let (leaving, lost) = overview.at_risk;
    let risk = Filter { at_risk: true, ..Filter::default() };
    view! {
        <p class="soft">{as_of(Some(night.day), language)}" · "{words!(language, customers.people, count = format::count(u64::from(night.people), language))}</p>
        <section class="panel stack" aria-labelledby="classes">
            <h2 id="classes">{words!(language, customers.classes)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="classes">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, customers.of_class)}</th>
                            <th class="numbers" scope="col">{words!(language, customers.how_many)}</th>
                            <th scope="col">{words!(language, customers.how_computed)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows.collect_view()}
                        <tr>
                            <th scope="row"><a href=address(&risk, language) aria-current=filter.at_risk.then_some("true")>{words!(language, customers.at_risk)}</a></th>
                            <td class="numbers">{counted(leaving)}</td>
                            <td class="soft">{words!(language, customers.at_risk_sum, money = format::money(lost, language))}</td>
                        </tr>
                    </tbody>
                </table>
            </div>
            <ModelOf model=night.model language/>
        </section>
    }
    .into_any()
}

fn how(class: CustomerClass, rules: Rules, language: Language) -> String {
    let Rules { active_days: days, many_orders: orders, frequent_gap_days: gap, .. } = rules;
    match class {
        CustomerClass::Frequent => words!(language, customers.how.frequent, orders = orders, gap = gap),
        CustomerClass::Habitual => {
            let most = labels::decimal(f64::from(rules.habitual_percent) / 100.0, 2, language);
            words!(language, customers.how.habitual, orders = orders, variation = most)
        }
        CustomerClass::Occasional => words!(language, customers.how.occasional, orders = orders),
        CustomerClass::Active => words!(language, customers.how.active, days = days),
        CustomerClass::Inactive => words!(language, customers.how.inactive, days = days),
        CustomerClass::Prospect => words!(language, customers.how.prospect),
        CustomerClass::HighVolume => words!(language, customers.how.high_volume),
        CustomerClass::AverageVolume => words!(language, customers.how.average_volume),
        CustomerClass::PleasedButFragile => words!(language, customers.how.pleased_but_fragile),
        CustomerClass::Dissatisfied => words!(language, customers.how.dissatisfied),
    }
}

#[component]
fn ModelOf(model: Option<Model>, language: Language) -> impl IntoView {
    let held = model.is_some_and(|model| model.held);
    let figures = match model {
        Some(Model { r, alpha, a, b, log_likelihood, .. }) => {
            let figure = |value: f64| labels::decimal(value, 4, language);
            words!(
                language,
                customers.model.figures,
                r = figure(r),
                alpha = figure(alpha),
                a = figure(a),
                b = figure(b),
                likelihood = labels::decimal(log_likelihood, 1, language)
            )
        }
        None => words!(language, customers.model.none),
    };
    view! {
        <details>
            <summary>{words!(language, customers.model.title)}</summary>
            <div class="stack stack--tight">
                <p>{words!(language, customers.model.rfm)}</p>
                <p>{words!(language, customers.model.alive)}</p>
                <p>{figures}</p>
                {held.then(|| view! { <p>{words!(language, customers.model.held)}</p> })}
                <p>{words!(language, customers.model.no_surveys)}</p>
            </div>
        </details>
    }
}
