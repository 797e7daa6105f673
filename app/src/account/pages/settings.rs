//! `/{language}/account/settings`: who one is to the shop, the password, and where one is logged in.

use super::{
    email::EmailForm,
    frame::{Account, Place, Refusal},
};
use crate::{
    account::{
        answer::{self, Refused},
        field::Field,
    },
    request, words,
};
use domain::{
    Language,
    account::{AccountRefusal, Contact, Profile, SHORTEST_PASSWORD},
    format,
};
use leptos::prelude::*;
use shop::account::session::{self, Listed};

#[component]
pub fn Settings() -> impl IntoView {
    let (language, shop, actor, now) = (request::language(), request::shop(), request::actor(), request::now());
    let content = move |profile: Profile| {
        let sessions = Suspend::new(async move {
            match session::list(&shop, &actor, now).await {
                Ok(sessions) => view! { <Sessions sessions language/> }.into_any(),
                Err(failure) => view! { <Refusal failure language/> }.into_any(),
            }
        });
        view! {
            <PreferenceForm profile=profile.clone() language/>
            <EmailForm profile=profile.clone() language/>
            <Password has_one=profile.has_password email=profile.email language/>
            <Suspense>{sessions}</Suspense>
            <p><a href=super::deletion_address(language)>{words!(language, account.delete.title)}</a></p>
        }
        .into_any()
    };
    view! { <Account place=Place::Settings content/> }
}

pub(super) fn refused_by(form: &str) -> Option<Refused> {
    answer::refused().filter(|_| request::queried("form").as_deref() == Some(form))
}

#[component]
fn PreferenceForm(profile: Profile, language: Language) -> impl IntoView {
    let error = refused_by("preferences").map(|error| answer::sentence(&error, language));
    let languages = Language::ALL.into_iter().map(|each| {
        view! { <option value=each.code() selected=each == profile.language lang=each.code()>{each.endonym()}</option> }
    });
    let contacts =
        [(Contact::Mail, words!(language, account.settings.by_mail)), (Contact::Phone, words!(language, account.settings.by_phone))];
    let contacts = contacts.into_iter().map(|(each, name)| {
        view! { <option value=each.code() selected=each == profile.preferences.contact>{name}</option> }
    });
    view! {
        <section class="panel stack" aria-labelledby="preferences">
            <h2 class="order__heading" id="preferences">{words!(language, account.settings.preferences)}</h2>
            <form class="stack" method="post" action="/api/account/preferences">
                <div class="fields">
                    <Field id="name" label=words!(language, account.name_optional) value=profile.name autocomplete="name" required=false full=true error/>
                    <div class="field">
                        <label for="language">{words!(language, account.settings.language)}</label>
                        <select id="language" name="language">{languages.collect_view()}</select>
                    </div>
                    <div class="field">
                        <label for="contact">{words!(language, account.settings.contact)}</label>
                        <select id="contact" name="contact">{contacts.collect_view()}</select>
                    </div>
                </div>
                <div><button class="button" type="submit">{words!(language, account.save)}</button></div>
            </form>
        </section>
    }
}

#[component]
fn Password(has_one: bool, email: String, language: Language) -> impl IntoView {
    let error = refused_by("password");
    let is_about_new =
        |error: &Refused| matches!(answer::refusal(error), Some(AccountRefusal::PasswordTooShort | AccountRefusal::PasswordTooLong));
    let new_is_wrong = !has_one || error.as_ref().is_some_and(is_about_new);
    let sentence = error.map(|error| answer::sentence(&error, language));
    let (current_error, new_error) = if new_is_wrong { (None, sentence) } else { (sentence, None) };
    let current = has_one.then(|| {
        view! {
            <Field id="current" label=words!(language, account.current_password) kind="password" autocomplete="current-password" error=current_error/>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="change-password">
            <h2 class="order__heading" id="change-password">{words!(language, account.settings.password)}</h2>
            {(!has_one).then(|| view! { <p>{words!(language, account.settings.no_password)}</p> })}
            <form class="stack" method="post" action="/api/account/change-password">
                // For the browser, which keeps the password for an address.
                <input type="text" name="email" value=email autocomplete="username" hidden=true/>
                {current}
                <Field id="password" label=words!(language, account.new_password) kind="password" autocomplete="new-password"
                    hint=words!(language, account.password_hint, least = SHORTEST_PASSWORD) error=new_error/>
                <p class="soft small">{words!(language, account.settings.password_ends)}</p>
                <div><button class="button" type="submit">{words!(language, account.save)}</button></div>
            </form>
        </section>
    }
}

#[component]
fn Sessions(sessions: Vec<Listed>, language: Language) -> impl IntoView {
    let (own, settings) = (request::own_session(), request::shop().settings);
    let rows = sessions.into_iter().map(move |each| {
        let end = if Some(each.id) == own {
            view! { <span class="soft">{words!(language, account.this_session)}</span> }.into_any()
        } else {
            view! {
                <form method="post" action="/api/account/end-session">
                    <input type="hidden" name="session" value=each.id.to_string()/>
                    <button class="button button--text" type="submit">{words!(language, account.end_session)}</button>
                </form>
            }
            .into_any()
        };
        let browser = if each.user_agent.is_empty() { words!(language, account.unknown_browser) } else { each.user_agent };
        view! {
            <li class="account__session">
                <span>{browser}</span>
                <span class="soft small">{words!(language, account.last_seen)}": "{format::day(settings.local(each.seen_at).date(), language)}</span>
                {end}
            </li>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="sessions">
            <h2 class="order__heading" id="sessions">{words!(language, account.sessions)}</h2>
            <ul class="stack">{rows.collect_view()}</ul>
        </section>
    }
}
