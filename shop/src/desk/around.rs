//! What else there is about the person in a conversation, beyond what the conversation itself knows: the cart they have
//! open, the complaints they made, their classes, and whether they have shown who they are.

use super::{Asked, needs, refuse};
use crate::{
    Actor, Fault, Shop, cart,
    customers::{self, Listed},
};
use domain::{
    Language,
    cart::Cart,
    complaints::{ComplaintKind, Stage},
    desk::DeskRefusal,
    ids::{CartId, ConversationId},
    staff::Permission,
};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The cart they had when they wrote, as it is now; none when it is empty.
    pub cart: Option<Cart>,
    /// They are logged in, or came with the link of the order: the address is not only typed.
    pub proven: bool,
    /// Open ones first, then the newest.
    pub complaints: Vec<ComplaintCard>,
    /// What is known of them by their orders, and as of which day; nothing of who bought nothing.
    pub standing: Option<(Listed, Option<Date>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintCard {
    pub number: i64,
    pub kind: ComplaintKind,
    pub stage: Stage,
    pub opened_at: OffsetDateTime,
}

/// # Errors
/// No such conversation, or somebody who does not answer shoppers.
pub async fn around(shop: &Shop, actor: &Actor, conversation: ConversationId, language: Language, now: OffsetDateTime) -> Asked<Around> {
    needs(actor, Permission::Converse)?;
    let Some(row) = sqlx::query!(
        r#"select c.cart_id, (c.customer_id is not null or exists (
               select from orders o where o.id = c.order_id and (c.email = '' or lower(o.email) = lower(c.email)))) as "proven!"
           from conversation c where c.id = $1"#,
        conversation.0
    )
    .fetch_optional(&shop.db)
    .await?
    else {
        return refuse(DeskRefusal::NoSuchConversation);
    };
    let open = match row.cart_id {
        Some(id) => Some(cart::view(shop, &Actor::Guest { cart: Some(CartId(id)) }, language, now).await.map_err(never)?),
        None => None,
    };
    let mut db = shop.db.acquire().await?;
    let complaints = complaints(&mut db, conversation).await?;
    let standing = customers::of_conversation(&mut db, shop, conversation).await?;
    Ok(Around { cart: open.filter(|cart| !cart.lines.is_empty()), proven: row.proven, complaints, standing })
}

/// From this conversation, by this customer or address, or about this order.
async fn complaints(db: &mut PgConnection, conversation: ConversationId) -> Result<Vec<ComplaintCard>, Fault> {
    let rows = sqlx::query!(
        "select p.number, p.kind, p.stage, p.opened_at from conversation c join complaint p
             on p.conversation_id = c.id or p.customer_id = c.customer_id or p.order_id = c.order_id
                 or (c.email <> '' and lower(p.email) = lower(c.email))
         where c.id = $1 order by p.stage = 'closed', p.opened_at desc limit 10",
        conversation.0
    )
    .fetch_all(db)
    .await?;
    let complaints = rows.into_iter().filter_map(|row| {
        Some(ComplaintCard {
            number: row.number,
            kind: ComplaintKind::from_code(&row.kind)?,
            stage: Stage::from_code(&row.stage)?,
            opened_at: row.opened_at,
        })
    });
    Ok(complaints.collect())
}

fn never(failure: crate::Failure<std::convert::Infallible>) -> crate::Failure<DeskRefusal> {
    failure.map_refusal(|never| match never {})
}
