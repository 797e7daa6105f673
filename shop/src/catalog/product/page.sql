-- $1 language, $2 slug, $3 currency, $4 now: everything of one product's page, in one row; no row when it is not sold.
with target as materialized (
    select p.id, p.vendor, p.category_id from product p where p.id = product_at($1, $2)
)
select p.id, p.vendor, t.slug, t.title, t.body_html, t.seo_title, t.seo_description,
    coalesce((
        select jsonb_agg(jsonb_build_array(x.language, x.slug) order by x.language)
        from product_translation x where x.product_id = p.id
    ), '[]') as "slugs!: Json<Vec<(Language, String)>>",
    coalesce((
        with recursive way as (
            select c.id, c.parent_id, 0 as up from category c where c.id = p.category_id
            union all
            select c.id, c.parent_id, w.up + 1 from category c join way w on c.id = w.parent_id where w.up < 20
        )
        select jsonb_agg(jsonb_build_array(c.slug, c.name) order by w.up desc)
        from way w join category_card c on c.id = w.id and c.language = $1
    ), '[]') as "categories!: Json<Vec<(String, String)>>",
    coalesce((
        select jsonb_agg(to_jsonb(m) order by m.position, m.id)
        from media m where m.product_id = p.id and m.hash is not null
    ), '[]') as "pictures!: Json<Vec<MediaRow>>",
    coalesce((
        select jsonb_agg(jsonb_build_object('code', o.code, 'name', o.name, 'values', (
            select coalesce(jsonb_agg(jsonb_build_object('code', v.code, 'name', v.name) order by v.position), '[]')
            from product_option_value v where v.option_id = o.id
        )) order by o.position)
        from product_option o where o.product_id = p.id
    ), '[]') as "options!: Json<Vec<OptionRow>>",
    coalesce((
        select jsonb_agg(jsonb_build_array(s.label, s.value) order by s.position)
        from product_specification s where s.product_id = p.id
    ), '[]') as "specifications!: Json<Vec<(Translated, Translated)>>",
    coalesce((
        select jsonb_agg(jsonb_build_object('id', v.id, 'sku', coalesce(v.sku, ''), 'grams', v.grams, 'media', v.media_id,
            'minor', c.minor, 'compare_at', compare.minor, 'lowest', lowest.minor,
            'tracked', v.tracked, 'backorder', v.backorder, 'available', coalesce(l.available, 0) + coalesce(lapsed.quantity, 0),
            'values', (
                select coalesce(jsonb_agg(w.code order by o.position), '[]')
                from variant_option_value x
                join product_option_value w on w.id = x.option_value_id
                join product_option o on o.id = w.option_id
                where x.variant_id = v.id
            )) order by v.position, v.id)
        from variant v
        join price c on c.variant_id = v.id and c.currency = $3
        cross join lateral (select case when c.compare_at_minor > c.minor then c.compare_at_minor end as minor) compare
        left join stock_level l on l.variant_id = v.id
        -- Held for payments that were not made in time: nobody's, though not yet given back.
        left join lateral (
            select sum(r.quantity) as quantity from stock_reservation r
            where r.variant_id = v.id and r.state = 'held' and r.expires_at < $4
        ) lapsed on l.reserved > 0
        -- The lowest price in force during the 30 days before today's came into force.
        left join lateral (
            select min(h.minor) as minor
            from (
                select a.minor, a.from_at, lead(a.from_at) over (order by a.from_at) as until, max(a.from_at) over () as reduced
                from price_history a where a.variant_id = v.id and a.currency = $3 and a.from_at <= $4
            ) h
            where h.from_at < h.reduced and h.until > h.reduced - interval '30 days'
        ) lowest on compare.minor is not null
        where v.product_id = p.id
    ), '[]') as "variants!: Json<Vec<VariantRow>>"
from target p
cross join lateral (
    select x.slug, x.title, x.body_html, x.seo_title, x.seo_description from product_translation x where x.product_id = p.id
    order by x.language = $1 desc, x.language limit 1
) t
