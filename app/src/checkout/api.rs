//! What the checkout's form does. Every button sends every field, so whatever is pressed, nothing typed is lost.

use crate::{
    boundary::{AppError, Never},
    lasting::Lasting,
};
use domain::checkout::{Checkout, CheckoutRefusal};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The form's fields as typed; what it does not hold stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    pub email: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postcode: Option<String>,
    pub country: Option<String>,
    pub method: Option<String>,
    pub credit: Option<String>,
}

/// Which button was pressed: `delivery` and `review` go on and show what is wrong; anything else only saves.
pub const TO_DELIVERY: &str = "delivery";
pub const TO_REVIEW: &str = "review";
pub const SAVE_ONLY: &str = "address";
pub const USE_CREDIT: &str = "credit";

/// Keeps what was typed, right or wrong, and answers the checkout with it.
#[server(endpoint = "checkout/save", client = Lasting)]
pub async fn save(#[server(flatten)] fields: Fields, #[server(default)] step: String) -> Result<Checkout, AppError<Never>> {
    use crate::{cart::api::answer, checkout::notice::Notice, forms, request};
    let submitted = step == TO_DELIVERY || step == TO_REVIEW;
    let (shop, actor, language) = (request::shop(), request::actor(), request::language());
    match shop::checkout::save(&shop, &actor, language, fields.into_patch(submitted), request::now()).await {
        Ok(checkout) => {
            if let Some(cart) = actor.cart() {
                answer::remember(&shop, cart);
            }
            let credit = step == USE_CREDIT;
            let place = if credit {
                USE_CREDIT
            } else if checkout.problems.is_empty() {
                if submitted { &step } else { SAVE_ONLY }
            } else {
                "problems"
            };
            forms::go(&format!("/{language}/checkout#{place}"));
            Ok(checkout)
        }
        Err(failure) => Err(forms::fail(failure.into(), &format!("/{language}/checkout?notice={}#notice", Notice::Fault.code()))),
    }
}

/// Keeps what was typed, places the order and leads to its payment page. `expected` is the total on the button, in
/// minor units: another amount is shown before it is charged. A plain form only, with scripts as well.
#[server(endpoint = "checkout/place", client = Lasting)]
pub async fn place(#[server(flatten)] fields: Fields, #[server(default)] expected: Option<i64>) -> Result<(), AppError<CheckoutRefusal>> {
    use crate::{checkout::notice::Notice, forms, request};
    use domain::Money;
    let (shop, actor, language) = (request::shop(), request::actor(), request::language());
    let saved = shop::checkout::save(&shop, &actor, language, fields.into_patch(true), request::now()).await;
    let placed = match saved {
        Ok(_) => {
            let expected = expected.map(|minor| Money::new(minor, shop.settings.currency));
            shop::checkout::place_order(&shop, &actor, language, expected, request::now()).await
        }
        Err(failure) => Err(failure.map_refusal(|never| match never {})),
    };
    match placed {
        Ok(placed) => {
            forms::go(&placed.pay_url);
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let notice = Notice::of(&error);
            Err(forms::fail(error, &format!("/{language}/checkout?notice={}#notice", notice.code())))
        }
    }
}

#[cfg(feature = "ssr")]
impl Fields {
    fn into_patch(self, submitted: bool) -> shop::checkout::DraftPatch {
        shop::checkout::DraftPatch {
            email: self.email,
            name: self.name,
            phone: self.phone,
            line1: self.line1,
            line2: self.line2,
            city: self.city,
            region: self.region,
            postcode: self.postcode,
            country: self.country,
            method: self.method,
            credit: self.credit,
            submitted,
        }
    }
}
