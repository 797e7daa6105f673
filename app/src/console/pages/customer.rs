//! Who it is: name, address, account, classes, orders, the cart they have open, and what was talked of before.

use crate::{
    catalog::{stock_words, value_names},
    console::{refusal::order_state, way::Way},
    customers::pages::StandingCard,
    forms,
    layout::Photograph,
    request, words,
};
use domain::{
    Language,
    catalog::{Picture, ProductPage, Variant},
    chat::{ConversationState, Listed, OrderCard, StaffConversation},
    complaints::{ComplaintKind, Stage},
    format,
    staff::Permission,
};
use leptos::prelude::*;
use shop::desk::{Around, ComplaintCard};
use time::OffsetDateTime;

fn day(at: OffsetDateTime, language: Language) -> String {
    format::short_day(request::shop().settings.local(at).date(), language)
}

#[component]
pub(super) fn CustomerPanel(
    conversation: StaffConversation,
    around: Around,
    product: Option<ProductPage>,
    way: Way,
    language: Language,
    /// What stands last in the card of who it is.
    children: Children,
) -> impl IntoView {
    let listed = conversation.conversation.clone();
    let customer = conversation.customer.clone();
    let name =
        [customer.as_ref().map(|c| c.name.clone()).unwrap_or_default(), listed.name.clone()].into_iter().find(|name| !name.is_empty());
    let email =
        [customer.as_ref().map(|c| c.email.clone()).unwrap_or_default(), listed.email.clone()].into_iter().find(|email| !email.is_empty());
    let has_email = email.is_some();
    let account = customer.map_or_else(
        || words!(language, console.customer.no_account),
        |customer| {
            let since = request::shop().settings.local(customer.since).date();
            words!(language, console.customer.account, day = format::date(since, language))
        },
    );
    let unproven = has_email && !around.proven;
    let standing = around.standing.clone().map(|(standing, day)| view! { <StandingCard standing day language/> });
    view! {
        <section class="card" aria-labelledby="customer">
            <h2 id="customer">{name.unwrap_or_else(|| words!(language, console.customer.unnamed))}</h2>
            <p>{match email {
                Some(email) => {
                    let address = format!("mailto:{email}");
                    view! { <a href=address>{email}</a> }.into_any()
                }
                None => view! { <span class="soft">{words!(language, console.customer.no_mail)}</span> }.into_any(),
            }}</p>
            <p class="soft">{account}</p>
            {unproven.then(|| view! { <p class="card__warn">{words!(language, console.customer.unproven)}</p> })}
            {children()}
        </section>
        {standing}
        {product.map(|product| view! { <LookedAt product language/> })}
        <Orders orders=conversation.orders listed=listed.clone() way=way.clone() language/>
        <Complaints complaints=around.complaints.clone() conversation=listed.clone() language/>
        <OpenCart around language/>
        <Earlier earlier=conversation.earlier way language/>
    }
}

/// The piece on whose page they asked.
#[component]
fn LookedAt(product: ProductPage, language: Language) -> impl IntoView {
    let made_days = request::shop().settings.handling.backorder_days;
    let rows = product.variants.iter().map(|variant| {
        let (kind, stock) = stock_words(variant.stock, language, made_days);
        view! {
            <li class="card__row">
                <span>{variant_name(&product, variant)}</span>
                <span class="tag" data-kind=kind>{stock}</span>
                <span class="numbers card__end">{format::money(variant.price, language)}</span>
            </li>
        }
    });
    let picture = product.pictures.first().cloned().map(|picture| {
        // The link beside it says what it shows.
        let picture = Picture { alt: String::new(), ..picture };
        view! { <span class="looked-at__picture"><Photograph picture sizes="4rem"/></span> }
    });
    view! {
        <section class="card" aria-labelledby="looked-at">
            <h3 id="looked-at">{words!(language, console.customer.looked_at)}</h3>
            <div class="looked-at">
                {picture}
                <a href=format!("/{language}/p/{}", product.slug)>{product.title.clone()}</a>
            </div>
            <ul>{rows.collect_view()}</ul>
        </section>
    }
}

/// The values of its options; its article number where it has none.
fn variant_name(product: &ProductPage, variant: &Variant) -> String {
    let names = value_names(product, variant);
    if names.is_empty() { variant.sku.clone() } else { names.join(", ") }
}

