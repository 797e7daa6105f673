//! Where the lines between classes lie: what a manager sets.

use crate::{boundary::AppError, request, words};
use domain::{Language, customers::CustomerRefusal};
use leptos::prelude::*;
use shop::customers::Rules;

#[component]
pub(super) fn RulesForm(rules: Rules, language: Language) -> impl IntoView {
    let bad = refused(language).map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> });
    let is_set = request::queried("rules").as_deref() == Some("set");
    let good = is_set.then(|| view! { <p class="notice" data-kind="good" role="status">{words!(language, customers.rules.set)}</p> });
    // What was typed and refused, else what holds.
    let typed = |name: &str, value: u32| request::queried(name).unwrap_or_else(|| value.to_string());
    let number = |name: &'static str, label: String, bounds: (u32, u32), value: u32| {
        let id = format!("rule-{name}");
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input id=id name=name type="number" required min=bounds.0 max=bounds.1 value=typed(name, value)/>
            </div>
        }
    };
    view! {
        <section class="panel stack" id="rules" aria-labelledby="rules-title">
            <h2 id="rules-title">{words!(language, customers.rules.title)}</h2>
            {bad}
            {good}
            <form class="stack" method="post" action="/api/desk/customers/rules">
                <div class="fields">
                    {number("active", words!(language, customers.rules.active), (1, 1095), rules.active_days)}
                    {number("many", words!(language, customers.rules.many), (2, 50), rules.many_orders)}
                    {number("gap", words!(language, customers.rules.gap), (1, 365), rules.frequent_gap_days)}
                    {number("habitual", words!(language, customers.rules.habitual), (1, 200), rules.habitual_percent)}
                    {number("together", words!(language, customers.rules.together), (2, 1000), rules.together_orders)}
                    {number("share", words!(language, customers.rules.share), (1, 100), rules.together_percent)}
                </div>
                <div><button class="button" type="submit">{words!(language, customers.rules.submit)}</button></div>
            </form>
        </section>
    }
}

/// Why the form that led here was refused.
fn refused(language: Language) -> Option<String> {
    let error: AppError<CustomerRefusal> = serde_json::from_str(&request::queried("refused")?).ok()?;
    Some(match error {
        AppError::Refused(CustomerRefusal::OutOfBounds) => words!(language, customers.refused.bounds),
        AppError::Refused(CustomerRefusal::NotAllowed) => words!(language, customers.refused.not_allowed),
        AppError::Refused(CustomerRefusal::NoSuchCustomer) => words!(language, customers.refused.nobody),
        AppError::Fault(_) | AppError::Transport => words!(language, customers.refused.fault),
    })
}
