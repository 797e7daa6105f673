//! What is bought together: rules of two products over the paid orders of a year, for their pages.

use super::rules::Rules;
use crate::{Fault, events};
use quality::baskets::{Pair, pairs};
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

const LOOKED_BACK: Duration = Duration::days(365);
/// Bought together more often than each by itself would have it.
const LEAST_LIFT: f64 = 1.0 + 1e-9;
/// A product's page shows fewer; some of them may be sold out.
const KEPT: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Companion {
    other: Uuid,
    orders: i32,
    confidence: f64,
    lift: f64,
}

/// By product, the best first.
type Companions = BTreeMap<Uuid, Vec<Companion>>;

/// Computes them anew; says for how many products they are others. Each of those is news, which drops its kept pages.
pub(super) async fn renew(db: &mut PgConnection, rules: Rules, now: OffsetDateTime) -> Result<usize, Fault> {
    let baskets = baskets(db, now).await?;
    let found = pairs(&baskets, rules.together_orders as usize, f64::from(rules.together_percent) / 100.0);
    let (before, after) = (kept(db).await?, ranked(found));
    let products: BTreeSet<Uuid> = before.keys().chain(after.keys()).copied().collect();
    let changed: Vec<Uuid> = products.into_iter().filter(|product| before.get(product) != after.get(product)).collect();
    write(db, &changed, &after).await?;
    let others =
        |of: &Companions, product: &Uuid| -> Vec<Uuid> { of.get(product).into_iter().flatten().map(|companion| companion.other).collect() };
    let seen: Vec<Uuid> = changed.into_iter().filter(|product| others(&before, product) != others(&after, product)).collect();
    events::record_each(db, "product.bought_together", &seen, now).await?;
    Ok(seen.len())
}

async fn baskets(db: &mut PgConnection, now: OffsetDateTime) -> Result<Vec<BTreeSet<Uuid>>, Fault> {
    let rows = sqlx::query!(
        r#"select array_agg(l.product_id) as "products!: Vec<Uuid>"
           from orders o join order_line l on l.order_id = o.id
           where o.state in ('paid', 'packed', 'shipped', 'delivered') and o.placed_at > $1 and o.placed_at <= $2 and l.product_id is not null
           group by o.id"#,
        now - LOOKED_BACK,
        now
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| row.products.into_iter().collect()).collect())
}

fn ranked(found: Vec<Pair<Uuid>>) -> Companions {
    let mut by_product = Companions::new();
    for pair in found.into_iter().filter(|pair| pair.lift > LEAST_LIFT) {
        let Pair { given, then, count, confidence, lift, .. } = pair;
        let orders = i32::try_from(count).unwrap_or(i32::MAX);
        by_product.entry(given).or_default().push(Companion { other: then, orders, confidence, lift });
    }
    for companions in by_product.values_mut() {
        companions.sort_by(|one, other| {
            let by_figures = other.confidence.total_cmp(&one.confidence).then(other.lift.total_cmp(&one.lift));
            by_figures.then(one.other.cmp(&other.other))
        });
        companions.truncate(KEPT);
    }
    by_product
}

async fn kept(db: &mut PgConnection) -> Result<Companions, Fault> {
    let rows = sqlx::query!("select product_id, other, orders, confidence, lift from bought_together order by product_id, rank");
    let mut by_product = Companions::new();
    for row in rows.fetch_all(db).await? {
        let companion = Companion { other: row.other, orders: row.orders, confidence: row.confidence, lift: row.lift };
        by_product.entry(row.product_id).or_default().push(companion);
    }
    Ok(by_product)
}

async fn write(db: &mut PgConnection, changed: &[Uuid], after: &Companions) -> Result<(), Fault> {
    sqlx::query!("delete from bought_together where product_id = any($1)", changed).execute(&mut *db).await?;
    let ranks = |product: &Uuid| (1..).zip(after.get(product).cloned().unwrap_or_default());
    let rows: Vec<(Uuid, i32, Companion)> =
        changed.iter().flat_map(|product| ranks(product).map(|(rank, companion)| (*product, rank, companion))).collect();
    sqlx::query!(
        "insert into bought_together (product_id, other, rank, orders, confidence, lift)
         select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[], $5::double precision[], $6::double precision[])",
        &rows.iter().map(|(product, _, _)| *product).collect::<Vec<_>>(),
        &rows.iter().map(|(_, _, companion)| companion.other).collect::<Vec<_>>(),
        &rows.iter().map(|(_, rank, _)| *rank).collect::<Vec<_>>(),
        &rows.iter().map(|(_, _, companion)| companion.orders).collect::<Vec<_>>(),
        &rows.iter().map(|(_, _, companion)| companion.confidence).collect::<Vec<_>>(),
        &rows.iter().map(|(_, _, companion)| companion.lift).collect::<Vec<_>>()
    )
    .execute(db)
    .await?;
    Ok(())
}
