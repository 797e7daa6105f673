//! Answers by mail to a shopper who left: some minutes after an answer that nobody saw, all of them in one mail, and
//! none while the shopper is looking. And the transcript, when they ask for it.

use super::{Who, log::Change, log::Locked, log::belonging};
use crate::{
    Fault, Outcome, Shop, jobs,
    mail::{
        self,
        conversation::{Letter, Said},
    },
    transaction,
};
use domain::{chat::ChatRefusal, ids::ConversationId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// How long an answer may stay unseen before it goes out by mail.
const UNSEEN: Duration = Duration::minutes(5);
/// How long a shopper is taken to be looking after they were last heard of.
const LOOKS: Duration = Duration::minutes(6);

/// Answers after this number.
#[derive(Serialize, Deserialize)]
pub(crate) struct Answers {
    conversation: ConversationId,
    after: i64,
}

/// The shopper looks at this conversation now, or stopped looking.
///
/// # Errors
/// Not theirs.
pub async fn is_here(shop: &Shop, who: Who, conversation: ConversationId, here: bool, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    belonging(shop, who, conversation).await?;
    let until = if here { now + LOOKS } else { now };
    sqlx::query!("update conversation set shopper_here_until = $2 where id = $1", conversation.0, until).execute(&shop.db).await?;
    Ok(())
}

/// There may be an answer to mail. One job stands for all answers after the last one that was seen or mailed.
pub(super) async fn enqueue(change: &mut Change<'_>, conversation: &Locked, email: &str) -> Result<(), Fault> {
    if email.is_empty() {
        return Ok(());
    }
    let after = sqlx::query_scalar!(
        r#"select greatest(shopper_read, shopper_mailed) as "after!" from conversation where id = $1"#,
        conversation.id.0
    )
    .fetch_one(&mut *change.db)
    .await?;
    let answers = Answers { conversation: conversation.id, after };
    let key = format!("answers:{}:{after}", conversation.id);
    later(&mut change.db, &key, &answers, change.now).await
}

async fn later(db: &mut PgConnection, key: &str, answers: &Answers, now: OffsetDateTime) -> Result<(), Fault> {
    let payload = serde_json::to_value(answers).map_err(Fault::new)?;
    jobs::enqueue_at(db, "mail.answers", key, payload, now + UNSEEN, now).await
}

/// Writes a mail with the answers that nobody saw, unless there are none or the shopper looks.
pub(crate) async fn mail_answers(shop: &Shop, answers: &Answers, now: OffsetDateTime) -> Result<(), Fault> {
    let id = answers.conversation;
    let mut db = transaction::begin(&shop.db).await?;
    let row = sqlx::query!(
        r#"select number, language, name, email, coalesce(shopper_here_until > $2, false) as "here!",
                  greatest(shopper_read, shopper_mailed, $3) as "after!"
           from conversation where id = $1 for update"#,
        id.0,
        now,
        answers.after
    )
    .fetch_one(&mut *db)
    .await?;
    let unseen = said(&mut db, id, row.after, i64::MAX, true).await?;
    let Some(upto) = unseen.last().map(|said| said.seq) else { return Ok(()) };
    if row.here {
        let again = format!("answers:{id}:{}:{}", answers.after, now.unix_timestamp());
        later(&mut db, &again, answers, now).await?;
    } else {
        let key = format!("answer:{id}:{upto}");
        let language = row.language.parse().unwrap_or(shop.settings.base_language);
        let letter = Letter { key: &key, to: &row.email, number: row.number, name: &row.name, language, said: &unseen, whole: false };
        mail::conversation::write_down(&mut db, &shop.settings, &letter, now).await?;
        sqlx::query!("update conversation set shopper_mailed = $2 where id = $1", id.0, upto).execute(&mut *db).await?;
    }
    db.commit().await?;
    Ok(())
}

/// The same for everything that was said, once for what there is.
pub(super) async fn mail_transcript(change: &mut Change<'_>, conversation: &Locked) -> Result<(), Fault> {
    let all = said(&mut change.db, conversation.id, 0, i64::MAX, false).await?;
    let letter = Letter {
        key: &format!("transcript:{}:{}", conversation.id, conversation.last_seq),
        to: &conversation.email,
        number: conversation.number,
        name: &conversation.name,
        language: conversation.language,
        said: &all,
        whole: true,
    };
    mail::conversation::write_down(&mut change.db, &change.shop.settings, &letter, change.now).await
}

async fn said(db: &mut PgConnection, id: ConversationId, after: i64, upto: i64, by_staff: bool) -> Result<Vec<Said>, Fault> {
    let said = sqlx::query_as!(
        Said,
        r#"select e.seq, e.author = 'shopper' as "by_shopper!", e.author_name as name, e.body, e.at,
                  coalesce((select string_agg(a.name, ', ' order by a.id) from attachment a
                            where a.conversation_id = e.conversation_id and a.seq = e.seq), '') as "files!"
           from conversation_entry e
           where e.conversation_id = $1 and e.kind = 'message' and e.seq > $2 and e.seq <= $3 and (not $4 or e.author = 'staff')
           order by e.seq"#,
        id.0,
        after,
        upto,
        by_staff
    )
    .fetch_all(db)
    .await?;
    Ok(said)
}
