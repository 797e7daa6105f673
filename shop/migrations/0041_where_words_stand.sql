-- Which products hold a word in their title, and which among their labels: whoever searches sees these first. Read from
-- each row that was found it took as long as finding them.
create index search_document_titled on search_document using gin (ts_filter(head, '{a}'));
create index search_document_labelled on search_document using gin (head);
