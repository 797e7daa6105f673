//! News for every node: the database announces each committed event, and cached pages that it makes untrue
//! are dropped, as is the menu in memory. A node that stopped hearing trusts none of its pages.

use crate::page_cache::PageCache;
use domain::ids::ProductId;
use serde::Deserialize;
use shop::catalog::menu;
use sqlx::{PgPool, postgres::PgListener};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

#[derive(Deserialize)]
struct News {
    kind: String,
    subject: Option<Uuid>,
}

/// Listens until `stop`; connects again when the connection is lost.
pub async fn listen(db: PgPool, cache: PageCache, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            result = hear(&db, &cache) => {
                cache.suspend();
                menu::distrust(&db);
                if let Err(error) = result {
                    tracing::warn!(%error, "not hearing the database's news; cached pages are not used until it does");
                }
            }
        }
        tokio::select! { () = stop.cancelled() => return, () = tokio::time::sleep(Duration::from_secs(1)) => {} }
    }
}

async fn hear(db: &PgPool, cache: &PageCache) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(db).await?;
    listener.listen("event").await?;
    cache.resume();
    menu::trust(db);
    // `try_recv` says None when the connection was lost, and news with it.
    while let Some(notification) = listener.try_recv().await? {
        let Ok(news) = serde_json::from_str::<News>(notification.payload()) else { continue };
        let of_catalog = ["product.", "price.", "stock."].iter().any(|kind| news.kind.starts_with(kind));
        match news.subject {
            Some(subject) if of_catalog => cache.product_changed(ProductId(subject)),
            // Every page's menu names the categories.
            _ if news.kind.starts_with("category.") => {
                menu::forget(db);
                cache.everything_changed();
            }
            _ if news.kind.starts_with("home.") || news.kind == "help.changed" => cache.everything_changed(),
            _ => {}
        }
    }
    Ok(())
}
