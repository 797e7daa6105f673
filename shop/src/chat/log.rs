//! The numbered log: taking the next number, and reading from a number on.

use super::{Hint, Hints, News, Who};
use crate::{Failure, Fault, Outcome, Shop, transaction};
use domain::{
    Language,
    chat::{Attachment, Author, ChatRefusal, ConversationState, Entries, Entry, EntryKind, Priority, Topic},
    ids::{ConversationId, CustomerId, StaffId},
    staff::Permission,
};
use serde_json::{Value, json};
use sqlx::{PgConnection, Postgres, Transaction, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

/// The most entries that one answer holds.
const MOST_AT_ONCE: u32 = 200;

/// A conversation whose row is locked: nobody else writes to it until the transaction ends.
pub(super) struct Locked {
    pub(super) id: ConversationId,
    pub(super) number: i64,
    pub(super) visitor: Option<Uuid>,
    pub(super) customer: Option<CustomerId>,
    pub(super) state: ConversationState,
    pub(super) language: Language,
    pub(super) topic: Topic,
    pub(super) priority: Priority,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) assigned_to: Option<StaffId>,
    pub(super) last_seq: u64,
    pub(super) delivered: Marks,
    pub(super) read: Marks,
    pub(super) waiting_since: Option<OffsetDateTime>,
    /// When this cycle began.
    pub(super) cycle_began_at: OffsetDateTime,
    pub(super) cycle: i32,
    pub(super) first_reply_at: Option<OffsetDateTime>,
    pub(super) closed_at: Option<OffsetDateTime>,
    pub(super) closed_by: Option<Author>,
    pub(super) rating: Option<i32>,
}

/// Up to which number either side has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    pub(super) shopper: u64,
    pub(super) staff: u64,
}

impl Marks {
    fn new(shopper: i64, staff: i64) -> Self {
        Self { shopper: shopper.unsigned_abs(), staff: staff.unsigned_abs() }
    }

    pub(super) fn of(self, author: Author) -> u64 {
        if author == Author::Shopper { self.shopper } else { self.staff }
    }
}

pub(super) struct NewEntry<'a> {
    pub(super) kind: EntryKind,
    pub(super) author: Author,
    pub(super) staff: Option<StaffId>,
    /// Where it is empty and somebody of the staff writes, their own.
    pub(super) name: &'a str,
    pub(super) client_id: Option<Uuid>,
    pub(super) body: &'a str,
    pub(super) detail: Value,
}

impl<'a> NewEntry<'a> {
    /// What somebody did.
    pub(super) fn by(who: Who, kind: EntryKind) -> Self {
        Self { kind, author: who.author(), staff: who.staff_id(), name: "", client_id: None, body: "", detail: json!({}) }
    }

    /// What the shop did by itself.
    pub(super) fn by_system(kind: EntryKind) -> Self {
        Self { kind, author: Author::System, staff: None, name: "", client_id: None, body: "", detail: json!({}) }
    }

    pub(super) fn saying(self, body: &'a str) -> Self {
        Self { body, ..self }
    }

    pub(super) fn with(self, detail: Value) -> Self {
        Self { detail, ..self }
    }
}

/// A transaction in which one conversation changes.
pub(super) struct Change<'a> {
    pub(super) shop: &'a Shop,
    pub(super) db: Transaction<'static, Postgres>,
    pub(super) now: OffsetDateTime,
    pub(super) conversation: ConversationId,
    reached: Option<u64>,
}

impl<'a> Change<'a> {
    /// Locks a conversation for somebody who belongs to it.
    pub(super) async fn begin(
        shop: &'a Shop,
        who: Who,
        conversation: ConversationId,
        now: OffsetDateTime,
    ) -> Outcome<(Self, Locked), ChatRefusal> {
        let mut db = transaction::begin(&shop.db).await?;
        let locked = lock(&mut db, conversation).await?.ok_or(Failure::Refused(ChatRefusal::NoSuchConversation))?;
        who.belongs_to(locked.visitor, locked.customer)?;
        Ok((Self { shop, db, now, conversation, reached: None }, locked))
    }

    /// The change in which a conversation is made.
    pub(super) fn of_new(shop: &'a Shop, db: Transaction<'static, Postgres>, conversation: ConversationId, now: OffsetDateTime) -> Self {
        Self { shop, db, now, conversation, reached: None }
    }

