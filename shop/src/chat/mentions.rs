//! Mentions: whoever a note calls by name finds it in a list of their own, until they have seen it.

use super::{desk::myself, log::Change, presence::answers_shoppers};
use crate::{Actor, Fault, Outcome, Shop};
use domain::{
    chat::{ChatRefusal, Mention, called},
    ids::{ConversationId, StaffId},
};
use time::OffsetDateTime;
use uuid::Uuid;

/// The longest list.
const MOST: i64 = 50;

/// Calls whom a note names. Only who answers shoppers sees conversations, so nobody else is called; and nobody calls
/// themselves.
pub(super) async fn call(change: &mut Change<'_>, by: Option<StaffId>, note: &str, seq: u64) -> Result<(), Fault> {
    if !note.contains('@') {
        return Ok(());
    }
    let people = sqlx::query!("select id, name, roles from staff where active and id is distinct from $1", by.map(|id| id.0))
        .fetch_all(&mut *change.db)
        .await?;
    let people: Vec<(Uuid, String)> =
        people.into_iter().filter(|person| answers_shoppers(&person.roles)).map(|person| (person.id, person.name)).collect();
    let names: Vec<&str> = people.iter().map(|(_, name)| name.as_str()).collect();
    let ids: Vec<Uuid> = called(note, &names).into_iter().map(|place| people[place].0).collect();
    sqlx::query!(
        "insert into mention (conversation_id, seq, staff_id, at) select $1, $2, id, $4 from unnest($3::uuid[]) id",
        change.conversation.0,
        i64::try_from(seq).unwrap_or(i64::MAX),
        &ids,
        change.now
    )
    .execute(&mut *change.db)
    .await?;
    Ok(())
}

/// Notes that call whoever asks: those not seen first, then the newest.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn mentions(shop: &Shop, actor: &Actor) -> Outcome<Vec<Mention>, ChatRefusal> {
    let me = myself(actor)?;
    let rows = sqlx::query!(
        r#"select m.conversation_id, c.number, m.seq, coalesce(nullif(c.name, ''), c.email) as "shopper!", e.author_name,
                  left(e.body, 140) as "said!", m.seen_at is not null as "seen!", m.at
           from mention m join conversation c on c.id = m.conversation_id
           join conversation_entry e on e.conversation_id = m.conversation_id and e.seq = m.seq
           where m.staff_id = $1 order by m.seen_at is not null, m.at desc, m.conversation_id, m.seq desc limit $2"#,
        me.0,
        MOST
    )
    .fetch_all(&shop.db)
    .await?;
    let mentions = rows.into_iter().map(|row| Mention {
        conversation: ConversationId(row.conversation_id),
        number: row.number,
        seq: row.seq.unsigned_abs(),
        shopper: row.shopper,
        by: row.author_name,
        said: row.said,
        seen: row.seen,
        at: row.at,
    });
    Ok(mentions.collect())
}

/// Whoever looks at a conversation up to `seq` has seen what calls them there.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn see_mentions(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    seq: u64,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    let me = myself(actor)?;
    sqlx::query!(
        "update mention set seen_at = $4 where conversation_id = $1 and staff_id = $2 and seq <= $3 and seen_at is null",
        conversation.0,
        me.0,
        i64::try_from(seq).unwrap_or(i64::MAX),
        now
    )
    .execute(&shop.db)
    .await?;
    Ok(())
}
