//! Opening a case, in the transaction that finishes the survey, so that none is lost and none comes twice. An answer is
//! promised at once, counted on the business calendar.

use super::row::{Author, Entry, remember};
use crate::{
    Fault, Shop, calendar, new_id, promises,
    surveys::{Invitation, instrument},
};
use domain::{
    ids::{CaseId, OrderId, StaffId},
    promises::{PromiseKind, warn_after},
    surveys::{CaseStep, Finished, Scores, Thresholds, reasons},
};
use sqlx::PgConnection;
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// Opens a case where these answers, which were just finished, call for one.
pub(in crate::surveys) async fn open(
    db: &mut PgConnection,
    shop: &Shop,
    invitation: &Invitation,
    response: Uuid,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let finished = finished(db, invitation.version, response).await?;
    let rule = sqlx::query!("select case_mean_tenths, case_recommend from survey_rule").fetch_one(&mut *db).await?;
    let thresholds = Thresholds {
        mean_tenths: rule.case_mean_tenths.unsigned_abs(),
        recommendation: i16::try_from(rule.case_recommend).map_err(Fault::new)?,
    };
    let reasons: Vec<String> = reasons(&finished, thresholds).into_iter().map(|reason| reason.code().to_owned()).collect();
    if reasons.is_empty() {
        return Ok(());
    }
    let case = CaseId(new_id(now));
    let number = sqlx::query_scalar!(
        "insert into survey_case (id, response_id, order_id, language, reasons, recommend_before, mean_before, opened_at, changed_at)
         select $1, $2, $3, language, $4, $5, $6, $7, $7 from survey_response where id = $2
         on conflict (response_id) do nothing returning number",
        case.0,
        response,
        invitation.order,
        &reasons,
        finished.scores.recommendation,
        finished.scores.overall(),
        now
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(number) = number else { return Ok(()) };
    remember(db, case, number, Author::Shop, Entry::of(CaseStep::Opened, now), now).await?;
    promise_answer(db, shop, case, number, (OrderId(invitation.order), None), now).await
}

/// What was answered, as the rule looks at it.
async fn finished(db: &mut PgConnection, version: Uuid, response: Uuid) -> Result<Finished, Fault> {
    let version = instrument::load(db, version).await?;
    let row = sqlx::query!(
        r#"select trouble_known or trouble_said is true as "trouble!", wants_answer from survey_response where id = $1"#,
        response
    )
    .fetch_one(&mut *db)
    .await?;
    let values =
        sqlx::query!(r#"select item_id, value as "value!" from survey_answer where response_id = $1 and value is not null"#, response)
            .fetch_all(&mut *db)
            .await?;
    let values: HashMap<Uuid, i16> = values.into_iter().map(|row| (row.item_id, row.value)).collect();
    let comments = sqlx::query_scalar!("select body from survey_comment where response_id = $1", response).fetch_all(db).await?;
    Ok(Finished {
        about_order: version.gate.is_some(),
        scores: Scores::of(&version, &values),
        trouble: row.trouble,
        wants_answer: row.wants_answer,
        comments,
    })
}

/// A person answers within the target.
pub(super) async fn promise_answer(
    db: &mut PgConnection,
    shop: &Shop,
    case: CaseId,
    number: i64,
    (order, owner): (OrderId, Option<StaffId>),
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let calendar = calendar::read(db, &shop.settings).await?;
    let minutes = sqlx::query_scalar!("select case_reply_minutes from survey_rule").fetch_one(&mut *db).await?.unsigned_abs();
    let new = promises::NewPromise {
        kind: PromiseKind::Reply,
        subject: case.0,
        what: &format!("answer to case {number}"),
        owner,
        to: "customer",
        due_at: calendar.due(now, minutes),
        warn_at: Some(calendar.due(now, warn_after(minutes))),
        about: promises::About { order: Some(order), ..promises::About::default() },
    };
    promises::make(db, &new, now).await?;
    Ok(())
}
