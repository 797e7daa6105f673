//! Asking: some days after a delivery, once an order, nobody twice within the cap, nobody who does not want to be asked;
//! and one reminder.

use super::{Refusable, letters, privacy, refuse, rules};
use crate::{Actor, Failure, Fault, Outcome, Shop, events, new_id, transaction};
use domain::{
    Language,
    ids::{InvitationId, OrderId},
    staff::Permission,
    surveys::{Split, SurveyRefusal, form},
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How many one round asks or reminds.
const BATCH: i64 = 200;

/// Who might be asked: an order with its buyer.
struct Candidate {
    order: Uuid,
    instrument: Uuid,
    email: String,
    name: String,
    language: String,
    every_days: Option<i32>,
}

/// Asks whom it is time to ask; says how many.
///
/// # Errors
/// A fault only.
pub async fn invite_due(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let candidates = sqlx::query_as!(
        Candidate,
        r#"select o.id as "order", n.id as instrument, o.email, o.name, o.language, n.every_days
           from survey_instrument n cross join survey_rule r
           join orders o on o.state = 'delivered' and o.delivered_at <= $1::timestamptz - n.days_after * interval '1 day'
               and o.delivered_at > $1 - (n.days_after + n.window_days) * interval '1 day'
           where n.active and position('@' in o.email) > 1
             and not exists (select from survey_invitation i where i.instrument_id = n.id and i.order_id = o.id)
             and not exists (select from survey_passed_over p where p.instrument_id = n.id and p.order_id = o.id)
             and not exists (
                 select from orders other join survey_invitation i on i.order_id = other.id
                 where lower(other.email) = lower(o.email)
                   and (i.asked_at > $1 - r.cap_days * interval '1 day'
                        or i.instrument_id = n.id and i.asked_at > $1 - coalesce(n.every_days, 0) * interval '1 day'))
           order by n.created_at, o.delivered_at limit $2"#,
        now,
        BATCH
    )
    .fetch_all(&shop.db)
    .await?;
    let mut asked = 0;
    for candidate in candidates {
        match invite(shop, &candidate, now).await {
            Ok(()) => asked += 1,
            // Somebody else asked them meanwhile, or they want no such mail.
            Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(fault)) => return Err(fault.into()),
        }
    }
    Ok(asked)
}

/// Asks about this order now, without waiting for the day. All else holds.
///
/// # Errors
/// The order was not delivered; asked already or not long ago; the buyer does not want it; another role is needed.
pub async fn ask_about(shop: &Shop, actor: &Actor, number: &str, now: OffsetDateTime) -> Refusable {
    actor.needs(Permission::SetRules).map_err(|_| Failure::Refused(SurveyRefusal::NotAllowed))?;
    let candidate = sqlx::query_as!(
        Candidate,
        r#"select o.id as "order", n.id as instrument, o.email, o.name, o.language, n.every_days
           from survey_instrument n, orders o
           where n.active and n.every_days is null and o.number = $1 and o.state = 'delivered' and position('@' in o.email) > 1
           order by n.created_at limit 1"#,
        number.replace('\0', "")
    )
    .fetch_optional(&shop.db)
    .await?;
    match candidate {
        Some(candidate) => invite(shop, &candidate, now).await,
        None => refuse(SurveyRefusal::NotDelivered),
    }
}

