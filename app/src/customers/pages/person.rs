//! `/{language}/desk/customers/{id}`: one customer, with the classes they are and were in, each dated, and their orders.

use super::{as_of, scores};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    console::refusal::order_state,
    customers::labels,
    layout::{Fault, NotFound},
    request, words,
};
use domain::{Language, customers::CustomerRefusal, format, staff::Permission};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{
    Failure,
    customers::{Person, Phase, person},
};

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
    let Person { standing, as_of: day, history, orders } = person;
    let unsaid = || words!(language, customers.unsaid);
    let fact = |name: String, value: String| view! { <div class="card-figure"><dt>{name}</dt><dd><strong>{value}</strong></dd></div> };
    let loss = standing.loss.map(|loss| fact(words!(language, customers.loss), format::money(loss, language)));
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
