//! `/{language}/desk/cases/{number}`: the order, the answers and what happened so far, and what comes next.

use super::labels::{Reasons, RefusedNotice, sentence, state, step};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    complaints::{
        labels,
        pages::{Moment, Written},
    },
    forms,
    layout::{Fault, NotFound},
    reports::measured::decimal,
    request, words,
};
use domain::{
    Language, format,
    staff::Permission,
    surveys::{CaseRefusal, CaseState, MOST_OF_AN_ANSWER},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{
    Failure,
    surveys::cases::{Answered, Line, View as Case},
};

#[component]
pub fn CasePage() -> impl IntoView {
    let language = request::language();
    let number: i64 = use_params_map().with_untracked(|params| params.get("number").and_then(|n| n.parse().ok()).unwrap_or_default());
    let title = words!(language, cases.one.title, number = number.to_string());
    view! {
        <Desk section=Section::Cases needs=Permission::Converse title>
            <Suspense>
                {Suspend::new(async move {
                    match shop::surveys::cases::view(&request::shop(), &request::actor(), number, language).await {
                        Ok(case) => view! { <Whole case language/> }.into_any(),
                        Err(Failure::Refused(CaseRefusal::NoSuchCase)) => view! { <NotFound/> }.into_any(),
                        Err(Failure::Refused(refusal)) => {
                            view! { <p class="notice" data-kind="bad" role="alert">{sentence(refusal, language)}</p> }.into_any()
                        }
                        Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
                    }
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Whole(case: Case, language: Language) -> impl IntoView {
    let untied = case.order.is_none().then(|| view! { <p class="notice">{words!(language, cases.one.untied)}</p> });
    let comments = case.comments.iter().map(|said| view! { <blockquote><Written text=said.clone()/></blockquote> }).collect_view();
    let said = (!case.comments.is_empty()).then(|| {
        view! {
            <section class="panel stack" aria-labelledby="said">
                <h2 id="said">{words!(language, cases.one.comments)}</h2>
                {comments}
            </section>
        }
    });
    view! {
        <p class="cluster"><span class="tag" data-kind="accent">{state(case.state, language)}</span><Reasons reasons=case.reasons.clone() language/></p>
        <RefusedNotice language/>
        {untied}
        <div class="split">
            <div class="stack stack--wide">
                {said}
                <Next case=case.clone() language/>
                <History lines=case.history.clone() language/>
                <Answers answers=case.answers.clone() language/>
            </div>
            <aside class="stack stack--wide"><Facts case language/></aside>
        </div>
    }
}

/// A form of the desk about one case, with a single button.
#[component]
fn Act(act: &'static str, number: i64, label: String, #[prop(default = "button")] class: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=format!("/api/desk/case-{act}")>
            <input type="hidden" name="number" value=number/>
            <button class=class type="submit">{label}</button>
        </form>
    }
}

#[component]
fn Next(case: Case, language: Language) -> impl IntoView {
    let number = case.number;
    let release = (case.state == CaseState::Taken)
        .then(|| view! { <Act act="release" number label=words!(language, cases.one.release) class="button button--quiet"/> });
    let forms = match case.state {
        _ if case.order.is_none() => return None,
        CaseState::Confirmed | CaseState::Unconfirmed => return None,
        CaseState::Open => view! { <Act act="take" number label=words!(language, cases.one.take)/> }.into_any(),
        _ if !case.may_work => view! { <p>{words!(language, cases.one.not_yours)}</p> }.into_any(),
        CaseState::Taken | CaseState::Answered => view! { <Write case language/> {release} }.into_any(),
    };
    Some(view! {
        <section class="panel stack stack--wide" id="next" aria-labelledby="next-title">
            <h2 id="next-title">{words!(language, cases.one.next)}</h2>
            {forms}
        </section>
    })
}

#[component]
fn Write(case: Case, language: Language) -> impl IntoView {
    let key = shop::new_id(request::now()).to_string();
    let typed = request::queried("typed").unwrap_or_default();
    let waits = case.closes.map(|day| view! { <p>{words!(language, cases.one.closes, day = format::day(day, language))}</p> });
    view! {
        {waits}
        <form class="stack" method="post" action="/api/desk/case-write">
            <input type="hidden" name="number" value=case.number/>
            <input type="hidden" name="key" value=key/>
            <div class="field field--full">
                <label for="text">{words!(language, cases.one.write)}</label>
                <textarea id="text" name="text" rows="7" required maxlength=MOST_OF_AN_ANSWER.to_string() aria-describedby="text-hint"
                    inner_html=forms::written(&typed)></textarea>
                <p class="field__hint" id="text-hint">{words!(language, cases.one.write_hint, spoken = case.language.endonym())}</p>
            </div>
            <div><button class="button" type="submit">{words!(language, cases.one.send)}</button></div>
        </form>
    }
}

#[component]
fn Answers(answers: Vec<Answered>, language: Language) -> impl IntoView {
    let rows = answers.iter().map(|answer| {
        let value = match &answer.value {
            Some((value, label)) if label.is_empty() => value.to_string(),
            Some((value, label)) => format!("{value} · {label}"),
            None => words!(language, surveys.does_not_apply),
        };
        view! { <tr><td>{answer.dimension.clone()}</td><th scope="row">{answer.text.clone()}</th><td>{value}</td></tr> }
    });
    let rows = rows.collect_view();
    (!answers.is_empty()).then(|| {
        view! {
            <section class="panel stack" aria-labelledby="answers">
                <h2 id="answers">{words!(language, cases.one.answers)}</h2>
                <div class="scroll" tabindex="0" role="region" aria-labelledby="answers">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{words!(language, cases.one.dimension)}</th>
                                <th scope="col">{words!(language, cases.one.item)}</th>
                                <th scope="col">{words!(language, cases.one.answer)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

#[component]
fn Facts(case: Case, language: Language) -> impl IntoView {
    let none = || words!(language, cases.none);
    let fact = |name: String, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let order = case.order.clone().map(|(number, token)| {
        let address = format!("/{language}/order/{number}?t={}", token.0);
        let new = format!("/{language}/desk/complaints/new{}", forms::query(&[("order", &number)]));
        let complaint = view! { <p><a href=new>{words!(language, cases.one.new_complaint)}</a></p> };
        view! {
            {fact(words!(language, cases.list.order), view! { <a href=address>{number}</a>" · "{case.name.clone()} }.into_any())}
            {fact(words!(language, cases.one.conversations), conversations(&case, language))}
            {fact(words!(language, cases.one.complaints), view! { {complaints(&case, language)}{complaint} }.into_any())}
        }
    });
    let due = case.due_at.map(|at| fact(words!(language, cases.list.due), view! { <Moment at language/> }.into_any()));
    let score = |value: Option<i16>| value.map_or_else(none, |value| value.to_string()).into_any();
    let mean = case.mean_before.map_or_else(none, |mean| decimal(mean, 2, language));
    view! {
        <section class="panel stack" aria-labelledby="facts">
            <h2 id="facts">{words!(language, cases.one.facts)}</h2>
            <dl class="facts">
                {order}
                {fact(words!(language, cases.list.owner), case.owner.unwrap_or_else(|| words!(language, cases.list.nobody)).into_any())}
                {fact(words!(language, cases.list.opened), view! { <Moment at=case.opened_at language/> }.into_any())}
                {due}
                {fact(words!(language, cases.one.mean_before), mean.into_any())}
                {fact(words!(language, cases.one.recommend_before), score(case.recommend_before))}
                {fact(words!(language, cases.one.recommend_after), score(case.recommend_after))}
            </dl>
        </section>
    }
}

fn conversations(case: &Case, language: Language) -> AnyView {
    if case.related.conversations.is_empty() {
        return words!(language, cases.none).into_any();
    }
    let links = case.related.conversations.iter().map(|(id, number)| {
        view! { <p><a href=format!("/{language}/desk?conversation={id}")>{words!(language, cases.one.conversation, number = number)}</a></p> }
    });
    links.collect_view().into_any()
}

fn complaints(case: &Case, language: Language) -> impl IntoView + use<> {
    let links = case.related.complaints.iter().map(|(number, kind, stage)| {
        let name = format!("{} {number}", labels::kind(*kind, language));
        let stage = labels::stage(*stage, language);
        view! { <p><a href=format!("/{language}/desk/complaints/{number}")>{name}</a>" · "{stage}</p> }
    });
    links.collect_view()
}

#[component]
fn History(lines: Vec<Line>, language: Language) -> impl IntoView {
    let lines = lines.into_iter().map(|line| {
        let who = match (line.by_person, line.name.is_empty()) {
            (true, _) => words!(language, cases.one.person),
            (false, true) => words!(language, cases.one.shop),
            (false, false) => line.name,
        };
        let recommend = line.recommend.map(|value| view! { <p>{words!(language, cases.one.recommends, value = value)}</p> });
        view! {
            <li>
                <p class="small soft"><Moment at=line.at language/>" · "{who}</p>
                <p><strong>{step(line.step, language)}</strong></p>
                {recommend}
                <Written text=line.body/>
            </li>
        }
    });
    view! {
        <section class="stack" aria-labelledby="history">
            <h2 id="history">{words!(language, cases.one.history)}</h2>
            <ol class="complaint__history">{lines.collect_view()}</ol>
        </section>
    }
}
