-- $1 language, $2 text, $3 category slug or null, $4 whether what fits best comes first, $5 whether titles are sorted by,
-- $6 and $7 chosen option and value codes.
-- One pass over what matches text and category; each column holds something of every product, in the same order.
with recursive wanted as materialized (
    select search_query($1, $2, '') as anywhere, search_query($1, $2, 'AB') as labelled, search_query($1, $2, 'A') as titled
),
place as (
    select category_at($1, $3) as id
    union all
    select c.id from category c join place p on c.parent_id = p.id
),
found as (
    select d.facts, d.title, d.head from search_document d
    where d.language = $1 and $2::text <> '' and d.everything @@ (select anywhere from wanted)
        and ($3::text is null or d.category_id = any(array(select id from place)))
    union all
    select d.facts, d.title, d.head from search_document d
    where d.language = $1 and $2 = '' and $3 is null
    union all
    select d.facts, d.title, d.head from search_document d
    where d.language = $1 and $2 = '' and $3 is not null and d.category_id = any(array(select id from place))
)
select string_agg(d.facts, '') as facts,
    -- All words in the title, else among title and labels, else anywhere.
    string_agg(case
        when d.head @@ (select titled from wanted) then '\x00'::bytea
        when d.head @@ (select labelled from wanted) then '\x01'::bytea
        else '\x02'::bytea
    end, '') filter (where $4) as places,
    -- Letters, digits and single spaces only.
    string_agg(d.title, e'\n') filter (where $5) as titles,
    coalesce((
        select jsonb_agg(jsonb_build_array(f.id, v.id))
        from unnest($6::text[], $7::text[]) o (option, value)
        join search_facet f on f.code = o.option
        join search_facet_value v on v.facet_id = f.id and v.code = o.value
    ), '[]') as "chosen!: Json<Vec<(i32, i32)>>"
from found d
