//! Keeps what was computed: only what is another than before, in batches. A class that begins or ends does so on the day.

use super::compute::{Fitted, Standing};
use crate::Fault;
use domain::customers::{CustomerClass, Reason};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use time::{Date, OffsetDateTime};

/// Rows a statement.
const BATCH: usize = 10_000;

/// What a computation changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Written {
    pub(super) standings: u64,
    pub(super) began: u64,
    pub(super) ended: u64,
    /// Classes that go on with other figures.
    pub(super) explained: u64,
}

type Key = (String, CustomerClass);

pub(super) async fn all(db: &mut PgConnection, standings: &[Standing], today: Date) -> Result<Written, Fault> {
    let mut written = Written::default();
    for batch in standings.chunks(BATCH) {
        written.standings += keep(db, batch).await?;
    }
    // Also whoever was forgotten while this was computed.
    let gone = sqlx::query!("delete from customer_standing s where not exists (select from bought_order b where b.buyer = s.email)");
    written.standings += gone.execute(&mut *db).await?.rows_affected();

    let before = current(db).await?;
    let now: HashMap<Key, Reason> = standings.iter().flat_map(classes).collect();
    let ended: Vec<&Key> = before.keys().filter(|key| !now.contains_key(*key)).collect();
    let is_new = |key: &Key| !before.contains_key(key);
    let (began, stayed): (Vec<_>, Vec<_>) = now.iter().partition(|(key, _)| is_new(key));
    let explained: Vec<_> = stayed.into_iter().filter(|(key, reason)| before.get(*key) != Some(*reason)).collect();
    for batch in ended.chunks(BATCH) {
        written.ended += end(db, batch, today).await?;
    }
    for batch in explained.chunks(BATCH) {
        written.explained += explain(db, batch).await?;
    }
    for batch in began.chunks(BATCH) {
        written.began += begin(db, batch, today).await?;
    }
    Ok(written)
}

fn classes(standing: &Standing) -> impl Iterator<Item = (Key, Reason)> + '_ {
    standing.reasons.iter().map(|reason| ((standing.email.clone(), reason.class()), *reason))
}

async fn current(db: &mut PgConnection) -> Result<HashMap<Key, Reason>, Fault> {
    let rows = sqlx::query!(r#"select email, reason as "reason: Json<Reason>" from customer_class where until is null"#);
    let rows = rows.fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| ((row.email, row.reason.0.class()), row.reason.0)).collect())
}

async fn keep(db: &mut PgConnection, standings: &[Standing]) -> Result<u64, Fault> {
    let texts = |of: fn(&Standing) -> &String| standings.iter().map(of).cloned().collect::<Vec<_>>();
    let scores = |of: fn(&Standing) -> u8| standings.iter().map(|standing| i16::from(of(standing))).collect::<Vec<_>>();
    let kept = sqlx::query!(
        "insert into customer_standing as s (email, name, orders, spent_minor, first_on, last_on, recency, frequency, money, alive,
             expected, loss_minor)
         select * from unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::date[], $6::date[], $7::smallint[], $8::smallint[],
             $9::smallint[], $10::double precision[], $11::double precision[], $12::bigint[])
         on conflict (email) do update set name = excluded.name, orders = excluded.orders, spent_minor = excluded.spent_minor,
             first_on = excluded.first_on, last_on = excluded.last_on, recency = excluded.recency, frequency = excluded.frequency,
             money = excluded.money, alive = excluded.alive, expected = excluded.expected, loss_minor = excluded.loss_minor
         where (s.name, s.orders, s.spent_minor, s.first_on, s.last_on, s.recency, s.frequency, s.money, s.alive, s.expected, s.loss_minor)
             is distinct from (excluded.name, excluded.orders, excluded.spent_minor, excluded.first_on, excluded.last_on, excluded.recency,
                 excluded.frequency, excluded.money, excluded.alive, excluded.expected, excluded.loss_minor)",
        &texts(|standing| &standing.email),
        &texts(|standing| &standing.name),
        &standings.iter().map(|standing| standing.orders).collect::<Vec<_>>(),
        &standings.iter().map(|standing| standing.spent_minor).collect::<Vec<_>>(),
        &standings.iter().map(|standing| standing.first_on).collect::<Vec<_>>(),
        &standings.iter().map(|standing| standing.last_on).collect::<Vec<_>>(),
        &scores(|standing| standing.scores.recency),
        &scores(|standing| standing.scores.frequency),
        &scores(|standing| standing.scores.money),
        &standings.iter().map(|standing| standing.alive).collect::<Vec<_>>() as &[Option<f64>],
        &standings.iter().map(|standing| standing.expected).collect::<Vec<_>>() as &[Option<f64>],
        &standings.iter().map(|standing| standing.loss_minor).collect::<Vec<_>>() as &[Option<i64>]
    )
    .execute(db)
    .await?;
    Ok(kept.rows_affected())
}

