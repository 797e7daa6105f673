//! The pages that links in mails lead to. Opening one spends nothing, for programs that look after mail open links as
//! well: it is the button that does.

use super::ways_in::{Front, Spent};
use crate::{
    account::{answer, field::Field},
    layout::or_fault,
    request, words,
};
use domain::{Language, account::SHORTEST_PASSWORD, ids::CustomerId, token::Token};
use leptos::prelude::*;
use shop::account::{customer, link::Purpose};

/// `/{language}/account/link?t={link}`
#[component]
pub fn ByLink() -> impl IntoView {
    let language = request::language();
    view! {
        <Opened purpose=Purpose::CustomerLogIn title=words!(language, account.log_in.title) content=move |link: Token, _: CustomerId, email: String| {
            view! {
                <form class="panel stack" method="post" action="/api/account/enter">
                    <p>{words!(language, account.by_link.enter_lead, mail = email)}</p>
                    <input type="hidden" name="t" value=link.0/>
                    <button class="button" type="submit">{words!(language, account.log_in.submit)}</button>
                </form>
            }
            .into_any()
        }/>
    }
}

/// `/{language}/account/confirm?t={link}`
#[component]
pub fn Confirm() -> impl IntoView {
    let (language, actor) = (request::language(), request::actor());
    view! {
        <Opened purpose=Purpose::CustomerConfirmation title=words!(language, account.by_link.confirm_title) content=move |link: Token, id: CustomerId, email: String| {
            let is_in = actor.customer() == Some(id);
            view! { <ConfirmForms link email is_in language/> }.into_any()
        }/>
    }
}

/// By the password that was chosen; or without it, which takes it away.
#[component]
fn ConfirmForms(link: Token, email: String, is_in: bool, language: Language) -> impl IntoView {
    let error = answer::refused().map(|error| answer::sentence(&error, language));
    let password = (!is_in).then(|| {
        view! {
            <Field id="password" label=words!(language, account.password) kind="password" autocomplete="current-password"
                hint=words!(language, account.by_link.confirm_hint) error/>
        }
    });
    let without = (!is_in).then(|| {
        let link = link.0.clone();
        view! {
            <form class="stack" method="post" action="/api/account/enter">
                <p>{words!(language, account.by_link.without_lead)}</p>
                <input type="hidden" name="t" value=link/>
                <div><button class="button button--quiet" type="submit">{words!(language, account.by_link.without)}</button></div>
            </form>
        }
    });
    view! {
        <form class="panel stack" method="post" action="/api/account/confirm">
            <p>{words!(language, account.by_link.confirm_lead, mail = email)}</p>
            <input type="hidden" name="t" value=link.0/>
            {password}
            <button class="button" type="submit">{words!(language, account.by_link.confirm)}</button>
        </form>
        {without}
    }
}

/// `/{language}/account/password?t={link}`
#[component]
pub fn ChoosePassword() -> impl IntoView {
    let language = request::language();
    view! {
        <Opened purpose=Purpose::CustomerPassword title=words!(language, account.by_link.password_title) content=move |link: Token, _: CustomerId, email: String| {
            let error = answer::refused().map(|error| answer::sentence(&error, language));
            view! {
                <form class="panel stack" method="post" action="/api/account/choose-password">
                    <p>{words!(language, account.by_link.password_lead, mail = email)}</p>
                    <input type="hidden" name="t" value=link.0/>
                    <Field id="password" label=words!(language, account.new_password) kind="password" autocomplete="new-password"
                        hint=words!(language, account.password_hint, least = SHORTEST_PASSWORD) error/>
                    <button class="button" type="submit">{words!(language, account.save)}</button>
                </form>
            }
            .into_any()
        }/>
    }
}

/// The page of a link, as long as it opens something.
#[component]
fn Opened<F>(purpose: Purpose, title: String, content: F) -> impl IntoView
where
    F: FnOnce(Token, CustomerId, String) -> AnyView + Send + 'static,
{
    let (language, shop, now) = (request::language(), request::shop(), request::now());
    let link = Token(request::queried("t").unwrap_or_default());
    let inside = Suspend::new(async move {
        or_fault(customer::whose_link(&shop, purpose, &link, now).await, |owner| match owner {
            Some((id, email)) => content(link, id, email),
            None => view! { <Spent language/> }.into_any(),
        })
    });
    view! {
        <Front title>
            <Suspense>{inside}</Suspense>
        </Front>
    }
}
