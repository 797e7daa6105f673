//! The lists of staff: who waits, one's own, all, and the search over everything.

use super::{
    desk::{allowed, myself},
    log::known,
};
use crate::{Actor, Fault, Outcome, Shop};
use domain::{
    Language,
    chat::{Channel, ChatRefusal, ConversationState, Listed, Page, Place, Priority, Topic, Whose},
    ids::{ConversationId, StaffId},
    staff::Permission,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// The longest list.
const MOST: i64 = 200;
/// A page of all conversations.
const PAGE: usize = 50;

/// Which of all conversations; what is `None` is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub state: Option<ConversationState>,
    pub whose: Whose,
    pub topic: Option<Topic>,
    pub priority: Option<Priority>,
    pub language: Option<Language>,
}

/// Who waits for somebody, the oldest first within priority; those where the shopper's answer is awaited come last.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn queue(shop: &Shop, actor: &Actor) -> Outcome<Vec<Listed>, ChatRefusal> {
    allowed(actor, Permission::Converse)?;
    let mut db = shop.db.acquire().await?;
    let ids = sqlx::query_scalar!(
        "select id from conversation where state = 'queued'
         order by waiting_since is null, array_position(array['urgent', 'high', 'normal', 'low'], priority), waiting_since, id limit $1",
        MOST
    )
    .fetch_all(&mut *db)
    .await?;
    Ok(load(&mut db, &ids).await?)
}

/// One's own open ones: who waits longest first, then what changed last.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn own(shop: &Shop, actor: &Actor) -> Outcome<Vec<Listed>, ChatRefusal> {
    let me = myself(actor)?;
    let mut db = shop.db.acquire().await?;
    let ids = sqlx::query_scalar!(
        "select id from conversation where assigned_to = $1 and state = 'assigned' order by waiting_since nulls last, changed_at desc limit $2",
        me.0,
        MOST
    )
    .fetch_all(&mut *db)
    .await?;
    Ok(load(&mut db, &ids).await?)
}

/// A page of all conversations, what changed last first.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn all(shop: &Shop, actor: &Actor, filter: &Filter, after: Option<Place>) -> Outcome<Page, ChatRefusal> {
    allowed(actor, Permission::Converse)?;
    let mut db = shop.db.acquire().await?;
    let (nobodys, of) = match filter.whose {
        Whose::Everybodys => (false, None),
        Whose::Nobodys => (true, None),
        Whose::Of(staff) => (false, Some(staff.0)),
    };
    let ids = sqlx::query_scalar!(
        "select id from conversation
         where ($1::text is null or state = $1) and ($2::text is null or topic = $2) and ($3::text is null or priority = $3)
           and ($4::text is null or language = $4) and (not $5 or assigned_to is null) and ($6::uuid is null or assigned_to = $6)
           and ($7::timestamptz is null or (changed_at, id) < ($7, $8::uuid))
         order by changed_at desc, id desc limit $9",
        filter.state.map(domain::chat::ConversationState::code),
        filter.topic.map(domain::chat::Topic::code),
        filter.priority.map(domain::chat::Priority::code),
        filter.language.map(domain::Language::code),
        nobodys,
        of,
        after.map(|place| place.changed_at),
        after.map(|place| place.id.0),
        i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *db)
    .await?;
    let shown = &ids[..ids.len().min(PAGE)];
    let conversations = load(&mut db, shown).await?;
    let last = conversations.last().filter(|_| ids.len() > PAGE);
    let next = last.map(|last| Place { changed_at: last.changed_at, id: last.id });
    Ok(Page { conversations, next })
}

/// By number, name, address, order or anything said in it, what changed last first.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn search(shop: &Shop, actor: &Actor, text: &str) -> Outcome<Vec<Listed>, ChatRefusal> {
    allowed(actor, Permission::Converse)?;
    let text = text.replace('\0', "");
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let number = text.trim_start_matches('#');
    let mut db = shop.db.acquire().await?;
    let ids = sqlx::query_scalar!(
        r#"select c.id from conversation c
           where c.id in (
               select id from conversation where number::text = $1 or lower(email) like lower($2) || '%' or plain_text(name) like '%' || plain_text($2) || '%'
               union select c.id from conversation c join orders o on o.id = c.order_id where o.number = $1
               union select conversation_id from conversation_entry
                     where kind in ('message', 'note') and to_tsvector('simple', plain_text(body)) @@ websearch_to_tsquery('simple', plain_text($3)))
           order by c.changed_at desc, c.id desc limit $4"#,
        number,
        escaped(text),
        text,
        i64::try_from(PAGE).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *db)
    .await?;
    Ok(load(&mut db, &ids).await?)
}

/// What was typed stands for itself in a pattern.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// These conversations in this order.
pub(super) async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Listed>, Fault> {
    let rows = sqlx::query!(
        r#"select c.id, c.number, c.channel, c.state, c.priority, c.topic, c.language, c.name, c.email, o.number as "order?", c.assigned_to,
                  s.name as "agent?", c.waiting_since, p.due_at as "due_at?", c.opened_at, c.changed_at, c.last_seq,
                  (select count(*) from conversation_entry e
                   where e.conversation_id = c.id and e.kind = 'message' and e.author = 'shopper' and e.seq > c.staff_read) as "unread!",
                  coalesce((select left(e.body, 140) from conversation_entry e
                            where e.conversation_id = c.id and e.kind = 'message' order by e.seq desc limit 1), '') as "said_last!"
           from conversation c left join orders o on o.id = c.order_id left join staff s on s.id = c.assigned_to
           left join promise p on p.kind = 'reply' and p.subject = c.id and p.done_at is null and p.withdrawn_at is null
           where c.id = any($1) order by array_position($1, c.id)"#,
        ids
    )
    .fetch_all(db)
    .await?;
    let listed = rows.into_iter().map(|row| {
        Ok(Listed {
            id: ConversationId(row.id),
            number: row.number,
            channel: known(Channel::from_code(&row.channel))?,
            state: known(ConversationState::from_code(&row.state))?,
            priority: known(Priority::from_code(&row.priority))?,
            topic: known(Topic::from_code(&row.topic))?,
            language: row.language.parse().map_err(Fault::new)?,
            name: row.name,
            email: row.email,
            order: row.order,
            assigned_to: row.assigned_to.map(StaffId),
            agent: row.agent,
            waiting_since: row.waiting_since,
            due_at: row.due_at,
            opened_at: row.opened_at,
            changed_at: row.changed_at,
            last_seq: row.last_seq.unsigned_abs(),
            unread: u32::try_from(row.unread).unwrap_or(u32::MAX),
            said_last: row.said_last,
        })
    });
    listed.collect()
}
