//! The page one comes back to from paying. It asks the payment service how it went, whatever the address says, so
//! loading it twice does no harm.

use super::{
    pages::queried,
    receipt::{Parties, Receipt},
    standing::PutBack,
};
use crate::{boundary::report, forms, layout::Head, request, words};
use domain::{Language, format, orders::Order, token::Token};
use leptos::prelude::*;
use shop::{
    Failure, Fault,
    checkout::{Settled, Standing},
};

/// `/{language}/checkout/return?session={id}`
#[component]
pub fn PaymentReturn() -> impl IntoView {
    let language = request::language();
    let session = queried("session").unwrap_or_default();
    let (shop, now) = (request::shop(), request::now());
    let content = Suspend::new(async move {
        let settled = match shop::checkout::settle(&shop, &session, now).await {
            Ok(Settled::Order { number, token, standing }) => (number, token, standing),
            Ok(Settled::NotOurs) => return view! { <Unknown language/> }.into_any(),
            Err(Failure::Refused(never)) => match never {},
            Err(Failure::Fault(fault)) => return checking(&fault, language),
        };
        let (number, token, standing) = settled;
        match shop::orders::by_token(&shop, language, &number, &token, now).await {
            Ok(order) => view! { <Outcome order token standing language/> }.into_any(),
            Err(Failure::Refused(_)) => view! { <Unknown language/> }.into_any(),
            Err(Failure::Fault(fault)) => checking(&fault, language),
        }
    });
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn Outcome(order: Order, token: Token, standing: Standing, language: Language) -> impl IntoView {
    let (title, lead) = greeting(&order, standing, language);
    let link = format!("/{language}/order/{}{}", order.number, forms::query(&[("t", &token.0)]));
    // Until the money is there, no day is promised.
    let next = (standing == Standing::Paid).then(|| view! { <Next order=order.clone() language/> });
    let payable = matches!(standing, Standing::Open | Standing::NotPaid) && !order.can_be_put_back;
    let pay = payable.then(|| {
        let total = format::money(order.by_card(), language);
        let url = order.pay_url.clone().unwrap_or_else(|| format!("/{language}/checkout"));
        view! { <a class="button" href=url>{words!(language, orders.pay_now, total = total)}</a> }
    });
    let follow = if pay.is_some() { "button button--quiet" } else { "button" };
    view! {
        <Head title=title.clone() description=lead.clone() listed=false/>
        <div class="wrap order">
            <header class="thanks__head">
                <h1>{title}</h1>
                <p class="lead">{lead}</p>
            </header>
            <div class="split">
                <div class="stack stack--wide">
                    {next}
                    <PutBack order=order.clone() token language/>
                    <div class="cluster">
                        {pay}
                        <a class=follow href=link>{words!(language, orders.thanks.track)}</a>
                        <a class="button button--quiet" href=format!("/{language}")>{words!(language, orders.thanks.shop)}</a>
                    </div>
                    <Parties order=order.clone() language/>
                </div>
                <aside><Receipt order language/></aside>
            </div>
        </div>
    }
}

fn greeting(order: &Order, standing: Standing, language: Language) -> (String, String) {
    let number = order.number.clone();
    let name = order.name.split_whitespace().next().unwrap_or_default().to_owned();
    match standing {
        Standing::Paid => {
            (words!(language, orders.thanks.paid_title, name = name), words!(language, orders.thanks.paid_lead, number = number))
        }
        Standing::Processing => {
            (words!(language, orders.thanks.processing_title), words!(language, orders.thanks.processing_lead, number = number))
        }
        Standing::Open | Standing::NotPaid => {
            (words!(language, orders.thanks.unpaid_title), words!(language, orders.thanks.unpaid_lead, number = number))
        }
        Standing::Refunding => {
            (words!(language, orders.thanks.refunding_title), words!(language, orders.thanks.refunding_lead, number = number))
        }
    }
}

#[component]
fn Next(order: Order, language: Language) -> impl IntoView {
    let (from, to) = (format::day(order.promised.earliest, language), format::day(order.promised.latest, language));
    let arrives = if from == to {
        words!(language, orders.thanks.next_arrive_on, day = to)
    } else {
        words!(language, orders.thanks.next_arrive_between, from = from, to = to)
    };
    view! {
        <section class="stack" aria-labelledby="next">
            <h2 class="order__heading" id="next">{words!(language, orders.thanks.next)}</h2>
            <ol class="timeline">
                <li data-state="now"><p>{words!(language, orders.thanks.next_mail, mail = order.email)}</p></li>
                <li data-state="later"><p>{words!(language, orders.thanks.next_pack, carrier = order.carrier)}</p></li>
                <li data-state="later"><p>{arrives}</p></li>
            </ol>
        </section>
    }
}

/// The payment service is out of reach; its word will come. The fault is in the log.
fn checking(fault: &Fault, language: Language) -> AnyView {
    report(fault);
    set_status(http::StatusCode::SERVICE_UNAVAILABLE);
    let again = request::address();
    let (title, text) = (words!(language, orders.thanks.checking_title), words!(language, orders.thanks.checking_text));
    view! {
        <Plain title text><a class="button" href=again>{words!(language, orders.thanks.reload)}</a></Plain>
    }
    .into_any()
}

#[component]
fn Unknown(language: Language) -> impl IntoView {
    set_status(http::StatusCode::NOT_FOUND);
    let (title, text) = (words!(language, orders.thanks.unknown_title), words!(language, orders.thanks.unknown_text));
    view! {
        <Plain title text><a class="button" href=format!("/{language}/track")>{words!(language, orders.find_it)}</a></Plain>
    }
}

#[component]
fn Plain(title: String, text: String, children: Children) -> impl IntoView {
    view! {
        <Head title=title.clone() description=text.clone() listed=false/>
        <div class="wrap empty">
            <h1>{title}</h1>
            <p class="lead">{text}</p>
            {children()}
        </div>
    }
}

fn set_status(status: http::StatusCode) {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
}
