//! The pages before one is in: logging in, registering, asking for a link.

use super::{is_of_a_customer, log_in_address};
use crate::{
    account::{
        answer::{self, Refused},
        cookies::HandedOver,
        field::Field,
    },
    backoffice::go_to,
    layout::Head,
    request, words,
};
use domain::{
    Language,
    account::{AccountRefusal, SHORTEST_PASSWORD},
};
use leptos::prelude::*;

/// `/{language}/account/login`
#[component]
pub fn LogIn() -> impl IntoView {
    let language = request::language();
    let next = request::queried("next").filter(|next| is_of_a_customer(next)).unwrap_or_default();
    if request::actor().customer().is_some() {
        go_to(&if next.is_empty() { format!("/{language}/account") } else { next });
        return ().into_any();
    }
    let email = HandedOver::take().get("email");
    let error = answer::refused().map(|error| answer::sentence(&error, language));
    view! {
        <Front title=words!(language, account.log_in.title)>
            <form class="panel stack" method="post" action="/api/account/log-in">
                <input type="hidden" name="next" value=next/>
                <Field id="email" label=words!(language, account.email) kind="email" value=email autocomplete="username"/>
                <Field id="password" label=words!(language, account.password) kind="password" autocomplete="current-password" error/>
                <button class="button" type="submit">{words!(language, account.log_in.submit)}</button>
                <p class="small"><a href=format!("/{language}/account/forgotten")>{words!(language, account.log_in.by_link)}</a></p>
            </form>
            <p>{words!(language, account.log_in.new)}" "<a href=format!("/{language}/account/register")>{words!(language, account.register.title)}</a></p>
        </Front>
    }
    .into_any()
}

/// `/{language}/account/register`
#[component]
pub fn Register() -> impl IntoView {
    let language = request::language();
    let (typed, error) = (HandedOver::take(), answer::refused());
    let (email, name) = (typed.get("email"), typed.get("name"));
    let about = |wanted: &[AccountRefusal]| {
        let is_about = |error: &&Refused| answer::refusal(error).is_some_and(|refusal| wanted.contains(&refusal));
        error.as_ref().filter(is_about).map(|error| answer::sentence(error, language))
    };
    let (email_error, name_error) = (about(&[AccountRefusal::NotAnEmail]), about(&[AccountRefusal::NoName]));
    let password_error = about(&[AccountRefusal::PasswordTooShort, AccountRefusal::PasswordTooLong]);
    view! {
        <Front title=words!(language, account.register.title)>
            <p>{words!(language, account.register.lead)}</p>
            <form class="panel stack" method="post" action="/api/account/register">
                <Field id="email" label=words!(language, account.email) kind="email" value=email autocomplete="email"
                    error=email_error/>
                <Field id="name" label=words!(language, account.name_optional) value=name autocomplete="name" required=false
                    error=name_error/>
                <Field id="password" label=words!(language, account.password) kind="password" autocomplete="new-password"
                    hint=words!(language, account.password_hint, least = SHORTEST_PASSWORD) error=password_error/>
                <button class="button" type="submit">{words!(language, account.register.submit)}</button>
            </form>
            <p>{words!(language, account.register.known)}" "<a href=log_in_address(language, "")>{words!(language, account.log_in.submit)}</a></p>
        </Front>
    }
}

/// `/{language}/account/forgotten`: one address, two links to choose from.
#[component]
pub fn Forgotten() -> impl IntoView {
    let language = request::language();
    let email = HandedOver::take().get("email");
    let error = answer::refused().map(|error| answer::sentence(&error, language));
    view! {
        <Front title=words!(language, account.forgotten.title)>
            <form class="panel stack" method="post" action="/api/account/send-link">
                <Field id="email" label=words!(language, account.email) kind="email" value=email autocomplete="email"
                    hint=words!(language, account.forgotten.hint) error/>
                <button class="button" type="submit" name="purpose" value="log-in">{words!(language, account.forgotten.log_in)}</button>
                <button class="button button--quiet" type="submit" name="purpose" value="password">{words!(language, account.forgotten.password)}</button>
            </form>
        </Front>
    }
}

/// `/{language}/account/sent`: a letter is on its way, if there is somebody for it.
#[component]
pub fn Sent() -> impl IntoView {
    let language = request::language();
    let mail = HandedOver::take().get("sent");
    let sentence = if mail.is_empty() { words!(language, account.sent.text) } else { words!(language, account.sent.to, mail = mail) };
    view! {
        <Front title=words!(language, account.sent.title)>
            <p class="notice" data-kind="good" role="status">{sentence}</p>
            <p class="soft">{words!(language, account.sent.nothing)}</p>
        </Front>
    }
}

/// The frame of the pages before one is in.
#[component]
pub(super) fn Front(title: String, children: Children) -> impl IntoView {
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <div class="wrap account account--narrow">
            <h1>{title}</h1>
            {children()}
        </div>
    }
}

/// A link that opens nothing any more.
#[component]
pub(super) fn Spent(language: Language) -> impl IntoView {
    view! {
        <p class="notice" data-kind="warn">{words!(language, account.refused.link_spent)}</p>
        <p><a class="button" href=format!("/{language}/account/forgotten")>{words!(language, account.forgotten.title)}</a></p>
    }
}
