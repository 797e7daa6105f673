//! All ways of delivery by zone, as the page on delivery lists them.

use super::{Terms, tables::Method};
use crate::{Outcome, Shop};
use domain::{
    Language,
    delivery::{DeliveryDates, Tariff},
};
use time::OffsetDateTime;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub zones: Vec<ZoneTerms>,
    /// The dates hold for orders until then, local time.
    pub order_until: OffsetDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneTerms {
    pub name: String,
    /// ISO codes.
    pub countries: Vec<String>,
    /// In the merchant's order.
    pub methods: Vec<MethodTerms>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodTerms {
    pub name: String,
    pub carrier: String,
    pub tariff: Tariff,
    /// For what is in stock and ordered now.
    pub dates: DeliveryDates,
}

/// The zones that something goes to; the home country's first.
///
/// # Errors
/// A fault only.
pub async fn overview(shop: &Shop, now: OffsetDateTime, language: Language) -> Outcome<Overview> {
    let terms = Terms::load(shop, now).await?;
    let of_method = |method: &Method| MethodTerms {
        name: method.name.get(language).to_owned(),
        carrier: terms.carrier_name(&method.carrier).to_owned(),
        tariff: method.tariff.clone(),
        dates: terms.dates(method, false, now),
    };
    // Methods come by zone.
    let mut zones: Vec<ZoneTerms> = terms
        .tables
        .methods
        .chunk_by(|a, b| a.zone.code == b.zone.code)
        .filter_map(|methods| {
            let zone = &methods.first()?.zone;
            let methods = methods.iter().map(of_method).collect();
            Some(ZoneTerms { name: zone.name.get(language).to_owned(), countries: zone.countries.clone(), methods })
        })
        .collect();
    zones.sort_by_key(|zone| !zone.countries.contains(&shop.settings.home_country));
    Ok(Overview { zones, order_until: terms.next_cut_off(now) })
}
