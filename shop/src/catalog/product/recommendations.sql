-- $1 language, $2 product, $3 how many: bought together most often (over the last 500 orders of it), then the
-- ones that follow it in its category, so that every product is recommended somewhere.
with together as (
    select o.product_id as id, count(*) as orders
    from (select l.order_id from order_line l where l.product_id = $2 order by l.order_id desc limit 500) bought
    join order_line o on o.order_id = bought.order_id and o.product_id <> $2
    group by o.product_id
    order by orders desc, o.product_id
    limit $3::bigint * 3
),
following as (
    select d.product_id as id from search_document d
    where d.language = $1 and d.category_id = (select p.category_id from product p where p.id = $2) and d.product_id > $2 and d.in_stock
    order by d.product_id limit $3::bigint * 2
),
first as (
    select d.product_id as id from search_document d
    where d.language = $1 and d.category_id = (select p.category_id from product p where p.id = $2) and d.product_id < $2 and d.in_stock
    order by d.product_id limit $3::bigint * 2
),
picked as (
    select distinct on (r.id) r.id, r.step, r.orders
    from (
        select id, 0 as step, orders from together
        union all select id, 1, 0 from following
        union all select id, 2, 0 from first
    ) r
    order by r.id, r.step
)
select coalesce(jsonb_agg(to_jsonb(s) - 'step' - 'orders' order by s.step, s.orders desc, s.product_id), '[]') as "cards!: Json<Vec<CardRow>>"
from (
    select c.*, p.step, p.orders
    from picked p
    join product_card c on c.product_id = p.id and c.language = $1
    where c.in_stock
    order by p.step, p.orders desc, p.id
    limit $3
) s
