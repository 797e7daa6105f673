//! What was bought, what it came to, who gets it: fit to be printed and kept.

use crate::words;
use domain::{
    Language,
    checkout::TaxLine,
    format,
    orders::{Order, OrderLine, PaymentState},
};
use leptos::prelude::*;

#[component]
pub(super) fn Receipt(order: Order, language: Language) -> impl IntoView {
    let lines = order.lines.iter().cloned().map(|line| view! { <Line line language/> });
    view! {
        <section class="panel stack" aria-labelledby="lines">
            <h2 class="order__heading" id="lines">{words!(language, orders.lines)}</h2>
            <ul class="order-lines">{lines.collect_view()}</ul>
            <Amounts order=order.clone() language/>
        </section>
    }
}

#[component]
fn Line(line: OrderLine, language: Language) -> impl IntoView {
    let picture = line.picture.map(|src| {
        view! { <span class="picture"><img src=src alt="" width="64" height="64" loading="lazy"/></span> }
    });
    view! {
        <li class="line order-line">
            {picture}
            <div class="order-line__text">
                <p><strong>{line.title}</strong>" "<span class="nowrap">{words!(language, orders.times, quantity = line.quantity)}</span></p>
                {(!line.options.is_empty()).then(|| view! { <p class="soft small">{line.options}</p> })}
            </div>
            <p class="numbers">{format::money(line.total, language)}</p>
        </li>
    }
}

#[component]
fn Amounts(order: Order, language: Language) -> impl IntoView {
    let money = move |amount| format::money(amount, language);
    let by_card = order.by_card();
    let delivery = words!(language, orders.delivery_by, method = order.method, carrier = order.carrier);
    let price = if order.delivery.is_zero() { words!(language, orders.free) } else { money(order.delivery) };
    let taxes = move |taxes: &[TaxLine], included: bool| {
        let rows = taxes.iter().filter(|tax| tax.included == included).map(|tax| {
            let rate = format::percent(tax.basis_points, language);
            let label = if included {
                words!(language, orders.tax_included, rate = rate, name = tax.name.clone())
            } else {
                words!(language, orders.tax_added, rate = rate, name = tax.name.clone())
            };
            view! { <div class:soft=included class:small=included><dt>{label}</dt><dd>{money(tax.tax)}</dd></div> }
        });
        rows.collect_view()
    };
    let paid = (!order.credit.is_zero()).then(|| {
        view! {
            <div><dt>{words!(language, orders.by_credit)}</dt><dd>{money(order.credit)}</dd></div>
            <div><dt>{words!(language, orders.by_card)}</dt><dd>{money(by_card)}</dd></div>
        }
    });
    let back = (!order.credit_back.is_zero())
        .then(|| view! { <div><dt>{words!(language, orders.credit_back)}</dt><dd>{money(order.credit_back)}</dd></div> });
    let refunded = (!order.refunded.is_zero())
        .then(|| view! { <div><dt>{words!(language, orders.refunded)}</dt><dd>{money(order.refunded)}</dd></div> });
    view! {
        <dl class="summary">
            <div><dt>{words!(language, orders.goods)}</dt><dd>{money(order.goods)}</dd></div>
            <div><dt>{delivery}</dt><dd>{price}</dd></div>
            {taxes(&order.taxes, false)}
            <div class="summary__total"><dt>{words!(language, orders.total)}</dt><dd>{money(order.total)}</dd></div>
            {taxes(&order.taxes, true)}
            {paid}
            {refunded}
            {back}
        </dl>
    }
}

#[component]
pub(super) fn Parties(order: Order, language: Language) -> impl IntoView {
    let state = match order.payment {
        _ if order.total.is_zero() => words!(language, orders.payment_state.nothing),
        PaymentState::Unpaid => words!(language, orders.payment_state.unpaid),
        PaymentState::Processing => words!(language, orders.payment_state.processing),
        PaymentState::Paid => words!(language, orders.payment_state.paid),
        PaymentState::PartRefunded => words!(language, orders.payment_state.part_refunded),
        PaymentState::Refunded => words!(language, orders.payment_state.refunded),
        PaymentState::Disputed => words!(language, orders.payment_state.disputed),
        PaymentState::ChargedBack => words!(language, orders.payment_state.charged_back),
    };
    let address = order.address.lines(&order.name, language).into_iter().map(|line| view! { <span class="address__line">{line}</span> });
    view! {
        <dl class="facts parties">
            <div><dt>{words!(language, orders.address)}</dt><dd>{address.collect_view()}</dd></div>
            <div><dt>{words!(language, orders.contact_to)}</dt><dd>{order.email}</dd></div>
            <div><dt>{words!(language, orders.payment)}</dt><dd>{state}</dd></div>
        </dl>
    }
}
