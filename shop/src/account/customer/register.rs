//! A new account, and confirming that its address is its owner's. Whether an address has an account already is said to
//! the address only.

use super::{
    super::{
        address,
        letters::{self, Reader},
        link::{self, Purpose},
        name, password,
        session::{self, Owner},
        throttle,
    },
    confirmed,
    log_in::throttled,
    who,
};
use crate::{Actor, Failure, Outcome, Shop, events, new_id, transaction};
use domain::{
    Language,
    account::{AccountRefusal, check_password},
    checkout::is_email,
    ids::CustomerId,
    token::Token,
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Somebody who wants an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustomer {
    pub email: String,
    /// May be empty.
    pub name: String,
    pub password: String,
    pub language: Language,
}

/// Opens an account and sends a link to confirm it; where there is one, the letter has a link into that instead, and
/// nothing is changed.
///
/// # Errors
/// The address is no address, or the name or the password will not do.
pub async fn register(shop: &Shop, new: NewCustomer, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let email = address(&new.email);
    if !is_email(&email) {
        return Err(Failure::Refused(AccountRefusal::NotAnEmail));
    }
    let name = name(&new.name).ok_or(Failure::Refused(AccountRefusal::NoName))?;
    check_password(&new.password).map_err(Failure::Refused)?;
    let hash = password::hash(&new.password).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let id = sqlx::query_scalar!(
        "insert into customer (id, email, name, password_hash, language, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (lower(email)) do nothing returning id",
        new_id(now),
        email,
        name,
        hash,
        new.language.code(),
        now
    )
    .fetch_optional(&mut *db)
    .await?;
    match id {
        Some(id) => {
            let reader = Reader { email: &email, name: &name, language: new.language };
            send(&mut db, shop, Purpose::CustomerConfirmation, CustomerId(id), &reader, now).await?;
            events::record(&mut db, "customer.registered", id, json!({}), now).await?;
        }
        None => {
            let known =
                sqlx::query!("select id, email, name from customer where lower(email) = lower($1)", email).fetch_one(&mut *db).await?;
            let reader = Reader { email: &known.email, name: &known.name, language: new.language };
            send(&mut db, shop, Purpose::CustomerLogIn, CustomerId(known.id), &reader, now).await?;
        }
    }
    db.commit().await?;
    Ok(())
}

/// A letter with a link for this customer, unless they were sent enough lately.
pub(super) async fn send(
    db: &mut PgConnection,
    shop: &Shop,
    purpose: Purpose,
    id: CustomerId,
    reader: &Reader<'_>,
    now: OffsetDateTime,
) -> Outcome<(), AccountRefusal> {
    if let Some(link) = link::make(&mut *db, purpose, id.0, now).await? {
        letters::send(db, shop, purpose, reader, &link, now).await?;
    }
    Ok(())
}

/// Sends the link to confirm the address once more.
///
/// # Errors
/// Nobody is logged in.
pub async fn send_confirmation(shop: &Shop, actor: &Actor, language: Language, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let id = who(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    let row =
        sqlx::query!("select email, name from customer where id = $1 and confirmed_at is null", id.0).fetch_optional(&mut *db).await?;
    if let Some(row) = row {
        let reader = Reader { email: &row.email, name: &row.name, language };
        send(&mut db, shop, Purpose::CustomerConfirmation, id, &reader, now).await?;
    }
    db.commit().await?;
    Ok(())
}

/// Confirms the address by the link that was sent to it, and by the account's password unless its owner is logged in
/// here: an account that a stranger opened with this address is not confirmed by the address's owner unawares. The new
/// session of somebody who was not logged in.
///
/// # Errors
/// The link is spent, or the password is wrong: then the link stays good.
pub async fn confirm(
    shop: &Shop,
    actor: &Actor,
    link: &Token,
    password: &str,
    user_agent: &str,
    now: OffsetDateTime,
) -> Outcome<Option<Token>, AccountRefusal> {
    const CONFIRMS: [Purpose; 1] = [Purpose::CustomerConfirmation];
    let subject = link::read(&mut *shop.db.acquire().await?, &CONFIRMS, link, now).await?;
    let id = CustomerId(subject.ok_or(Failure::Refused(AccountRefusal::LinkSpent))?);
    let is_in = actor.customer() == Some(id);
    if !is_in {
        let row = sqlx::query!("select email, password_hash from customer where id = $1", id.0).fetch_one(&shop.db).await?;
        let account = throttled(&row.email);
        throttle::attempt(shop, &account, now).await?;
        if !password::is_right(password, row.password_hash).await? {
            return Err(Failure::Refused(AccountRefusal::WrongPassword));
        }
        throttle::forgive(&mut *shop.db.acquire().await?, &account).await?;
    }
    let mut db = transaction::begin(&shop.db).await?;
    link::spend(&mut db, &CONFIRMS, link, now).await?;
    confirmed(&mut db, id, now).await?;
    let session = if is_in { None } else { Some(session::begin(&mut db, Owner::Customer(id), true, user_agent, now).await?) };
    db.commit().await?;
    Ok(session)
}
