//! A shopper begins: who is there, a new conversation, and those they have.

use super::{
    Visitor, Who, blocks,
    log::{Change, Locked, NewEntry, known},
    presence::answers_shoppers,
    routing, talk, waiting,
};
use crate::{Actor, Failure, Fault, Outcome, Shop, calendar, events, new_id, orders, transaction};
use domain::{
    Language,
    chat::{Author, ChatRefusal, Conversation, ConversationState, EntryKind, MOST_OF_A_LINE, Reception, Topic},
    checkout::is_email,
    ids::ConversationId,
    token::Token,
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The most open conversations that one browser has at once.
const MOST_OPEN: i64 = 10;
/// How many of a shopper's conversations are listed.
const LISTED: i64 = 20;
/// First replies of this long tell how long it usually takes, if there are so many.
const USUAL: (Duration, i64) = (Duration::hours(48), 5);

/// What a shopper begins with.
#[derive(Debug, Clone)]
pub struct OpenConversation {
    /// Random, made by the client: the same opening again finds the same conversation.
    pub client_id: Uuid,
    pub language: Language,
    pub name: String,
    /// Empty: none yet.
    pub email: String,
    pub topic: Topic,
    /// The first message, and its own random id.
    pub body: String,
    pub message_client_id: Uuid,
    /// Where in the shop.
    pub page: String,
    /// The number of the order it is about, and the token of its link.
    pub order: Option<(String, Token)>,
}

/// Whether somebody is there, and how long it takes.
///
/// # Errors
/// A fault only.
pub async fn reception(shop: &Shop, now: OffsetDateTime) -> Outcome<Reception> {
    let calendar = calendar::load(shop).await?;
    let roles = sqlx::query_scalar!(
        "select s.roles from staff_presence p join staff s on s.id = p.staff_id where p.state = 'available' and p.until > $1 and s.active",
        now
    )
    .fetch_all(&shop.db)
    .await?;
    let row = sqlx::query!(
        r#"select (select count(*) from conversation where state = 'queued' and waiting_since is not null) as "waiting!",
                  (select case when count(*) >= $2
                               then percentile_cont(0.5) within group (order by extract(epoch from first_reply_at - cycle_began_at)) end
                   from conversation where first_reply_at > $1) as "usual: f64""#,
        now - USUAL.0,
        USUAL.1
    )
    .fetch_one(&shop.db)
    .await?;
    let open = calendar.is_open(now);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; a wait is never negative")]
    let usual_wait = row.usual.map(|seconds| seconds.round() as u32);
    Ok(Reception {
        agents: u32::try_from(roles.iter().filter(|codes| answers_shoppers(codes)).count()).unwrap_or(u32::MAX),
        open,
        opens_at: if open { None } else { calendar.next_opening(now) },
        waiting: u32::try_from(row.waiting).unwrap_or(u32::MAX),
        usual_wait,
    })
}

/// Begins a conversation with its first message.
///
/// # Errors
/// Nothing or too much said, no mail address, no such order, or too many open ones.
pub async fn open(
    shop: &Shop,
    actor: &Actor,
    visitor: Visitor,
    opening: OpenConversation,
    now: OffsetDateTime,
) -> Outcome<Conversation, ChatRefusal> {
    let body = talk::said(&opening.body)?;
    if body.is_empty() {
        return Err(Failure::Refused(ChatRefusal::Empty));
    }
    let (name, email, page) = (line(&opening.name)?, address(&opening.email)?, line(&opening.page)?);
    let order = match &opening.order {
        Some((number, token)) => {
            Some(orders::identify(shop, number, token).await.map_err(|failure| failure.map_refusal(|_| ChatRefusal::NoSuchOrder))?)
        }
        None => None,
    };
    let who = Who::shopper(actor, visitor);
    let mut db = transaction::begin(&shop.db).await?;
    blocks::may_write(&mut db, who, &email, now).await?;
    let id = ConversationId(new_id(now));
    let inserted = sqlx::query!(
        "insert into conversation (id, channel, visitor, client_id, customer_id, order_id, cart_id, language, name, email, topic, page,
             state, opened_at, changed_at, cycle_began_at)
         select $1, 'chat', $2, $3, $4, $5, $6, $7, coalesce(nullif($8, ''), c.name, ''), coalesce(nullif($9, ''), c.email, ''), $10, $11,
             'queued', $12, $12, $12
         from (select) one left join customer c on c.id = $4
         on conflict (visitor, client_id) do nothing",
        id.0,
        visitor.0,
        opening.client_id,
        actor.customer().map(|id| id.0),
        order.map(|id| id.0),
        actor.cart().map(|id| id.0),
        opening.language.code(),
        name,
        email,
        opening.topic.code(),
        page,
        now
    )
    .execute(&mut *db)
    .await?;
    if inserted.rows_affected() == 0 {
        let id = sqlx::query_scalar!("select id from conversation where visitor = $1 and client_id = $2", visitor.0, opening.client_id)
            .fetch_one(&mut *db)
            .await?;
        drop(db);
        return conversation(shop, who, ConversationId(id)).await;
    }
    few_are_open(&mut db, visitor).await?;
    let change = Change::of_new(shop, db, id, now);
    begin(change, who, &opening, &body).await?;
    routing::assign_soon(shop, now).await;
    conversation(shop, who, id).await
}

