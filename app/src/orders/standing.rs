//! What stands in the way of an order, on top of its page: cancelled, still to be paid, asked back by a bank; and what
//! is owed to its buyer.

use super::pages::queried;
use crate::words;
use domain::{
    Language, format,
    orders::{CancelReason, MoneyBack, Order, OrderState, PaymentState},
    token::Token,
};
use leptos::prelude::*;

#[component]
pub(super) fn Standing(order: Order, token: Token, language: Language) -> impl IntoView {
    view! {
        <InTheWay order=order.clone() language/>
        <MoneyComingBack order=order.clone() language/>
        <PutBack order token language/>
    }
}

#[component]
fn InTheWay(order: Order, language: Language) -> impl IntoView {
    let (title, text) = match (order.state, order.payment) {
        (_, PaymentState::Disputed) => (words!(language, orders.disputed_title), words!(language, orders.disputed_text)),
        (_, PaymentState::ChargedBack) => (words!(language, orders.charged_back_title), words!(language, orders.charged_back_text)),
        (OrderState::Cancelled, _) => (words!(language, orders.cancelled.title), cancelled_because(order.cancelled_because, language)),
        (OrderState::Placed, PaymentState::Unpaid) => return Some(view! { <Unpaid order language/> }.into_any()),
        (OrderState::Placed, _) => (words!(language, orders.processing_title), words!(language, orders.processing_text)),
        _ => return None,
    };
    Some(view! { <div class="notice" data-kind="warn"><h2>{title}</h2><p>{text}</p></div> }.into_any())
}

#[component]
fn Unpaid(order: Order, language: Language) -> impl IntoView {
    let total = format::money(order.by_card(), language);
    let way_on = match order.pay_url {
        Some(url) => view! {
            <p>{words!(language, orders.unpaid_text)}</p>
            <p><a class="button" href=url>{words!(language, orders.pay_now, total = total)}</a></p>
        }
        .into_any(),
        None => view! {
            <p>{words!(language, orders.unpaid_over)}</p>
            <p><a class="button" href=format!("/{language}/checkout")>{words!(language, orders.to_checkout)}</a></p>
        }
        .into_any(),
    };
    view! { <div class="notice" data-kind="warn"><h2>{words!(language, orders.unpaid_title)}</h2>{way_on}</div> }
}

fn cancelled_because(reason: Option<CancelReason>, language: Language) -> String {
    match reason {
        Some(CancelReason::Expired) => words!(language, orders.cancelled.expired),
        Some(CancelReason::PaymentFailed) => words!(language, orders.cancelled.payment_failed),
        Some(CancelReason::SoldOut) => words!(language, orders.cancelled.sold_out),
        Some(CancelReason::Replaced) => words!(language, orders.cancelled.replaced),
        Some(CancelReason::Staff) => words!(language, orders.cancelled.staff),
        None => words!(language, orders.cancelled.other),
    }
}

/// Money that is owed: on its way, or in trouble and said so.
#[component]
fn MoneyComingBack(order: Order, language: Language) -> impl IntoView {
    let (kind, title, text) = match order.money_back? {
        MoneyBack::OnItsWay { money, by } => {
            let (money, day) = (format::money(money, language), format::day(by, language));
            ("neutral", words!(language, orders.money_back.title), words!(language, orders.money_back.text, money = money, day = day))
        }
        MoneyBack::InTrouble { money } => {
            let money = format::money(money, language);
            let text = words!(language, orders.money_back.trouble_text, money = money, mail = order.email);
            ("bad", words!(language, orders.money_back.trouble_title), text)
        }
    };
    Some(view! { <div class="notice" data-kind=kind id="money-back"><h2>{title}</h2><p>{text}</p></div> })
}

/// A plain form: it works with scripts off, and with them nothing would be gained.
#[component]
pub(super) fn PutBack(order: Order, token: Token, language: Language) -> impl IntoView {
    let partly = (queried("back").as_deref() == Some("partly")).then(|| {
        view! {
            <div class="notice" data-kind="warn" id="put-back" role="status">
                <p>{words!(language, orders.put_back_partly)}</p>
                <p><a class="button" href=format!("/{language}/cart")>{words!(language, orders.to_cart)}</a></p>
            </div>
        }
    });
    let form = order.can_be_put_back.then(|| {
        view! {
            <form class="notice stack" method="post" action="/api/orders/put-back">
                <p>{words!(language, orders.put_back_text)}</p>
                <input type="hidden" name="number" value=order.number/>
                <input type="hidden" name="t" value=token.0/>
                <p><button class="button" type="submit">{words!(language, orders.put_back)}</button></p>
            </form>
        }
    });
    view! { {partly} {form} }
}