    /// The conversation, locked.
    pub(super) async fn lock(&mut self) -> Result<Option<Locked>, Fault> {
        lock(&mut self.db, self.conversation).await
    }

    /// Adds an entry under the next number.
    pub(super) async fn append(&mut self, entry: NewEntry<'_>) -> Result<u64, Fault> {
        // A mark moves nothing to the top of a list.
        let shows = !matches!(entry.kind, EntryKind::Delivered | EntryKind::Read);
        let seq = sqlx::query_scalar!(
            "with numbered as (
                 update conversation set last_seq = last_seq + 1, changed_at = case when $2 then $3 else changed_at end
                 where id = $1 returning last_seq
             )
             insert into conversation_entry (conversation_id, seq, kind, author, staff_id, author_name, client_id, body, detail, at)
             select $1, last_seq, $4, $5, $6, coalesce(nullif($7, ''), (select name from staff where id = $6), ''), $8, $9, $10, $3
             from numbered returning seq",
            self.conversation.0,
            shows,
            self.now,
            entry.kind.code(),
            entry.author.code(),
            entry.staff.map(|id| id.0),
            entry.name,
            entry.client_id,
            entry.body,
            entry.detail
        )
        .fetch_one(&mut *self.db)
        .await?;
        self.reached = Some(seq.unsigned_abs());
        Ok(seq.unsigned_abs())
    }

    /// Makes it so and tells every node.
    pub(super) async fn commit(mut self) -> Result<(), Fault> {
        let hint = self.reached.map(|seq| Hint { conversation: self.conversation, seq });
        if let (Some(hint), Hints::Notify) = (hint, &self.shop.hints) {
            sqlx::query!("select pg_notify('conversation', $1)", hint.to_string()).fetch_one(&mut *self.db).await?;
        }
        self.db.commit().await?;
        if let (Some(hint), Hints::Through(publish)) = (hint, &self.shop.hints) {
            publish.publish(&News::Reached(hint));
        }
        Ok(())
    }
}

async fn lock(db: &mut PgConnection, id: ConversationId) -> Result<Option<Locked>, Fault> {
    let row = sqlx::query!(
        r#"select number, visitor, customer_id, state, language, topic, priority, name, email, assigned_to, last_seq, shopper_delivered,
                  shopper_read, staff_delivered, staff_read, waiting_since, cycle_began_at, cycle, first_reply_at, closed_at,
                  closed_by, rating
           from conversation where id = $1 for update"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Locked {
        id,
        number: row.number,
        visitor: row.visitor,
        customer: row.customer_id.map(CustomerId),
        state: known(ConversationState::from_code(&row.state))?,
        language: row.language.parse().map_err(Fault::new)?,
        topic: known(Topic::from_code(&row.topic))?,
        priority: known(Priority::from_code(&row.priority))?,
        name: row.name,
        email: row.email,
        assigned_to: row.assigned_to.map(StaffId),
        last_seq: row.last_seq.unsigned_abs(),
        delivered: Marks::new(row.shopper_delivered, row.staff_delivered),
        read: Marks::new(row.shopper_read, row.staff_read),
        waiting_since: row.waiting_since,
        cycle_began_at: row.cycle_began_at,
        cycle: row.cycle,
        first_reply_at: row.first_reply_at,
        closed_at: row.closed_at,
        closed_by: row.closed_by.as_deref().and_then(Author::from_code),
        rating: row.rating,
    }))
}

pub(super) fn known<T>(found: Option<T>) -> Result<T, Fault> {
    found.ok_or_else(|| Fault::new("a conversation in words of another version"))
}

impl Who {
    pub(super) fn author(self) -> Author {
        match self {
            Self::Shopper { .. } => Author::Shopper,
            Self::Staff(_) => Author::Staff,
        }
    }

    /// Shoppers belong to their own, whoever answers shoppers to all.
    pub(super) fn belongs_to(self, visitor: Option<Uuid>, customer: Option<CustomerId>) -> Result<(), Failure<ChatRefusal>> {
        let belongs = match self {
            Self::Shopper { visitor: mine, customer: me } => {
                mine.is_some_and(|mine| visitor == Some(mine.0)) || (me.is_some() && me == customer)
            }
            Self::Staff(actor) if !actor.may(Permission::Converse) => return Err(Failure::Refused(ChatRefusal::NotAllowed)),
            Self::Staff(_) => true,
        };
        if belongs { Ok(()) } else { Err(Failure::Refused(ChatRefusal::NoSuchConversation)) }
    }
}

