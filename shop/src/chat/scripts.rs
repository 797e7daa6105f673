//! A script that an agent goes through in a conversation: one step after another by what the customer answers, with what
//! has to be noted. To its end, and to the close of the conversation by it, one comes only with everything noted.

use super::{
    Who, desk,
    log::{Change, Locked},
};
use crate::{
    Actor, Fault, Shop, audit,
    desk::{Asked, needs, refuse},
    events, new_id,
};
use domain::{
    Translated,
    desk::{Capture, DeskRefusal, Script, Step},
    ids::{ConversationId, RunId, ScriptId},
    staff::Permission,
};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// The longest note, in characters.
const MOST_CHARACTERS: usize = 2000;

/// Where one goes from a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Going {
    /// Nowhere: what was noted is kept.
    Stay,
    To(String),
    Back,
    /// To the end of the script, and of the conversation where it is closed by it.
    End {
        close: bool,
    },
    /// Away from the script, before its end.
    Leave,
}

/// A script as it was or is gone through in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: RunId,
    pub title: Translated,
    pub version: i32,
    /// Where it stands; nothing of one that has ended.
    pub step: Option<Step>,
    pub is_first_step: bool,
    /// What was noted: its key, its name, and the note.
    pub captured: Vec<(String, Translated, String)>,
    /// It came to an end of the script.
    pub done: bool,
    pub began_at: OffsetDateTime,
}

/// Begins a script.
///
/// # Errors
/// Not one's own conversation, another script runs there, or no such script.
pub async fn start_script(shop: &Shop, actor: &Actor, conversation: ConversationId, script: ScriptId, now: OffsetDateTime) -> Asked {
    let (mut change, _) = own(shop, actor, conversation, now).await?;
    let version = sqlx::query!(
        "select v.id, v.version, v.source from script_version v join script s on s.id = v.script_id
         where s.id = $1 and s.retired_at is null order by v.version desc limit 1",
        script.0
    )
    .fetch_optional(&mut *change.db)
    .await?;
    let Some(version) = version else { return refuse(DeskRefusal::NoSuchScript) };
    let first = read(&version.source)?.steps.into_iter().next().map(|step| step.name).unwrap_or_default();
    let begun = sqlx::query!(
        "insert into script_run (id, conversation_id, version_id, staff_id, path, began_at) values ($1, $2, $3, $4, array[$5::text], $6)
         on conflict (conversation_id) where ended_at is null do nothing",
        new_id(now),
        conversation.0,
        version.id,
        actor.staff().map(|id| id.0),
        first,
        now
    )
    .execute(&mut *change.db)
    .await?;
    if begun.rows_affected() == 0 {
        return refuse(DeskRefusal::ScriptRuns);
    }
    let detail = json!({ "script": script, "version": version.version });
    audit::record(&mut change.db, actor, "script.started", Some(conversation.0), detail, now).await?;
    Ok(change.commit().await?)
}

/// Notes what was said at a step, and goes on from there. What was noted is kept also where one may not go on. From a
/// step that was left already nothing happens: a second click finds the first one done.
///
/// # Errors
/// Not one's own conversation, no such script, or something required is not noted.
pub async fn follow_script(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    at: &str,
    notes: &BTreeMap<String, String>,
    going: &Going,
    now: OffsetDateTime,
) -> Asked {
    let (mut change, locked) = own(shop, actor, conversation, now).await?;
    let run = sqlx::query!(
        r#"select r.id, r.path, v.source, v.title as "title: Json<Translated>" from script_run r join script_version v on v.id = r.version_id
           where r.conversation_id = $1 and r.ended_at is null for update of r"#,
        conversation.0
    )
    .fetch_optional(&mut *change.db)
    .await?;
    let Some(run) = run.filter(|run| run.path.last().is_some_and(|step| step == at)) else { return Ok(()) };
    let script = read(&run.source)?;
    let Some(step) = script.step(at) else { return refuse(DeskRefusal::NoSuchScript) };
    note(&mut change.db, run.id, step, notes, now).await?;
    let noted = captured(&mut change.db, &[run.id]).await?;
    let noted = noted.get(&run.id).cloned().unwrap_or_default();
    let asked: Vec<&Capture> = match going {
        Going::To(_) => step.captures.iter().collect(),
        Going::End { .. } => run.path.iter().filter_map(|name| script.step(name)).flat_map(|step| &step.captures).collect(),
        Going::Stay | Going::Back | Going::Leave => Vec::new(),
    };
    let missing: Vec<Translated> =
        asked.into_iter().filter(|c| c.required && !noted.contains_key(&c.key)).map(|c| c.label.clone()).collect();
    if !missing.is_empty() {
        change.commit().await?;
        return refuse(DeskRefusal::CapturesMissing(missing));
    }
    match going {
        Going::Stay => {}
        Going::To(name) if step.branch_to(name).is_some() => {
            go(&mut change.db, run.id, &[&run.path[..], std::slice::from_ref(name)].concat()).await?;
        }
        Going::Back if run.path.len() > 1 => go(&mut change.db, run.id, &run.path[..run.path.len() - 1]).await?,
        Going::End { close } if step.is_end() => {
            end(&mut change.db, conversation, "done", now).await?;
            let detail = json!({ "run": run.id, "closes": close });
            audit::record(&mut change.db, actor, "script.done", Some(conversation.0), detail, now).await?;
            if *close {
                close_by(&mut change, actor, &locked, run.title.0.get(shop.settings.base_language)).await?;
            }
        }
        Going::Leave => {
            end(&mut change.db, conversation, "left", now).await?;
            audit::record(&mut change.db, actor, "script.left", Some(conversation.0), json!({ "run": run.id }), now).await?;
        }
        Going::To(_) | Going::Back | Going::End { .. } => return refuse(DeskRefusal::NoSuchScript),
    }
    Ok(change.commit().await?)
}

