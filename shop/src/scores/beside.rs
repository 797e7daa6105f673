//! What the shop measured in the same weeks, to stand beside what people said.

use crate::{Fault, Shop, delivery::end_of_day, measured, transaction};
use domain::{
    measured::{Measure, three_quarters},
    promises::PromiseKind,
};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use time::{Date, Duration, OffsetDateTime};

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    pub kept: u64,
    pub of: u64,
}

impl Kept {
    /// Nothing of nothing.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.kept as f64 / self.of as f64)
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Efficiency: milliseconds at the third quarter of page views, and searches that found something.
    pub paint: Option<f64>,
    pub touch: Option<f64>,
    pub searches: Kept,
    /// System: answers without a fault, and scripts that failed.
    pub answers: Kept,
    pub scripts_failed: u64,
    /// Minutes in which the shop was open, of those that passed.
    pub minutes: Kept,
    /// Minutes within opening hours in which somebody was there to answer.
    pub staffed: Kept,
    /// Promises that were kept of those that are decided, with the median of the seconds from promising to doing.
    pub promises: BTreeMap<&'static str, (Kept, Option<f64>)>,
    /// Delivered in time, without a complaint and without anything given back.
    pub perfect: Kept,
    /// Paid orders that were cancelled because the goods were gone.
    pub sold_out: Kept,
    /// People who wanted their data gone; it is gone the moment they say so.
    pub erased: u64,
    /// Money given back, and store credit given.
    pub refunds: u64,
    pub credits: u64,
}

/// By week, how many values of each size.
pub(super) type Vitals = BTreeMap<Date, BTreeMap<(Measure, i16), u64>>;
/// By carrier and month, deliveries that came as promised.
pub(super) type Parcels = BTreeMap<String, BTreeMap<Date, Kept>>;

pub(super) async fn read(shop: &Shop, first: Date, after: Date, now: OffsetDateTime) -> Result<(Facts, Vitals, Parcels), Fault> {
    measured::keep(shop, now).await?;
    let (since, until) = (start_of_day(shop, first), start_of_day(shop, after).min(now));
    // Two connections: half of the time on two processors, and no manager takes the pool from the shoppers.
    let trends = async {
        let mut db = transaction::begin_reading(&shop.db).await?;
        Ok::<_, Fault>((parcels(&mut db, shop, since, until).await?, vitals(&mut db, first, after).await?))
    };
    let facts = async {
        let mut db = transaction::begin_reading(&shop.db).await?;
        Ok((service(&mut db, since, until).await?, minutes(&mut db, since, until).await?))
    };
    let ((parcels, vitals), (mut facts, (minutes, staffed))) = tokio::try_join!(trends, facts)?;
    (facts.minutes, facts.staffed) = (minutes, staffed);
    measured_facts(&mut facts, &vitals);
    Ok((facts, vitals, parcels))
}

async fn vitals(db: &mut PgConnection, first: Date, after: Date) -> Result<Vitals, Fault> {
    // A row a week, not one a size: there are tens of thousands of those.
    let rows = sqlx::query!(
        r#"select week, measure, array_agg(size) as "sizes!", array_agg(count) as "counts!"
           from measure_week where week >= $1 and week < $2 group by 1, 2"#,
        first,
        after
    )
    .fetch_all(&mut *db)
    .await?;
    let mut vitals = Vitals::new();
    for row in rows {
        let Some(measure) = Measure::from_code(&row.measure) else { continue };
        let week = vitals.entry(row.week).or_default();
        for (size, count) in row.sizes.into_iter().zip(row.counts) {
            *week.entry((measure, size)).or_default() += count.unsigned_abs();
        }
    }
    Ok(vitals)
}

fn measured_facts(facts: &mut Facts, vitals: &Vitals) {
    let mut sizes: BTreeMap<(Measure, i16), u64> = BTreeMap::new();
    for (key, count) in vitals.values().flatten() {
        *sizes.entry(*key).or_default() += count;
    }
    let of = |measure: Measure| sizes.iter().filter(move |((kind, _), _)| *kind == measure).map(|((_, size), count)| (*size, *count));
    let count = |measure| of(measure).map(|(_, count)| count).sum::<u64>();
    facts.paint = three_quarters(&of(Measure::Paint).collect::<Vec<_>>());
    facts.touch = three_quarters(&of(Measure::Touch).collect::<Vec<_>>());
    let found = count(Measure::SearchFound);
    facts.searches = Kept { kept: found, of: found + count(Measure::SearchEmpty) };
    let answered = count(Measure::Answered);
    facts.answers = Kept { kept: answered.saturating_sub(count(Measure::Faulty)), of: answered };
    facts.scripts_failed = count(Measure::ScriptFailed);
}

