//! What the shop measured in the same weeks, to stand beside what people said.

use crate::{Fault, Shop, delivery::end_of_day, measured};
use domain::{
    measured::{Measure, three_quarters},
    promises::PromiseKind,
};
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
    let vitals = vitals(shop, first, after).await?;
    let start = |day: Date| end_of_day(&shop.settings, day - Duration::DAY) + Duration::SECOND;
    let (since, until) = (start(first), start(after).min(now));
    let parcels = parcels(shop, since, until).await?;
    let mut facts = service(shop, since, until).await?;
    measured_facts(&mut facts, &vitals);
    (facts.minutes, facts.staffed) = minutes(shop, since, until).await?;
    Ok((facts, vitals, parcels))
}

async fn vitals(shop: &Shop, first: Date, after: Date) -> Result<Vitals, Fault> {
    let rows = sqlx::query!(
        r#"select week, measure, size, sum(count)::bigint as "count!" from measure_week where week >= $1 and week < $2 group by 1, 2, 3"#,
        first,
        after
    )
    .fetch_all(&shop.db)
    .await?;
    let mut vitals = Vitals::new();
    for row in rows {
        if let Some(measure) = Measure::from_code(&row.measure) {
            vitals.entry(row.week).or_default().insert((measure, row.size), row.count.unsigned_abs());
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
async fn minutes(shop: &Shop, since: OffsetDateTime, until: OffsetDateTime) -> Result<(Kept, Kept), Fault> {
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
    .fetch_one(&shop.db)
    .await?;
    let kept = |kept: i64, of: i64| Kept { kept: kept.unsigned_abs(), of: of.unsigned_abs() };
    Ok((kept(row.alive, row.passed), kept(row.staffed, row.open)))
}

async fn parcels(shop: &Shop, since: OffsetDateTime, until: OffsetDateTime) -> Result<Parcels, Fault> {
    let rows = sqlx::query!(
        r#"select coalesce(s.carrier_code, o.carrier_code) as "carrier!", date_trunc('month', p.due_at at time zone $3)::date as "month!",
                  count(p.kept_at) as "kept!", count(*) as "of!"
           from promise p join orders o on o.id = p.subject
           left join (select distinct on (order_id) order_id, carrier_code from shipment
                      where order_id in (select subject from promise where kind = 'delivery' and due_at >= $1 and due_at < $2)
                      order by order_id, shipped_at desc) s on s.order_id = o.id
           where p.kind = 'delivery' and p.due_at >= $1 and p.due_at < $2 and p.withdrawn_at is null
             and (p.kept_at is not null or p.broken_at is not null)
           group by 1, 2"#,
        since,
        until,
        shop.settings.time_zone
    )
    .fetch_all(&shop.db)
    .await?;
    let mut parcels = Parcels::new();
    for row in rows {
        parcels.entry(row.carrier).or_default().insert(row.month, Kept { kept: row.kept.unsigned_abs(), of: row.of.unsigned_abs() });
    }
    Ok(parcels)
}

async fn service(shop: &Shop, since: OffsetDateTime, until: OffsetDateTime) -> Result<Facts, Fault> {
    let kinds = sqlx::query!(
        r#"select kind, count(kept_at) as "kept!", count(*) as "of!",
                  percentile_cont(0.5) within group (order by extract(epoch from done_at - made_at)) as "median?"
           from promise
           where due_at >= $1 and due_at < $2 and withdrawn_at is null and (kept_at is not null or broken_at is not null) group by 1"#,
        since,
        until
    )
    .fetch_all(&shop.db)
    .await?;
    let promises = kinds.into_iter().filter_map(|row| {
        let kind = PromiseKind::from_code(&row.kind)?;
        Some((kind.code(), (Kept { kept: row.kept.unsigned_abs(), of: row.of.unsigned_abs() }, row.median)))
    });
    let row = sqlx::query!(
        r#"with delivered as (
               select o.delivered_at <= o.promised_by
                          and not exists (select from complaint c where c.order_id = o.id and c.kind = 'queja')
                          and not exists (select from refund r where r.order_id = o.id) as perfect
               from orders o where o.state = 'delivered' and o.delivered_at >= $1 and o.delivered_at < $2
           )
           select (select count(*) from delivered) as "delivered!", (select count(*) from delivered where perfect) as "perfect!",
                  (select count(*) from orders where placed_at >= $1 and placed_at < $2 and paid_at is not null) as "paid!",
                  (select count(*) from orders where placed_at >= $1 and placed_at < $2 and paid_at is not null
                       and cancelled_because = 'sold_out') as "sold_out!",
                  (select count(*) from refund where created_at >= $1 and created_at < $2 and state = 'succeeded') as "refunds!",
                  (select count(*) from store_credit where created_at >= $1 and created_at < $2) as "credits!",
                  (select count(*) from event where kind = 'customer.deleted' and at >= $1 and at < $2) as "erased!""#,
        since,
        until
    )
    .fetch_one(&shop.db)
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
