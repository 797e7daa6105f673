//! A contact that came in some other way than over the socket (a call, somebody at the counter, a letter, a fax), noted by
//! whoever took it: a conversation like every other, which is theirs from the beginning.

use super::{
    Post, Visitor, Who,
    desk::{self, myself},
    log::{Change, NewEntry},
    open::{address, line},
    talk, waiting,
};
use crate::{Actor, Failure, Fault, Outcome, Shop, audit, events, new_id, transaction};
use domain::{
    Language,
    chat::{Author, Channel, ChatRefusal, EntryKind, Topic},
    ids::ConversationId,
};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

/// A contact as it is noted.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Of the form: handed in again, it finds the same conversation.
    pub key: Uuid,
    pub channel: Channel,
    pub language: Language,
    pub name: String,
    pub email: String,
    pub topic: Topic,
    /// The number of the order it is about; may be empty.
    pub order: String,
    pub said: String,
    /// What was answered at once; empty where the answer is still to come.
    pub answered: String,
}

/// Notes a contact.
///
/// # Errors
/// Nothing was said, no mail address, no such order, or somebody who does not answer shoppers.
pub async fn note_contact(shop: &Shop, actor: &Actor, contact: &Contact, now: OffsetDateTime) -> Outcome<ConversationId, ChatRefusal> {
    let me = myself(actor)?;
    let (said, answered) = (talk::said(&contact.said)?, talk::said(&contact.answered)?);
    if said.is_empty() {
        return Err(Failure::Refused(ChatRefusal::Empty));
    }
    let (name, email, number) = (line(&contact.name)?, address(&contact.email)?, line(&contact.order)?);
    let number = number.trim_start_matches('#');
    let mut db = transaction::begin(&shop.db).await?;
    let order = match number {
        "" => None,
        number => Some(
            sqlx::query_scalar!("select id from orders where number = $1", number)
                .fetch_optional(&mut *db)
                .await?
                .ok_or(Failure::Refused(ChatRefusal::NoSuchOrder))?,
        ),
    };
    let id = ConversationId(new_id(now));
    let inserted = sqlx::query!(
        "insert into conversation (id, channel, client_id, order_id, language, name, email, topic, state, opened_at, changed_at, cycle_began_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', $9, $9, $9) on conflict (visitor, client_id) do nothing",
        id.0,
        contact.channel.code(),
        contact.key,
        order,
        contact.language.code(),
        name,
        email,
        contact.topic.code(),
        now
    )
    .execute(&mut *db)
    .await?;
    if inserted.rows_affected() == 0 {
        let noted = sqlx::query_scalar!("select id from conversation where visitor is null and client_id = $1", contact.key);
        return Ok(ConversationId(noted.fetch_one(&mut *db).await?));
    }
    let mut change = Change::of_new(shop, db, id, now);
    begin(&mut change, actor, contact.channel, &said).await?;
    let mut locked = change.lock().await?.ok_or_else(|| Fault::new("a contact just noted is not there"))?;
    desk::give(&mut change, Some(Who::staff(actor)), &mut locked, me, json!({ "by": "noted" })).await?;
    audit::record(&mut change.db, actor, "contact.noted", Some(id.0), json!({ "channel": contact.channel }), now).await?;
    change.commit().await?;
    if !answered.is_empty() {
        let post = Post { client_id: contact.key, body: answered, attachments: Vec::new(), note: false };
        talk::post(shop, Who::staff(actor), id, post, now).await?;
    }
    Ok(id)
}

/// What the customer said, as theirs: the clocks run from here as with every other conversation.
async fn begin(change: &mut Change<'_>, actor: &Actor, channel: Channel, said: &str) -> Result<(), Fault> {
    let locked = change.lock().await?.ok_or_else(|| Fault::new("a contact just noted is not there"))?;
    let customer = Who::Shopper { visitor: None::<Visitor>, customer: None };
    change.append(NewEntry { name: &locked.name, ..NewEntry::by(Who::staff(actor), EntryKind::Opened) }).await?;
    let seq = change.append(NewEntry { name: &locked.name, ..NewEntry::by(customer, EntryKind::Message).saying(said) }).await?;
    let payload = json!({
        "number": locked.number,
        "channel": channel,
        "language": locked.language,
        "topic": locked.topic,
        "customer": locked.customer,
        "cycle": locked.cycle,
    });
    events::record(&mut change.db, "conversation.opened", change.conversation.0, payload, change.now).await?;
    let payload = json!({ "seq": seq, "author": Author::Shopper, "note": false, "cycle": locked.cycle, "files": 0 });
    events::record(&mut change.db, "message.posted", change.conversation.0, payload, change.now).await?;
    waiting::begins(change, &locked).await?;
    waiting::cycle_begins(change, &locked).await
}
