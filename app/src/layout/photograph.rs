//! A photograph in every size and format there is of it; the browser takes what suits the screen.

use domain::catalog::Picture;
use leptos::prelude::*;

/// `sizes` says how wide it will stand, so that the browser need not wait for the style sheet. `eager` is for what
/// the first screen shows, `first` for the one picture that people wait for.
#[component]
pub fn Photograph(
    picture: Picture,
    #[prop(into)] sizes: String,
    #[prop(optional)] eager: bool,
    #[prop(optional)] first: bool,
) -> impl IntoView {
    let loading = if eager || first { "eager" } else { "lazy" };
    view! {
        <picture class="picture">
            <source type="image/avif" srcset=picture.srcset("avif") sizes=sizes.clone()/>
            <source type="image/webp" srcset=picture.srcset("webp") sizes=sizes/>
            <img
                src=picture.src(640, "webp")
                alt=picture.alt.clone()
                width=picture.width.to_string()
                height=picture.height.to_string()
                loading=loading
                decoding="async"
                fetchpriority=first.then_some("high")
            />
        </picture>
    }
}
