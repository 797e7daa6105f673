-- What every feature stands on: text search without accents, the event log, jobs, mail, promises.

create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- unaccent() is only STABLE because its dictionary could be swapped; ours is fixed by name, so an index may use it.
create function plain_text(text) returns text
    language sql immutable strict parallel safe
    return lower(public.unaccent('public.unaccent'::regdictionary, $1));

create text search configuration search_es (copy = spanish);
alter text search configuration search_es
    alter mapping for hword, hword_part, word with unaccent, spanish_stem;
create text search configuration search_en (copy = english);
alter text search configuration search_en
    alter mapping for hword, hword_part, word with unaccent, english_stem;

-- What happened, written inside the transaction that made it happen. Append-only.
create table event (
    id uuid primary key,
    kind text not null,
    subject uuid,
    payload jsonb not null default '{}',
    at timestamptz not null
);
create index event_subject on event (subject, at);

-- News for every node: sent at commit, so nothing is announced that was not committed.
create function announce_event() returns trigger language plpgsql as $$
begin
    perform pg_notify('event', json_build_object('kind', new.kind, 'subject', new.subject)::text);
    return null;
end $$;
create trigger event_announced after insert on event
    for each row execute function announce_event();

-- Work for one node. A job may run twice and must hold true; `key` makes enqueueing idempotent.
create table job (
    id uuid primary key,
    kind text not null,
    key text unique,
    payload jsonb not null default '{}',
    run_at timestamptz not null,
    attempts integer not null default 0,
    last_error text,
    done_at timestamptz,
    created_at timestamptz not null
);
create index job_due on job (run_at) where done_at is null;

-- Mail as it was written, once a key, whether or not it could be sent yet.
create table mail (
    id uuid primary key,
    key text not null unique,
    recipient text not null,
    language text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    order_id uuid,
    queued_at timestamptz not null,
    sent_at timestamptz
);
create index mail_order on mail (order_id);

-- Whatever the shop tells a person it will do by a time.
create table promise (
    id uuid primary key,
    kind text not null check (kind in ('delivery', 'reply', 'solution', 'refund')),
    promised_by text not null,
    promised_to text not null,
    subject uuid not null,
    what text not null,
    made_at timestamptz not null,
    due_at timestamptz not null,
    kept_at timestamptz,
    broken_at timestamptz,
    withdrawn_at timestamptz,
    unique (kind, subject)
);
create index promise_open on promise (due_at) where kept_at is null and broken_at is null and withdrawn_at is null;
