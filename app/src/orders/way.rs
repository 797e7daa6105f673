//! The way of an order to the door: its milestones, and what the carriers report of its parcels.

use crate::{request, words};
use domain::{
    Language, format,
    orders::{Milestone, Order, Parcel, TimelineStep, TrackingEvent, TrackingKind},
};
use leptos::prelude::*;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

#[component]
pub(super) fn Way(order: Order, language: Language) -> impl IntoView {
    let last_done = order.timeline.iter().rposition(|step| step.at.is_some()).unwrap_or(0);
    let carrier = order.carrier;
    let steps = order.timeline.into_iter().enumerate().map(|(index, step)| {
        let state = match index.cmp(&last_done) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "later",
        };
        view! { <Step step state carrier=carrier.clone() language/> }
    });
    view! {
        <section class="stack" aria-labelledby="way">
            <h2 class="order__heading" id="way">{words!(language, orders.way)}</h2>
            <ol class="timeline">{steps.collect_view()}</ol>
        </section>
    }
}

#[component]
fn Step(step: TimelineStep, state: &'static str, carrier: String, language: Language) -> impl IntoView {
    let name = match step.milestone {
        Milestone::Placed => words!(language, orders.milestone.placed),
        Milestone::Paid => words!(language, orders.milestone.paid),
        Milestone::Packed => words!(language, orders.milestone.packed),
        Milestone::HandedOver => words!(language, orders.milestone.handed_over, carrier = carrier),
        Milestone::OnItsWay => words!(language, orders.milestone.on_its_way),
        Milestone::Delivered => words!(language, orders.milestone.delivered),
        Milestone::Cancelled => words!(language, orders.milestone.cancelled),
    };
    let unsaid = if state == "later" { words!(language, orders.to_come) } else { words!(language, orders.done) };
    view! {
        <li data-state=state aria-current=(state == "now").then_some("step")>
            <strong>{name}</strong>
            <span class="visually-hidden">{format!(" ({unsaid})")}</span>
            {step.at.map(|at| view! { <p><Moment at language/></p> })}
        </li>
    }
}

/// Local time at the workshop, which is what the days of the promise are counted in.
#[component]
fn Moment(at: OffsetDateTime, language: Language) -> impl IntoView {
    let local = request::shop().settings.local(at);
    let text = words!(language, orders.at, day = format::day(local.date(), language), time = format::clock(local.time()));
    view! { <time datetime=at.format(&Rfc3339).unwrap_or_default()>{text}</time> }
}

#[component]
pub(super) fn Parcels(order: Order, language: Language) -> impl IntoView {
    (!order.parcels.is_empty()).then(|| {
        let parcels = order.parcels.into_iter().map(|parcel| view! { <ParcelBox parcel language/> });
        view! {
            <section class="stack" aria-labelledby="parcels">
                <h2 class="order__heading" id="parcels">{words!(language, orders.parcels)}</h2>
                {parcels.collect_view()}
            </section>
        }
    })
}

#[component]
fn ParcelBox(parcel: Parcel, language: Language) -> impl IntoView {
    let title = words!(language, orders.parcel, tracking = parcel.tracking, carrier = parcel.carrier.clone());
    let follow = words!(language, orders.parcel_link, carrier = parcel.carrier);
    let link = (!parcel.url.is_empty()).then(|| view! { <p><a href=parcel.url rel="noreferrer">{follow}</a></p> });
    // The latest first: it is what people look for.
    let events = parcel.events.into_iter().rev().map(|event| view! { <Event event language/> });
    view! {
        <div class="panel stack">
            <h3 class="parcel__title">{title}</h3>
            {link}
            <ol class="parcel__events">{events.collect_view()}</ol>
        </div>
    }
}

#[component]
fn Event(event: TrackingEvent, language: Language) -> impl IntoView {
    let kind = match event.kind {
        TrackingKind::HandedOver => words!(language, orders.tracking.handed_over),
        TrackingKind::InTransit => words!(language, orders.tracking.in_transit),
        TrackingKind::OutForDelivery => words!(language, orders.tracking.out_for_delivery),
        TrackingKind::Delivered => words!(language, orders.tracking.delivered),
        TrackingKind::Problem => words!(language, orders.tracking.problem),
    };
    let details = [event.place, event.note].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <li data-kind=(event.kind == TrackingKind::Problem).then_some("bad")>
            <Moment at=event.at language/>
            <p><strong>{kind}</strong>{(!details.is_empty()).then(|| view! { <span class="soft">{format!(" · {details}")}</span> })}</p>
        </li>
    }
}
