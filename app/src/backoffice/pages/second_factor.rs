//! The second factor on one's own page: off, being set up, or on.

use super::me::refused_by;
use crate::{
    account::{answer, cookies::HandedOver, field::Field},
    words,
};
use domain::Language;
use leptos::prelude::*;
use shop::account::staff::Enrolment;

#[component]
pub(super) fn SecondFactor(enrolment: Option<Enrolment>, counts: bool, language: Language) -> impl IntoView {
    let codes = HandedOver::take().all("recovery");
    let content = match enrolment {
        _ if counts => view! { <On language/> }.into_any(),
        Some(enrolment) => view! { <SettingUp enrolment language/> }.into_any(),
        None => view! { <Off language/> }.into_any(),
    };
    view! {
        <section class="panel stack" aria-labelledby="second-factor">
            <h2 id="second-factor">{words!(language, backoffice.factor.title)}</h2>
            {(!codes.is_empty()).then(|| view! { <RecoveryCodes codes language/> })}
            {content}
        </section>
    }
}

#[component]
fn Off(language: Language) -> impl IntoView {
    view! {
        <p>{words!(language, backoffice.factor.off)}</p>
        <form method="post" action="/api/desk/factor-begin">
            <button class="button" type="submit">{words!(language, backoffice.factor.begin)}</button>
        </form>
    }
}

#[component]
fn SettingUp(enrolment: Enrolment, language: Language) -> impl IntoView {
    let error = refused_by("factor").map(|error| answer::sentence(&error, language));
    view! {
        <p>{words!(language, backoffice.factor.scan)}</p>
        <div class="desk__code" role="img" aria-label=words!(language, backoffice.factor.picture) inner_html=enrolment.svg></div>
        <p class="small">{words!(language, backoffice.factor.or_type)}" "<code>{enrolment.secret}</code></p>
        <form class="stack" method="post" action="/api/desk/factor-confirm">
            <Field id="code" label=words!(language, backoffice.factor.first_code) autocomplete="one-time-code" error/>
            <div><button class="button" type="submit">{words!(language, backoffice.factor.confirm)}</button></div>
        </form>
    }
}

#[component]
fn RecoveryCodes(codes: Vec<String>, language: Language) -> impl IntoView {
    let codes = codes.into_iter().map(|code| view! { <li><code>{code}</code></li> });
    view! {
        <div class="notice" data-kind="warn" role="status">
            <h3>{words!(language, backoffice.factor.recovery)}</h3>
            <p>{words!(language, backoffice.factor.recovery_text)}</p>
            <ul class="desk__recovery">{codes.collect_view()}</ul>
        </div>
    }
}

#[component]
fn On(language: Language) -> impl IntoView {
    let error = refused_by("factor").map(|error| answer::sentence(&error, language));
    view! {
        <p>{words!(language, backoffice.factor.on)}</p>
        <form class="stack" method="post" action="/api/desk/factor-remove">
            <Field id="factor_password" label=words!(language, account.current_password) kind="password" autocomplete="current-password" error/>
            <div><button class="button button--quiet" type="submit">{words!(language, backoffice.factor.remove)}</button></div>
        </form>
    }
}
