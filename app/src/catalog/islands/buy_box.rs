//! Choosing a variant and putting it into the cart. The plain form posts to the same server function; once awake
//! nothing is loaded anew: the badge goes up at once and comes down again if the shop refuses.

use super::{
    choice::{Choice, Choices, Offer, query},
    mine, shown,
};
use crate::{
    boundary::AppError,
    cart::{api, state, words::RefusalWords},
    fill::fill,
    layout::{Icon, Shape},
};
use domain::{Language, cart::CartRefusal, ids::VariantId};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// `{name}` stays where a value goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BuyWords {
    pub quantity: String,
    pub add: String,
    pub sold_out: String,
    pub sold_out_hint: String,
    pub was: String,
    pub taxes: String,
    pub added: String,
    pub view_cart: String,
    pub close: String,
    pub left: LeftWords,
    pub refused: RefusalWords,
}

/// How many there are (`left`), and how many of them one has already (`in_cart`).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeftWords {
    pub one: String,
    pub several: String,
    pub one_in_cart: String,
    pub several_one_in_cart: String,
    pub several_in_cart: String,
}

impl LeftWords {
    fn sentence(&self, left: u32, in_cart: u32) -> String {
        let sentence = match (left, in_cart) {
            (1, 0) => &self.one,
            (_, 0) => &self.several,
            (1, _) => &self.one_in_cart,
            (_, 1) => &self.several_one_in_cart,
            _ => &self.several_in_cart,
        };
        fill(sentence, &[("left", &left), ("in_cart", &in_cart)])
    }
}

#[island(lazy)]
pub fn BuyBox(language: Language, title: String, choices: Vec<Choice>, offers: Vec<Offer>, first: usize, words: BuyWords) -> impl IntoView {
    let (choices, offers, words) = (StoredValue::new(choices), StoredValue::new(offers), StoredValue::new(words));
    let (chosen, awake) = (RwSignal::new(first), RwSignal::new(false));
    Effect::new(move |_| awake.set(true));
    follow(chosen, first, choices, offers);
    let sold_out = words.with_value(|words| words.sold_out.clone());
    view! {
        <div class="buy">
            <Price offers chosen words/>
            <Choices choices offers chosen awake sold_out/>
            <Availability offers chosen words/>
            <AddForm language title offers chosen awake words/>
        </div>
    }
}

/// The address and the gallery follow what is chosen.
fn follow(chosen: RwSignal<usize>, first: usize, choices: StoredValue<Vec<Choice>>, offers: StoredValue<Vec<Offer>>) {
    let picture = shown::picture();
    Effect::watch(
        move || chosen.get(),
        move |&chosen, before, _| {
            if before.copied().unwrap_or(first) == chosen {
                return;
            }
            let Some(offer) = offers.with_value(|offers| offers.get(chosen).cloned()) else { return };
            let address = choices.with_value(|choices| query(choices, &offer));
            if let Ok(history) = window().history() {
                // Where the browser keeps no history the page works on under its old address.
                let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
            }
            if offer.picture.is_some() {
                picture.set(offer.picture);
            }
        },
        false,
    );
}

#[component]
fn Price(offers: StoredValue<Vec<Offer>>, chosen: RwSignal<usize>, words: StoredValue<BuyWords>) -> impl IntoView {
    let of = move |part: fn(&Offer) -> Option<String>| offers.with_value(|offers| offers.get(chosen.get()).and_then(part));
    let was = move || of(|offer| offer.was.clone());
    view! {
        <div class="buy__price">
            <p class="price" data-reduced=move || was().is_some().then_some("true")>
                <span class="price__now">{move || of(|offer| Some(offer.price.clone()))}</span>
                {move || was().map(|was| {
                    view! { <s class="price__was"><span class="visually-hidden">{words.with_value(|words| words.was.clone())}" "</span>{was}</s> }
                })}
                {move || of(|offer| offer.saving.clone()).map(|saving| view! { <span class="tag" data-kind="bad">{saving}</span> })}
            </p>
            <p class="price__note">{words.with_value(|words| words.taxes.clone())}</p>
            {move || of(|offer| offer.lowest.clone()).map(|lowest| view! { <p class="price__note">{lowest}</p> })}
        </div>
    }
}

#[component]
fn Availability(offers: StoredValue<Vec<Offer>>, chosen: RwSignal<usize>, words: StoredValue<BuyWords>) -> impl IntoView {
    let of = move |part: &dyn Fn(&Offer) -> Option<String>| offers.with_value(|offers| offers.get(chosen.get()).and_then(part));
    let mine = mine::promises(offers.with_value(|offers| offers.iter().map(|offer| offer.grams).max().unwrap_or(0)));
    let delivery = move || of(&|offer| mine.with(|mine| mine.as_ref()?.of(offer.goods)).or_else(|| offer.delivery.clone()));
    let hint = move || of(&|offer| (offer.limit == 0).then(String::new)).map(|_| words.with_value(|words| words.sold_out_hint.clone()));
    view! {
        <div class="buy__stock" aria-live="polite">
            <p class="stock" data-kind=move || of(&|offer| Some(offer.kind.clone()))>{move || of(&|offer| Some(offer.stock.clone()))}</p>
            {move || delivery().or_else(hint).map(|text| view! { <p class="buy__delivery">{text}</p> })}
        </div>
    }
}

