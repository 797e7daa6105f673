//! Delivery dates for the shopper's own country. The page is kept for everybody and tells those of the shop's; somebody
//! with a cart may have named another country at checkout.

use super::buy_box::count_on_page;
use crate::catalog::api::{self, Promises};
use leptos::{prelude::*, task::spawn_local};

/// `None` while the page is right as it is. `grams` as in the page's own promise.
pub(super) fn promises(grams: u32) -> RwSignal<Option<Promises>> {
    let mine = RwSignal::new(None);
    Effect::new(move |_| {
        if count_on_page() > 0 {
            spawn_local(async move {
                // Without an answer the page still says what it says to everybody.
                if let Ok(promises) = api::promises_to_me(grams).await {
                    mine.set(promises);
                }
            });
        }
    });
    mine
}
