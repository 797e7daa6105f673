//! Gives those who wait to those who are there, the oldest first within priority. The rule itself is pure and stands in
//! `domain`; what it weighed is kept in the log.

use super::{
    Who, desk,
    log::{Change, known},
};
use crate::{Actor, Failure, Fault, Outcome, Shop, transaction};
use domain::{
    Language,
    chat::{
        ConversationState, Topic,
        routing::{Candidate, Wanted, choose},
    },
    ids::{ConversationId, StaffId},
    staff::{Permission, Role, Roles},
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// One node routes at a time; the number is as good as any other.
const ROUTING: i64 = 0x0063_6861_7472_6f75;
/// How many conversations one round gives.
const BATCH: i64 = 100;

/// Gives waiting conversations to whoever is there, has room and speaks the language; says how many.
///
/// # Errors
/// A fault only.
pub async fn assign_waiting(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let mut turn = transaction::begin(&shop.db).await?;
    let mine = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "mine!""#, ROUTING).fetch_one(&mut *turn).await?;
    if !mine {
        return Ok(0);
    }
    let mut candidates = candidates(&mut turn, now).await?;
    if candidates.is_empty() {
        return Ok(0);
    }
    let mut given = 0;
    for (conversation, language, topic) in waiting(&mut turn).await? {
        let wanted = Wanted { language, skill: Some(topic.code()) };
        let Some(decision) = choose(&wanted, &candidates) else { continue };
        let begun = Change::begin(shop, Who::Staff(Actor::System), conversation, now).await;
        let (mut change, mut locked) = match begun {
            Ok(begun) => begun,
            Err(Failure::Refused(_)) => continue,
            Err(Failure::Fault(fault)) => return Err(fault.into()),
        };
        // Somebody took it meanwhile.
        if locked.state != ConversationState::Queued {
            continue;
        }
        let to = decision.staff;
        desk::give(&mut change, None, &mut locked, to, json!({ "by": "routing", "decision": decision })).await?;
        change.commit().await?;
        given += 1;
        if let Some(candidate) = candidates.iter_mut().find(|candidate| candidate.staff == to) {
            candidate.load += 1;
            candidate.given_at = Some(now);
        }
    }
    Ok(given)
}

/// The same for somebody who just began to wait: a fault is the worker's to meet again.
pub(super) async fn assign_soon(shop: &Shop, now: OffsetDateTime) {
    if let Err(fault) = assign_waiting(shop, now).await {
        tracing::warn!("a conversation waits for the next round of routing: {fault}");
    }
}

async fn candidates(db: &mut PgConnection, now: OffsetDateTime) -> Result<Vec<Candidate>, Fault> {
    let rows = sqlx::query!(
        r#"select s.id, s.name, s.roles, s.languages, s.skills, s.load_cap, p.given_at,
                  (select count(*) from conversation c where c.assigned_to = s.id and c.state = 'assigned') as "load!"
           from staff s join staff_presence p on p.staff_id = s.id
           where s.active and p.state = 'available' and p.until > $1"#,
        now
    )
    .fetch_all(db)
    .await?;
    let rows = rows.into_iter().filter(|row| {
        let roles: Vec<Role> = row.roles.iter().filter_map(|code| Role::from_code(code)).collect();
        Roles::of(&roles).may(Permission::Converse)
    });
    let candidates = rows.map(|row| Candidate {
        staff: StaffId(row.id),
        name: row.name,
        languages: row.languages.iter().filter_map(|code| code.parse().ok()).collect(),
        skills: row.skills,
        load: u32::try_from(row.load).unwrap_or(u32::MAX),
        cap: row.load_cap.unsigned_abs(),
        given_at: row.given_at,
    });
    Ok(candidates.collect())
}

async fn waiting(db: &mut PgConnection) -> Result<Vec<(ConversationId, Language, Topic)>, Fault> {
    let rows = sqlx::query!(
        "select id, language, topic from conversation where state = 'queued' and waiting_since is not null
         order by array_position(array['urgent', 'high', 'normal', 'low'], priority), waiting_since, id limit $1",
        BATCH
    )
    .fetch_all(db)
    .await?;
    let waiting = rows.into_iter().map(|row| {
        Ok((ConversationId(row.id), row.language.parse().map_err(Fault::new)?, known(Topic::from_code(&row.topic))?))
    });
    waiting.collect()
}
