//! Another mail address: the form in the settings, and the page that the link to the new address leads to.

use super::{
    log_in_address,
    settings::refused_by,
    ways_in::{Front, Spent},
};
use crate::{
    account::{
        answer::{self, Refused},
        cookies::HandedOver,
        field::Field,
    },
    layout::or_fault,
    request, words,
};
use domain::{
    Language,
    account::{AccountRefusal, Profile},
    token::Token,
};
use leptos::prelude::*;
use shop::account::customer::{self, EmailChange};

#[component]
pub(super) fn EmailForm(profile: Profile, language: Language) -> impl IntoView {
    let waiting = profile.new_email.clone().map(|new| view! { <Waiting new language/> });
    let email = HandedOver::take().get("email");
    let error = refused_by("email");
    let is_about_password = |error: &Refused| {
        matches!(answer::refusal(error), Some(AccountRefusal::WrongPassword | AccountRefusal::TooManyTries { .. })) && profile.has_password
    };
    let about_password = error.as_ref().is_some_and(is_about_password);
    let sentence = error.map(|error| answer::sentence(&error, language));
    let (email_error, password_error) = if about_password { (None, sentence) } else { (sentence, None) };
    let password = profile.has_password.then(|| {
        view! {
            <Field id="email-password" name="password" label=words!(language, account.current_password) kind="password"
                autocomplete="current-password" error=password_error/>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="change-email">
            <h2 class="order__heading" id="change-email">{words!(language, account.email_change.title)}</h2>
            <p>{words!(language, account.email_change.present, mail = profile.email)}</p>
            {waiting}
            <form class="stack" method="post" action="/api/account/email">
                <Field id="email" label=words!(language, account.email_change.new) kind="email" value=email autocomplete="email"
                    hint=words!(language, account.email_change.hint) error=email_error/>
                {password}
                <p class="soft small">{words!(language, account.email_change.after)}</p>
                <div><button class="button" type="submit">{words!(language, account.email_change.submit)}</button></div>
            </form>
        </section>
    }
}

/// A link is on its way to an address that is not the account's yet.
#[component]
fn Waiting(new: String, language: Language) -> impl IntoView {
    view! {
        <form class="notice" data-kind="warn" method="post" action="/api/account/keep-email">
            <p>{words!(language, account.email_change.waiting, mail = new)}</p>
            <p><button class="button button--quiet" type="submit">{words!(language, account.email_change.keep)}</button></p>
        </form>
    }
}

/// `/{language}/account/email?t={link}`
#[component]
pub fn ConfirmEmail() -> impl IntoView {
    let (language, shop, now) = (request::language(), request::shop(), request::now());
    let link = Token(request::queried("t").unwrap_or_default());
    let inside = Suspend::new(async move {
        or_fault(customer::email_change(&shop, &link, now).await, |change| match change {
            Some(change) => view! { <ConfirmForm change link language/> }.into_any(),
            None => view! { <Spent language/> }.into_any(),
        })
    });
    view! {
        <Front title=words!(language, account.email_change.confirm_title)>
            <Suspense>{inside}</Suspense>
        </Front>
    }
}

#[component]
fn ConfirmForm(change: EmailChange, link: Token, language: Language) -> impl IntoView {
    let is_in = request::actor().customer() == Some(change.customer);
    let error = answer::refused().map(|error| answer::sentence(&error, language));
    let lead = words!(language, account.email_change.confirm_lead, old = change.email, new = change.new_email);
    if !is_in && !change.has_password {
        let log_in = log_in_address(language, &request::address());
        return view! {
            <div class="panel stack">
                <p>{lead}</p>
                <p>{words!(language, account.email_change.log_in_first)}</p>
                <p><a class="button" href=log_in>{words!(language, account.log_in.submit)}</a></p>
            </div>
        }
        .into_any();
    }
    let (password, above) = if is_in {
        (None, error)
    } else {
        let field =
            view! { <Field id="password" label=words!(language, account.password) kind="password" autocomplete="current-password" error/> };
        (Some(field), None)
    };
    view! {
        <form class="panel stack" method="post" action="/api/account/confirm-email">
            <p>{lead}</p>
            {above.map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> })}
            <input type="hidden" name="t" value=link.0/>
            {password}
            <p class="soft small">{words!(language, account.email_change.elsewhere)}</p>
            <button class="button" type="submit">{words!(language, account.by_link.confirm)}</button>
        </form>
    }
    .into_any()
}
