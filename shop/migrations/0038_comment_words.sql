-- What people wrote in surveys is found by its words, in whichever language it is, without accents.

alter table survey_comment add column words tsvector not null
    generated always as (to_tsvector('search_en', search_text(body)) || to_tsvector('search_es', search_text(body))) stored;
