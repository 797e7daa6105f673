//! Instruments as they are kept: their versions, and how many of those who were asked came how far.

use super::{Refusable, translated};
use crate::{Actor, Failure, Fault, Shop, database};
use domain::{
    Translated,
    staff::Permission,
    surveys::{Dimension, Item, Part, Scale, SurveyRefusal, Version},
};
use sqlx::PgConnection;
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};
use time::OffsetDateTime;
use uuid::Uuid;

/// How many were asked, opened it, began and finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Funnel {
    pub asked: i64,
    pub opened: i64,
    pub started: i64,
    pub completed: i64,
}

/// An instrument in the list of managers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub code: String,
    pub title: Translated,
    pub active: bool,
    /// The newest version.
    pub version: i32,
    pub days_after: i32,
    pub every_days: Option<i32>,
    /// Of all versions: the full form's and the short one's.
    pub full: Funnel,
    pub short: Funnel,
}

/// One version of an instrument, and which others there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    pub version: Version,
    pub active: bool,
    pub days_after: i32,
    pub newest: i32,
    /// Numbers with the day they were made and how many answered them.
    pub versions: Vec<(i32, OffsetDateTime, i64)>,
}

pub(super) fn may_manage(actor: &Actor) -> Refusable {
    actor.needs(Permission::SetRules).map_err(|_| Failure::Refused(SurveyRefusal::NotAllowed))
}

/// # Errors
/// The person's roles do not reach so far.
pub async fn instruments(shop: &Shop, actor: &Actor) -> Refusable<Vec<Listed>> {
    may_manage(actor)?;
    let rows = sqlx::query!(
        r#"select n.code, n.active, n.days_after, n.every_days, v.number, v.title, f.form as "form?",
                  f.asked as "asked?", f.opened as "opened?", f.started as "started?", f.completed as "completed?"
           from survey_instrument n
           join lateral (select number, title from survey_version where instrument_id = n.id order by number desc limit 1) v on true
           left join (select instrument_id, form, count(*) as asked, count(opened_at) as opened, count(started_at) as started,
                             count(completed_at) as completed
                      from survey_invitation group by 1, 2) f on f.instrument_id = n.id
           order by n.created_at, n.code, f.form"#
    )
    .fetch_all(&shop.db)
    .await?;
    let mut listed: Vec<Listed> = Vec::new();
    for row in rows {
        let funnel = Funnel {
            asked: row.asked.unwrap_or(0),
            opened: row.opened.unwrap_or(0),
            started: row.started.unwrap_or(0),
            completed: row.completed.unwrap_or(0),
        };
        if listed.last().is_none_or(|last| last.code != row.code) {
            listed.push(Listed {
                code: row.code,
                title: translated(row.title)?,
                active: row.active,
                version: row.number,
                days_after: row.days_after,
                every_days: row.every_days,
                full: Funnel::default(),
                short: Funnel::default(),
            });
        }
        if let Some(last) = listed.last_mut() {
            match row.form.as_deref() {
                Some("short") => last.short = funnel,
                _ => last.full = funnel,
            }
        }
    }
    Ok(listed)
}

/// A version of an instrument, the newest where no number is given.
///
/// # Errors
/// No such instrument or version; the person's roles do not reach so far.
pub async fn instrument(shop: &Shop, actor: &Actor, code: &str, number: Option<i32>) -> Refusable<Instrument> {
    may_manage(actor)?;
    let versions = sqlx::query!(
        r#"select v.id, v.number, v.made_at, n.active, n.days_after,
                  (select count(*) from survey_response r where r.version_id = v.id and r.completed_at is not null) as "answered!"
           from survey_version v join survey_instrument n on n.id = v.instrument_id where n.code = $1 order by v.number desc"#,
        code.replace('\0', "")
    )
    .fetch_all(&shop.db)
    .await?;
    let missing = || Failure::Refused(SurveyRefusal::NoSuchSurvey);
    let first = versions.first().ok_or_else(missing)?;
    let (newest, active, days_after) = (first.number, first.active, first.days_after);
    let wanted = versions.iter().find(|version| version.number == number.unwrap_or(newest)).ok_or_else(missing)?.id;
    let version = load(&mut *shop.db.acquire().await?, wanted).await?;
    let versions = versions.into_iter().map(|row| (row.number, shop.settings.local(row.made_at), row.answered)).collect();
    Ok(Instrument { version, active, days_after, newest, versions })
}

/// A version as [`load`] gives it, read once by each node: what is asked never changes within a version, and every answer
/// needs it.
pub(super) async fn known(db: &mut PgConnection, shop: &Shop, id: Uuid) -> Result<Arc<Version>, Fault> {
    // By database: one process may serve several shops (its tests do).
    static KNOWN: RwLock<BTreeMap<(String, Uuid), Arc<Version>>> = RwLock::new(BTreeMap::new());
    let key = (database(&shop.db), id);
    if let Some(version) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(version.clone());
    }
    let version = Arc::new(load(db, id).await?);
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(key, version.clone());
    Ok(version)
}

/// A version whole.
pub(crate) async fn load(db: &mut PgConnection, id: Uuid) -> Result<Version, Fault> {
    let head = sqlx::query!(
        "select n.code, v.number, v.title, v.intro, v.gate from survey_version v join survey_instrument n on n.id = v.instrument_id
         where v.id = $1",
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let dimensions =
        sqlx::query!("select code, part, name, short_items from survey_dimension where version_id = $1 order by position, code", id)
            .fetch_all(&mut *db)
            .await?;
    let dimensions = dimensions.into_iter().map(|row| {
        Ok(Dimension {
            part: Part::from_code(&row.part).ok_or_else(|| Fault::new("a part of another version"))?,
            name: translated(row.name)?,
            short_items: row.short_items.and_then(|count| usize::try_from(count).ok()),
            code: row.code,
        })
    });
    Ok(Version {
        dimensions: dimensions.collect::<Result<_, Fault>>()?,
        items: items(db, id).await?,
        instrument: head.code,
        number: head.number,
        title: translated(head.title)?,
        intro: translated(head.intro)?,
        gate: head.gate.map(translated).transpose()?,
    })
}

async fn items(db: &mut PgConnection, version: Uuid) -> Result<Vec<Item>, Fault> {
    let rows = sqlx::query!(
        r#"select i.id, i.code, i.dimension, i.text, i.reversed, s.code as "scale?", s.lowest as "lowest?", s.highest as "highest?",
                  s.labels as "labels?"
           from survey_item i left join survey_scale s on s.code = i.scale where i.version_id = $1 order by i.position, i.code"#,
        version
    )
    .fetch_all(db)
    .await?;
    let scale = |code, lowest, highest, labels: Option<_>| {
        let Some((((code, lowest), highest), labels)) = Option::zip(code, lowest).zip(highest).zip(labels) else { return Ok(None) };
        Ok::<_, Fault>(Some(Scale { code, lowest, highest, labels: translated(labels)? }))
    };
    let items = rows.into_iter().map(|row| {
        Ok(Item {
            id: row.id,
            code: row.code,
            dimension: row.dimension,
            text: translated(row.text)?,
            reversed: row.reversed,
            scale: scale(row.scale, row.lowest, row.highest, row.labels)?,
        })
    });
    items.collect()
}
