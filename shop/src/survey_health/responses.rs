//! Who of those asked came how far, and what the reminder did. By when they were asked.

use super::{
    FEWEST, Refusable,
    forms::{self, Forms},
    may_see,
    scope::{Filter, Scope, Seen, scope},
    unheard::{self, Trait},
};
use crate::{Actor, Fault, Shop, surveys::Funnel};
use domain::{Language, surveys::Form};
use quality::nonresponse;
use std::collections::BTreeMap;
use time::{Date, OffsetDateTime};

#[derive(Debug, Clone)]
pub struct Responses {
    pub total: Funnel,
    pub by_form: Vec<(Form, Funnel)>,
    pub by_language: Vec<(Language, Funnel)>,
    /// By the Monday of the week at the workshop, the oldest first.
    pub by_week: Vec<(Date, Funnel)>,
    pub reminder: Reminder,
    /// Median hours from asking to the end of answering, and of how many: their moments are kept for a while only.
    pub hours: Option<f64>,
    pub timed: i64,
    pub traits: Vec<Trait>,
    pub forms: Forms,
}

/// Only who has not finished is reminded: whoever finished and was reminded did so afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reminder {
    pub reminded: i64,
    pub finished: i64,
}

/// Of those of the step before: opened, started and completed; and completed of all.
#[must_use]
pub fn shares(funnel: &Funnel) -> [Option<f64>; 4] {
    let steps = [funnel.asked, funnel.opened, funnel.started, funnel.completed].map(|step| usize::try_from(step).unwrap_or(0));
    let mut shares = nonresponse::funnel(&steps).into_iter().map(|share| share.filter(|share| share.is_finite()));
    [(); 4].map(|()| shares.next().flatten())
}

/// How many were asked and came how far, who they were, and how the forms compare.
///
/// # Errors
/// The person's roles do not reach so far, or there is no such instrument or version.
pub async fn responses(shop: &Shop, actor: &Actor, filter: &Filter, language: Language, now: OffsetDateTime) -> Refusable<Seen<Responses>> {
    may_see(actor)?;
    let scope = scope(shop, filter, now).await?;
    let (hours, timed) = time_to_answer(shop, &scope).await?;
    let mut responses = Responses {
        total: Funnel::default(),
        by_form: Vec::new(),
        by_language: Vec::new(),
        by_week: Vec::new(),
        reminder: Reminder::default(),
        hours,
        timed,
        traits: unheard::traits(shop, &scope, language).await?,
        forms: forms::compare(shop, &scope).await?,
    };
    count(shop, &scope, &mut responses).await?;
    Ok(scope.seen(responses))
}

/// The total and the parts are of the same rows.
async fn count(shop: &Shop, scope: &Scope, responses: &mut Responses) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"select form, language, date_trunc('week', asked_at at time zone $5)::date as "week!", count(*) as "asked!", count(opened_at) as "opened!",
                  count(started_at) as "started!", count(completed_at) as "completed!", count(reminded_at) as "reminded!",
                  count(completed_at) filter (where reminded_at is not null) as "finished!"
           from survey_invitation where version_id = any($1) and asked_at >= $2 and ($3::text is null or form = $3)
             and ($4::text is null or language = $4)
           group by 1, 2, 3"#,
        &scope.ids(),
        scope.since(),
        scope.filter.form.map(Form::code),
        scope.filter.language.map(Language::code),
        shop.settings.time_zone
    )
    .fetch_all(&shop.db)
    .await?;
    let (mut forms, mut languages, mut weeks) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let part = Funnel { asked: row.asked, opened: row.opened, started: row.started, completed: row.completed };
        add(&mut responses.total, &part);
        add(forms.entry(row.form).or_default(), &part);
        add(languages.entry(row.language).or_default(), &part);
        add(weeks.entry(row.week).or_default(), &part);
        responses.reminder.reminded += row.reminded;
        responses.reminder.finished += row.finished;
    }
    responses.by_form = forms.into_iter().filter_map(|(code, funnel)| Some((Form::from_code(&code)?, funnel))).collect();
    responses.by_language = languages.into_iter().filter_map(|(code, funnel)| Some((code.parse().ok()?, funnel))).collect();
    responses.by_week = weeks.into_iter().collect();
    Ok(())
}

fn add(sum: &mut Funnel, part: &Funnel) {
    sum.asked += part.asked;
    sum.opened += part.opened;
    sum.started += part.started;
    sum.completed += part.completed;
}

/// Of those whose link from the order to the answers is still there: of others only the week is kept.
async fn time_to_answer(shop: &Shop, scope: &Scope) -> Result<(Option<f64>, i64), Fault> {
    let row = sqlx::query!(
        r#"select percentile_cont(0.5) within group (order by extract(epoch from i.completed_at - i.asked_at) / 3600) as hours, count(*) as "count!"
           from survey_invitation i join survey_link l on l.invitation_id = i.id
           where i.version_id = any($1) and i.asked_at >= $2 and i.completed_at is not null and ($3::text is null or i.form = $3)
             and ($4::text is null or i.language = $4)"#,
        &scope.ids(),
        scope.since(),
        scope.filter.form.map(Form::code),
        scope.filter.language.map(Language::code)
    )
    .fetch_one(&shop.db)
    .await?;
    let enough = u64::try_from(row.count).is_ok_and(|count| count >= FEWEST);
    Ok((row.hours.filter(|_| enough), row.count))
}
