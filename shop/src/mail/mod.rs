//! Mail: written once a key, in the buyer's language, as text and HTML; sent by SMTP, or laid down in the data
//! folder where there is none. And read, when somebody answers by mail.

pub(crate) mod conversation;
pub(crate) mod inbound;
mod letters;
mod notes;
mod post;

pub(crate) use inbound::reply_address;
pub use inbound::{InboundRefusal, MOST_MAIL, check_inbound};
pub(crate) use letters::Part;
pub(crate) use notes::{Note, write_down};
pub use post::check;

use crate::{Fault, Outcome, Shop, new_id, orders, signing};
use domain::{Language, ids::OrderId};
use letters::Kind;
use std::fmt;
use time::OffsetDateTime;
use uuid::Uuid;

/// A mail as the command line lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub recipient: String,
    pub subject: String,
    pub text: String,
    pub queued_at: OffsetDateTime,
    pub sent_at: Option<OffsetDateTime>,
    /// What went wrong when it was last tried.
    pub trouble: Option<String>,
    /// Refused for good: nobody tries again.
    pub given_up: bool,
}

/// The mail server will never take this mail.
#[derive(Debug)]
pub struct Rejected(String);

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The latest mails, newest first.
///
/// # Errors
/// A fault only.
pub async fn list(shop: &Shop, limit: u32) -> Outcome<Vec<Letter>> {
    let letters = sqlx::query_as!(
        Letter,
        r#"select recipient, subject, text_body as text, queued_at, sent_at, job.last_error as trouble,
                  job.done_at is not null and sent_at is null as "given_up!"
           from mail left join job using (key) order by queued_at desc, mail.id desc limit $1"#,
        i64::from(limit)
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(letters)
}

/// Has the mails that were refused for good tried once more; says how many.
///
/// # Errors
/// A fault only.
pub async fn try_again(shop: &Shop, now: OffsetDateTime) -> Outcome<u64> {
    let tried = sqlx::query!(
        "update job set done_at = null, attempts = 0, run_at = $1 from mail
         where mail.key = job.key and job.done_at is not null and mail.sent_at is null",
        now
    )
    .execute(&shop.db)
    .await?;
    Ok(tried.rows_affected())
}

/// A mail as it was written.
struct Written {
    id: Uuid,
    recipient: String,
    subject: String,
    text_body: String,
    html_body: String,
    /// Where its reader's mail program says that no more of its kind are wanted.
    unsubscribe: Option<String>,
    /// Where answers go, when not to the sender.
    reply_to: Option<String>,
    sent_at: Option<OffsetDateTime>,
}

/// Writes a mail about an order, unless it is written, and sends it, unless it is sent.
pub(crate) async fn send(shop: &Shop, letter: &str, order: OrderId, now: OffsetDateTime) -> Outcome<(), Rejected> {
    let key = format!("{letter}:{order}");
    let written = match find(shop, &key).await? {
        Some(written) => written,
        None => {
            if !write(shop, letter, &key, order, now).await? {
                return Ok(());
            }
            find(shop, &key).await?.ok_or_else(|| Fault::new("a mail that was written is not there"))?
        }
    };
    post_written(shop, written, now).await
}

/// Sends a mail that is written, unless it is sent.
pub(crate) async fn post_by_key(shop: &Shop, key: &str, now: OffsetDateTime) -> Outcome<(), Rejected> {
    match find(shop, key).await? {
        Some(written) => post_written(shop, written, now).await,
        None => Ok(()),
    }
}

async fn post_written(shop: &Shop, written: Written, now: OffsetDateTime) -> Outcome<(), Rejected> {
    if written.sent_at.is_some() {
        return Ok(());
    }
    post::send(&shop.settings, &written, now).await?;
    sqlx::query!("update mail set sent_at = $2 where id = $1", written.id, now).execute(&shop.db).await?;
    Ok(())
}

async fn find(shop: &Shop, key: &str) -> Result<Option<Written>, Fault> {
    let written = sqlx::query_as!(
        Written,
        "select id, recipient, subject, text_body, html_body, unsubscribe, reply_to, sent_at from mail where key = $1",
        key
    )
    .fetch_optional(&shop.db)
    .await?;
    Ok(written)
}

/// `false` when there is no reason any more to write it.
async fn write(shop: &Shop, letter: &str, key: &str, id: OrderId, now: OffsetDateTime) -> Result<bool, Fault> {
    let kind = Kind::from_code(letter).ok_or_else(|| Fault::new(format!("no letter is called `{letter}`")))?;
    let language = sqlx::query_scalar!("select language from orders where id = $1", id.0).fetch_one(&shop.db).await?;
    let language: Language = language.parse().unwrap_or(shop.settings.base_language);
    let order = orders::load(shop, id, language, now).await?;
    if !kind.still_concerns(&order) {
        return Ok(false);
    }
    let token = signing::order_token(&shop.settings, id);
    let link = format!("{}/{language}/order/{}?t={}", shop.settings.public_url, order.number, token.0);
    let composed = letters::compose(kind, &order, &link, &shop.settings, language);
    sqlx::query!(
        "insert into mail (id, key, recipient, language, subject, text_body, html_body, order_id, queued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (key) do nothing",
        new_id(now),
        key,
        order.email,
        language.code(),
        composed.subject,
        composed.text,
        composed.html,
        id.0,
        now
    )
    .execute(&shop.db)
    .await?;
    Ok(true)
}
