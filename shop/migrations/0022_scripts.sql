-- Scripts («guión») that agents go through: an edit is a new version, a run keeps the one it began with.
create table script (
    id uuid primary key,
    created_at timestamptz not null,
    -- Not offered any more; runs of it stay.
    retired_at timestamptz
);

create table script_version (
    id uuid primary key,
    script_id uuid not null references script,
    version integer not null check (version > 0),
    title jsonb not null,
    -- As it was written (domain::desk::Script reads it).
    source text not null,
    staff_id uuid references staff,
    at timestamptz not null,
    unique (script_id, version)
);

create table script_run (
    id uuid primary key,
    conversation_id uuid not null references conversation on delete cascade,
    version_id uuid not null references script_version,
    staff_id uuid references staff,
    -- The steps gone through; the last is where it stands.
    path text[] not null check (cardinality(path) > 0),
    began_at timestamptz not null,
    ended_at timestamptz,
    -- Whether it came to an end of the script, or was left before.
    outcome text check (outcome in ('done', 'left')),
    check ((ended_at is null) = (outcome is null))
);
create unique index script_run_open on script_run (conversation_id) where ended_at is null;
create index script_run_conversation on script_run (conversation_id, began_at desc);
create index script_run_version on script_run (version_id);

-- What was noted on the way.
create table script_capture (
    run_id uuid not null references script_run on delete cascade,
    key text not null,
    value text not null check (value <> ''),
    at timestamptz not null,
    primary key (run_id, key)
);

with made as (insert into script (id, created_at) values (gen_random_uuid(), now()) returning id)
insert into script_version (id, script_id, version, title, source, at)
select gen_random_uuid(), id, 1, '{"en": "Something arrived broken", "es": "Ha llegado algo roto"}',
'# listen
es: Siento mucho que haya llegado así. ¿Qué pieza es, y qué le pasa?
en: I am so sorry it arrived like this. Which piece is it, and what is wrong with it?
* piece!: Pieza | Piece
* damage!: Qué le pasa | What is wrong
> photo: Lo ha contado | Has told it

# photo
es: ¿Podrías enviarnos una foto de la pieza y otra de la caja? No tienes que devolver nada.
en: Could you send us a photograph of the piece and one of the box? You need not send anything back.
* box: Cómo venía la caja | How the box was
> wish: Hay fotos | There are photographs
> wish: No puede hacerlas | Cannot take any

# wish
es: ¿Cómo prefieres que lo arreglemos: con otra pieza o con tu dinero de vuelta?
en: How would you like us to put it right: with another piece or with your money back?
> another: Otra pieza | Another piece
> money: El dinero | The money

# another
es: Mañana preparamos otra. Te escribimos cuando salga, con el día de llegada.
en: We prepare another one tomorrow. We write to you when it leaves, with the day it arrives.
* promised!: Día prometido | Promised day

# money
es: Te devolvemos el importe ahora mismo. Los bancos suelen tardar de 5 a 10 días.
en: We give the money back right now. Banks usually need 5 to 10 days.
* refund!: Importe devuelto | Amount given back
', now() from made;
