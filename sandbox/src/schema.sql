-- The sandbox's own schema, run at every opening; it never touches another one.
create schema if not exists sandbox;

-- One row a Stripe object; `body` is what the API shows, `hidden` what only the sandbox knows.
create table if not exists sandbox.object (
    id text primary key,
    kind text not null,
    parent text,
    position bigint generated always as identity,
    body jsonb not null,
    hidden jsonb not null default '{}'
);
create index if not exists object_by_kind on sandbox.object (kind, position desc);
create index if not exists object_by_parent on sandbox.object (parent, kind);
create index if not exists session_to_expire on sandbox.object (((body ->> 'expires_at')::bigint))
    where kind = 'checkout.session' and body ->> 'status' = 'open';
-- What takes time (a delayed payment, a slow refund) says when it is due, in Unix milliseconds.
create index if not exists object_due on sandbox.object (((hidden ->> 'due_ms')::bigint))
    where hidden ? 'due_ms';

-- A webhook delivery: `waiting` until it got its 2xx, `withheld` until released, `gathered` until
-- enough have come together to be sent in reverse.
create table if not exists sandbox.delivery (
    id bigint generated always as identity primary key,
    event text not null references sandbox.object (id),
    state text not null check (state in ('waiting', 'withheld', 'gathered', 'delivered', 'abandoned')),
    attempts integer not null default 0,
    due_ms bigint not null
);
create index if not exists delivery_due on sandbox.delivery (due_ms, id) where state = 'waiting';

-- What was answered under an idempotency key.
create table if not exists sandbox.idempotency (
    key text primary key,
    fingerprint text not null,
    status smallint not null,
    body jsonb not null,
    answered_at timestamptz not null default now()
);

-- The webhook faults that are switched on; one row.
create table if not exists sandbox.webhook_switch (
    only_row boolean primary key default true check (only_row),
    duplicate integer not null default 0,
    reorder integer not null default 0,
    withhold boolean not null default false
);
insert into sandbox.webhook_switch default values on conflict do nothing;
