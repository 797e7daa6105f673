-- Whether a word stands in the title is asked of the index. Reading it from every row that was found took as long as all
-- the rest of a search: a broad word finds tens of thousands.

-- The query for what somebody typed: every word must be found; the last one is perhaps unfinished, unless a space follows.
-- Null when there is no word to search by.
create function search_query(language text, typed text) returns tsquery
    language plpgsql stable set client_min_messages = warning as $$
declare
    words text[] := (string_to_array(trim(search_text(typed)), ' '))[1:8];
    config regconfig := 'search_' || language;
    stem tsquery;
    wanted tsquery;
begin
    for i in 1..coalesce(array_length(words, 1), 0) loop
        continue when words[i] = '';
        stem := to_tsquery(config, words[i]);
        -- A word of no weight ("de", "the").
        continue when numnode(stem) = 0;
        if i = cardinality(words) and length(words[i]) > 1 and right(typed, 1) <> ' ' then
            stem := stem || to_tsquery('simple', words[i] || ':*');
        end if;
        wanted := case when wanted is null then stem else wanted && stem end;
    end loop;
    return wanted;
end $$;
drop function search_query(text, text, text);

-- A document holds each word as it is, again behind "t:" when it stands in the title, and behind "l:" when in title or
-- labels. Words are letters and digits, so that none looks like another with its place.
create function search_words_at(place text, words tsvector) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(array(select place || ':' || word from unnest(tsvector_to_array(words)) word));

-- The same for a query: all its words at that place.
create function search_query_at(place text, query tsquery) returns tsquery
    language sql immutable parallel safe
    return regexp_replace(query::text, '''([^'']+)''', '''' || place || ':\1''', 'g')::tsquery;

create function search_everything(head tsvector, body tsvector) returns tsvector
    language sql immutable parallel safe
    return strip(head || body) || search_words_at('t', ts_filter(head, '{a}')) || search_words_at('l', head);

create or replace function write_search_document(source record, facets integer, fresh uuid) returns void language plpgsql as $$
declare
    head tsvector := search_head(source.language, source.title, source.labels);
begin
    insert into search_document as d (language, product_id, category_id, facet_set, from_minor, to_minor, compare_at_minor,
        variants, in_stock, created_at, digest, title, everything)
    values (source.language, source.product_id, source.category_id, facets, source.from_minor, source.to_minor,
        source.compare_at_minor, source.variants, source.in_stock, source.created_at, fresh, trim(search_text(source.title)),
        search_everything(head, to_tsvector(('search_' || source.language)::regconfig, search_text(source.body))))
    on conflict (language, product_id) do update
    set category_id = excluded.category_id, facet_set = excluded.facet_set, from_minor = excluded.from_minor,
        to_minor = excluded.to_minor, compare_at_minor = excluded.compare_at_minor, variants = excluded.variants,
        in_stock = excluded.in_stock, created_at = excluded.created_at, digest = excluded.digest, title = excluded.title,
        everything = excluded.everything;

    insert into search_word (language, word)
    select distinct source.language, w.word collate "C"
    from regexp_split_to_table(search_text(source.title || ' ' || source.labels), ' ') w (word)
    where length(w.word) between 3 and 40 and w.word !~ '\d'
    order by 2
    on conflict do nothing;
end $$;

drop index search_document_everything;
update search_document set everything = search_everything(head, everything);
alter table search_document drop column head;
-- Takes the dropped column and the former rows out.
cluster search_document_es using search_document_es_pkey;
cluster search_document_en using search_document_en_pkey;
create index search_document_everything on search_document using gin (everything);
