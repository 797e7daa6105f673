//! How an order can be delivered, what that costs and when it arrives: the merchant's tables, read into memory
//! for a minute at a time, and the date rules of `domain::delivery`.

mod overview;
mod tables;

use crate::{Actor, Fault, Outcome, Settings, Shop};
use domain::{
    Language, Money,
    address::{COUNTRIES, Country},
    catalog::Stock,
    delivery::{Calendar, DeliveryDates, DeliveryMethod, Tariff, promise},
    tax::TaxRate,
};
use std::sync::Arc;
use tables::{Method, Tables};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

pub use overview::{MethodTerms, Overview, ZoneTerms, overview};
pub use tables::forget;

/// What a parcel is and where it goes.
#[derive(Debug, Clone, Copy)]
pub struct Consignment<'a> {
    pub country: &'a str,
    pub region: &'a str,
    pub grams: u32,
    /// The goods' total: some methods are free from an amount on.
    pub goods: Money,
    /// Something in it is still to be made.
    pub backordered: bool,
}

/// The methods that go there and carry the weight, in the merchant's order.
///
/// # Errors
/// A fault only.
pub async fn methods_for(
    shop: &Shop,
    consignment: &Consignment<'_>,
    now: OffsetDateTime,
    language: Language,
) -> Outcome<Vec<DeliveryMethod>> {
    Ok(Terms::load(shop, now).await?.methods(consignment, now, language))
}

/// The country where somebody's parcel would go: the one chosen at checkout, else the shop's own.
///
/// # Errors
/// A fault only.
pub async fn destination(shop: &Shop, actor: &Actor) -> Outcome<&'static Country> {
    let chosen = match actor.cart() {
        Some(cart) => sqlx::query_scalar!("select draft ->> 'country' from cart where id = $1", cart.0).fetch_optional(&shop.db).await?,
        None => None,
    };
    let chosen = chosen.flatten().and_then(|code| Country::by_code(&code));
    Ok(chosen.unwrap_or_else(|| home(&shop.settings)))
}

/// The country that the shop sells to first.
#[must_use]
pub fn home(settings: &Settings) -> &'static Country {
    Country::by_code(&settings.home_country).unwrap_or(&COUNTRIES[0])
}

/// What each way of delivery to `country` costs.
///
/// # Errors
/// A fault only.
pub async fn tariffs(shop: &Shop, country: &Country, now: OffsetDateTime) -> Outcome<Vec<Tariff>> {
    Ok(Terms::load(shop, now).await?.going_to(country.code, "").map(|method| method.tariff.clone()).collect())
}

/// What the product page promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductPromise {
    pub dates: DeliveryDates,
    /// These dates hold for orders until then, local time: the next cut-off on a day that is worked.
    pub order_until: OffsetDateTime,
}

/// The dates of the cheapest method that carries so much to `country`; `None` for what is sold out, or when nothing goes there.
///
/// # Errors
/// A fault only.
pub async fn product_promise(
    shop: &Shop,
    country: &str,
    stock: Stock,
    grams: u32,
    now: OffsetDateTime,
    language: Language,
) -> Outcome<Option<ProductPromise>> {
    if !stock.can_be_bought() {
        return Ok(None);
    }
    let terms = Terms::load(shop, now).await?;
    let nothing = Money::zero(shop.settings.currency);
    let consignment = Consignment { country, region: "", grams, goods: nothing, backordered: stock == Stock::MadeToOrder };
    let methods = terms.methods(&consignment, now, language);
    let cheapest = methods.into_iter().min_by_key(|m| m.price.minor);
    Ok(cheapest.map(|method| ProductPromise { dates: method.dates, order_until: terms.next_cut_off(now) }))
}

/// The merchant's terms of delivery and tax at one moment.
pub(crate) struct Terms<'a> {
    tables: Arc<Tables>,
    settings: &'a Settings,
}

impl<'a> Terms<'a> {
    pub(crate) async fn load(shop: &'a Shop, now: OffsetDateTime) -> Result<Self, Fault> {
        Ok(Self { tables: tables::load(shop, now).await?, settings: &shop.settings })
    }

