//! Saying something, and marking what has come and was seen.

use super::{
    Who, answer, blocks, desk,
    log::{Change, Locked, NewEntry, belonging},
    mentions, routing, waiting,
};
use crate::{Failure, Fault, Outcome, Shop, events};
use domain::{
    chat::{Author, ChatRefusal, ConversationState, EntryKind, MOST_ATTACHMENTS, MOST_CHARACTERS},
    ids::{AttachmentId, ConversationId},
    staff::Permission,
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Something that somebody says.
#[derive(Debug, Clone)]
pub struct Post {
    /// Random, made by the client: the same again gets the first answer again.
    pub client_id: Uuid,
    pub body: String,
    /// Files of this conversation that no message has named yet.
    pub attachments: Vec<AttachmentId>,
    /// Among staff.
    pub note: bool,
}

/// Says something; the number that it has in the log, for ever. A shopper who writes into a closed conversation reopens
/// it; somebody of the staff who answers one that nobody has takes it.
///
/// # Errors
/// Not theirs, nothing or too much said, closed or somebody else's.
pub async fn post(shop: &Shop, who: Who, conversation: ConversationId, post: Post, now: OffsetDateTime) -> Outcome<u64, ChatRefusal> {
    let (change, locked) = Change::begin(shop, who, conversation, now).await?;
    say(change, locked, who, post).await
}

/// The same in a conversation that is locked already, for somebody who belongs to it.
pub(super) async fn say(mut change: Change<'_>, locked: Locked, who: Who, post: Post) -> Outcome<u64, ChatRefusal> {
    let (shop, conversation, now) = (change.shop, change.conversation, change.now);
    let body = said(&post.body)?;
    if body.is_empty() && post.attachments.is_empty() {
        return Err(Failure::Refused(ChatRefusal::Empty));
    }
    if post.attachments.len() > MOST_ATTACHMENTS {
        return Err(Failure::Refused(ChatRefusal::TooManyFiles));
    }
    // After the lock: who tries again while the first try still runs waits for it here.
    if let Some(seq) = earlier(&mut change.db, who.author(), conversation, post.client_id).await? {
        return Ok(seq);
    }
    blocks::may_write(&mut change.db, who, &locked.email, now).await?;
    let kind = match (who.author(), post.note) {
        (Author::Shopper, true) => return Err(Failure::Refused(ChatRefusal::NotAllowed)),
        (_, true) => EntryKind::Note,
        (_, false) => EntryKind::Message,
    };
    let locked = match who {
        Who::Shopper { .. } => heard(&mut change, locked).await?,
        Who::Staff(_) if post.note => locked,
        Who::Staff(_) => answers(&mut change, who, locked).await?,
    };
    let name = if who.author() == Author::Shopper { locked.name.as_str() } else { "" };
    let entry = NewEntry { client_id: Some(post.client_id), name, ..NewEntry::by(who, kind).saying(&body) };
    let seq = change.append(entry).await?;
    give_files(&mut change, conversation, &post.attachments, seq).await?;
    if post.note {
        mentions::call(&mut change, who.staff_id(), &body, seq).await?;
    }
    let payload = json!({
        "seq": seq,
        "author": who.author(),
        "staff": who.staff_id(),
        "note": post.note,
        "cycle": locked.cycle,
        "files": post.attachments.len(),
    });
    events::record(&mut change.db, "message.posted", conversation.0, payload, now).await?;
    if who.author() == Author::Staff && !post.note {
        answer::enqueue(&mut change, &locked, &locked.email).await?;
    }
    let queued = locked.state == ConversationState::Queued;
    change.commit().await?;
    if queued && locked.waiting_since.is_none() {
        routing::assign_soon(shop, now).await;
    }
    Ok(seq)
}

/// What was typed, as it is kept.
pub(super) fn said(body: &str) -> Result<String, Failure<ChatRefusal>> {
    let body = body.trim().replace('\0', "").replace("\r\n", "\n");
    if body.chars().count() > MOST_CHARACTERS {
        return Err(Failure::Refused(ChatRefusal::TooLong));
    }
    Ok(body)
}

/// The number of what this side said under this id already.
pub(super) async fn earlier(
    db: &mut PgConnection,
    author: Author,
    conversation: ConversationId,
    client_id: Uuid,
) -> Result<Option<u64>, Fault> {
    let seq = sqlx::query_scalar!(
        "select seq from conversation_entry where conversation_id = $1 and author = $2 and client_id = $3",
        conversation.0,
        author.code(),
        client_id
    )
    .fetch_optional(db)
    .await?;
    Ok(seq.map(i64::unsigned_abs))
}

/// A shopper says something: from now on they wait.
pub(super) async fn heard(change: &mut Change<'_>, mut conversation: Locked) -> Result<Locked, Fault> {
    if conversation.state == ConversationState::Closed {
        conversation = reopen(change, conversation).await?;
    }
    waiting::begins(change, &conversation).await?;
    Ok(conversation)
}

/// A new cycle, with its own first reply and its own rating.
async fn reopen(change: &mut Change<'_>, conversation: Locked) -> Result<Locked, Fault> {
    let (id, now) = (conversation.id, change.now);
    change.append(NewEntry::by_system(EntryKind::Reopened)).await?;
    let cycle = conversation.cycle + 1;
    sqlx::query!(
        "update conversation set state = 'queued', assigned_to = null, cycle = $2, cycle_began_at = $3, first_reply_at = null,
             closed_at = null, closed_by = null, close_reason = null, rating = null, rating_comment = '', rated_at = null
         where id = $1",
        id.0,
        cycle,
        now
    )
    .execute(&mut *change.db)
    .await?;
    let payload = json!({
        "cycle": cycle,
        "topic": conversation.topic,
        "closed_by": conversation.closed_by,
        "seconds_closed": conversation.closed_at.map(|at| waiting::seconds(at, now)),
    });
    events::record(&mut change.db, "conversation.reopened", id.0, payload, now).await?;
    let reopened = Locked {
        state: ConversationState::Queued,
        assigned_to: None,
        cycle,
        cycle_began_at: now,
        first_reply_at: None,
        closed_at: None,
        closed_by: None,
        rating: None,
        waiting_since: None,
        ..conversation
    };
    waiting::cycle_begins(change, &reopened).await?;
    Ok(reopened)
}

/// Somebody of the staff answers: in their own conversation, or in one that nobody has, which is theirs then.
async fn answers(change: &mut Change<'_>, who: Who, mut conversation: Locked) -> Outcome<Locked, ChatRefusal> {
    let Who::Staff(actor) = who else { return Ok(conversation) };
    match (conversation.state, actor.staff()) {
        (ConversationState::Closed, _) => return Err(Failure::Refused(ChatRefusal::Closed)),
        (ConversationState::Queued, Some(me)) => desk::give(change, Some(who), &mut conversation, me, json!({ "by": "answer" })).await?,
        (ConversationState::Assigned, me) if me != conversation.assigned_to && !actor.may(Permission::Supervise) => {
            return Err(Failure::Refused(ChatRefusal::TakenByAnother));
        }
        _ => {}
    }
    waiting::ends(change, &conversation).await?;
    Ok(conversation)
}

pub(super) async fn give_files(
    change: &mut Change<'_>,
    conversation: ConversationId,
    files: &[AttachmentId],
    seq: u64,
) -> Outcome<(), ChatRefusal> {
    if files.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = files.iter().map(|id| id.0).collect();
    let given = sqlx::query!(
        "update attachment set seq = $3 where conversation_id = $1 and id = any($2) and seq is null",
        conversation.0,
        &ids,
        i64::try_from(seq).unwrap_or(i64::MAX)
    )
    .execute(&mut *change.db)
    .await?;
    if given.rows_affected() == ids.len() as u64 { Ok(()) } else { Err(Failure::Refused(ChatRefusal::NoSuchFile)) }
}

/// Everything up to `seq` reached this side.
///
/// # Errors
/// Not theirs.
pub async fn delivered(shop: &Shop, who: Who, conversation: ConversationId, seq: u64, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    mark(shop, who, conversation, seq, EntryKind::Delivered, now).await
}

/// Everything up to `seq` was seen on this side. Of the staff, only whoever has the conversation sees it for the shopper.
///
/// # Errors
/// Not theirs.
pub async fn read(shop: &Shop, who: Who, conversation: ConversationId, seq: u64, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    if let Who::Staff(actor) = who
        && actor.staff().is_some()
    {
        mentions::see_mentions(shop, &actor, conversation, seq, now).await?;
    }
    mark(shop, who, conversation, seq, EntryKind::Read, now).await
}

async fn mark(
    shop: &Shop,
    who: Who,
    conversation: ConversationId,
    seq: u64,
    kind: EntryKind,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    let author = who.author();
    belonging(shop, who, conversation).await?;
    // Most marks say nothing new; those need no lock.
    if news(&mut *shop.db.acquire().await?, conversation, author, kind, seq).await?.is_none() {
        return Ok(());
    }
    let (mut change, locked) = Change::begin(shop, who, conversation, now).await?;
    let marks = if kind == EntryKind::Read { locked.read } else { locked.delivered };
    let Some(upto) = news(&mut change.db, conversation, author, kind, seq).await?.filter(|&upto| upto > marks.of(author)) else {
        return Ok(());
    };
    if author == Author::Staff && (locked.assigned_to.is_none() || locked.assigned_to != who.staff_id()) {
        return Ok(());
    }
    set_mark(&mut change, conversation, author, kind, upto).await?;
    change.append(NewEntry::by(who, kind).with(json!({ "upto": upto }))).await?;
    change.commit().await?;
    Ok(())
}

/// The last message of the other side up to `seq`, unless it is marked already. Marks answer messages only, or two
/// browsers would mark each other's marks for ever.
async fn news(
    db: &mut PgConnection,
    conversation: ConversationId,
    author: Author,
    kind: EntryKind,
    seq: u64,
) -> Result<Option<u64>, Fault> {
    let upto = sqlx::query_scalar!(
        r#"select max(e.seq) from conversation_entry e join conversation c on c.id = e.conversation_id
           where c.id = $1 and e.kind = 'message' and (e.author = 'shopper') <> ($2 = 'shopper') and e.seq <= $4
             and e.seq > case when $2 = 'shopper' then case when $3 then c.shopper_read else c.shopper_delivered end
                              else case when $3 then c.staff_read else c.staff_delivered end end"#,
        conversation.0,
        author.code(),
        kind == EntryKind::Read,
        i64::try_from(seq).unwrap_or(i64::MAX)
    )
    .fetch_one(db)
    .await?;
    Ok(upto.map(i64::unsigned_abs))
}

/// What was seen has come.
async fn set_mark(change: &mut Change<'_>, conversation: ConversationId, author: Author, kind: EntryKind, upto: u64) -> Result<(), Fault> {
    let (upto, read) = (i64::try_from(upto).unwrap_or(i64::MAX), kind == EntryKind::Read);
    let set = match author {
        Author::Shopper => sqlx::query!(
            "update conversation set shopper_delivered = greatest(shopper_delivered, $2),
                 shopper_read = case when $3 then greatest(shopper_read, $2) else shopper_read end where id = $1",
            conversation.0,
            upto,
            read
        ),
        Author::Staff | Author::System => sqlx::query!(
            "update conversation set staff_delivered = greatest(staff_delivered, $2),
                 staff_read = case when $3 then greatest(staff_read, $2) else staff_read end where id = $1",
            conversation.0,
            upto,
            read
        ),
    };
    set.execute(&mut *change.db).await?;
    Ok(())
}
