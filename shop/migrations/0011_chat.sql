-- Conversations: one numbered log each, which is the truth for transcript, delivery and reports alike.

create table conversation (
    id uuid primary key,
    -- What people say aloud.
    number bigint generated always as identity unique,
    channel text not null check (channel in ('chat', 'mail', 'phone', 'counter', 'letter', 'fax')),
    -- The shopper's browser, by its signed cookie; null where nobody chats.
    visitor uuid,
    -- Made by the client that opened it: the same opening again finds the same conversation.
    client_id uuid not null,
    customer_id uuid references customer,
    order_id uuid references orders,
    cart_id uuid,
    language text not null,
    name text not null default '',
    email text not null default '',
    topic text not null default 'other',
    -- Where in the shop it began.
    page text not null default '',
    state text not null check (state in ('queued', 'assigned', 'closed')),
    priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
    assigned_to uuid references staff,
    -- The number of the log's last entry. Its row lock makes number order commit order.
    last_seq bigint not null default 0,
    shopper_delivered bigint not null default 0,
    shopper_read bigint not null default 0,
    staff_delivered bigint not null default 0,
    staff_read bigint not null default 0,
    -- Answers up to this number went out by mail; and until when the shopper is known to look, so that none does.
    shopper_mailed bigint not null default 0,
    shopper_here_until timestamptz,
    -- Since when the shopper waits for a person's answer; null while it is the shopper's turn.
    waiting_since timestamptz,
    opened_at timestamptz not null,
    changed_at timestamptz not null,
    -- The first public reply by a person in this cycle; a reopening begins a new one.
    cycle integer not null default 1,
    cycle_began_at timestamptz not null,
    first_reply_at timestamptz,
    closed_at timestamptz,
    closed_by text check (closed_by in ('staff', 'shopper', 'system')),
    close_reason text,
    rating integer check (rating between 1 and 5),
    rating_comment text not null default '',
    rated_at timestamptz,
    unique nulls not distinct (visitor, client_id)
);
create index conversation_queue on conversation (priority, waiting_since) where state = 'queued';
create index conversation_assigned on conversation (assigned_to, changed_at desc) where state = 'assigned';
create index conversation_changed on conversation (changed_at desc, id desc);
create index conversation_visitor on conversation (visitor, changed_at desc) where visitor is not null;
create index conversation_customer on conversation (customer_id, opened_at desc) where customer_id is not null;
create index conversation_order on conversation (order_id) where order_id is not null;
create index conversation_email on conversation (lower(email)) where email <> '';

create table conversation_entry (
    conversation_id uuid not null references conversation on delete cascade,
    seq bigint not null,
    kind text not null check (kind in ('message', 'note', 'opened', 'assigned', 'released', 'transferred', 'details', 'closed', 'reopened', 'rated', 'delivered', 'read')),
    author text not null check (author in ('shopper', 'staff', 'system')),
    staff_id uuid references staff,
    -- As it was then.
    author_name text not null default '',
    -- The random id of a message's client: the same message again gets the first answer again.
    client_id uuid,
    body text not null default '',
    detail jsonb not null default '{}',
    at timestamptz not null,
    primary key (conversation_id, seq)
);
create unique index conversation_entry_client on conversation_entry (conversation_id, author, client_id) where client_id is not null;
create index conversation_entry_text on conversation_entry using gin (to_tsvector('simple', plain_text(body))) where kind in ('message', 'note');

-- Files, stored by their content's hash beside or in an object store; they belong to a message once one names them.
create table attachment (
    id uuid primary key,
    conversation_id uuid not null references conversation on delete cascade,
    seq bigint,
    name text not null,
    media_type text not null,
    size integer not null check (size > 0),
    sha256 text not null,
    created_at timestamptz not null
);
create index attachment_conversation on attachment (conversation_id, seq);

-- Who of the staff is there: a lease kept by heartbeat.
create table staff_presence (
    staff_id uuid primary key references staff on delete cascade,
    state text not null check (state in ('available', 'paused')),
    since timestamptz not null,
    until timestamptz not null,
    -- When they were last given a conversation: among equals, who waited longest for one gets the next.
    given_at timestamptz
);

-- When people answer: ISO weekdays, local time of the workshop. Holidays are those of the workshop (`holiday`).
create table business_hours (
    weekday integer not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null,
    primary key (weekday, opens),
    check (closes > opens)
);
insert into business_hours (weekday, opens, closes)
    select d, '09:00'::time, '18:00'::time from generate_series(1, 5) d union all select 6, '10:00', '14:00';

-- In business minutes.
create table service_target (
    priority text primary key check (priority in ('low', 'normal', 'high', 'urgent')),
    first_reply_minutes integer not null check (first_reply_minutes > 0),
    resolution_minutes integer not null check (resolution_minutes > 0)
);
insert into service_target (priority, first_reply_minutes, resolution_minutes) values
    ('urgent', 5, 120), ('high', 10, 240), ('normal', 15, 480), ('low', 60, 1440);

-- Conversations have a channel of their own, and no page is kept of them: their events are not announced.
create or replace function announce_event() returns trigger language plpgsql as $$
begin
    if new.kind not like 'message.%' and new.kind not like 'conversation.%' then
        perform pg_notify('event', json_build_object('kind', new.kind, 'subject', new.subject)::text);
    end if;
    return null;
end $$;
