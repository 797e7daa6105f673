-- The newest products are on the home page and wherever a search found nothing: sorting a large shop for them took longer
-- than the search.
create index search_document_newest on search_document (created_at desc, product_id desc);
