//! What the forms of the desk's own pages do. Plain forms all: they work with scripts off, and with them nothing would
//! be gained.

use crate::boundary::AppError;
use domain::account::AccountRefusal;
use leptos::prelude::*;

/// Leads on to `next`, where that is a page of the desk; or to the code of the second factor, or to choosing a password.
#[server(endpoint = "desk/log-in")]
pub async fn log_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AppError<AccountRefusal>> {
    use super::{Section, pages};
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use shop::account::{
        session,
        staff::{self, Way},
    };
    let (shop, language) = (request::shop(), request::language());
    match staff::log_in(&shop, &email, &password, &request::user_agent(), request::now()).await {
        Ok(inside) => {
            if let Way::Choose(link) = inside.way {
                forms::go(&answer::with(&format!("/{language}/desk/password"), &[("t", &link.0)]));
                return Ok(());
            }
            cookies::begin_session(session::STAFF_COOKIE, &inside.session);
            forms::go(&if inside.way == Way::Code {
                answer::with(&format!("/{language}/desk/login/code"), &[("next", &next)])
            } else if pages::is_of_the_desk(&next) {
                next
            } else {
                Section::first(inside.roles).address(language)
            });
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &pages::log_in_address(language, &next), &[("email", &email)])),
    }
}

#[server(endpoint = "desk/log-out")]
pub async fn log_out() -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use shop::account::{session, staff};
    let (shop, front) = (request::shop(), format!("/{}/desk/login", request::language()));
    if let Some(own) = request::own_session() {
        staff::log_out(&shop, &request::actor(), own, request::now()).await.map_err(|failure| answer::back(failure, &front, &[]))?;
    }
    cookies::end_session(session::STAFF_COOKIE);
    forms::go(&front);
    Ok(())
}

/// The second half of logging in.
#[server(endpoint = "desk/code")]
pub async fn code(#[server(default)] code: String, #[server(default)] next: String) -> Result<(), AppError<AccountRefusal>> {
    use super::{Section, pages};
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use shop::{
        Failure,
        account::{session, staff},
    };
    let (shop, language) = (request::shop(), request::language());
    let back = answer::with(&format!("/{language}/desk/login/code"), &[("next", &next)]);
    let Some(half_way) = request::half_way() else {
        return Err(answer::back(Failure::Refused(AccountRefusal::NotAllowed), &pages::log_in_address(language, &next), &[]));
    };
    match staff::complete(&shop, half_way, &code, &request::user_agent(), request::now()).await {
        Ok(inside) => {
            cookies::begin_session(session::STAFF_COOKIE, &inside.session);
            forms::go(&if pages::is_of_the_desk(&next) { next } else { Section::first(inside.roles).address(language) });
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &back, &[])),
    }
}

/// Sends a link to choose another password; never says whether somebody has this address.
#[server(endpoint = "desk/forgotten")]
pub async fn forgotten(#[server(default)] email: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use shop::{Failure, account::staff};
    let (shop, language) = (request::shop(), request::language());
    let page = format!("/{language}/desk/forgotten");
    if !domain::checkout::is_email(email.trim()) {
        return Err(answer::back(Failure::Refused(AccountRefusal::NotAnEmail), &page, &[("email", &email)]));
    }
    let asked = staff::ask_for_password_link(&shop, &email, language, request::now()).await;
    asked.map_err(|failure| answer::back(failure.map_refusal(|never| match never {}), &page, &[("email", &email)]))?;
    cookies::hand_over(&[("sent", email.trim())]);
    forms::go(&page);
    Ok(())
}

/// The password of somebody who followed a link in a mail.
#[server(endpoint = "desk/choose-password")]
pub async fn choose_password(#[server(default)] t: String, #[server(default)] password: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    use domain::token::Token;
    let (shop, language) = (request::shop(), request::language());
    let back = answer::with(&format!("/{language}/desk/password"), &[("t", &t)]);
    let outcome = shop::account::staff::choose_password(&shop, &Token(t), &password, request::now()).await;
    answer::done(outcome, &format!("/{language}/desk/login?done=password"), &back)
}

#[server(endpoint = "desk/change-password")]
pub async fn change_password(
    #[server(default)] current: String,
    #[server(default)] password: String,
) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    use shop::{Failure, account::staff};
    let (shop, actor, page) = (request::shop(), request::actor(), format!("/{}/desk/me", request::language()));
    let outcome = match request::own_session() {
        Some(own) => staff::change_password(&shop, &actor, own, &current, &password, request::now()).await,
        None => Err(Failure::Refused(AccountRefusal::NotAllowed)),
    };
    answer::done(outcome, &format!("{page}?done=password"), &format!("{page}?form=password#change-password"))
}

#[server(endpoint = "desk/end-session")]
pub async fn end_session(session: domain::ids::SessionId) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    let (shop, page) = (request::shop(), format!("/{}/desk/me", request::language()));
    let outcome = shop::account::session::end(&shop, &request::actor(), session, request::now()).await;
    answer::done(outcome, &format!("{page}?done=session"), &page)
}

#[server(endpoint = "desk/factor-begin")]
pub async fn begin_factor() -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    let (shop, page) = (request::shop(), format!("/{}/desk/me#second-factor", request::language()));
    let outcome = shop::account::staff::begin_second_factor(&shop, &request::actor()).await;
    answer::done(outcome, &page, &page)
}

/// Hands the recovery codes to the page that it leads to, which shows them once.
#[server(endpoint = "desk/factor-confirm")]
pub async fn confirm_factor(#[server(default)] code: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{
        account::{answer, cookies},
        forms, request,
    };
    use shop::{Failure, account::staff};
    let (shop, actor, page) = (request::shop(), request::actor(), format!("/{}/desk/me", request::language()));
    let outcome = match request::own_session() {
        Some(own) => staff::confirm_second_factor(&shop, &actor, own, &code, request::now()).await,
        None => Err(Failure::Refused(AccountRefusal::NotAllowed)),
    };
    let codes = outcome.map_err(|failure| answer::back(failure, &format!("{page}?form=factor#second-factor"), &[]))?;
    cookies::hand_over(&codes.iter().map(|code| ("recovery", code.as_str())).collect::<Vec<_>>());
    forms::go(&format!("{page}#second-factor"));
    Ok(())
}

#[server(endpoint = "desk/factor-remove")]
pub async fn remove_factor(#[server(default)] factor_password: String) -> Result<(), AppError<AccountRefusal>> {
    use crate::{account::answer, request};
    let (shop, page) = (request::shop(), format!("/{}/desk/me", request::language()));
    let outcome = shop::account::staff::remove_second_factor(&shop, &request::actor(), &factor_password, request::now()).await;
    answer::done(outcome, &format!("{page}?done=factor-off"), &format!("{page}?form=factor#second-factor"))
}
