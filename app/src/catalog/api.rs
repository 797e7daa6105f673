//! What the catalogue's islands ask while the page is open.

use crate::boundary::{AppError, Never};
use domain::catalog::{Stock, Suggestion};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

/// Lines under the search field.
#[cfg(feature = "ssr")]
const MOST: u32 = 7;

/// A few products and categories for what is being typed, in the language of the page that asks.
#[server(endpoint = "catalog/suggest", input = GetUrl)]
pub async fn suggest(text: String) -> Result<Vec<Suggestion>, AppError<Never>> {
    use crate::request;
    Ok(shop::catalog::search::suggest(&request::shop(), request::language(), &text, MOST).await?)
}

/// When things arrive: a sentence for what is there, and one for what is made to order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promises {
    pub stocked: Option<String>,
    pub made: Option<String>,
}

impl Promises {
    #[must_use]
    pub fn of(&self, stock: Stock) -> Option<String> {
        match stock {
            Stock::Available(_) | Stock::Unlimited => self.stocked.clone(),
            Stock::MadeToOrder => self.made.clone(),
            Stock::SoldOut => None,
        }
    }
}

/// What holds for the country that the shopper named at checkout; nothing where that is the shop's own, for the page
/// says it already.
#[server(endpoint = "catalog/promises", input = GetUrl)]
pub async fn promises_to_me(grams: u32) -> Result<Option<Promises>, AppError<Never>> {
    use crate::{catalog::promise, request};
    use shop::delivery;
    let shop = request::shop();
    let country = delivery::destination(&shop, &request::actor()).await?;
    if country.code == delivery::home(&shop.settings).code {
        return Ok(None);
    }
    let (promises, _) = promise::sentences(&shop, country, grams, request::language(), request::now()).await?;
    Ok(Some(promises))
}
