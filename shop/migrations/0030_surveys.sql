-- Surveys: instruments as data, who is asked, and what was answered under a pseudonym.

-- What one can answer. One label a step, each in every language; steps between the ends may have none.
create table survey_scale (
    code text primary key,
    lowest smallint not null check (lowest >= 0),
    highest smallint not null check (highest > lowest and highest <= 10),
    labels jsonb not null
);

create table survey_instrument (
    id uuid primary key,
    code text not null unique,
    active boolean not null default true,
    -- Asked so many days after a delivery, and for so many more days.
    days_after integer not null check (days_after between 0 and 365),
    window_days integer not null check (window_days between 1 and 730),
    -- Of a periodic survey: one person again after so many days at the earliest. Null: once an order.
    every_days integer check (every_days between 1 and 1095),
    created_at timestamptz not null
);

create table survey_version (
    id uuid primary key,
    instrument_id uuid not null references survey_instrument,
    number integer not null check (number > 0),
    title jsonb not null,
    -- What the mail and the first page say.
    intro jsonb not null,
    -- The question that opens the dimensions of recovery; null: there are none.
    gate jsonb,
    -- Turns that were taken under a lock: of the split between the forms, and of the short sets.
    asked bigint not null default 0,
    short_sets bigint not null default 0,
    -- Of both splits: turns and seed say what somebody got.
    seed bigint not null,
    made_by uuid references staff,
    made_at timestamptz not null,
    unique (instrument_id, number)
);

create table survey_dimension (
    version_id uuid not null references survey_version,
    code text not null check (code ~ '^[A-Z]{1,8}$'),
    position integer not null,
    part text not null check (part in ('main', 'companion', 'recovery', 'closing')),
    name jsonb not null,
    -- So many of its items are asked in the short form; null: all of them.
    short_items integer check (short_items between 0 and 2),
    primary key (version_id, code)
);

create table survey_item (
    id uuid primary key,
    version_id uuid not null references survey_version,
    -- The same in every version, by which versions are compared.
    code text not null check (code ~ '^[A-Z]{1,8}[0-9]{0,2}$'),
    dimension text not null,
    position integer not null,
    text jsonb not null,
    -- A high answer is a bad one.
    reversed boolean not null default false,
    -- Null: answered in words.
    scale text references survey_scale,
    unique (version_id, code),
    foreign key (version_id, dimension) references survey_dimension
);

-- Somebody was asked about an order; how far they came. A link leads to it, and `survey_link` from it to the answers.
create table survey_invitation (
    id uuid primary key,
    instrument_id uuid not null references survey_instrument,
    version_id uuid not null references survey_version,
    order_id uuid not null references orders on delete cascade,
    language text not null,
    form text not null check (form in ('full', 'short')),
    asked_at timestamptz not null,
    reminded_at timestamptz,
    opened_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    expires_at timestamptz not null,
    unique (instrument_id, order_id)
);
create index survey_invitation_order on survey_invitation (order_id);
create index survey_invitation_asked on survey_invitation (version_id, asked_at);
create index survey_invitation_waits on survey_invitation (asked_at) where reminded_at is null and completed_at is null;
create index orders_delivered on orders (delivered_at) where state = 'delivered';

-- Orders about which nobody is asked, because their buyer wants no such mail.
create table survey_passed_over (
    instrument_id uuid not null references survey_instrument,
    order_id uuid not null references orders on delete cascade,
    at timestamptz not null,
    primary key (instrument_id, order_id)
);

-- Keyed hashes of addresses that are not written to; they outlive the erasure of their owner.
create table survey_opt_out (
    address bytea primary key,
    at timestamptz not null
);

-- One person's answers to one version. Nothing here says who it was: no order, no address, no customer.
create table survey_response (
    id uuid primary key,
    version_id uuid not null references survey_version,
    -- The same for all answers of one person, by a key that no other table holds; another one after their erasure.
    pseudonym bytea not null,
    form text not null check (form in ('full', 'short')),
    language text not null,
    -- The person's set in the person's order.
    items uuid[] not null,
    -- What segments go by, as it was then.
    returning_customer boolean not null,
    device text not null check (device in ('phone', 'tablet', 'desktop')),
    category text,
    carrier text not null,
    -- The shop knows of a complaint, a conversation or a refund; what the person says of it; null: not asked or not said.
    trouble_known boolean not null,
    trouble_said boolean,
    started_at timestamptz not null,
    changed_at timestamptz not null,
    completed_at timestamptz
);
create index survey_response_completed on survey_response (version_id, completed_at);
create index survey_response_pseudonym on survey_response (pseudonym);

create table survey_answer (
    response_id uuid not null references survey_response on delete cascade,
    item_id uuid not null references survey_item,
    -- Null: it does not apply. No row: not answered.
    value smallint,
    -- From seeing the question to the first answer; null: not known.
    milliseconds integer check (milliseconds between 0 and 600000),
    answered_at timestamptz not null,
    primary key (response_id, item_id)
);
create index survey_answer_item on survey_answer (item_id);

-- Said in words. Without card numbers; whoever shows it cleans it of addresses and telephones.
create table survey_comment (
    response_id uuid not null references survey_response on delete cascade,
    item_id uuid not null references survey_item,
    body text not null check (body <> ''),
    answered_at timestamptz not null,
    primary key (response_id, item_id)
);

-- The one bridge between who was asked and what was answered. Gone after a while, and at once when somebody is erased.
create table survey_link (
    invitation_id uuid primary key references survey_invitation on delete cascade,
    response_id uuid not null unique references survey_response on delete cascade
);

-- What a manager sets for all surveys: one row, locked by whoever invites.
create table survey_rule (
    id boolean primary key default true check (id),
    -- Nobody is asked twice within so many days.
    cap_days integer not null default 90 check (cap_days between 1 and 730),
    -- One reminder after so many days; 0: none.
    reminder_days integer not null default 6 check (reminder_days between 0 and 60),
    open_days integer not null default 30 check (open_days between 1 and 180),
    split text not null default 'even' check (split in ('even', 'full', 'short')),
    -- How long answers can be traced to their order, so that what went wrong can be put right.
    link_days integer not null default 90 check (link_days between 1 and 730),
    answer_months integer not null default 36 check (answer_months between 1 and 120)
);
insert into survey_rule default values;
