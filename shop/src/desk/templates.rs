//! Texts to answer with, in every language of the shop.

use super::{Asked, needs, refuse};
use crate::{Actor, Shop, audit, new_id, transaction};
use domain::{
    Language, Translated,
    desk::{DeskRefusal, Template, is_shortcut},
    ids::TemplateId,
    staff::Permission,
};
use serde_json::json;
use sqlx::types::Json;
use time::OffsetDateTime;

/// All of them, calm ones last, by their shortcuts.
///
/// # Errors
/// Somebody who neither answers shoppers nor writes texts.
pub async fn templates(shop: &Shop, actor: &Actor) -> Asked<Vec<Template>> {
    if !actor.may(Permission::EditArticles) {
        needs(actor, Permission::Converse)?;
    }
    let rows = sqlx::query!(
        r#"select id, shortcut, title as "title: Json<Translated>", body as "body: Json<Translated>", calm
           from template order by calm, shortcut"#
    )
    .fetch_all(&shop.db)
    .await?;
    let templates = rows.into_iter().map(|row| Template {
        id: TemplateId(row.id),
        shortcut: row.shortcut,
        title: row.title.0,
        body: row.body.0,
        calm: row.calm,
    });
    Ok(templates.collect())
}

/// A template as a form hands it in; without an id it is a new one.
#[derive(Debug, Clone, Default)]
pub struct NewTemplate {
    pub id: Option<TemplateId>,
    pub shortcut: String,
    pub title: Translated,
    pub body: Translated,
    pub calm: bool,
}

/// Adds a template or changes one.
///
/// # Errors
/// A shortcut that is none or is taken, or a text that is missing in a language.
pub async fn save_template(shop: &Shop, actor: &Actor, template: &NewTemplate, now: OffsetDateTime) -> Asked {
    needs(actor, Permission::EditArticles)?;
    let shortcut = template.shortcut.trim().trim_start_matches('/');
    if !is_shortcut(shortcut) {
        return refuse(DeskRefusal::Shortcut);
    }
    let is_whole =
        |text: &Translated| Language::ALL.iter().all(|language| text.0.get(language).is_some_and(|text| !text.trim().is_empty()));
    if !is_whole(&template.title) || !is_whole(&template.body) {
        return refuse(DeskRefusal::TextMissing);
    }
    let mut db = transaction::begin(&shop.db).await?;
    let id = template.id.map_or_else(|| new_id(now), |id| id.0);
    let saved = sqlx::query!(
        "insert into template (id, shortcut, title, body, calm, changed_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update set shortcut = excluded.shortcut, title = excluded.title, body = excluded.body, calm = excluded.calm,
             changed_at = excluded.changed_at",
        id,
        shortcut,
        Json(&template.title) as _,
        Json(&template.body) as _,
        template.calm,
        now
    )
    .execute(&mut *db)
    .await;
    match saved {
        Err(error) if error.as_database_error().and_then(|e| e.constraint()) == Some("template_shortcut_key") => {
            return refuse(DeskRefusal::Shortcut);
        }
        saved => saved?,
    };
    audit::record(&mut db, actor, "template.saved", Some(id), json!({ "shortcut": shortcut }), now).await?;
    db.commit().await?;
    Ok(())
}

/// # Errors
/// Somebody who does not write texts.
pub async fn delete_template(shop: &Shop, actor: &Actor, template: TemplateId, now: OffsetDateTime) -> Asked {
    needs(actor, Permission::EditArticles)?;
    let mut db = transaction::begin(&shop.db).await?;
    let deleted = sqlx::query_scalar!("delete from template where id = $1 returning shortcut", template.0).fetch_optional(&mut *db).await?;
    if let Some(shortcut) = deleted {
        audit::record(&mut db, actor, "template.deleted", Some(template.0), json!({ "shortcut": shortcut }), now).await?;
    }
    db.commit().await?;
    Ok(())
}
