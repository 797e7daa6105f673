//! What somebody of the staff does with their own password.

use super::{
    super::{
        address,
        letters::{self, Reader},
        link::{self, Purpose},
        password,
        session::{self, Owner},
        throttle,
    },
    who,
};
use crate::{Actor, Failure, Outcome, Shop, audit, transaction};
use domain::{
    Language,
    account::{AccountRefusal, check_password},
    ids::{SessionId, StaffId},
    token::Token,
};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

const LINKS: [Purpose; 2] = [Purpose::StaffInvitation, Purpose::StaffPassword];

/// Another password; every other session of the person ends.
///
/// # Errors
/// `current` is wrong, too many tries, or the new one will not do.
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
    prove(shop, id, current, now).await?;
    let hash = password::hash(new).await?;
    let mut db = transaction::begin(&shop.db).await?;
    sqlx::query!("update staff set password_hash = $2 where id = $1", id.0, hash).execute(&mut *db).await?;
    session::end_all(&mut db, Owner::Staff(id), Some(own_session)).await?;
    link::spend_all(&mut db, id.0, now).await?;
    audit::record(&mut db, actor, "password.changed", Some(id.0), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

/// Whoever sits before a browser that was left open does not know the password.
pub(super) async fn prove(shop: &Shop, id: StaffId, password: &str, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let account = format!("staff-password:{id}");
    throttle::attempt(shop, &account, now).await?;
    let kept = sqlx::query_scalar!("select password_hash from staff where id = $1", id.0).fetch_one(&shop.db).await?;
    if !password::is_right(password, kept).await? {
        return Err(Failure::Refused(AccountRefusal::WrongPassword));
    }
    throttle::forgive(&mut *shop.db.acquire().await?, &account).await?;
    Ok(())
}

/// Sends a link to choose another password, if somebody of the staff has this address. The answer never says whether.
///
/// # Errors
/// A fault only.
pub async fn ask_for_password_link(shop: &Shop, email: &str, language: Language, now: OffsetDateTime) -> Outcome<()> {
    let mut db = transaction::begin(&shop.db).await?;
    let row = sqlx::query!("select id, email, name from staff where lower(email) = lower($1) and active", address(email))
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return Ok(()) };
    if let Some(link) = link::make(&mut db, Purpose::StaffPassword, row.id, now).await? {
        let reader = Reader { email: &row.email, name: &row.name, language };
        letters::send(&mut db, shop, Purpose::StaffPassword, &reader, &link, now).await?;
    }
    db.commit().await?;
    Ok(())
}

/// Whose link this is, by name, as long as it opens something.
///
/// # Errors
/// A fault only.
pub async fn whose_link(shop: &Shop, link: &Token, now: OffsetDateTime) -> Outcome<Option<String>> {
    let mut db = shop.db.acquire().await?;
    let Some(id) = link::read(&mut db, &LINKS, link, now).await? else { return Ok(None) };
    let name = sqlx::query_scalar!("select name from staff where id = $1 and active", id).fetch_optional(&mut *db).await?;
    Ok(name)
}

/// The password of somebody who followed a link; every session of theirs ends, and whoever guessed may try anew.
///
/// # Errors
/// The link is spent, or the password will not do: then the link stays good.
pub async fn choose_password(shop: &Shop, link: &Token, password: &str, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    check_password(password).map_err(Failure::Refused)?;
    let hash = password::hash(password).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let id: Uuid = link::spend(&mut db, &LINKS, link, now).await?;
    let row = sqlx::query!(
        "update staff set password_hash = $2, password_given = false where id = $1 and active returning email, roles",
        id,
        hash
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Err(Failure::Refused(AccountRefusal::LinkSpent)) };
    session::end_all(&mut db, Owner::Staff(StaffId(id)), None).await?;
    link::spend_all(&mut db, id, now).await?;
    throttle::forgive(&mut db, &super::log_in::throttled(&row.email)).await?;
    let actor = Actor::Staff { id: StaffId(id), roles: session::roles(&row.roles) };
    audit::record(&mut db, &actor, "password.chosen", Some(id), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}
