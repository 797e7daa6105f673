-- Listings hand over what they found in one value, to be counted outside of the database; look-ups keep their plans.

-- All that a listing filters, sorts and counts by, one after the other: rows of tens of thousands of products would
-- cost more than finding them. Read by shop/src/catalog/search/fact.rs. The words, which are long, stand behind it: to
-- reach a column Postgres walks over all before it.
alter table search_document
    add column facts bytea not null generated always as (
        uuid_send(product_id) || coalesce(uuid_send(category_id), '\x00000000000000000000000000000000'::bytea) || int4send(facet_set)
            || int8send(from_minor) || timestamptz_send(created_at) || int2send(least(length(title), 999)::smallint) || boolsend(in_stock)
    ) stored,
    add column head_behind tsvector not null generated always as (head) stored,
    add column everything_behind tsvector not null generated always as (everything) stored;
alter table search_document alter column head_behind drop expression, alter column everything_behind drop expression;
alter table search_document drop column head, drop column everything;
alter table search_document rename column head_behind to head;
alter table search_document rename column everything_behind to everything;
alter table search_document_es alter head set storage main;
alter table search_document_en alter head set storage main;
-- Takes the dropped columns out of the rows that are there.
cluster search_document_es using search_document_es_pkey;
cluster search_document_en using search_document_en_pkey;
create index search_document_everything on search_document using gin (everything);

-- A function in SQL is planned in every statement that calls it, which took longer than looking up; one in PL/pgSQL once
-- a connection.
create or replace function category_at(language text, slug text) returns uuid language plpgsql stable as $$
begin
    return (
        select a.id from (
            select t.category_id as id, case when t.language = category_at.language then 0 else 1 end as step
            from category_translation t where t.language in ('es', 'en') and t.slug = category_at.slug
            union all
            select r.category_id, case when r.language = category_at.language then 2 else 3 end
            from slug_redirect r where r.language in ('es', 'en') and r.slug = category_at.slug and r.category_id is not null
        ) a order by a.step limit 1
    );
end $$;

create or replace function product_at(language text, slug text) returns uuid language plpgsql stable as $$
begin
    return (
        select a.id from (
            select t.product_id as id, case when t.language = product_at.language then 0 else 1 end as step
            from product_translation t where t.language in ('es', 'en') and t.slug = product_at.slug
            union all
            select r.product_id, case when r.language = product_at.language then 2 else 3 end
            from slug_redirect r where r.language in ('es', 'en') and r.slug = product_at.slug and r.product_id is not null
        ) a join product p on p.id = a.id
        where p.status = 'active' and p.published
        order by a.step limit 1
    );
end $$;
