//! How many things are in the cart, shared by every island on the page: the badge in the header, the button on
//! the product page, the cart itself.

use leptos::prelude::*;

/// `None` until something changes the cart: until then the number that the server wrote holds.
#[must_use]
pub fn count() -> ArcRwSignal<Option<u32>> {
    #[cfg(feature = "ssr")]
    {
        // Never one for all readers on the server.
        ArcRwSignal::new(None)
    }
    #[cfg(not(feature = "ssr"))]
    {
        use std::sync::LazyLock;
        static COUNT: LazyLock<ArcRwSignal<Option<u32>>> = LazyLock::new(|| ArcRwSignal::new(None));
        COUNT.clone()
    }
}
