//! The order beside the conversation: what it is, what was promised, where it is and where its money is.

use super::acts::{Address, Cancel, Credit, Mail, Refund};
use crate::{
    console::{
        islands::Notice,
        refusal::{order_state, payment_state},
        way::Way,
    },
    forms, request, words,
};
use domain::{
    Language, format,
    ids::ConversationId,
    orders::{MoneyBack, Order, PaymentState, PromiseState, TrackingKind},
    staff::Permission,
};
use leptos::prelude::*;
use shop::desk::OrderPanel;
use std::collections::BTreeMap;

#[component]
pub(super) fn OrderSection(
    panel: OrderPanel,
    conversation: ConversationId,
    way: Way,
    drafts: BTreeMap<String, String>,
    notice: Option<Notice>,
    language: Language,
) -> impl IntoView {
    let order = panel.order.clone();
    let way = Way { order: order.number.clone(), conversation: Some(conversation), ..way };
    let act = Act {
        panel: StoredValue::new(panel.clone()),
        conversation,
        back: StoredValue::new(way.query()),
        notice: StoredValue::new(notice),
        language,
    };
    let page = format!("/{language}/order/{}{}", order.number, forms::query(&[("t", &panel.token.0)]));
    let complaint = format!(
        "/{language}/desk/complaints/new{}",
        forms::query(&[("conversation", &conversation.to_string()), ("order", &order.number)])
    );
    let draft = |form: &str| drafts.get(form).cloned().unwrap_or_default();
    // That it is paid says its state already.
    let payment =
        (order.payment != PaymentState::Paid).then(|| view! { <span class="tag">{payment_state(order.payment, language)}</span> });
    let (address, cancel, refund, credit) = (draft("address"), draft("cancel"), draft("refund"), draft("credit"));
    view! {
        <section class="card order-card" id="order" aria-labelledby="order-title">
            <header class="order-card__head">
                <h2 id="order-title">{words!(language, console.order.title, number = order.number.clone())}</h2>
                <p><span class="tag">{order_state(order.state, language)}</span>" "{payment}</p>
                <a href=page>{words!(language, console.order.page)}</a>
            </header>
            <Facts order=order.clone() phone=panel.phone.clone() language/>
            <Lines order language/>
            <div class="order-card__acts">
                <Refund act typed=refund/>
                {request::actor().may(Permission::GiveBack).then(|| view! { <Credit act typed=credit/> })}
                <Address act typed=address/>
                <Mail act/>
                <Cancel act typed=cancel/>
                {request::actor().may(Permission::HandleComplaints).then(|| view! {
                    <a class="button button--quiet button--small" href=complaint>{words!(language, console.order.complaint)}</a>
                })}
            </div>
        </section>
    }
}

/// What every form about the order needs.
#[derive(Clone, Copy)]
pub(super) struct Act {
    pub(super) panel: StoredValue<OrderPanel>,
    pub(super) conversation: ConversationId,
    pub(super) back: StoredValue<String>,
    pub(super) notice: StoredValue<Option<Notice>>,
    pub(super) language: Language,
}

#[component]
fn Facts(order: Order, phone: String, language: Language) -> impl IntoView {
    let promised = order.promised;
    let (from, to) = (format::short_day(promised.earliest, language), format::short_day(promised.latest, language));
    let days = if promised.earliest == promised.latest { to } else { words!(language, console.order.between, from = from, to = to) };
    let (kept, kind) = match promised.kept {
        PromiseState::Open => (words!(language, console.order.open), "neutral"),
        PromiseState::Kept => (words!(language, console.order.kept), "good"),
        PromiseState::Broken => (words!(language, console.order.broken), "bad"),
        PromiseState::Withdrawn => (words!(language, console.order.withdrawn), "neutral"),
    };
    let expected = promised.expected.map(|day| {
        view! { <div><dt>{words!(language, console.order.expected)}</dt><dd>{format::short_day(day, language)}</dd></div> }
    });
    let parcels = order.parcels.iter().cloned().map(|parcel| {
        let last = parcel
            .events
            .last()
            .map(|event| format!(" · {}, {}", reported(event.kind, language), format::short_day(event.at.date(), language)));
        let name = format!("{} {}", parcel.carrier, parcel.tracking);
        let shown = if parcel.url.is_empty() { view! { {name} }.into_any() } else { view! { <a href=parcel.url>{name}</a> }.into_any() };
        view! { <div><dt>{words!(language, console.order.parcel)}</dt><dd>{shown}{last}</dd></div> }
    });
    let back = order.money_back.as_ref().map(|back| match back {
        MoneyBack::OnItsWay { money, by } => {
            let (money, day) = (format::money(*money, language), format::short_day(*by, language));
            view! { <p class="card__note">{words!(language, console.order.coming, money = money, day = day)}</p> }
        }
        MoneyBack::InTrouble { money } => {
            view! { <p class="card__note">{words!(language, console.order.owed, money = format::money(*money, language))}</p> }
        }
    });
    let address = order.address.lines(&order.name, language).join(", ");
    view! {
        <dl class="order-card__facts">
            <div><dt>{words!(language, console.order.promised)}</dt><dd>{days}" "<span class="tag" data-kind=kind>{kept}</span></dd></div>
            {expected}
            {parcels.collect_view()}
            <div><dt>{words!(language, console.order.placed)}</dt><dd>{format::short_day(order.placed_at.date(), language)}</dd></div>
            <div><dt>{words!(language, console.order.to)}</dt><dd>{address}</dd></div>
            {(!phone.is_empty()).then(|| view! { <div><dt>{words!(language, console.order.phone)}</dt><dd>{phone}</dd></div> })}
            <div><dt>{words!(language, console.order.method)}</dt><dd>{format!("{}, {}", order.method, order.carrier)}</dd></div>
        </dl>
        {back}
    }
}

fn reported(kind: TrackingKind, language: Language) -> String {
    match kind {
        TrackingKind::HandedOver => words!(language, orders.tracking.handed_over),
        TrackingKind::InTransit => words!(language, orders.tracking.in_transit),
        TrackingKind::OutForDelivery => words!(language, orders.tracking.out_for_delivery),
        TrackingKind::Delivered => words!(language, orders.tracking.delivered),
        TrackingKind::Problem => words!(language, orders.tracking.problem),
    }
}

#[component]
fn Lines(order: Order, language: Language) -> impl IntoView {
    let lines = order.lines.iter().cloned().map(|line| {
        let title = words!(language, console.customer.times, quantity = line.quantity, title = line.title.clone());
        view! {
            <li class="card__row">
                <span>{title}</span>
                <span class="numbers card__end">{format::money(line.total, language)}</span>
                <span class="soft card__below">{[line.options, line.sku].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")}</span>
            </li>
        }
    });
    let by_credit = (!order.credit.is_zero()).then(|| {
        view! { <div><dt>{words!(language, orders.by_credit)}</dt><dd>{format::money(order.credit, language)}</dd></div> }
    });
    let refunded = (!order.refunded.is_zero()).then(|| {
        view! { <div><dt>{words!(language, console.order.refunded)}</dt><dd>{format::money(order.refunded, language)}</dd></div> }
    });
    view! {
        <h3 class="visually-hidden">{words!(language, console.order.lines)}</h3>
        <ul>{lines.collect_view()}</ul>
        <dl class="summary">
            <div><dt>{words!(language, console.order.total)}</dt><dd><strong>{format::money(order.total, language)}</strong></dd></div>
            {by_credit}
            {refunded}
        </dl>
    }
}
