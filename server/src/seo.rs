//! For machines that read the shop: robots.txt, the sitemap, and which links a browser may fetch ahead.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use domain::Language;
use http::StatusCode;
use shop::{
    Outcome, Shop,
    catalog::product::{self, SitemapEntry, SitemapKind},
    help,
};
use std::fmt::Write;

pub async fn robots(State(shop): State<Shop>) -> Response {
    let mut text = String::from("User-agent: *\n");
    for language in Language::ALL {
        for private in ["cart", "checkout", "order", "track", "search", "account", "chat", "desk", "survey"] {
            let _ = writeln!(text, "Disallow: /{language}/{private}");
        }
    }
    let _ = writeln!(text, "Disallow: /api/\n\nSitemap: {}/sitemap.xml", shop.settings.public_url);
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// Speculation rules: a link that the pointer rests on is rendered ahead, except where that would cost or change
/// something. To show a page in another language is to remember that language.
pub async fn speculation_rules() -> Response {
    let excluded = ["cart", "checkout", "order/*", "track", "account", "account/*", "chat", "desk", "desk/*", "survey", "survey/*"]
        .map(|path| format!(r#""/*/{path}""#))
        .join(", ");
    let rules = format!(
        r#"{{"prerender": [{{"where": {{"and": [{{"href_matches": "/*"}}, {{"not": {{"href_matches": [{excluded}, "/api/*", "/sandbox/*"]}}}}, {{"not": {{"selector_matches": ".language"}}}}]}}, "eagerness": "moderate"}}]}}"#
    );
    ([(header::CONTENT_TYPE, "application/speculationrules+json"), (header::CACHE_CONTROL, "public, max-age=86400")], rules).into_response()
}

/// Every product, category and help article in every language; which address is which in another language, the pages say themselves.
pub async fn sitemap(State(shop): State<Shop>) -> Response {
    match listed(&shop).await {
        Ok((entries, articles)) => {
            ([(header::CONTENT_TYPE, "application/xml")], sitemap_xml(&shop.settings.public_url, &entries, &articles)).into_response()
        }
        Err(failure) => {
            tracing::error!(error = %failure, "the sitemap could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn listed(shop: &Shop) -> Outcome<(Vec<SitemapEntry>, Vec<(Language, String)>)> {
    let mut articles = Vec::new();
    for language in Language::ALL {
        articles.extend(help::list(shop, language).await?.into_iter().map(|article| (language, article.slug)));
    }
    Ok((product::slugs_for_sitemap(shop).await?, articles))
}

fn sitemap_xml(origin: &str, entries: &[SitemapEntry], articles: &[(Language, String)]) -> String {
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for language in Language::ALL {
        let _ = writeln!(xml, "<url><loc>{origin}/{language}</loc></url>\n<url><loc>{origin}/{language}/help</loc></url>");
    }
    for SitemapEntry { kind, language, slug, updated_at } in entries {
        let kind = match kind {
            SitemapKind::Category => "c",
            SitemapKind::Product => "p",
        };
        let changed = updated_at.map(|at| format!("<lastmod>{}</lastmod>", at.date())).unwrap_or_default();
        let _ = writeln!(xml, "<url><loc>{origin}/{language}/{kind}/{slug}</loc>{changed}</url>");
    }
    for (language, slug) in articles {
        let _ = writeln!(xml, "<url><loc>{origin}/{language}/help/{slug}</loc></url>");
    }
    xml.push_str("</urlset>\n");
    xml
}
