-- What delivery costs, when it arrives, and which tax a country asks. Seeded with a small Spanish shop's settings;
-- a merchant edits the rows.

create table carrier (
    code text primary key,
    name text not null,
    -- {tracking} is replaced by the parcel's number.
    tracking_url text not null default '',
    -- ISO weekdays (1 = Monday) on which parcels move.
    weekdays integer[] not null default '{1,2,3,4,5}'
);

-- Days on which a carrier (or, with carrier null, our own workshop) does not move.
create table holiday (
    id integer primary key generated always as identity,
    carrier_code text references carrier,
    day date not null,
    name text not null default ''
);
create index holiday_day on holiday (day);

create table shipping_zone (
    code text primary key,
    name jsonb not null,
    countries text[] not null
);

create table shipping_method (
    code text primary key,
    zone_code text not null references shipping_zone,
    carrier_code text not null references carrier,
    name jsonb not null,
    position integer not null default 0,
    -- Working days of the carrier from hand-over to the door.
    transit_days_min integer not null check (transit_days_min >= 0),
    transit_days_max integer not null,
    -- Order total of goods from which it costs nothing; null: never.
    free_from_minor bigint,
    currency text not null,
    active boolean not null default true,
    check (transit_days_max >= transit_days_min)
);
create index shipping_method_zone on shipping_method (zone_code, position);

-- The first row whose weight is enough; no row: the method does not carry it.
create table shipping_rate (
    method_code text not null references shipping_method on delete cascade,
    up_to_grams integer not null,
    minor bigint not null check (minor >= 0),
    primary key (method_code, up_to_grams)
);

create table tax_rate (
    country text not null,
    -- Empty: the whole country.
    region text not null default '',
    -- Hundredths of a percent: 2100 is 21 %.
    basis_points integer not null check (basis_points between 0 and 10000),
    -- Prices as shown contain it; otherwise it is added.
    included boolean not null,
    name text not null,
    primary key (country, region)
);

insert into carrier (code, name, tracking_url, weekdays) values
    ('correos', 'Correos Express', 'https://s.correosexpress.com/c?n={tracking}', '{1,2,3,4,5}'),
    ('seur', 'SEUR', 'https://www.seur.com/livetracking/?segOnlineIdentificador={tracking}', '{1,2,3,4,5,6}'),
    ('dhl', 'DHL', 'https://www.dhl.com/en/express/tracking.html?AWB={tracking}', '{1,2,3,4,5}');

insert into holiday (carrier_code, day, name) values
    (null, '2026-12-08', 'Inmaculada'), (null, '2026-12-25', 'Navidad'), (null, '2027-01-01', 'Año Nuevo'), (null, '2027-01-06', 'Reyes'),
    (null, '2027-03-26', 'Viernes Santo'), (null, '2027-10-12', 'Fiesta Nacional'), (null, '2027-11-01', 'Todos los Santos'),
    (null, '2027-12-06', 'Constitución'), (null, '2027-12-08', 'Inmaculada'),
    ('correos', '2026-12-08', 'Inmaculada'), ('correos', '2026-12-25', 'Navidad'), ('correos', '2027-01-01', 'Año Nuevo'), ('correos', '2027-01-06', 'Reyes'),
    ('seur', '2026-12-08', 'Inmaculada'), ('seur', '2026-12-25', 'Navidad'), ('seur', '2027-01-01', 'Año Nuevo'), ('seur', '2027-01-06', 'Reyes'),
    ('dhl', '2026-12-25', 'Navidad'), ('dhl', '2027-01-01', 'Año Nuevo');

insert into shipping_zone (code, name, countries) values
    ('es', '{"es": "España", "en": "Spain"}', '{ES}'),
    ('eu', '{"es": "Unión Europea", "en": "European Union"}', '{PT,FR,DE,IT,NL,BE,IE,AT}'),
    ('world', '{"es": "Resto del mundo", "en": "Rest of the world"}', '{GB,US,MX,CH,CA}');

insert into shipping_method (code, zone_code, carrier_code, name, position, transit_days_min, transit_days_max, free_from_minor, currency) values
    ('es-standard', 'es', 'correos', '{"es": "Estándar", "en": "Standard"}', 0, 1, 2, 9000, 'EUR'),
    ('es-express', 'es', 'seur', '{"es": "Urgente", "en": "Express"}', 1, 1, 1, null, 'EUR'),
    ('eu-standard', 'eu', 'dhl', '{"es": "Estándar", "en": "Standard"}', 0, 3, 5, 15000, 'EUR'),
    ('eu-express', 'eu', 'dhl', '{"es": "Urgente", "en": "Express"}', 1, 1, 2, null, 'EUR'),
    ('world-standard', 'world', 'dhl', '{"es": "Internacional", "en": "International"}', 0, 5, 9, null, 'EUR');

insert into shipping_rate (method_code, up_to_grams, minor) values
    ('es-standard', 2000, 490), ('es-standard', 10000, 690), ('es-standard', 30000, 1290),
    ('es-express', 2000, 790), ('es-express', 10000, 1190), ('es-express', 30000, 1990),
    ('eu-standard', 2000, 990), ('eu-standard', 10000, 1490), ('eu-standard', 30000, 2490),
    ('eu-express', 2000, 1990), ('eu-express', 10000, 2990),
    ('world-standard', 2000, 2490), ('world-standard', 10000, 4490);

insert into tax_rate (country, region, basis_points, included, name) values
    ('ES', '', 2100, true, 'IVA'), ('PT', '', 2300, true, 'IVA'), ('FR', '', 2000, true, 'TVA'), ('DE', '', 1900, true, 'MwSt.'),
    ('IT', '', 2200, true, 'IVA'), ('NL', '', 2100, true, 'BTW'), ('BE', '', 2100, true, 'BTW/TVA'), ('IE', '', 2300, true, 'VAT'),
    ('AT', '', 2000, true, 'USt.'),
    -- Canary Islands, Ceuta and Melilla are outside the VAT area.
    ('ES', 'GC', 0, true, 'IVA'), ('ES', 'TF', 0, true, 'IVA'), ('ES', 'CE', 0, true, 'IVA'), ('ES', 'ML', 0, true, 'IVA'),
    ('GB', '', 2000, false, 'VAT'), ('CH', '', 0, false, 'MWST'), ('MX', '', 0, false, 'IVA'), ('CA', '', 0, false, 'GST'),
    ('US', '', 0, false, 'Sales tax'), ('US', 'NY', 888, false, 'Sales tax'), ('US', 'CA', 875, false, 'Sales tax');