async fn few_are_open(db: &mut PgConnection, visitor: Visitor) -> Outcome<(), ChatRefusal> {
    let open = sqlx::query_scalar!(r#"select count(*) as "open!" from conversation where visitor = $1 and state <> 'closed'"#, visitor.0)
        .fetch_one(db)
        .await?;
    if open > MOST_OPEN { Err(Failure::Refused(ChatRefusal::TooFast)) } else { Ok(()) }
}

async fn begin(mut change: Change<'_>, who: Who, opening: &OpenConversation, body: &str) -> Outcome<(), ChatRefusal> {
    let (id, now) = (change.conversation, change.now);
    let locked: Locked = change.lock().await?.ok_or_else(|| Fault::new("a conversation just made is not there"))?;
    let name = locked.name.as_str();
    change.append(NewEntry { name, ..NewEntry::by(who, EntryKind::Opened) }).await?;
    let client_id = Some(opening.message_client_id);
    let seq = change.append(NewEntry { name, client_id, ..NewEntry::by(who, EntryKind::Message).saying(body) }).await?;
    let payload = json!({
        "number": locked.number,
        "channel": "chat",
        "language": locked.language,
        "topic": locked.topic,
        "customer": locked.customer,
        "cycle": locked.cycle,
    });
    events::record(&mut change.db, "conversation.opened", id.0, payload, now).await?;
    let payload = json!({ "seq": seq, "author": Author::Shopper, "note": false, "cycle": locked.cycle, "files": 0 });
    events::record(&mut change.db, "message.posted", id.0, payload, now).await?;
    waiting::begins(&mut change, &locked).await?;
    waiting::cycle_begins(&mut change, &locked).await?;
    Ok(change.commit().await?)
}

/// One line that somebody typed.
pub(super) fn line(typed: &str) -> Result<String, Failure<ChatRefusal>> {
    let line = typed.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > MOST_OF_A_LINE { Err(Failure::Refused(ChatRefusal::TooLong)) } else { Ok(line) }
}

/// A mail address, or nothing.
pub(super) fn address(typed: &str) -> Result<String, Failure<ChatRefusal>> {
    let address = line(typed)?;
    if address.is_empty() || is_email(&address) { Ok(address) } else { Err(Failure::Refused(ChatRefusal::NotAnAddress)) }
}

/// This browser's conversations and this customer's, the one that changed last first.
///
/// # Errors
/// A fault only.
pub async fn mine(shop: &Shop, who: Who) -> Outcome<Vec<Conversation>> {
    let Who::Shopper { visitor, customer } = who else { return Ok(Vec::new()) };
    let ids = sqlx::query_scalar!(
        "select id from conversation where (visitor = $1 or customer_id = $2) and channel = 'chat' order by changed_at desc, id desc limit $3",
        visitor.map(|visitor| visitor.0),
        customer.map(|id| id.0),
        LISTED
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(load(shop, &ids).await?)
}

/// One of them.
///
/// # Errors
/// No such conversation, or not theirs.
pub async fn conversation(shop: &Shop, who: Who, id: ConversationId) -> Outcome<Conversation, ChatRefusal> {
    super::log::belonging(shop, who, id).await?;
    load(shop, &[id.0]).await?.pop().ok_or(Failure::Refused(ChatRefusal::NoSuchConversation))
}

async fn load(shop: &Shop, ids: &[Uuid]) -> Result<Vec<Conversation>, Fault> {
    let rows = sqlx::query!(
        r#"select c.id, c.number, c.state, c.language, c.topic, c.name, c.email, o.number as "order?", s.name as "agent?", c.last_seq,
                  c.staff_delivered, c.staff_read, c.shopper_read, c.closed_by, c.first_reply_at, c.rating
           from conversation c left join orders o on o.id = c.order_id left join staff s on s.id = c.assigned_to
           where c.id = any($1) order by array_position($1, c.id)"#,
        ids
    )
    .fetch_all(&shop.db)
    .await?;
    let conversations = rows.into_iter().map(|row| {
        let state = known(ConversationState::from_code(&row.state))?;
        let closed_by = row.closed_by.as_deref().and_then(Author::from_code);
        Ok(Conversation {
            id: ConversationId(row.id),
            number: row.number,
            state,
            language: row.language.parse().map_err(Fault::new)?,
            topic: known(Topic::from_code(&row.topic))?,
            name: row.name,
            email: row.email,
            order: row.order,
            agent: row.agent.filter(|_| state == ConversationState::Assigned),
            last_seq: row.last_seq.unsigned_abs(),
            staff_delivered: row.staff_delivered.unsigned_abs(),
            staff_read: row.staff_read.unsigned_abs(),
            shopper_read: row.shopper_read.unsigned_abs(),
            may_be_rated: row.rating.is_none() && may_be_rated(closed_by, row.first_reply_at),
            rating: row.rating.and_then(|rating| u8::try_from(rating).ok()),
        })
    });
    conversations.collect()
}

/// Only what a person did is rated: closed by one of the staff, or by the shopper after one had answered.
pub(super) fn may_be_rated(closed_by: Option<Author>, first_reply_at: Option<OffsetDateTime>) -> bool {
    match closed_by {
        Some(Author::Staff) => true,
        Some(Author::Shopper) => first_reply_at.is_some(),
        Some(Author::System) | None => false,
    }
}
