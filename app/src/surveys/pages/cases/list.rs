//! `/{language}/desk/cases`: who was unhappy or asks for help, those whom nobody has taken first.

use super::{
    labels::{Reasons, sentence, state},
    recovery::RecoveryTable,
};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    complaints::pages::Moment,
    forms,
    layout::Fault,
    reports::measured::decimal,
    request, words,
};
use domain::{Language, staff::Permission};
use leptos::prelude::*;
use shop::{
    Failure,
    surveys::cases::{Listed, PageOf, Queue},
};

#[component]
pub fn CasesPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Cases needs=Permission::Converse title=words!(language, cases.list.title)>
            <RecoveryTable language/>
            <Suspense>
                {Suspend::new(async move {
                    let (queue, after) = (of_query(), request::queried("after"));
                    match shop::surveys::cases::list(&request::shop(), &request::actor(), queue, after.as_deref(), request::now()).await {
                        Ok(page) => view! { <Cases page queue language/> }.into_any(),
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

const QUEUES: [(&str, Queue); 3] = [("to-do", Queue::ToDo), ("mine", Queue::Mine), ("closed", Queue::Closed)];

fn of_query() -> Queue {
    let asked = request::queried("queue").unwrap_or_default();
    QUEUES.iter().find(|(code, _)| *code == asked).map_or(Queue::ToDo, |(_, queue)| *queue)
}

/// The address of a list, from `after` on.
fn address(queue: Queue, after: Option<&str>, language: Language) -> String {
    let code = QUEUES.iter().find(|(_, each)| *each == queue).map_or("to-do", |(code, _)| code);
    let pairs: Vec<_> = [("queue", code)].into_iter().chain(after.map(|after| ("after", after))).collect();
    format!("/{language}/desk/cases{}", forms::query(&pairs))
}

#[component]
fn Cases(page: PageOf, queue: Queue, language: Language) -> impl IntoView {
    let tab = |of: Queue, text: String| {
        let current = (of == queue).then_some("page");
        view! { <li><a class="chip" href=address(of, None, language) aria-current=current>{text}</a></li> }
    };
    let next = page.next.as_deref().map(|next| {
        view! { <p><a href=address(queue, Some(next), language)>{words!(language, cases.list.more)}</a></p> }
    });
    view! {
        <nav aria-label=words!(language, cases.list.queue)>
            <ul class="chips">
                {tab(Queue::ToDo, words!(language, cases.list.to_do, count = page.open))}
                {tab(Queue::Mine, words!(language, cases.list.mine, count = page.mine))}
                {tab(Queue::Closed, words!(language, cases.list.closed))}
            </ul>
        </nav>
        <Rows cases=page.cases language/>
        {next}
    }
}

#[component]
fn Rows(cases: Vec<Listed>, language: Language) -> impl IntoView {
    if cases.is_empty() {
        return view! { <p>{words!(language, cases.list.empty)}</p> }.into_any();
    }
    let rows = cases.into_iter().map(|case| view! { <Row case language/> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=words!(language, cases.list.title)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, cases.list.number)}</th>
                        <th scope="col">{words!(language, cases.list.why)}</th>
                        <th scope="col">{words!(language, cases.list.order)}</th>
                        <th class="numbers" scope="col">{words!(language, cases.list.recommend)}</th>
                        <th class="numbers" scope="col">{words!(language, cases.list.mean)}</th>
                        <th scope="col">{words!(language, cases.list.state)}</th>
                        <th scope="col">{words!(language, cases.list.owner)}</th>
                        <th scope="col">{words!(language, cases.list.opened)}</th>
                        <th scope="col">{words!(language, cases.list.due)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(case: Listed, language: Language) -> impl IntoView {
    let overdue = case.overdue.then(|| view! { " "<span class="tag" data-kind="bad">{words!(language, cases.list.overdue)}</span> });
    let none = || words!(language, cases.none);
    let recommend = match (case.recommend_before, case.recommend_after) {
        (before, Some(after)) => format!("{} → {after}", before.map_or_else(none, |before| before.to_string())),
        (before, None) => before.map_or_else(none, |before| before.to_string()),
    };
    view! {
        <tr>
            <th scope="row"><a href=format!("/{language}/desk/cases/{}", case.number)>{case.number}</a></th>
            <td><Reasons reasons=case.reasons language/></td>
            <td>{case.order.unwrap_or_else(|| words!(language, cases.list.untied))}</td>
            <td class="numbers">{recommend}</td>
            <td class="numbers">{case.mean_before.map_or_else(none, |mean| decimal(mean, 1, language))}</td>
            <td>{state(case.state, language)}</td>
            <td>{case.owner.unwrap_or_else(|| words!(language, cases.list.nobody))}</td>
            <td><Moment at=case.opened_at language/></td>
            <td>{case.due_at.map(|at| view! { <Moment at language/> })}{overdue}</td>
        </tr>
    }
}
