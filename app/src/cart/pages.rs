//! The cart's page. Personal, so it is never kept for another reader.

use super::{
    islands::{CartContents, RefusedLine},
    shelf::Destination,
    words::{CartWords, RefusalWords},
};
use crate::{
    boundary::AppError,
    layout::{Head, or_fault},
    request, words,
};
use domain::{Language, cart::Cart, ids::VariantId};
use leptos::prelude::*;
use shop::{Actor, Outcome, Shop, delivery};
use time::OffsetDateTime;

#[component]
pub fn CartPage() -> impl IntoView {
    let language = request::language();
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    let asked = Asked::of_query();
    let content = Suspend::new(async move {
        or_fault(load(&shop, &actor, language, now).await, |(cart, destination)| {
            view! { <Contents cart destination language asked/> }.into_any()
        })
    });
    view! {
        <Head title=words!(language, cart.title) description=words!(language, cart.later) listed=false/>
        <div class="wrap cart">
            <h1>{words!(language, cart.title)}</h1>
            <Suspense>{content}</Suspense>
        </div>
    }
}

async fn load(shop: &Shop, actor: &Actor, language: Language, now: OffsetDateTime) -> Outcome<(Cart, Destination)> {
    let cart = shop::cart::view(shop, actor, language, now).await?;
    let country = delivery::destination(shop, actor).await?;
    let tariffs = delivery::tariffs(shop, country, now).await?;
    Ok((cart, Destination { country: country.in_sentence(language), tariffs }))
}

#[component]
fn Contents(cart: Cart, destination: Destination, language: Language, asked: Asked) -> impl IntoView {
    let (words, refusals) = (CartWords::of(language), RefusalWords::of(language));
    let title = |variant| cart.lines.iter().find(|line| line.variant == variant).map(|line| line.title.clone());
    let added = asked.added.and_then(title).map(|title| words!(language, cart.added, title = title));
    let refused = asked.refused(&cart, &refusals);
    // A refusal of something that is not in the cart has no line to stand beside.
    let aside = refused.clone().filter(|refused| title(refused.variant).is_none()).map(|refused| refused.sentence);
    view! {
        {added.map(|sentence| view! { <p class="notice" data-kind="good" role="status">{sentence}</p> })}
        {aside.map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> })}
        <CartContents cart destination language words refusals refused/>
    }
}

/// What a plain form that came here has to say, in the address.
#[derive(Default)]
struct Asked {
    added: Option<VariantId>,
    variant: Option<VariantId>,
    error: Option<AppError<domain::cart::CartRefusal>>,
    typed: String,
}

impl Asked {
    fn of_query() -> Self {
        request::query_pairs().into_iter().fold(Self::default(), |mut asked, (name, value)| {
            match name.as_str() {
                "added" => asked.added = value.parse().ok(),
                "variant" => asked.variant = value.parse().ok(),
                "refused" => asked.error = serde_json::from_str(&value).ok().filter(is_ours),
                "typed" => asked.typed = value,
                _ => {}
            }
            asked
        })
    }

    fn refused(self, cart: &Cart, words: &RefusalWords) -> Option<RefusedLine> {
        let (variant, error) = (self.variant?, self.error?);
        let kept = cart.lines.iter().find(|line| line.variant == variant).map_or(0, |line| line.quantity);
        Some(RefusedLine { variant, sentence: words.sentence(&error, kept), typed: self.typed })
    }
}

/// An address is anybody's to write: a reference in it must look like one of ours.
fn is_ours<E>(error: &AppError<E>) -> bool {
    match error {
        AppError::Fault(reference) => reference.len() <= 16 && reference.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
        AppError::Refused(_) | AppError::Transport => true,
    }
}
