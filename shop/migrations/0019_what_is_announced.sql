-- Only what makes a page untrue is announced to every node. Commits that announce something wait for each other, so
-- what nobody listens for must not make orders, messages and promises stand in one line.
create or replace function announce_event() returns trigger language plpgsql as $$
begin
    if new.kind like any (array['product.%', 'price.%', 'stock.%', 'category.%', 'home.%', 'help.changed']) then
        perform pg_notify('event', json_build_object('kind', new.kind, 'subject', new.subject)::text);
    end if;
    return null;
end $$;
