-- Help articles: one row an article, one text a language, found by the search configurations of the catalogue.

create table help_article (
    id uuid primary key,
    topic text not null check (topic in ('orders', 'delivery', 'returns', 'pieces', 'payment', 'shop')),
    position integer not null default 0,
    -- The file of the demonstration it was loaded from.
    handle text unique,
    created_at timestamptz not null
);

create table help_text (
    article_id uuid not null references help_article on delete cascade,
    language text not null check (language in ('es', 'en')),
    slug text not null,
    title text not null,
    -- Markdown, and its beginning as plain words.
    body text not null,
    summary text not null,
    published boolean not null,
    changed_at timestamptz not null,
    -- Title (A) and text (B): stemmed, and the title as written, so that an unfinished word finds it.
    found tsvector not null,
    primary key (article_id, language),
    unique (language, slug)
);
create index help_text_found on help_text using gin (found);

-- The language decides how words are stemmed, which no generated column can express.
create function help_text_found() returns trigger language plpgsql as $$
declare
    config regconfig := 'search_' || new.language;
begin
    new.found := setweight(to_tsvector(config, search_text(new.title)), 'A')
        || setweight(to_tsvector('simple', search_text(new.title)), 'A')
        || setweight(to_tsvector(config, search_text(new.body)), 'B');
    return new;
end $$;
create trigger help_text_found before insert or update of title, body, language on help_text
    for each row execute function help_text_found();

-- Any of the words somebody typed, for a question asked in whole sentences; null where no word has any weight.
create function help_query(language text, typed text) returns tsquery
    language plpgsql stable set client_min_messages = warning as $$
declare
    config regconfig := 'search_' || language;
    wanted tsquery := plainto_tsquery(config, search_text(left(typed, 500)));
begin
    if numnode(wanted) = 0 then
        return null;
    end if;
    return replace(wanted::text, '&', '|')::tsquery;
end $$;

-- "Did this help?", once a reader and article; who thinks again changes their word.
create table help_vote (
    article_id uuid not null references help_article on delete cascade,
    visitor uuid not null,
    language text not null,
    helped boolean not null,
    -- What was missing, in the reader's words.
    missing text not null default '',
    at timestamptz not null,
    primary key (article_id, visitor)
);
