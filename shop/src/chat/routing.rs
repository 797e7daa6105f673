//! Gives those who wait to those who are there, the oldest first within priority. The rules are the desk's
//! (`desk::routing`), what they say is pure and stands in `domain`; what was decided is kept, and in the log as well.

use super::{
    Who, desk,
    log::{Change, known},
};
use crate::{Actor, Failure, Fault, Outcome, Shop, desk::routing, transaction};
use domain::{
    chat::{Channel, ConversationState, Topic},
    customers::{Classes, CustomerClass},
    ids::ConversationId,
    routing::{Case, choose},
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// One node routes at a time; the number is as good as any other.
const ROUTING: i64 = 0x0063_6861_7472_6f75;
/// How many conversations one round gives.
const BATCH: i64 = 100;

/// Gives waiting conversations to whoever the rules choose; says how many.
///
/// # Errors
/// A fault only.
pub async fn assign_waiting(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let mut turn = transaction::begin(&shop.db).await?;
    let mine = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "mine!""#, ROUTING).fetch_one(&mut *turn).await?;
    if !mine {
        return Ok(0);
    }
    let mut agents = routing::agents(&mut turn, now).await?;
    if agents.is_empty() {
        return Ok(0);
    }
    let rules = routing::rules(&mut turn).await?;
    let mut given = 0;
    for (conversation, case) in waiting(&mut turn, shop.settings.local(now).hour()).await? {
        let decision = choose(&rules, &agents, &case);
        let Some(to) = decision.agent else { continue };
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
        routing::record(&mut change.db, conversation, &case, &decision, now).await?;
        desk::give(&mut change, None, &mut locked, to, json!({ "by": "routing", "decision": decision })).await?;
        change.commit().await?;
        given += 1;
        if let Some(agent) = agents.iter_mut().find(|agent| agent.id == to) {
            agent.load += 1;
            agent.last_given = Some(now);
        }
    }
    Ok(given)
}

/// The same for somebody who just began to wait: a fault is the worker's to meet again.
pub(super) async fn assign_soon(shop: &Shop, now: OffsetDateTime) {
    let assigned = match somebody_is_there(shop, now).await {
        Ok(true) => assign_waiting(shop, now).await.map(drop),
        Ok(false) => Ok(()),
        Err(fault) => Err(fault.into()),
    };
    if let Err(fault) = assigned {
        tracing::warn!("a conversation waits for the next round of routing: {fault}");
    }
}

async fn somebody_is_there(shop: &Shop, now: OffsetDateTime) -> Result<bool, Fault> {
    let there =
        sqlx::query_scalar!(r#"select exists (select from staff_presence where state = 'available' and until > $1) as "there!""#, now);
    Ok(there.fetch_one(&shop.db).await?)
}

async fn waiting(db: &mut PgConnection, hour: u8) -> Result<Vec<(ConversationId, Case)>, Fault> {
    let rows = sqlx::query!(
        r#"with waiting as (
               select c.id, c.language, c.topic, c.channel, c.order_id, c.customer_id, c.priority, c.waiting_since,
                      lower(coalesce(a.email, nullif(c.email, ''), b.email, o.email)) as person
               from conversation c left join customer a on a.id = c.customer_id and a.confirmed_at is not null
               left join orders o on o.id = c.order_id left join customer b on b.id = o.customer_id and b.confirmed_at is not null
               where c.state = 'queued' and c.waiting_since is not null
               order by array_position(array['urgent', 'high', 'normal', 'low'], c.priority), c.waiting_since, c.id limit $1
           )
           select w.id, w.language, w.topic, w.channel, w.order_id is not null as "has_order!",
                  array(select k.class from customer_class k where k.email = w.person and k.until is null) as "classes!",
                  -- Known, and bought nothing: not even since the last night.
                  w.person is not null and not exists (
                      select from orders o where (lower(o.email) = w.person or o.customer_id = w.customer_id)
                          and o.state in ('paid', 'packed', 'shipped', 'delivered')
                  ) as "prospect!"
           from waiting w order by array_position(array['urgent', 'high', 'normal', 'low'], w.priority), w.waiting_since, w.id"#,
        BATCH
    )
    .fetch_all(db)
    .await?;
    let waiting = rows.into_iter().map(|row| {
        let case = Case {
            language: row.language.parse().map_err(Fault::new)?,
            topic: known(Topic::from_code(&row.topic))?,
            channel: known(Channel::from_code(&row.channel))?,
            has_order: row.has_order,
            classes: classes(&row.classes, row.prospect),
            hour,
        };
        Ok((ConversationId(row.id), case))
    });
    waiting.collect()
}

fn classes(codes: &[String], prospect: bool) -> Classes {
    let known = codes.iter().filter_map(|code| CustomerClass::from_code(code));
    Classes::of(&known.chain(prospect.then_some(CustomerClass::Prospect)).collect::<Vec<_>>())
}
