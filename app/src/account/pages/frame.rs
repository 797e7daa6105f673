//! What surrounds the pages of somebody who is logged in: the ways between them, and what a form came to.

use super::log_in_address;
use crate::{account::answer, backoffice::go_to, boundary::AppError, layout::Head, request, words};
use domain::{
    Language,
    account::{AccountRefusal, Profile},
};
use leptos::prelude::*;
use shop::{Failure, account::customer};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Orders,
    Addresses,
    Settings,
}

impl Place {
    const ALL: [Self; 3] = [Self::Orders, Self::Addresses, Self::Settings];

    fn address(self, language: Language) -> String {
        match self {
            Self::Orders => format!("/{language}/account"),
            Self::Addresses => super::addresses_address(language),
            Self::Settings => format!("/{language}/account/settings"),
        }
    }

    fn name(self, language: Language) -> String {
        match self {
            Self::Orders => words!(language, account.place.orders),
            Self::Addresses => words!(language, account.place.addresses),
            Self::Settings => words!(language, account.place.settings),
        }
    }
}

/// A page of the account, made of its profile; who is not logged in is led to where one logs in.
#[component]
pub(super) fn Account<F>(place: Place, content: F) -> impl IntoView
where
    F: FnOnce(Profile) -> AnyView + Send + 'static,
{
    let (language, shop, actor) = (request::language(), request::shop(), request::actor());
    if actor.customer().is_none() {
        go_to(&log_in_address(language, &request::address()));
        return ().into_any();
    }
    let title = place.name(language);
    let inside = Suspend::new(async move {
        match customer::profile(&shop, &actor).await {
            Ok(profile) => view! { <Unconfirmed profile=profile.clone() language/> {content(profile)} }.into_any(),
            Err(failure) => view! { <Refusal failure language/> }.into_any(),
        }
    });
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <div class="wrap account">
            <h1>{title}</h1>
            <Places place language/>
            <Outcome language/>
            <Suspense>{inside}</Suspense>
        </div>
    }
    .into_any()
}

/// What could not be read, as a sentence.
#[component]
pub(super) fn Refusal(failure: Failure<AccountRefusal>, language: Language) -> impl IntoView {
    let sentence = answer::sentence(&AppError::from(failure), language);
    view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> }
}

#[component]
fn Places(place: Place, language: Language) -> impl IntoView {
    let links = Place::ALL.into_iter().map(|each| {
        view! { <li><a class="chip" href=each.address(language) aria-current=(each == place).then_some("page")>{each.name(language)}</a></li> }
    });
    view! {
        <div class="account__places">
            <nav aria-label=words!(language, account.title)><ul class="chips">{links.collect_view()}</ul></nav>
            <form method="post" action="/api/account/log-out">
                <button class="button button--text" type="submit">{words!(language, account.log_out)}</button>
            </form>
        </div>
    }
}

#[component]
fn Unconfirmed(profile: Profile, language: Language) -> impl IntoView {
    (!profile.confirmed).then(|| {
        view! {
            <form class="notice" data-kind="warn" method="post" action="/api/account/send-confirmation">
                <p>{words!(language, account.unconfirmed, mail = profile.email)}</p>
                <p><button class="button button--quiet" type="submit">{words!(language, account.send_again)}</button></p>
            </form>
        }
    })
}

/// What the form that led here came to; one that was refused beside its fields says so there.
#[component]
fn Outcome(language: Language) -> impl IntoView {
    let done = request::queried("done").and_then(|done| {
        Some(match done.as_str() {
            "confirmed" => words!(language, account.done.confirmed),
            "confirmation" => words!(language, account.done.confirmation),
            "password" => words!(language, account.done.password),
            "email-asked" => words!(language, account.done.email_asked),
            "email-kept" => words!(language, account.done.email_kept),
            "email" => words!(language, account.done.email),
            "preferences" => words!(language, account.done.preferences),
            "session" => words!(language, account.done.session),
            "address" => words!(language, account.done.address),
            "removed" => words!(language, account.done.removed),
            "first" => words!(language, account.done.first),
            _ => return None,
        })
    });
    let refused = answer::refused().filter(|_| request::queried("form").is_none()).map(|error| answer::sentence(&error, language));
    view! {
        {done.map(|sentence| view! { <p class="notice" data-kind="good" role="status">{sentence}</p> })}
        {refused.map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> })}
    }
}
