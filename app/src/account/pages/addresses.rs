//! `/{language}/account/addresses`: where the checkout may begin. One form for a new one, or for the one being changed.

use super::{
    addresses_address,
    frame::{Account, Place},
};
use crate::{
    account::{address_api::Typed, cookies::HandedOver, field::Field},
    checkout::words::CheckoutWords,
    fill::fill,
    request, words,
};
use domain::{
    Language,
    account::{Profile, SavedAddress},
    address::{COUNTRIES, Country},
    checkout::{Field as Of, Problems},
};
use leptos::prelude::*;
use uuid::Uuid;

#[component]
pub fn Addresses() -> impl IntoView {
    let language = request::language();
    view! { <Account place=Place::Addresses content=move |profile: Profile| view! { <Contents profile language/> }.into_any()/> }
}

#[component]
fn Contents(profile: Profile, language: Language) -> impl IntoView {
    let edited = request::queried("edit").and_then(|id| id.parse::<Uuid>().ok());
    let edited = profile.addresses.iter().find(|address| Some(address.id) == edited).cloned();
    let (typed, problems) = if request::queried("form").as_deref() == Some("address") {
        let typed = Typed::handed_over(&HandedOver::take());
        let problems = typed.draft(&profile.email).details().err().unwrap_or_default();
        (typed, problems)
    } else {
        let kept = edited.as_ref().map(|address| Typed::of_draft(address.draft(&profile.email)));
        (kept.unwrap_or_else(|| Typed { name: profile.name.clone(), ..Typed::default() }), Problems::new())
    };
    let kept = profile.addresses.into_iter().enumerate().map(|(index, address)| view! { <Kept address is_first=index == 0 language/> });
    view! {
        <ul class="account__addresses">{kept.collect_view()}</ul>
        <Form id=edited.map(|address| address.id) typed problems language/>
    }
}

#[component]
fn Kept(address: SavedAddress, is_first: bool, language: Language) -> impl IntoView {
    let lines = address.address.lines(&address.name, language).into_iter().map(|line| view! { <span class="address__line">{line}</span> });
    let id = address.id.to_string();
    let first = if is_first {
        view! { <p class="small soft">{words!(language, account.addresses.is_first)}</p> }.into_any()
    } else {
        view! { <Act to="address-first" id=id.clone() label=words!(language, account.addresses.make_first)/> }.into_any()
    };
    view! {
        <li class="panel stack">
            <address id=format!("address-{id}")>{lines.collect_view()}</address>
            <div class="cluster">
                {first}
                <a href=format!("{}?edit={id}#address", addresses_address(language)) aria-describedby=format!("address-{id}")>
                    {words!(language, account.addresses.edit)}
                </a>
                <Act to="address-remove" id=id.clone() label=words!(language, account.addresses.remove)/>
            </div>
        </li>
    }
}

#[component]
fn Act(to: &'static str, id: String, label: String) -> impl IntoView {
    view! {
        <form method="post" action=format!("/api/account/{to}")>
            <input type="hidden" name="id" value=id.clone()/>
            <button class="button button--text" type="submit" aria-describedby=format!("address-{id}")>{label}</button>
        </form>
    }
}

#[component]
fn Form(id: Option<Uuid>, typed: Typed, problems: Problems, language: Language) -> impl IntoView {
    let words = CheckoutWords::of(language);
    let error = |field: Of| problems.get(&field).map(|problem| words.sentence(field, problem));
    let country = Country::by_code(&typed.country).unwrap_or(&COUNTRIES[0]);
    let title = if id.is_some() { words!(language, account.addresses.change) } else { words!(language, account.addresses.add) };
    let hint = fill(&words.hint.postcode, &[("example", &country.postcode_example)]);
    let optional = |label: &str| format!("{label} {}", words.page.optional);
    view! {
        <section class="panel stack" id="address" aria-labelledby="address-title">
            <h2 class="order__heading" id="address-title">{title}</h2>
            <form class="stack" method="post" action="/api/account/address">
                <input type="hidden" name="id" value=id.map(|id| id.to_string())/>
                <div class="fields">
                    <Countries chosen=country label=words.label.country.clone() error=error(Of::Country) language/>
                    <Field id="name" label=words.label.name.clone() value=typed.name autocomplete="name" full=true error=error(Of::Name)/>
                    <Field id="line1" label=words.label.line1.clone() value=typed.line1 autocomplete="address-line1" full=true error=error(Of::Line1)/>
                    <Field id="line2" label=optional(&words.label.line2) value=typed.line2 autocomplete="address-line2" full=true required=false
                        error=error(Of::Line2)/>
                    <Field id="postcode" label=words.label.postcode.clone() value=typed.postcode autocomplete="postal-code" hint error=error(Of::Postcode)/>
                    <Field id="city" label=words.label.city.clone() value=typed.city autocomplete="address-level2" error=error(Of::City)/>
                    <Regions chosen=typed.region country error=error(Of::Region) language/>
                    <Field id="phone" label=optional(&words.label.phone) kind="tel" value=typed.phone autocomplete="tel" required=false error=error(Of::Phone)/>
                </div>
                <div class="cluster">
                    <button class="button" type="submit">{words!(language, account.save)}</button>
                    {id.map(|_| view! { <a href=addresses_address(language)>{words!(language, account.addresses.leave)}</a> })}
                </div>
            </form>
        </section>
    }
}

#[component]
fn Countries(
    chosen: &'static Country,
    label: String,
    #[prop(optional_no_strip)] error: Option<String>,
    language: Language,
) -> impl IntoView {
    let options = COUNTRIES.iter().map(|country| {
        view! { <option value=country.code selected=country.code == chosen.code>{country.name(language)}</option> }
    });
    view! {
        <div class="field field--full">
            <label for="country">{label}</label>
            <select id="country" name="country" autocomplete="country" aria-invalid=error.is_some().to_string() aria-describedby="country-error">
                {options.collect_view()}
            </select>
            <p class="field__error" id="country-error">{error}</p>
        </div>
    }
}

/// Without scripts the countries' states cannot follow the country: all stand there, each under its country.
#[component]
fn Regions(
    chosen: String,
    country: &'static Country,
    #[prop(optional_no_strip)] error: Option<String>,
    language: Language,
) -> impl IntoView {
    let groups = COUNTRIES.iter().filter(|each| !each.regions.is_empty()).map(|each| {
        let is_here = each.code == country.code;
        let chosen = chosen.clone();
        let options = each.regions.iter().map(move |(code, name)| {
            view! { <option value=*code selected=is_here && *code == chosen>{*name}</option> }
        });
        view! { <optgroup label=each.name(language)>{options.collect_view()}</optgroup> }
    });
    view! {
        <div class="field">
            <label for="region">{words!(language, account.addresses.region)}</label>
            <select id="region" name="region" autocomplete="address-level1" aria-invalid=error.is_some().to_string() aria-describedby="region-error">
                <option value="">{words!(language, account.addresses.no_region)}</option>
                {groups.collect_view()}
            </select>
            <p class="field__error" id="region-error">{error}</p>
        </div>
    }
}
