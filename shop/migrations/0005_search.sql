-- What listings and the search read: one narrow row a product and language, kept right by triggers in the transaction
-- that changes the product. Facets are numbers; products with the same option values share one row of them.

-- The currency that listings show and sort by; written by the server at start from its settings.
create table search_setting (
    only_row boolean primary key default true check (only_row),
    currency text not null default 'EUR'
);
insert into search_setting default values;

create table search_facet (
    id integer primary key generated always as identity,
    code text not null unique,
    name jsonb not null,
    position integer not null
);

create table search_facet_value (
    id integer primary key generated always as identity,
    facet_id integer not null references search_facet,
    code text not null,
    name jsonb not null,
    -- The furthest it stands in any product: sizes stay in the order of the product that has them all.
    position integer not null,
    unique (facet_id, code)
);

-- Never changed nor deleted. Counting facets means grouping products by this small number first.
create table search_facet_set (
    id integer primary key generated always as identity,
    digest uuid not null unique,
    value_ids integer[] not null
);
insert into search_facet_set (digest, value_ids) values (md5('{}')::uuid, '{}');

create table search_document (
    language text not null,
    product_id uuid not null references product on delete cascade,
    category_id uuid,
    facet_set integer not null,
    from_minor bigint not null,
    to_minor bigint not null,
    -- The former price of the cheapest variant, when it is reduced.
    compare_at_minor bigint,
    variants integer not null,
    in_stock boolean not null,
    created_at timestamptz not null,
    -- Of the text below: texts that did not change are not analysed again.
    digest uuid not null,
    title text collate "C" not null,
    -- Title (A) and labels (B), stemmed and as written: says how well a match fits and finds the beginnings of words.
    head tsvector not null,
    -- Everything that can be found, without positions: only for the index, so it is kept out of the row.
    everything tsvector not null,
    primary key (language, product_id)
) partition by list (language);

-- The row stays narrow: a listing reads tens of thousands. Room is left so that a price or the stock changes in place,
-- without touching an index.
create table search_document_es partition of search_document for values in ('es') with (fillfactor = 85);
create table search_document_en partition of search_document for values in ('en') with (fillfactor = 85);
alter table search_document_es alter title set storage main, alter head set storage main;
alter table search_document_en alter title set storage main, alter head set storage main;

create index search_document_everything on search_document using gin (everything);
create index search_document_category on search_document (category_id, product_id);
create index search_document_title on search_document (title);
create index search_document_product on search_document (product_id);

-- Words of titles and labels as written, to correct what was mistyped. A word outlives its products: who proposes one
-- looks whether it still finds something.
create table search_word (
    language text not null,
    word text collate "C" not null,
    primary key (language, word)
);
create index search_word_trigram on search_word using gist (word gist_trgm_ops);

-- Only letters and digits, lower case, without accents.
create function search_text(text) returns text
    language sql immutable strict parallel safe
    return regexp_replace(plain_text($1), '[^[:alnum:]]+', ' ', 'g');

-- The query for what somebody typed: every word must be found; the last one is perhaps unfinished, unless a space follows. `weights` such as 'AB'
-- restricts where. Null when there is no word to search by.
create function search_query(language text, typed text, weights text) returns tsquery
    language plpgsql stable set client_min_messages = warning as $$
declare
    words text[] := (string_to_array(trim(search_text(typed)), ' '))[1:8];
    config regconfig := 'search_' || language;
    label text := ':' || weights;
    stem tsquery;
    wanted tsquery;
begin
    for i in 1..coalesce(array_length(words, 1), 0) loop
        continue when words[i] = '';
        stem := to_tsquery(config, words[i] || label);
        -- A word of no weight ("de", "the").
        continue when numnode(stem) = 0;
        if i = cardinality(words) and length(words[i]) > 1 and right(typed, 1) <> ' ' then
            stem := stem || to_tsquery('simple', words[i] || ':*' || weights);
        end if;
        wanted := case when wanted is null then stem else wanted && stem end;
    end loop;
    return wanted;
end $$;

-- A translated label in `language`, else in any.
create function search_label(name jsonb, language text) returns text
    language sql immutable parallel safe
    return coalesce(name ->> language, (select value from jsonb_each_text(name) order by key limit 1), '');

create function search_head(language text, title text, labels text) returns tsvector
    language sql stable
    return setweight(to_tsvector(('search_' || language)::regconfig, search_text(title)), 'A')
        || setweight(to_tsvector('simple', search_text(title)), 'A')
        || setweight(to_tsvector(('search_' || language)::regconfig, search_text(labels)), 'B')
        || setweight(to_tsvector('simple', search_text(labels)), 'B');

