-- Store credit: what the shop owes to whoever holds a code, and with which orders are paid. The database itself refuses
-- a balance below nothing, a second hold for an order, and more given back than was spent.

create table store_credit (
    id uuid primary key,
    -- Eighty random bits in Crockford's letters: whoever knows it may spend it, with an account or without.
    code text not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
    currency text not null,
    -- Whom it was sent to.
    email text not null,
    customer_id uuid references customer,
    -- Why it was given, and the row that gave cause to it: once each.
    reason text not null check (reason in ('late_delivery', 'compensation', 'goodwill')),
    source uuid not null,
    -- In the words of whoever gave it.
    note text not null default '',
    given_by uuid references staff,
    order_id uuid references orders,
    complaint_id uuid references complaint,
    -- Kept by the entries' trigger and by nothing else.
    balance_minor bigint not null default 0 check (balance_minor >= 0),
    created_at timestamptz not null,
    unique (reason, source)
);
create index store_credit_customer on store_credit (customer_id) where customer_id is not null;
create index store_credit_email on store_credit (lower(email));
create index store_credit_given on store_credit (given_by, created_at) where given_by is not null;
create index store_credit_order on store_credit (order_id) where order_id is not null;
create index store_credit_complaint on store_credit (complaint_id) where complaint_id is not null;

create table store_credit_entry (
    id uuid primary key,
    credit_id uuid not null references store_credit,
    kind text not null check (kind in ('given', 'held', 'released', 'spent', 'given_back')),
    minor bigint not null check (minor > 0),
    order_id uuid references orders,
    -- Who of the staff did it, where it was one of them.
    staff_id uuid references staff,
    at timestamptz not null,
    check ((order_id is null) = (kind = 'given'))
);
create index store_credit_entry_credit on store_credit_entry (credit_id, at);
create index store_credit_entry_order on store_credit_entry (order_id) where order_id is not null;
create unique index store_credit_entry_given_once on store_credit_entry (credit_id) where kind = 'given';
create trigger store_credit_entry_append_only before update or delete on store_credit_entry
    for each row execute function refuse_change();

-- What was held is gone from the balance already: that it is spent changes nothing more.
create function store_credit_booked() returns trigger language plpgsql as $$
begin
    update store_credit
    set balance_minor = balance_minor + case
        when new.kind in ('given', 'released', 'given_back') then new.minor
        when new.kind = 'held' then -new.minor
        else 0 end
    where id = new.credit_id;
    return null;
end $$;
create trigger store_credit_entry_booked after insert on store_credit_entry
    for each row execute function store_credit_booked();

-- The part of an order that is paid with credit: one an order, as its stock is.
create table store_credit_hold (
    order_id uuid primary key references orders,
    credit_id uuid not null references store_credit,
    minor bigint not null check (minor > 0),
    state text not null check (state in ('held', 'released', 'spent')),
    -- Of what was spent, what went back to the credit.
    back_minor bigint not null default 0 check (back_minor between 0 and minor),
    check (back_minor = 0 or state = 'spent')
);
create index store_credit_hold_credit on store_credit_hold (credit_id);

-- What of the total is paid with credit; the rest by card. The tax is that of the whole.
alter table orders add column credit_minor bigint not null default 0 check (credit_minor between 0 and total_minor);

-- How a late parcel makes up for itself.
alter table service_rule add column late_by text not null default 'credit' check (late_by in ('credit', 'refund'));
-- What an agent may give as credit in a month, minor units. Supervisors and managers have no limit.
alter table service_rule add column credit_month_minor bigint not null default 10000 check (credit_month_minor >= 0);

-- That somebody was compensated is part of a complaint's history.
alter table complaint_entry drop constraint complaint_entry_kind_check;
alter table complaint_entry add constraint complaint_entry_kind_check check (kind in ('opened', 'assigned', 'transferred', 'note',
    'message', 'investigated', 'acknowledged', 'promised', 'renegotiated', 'solved', 'confirmed', 'disputed', 'closed', 'merged', 'angry',
    'reviewed', 'compensated'));