#[component]
fn Orders(orders: Vec<OrderCard>, listed: Listed, way: Way, language: Language) -> impl IntoView {
    let about = listed.order.clone().unwrap_or_default();
    let back = way.query();
    let is_empty = orders.is_empty();
    let rows = orders.into_iter().map(|order| {
        let address = Way { order: order.number.clone(), ..way.clone() }.address(&[]);
        let is_about = order.number == about;
        view! {
            <li class="card__row">
                <a href=format!("{address}#order")><strong>{order.number.clone()}</strong></a>
                <span>{order_state(order.state, language)}</span>
                <span class="numbers card__end">{format::money(order.total, language)}</span>
                <span class="soft card__below">
                    {day(order.placed_at, language)}" · "{words!(language, console.customer.promised, day = day(order.promised_by, language))}
                    {is_about.then(|| view! { " · "<strong>{words!(language, console.customer.link_order)}</strong> })}
                </span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card" aria-labelledby="orders">
            <h3 id="orders">{words!(language, console.customer.orders)}</h3>
            {if is_empty { view! { <p class="soft">{words!(language, console.customer.no_orders)}</p> }.into_any() } else { view! { <ul>{rows}</ul> }.into_any() }}
            <form class="card__inline" method="post" action="/api/desk/details">
                <input type="hidden" name="conversation" value=listed.id.to_string()/>
                <input type="hidden" name="back" value=back/>
                <input type="hidden" name="with_order" value="true"/>
                <label for="about-order">{words!(language, console.customer.order_number)}</label>
                <input class="input" id="about-order" name="order" type="text" inputmode="numeric" value=about autocomplete="off"/>
                <button class="button button--quiet button--small" type="submit">{words!(language, console.customer.link)}</button>
            </form>
        </section>
    }
}

#[component]
fn Complaints(complaints: Vec<ComplaintCard>, conversation: Listed, language: Language) -> impl IntoView {
    let rows = complaints.into_iter().map(|complaint| {
        let number = complaint.number;
        let name = match complaint.kind {
            ComplaintKind::Complaint => words!(language, console.customer.complaint, number = number),
            ComplaintKind::Suggestion => words!(language, console.customer.suggestion, number = number),
            ComplaintKind::Praise => words!(language, console.customer.praise, number = number),
        };
        let stage = match complaint.stage {
            Stage::Opened => words!(language, console.customer.stage.opened),
            Stage::Assigned => words!(language, console.customer.stage.assigned),
            Stage::Investigated => words!(language, console.customer.stage.investigated),
            Stage::Promised => words!(language, console.customer.stage.promised),
            Stage::Solved => words!(language, console.customer.stage.solved),
            Stage::Closed => words!(language, console.customer.stage.closed),
        };
        view! {
            <li class="card__row">
                <a href=format!("/{language}/desk/complaints/{number}")>{name}</a>
                <span>{stage}</span>
                <span class="soft card__end">{day(complaint.opened_at, language)}</span>
            </li>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    // About an order, it is begun beside that order.
    let begins = (conversation.order.is_none() && request::actor().may(Permission::HandleComplaints)).then(|| {
        let address = format!("/{language}/desk/complaints/new{}", forms::query(&[("conversation", &conversation.id.to_string())]));
        view! { <p><a class="button button--quiet button--small" href=address>{words!(language, console.order.complaint)}</a></p> }
    });
    (!rows.is_empty() || begins.is_some()).then(|| {
        view! {
            <section class="card" aria-labelledby="complaints">
                <h3 id="complaints">{words!(language, console.customer.complaints)}</h3>
                {(!rows.is_empty()).then(|| view! { <ul>{rows}</ul> })}
                {begins}
            </section>
        }
    })
}

#[component]
fn OpenCart(around: Around, language: Language) -> impl IntoView {
    around.cart.map(|cart| {
        let lines = cart.lines.into_iter().map(|line| {
            let what = words!(language, console.customer.times, quantity = line.quantity, title = line.title.clone());
            view! { <li class="card__row"><a href=format!("/{language}/p/{}", line.slug)>{what}</a><span class="numbers card__end">{format::money(line.total, language)}</span></li> }
        });
        view! {
            <section class="card" aria-labelledby="cart">
                <h3 id="cart">{words!(language, console.customer.cart)}</h3>
                <ul>{lines.collect_view()}</ul>
            </section>
        }
    })
}

#[component]
fn Earlier(earlier: Vec<Listed>, way: Way, language: Language) -> impl IntoView {
    let is_empty = earlier.is_empty();
    let topics = crate::console::words::TopicWords::of(language);
    let closed = words!(language, console.state.closed);
    let rows = earlier.into_iter().map(|listed| {
        let state = if listed.state == ConversationState::Closed { Some(closed.clone()) } else { listed.agent.clone() };
        view! {
            <li class="card__row">
                <a href=way.at(listed.id).address(&[])>{format!("{} · {}", listed.number, topics.name(listed.topic))}</a>
                <span class="soft card__end">{day(listed.changed_at, language)}</span>
                <span class="soft card__below">{state.map(|state| format!("{state} · "))}{listed.said_last}</span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card" aria-labelledby="earlier">
            <h3 id="earlier">{words!(language, console.customer.earlier)}</h3>
            {if is_empty { view! { <p class="soft">{words!(language, console.customer.no_earlier)}</p> }.into_any() } else { view! { <ul>{rows}</ul> }.into_any() }}
        </section>
    }
}
