//! Header, content, footer.

use crate::{
    chat::widget::{ButtonWords, ChatButton},
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
    // There it would open what is open already.
    let is_chat = request::address().split('?').next() == Some(&format!("/{language}/chat"));
    view! {
        <a class="skip" href="#content">{words!(language, layout.skip_to_content)}</a>
        <Header/>
        <main id="content" tabindex="-1">{children()}</main>
        <Footer/>
        {(!is_chat).then(|| view! { <ChatButton language words=ButtonWords::of(language)/> })}
    }
}
