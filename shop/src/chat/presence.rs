//! Who of the staff is there: a lease that the console's heartbeat renews. Who is heard of no more is away, and what
//! they had goes back to the queue.

use super::{
    Who,
    desk::{self, myself},
    log::{Change, known},
};
use crate::{Actor, Failure, Fault, Outcome, Shop, audit, events, transaction};
use domain::{
    chat::{ChatRefusal, Colleague, ConversationState, HEARTBEAT, PresenceState},
    ids::{ConversationId, StaffId},
    staff::{Permission, Role, Roles},
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// Two heartbeats may be missed, and then there is a grace of one.
pub(super) const LEASE: Duration = Duration::seconds(3 * HEARTBEAT as i64);

/// One's own.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn presence(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<PresenceState, ChatRefusal> {
    let me = myself(actor)?;
    let state = sqlx::query_scalar!("select state from staff_presence where staff_id = $1 and until > $2", me.0, now)
        .fetch_optional(&shop.db)
        .await?;
    Ok(state.map_or(Ok(PresenceState::Away), |state| known(PresenceState::from_code(&state)))?)
}

/// Comes, pauses or goes. Who goes gives their conversations back.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn set_presence(shop: &Shop, actor: &Actor, state: PresenceState, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    let me = myself(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    if state == PresenceState::Away {
        sqlx::query!("delete from staff_presence where staff_id = $1", me.0).execute(&mut *db).await?;
    } else {
        sqlx::query!(
            "insert into staff_presence (staff_id, state, since, until) values ($1, $2, $3, $4)
             on conflict (staff_id) do update set until = excluded.until, state = excluded.state,
                 since = case when staff_presence.state = excluded.state then staff_presence.since else excluded.since end",
            me.0,
            state.code(),
            now,
            now + LEASE
        )
        .execute(&mut *db)
        .await?;
    }
    events::record(&mut db, "staff.presence", me.0, json!({ "state": state }), now).await?;
    audit::record(&mut db, actor, "staff.presence", Some(me.0), json!({ "state": state }), now).await?;
    db.commit().await?;
    if state == PresenceState::Away {
        give_back_all(shop, me, "left", now).await?;
    }
    Ok(())
}

/// The console's heartbeat. Whoever was away stays away: they come back by saying so.
///
/// # Errors
/// Nobody who answers shoppers, or no more.
pub async fn keep_presence(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<PresenceState, ChatRefusal> {
    let me = myself(actor)?;
    let row = sqlx::query!(
        r#"with kept as (update staff_presence set until = greatest(until, $3) where staff_id = $1 and until > $2 returning state)
           select active, (select state from kept) as state from staff where id = $1"#,
        me.0,
        now,
        now + LEASE
    )
    .fetch_optional(&shop.db)
    .await?;
    let row = row.filter(|row| row.active).ok_or(Failure::Refused(ChatRefusal::NotAllowed))?;
    Ok(row.state.map_or(Ok(PresenceState::Away), |state| known(PresenceState::from_code(&state)))?)
}

/// Everybody who answers shoppers, those who are there first.
///
/// # Errors
/// Nobody who answers shoppers.
pub async fn present(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<Vec<Colleague>, ChatRefusal> {
    desk::allowed(actor, Permission::Converse)?;
    Ok(colleagues(&mut *shop.db.acquire().await?, now).await?)
}

pub(super) async fn colleagues(db: &mut PgConnection, now: OffsetDateTime) -> Result<Vec<Colleague>, Fault> {
    let rows = sqlx::query!(
        r#"select s.id, s.name, s.roles, s.languages, s.skills, s.load_cap, p.state as "state?",
                  (select count(*) from conversation c where c.assigned_to = s.id and c.state = 'assigned') as "load!"
           from staff s left join staff_presence p on p.staff_id = s.id and p.until > $1
           where s.active order by p.state is null, p.state, s.name, s.id"#,
        now
    )
    .fetch_all(db)
    .await?;
    let rows = rows.into_iter().filter(|row| answers_shoppers(&row.roles));
    let colleagues = rows.map(|row| {
        Ok(Colleague {
            id: StaffId(row.id),
            name: row.name,
            state: row.state.map_or(Ok(PresenceState::Away), |state| known(PresenceState::from_code(&state)))?,
            languages: row.languages,
            skills: row.skills,
            load: u32::try_from(row.load).unwrap_or(u32::MAX),
            cap: row.load_cap.unsigned_abs(),
        })
    });
    colleagues.collect()
}

/// Whether somebody with these roles sees conversations.
pub(super) fn answers_shoppers(codes: &[String]) -> bool {
    let roles: Vec<Role> = codes.iter().filter_map(|code| Role::from_code(code)).collect();
    Roles::of(&roles).may(Permission::Converse)
}

/// Somebody who is there and answers shoppers.
pub(super) async fn must_be_there(db: &mut PgConnection, staff: StaffId, now: OffsetDateTime) -> Outcome<Colleague, ChatRefusal> {
    let there = colleagues(db, now).await?.into_iter().find(|c| c.id == staff && c.state != PresenceState::Away);
    there.ok_or(Failure::Refused(ChatRefusal::NoSuchPerson))
}

/// They were given a conversation just now. Whoever took it without being there is there now, and gets nothing more.
pub(super) async fn is_given(db: &mut PgConnection, staff: StaffId, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "insert into staff_presence (staff_id, state, since, until, given_at) values ($1, 'paused', $2, $3, $2)
         on conflict (staff_id) do update set given_at = excluded.given_at, until = greatest(staff_presence.until, excluded.until),
             state = case when staff_presence.until > $2 then staff_presence.state else 'paused' end",
        staff.0,
        now,
        now + LEASE
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives back what those have whose lease is over; says how many conversations.
///
/// # Errors
/// A fault only.
pub async fn release_lapsed(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let gone = sqlx::query_scalar!("delete from staff_presence where until <= $1 returning staff_id", now).fetch_all(&shop.db).await?;
    let holders = sqlx::query_scalar!(
        r#"select distinct assigned_to as "staff!" from conversation c
           where state = 'assigned' and not exists (select from staff_presence p where p.staff_id = c.assigned_to)"#
    )
    .fetch_all(&shop.db)
    .await?;
    let mut released = 0;
    for staff in holders {
        released += give_back_all(shop, StaffId(staff), "presence lapsed", now).await?;
    }
    for staff in gone {
        let state = json!({ "state": PresenceState::Away, "why": "presence lapsed" });
        events::record(&mut *shop.db.acquire().await?, "staff.presence", staff, state, now).await?;
    }
    Ok(released)
}

async fn give_back_all(shop: &Shop, staff: StaffId, why: &str, now: OffsetDateTime) -> Result<usize, Fault> {
    let ids = sqlx::query_scalar!("select id from conversation where assigned_to = $1 and state = 'assigned' order by id", staff.0)
        .fetch_all(&shop.db)
        .await?;
    let mut released = 0;
    for id in ids {
        let begun = Change::begin(shop, Who::Staff(Actor::System), ConversationId(id), now).await;
        let (mut change, locked) = match begun {
            Ok(begun) => begun,
            Err(Failure::Refused(_)) => continue,
            Err(Failure::Fault(fault)) => return Err(fault),
        };
        if locked.state == ConversationState::Assigned && locked.assigned_to == Some(staff) {
            desk::give_back(&mut change, None, &locked, why).await?;
            change.commit().await?;
            released += 1;
        }
    }
    Ok(released)
}
