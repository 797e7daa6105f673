//! One customer: their standing, the history of their classes, and forgetting them.

use super::{
    Refusable,
    beside::{self, Bought, Talk},
    list::{Listed, Row},
    nightly, refuse,
};
use crate::{Actor, Failure, Fault, Shop, desk::ComplaintCard};
use domain::{
    customers::{CustomerClass, CustomerRefusal, Reason},
    ids::{ConversationId, CustomerId},
    staff::Permission,
};
use sqlx::{PgConnection, types::Json};
use time::Date;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub standing: Listed,
    /// The day whose figures these are.
    pub as_of: Option<Date>,
    /// Classes that last first, then those that ended last.
    pub history: Vec<Phase>,
    /// That count, the newest first.
    pub orders: Vec<Bought>,
    pub conversations: Vec<Talk>,
    /// Open ones first.
    pub complaints: Vec<ComplaintCard>,
}

/// A time in a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phase {
    pub reason: Reason,
    pub since: Date,
    pub until: Option<Date>,
}

/// # Errors
/// Nobody is known under this id, or the person's roles do not reach so far.
pub async fn person(shop: &Shop, actor: &Actor, id: Uuid) -> Refusable<Person> {
    actor.needs(Permission::SeeReports).map_err(|_| Failure::Refused(CustomerRefusal::NotAllowed))?;
    let mut db = shop.db.acquire().await?;
    let email = sqlx::query_scalar!("select email from customer_standing where id = $1", id).fetch_optional(&mut *db).await?;
    let Some((standing, as_of)) = standing(&mut db, shop, email.as_deref()).await? else {
        return refuse(CustomerRefusal::NoSuchCustomer);
    };
    let history = sqlx::query!(
        r#"select reason as "reason: Json<Reason>", since, until from customer_class where email = $1
           order by until desc nulls first, since desc, class"#,
        standing.email
    )
    .fetch_all(&mut *db)
    .await?;
    let history = history.into_iter().map(|row| Phase { reason: row.reason.0, since: row.since, until: row.until }).collect();
    let (ids, orders) = beside::orders(&mut db, shop, &standing.email).await?;
    let conversations = beside::conversations(&mut db, shop, &standing.email, &ids).await?;
    let complaints = beside::complaints(&mut db, shop, &standing.email, &ids).await?;
    Ok(Person { standing, as_of, history, orders, conversations, complaints })
}

/// What is known of whoever has this address, and the day on which it was so.
async fn standing(db: &mut PgConnection, shop: &Shop, email: Option<&str>) -> Result<Option<(Listed, Option<Date>)>, Fault> {
    let row = sqlx::query_as!(
        Row,
        r#"select s.id, s.email, s.name, s.orders, s.spent_minor, s.first_on, s.last_on, s.recency, s.frequency, s.money, s.alive, s.expected,
                  s.loss_minor, s.spent_minor as sort_minor,
                  array(select k.reason from customer_class k where k.email = s.email and k.until is null) as "reasons!: Vec<Json<Reason>>"
           from customer_standing s where s.email = $1"#,
        email
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let as_of = sqlx::query_scalar!("select max(day) from customer_model").fetch_one(db).await?;
    Ok(Some((row.listed(shop.settings.currency), as_of)))
}

/// The same of whoever a conversation is with: by the account, else by the address, else by the order it is about.
pub(crate) async fn of_conversation(
    db: &mut PgConnection,
    shop: &Shop,
    conversation: ConversationId,
) -> Result<Option<(Listed, Option<Date>)>, Fault> {
    let email = sqlx::query_scalar!(
        r#"select lower(coalesce(a.email, nullif(c.email, ''), o.buyer)) as "email?"
           from conversation c left join customer a on a.id = c.customer_id and a.confirmed_at is not null
           left join bought_order o on o.id = c.order_id
           where c.id = $1"#,
        conversation.0
    )
    .fetch_optional(&mut *db)
    .await?;
    standing(db, shop, email.flatten().as_deref()).await
}

/// The one class that says most of how whoever ordered with this address buys, for segments: how often before how recently.
///
/// # Errors
/// The database cannot be reached.
pub async fn primary_class(db: &mut PgConnection, email: &str) -> Result<Option<String>, Fault> {
    let codes = sqlx::query_scalar!(
        "select k.class from customer_class k where k.until is null and (k.email = lower($1) or k.email in (
             select lower(a.email) from orders o join customer a on a.id = o.customer_id and a.confirmed_at is not null
             where lower(o.email) = lower($1)))",
        email
    )
    .fetch_all(db)
    .await?;
    let order =
        [CustomerClass::Frequent, CustomerClass::Habitual, CustomerClass::Occasional, CustomerClass::Inactive, CustomerClass::Active];
    let primary = order.into_iter().find(|class| codes.iter().any(|code| code == class.code()));
    Ok(primary.map(|class| class.code().to_owned()))
}

/// An account has another address: what is known of its owner goes along.
pub(crate) async fn moved(db: &mut PgConnection, customer: CustomerId, from: &str) -> Result<(), Fault> {
    sqlx::query!(
        "update customer_standing s set email = lower(a.email) from customer a
         where a.id = $1 and s.email = lower($2) and not exists (select from customer_standing t where t.email = lower(a.email))",
        customer.0,
        from
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Inside the erasure of an account, while its orders still know it: what it ordered counts for nobody any more, and
/// nothing is kept of an address without orders that count. `email` is the account's where it is confirmed.
pub(crate) async fn forget(db: &mut PgConnection, customer: CustomerId, email: Option<&str>) -> Result<(), Fault> {
    nightly::hold_off(db).await?;
    let addresses = sqlx::query_scalar!(
        r#"update orders set forgotten = true where customer_id = $1 or (customer_id is null and lower(email) = lower($2))
           returning lower(email) as "email!""#,
        customer.0,
        email
    )
    .fetch_all(&mut *db)
    .await?;
    sqlx::query!(
        "delete from customer_standing s where (s.email = any($1) or s.email = lower($2))
             and not exists (select from bought_order b where b.buyer = s.email)",
        &addresses,
        email
    )
    .execute(db)
    .await?;
    Ok(())
}
