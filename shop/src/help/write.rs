//! Writing articles: what is typed is always kept; only what has a title and a text is shown to shoppers.

use super::{markdown, new_article, topic};
use crate::{Actor, Failure, Fault, Outcome, Shop, audit, events, transaction};
use domain::{
    Language,
    help::{ArticleText, HelpRefusal, HelpTopic, MOST_CHARACTERS, MOST_TITLE, Votes, slug},
    ids::ArticleId,
    staff::Permission,
};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// An article as it is written, in all languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editing {
    pub topic: HelpTopic,
    pub position: i32,
    pub texts: BTreeMap<Language, ArticleText>,
}

/// An article in the list of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: ArticleId,
    pub topic: HelpTopic,
    /// In the reader's language, else in any.
    pub title: String,
    pub published: Vec<Language>,
    pub votes: Votes,
    pub changed_at: OffsetDateTime,
}

/// What became of an article that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedArticle {
    pub id: ArticleId,
    /// Should be published and cannot be yet.
    pub held_back: Vec<Language>,
}

/// Every article, published or not.
///
/// # Errors
/// The person's role does not reach so far.
pub async fn drafts(shop: &Shop, actor: &Actor, language: Language) -> Outcome<Vec<Listed>, HelpRefusal> {
    may_edit(actor)?;
    let rows = sqlx::query!(
        r#"select a.id, a.topic,
                  coalesce((select t.title from help_text t where t.article_id = a.id and t.title <> ''
                            order by t.language = $1 desc limit 1), '') as "title!",
                  array(select t.language from help_text t where t.article_id = a.id and t.published order by t.language) as "published!",
                  (select count(*) from help_vote v where v.article_id = a.id and v.helped) as "helped!",
                  (select count(*) from help_vote v where v.article_id = a.id and not v.helped) as "did_not!",
                  coalesce((select max(t.changed_at) from help_text t where t.article_id = a.id), a.created_at) as "changed_at!"
           from help_article a order by a.position, 3"#,
        language.code()
    )
    .fetch_all(&shop.db)
    .await?;
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let listed = rows.into_iter().map(|row| {
        Ok(Listed {
            id: ArticleId(row.id),
            topic: topic(&row.topic)?,
            title: row.title,
            published: row.published.iter().filter_map(|code| code.parse().ok()).collect(),
            votes: Votes { helped: count(row.helped), did_not: count(row.did_not) },
            changed_at: shop.settings.local(row.changed_at),
        })
    });
    Ok(listed.collect::<Result<_, Fault>>()?)
}

/// An article to go on writing.
///
/// # Errors
/// No such article; the person's role does not reach so far.
pub async fn edit(shop: &Shop, actor: &Actor, id: ArticleId) -> Outcome<Editing, HelpRefusal> {
    may_edit(actor)?;
    let article = sqlx::query!("select topic, position from help_article where id = $1", id.0)
        .fetch_optional(&shop.db)
        .await?
        .ok_or(Failure::Refused(HelpRefusal::NoSuchArticle))?;
    let texts = sqlx::query!("select language, title, slug, body, published from help_text where article_id = $1", id.0)
        .fetch_all(&shop.db)
        .await?;
    let text = |row: (String, ArticleText)| Some((row.0.parse().ok()?, row.1));
    Ok(Editing {
        topic: topic(&article.topic)?,
        position: article.position,
        texts: texts
            .into_iter()
            .map(|t| (t.language, ArticleText { title: t.title, slug: t.slug, body: t.body, published: t.published }))
            .filter_map(text)
            .collect(),
    })
}

/// What readers found missing, newest first.
///
/// # Errors
/// The person's role does not reach so far.
pub async fn missing(shop: &Shop, actor: &Actor, id: ArticleId) -> Outcome<Vec<String>, HelpRefusal> {
    may_edit(actor)?;
    let said = sqlx::query_scalar!("select missing from help_vote where article_id = $1 and missing <> '' order by at desc limit 20", id.0)
        .fetch_all(&shop.db)
        .await?;
    Ok(said)
}

/// How a text would look.
#[must_use]
pub fn preview(body: &str) -> String {
    markdown::html(body)
}

