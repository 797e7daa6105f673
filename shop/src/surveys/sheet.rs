//! What somebody sees who follows their link: the cover, their questions with what they answered so far, or that it is
//! over. To look is to spend nothing.

use super::{Invitation, Refusable, instrument, lock};
use crate::{Fault, Outcome, Shop, orders, signing, transaction};
use domain::{
    Language,
    ids::InvitationId,
    surveys::{Ask, DOES_NOT_APPLY, Form, GATE, Item, Part, Question, Version},
    token::Token,
};
use sqlx::PgConnection;
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// Where somebody is with their survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Not begun yet.
    Cover(Cover),
    Sheet(Sheet),
    /// Finished before.
    Finished(Done),
}

/// What was answered, and when who asked for an answer gets one at the latest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub title: String,
    pub answered_by: Option<OffsetDateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    pub title: String,
    pub intro: String,
    /// Without those that only some are asked.
    pub questions: usize,
    pub closes_at: OffsetDateTime,
    /// So long the answers can be traced to the order.
    pub traced_days: i32,
}

/// A person's questions in the person's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub title: String,
    pub questions: Vec<Question>,
    /// They would like an answer.
    pub wants_answer: bool,
}

/// What the order's page offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub title: String,
    pub token: Token,
    pub begun: bool,
}

/// Opens a survey by its link. That it was opened is noted, once.
///
/// # Errors
/// No such survey, or too late.
pub async fn open(shop: &Shop, token: &Token, language: Language, now: OffsetDateTime) -> Refusable<Standing> {
    let mut db = transaction::begin(&shop.db).await?;
    let invitation = lock(&mut db, shop, token).await?;
    let version = instrument::known(&mut db, shop, invitation.version).await?;
    let title = version.title.get(language).to_owned();
    if invitation.completed_at.is_some() {
        return Ok(Standing::Finished(Done { title, answered_by: answered_by(&mut db, shop, &invitation).await? }));
    }
    invitation.is_open(now)?;
    sqlx::query!("update survey_invitation set opened_at = $2 where id = $1 and opened_at is null", invitation.id, now)
        .execute(&mut *db)
        .await?;
    let standing = match invitation.response {
        Some(response) => Standing::Sheet(sheet(&mut db, response, &version, title, language).await?),
        None => {
            let traced_days = sqlx::query_scalar!("select link_days from survey_rule").fetch_one(&mut *db).await?;
            Standing::Cover(cover(shop, &invitation, &version, (title, traced_days), language))
        }
    };
    db.commit().await?;
    Ok(standing)
}

fn cover(shop: &Shop, invitation: &Invitation, version: &Version, (title, traced_days): (String, i32), language: Language) -> Cover {
    let form = Form::from_code(&invitation.form).unwrap_or(Form::Full);
    let asked = version.set(form, 0, 0, 0).into_iter().filter(|item| version.part_of(item) != Part::Recovery).count();
    Cover {
        title,
        intro: version.intro.get(language).to_owned(),
        questions: asked + usize::from(version.gate.is_some()),
        closes_at: shop.settings.local(invitation.expires_at),
        traced_days,
    }
}

async fn sheet(db: &mut PgConnection, response: Uuid, version: &Version, title: String, language: Language) -> Result<Sheet, Fault> {
    let wants_answer = sqlx::query_scalar!("select wants_answer from survey_response where id = $1", response).fetch_one(&mut *db).await?;
    Ok(Sheet { questions: questions(db, response, version, language).await?, title, wants_answer })
}

/// Who asked for an answer was promised one, and is told until when.
async fn answered_by(db: &mut PgConnection, shop: &Shop, invitation: &Invitation) -> Result<Option<OffsetDateTime>, Fault> {
    let due = sqlx::query_scalar!(
        "select p.due_at from survey_response r join survey_case k on k.response_id = r.id
         join promise p on p.kind = 'reply' and p.subject = k.id and p.done_at is null and p.withdrawn_at is null
         where r.id = $1 and r.wants_answer",
        invitation.response
    );
    Ok(due.fetch_optional(db).await?.map(|at| shop.settings.local(at)))
}

/// The questions of a response in its order; the gate stands before what it opens.
async fn questions(db: &mut PgConnection, response: Uuid, version: &Version, language: Language) -> Result<Vec<Question>, Fault> {
    let row =
        sqlx::query!("select items, trouble_known, trouble_said from survey_response where id = $1", response).fetch_one(&mut *db).await?;
    let answers = answers(db, response).await?;
    let items: HashMap<Uuid, &Item> = version.items.iter().map(|item| (item.id, item)).collect();
    let opened = row.trouble_known || row.trouble_said == Some(true);
    let mut gate = version.gate.as_ref().filter(|_| !row.trouble_known).map(|text| Question {
        code: GATE.to_owned(),
        text: text.get(language).to_owned(),
        part: Part::Recovery,
        ask: Ask::Gate,
        answer: row.trouble_said.map(|said| if said { "yes" } else { "no" }).unwrap_or_default().to_owned(),
        hidden: false,
    });
    let mut questions = Vec::new();
    for item in row.items.iter().filter_map(|id| items.get(id)) {
        let part = version.part_of(item);
        if matches!(part, Part::Recovery | Part::Closing) {
            questions.extend(gate.take());
        }
        questions.push(Question {
            code: item.code.clone(),
            text: item.text.get(language).to_owned(),
            part,
            ask: item.scale.as_ref().map_or(Ask::Words, |scale| Ask::Scale(scale.steps(language))),
            answer: answers.get(&item.id).cloned().unwrap_or_default(),
            hidden: part == Part::Recovery && !opened,
        });
    }
    questions.extend(gate);
    Ok(questions)
}

/// What was answered, as it was sent.
async fn answers(db: &mut PgConnection, response: Uuid) -> Result<HashMap<Uuid, String>, Fault> {
    let rows = sqlx::query!(
        r#"select item_id as "item_id!", coalesce(value::text, $2) as "sent!" from survey_answer where response_id = $1
           union all select item_id, body from survey_comment where response_id = $1"#,
        response,
        DOES_NOT_APPLY
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.item_id, row.sent)).collect())
}

/// The survey that somebody with the link of this order may still answer.
///
/// # Errors
/// A fault only.
pub async fn offer(shop: &Shop, number: &str, of_order: &Token, language: Language, now: OffsetDateTime) -> Outcome<Option<Offer>> {
    let Ok(order) = orders::identify(shop, number, of_order).await else { return Ok(None) };
    let row = sqlx::query!(
        r#"select i.id, i.started_at is not null as "begun!", v.title
           from survey_invitation i join survey_version v on v.id = i.version_id
           where i.order_id = $1 and i.completed_at is null and i.expires_at > $2 order by i.asked_at limit 1"#,
        order.0,
        now
    )
    .fetch_optional(&shop.db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let title: domain::Translated = super::translated(row.title)?;
    Ok(Some(Offer {
        title: title.get(language).to_owned(),
        token: signing::survey_token(&shop.settings, InvitationId(row.id)),
        begun: row.begun,
    }))
}
