//! What there is of one customer besides their standing: orders that count, conversations, complaints. Theirs is what their
//! account, their address or one of their orders leads to.

use crate::{Fault, Shop, desk::ComplaintCard, signing};
use domain::{
    Money,
    chat::Topic,
    complaints::{ComplaintKind, Stage},
    ids::{ConversationId, OrderId},
    orders::OrderState,
    token::Token,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many of each are shown.
const SHOWN: i64 = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bought {
    pub number: String,
    pub state: OrderState,
    pub total: Money,
    pub placed_at: OffsetDateTime,
    /// Opens the page that its buyer sees.
    pub token: Token,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    pub id: ConversationId,
    pub number: i64,
    pub topic: Topic,
    pub changed_at: OffsetDateTime,
    /// From 1 to 5.
    pub rating: Option<i32>,
}

/// The ids of all orders that count, and those shown.
pub(super) async fn orders(db: &mut PgConnection, shop: &Shop, email: &str) -> Result<(Vec<Uuid>, Vec<Bought>), Fault> {
    let ids = sqlx::query_scalar!(r#"select id as "id!" from bought_order where buyer = $1"#, email).fetch_all(&mut *db).await?;
    let rows = sqlx::query!(
        "select id, number, state, total_minor, currency, placed_at from orders where id = any($1) order by placed_at desc, id limit $2",
        &ids,
        SHOWN
    )
    .fetch_all(db)
    .await?;
    let orders = rows.into_iter().map(|row| {
        Ok(Bought {
            state: OrderState::from_code(&row.state).ok_or_else(|| Fault::new("an order of another version"))?,
            total: Money::new(row.total_minor, row.currency.parse().map_err(Fault::new)?),
            placed_at: shop.settings.local(row.placed_at),
            token: signing::order_token(&shop.settings, OrderId(row.id)),
            number: row.number,
        })
    });
    Ok((ids, orders.collect::<Result<_, Fault>>()?))
}

pub(super) async fn conversations(db: &mut PgConnection, shop: &Shop, email: &str, orders: &[Uuid]) -> Result<Vec<Talk>, Fault> {
    let rows = sqlx::query!(
        "select id, number, topic, changed_at, rating from conversation
         where lower(email) = $1 or order_id = any($2)
             or customer_id = (select id from customer where lower(email) = $1 and confirmed_at is not null)
         order by changed_at desc, id desc limit $3",
        email,
        orders,
        SHOWN
    )
    .fetch_all(db)
    .await?;
    let talks = rows.into_iter().map(|row| Talk {
        id: ConversationId(row.id),
        number: row.number,
        topic: Topic::from_code(&row.topic).unwrap_or(Topic::Other),
        changed_at: shop.settings.local(row.changed_at),
        rating: row.rating,
    });
    Ok(talks.collect())
}

pub(super) async fn complaints(db: &mut PgConnection, shop: &Shop, email: &str, orders: &[Uuid]) -> Result<Vec<ComplaintCard>, Fault> {
    let rows = sqlx::query!(
        "select number, kind, stage, opened_at from complaint
         where lower(email) = $1 or order_id = any($2)
             or customer_id = (select id from customer where lower(email) = $1 and confirmed_at is not null)
         order by stage = 'closed', opened_at desc limit $3",
        email,
        orders,
        SHOWN
    )
    .fetch_all(db)
    .await?;
    let complaints = rows.into_iter().filter_map(|row| {
        Some(ComplaintCard {
            number: row.number,
            kind: ComplaintKind::from_code(&row.kind)?,
            stage: Stage::from_code(&row.stage)?,
            opened_at: shop.settings.local(row.opened_at),
        })
    });
    Ok(complaints.collect())
}