/// Keeps an article as it was typed; a new one without `id`. What should be published and lacks something is held back.
///
/// # Errors
/// No such article; a text that is too long; the person's role does not reach so far.
pub async fn save(
    shop: &Shop,
    actor: &Actor,
    id: Option<ArticleId>,
    article: Editing,
    now: OffsetDateTime,
) -> Outcome<SavedArticle, HelpRefusal> {
    may_edit(actor)?;
    let too_long = |text: &ArticleText| text.title.chars().count() > MOST_TITLE || text.body.chars().count() > MOST_CHARACTERS;
    if article.texts.values().any(too_long) {
        return Err(Failure::Refused(HelpRefusal::TooLong));
    }
    let mut db = transaction::begin(&shop.db).await?;
    let id = put_article(&mut db, id, &article, now).await?;
    let mut held_back = Vec::new();
    for (language, text) in article.texts {
        if text == ArticleText::default() {
            sqlx::query!("delete from help_text where article_id = $1 and language = $2", id.0, language.code()).execute(&mut *db).await?;
            continue;
        }
        let published = text.published && text.lacks().is_empty();
        if text.published && !published {
            held_back.push(language);
        }
        put_text(&mut db, id, language, &text, published, now).await?;
    }
    audit::record(&mut db, actor, "article.saved", Some(id.0), json!({}), now).await?;
    events::record(&mut db, "help.changed", id.0, json!({}), now).await?;
    db.commit().await?;
    Ok(SavedArticle { id, held_back })
}

/// Takes an article away with its texts and what readers said of it.
///
/// # Errors
/// No such article; the person's role does not reach so far.
pub async fn delete(shop: &Shop, actor: &Actor, id: ArticleId, now: OffsetDateTime) -> Outcome<(), HelpRefusal> {
    may_edit(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    let gone = sqlx::query!("delete from help_article where id = $1", id.0).execute(&mut *db).await?;
    if gone.rows_affected() == 0 {
        return Err(Failure::Refused(HelpRefusal::NoSuchArticle));
    }
    audit::record(&mut db, actor, "article.deleted", Some(id.0), json!({}), now).await?;
    events::record(&mut db, "help.changed", id.0, json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

fn may_edit(actor: &Actor) -> Outcome<(), HelpRefusal> {
    actor.needs(Permission::EditArticles).map_err(|_| Failure::Refused(HelpRefusal::NotAllowed))
}

async fn put_article(
    db: &mut PgConnection,
    id: Option<ArticleId>,
    article: &Editing,
    now: OffsetDateTime,
) -> Outcome<ArticleId, HelpRefusal> {
    let Some(id) = id else {
        let id = new_article(now);
        sqlx::query!(
            "insert into help_article (id, topic, position, created_at) values ($1, $2, $3, $4)",
            id.0,
            article.topic.code(),
            article.position,
            now
        )
        .execute(db)
        .await?;
        return Ok(id);
    };
    let changed =
        sqlx::query!("update help_article set topic = $2, position = $3 where id = $1", id.0, article.topic.code(), article.position)
            .execute(db)
            .await?;
    if changed.rows_affected() == 0 { Err(Failure::Refused(HelpRefusal::NoSuchArticle)) } else { Ok(id) }
}

async fn put_text(
    db: &mut PgConnection,
    id: ArticleId,
    language: Language,
    text: &ArticleText,
    published: bool,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let slug = free_slug(&mut *db, id, language, text).await?;
    sqlx::query!(
        "insert into help_text (article_id, language, slug, title, body, summary, published, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (article_id, language) do update set slug = excluded.slug, title = excluded.title, body = excluded.body,
             summary = excluded.summary, published = excluded.published, changed_at = excluded.changed_at",
        id.0,
        language.code(),
        slug,
        text.title.trim(),
        text.body.trim(),
        markdown::summary(&text.body),
        published,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// As typed, else from the title; with a number behind it where another article has that address.
async fn free_slug(db: &mut PgConnection, id: ArticleId, language: Language, text: &ArticleText) -> Result<String, Fault> {
    let given = [slug(&text.slug), slug(&text.title), "article".to_owned()].into_iter().find(|slug| !slug.is_empty()).unwrap_or_default();
    let taken: Vec<String> = sqlx::query_scalar!(
        "select slug from help_text where language = $1 and article_id <> $2 and starts_with(slug, $3)",
        language.code(),
        id.0,
        given
    )
    .fetch_all(db)
    .await?;
    let numbered = (2..).map(|number| format!("{given}-{number}"));
    let free = std::iter::once(given.clone()).chain(numbered).find(|slug| !taken.contains(slug));
    Ok(free.unwrap_or(given))
}