async fn close_by(change: &mut Change<'_>, actor: &Actor, locked: &Locked, reason: &str) -> Result<(), Fault> {
    desk::shut(change, Some(Who::staff(actor)), locked, reason).await?;
    let detail = json!({ "reason": reason });
    audit::record(&mut change.db, actor, "conversation.closed", Some(locked.id.0), detail, change.now).await
}

/// The conversation, locked, where somebody has it and it is one's own.
async fn own<'a>(shop: &'a Shop, actor: &Actor, id: ConversationId, now: OffsetDateTime) -> Asked<(Change<'a>, Locked)> {
    desk::own(shop, actor, id, now).await.map_err(|failure| failure.map_refusal(DeskRefusal::Chat))
}

fn read(source: &str) -> Result<Script, Fault> {
    Script::parse(source).map_err(|fault| Fault::new(format!("a script that was kept cannot be read: {fault:?}")))
}

/// An empty note is none.
async fn note(db: &mut PgConnection, run: Uuid, step: &Step, notes: &BTreeMap<String, String>, now: OffsetDateTime) -> Result<(), Fault> {
    for (key, typed) in notes.iter().filter(|(key, _)| step.captures.iter().any(|capture| capture.key == **key)) {
        let value: String = typed.replace('\0', "").trim().chars().take(MOST_CHARACTERS).collect();
        if value.is_empty() {
            sqlx::query!("delete from script_capture where run_id = $1 and key = $2", run, key).execute(&mut *db).await?;
        } else {
            sqlx::query!(
                "insert into script_capture (run_id, key, value, at) values ($1, $2, $3, $4)
                 on conflict (run_id, key) do update set value = excluded.value, at = excluded.at where script_capture.value <> excluded.value",
                run,
                key,
                value,
                now
            )
            .execute(&mut *db)
            .await?;
        }
    }
    Ok(())
}

async fn go(db: &mut PgConnection, run: Uuid, path: &[String]) -> Result<(), Fault> {
    sqlx::query!("update script_run set path = $2 where id = $1", run, path).execute(db).await?;
    Ok(())
}

/// The script that runs in a conversation ends, if there is one.
pub(super) async fn end(db: &mut PgConnection, conversation: ConversationId, outcome: &str, now: OffsetDateTime) -> Result<(), Fault> {
    let ended = sqlx::query!(
        "update script_run set ended_at = $3, outcome = $2 where conversation_id = $1 and ended_at is null
         returning id, version_id, began_at",
        conversation.0,
        outcome,
        now
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some(run) = ended {
        let seconds = (now - run.began_at).whole_seconds();
        let payload = json!({ "run": run.id, "version": run.version_id, "outcome": outcome, "seconds": seconds });
        events::record(db, "conversation.script", conversation.0, payload, now).await?;
    }
    Ok(())
}

async fn captured(db: &mut PgConnection, runs: &[Uuid]) -> Result<BTreeMap<Uuid, BTreeMap<String, String>>, Fault> {
    let rows = sqlx::query!("select run_id, key, value from script_capture where run_id = any($1)", runs).fetch_all(db).await?;
    let mut captured: BTreeMap<Uuid, BTreeMap<String, String>> = BTreeMap::new();
    for row in rows {
        captured.entry(row.run_id).or_default().insert(row.key, row.value);
    }
    Ok(captured)
}

/// Every script of a conversation, the one that runs first, then the newest; notes in the order of their script.
///
/// # Errors
/// Somebody who does not answer shoppers.
pub async fn script_runs(shop: &Shop, actor: &Actor, conversation: ConversationId) -> Asked<Vec<Run>> {
    needs(actor, Permission::Converse)?;
    let mut db = shop.db.acquire().await?;
    let rows = sqlx::query!(
        r#"select r.id, r.path, r.began_at, r.ended_at, r.outcome, v.version, v.source, v.title as "title: Json<Translated>"
           from script_run r join script_version v on v.id = r.version_id
           where r.conversation_id = $1 order by r.ended_at is not null, r.began_at desc, r.id desc"#,
        conversation.0
    )
    .fetch_all(&mut *db)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut captured = captured(&mut db, &ids).await?;
    let runs = rows.into_iter().map(|row| {
        let script = read(&row.source)?;
        let mut notes = captured.remove(&row.id).unwrap_or_default();
        let step = row.path.last().filter(|_| row.ended_at.is_none()).and_then(|name| script.step(name)).cloned();
        let captures = script.steps.into_iter().flat_map(|step| step.captures);
        Ok(Run {
            id: RunId(row.id),
            title: row.title.0,
            version: row.version,
            step,
            is_first_step: row.path.len() == 1,
            captured: captures.filter_map(|c| notes.remove(&c.key).map(|value| (c.key, c.label, value))).collect(),
            done: row.outcome.as_deref() == Some("done"),
            began_at: row.began_at,
        })
    });
    Ok(runs.collect::<Result<_, Fault>>()?)
}
