//! The options of a product: links that choose a variant, which become radio buttons once awake. What cannot be
//! had is struck through and can be chosen all the same, for then the page says why.

use crate::layout::Photograph;
use domain::{
    catalog::{Picture, Stock},
    ids::VariantId,
};
use leptos::{ev::KeyboardEvent, html::Div, prelude::*};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;

/// An option such as the glaze.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Choice {
    pub code: String,
    pub name: String,
    pub values: Vec<ChoiceValue>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChoiceValue {
    pub code: String,
    pub name: String,
    /// Where the values look different.
    pub picture: Option<Picture>,
}

/// A variant, in words. What is not said is `None`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Offer {
    pub variant: VariantId,
    /// A code for each option, in their order.
    pub values: Vec<String>,
    /// "Sea, Large"
    pub name: String,
    pub price: String,
    pub was: Option<String>,
    pub saving: Option<String>,
    pub lowest: Option<String>,
    /// Of the notice on the stock: good, warn, bad.
    pub kind: String,
    pub stock: String,
    /// To the shop's own country.
    pub delivery: Option<String>,
    pub goods: Stock,
    /// The most that can be had; nothing when it is sold out.
    pub limit: u32,
    pub grams: u32,
    pub picture: Option<u32>,
}

/// The offer that a click on `value` of the option at `position` leads to, and whether it is the very combination:
/// where there is none such, the first with that value.
fn target(offers: &[Offer], chosen: usize, position: usize, value: &str) -> Option<(usize, bool)> {
    let mut wanted = offers.get(chosen)?.values.clone();
    value.clone_into(wanted.get_mut(position)?);
    let exact = offers.iter().position(|offer| offer.values == wanted);
    let similar = || offers.iter().position(|offer| offer.values.get(position).is_some_and(|code| code == value));
    exact.map(|index| (index, true)).or_else(|| similar().map(|index| (index, false)))
}

/// The address of an offer: `?glaze=sea&size=l`.
pub fn query(choices: &[Choice], offer: &Offer) -> String {
    let pairs: Vec<String> = choices.iter().zip(&offer.values).map(|(choice, value)| format!("{}={value}", choice.code)).collect();
    format!("?{}", pairs.join("&"))
}

#[component]
pub fn Choices(
    choices: StoredValue<Vec<Choice>>,
    offers: StoredValue<Vec<Offer>>,
    chosen: RwSignal<usize>,
    awake: RwSignal<bool>,
    #[prop(into)] sold_out: String,
) -> impl IntoView {
    let count = choices.with_value(Vec::len);
    (0..count).map(|position| view! { <Values choices offers position chosen awake sold_out=sold_out.clone()/> }).collect_view()
}

#[component]
fn Values(
    choices: StoredValue<Vec<Choice>>,
    offers: StoredValue<Vec<Offer>>,
    position: usize,
    chosen: RwSignal<usize>,
    awake: RwSignal<bool>,
    sold_out: String,
) -> impl IntoView {
    let choice = choices.with_value(|choices| choices.get(position).cloned());
    let Some(choice) = choice else { return ().into_any() };
    let label = format!("option-{}", choice.code);
    let names = choice.values.clone();
    let current = move || offers.with_value(|offers| offers.get(chosen.get()).and_then(|offer| offer.values.get(position).cloned()));
    let current_name = move || current().and_then(|code| names.iter().find(|value| value.code == code).map(|value| value.name.clone()));
    let group = NodeRef::<Div>::new();
    let links =
        choice.values.into_iter().map(|value| view! { <Value choices offers position chosen awake value sold_out=sold_out.clone()/> });
    view! {
        <div class="buy__option" data-option=choice.code>
            <p class="buy__label" id=label.clone()>{choice.name}": "<strong>{current_name}</strong></p>
            <div
                class="swatches" node_ref=group aria-labelledby=label
                role=move || if awake.get() { "radiogroup" } else { "group" }
                on:keydown=move |event| if let Some(group) = group.get() { move_along(&event, &group) }
            >
                {links.collect_view()}
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Value(
    choices: StoredValue<Vec<Choice>>,
    offers: StoredValue<Vec<Offer>>,
    position: usize,
    chosen: RwSignal<usize>,
    awake: RwSignal<bool>,
    value: ChoiceValue,
    sold_out: String,
) -> impl IntoView {
    let code = StoredValue::new(value.code.clone());
    let leads_to = move || offers.with_value(|offers| code.with_value(|code| target(offers, chosen.get(), position, code)));
    let is_chosen = move || {
        offers.with_value(|o| code.with_value(|code| o.get(chosen.get()).and_then(|offer| offer.values.get(position)) == Some(code)))
    };
    let is_gone = move || {
        leads_to().is_none_or(|(index, is_exact)| !is_exact || offers.with_value(|o| o.get(index).is_none_or(|offer| offer.limit == 0)))
    };
    let href =
        move || leads_to().and_then(|(index, _)| offers.with_value(|o| o.get(index).map(|offer| choices.with_value(|c| query(c, offer)))));
    view! {
        <a
            class="swatch" data-value=value.code href=href
            role=move || awake.get().then_some("radio")
            aria-checked=move || awake.get().then(|| is_chosen().to_string())
            aria-current=move || (!awake.get() && is_chosen()).then_some("true")
            tabindex=move || (awake.get() && !is_chosen()).then_some("-1")
            data-gone=move || is_gone().then_some("true")
            on:click=move |event| {
                // A new tab is the browser's business.
                if event.ctrl_key() || event.meta_key() || event.shift_key() { return }
                event.prevent_default();
                if let Some((index, _)) = leads_to() { chosen.set(index) }
            }
        >
            {value.picture.map(|picture| view! { <Photograph picture sizes="2.5rem"/> })}
            <span>{value.name}</span>
            <span class="visually-hidden">{move || is_gone().then(|| format!(" ({sold_out})"))}</span>
        </a>
    }
}

/// Arrows move among radio buttons and choose; the space bar chooses as well.
fn move_along(event: &KeyboardEvent, group: &web_sys::HtmlElement) {
    let step = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => 1,
        "ArrowLeft" | "ArrowUp" => -1,
        " " => 0,
        _ => return,
    };
    event.prevent_default();
    let links = group.children();
    let count = i64::from(links.length());
    let Some(at) = (0..links.length()).find(|&at| links.item(at).is_some_and(|link| link.matches(":focus").unwrap_or(false))) else {
        return;
    };
    let next = u32::try_from((i64::from(at) + step).rem_euclid(count.max(1))).unwrap_or(0);
    if let Some(link) = links.item(next).and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        // What is focused now was chosen by an arrow: both happen to the same radio button.
        let _ = link.focus();
        link.click();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(values: &[&str], limit: u32) -> Offer {
        Offer {
            variant: VariantId(uuid::Uuid::nil()),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            name: String::new(),
            price: String::new(),
            was: None,
            saving: None,
            lowest: None,
            kind: String::new(),
            stock: String::new(),
            delivery: None,
            goods: Stock::Unlimited,
            limit,
            grams: 0,
            picture: None,
        }
    }

    #[test]
    fn a_value_leads_to_its_combination_or_to_the_nearest_there_is() {
        let offers = [offer(&["sand", "s"], 1), offer(&["sand", "l"], 1), offer(&["sea", "s"], 0)];
        assert_eq!(target(&offers, 0, 1, "l"), Some((1, true)));
        assert_eq!(target(&offers, 1, 0, "sea"), Some((2, false)));
        assert_eq!(target(&offers, 0, 0, "moss"), None);
    }
}
