-- Who of the staff a note among staff calls, and whether they have seen it.
create table mention (
    conversation_id uuid not null,
    seq bigint not null,
    staff_id uuid not null references staff on delete cascade,
    at timestamptz not null,
    seen_at timestamptz,
    primary key (conversation_id, seq, staff_id),
    foreign key (conversation_id, seq) references conversation_entry on delete cascade
);
create index mention_of on mention (staff_id, at desc);
