//! What the forms for another mail address do. Plain forms, as all of the account's.

use crate::boundary::AppError;
use domain::account::AccountRefusal;
use leptos::prelude::*;

/// Asks for another address. Says the same whether somebody has it already; the letter to it knows.
#[server(endpoint = "account/email")]
pub async fn ask_for_email(#[server(default)] email: String, #[server(default)] password: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, forms, request};
    use shop::{Failure, account::customer};
    let (shop, actor, page) = (request::shop(), request::actor(), format!("/{}/account/settings", request::language()));
    let outcome = match request::own_session() {
        Some(own) => customer::ask_for_email(&shop, &actor, own, &email, &password, request::now()).await,
        None => Err(Failure::Refused(AccountRefusal::NotAllowed)),
    };
    match outcome {
        Ok(()) => {
            forms::go(&format!("{page}?done=email-asked"));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &format!("{page}?form=email#change-email"), &[("email", &email)])),
    }
}

/// The address stays as it is.
#[server(endpoint = "account/keep-email")]
pub async fn keep_email() -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    let (shop, page) = (request::shop(), format!("/{}/account/settings", request::language()));
    let outcome = shop::account::customer::keep_email(&shop, &request::actor(), request::now()).await;
    answer::done(outcome, &format!("{page}?done=email-kept"), &page)
}

/// Gives the account its new address, by the link that was sent there.
#[server(endpoint = "account/confirm-email")]
pub async fn confirm_email(#[server(default)] t: String, #[server(default)] password: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use domain::token::Token;
    use shop::account::{customer, session};
    let (shop, language, actor) = (request::shop(), request::language(), request::actor());
    let back = answer::with(&format!("/{language}/account/email"), &[("t", &t)]);
    let (link, own, user_agent) = (Token(t), request::own_session(), request::user_agent());
    match customer::confirm_email(&shop, &actor, own, &link, &password, &user_agent, request::now()).await {
        Ok(session) => {
            if let Some(session) = session {
                cookies::begin_lasting_session(session::CUSTOMER_COOKIE, &session);
            }
            forms::go(&format!("/{language}/account/settings?done=email"));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &back, &[])),
    }
}
