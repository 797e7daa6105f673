//! What must hold after any fault, as one SQL function: each row it returns is a broken promise of the payment rules.

use sqlx::PgPool;

pub async fn install(db: &PgPool) {
    sqlx::raw_sql(FUNCTION).execute(db).await.unwrap();
}

/// `ended`: no fault is left to survive, so nothing may be under way, and the payment service agrees to the cent.
const FUNCTION: &str = r"
create function broken_invariants(ended boolean) returns setof text language sql stable as $$
    select 'stock is negative: ' || variant_id from stock_level where not unlimited and available < 0
    union all
    select 'reserved is not what orders hold: ' || variant_id from stock_level s
    where reserved <> (select coalesce(sum(quantity), 0) from stock_reservation r where r.variant_id = s.variant_id and r.state = 'held')
    union all
    select 'allocated is not what paid orders need: ' || variant_id from stock_level s
    where allocated <> (select coalesce(sum(quantity), 0) from stock_reservation r where r.variant_id = s.variant_id and r.state = 'allocated')
    union all
    select 'a fulfilled order without its goods: ' || o.number from orders o join stock_reservation r on r.order_id = o.id
    where (o.state in ('paid', 'packed') and r.state <> 'allocated') or (o.state in ('shipped', 'delivered') and r.state <> 'shipped')
    union all
    select 'a cancelled order that keeps goods: ' || o.number from orders o join stock_reservation r on r.order_id = o.id
    where o.state = 'cancelled' and r.state in ('held', 'allocated')
    union all
    select 'fulfilled unpaid: ' || number from orders o
    where state in ('paid', 'packed', 'shipped', 'delivered')
      and total_minor > (select coalesce(sum(minor), 0) from payment_ledger l where l.order_id = o.id and l.kind = 'capture')
          + (select coalesce(sum(minor), 0) from store_credit_hold h where h.order_id = o.id and h.state = 'spent')
    union all
    select 'a balance is not what the ledger says: ' || c.id from store_credit c
    where balance_minor <> (select coalesce(sum(case when kind in ('given', 'released', 'given_back') then minor
                                                     when kind = 'held' then -minor else 0 end), 0)
                            from store_credit_entry e where e.credit_id = c.id)
    union all
    select 'an order does not hold the credit that it says: ' || o.number from orders o
    left join store_credit_hold h on h.order_id = o.id
    where o.credit_minor <> coalesce(h.minor, 0)
       or (o.credit_minor > 0 and h.state <> case when o.state = 'placed' then 'held'
           when o.state <> 'cancelled' or h.back_minor > 0 then 'spent' else 'released' end)
       or (o.state = 'cancelled' and h.state = 'spent' and h.back_minor < h.minor)
    union all
    select 'a hold is not what the ledger says: ' || h.order_id from store_credit_hold h
    cross join lateral (
        select coalesce(sum(case kind when 'held' then minor when 'released' then -minor end), 0) as taken,
               coalesce(sum(minor) filter (where kind = 'spent'), 0) as spent,
               coalesce(sum(minor) filter (where kind = 'given_back'), 0) as back
        from store_credit_entry e where e.order_id = h.order_id and e.credit_id = h.credit_id
    ) e
    where e.taken <> case when h.state = 'released' then 0 else h.minor end
       or e.spent <> case when h.state = 'spent' then h.minor else 0 end or e.back <> h.back_minor
    union all
    select 'card and credit together keep more than the order costs: ' || o.number from orders o
    join store_credit_hold h on h.order_id = o.id and h.state = 'spent'
    where o.total_minor < h.minor - h.back_minor
        + (select coalesce(sum(minor), 0) from payment_ledger l where l.order_id = o.id and l.kind = 'capture')
        - (select coalesce(sum(minor), 0) from refund r where r.order_id = o.id)
    union all
    select 'more than one net payment: ' || o.number from orders o
    where (select count(*) from payment_ledger l where l.order_id = o.id and l.kind = 'capture' and l.minor >
              (select coalesce(sum(r.minor), 0) from refund r where r.attempt_id = l.attempt_id)) > 1
    union all
    select 'money without an order or a refund: ' || o.number from orders o
    where o.state in ('placed', 'cancelled')
      and (select coalesce(sum(minor), 0) from payment_ledger l
           where l.order_id = o.id and l.kind in ('capture', 'dispute', 'dispute_reversed')) >
          (select coalesce(sum(minor), 0) from refund r where r.order_id = o.id)
    union all
    select 'a refund without a promise: ' || r.id from refund r
    where not exists (select from promise p where p.kind = 'refund' and p.subject = r.id)
    union all
    select 'a failed refund that is no broken promise: ' || r.id from refund r join promise p on p.kind = 'refund' and p.subject = r.id
    where r.state = 'failed' and p.broken_at is null and p.withdrawn_at is null
    union all
    select 'a refund that arrived and is promised still: ' || r.id from refund r join promise p on p.kind = 'refund' and p.subject = r.id
    where r.state = 'succeeded' and p.kept_at is null and p.broken_at is null
    union all
    select 'the order does not say what its disputes say: ' || o.number from orders o
    where (o.payment_state = 'disputed') <> exists (select from dispute d where d.order_id = o.id and d.state = 'open')
       or (o.payment_state = 'charged_back' and not exists (select from dispute d where d.order_id = o.id and d.state = 'lost'))
    union all
    select 'refunded more than captured: ' || o.number from orders o
    where (select coalesce(sum(minor), 0) from refund r where r.order_id = o.id and r.state <> 'failed') >
          (select coalesce(sum(minor), 0) from payment_ledger l where l.order_id = o.id and l.kind = 'capture')
    union all
    select 'the ledger and the refunds disagree: ' || o.number from orders o
    where (select coalesce(-sum(minor), 0) from payment_ledger l where l.order_id = o.id and l.kind in ('refund', 'refund_reversed')) <>
          (select coalesce(sum(minor), 0) from refund r where r.order_id = o.id and r.state in ('pending', 'succeeded'))
    union all
    select 'a paid attempt that is not in the ledger: ' || a.id from payment_attempt a
    where a.state = 'paid' and a.amount_minor > 0
      and not exists (select from payment_ledger l where l.attempt_id = a.id and l.kind = 'capture')
    union all
    select 'a paid order without promise or mail: ' || o.number from orders o
    where o.state in ('paid', 'packed', 'shipped', 'delivered')
      and (not exists (select from promise p where p.kind = 'delivery' and p.subject = o.id)
           or not exists (select from job j where j.key = 'order.confirmation:' || o.id))
    union all
    select 'still under way: ' || o.number from orders o
    where ended and (o.state = 'placed'
        or exists (select from payment_attempt a where a.order_id = o.id and a.state in ('created', 'open', 'processing'))
        or exists (select from refund r where r.order_id = o.id and r.state = 'queued'))
    union all
    select 'a job is not done: ' || kind || ' ' || coalesce(last_error, '') from job where ended and done_at is null
    union all
    select 'the payment service took ' || taken || ', the ledger says ' || booked
    from (select coalesce(sum((body ->> 'amount_received')::bigint), 0) as taken from sandbox.object where kind = 'payment_intent') t,
         (select coalesce(sum(minor), 0) as booked from payment_ledger where kind = 'capture') b
    where ended and taken <> booked
    union all
    select 'the payment service gave back ' || given || ', the ledger says ' || booked
    from (select coalesce(sum((body ->> 'amount')::bigint), 0) as given from sandbox.object
          where kind = 'refund' and body ->> 'status' in ('pending', 'succeeded')) g,
         (select coalesce(-sum(minor), 0) as booked from payment_ledger where kind in ('refund', 'refund_reversed')) b
    where ended and given <> booked
    union all
    select 'banks took back ' || taken || ', the ledger says ' || booked
    from (select coalesce(sum((body ->> 'amount')::bigint), 0) as taken from sandbox.object
          where kind = 'dispute' and body ->> 'status' <> 'won') t,
         (select coalesce(-sum(minor), 0) as booked from payment_ledger where kind in ('dispute', 'dispute_reversed')) b
    where ended and taken <> booked
$$;
";
