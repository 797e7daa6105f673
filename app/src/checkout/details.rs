//! The first step: who gets it and where. The country comes first, for it shapes the fields under it.

use super::{
    api::{SAVE_ONLY, TO_DELIVERY},
    desk::Desk,
    field::{FieldError, Kind, TextField},
};
use crate::fill::fill;
use domain::{
    address::{COUNTRIES, Country},
    checkout::Field,
};
use leptos::prelude::*;

#[component]
pub(super) fn Details(desk: Desk) -> impl IntoView {
    // Once there is something to pay, paying is the thing to do.
    let known = move || desk.checkout.with(|checkout| checkout.totals.is_some());
    view! {
        <section class="step stack stack--wide" aria-labelledby="details">
            <h2 class="step__title" id="details" tabindex="-1"><span class="step__number">"1"</span>{desk.word(|w| &w.page.step_details)}</h2>
            <fieldset class="fields">
                <legend class="step__legend">{desk.word(|w| &w.page.contact)}</legend>
                <TextField desk kind=Kind::EMAIL label=desk.word(|w| &w.label.email) hint=desk.word(|w| &w.hint.email)
                    inputmode=Signal::from("email")/>
                <TextField desk kind=Kind::PHONE label=desk.word(|w| &w.label.phone) hint=desk.word(|w| &w.hint.phone)
                    inputmode=Signal::from("tel")/>
            </fieldset>
            <fieldset class="fields" id="address" tabindex="-1">
                <legend class="step__legend">{desk.word(|w| &w.page.address)}</legend>
                <CountryField desk/>
                <TextField desk kind=Kind::NAME label=desk.word(|w| &w.label.name)/>
                <TextField desk kind=Kind::LINE1 label=desk.word(|w| &w.label.line1)/>
                <TextField desk kind=Kind::LINE2 label=desk.word(|w| &w.label.line2)/>
                <Postcode desk/>
                <TextField desk kind=Kind::CITY label=desk.word(|w| &w.label.city)/>
                <Region desk/>
            </fieldset>
            <div><button class="button" class:button--quiet=known type="submit" name="step" value=TO_DELIVERY>{desk.word(|w| &w.page.to_delivery)}</button></div>
        </section>
    }
}

#[component]
fn CountryField(desk: Desk) -> impl IntoView {
    let problem = Memo::new(move |_| desk.problem(Field::Country));
    let chosen = desk.country.get_untracked();
    let options = COUNTRIES.iter().map(move |country| {
        view! { <option value=country.code selected=country.code == chosen>{country.name(desk.language)}</option> }
    });
    view! {
        <div class="field field--full">
            <label for="country">{desk.word(|w| &w.label.country)}</label>
            <select id="country" name="country" autocomplete="country" aria-required="true" aria-describedby="country-error"
                aria-invalid=move || problem.with(Option::is_some).to_string()
                on:change=move |event| desk.country.set(event_target_value(&event))>
                {options.collect_view()}
            </select>
            <FieldError id="country" problem/>
            <div class="without-scripts">
                <button class="button button--quiet" type="submit" name="step" value=SAVE_ONLY>{desk.word(|w| &w.page.update_country)}</button>
            </div>
        </div>
    }
}

#[component]
fn Postcode(desk: Desk) -> impl IntoView {
    let label = Signal::derive(move || match desk.shown_country().code {
        "US" => desk.word(|w| &w.label.zip),
        "IE" => desk.word(|w| &w.label.eircode),
        _ => desk.word(|w| &w.label.postcode),
    });
    let hint = Signal::derive(move || fill(&desk.word(|w| &w.hint.postcode), &[("example", &desk.shown_country().postcode_example)]));
    let inputmode = Signal::derive(move || if is_numeric(desk.shown_country()) { "numeric" } else { "text" });
    view! { <TextField desk kind=Kind::POSTCODE label hint inputmode/> }
}

/// Its postcodes are digits only: the phone can show its number pad.
fn is_numeric(country: &Country) -> bool {
    country.postcodes.iter().all(|pattern| pattern.chars().all(|c| c == '9'))
}

/// States and provinces, where an address needs one.
#[component]
fn Region(desk: Desk) -> impl IntoView {
    let problem = Memo::new(move |_| desk.problem(Field::Region));
    move || {
        let country = desk.shown_country();
        if country.regions.is_empty() {
            return None;
        }
        let chosen = desk.checkout.with_untracked(|checkout| checkout.draft.region.clone());
        let label = if country.code == "CA" { desk.word(|w| &w.label.province) } else { desk.word(|w| &w.label.state) };
        let options =
            country.regions.iter().map(move |(code, name)| view! { <option value=*code selected=*code == chosen>{*name}</option> });
        Some(view! {
            <div class="field">
                <label for="region">{label}</label>
                <select id="region" name="region" autocomplete="address-level1" aria-required="true" aria-describedby="region-error"
                    aria-invalid=move || problem.with(Option::is_some).to_string()>
                    <option value="">{desk.word(|w| &w.page.choose)}</option>
                    {options.collect_view()}
                </select>
                <FieldError id="region" problem/>
            </div>
        })
    }
}
