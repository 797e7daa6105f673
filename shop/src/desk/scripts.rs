//! Scripts as they are written and kept: every edit is a version of its own, and for each it is told how long it takes.

use super::{Asked, needs, refuse};
use crate::{Actor, Failure, Shop, audit, new_id, transaction};
use domain::{
    Language, Translated,
    desk::{DeskRefusal, Script},
    ids::ScriptId,
    staff::Permission,
};
use serde_json::json;
use sqlx::types::Json;
use time::OffsetDateTime;

/// A script in its newest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptCard {
    pub id: ScriptId,
    pub version: i32,
    pub title: Translated,
    pub source: String,
    /// Not offered any more.
    pub retired: bool,
}

/// Those that are offered first, the oldest first.
///
/// # Errors
/// Somebody who neither answers shoppers nor writes texts.
pub async fn scripts(shop: &Shop, actor: &Actor) -> Asked<Vec<ScriptCard>> {
    if !actor.may(Permission::EditArticles) {
        needs(actor, Permission::Converse)?;
    }
    let rows = sqlx::query!(
        r#"select s.id, v.version, v.title as "title: Json<Translated>", v.source, s.retired_at is not null as "retired!"
           from script s cross join lateral (select * from script_version where script_id = s.id order by version desc limit 1) v
           order by s.retired_at is not null, s.created_at, s.id"#
    )
    .fetch_all(&shop.db)
    .await?;
    let cards = rows.into_iter().map(|row| ScriptCard {
        id: ScriptId(row.id),
        version: row.version,
        title: row.title.0,
        source: row.source,
        retired: row.retired,
    });
    Ok(cards.collect())
}

/// A script as a form hands it in; without an id it is a new one.
#[derive(Debug, Clone, Default)]
pub struct NewScript {
    pub id: Option<ScriptId>,
    pub title: Translated,
    pub source: String,
}

/// Adds a script, or a version of one where something changed.
///
/// # Errors
/// A title that is missing in a language, a text that is no script, or no such script.
pub async fn save_script(shop: &Shop, actor: &Actor, new: &NewScript, now: OffsetDateTime) -> Asked {
    needs(actor, Permission::EditArticles)?;
    if !Language::ALL.iter().all(|language| new.title.0.get(language).is_some_and(|title| !title.trim().is_empty())) {
        return refuse(DeskRefusal::TextMissing);
    }
    let source = new.source.replace('\0', "").replace("\r\n", "\n");
    Script::parse(&source).map_err(|fault| Failure::Refused(DeskRefusal::Script(fault)))?;
    let mut db = transaction::begin(&shop.db).await?;
    let id = match new.id {
        Some(id) => sqlx::query_scalar!("select id from script where id = $1 for update", id.0).fetch_optional(&mut *db).await?,
        None => Some(
            sqlx::query_scalar!("insert into script (id, created_at) values ($1, $2) returning id", new_id(now), now)
                .fetch_one(&mut *db)
                .await?,
        ),
    };
    let Some(id) = id else { return refuse(DeskRefusal::NoSuchScript) };
    let version = sqlx::query_scalar!(
        "insert into script_version (id, script_id, version, title, source, staff_id, at)
         select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 from script_version where script_id = $2
         having not coalesce((select title = $3 and source = $4 from script_version where script_id = $2 order by version desc limit 1), false)
         returning version",
        new_id(now),
        id,
        Json(&new.title) as _,
        source,
        actor.staff().map(|id| id.0),
        now
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some(version) = version {
        audit::record(&mut db, actor, "script.saved", Some(id), json!({ "version": version }), now).await?;
    }
    db.commit().await?;
    Ok(())
}

/// Offers a script no more, or again. Where it runs it goes on.
///
/// # Errors
/// Somebody who does not write texts, or no such script.
pub async fn retire_script(shop: &Shop, actor: &Actor, script: ScriptId, retired: bool, now: OffsetDateTime) -> Asked {
    needs(actor, Permission::EditArticles)?;
    let mut db = transaction::begin(&shop.db).await?;
    let changed =
        sqlx::query!("update script set retired_at = case when $2 then $3::timestamptz end where id = $1", script.0, retired, now)
            .execute(&mut *db)
            .await?;
    if changed.rows_affected() == 0 {
        return refuse(DeskRefusal::NoSuchScript);
    }
    let action = if retired { "script.retired" } else { "script.offered" };
    audit::record(&mut db, actor, action, Some(script.0), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

/// How long a version of a script takes those who go through it to an end, in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handling {
    pub title: Translated,
    pub version: i32,
    pub done: i64,
    pub left: i64,
    pub median: Option<i64>,
    pub p90: Option<i64>,
}

/// Every version that was used, the newest of a script first. Times are values that occurred.
///
/// # Errors
/// Somebody who supervises nobody.
pub async fn handling(shop: &Shop, actor: &Actor) -> Asked<Vec<Handling>> {
    needs(actor, Permission::Supervise)?;
    let rows = sqlx::query!(
        r#"select v.title as "title: Json<Translated>", v.version, count(*) filter (where r.outcome = 'done') as "done!",
                  count(*) filter (where r.outcome = 'left') as "left!",
                  percentile_disc(0.5) within group (order by extract(epoch from r.ended_at - r.began_at)::bigint) filter (where r.outcome = 'done') as median,
                  percentile_disc(0.9) within group (order by extract(epoch from r.ended_at - r.began_at)::bigint) filter (where r.outcome = 'done') as p90
           from script_run r join script_version v on v.id = r.version_id join script s on s.id = v.script_id
           where r.outcome is not null group by s.id, v.id order by s.created_at, s.id, v.version desc"#
    )
    .fetch_all(&shop.db)
    .await?;
    let handling = rows.into_iter().map(|row| Handling {
        title: row.title.0,
        version: row.version,
        done: row.done,
        left: row.left,
        median: row.median,
        p90: row.p90,
    });
    Ok(handling.collect())
}
