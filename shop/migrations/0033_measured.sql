-- What the shop measures of itself, rolled up by the hour: counts, and of values how many of each size.
create table measure (
    hour timestamptz not null,
    -- `domain::measured::Measure`.
    measure text not null,
    -- 'phone' or 'desktop' for what a browser said, else ''.
    device text not null,
    -- The size of a value, as `domain::measured::size_of` has it; 0 for what is only counted.
    size smallint not null,
    -- Of 'alive' not a number: a bit for every minute in which a node ran.
    count bigint not null,
    primary key (hour, measure, device, size)
);
