-- What finished surveys add up to, so that a year of them is read in milliseconds. Everything here is made from
-- `survey_response` and `survey_answer` and can be made anew from them.

alter table survey_response
    -- Counted in the sums below.
    add column scored boolean not null default false,
    -- What the shop measured of this person's own order: its promise was kept or not; null: nothing was promised.
    add column arrival text check (arrival in ('on_time', 'late'));
create index survey_response_unscored on survey_response (completed_at) where completed_at is not null and not scored;

-- One person's scores, in millionths of a step: of each dimension the mean of their answers, and of all main ones
-- together (ALL) where there are answers to each.
create table survey_sheet (
    response_id uuid primary key references survey_response on delete cascade,
    version_id uuid not null references survey_version,
    -- The Monday of the week they finished in, by the shop's clock.
    week date not null,
    -- Every group that the person counts in: 'all', 'language=es', ...
    cells text[] not null,
    -- Side by side.
    measures text[] not null,
    scores integer[] not null
);
create index survey_sheet_cells on survey_sheet using gin (cells);

-- Exact sums of those scores; from them come means, variances and tests.
create table survey_rollup (
    version_id uuid not null references survey_version,
    cell text not null,
    week date not null,
    measure text not null,
    people bigint not null,
    total bigint not null,
    squares numeric not null,
    primary key (version_id, cell, week, measure)
);

-- How many gave which answer; -1: it does not apply.
create table survey_item_rollup (
    version_id uuid not null references survey_version,
    cell text not null,
    week date not null,
    item_id uuid not null references survey_item,
    value smallint not null,
    people bigint not null,
    primary key (version_id, cell, week, item_id, value)
);

-- Sums of products of two measures, over the people who have all main ones and the outcome; '' stands for 1, so that the
-- plain sums and the number of people are products too. What an outcome depends on is made of these.
create table survey_product (
    version_id uuid not null references survey_version,
    week date not null,
    outcome text not null,
    first text not null,
    second text not null,
    total numeric not null,
    primary key (version_id, week, outcome, first, second)
);

-- What the shop measured, by the week: a year of hours is too much to read for one page.
create table measure_week (
    week date not null,
    measure text not null,
    device text not null,
    size smallint not null,
    count bigint not null,
    primary key (week, measure, device, size)
);
insert into measure_week
    select date_trunc('week', hour at time zone 'UTC')::date, measure, device, size, sum(count) from measure where measure <> 'alive'
    group by 1, 2, 3, 4;
create index measure_alive on measure (hour) where measure = 'alive';
create index promise_due on promise (due_at);
create index event_erased on event (at) where kind = 'customer.deleted';
create index refund_created on refund (created_at);
create index store_credit_created on store_credit (created_at);