/// As on the page of what the shop measures: the first hour of all and the one that goes on are not whole.
/// Opening hours count as far as a node ran in them.
async fn minutes(db: &mut PgConnection, since: OffsetDateTime, until: OffsetDateTime) -> Result<(Kept, Kept), Fault> {
    let row = sqlx::query!(
        r#"with span as (
               select greatest($1, (select date_trunc('hour', min(hour), 'UTC') + interval '1 hour' from measure where measure = 'alive')) as first,
                      date_trunc('hour', $2::timestamptz, 'UTC') as after
           ),
           minutes as (
               select m.measure, sum(bit_count(m.count::bit(64)))::bigint as n from measure m, span s
               where m.measure in ('alive', 'open', 'staffed') and m.hour >= s.first and m.hour < s.after group by 1
           )
           select coalesce((select n from minutes where measure = 'alive'), 0) as "alive!",
                  coalesce(greatest(extract(epoch from s.after - s.first) / 60, 0), 0)::bigint as "passed!",
                  coalesce((select n from minutes where measure = 'open'), 0) as "open!",
                  coalesce((select n from minutes where measure = 'staffed'), 0) as "staffed!"
           from span s"#,
        since,
        until
    )
    .fetch_one(&mut *db)
    .await?;
    let kept = |kept: i64, of: i64| Kept { kept: kept.unsigned_abs(), of: of.unsigned_abs() };
    Ok((kept(row.alive, row.passed), kept(row.staffed, row.open)))
}

async fn parcels(db: &mut PgConnection, shop: &Shop, since: OffsetDateTime, until: OffsetDateTime) -> Result<Parcels, Fault> {
    let months = months(shop, since, until);
    let starts: Vec<OffsetDateTime> = months.iter().map(|(_, start)| *start).collect();
    let rows = sqlx::query!(
        r#"select coalesce(s.carrier_code, o.carrier_code) as "carrier!", width_bucket(p.due_at, $3::timestamptz[]) as "month!",
                  count(p.kept_at) as "kept!", count(*) as "of!"
           from promise p join orders o on o.id = p.subject
           left join shipment s on s.order_id = p.subject and not exists (
               select from shipment later where later.order_id = s.order_id and (later.shipped_at, later.id) > (s.shipped_at, s.id))
           where p.kind = 'delivery' and p.due_at >= $1 and p.due_at < $2 and p.withdrawn_at is null
             and (p.kept_at is not null or p.broken_at is not null)
           group by 1, 2"#,
        since,
        until,
        &starts
    )
    .fetch_all(&mut *db)
    .await?;
    let mut parcels = Parcels::new();
    for row in rows {
        let number = usize::try_from(row.month - 1).map_err(Fault::new)?;
        let (month, _) = months.get(number).ok_or_else(|| Fault::new(format!("month {number} of {}", months.len())))?;
        parcels.entry(row.carrier).or_default().insert(*month, Kept { kept: row.kept.unsigned_abs(), of: row.of.unsigned_abs() });
    }
    Ok(parcels)
}

/// The first day of each month that has a part in the time, and when it begins where the shop is.
fn months(shop: &Shop, since: OffsetDateTime, until: OffsetDateTime) -> Vec<(Date, OffsetDateTime)> {
    let first_day = |at: OffsetDateTime| shop.settings.local(at).date().replace_day(1).ok();
    let mut months = Vec::new();
    let mut month = first_day(since);
    while let Some(day) = month {
        let start = start_of_day(shop, day);
        if start >= until {
            break;
        }
        months.push((day, start));
        month = first_day(start + Duration::days(40));
    }
    months
}

fn start_of_day(shop: &Shop, day: Date) -> OffsetDateTime {
    end_of_day(&shop.settings, day - Duration::DAY) + Duration::SECOND
}

async fn service(db: &mut PgConnection, since: OffsetDateTime, until: OffsetDateTime) -> Result<Facts, Fault> {
    let kinds = sqlx::query!(
        r#"select kind, count(kept_at) as "kept!", count(*) as "of!",
                  extract(epoch from percentile_cont(0.5) within group (order by done_at - made_at))::float8 as "median?"
           from promise
           where due_at >= $1 and due_at < $2 and withdrawn_at is null and (kept_at is not null or broken_at is not null) group by 1"#,
        since,
        until
    )
    .fetch_all(&mut *db)
    .await?;
    let promises = kinds.into_iter().filter_map(|row| {
        let kind = PromiseKind::from_code(&row.kind)?;
        Some((kind.code(), (Kept { kept: row.kept.unsigned_abs(), of: row.of.unsigned_abs() }, row.median)))
    });
    let row = sqlx::query!(
        r#"with delivered as (
               select count(*) as all_of_them,
                      count(*) filter (where delivered_at <= promised_by
                          and id not in (select order_id from complaint where kind = 'queja' and order_id is not null)
                          and id not in (select order_id from refund)) as perfect
               from orders where state = 'delivered' and delivered_at >= $1 and delivered_at < $2
           ),
           paid as (
               select count(*) as all_of_them, count(*) filter (where cancelled_because = 'sold_out') as sold_out
               from orders where placed_at >= $1 and placed_at < $2 and paid_at is not null
           )
           select d.all_of_them as "delivered!", d.perfect as "perfect!", p.all_of_them as "paid!", p.sold_out as "sold_out!",
                  (select count(*) from refund where created_at >= $1 and created_at < $2 and state = 'succeeded') as "refunds!",
                  (select count(*) from store_credit where created_at >= $1 and created_at < $2) as "credits!",
                  (select count(*) from event where kind = 'customer.deleted' and at >= $1 and at < $2) as "erased!"
           from delivered d, paid p"#,
        since,
        until
    )
    .fetch_one(&mut *db)
    .await?;
    let number = i64::unsigned_abs;
    Ok(Facts {
        promises: promises.collect(),
        perfect: Kept { kept: number(row.perfect), of: number(row.delivered) },
        sold_out: Kept { kept: number(row.sold_out), of: number(row.paid) },
        refunds: number(row.refunds),
        credits: number(row.credits),
        erased: number(row.erased),
        ..Facts::default()
    })
}
