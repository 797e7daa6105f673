//! The addresses of a customer. The first is where the checkout begins.

use super::who;
use crate::{Actor, Failure, Fault, Outcome, Shop, new_id, transaction};
use domain::{
    account::{AccountRefusal, MOST_ADDRESSES, SavedAddress},
    checkout::Draft,
    ids::CustomerId,
};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

/// Adds an address, or changes the one with this id.
///
/// # Errors
/// Nobody is logged in, something of the address needs changing, there is no such address, or there are too many.
pub async fn save_address(shop: &Shop, actor: &Actor, id: Option<Uuid>, typed: &Draft, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let details = typed.details().map_err(|_| Failure::Refused(AccountRefusal::Details))?;
    change(shop, actor, |addresses| {
        match id {
            None if addresses.len() >= MOST_ADDRESSES => return Err(AccountRefusal::TooManyAddresses),
            None => addresses.push(SavedAddress::of(new_id(now), details)),
            Some(id) => {
                let place = addresses.iter_mut().find(|address| address.id == id).ok_or(AccountRefusal::Details)?;
                *place = SavedAddress::of(id, details);
            }
        }
        Ok(())
    })
    .await
}

/// Takes an address away; one that is not there is no mistake.
///
/// # Errors
/// Nobody is logged in.
pub async fn remove_address(shop: &Shop, actor: &Actor, id: Uuid) -> Outcome<(), AccountRefusal> {
    change(shop, actor, |addresses| {
        addresses.retain(|address| address.id != id);
        Ok(())
    })
    .await
}

/// Makes this address the first.
///
/// # Errors
/// Nobody is logged in.
pub async fn begin_with(shop: &Shop, actor: &Actor, id: Uuid) -> Outcome<(), AccountRefusal> {
    change(shop, actor, |addresses| {
        addresses.sort_by_key(|address| address.id != id);
        Ok(())
    })
    .await
}

async fn change(
    shop: &Shop,
    actor: &Actor,
    change: impl FnOnce(&mut Vec<SavedAddress>) -> Result<(), AccountRefusal> + Send,
) -> Outcome<(), AccountRefusal> {
    let id = who(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    let mut addresses = lock(&mut db, id).await?;
    change(&mut addresses).map_err(Failure::Refused)?;
    sqlx::query!("update customer set addresses = $2 where id = $1", id.0, Json(addresses) as _).execute(&mut *db).await?;
    db.commit().await?;
    Ok(())
}

async fn lock(db: &mut PgConnection, id: CustomerId) -> Result<Vec<SavedAddress>, Fault> {
    let addresses =
        sqlx::query_scalar!(r#"select addresses as "addresses: Json<Vec<SavedAddress>>" from customer where id = $1 for update"#, id.0)
            .fetch_one(db)
            .await?;
    Ok(addresses.0)
}

/// What the checkout of this person begins with; nothing for a guest.
///
/// # Errors
/// A fault only.
pub async fn draft(shop: &Shop, actor: &Actor) -> Outcome<Draft> {
    let Some(id) = actor.customer() else { return Ok(Draft::default()) };
    let row = sqlx::query!(r#"select email, name, addresses as "addresses: Json<Vec<SavedAddress>>" from customer where id = $1"#, id.0)
        .fetch_one(&shop.db)
        .await?;
    Ok(match row.addresses.0.first() {
        Some(first) => first.draft(&row.email),
        None => Draft { email: row.email, name: row.name, ..Draft::default() },
    })
}
