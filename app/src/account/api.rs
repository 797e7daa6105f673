//! What the forms of accounts do. Plain forms all: they work with scripts off, and with them nothing would be gained.

use crate::boundary::AppError;
use domain::account::AccountRefusal;
use leptos::prelude::*;

/// Says the same whether the address has an account or not; the letter to it knows.
#[server(endpoint = "account/register")]
pub async fn register(
    #[server(default)] email: String,
    #[server(default)] name: String,
    #[server(default)] password: String,
) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use shop::account::customer::{self, NewCustomer};
    let (shop, language) = (request::shop(), request::language());
    let new = NewCustomer { email: email.clone(), name: name.clone(), password, language };
    match customer::register(&shop, new, request::now()).await {
        Ok(()) => {
            cookies::hand_over(&[("sent", email.trim())]);
            forms::go(&format!("/{language}/account/sent"));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &format!("/{language}/account/register"), &[("email", &email), ("name", &name)])),
    }
}

#[server(endpoint = "account/log-in")]
pub async fn log_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, pages},
        request,
    };
    let (shop, language) = (request::shop(), request::language());
    match shop::account::customer::log_in(&shop, &email, &password, &request::user_agent(), request::now()).await {
        Ok(session) => {
            inside::go(&session, &next);
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &pages::log_in_address(language, &next), &[("email", &email)])),
    }
}

#[server(endpoint = "account/log-out")]
pub async fn log_out() -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use shop::account::{customer, session};
    let (shop, home) = (request::shop(), format!("/{}", request::language()));
    if let Some(own) = request::own_session() {
        customer::log_out(&shop, &request::actor(), own, request::now()).await.map_err(|failure| answer::back(failure, &home, &[]))?;
    }
    cookies::end_session(session::CUSTOMER_COOKIE);
    forms::go(&home);
    Ok(())
}

/// Sends a link: to log in with, or (`password`) to choose a password. Says the same whether there is an account.
#[server(endpoint = "account/send-link")]
pub async fn send_link(#[server(default)] email: String, #[server(default)] purpose: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use shop::{
        Failure,
        account::{customer, link::Purpose},
    };
    let (shop, language) = (request::shop(), request::language());
    let page = format!("/{language}/account/forgotten");
    if !domain::checkout::is_email(email.trim()) {
        return Err(answer::back(Failure::Refused(AccountRefusal::NotAnEmail), &page, &[("email", &email)]));
    }
    let purpose = if purpose == "password" { Purpose::CustomerPassword } else { Purpose::CustomerLogIn };
    let asked = customer::ask_for_link(&shop, purpose, &email, language, request::now()).await;
    asked.map_err(|failure| answer::back(failure, &page, &[("email", &email)]))?;
    cookies::hand_over(&[("sent", email.trim())]);
    forms::go(&format!("/{language}/account/sent"));
    Ok(())
}

/// Logs in by a link in a mail.
#[server(endpoint = "account/enter")]
pub async fn enter(#[server(default)] t: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    use domain::token::Token;
    let (shop, back) = (request::shop(), answer::with(&format!("/{}/account/link", request::language()), &[("t", &t)]));
    match shop::account::customer::enter(&shop, &Token(t), &request::user_agent(), request::now()).await {
        Ok(session) => {
            inside::go(&session, "");
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &back, &[])),
    }
}

/// Confirms the address by a link in a mail, and by the password of the account unless its owner is logged in here.
#[server(endpoint = "account/confirm")]
pub async fn confirm(#[server(default)] t: String, #[server(default)] password: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, forms, request};
    use domain::token::Token;
    let (shop, language) = (request::shop(), request::language());
    let back = answer::with(&format!("/{language}/account/confirm"), &[("t", &t)]);
    let (actor, link, user_agent) = (request::actor(), Token(t), request::user_agent());
    match shop::account::customer::confirm(&shop, &actor, &link, &password, &user_agent, request::now()).await {
        Ok(session) => {
            if let Some(session) = session {
                inside::begin(&session);
            }
            forms::go(&format!("/{language}/account?done=confirmed"));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &back, &[])),
    }
}

/// The password of somebody who followed a link in a mail.
#[server(endpoint = "account/choose-password")]
pub async fn choose_password(#[server(default)] t: String, #[server(default)] password: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    use domain::token::Token;
    let (shop, language) = (request::shop(), request::language());
    let back = answer::with(&format!("/{language}/account/password"), &[("t", &t)]);
    match shop::account::customer::choose_password(&shop, &Token(t), &password, &request::user_agent(), request::now()).await {
        Ok(session) => {
            inside::go(&session, &format!("/{language}/account?done=password"));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &back, &[])),
    }
}

/// Sends the link to confirm the address once more.
#[server(endpoint = "account/send-confirmation")]
pub async fn send_confirmation() -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    let (shop, language) = (request::shop(), request::language());
    let outcome = shop::account::customer::send_confirmation(&shop, &request::actor(), language, request::now()).await;
    answer::done(outcome, &format!("/{language}/account?done=confirmation"), &format!("/{language}/account"))
}

/// Name, language of the letters, and how to be reached, by their codes.
#[server(endpoint = "account/preferences")]
pub async fn set_preferences(
    #[server(default)] name: String,
    #[server(default)] language: String,
    #[server(default)] contact: String,
) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    use domain::account::{Contact, Preferences};
    let (shop, page) = (request::shop(), format!("/{}/account/settings", request::language()));
    let wished = language.parse().unwrap_or_else(|_| request::language());
    let preferences = Preferences { contact: Contact::from_code(&contact).unwrap_or(Preferences::default().contact) };
    let outcome = shop::account::customer::set_preferences(&shop, &request::actor(), &name, wished, preferences).await;
    answer::done(outcome, &format!("{page}?done=preferences"), &format!("{page}?form=preferences"))
}

#[server(endpoint = "account/change-password")]
pub async fn change_password(
    #[server(default)] current: String,
    #[server(default)] password: String,
) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    use shop::{Failure, account::customer};
    let (shop, actor, page) = (request::shop(), request::actor(), format!("/{}/account/settings", request::language()));
    let outcome = match request::own_session() {
        Some(own) => customer::change_password(&shop, &actor, own, &current, &password, request::now()).await,
        None => Err(Failure::Refused(AccountRefusal::NotAllowed)),
    };
    answer::done(outcome, &format!("{page}?done=password"), &format!("{page}?form=password#change-password"))
}

#[server(endpoint = "account/end-session")]
pub async fn end_session(session: domain::ids::SessionId) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    let (shop, page) = (request::shop(), format!("/{}/account/settings", request::language()));
    let outcome = shop::account::session::end(&shop, &request::actor(), session, request::now()).await;
    answer::done(outcome, &format!("{page}?done=session"), &page)
}

/// Somebody is in.
#[cfg(feature = "ssr")]
mod inside {
    use crate::{
        account::{cookies, pages},
        forms, request,
    };
    use domain::token::Token;
    use shop::account::session;

    pub(super) fn begin(session: &Token) {
        cookies::begin_lasting_session(session::CUSTOMER_COOKIE, session);
    }

    /// On to `next`, where that is a page of theirs.
    pub(super) fn go(session: &Token, next: &str) {
        begin(session);
        let home = format!("/{}/account", request::language());
        forms::go(if pages::is_of_a_customer(next) { next } else { &home });
    }
}
