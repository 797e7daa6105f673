//! What a page says of itself to search engines and to those who pass its link on.

use crate::request;
use domain::{Language, catalog::Picture};
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};

/// Title, description, the one address under which the page is known, and where it is in the other languages.
/// `paths` are paths such as `/en/p/bowl`, none for a page that is not to be `listed`.
#[component]
pub fn Head(
    title: String,
    description: String,
    #[prop(optional)] paths: Vec<(Language, String)>,
    #[prop(optional_no_strip)] picture: Option<Picture>,
    #[prop(default = true)] listed: bool,
    #[prop(default = "website")] kind: &'static str,
) -> impl IntoView {
    let (shop, language) = (request::shop(), request::language());
    let (origin, name) = (shop.settings.public_url.clone(), shop.settings.shop_name.clone());
    let full_title = if title == name { title.clone() } else { format!("{title} · {name}") };
    let canonical = paths.iter().find(|(l, _)| *l == language).map(|(_, path)| format!("{origin}{path}"));
    let image = picture.map(|picture| format!("{origin}{}", picture.src(1280, "webp")));
    view! {
        <Title text=as_text(&full_title)/>
        <Meta name="description" content=description.clone()/>
        {(!listed).then(|| view! { <Meta name="robots" content="noindex, follow"/> })}
        {canonical.clone().map(|href| view! { <Link rel="canonical" href=href/> })}
        <Alternates origin paths/>
        <Meta property="og:site_name" content=name/>
        <Meta property="og:type" content=kind/>
        <Meta property="og:title" content=title/>
        <Meta property="og:description" content=description/>
        <Meta property="og:locale" content=locale(language)/>
        {canonical.map(|url| view! { <Meta property="og:url" content=url/> })}
        {image.map(|url| view! { <Meta property="og:image" content=url/> <Meta name="twitter:card" content="summary_large_image"/> })}
    }
}

/// The paths of a page whose address is the same in every language but for its beginning.
#[must_use]
pub fn in_every_language(rest: &str) -> Vec<(Language, String)> {
    Language::ALL.into_iter().map(|language| (language, format!("/{language}{rest}"))).collect()
}

/// Facts for machines. Browsers never run it: it is data, and nothing in it can end the element.
#[component]
pub fn Facts(facts: serde_json::Value) -> impl IntoView {
    let json = facts.to_string().replace('<', "\\u003c");
    view! { <script type="application/ld+json" inner_html=json></script> }
}

#[component]
fn Alternates(origin: String, paths: Vec<(Language, String)>) -> impl IntoView {
    let fallback = paths.iter().find(|(language, _)| *language == Language::default()).map(|(_, path)| format!("{origin}{path}"));
    let links = paths.into_iter().map(move |(language, path)| {
        view! { <Link rel="alternate" hreflang=language.code() href=format!("{origin}{path}")/> }
    });
    view! {
        {links.collect_view()}
        {fallback.map(|href| view! { <Link rel="alternate" hreflang="x-default" href=href/> })}
    }
}

/// `Title` writes what it is given into the page as it is; attributes are escaped by Leptos.
fn as_text(title: &str) -> String {
    title.replace('&', "&amp;").replace('<', "&lt;")
}

const fn locale(language: Language) -> &'static str {
    match language {
        Language::Es => "es_ES",
        Language::En => "en_GB",
    }
}
