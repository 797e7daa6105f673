-- What is bought together, computed nightly over the paid orders of 12 months.

create table bought_together (
    product_id uuid not null references product on delete cascade,
    other uuid not null references product on delete cascade,
    -- 1 is the best.
    rank integer not null,
    -- In how many orders both were; of those who bought the product, the share who bought the other; and how many times
    -- the share among all that is.
    orders integer not null,
    confidence double precision not null,
    lift double precision not null,
    primary key (product_id, other)
);
create index bought_together_other on bought_together (other);
