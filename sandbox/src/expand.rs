//! `expand[]`: putting whole objects where the API shows ids, one step of a path at a time.

use std::future::Future;
use std::pin::Pin;

use serde_json::Value;
use sqlx::PgConnection;

use crate::api::ApiError;
use crate::sessions;
use crate::store::{self, Kind, Stored};

/// Stripe's own limit on how deep a path may go.
const DEEPEST: usize = 4;

/// The object's body with every path expanded.
pub(crate) async fn expand(connection: &mut PgConnection, object: Stored, paths: &[String]) -> Result<Value, ApiError> {
    let mut body = object.body.clone();
    for path in paths {
        let steps: Vec<&str> = path.split('.').collect();
        if steps.len() > DEEPEST {
            return Err(cannot(path));
        }
        if steps == ["line_items"] && object.id.starts_with("cs_") {
            body["line_items"] = sessions::line_items(&object);
        } else {
            follow(connection, &mut body, &steps, path).await?;
        }
    }
    Ok(body)
}

type Following<'a> = Pin<Box<dyn Future<Output = Result<(), ApiError>> + Send + 'a>>;

fn follow<'a>(connection: &'a mut PgConnection, body: &'a mut Value, steps: &'a [&'a str], path: &'a str) -> Following<'a> {
    Box::pin(async move {
        let Some((step, rest)) = steps.split_first() else { return Ok(()) };
        let kind = kind_of(step).ok_or_else(|| cannot(path))?;
        let field = body.get_mut(*step).ok_or_else(|| cannot(path))?;
        if let Some(id) = field.as_str().map(str::to_owned)
            && let Some(found) = store::find(connection, kind, &id).await?
        {
            *field = found.body;
        }
        if field.is_null() { Ok(()) } else { follow(connection, field, rest, path).await }
    })
}

fn kind_of(field: &str) -> Option<Kind> {
    match field {
        "payment_intent" => Some(Kind::PaymentIntent),
        "latest_charge" | "charge" => Some(Kind::Charge),
        _ => None,
    }
}

fn cannot(path: &str) -> ApiError {
    ApiError::invalid(format!("This property cannot be expanded ({path})."), "expand")
}
