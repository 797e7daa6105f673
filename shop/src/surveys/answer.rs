//! Answering: each answer is kept at once and may be changed until the person has finished. Sending it twice is as good
//! as once.

use super::{
    Invitation, Refusable, cases,
    gathering::{self, Sent},
    instrument, invited, lock, lock_all, refuse,
};
use crate::{Failure, Fault, Shop, events, transaction};
use domain::{
    surveys::{Answer, CONTACT, GATE, Item, MOST_MILLISECONDS, Part, SurveyRefusal, Version, read},
    token::Token,
};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashMap;
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
    let invitation = invited(shop, token)?;
    gathering::keep(shop, Sent { invitation, given: given.to_vec(), at: now }).await
}

/// Keeps what some people sent, each of them once, in one transaction; what is refused of one does not concern the others.
/// Nothing is done, or said, for those whose invitation somebody else has locked, unless one is to `wait` for them.
pub(super) async fn write(shop: &Shop, sent: &[Sent], wait: bool) -> Result<Vec<Option<Refusable>>, Fault> {
    let mut db = transaction::begin(&shop.db).await?;
    let people: Vec<Uuid> = sent.iter().map(|one| one.invitation).collect();
    let locked = lock_all(&mut db, &people, wait).await?;
    let invitations: HashMap<Uuid, Invitation> = locked.into_iter().map(|one| (one.id, one)).collect();
    let (mut values, mut outcomes) = (Values::default(), Vec::with_capacity(sent.len()));
    for one in sent {
        let Some(invitation) = invitations.get(&one.invitation) else {
            outcomes.push(wait.then(|| refuse(SurveyRefusal::NoSuchSurvey)));
            continue;
        };
        let outcome = match understand(&mut db, shop, invitation, one).await {
            Ok((response, answers)) => Ok(values.take(&mut db, response, answers, one.at).await?),
            Err(Failure::Fault(fault)) => return Err(fault),
            Err(refused) => Err(refused),
        };
        outcomes.push(Some(outcome));
    }
    values.keep(&mut db).await?;
    db.commit().await?;
    Ok(outcomes)
}

/// An answer, to an item unless it is to the question whether there was a problem, or whether they want to hear from us.
struct Meant {
    item: Option<Uuid>,
    answer: Answer,
    milliseconds: Option<i32>,
}

/// Whose answers they are and what they mean.
async fn understand(db: &mut PgConnection, shop: &Shop, invitation: &Invitation, sent: &Sent) -> Refusable<(Uuid, Vec<Meant>)> {
    invitation.is_open(sent.at)?;
    let response = invitation.response.ok_or(Failure::Refused(SurveyRefusal::NoSuchSurvey))?;
    let asked = invitation.items.as_deref().unwrap_or_default();
    let version = instrument::known(db, shop, invitation.version).await?;
    let meant = sent.given.iter().map(|given| {
        let (item, answer) = meaning(&version, asked, given)?;
        let milliseconds = given.milliseconds.and_then(|time| i32::try_from(time.min(MOST_MILLISECONDS)).ok());
        Ok(Meant { item: item.map(|item| item.id), answer, milliseconds })
    });
    Ok((response, meant.collect::<Refusable<_>>()?))
}

/// What was answered on scales, a column each; and who was here, whatever they answered.
#[derive(Default)]
struct Values {
    people: Vec<Uuid>,
    here: Vec<OffsetDateTime>,
    responses: Vec<Uuid>,
    items: Vec<Option<Uuid>>,
    values: Vec<Option<i16>>,
    milliseconds: Vec<Option<i32>>,
    at: Vec<OffsetDateTime>,
}

impl Values {
    /// Of one person; what is no value on a scale is kept already.
    async fn take(&mut self, db: &mut PgConnection, response: Uuid, answers: Vec<Meant>, at: OffsetDateTime) -> Result<(), Fault> {
        self.people.push(response);
        self.here.push(at);
        for Meant { item, answer, milliseconds } in answers {
            let value = match answer {
                Answer::Value(value) => Some(value),
                Answer::DoesNotApply => None,
                other => {
                    keep(&mut *db, response, item, other, at).await?;
                    continue;
                }
            };
            self.responses.push(response);
            self.items.push(item);
            self.values.push(value);
            self.milliseconds.push(milliseconds);
            self.at.push(at);
        }
        Ok(())
    }

    /// The time counts that the first answer took.
    async fn keep(self, db: &mut PgConnection) -> Result<(), Fault> {
        sqlx::query!(
            "with here as (
                 update survey_response r set changed_at = h.at from unnest($1::uuid[], $2::timestamptz[]) as h (id, at) where r.id = h.id
             )
             insert into survey_answer (response_id, item_id, value, milliseconds, answered_at)
             select * from unnest($3::uuid[], $4::uuid[], $5::smallint[], $6::integer[], $7::timestamptz[])
             on conflict (response_id, item_id) do update set value = excluded.value, answered_at = excluded.answered_at,
                 milliseconds = coalesce(survey_answer.milliseconds, excluded.milliseconds)",
            &self.people,
            &self.here,
            &self.responses,
            &self.items as &[Option<Uuid>],
            &self.values as &[Option<i16>],
            &self.milliseconds as &[Option<i32>],
            &self.at
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
async fn keep(db: &mut PgConnection, response: Uuid, item: Option<Uuid>, answer: Answer, now: OffsetDateTime) -> Result<(), Fault> {
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