-- What the documents of these products should hold; a product that is not sold has none. Its price is in the shop's
-- currency; a product without one is not listed.
create function search_source(product_ids uuid[])
    returns table (
        language text, product_id uuid, category_id uuid, value_ids integer[], from_minor bigint, to_minor bigint,
        compare_at_minor bigint, variants integer, in_stock boolean, created_at timestamptz, title text, labels text, body text
    )
    language sql stable
begin atomic
    with recursive
    offered as (
        select v.product_id, min(p.minor) as from_minor, max(p.minor) as to_minor, count(*)::integer as variants,
            (array_agg(case when p.compare_at_minor > p.minor then p.compare_at_minor end order by p.minor, v.position))[1] as was,
            bool_or(not v.tracked or v.backorder or coalesce(s.available, 0) > 0) as in_stock
        from variant v
        join price p on p.variant_id = v.id and p.currency = (select currency from search_setting)
        left join stock_level s on s.variant_id = v.id
        where v.product_id = any(product_ids)
        group by v.product_id
    ),
    chosen as (
        select distinct o.product_id, o.code as facet, w.code, w.name
        from product_option o
        join product_option_value w on w.option_id = o.id
        where o.product_id = any(product_ids) and exists (select from variant_option_value x where x.option_value_id = w.id)
    ),
    coded as (
        select c.product_id, array_agg(v.id order by v.id) as value_ids, array_agg(c.name order by v.id) as names
        from chosen c
        join search_facet f on f.code = c.facet
        join search_facet_value v on v.facet_id = f.id and v.code = c.code
        group by c.product_id
    ),
    above as (
        select c.id as leaf, c.id, c.parent_id from category c
        where c.id in (select p.category_id from product p where p.id = any(product_ids))
        union all
        select a.leaf, c.id, c.parent_id from above a join category c on c.id = a.parent_id
    ),
    trail as (
        select a.leaf, l.language, string_agg(n.name, ' ' order by n.name) as names
        from above a
        cross join (values ('es'), ('en')) l (language)
        cross join lateral (
            select ct.name from category_translation ct where ct.category_id = a.id
            order by ct.language = l.language desc, ct.language limit 1
        ) n
        group by a.leaf, l.language
    )
    select l.language, p.id, p.category_id, coalesce(k.value_ids, '{}'), o.from_minor, o.to_minor,
        o.was, o.variants, o.in_stock, p.created_at, t.title,
        concat_ws(' ', search_label(p.kind_translations || jsonb_build_object('', p.kind), l.language), p.vendor,
            array_to_string(p.tags, ' '), trail.names,
            (select string_agg(search_label(n, l.language), ' ') from unnest(k.names) n)),
        concat_ws(' ', left(regexp_replace(t.body_html, '<[^>]*>|&[a-z]+;', ' ', 'g'), 100000),
            (select string_agg(search_label(s.value, l.language), ' ' order by s.position) from product_specification s where s.product_id = p.id))
    from product p
    join offered o on o.product_id = p.id
    left join coded k on k.product_id = p.id
    cross join (values ('es'), ('en')) l (language)
    cross join lateral (
        select x.title, x.body_html from product_translation x where x.product_id = p.id
        order by x.language = l.language desc, x.language limit 1
    ) t
    left join trail on trail.leaf = p.category_id and trail.language = l.language
    where p.id = any(product_ids) and p.status = 'active' and p.published;
end;

-- Options and values of these products that no product had before get their number; changed names are taken over.
create function refresh_search_facets(product_ids uuid[]) returns void language plpgsql as $$
begin
    insert into search_facet (code, name, position)
    select distinct on (o.code) o.code, o.name, o.position from product_option o
    where o.product_id = any(product_ids) and not exists (select from search_facet f where f.code = o.code)
    order by o.code
    on conflict (code) do nothing;

    update search_facet f set name = o.name
    from (select distinct on (code) code, name from product_option where product_id = any(product_ids) order by code, product_id) o
    where f.code = o.code and f.name <> o.name;

    insert into search_facet_value (facet_id, code, name, position)
    select distinct on (f.id, w.code) f.id, w.code, w.name, w.position
    from product_option o
    join product_option_value w on w.option_id = o.id
    join search_facet f on f.code = o.code
    where o.product_id = any(product_ids)
        and not exists (select from search_facet_value v where v.facet_id = f.id and v.code = w.code)
    order by f.id, w.code
    on conflict (facet_id, code) do nothing;

    update search_facet_value v set name = w.name, position = greatest(v.position, w.position)
    from (
        select distinct on (o.code, x.code) o.code as facet, x.code, x.name, max(x.position) over (partition by o.code, x.code) as position
        from product_option o join product_option_value x on x.option_id = o.id
        where o.product_id = any(product_ids)
        order by o.code, x.code, o.product_id
    ) w
    join search_facet f on f.code = w.facet
    where v.facet_id = f.id and v.code = w.code and (v.name <> w.name or v.position < w.position);
