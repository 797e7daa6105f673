-- $1 language, $2 what was typed so far, $3 how many lines.
-- Categories whose name has a word that begins so, at most a third; then products, the title first, the shortest first.
with wanted as materialized (
    select search_query($1, $2, '') as anywhere, search_query($1, $2, 'A') as titled, trim(search_text($2)) as plain
),
categories as (
    select 0 as step, c.position as place, 'category' as kind, c.name as title, c.slug, null::bigint as minor, to_jsonb(c) as picture
    from category_card c, wanted w
    where c.language = $1 and ' ' || search_text(c.name) like '% ' || w.plain || '%'
    order by c.position, c.name
    limit greatest($3::bigint / 3, 1)
),
nearest as (
    select d.product_id, length(d.title) as place
    from search_document d
    where d.language = $1 and (select length(plain) from wanted) > 2 and d.everything @@ (select anywhere from wanted)
        and d.head @@ (select titled from wanted)
    union all
    -- Two letters begin too many words: only those that begin a title, by its index.
    (select d.product_id, length(d.title)
    from search_document d
    where d.language = $1 and (select length(plain) from wanted) = 2
        and d.title >= (select plain from wanted) and d.title < (select plain || '~' from wanted)
    order by d.title
    limit 50)
    order by 2, 1
    limit $3
),
products as (
    select 1 as step, n.place, 'product' as kind, c.title, c.slug, c.from_minor as minor, to_jsonb(c) as picture
    from nearest n
    join product_card c on c.product_id = n.product_id and c.language = $1
)
select kind as "kind!", title as "title!", slug as "slug!", minor, picture as "picture: Json<PictureRow>"
from (select * from categories union all select * from products) s
order by step, place, title
limit $3
