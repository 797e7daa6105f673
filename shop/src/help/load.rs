//! Articles from files, for a shop that has none: `NAME.LANGUAGE.md`, with a few lines of what it is before the text.

use super::{markdown, new_article};
use crate::{Failure, Fault, Outcome, Shop, transaction};
use domain::{
    Language,
    help::{HelpTopic, slug},
};
use std::{collections::BTreeMap, fmt};
use time::OffsetDateTime;

/// One file's article in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The same in every language; articles are ordered by it.
    pub handle: String,
    pub language: Language,
    pub topic: HelpTopic,
    pub title: String,
    pub body: String,
}

/// What is wrong with a file, in a sentence.
#[derive(Debug)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl Leaf {
    /// Reads a file by its name and text: `topic: delivery`, `title: ..`, an empty line, Markdown.
    ///
    /// # Errors
    /// A name or a line that is not as described.
    pub fn read(name: &str, text: &str) -> Result<Self, Unreadable> {
        let wrong = |what: &str| Unreadable(format!("{name}: {what}"));
        let (handle, language) = name
            .strip_suffix(".md")
            .and_then(|name| name.rsplit_once('.'))
            .ok_or_else(|| wrong("its name should end in .en.md or .es.md"))?;
        let language = language.parse().map_err(|_| wrong("its name should end in .en.md or .es.md"))?;
        let (head, body) = text.split_once("\n\n").ok_or_else(|| wrong("an empty line should follow topic and title"))?;
        let lines: BTreeMap<&str, &str> =
            head.lines().filter_map(|line| line.split_once(':')).map(|(key, value)| (key.trim(), value.trim())).collect();
        let topic = lines.get("topic").and_then(|code| HelpTopic::from_code(code)).ok_or_else(|| wrong("it names no known topic"))?;
        let title = lines.get("title").ok_or_else(|| wrong("it has no title"))?;
        Ok(Self { handle: handle.to_owned(), language, topic, title: (*title).to_owned(), body: body.trim().to_owned() })
    }
}

/// There is no article at all.
///
/// # Errors
/// A fault only.
pub async fn is_empty(shop: &Shop) -> Outcome<bool> {
    Ok(!sqlx::query_scalar!(r#"select exists (select from help_article) as "exists!""#).fetch_one(&shop.db).await?)
}

/// Publishes articles that are not there yet; says how many. What staff wrote since stays as it is.
///
/// # Errors
/// A fault only.
pub async fn load(shop: &Shop, mut leaves: Vec<Leaf>, now: OffsetDateTime) -> Outcome<usize> {
    leaves.sort_by(|a, b| (&a.handle, a.language).cmp(&(&b.handle, b.language)));
    let mut db = transaction::begin(&shop.db).await?;
    let mut loaded = 0;
    for (position, texts) in (0_i32..).zip(leaves.chunk_by(|a, b| a.handle == b.handle)) {
        let Some(first) = texts.first() else { continue };
        let id = new_article(now);
        let added = sqlx::query!(
            "insert into help_article (id, topic, position, handle, created_at) values ($1, $2, $3, $4, $5) on conflict (handle) do nothing",
            id.0,
            first.topic.code(),
            position,
            first.handle,
            now
        )
        .execute(&mut *db)
        .await?;
        if added.rows_affected() == 0 {
            continue;
        }
        for text in texts {
            sqlx::query!(
                "insert into help_text (article_id, language, slug, title, body, summary, published, changed_at)
                 values ($1, $2, $3, $4, $5, $6, true, $7)",
                id.0,
                text.language.code(),
                slug(&text.title),
                text.title,
                text.body,
                markdown::summary(&text.body),
                now
            )
            .execute(&mut *db)
            .await
            .map_err(|error| Failure::Fault(Fault::new(format!("{} ({}): {error}", text.handle, text.language))))?;
        }
        loaded += 1;
    }
    db.commit().await?;
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_it_is() {
        let leaf = Leaf::read("10-care.es.md", "topic: pieces\ntitle: Cuidado: a mano\n\nLava a mano.\n\nSeca.\n").unwrap();
        assert_eq!((leaf.handle.as_str(), leaf.language, leaf.topic), ("10-care", Language::Es, HelpTopic::Pieces));
        assert_eq!((leaf.title.as_str(), leaf.body.as_str()), ("Cuidado: a mano", "Lava a mano.\n\nSeca."));
        assert!(Leaf::read("care.fr.md", "topic: pieces\ntitle: x\n\ny").is_err());
        assert!(Leaf::read("care.en.md", "title: x\n\ny").is_err());
    }
}
