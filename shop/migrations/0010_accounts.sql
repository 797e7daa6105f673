-- People with accounts, staff and customers; their sessions; and the log of what staff did.

create table staff (
    id uuid primary key,
    email text not null,
    name text not null,
    -- Argon2id, as a PHC string; null until the invitation is accepted.
    password_hash text,
    -- Somebody else knows it: it opens nothing but the choice of another.
    password_given boolean not null default false,
    -- The second factor's secret, base32; counts once it was confirmed with a code.
    totp_secret text,
    totp_confirmed_at timestamptz,
    -- The time step of the last code that was accepted: a code opens once.
    totp_last_step bigint,
    roles text[] not null check (roles <@ array['agent', 'supervisor', 'manager', 'merchandiser', 'administrator']),
    -- Languages they can answer in, and what else they know: what routing goes by.
    languages text[] not null default '{es,en}',
    skills text[] not null default '{}',
    -- Most conversations at once.
    load_cap integer not null default 5 check (load_cap between 1 and 50),
    active boolean not null default true,
    created_at timestamptz not null
);
create unique index staff_email on staff (lower(email));

-- For who lost the device with the second factor: each opens once. Random, so a plain hash will do.
create table recovery_code (
    staff_id uuid not null references staff on delete cascade,
    code_hash bytea not null,
    spent_at timestamptz,
    primary key (staff_id, code_hash)
);

create table customer (
    id uuid primary key,
    email text not null,
    name text not null default '',
    -- Null for those who come by a link in a mail.
    password_hash text,
    language text not null,
    -- The address is theirs: they followed a link sent to it. Only then do guest orders join.
    confirmed_at timestamptz,
    addresses jsonb not null default '[]',
    preferences jsonb not null default '{}',
    created_at timestamptz not null
);
create unique index customer_email on customer (lower(email));
alter table orders add column customer_id uuid references customer;
create index orders_customer on orders (customer_id, placed_at desc) where customer_id is not null;

create table session (
    -- SHA-256 of the secret in the cookie.
    token_hash bytea primary key,
    id uuid not null unique,
    staff_id uuid references staff on delete cascade,
    customer_id uuid references customer on delete cascade,
    -- The browser, as it calls itself.
    user_agent text not null default '',
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    -- Both factors are through; a session that waits for its second factor opens nothing.
    complete boolean not null,
    check ((staff_id is null) <> (customer_id is null))
);
create index session_staff on session (staff_id) where staff_id is not null;
create index session_customer on session (customer_id) where customer_id is not null;
create index session_expiry on session (expires_at);

-- Tries to log in that failed, counted by account: a guesser waits, whatever address they come from.
create table login_failure (
    account text primary key,
    failures integer not null,
    last_at timestamptz not null
);

-- Links sent by mail that open something once.
create table mail_link (
    token_hash bytea primary key,
    purpose text not null check (purpose in ('staff_invitation', 'staff_password', 'customer_confirmation', 'customer_login', 'customer_password')),
    subject uuid not null,
    expires_at timestamptz not null,
    spent_at timestamptz,
    created_at timestamptz not null
);
create index mail_link_subject on mail_link (subject, purpose);

-- What staff did. Append-only, which the database itself enforces.
create table audit (
    id uuid primary key,
    -- Null: somebody at the command line of the server, or the system.
    staff_id uuid references staff,
    action text not null,
    subject uuid,
    detail jsonb not null default '{}',
    at timestamptz not null
);
create index audit_at on audit (at desc, id desc);
create index audit_staff on audit (staff_id, at desc);
create index audit_subject on audit (subject, at desc) where subject is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end $$;
create trigger audit_append_only before update or delete on audit
    for each row execute function refuse_change();
