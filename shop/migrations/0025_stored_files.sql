-- What lies in the store: one row for each content, however many messages have it, and none for what nobody needs.

create table stored_file (
    sha256 text primary key,
    -- Never used again once the row is gone: what is taken away late is not what came meanwhile.
    place text not null unique,
    -- When it was last uploaded. Whoever uploads writes this row first, so that no sweep takes the file in between.
    touched_at timestamptz not null
);
insert into stored_file (sha256, place, touched_at)
    select sha256, 'chat/' || sha256, max(created_at) from attachment group by sha256;
create index stored_file_touched on stored_file (touched_at);

alter table attachment add constraint attachment_stored foreign key (sha256) references stored_file;
create index attachment_sha256 on attachment (sha256);
create index attachment_unsent on attachment (created_at) where seq is null;
