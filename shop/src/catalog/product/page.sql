-- $1 language, $2 slug, $3 currency, $4 now, $5 how many recommendations of each kind: everything of one product's page, in one row;
-- no row when it is not sold. JSON, not JSONB: it is written once and read once.
with target as materialized (
    select p.id, p.vendor, p.category_id from product p where p.id = product_at($1, $2)
),
-- By the rules of the last night.
companions as materialized (
    select b.other as id, b.rank
    from bought_together b
    join search_document d on d.language = $1 and d.product_id = b.other and d.in_stock
    where b.product_id = (select id from target)
    order by b.rank
    limit $5
),
-- Bought together most often (over the last 500 orders of it), then the ones that follow it in its category, so that every
-- product is recommended somewhere.
together as (
    select o.product_id as id, count(*) as orders
    from (
        select l.order_id from order_line l where l.product_id = (select id from target) order by l.order_id desc limit 500
    ) bought
    join order_line o on o.order_id = bought.order_id and o.product_id <> (select id from target)
    group by o.product_id
    order by orders desc, o.product_id
    limit $5::bigint * 3
),
following as (
    select d.product_id as id from search_document d
    where d.language = $1 and d.category_id = (select category_id from target) and d.product_id > (select id from target) and d.in_stock
    order by d.product_id limit $5::bigint * 2
),
first as (
    select d.product_id as id from search_document d
    where d.language = $1 and d.category_id = (select category_id from target) and d.product_id < (select id from target) and d.in_stock
    order by d.product_id limit $5::bigint * 2
),
recommended as materialized (
    select r.id, min(r.step) as step, max(r.orders) as orders
    from (
        select id, 0 as step, orders from together
        union all select id, 1, 0 from following
        union all select id, 2, 0 from first
    ) r
    join search_document d on d.language = $1 and d.product_id = r.id and d.in_stock
    where r.id not in (select c.id from companions c)
    group by r.id
    order by step, orders desc, r.id
    limit $5
)
select p.id, p.vendor, p.category_id, t.slug, t.title, t.body_html, t.seo_title, t.seo_description,
    coalesce((
        select json_agg(json_build_array(x.language, x.slug) order by x.language)
        from product_translation x where x.product_id = p.id
    ), '[]') as "slugs!: Json<Vec<(Language, String)>>",
    coalesce((
        select json_agg(json_build_object('id', m.id, 'hash', m.hash, 'width', m.width, 'height', m.height, 'widths', m.widths,
            'alt', m.alt) order by m.position, m.id)
        from media m where m.product_id = p.id and m.hash is not null
    ), '[]') as "pictures!: Json<Vec<MediaRow>>",
    coalesce((
        select json_agg(json_build_object('code', o.code, 'name', o.name, 'values', coalesce((
            select json_agg(json_build_object('id', v.id, 'code', v.code, 'name', v.name) order by v.position)
            from product_option_value v where v.option_id = o.id
        ), '[]')) order by o.position)
        from product_option o where o.product_id = p.id
    ), '[]') as "options!: Json<Vec<OptionRow>>",
    coalesce((
        select json_agg(json_build_array(s.label, s.value) order by s.position)
        from product_specification s where s.product_id = p.id
    ), '[]') as "specifications!: Json<Vec<(Translated, Translated)>>",
    coalesce((
        select json_agg(json_build_object('id', v.id, 'sku', coalesce(v.sku, ''), 'grams', v.grams, 'media', v.media_id,
            'minor', c.minor, 'compare_at', compare.minor, 'tracked', v.tracked, 'backorder', v.backorder,
            -- The lowest price in force during the 30 days before today's came into force.
            'lowest', case when compare.minor is not null then (
                select min(h.minor)
                from (
                    select a.minor, a.from_at, lead(a.from_at) over (order by a.from_at) as until, max(a.from_at) over () as reduced
                    from price_history a where a.variant_id = v.id and a.currency = $3 and a.from_at <= $4
                ) h
                where h.from_at < h.reduced and h.until > h.reduced - interval '30 days'
            ) end,
            -- Held for payments that were not made in time: nobody's, though not yet given back.
            'available', coalesce(l.available, 0) + case when l.reserved > 0 then coalesce((
                select sum(r.quantity) from stock_reservation r
                where r.variant_id = v.id and r.state = 'held' and r.expires_at < $4
            ), 0) else 0 end,
            'values', array(select x.option_value_id from variant_option_value x where x.variant_id = v.id)
        ) order by v.position, v.id)
        from variant v
        join price c on c.variant_id = v.id and c.currency = $3
        cross join lateral (select case when c.compare_at_minor > c.minor then c.compare_at_minor end as minor) compare
        left join stock_level l on l.variant_id = v.id
        where v.product_id = p.id
    ), '[]') as "variants!: Json<Vec<VariantRow>>",
    coalesce((
        select json_agg(to_json(c) order by r.rank)
        from companions r
        join product_card c on c.product_id = r.id and c.language = $1
    ), '[]') as "companions!: Json<Vec<CardRow>>",
    coalesce((
        select json_agg(to_json(c) order by r.step, r.orders desc, r.id)
        from recommended r
        join product_card c on c.product_id = r.id and c.language = $1
    ), '[]') as "recommendations!: Json<Vec<CardRow>>"
from target p
cross join lateral (
    select x.slug, x.title, x.body_html, x.seo_title, x.seo_description from product_translation x where x.product_id = p.id
    order by x.language = $1 desc, x.language limit 1
) t
