//! One case as the desk sees it: the order, what was said about it elsewhere, the answers and what happened so far, so
//! that nobody has to ask its person again. Once it is untied there are no answers either: they are nobody's.

use super::row::{Step, confirmation_time, needs, refuse, unknown};
use crate::{Actor, Fault, Shop, signing, surveys::instrument};
use domain::{
    Language,
    complaints::{ComplaintKind, Stage},
    ids::{ConversationId, OrderId},
    staff::Permission,
    surveys::{CaseReason, CaseRefusal, CaseState, CaseStep, cleaned},
    token::Token,
};
use sqlx::PgConnection;
use std::collections::HashMap;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub number: i64,
    pub state: CaseState,
    pub reasons: Vec<CaseReason>,
    /// In which they answered.
    pub language: Language,
    pub owner: Option<String>,
    /// The order with its tracking link, and the name of its buyer.
    pub order: Option<(String, Token)>,
    pub name: String,
    pub recommend_before: Option<i16>,
    pub mean_before: Option<f64>,
    pub recommend_after: Option<i16>,
    pub answers: Vec<Answered>,
    /// Fit to be shown.
    pub comments: Vec<String>,
    pub related: Related,
    pub history: Vec<Line>,
    pub opened_at: OffsetDateTime,
    /// When they are to be answered.
    pub due_at: Option<OffsetDateTime>,
    /// An answered one closes by itself then.
    pub closes: Option<Date>,
    /// Nobody has it, it is the reader's own, or they may step in.
    pub may_work: bool,
}

/// One answer: its dimension, its wording, and the value with its label; `None`: it does not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub dimension: String,
    pub text: String,
    pub value: Option<(i16, String)>,
}

/// What else there is about the order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Related {
    pub conversations: Vec<(ConversationId, i64)>,
    pub complaints: Vec<(i64, ComplaintKind, Stage)>,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub step: CaseStep,
    pub by_person: bool,
    /// Of the staff; empty for the person and for the shop itself.
    pub name: String,
    /// Fit to be shown.
    pub body: String,
    pub recommend: Option<i16>,
    pub at: OffsetDateTime,
}

/// One case with all that belongs to it, its answers worded in `language`.
///
/// # Errors
/// No such case, or the person does not answer shoppers.
pub async fn view(shop: &Shop, actor: &Actor, number: i64, language: Language) -> Step<View> {
    needs(actor, Permission::Converse)?;
    let mut db = shop.db.acquire().await?;
    let Some(row) = sqlx::query!(
        r#"select k.id, k.state, k.reasons, k.language, k.owner_id, k.order_id, k.response_id, k.recommend_before, k.mean_before,
                  k.recommend_after, k.opened_at, k.answered_at, s.name as "owner?", o.number as "order?", o.name as "name?",
                  (select due_at from promise p where p.kind = 'reply' and p.subject = k.id and p.done_at is null and p.withdrawn_at is null)
                      as due_at
           from survey_case k left join staff s on s.id = k.owner_id left join orders o on o.id = k.order_id where k.number = $1"#,
        number
    )
    .fetch_optional(&mut *db)
    .await?
    else {
        return refuse(CaseRefusal::NoSuchCase);
    };
    let state = CaseState::from_code(&row.state).ok_or_else(unknown)?;
    let time = confirmation_time(&mut db).await?;
    let (answers, comments) = match row.response_id.filter(|_| row.order_id.is_some()) {
        Some(response) => (answers(&mut db, response, language).await?, comments(&mut db, response).await?),
        None => (Vec::new(), Vec::new()),
    };
    Ok(View {
        number,
        state,
        reasons: row.reasons.iter().filter_map(|code| CaseReason::from_code(code)).collect(),
        language: row.language.parse().map_err(Fault::new)?,
        may_work: row.owner_id.is_none() || row.owner_id == actor.staff().map(|id| id.0) || actor.may(Permission::Supervise),
        owner: row.owner,
        order: row.order.zip(row.order_id).map(|(number, id)| (number, signing::order_token(&shop.settings, OrderId(id)))),
        name: row.name.unwrap_or_default(),
        recommend_before: row.recommend_before,
        mean_before: row.mean_before,
        recommend_after: row.recommend_after,
        answers,
        comments,
        related: match row.order_id {
            Some(order) => related(&mut db, OrderId(order)).await?,
            None => Related::default(),
        },
        history: history(&mut db, row.id).await?,
        opened_at: row.opened_at,
        due_at: row.due_at,
        closes: row.answered_at.filter(|_| state == CaseState::Answered).map(|at| shop.settings.local(at + time).date()),
    })
}

