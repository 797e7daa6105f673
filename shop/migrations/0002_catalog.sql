-- Products, their variants, prices, pictures and stock. Small labels are translated in place as
-- {"en": .., "es": ..}; what has a page of its own has a translation row with its slug.

create table category (
    id uuid primary key,
    parent_id uuid references category,
    -- Path of names in the base language, "Tableware > Bowls": the identity in imports.
    path text not null unique,
    position integer not null default 0,
    media_id uuid
);
create index category_parent on category (parent_id, position);

create table category_translation (
    category_id uuid not null references category on delete cascade,
    language text not null,
    name text not null,
    slug text not null,
    description text not null default '',
    primary key (category_id, language),
    unique (language, slug)
);

create table product (
    id uuid primary key,
    handle text not null unique,
    status text not null check (status in ('active', 'draft', 'archived')),
    published boolean not null default true,
    vendor text not null default '',
    kind text not null default '',
    kind_translations jsonb not null default '{}',
    tags text[] not null default '{}',
    category_id uuid references category,
    -- Columns of an import that we do not know, kept so that an export gives them back.
    extra jsonb not null default '{}',
    -- Of the normalised import rows: an unchanged product is not written again.
    import_hash bytea,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index product_category on product (category_id);

create table product_translation (
    product_id uuid not null references product on delete cascade,
    language text not null,
    slug text not null,
    title text not null,
    body_html text not null default '',
    seo_title text not null default '',
    seo_description text not null default '',
    primary key (product_id, language),
    unique (language, slug)
);

-- Old addresses keep leading to the product after it is renamed.
create table slug_redirect (
    language text not null,
    slug text not null,
    product_id uuid references product on delete cascade,
    category_id uuid references category on delete cascade,
    created_at timestamptz not null,
    primary key (language, slug),
    check (num_nonnulls(product_id, category_id) = 1)
);

create table product_option (
    id uuid primary key,
    product_id uuid not null references product on delete cascade,
    position integer not null,
    -- Slug of the base-language name, "glaze": products with the same option share it in facets.
    code text not null,
    name jsonb not null,
    unique (product_id, position),
    unique (product_id, code)
);

create table product_option_value (
    id uuid primary key,
    option_id uuid not null references product_option on delete cascade,
    position integer not null,
    code text not null,
    name jsonb not null,
    unique (option_id, code)
);

create table media (
    id uuid primary key,
    product_id uuid references product on delete cascade,
    position integer not null default 0,
    -- As the import named it, for exports.
    source text not null,
    -- SHA-256 of the original in hex: the derived files are served from /media/{hash}/{width}.{avif,webp}.
    -- Null when the picture could not be had; such media are not shown.
    hash text,
    width integer not null default 0,
    height integer not null default 0,
    -- Widths that were derived, ascending; the last is the original's own size or the largest we keep.
    widths integer[] not null default '{}',
    alt jsonb not null default '{}'
);
create index media_product on media (product_id, position);
alter table category add foreign key (media_id) references media;

create table product_specification (
    product_id uuid not null references product on delete cascade,
    position integer not null,
    -- The import column's metafield key, "dimensions".
    code text not null,
    label jsonb not null,
    value jsonb not null,
    primary key (product_id, code)
);

create table variant (
    id uuid primary key,
    product_id uuid not null references product on delete cascade,
    position integer not null,
    sku text unique,
    barcode text not null default '',
    grams integer not null default 0 check (grams >= 0),
    requires_shipping boolean not null default true,
    taxable boolean not null default true,
    -- May be sold beyond what is in stock, made to order.
    backorder boolean not null default false,
    -- Stock is counted; otherwise it is always available.
    tracked boolean not null default true,
    media_id uuid references media on delete set null,
    extra jsonb not null default '{}'
);
create index variant_product on variant (product_id, position);

create table variant_option_value (
    variant_id uuid not null references variant on delete cascade,
    option_value_id uuid not null references product_option_value on delete cascade,
    position integer not null,
    primary key (variant_id, option_value_id)
);
create index variant_option_value_value on variant_option_value (option_value_id);

create table price (
    variant_id uuid not null references variant on delete cascade,
    currency text not null,
    minor bigint not null check (minor >= 0),
    compare_at_minor bigint check (compare_at_minor > 0),
    primary key (variant_id, currency)
);

-- Every price a variant had and from when: the lowest of the last 30 days is shown beside a reduction.
create table price_history (
    variant_id uuid not null references variant on delete cascade,
    currency text not null,
    minor bigint not null,
    from_at timestamptz not null,
    primary key (variant_id, currency, from_at)
);

create table stock_level (
    variant_id uuid primary key references variant on delete cascade,
    on_hand integer not null default 0,
    -- Sold and paid, not yet handed over.
    allocated integer not null default 0 check (allocated >= 0),
    -- Held for orders that are being paid.
    reserved integer not null default 0 check (reserved >= 0),
    -- Copied from the variant, so that the check below can see it.
    unlimited boolean not null default false,
    available integer not null generated always as (on_hand - allocated - reserved) stored,
    check (unlimited or on_hand >= 0),
    constraint stock_available_not_negative check (unlimited or on_hand - allocated - reserved >= 0)
);

create table stock_movement (
    id uuid primary key,
    variant_id uuid not null references variant on delete cascade,
    kind text not null check (kind in ('import', 'adjust', 'reserve', 'release', 'allocate', 'deallocate', 'ship')),
    quantity integer not null,
    order_id uuid,
    at timestamptz not null
);
create index stock_movement_variant on stock_movement (variant_id, at);
