//! A password by a link in a mail: asking for the link, and the page that it leads to. Opening that page spends nothing,
//! for programs that look after mail open links as well.

use super::log_in::Front;
use crate::{
    account::{answer, cookies::HandedOver, field::Field},
    layout::or_fault,
    request, words,
};
use domain::{Language, account::SHORTEST_PASSWORD, token::Token};
use leptos::prelude::*;
use shop::account::staff;

/// `/{language}/desk/forgotten`
#[component]
pub fn Forgotten() -> impl IntoView {
    let language = request::language();
    let sent = HandedOver::take().get("sent");
    let said = (!sent.is_empty()).then(|| {
        view! { <p class="notice" data-kind="good" role="status">{words!(language, backoffice.forgotten.sent, mail = sent)}</p> }
    });
    view! {
        <Front title=words!(language, backoffice.forgotten.title)>
            {said}
            <form class="panel stack" method="post" action="/api/desk/forgotten">
                <Field id="email" label=words!(language, account.email) kind="email" autocomplete="username" hint=words!(language, backoffice.forgotten.hint)/>
                <button class="button" type="submit">{words!(language, backoffice.forgotten.submit)}</button>
            </form>
        </Front>
    }
}

/// `/{language}/desk/password?t={link}`
#[component]
pub fn ChoosePassword() -> impl IntoView {
    let (language, shop, now) = (request::language(), request::shop(), request::now());
    let link = Token(request::queried("t").unwrap_or_default());
    let content = Suspend::new(async move {
        or_fault(staff::whose_link(&shop, &link, now).await, |name| match name {
            Some(name) => view! { <Choose name link language/> }.into_any(),
            None => view! { <Spent language/> }.into_any(),
        })
    });
    view! {
        <Front title=words!(language, backoffice.choose.title)>
            <Suspense>{content}</Suspense>
        </Front>
    }
}

#[component]
fn Choose(name: String, link: Token, language: Language) -> impl IntoView {
    let error = answer::refused().map(|error| answer::sentence(&error, language));
    view! {
        <form class="panel stack" method="post" action="/api/desk/choose-password">
            <p>{words!(language, backoffice.choose.lead, name = name)}</p>
            <input type="hidden" name="t" value=link.0/>
            <Field id="password" label=words!(language, account.new_password) kind="password" autocomplete="new-password"
                hint=words!(language, account.password_hint, least = SHORTEST_PASSWORD) error/>
            <button class="button" type="submit">{words!(language, backoffice.choose.submit)}</button>
        </form>
    }
}

#[component]
fn Spent(language: Language) -> impl IntoView {
    view! {
        <p class="notice" data-kind="warn">{words!(language, account.refused.link_spent)}</p>
        <p><a class="button" href=format!("/{language}/desk/forgotten")>{words!(language, backoffice.forgotten.submit)}</a></p>
    }
}
