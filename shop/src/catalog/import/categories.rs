//! The tree of categories grows as products name their places in it.

use super::write::{Unwritten, Writing};
use crate::{
    Fault,
    catalog::csv::slug::{first_free, slug},
    events, new_id,
};
use domain::{Language, Translated};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashSet;
use time::OffsetDateTime;
use uuid::Uuid;

/// The category at the end of `path` (names from the root down), created with all above it where it is missing.
/// Translations that the path has are set.
pub async fn ensure(db: &mut PgConnection, path: &[Translated], writing: &Writing<'_>) -> Result<Option<Uuid>, Unwritten> {
    let mut parent = None;
    for depth in 1..=path.len() {
        parent = Some(ensure_level(db, &path[..depth], parent, writing).await?);
    }
    Ok(parent)
}

/// A category without a picture, and those above it, show the first one of a product in it.
pub async fn illustrate(db: &mut PgConnection, category: Uuid, picture: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    let illustrated = sqlx::query_scalar!(
        "with recursive above as (
            select id, parent_id from category where id = $1
            union all select c.id, c.parent_id from category c join above on c.id = above.parent_id
        )
        update category set media_id = $2 where id in (select id from above) and media_id is null
            and exists (select from media where id = $2 and hash is not null)
        returning id",
        category,
        picture
    )
    .fetch_all(&mut *db)
    .await?;
    for category in illustrated {
        events::record(db, "category.changed", category, json!({}), now).await?;
    }
    Ok(())
}

async fn ensure_level(db: &mut PgConnection, path: &[Translated], parent: Option<Uuid>, writing: &Writing<'_>) -> Result<Uuid, Unwritten> {
    let identity = path.iter().map(|name| name.get(writing.base)).collect::<Vec<_>>().join(" > ");
    let found = sqlx::query_scalar!("select id from category where path = $1", identity).fetch_optional(&mut *db).await?;
    let (id, mut changed) = (found.unwrap_or_else(|| new_id(writing.now)), found.is_none());
    if found.is_none() {
        sqlx::query!(
            "insert into category (id, parent_id, path, position)
                values ($1, $2, $3, (select coalesce(max(position) + 1, 0) from category where parent_id is not distinct from $2))",
            id,
            parent,
            identity
        )
        .execute(&mut *db)
        .await?;
    }
    for language in Language::ALL {
        changed |= ensure_name(db, id, path, language, writing).await?;
    }
    if changed {
        events::record(db, "category.changed", id, json!({ "path": identity }), writing.now).await?;
    }
    Ok(id)
}

/// Whether the name is another one now. Without a translation the category has its base name, until one comes.
async fn ensure_name(
    db: &mut PgConnection,
    id: Uuid,
    path: &[Translated],
    language: Language,
    writing: &Writing<'_>,
) -> Result<bool, Unwritten> {
    let Some(own) = path.last() else { return Ok(false) };
    let before = sqlx::query!("select name, slug from category_translation where category_id = $1 and language = $2", id, language.code())
        .fetch_optional(&mut *db)
        .await?;
    let given = own.0.get(&language).map(String::as_str);
    let name = match (&before, given) {
        (Some(before), Some(given)) if before.name != given => given,
        (Some(_), _) => return Ok(false),
        (None, given) => given.unwrap_or_else(|| own.get(writing.base)),
    };
    let slug = free_slug(db, id, path, name, language).await?;
    if let Some(before) = before.filter(|before| before.slug != slug) {
        sqlx::query!(
            "insert into slug_redirect (language, slug, category_id, created_at) values ($1, $2, $3, $4)
                on conflict (language, slug) do update
                set category_id = excluded.category_id, product_id = null, created_at = excluded.created_at",
            language.code(),
            before.slug,
            id,
            writing.now
        )
        .execute(&mut *db)
        .await?;
    }
    sqlx::query!("delete from slug_redirect where language = $1 and slug = $2 and category_id is not null", language.code(), slug)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into category_translation (category_id, language, name, slug) values ($1, $2, $3, $4)
            on conflict (category_id, language) do update set name = excluded.name, slug = excluded.slug",
        id,
        language.code(),
        name,
        slug
    )
    .execute(&mut *db)
    .await?;
    Ok(true)
}

/// `bowls`; where another category has that, `tea-bowls` after the parent; else with a number.
async fn free_slug(db: &mut PgConnection, id: Uuid, path: &[Translated], name: &str, language: Language) -> Result<String, sqlx::Error> {
    let short = slug(name);
    let long = match path.len().checked_sub(2).and_then(|parent| path.get(parent)) {
        Some(parent) => slug(&format!("{} {name}", parent.get(language))),
        None => short.clone(),
    };
    let taken: HashSet<String> = sqlx::query_scalar!(
        "select slug from category_translation where language = $1 and category_id <> $2
            and (slug = $3 or starts_with(slug, $4))",
        language.code(),
        id,
        short,
        long
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .collect();
    if !short.is_empty() && !taken.contains(&short) {
        return Ok(short);
    }
    Ok(first_free(&long, |slug| taken.contains(slug)))
}
