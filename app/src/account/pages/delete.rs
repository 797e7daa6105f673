//! `/{language}/account/delete`: what goes with an account and what stays, and the button; and the page after it.

use super::{
    log_in_address,
    ways_in::{Front, Spent},
};
use crate::{
    account::{
        answer::{self, refusal},
        field::Field,
    },
    backoffice::go_to,
    boundary::AppError,
    request, words,
};
use domain::{Language, account::AccountRefusal, format, token::Token};
use leptos::prelude::*;
use shop::account::customer::{self, Leaving};

#[component]
pub fn Delete() -> impl IntoView {
    let (language, shop, actor, now) = (request::language(), request::shop(), request::actor(), request::now());
    let link = request::queried("t").filter(|link| !link.is_empty()).map(Token);
    if link.is_none() && actor.customer().is_none() {
        go_to(&log_in_address(language, &request::address()));
        return ().into_any();
    }
    let inside = Suspend::new(async move {
        match customer::leaving(&shop, &actor, link.as_ref(), now).await.map_err(AppError::from) {
            Ok(leaving) => view! { <Decision leaving link language/> }.into_any(),
            Err(error) if refusal(&error) == Some(AccountRefusal::LinkSpent) => view! { <Spent language/> }.into_any(),
            Err(error) => view! { <p class="notice" data-kind="bad" role="alert">{answer::sentence(&error, language)}</p> }.into_any(),
        }
    });
    view! {
        <Front title=words!(language, account.delete.title)>
            <Suspense>{inside}</Suspense>
        </Front>
    }
    .into_any()
}

#[component]
fn Decision(leaving: Leaving, link: Option<Token>, language: Language) -> impl IntoView {
    let sent = request::queried("sent").is_some();
    let by_link = link.is_some();
    let may = by_link || leaving.has_password;
    let ask = (!by_link).then(|| {
        view! {
            <form class="stack" method="post" action="/api/account/ask-for-deletion">
                <p>{words!(language, account.delete.by_link_lead)}</p>
                <div><button class="button button--quiet" type="submit">{words!(language, account.delete.by_link)}</button></div>
            </form>
        }
    });
    let has_password = leaving.has_password;
    let mail = leaving.email.clone();
    view! {
        {sent.then(|| view! { <p class="notice" data-kind="good" role="status">{words!(language, account.delete.sent, mail = mail)}</p> })}
        <p>{words!(language, account.delete.lead, mail = leaving.email.clone())}</p>
        <Goes language/>
        <Stays leaving language/>
        {may.then(|| view! { <DeleteForm link asks_password={!by_link && has_password} language/> })}
        {ask}
        <p><a href=format!("/{language}/account/settings")>{words!(language, account.delete.leave)}</a></p>
    }
}

#[component]
fn Goes(language: Language) -> impl IntoView {
    let all = [
        words!(language, account.delete.goes_account),
        words!(language, account.delete.goes_sessions),
        words!(language, account.delete.goes_talk),
        words!(language, account.delete.goes_mail),
    ];
    view! {
        <section class="stack" aria-labelledby="goes">
            <h2 class="order__heading" id="goes">{words!(language, account.delete.goes)}</h2>
            <ul class="account__list">{all.into_iter().map(|each| view! { <li>{each}</li> }).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Stays(leaving: Leaving, language: Language) -> impl IntoView {
    let orders = words!(language, account.delete.stays_orders, count = leaving.orders);
    let under_way = (!leaving.under_way.is_empty())
        .then(|| view! { <li>{words!(language, account.delete.stays_under_way, numbers = leaving.under_way.join(", "))}</li> });
    let credits = leaving.credits.into_iter().map(|credit| format::money(credit.left, language)).collect::<Vec<_>>();
    let credit =
        (!credits.is_empty()).then(|| view! { <li>{words!(language, account.delete.stays_credit, amounts = credits.join(" + "))}</li> });
    view! {
        <section class="stack" aria-labelledby="stays">
            <h2 class="order__heading" id="stays">{words!(language, account.delete.stays)}</h2>
            <ul class="account__list">
                <li>{orders}</li>
                {under_way}
                {credit}
                <li>{words!(language, account.delete.stays_complaints)}</li>
            </ul>
        </section>
    }
}

#[component]
fn DeleteForm(link: Option<Token>, asks_password: bool, language: Language) -> impl IntoView {
    let error = answer::refused().map(|error| answer::sentence(&error, language));
    let (field, above) = if asks_password {
        let field = view! {
            <Field id="password" label=words!(language, account.current_password) kind="password" autocomplete="current-password" error/>
        };
        (Some(field), None)
    } else {
        (None, error)
    };
    view! {
        <form class="panel stack" method="post" action="/api/account/delete">
            {above.map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> })}
            {link.map(|link| view! { <input type="hidden" name="t" value=link.0/> })}
            {field}
            <p>{words!(language, account.delete.no_way_back)}</p>
            <button class="button" type="submit">{words!(language, account.delete.submit)}</button>
        </form>
    }
}

/// `/{language}/account/deleted`
#[component]
pub fn Deleted() -> impl IntoView {
    let language = request::language();
    view! {
        <Front title=words!(language, account.delete.done_title)>
            <p class="notice" data-kind="good" role="status">{words!(language, account.delete.done)}</p>
            <p><a class="button" href=format!("/{language}")>{words!(language, account.orders.shop)}</a></p>
        </Front>
    }
}
