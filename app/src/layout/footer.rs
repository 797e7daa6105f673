//! The footer: help, languages, and what kind of shop this is.

use crate::{layout::header::LanguageSwitch, layout::info::Topic, request, words};
use leptos::prelude::*;

#[component]
pub fn Footer() -> impl IntoView {
    let (language, shop) = (request::language(), request::shop());
    let name = shop.settings.shop_name.clone();
    let topics = Topic::ALL.into_iter().map(|topic| {
        view! { <li><a href=format!("/{language}/info/{}", topic.slug())>{topic.title(language)}</a></li> }
    });
    view! {
        <footer class="footer">
            <div class="wrap footer__columns">
                <div class="footer__about">
                    <p class="wordmark">{name}</p>
                    <p>{words!(language, layout.about)}</p>
                </div>
                <nav aria-label=words!(language, layout.help)>
                    <h2>{words!(language, layout.help)}</h2>
                    <ul>
                        <li><a href=format!("/{language}/help")>{words!(language, help.title)}</a></li>
                        {topics.collect_view()}
                        <li><a href=format!("/{language}/track")>{words!(language, layout.track)}</a></li>
                        <li><a href=format!("/{language}/complaints/new")>{words!(language, complaints.new.title)}</a></li>
                    </ul>
                </nav>
                <div>
                    <h2>{words!(language, layout.language)}</h2>
                    <LanguageSwitch/>
                </div>
            </div>
            <p class="wrap footer__note">{words!(language, layout.test_shop)}</p>
        </footer>
    }
}
