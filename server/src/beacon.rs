//! `/beacon`: what a browser measured of a page that is left. It comes without cookies and says nothing of who it was.

use axum::{Json, extract::State, http::StatusCode};
use domain::measured::Visit;
use shop::{Shop, measured};
use std::time::Duration;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

/// How often what was counted is written.
const EVERY: Duration = Duration::from_secs(60);

pub async fn tell(State(shop): State<Shop>, Json(visit): Json<Visit>) -> StatusCode {
    if shop.counts.visited(&visit) { StatusCode::NO_CONTENT } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Writes what was counted every minute, and once more when the shop closes.
pub async fn keep(shop: Shop, stop: CancellationToken) {
    loop {
        let now = OffsetDateTime::now_utc();
        let closing = stop.is_cancelled();
        let kept = async {
            measured::keep(&shop, now).await?;
            measured::minute(&shop, now).await
        };
        if let Err(error) = kept.await {
            tracing::warn!(%error, "what was measured could not be written; the next minute's turn tries it again");
        }
        if closing {
            return;
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(EVERY) => {} }
    }
}
