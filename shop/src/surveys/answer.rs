//! Answering: each answer is kept at once and may be changed until the person has finished. Sending it twice is as good
//! as once.

use super::{Refusable, cases, lock, refuse};
use crate::{Failure, Fault, Shop, events, transaction};
use domain::{
    surveys::{Answer, CONTACT, GATE, Item, MOST_MILLISECONDS, Part, SurveyRefusal, Version, read},
    token::Token,
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// An answer as a form sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub code: String,
    pub sent: String,
    /// From seeing the question to answering it.
    pub milliseconds: Option<u32>,
}

/// Keeps answers: all of them or, when one is refused, none.
///
/// # Errors
/// No such survey, too late, finished already, not begun; something that is no answer to its question.
pub async fn save(shop: &Shop, token: &Token, given: &[Given], now: OffsetDateTime) -> Refusable {
    let mut db = transaction::begin(&shop.db).await?;
    let invitation = lock(&mut db, shop, token).await?;
    invitation.is_open(now)?;
    let response = invitation.response.ok_or(Failure::Refused(SurveyRefusal::NoSuchSurvey))?;
    let asked = invitation.items.unwrap_or_default();
    let version = super::instrument::known(&mut db, shop, invitation.version).await?;
    let mut values = Values::default();
    for one in given {
        match meaning(&version, &asked, one)? {
            (Some(item), Answer::Value(value)) => values.add(item, Some(value), one.milliseconds),
            (Some(item), Answer::DoesNotApply) => values.add(item, None, one.milliseconds),
            (item, other) => keep(&mut db, response, item, other, now).await?,
        }
    }
    values.keep(&mut db, response, now).await?;
    db.commit().await?;
    Ok(())
}

/// What was answered on scales, a column each.
#[derive(Default)]
struct Values {
    items: Vec<Uuid>,
    values: Vec<Option<i16>>,
    milliseconds: Vec<Option<i32>>,
}

impl Values {
    fn add(&mut self, item: &Item, value: Option<i16>, milliseconds: Option<u32>) {
        self.items.push(item.id);
        self.values.push(value);
        self.milliseconds.push(milliseconds.and_then(|time| i32::try_from(time.min(MOST_MILLISECONDS)).ok()));
    }

    /// Also where there are none: the person was here. The time counts that the first answer took.
    async fn keep(self, db: &mut PgConnection, response: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
        sqlx::query!(
            "with here as (update survey_response set changed_at = $5 where id = $1)
             insert into survey_answer (response_id, item_id, value, milliseconds, answered_at)
             select $1, item, value, milliseconds, $5 from unnest($2::uuid[], $3::smallint[], $4::integer[]) as a (item, value, milliseconds)
             on conflict (response_id, item_id) do update set value = excluded.value, answered_at = excluded.answered_at,
                 milliseconds = coalesce(survey_answer.milliseconds, excluded.milliseconds)",
            response,
            &self.items,
            &self.values as &[Option<i16>],
            &self.milliseconds as &[Option<i32>],
            now
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

/// What was answered to which item; no item for the question whether there was a problem, and whether they want an answer.
fn meaning<'a>(version: &'a Version, asked: &[Uuid], given: &Given) -> Refusable<(Option<&'a Item>, Answer)> {
    if given.code == GATE && version.gate.is_some() {
        return match given.sent.as_str() {
            "yes" => Ok((None, Answer::Problem(true))),
            "no" => Ok((None, Answer::Problem(false))),
            _ => refuse(SurveyRefusal::NotAnAnswer),
        };
    }
    if given.code == CONTACT {
        return match given.sent.as_str() {
            "yes" => Ok((None, Answer::Contact(true))),
            "no" => Ok((None, Answer::Contact(false))),
            _ => refuse(SurveyRefusal::NotAnAnswer),
        };
    }
    let item = version.items.iter().find(|item| item.code == given.code && asked.contains(&item.id));
    let item = item.ok_or(Failure::Refused(SurveyRefusal::NotAnAnswer))?;
    Ok((Some(item), read(item.scale.as_ref(), &given.sent).map_err(Failure::Refused)?))
}

/// What is no value on a scale.
async fn keep(db: &mut PgConnection, response: Uuid, item: Option<&Item>, answer: Answer, now: OffsetDateTime) -> Result<(), Fault> {
    let item = item.map(|item| item.id);
    match answer {
        Answer::Problem(said) => {
            sqlx::query!("update survey_response set trouble_said = $2 where id = $1", response, said).execute(db).await?;
        }
        Answer::Contact(wanted) => {
            sqlx::query!("update survey_response set wants_answer = $2 where id = $1", response, wanted).execute(db).await?;
        }
        Answer::NoWords => {
            sqlx::query!("delete from survey_comment where response_id = $1 and item_id = $2", response, item).execute(db).await?;
        }
        Answer::Words(body) => {
            sqlx::query!(
                "insert into survey_comment (response_id, item_id, body, answered_at) values ($1, $2, $3, $4)
                 on conflict (response_id, item_id) do update set body = excluded.body, answered_at = excluded.answered_at",
                response,
                item,
                body,
                now
            )
            .execute(db)
            .await?;
        }
        Answer::Value(_) | Answer::DoesNotApply => return Err(Fault::new("a value without an item")),
    }
    Ok(())
}

/// Spends the link. What those are asked who had a problem counts only for them. Who is unhappy or asks for help becomes a
/// case.
///
/// # Errors
/// No such survey, too late, finished already; nothing was answered at all.
pub async fn finish(shop: &Shop, token: &Token, now: OffsetDateTime) -> Refusable {
    let mut db = transaction::begin(&shop.db).await?;
    let invitation = lock(&mut db, shop, token).await?;
    invitation.is_open(now)?;
    let response = invitation.response.ok_or(Failure::Refused(SurveyRefusal::NothingAnswered))?;
    sqlx::query!(
        "delete from survey_answer a using survey_response r, survey_item i, survey_dimension d
         where a.response_id = $1 and r.id = $1 and not r.trouble_known and r.trouble_said is distinct from true
           and i.id = a.item_id and d.version_id = i.version_id and d.code = i.dimension and d.part = $2",
        response,
        Part::Recovery.code()
    )
    .execute(&mut *db)
    .await?;
    let answered = sqlx::query_scalar!(
        r#"select exists (select from survey_answer where response_id = $1)
               or exists (select from survey_comment where response_id = $1)
               or exists (select from survey_response where id = $1 and wants_answer) as "answered!""#,
        response
    )
    .fetch_one(&mut *db)
    .await?;
    if !answered {
        return refuse(SurveyRefusal::NothingAnswered);
    }
    sqlx::query!("update survey_response set completed_at = $2, changed_at = $2 where id = $1", response, now).execute(&mut *db).await?;
    sqlx::query!("update survey_invitation set completed_at = $2 where id = $1", invitation.id, now).execute(&mut *db).await?;
    events::record(&mut db, "survey.completed", response, json!({}), now).await?;
    cases::open(&mut db, shop, &invitation, response, now).await?;
    db.commit().await?;
    Ok(())
}
