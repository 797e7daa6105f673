//! `/{language}/desk/me`: one's own password, second factor and sessions.

use super::{
    super::{Desk, Section},
    Outcome, moment,
    second_factor::SecondFactor,
};
use crate::{
    account::{
        answer::{self, Refused},
        field::Field,
    },
    boundary::AppError,
    request, words,
};
use domain::{
    Language,
    account::{AccountRefusal, SHORTEST_PASSWORD},
};
use leptos::prelude::*;
use shop::account::{session, staff};

#[component]
pub fn Me() -> impl IntoView {
    let language = request::language();
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    view! {
        <Desk section=Section::Me title=words!(language, backoffice.section.me)>
            <Outcome language/>
            <div class="desk__columns">
                <Password language/>
                <Suspense>
                    {Suspend::new(async move {
                        let sessions = session::list(&shop, &actor, now).await;
                        let factor = staff::enrolment(&shop, &actor).await;
                        match (sessions, factor) {
                            (Ok(sessions), Ok((enrolment, counts))) => view! {
                                <SecondFactor enrolment counts language/>
                                <Sessions sessions language/>
                            }
                            .into_any(),
                            (Err(failure), _) | (_, Err(failure)) => {
                                let sentence = answer::sentence(&AppError::from(failure), language);
                                view! { <p class="notice" data-kind="bad">{sentence}</p> }.into_any()
                            }
                        }
                    })}
                </Suspense>
            </div>
        </Desk>
    }
}

/// What is wrong with the fields of one of the page's forms: it led here with its name.
pub(super) fn refused_by(form: &str) -> Option<Refused> {
    answer::refused().filter(|_| request::queried("form").as_deref() == Some(form))
}

#[component]
fn Password(language: Language) -> impl IntoView {
    let error = refused_by("password");
    let about_new =
        |error: &Refused| matches!(answer::refusal(error), Some(AccountRefusal::PasswordTooShort | AccountRefusal::PasswordTooLong));
    let new_is_wrong = error.as_ref().is_some_and(about_new);
    let sentence = error.map(|error| answer::sentence(&error, language));
    let (current_error, new_error) = if new_is_wrong { (None, sentence) } else { (sentence, None) };
    view! {
        <section class="panel stack" aria-labelledby="change-password">
            <h2 id="change-password">{words!(language, backoffice.me.password)}</h2>
            <form class="stack" method="post" action="/api/desk/change-password">
                <Field id="current" label=words!(language, account.current_password) kind="password" autocomplete="current-password" error=current_error/>
                <Field id="password" label=words!(language, account.new_password) kind="password" autocomplete="new-password"
                    hint=words!(language, account.password_hint, least = SHORTEST_PASSWORD) error=new_error/>
                <p class="soft small">{words!(language, backoffice.me.password_ends)}</p>
                <div><button class="button" type="submit">{words!(language, backoffice.me.change)}</button></div>
            </form>
        </section>
    }
}

#[component]
fn Sessions(sessions: Vec<session::Listed>, language: Language) -> impl IntoView {
    let own = request::own_session();
    let rows = sessions.into_iter().map(|each| {
        let is_own = Some(each.id) == own;
        let end = if is_own {
            view! { <span class="soft">{words!(language, account.this_session)}</span> }.into_any()
        } else {
            view! {
                <form method="post" action="/api/desk/end-session">
                    <input type="hidden" name="session" value=each.id.to_string()/>
                    <button class="button button--text" type="submit">{words!(language, account.end_session)}</button>
                </form>
            }
            .into_any()
        };
        let browser = if each.user_agent.is_empty() { words!(language, account.unknown_browser) } else { each.user_agent };
        view! {
            <tr>
                <td class="desk__browser">{browser}</td>
                <td>{moment(each.began_at, language)}</td>
                <td>{moment(each.seen_at, language)}</td>
                <td>{end}</td>
            </tr>
        }
    });
    view! {
        <section class="panel stack desk__wide" aria-labelledby="sessions">
            <h2 id="sessions">{words!(language, account.sessions)}</h2>
            <div class="scroll">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, account.browser)}</th>
                            <th scope="col">{words!(language, account.began)}</th>
                            <th scope="col">{words!(language, account.last_seen)}</th>
                            <th scope="col"><span class="visually-hidden">{words!(language, account.end_session)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
