//! Customers: what their account knows, and what they change in it. Whoever has a confirmed address sees the orders that
//! were placed with it.

mod addresses;
mod deletion;
mod email;
mod log_in;
mod register;

pub use addresses::{begin_with, draft, remove_address, save_address};
pub use deletion::{Leaving, Proof, ask_for_deletion, delete, leaving};
pub use email::{EmailChange, ask_for_email, confirm_email, email_change, keep_email};
pub use log_in::{ask_for_link, choose_password, enter, log_in, log_out, whose_link};
pub use register::{NewCustomer, confirm, register, send_confirmation};

use super::{
    link, name, password,
    session::{self, Owner},
    throttle,
};
use crate::{Actor, Failure, Fault, Outcome, Shop, events, transaction};
use domain::{
    Language,
    account::{AccountRefusal, Preferences, Profile, SavedAddress, check_password},
    ids::{CustomerId, SessionId},
};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;

/// # Errors
/// Nobody is logged in.
pub async fn profile(shop: &Shop, actor: &Actor) -> Outcome<Profile, AccountRefusal> {
    let id = who(actor)?;
    let row = sqlx::query!(
        r#"select email, new_email, name, language, confirmed_at, password_hash is not null as "has_password!",
                  addresses as "addresses: Json<Vec<SavedAddress>>", preferences as "preferences: Json<Preferences>"
           from customer where id = $1"#,
        id.0
    )
    .fetch_one(&shop.db)
    .await?;
    Ok(Profile {
        email: row.email,
        new_email: row.new_email,
        name: row.name,
        language: row.language.parse().unwrap_or(shop.settings.base_language),
        confirmed: row.confirmed_at.is_some(),
        has_password: row.has_password,
        addresses: row.addresses.0,
        preferences: row.preferences.0,
    })
}

/// Name, language of the letters, and what else they wish.
///
/// # Errors
/// Nobody is logged in, or the name is too long.
pub async fn set_preferences(
    shop: &Shop,
    actor: &Actor,
    name_typed: &str,
    language: Language,
    preferences: Preferences,
) -> Outcome<(), AccountRefusal> {
    let id = who(actor)?;
    let name = name(name_typed).ok_or(Failure::Refused(AccountRefusal::NoName))?;
    sqlx::query!(
        "update customer set name = $2, language = $3, preferences = preferences || $4 where id = $1",
        id.0,
        name,
        language.code(),
        Json(preferences) as _
    )
    .execute(&shop.db)
    .await?;
    Ok(())
}

/// Another password, or a first one; every other session of the customer ends.
///
/// # Errors
/// Nobody is logged in, `current` is wrong (where there is one), too many tries, or the new one will not do.
pub async fn change_password(
    shop: &Shop,
    actor: &Actor,
    own_session: SessionId,
    current: &str,
    new: &str,
    now: OffsetDateTime,
) -> Outcome<(), AccountRefusal> {
    let id = who(actor)?;
    check_password(new).map_err(Failure::Refused)?;
    is_proved(shop, id, current, now).await?;
    let hash = password::hash(new).await?;
    let mut db = transaction::begin(&shop.db).await?;
    sqlx::query!("update customer set password_hash = $2 where id = $1", id.0, hash).execute(&mut *db).await?;
    session::end_all(&mut db, Owner::Customer(id), Some(own_session)).await?;
    link::spend_all(&mut db, id.0, now).await?;
    db.commit().await?;
    Ok(())
}

fn who(actor: &Actor) -> Outcome<CustomerId, AccountRefusal> {
    actor.customer().ok_or(Failure::Refused(AccountRefusal::NotAllowed))
}

/// Whether somebody showed by the account's password that it is theirs; `false` where it has none.
async fn is_proved(shop: &Shop, id: CustomerId, typed: &str, now: OffsetDateTime) -> Outcome<bool, AccountRefusal> {
    let kept = sqlx::query_scalar!("select password_hash from customer where id = $1", id.0).fetch_optional(&shop.db).await?.flatten();
    if kept.is_none() {
        return Ok(false);
    }
    let account = throttled_inside(id);
    throttle::attempt(shop, &account, now).await?;
    if !password::is_right(typed, kept).await? {
        return Err(Failure::Refused(AccountRefusal::WrongPassword));
    }
    throttle::forgive(&mut *shop.db.acquire().await?, &account).await?;
    Ok(true)
}

/// Under which name the tries of somebody who is in are counted.
fn throttled_inside(id: CustomerId) -> String {
    format!("customer-password:{id}")
}

/// The address is theirs from now on, and so are the orders that were placed with it without an account.
async fn confirmed(db: &mut PgConnection, id: CustomerId, now: OffsetDateTime) -> Result<(), Fault> {
    let email =
        sqlx::query_scalar!("update customer set confirmed_at = coalesce(confirmed_at, $2) where id = $1 returning email", id.0, now)
            .fetch_one(&mut *db)
            .await?;
    let joined = sqlx::query!("update orders set customer_id = $1 where lower(email) = lower($2) and customer_id is null", id.0, email)
        .execute(&mut *db)
        .await?;
    events::record(db, "customer.confirmed", id.0, json!({ "orders": joined.rows_affected() }), now).await
}
