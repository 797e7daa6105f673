-- What ordering and paying need beyond 0004.

-- One order being paid a cart; once it is paid, the same cart may be ordered from again.
drop index orders_live_cart;
create unique index orders_live_cart on orders (cart_id) where state = 'placed';

-- SHA-256 over the lines, the address, the method and the total: the same again is the same order.
alter table orders add column fingerprint bytea not null default '';

-- Something in it is made to order: dates that are promised anew need to know.
alter table orders add column backordered boolean not null default false;

-- A cart row changes at every step: room on its page keeps those changes away from the indexes.
alter table cart set (fillfactor = 60);

-- A webhook whose effect failed, or that a worker has in hand, is left alone until then.
alter table webhook_inbox add column retry_at timestamptz;

-- What a bank takes back, whichever of its events arrives first.
create table dispute (
    id text primary key,
    order_id uuid not null references orders,
    attempt_id uuid not null references payment_attempt,
    state text not null check (state in ('open', 'won', 'lost')),
    minor bigint not null,
    currency text not null,
    reason text not null,
    updated_at timestamptz not null
);
create index dispute_order on dispute (order_id);
create index payment_attempt_intent on payment_attempt (payment_intent) where payment_intent is not null;