    pub(crate) fn methods(&self, consignment: &Consignment<'_>, now: OffsetDateTime, language: Language) -> Vec<DeliveryMethod> {
        let offer = |method: &Method| {
            let price = method.tariff.price(consignment.goods, consignment.grams)?;
            Some(DeliveryMethod {
                code: method.code.clone(),
                name: method.name.get(language).to_owned(),
                carrier: self.carrier_name(&method.carrier).to_owned(),
                price,
                dates: self.dates(method, consignment.backordered, now),
            })
        };
        self.going_to(consignment.country, consignment.region).filter_map(offer).collect()
    }

    /// A region that a zone names is gone to by that zone's methods only.
    fn going_to(&self, country: &str, region: &str) -> impl Iterator<Item = &Method> {
        let there = move |method: &&Method| method.zone.countries.iter().any(|code| code == country);
        let named = move |method: &Method| method.zone.regions.iter().any(|code| code == region);
        let apart = self.tables.methods.iter().filter(there).any(named);
        self.tables.methods.iter().filter(there).filter(move |method| if apart { named(method) } else { method.zone.regions.is_empty() })
    }

    /// The dates for an order that is paid now, with a method's carrier.
    pub(crate) fn dates_of(&self, method: &str, backordered: bool, now: OffsetDateTime) -> Option<DeliveryDates> {
        self.method(method).map(|m| self.dates(m, backordered, now))
    }

    fn dates(&self, method: &Method, backordered: bool, now: OffsetDateTime) -> DeliveryDates {
        let local = self.settings.local(now);
        let carrier = self.calendar(&method.carrier);
        promise(local.date(), local.time(), &self.settings.handling, backordered, &self.tables.ours, carrier, method.transit)
    }

    /// When a parcel that the carrier took over on `day` is at the door at the latest, by the method's transit days.
    pub(crate) fn arrival(&self, method: &str, day: Date) -> Option<Date> {
        self.method(method).map(|m| self.calendar(&m.carrier).after(day, m.transit.1))
    }

    fn method(&self, code: &str) -> Option<&Method> {
        self.tables.methods.iter().find(|m| m.code == code)
    }

    pub(crate) fn method_name(&self, code: &str, language: Language) -> Option<&str> {
        self.method(code).map(|m| m.name.get(language))
    }

    pub(crate) fn carrier_of(&self, method: &str) -> &str {
        self.method(method).map_or("", |m| &m.carrier)
    }

    pub(crate) fn carrier_name<'b>(&'b self, code: &'b str) -> &'b str {
        self.tables.carriers.get(code).map_or(code, |c| &c.name)
    }

    /// The carrier's own page for a parcel; empty when it has none.
    pub(crate) fn tracking_url(&self, carrier: &str, tracking: &str) -> String {
        let number: String = tracking.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
        self.tables.carriers.get(carrier).map_or_else(String::new, |c| c.tracking_url.replace("{tracking}", &number))
    }

    fn calendar(&self, carrier: &str) -> &Calendar {
        self.tables.carriers.get(carrier).map_or(&self.tables.ours, |c| &c.calendar)
    }

    /// The rate of the region, else of the country, else none.
    pub(crate) fn tax(&self, country: &str, region: &str) -> TaxRate {
        let rate = |region: &str| self.tables.taxes.get(&(country.to_owned(), region.to_owned())).cloned();
        rate(region).or_else(|| rate("")).unwrap_or_else(TaxRate::none)
    }

    fn next_cut_off(&self, now: OffsetDateTime) -> OffsetDateTime {
        let local = self.settings.local(now);
        let cut_off = self.settings.handling.cut_off;
        let first = if local.time() <= cut_off { local.date() } else { local.date().saturating_add(Duration::days(1)) };
        local_moment(self.settings, self.tables.ours.on_or_after(first), cut_off)
    }
}

/// The end of a local day: what is promised for that day is due then.
pub(crate) fn end_of_day(settings: &Settings, day: Date) -> OffsetDateTime {
    local_moment(settings, day.saturating_add(Duration::days(1)), Time::MIDNIGHT) - Duration::seconds(1)
}

/// A day and a time at the workshop as a moment. Where the clock changes, the offset of the day decides.
pub(crate) fn local_moment(settings: &Settings, day: Date, time: Time) -> OffsetDateTime {
    let local = PrimitiveDateTime::new(day, time);
    let offset = settings.local(local.assume_utc()).offset();
    settings.local(local.assume_offset(offset))
}
