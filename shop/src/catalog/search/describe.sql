-- $1 language, $2 products to choose the page from, in order but for the place where they hold the words, $3 facet value
-- ids, $4 and $5 chosen option and value codes, $6 categories to name, $7 slug of the category that was asked for, or null,
-- $8 those words, null where places do not matter, $9 the first place that is not past and $10 how many are past in it.
-- The page and what it shows: cards, names of facet values, categories with the way up to them.
with recursive wanted as materialized (
    select search_query($1, $8, 'AB') as labelled, search_query($1, $8, 'A') as titled
),
-- All words in the title, else among title and labels, else anywhere.
weighed as (
    select p.id, p.n, case
            when $8::text is null or d.head @@ (select titled from wanted) then 0
            when d.head @@ (select labelled from wanted) then 1
            else 2
        end as place
    from unnest($2::uuid[]) with ordinality p (id, n)
    left join search_document d on $8::text is not null and d.language = $1 and d.product_id = p.id
),
-- One more than a page shows.
chosen as materialized (
    select id, n, place from weighed where place > $9::smallint or place = $9 and n > $10::bigint order by place, n limit 25
),
place as (
    select category_at($1, $7) as id
),
named as (
    select unnest($6::uuid[]) as id
    union
    select id from place where id is not null
    union
    select c.id from category c join place p on c.parent_id = p.id
),
-- From a named category up to its root.
trail as (
    select c.id, c.parent_id from category c join named n on n.id = c.id
    union
    select c.id, c.parent_id from category c join trail t on c.id = t.parent_id
)
select
    coalesce((select jsonb_agg(jsonb_build_array(n, place) order by place, n) from chosen), '[]') as "chosen!: Json<Vec<Chosen>>",
    (select id from place) as place,
    coalesce((
        select jsonb_agg(to_jsonb(c) order by p.place, p.n)
        from (select * from chosen order by place, n limit 24) p
        join product_card c on c.product_id = p.id and c.language = $1
    ), '[]') as "cards!: Json<Vec<CardRow>>",
    coalesce((
        select jsonb_agg(jsonb_build_object('id', v.id, 'code', v.code, 'name', v.name, 'position', v.position, 'facet', f.id,
            'facet_code', f.code, 'facet_name', f.name, 'facet_position', f.position))
        from search_facet_value v
        join search_facet f on f.id = v.facet_id
        where v.id = any($3) or (f.code, v.code) in (select * from unnest($4::text[], $5::text[]))
    ), '[]') as "values!: Json<Vec<Value>>",
    coalesce((
        select jsonb_agg(to_jsonb(c) order by c.position, c.name)
        from category_card c
        where c.language = $1 and c.id in (select id from trail)
    ), '[]') as "categories!: Json<Vec<CategoryRow>>",
    coalesce((
        select jsonb_agg(jsonb_build_array(t.language, t.slug) order by t.language)
        from category_translation t
        where t.category_id = (select id from place)
    ), '[]') as "slugs!: Json<Vec<(Language, String)>>"
