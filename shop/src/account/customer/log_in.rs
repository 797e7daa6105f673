//! The ways in for customers: a password, or a link in a mail.

use super::{
    super::{
        address,
        letters::Reader,
        link::{self, Purpose},
        password,
        session::{self, Owner},
        throttle,
    },
    confirmed,
    register::send,
};
use crate::{Actor, Failure, Outcome, Shop, transaction};
use domain::{
    Language,
    account::{AccountRefusal, check_password},
    ids::{CustomerId, SessionId},
    token::Token,
};
use time::OffsetDateTime;

/// The session, for the cookie.
///
/// # Errors
/// Wrong address or password, never said which; or too many tries.
pub async fn log_in(shop: &Shop, email: &str, password: &str, user_agent: &str, now: OffsetDateTime) -> Outcome<Token, AccountRefusal> {
    let email = address(email);
    let account = throttled(&email);
    throttle::attempt(shop, &account, now).await?;
    let row = sqlx::query!("select id, password_hash from customer where lower(email) = lower($1)", email).fetch_optional(&shop.db).await?;
    let kept = row.as_ref().and_then(|row| row.password_hash.clone());
    let is_right = password::is_right(password, kept).await?;
    let Some(row) = row.filter(|_| is_right) else { return Err(Failure::Refused(AccountRefusal::WrongLogIn)) };
    let mut db = transaction::begin(&shop.db).await?;
    throttle::forgive(&mut db, &account).await?;
    let session = session::begin(&mut db, Owner::Customer(CustomerId(row.id)), true, user_agent, now).await?;
    db.commit().await?;
    Ok(session)
}

/// Under which name the tries of this address are counted.
pub(super) fn throttled(email: &str) -> String {
    format!("customer:{}", email.to_lowercase())
}

/// Ends the session. What was typed at checkout goes with it, for the next person at this browser; the cart stays.
///
/// # Errors
/// Nobody is logged in.
pub async fn log_out(shop: &Shop, actor: &Actor, session: SessionId, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    session::end(shop, actor, session, now).await?;
    if let Some(cart) = actor.cart() {
        sqlx::query!("update cart set draft = '{}' where id = $1", cart.0).execute(&shop.db).await?;
    }
    Ok(())
}

/// Sends a link that logs in (`CustomerLogIn`) or that lets them choose a password (`CustomerPassword`), if there is an
/// account with this address. The answer never says whether.
///
/// # Errors
/// A fault only.
pub async fn ask_for_link(
    shop: &Shop,
    purpose: Purpose,
    email: &str,
    language: Language,
    now: OffsetDateTime,
) -> Outcome<(), AccountRefusal> {
    let mut db = transaction::begin(&shop.db).await?;
    let row = sqlx::query!("select id, email, name from customer where lower(email) = lower($1)", address(email))
        .fetch_optional(&mut *db)
        .await?;
    if let Some(row) = row {
        let reader = Reader { email: &row.email, name: &row.name, language };
        send(&mut db, shop, purpose, CustomerId(row.id), &reader, now).await?;
    }
    db.commit().await?;
    Ok(())
}

/// The address that this link was sent to, as long as it opens something.
///
/// # Errors
/// A fault only.
pub async fn whose_link(shop: &Shop, purpose: Purpose, link: &Token, now: OffsetDateTime) -> Outcome<Option<(CustomerId, String)>> {
    let mut db = shop.db.acquire().await?;
    let Some(id) = link::read(&mut db, &[purpose], link, now).await? else { return Ok(None) };
    let email = sqlx::query_scalar!("select email from customer where id = $1", id).fetch_optional(&mut *db).await?;
    Ok(email.map(|email| (CustomerId(id), email)))
}

/// Logs in who followed a link; the address is confirmed by that. A password that was chosen before anybody showed that
/// the address is theirs may be a stranger's: it opens nothing from now on, nor do the sessions that it opened. The link
/// to confirm an address does as well, for who does not know the password.
///
/// # Errors
/// The link is spent.
pub async fn enter(shop: &Shop, link: &Token, user_agent: &str, now: OffsetDateTime) -> Outcome<Token, AccountRefusal> {
    let mut db = transaction::begin(&shop.db).await?;
    let id = CustomerId(link::spend(&mut db, &[Purpose::CustomerLogIn, Purpose::CustomerConfirmation], link, now).await?);
    let unproven =
        sqlx::query!("update customer set password_hash = null where id = $1 and confirmed_at is null", id.0).execute(&mut *db).await?;
    if unproven.rows_affected() > 0 {
        session::end_all(&mut db, Owner::Customer(id), None).await?;
    }
    confirmed(&mut db, id, now).await?;
    let session = session::begin(&mut db, Owner::Customer(id), true, user_agent, now).await?;
    db.commit().await?;
    Ok(session)
}

/// The password of somebody who followed a link: they are logged in here, and nowhere else any more.
///
/// # Errors
/// The link is spent, or the password will not do: then the link stays good.
pub async fn choose_password(
    shop: &Shop,
    link: &Token,
    password: &str,
    user_agent: &str,
    now: OffsetDateTime,
) -> Outcome<Token, AccountRefusal> {
    check_password(password).map_err(Failure::Refused)?;
    let hash = password::hash(password).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let id = CustomerId(link::spend(&mut db, &[Purpose::CustomerPassword], link, now).await?);
    let email =
        sqlx::query_scalar!("update customer set password_hash = $2 where id = $1 returning email", id.0, hash).fetch_one(&mut *db).await?;
    confirmed(&mut db, id, now).await?;
    session::end_all(&mut db, Owner::Customer(id), None).await?;
    link::spend_all(&mut db, id.0, now).await?;
    throttle::forgive(&mut db, &throttled(&email)).await?;
    let session = session::begin(&mut db, Owner::Customer(id), true, user_agent, now).await?;
    db.commit().await?;
    Ok(session)
}