end $$;

create function search_facet_set_of(ids integer[]) returns integer language plpgsql as $$
declare
    key uuid := md5(ids::text)::uuid;
    found_id integer := (select id from search_facet_set where digest = key);
begin
    if found_id is null then
        insert into search_facet_set (digest, value_ids) values (key, ids) on conflict (digest) do nothing returning id into found_id;
        if found_id is null then
            found_id := (select id from search_facet_set where digest = key);
        end if;
    end if;
    return found_id;
end $$;

-- Brings the documents of these products up to date. Rows are locked in order before anything is read, so that two
-- transactions that change variants of one product see each other's; a document is rewritten only where it differs.
-- During a first import the tables grow a thousandfold under plans made while they were empty: no scans, only look-ups.
create function refresh_search_documents(product_ids uuid[]) returns void language plpgsql set enable_seqscan = off as $$
declare
    source record;
    known uuid;
    fresh uuid;
    facets integer;
begin
    perform from search_document d where d.product_id = any(product_ids) order by d.product_id, d.language for update;
    perform refresh_search_facets(product_ids);
    delete from search_document d where d.product_id = any(product_ids) and not exists (
        select from product p where p.id = d.product_id and p.status = 'active' and p.published
            and exists (select from variant v join price c on c.variant_id = v.id
                where v.product_id = p.id and c.currency = (select currency from search_setting))
    );
    for source in select * from search_source(product_ids) order by product_id, language loop
        fresh := md5(source.title || chr(1) || source.labels || chr(1) || source.body)::uuid;
        facets := search_facet_set_of(source.value_ids);
        known := (select digest from search_document d where d.language = source.language and d.product_id = source.product_id);
        update search_document d
        set category_id = source.category_id, facet_set = facets, from_minor = source.from_minor, to_minor = source.to_minor,
            compare_at_minor = source.compare_at_minor, variants = source.variants, in_stock = source.in_stock,
            created_at = source.created_at
        where d.language = source.language and d.product_id = source.product_id and known = fresh
            and (d.category_id, d.facet_set, d.from_minor, d.to_minor, d.compare_at_minor, d.variants, d.in_stock, d.created_at)
                is distinct from (source.category_id, facets, source.from_minor, source.to_minor, source.compare_at_minor,
                    source.variants, source.in_stock, source.created_at);
        continue when known = fresh;
        perform write_search_document(source, facets, fresh);
    end loop;
end $$;

-- A document whose text is new.
create function write_search_document(source record, facets integer, fresh uuid) returns void language plpgsql as $$
declare
    head tsvector := search_head(source.language, source.title, source.labels);
begin
    insert into search_document as d (language, product_id, category_id, facet_set, from_minor, to_minor, compare_at_minor,
        variants, in_stock, created_at, digest, title, head, everything)
    values (source.language, source.product_id, source.category_id, facets, source.from_minor, source.to_minor,
        source.compare_at_minor, source.variants, source.in_stock, source.created_at, fresh, trim(search_text(source.title)), head,
        strip(head || to_tsvector(('search_' || source.language)::regconfig, search_text(source.body))))
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

create function refresh_search_document(product_id uuid) returns void
    language sql begin atomic select refresh_search_documents(array[product_id]); end;

-- Products changed by transactions that are not committed yet. A row names its transaction, so that nobody waits here;
-- the first deferred trigger at commit takes all rows of its transaction and refreshes each product once, in order.
create unlogged table search_queue (
    transaction xid8 not null default pg_current_xact_id(),
    product_id uuid not null,
    primary key (transaction, product_id)
);

create function drain_search_queue() returns trigger language plpgsql as $$
declare
    ids uuid[];
begin
    -- A firing for a row that an earlier one took along.
    perform from search_queue where transaction = new.transaction and product_id = new.product_id;
    if not found then
        return null;
    end if;
    with taken as (delete from search_queue where transaction = new.transaction returning product_id)
    select array_agg(product_id order by product_id) into ids from taken;
    for i in 0..(cardinality(ids) - 1) / 500 loop
        perform refresh_search_documents(ids[i * 500 + 1:(i + 1) * 500]);
    end loop;
    return null;
end $$;
create constraint trigger search_queue_drained after insert on search_queue
    deferrable initially deferred for each row execute function drain_search_queue();

-- The product of a changed row, by the table it is in.
create function queue_search() returns trigger language plpgsql as $$
declare
    changed record := coalesce(new, old);
    product uuid;