/// The rule's lock makes one queue of all who invite: the cap and the turns hold.
async fn invite(shop: &Shop, candidate: &Candidate, now: OffsetDateTime) -> Refusable {
    let mut db = transaction::begin(&shop.db).await?;
    let rules = rules::lock(&mut db).await?;
    if privacy::opted_out(&mut db, shop, &candidate.email).await? {
        sqlx::query!(
            "insert into survey_passed_over (instrument_id, order_id, at) values ($1, $2, $3) on conflict do nothing",
            candidate.instrument,
            candidate.order,
            now
        )
        .execute(&mut *db)
        .await?;
        db.commit().await?;
        return refuse(SurveyRefusal::OptedOut);
    }
    if asked_lately(&mut db, candidate, rules.cap_days, now).await? {
        return refuse(SurveyRefusal::AskedAlready);
    }
    let id = InvitationId(new_id(now));
    let expires_at = now + Duration::days(rules.open_days.into());
    write_down(&mut db, candidate, id, rules.split, expires_at, now).await?;
    let language = candidate.language.parse().unwrap_or(shop.settings.base_language);
    let letter =
        letters::Asked { id, order: OrderId(candidate.order), email: &candidate.email, name: &candidate.name, language, expires_at };
    letters::invitation(&mut db, shop, &letter, now).await?;
    events::record(&mut db, "survey.asked", candidate.order, json!({ "invitation": id }), now).await?;
    db.commit().await?;
    Ok(())
}

async fn asked_lately(db: &mut PgConnection, candidate: &Candidate, cap_days: u32, now: OffsetDateTime) -> Result<bool, Fault> {
    let every = Duration::days(candidate.every_days.unwrap_or(0).into());
    let asked = sqlx::query_scalar!(
        r#"select exists (
               select from orders o join survey_invitation i on i.order_id = o.id
               where lower(o.email) = lower($1)
                 and (i.asked_at > $2 or i.instrument_id = $4 and (i.asked_at > $3 or i.order_id = $5))) as "asked!""#,
        candidate.email,
        now - Duration::days(cap_days.into()),
        now - every,
        candidate.instrument,
        candidate.order
    )
    .fetch_one(db)
    .await?;
    Ok(asked)
}

/// Takes the next turn of the newest version.
async fn write_down(
    db: &mut PgConnection,
    candidate: &Candidate,
    id: InvitationId,
    split: Split,
    expires_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let turn = sqlx::query!(
        "update survey_version set asked = asked + 1
         where id = (select id from survey_version where instrument_id = $1 order by number desc limit 1)
         returning id, asked - 1 as turn, seed",
        candidate.instrument
    )
    .fetch_one(&mut *db)
    .await?;
    let form = form(split, turn.turn.unwrap_or(0).unsigned_abs(), turn.seed.cast_unsigned());
    sqlx::query!(
        "insert into survey_invitation (id, instrument_id, version_id, order_id, language, form, asked_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        candidate.instrument,
        turn.id,
        candidate.order,
        candidate.language,
        form.code(),
        now,
        expires_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Reminds, once, who was asked and has not finished; says how many.
///
/// # Errors
/// A fault only.
pub async fn remind_due(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let waiting = sqlx::query!(
        r#"select i.id, i.language, i.expires_at, o.id as "order", o.email, o.name
           from survey_rule r, survey_invitation i join orders o on o.id = i.order_id
           where r.reminder_days > 0 and i.reminded_at is null and i.completed_at is null and i.expires_at > $1
             and i.asked_at <= $1::timestamptz - r.reminder_days * interval '1 day' and position('@' in o.email) > 1
           order by i.asked_at limit $2"#,
        now,
        BATCH
    )
    .fetch_all(&shop.db)
    .await?;
    let mut reminded = 0;
    for row in waiting {
        let mut db = transaction::begin(&shop.db).await?;
        let ours = sqlx::query!(
            "update survey_invitation set reminded_at = $2 where id = $1 and reminded_at is null and completed_at is null",
            row.id,
            now
        )
        .execute(&mut *db)
        .await?;
        if ours.rows_affected() == 1 && !privacy::opted_out(&mut db, shop, &row.email).await? {
            let language: Language = row.language.parse().unwrap_or(shop.settings.base_language);
            let letter = letters::Asked {
                id: InvitationId(row.id),
                order: OrderId(row.order),
                email: &row.email,
                name: &row.name,
                language,
                expires_at: row.expires_at,
            };
            letters::reminder(&mut db, shop, &letter, now).await?;
            reminded += 1;
        }
        db.commit().await?;
    }
    Ok(reminded)
}
