//! Another mail address for an account: asked for from inside it, confirmed by a link to the new address, told to the old
//! one. Until then nothing changes; whether somebody has the new address already is said to that address only.

use super::{
    super::{
        address,
        letters::{self, Reader},
        link::{self, Purpose},
        notices::{self, Notice},
        session::{self, Owner},
    },
    confirmed, is_proved, who,
};
use crate::{Actor, Failure, Fault, Outcome, Shop, customers, events, transaction};
use domain::{
    account::AccountRefusal,
    checkout::is_email,
    ids::{CustomerId, SessionId},
    token::Token,
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

const CHANGES: [Purpose; 1] = [Purpose::CustomerEmail];
/// How long somebody who came by a link in a mail counts as having just come.
const FRESH: Duration = Duration::minutes(15);
/// How long until another link may be asked for.
const LINKS_AGAIN: u32 = 60 * 60;

/// Where a link to a new address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailChange {
    pub customer: CustomerId,
    pub email: String,
    pub new_email: String,
    pub has_password: bool,
}

/// Sends a link to the new address and a notice to the old one. The password is asked for, or where there is none, that
/// they have just come by a link.
///
/// # Errors
/// Nobody is logged in, no other address, wrong password, too many tries, not just come, or too many links lately.
pub async fn ask_for_email(
    shop: &Shop,
    actor: &Actor,
    own_session: SessionId,
    typed: &str,
    password: &str,
    now: OffsetDateTime,
) -> Outcome<(), AccountRefusal> {
    let (id, new) = (who(actor)?, address(typed));
    if !is_email(&new) {
        return Err(Failure::Refused(AccountRefusal::NotAnEmail));
    }
    if !is_proved(shop, id, password, now).await? && !has_just_come(shop, own_session, now).await? {
        return Err(Failure::Refused(AccountRefusal::LogInAnew));
    }
    let mut db = transaction::begin(&shop.db).await?;
    let row = sqlx::query!(
        r#"select email, name, language, exists (select from customer o where lower(o.email) = lower($2) and o.id <> $1) as "taken!"
           from customer where id = $1 for update"#,
        id.0,
        new
    )
    .fetch_one(&mut *db)
    .await?;
    if row.email.eq_ignore_ascii_case(&new) {
        return Err(Failure::Refused(AccountRefusal::OwnEmail));
    }
    link::spend_of(&mut db, Purpose::CustomerEmail, id.0, now).await?;
    // Also where it leads nowhere: nobody's mailbox is filled by asking for their address again and again.
    let link = link::make(&mut db, Purpose::CustomerEmail, id.0, now).await?;
    let link = link.ok_or(Failure::Refused(AccountRefusal::TooManyTries { seconds: LINKS_AGAIN }))?;
    let language = row.language.parse().unwrap_or(shop.settings.base_language);
    if row.taken {
        notices::send(&mut db, shop, Notice::EmailTaken, &Reader { email: &new, name: "", language }, now).await?;
    } else {
        let reader = Reader { email: &new, name: &row.name, language };
        letters::send(&mut db, shop, Purpose::CustomerEmail, &reader, &link, now).await?;
    }
    let reader = Reader { email: &row.email, name: &row.name, language };
    notices::send(&mut db, shop, Notice::EmailAsked(&new), &reader, now).await?;
    sqlx::query!("update customer set new_email = $2 where id = $1", id.0, new).execute(&mut *db).await?;
    db.commit().await?;
    Ok(())
}

async fn has_just_come(shop: &Shop, session: SessionId, now: OffsetDateTime) -> Result<bool, Fault> {
    let since = now - FRESH;
    let found = sqlx::query_scalar!("select id from session where id = $1 and created_at > $2", session.0, since);
    Ok(found.fetch_optional(&shop.db).await?.is_some())
}