begin
    case tg_table_name
        when 'product' then product := changed.id;
        when 'product_translation', 'variant', 'product_option', 'product_specification' then product := changed.product_id;
        when 'price', 'stock_level' then product := (select v.product_id from variant v where v.id = changed.variant_id);
        when 'variant_option_value' then product := (select v.product_id from variant v where v.id = changed.variant_id);
        when 'product_option_value' then product := (select o.product_id from product_option o where o.id = changed.option_id);
    end case;
    -- Null while a product is being deleted with all it has: its documents go the same way.
    if product is not null then
        insert into search_queue (product_id) values (product) on conflict do nothing;
    end if;
    return null;
end $$;

create trigger search_product after insert or update of status, published, vendor, kind, kind_translations, tags, category_id, created_at
    on product for each row execute function queue_search();
create trigger search_translation after insert or update or delete on product_translation for each row execute function queue_search();
create trigger search_specification after insert or update or delete on product_specification for each row execute function queue_search();
create trigger search_variant after insert or update of product_id, position, tracked, backorder or delete
    on variant for each row execute function queue_search();
create trigger search_option after update of code, name on product_option for each row execute function queue_search();
create trigger search_option_value after update of code, name, position on product_option_value for each row execute function queue_search();
create trigger search_variant_option_value after insert or update or delete on variant_option_value for each row execute function queue_search();
create trigger search_price after insert or update or delete on price for each row execute function queue_search();
create trigger search_stock after insert or delete on stock_level for each row execute function queue_search();
-- Every sale changes the level; only the last piece, or the first one back, changes what a listing says.
create trigger search_stock_turned after update of on_hand, allocated, reserved on stock_level for each row
    when ((old.available > 0) is distinct from (new.available > 0)) execute function queue_search();

-- A category that is renamed or moved changes what finds the products in it and below.
create function queue_search_category() returns trigger language plpgsql as $$
declare
    changed uuid := case tg_table_name when 'category' then (to_jsonb(new) ->> 'id')::uuid else (to_jsonb(new) ->> 'category_id')::uuid end;
begin
    insert into search_queue (product_id)
    with recursive below as (
        select changed as id union all select c.id from category c join below b on c.parent_id = b.id
    )
    select p.id from product p join below b on p.category_id = b.id
    on conflict do nothing;
    return null;
end $$;
create trigger search_category_moved after update of parent_id on category for each row
    when (old.parent_id is distinct from new.parent_id) execute function queue_search_category();
create trigger search_category_named after insert on category_translation for each row execute function queue_search_category();
create trigger search_category_renamed after update of name on category_translation for each row
    when (old.name <> new.name) execute function queue_search_category();

-- What is recommended beside a product is counted from here.
create index order_line_product on order_line (product_id, order_id desc);

-- The category or product that an address leads to: its own slug, that of another language, or one it had before.
create function category_at(language text, slug text) returns uuid language sql stable
begin atomic
    select a.id from (
        select t.category_id as id, case when t.language = category_at.language then 0 else 1 end as step
        from category_translation t where t.language in ('es', 'en') and t.slug = category_at.slug
        union all
        select r.category_id, case when r.language = category_at.language then 2 else 3 end
        from slug_redirect r where r.language in ('es', 'en') and r.slug = category_at.slug and r.category_id is not null
    ) a order by a.step limit 1;
end;

create function product_at(language text, slug text) returns uuid language sql stable
begin atomic
    select a.id from (
        select t.product_id as id, case when t.language = product_at.language then 0 else 1 end as step
        from product_translation t where t.language in ('es', 'en') and t.slug = product_at.slug
        union all
        select r.product_id, case when r.language = product_at.language then 2 else 3 end
        from slug_redirect r where r.language in ('es', 'en') and r.slug = product_at.slug and r.product_id is not null
    ) a join product p on p.id = a.id
    where p.status = 'active' and p.published
    order by a.step limit 1;
end;

-- A category in a reader's language.
create view category_card as
    select l.language, c.id, c.parent_id, c.position, t.slug, t.name, t.description, m.hash, m.width, m.height, m.widths, m.alt
    from category c
    cross join (values ('es'), ('en')) l (language)
    cross join lateral (
        select x.slug, x.name, x.description from category_translation x where x.category_id = c.id
        order by x.language = l.language desc, x.language limit 1
    ) t
    left join media m on m.id = c.media_id and m.hash is not null;

-- A product in a list, ready to be shown. One picture is enough there.
create view product_card as
    select d.language, d.product_id, t.slug, t.title, d.from_minor, d.to_minor, d.compare_at_minor, d.in_stock, d.variants,
        m.hash, m.width, m.height, m.widths, m.alt
    from search_document d
    cross join lateral (
        select x.slug, x.title from product_translation x where x.product_id = d.product_id
        order by x.language = d.language desc, x.language limit 1
    ) t
    left join lateral (
        select x.hash, x.width, x.height, x.widths, x.alt from media x
        where x.product_id = d.product_id and x.hash is not null
        order by x.position limit 1
    ) m on true;

-- Products that were there before.
insert into search_queue (product_id) select id from product;
