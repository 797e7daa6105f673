//! `/{language}/desk/login`: a plain form, which knows again what was typed, but never the password.

use super::{
    super::{Section, frame::go_to},
    is_of_the_desk,
};
use crate::{
    account::{answer, cookies::HandedOver, field::Field},
    forms,
    layout::{Head, LanguageSwitch},
    request, words,
};
use domain::Language;
use leptos::prelude::*;

/// The page to log in on before going on to `next`.
#[must_use]
pub fn log_in_address(language: Language, next: &str) -> String {
    format!("/{language}/desk/login{}", forms::query(&[("next", next)]))
}

#[component]
pub fn LogIn() -> impl IntoView {
    let language = request::language();
    let next = request::queried("next").filter(|next| is_of_the_desk(next)).unwrap_or_default();
    if let Some(member) = request::member() {
        go_to(&if next.is_empty() { Section::first(member.roles).address(language) } else { next });
        return ().into_any();
    }
    let email = HandedOver::take().get("email");
    let error = answer::refused().map(|error| answer::sentence(&error, language));
    view! {
        <Front title=words!(language, backoffice.log_in.title)>
            {request::queried("done").is_some().then(|| view! { <p class="notice" data-kind="good" role="status">{words!(language, backoffice.log_in.chosen)}</p> })}
            <form class="panel stack" method="post" action="/api/desk/log-in">
                <input type="hidden" name="next" value=next/>
                <Field id="email" label=words!(language, account.email) kind="email" value=email autocomplete="username"/>
                <Field id="password" label=words!(language, account.password) kind="password" autocomplete="current-password" error/>
                <button class="button" type="submit">{words!(language, backoffice.log_in.submit)}</button>
                <p class="small"><a href=format!("/{language}/desk/forgotten")>{words!(language, backoffice.log_in.forgotten)}</a></p>
            </form>
        </Front>
    }
    .into_any()
}

/// The frame of the pages before one is in.
#[component]
pub(super) fn Front(title: String, children: Children) -> impl IntoView {
    let language = request::language();
    let shop = request::shop().settings.shop_name.clone();
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <main class="desk-front stack" id="content">
            <p class="desk__shop">{shop}</p>
            <h1 class="desk__title">{title}</h1>
            {children()}
            <p class="small"><LanguageSwitch/>" · "<a href=format!("/{language}")>{words!(language, backoffice.log_in.to_shop)}</a></p>
        </main>
    }
}
