-- How whoever answers buys, as it was when they began; null: not known yet.
alter table survey_response add column class text;
