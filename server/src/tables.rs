//! Tables of the desk for a spreadsheet: the register of complaints, the promise ledger, the
//! cases of the service reports, the customers, the answers of surveys.

use axum::{
    Extension,
    body::Body,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use shop::{Actor, Failure, Shop, complaints, customers as people, promises, reports, survey_health};
use std::fmt::Display;
use time::{Duration, OffsetDateTime};

/// How far back the register goes.
const EVERYTHING: Duration = Duration::days(3660);

/// `/{language}/desk/complaints.csv`
pub async fn register(State(shop): State<Shop>, Extension(actor): Extension<Actor>) -> Response {
    let table = complaints::csv(&shop, &actor, OffsetDateTime::now_utc() - EVERYTHING).await;
    give("complaints.csv", table)
}

/// `/{language}/desk/promises.csv`, by the filter of the page
pub async fn ledger(State(shop): State<Shop>, Extension(actor): Extension<Actor>, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    let filter = app::promises::pages::filter_of(&pairs);
    give("promises.csv", promises::csv(&shop, &actor, filter, OffsetDateTime::now_utc()).await)
}

/// `/{language}/desk/reports.csv?days=`
pub async fn cases(State(shop): State<Shop>, Extension(actor): Extension<Actor>, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    let days = app::reports::pages::period_of(&pairs);
    give("service.csv", reports::csv(&shop, &actor, days, OffsetDateTime::now_utc()).await)
}

/// `/{language}/desk/quality/answers.csv`, by the filter of the page; written while it is read
pub async fn answers(State(shop): State<Shop>, Extension(actor): Extension<Actor>, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    let filter = app::quality_health::of_pairs(&pairs);
    let table = survey_health::export(&shop, &actor, &filter, OffsetDateTime::now_utc()).await;
    give("answers.csv", table.map(Body::from_stream))
}

/// `/{language}/desk/customers.csv`, by the filter of the page
pub async fn customers(
    State(shop): State<Shop>,
    Extension(actor): Extension<Actor>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let filter = app::customers::pages::filter_of(&pairs);
    give("customers.csv", people::csv(&shop, &actor, &filter).await)
}

/// `/{language}/desk/quality/codebook.csv`, by the same filter
pub async fn codebook(
    State(shop): State<Shop>,
    Extension(actor): Extension<Actor>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let filter = app::quality_health::of_pairs(&pairs);
    give("codebook.csv", survey_health::codebook(&shop, &actor, &filter, OffsetDateTime::now_utc()).await)
}

fn give<T: Into<Body>, E: Display>(name: &str, table: Result<T, Failure<E>>) -> Response {
    match table {
        Ok(table) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, table.into()).into_response()
        }
        Err(Failure::Refused(_)) => StatusCode::FORBIDDEN.into_response(),
        Err(Failure::Fault(fault)) => {
            tracing::error!(error = %fault, "a table could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
