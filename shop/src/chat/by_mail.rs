//! Answers by mail join their conversation, once each, as if they had been written in it. What comes from an address that
//! the conversation does not know is a note: whoever answers decides what to make of it.

use super::{
    Visitor, Who, blocks, files,
    log::{Change, NewEntry},
    routing,
    talk::{self, Post},
};
use crate::{
    Actor, Failure, Fault, Outcome, Shop, events,
    mail::{
        InboundRefusal,
        inbound::{self, Answer, Mail},
    },
};
use domain::{
    Language,
    chat::{Author, ChatRefusal, ConversationState, EntryKind, MOST_ATTACHMENTS, MOST_CHARACTERS},
    ids::{AttachmentId, ConversationId},
};
use serde_json::json;
use time::OffsetDateTime;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is in the conversation of this number.
    Said(i64),
    /// A note in the conversation of this number: it came from another address.
    Noted(i64),
    /// It came before.
    Known(i64),
    /// Nothing is made of it, and why.
    Ignored(&'static str),
}

const BLOCKED: &str = "its sender is blocked";

/// Takes one mail, as it came (RFC 5322).
///
/// # Errors
/// Answers by mail are not set up, it is no mail, too large, or to an address that no conversation has.
pub async fn receive_mail(shop: &Shop, raw: &[u8], now: OffsetDateTime) -> Outcome<Received, InboundRefusal> {
    let answer = match inbound::read(&shop.settings, raw).map_err(Failure::Refused)? {
        Mail::Answer(answer) => answer,
        Mail::Automatic(why) => return Ok(Received::Ignored(why)),
    };
    let row = sqlx::query!(
        r#"select c.id, c.email, c.language, a.email as "account?" from conversation c left join customer a on a.id = c.customer_id
           where c.number = $1"#,
        answer.conversation
    )
    .fetch_optional(&shop.db)
    .await?;
    // Nobody is known in a conversation whose account was deleted.
    let row = row.filter(|row| !row.email.is_empty() || row.account.is_some()).ok_or(Failure::Refused(InboundRefusal::UnknownAddress))?;
    let knows = |email: &str| !email.is_empty() && email.eq_ignore_ascii_case(&answer.from);
    let is_theirs = knows(&row.email) || row.account.as_deref().is_some_and(knows);
    let (id, number) = (ConversationId(row.id), answer.conversation);
    let author = if is_theirs { Author::Shopper } else { Author::System };
    if talk::earlier(&mut *shop.db.acquire().await?, author, id, answer.id).await?.is_some() {
        return Ok(Received::Known(number));
    }
    if answer.text.is_empty() && answer.files.is_empty() {
        return Ok(Received::Ignored("nothing new in it"));
    }
    // Whoever is blocked under this address does not get through with a mail; the browser's and the account's blocks are
    // looked at where it is said.
    let nobody_else = Who::Shopper { visitor: None, customer: None };
    match blocks::may_write(&mut *shop.db.acquire().await?, nobody_else, &answer.from, now).await {
        Ok(()) => {}
        Err(Failure::Refused(_)) => return Ok(Received::Ignored(BLOCKED)),
        Err(Failure::Fault(fault)) => return Err(fault.into()),
    }
    let language = row.language.parse().unwrap_or(shop.settings.base_language);
    match enter(shop, id, answer, is_theirs, language, now).await {
        Err(Failure::Refused(ChatRefusal::Blocked)) => return Ok(Received::Ignored(BLOCKED)),
        entered => entered.map_err(|failure| failure.map_refusal(|_| InboundRefusal::UnknownAddress))?,
    }
    Ok(if is_theirs { Received::Said(number) } else { Received::Noted(number) })
}

async fn enter(
    shop: &Shop,
    id: ConversationId,
    answer: Answer,
    is_theirs: bool,
    language: Language,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    let (attachments, left_out) = keep_files(shop, id, answer.files, now).await?;
    let from = (!is_theirs).then_some(answer.from.as_str());
    let body = body(from, &answer.text, &left_out, language);
    let (change, locked) = Change::begin(shop, Who::Staff(Actor::System), id, now).await?;
    if is_theirs {
        let who = Who::Shopper { visitor: locked.visitor.map(Visitor), customer: locked.customer };
        talk::say(change, locked, who, Post { client_id: answer.id, body, attachments, note: false }).await?;
        return Ok(());
    }
    note(change, locked, &answer.from, Post { client_id: answer.id, body, attachments, note: true }).await
}

/// Somebody waits from now on, whoever it is.
async fn note(mut change: Change<'_>, locked: super::log::Locked, from: &str, post: Post) -> Outcome<(), ChatRefusal> {
    let (shop, id, now) = (change.shop, change.conversation, change.now);
    if talk::earlier(&mut change.db, Author::System, id, post.client_id).await?.is_some() {
        return Ok(());
    }
    let waited = locked.waiting_since.is_some();
    let locked = talk::heard(&mut change, locked).await?;
    let entry = NewEntry { client_id: Some(post.client_id), name: from, ..NewEntry::by_system(EntryKind::Note).saying(&post.body) };
    let seq = change.append(entry).await?;
    talk::give_files(&mut change, id, &post.attachments, seq).await?;
    let payload = json!({
        "seq": seq,
        "author": Author::System,
        "staff": null,
        "note": true,
        "cycle": locked.cycle,
        "files": post.attachments.len(),
    });
    events::record(&mut change.db, "message.posted", id.0, payload, now).await?;
    let queued = locked.state == ConversationState::Queued;
    change.commit().await?;
    if queued && !waited {
        routing::assign_soon(shop, now).await;
    }
    Ok(())
}

/// The files that a message may have, and the names of the others.
async fn keep_files(
    shop: &Shop,
    id: ConversationId,
    files: Vec<(String, Vec<u8>)>,
    now: OffsetDateTime,
) -> Result<(Vec<AttachmentId>, Vec<String>), Fault> {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        if kept.len() == MOST_ATTACHMENTS {
            left_out.push(files::file_name(&name));
            continue;
        }
        match files::attach(shop, Who::Staff(Actor::System), id, &name, bytes, now).await {
            Ok(attachment) => kept.push(attachment.id),
            Err(Failure::Refused(_)) => left_out.push(files::file_name(&name)),
            Err(Failure::Fault(fault)) => return Err(fault),
        }
    }
    Ok((kept, left_out))
}

/// What was written, as much as fits; before it who wrote, where that is somebody else; after it what was left out.
fn body(from: Option<&str>, text: &str, left_out: &[String], language: Language) -> String {
    let say = |es: &str, en: &str| if language == Language::Es { es.to_owned() } else { en.to_owned() };
    let before = from.map(|from| format!("{} {from}\n\n", say("Desde otra dirección:", "From another address:"))).unwrap_or_default();
    let after =
        if left_out.is_empty() { String::new() } else { format!("\n\n[{}: {}]", say("No se admitió", "Not taken"), left_out.join(", ")) };
    let after: String = after.chars().take(MOST_CHARACTERS / 4).collect();
    let room = MOST_CHARACTERS.saturating_sub(before.chars().count() + after.chars().count());
    let text =
        if text.chars().count() > room { text.chars().take(room.saturating_sub(1)).chain(['…']).collect() } else { text.to_owned() };
    format!("{before}{text}{after}").trim().to_owned()
}
