//! Scenes: pictures of places in the shop, the home page and categories, from a file with a row a place. A category
//! without one shows the first picture of a product in it.

use super::{Finding, ImportOptions, ImportRefusal, lock, pictures::Studio};
use crate::{
    Failure, Fault, Outcome, Shop,
    catalog::{
        csv::columns::{self as column, Header},
        media::Derived,
    },
    events, new_id,
};
use csv::{Reader, ReaderBuilder, StringRecord};
use domain::{Language, Translated};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use std::io::Read;
use time::OffsetDateTime;
use uuid::Uuid;

/// The home page, or a category as products name it: `Tableware > Bowls`.
const PLACE: &str = "Place";
const HOME: &str = "/";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SceneReport {
    /// Places that show another picture, or the same with other words, than before.
    pub changed: u64,
    pub unchanged: u64,
    /// Why places were left as they are.
    pub rejections: Vec<Finding>,
}

/// Hangs the pictures that a file names; a place that is not in it stays as it is.
///
/// # Errors
/// Refused when the file as a whole cannot be read, or an import runs. What is wrong with single rows is in the report.
pub async fn import_scenes(
    shop: &Shop,
    source: impl Read,
    options: &ImportOptions,
    now: OffsetDateTime,
) -> Outcome<SceneReport, ImportRefusal> {
    let scenes = read(source, options.base_language)?;
    let studio = Studio::new(shop.settings.clone(), options.images.clone(), options.dry_run);
    let mut made = Vec::with_capacity(scenes.len());
    for scene in scenes {
        let picture = studio.make(&scene.source).await?;
        made.push((scene, picture));
    }
    let mut transaction = crate::transaction::begin(&shop.db).await?;
    if !lock(&mut transaction).await? {
        return Err(Failure::Refused(ImportRefusal::AnotherIsRunning));
    }
    let mut report = SceneReport::default();
    for (scene, picture) in made {
        match picture {
            Ok(picture) => hang(&mut transaction, &scene, &picture, now, &mut report).await?,
            Err(reason) => report.rejections.push(scene.finding(column::IMAGE_SRC, format!("`{}` {reason}", scene.source))),
        }
    }
    if options.dry_run {
        transaction.rollback().await?;
    } else {
        transaction.commit().await?;
    }
    report.rejections.sort_by_key(|finding| finding.line);
    Ok(report)
}

struct Scene {
    line: u64,
    place: String,
    source: String,
    alt: Translated,
}

impl Scene {
    fn finding(&self, column: &str, reason: String) -> Finding {
        Finding { line: self.line, column: Some(column.to_owned()), handle: self.place.clone(), reason }
    }
}

fn read(source: impl Read, base: Language) -> Outcome<Vec<Scene>, ImportRefusal> {
    let mut reader: Reader<_> = ReaderBuilder::new().flexible(true).from_reader(source);
    let names = reader.headers().map_err(Fault::new)?.iter().map(|name| name.trim().to_owned()).collect();
    let header = Header::new(names, base).map_err(|twice| Failure::Refused(ImportRefusal::ColumnTwice(twice)))?;
    if let Some(missing) = [PLACE, column::IMAGE_SRC].into_iter().find(|needed| !header.has(needed)) {
        return Err(Failure::Refused(ImportRefusal::NoColumn(missing)));
    }
    let scene = |row: Result<StringRecord, csv::Error>| {
        let row = row.map_err(Fault::new)?;
        let cell = |name: &str| header.position(name).and_then(|position| row.get(position)).unwrap_or_default().trim().to_owned();
        let alt = |language: Language| {
            let name = if language == base { column::IMAGE_ALT.to_owned() } else { column::in_language(column::IMAGE_ALT, language) };
            Some((language, cell(&name))).filter(|(_, text)| !text.is_empty())
        };
        Ok(Scene {
            line: row.position().map_or(0, csv::Position::line),
            place: cell(PLACE),
            source: cell(column::IMAGE_SRC),
            alt: Translated(Language::ALL.into_iter().filter_map(alt).collect()),
        })
    };
    reader.records().map(scene).collect()
}

async fn hang(db: &mut PgConnection, scene: &Scene, picture: &Derived, now: OffsetDateTime, report: &mut SceneReport) -> Result<(), Fault> {
    let category = match scene.place.as_str() {
        HOME => None,
        path => match sqlx::query_scalar!("select id from category where path = $1", path).fetch_optional(&mut *db).await? {
            Some(category) => Some(category),
            None => {
                report.rejections.push(scene.finding(PLACE, format!("neither `{HOME}` nor a category")));
                return Ok(());
            }
        },
    };
    let shown = sqlx::query!(
        r#"select m.id, m.hash, m.alt as "alt: Json<Translated>" from media m
            where m.product_id is null and m.id = case when $1::uuid is null then (select media_id from home_page)
                else (select media_id from category where id = $1) end"#,
        category
    )
    .fetch_optional(&mut *db)
    .await?;
    if shown.as_ref().is_some_and(|shown| shown.hash.as_ref() == Some(&picture.hash) && shown.alt.0 == scene.alt) {
        report.unchanged += 1;
        return Ok(());
    }
    let media = write(db, shown.map(|shown| shown.id), scene, picture, now).await?;
    match category {
        Some(category) => {
            sqlx::query!("update category set media_id = $2 where id = $1", category, media).execute(&mut *db).await?;
            events::record(db, "category.changed", category, json!({ "picture": scene.source }), now).await?;
        }
        None => {
            sqlx::query!("update home_page set media_id = $1", media).execute(&mut *db).await?;
            events::record(db, "home.changed", media, json!({ "picture": scene.source }), now).await?;
        }
    }
    report.changed += 1;
    Ok(())
}

async fn write(db: &mut PgConnection, known: Option<Uuid>, scene: &Scene, picture: &Derived, now: OffsetDateTime) -> Result<Uuid, Fault> {
    let id = known.unwrap_or_else(|| new_id(now));
    let widths: Vec<i32> = picture.widths.iter().map(|width| width.cast_signed()).collect();
    sqlx::query!(
        "insert into media (id, source, alt, hash, width, height, widths) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (id) do update set source = excluded.source, alt = excluded.alt, hash = excluded.hash,
                width = excluded.width, height = excluded.height, widths = excluded.widths",
        id,
        scene.source,
        Json(&scene.alt) as _,
        picture.hash,
        picture.width.cast_signed(),
        picture.height.cast_signed(),
        &widths
    )
    .execute(db)
    .await?;
    Ok(id)
}
