//! Help articles: read, searched and judged by shoppers, written by staff.

mod load;
mod markdown;
mod write;

use crate::{Failure, Fault, Outcome, Shop, events, new_id, transaction};
use domain::{
    Language,
    help::{Article, ArticleLink, HelpRefusal, HelpTopic, MOST_MISSING},
    ids::ArticleId,
};
pub use load::{Leaf, is_empty, load};
use serde_json::json;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;
pub use write::{Editing, Listed, SavedArticle, delete, drafts, edit, missing, preview, save};

/// Articles that a search answers at most.
const MOST_FOUND: i64 = 20;
/// Articles that are proposed while somebody types.
const MOST_SUGGESTED: i64 = 3;
const OTHERS: i64 = 5;

struct Row {
    topic: String,
    slug: String,
    title: String,
    summary: String,
}

impl Row {
    fn link(self) -> Result<ArticleLink, Fault> {
        Ok(ArticleLink { topic: topic(&self.topic)?, slug: self.slug, title: self.title, summary: self.summary })
    }
}

fn topic(code: &str) -> Result<HelpTopic, Fault> {
    HelpTopic::from_code(code).ok_or_else(|| Fault::new("a help topic of another version"))
}

fn links(rows: Vec<Row>) -> Result<Vec<ArticleLink>, Fault> {
    rows.into_iter().map(Row::link).collect()
}

/// Every published article of this language, in the shop's order.
///
/// # Errors
/// A fault only.
pub async fn list(shop: &Shop, language: Language) -> Outcome<Vec<ArticleLink>> {
    let rows = sqlx::query_as!(
        Row,
        "select a.topic, t.slug, t.title, t.summary from help_text t join help_article a on a.id = t.article_id
         where t.language = $1 and t.published order by a.position, t.title",
        language.code()
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(links(rows)?)
}

/// The published articles that answer `text`: those with all its words first, then those with most of its weight.
///
/// # Errors
/// A fault only.
pub async fn search(shop: &Shop, language: Language, text: &str) -> Outcome<Vec<ArticleLink>> {
    find(shop, language, text, MOST_FOUND).await
}

/// What somebody might want to read before they ask a person.
///
/// # Errors
/// A fault only.
pub async fn suggest(shop: &Shop, language: Language, question: &str) -> Outcome<Vec<ArticleLink>> {
    find(shop, language, question, MOST_SUGGESTED).await
}

async fn find(shop: &Shop, language: Language, text: &str, limit: i64) -> Outcome<Vec<ArticleLink>> {
    let text = text.replace('\0', "");
    let rows = sqlx::query_as!(
        Row,
        r#"with wanted as materialized (select help_query($1, $2) as any_word, search_query($1, $2, '') as every_word)
           select a.topic, t.slug, t.title, t.summary from help_text t join help_article a on a.id = t.article_id, wanted w
           where t.language = $1 and t.published and (t.found @@ w.any_word or t.found @@ w.every_word)
           order by coalesce(t.found @@ w.every_word, false) desc, ts_rank(t.found, w.any_word) desc nulls last, a.position, t.title
           limit $3"#,
        language.code(),
        text,
        limit
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(links(rows)?)
}

/// A published article by its slug. `None`: there is none, or not in this language.
///
/// # Errors
/// A fault only.
pub async fn read(shop: &Shop, language: Language, slug: &str) -> Outcome<Option<Article>> {
    if slug.contains('\0') {
        return Ok(None);
    }
    let row = sqlx::query!(
        "select a.id, a.topic, t.title, t.summary, t.body, t.changed_at from help_text t join help_article a on a.id = t.article_id
         where t.language = $1 and t.slug = $2 and t.published",
        language.code(),
        slug
    )
    .fetch_optional(&shop.db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let id = ArticleId(row.id);
    Ok(Some(Article {
        id,
        others: others(shop, language, id, &row.topic).await?,
        slugs: slugs(shop, id).await?,
        topic: topic(&row.topic)?,
        title: row.title,
        summary: row.summary,
        html: markdown::html(&row.body),
        changed_at: shop.settings.local(row.changed_at),
    }))
}

async fn others(shop: &Shop, language: Language, id: ArticleId, topic: &str) -> Result<Vec<ArticleLink>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        "select a.topic, t.slug, t.title, t.summary from help_text t join help_article a on a.id = t.article_id
         where t.language = $1 and t.published and a.topic = $3 and a.id <> $2 order by a.position, t.title limit $4",
        language.code(),
        id.0,
        topic,
        OTHERS
    )
    .fetch_all(&shop.db)
    .await?;
    links(rows)
}

async fn slugs(shop: &Shop, id: ArticleId) -> Result<BTreeMap<Language, String>, Fault> {
    let rows = sqlx::query!("select language, slug from help_text where article_id = $1 and published", id.0).fetch_all(&shop.db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.language.parse().ok()?, row.slug))).collect())
}

/// The slug of the same article in another language, for who changes the language on an article's page.
///
/// # Errors
/// A fault only.
pub async fn elsewhere(shop: &Shop, language: Language, slug: &str) -> Outcome<Option<String>> {
    let slug = slug.replace('\0', "");
    let found = sqlx::query_scalar!(
        "select other.slug from help_text here join help_text other using (article_id)
         where here.slug = $2 and here.language <> $1 and here.published and other.language = $1 and other.published limit 1",
        language.code(),
        slug
    )
    .fetch_optional(&shop.db)
    .await?;
    Ok(found)
}

/// "Did this help?" Counted once a visitor and article; the last word holds, and an empty `missing` takes back none.
///
/// # Errors
/// No such article; a text beyond [`MOST_MISSING`].
pub async fn vote(
    shop: &Shop,
    visitor: Uuid,
    language: Language,
    slug: &str,
    helped: bool,
    missing: &str,
    now: OffsetDateTime,
) -> Outcome<(), HelpRefusal> {
    let (slug, missing) = (slug.replace('\0', ""), missing.replace('\0', ""));
    let missing = missing.trim();
    if missing.chars().count() > MOST_MISSING {
        return Err(Failure::Refused(HelpRefusal::TooLong));
    }
    let mut db = transaction::begin(&shop.db).await?;
    let article =
        sqlx::query_scalar!("select article_id from help_text where language = $1 and slug = $2 and published", language.code(), slug)
            .fetch_optional(&mut *db)
            .await?
            .ok_or(Failure::Refused(HelpRefusal::NoSuchArticle))?;
    sqlx::query!(
        "insert into help_vote (article_id, visitor, language, helped, missing, at) values ($1, $2, $3, $4, $5, $6)
         on conflict (article_id, visitor) do update set language = excluded.language, helped = excluded.helped, at = excluded.at,
             missing = case when excluded.helped then '' when excluded.missing <> '' then excluded.missing else help_vote.missing end",
        article,
        visitor,
        language.code(),
        helped,
        missing,
        now
    )
    .execute(&mut *db)
    .await?;
    events::record(&mut db, "article.judged", article, json!({ "helped": helped }), now).await?;
    db.commit().await?;
    Ok(())
}

fn new_article(now: OffsetDateTime) -> ArticleId {
    ArticleId(new_id(now))
}
