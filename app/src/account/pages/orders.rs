//! `/{language}/account`: the orders, newest first, each leading to its page.

use super::frame::{Account, Place};
use crate::{forms, layout::or_fault, request, words};
use domain::{
    Language,
    account::Profile,
    format,
    orders::{OrderState, PaymentState},
};
use leptos::prelude::*;
use shop::{credit::Credit, orders::OrderSummary};

#[component]
pub fn Orders() -> impl IntoView {
    let (language, shop, actor) = (request::language(), request::shop(), request::actor());
    let content = move |_: Profile| {
        view! {
            <Suspense>
                {Suspend::new(async move {
                    let credits = shop::credit::of_customer(&shop, &actor).await.unwrap_or_default();
                    or_fault(shop::orders::of_customer(&shop, &actor).await, |orders| {
                        view! { <Credits credits language/><History orders language/> }.into_any()
                    })
                })}
            </Suspense>
            <p><a href=format!("/{language}/complaints/new")>{words!(language, complaints.new.title)}</a></p>
        }
        .into_any()
    };
    view! { <Account place=Place::Orders content/> }
}

/// What the shop owes them, with the codes that are typed at checkout.
#[component]
fn Credits(credits: Vec<Credit>, language: Language) -> impl IntoView {
    let rows = credits.into_iter().map(|credit| {
        view! {
            <tr>
                <th scope="row">{credit.code}</th>
                <td>{format::day(credit.given_at.date(), language)}</td>
                <td class="numbers">{format::money(credit.given, language)}</td>
                <td class="numbers">{format::money(credit.left, language)}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="credit">
                <h2 id="credit">{words!(language, account.credit.title)}</h2>
                <p class="soft">{words!(language, account.credit.hint)}</p>
                <div class="scroll">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{words!(language, account.credit.code)}</th>
                                <th scope="col">{words!(language, account.credit.given_on)}</th>
                                <th class="numbers" scope="col">{words!(language, account.credit.given)}</th>
                                <th class="numbers" scope="col">{words!(language, account.credit.left)}</th>
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
fn History(orders: Vec<OrderSummary>, language: Language) -> impl IntoView {
    if orders.is_empty() {
        return view! {
            <div class="empty">
                <p class="lead">{words!(language, account.orders.none)}</p>
                <a class="button" href=format!("/{language}")>{words!(language, account.orders.shop)}</a>
            </div>
        }
        .into_any();
    }
    let rows = orders.into_iter().map(|order| view! { <Row order language/> });
    view! {
        <div class="scroll">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, account.orders.number)}</th>
                        <th scope="col">{words!(language, account.orders.placed)}</th>
                        <th scope="col">{words!(language, account.orders.state)}</th>
                        <th class="numbers" scope="col">{words!(language, account.orders.total)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(order: OrderSummary, language: Language) -> impl IntoView {
    let address = format!("/{language}/order/{}{}", order.number, forms::query(&[("t", &order.token.0)]));
    let placed = format::day(request::shop().settings.local(order.placed_at).date(), language);
    view! {
        <tr>
            <td><a href=address>{order.number.clone()}</a></td>
            <td>{placed}</td>
            <td>{state(&order, language)}</td>
            <td class="numbers">{format::money(order.total, language)}</td>
        </tr>
    }
}

fn state(order: &OrderSummary, language: Language) -> String {
    match (order.state, order.payment) {
        (OrderState::Placed, PaymentState::Unpaid) => words!(language, account.orders.unpaid),
        (OrderState::Placed, _) => words!(language, account.orders.placed_state),
        (OrderState::Paid, _) => words!(language, account.orders.paid),
        (OrderState::Packed, _) => words!(language, account.orders.packed),
        (OrderState::Shipped, _) => words!(language, account.orders.shipped),
        (OrderState::Delivered, _) => words!(language, account.orders.delivered),
        (OrderState::Cancelled, _) => words!(language, account.orders.cancelled),
    }
}
