//! The merchant's tables of delivery and tax in memory. They are asked at every step of a checkout and change
//! rarely: a copy lives for a minute, or until [`forget`].

use crate::{Fault, Shop, database};
use domain::{
    Currency, Money, Translated,
    delivery::{Calendar, Tariff},
    tax::TaxRate,
};
use sqlx::types::Json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};
use time::{Date, Duration, OffsetDateTime, Weekday};

const LIFETIME: Duration = Duration::seconds(60);

pub(super) struct Tables {
    /// In the order they are offered.
    pub(super) methods: Vec<Method>,
    pub(super) carriers: BTreeMap<String, Carrier>,
    /// The workshop's own days.
    pub(super) ours: Calendar,
    /// By country and region.
    pub(super) taxes: BTreeMap<(String, String), TaxRate>,
}

pub(super) struct Method {
    pub(super) code: String,
    pub(super) name: Translated,
    pub(super) carrier: String,
    pub(super) zone: Zone,
    pub(super) transit: (u32, u32),
    pub(super) tariff: Tariff,
}

pub(super) struct Zone {
    pub(super) code: String,
    pub(super) name: Translated,
    pub(super) countries: Vec<String>,
    /// Where it goes within them, if not everywhere.
    pub(super) regions: Vec<String>,
}

pub(super) struct Carrier {
    pub(super) name: String,
    pub(super) tracking_url: String,
    pub(super) calendar: Calendar,
}

struct Copy {
    read_at: OffsetDateTime,
    tables: Arc<Tables>,
}

/// By database: one process may serve several shops (its tests do).
static COPIES: RwLock<BTreeMap<String, Copy>> = RwLock::new(BTreeMap::new());

/// Drops the copy of this shop's tables: somebody changed them.
pub fn forget(shop: &Shop) {
    COPIES.write().unwrap_or_else(PoisonError::into_inner).remove(&database(&shop.db));
}

pub(super) async fn load(shop: &Shop, now: OffsetDateTime) -> Result<Arc<Tables>, Fault> {
    let database = database(&shop.db);
    let fresh = |copy: &&Copy| (Duration::ZERO..LIFETIME).contains(&(now - copy.read_at));
    let known = COPIES.read().unwrap_or_else(PoisonError::into_inner).get(&database).filter(fresh).map(|c| c.tables.clone());
    if let Some(tables) = known {
        return Ok(tables);
    }
    let tables = Arc::new(read(shop).await?);
    let copy = Copy { read_at: now, tables: tables.clone() };
    COPIES.write().unwrap_or_else(PoisonError::into_inner).insert(database, copy);
    Ok(tables)
}

async fn read(shop: &Shop) -> Result<Tables, Fault> {
    let holidays = sqlx::query!("select carrier_code, day from holiday").fetch_all(&shop.db).await?;
    let days_off = |carrier: Option<&str>| -> BTreeSet<Date> {
        holidays.iter().filter(|h| h.carrier_code.as_deref() == carrier).map(|h| h.day).collect()
    };
    let carriers = sqlx::query!("select code, name, tracking_url, weekdays from carrier")
        .fetch_all(&shop.db)
        .await?
        .into_iter()
        .map(|row| {
            let weekdays = row.weekdays.iter().filter_map(|&day| weekday(day)).collect();
            let calendar = Calendar { weekdays, holidays: days_off(Some(&row.code)) };
            (row.code, Carrier { name: row.name, tracking_url: row.tracking_url, calendar })
        })
        .collect();
    let working_days = (1..=5).filter_map(weekday).collect();
    Ok(Tables {
        methods: read_methods(shop).await?,
        carriers,
        ours: Calendar { weekdays: working_days, holidays: days_off(None) },
        taxes: read_taxes(shop).await?,
    })
}

struct MethodRow {
    code: String,
    name: Json<Translated>,
    carrier_code: String,
    zone_code: String,
    zone_name: Json<Translated>,
    countries: Vec<String>,
    regions: Vec<String>,
    transit_days_min: i32,
    transit_days_max: i32,
    free_from_minor: Option<i64>,
    currency: String,
}

async fn read_methods(shop: &Shop) -> Result<Vec<Method>, Fault> {
    let rates = sqlx::query!("select method_code, up_to_grams, minor from shipping_rate order by up_to_grams").fetch_all(&shop.db).await?;
    let rows = sqlx::query_as!(
        MethodRow,
        r#"select m.code, m.name as "name: Json<Translated>", m.carrier_code, m.zone_code, z.name as "zone_name: Json<Translated>",
                  z.countries, z.regions, m.transit_days_min, m.transit_days_max, m.free_from_minor, m.currency
           from shipping_method m join shipping_zone z on z.code = m.zone_code
           where m.active order by z.code, m.position, m.code"#
    )
    .fetch_all(&shop.db)
    .await?;
    let method = |row: MethodRow| {
        let currency: Currency = row.currency.parse().map_err(Fault::new)?;
        let of_this = rates.iter().filter(|r| r.method_code == row.code);
        Ok(Method {
            tariff: Tariff {
                rates: of_this.map(|r| (unsigned(r.up_to_grams), Money::new(r.minor, currency))).collect(),
                free_from: row.free_from_minor.map(|minor| Money::new(minor, currency)),
            },
            code: row.code,
            name: row.name.0,
            carrier: row.carrier_code,
            zone: Zone { code: row.zone_code, name: row.zone_name.0, countries: row.countries, regions: row.regions },
            transit: (unsigned(row.transit_days_min), unsigned(row.transit_days_max)),
        })
    };
    rows.into_iter().map(method).collect()
}

async fn read_taxes(shop: &Shop) -> Result<BTreeMap<(String, String), TaxRate>, Fault> {
    let rows = sqlx::query!("select country, region, basis_points, included, name from tax_rate").fetch_all(&shop.db).await?;
    let rate = |included, name, basis_points| TaxRate { name, basis_points: unsigned(basis_points), included };
    Ok(rows.into_iter().map(|r| ((r.country, r.region), rate(r.included, r.name, r.basis_points))).collect())
}

/// The columns' checks keep these from being negative.
fn unsigned(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// From the ISO number, 1 = Monday.
fn weekday(number: i32) -> Option<Weekday> {
    let index = u8::try_from(number).ok().filter(|n| (1..=7).contains(n))?;
    Some(Weekday::Monday.nth_next(index - 1))
}