/// The address stays as it is: the link that was sent to the other opens nothing any more.
///
/// # Errors
/// Nobody is logged in.
pub async fn keep_email(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let id = who(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    link::spend_of(&mut db, Purpose::CustomerEmail, id.0, now).await?;
    sqlx::query!("update customer set new_email = null where id = $1", id.0).execute(&mut *db).await?;
    db.commit().await?;
    Ok(())
}

/// What this link changes, as long as it does.
///
/// # Errors
/// A fault only.
pub async fn email_change(shop: &Shop, link: &Token, now: OffsetDateTime) -> Outcome<Option<EmailChange>> {
    let mut db = shop.db.acquire().await?;
    let Some(id) = link::read(&mut db, &CHANGES, link, now).await? else { return Ok(None) };
    let row = sqlx::query!(
        r#"select email, new_email as "new_email!", password_hash is not null as "has_password!"
           from customer where id = $1 and new_email is not null"#,
        id
    )
    .fetch_optional(&mut *db)
    .await?;
    let customer = CustomerId(id);
    Ok(row.map(|row| EmailChange { customer, email: row.email, new_email: row.new_email, has_password: row.has_password }))
}

/// Gives the account its new address, by the link that was sent there, and by the password unless its owner is logged in
/// here: whose address it is does not take over the account of a stranger unawares. Sessions elsewhere end. The new
/// session of somebody who was not logged in.
///
/// # Errors
/// The link is spent, the address is another account's by now, wrong password, or an account without one and nobody in.
pub async fn confirm_email(
    shop: &Shop,
    actor: &Actor,
    own_session: Option<SessionId>,
    link: &Token,
    password: &str,
    user_agent: &str,
    now: OffsetDateTime,
) -> Outcome<Option<Token>, AccountRefusal> {
    let subject = link::read(&mut *shop.db.acquire().await?, &CHANGES, link, now).await?;
    let id = CustomerId(subject.ok_or(Failure::Refused(AccountRefusal::LinkSpent))?);
    let kept = own_session.filter(|_| actor.customer() == Some(id));
    if kept.is_none() && !is_proved(shop, id, password, now).await? {
        return Err(Failure::Refused(AccountRefusal::LogInAnew));
    }
    let mut db = transaction::begin(&shop.db).await?;
    link::spend(&mut db, &CHANGES, link, now).await?;
    rename(&mut db, shop, id, now).await?;
    session::end_all(&mut db, Owner::Customer(id), kept).await?;
    link::spend_all(&mut db, id.0, now).await?;
    let session = if kept.is_some() { None } else { Some(session::begin(&mut db, Owner::Customer(id), true, user_agent, now).await?) };
    db.commit().await?;
    Ok(session)
}

/// The account's address is the new one, confirmed. What was the account's by the old address stays the account's.
async fn rename(db: &mut PgConnection, shop: &Shop, id: CustomerId, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let old =
        sqlx::query!("select email, name, language, confirmed_at from customer where id = $1 for update", id.0).fetch_one(&mut *db).await?;
    if old.confirmed_at.is_some() {
        sqlx::query!("update store_credit set customer_id = $1 where customer_id is null and lower(email) = lower($2)", id.0, old.email)
            .execute(&mut *db)
            .await?;
    }
    let renamed = sqlx::query!(
        "update customer set email = new_email, new_email = null, confirmed_at = $2 where id = $1 and new_email is not null",
        id.0,
        now
    );
    let renamed = renamed.execute(&mut *db).await.map_err(|error| match error.as_database_error().and_then(|e| e.constraint()) {
        Some("customer_email") => Failure::Refused(AccountRefusal::EmailInUse),
        _ => error.into(),
    })?;
    if renamed.rows_affected() == 0 {
        return Err(Failure::Refused(AccountRefusal::LinkSpent));
    }
    if old.confirmed_at.is_some() {
        customers::moved(&mut *db, id, &old.email).await?;
    }
    confirmed(&mut *db, id, now).await?;
    let language = old.language.parse().unwrap_or(shop.settings.base_language);
    let reader = Reader { email: &old.email, name: &old.name, language };
    notices::send(&mut *db, shop, Notice::EmailChanged, &reader, now).await?;
    Ok(events::record(db, "customer.email_changed", id.0, json!({}), now).await?)
}
