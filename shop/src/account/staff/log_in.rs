//! The way in for staff: address and password, and the second factor where there is one.

use super::super::{
    address,
    link::{self, Purpose},
    password,
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
    pub way: Way,
}

/// Where somebody goes whose password is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    In,
    /// The session opens nothing until a code of the second factor completes it.
    Code,
    /// The password was given to them: with this link they choose their own. The session opens nothing.
    Choose(Token),
}

/// # Errors
/// Wrong address or password, never said which; or too many tries.
pub async fn log_in(shop: &Shop, email: &str, password: &str, user_agent: &str, now: OffsetDateTime) -> Outcome<LoggedIn, AccountRefusal> {
    let email = address(email);
    let account = throttled(&email);
    throttle::attempt(shop, &account, now).await?;
    let row = sqlx::query!(
        "select id, password_hash, password_given, roles, totp_confirmed_at from staff where lower(email) = lower($1) and active",
        email
    )
    .fetch_optional(&shop.db)
    .await?;
    let kept = row.as_ref().and_then(|row| row.password_hash.clone());
    let is_right = password::is_right(password, kept).await?;
    let Some(row) = row.filter(|_| is_right) else { return Err(Failure::Refused(AccountRefusal::WrongLogIn)) };
    let (id, roles) = (StaffId(row.id), session::roles(&row.roles));
    let mut db = transaction::begin(&shop.db).await?;
    throttle::forgive(&mut db, &account).await?;
    let way = if row.password_given {
        Way::Choose(link::begin(&mut db, Purpose::StaffPassword, id.0, now).await?)
    } else if row.totp_confirmed_at.is_some() {
        Way::Code
    } else {
        Way::In
    };
    let session = session::begin(&mut db, Owner::Staff(id), way == Way::In, user_agent, now).await?;
    if way == Way::In {
        audit::record(&mut db, &Actor::Staff { id, roles }, "staff.logged_in", Some(id.0), json!({}), now).await?;
    }
    db.commit().await?;
    Ok(LoggedIn { session, roles, way })
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
