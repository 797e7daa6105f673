//! What forms and islands do with a cart. Each answers the whole new cart; with scripts off it leads back to the
//! cart's page, which says beside the line why something was refused.

use crate::{
    boundary::{AppError, Never},
    lasting::Lasting,
};
use domain::{
    cart::{Cart, CartRefusal},
    ids::VariantId,
};
use leptos::prelude::*;
use server_fn::codec::GetUrl;

/// Adds to what is in the cart already. `quantity` is as typed; nothing means one.
#[server(endpoint = "cart/add", client = Lasting)]
pub async fn add_line(variant: VariantId, #[server(default)] quantity: String) -> Result<Cart, AppError<CartRefusal>> {
    use crate::request;
    let wanted = if quantity.trim().is_empty() { Some(1) } else { answer::number(&quantity) };
    let Some(wanted) = wanted else { return Err(answer::refused(CartRefusal::NotANumber, variant, &quantity)) };
    let shop = request::shop();
    match shop::cart::add_line(&shop, &request::actor(), request::language(), variant, wanted, request::now()).await {
        Ok((cart, lines)) => {
            answer::remember(&shop, cart);
            crate::forms::go(&answer::cart_page(&[("added", &variant.to_string())], ""));
            Ok(lines)
        }
        Err(failure) => Err(answer::failed(failure.into(), variant, &quantity)),
    }
}

/// Sets a line to `quantity`, as typed, and then `step` more or fewer: the − and + buttons of the plain form.
#[server(endpoint = "cart/quantity", client = Lasting)]
pub async fn set_quantity(
    variant: VariantId,
    quantity: String,
    #[server(default)] step: Option<i32>,
) -> Result<Cart, AppError<CartRefusal>> {
    use crate::request;
    let Some(typed) = answer::number(&quantity) else { return Err(answer::refused(CartRefusal::NotANumber, variant, &quantity)) };
    // A button never takes a line away: there is another one for that.
    let wanted = step.map_or(typed, |step| typed.saturating_add_signed(step).max(1));
    let shop = request::shop();
    match shop::cart::set_quantity(&shop, &request::actor(), request::language(), variant, wanted, request::now()).await {
        Ok(cart) => Ok(answer::changed(&shop, cart, Some(variant))),
        Err(failure) => Err(answer::failed(failure.into(), variant, &wanted.to_string())),
    }
}

#[server(endpoint = "cart/remove", client = Lasting)]
pub async fn remove_line(variant: VariantId) -> Result<Cart, AppError<Never>> {
    use crate::request;
    let shop = request::shop();
    match shop::cart::remove_line(&shop, &request::actor(), request::language(), variant, request::now()).await {
        Ok(cart) => Ok(answer::changed(&shop, cart, None)),
        Err(failure) => Err(crate::forms::fail(failure.into(), &answer::cart_page(&[], ""))),
    }
}

/// Marks today's prices as seen.
#[server(endpoint = "cart/prices", client = Lasting)]
pub async fn accept_prices() -> Result<Cart, AppError<Never>> {
    use crate::request;
    let shop = request::shop();
    match shop::cart::accept_prices(&shop, &request::actor(), request::language(), request::now()).await {
        Ok(cart) => Ok(answer::changed(&shop, cart, None)),
        Err(failure) => Err(crate::forms::fail(failure.into(), &answer::cart_page(&[], ""))),
    }
}

/// The cart as it is now: another tab may have changed it.
#[server(endpoint = "cart/view", input = GetUrl)]
pub async fn view_cart() -> Result<Cart, AppError<Never>> {
    use crate::request;
    Ok(shop::cart::view(&request::shop(), &request::actor(), request::language(), request::now()).await?)
}

/// The number on the badge.
#[server(endpoint = "cart/count", input = GetUrl)]
pub async fn count_things() -> Result<u32, AppError<Never>> {
    use crate::request;
    let Some(cart) = request::actor().cart() else { return Ok(0) };
    Ok(shop::cart::count(&request::shop(), cart).await?)
}

/// The parts of the answers above that only the server needs.
#[cfg(feature = "ssr")]
pub(crate) mod answer {
    use crate::{boundary::AppError, forms, request};
    use domain::{
        cart::{Cart, CartRefusal},
        ids::{CartId, VariantId},
    };
    use http::{HeaderValue, header};
    use leptos::prelude::*;
    use shop::{Shop, signing};

    const THIRTY_DAYS: u32 = 30 * 24 * 60 * 60;
    /// Of a quantity that was refused, shown again.
    const MOST_TYPED: usize = 12;

    pub(super) fn number(typed: &str) -> Option<u32> {
        typed.trim().parse().ok()
    }

    /// The cookie lives as long as the cart: both begin anew with every change.
    pub(crate) fn remember(shop: &Shop, cart: CartId) {
        let secure = if shop.settings.public_url.starts_with("https://") { "; Secure" } else { "" };
        let value = signing::cart_cookie(&shop.settings, cart);
        let cookie = format!("{}={value}; Path=/; Max-Age={THIRTY_DAYS}; HttpOnly; SameSite=Lax{secure}", signing::CART_COOKIE);
        if let (Some(response), Ok(cookie)) = (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(&cookie)) {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }

    pub(super) fn changed(shop: &Shop, lines: Cart, variant: Option<VariantId>) -> Cart {
        if let Some(cart) = request::actor().cart() {
            remember(shop, cart);
        }
        let line = variant.map(|variant| format!("#line-{variant}")).unwrap_or_default();
        forms::go(&cart_page(&[], &line));
        lines
    }

    pub(super) fn refused(refusal: CartRefusal, variant: VariantId, typed: &str) -> AppError<CartRefusal> {
        failed(AppError::Refused(refusal), variant, typed)
    }

    pub(super) fn failed(error: AppError<CartRefusal>, variant: VariantId, typed: &str) -> AppError<CartRefusal> {
        let (why, line) = (serde_json::to_string(&error).unwrap_or_default(), variant.to_string());
        let typed: String = typed.chars().take(MOST_TYPED).collect();
        let back = cart_page(&[("refused", &why), ("variant", &line), ("typed", &typed)], &format!("#line-{variant}"));
        forms::fail(error, &back)
    }

    pub(crate) fn cart_page(pairs: &[(&str, &str)], fragment: &str) -> String {
        format!("/{}/cart{}{fragment}", request::language(), forms::query(pairs))
    }
}
