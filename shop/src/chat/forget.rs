//! Conversations of somebody who deleted their account: they end, and lose whoever had them. What was done in them stays
//! for the reports, under a name that nobody has.

use super::{Visitor, Who, after};
use crate::{Failure, Fault, Shop, new_id};
use domain::ids::{ConversationId, CustomerId};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Stands where something told who somebody was.
const TAKEN_OUT: &str = "…";

/// Closes what is still open, as its shopper would.
pub(crate) async fn end_for(shop: &Shop, customer: CustomerId, now: OffsetDateTime) -> Result<(), Fault> {
    let open = sqlx::query!(
        "select id, visitor from conversation where state <> 'closed' and (customer_id = $1
             or lower(email) = (select lower(email) from customer where id = $1 and confirmed_at is not null)) order by id",
        customer.0
    )
    .fetch_all(&shop.db)
    .await?;
    for row in open {
        let who = Who::Shopper { visitor: row.visitor.map(Visitor), customer: Some(customer) };
        match after::close_by_shopper(shop, who, ConversationId(row.id), now).await {
            Ok(()) | Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(fault)) => return Err(fault),
        }
    }
    Ok(())
}

/// Takes a person out of their conversations: those of the account, and those that only bear its address where that is
/// confirmed. Files go whole; in what was said, `identifying` texts, mail addresses and long numbers are struck out.
pub(crate) async fn forget(
    db: &mut PgConnection,
    customer: CustomerId,
    email: Option<&str>,
    identifying: &[String],
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id from conversation where customer_id = $1 or lower(email) = lower($2) order by id for update",
        customer.0,
        email
    )
    .fetch_all(&mut *db)
    .await?;
    sqlx::query!("delete from attachment where conversation_id = any($1)", &ids).execute(&mut *db).await?;
    // A complaint knows its customer: it must not lead back to what was said.
    sqlx::query!("update complaint set conversation_id = null where conversation_id = any($1)", &ids).execute(&mut *db).await?;
    strike_out(&mut *db, &ids, identifying).await?;
    // The reports still count one person: a browser that nobody has.
    sqlx::query!(
        "update conversation set visitor = $2, customer_id = null, order_id = null, cart_id = null, name = '', email = '', page = '',
             rating_comment = '', shopper_here_until = null where id = any($1)",
        &ids,
        new_id(now)
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn strike_out(db: &mut PgConnection, ids: &[Uuid], identifying: &[String]) -> Result<(), Fault> {
    for text in identifying {
        sqlx::query!(
            r"update conversation_entry set body = regexp_replace(body,
                  '(?<!\w)' || regexp_replace($2, '([^[:alnum:]\s])', '\\\1', 'g') || '(?!\w)', $3, 'gi')
              where conversation_id = any($1) and body <> ''",
            ids,
            text,
            TAKEN_OUT
        )
        .execute(&mut *db)
        .await?;
    }
    sqlx::query!(
        r"update conversation_entry set author_name = case when author = 'staff' then author_name else '' end,
              body = case when kind = 'rated' then '' else
                  regexp_replace(regexp_replace(body, '[^\s@<>]+@[^\s@<>]+', $2, 'g'), '\+?\d(?:[\s./-]?\d){4,}', $2, 'g') end,
              detail = detail - 'order'
          where conversation_id = any($1)",
        ids,
        TAKEN_OUT
    )
    .execute(db)
    .await?;
    Ok(())
}
