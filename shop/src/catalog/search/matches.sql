-- $1 language, $2 text, $3 category slug or null, $4 and $5 price, $6 only in stock, $7 and $8 option and value codes,
-- $9 sorting, $10 to $12 sort key of the last product seen or nulls, $13 how many products.
-- One pass over what matches text and category: a row for each product of the page that also fits the filters, one for
-- each category, and one with all groups to count facets from (as arrays: ten thousand rows would cost more than the search).
with recursive wanted as materialized (
    select search_query($1, $2, '') as anywhere, search_query($1, $2, 'AB') as labelled, search_query($1, $2, 'A') as titled
),
place as (
    select category_at($1, $3) as id
    union all
    select c.id from category c join place p on c.parent_id = p.id
),
chosen as materialized (
    select f.id as facet, array_agg(v.id) as value_ids
    from unnest($7::text[], $8::text[]) o (option, value)
    join search_facet f on f.code = o.option
    join search_facet_value v on v.facet_id = f.id and v.code = o.value
    group by f.id
),
found as (
    select d.* from search_document d
    where d.language = $1 and $2::text <> '' and d.everything @@ (select anywhere from wanted)
        and ($3::text is null or d.category_id = any(array(select id from place)))
    union all
    select d.* from search_document d
    where d.language = $1 and $2 = '' and $3 is null
    union all
    select d.* from search_document d
    where d.language = $1 and $2 = '' and $3 is not null and d.category_id = any(array(select id from place))
),
matched as materialized (
    select d.product_id, d.category_id, d.facet_set, d.from_minor, d.in_stock,
        d.from_minor between $4 and $5 as price_fits, d.in_stock or not $6 as stock_fits,
        case $9::text
            when 'price_up' then d.from_minor
            when 'price_down' then -d.from_minor
            when 'newest' then -(extract(epoch from d.created_at) * 1000000)::bigint
            when 'title' then 0
            -- All words in the title, else among title and labels, else anywhere; a shorter title says it more exactly.
            else case
                when $2 = '' then 0
                when d.head @@ (select titled from wanted) then least(length(d.title), 999)
                when d.head @@ (select labelled from wanted) then 1000 + least(length(d.title), 999)
                else 2000 + least(length(d.title), 999)
            end
        end as rank,
        case $9 when 'title' then d.title else '' end as name
    from found d
),
grouped as materialized (
    select facet_set,
        count(*) filter (where price_fits and stock_fits) as fitting,
        count(*) filter (where price_fits and in_stock) as in_stock,
        min(from_minor) filter (where stock_fits) as low,
        max(from_minor) filter (where stock_fits) as high
    from matched
    group by facet_set
),
fitting as materialized (
    select s.id from search_facet_set s
    where s.id in (select facet_set from grouped) and not exists (select from chosen c where not s.value_ids && c.value_ids)
)
(
    select m.product_id, m.rank, m.name, null::uuid as category_id, null::bigint as products, null::bigint as fitting,
        null::bigint[] as group_fitting, null::bigint[] as group_in_stock, null::bigint[] as "group_low?: Vec<Option<i64>>", null::bigint[] as "group_high?: Vec<Option<i64>>",
        null::bytea as group_values
    from matched m
    where m.price_fits and m.stock_fits
        and (not exists (select from chosen) or m.facet_set in (select id from fitting))
        and ($12::uuid is null or (m.rank, m.name, m.product_id) > ($10::bigint, $11::text, $12))
    order by m.rank, m.name, m.product_id
    limit $13
)
union all
select null, null, null, m.category_id, count(*),
    count(*) filter (where m.price_fits and m.stock_fits and (not exists (select from chosen) or m.facet_set in (select id from fitting))),
    null, null, null, null, null
from matched m
where m.category_id is not null
group by m.category_id
union all
select null, null, null, null, null, null,
    array_agg(g.fitting), array_agg(g.in_stock), array_agg(g.low), array_agg(g.high), string_agg(array_send(s.value_ids), '')
from grouped g
join search_facet_set s on s.id = g.facet_set
