//! What needs a person: money that is owed and does not get through, banks that ask for it back, and orders that are
//! paid and cannot be fulfilled. Nothing leaves this list but by being settled.

use crate::{Fault, Outcome, Shop};
use domain::Money;
use time::{Duration, OffsetDateTime};

/// One thing that somebody has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub number: String,
    pub name: String,
    pub email: String,
    pub what: TroubleKind,
    pub money: Money,
    pub since: OffsetDateTime,
    /// The payment service's word for why, as far as it gave one.
    pub why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// The service or the bank said no: the buyer is owed it.
    RefundFailed,
    /// It could not be sent for an hour, or is not at the bank by the day that was promised.
    RefundWaits,
    /// A bank asks for the payment back and waits for an answer.
    Disputed,
    /// The bank keeps the payment, and the goods are still here: cancel the order.
    DisputeLost,
    /// Paid and cancelled, and the money is still here.
    CannotBeFulfilled,
}

impl TroubleKind {
    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "refund_failed" => Self::RefundFailed,
            "refund_waits" => Self::RefundWaits,
            "disputed" => Self::Disputed,
            "dispute_lost" => Self::DisputeLost,
            "cannot_be_fulfilled" => Self::CannotBeFulfilled,
            _ => return None,
        })
    }
}

/// How long a refund may be on its way out of the house.
const SENT_WITHIN: Duration = Duration::hours(1);

/// Everything that needs a person, oldest first.
///
/// # Errors
/// A fault only.
pub async fn trouble(shop: &Shop, now: OffsetDateTime) -> Outcome<Vec<Trouble>> {
    let rows = sqlx::query!(
        r#"select o.number, o.name, o.email, o.currency, t.kind as "kind!", t.minor as "minor!", t.since as "since!", t.why as "why!"
           from (
               select order_id, 'refund_failed' as kind, minor, updated_at as since, coalesce(failure, '') as why
               from refund where state = 'failed' and sent_again_as is null and settled_at is null
               union all
               select r.order_id, 'refund_waits', r.minor, r.created_at, coalesce(j.last_error, r.state)
               from refund r join promise p on p.kind = 'refund' and p.subject = r.id left join job j on j.key = 'refund:' || r.id
               where (r.state = 'queued' and r.created_at < $2) or (r.state in ('queued', 'pending') and p.due_at < $1)
               union all
               select order_id, 'disputed', minor, updated_at, reason from dispute where state = 'open'
               union all
               select d.order_id, 'dispute_lost', d.minor, d.updated_at, d.reason
               from dispute d join orders lost on lost.id = d.order_id where d.state = 'lost' and lost.state in ('paid', 'packed')
               union all
               select c.id, 'cannot_be_fulfilled', l.held::bigint, c.cancelled_at, coalesce(c.cancelled_because, '')
               from orders c join lateral (select coalesce(sum(minor), 0) as held from payment_ledger where order_id = c.id) l on l.held > 0
               where c.state = 'cancelled' and not exists (select from refund r where r.order_id = c.id and r.state = 'failed')
           ) t join orders o on o.id = t.order_id
           order by t.since, o.number"#,
        now,
        now - SENT_WITHIN
    )
    .fetch_all(&shop.db)
    .await?;
    let troubles = rows.into_iter().map(|row| {
        Ok(Trouble {
            what: TroubleKind::from_code(&row.kind).ok_or_else(|| Fault::new("a trouble of another version"))?,
            money: Money::new(row.minor, row.currency.parse().map_err(Fault::new)?),
            number: row.number,
            name: row.name,
            email: row.email,
            since: row.since,
            why: row.why,
        })
    });
    Ok(troubles.collect::<Result<_, Fault>>()?)
}
