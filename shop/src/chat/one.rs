//! One conversation as whoever answers it needs it: nothing has to be asked twice.

use super::{desk::allowed, lists, log::known, log::read_entries};
use crate::{Actor, Failure, Fault, Outcome, Shop, signing};
use domain::{
    Money,
    chat::{ChatRefusal, CustomerCard, Entries, OrderCard, StaffConversation},
    ids::{ConversationId, CustomerId, OrderId},
    orders::{OrderState, PaymentState},
    staff::Permission,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// How much of the log it opens with.
const ENTRIES: u32 = 200;
/// How many orders and earlier conversations are shown.
const BESIDE: i64 = 20;

/// The end of the log with its notes, the customer, their orders and their other conversations.
///
/// # Errors
/// No such conversation, or nobody who answers shoppers.
pub async fn open_one(shop: &Shop, actor: &Actor, conversation: ConversationId) -> Outcome<StaffConversation, ChatRefusal> {
    allowed(actor, Permission::Converse)?;
    let mut db = shop.db.acquire().await?;
    let listed = lists::load(&mut db, &[conversation.0]).await?.pop().ok_or(Failure::Refused(ChatRefusal::NoSuchConversation))?;
    let row = sqlx::query!(
        "select page, customer_id, order_id, shopper_delivered, shopper_read, staff_read, rating, rating_comment, close_reason
         from conversation where id = $1",
        conversation.0
    )
    .fetch_one(&mut *db)
    .await?;
    let customer = match row.customer_id {
        Some(id) => customer(&mut db, id).await?,
        None => None,
    };
    let orders = orders(shop, &mut db, row.customer_id, &listed.email, row.order_id).await?;
    let earlier = sqlx::query_scalar!(
        "select id from conversation where id <> $1
             and (visitor = (select visitor from conversation where id = $1) or customer_id = $2 or ($3 <> '' and lower(email) = lower($3)))
         order by changed_at desc, id desc limit $4",
        conversation.0,
        row.customer_id,
        listed.email,
        BESIDE
    )
    .fetch_all(&mut *db)
    .await?;
    let earlier = lists::load(&mut db, &earlier).await?;
    drop(db);
    let entries = read_entries(shop, conversation, listed.last_seq.saturating_sub(u64::from(ENTRIES)), ENTRIES).await?;
    let last = entries.last().map_or(listed.last_seq, |entry| entry.seq.max(listed.last_seq));
    Ok(StaffConversation {
        conversation: listed,
        page: row.page,
        shopper_delivered: row.shopper_delivered.unsigned_abs(),
        shopper_read: row.shopper_read.unsigned_abs(),
        staff_read: row.staff_read.unsigned_abs(),
        rating: row.rating.and_then(|rating| u8::try_from(rating).ok()),
        rating_comment: row.rating_comment,
        close_reason: row.close_reason,
        entries: Entries { entries, last },
        customer,
        orders,
        earlier,
    })
}

async fn customer(db: &mut PgConnection, id: Uuid) -> Result<Option<CustomerCard>, Fault> {
    let row = sqlx::query!("select name, email, language, created_at from customer where id = $1", id).fetch_optional(db).await?;
    row.map(|row| {
        Ok(CustomerCard {
            id: CustomerId(id),
            name: row.name,
            email: row.email,
            language: row.language.parse().map_err(Fault::new)?,
            since: row.created_at,
        })
    })
    .transpose()
}

/// The order it is about first, then the newest.
async fn orders(
    shop: &Shop,
    db: &mut PgConnection,
    customer: Option<Uuid>,
    email: &str,
    about: Option<Uuid>,
) -> Result<Vec<OrderCard>, Fault> {
    let rows = sqlx::query!(
        "select id, number, state, payment_state, total_minor, currency, placed_at, promised_by from orders
         where id = $3 or customer_id = $1 or ($2 <> '' and lower(email) = lower($2))
         order by id = $3 desc nulls last, placed_at desc, number desc limit $4",
        customer,
        email,
        about,
        BESIDE
    )
    .fetch_all(db)
    .await?;
    let orders = rows.into_iter().map(|row| {
        Ok(OrderCard {
            state: known(OrderState::from_code(&row.state))?,
            payment: known(PaymentState::from_code(&row.payment_state))?,
            total: Money::new(row.total_minor, row.currency.parse().map_err(Fault::new)?),
            placed_at: row.placed_at,
            promised_by: row.promised_by,
            token: signing::order_token(&shop.settings, OrderId(row.id)),
            number: row.number,
        })
    });
    orders.collect()
}
