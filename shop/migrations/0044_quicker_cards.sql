-- A product's card as before. What is left of it in stock is looked up a variant at a time by subqueries of their own:
-- joined, all prices and all stock of a small shop were read again for each card, two thirds of what a page of cards took.
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
        select sum((select l.available from stock_level l where l.variant_id = v.id)) as pieces
        from variant v
        where v.product_id = d.product_id
            -- One there is, or none: the key is of both columns.
            and (select true from price c where c.variant_id = v.id and c.currency = (select currency from search_setting))
        having bool_and(v.tracked and not v.backorder)
    ) s on true;
