//! Hints that a conversation's log grew, the sending half of the fan-out. Losing every one of them delays a message
//! until the next look and loses none.

use super::{Who, blocks, log::belonging};
use crate::{Fault, Outcome, Shop};
use domain::{
    chat::{Author, ChatRefusal},
    ids::ConversationId,
};
use sqlx::PgPool;
use std::{fmt, str::FromStr, sync::Arc};
use time::OffsetDateTime;

/// A log reached this number. On the wire `conversation:seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub conversation: ConversationId,
    pub seq: u64,
}

/// Somebody on this side is writing; never kept. On the wire `conversation:author:name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    pub conversation: ConversationId,
    pub author: Author,
    pub name: String,
}

/// What a node tells the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    Reached(Hint),
    Writing(Writing),
}

/// Sends news some other way than through the database. It must not wait.
pub trait Publish: Send + Sync {
    fn publish(&self, news: &News);
}

/// How news goes out.
#[derive(Clone, Default)]
pub enum Hints {
    /// `NOTIFY`, in the transaction: for a program that ends when its work is done.
    #[default]
    Notify,
    /// After the commit.
    Through(Arc<dyn Publish>),
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.conversation, self.seq)
    }
}

impl fmt::Display for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reached(hint) => hint.fmt(f),
            Self::Writing(Writing { conversation, author, name }) => write!(f, "{conversation}:{}:{name}", author.code()),
        }
    }
}

impl FromStr for News {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, rest) = text.split_once(':').ok_or(())?;
        let conversation = id.parse().map_err(drop)?;
        if let Ok(seq) = rest.parse() {
            return Ok(Self::Reached(Hint { conversation, seq }));
        }
        let (author, name) = rest.split_once(':').ok_or(())?;
        let author = Author::from_code(author).ok_or(())?;
        Ok(Self::Writing(Writing { conversation, author, name: name.to_owned() }))
    }
}

/// Tells every node that listens on the database. Nothing is kept, so nothing waits for the disk.
///
/// # Errors
/// A fault only.
pub async fn notify(db: &PgPool, words: &[String]) -> Result<(), Fault> {
    sqlx::query!(
        "select set_config('synchronous_commit', 'off', true), pg_notify('conversation', word) from unnest($1::text[]) as word",
        words
    )
    .fetch_all(db)
    .await?;
    Ok(())
}

/// Tells the other side that somebody is writing.
///
/// # Errors
/// Not theirs.
pub async fn is_writing(shop: &Shop, who: Who, conversation: ConversationId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    belonging(shop, who, conversation).await?;
    blocks::may_write(&mut *shop.db.acquire().await?, who, "", now).await?;
    let name = sqlx::query_scalar!(
        r#"select coalesce((select name from staff where id = $2), name) as "name!" from conversation where id = $1"#,
        conversation.0,
        who.staff_id().map(|id| id.0)
    )
    .fetch_one(&shop.db)
    .await?;
    let news = News::Writing(Writing { conversation, author: who.author(), name });
    match &shop.hints {
        Hints::Notify => notify(&shop.db, &[news.to_string()]).await?,
        Hints::Through(publish) => publish.publish(&news),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn news_is_read_as_it_was_written() {
        let conversation = ConversationId(Uuid::from_u128(7));
        for news in [
            News::Reached(Hint { conversation, seq: 12 }),
            News::Writing(Writing { conversation, author: Author::Staff, name: "Eva: García".into() }),
            News::Writing(Writing { conversation, author: Author::Shopper, name: String::new() }),
        ] {
            assert_eq!(news.to_string().parse(), Ok(news));
        }
        for strange in ["", "7", "x:1", "00000000-0000-0000-0000-000000000007:x"] {
            assert_eq!(strange.parse::<News>(), Err(()), "{strange}");
        }
    }
}
