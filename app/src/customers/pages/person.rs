//! `/{language}/desk/customers/{id}`: one customer, with the classes they are and were in, each dated, their orders, and what
//! was talked of.

use super::{as_of, scores};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    complaints::labels as complaint_labels,
    console::{refusal::order_state, words::TopicWords},
    customers::labels,
    layout::{Fault, NotFound},
    request, words,
};
use domain::{Language, customers::CustomerRefusal, format, staff::Permission};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{
    Failure,
    customers::{Bought, Person, Phase, Talk, person},
    desk::ComplaintCard,
};
use time::OffsetDateTime;

#[component]
pub fn CustomerPage() -> impl IntoView {
    let language = request::language();
    let id = use_params_map().with_untracked(|params| params.get("id").and_then(|id| id.parse().ok()));
    view! {
        <Desk section=Section::Customers needs=Permission::SeeReports title=words!(language, customers.one)>
            <Suspense>
                {Suspend::new(async move {
                    let found = match id {
                        Some(id) => person(&request::shop(), &request::actor(), id).await,
                        None => Err(Failure::Refused(CustomerRefusal::NoSuchCustomer)),
                    };
                    match found {
                        Ok(person) => view! { <Whole person language/> }.into_any(),
                        Err(Failure::Refused(_)) => view! { <NotFound/> }.into_any(),
                        Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
                    }
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Whole(person: Person, language: Language) -> impl IntoView {
    let Person { standing, as_of: day, history, orders, conversations, complaints } = person;
    let unsaid = || words!(language, customers.unsaid);
    let fact = |name: String, value: String| view! { <div class="card-figure"><dt>{name}</dt><dd><strong>{value}</strong></dd></div> };
    let loss = standing.loss.map(|loss| fact(words!(language, customers.loss), format::money(loss, language)));
    let mail = format!("mailto:{}", standing.email);
    view! {
        <p><a href=format!("/{language}/desk/customers")>{words!(language, customers.back)}</a></p>
        <h2>{standing.name.clone()}</h2>
        <p><a href=mail>{standing.email.clone()}</a>" "<span class="soft">{as_of(day, language)}</span></p>
        <dl class="card-figures">
            {fact(words!(language, customers.orders), standing.orders.to_string())}
            {fact(words!(language, customers.spent), format::money(standing.spent, language))}
            {fact(words!(language, customers.first), format::date(standing.first_on, language))}
            {fact(words!(language, customers.last), format::date(standing.last_on, language))}
            {fact(words!(language, customers.rfm), scores(standing.scores))}
            {fact(words!(language, customers.alive), standing.alive.map_or_else(unsaid, |alive| labels::chance(alive, language)))}
            {fact(words!(language, customers.expected), standing.expected.map_or_else(unsaid, |orders| labels::decimal(orders, 2, language)))}
            {loss}
        </dl>
        <History history language/>
        <Orders orders language/>
        <Said conversations complaints language/>
    }
}

#[component]
fn History(history: Vec<Phase>, language: Language) -> impl IntoView {
    let rows = history.into_iter().map(|phase| {
        let until = phase.until.map_or_else(|| words!(language, customers.still), |day| format::date(day, language));
        view! {
            <tr>
                <th scope="row">{labels::sentence(&phase.reason, language)}</th>
                <td>{format::date(phase.since, language)}</td>
                <td>{until}</td>
            </tr>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="history">
            <h2 id="history">{words!(language, customers.classes)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="history">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, customers.of_class)}</th>
                            <th scope="col">{words!(language, customers.since)}</th>
                            <th scope="col">{words!(language, customers.until)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Orders(orders: Vec<Bought>, language: Language) -> impl IntoView {
    let rows = orders.into_iter().map(|order| {
        let address = format!("/{language}/order/{}?t={}", order.number, order.token.0);
        view! {
            <tr>
                <th scope="row"><a href=address>{order.number}</a></th>
                <td>{format::date(order.placed_at.date(), language)}</td>
                <td>{order_state(order.state, language)}</td>
                <td class="numbers">{format::money(order.total, language)}</td>
            </tr>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="orders">
            <h2 id="orders">{words!(language, customers.orders_counted)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="orders">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, customers.number)}</th>
                            <th scope="col">{words!(language, customers.placed)}</th>
                            <th scope="col">{words!(language, customers.state)}</th>
                            <th class="numbers" scope="col">{words!(language, customers.total)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// Conversations and complaints, each where it is worked on.
#[component]
fn Said(conversations: Vec<Talk>, complaints: Vec<ComplaintCard>, language: Language) -> impl IntoView {
    let topics = TopicWords::of(language);
    let day = |at: OffsetDateTime| format::date(at.date(), language);
    let talks = conversations.into_iter().map(|talk| {
        let rated = talk.rating.map(|rating| format!(" · {}", words!(language, customers.rated, rating = rating)));
        view! {
            <li>
                <a href=format!("/{language}/desk?list=all&c={}", talk.id)>{format!("{} · {}", talk.number, topics.name(talk.topic))}</a>
                " "<span class="soft">{day(talk.changed_at)}{rated}</span>
            </li>
        }
    });
    let talks = talks.collect::<Vec<_>>();
    let complaints = complaints.into_iter().map(|complaint| {
        let number = complaint.number;
        let name = format!("{number} · {}", complaint_labels::kind(complaint.kind, language));
        view! {
            <li>
                <a href=format!("/{language}/desk/complaints/{number}")>{name}</a>
                " "<span class="soft">{complaint_labels::stage(complaint.stage, language)}" · "{day(complaint.opened_at)}</span>
            </li>
        }
    });
    let complaints = complaints.collect::<Vec<_>>();
    let part = |id: &'static str, title: String, is_empty: bool, rows: AnyView| {
        let nothing = is_empty.then(|| view! { <p class="soft">{words!(language, customers.nothing)}</p> });
        view! { <section class="panel stack" aria-labelledby=id><h2 id=id>{title}</h2>{nothing}<ul class="stack stack--tight">{rows}</ul></section> }
    };
    let (no_talks, no_complaints) = (talks.is_empty(), complaints.is_empty());
    view! {
        <div class="desk__columns">
            {part("talks", words!(language, customers.conversations), no_talks, talks.into_any())}
            {part("complaints", words!(language, customers.complaints), no_complaints, complaints.into_any())}
        </div>
    }
}
