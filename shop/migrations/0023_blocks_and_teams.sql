-- People who may not write in the chat, for a time or until somebody lets them.
create table block (
    id uuid primary key,
    -- Who it is: a browser, an account, and an address (in small letters) where it was proven to be theirs.
    visitor uuid,
    customer_id uuid references customer,
    email text not null default '',
    -- Where it was decided.
    conversation_id uuid not null references conversation on delete cascade,
    reason text not null check (reason <> ''),
    -- Null: until it is lifted.
    until timestamptz,
    staff_id uuid references staff,
    at timestamptz not null,
    lifted_at timestamptz,
    check (visitor is not null or customer_id is not null)
);
create index block_visitor on block (visitor) where lifted_at is null;
create index block_customer on block (customer_id) where lifted_at is null;
create index block_email on block (email) where lifted_at is null and email <> '';

-- With whom somebody works; empty: with nobody in particular.
alter table staff add column team text not null default '';
