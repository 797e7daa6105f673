//! What surrounds every page of the desk: its navigation, who is logged in, and the guard before the content.

use super::Section;
use crate::{
    layout::{Head, LanguageSwitch, NotFound},
    request, words,
};
use domain::{
    Language,
    staff::{Member, Permission},
};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::components::Outlet;

/// Around the routes of the desk: an address that begins with no language of ours leads nowhere.
#[component]
pub fn Room() -> impl IntoView {
    let has_language = request::in_path(request::address().split('?').next().unwrap_or_default()).is_some();
    if has_language { view! { <Outlet/> }.into_any() } else { view! { <NotFound/> }.into_any() }
}

/// A page of the desk. `children` are made only for somebody who is logged in and may do what the page `needs`.
#[component]
pub fn Desk(section: Section, #[prop(optional)] needs: Option<Permission>, title: String, children: Children) -> impl IntoView {
    let language = request::language();
    let Some(member) = request::member() else {
        go_to(&super::pages::log_in_address(language, &request::address()));
        return ().into_any();
    };
    let allowed = needs.is_none_or(|permission| member.roles.may(permission));
    if !allowed {
        set_status(StatusCode::FORBIDDEN);
    }
    let content = if allowed { children() } else { view! { <NotAllowed language/> }.into_any() };
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <a class="skip" href="#content">{words!(language, layout.skip_to_content)}</a>
        <div class="desk">
            <Bar member=member.clone() language/>
            <Navigation section member language/>
            <main class="desk__main" id="content" tabindex="-1">
                <h1 class="desk__title">{title}</h1>
                {content}
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Bar(member: Member, language: Language) -> impl IntoView {
    let roles = member.roles.list().into_iter().map(|role| super::pages::role_name(role, language)).collect::<Vec<_>>().join(", ");
    view! {
        <header class="desk__bar">
            <p class="desk__shop">{request::shop().settings.shop_name.clone()}</p>
            <p class="desk__who"><strong>{member.name}</strong>" "<span class="soft">{roles}</span></p>
            <LanguageSwitch/>
            <form method="post" action="/api/desk/log-out">
                <button class="button button--text" type="submit">{words!(language, backoffice.log_out)}</button>
            </form>
        </header>
    }
}

#[component]
fn Navigation(section: Section, member: Member, language: Language) -> impl IntoView {
    let open = Section::ALL.into_iter().filter(|section| section.is_open_to(member.roles));
    let links = open.map(|each| {
        let current = (each == section).then_some("page");
        view! { <li><a href=each.address(language) aria-current=current>{each.name(language)}</a></li> }
    });
    view! {
        <nav class="desk__nav" aria-label=words!(language, backoffice.sections)>
            <ul>{links.collect_view()}</ul>
        </nav>
    }
}

#[component]
fn NotAllowed(language: Language) -> impl IntoView {
    view! { <p class="notice" data-kind="warn">{words!(language, backoffice.not_allowed)}</p> }
}

/// Leads on while the page is made.
pub(crate) fn go_to(address: &str) {
    let (Some(response), Ok(address)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(address)) else { return };
    response.insert_header(header::LOCATION, address);
    response.set_status(StatusCode::FOUND);
}

fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
