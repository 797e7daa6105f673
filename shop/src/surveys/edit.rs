//! Changing an instrument: what is saved is a new version. Answers stay with the version they were given to.

use super::{Refusable, instrument, instrument::may_manage, refuse};
use crate::{Actor, Failure, Fault, Shop, audit, new_id, transaction};
use domain::{
    Language, Translated,
    surveys::{GATE, MOST_WORDING, SurveyRefusal, Version},
};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;
use uuid::Uuid;

/// A version as a manager wants it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edited {
    pub title: Translated,
    pub intro: Translated,
    /// By code; items that are not in it are asked no more.
    pub items: BTreeMap<String, EditedItem>,
    pub added: Option<NewItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EditedItem {
    pub text: Translated,
    pub reversed: bool,
}

/// An item that there was not; it is answered on the scale of its dimension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewItem {
    pub code: String,
    pub dimension: String,
    pub item: EditedItem,
}

/// Saves the change as the version after `base`; its number, or that of `base` where nothing is another.
///
/// # Errors
/// Somebody saved another meanwhile; a wording is missing in a language or too long; a code that is wrong or taken; a
/// dimension with fewer items than its short form asks; the person's roles do not reach so far.
pub async fn save_version(shop: &Shop, actor: &Actor, code: &str, base: i32, edited: &Edited, now: OffsetDateTime) -> Refusable<i32> {
    may_manage(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    let owner = sqlx::query_scalar!("select id from survey_instrument where code = $1 for update", code.replace('\0', ""))
        .fetch_optional(&mut *db)
        .await?
        .ok_or(Failure::Refused(SurveyRefusal::NoSuchSurvey))?;
    let newest = sqlx::query!("select id, number from survey_version where instrument_id = $1 order by number desc limit 1", owner)
        .fetch_one(&mut *db)
        .await?;
    if newest.number != base {
        return refuse(SurveyRefusal::ChangedMeanwhile);
    }
    let old = instrument::load(&mut db, newest.id).await?;
    let new = applied(&old, edited)?;
    if new == old {
        return Ok(base);
    }
    let id = write(&mut db, owner, newest.id, &new, actor, now).await?;
    let detail = json!({ "instrument": code, "version": new.number });
    audit::record(&mut db, actor, "survey.version", Some(id), detail, now).await?;
    db.commit().await?;
    Ok(new.number)
}

/// The version with the change in it. Its number is the next where something changed.
fn applied(old: &Version, edited: &Edited) -> Refusable<Version> {
    let mut new = Version { title: worded(&edited.title)?, intro: worded(&edited.intro)?, ..old.clone() };
    new.items.retain(|item| edited.items.contains_key(&item.code));
    for item in &mut new.items {
        if let Some(wanted) = edited.items.get(&item.code) {
            item.text = worded(&wanted.text)?;
            item.reversed = wanted.reversed && item.scale.is_some();
        }
    }
    if let Some(added) = &edited.added {
        add(&mut new, old, added)?;
    }
    let too_few = new.dimensions.iter().any(|dimension| {
        let items = new.items.iter().filter(|item| item.dimension == dimension.code).count();
        items < dimension.short_items.unwrap_or(0).max(1)
    });
    if too_few {
        return refuse(SurveyRefusal::TooFewItems);
    }
    if new != *old {
        new.number = old.number + 1;
    }
    Ok(new)
}

fn worded(text: &Translated) -> Refusable<Translated> {
    let kept: BTreeMap<_, _> = text.0.iter().map(|(language, text)| (*language, text.replace('\0', "").trim().to_owned())).collect();
    let is_good = |language: &Language| kept.get(language).is_some_and(|text| (1..=MOST_WORDING).contains(&text.chars().count()));
    if Language::ALL.iter().all(is_good) { Ok(Translated(kept)) } else { refuse(SurveyRefusal::BadWording) }
}

/// Beside the items of its dimension, whose code begins as the dimension's does.
fn add(new: &mut Version, old: &Version, added: &NewItem) -> Refusable {
    let code = added.code.trim();
    let number = code.strip_prefix(&added.dimension).unwrap_or_default();
    let is_good = (1..=2).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    let taken: BTreeSet<_> = old.items.iter().map(|item| item.code.as_str()).collect();
    let beside = new.items.iter().rposition(|item| item.dimension == added.dimension);
    let Some(beside) = beside.filter(|_| is_good && !taken.contains(code) && code != GATE) else { return refuse(SurveyRefusal::BadCode) };
    let mut item = new.items[beside].clone();
    item.id = Uuid::nil();
    item.code = code.to_owned();
    item.text = worded(&added.item.text)?;
    item.reversed = added.item.reversed && item.scale.is_some();
    new.items.insert(beside + 1, item);
    Ok(())
}

async fn write(
    db: &mut PgConnection,
    instrument: Uuid,
    before: Uuid,
    new: &Version,
    actor: &Actor,
    now: OffsetDateTime,
) -> Result<Uuid, Fault> {
    let id = new_id(now);
    let (title, intro) = (json!(new.title), json!(new.intro));
    sqlx::query!(
        "insert into survey_version (id, instrument_id, number, title, intro, gate, seed, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        instrument,
        new.number,
        title,
        intro,
        new.gate.as_ref().map(|gate| json!(gate)),
        rand::random::<i64>(),
        actor.staff().map(|staff| staff.0),
        now
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into survey_dimension (version_id, code, position, part, name, short_items)
         select $1, code, position, part, name, short_items from survey_dimension where version_id = $2",
        id,
        before
    )
    .execute(&mut *db)
    .await?;
    for (position, item) in (0..).zip(&new.items) {
        sqlx::query!(
            "insert into survey_item (id, version_id, code, dimension, position, text, reversed, scale) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            new_id(now),
            id,
            item.code,
            item.dimension,
            position,
            json!(item.text),
            item.reversed,
            item.scale.as_ref().map(|scale| scale.code.as_str())
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(id)
}
