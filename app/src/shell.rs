//! The document around every page: head, style sheet, the module that wakes the islands.

use crate::{request, routes::Routing};
use leptos::prelude::*;
use leptos_meta::MetaTags;
use serde::Deserialize;
use std::sync::Arc;

/// Where the built front end is, as `cargo xtask front` left it in `target/site/manifest.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Assets(Arc<AssetPaths>);

#[derive(Debug, Deserialize)]
pub struct AssetPaths {
    pub css: String,
    /// What pages of the desk load besides.
    pub staff_css: String,
    pub js: String,
    pub wasm: String,
    pub boot: String,
    /// Fonts that the first screen needs, preloaded.
    #[serde(default)]
    pub fonts: Vec<String>,
}

impl std::ops::Deref for Assets {
    type Target = AssetPaths;
    fn deref(&self) -> &AssetPaths {
        &self.0
    }
}

#[must_use]
pub fn shell() -> impl IntoView {
    let assets = request::assets();
    let language = request::language();
    let of_desk = request::is_desk(request::address().split('?').next().unwrap_or_default());
    // What leptos' own HydrationScripts does; ours is a module of its own, so that no inline script is needed.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    view! {
        <!DOCTYPE html>
        <html lang=language.code()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                // As --paper in the style sheet.
                <meta name="theme-color" content="#f8f5f0" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#181310" media="(prefers-color-scheme: dark)"/>
                <link rel="stylesheet" href=assets.css.clone()/>
                {of_desk.then(|| view! { <link rel="stylesheet" href=assets.staff_css.clone()/> })}
                {assets.fonts.iter().map(|font| view! { <link rel="preload" href=font.clone() r#as="font" r#type="font/woff2" crossorigin=""/> }).collect_view()}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="modulepreload" href=assets.js.clone()/>
                <script type="module" src=assets.boot.clone()></script>
                <MetaTags/>
            </head>
            <body>
                <Routing/>
            </body>
        </html>
    }
}
