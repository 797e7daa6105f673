//! Which of the product's pictures belongs to what was chosen: the buy box says it, the gallery shows it.

use leptos::prelude::*;

/// `None` until something is chosen: until then the server's order holds.
#[must_use]
pub fn picture() -> ArcRwSignal<Option<u32>> {
    #[cfg(feature = "ssr")]
    {
        // Never one for all readers on the server.
        ArcRwSignal::new(None)
    }
    #[cfg(not(feature = "ssr"))]
    {
        use std::sync::LazyLock;
        static PICTURE: LazyLock<ArcRwSignal<Option<u32>>> = LazyLock::new(|| ArcRwSignal::new(None));
        PICTURE.clone()
    }
}
