//! Finished surveys are added to the sums once, whoever does it and however often: one lock makes a queue of all who
//! fold. Sums are whole numbers, so what is taken away again leaves nothing behind.

use crate::{Fault, Outcome, Shop, transaction};
use sqlx::PgConnection;
use uuid::Uuid;

/// How many are added in one transaction.
const BATCH: i64 = 1000;

/// Adds what was finished since the last time; says how many that were.
///
/// # Errors
/// A fault only.
pub async fn fold(shop: &Shop) -> Outcome<usize> {
    let mut folded = 0;
    while let count @ 1.. = fold_batch(shop).await? {
        folded += count;
    }
    Ok(folded)
}

async fn fold_batch(shop: &Shop) -> Result<usize, Fault> {
    // Most times there is nothing, and that is known without a transaction.
    let waits =
        sqlx::query_scalar!(r#"select exists (select from survey_response where completed_at is not null and not scored) as "waits!""#);
    if !waits.fetch_one(&shop.db).await? {
        return Ok(0);
    }
    let mut db = transaction::begin(&shop.db).await?;
    queue(&mut db).await?;
    let people = sqlx::query_scalar!(
        "update survey_response set scored = true
         where id in (select id from survey_response where completed_at is not null and not scored order by completed_at limit $1)
         returning id",
        BATCH
    )
    .fetch_all(&mut *db)
    .await?;
    write_sheets(&mut db, &people, &shop.settings.time_zone).await?;
    add(&mut db, &people, 1).await?;
    db.commit().await?;
    Ok(people.len())
}

/// Takes people's answers out of the sums, before they are deleted in the same transaction; whoever does that stands in
/// the [`queue`] first.
pub(crate) async fn take_out(db: &mut PgConnection, people: &[Uuid]) -> Result<(), Fault> {
    add(&mut *db, people, -1).await?;
    sqlx::query!("delete from survey_rollup where people = 0").execute(&mut *db).await?;
    sqlx::query!("delete from survey_item_rollup where people = 0").execute(&mut *db).await?;
    sqlx::query!(
        "delete from survey_product p where exists (
             select from survey_product n where n.version_id = p.version_id and n.week = p.week and n.outcome = p.outcome
                 and n.first = '' and n.second = '' and n.total = 0)"
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whoever changes the sums waits here for who does so already.
pub(crate) async fn queue(db: &mut PgConnection) -> Result<(), Fault> {
    sqlx::query!("select pg_advisory_xact_lock(hashtext('survey_rollup'))").execute(db).await?;
    Ok(())
}

/// What each person's answers come to, and which groups they count in.
async fn write_sheets(db: &mut PgConnection, people: &[Uuid], time_zone: &str) -> Result<(), Fault> {
    sqlx::query!(
        "with dimension as (
             select r.id, r.version_id, d.code, d.part,
                    avg(case when i.reversed then s.lowest + s.highest - a.value else a.value end) as score
             from survey_response r
             join survey_answer a on a.response_id = r.id and a.value is not null
             join survey_item i on i.id = a.item_id
             join survey_scale s on s.code = i.scale
             join survey_dimension d on d.version_id = i.version_id and d.code = i.dimension
             where r.id = any($1) group by 1, 2, 3, 4
         ), measured as (
             select id, code as measure, round(score * 1000000)::integer as score from dimension
             union all
             select id, 'ALL', round(avg(score) * 1000000)::integer from dimension p where part = 'main' group by id, version_id
             having count(*) = (select count(*) from survey_dimension m where m.version_id = p.version_id and m.part = 'main')
         )
         insert into survey_sheet (response_id, version_id, week, cells, measures, scores)
         select r.id, r.version_id, date_trunc('week', r.completed_at at time zone $2)::date,
                array_remove(array['all', 'form=' || r.form, 'language=' || r.language, 'device=' || r.device,
                    case r.returning_customer when true then 'buyer=returning' when false then 'buyer=new' end, 'category=' || r.category,
                    'carrier=' || r.carrier, 'arrival=' || r.arrival, 'class=' || r.class], null),
                array_agg(m.measure order by m.measure), array_agg(m.score order by m.measure)
         from measured m join survey_response r on r.id = m.id group by r.id",
        people,
        time_zone
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds the sheets of these people to every sum, or takes them away with `sign` -1.
async fn add(db: &mut PgConnection, people: &[Uuid], sign: i64) -> Result<(), Fault> {
    sqlx::query!(
        "insert into survey_rollup (version_id, cell, week, measure, people, total, squares)
         select s.version_id, cell, s.week, measure, $2 * count(*), $2 * sum(score), $2 * sum(score::numeric * score)
         from survey_sheet s, unnest(s.cells) cell, unnest(s.measures, s.scores) as one (measure, score)
         where s.response_id = any($1) group by 1, 2, 3, 4
         on conflict (version_id, cell, week, measure) do update set people = survey_rollup.people + excluded.people,
             total = survey_rollup.total + excluded.total, squares = survey_rollup.squares + excluded.squares",
        people,
        sign
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into survey_item_rollup (version_id, cell, week, item_id, value, people)
         select s.version_id, cell, s.week, a.item_id, coalesce(a.value, -1), $2 * count(*)
         from survey_sheet s join survey_answer a on a.response_id = s.response_id, unnest(s.cells) cell
         where s.response_id = any($1) group by 1, 2, 3, 4, 5
         on conflict (version_id, cell, week, item_id, value) do update set people = survey_item_rollup.people + excluded.people",
        people,
        sign
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "with score as (
             select s.response_id, s.version_id, s.week, measure, score::numeric as score, d.part
             from survey_sheet s, unnest(s.measures, s.scores) as one (measure, score), survey_dimension d
             where s.response_id = any($1) and d.version_id = s.version_id and d.code = one.measure and d.part in ('main', 'companion')
         ), complete as (
             select response_id from survey_sheet where response_id = any($1) and 'ALL' = any(measures)
         ), entry as (
             -- For each outcome the person's main scores, the outcome and 1.
             select o.response_id, o.version_id, o.week, o.measure as outcome, m.measure, m.score
             from score o join score m on m.response_id = o.response_id and (m.part = 'main' or m.measure = o.measure)
             where o.part = 'companion' and o.response_id in (select response_id from complete)
             union all
             select o.response_id, o.version_id, o.week, o.measure, '', 1
             from score o where o.part = 'companion' and o.response_id in (select response_id from complete)
         )
         insert into survey_product (version_id, week, outcome, first, second, total)
         select a.version_id, a.week, a.outcome, a.measure, b.measure, $2::bigint * sum(a.score * b.score)
         from entry a join entry b on b.response_id = a.response_id and b.outcome = a.outcome and b.measure >= a.measure
         group by 1, 2, 3, 4, 5
         on conflict (version_id, week, outcome, first, second) do update set total = survey_product.total + excluded.total",
        people,
        sign
    )
    .execute(db)
    .await?;
    Ok(())
}
