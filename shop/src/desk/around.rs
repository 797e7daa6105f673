//! What else there is about the person in a conversation, beyond what the conversation itself knows: the cart they have
//! open, the complaints they made, and whether they have shown who they are.

use super::{Asked, needs, refuse};
use crate::{Actor, Shop, cart};
use domain::{Language, cart::Cart, desk::DeskRefusal, ids::CartId, ids::ConversationId, staff::Permission};
use time::OffsetDateTime;

#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The cart they had when they wrote, as it is now; none when it is empty.
    pub cart: Option<Cart>,
    /// They are logged in, or came with the link of the order: the address is not only typed.
    pub proven: bool,
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
    Ok(Around { cart: open.filter(|cart| !cart.lines.is_empty()), proven: row.proven })
}

fn never(failure: crate::Failure<std::convert::Infallible>) -> crate::Failure<DeskRefusal> {
    failure.map_refusal(|never| match never {})
}
