//! The console's pages: the screen of conversations, templates, routing, reviews, and noting a contact.

mod acts;
mod contact;
mod customer;
mod order;
mod reviews;
mod routing;
mod screen;
mod templates;

pub use contact::ContactPage;
pub use reviews::ReviewsPage;
pub use routing::RoutingPage;
pub use screen::ConsolePage;
pub use templates::TemplatesPage;

use super::islands::Notice;
use leptos::prelude::*;

/// What became of one of a page's forms, on top of it.
#[component]
fn NoticeBox(notice: Option<Notice>) -> impl IntoView {
    notice.map(|notice| {
        let (kind, role) = if notice.refused { ("bad", "alert") } else { ("good", "status") };
        view! { <p class="notice" data-kind=kind role=role>{notice.sentence}</p> }
    })
}