/// In the order of the instrument, by dimension.
async fn answers(db: &mut PgConnection, response: Uuid, language: Language) -> Result<Vec<Answered>, Fault> {
    let version = sqlx::query_scalar!("select version_id from survey_response where id = $1", response).fetch_one(&mut *db).await?;
    let version = instrument::load(db, version).await?;
    let rows = sqlx::query!("select item_id, value from survey_answer where response_id = $1", response).fetch_all(db).await?;
    let values: HashMap<Uuid, Option<i16>> = rows.into_iter().map(|row| (row.item_id, row.value)).collect();
    let answered = version.items.iter().filter_map(|item| {
        let value = *values.get(&item.id)?;
        let steps = item.scale.as_ref().map(|scale| scale.steps(language)).unwrap_or_default();
        let label = |value: i16| steps.iter().find(|(step, _)| *step == value).map(|(_, label)| label.clone()).unwrap_or_default();
        let dimension = version.dimensions.iter().find(|dimension| dimension.code == item.dimension);
        Some(Answered {
            dimension: dimension.map(|dimension| dimension.name.get(language).to_owned()).unwrap_or_default(),
            text: item.text.get(language).to_owned(),
            value: value.map(|value| (value, label(value))),
        })
    });
    Ok(answered.collect())
}

async fn comments(db: &mut PgConnection, response: Uuid) -> Result<Vec<String>, Fault> {
    let said = sqlx::query_scalar!("select body from survey_comment where response_id = $1 order by answered_at, item_id", response);
    Ok(said.fetch_all(db).await?.iter().map(|body| cleaned(body)).collect())
}

async fn related(db: &mut PgConnection, order: OrderId) -> Result<Related, Fault> {
    let conversations = sqlx::query!("select id, number from conversation where order_id = $1 order by opened_at desc limit 20", order.0)
        .fetch_all(&mut *db)
        .await?;
    let complaints =
        sqlx::query!("select number, kind, stage from complaint where order_id = $1 order by opened_at desc limit 20", order.0)
            .fetch_all(db)
            .await?;
    let complaints = complaints.into_iter().map(|row| {
        let kind = ComplaintKind::from_code(&row.kind).ok_or_else(unknown)?;
        Ok((row.number, kind, Stage::from_code(&row.stage).ok_or_else(unknown)?))
    });
    Ok(Related {
        conversations: conversations.into_iter().map(|row| (ConversationId(row.id), row.number)).collect(),
        complaints: complaints.collect::<Result<_, Fault>>()?,
    })
}

/// What happened, oldest first.
async fn history(db: &mut PgConnection, case: Uuid) -> Result<Vec<Line>, Fault> {
    let rows = sqlx::query!(
        "select kind, author, author_name, body, recommend, at from survey_case_entry where case_id = $1 order by at, id",
        case
    )
    .fetch_all(db)
    .await?;
    let lines = rows.into_iter().map(|row| {
        let by_person = row.author == "customer";
        Ok(Line {
            step: CaseStep::from_code(&row.kind).ok_or_else(unknown)?,
            by_person,
            name: row.author_name,
            // What we wrote ourselves is shown as it was sent.
            body: if by_person { cleaned(&row.body) } else { row.body },
            recommend: row.recommend,
            at: row.at,
        })
    });
    lines.collect()
}
