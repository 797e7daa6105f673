-- The closed loop: somebody unhappy, or who asks for help in a survey, becomes a case for an agent; they are answered and
-- say whether it is solved.

-- They would like an answer.
alter table survey_response add column wants_answer boolean not null default false;

alter table survey_rule
    -- Of a dimension's mean, in tenths; at or below it a case opens. 0: never by a mean.
    add column case_mean_tenths integer not null default 20 check (case_mean_tenths between 0 and 100),
    -- Of the recommendation: at or below it a case opens for who had trouble, too.
    add column case_recommend integer not null default 6 check (case_recommend between 0 and 10),
    -- Business minutes until a person has answered.
    add column case_reply_minutes integer not null default 480 check (case_reply_minutes between 1 and 100000),
    -- An answered case closes by itself after so many days without a word of the person.
    add column case_confirmation_days integer not null default 14 check (case_confirmation_days between 1 and 365);

-- As long as answers can be traced, a case knows both the answers and the order; then it loses both, like `survey_link`,
-- and what stays is nobody's: what it was about, when, and the scores before and after.
create table survey_case (
    id uuid primary key,
    -- What staff say aloud.
    number bigint generated always as identity unique,
    response_id uuid unique references survey_response on delete set null,
    order_id uuid references orders on delete set null,
    language text not null,
    reasons text[] not null check (cardinality(reasons) > 0),
    state text not null default 'open' check (state in ('open', 'taken', 'answered', 'confirmed', 'unconfirmed')),
    owner_id uuid references staff,
    -- As it was answered: 0 to 10, and the mean of the main dimensions.
    recommend_before smallint,
    mean_before double precision,
    -- 0 to 10, asked again when the person says whether it is solved.
    recommend_after smallint check (recommend_after between 0 and 10),
    opened_at timestamptz not null,
    taken_at timestamptz,
    answered_at timestamptz,
    closed_at timestamptz,
    changed_at timestamptz not null,
    check (state not in ('taken', 'answered', 'confirmed') or owner_id is not null),
    check ((state in ('confirmed', 'unconfirmed')) = (closed_at is not null))
);
create index survey_case_to_do on survey_case (opened_at, id) where closed_at is null;
create index survey_case_closed on survey_case (closed_at desc, id) where closed_at is not null;
create index survey_case_opened on survey_case (opened_at);
create index survey_case_order on survey_case (order_id) where order_id is not null;
create index survey_case_answered on survey_case (answered_at) where state = 'answered';

create table survey_case_entry (
    id uuid primary key,
    case_id uuid not null references survey_case,
    kind text not null check (kind in ('opened', 'taken', 'released', 'answered', 'confirmed', 'reopened', 'unconfirmed', 'untied')),
    author text not null check (author in ('customer', 'staff', 'system')),
    staff_id uuid references staff,
    -- Of the staff, as it was then.
    author_name text not null default '',
    body text not null default '',
    recommend smallint,
    at timestamptz not null
);
create index survey_case_entry_case on survey_case_entry (case_id, at, id);

-- Append-only; only what was said may be taken out of it, so that nobody can be found again.
create function only_words_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.body = ''
        and (new.id, new.case_id, new.kind, new.author, new.staff_id, new.author_name, new.recommend, new.at)
            is not distinct from (old.id, old.case_id, old.kind, old.author, old.staff_id, old.author_name, old.recommend, old.at) then
        return new;
    end if;
    raise exception '% is append-only', tg_table_name;
end $$;
create trigger survey_case_entry_append_only before update or delete on survey_case_entry
    for each row execute function only_words_go();
