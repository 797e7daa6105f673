//! The way in for staff: address and password, and the second factor where there is one.

use super::super::{
    address, password,
    session::{self, Owner},
    throttle,
};
use crate::{Actor, Failure, Outcome, Shop, audit, transaction};
use domain::{
    account::AccountRefusal,
    ids::{SessionId, StaffId},
    staff::Roles,
    token::Token,
};
use serde_json::json;
use time::OffsetDateTime;

/// Somebody who is in, or half-way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedIn {
    /// For the cookie.
    pub session: Token,
    pub roles: Roles,
    /// The session opens nothing until a code of the second factor completes it.
    pub needs_code: bool,
}

/// # Errors
/// Wrong address or password, never said which; or too many tries.
pub async fn log_in(shop: &Shop, email: &str, password: &str, user_agent: &str, now: OffsetDateTime) -> Outcome<LoggedIn, AccountRefusal> {
    let email = address(email);
    let account = throttled(&email);
    throttle::attempt(shop, &account, now).await?;
    let row =
        sqlx::query!("select id, password_hash, roles, totp_confirmed_at from staff where lower(email) = lower($1) and active", email)
            .fetch_optional(&shop.db)
            .await?;
    let kept = row.as_ref().and_then(|row| row.password_hash.clone());
    let is_right = password::is_right(password, kept).await?;
    let Some(row) = row.filter(|_| is_right) else { return Err(Failure::Refused(AccountRefusal::WrongLogIn)) };
    let (id, roles, needs_code) = (StaffId(row.id), session::roles(&row.roles), row.totp_confirmed_at.is_some());
    let mut db = transaction::begin(&shop.db).await?;
    throttle::forgive(&mut db, &account).await?;
    let session = session::begin(&mut db, Owner::Staff(id), !needs_code, user_agent, now).await?;
    if !needs_code {
        audit::record(&mut db, &Actor::Staff { id, roles }, "staff.logged_in", Some(id.0), json!({}), now).await?;
    }
    db.commit().await?;
    Ok(LoggedIn { session, roles, needs_code })
}

/// Under which name the tries of this address are counted.
pub(super) fn throttled(email: &str) -> String {
    format!("staff:{}", email.to_lowercase())
}

/// # Errors
/// Nobody is logged in.
pub async fn log_out(shop: &Shop, actor: &Actor, session: SessionId, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    session::end(shop, actor, session, now).await
}
