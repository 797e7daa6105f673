//! Photographs in their derived sizes, `/media/{hash}/{width}.{avif|webp}`. The hash is of the content, so a
//! browser keeps them for good.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use shop::{Shop, catalog::media};

/// Opened by itself, a picture may do nothing.
const POLICY: &str = "default-src 'none'; sandbox";

pub async fn picture(State(shop): State<Shop>, Path((hash, file)): Path<(String, String)>) -> Response {
    let found = file.split_once('.').and_then(|(width, format)| Some((width.parse::<u32>().ok()?, format)));
    let Some((width, format)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let Some(path) = media::media_path(&shop.settings, &hash, width, format) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(bytes) = tokio::fs::read(path).await else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, if format == "avif" { "image/avif" } else { "image/webp" }),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, bytes).into_response()
}