/// Checks without a lock that somebody belongs to a conversation; its last number.
pub(super) async fn belonging(shop: &Shop, who: Who, conversation: ConversationId) -> Outcome<u64, ChatRefusal> {
    let row = sqlx::query!("select visitor, customer_id, last_seq from conversation where id = $1", conversation.0)
        .fetch_optional(&shop.db)
        .await?
        .ok_or(Failure::Refused(ChatRefusal::NoSuchConversation))?;
    who.belongs_to(row.visitor, row.customer_id.map(CustomerId))?;
    Ok(row.last_seq.unsigned_abs())
}

/// At most `limit` entries after a number, without a gap. Shoppers receive what is said among staff as empty entries.
/// Nothing when the number is beyond the log: it is none of this log's.
///
/// # Errors
/// No such conversation, or not theirs.
pub async fn entries(shop: &Shop, who: Who, conversation: ConversationId, after: u64, limit: u32) -> Outcome<Option<Entries>, ChatRefusal> {
    let last = belonging(shop, who, conversation).await?;
    if after > last {
        return Ok(None);
    }
    let entries = read_entries(shop, conversation, after, limit.min(MOST_AT_ONCE)).await?;
    let entries: Vec<Entry> = match who {
        Who::Shopper { .. } => entries.into_iter().map(Entry::for_shopper).collect(),
        Who::Staff(_) => entries,
    };
    let last = entries.last().map_or(last, |entry| entry.seq.max(last));
    Ok(Some(Entries { entries, last }))
}

/// What is new in a log, as staff sees it: for a node that hands it on.
///
/// # Errors
/// A fault only.
pub async fn new_entries(shop: &Shop, conversation: ConversationId, after: u64, limit: u32) -> Outcome<Vec<Entry>> {
    Ok(read_entries(shop, conversation, after, limit).await?)
}

pub(super) async fn read_entries(shop: &Shop, conversation: ConversationId, after: u64, limit: u32) -> Result<Vec<Entry>, Fault> {
    let rows = sqlx::query!(
        r#"select seq, kind, author, author_name, client_id, body, detail, at,
                  case when kind in ('message', 'note') then
                      (select jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'media_type', a.media_type, 'size', a.size) order by a.id)
                       from attachment a where a.conversation_id = e.conversation_id and a.seq = e.seq)
                  end as "attachments: Json<Vec<Attachment>>"
           from conversation_entry e where conversation_id = $1 and seq > $2 order by seq limit $3"#,
        conversation.0,
        i64::try_from(after).unwrap_or(i64::MAX),
        i64::from(limit)
    )
    .fetch_all(&shop.db)
    .await?;
    let entries = rows.into_iter().map(|row| {
        Ok(Entry {
            seq: row.seq.unsigned_abs(),
            kind: known(EntryKind::from_code(&row.kind))?,
            author: known(Author::from_code(&row.author))?,
            name: row.author_name,
            body: row.body,
            attachments: row.attachments.map(|list| list.0).unwrap_or_default(),
            client_id: row.client_id,
            rating: row.detail["rating"].as_u64().and_then(|rating| u8::try_from(rating).ok()),
            to: row.detail["name"].as_str().map(str::to_owned),
            upto: row.detail["upto"].as_u64(),
            at: row.at,
        })
    });
    entries.collect()
}

/// The last numbers of these conversations: what a node compares with what it has.
///
/// # Errors
/// A fault only.
pub async fn last_numbers(shop: &Shop, conversations: &[ConversationId]) -> Outcome<Vec<Hint>> {
    let ids: Vec<Uuid> = conversations.iter().map(|id| id.0).collect();
    let rows = sqlx::query!("select id, last_seq from conversation where id = any($1)", &ids).fetch_all(&shop.db).await?;
    Ok(rows.into_iter().map(|row| Hint { conversation: ConversationId(row.id), seq: row.last_seq.unsigned_abs() }).collect())
}
