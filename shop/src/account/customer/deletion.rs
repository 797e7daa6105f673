//! An account that its owner deletes. Orders stay for bookkeeping and go on being delivered, without the account; store
//! credit stays with who has its code; what was said loses its person; everything else of theirs goes.

use super::{
    super::{
        letters::Reader,
        link::{self, Purpose},
        notices::{self, Notice},
    },
    is_proved,
    log_in::throttled,
    register::send,
    who,
};
use crate::{Actor, Failure, Fault, Outcome, Shop, chat, credit, customers, events, signing, surveys, transaction};
use domain::{
    Language,
    account::{AccountRefusal, SavedAddress},
    format,
    ids::{CustomerId, OrderId},
    token::Token,
};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;

const DELETES: [Purpose; 1] = [Purpose::CustomerDeletion];

/// What goes and what stays, before somebody decides.
#[derive(Debug, Clone)]
pub struct Leaving {
    pub email: String,
    pub has_password: bool,
    /// How many orders stay in the books.
    pub orders: i64,
    /// The numbers of those that are still on their way.
    pub under_way: Vec<String>,
    /// Codes that are still worth something.
    pub credits: Vec<credit::Credit>,
}

/// By what somebody shows that the account is theirs.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'a> {
    Password(&'a str),
    Link(&'a Token),
}

/// Sends the link that opens the deletion without a password.
///
/// # Errors
/// Nobody is logged in.
pub async fn ask_for_deletion(shop: &Shop, actor: &Actor, language: Language, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let id = who(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    let row = sqlx::query!("select email, name from customer where id = $1", id.0).fetch_one(&mut *db).await?;
    let reader = Reader { email: &row.email, name: &row.name, language };
    send(&mut db, shop, Purpose::CustomerDeletion, id, &reader, now).await?;
    db.commit().await?;
    Ok(())
}

/// What the deletion of the account of whoever is logged in, or has this link, would mean.
///
/// # Errors
/// The link is spent, or nobody is logged in.
pub async fn leaving(shop: &Shop, actor: &Actor, link: Option<&Token>, now: OffsetDateTime) -> Outcome<Leaving, AccountRefusal> {
    let id = match link {
        Some(link) => {
            let subject = link::read(&mut *shop.db.acquire().await?, &DELETES, link, now).await?;
            CustomerId(subject.ok_or(Failure::Refused(AccountRefusal::LinkSpent))?)
        }
        None => who(actor)?,
    };
    let row = sqlx::query!(
        r#"select email, password_hash is not null as "has_password!",
                  (select count(*) from orders where customer_id = $1) as "orders!",
                  array(select number from orders where customer_id = $1 and (state in ('paid', 'packed', 'shipped')
                        or state = 'placed' and payment_state <> 'unpaid') order by placed_at, number) as "under_way!"
           from customer where id = $1"#,
        id.0
    )
    .fetch_one(&shop.db)
    .await?;
    Ok(Leaving {
        email: row.email,
        has_password: row.has_password,
        orders: row.orders,
        under_way: row.under_way,
        credits: worth_something(shop, id).await?,
    })
}

async fn worth_something(shop: &Shop, id: CustomerId) -> Result<Vec<credit::Credit>, Fault> {
    let all = credit::of_customer(shop, &Actor::Customer { id, cart: None }).await;
    Ok(all.map_err(|failure| Fault::new(failure.to_string()))?.into_iter().filter(|credit| credit.left.minor > 0).collect())
}

/// Deletes the account, and says so by mail, with what its owner still has to know.
///
/// # Errors
/// Wrong password, too many tries, an account without one, or a link that is spent.
pub async fn delete(shop: &Shop, actor: &Actor, proof: Proof<'_>, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let id = match proof {
        Proof::Password(typed) => {
            let id = who(actor)?;
            if !is_proved(shop, id, typed, now).await? {
                return Err(Failure::Refused(AccountRefusal::LogInAnew));
            }
            id
        }
        Proof::Link(link) => {
            let subject = link::read(&mut *shop.db.acquire().await?, &DELETES, link, now).await?;
            CustomerId(subject.ok_or(Failure::Refused(AccountRefusal::LinkSpent))?)
        }
    };
    chat::end_for(shop, id, now).await?;
    let credits = worth_something(shop, id).await?;
    let mut db = transaction::begin(&shop.db).await?;
    if let Proof::Link(link) = proof {
        link::spend(&mut db, &DELETES, link, now).await?;
    }
    erase(&mut db, shop, id, actor, credits, now).await?;
    db.commit().await?;
    Ok(())
}

async fn erase(
    db: &mut PgConnection,
    shop: &Shop,
    id: CustomerId,
    actor: &Actor,
    credits: Vec<credit::Credit>,
    now: OffsetDateTime,
) -> Outcome<(), AccountRefusal> {
    let row = sqlx::query!(
        r#"select email, name, language, confirmed_at, addresses as "addresses: Json<Vec<SavedAddress>>" from customer where id = $1 for update"#,
        id.0
    )
    .fetch_optional(&mut *db)
    .await?
    .ok_or(Failure::Refused(AccountRefusal::NotAllowed))?;
    let language: Language = row.language.parse().unwrap_or(shop.settings.base_language);
    // Anybody can register with any address: what only bears it is theirs once it is confirmed.
    let email = row.confirmed_at.map(|_| row.email.as_str());
    let orders = match email {
        Some(email) => under_way(&mut *db, shop, id, email, language).await?,
        None => Vec::new(),
    };
    chat::forget(&mut *db, id, email, &identifying(&row.name, &row.email, &row.addresses.0), now).await?;
    forget_mail(&mut *db, email).await?;
    customers::forget(&mut *db, id, email).await?;
    if let Some(email) = email {
        surveys::forget(&mut *db, shop, email, now).await?;
    }
    sqlx::query!(
        "update cart set draft = '{}' where id = $2 or id in (select cart_id from orders where customer_id = $1)",
        id.0,
        actor.cart().filter(|_| actor.customer() == Some(id)).map(|cart| cart.0)
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from mail_link where subject = $1", id.0).execute(&mut *db).await?;
    sqlx::query!("delete from login_failure where account in ($1, $2)", throttled(&row.email), super::throttled_inside(id))
        .execute(&mut *db)
        .await?;
    sqlx::query!("update orders set customer_id = null where customer_id = $1", id.0).execute(&mut *db).await?;
    sqlx::query!("update store_credit set customer_id = null where customer_id = $1", id.0).execute(&mut *db).await?;
    sqlx::query!("update complaint set customer_id = null where customer_id = $1", id.0).execute(&mut *db).await?;
    sqlx::query!("delete from customer where id = $1", id.0).execute(&mut *db).await?;
    let credits = credits.into_iter().map(|credit| (credit.code, format::money(credit.left, language))).collect();
    let reader = Reader { email: &row.email, name: &row.name, language };
    notices::send(&mut *db, shop, Notice::Deleted { credits, orders }, &reader, now).await?;
    Ok(events::record(db, "customer.deleted", id.0, json!({}), now).await?)
}

/// Numbers and tracking links of what is still to arrive.
async fn under_way(
    db: &mut PgConnection,
    shop: &Shop,
    id: CustomerId,
    email: &str,
    language: Language,
) -> Result<Vec<(String, String)>, Fault> {
    let rows = sqlx::query!(
        "select id, number from orders where customer_id = $1 and lower(email) = lower($2) and (state in ('paid', 'packed', 'shipped')
             or state = 'placed' and payment_state <> 'unpaid') order by placed_at, number",
        id.0,
        email
    )
    .fetch_all(db)
    .await?;
    let link = |order: OrderId, number: &str| {
        format!("{}/{language}/order/{number}?t={}", shop.settings.public_url, signing::order_token(&shop.settings, order).0)
    };
    Ok(rows.into_iter().map(|row| (row.number.clone(), link(OrderId(row.id), &row.number))).collect())
}

/// Letters that are not about an order: those stay with it.
async fn forget_mail(db: &mut PgConnection, email: Option<&str>) -> Result<(), Fault> {
    if let Some(email) = email {
        sqlx::query!("delete from mail where lower(recipient) = lower($1) and order_id is null", email).execute(db).await?;
    }
    Ok(())
}

/// What would tell, within a text, who they are.
fn identifying(name: &str, email: &str, addresses: &[SavedAddress]) -> Vec<String> {
    let of_address = |saved: &SavedAddress| {
        let address = &saved.address;
        [saved.name.clone(), saved.phone.clone(), address.line1.clone(), address.line2.clone()]
    };
    let all = [name.to_owned(), email.to_owned()].into_iter().chain(addresses.iter().flat_map(of_address));
    let mut all: Vec<String> = all.map(|text| text.trim().to_owned()).filter(|text| text.chars().count() > 2).collect();
    // The longest first: a part of another must not take it apart.
    all.sort_by_key(|text| std::cmp::Reverse(text.len()));
    all.dedup();
    all
}
