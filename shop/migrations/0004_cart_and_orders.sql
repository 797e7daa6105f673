-- Carts, orders, payments, parcels.

create table cart (
    id uuid primary key,
    currency text not null,
    language text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    expires_at timestamptz not null,
    -- What was typed at checkout, as typed, so that nothing is lost to an error, a refresh or the back button.
    draft jsonb not null default '{}'
);
create index cart_expiry on cart (expires_at);

create table cart_line (
    cart_id uuid not null references cart on delete cascade,
    variant_id uuid not null references variant on delete cascade,
    quantity integer not null check (quantity > 0),
    -- The unit price the shopper last saw, minor units: a change is shown, never silent.
    seen_minor bigint not null,
    added_at timestamptz not null,
    primary key (cart_id, variant_id)
);
create index cart_line_variant on cart_line (variant_id);

create sequence order_number start 10001;

create table orders (
    id uuid primary key,
    number text not null unique,
    -- The cart it was placed from: a second click finds the same order.
    cart_id uuid,
    language text not null,
    currency text not null,
    email text not null,
    name text not null,
    phone text not null default '',
    address jsonb not null,
    country text not null,
    goods_minor bigint not null check (goods_minor >= 0),
    delivery_minor bigint not null check (delivery_minor >= 0),
    -- Tax within or on top of the two above, as `tax_included` says.
    tax_minor bigint not null check (tax_minor >= 0),
    tax_included boolean not null,
    total_minor bigint not null check (total_minor >= 0),
    method_code text not null,
    method_name text not null,
    carrier_code text not null,
    promised_from timestamptz not null,
    promised_by timestamptz not null,
    state text not null check (state in ('placed', 'paid', 'packed', 'shipped', 'delivered', 'cancelled')),
    payment_state text not null check (payment_state in ('unpaid', 'processing', 'paid', 'part_refunded', 'refunded', 'disputed')),
    -- Why it was cancelled: 'expired', 'payment_failed', 'sold_out', 'replaced', 'staff'.
    cancelled_because text,
    placed_at timestamptz not null,
    paid_at timestamptz,
    packed_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    cancelled_at timestamptz,
    reserved_until timestamptz,
    check (total_minor = goods_minor + delivery_minor + case when tax_included then 0 else tax_minor end)
);
-- One order being paid or paid a cart: two tabs and a double click meet here.
create unique index orders_live_cart on orders (cart_id) where state <> 'cancelled';
create index orders_placed on orders (placed_at desc);
create index orders_email on orders (lower(email));
create index orders_reservation on orders (reserved_until) where state = 'placed';

create table order_line (
    id uuid primary key,
    order_id uuid not null references orders on delete cascade,
    position integer not null,
    variant_id uuid references variant on delete set null,
    product_id uuid references product on delete set null,
    sku text not null,
    title text not null,
    options text not null default '',
    media_hash text,
    quantity integer not null check (quantity > 0),
    unit_minor bigint not null,
    total_minor bigint not null,
    tax_basis_points integer not null,
    tax_minor bigint not null,
    grams integer not null,
    unique (order_id, position)
);

create table order_tax (
    order_id uuid not null references orders on delete cascade,
    name text not null,
    basis_points integer not null,
    -- What was taxed: goods and delivery, net of the tax.
    net_minor bigint not null,
    tax_minor bigint not null,
    primary key (order_id, basis_points, name)
);

create table stock_reservation (
    order_id uuid not null references orders on delete cascade,
    variant_id uuid not null references variant on delete cascade,
    quantity integer not null check (quantity > 0),
    state text not null check (state in ('held', 'allocated', 'shipped', 'released')),
    expires_at timestamptz not null,
    primary key (order_id, variant_id)
);
create index stock_reservation_expiry on stock_reservation (expires_at) where state = 'held';
create index stock_reservation_variant on stock_reservation (variant_id) where state = 'held';

create table payment_attempt (
    id uuid primary key,
    order_id uuid not null references orders on delete cascade,
    n integer not null,
    -- order:{id}:attempt:{n}:open; sent with exactly `request` however often it is retried.
    idempotency_key text not null unique,
    request jsonb not null,
    amount_minor bigint not null,
    currency text not null,
    session_id text unique,
    url text,
    payment_intent text,
    -- created: not yet known to the payment service (or its answer was lost); open; processing: completed, money on its way;
    -- the rest are final.
    state text not null check (state in ('created', 'open', 'processing', 'paid', 'failed', 'expired', 'refused')),
    expires_at timestamptz not null,
    checked_at timestamptz,
    created_at timestamptz not null,
    unique (order_id, n)
);
create unique index payment_attempt_one_open on payment_attempt (order_id) where state in ('created', 'open', 'processing');
create index payment_attempt_unfinished on payment_attempt (checked_at nulls first) where state in ('created', 'open', 'processing');

-- Money that moved, one row a movement: captured (+), refunded (-), disputed (-), dispute won (+). The sum is what the shop holds.
create table payment_ledger (
    id uuid primary key,
    order_id uuid not null references orders,
    attempt_id uuid references payment_attempt,
    kind text not null check (kind in ('capture', 'refund', 'refund_reversed', 'dispute', 'dispute_reversed')),
    minor bigint not null,
    currency text not null,
    -- The payment service's id of the movement: booked once.
    reference text not null,
    at timestamptz not null,
    unique (kind, reference)
);
create index payment_ledger_order on payment_ledger (order_id);

create table refund (
    id uuid primary key,
    order_id uuid not null references orders,
    attempt_id uuid not null references payment_attempt,
    idempotency_key text not null unique,
    minor bigint not null check (minor > 0),
    currency text not null,
    reason text not null,
    refund_id text unique,
    state text not null check (state in ('queued', 'pending', 'succeeded', 'failed')),
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index refund_order on refund (order_id);

create table webhook_inbox (
    event_id text primary key,
    kind text not null,
    body bytea not null,
    received_at timestamptz not null,
    processed_at timestamptz,
    attempts integer not null default 0,
    last_error text
);
create index webhook_inbox_waiting on webhook_inbox (received_at) where processed_at is null;

create table shipment (
    id uuid primary key,
    order_id uuid not null references orders on delete cascade,
    carrier_code text not null references carrier,
    tracking text not null,
    shipped_at timestamptz not null,
    delivered_at timestamptz,
    unique (carrier_code, tracking)
);
create index shipment_order on shipment (order_id);

create table tracking_event (
    id uuid primary key,
    shipment_id uuid not null references shipment on delete cascade,
    kind text not null check (kind in ('handed_over', 'in_transit', 'out_for_delivery', 'delivered', 'problem')),
    place text not null default '',
    note text not null default '',
    at timestamptz not null
);
create index tracking_event_shipment on tracking_event (shipment_id, at);
