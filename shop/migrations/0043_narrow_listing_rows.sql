-- A broad word finds tens of thousands of products: their rows get narrower, so that there are fewer pages to visit.

-- Only what makes a row longer than 2 kB moves Postgres to keep a long value outside of it (and then as far as
-- toast_tuple_target says). What is found by is read by nobody but its index, so it carries one word, searched by no one, that
-- is long enough, and compresses to nothing.
create function search_ballast() returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(array[repeat('~', 2040)]);

create or replace function write_search_document(source record, facets integer, fresh uuid) returns void language plpgsql as $$
declare
    head tsvector := search_head(source.language, source.title, source.labels);
begin
    insert into search_document as d (language, product_id, category_id, facet_set, from_minor, to_minor, compare_at_minor,
        variants, in_stock, created_at, digest, title, head, everything)
    values (source.language, source.product_id, source.category_id, facets, source.from_minor, source.to_minor,
        source.compare_at_minor, source.variants, source.in_stock, source.created_at, fresh, trim(search_text(source.title)), head,
        strip(head || to_tsvector(('search_' || source.language)::regconfig, search_text(source.body))) || search_ballast())
    on conflict (language, product_id) do update
    set category_id = excluded.category_id, facet_set = excluded.facet_set, from_minor = excluded.from_minor,
        to_minor = excluded.to_minor, compare_at_minor = excluded.compare_at_minor, variants = excluded.variants,
        in_stock = excluded.in_stock, created_at = excluded.created_at, digest = excluded.digest, title = excluded.title,
        head = excluded.head, everything = excluded.everything;

    insert into search_word (language, word)
    select distinct source.language, w.word collate "C"
    from regexp_split_to_table(search_text(source.title || ' ' || source.labels), ' ') w (word)
    where length(w.word) between 3 and 40 and w.word !~ '\d'
    order by 2
    on conflict do nothing;
end $$;

-- What is there already: written anew behind, then the rows without what is dropped and with the long values outside.
alter table search_document_es set (toast_tuple_target = 512);
alter table search_document_en set (toast_tuple_target = 512);
alter table search_document_es alter facts set storage plain;
alter table search_document_en alter facts set storage plain;
alter table search_document
    add column everything_behind tsvector not null generated always as (everything || search_ballast()) stored;
alter table search_document alter column everything_behind drop expression;
alter table search_document drop column everything;
alter table search_document rename column everything_behind to everything;
cluster search_document_es using search_document_es_pkey;
cluster search_document_en using search_document_en_pkey;
create index search_document_everything on search_document using gin (everything);
