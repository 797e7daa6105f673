-- Answers of earlier surveys, from another tool or from paper, that came in by a file. They count as what people said; this
-- shop asked none of them, so that there is no order, no invitation and no time an answer took.

create table survey_import (
    id uuid primary key,
    -- What one types to take it back.
    number bigint generated always as identity unique,
    instrument_id uuid not null references survey_instrument,
    file text not null,
    -- Null: at the command line.
    imported_by uuid references staff,
    imported_at timestamptz not null
);

alter table survey_response
    add column import_id uuid references survey_import,
    -- The same for the same row of a file, so that it comes in once; and for the same content of it.
    add column import_key bytea,
    add column import_digest bytea,
    -- Of earlier answers these may be unknown.
    alter column returning_customer drop not null,
    alter column device drop not null,
    alter column carrier drop not null,
    add constraint survey_response_known check (
        case when import_id is null then returning_customer is not null and device is not null and carrier is not null and import_key is null
             else import_key is not null and import_digest is not null end);
create unique index survey_response_import_key on survey_response (import_key) where import_key is not null;
create index survey_response_import on survey_response (import_id) where import_id is not null;
