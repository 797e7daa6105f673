-- The promise ledger in general, and the register of complaints and suggestions.

-- Reply and resolution are promised anew each time somebody waits; delivery and refund once.
alter table promise drop constraint promise_kind_check;
alter table promise add constraint promise_kind_check check (kind in ('delivery', 'reply', 'resolution', 'solution', 'refund'));
alter table promise drop constraint promise_kind_subject_key;
alter table promise
    add column owner_id uuid references staff,
    add column order_id uuid references orders,
    add column conversation_id uuid references conversation,
    add column complaint_id uuid,
    -- When four fifths of its time have passed.
    add column warn_at timestamptz,
    add column warned_at timestamptz,
    -- When what was promised was done, in time or too late.
    add column done_at timestamptz,
    add column escalated_at timestamptz;
create unique index promise_once on promise (kind, subject) where kind in ('delivery', 'refund');
create unique index promise_outstanding on promise (kind, subject)
    where kind in ('reply', 'resolution', 'solution') and done_at is null and withdrawn_at is null;
create index promise_subject on promise (subject);
create index promise_made on promise (made_at);
create index promise_warning on promise (warn_at)
    where warned_at is null and kept_at is null and broken_at is null and withdrawn_at is null and done_at is null;
create index promise_escalation on promise (broken_at) where broken_at is not null and escalated_at is null;
update promise set order_id = subject where kind = 'delivery';
update promise p set order_id = r.order_id from refund r where p.kind = 'refund' and r.id = p.subject;
update promise set done_at = kept_at where kept_at is not null;
-- What was broken before supervisors were told of it is old news.
update promise set escalated_at = broken_at where broken_at is not null;

-- A promise that was put off: what was said before stays on record.
create table promise_change (
    id uuid primary key,
    promise_id uuid not null references promise,
    staff_id uuid references staff,
    reason text not null check (reason <> ''),
    due_before timestamptz not null,
    due_after timestamptz not null,
    at timestamptz not null
);
create index promise_change_promise on promise_change (promise_id, at);
create trigger promise_change_append_only before update or delete on promise_change
    for each row execute function refuse_change();

-- What a manager sets for the whole desk: one row.
create table service_rule (
    id boolean primary key default true check (id),
    -- Business minutes until a person has answered a complaint.
    complaint_reply_minutes integer not null default 240 check (complaint_reply_minutes > 0),
    -- A solved complaint closes by itself after so many days without a word of its customer.
    confirmation_days integer not null default 7 check (confirmation_days > 0),
    -- Of the goods of an order that arrives late, given back by itself; 0: nothing. For what arrives since it was set.
    late_basis_points integer not null default 0 check (late_basis_points between 0 and 10000),
    late_since timestamptz not null default now()
);
insert into service_rule default values;

create table complaint (
    id uuid primary key,
    -- What people say aloud.
    number bigint generated always as identity unique,
    kind text not null check (kind in ('queja', 'sugerencia', 'felicitacion')),
    stage text not null check (stage in ('opened', 'assigned', 'investigated', 'promised', 'solved', 'closed')),
    language text not null,
    channel text not null check (channel in ('web', 'chat', 'mail', 'phone', 'counter', 'letter', 'fax')),
    -- Who of the staff wrote it down; null: the customer did.
    taken_by uuid references staff,
    customer_id uuid references customer,
    name text not null default '',
    email text not null default '',
    conversation_id uuid references conversation,
    order_id uuid references orders,
    order_line_id uuid references order_line on delete set null,
    happened_on date,
    statement text not null check (statement <> ''),
    wanted text not null default '',
    from_department text not null,
    about_department text not null,
    owner_id uuid references staff,
    evidence text not null default '',
    cause text check (cause in ('product', 'service', 'inflexibility', 'errors', 'outside_communication', 'inside_communication', 'delay', 'behaviour')),
    consequences text not null default '',
    acknowledged_at timestamptz,
    remedy text check (remedy in ('replacement', 'repair', 'refund', 'credit', 'explanation', 'other')),
    solution text not null default '',
    outcome text not null default '',
    solved_at timestamptz,
    closed_at timestamptz,
    closed_how text check (closed_how in ('confirmed', 'unconfirmed', 'answered', 'merged')),
    merged_into uuid references complaint,
    angry boolean not null default false,
    -- Something that was sent sounded as if we defended ourselves: somebody should look at it.
    review boolean not null default false,
    -- What an agent wrote and was warned about, kept until it is sent.
    draft jsonb not null default '{}',
    opened_at timestamptz not null,
    changed_at timestamptz not null,
    check (stage = 'opened' or owner_id is not null or merged_into is not null),
    check (kind <> 'queja' or wanted <> ''),
    check ((stage = 'closed') = (closed_at is not null))
);
create index complaint_open on complaint (owner_id, opened_at) where stage <> 'closed';
create index complaint_opened on complaint (opened_at desc, id desc);
create index complaint_line on complaint (order_line_id) where order_line_id is not null;
create index complaint_order on complaint (order_id) where order_id is not null;
create index complaint_email on complaint (lower(email)) where email <> '';
create index complaint_solved on complaint (solved_at) where stage = 'solved';
alter table promise add foreign key (complaint_id) references complaint;
create index promise_complaint on promise (complaint_id) where complaint_id is not null;

create table complaint_entry (
    id uuid primary key,
    complaint_id uuid not null references complaint,
    kind text not null check (kind in ('opened', 'assigned', 'transferred', 'note', 'message', 'investigated', 'acknowledged', 'promised',
        'renegotiated', 'solved', 'confirmed', 'disputed', 'closed', 'merged', 'angry', 'reviewed')),
    author text not null check (author in ('customer', 'staff', 'system')),
    staff_id uuid references staff,
    -- As it was then.
    author_name text not null default '',
    -- Among staff: the customer never sees it.
    internal boolean not null,
    body text not null default '',
    detail jsonb not null default '{}',
    at timestamptz not null
);
create index complaint_entry_complaint on complaint_entry (complaint_id, at, id);
create trigger complaint_entry_append_only before update or delete on complaint_entry
    for each row execute function refuse_change();

-- What somebody typed into a form that was refused, so that nothing is typed twice; gone after a day.
create table complaint_draft (
    id uuid primary key,
    fields jsonb not null,
    created_at timestamptz not null
);

-- What is done so that it does not happen again.
create table improvement (
    id uuid primary key,
    complaint_id uuid references complaint,
    kind text not null check (kind in ('procedure', 'defect', 'attitude', 'standard', 'focus')),
    -- The cause it is to make rarer.
    cause text not null,
    what text not null check (what <> ''),
    owner_id uuid not null references staff,
    due_on date not null,
    done_at timestamptz,
    created_at timestamptz not null
);
create index improvement_open on improvement (due_on) where done_at is null;
