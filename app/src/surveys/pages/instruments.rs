//! `/{language}/desk/surveys`: what is asked, how many answer, the rules of asking, and forgetting somebody.

use super::super::answer::refused;
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    layout::{Fault, NotFound},
    request, words,
};
use domain::{Language, staff::Permission, surveys::Split};
use leptos::prelude::*;
use shop::{
    Failure,
    surveys::{Funnel, Listed, Rules},
};

#[component]
pub fn InstrumentsPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Surveys needs=Permission::SetRules title=words!(language, surveys.desk.title)>
            <Suspense>
                {Suspend::new(async move {
                    match shop::surveys::instruments(&request::shop(), &request::actor()).await {
                        Ok(list) => view! { <Table list language/> }.into_any(),
                        Err(Failure::Refused(_)) => view! { <NotFound/> }.into_any(),
                        Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
                    }
                })}
            </Suspense>
            <section class="panel stack" id="rules" aria-labelledby="rules-title">
                <h2 id="rules-title">{words!(language, surveys.desk.rules)}</h2>
                <Said part="rules" language/>
                <Suspense>
                    {Suspend::new(async move { shop::surveys::rules(&request::shop()).await.ok().map(|rules| view! { <RulesForm rules language/> }) })}
                </Suspense>
            </section>
            <Forget language/>
        </Desk>
    }
}

#[component]
fn Table(list: Vec<Listed>, language: Language) -> impl IntoView {
    let rows = list.into_iter().flat_map(|listed| {
        let full = row(&listed, &listed.full, words!(language, surveys.desk.full), language);
        let short =
            (listed.short != Funnel::default()).then(|| row(&listed, &listed.short, words!(language, surveys.desk.short), language));
        [Some(full), short].into_iter().flatten()
    });
    view! {
        <div class="scroll">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, surveys.desk.instrument)}</th>
                        <th scope="col">{words!(language, surveys.desk.when)}</th>
                        <th scope="col">{words!(language, surveys.desk.form)}</th>
                        <th scope="col">{words!(language, surveys.desk.asked)}</th>
                        <th scope="col">{words!(language, surveys.desk.opened)}</th>
                        <th scope="col">{words!(language, surveys.desk.started)}</th>
                        <th scope="col">{words!(language, surveys.desk.completed)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(listed: &Listed, funnel: &Funnel, form: String, language: Language) -> impl IntoView + use<> {
    let Funnel { asked, opened, started, completed } = *funnel;
    let when = match listed.every_days {
        Some(every) => words!(language, surveys.desk.every, days = every),
        None => words!(language, surveys.desk.after, days = listed.days_after),
    };
    let name = words!(language, surveys.desk.named, title = listed.title.get(language), version = listed.version);
    let address = format!("/{language}/desk/surveys/{}", listed.code);
    view! {
        <tr>
            <th scope="row"><a href=address>{name}</a></th>
            <td>{when}</td>
            <td>{form}</td>
            <td class="numbers">{asked}</td>
            <td class="numbers">{opened}</td>
            <td class="numbers">{started}</td>
            <td class="numbers">{completed}</td>
        </tr>
    }
}

/// What became of the form of this part.
#[component]
fn Said(part: &'static str, language: Language) -> impl IntoView {
    let is = |name: &str| request::queried(name).as_deref() == Some(part);
    let bad = refused(language).filter(|_| is("at"));
    let count = request::queried("count").unwrap_or_default();
    let good = is("done").then(|| {
        if part == "forget" { words!(language, surveys.desk.forgotten, count = count) } else { words!(language, surveys.desk.rules_set) }
    });
    view! {
        {bad.map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> })}
        {good.map(|sentence| view! { <p class="notice" data-kind="good" role="status">{sentence}</p> })}
    }
}

#[component]
fn RulesForm(rules: Rules, language: Language) -> impl IntoView {
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
    let tenths = rules.cases.mean_tenths;
    let mean = request::queried("mean").unwrap_or_else(|| format!("{}.{}", tenths / 10, tenths % 10));
    let chosen = request::queried("split").and_then(|code| Split::from_code(&code)).unwrap_or(rules.split);
    let splits = Split::ALL.iter().map(|&split| {
        let name = match split {
            Split::Even => words!(language, surveys.desk.split_even),
            Split::Full => words!(language, surveys.desk.split_full),
            Split::Short => words!(language, surveys.desk.split_short),
        };
        view! { <option value=split.code() selected=split == chosen>{name}</option> }
    });
    view! {
        <form class="stack" method="post" action="/api/desk/surveys/rules">
            <div class="fields">
                {number("cap", words!(language, surveys.desk.cap), (1, 730), rules.cap_days)}
                {number("reminder", words!(language, surveys.desk.reminder), (0, 60), rules.reminder_days)}
                {number("open", words!(language, surveys.desk.open), (1, 180), rules.open_days)}
                <div class="field">
                    <label for="rule-split">{words!(language, surveys.desk.split)}</label>
                    <select id="rule-split" name="split">{splits.collect_view()}</select>
                </div>
                {number("link", words!(language, surveys.desk.link), (1, 730), rules.link_days)}
                {number("months", words!(language, surveys.desk.months), (1, 120), rules.answer_months)}
                <div class="field">
                    <label for="rule-mean">{words!(language, cases.rules.mean)}</label>
                    <input id="rule-mean" name="mean" type="number" required min="0" max="10" step="0.1" value=mean/>
                </div>
                {number("recommend", words!(language, cases.rules.recommend), (0, 10), rules.cases.recommend)}
                {number("reply", words!(language, cases.rules.reply), (1, 100_000), rules.cases.reply_minutes)}
                {number("confirm", words!(language, cases.rules.confirm), (1, 365), rules.cases.confirmation_days)}
            </div>
            <div><button class="button" type="submit">{words!(language, surveys.desk.set)}</button></div>
        </form>
    }
}

#[component]
fn Forget(language: Language) -> impl IntoView {
    view! {
        <section class="panel stack" id="forget" aria-labelledby="forget-title">
            <h2 id="forget-title">{words!(language, surveys.desk.forget)}</h2>
            <Said part="forget" language/>
            <p>{words!(language, surveys.desk.forget_text)}</p>
            <form class="stack" method="post" action="/api/desk/surveys/forget">
                <div class="field">
                    <label for="forget-email">{words!(language, surveys.desk.email)}</label>
                    <input id="forget-email" name="email" type="email" required autocomplete="off" value=request::queried("email").unwrap_or_default()/>
                </div>
                <div><button class="button button--danger" type="submit">{words!(language, surveys.desk.forget_submit)}</button></div>
            </form>
        </section>
    }
}
