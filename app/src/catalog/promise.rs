//! When a product will be at the door, said so that it stays true while the page is kept: until a time of a day,
//! never "in two hours".

use crate::{catalog::api::Promises, request, words};
use domain::{Language, address::Country, catalog::Stock, format};
use shop::{
    Outcome, Shop,
    delivery::{self, ProductPromise, product_promise},
};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

/// The sentences that a page for everybody says: those of the shop's home country. They hold for each variant, so for
/// `grams` of the heaviest. The page is true until they are not.
///
/// # Errors
/// A fault only.
pub async fn for_everybody(shop: &Shop, grams: u32, language: Language, now: OffsetDateTime) -> Outcome<Promises> {
    let facts = request::facts();
    let (promises, until) = sentences(shop, delivery::home(&shop.settings), grams, language, now).await?;
    until.into_iter().for_each(|moment| facts.true_until(moment));
    Ok(promises)
}

/// The sentences for a country, and until when they are true.
///
/// # Errors
/// A fault only.
pub async fn sentences(
    shop: &Shop,
    country: &Country,
    grams: u32,
    language: Language,
    now: OffsetDateTime,
) -> Outcome<(Promises, Option<OffsetDateTime>)> {
    let (mut promises, mut until) = (Promises::default(), None);
    for (stock, place) in [(Stock::Unlimited, &mut promises.stocked), (Stock::MadeToOrder, &mut promises.made)] {
        let Some(promise) = product_promise(shop, country.code, stock, grams, now, language).await? else { continue };
        let today = shop.settings.local(now);
        until = Some(promise.order_until.min(end_of(today)));
        *place = Some(sentence(&promise, today.date(), country, language));
    }
    Ok((promises, until))
}

fn sentence(promise: &ProductPromise, today: Date, country: &Country, language: Language) -> String {
    let (day, time) = (promise.order_until.date(), format::clock(promise.order_until.time()));
    let before = if day == today {
        words!(language, catalog.before_today, time = time)
    } else if Some(day) == today.next_day() {
        words!(language, catalog.before_tomorrow, time = time)
    } else {
        words!(language, catalog.before_day, time = time, day = in_sentence(day, language))
    };
    let country = country.in_sentence(language);
    let (earliest, latest) = (in_sentence(promise.dates.earliest, language), in_sentence(promise.dates.latest, language));
    if promise.dates.earliest == promise.dates.latest {
        words!(language, catalog.arrives_on, before = before, day = latest, country = country)
    } else {
        words!(language, catalog.arrives_between, before = before, earliest = earliest, latest = latest, country = country)
    }
}

/// Within a sentence Spanish dates have no comma after the weekday.
fn in_sentence(date: Date, language: Language) -> String {
    format::day(date, language).replacen(", ", " ", 1)
}

/// The coming midnight: "today" is another day from then on.
fn end_of(local: OffsetDateTime) -> OffsetDateTime {
    PrimitiveDateTime::new(local.date().saturating_add(Duration::days(1)), Time::MIDNIGHT).assume_offset(local.offset())
}
