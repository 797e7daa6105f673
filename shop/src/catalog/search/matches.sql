-- $1 language, $2 text, $3 category slug or null, $4 whether what fits best comes first, $5 whether titles are sorted by,
-- $6 and $7 chosen option and value codes.
-- What matches text and category; each column holds something of every product, in the same order.
with recursive wanted as materialized (
    select anywhere, titled, labelled && !!titled as labelled, anywhere && !!labelled as elsewhere
    from (
        select q.anywhere, search_query_at('t', q.anywhere) as titled, search_query_at('l', q.anywhere) as labelled
        from search_query($1, $2) q (anywhere)
    ) q
),
place as (
    select category_at($1, $3) as id
    union all
    select c.id from category c join place p on c.parent_id = p.id
),
found as (
    -- All words in the title, else among title and labels, else anywhere: three looks into the index read each row once.
    select d.facts, d.title, '\x00'::bytea as place from search_document d
    where d.language = $1 and $4 and d.everything @@ (select titled from wanted)
        and ($3::text is null or d.category_id = any(array(select id from place)))
    union all
    select d.facts, d.title, '\x01' from search_document d
    where d.language = $1 and $4 and d.everything @@ (select labelled from wanted)
        and ($3::text is null or d.category_id = any(array(select id from place)))
    union all
    select d.facts, d.title, '\x02' from search_document d
    where d.language = $1 and $4 and d.everything @@ (select elsewhere from wanted)
        and ($3::text is null or d.category_id = any(array(select id from place)))
    union all
    select d.facts, d.title, null from search_document d
    where d.language = $1 and not $4 and $2::text <> '' and d.everything @@ (select anywhere from wanted)
        and ($3::text is null or d.category_id = any(array(select id from place)))
    union all
    select d.facts, d.title, null from search_document d
    where d.language = $1 and $2 = '' and $3 is null
    union all
    select d.facts, d.title, null from search_document d
    where d.language = $1 and $2 = '' and $3 is not null and d.category_id = any(array(select id from place))
)
select string_agg(d.facts, '') as facts,
    string_agg(d.place, '') filter (where $4) as places,
    -- Letters, digits and single spaces only.
    string_agg(d.title, e'\n') filter (where $5) as titles,
    coalesce((
        select jsonb_agg(jsonb_build_array(f.id, v.id))
        from unnest($6::text[], $7::text[]) o (option, value)
        join search_facet f on f.code = o.option
        join search_facet_value v on v.facet_id = f.id and v.code = o.value
    ), '[]') as "chosen!: Json<Vec<(i32, i32)>>"
from found d
