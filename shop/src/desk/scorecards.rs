//! Reviews: closed conversations, drawn so that nobody chooses the pretty ones, looked through with the eleven points.

use super::{Asked, needs, refuse};
use crate::{Actor, Shop, audit, new_id, transaction};
use domain::{
    desk::{Criterion, DeskRefusal},
    ids::{ConversationId, StaffId},
    staff::Permission,
};
use serde_json::json;
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};

/// From how long ago conversations are drawn.
const DRAWN_FROM: Duration = Duration::days(30);
/// How many are drawn at once.
const DRAWN: i64 = 5;
/// What the results look back on.
const RESULTS_FROM: Duration = Duration::days(90);
const MOST_CHARACTERS: usize = 2000;

/// A conversation to look through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub id: ConversationId,
    pub number: i64,
    pub agent: String,
    pub closed_at: OffsetDateTime,
}

/// What the reviews say of one person.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewResult {
    pub agent: String,
    pub reviews: i64,
    pub median: f64,
    /// The point with the lowest mean.
    pub weakest: Option<Criterion>,
}

/// Closed conversations that nobody has looked through yet, by the hash of their id: the same until one is reviewed.
///
/// # Errors
/// Somebody who supervises nobody.
pub async fn draw(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Asked<Vec<Drawn>> {
    needs(actor, Permission::Supervise)?;
    let rows = sqlx::query!(
        r#"select c.id, c.number, s.name, c.closed_at as "closed_at!" from conversation c join staff s on s.id = c.assigned_to
           where c.state = 'closed' and c.closed_at > $1 and c.first_reply_at is not null and c.assigned_to is distinct from $2
               and not exists (select from scorecard k where k.conversation_id = c.id)
           order by md5(c.id::text) limit $3"#,
        now - DRAWN_FROM,
        actor.staff().map(|id| id.0),
        DRAWN
    )
    .fetch_all(&shop.db)
    .await?;
    let drawn =
        rows.into_iter().map(|row| Drawn { id: ConversationId(row.id), number: row.number, agent: row.name, closed_at: row.closed_at });
    Ok(drawn.collect())
}

/// Keeps a review; the same reviewer's second one of a conversation takes the place of the first.
///
/// # Errors
/// No mark, one's own conversation, or no such one.
pub async fn save_scorecard(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    marks: &[(Criterion, u8)],
    comment: &str,
    now: OffsetDateTime,
) -> Asked {
    needs(actor, Permission::Supervise)?;
    let Some(reviewer) = actor.staff() else { return refuse(DeskRefusal::NotAllowed) };
    if marks.is_empty() || marks.iter().any(|(_, mark)| !(1..=5).contains(mark)) {
        return refuse(DeskRefusal::MarksMissing);
    }
    let mut db = transaction::begin(&shop.db).await?;
    let Some(agent) =
        sqlx::query_scalar!("select assigned_to from conversation where id = $1", conversation.0).fetch_optional(&mut *db).await?
    else {
        return refuse(DeskRefusal::NoSuchConversation);
    };
    if agent.map(StaffId) == Some(reviewer) {
        return refuse(DeskRefusal::OwnConversation);
    }
    let codes: BTreeMap<&str, u8> = marks.iter().map(|(criterion, mark)| (criterion.code(), *mark)).collect();
    let comment: String = comment.trim().replace('\0', "").chars().take(MOST_CHARACTERS).collect();
    sqlx::query!(
        "insert into scorecard (id, conversation_id, agent_id, reviewer_id, marks, comment, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (conversation_id, reviewer_id) do update set marks = excluded.marks, comment = excluded.comment, at = excluded.at",
        new_id(now),
        conversation.0,
        agent,
        reviewer.0,
        json!(codes),
        comment,
        now
    )
    .execute(&mut *db)
    .await?;
    audit::record(&mut db, actor, "conversation.reviewed", Some(conversation.0), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

/// What the reviews say, person by person.
///
/// # Errors
/// Somebody who supervises nobody.
pub async fn results(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Asked<Vec<ReviewResult>> {
    needs(actor, Permission::Supervise)?;
    let rows = sqlx::query!(
        r#"with mark as (
               select k.id, k.agent_id, m.key as criterion, m.value::numeric as value
               from scorecard k cross join lateral jsonb_each_text(k.marks) m where k.at > $1
           )
           select s.name, count(distinct mark.id) as "reviews!",
                  percentile_cont(0.5) within group (order by mark.value::float8) as "median!",
                  (select w.criterion from mark w where w.agent_id = s.id group by w.criterion order by avg(w.value), w.criterion limit 1) as weakest
           from mark join staff s on s.id = mark.agent_id group by s.id, s.name order by s.name"#,
        now - RESULTS_FROM
    )
    .fetch_all(&shop.db)
    .await?;
    let results = rows.into_iter().map(|row| ReviewResult {
        agent: row.name,
        reviews: row.reviews,
        median: row.median,
        weakest: row.weakest.as_deref().and_then(Criterion::from_code),
    });
    Ok(results.collect())
}
