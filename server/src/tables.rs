//! Tables of the desk for a spreadsheet: the register of complaints, the promise ledger, the
//! cases of the service reports, the customers.

use axum::{
    Extension,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use shop::{Actor, Failure, Shop, complaints, customers as people, promises, reports};
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

/// `/{language}/desk/customers.csv`, by the filter of the page
pub async fn customers(
    State(shop): State<Shop>,
    Extension(actor): Extension<Actor>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let filter = app::customers::pages::filter_of(&pairs);
    give("customers.csv", people::csv(&shop, &actor, &filter).await)
}

fn give<E: Display>(name: &str, table: Result<String, Failure<E>>) -> Response {
    match table {
        Ok(table) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, table).into_response()
        }
        Err(Failure::Refused(_)) => StatusCode::FORBIDDEN.into_response(),
        Err(Failure::Fault(fault)) => {
            tracing::error!(error = %fault, "a table could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
