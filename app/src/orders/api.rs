//! Looking up an order by its number and the buyer's mail address (the server limits how often somebody may try), and
//! putting the goods of one that could not be paid back into the cart.

use crate::boundary::AppError;
use domain::orders::OrderRefusal;
use leptos::prelude::*;

/// The address of the order's tracking page. With scripts off it leads there, or back to the form, which knows the
/// number again; the mail address is never put into an address.
#[server(endpoint = "orders/find")]
pub async fn find_order(#[server(default)] number: String, #[server(default)] email: String) -> Result<String, AppError<OrderRefusal>> {
    use crate::{forms, request};
    let (shop, language) = (request::shop(), request::language());
    let number = number.trim().trim_start_matches('#').to_owned();
    match shop::orders::find(&shop, &number, &email).await {
        Ok(token) => {
            let address = format!("/{language}/order/{number}{}", forms::query(&[("t", &token.0)]));
            forms::go(&address);
            Ok(address)
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let why = match &error {
                AppError::Refused(OrderRefusal::TooManyTries { .. }) => "too-many",
                AppError::Refused(_) => "not-found",
                AppError::Fault(_) | AppError::Transport => "fault",
            };
            let typed: String = number.chars().take(MOST_TYPED).collect();
            let back = format!("/{language}/track{}", forms::query(&[("refused", why), ("number", &typed)]));
            Err(forms::fail(error, &back))
        }
    }
}

/// Leads to the cart; or back to the order, which says that some of it is sold out by now.
#[server(endpoint = "orders/put-back")]
pub async fn put_back(#[server(default)] number: String, #[server(default)] t: String) -> Result<(), AppError<OrderRefusal>> {
    use crate::{cart::api::answer, forms, request};
    let (shop, language) = (request::shop(), request::language());
    let order_page = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = [("t", t.as_str())].into_iter().chain(pairs.iter().copied()).collect();
        format!("/{language}/order/{number}{}", forms::query(&pairs))
    };
    let token = domain::token::Token(t.clone());
    match shop::cart::put_back(&shop, &request::actor(), language, &number, &token, request::now()).await {
        Ok(back) => {
            answer::remember(&shop, back.cart);
            let to = if back.complete { answer::cart_page(&[], "") } else { order_page(&[("back", "partly")]) };
            forms::go(&to);
            Ok(())
        }
        // Done already, in another tab: the cart shows it.
        Err(shop::Failure::Refused(OrderRefusal::NothingToPutBack)) => {
            forms::go(&answer::cart_page(&[], ""));
            Ok(())
        }
        Err(failure) => Err(forms::fail(failure.into(), &order_page(&[]))),
    }
}

/// Of a number that was not found, shown again.
#[cfg(feature = "ssr")]
const MOST_TYPED: usize = 20;
