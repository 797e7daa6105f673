//! What is due to those who answer: not to be asked any more, to be forgotten, and that nothing is kept longer than was
//! said.

use super::{Refusable, cases, instrument::may_manage, lock};
use crate::{Actor, Fault, Outcome, Shop, audit, scores, signing, transaction};
use domain::{checkout::is_email, surveys::SurveyRefusal, token::Token};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// "I want no more surveys": holds for the address, whatever it orders.
///
/// # Errors
/// No such survey.
pub async fn stop(shop: &Shop, token: &Token, now: OffsetDateTime) -> Refusable {
    let mut db = transaction::begin(&shop.db).await?;
    let invitation = lock(&mut db, shop, token).await?;
    let email = sqlx::query_scalar!("select email from orders where id = $1", invitation.order).fetch_one(&mut *db).await?;
    opt_out(&mut db, shop, &email, now).await?;
    db.commit().await?;
    Ok(())
}

async fn opt_out(db: &mut PgConnection, shop: &Shop, email: &str, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!("insert into survey_opt_out (address, at) values ($1, $2) on conflict do nothing", key(shop, email), now)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn opted_out(db: &mut PgConnection, shop: &Shop, email: &str) -> Result<bool, Fault> {
    let known = sqlx::query_scalar!(r#"select exists (select from survey_opt_out where address = $1) as "known!""#, key(shop, email));
    Ok(known.fetch_one(db).await?)
}

fn key(shop: &Shop, email: &str) -> Vec<u8> {
    signing::pseudonym(&shop.settings, "survey-opt-out", email)
}

/// Forgets somebody as far as surveys know of them, and asks them no more. Their values stay as nobody's; says how many
/// answered surveys those were.
///
/// # Errors
/// Not a mail address; the person's roles do not reach so far.
pub async fn forget_person(shop: &Shop, actor: &Actor, email: &str, now: OffsetDateTime) -> Refusable<u64> {
    may_manage(actor)?;
    let email = email.trim();
    if !is_email(email) {
        return super::refuse(SurveyRefusal::OutOfBounds);
    }
    let mut db = transaction::begin(&shop.db).await?;
    let forgotten = forget(&mut db, shop, email, now).await?;
    // Nothing that would say who it was.
    audit::record(&mut db, actor, "survey.forgotten", None, json!({ "responses": forgotten }), now).await?;
    db.commit().await?;
    Ok(forgotten)
}

/// The same inside an intent that erases more of a person, while their orders still have the address.
pub(crate) async fn forget(db: &mut PgConnection, shop: &Shop, email: &str, now: OffsetDateTime) -> Result<u64, Fault> {
    opt_out(db, shop, email, now).await?;
    let pseudonym = signing::pseudonym(&shop.settings, "survey-answers", email);
    sqlx::query!("delete from survey_comment where response_id in (select id from survey_response where pseudonym = $1)", pseudonym)
        .execute(&mut *db)
        .await?;
    cases::untie_of(&mut *db, email, now).await?;
    // Under a name that nobody can make again, the same for none of their answers.
    let renamed = sqlx::query!("update survey_response set pseudonym = uuid_send(gen_random_uuid()) where pseudonym = $1", pseudonym)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from survey_invitation where order_id in (select id from orders where lower(email) = lower($1))", email)
        .execute(&mut *db)
        .await?;
    // Theirs are the mails too that led to the answers.
    sqlx::query!("delete from mail where lower(recipient) = lower($1) and starts_with(key, 'survey.')", email).execute(&mut *db).await?;
    Ok(renamed.rows_affected())
}

/// Cuts what can be traced for too long, and forgets answers that are too old; says how many.
///
/// # Errors
/// A fault only.
pub async fn sweep(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let mut db = transaction::begin(&shop.db).await?;
    // Equal moments on both sides would be a bridge as well.
    let cut: Vec<Uuid> = sqlx::query_scalar!(
        "delete from survey_link l using survey_invitation i, survey_rule r
         where i.id = l.invitation_id and coalesce(i.completed_at, i.expires_at) < $1::timestamptz - r.link_days * interval '1 day'
         returning l.invitation_id",
        now
    )
    .fetch_all(&mut *db)
    .await?;
    sqlx::query!(
        "update survey_invitation set opened_at = date_trunc('week', opened_at), started_at = date_trunc('week', started_at),
             completed_at = date_trunc('week', completed_at)
         where id = any($1)",
        &cut
    )
    .execute(&mut *db)
    .await?;
    let untied = cases::untie_old(&mut db, now).await?;
    scores::queue(&mut db).await?;
    let old = sqlx::query_scalar!(
        "select id from survey_response where started_at < $1::timestamptz - (select answer_months * interval '1 month' from survey_rule)",
        now
    )
    .fetch_all(&mut *db)
    .await?;
    if !old.is_empty() {
        scores::take_out(&mut db, &old).await?;
        sqlx::query!("delete from survey_response where id = any($1)", &old).execute(&mut *db).await?;
    }
    db.commit().await?;
    Ok(cut.len() + untied + old.len())
}
