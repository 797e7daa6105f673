-- Pictures of places in the shop rather than of products; how many are left, on cards; renaming large categories.

-- What the merchant shows on the home page. A category's own picture is its media_id, with media of no product.
create table home_page (
    only_row boolean primary key default true check (only_row),
    media_id uuid references media
);
insert into home_page default values;

-- As in 0005, and how many pieces are left in all variants: null where one of them is not counted, or is made to order
-- once it is gone.
create or replace view product_card as
    select d.language, d.product_id, t.slug, t.title, d.from_minor, d.to_minor, d.compare_at_minor, d.in_stock, d.variants,
        m.hash, m.width, m.height, m.widths, m.alt, s.pieces
    from search_document d
    cross join lateral (
        select x.slug, x.title from product_translation x where x.product_id = d.product_id
        order by x.language = d.language desc, x.language limit 1
    ) t
    left join lateral (
        select x.hash, x.width, x.height, x.widths, x.alt from media x
        where x.product_id = d.product_id and x.hash is not null
        order by x.position limit 1
    ) m on true
    left join lateral (
        select sum(l.available) as pieces
        from variant v
        join price c on c.variant_id = v.id and c.currency = (select currency from search_setting)
        left join stock_level l on l.variant_id = v.id
        where v.product_id = d.product_id
        having bool_and(v.tracked and not v.backorder)
    ) s on true;

-- Products whose documents a category's new name or place makes untrue: perhaps tens of thousands, at 4 ms each. So
-- the transaction that renames only notes them, and a worker brings them up to date, some at a time.
create table search_stale (
    product_id uuid primary key references product on delete cascade
);

create or replace function queue_search_category() returns trigger language plpgsql as $$
declare
    changed uuid := case tg_table_name when 'category' then (to_jsonb(new) ->> 'id')::uuid else (to_jsonb(new) ->> 'category_id')::uuid end;
begin
    insert into search_stale (product_id)
    with recursive below as (
        select changed as id union all select c.id from category c join below b on c.parent_id = b.id
    )
    select p.id from product p join below b on p.category_id = b.id order by p.id
    -- Not "nothing": the row is locked, so that the worker does not take it before this name is committed.
    on conflict (product_id) do update set product_id = excluded.product_id;
    return null;
end $$;
