-- A facet keeps the languages that the product looked at last does not have; what the shop looks up by is indexed;
-- delivery knows islands.

create or replace function refresh_search_facets(product_ids uuid[]) returns void language plpgsql as $$
begin
    insert into search_facet (code, name, position)
    select distinct on (o.code) o.code, o.name, o.position from product_option o
    where o.product_id = any(product_ids) and not exists (select from search_facet f where f.code = o.code)
    order by o.code
    on conflict (code) do nothing;

    update search_facet f set name = f.name || o.name
    from (select distinct on (code) code, name from product_option where product_id = any(product_ids) order by code, product_id) o
    where f.code = o.code and f.name <> f.name || o.name;

    insert into search_facet_value (facet_id, code, name, position)
    select distinct on (f.id, w.code) f.id, w.code, w.name, w.position
    from product_option o
    join product_option_value w on w.option_id = o.id
    join search_facet f on f.code = o.code
    where o.product_id = any(product_ids)
        and not exists (select from search_facet_value v where v.facet_id = f.id and v.code = w.code)
    order by f.id, w.code
    on conflict (facet_id, code) do nothing;

    update search_facet_value v set name = v.name || w.name, position = greatest(v.position, w.position)
    from (
        select distinct on (o.code, x.code) o.code as facet, x.code, x.name, max(x.position) over (partition by o.code, x.code) as position
        from product_option o join product_option_value x on x.option_id = o.id
        where o.product_id = any(product_ids)
        order by o.code, x.code, o.product_id
    ) w
    join search_facet f on f.code = w.facet
    where v.facet_id = f.id and v.code = w.code and (v.name <> v.name || w.name or v.position < w.position);
end $$;

create index order_line_variant on order_line (variant_id);
create index variant_media on variant (media_id);
-- Also of those that are not held any more: what is deleted with a variant.
create index stock_reservation_of_variant on stock_reservation (variant_id);
drop index stock_reservation_expiry;

-- Parts of a country that other zones do not go to; empty: wherever no zone of the country names the region.
alter table shipping_zone add column regions text[] not null default '{}';
insert into shipping_zone (code, name, countries, regions) values
    ('es-far', '{"es": "Baleares, Canarias, Ceuta y Melilla", "en": "Balearic and Canary Islands, Ceuta and Melilla"}', '{ES}', '{PM,GC,TF,CE,ML}');
insert into shipping_method (code, zone_code, carrier_code, name, position, transit_days_min, transit_days_max, free_from_minor, currency) values
    ('es-far-standard', 'es-far', 'correos', '{"es": "Islas, Ceuta y Melilla", "en": "Islands, Ceuta and Melilla"}', 0, 3, 7, null, 'EUR');
insert into shipping_rate (method_code, up_to_grams, minor) values
    ('es-far-standard', 2000, 1290), ('es-far-standard', 10000, 1990), ('es-far-standard', 30000, 3490);