#[component]
fn AddForm(
    language: Language,
    title: String,
    offers: StoredValue<Vec<Offer>>,
    chosen: RwSignal<usize>,
    awake: RwSignal<bool>,
    words: StoredValue<BuyWords>,
) -> impl IntoView {
    let adding = Adding { words, pending: RwSignal::new(false), error: RwSignal::new(None), added: RwSignal::new(None) };
    let quantity = NodeRef::<Input>::new();
    let offer = move || offers.with_value(|offers| offers.get(chosen.get()).cloned());
    let is_gone = move || offer().is_none_or(|offer| offer.limit == 0);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(offer), Some(field)) = (offer().filter(|_| !adding.pending.get_untracked()), quantity.get_untracked()) else { return };
        let name = if offer.name.is_empty() { title.clone() } else { format!("{title}, {}", offer.name) };
        leptos::task::spawn_local(adding.add(offer.variant, field.value(), name));
    };
    view! {
        // Once awake we say ourselves what is wrong with a number, in the page's language.
        <form class="buy__form" method="post" action="/api/cart/add" novalidate=move || awake.get() on:submit=on_submit>
            <input type="hidden" name="variant" value=move || offer().map(|offer| offer.variant.to_string())/>
            <div class="field">
                <label for="quantity">{words.with_value(|words| words.quantity.clone())}</label>
                <input
                    class="quantity" id="quantity" type="number" name="quantity" inputmode="numeric" min="1" value="1" required=""
                    max=move || offer().map(|offer| offer.limit.max(1).to_string())
                    disabled=is_gone
                    aria-invalid=move || adding.error.get().map(|_| "true")
                    aria-describedby="quantity-error"
                    node_ref=quantity
                />
            </div>
            <button class="button" type="submit" disabled=is_gone aria-busy=move || adding.pending.get().then_some("true")>
                {move || words.with_value(|words| if is_gone() { words.sold_out.clone() } else { words.add.clone() })}
            </button>
            <p class="field__error" id="quantity-error" role="alert">{move || adding.error.get()}</p>
        </form>
        <Added language added=adding.added words/>
    }
}

/// One thing being put into the cart, and what came of it.
#[derive(Clone, Copy)]
struct Adding {
    words: StoredValue<BuyWords>,
    pending: RwSignal<bool>,
    error: RwSignal<Option<String>>,
    added: RwSignal<Option<String>>,
}

impl Adding {
    /// The badge goes up before the shop has answered, and back if it refuses; the number typed stays.
    async fn add(self, variant: VariantId, typed: String, name: String) {
        self.added.set(None);
        let Some(quantity) = typed.trim().parse::<u32>().ok().filter(|&quantity| quantity > 0) else {
            self.error.set(Some(self.words.with_value(|words| words.refused.not_a_number.clone())));
            return;
        };
        self.pending.set(true);
        self.error.set(None);
        let count = state::count();
        let before = count.get_untracked().unwrap_or_else(count_on_page);
        count.set(Some(before.saturating_add(quantity)));
        match api::add_line(variant, quantity.to_string()).await {
            Ok(cart) => {
                count.set(Some(cart.count()));
                self.added.set(Some(self.words.with_value(|words| fill(&words.added, &[("title", &name)]))));
            }
            Err(refusal) => {
                count.set(Some(before));
                self.error.set(Some(self.words.with_value(|words| sentence(words, &refusal))));
            }
        }
        self.pending.set(false);
    }
}

/// Says what was added and how to go on; it takes no focus and goes when it is closed.
#[component]
fn Added(language: Language, added: RwSignal<Option<String>>, words: StoredValue<BuyWords>) -> impl IntoView {
    view! {
        <div role="status">
            {move || added.get().map(|text| view! {
                <div class="toast">
                    <p>{text}</p>
                    <a class="button" href=format!("/{language}/cart")>{words.with_value(|words| words.view_cart.clone())}</a>
                    <button class="close" type="button" aria-label=words.with_value(|words| words.close.clone()) on:click=move |_| added.set(None)>
                        <Icon shape=Shape::Close/>
                    </button>
                </div>
            })}
        </div>
    }
}

fn sentence(words: &BuyWords, error: &AppError<CartRefusal>) -> String {
    match error {
        AppError::Refused(CartRefusal::Only { available, in_cart }) => words.left.sentence(*available, *in_cart),
        other => words.refused.sentence(other, 0),
    }
}

/// The number that the server wrote on the badge.
pub(super) fn count_on_page() -> u32 {
    let badge = document().query_selector("[data-cart-count]").ok().flatten();
    badge.and_then(|badge| badge.text_content()).and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use crate::catalog::offers::left_words;
    use domain::Language;

    #[test]
    fn few_are_counted_as_one_says_it() {
        let (english, spanish) = (left_words(Language::En), left_words(Language::Es));
        assert_eq!(english.sentence(1, 0), "Only 1 left. Choose 1.");
        assert_eq!(english.sentence(1, 1), "Only 1 left, and it is in your cart already.");
        assert_eq!(english.sentence(3, 1), "Only 3 left, and one of them is in your cart already.");
        assert_eq!(english.sentence(3, 2), "Only 3 left, and 2 of them are in your cart already.");
        assert_eq!(spanish.sentence(1, 1), "Solo queda 1, y ya está en tu carrito.");
        assert_eq!(spanish.sentence(3, 1), "Solo quedan 3, y 1 ya está en tu carrito.");
        assert_eq!(spanish.sentence(2, 0), "Solo quedan 2. Elige 2 o menos.");
    }
}
