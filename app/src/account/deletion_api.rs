//! What the forms on the page that deletes an account do.

use crate::boundary::AppError;
use domain::account::AccountRefusal;
use leptos::prelude::*;

/// Sends the link that opens the deletion without a password.
#[server(endpoint = "account/ask-for-deletion")]
pub async fn ask_for_deletion() -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    let (shop, language) = (request::shop(), request::language());
    let page = format!("/{language}/account/delete");
    let outcome = shop::account::customer::ask_for_deletion(&shop, &request::actor(), language, request::now()).await;
    answer::done(outcome, &format!("{page}?sent=1"), &page)
}

/// Deletes the account, by its password or by a link in a mail.
#[server(endpoint = "account/delete")]
pub async fn delete(#[server(default)] t: String, #[server(default)] password: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use domain::token::Token;
    use shop::account::{
        customer::{self, Proof},
        session,
    };
    let (shop, language, actor) = (request::shop(), request::language(), request::actor());
    let page = format!("/{language}/account/delete");
    let link = Token(t);
    let (proof, back) =
        if link.0.is_empty() { (Proof::Password(&password), page) } else { (Proof::Link(&link), answer::with(&page, &[("t", &link.0)])) };
    match customer::delete(&shop, &actor, proof, request::now()).await {
        Ok(()) => {
            cookies::end_session(session::CUSTOMER_COOKIE);
            forms::go(&format!("/{language}/account/deleted"));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &back, &[])),
    }
}
