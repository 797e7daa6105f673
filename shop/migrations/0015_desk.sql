-- The service desk: how much somebody may give back, texts to answer with, who gets which conversation, what was typed
-- and refused, clicks that must count once, and reviews of conversations.

-- What an agent may give back of one order, minor units of the shop's currency. Supervisors and managers have no limit.
alter table staff add column refund_limit_minor bigint not null default 5000 check (refund_limit_minor >= 0);

-- Who asked for it; null when the shop itself did, or somebody at the command line.
alter table refund add column requested_by uuid references staff;

-- A text to answer with, in every language; `{name}`, `{order}`, `{promised}`, `{agent}` take their values.
create table template (
    id uuid primary key,
    -- What one types after a slash.
    shortcut text not null unique check (shortcut ~ '^[a-z0-9-]{1,24}$'),
    title jsonb not null,
    body jsonb not null,
    -- For people who are angry: offered first to them.
    calm boolean not null default false,
    changed_at timestamptz not null
);
insert into template (id, shortcut, title, body, calm, changed_at) values
    (gen_random_uuid(), 'hello',
        '{"en": "Greeting", "es": "Saludo"}',
        '{"en": "Hello {name}, this is {agent}. Thank you for writing. I am reading what you sent and will answer in a moment.", "es": "Hola, {name}. Soy {agent}. Gracias por escribir. Estoy leyendo lo que nos cuentas y te respondo enseguida."}',
        false, now()),
    (gen_random_uuid(), 'where',
        '{"en": "Where the order is", "es": "Dónde está el pedido"}',
        '{"en": "Your order {order} is promised for {promised}. I have just looked: as things stand it will be there by then. If that changes, we write to you before you have to ask.", "es": "Tu pedido {order} está prometido para el {promised}. Acabo de mirarlo: tal como está, llegará a tiempo. Si algo cambia, te escribimos antes de que tengas que preguntar."}',
        false, now()),
    (gen_random_uuid(), 'late',
        '{"en": "It will be late", "es": "Llegará tarde"}',
        '{"en": "{name}, I am sorry: order {order} will not be there by {promised}, as we promised. You may wait, or cancel and have all your money back. Which do you prefer? I will see to it now.", "es": "{name}, lo siento: el pedido {order} no llegará el {promised}, como prometimos. Puedes esperar, o cancelarlo y te devolvemos todo. ¿Qué prefieres? Me ocupo ahora mismo."}',
        false, now()),
    (gen_random_uuid(), 'broken',
        '{"en": "Something arrived broken", "es": "Ha llegado algo roto"}',
        '{"en": "I am sorry that it arrived broken. You need not send it back. A photograph of the piece and one of the box are enough. Would you rather have a new one or your money back?", "es": "Siento que haya llegado roto. No tienes que devolverlo. Basta una foto de la pieza y otra de la caja. ¿Prefieres una nueva o que te devolvamos el dinero?"}',
        false, now()),
    (gen_random_uuid(), 'refund',
        '{"en": "Money on its way back", "es": "Dinero de vuelta"}',
        '{"en": "I have returned the money for order {order}, the way you paid. Banks usually need 5 to 10 days. You can follow it on the page of your order.", "es": "He devuelto el importe del pedido {order} por el mismo medio de pago. Los bancos suelen tardar de 5 a 10 días. Puedes seguirlo en la página de tu pedido."}',
        false, now()),
    (gen_random_uuid(), 'anything-else',
        '{"en": "Before closing", "es": "Antes de cerrar"}',
        '{"en": "Is there anything else I can do for you, {name}? If not, I close this conversation. You can write here again whenever you like.", "es": "¿Puedo hacer algo más por ti, {name}? Si no, cierro la conversación. Puedes volver a escribir aquí cuando quieras."}',
        false, now()),
    (gen_random_uuid(), 'calm-listen',
        '{"en": "Calm: I have understood", "es": "Calma: te he entendido"}',
        '{"en": "{name}, you are right to be annoyed, and I am sorry. So that you need not say it twice, this is what I understood: … Is that so? I stay with this until it is solved.", "es": "{name}, entiendo tu enfado, y lo siento. Para que no tengas que repetirlo, esto es lo que he entendido: … ¿Es así? Me quedo con esto hasta que esté resuelto."}',
        true, now()),
    (gen_random_uuid(), 'calm-solve',
        '{"en": "Calm: how shall we solve it?", "es": "Calma: ¿cómo lo resolvemos?"}',
        '{"en": "Thank you for telling me plainly. This is our mistake and ours to mend. How would you like it solved? I will tell you at once what I can do today and what I need until tomorrow for.", "es": "Gracias por decírmelo con claridad. El error es nuestro y nos toca arreglarlo. ¿Cómo quieres que lo resolvamos? Te digo enseguida qué puedo hacer hoy y qué necesita hasta mañana."}',
        true, now());

-- Who gets which conversation, in this order (domain::routing).
create table routing_rule (
    id uuid primary key,
    position integer not null,
    name text not null check (name <> ''),
    language text,
    topic text,
    has_order boolean,
    from_hour integer check (from_hour between 0 and 23),
    to_hour integer check (to_hour between 0 and 24),
    skill text,
    staff_id uuid references staff on delete cascade,
    -- Rather waits than goes to anybody else.
    waits boolean not null default false,
    check ((skill is null) <> (staff_id is null)),
    check ((from_hour is null) = (to_hour is null))
);
create index routing_rule_position on routing_rule (position, id);

-- What routing decided, and on what.
create table routing_decision (
    id uuid primary key,
    conversation_id uuid not null references conversation on delete cascade,
    staff_id uuid references staff,
    rule_id uuid,
    why text not null,
    facts jsonb not null,
    at timestamptz not null
);
create index routing_decision_conversation on routing_decision (conversation_id, at desc);

-- What was typed and not taken: nobody types it twice.
create table desk_draft (
    staff_id uuid not null references staff on delete cascade,
    conversation_id uuid not null references conversation on delete cascade,
    form text not null,
    body text not null,
    at timestamptz not null,
    primary key (staff_id, conversation_id, form)
);

-- The same of a contact that was noted, before there is a conversation.
create table desk_contact_draft (
    staff_id uuid primary key references staff on delete cascade,
    typed jsonb not null,
    at timestamptz not null
);

-- A form carries a key; what was done under it is not done again.
create table desk_action (
    key uuid primary key,
    staff_id uuid references staff,
    action text not null,
    subject uuid not null,
    at timestamptz not null
);

-- A conversation that somebody went through with the list of eleven points.
create table scorecard (
    id uuid primary key,
    conversation_id uuid not null references conversation on delete cascade,
    -- Who answered in it, and who looked at it.
    agent_id uuid references staff,
    reviewer_id uuid not null references staff,
    -- One to five a criterion; what could not be seen is absent.
    marks jsonb not null,
    comment text not null default '',
    at timestamptz not null,
    unique (conversation_id, reviewer_id)
);
create index scorecard_agent on scorecard (agent_id, at desc);
