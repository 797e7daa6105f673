//! The console's pages: the screen of conversations, templates, routing, reviews, and noting a contact.

mod acts;
mod blocked;
mod contact;
mod customer;
mod order;
mod reviews;
mod routing;
mod screen;
mod script;
mod scripts;
mod templates;

pub use blocked::BlockedPage;
pub use contact::ContactPage;
pub use reviews::ReviewsPage;
pub use routing::RoutingPage;
pub use screen::ConsolePage;
pub use scripts::ScriptsPage;
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
