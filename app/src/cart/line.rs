//! One line of the cart: what it is, how many, what is wrong with it, and the way out.

use super::shelf::Shelf;
use crate::{fill::fill, layout::Photograph};
use domain::{
    cart::{CartLine, LineProblem},
    ids::VariantId,
};
use leptos::{ev::SubmitEvent, html::Input, prelude::*};

/// `refused` is what the server said of this line, and `typed` the number it said it of: with scripts off.
#[component]
pub(super) fn Line(shelf: Shelf, first: CartLine, refused: Option<String>, typed: Option<String>) -> impl IntoView {
    let variant = first.variant;
    let (href, title, options) = (format!("/{}/p/{}", shelf.language, first.slug), first.title.clone(), first.options.clone());
    let picture = first.picture.clone();
    let typed = typed.unwrap_or_else(|| first.quantity.to_string());
    let line = Memo::new(move |shown: Option<&CartLine>| {
        let current = shelf.cart.with(|cart| cart.lines.iter().find(|line| line.variant == variant).cloned());
        current.or_else(|| shown.cloned()).unwrap_or_else(|| first.clone())
    });
    let refusal = RwSignal::new(refused);
    let gone = move || line.with(|line| line.problem() == Some(LineProblem::SoldOut));
    let each = move || fill(&shelf.word(|w| &w.each), &[("price", &shelf.money(line.with(|line| line.unit)))]);
    view! {
        <li class="line cart-line" id=format!("line-{variant}") data-gone=move || gone().to_string()>
            <a class="cart-line__picture" href=href.clone() tabindex="-1" aria-hidden="true">{picture.map(|picture| view! { <Photograph picture sizes="7rem"/> })}</a>
            <div class="cart-line__text">
                <h2 class="cart-line__title"><a href=href>{title}</a></h2>
                {(!options.is_empty()).then(|| view! { <p class="soft">{options}</p> })}
                <p class="soft small numbers">{each}</p>
                <Notes shelf line/>
            </div>
            <p class="cart-line__total numbers">{move || shelf.money(line.with(|line| line.total))}</p>
            <div class="cart-line__actions">
                <Show when=move || !gone()><Stepper shelf line refusal typed=typed.clone()/></Show>
                <Remove shelf line/>
                <Problem shelf line refusal/>
            </div>
        </li>
    }
}

/// What is good to know of the line.
#[component]
fn Notes(shelf: Shelf, line: Memo<CartLine>) -> impl IntoView {
    let price = move || {
        let (was, now) = line.with(|line| line.was.map(|was| (was, line.unit)))?;
        let (was, now) = (shelf.money(was), shelf.money(now));
        Some(
            view! { <p class="cart-line__note" data-kind="warn">{fill(&shelf.word(|w| &w.price_was), &[("was", &was), ("now", &now)])}</p> },
        )
    };
    let made =
        move || line.with(CartLine::is_made_to_order).then(|| view! { <p class="soft small">{shelf.word(|w| &w.made_to_order)}</p> });
    view! { {made}{price} }
}

/// What has to change, under the number it is about.
#[component]
fn Problem(shelf: Shelf, line: Memo<CartLine>, refusal: RwSignal<Option<String>>) -> impl IntoView {
    let variant = line.with_untracked(|line| line.variant);
    let problem = move || line.with(CartLine::problem).map(|problem| problem_sentence(shelf, problem));
    view! { <p class="field__error cart-line__problem" id=error_id(variant)>{move || refusal.get().or_else(problem)}</p> }
}

fn problem_sentence(shelf: Shelf, problem: LineProblem) -> String {
    match problem {
        LineProblem::SoldOut => shelf.word(|w| &w.sold_out),
        LineProblem::Only(left) => {
            format!("{} {}", shelf.refusals.with_value(|words| words.left(left)), shelf.word(|w| &w.only))
        }
    }
}

fn error_id(variant: VariantId) -> String {
    format!("problem-{variant}")
}

/// A number between two buttons. With scripts off each button posts the form.
#[component]
fn Stepper(shelf: Shelf, line: Memo<CartLine>, refusal: RwSignal<Option<String>>, typed: String) -> impl IntoView {
    let first = line.get_untracked();
    let variant = first.variant;
    let input = NodeRef::<Input>::new();
    follow(input, line);
    let change = move |typed: String| {
        refusal.set(None);
        shelf.order(variant, typed, refusal);
    };
    let step = move |by: i32| {
        let Some(field) = input.get_untracked() else { return };
        let typed = field.value().trim().parse().unwrap_or_else(|_| line.with_untracked(|line| line.quantity));
        let wanted = typed.saturating_add_signed(by).max(1);
        field.set_value(&wanted.to_string());
        change(wanted.to_string());
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(field) = input.get_untracked() {
            change(field.value());
        }
    };
    let invalid = move || (refusal.with(Option::is_some) || line.with(|line| line.problem().is_some())).to_string();
    view! {
        <form class="stepper" method="post" action="/api/cart/quantity" novalidate on:submit=submit>
            <input type="hidden" name="variant" value=variant.to_string()/>
            // First, so that Enter in the field means it.
            <button class="button button--quiet stepper__update" type="submit">{shelf.word(|w| &w.update)}</button>
            <button class="stepper__step" name="step" value="-1" aria-label=shelf.titled(|w| &w.one_fewer, &first)
                on:click=move |event| { event.prevent_default(); step(-1); }>"−"</button>
            <input class="stepper__number" type="number" inputmode="numeric" name="quantity" min="0" max="99" autocomplete="off"
                node_ref=input value=typed aria-label=shelf.titled(|w| &w.quantity_of, &first)
                aria-invalid=invalid aria-describedby=error_id(variant)
                on:input=move |event| { let typed = event_target_value(&event); if !typed.is_empty() { change(typed); } }/>
            <button class="stepper__step" name="step" value="1" aria-label=shelf.titled(|w| &w.one_more, &first)
                on:click=move |event| { event.prevent_default(); step(1); }>"+"</button>
        </form>
    }
}

/// The number in the field is the cart's, unless somebody is at it.
fn follow(input: NodeRef<Input>, line: Memo<CartLine>) {
    let quantity = Memo::new(move |_| line.with(|line| line.quantity));
    Effect::watch(
        move || quantity.get(),
        move |quantity, _, _| {
            if let Some(field) = input.get_untracked().filter(|field| !field.matches(":focus").unwrap_or(false)) {
                field.set_value(&quantity.to_string());
            }
        },
        false,
    );
}

#[component]
fn Remove(shelf: Shelf, line: Memo<CartLine>) -> impl IntoView {
    let first = line.get_untracked();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        shelf.remove(line.get_untracked());
    };
    view! {
        <form method="post" action="/api/cart/remove" on:submit=submit>
            <input type="hidden" name="variant" value=first.variant.to_string()/>
            <button class="button button--text cart-line__remove" type="submit" aria-label=shelf.titled(|w| &w.remove_title, &first)>
                {shelf.word(|w| &w.remove)}
            </button>
        </form>
    }
}
