//! Header, content, footer.

use crate::{
    layout::{NotFound, footer::Footer, header::Header},
    request, words,
};
use leptos::prelude::*;
use leptos_router::components::Outlet;

/// Around every page. An address that begins with no language of ours leads nowhere.
#[component]
pub fn Layout() -> impl IntoView {
    let has_language = request::in_path(request::address().split('?').next().unwrap_or_default()).is_some();
    let content = if has_language { view! { <Outlet/> }.into_any() } else { view! { <NotFound/> }.into_any() };
    view! { <Frame>{content}</Frame> }
}

/// What no route knows.
#[component]
pub fn Lost() -> impl IntoView {
    view! { <Frame><NotFound/></Frame> }
}

#[component]
fn Frame(children: Children) -> impl IntoView {
    let language = request::language();
    view! {
        <a class="skip" href="#content">{words!(language, layout.skip_to_content)}</a>
        <Header/>
        <main id="content" tabindex="-1">{children()}</main>
        <Footer/>
    }
}
