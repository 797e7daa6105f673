//! What a manager sets for all surveys.

use super::{Refusable, instrument::may_manage, refuse};
use crate::{Actor, Fault, Outcome, Shop, audit, transaction};
use domain::surveys::{Split, SurveyRefusal};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Nobody is asked twice within so many days.
    pub cap_days: u32,
    /// One reminder after so many days; none with 0.
    pub reminder_days: u32,
    /// How long a link can be answered.
    pub open_days: u32,
    pub split: Split,
    /// How long answers can be traced to their order.
    pub link_days: u32,
    /// How long answers are kept.
    pub answer_months: u32,
    pub cases: CaseRules,
}

/// When a survey becomes a case, and what is promised then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseRules {
    /// Of a main dimension's mean, in tenths; 0: never by a mean.
    pub mean_tenths: u32,
    /// Of the recommendation of who had trouble.
    pub recommend: u32,
    /// Business minutes until a person has answered.
    pub reply_minutes: u32,
    /// Days until an answered case closes by itself.
    pub confirmation_days: u32,
}

struct Row {
    cap_days: i32,
    reminder_days: i32,
    open_days: i32,
    split: String,
    link_days: i32,
    answer_months: i32,
    case_mean_tenths: i32,
    case_recommend: i32,
    case_reply_minutes: i32,
    case_confirmation_days: i32,
}

impl Row {
    fn rules(self) -> Result<Rules, Fault> {
        Ok(Rules {
            cap_days: self.cap_days.unsigned_abs(),
            reminder_days: self.reminder_days.unsigned_abs(),
            open_days: self.open_days.unsigned_abs(),
            split: Split::from_code(&self.split).ok_or_else(|| Fault::new("a split of another version"))?,
            link_days: self.link_days.unsigned_abs(),
            answer_months: self.answer_months.unsigned_abs(),
            cases: CaseRules {
                mean_tenths: self.case_mean_tenths.unsigned_abs(),
                recommend: self.case_recommend.unsigned_abs(),
                reply_minutes: self.case_reply_minutes.unsigned_abs(),
                confirmation_days: self.case_confirmation_days.unsigned_abs(),
            },
        })
    }
}

/// The rules as they are.
///
/// # Errors
/// A fault only.
pub async fn rules(shop: &Shop) -> Outcome<Rules> {
    let row = sqlx::query_as!(
        Row,
        "select cap_days, reminder_days, open_days, split, link_days, answer_months, case_mean_tenths, case_recommend, case_reply_minutes,
             case_confirmation_days
         from survey_rule"
    )
    .fetch_one(&shop.db)
    .await?;
    Ok(row.rules()?)
}

/// The same, and nobody else goes by them until the transaction ends.
pub(super) async fn lock(db: &mut PgConnection) -> Result<Rules, Fault> {
    let row = sqlx::query_as!(
        Row,
        "select cap_days, reminder_days, open_days, split, link_days, answer_months, case_mean_tenths, case_recommend, case_reply_minutes,
             case_confirmation_days
         from survey_rule for update"
    )
    .fetch_one(db)
    .await?;
    row.rules()
}

/// # Errors
/// A number out of its bounds, or the person's roles do not reach so far.
pub async fn set_rules(shop: &Shop, actor: &Actor, rules: Rules, now: OffsetDateTime) -> Refusable {
    may_manage(actor)?;
    let within = (1..=730).contains(&rules.cap_days)
        && rules.reminder_days <= 60
        && (1..=180).contains(&rules.open_days)
        && (1..=730).contains(&rules.link_days)
        && (1..=120).contains(&rules.answer_months)
        && rules.cases.mean_tenths <= 100
        && rules.cases.recommend <= 10
        && (1..=100_000).contains(&rules.cases.reply_minutes)
        && (1..=365).contains(&rules.cases.confirmation_days);
    if !within {
        return refuse(SurveyRefusal::OutOfBounds);
    }
    let signed = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let mut db = transaction::begin(&shop.db).await?;
    sqlx::query!(
        "update survey_rule set cap_days = $1, reminder_days = $2, open_days = $3, split = $4, link_days = $5, answer_months = $6,
             case_mean_tenths = $7, case_recommend = $8, case_reply_minutes = $9, case_confirmation_days = $10",
        signed(rules.cap_days),
        signed(rules.reminder_days),
        signed(rules.open_days),
        rules.split.code(),
        signed(rules.link_days),
        signed(rules.answer_months),
        signed(rules.cases.mean_tenths),
        signed(rules.cases.recommend),
        signed(rules.cases.reply_minutes),
        signed(rules.cases.confirmation_days)
    )
    .execute(&mut *db)
    .await?;
    let detail = json!({ "cap_days": rules.cap_days, "reminder_days": rules.reminder_days, "open_days": rules.open_days,
        "split": rules.split.code(), "link_days": rules.link_days, "answer_months": rules.answer_months,
        "case_mean_tenths": rules.cases.mean_tenths, "case_recommend": rules.cases.recommend,
        "case_reply_minutes": rules.cases.reply_minutes, "case_confirmation_days": rules.cases.confirmation_days });
    audit::record(&mut db, actor, "survey.rules", None, detail, now).await?;
    db.commit().await?;
    Ok(())
}

/// Whether an instrument is asked, and how many days after a delivery.
///
/// # Errors
/// No such instrument, a number out of its bounds, or the person's roles do not reach so far.
pub async fn set_asking(shop: &Shop, actor: &Actor, code: &str, active: bool, days_after: u32, now: OffsetDateTime) -> Refusable {
    may_manage(actor)?;
    let Some(days) = i32::try_from(days_after).ok().filter(|days| (0..=365).contains(days)) else {
        return refuse(SurveyRefusal::OutOfBounds);
    };
    let mut db = transaction::begin(&shop.db).await?;
    let code = code.replace('\0', "");
    let set =
        sqlx::query_scalar!("update survey_instrument set active = $2, days_after = $3 where code = $1 returning id", code, active, days)
            .fetch_optional(&mut *db)
            .await?;
    let Some(id) = set else { return refuse(SurveyRefusal::NoSuchSurvey) };
    let detail = json!({ "instrument": code, "active": active, "days_after": days });
    audit::record(&mut db, actor, "survey.asking", Some(id), detail, now).await?;
    db.commit().await?;
    Ok(())
}
