-- Who customers are by what they bought: computed nightly, dated, with the figures that say why.

-- Its buyer deleted their account: kept for the books, and counted for nobody.
alter table orders add column forgotten boolean not null default false;

-- Orders that count for their buyer, and what the shop keeps of their money. A buyer is a mail address: that of the
-- account, where it is confirmed, which gathers what was ordered under another; else the order's own.
create view bought_order as
    select o.id, lower(coalesce(a.email, o.email)) as buyer, o.name, o.placed_at, o.currency,
        o.total_minor
            - coalesce((select sum(r.minor)::bigint from refund r where r.order_id = o.id and r.state <> 'failed'), 0)
            - coalesce((select h.back_minor from store_credit_hold h where h.order_id = o.id), 0) as kept_minor
    from orders o
    left join customer a on a.id = o.customer_id and a.confirmed_at is not null
    where o.state in ('paid', 'packed', 'shipped', 'delivered') and not o.forgotten;

-- Everybody who bought something that counts.
create table customer_standing (
    -- In lower case.
    email text primary key,
    -- Stands in addresses of pages, where a person's own must not.
    id uuid not null unique default gen_random_uuid(),
    -- As on the latest order.
    name text not null,
    orders integer not null check (orders > 0),
    spent_minor bigint not null,
    first_on date not null,
    last_on date not null,
    -- In which fifth of all customers, 5 the best.
    recency smallint not null check (recency between 1 and 5),
    frequency smallint not null check (frequency between 1 and 5),
    money smallint not null check (money between 1 and 5),
    -- The chance that they order again at all, and the orders expected within 12 weeks; null while there is no model.
    alive double precision check (alive between 0 and 1),
    expected double precision,
    -- Of who spent much and has probably left: what they would have spent within 12 weeks, times the chance that they left.
    loss_minor bigint
);
create index customer_standing_words on customer_standing using gin (plain_text(name || ' ' || email) gin_trgm_ops);

create table customer_class (
    email text not null references customer_standing on update cascade on delete cascade,
    class text not null check (class in ('frequent', 'habitual', 'occasional', 'active', 'inactive', 'high_volume', 'average_volume',
        'pleased_but_fragile', 'dissatisfied')),
    -- `domain::customers::Reason`, as it is, or was when it ended.
    reason jsonb not null,
    since date not null,
    -- The first day on which it was so no more.
    until date check (until > since),
    primary key (email, class, since)
);
create unique index customer_class_now on customer_class (class, email) where until is null;

-- Each day's computation: that it was done, and the model of that day (BG/NBD), where there is one.
create table customer_model (
    day date primary key,
    people integer not null,
    r double precision,
    alpha double precision,
    a double precision,
    b double precision,
    log_likelihood double precision,
    -- The likelihood alone did not settle: it was held by a weak penalty.
    held boolean not null default false,
    computed_at timestamptz not null
);

-- What a manager sets: one row.
create table customer_rule (
    id boolean primary key default true check (id),
    active_days integer not null default 180 check (active_days between 1 and 1095),
    -- Orders within 12 months from which somebody is frequent or habitual.
    many_orders integer not null default 3 check (many_orders between 2 and 50),
    frequent_gap_days integer not null default 30 check (frequent_gap_days between 1 and 365),
    -- Deviation of the gaps, in hundredths of their mean.
    habitual_percent integer not null default 50 check (habitual_percent between 1 and 200),
    -- Bought together: in so many orders of 12 months at least, and by so many of a hundred who buy the one.
    together_orders integer not null default 3 check (together_orders between 2 and 1000),
    together_percent integer not null default 10 check (together_percent between 1 and 100)
);
insert into customer_rule default values;

-- For customers of a class only; null: it does not matter.
alter table routing_rule add column customer_class text;