/// What began the same day was never told: it goes without a trace.
async fn end(db: &mut PgConnection, keys: &[&Key], today: Date) -> Result<u64, Fault> {
    let (emails, codes): (Vec<String>, Vec<String>) = keys.iter().map(|(email, class)| (email.clone(), class.code().to_owned())).unzip();
    let dropped = sqlx::query!(
        "delete from customer_class c using unnest($1::text[], $2::text[]) as g (email, class)
         where c.email = g.email and c.class = g.class and c.until is null and c.since >= $3",
        &emails,
        &codes,
        today
    )
    .execute(&mut *db)
    .await?;
    let ended = sqlx::query!(
        "update customer_class c set until = $3 from unnest($1::text[], $2::text[]) as g (email, class)
         where c.email = g.email and c.class = g.class and c.until is null",
        &emails,
        &codes,
        today
    )
    .execute(db)
    .await?;
    Ok(dropped.rows_affected() + ended.rows_affected())
}

async fn explain(db: &mut PgConnection, classes: &[(&Key, &Reason)]) -> Result<u64, Fault> {
    let (emails, codes, reasons) = columns(classes)?;
    let explained = sqlx::query!(
        "update customer_class c set reason = g.reason from unnest($1::text[], $2::text[], $3::jsonb[]) as g (email, class, reason)
         where c.email = g.email and c.class = g.class and c.until is null",
        &emails,
        &codes,
        &reasons
    )
    .execute(db)
    .await?;
    Ok(explained.rows_affected())
}

async fn begin(db: &mut PgConnection, classes: &[(&Key, &Reason)], today: Date) -> Result<u64, Fault> {
    let (emails, codes, reasons) = columns(classes)?;
    let began = sqlx::query!(
        "insert into customer_class (email, class, reason, since)
         select g.email, g.class, g.reason, $4 from unnest($1::text[], $2::text[], $3::jsonb[]) as g (email, class, reason)
         join customer_standing s on s.email = g.email",
        &emails,
        &codes,
        &reasons,
        today
    )
    .execute(db)
    .await?;
    Ok(began.rows_affected())
}

/// Addresses, classes and reasons, side by side.
type Columns = (Vec<String>, Vec<String>, Vec<Value>);

fn columns(classes: &[(&Key, &Reason)]) -> Result<Columns, Fault> {
    let emails = classes.iter().map(|((email, _), _)| email.clone()).collect();
    let codes = classes.iter().map(|((_, class), _)| class.code().to_owned()).collect();
    let reasons = classes.iter().map(|(_, reason)| serde_json::to_value(reason)).collect::<Result<_, _>>().map_err(Fault::new)?;
    Ok((emails, codes, reasons))
}

/// That it was done today, and the model.
pub(super) async fn done(
    db: &mut PgConnection,
    today: Date,
    people: usize,
    fitted: Option<Fitted>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let model = fitted.map(|fitted| fitted.model);
    sqlx::query!(
        "insert into customer_model (day, people, r, alpha, a, b, log_likelihood, held, computed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (day) do update set people = excluded.people, r = excluded.r, alpha = excluded.alpha, a = excluded.a, b = excluded.b,
             log_likelihood = excluded.log_likelihood, held = excluded.held, computed_at = excluded.computed_at",
        today,
        i32::try_from(people).unwrap_or(i32::MAX),
        model.map(|model| model.r),
        model.map(|model| model.alpha),
        model.map(|model| model.a),
        model.map(|model| model.b),
        model.map(|model| model.log_likelihood),
        fitted.is_some_and(|fitted| fitted.held),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
