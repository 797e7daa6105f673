//! What somebody sees and says who follows the link in the answer to their case. To look is to spend nothing; the link is
//! good for as long as the case leads to them.

use super::{
    letters,
    open::promise_answer,
    row::{Author, Entry, Step, confirmation_time, lock_by_id, refuse, remember, unknown, written},
};
use crate::{Failure, Shop, signing, surveys::translated, transaction};
use domain::{
    Language, Translated,
    surveys::{CaseRefusal, CaseState, CaseStep, RECOMMEND, Scale},
    token::Token,
};
use time::{Date, OffsetDateTime};

/// A case as its person follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    pub state: CaseState,
    /// What we wrote last.
    pub answer: String,
    pub by: String,
    /// Nothing heard until then, it closes by itself.
    pub closes: Option<Date>,
    /// The steps on which they say how likely they are to recommend the shop.
    pub steps: Vec<(i16, String)>,
    pub recommend_after: Option<i16>,
}

/// How it stands with the case behind this link.
///
/// # Errors
/// No such case, or it can be traced no more.
pub async fn follow(shop: &Shop, token: &Token, language: Language) -> Step<Followed> {
    let id = signing::case_from_token(&shop.settings, token).ok_or(Failure::Refused(CaseRefusal::NoSuchCase))?;
    let mut db = shop.db.acquire().await?;
    let row = sqlx::query!(
        r#"select k.state, k.order_id, k.answered_at, k.recommend_after, e.body as "body?", e.author_name as "by?"
           from survey_case k
           left join lateral (select body, author_name from survey_case_entry
                              where case_id = k.id and kind = 'answered' order by at desc, id desc limit 1) e on true
           where k.id = $1"#,
        id.0
    )
    .fetch_optional(&mut *db)
    .await?
    .ok_or(Failure::Refused(CaseRefusal::NoSuchCase))?;
    if row.order_id.is_none() {
        return refuse(CaseRefusal::Untied);
    }
    let state = CaseState::from_code(&row.state).ok_or_else(unknown)?;
    let time = confirmation_time(&mut db).await?;
    let scale = sqlx::query!("select lowest, highest, labels from survey_scale where code = $1", RECOMMEND).fetch_one(&mut *db).await?;
    let labels: Vec<Translated> = translated(scale.labels)?;
    let scale = Scale { code: RECOMMEND.to_owned(), lowest: scale.lowest, highest: scale.highest, labels };
    Ok(Followed {
        state,
        answer: row.body.unwrap_or_default(),
        by: row.by.unwrap_or_default(),
        closes: row.answered_at.filter(|_| state == CaseState::Answered).map(|at| shop.settings.local(at + time).date()),
        steps: scale.steps(language),
        recommend_after: row.recommend_after,
    })
}

/// What somebody says of the answer to their case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// `yes` or `no`.
    pub solved: String,
    /// 0 to 10; nothing for who does not say.
    pub recommend: String,
    pub words: String,
}

/// "It is solved", or not: then it goes back to its owner, and an answer is promised anew.
///
/// # Errors
/// No such case, or it can be traced no more; it was not said whether it is solved; nobody has asked, or not again.
pub async fn tell(shop: &Shop, token: &Token, told: &Told, now: OffsetDateTime) -> Step {
    let id = signing::case_from_token(&shop.settings, token).ok_or(Failure::Refused(CaseRefusal::NoSuchCase))?;
    let mut db = transaction::begin(&shop.db).await?;
    let case = lock_by_id(&mut db, id).await?;
    let Some(order) = case.order else { return refuse(CaseRefusal::Untied) };
    let step = match told.solved.as_str() {
        "yes" => CaseStep::Confirmed,
        "no" => CaseStep::Reopened,
        _ => return refuse(CaseRefusal::NotAnAnswer),
    };
    if step == CaseStep::Confirmed && case.state == CaseState::Confirmed {
        return Ok(());
    }
    let (recommend, body) = (score(&told.recommend)?, written(&told.words)?);
    let state = case.state.after(step).map_err(Failure::Refused)?;
    sqlx::query!(
        "update survey_case set state = $2, recommend_after = coalesce($3, recommend_after), closed_at = $4, changed_at = $5 where id = $1",
        case.id.0,
        state.code(),
        recommend,
        state.is_closed().then_some(now),
        now
    )
    .execute(&mut *db)
    .await?;
    let entry = Entry { body: &body, recommend, ..Entry::of(step, now) };
    remember(&mut db, case.id, case.number, Author::Person, entry, now).await?;
    if step == CaseStep::Reopened {
        promise_answer(&mut db, shop, case.id, case.number, (order, case.owner), now).await?;
        letters::reopened(&mut db, shop, &case, now).await?;
    }
    db.commit().await?;
    Ok(())
}

fn score(sent: &str) -> Step<Option<i16>> {
    match sent.trim() {
        "" => Ok(None),
        sent => match sent.parse::<i16>() {
            Ok(score) if (0..=10).contains(&score) => Ok(Some(score)),
            _ => refuse(CaseRefusal::NotAnAnswer),
        },
    }
}
