-- $1 language, $2 text, $3 category slug or null, $4 whether titles are sorted by, $5 and $6 chosen option and value codes,
-- $7 how many products to name at most of those that hold the words in a certain place, null where that does not matter.
-- One pass over what matches text and category; each column holds something of every product, in the same order.
with recursive wanted as materialized (
    select search_query($1, $2, '') as anywhere
),
-- Each by an index of its own: reading it from the rows that were found would take as long as finding them.
titled as materialized (
    select d.product_id from search_document d
    where $7::bigint is not null and d.language = $1 and ts_filter(d.head, '{a}') @@ (select anywhere from wanted)
    limit $7
),
labelled as materialized (
    select d.product_id from search_document d
    where $7::bigint is not null and d.language = $1 and d.head @@ (select anywhere from wanted)
    limit $7
),
place as (
    select category_at($1, $3) as id
    union all
    select c.id from category c join place p on c.parent_id = p.id
),
found as (
    select d.facts, d.title from search_document d
    where d.language = $1 and $2::text <> '' and d.everything @@ (select anywhere from wanted)
        and ($3::text is null or d.category_id = any(array(select id from place)))
    union all
    select d.facts, d.title from search_document d
    where d.language = $1 and $2 = '' and $3 is null
    union all
    select d.facts, d.title from search_document d
    where d.language = $1 and $2 = '' and $3 is not null and d.category_id = any(array(select id from place))
)
select string_agg(d.facts, '') as facts,
    coalesce((select string_agg(uuid_send(product_id), '') from titled), '') as "titled!",
    -- Only where the titles do not fill some pages.
    case when (select count(*) from titled) < 100
        then coalesce((select string_agg(uuid_send(product_id), '') from labelled), '')
    end as labelled,
    -- Letters, digits and single spaces only.
    string_agg(d.title, e'\n') filter (where $4) as titles,
    coalesce((
        select jsonb_agg(jsonb_build_array(f.id, v.id))
        from unnest($5::text[], $6::text[]) o (option, value)
        join search_facet f on f.code = o.option
        join search_facet_value v on v.facet_id = f.id and v.code = o.value
    ), '[]') as "chosen!: Json<Vec<(i32, i32)>>"
from found d
