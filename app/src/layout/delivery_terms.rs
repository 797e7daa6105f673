//! Every way of delivery with its price, its threshold and its dates, zone by zone, as the merchant's tables have them.

use crate::{layout::or_fault, request, words};
use domain::{
    Language, Money,
    address::Country,
    delivery::{DeliveryDates, Tariff},
    format,
};
use leptos::prelude::*;
use shop::delivery::{MethodTerms, Overview, ZoneTerms, overview};

#[component]
pub fn DeliveryTerms() -> impl IntoView {
    let (shop, language, facts, now) = (request::shop(), request::language(), request::facts(), request::now());
    view! {
        <Suspense>
            {Suspend::new(async move {
                or_fault(overview(&shop, now, language).await, |overview| {
                    facts.true_until(overview.order_until);
                    view! { <Ways overview/> }.into_any()
                })
            })}
        </Suspense>
    }
}

#[component]
fn Ways(overview: Overview) -> impl IntoView {
    let language = request::language();
    let (day, time) = (format::day(overview.order_until.date(), language), format::clock(overview.order_until.time()));
    let day = day.replacen(", ", " ", 1);
    view! {
        <section aria-labelledby="ways">
            <h2 id="ways">{words!(language, layout.delivery_ways)}</h2>
            <p class="soft">{words!(language, layout.delivery_ways_when, time = time, day = day)}</p>
            {overview.zones.into_iter().map(|zone| view! { <Zone zone/> }).collect_view()}
        </section>
    }
}

#[component]
fn Zone(zone: ZoneTerms) -> impl IntoView {
    let language = request::language();
    let names: Vec<&str> = zone.countries.iter().filter_map(|code| Country::by_code(code)).map(|country| country.name(language)).collect();
    // A zone of one country has its name already.
    let countries = (names != [zone.name.as_str()]).then(|| names.join(", "));
    view! {
        <div class="zone">
            <h3>{zone.name}</h3>
            {countries.map(|names| view! { <p class="soft small">{names}</p> })}
            <ul class="ways">{zone.methods.into_iter().map(|method| view! { <Way method/> }).collect_view()}</ul>
        </div>
    }
}

#[component]
fn Way(method: MethodTerms) -> impl IntoView {
    let language = request::language();
    let prices = prices(&method.tariff, language).into_iter().map(|(what, price)| view! { <div><dt>{what}</dt><dd>{price}</dd></div> });
    view! {
        <li>
            <p class="ways__name"><strong>{method.name}</strong>" "<span class="soft">{method.carrier}</span></p>
            <p class="ways__dates">{arrival(method.dates, language)}</p>
            <dl class="ways__prices">{prices.collect_view()}</dl>
        </li>
    }
}

fn arrival(dates: DeliveryDates, language: Language) -> String {
    let (earliest, latest) = (format::short_day(dates.earliest, language), format::short_day(dates.latest, language));
    if dates.earliest == dates.latest { latest } else { format!("{earliest} – {latest}") }
}

/// What is asked up to each weight, and from which amount on nothing is.
fn prices(tariff: &Tariff, language: Language) -> Vec<(String, String)> {
    let free = || words!(language, layout.delivery_free);
    let rate = |&(grams, rate): &(u32, Money)| {
        let price = if rate.is_zero() { free() } else { format::money(rate, language) };
        (words!(language, layout.delivery_up_to, weight = weight(grams, language)), price)
    };
    let threshold = tariff.free_from.map(|from| (words!(language, layout.delivery_from, amount = format::money(from, language)), free()));
    tariff.rates.iter().map(rate).chain(threshold).collect()
}

/// "2 kg", "500 g", "2,5 kg"
fn weight(grams: u32, language: Language) -> String {
    if grams < 1000 {
        return format!("{grams} g");
    }
    let rest = format!("{:03}", grams % 1000);
    let point = if language == Language::Es { "," } else { "." };
    let fraction = rest.trim_end_matches('0');
    let kilograms = format::count((grams / 1000).into(), language);
    if fraction.is_empty() { format!("{kilograms} kg") } else { format!("{kilograms}{point}{fraction} kg") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_said_in_the_unit_that_fits() {
        assert_eq!(weight(500, Language::En), "500 g");
        assert_eq!(weight(2000, Language::Es), "2 kg");
        assert_eq!(weight(2500, Language::Es), "2,5 kg");
        assert_eq!(weight(12_050, Language::En), "12.05 kg");
    }
}
