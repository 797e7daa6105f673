//! People who may not write: by no way into the chat, whichever conversation it is. What was said stays theirs to read.

use super::{Who, log::Change, open::line};
use crate::{
    Actor, Failure, Fault, Outcome, Shop, audit,
    desk::{Asked, needs, refuse},
    events, new_id, transaction,
};
use domain::{
    chat::ChatRefusal,
    desk::{BlockCard, DeskRefusal},
    ids::{BlockId, ConversationId},
    staff::Permission,
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// For so many days whoever answers shoppers may block somebody; for longer a supervisor.
const MOST_DAYS: u32 = 7;

/// The shopper may write, or is told until when not; `email` is what they give as theirs.
pub(super) async fn may_write(db: &mut PgConnection, who: Who, email: &str, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    match until(db, who, email, now).await? {
        Some(_) => Err(Failure::Refused(ChatRefusal::Blocked)),
        None => Ok(()),
    }
}

/// Whether this shopper is blocked, and until when; nothing inside means for ever.
///
/// # Errors
/// A fault only.
pub async fn blocked(shop: &Shop, who: Who, now: OffsetDateTime) -> Outcome<Option<Option<OffsetDateTime>>> {
    Ok(until(&mut *shop.db.acquire().await?, who, "", now).await?)
}

async fn until(db: &mut PgConnection, who: Who, email: &str, now: OffsetDateTime) -> Result<Option<Option<OffsetDateTime>>, Fault> {
    let Who::Shopper { visitor, customer } = who else { return Ok(None) };
    let until = sqlx::query_scalar!(
        "select until from block
         where lifted_at is null and (until is null or until > $4)
           and (visitor = $1 or customer_id = $2
                or (email <> '' and (email = lower($3) or email = (select lower(email) from customer where id = $2))))
         order by until desc nulls first limit 1",
        visitor.map(|visitor| visitor.0),
        customer.map(|id| id.0),
        email,
        now
    )
    .fetch_optional(db)
    .await?;
    Ok(until)
}

/// Blocks whoever is behind a conversation, for some days or until it is lifted. It takes the place of an earlier one.
///
/// # Errors
/// No reason, longer than this person may, or nobody known behind it: a call or a letter.
pub async fn block(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    reason: &str,
    days: Option<u32>,
    now: OffsetDateTime,
) -> Asked {
    needs(actor, Permission::Block)?;
    let reason = line(reason).map_err(|failure| failure.map_refusal(DeskRefusal::Chat))?;
    if reason.is_empty() {
        return refuse(DeskRefusal::BlockReason);
    }
    if days.is_none_or(|days| days > MOST_DAYS) && !actor.may(Permission::Supervise) {
        return refuse(DeskRefusal::BlockTooLong);
    }
    let until = days.map(|days| now + Duration::days(i64::from(days)));
    // Under the lock of the conversation: what is written there at the same time comes before it, or not at all.
    let begun = Change::begin(shop, Who::staff(actor), conversation, now).await;
    let (mut change, locked) = begun.map_err(|failure| failure.map_refusal(DeskRefusal::Chat))?;
    if locked.visitor.is_none() && locked.customer.is_none() {
        return refuse(DeskRefusal::NobodyToBlock);
    }
    let customer = locked.customer.map(|id| id.0);
    sqlx::query!(
        "update block set lifted_at = $3 where lifted_at is null and (visitor = $1 or customer_id = $2)",
        locked.visitor,
        customer,
        now
    )
    .execute(&mut *change.db)
    .await?;
    let id = new_id(now);
    sqlx::query!(
        "insert into block (id, visitor, customer_id, email, conversation_id, reason, until, staff_id, at)
         select $1, $2, $3, lower(coalesce((select email from customer where id = $3 and confirmed_at is not null), o.email, '')), c.id, $5, $6, $7, $8
         from conversation c left join orders o on o.id = c.order_id and lower(o.email) = lower(c.email) where c.id = $4",
        id,
        locked.visitor,
        customer,
        conversation.0,
        reason,
        until,
        actor.staff().map(|id| id.0),
        now
    )
    .execute(&mut *change.db)
    .await?;
    events::record(&mut change.db, "conversation.blocked", conversation.0, json!({ "block": id, "until": until }), now).await?;
    audit::record(&mut change.db, actor, "shopper.blocked", Some(conversation.0), json!({ "reason": reason, "until": until }), now).await?;
    Ok(change.commit().await?)
}

/// Lets somebody write again.
///
/// # Errors
/// Neither a supervisor nor who blocked them; or they are not blocked.
pub async fn unblock(shop: &Shop, actor: &Actor, block: BlockId, now: OffsetDateTime) -> Asked {
    needs(actor, Permission::Block)?;
    let mut db = transaction::begin(&shop.db).await?;
    let row = sqlx::query!("select staff_id, conversation_id from block where id = $1 and lifted_at is null for update", block.0)
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return refuse(DeskRefusal::NotBlocked) };
    let is_own = row.staff_id.is_some() && row.staff_id == actor.staff().map(|id| id.0);
    if !is_own && !actor.may(Permission::Supervise) {
        return refuse(DeskRefusal::NotAllowed);
    }
    sqlx::query!("update block set lifted_at = $2 where id = $1", block.0, now).execute(&mut *db).await?;
    events::record(&mut db, "conversation.unblocked", row.conversation_id, json!({ "block": block }), now).await?;
    audit::record(&mut db, actor, "shopper.unblocked", Some(row.conversation_id), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

/// Everybody who is blocked now, the newest first.
///
/// # Errors
/// Somebody who supervises nobody.
pub async fn blocks(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Asked<Vec<BlockCard>> {
    needs(actor, Permission::Supervise)?;
    Ok(cards(&mut *shop.db.acquire().await?, None, now).await?)
}

/// What keeps whoever is behind a conversation from writing.
///
/// # Errors
/// Somebody who does not answer shoppers.
pub async fn block_of(shop: &Shop, actor: &Actor, conversation: ConversationId, now: OffsetDateTime) -> Asked<Option<BlockCard>> {
    needs(actor, Permission::Converse)?;
    Ok(cards(&mut *shop.db.acquire().await?, Some(conversation), now).await?.into_iter().next())
}

async fn cards(db: &mut PgConnection, of: Option<ConversationId>, now: OffsetDateTime) -> Result<Vec<BlockCard>, Fault> {
    let rows = sqlx::query!(
        r#"select b.id, b.conversation_id, c.number, coalesce(nullif(c.name, ''), c.email) as "shopper!", b.reason, b.until, b.at,
                  s.name as "by?", b.staff_id
           from block b join conversation c on c.id = b.conversation_id left join staff s on s.id = b.staff_id
           where b.lifted_at is null and (b.until is null or b.until > $1)
             and ($2::uuid is null or exists (
                 select from conversation o where o.id = $2 and (o.visitor = b.visitor or o.customer_id = b.customer_id)))
           order by b.at desc, b.id desc"#,
        now,
        of.map(|id| id.0)
    )
    .fetch_all(db)
    .await?;
    let cards = rows.into_iter().map(|row| BlockCard {
        id: BlockId(row.id),
        conversation: ConversationId(row.conversation_id),
        number: row.number,
        shopper: row.shopper,
        reason: row.reason,
        until: row.until,
        by: row.by.unwrap_or_default(),
        by_id: row.staff_id.map(domain::ids::StaffId),
        at: row.at,
    });
    Ok(cards.collect())
}
