//! What is bought and what it comes to: beside the form on wide screens, folded above it on narrow ones with the
//! total in sight.

use super::desk::Desk;
use crate::{fill::fill, layout::Photograph};
use domain::{
    cart::CartLine,
    checkout::{Checkout, TaxLine},
    format,
};
use leptos::prelude::*;

#[component]
pub(super) fn FoldedSummary(desk: Desk) -> impl IntoView {
    view! {
        <details class="order-fold panel">
            <summary class="order-fold__bar"><span>{desk.word(|w| &w.page.your_order)}</span><strong class="numbers">{move || total(desk)}</strong></summary>
            <div class="stack"><Goods desk/><Amounts desk/></div>
        </details>
    }
}

#[component]
pub(super) fn Summary(desk: Desk) -> impl IntoView {
    view! {
        <aside class="order-aside panel stack" aria-labelledby="order-summary">
            <div class="cluster order-aside__head">
                <h2 class="step__legend" id="order-summary">{desk.word(|w| &w.page.your_order)}</h2>
                <a class="small" href=format!("/{}/cart", desk.language)>{desk.word(|w| &w.page.edit_cart)}</a>
            </div>
            <Goods desk/>
            <Amounts desk/>
        </aside>
    }
}

fn total(desk: Desk) -> String {
    desk.checkout.with(|checkout| desk.money(checkout.totals.as_ref().map_or(checkout.cart.goods, |totals| totals.total)))
}

/// What credit pays and what is left to pay, where some is used.
fn by_credit(desk: Desk, checkout: &Checkout) -> Option<impl IntoView + use<>> {
    let (credit, due) = (checkout.credit?, checkout.due()?);
    let used = format!("−{}", desk.money(credit.used));
    Some(view! {
        <Row label=desk.word(|w| &w.page.by_credit) amount=used/>
        <div class="summary__total"><dt>{desk.word(|w| &w.page.due)}</dt><dd>{desk.money(due)}</dd></div>
    })
}

#[component]
pub(super) fn Goods(desk: Desk) -> impl IntoView {
    let lines = Memo::new(move |_| desk.checkout.with(|checkout| checkout.cart.lines.clone()));
    let line = move |line: CartLine| {
        let times = fill(&desk.word(|w| &w.page.times), &[("quantity", &line.quantity)]);
        view! {
            <li class="line order-line">
                {line.picture.map(|picture| view! { <Photograph picture sizes="4rem"/> })}
                <div class="order-line__text">
                    <p><strong>{line.title}</strong>" "<span class="nowrap">{times}</span></p>
                    <p class="soft small">{line.options}</p>
                </div>
                <p class="numbers">{desk.money(line.total)}</p>
            </li>
        }
    };
    view! { <ul class="order-lines">{move || lines.get().into_iter().map(line).collect_view()}</ul> }
}

/// Goods, delivery, tax, total. While the server reckons it is marked as busy.
#[component]
pub(super) fn Amounts(desk: Desk) -> impl IntoView {
    let rows = move || {
        desk.checkout.with(|checkout| {
            let delivery = match &checkout.totals {
                Some(totals) => desk.price(totals.delivery),
                None => desk.word(|w| &w.page.delivery_later),
            };
            view! {
                <Row label=desk.word(|w| &w.page.goods) amount=desk.money(checkout.cart.goods)/>
                <Row label=desk.word(|w| &w.page.delivery) amount=delivery/>
                {taxes(desk, checkout, false)}
                <div class="summary__total">
                    <dt>{if checkout.totals.is_some() { desk.word(|w| &w.page.total) } else { desk.word(|w| &w.page.total_so_far) }}</dt>
                    <dd>{total(desk)}</dd>
                </div>
                {taxes(desk, checkout, true)}
                {by_credit(desk, checkout)}
            }
        })
    };
    view! { <dl class="summary" aria-busy=move || desk.busy.get().to_string()>{rows}</dl> }
}

/// What is added stands before the total; what is within it stands after.
fn taxes(desk: Desk, checkout: &Checkout, included: bool) -> impl IntoView + use<> {
    let taxes = checkout.totals.iter().flat_map(|totals| totals.taxes.iter()).filter(|tax| tax.included == included).cloned();
    let row = move |tax: TaxLine| {
        let rate = format::percent(tax.basis_points, desk.language);
        let label = desk.word(|w| if included { &w.page.tax_included } else { &w.page.tax_added });
        view! { <Row label=fill(&label, &[("rate", &rate), ("name", &tax.name)]) amount=desk.money(tax.tax) soft=included/> }
    };
    taxes.map(row).collect_view()
}

#[component]
fn Row(label: String, amount: String, #[prop(optional)] soft: bool) -> impl IntoView {
    view! { <div class:soft=soft class:small=soft><dt>{label}</dt><dd>{amount}</dd></div> }
}
