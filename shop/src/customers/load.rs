//! Everything that classes are made of, in one query.

use super::compute::Person;
use crate::{Fault, Shop};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Everybody with orders that count, what they said last in a conversation's rating, and whether a complaint of theirs is
/// open or was closed without their word: theirs by their account, by their order, or by the address they gave.
pub(super) async fn people(db: &mut PgConnection, shop: &Shop, now: OffsetDateTime) -> Result<Vec<Person>, Fault> {
    let rows = sqlx::query!(
        r#"with bought as (
               select buyer, array_agg((placed_at at time zone $1)::date order by placed_at) as days,
                      (array_agg(name order by placed_at desc))[1] as name,
                      sum(kept_minor) filter (where currency = $2) as spent_minor
               from bought_order where placed_at <= $3 group by buyer
           ),
           rated as (
               select distinct on (r.buyer) r.buyer, r.rating
               from (
                   select lower(coalesce(a.email, nullif(c.email, ''), o.buyer)) as buyer, c.rating, c.rated_at
                   from conversation c left join customer a on a.id = c.customer_id and a.confirmed_at is not null
                   left join bought_order o on o.id = c.order_id
                   where c.rating is not null and c.rated_at <= $3
               ) r order by r.buyer, r.rated_at desc
           ),
           complained as (
               select distinct lower(coalesce(a.email, nullif(p.email, ''), o.buyer)) as buyer
               from complaint p left join customer a on a.id = p.customer_id and a.confirmed_at is not null
               left join bought_order o on o.id = p.order_id
               where p.kind = 'queja' and p.opened_at <= $3 and (p.stage <> 'closed' or p.closed_how = 'unconfirmed')
           )
           select b.buyer as "email!", b.name as "name!", b.days as "days!", coalesce(b.spent_minor, 0)::bigint as "spent_minor!",
                  r.rating as "rating?", c.buyer is not null as "complaint!"
           from bought b left join rated r on r.buyer = b.buyer left join complained c on c.buyer = b.buyer
           order by b.buyer"#,
        shop.settings.time_zone,
        shop.settings.currency.code(),
        now
    )
    .fetch_all(db)
    .await?;
    let people = rows.into_iter().map(|row| Person {
        email: row.email,
        name: row.name,
        days: row.days,
        spent_minor: row.spent_minor,
        satisfaction: row.rating.and_then(|rating| u8::try_from(rating).ok()),
        complaint: row.complaint,
    });
    Ok(people.collect())
}
