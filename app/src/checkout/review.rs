//! The third step: everything once more, and the button that says how much.

use super::{
    api::USE_CREDIT,
    desk::Desk,
    field::{Kind, TextField},
    summary::{Amounts, Goods},
};
use crate::fill::fill;
use domain::{Money, address::Country, checkout::Checkout};
use leptos::prelude::*;

#[component]
pub(super) fn Review(desk: Desk) -> impl IntoView {
    let known = Memo::new(move |_| desk.checkout.with(|checkout| checkout.totals.is_some()));
    let waits = move || view! { <p class="notice">{desk.word(|w| &w.page.review_waits)}</p> };
    view! {
        <section class="step stack stack--wide" aria-labelledby="review">
            <h2 class="step__title" id="review" tabindex="-1"><span class="step__number">"3"</span>{desk.word(|w| &w.page.step_review)}</h2>
            <Show when=move || known.get() fallback=waits>
                <Facts desk/>
                <div class="review__order stack"><Goods desk/><Amounts desk/></div>
                <Credit desk/>
                <Pay desk/>
            </Show>
        </section>
    }
}

#[component]
fn Facts(desk: Desk) -> impl IntoView {
    let to = move || desk.checkout.with(|checkout| address_line(desk, checkout));
    let mail = move || desk.checkout.with(|checkout| checkout.draft.email.trim().to_owned());
    let arrives = move || desk.checkout.with(|checkout| checkout.chosen_method().map(|method| desk.arrival(method.dates)));
    let change = move |href: &'static str| view! { " "<a class="nowrap" href=href>{desk.word(|w| &w.page.change)}</a> };
    view! {
        <dl class="facts">
            <div><dt>{desk.word(|w| &w.page.review_to)}</dt><dd>{to}{change("#address")}</dd></div>
            <div><dt>{desk.word(|w| &w.page.review_arrives)}</dt><dd>{arrives}{change("#delivery")}</dd></div>
            <div><dt>{desk.word(|w| &w.page.review_mail)}</dt><dd>{mail}{change("#email")}</dd></div>
        </dl>
    }
}

fn address_line(desk: Desk, checkout: &Checkout) -> String {
    let draft = &checkout.draft;
    let country = Country::by_code(&draft.country).map_or("", |country| country.name(desk.language));
    let postcode = draft.destination().map_or_else(|| draft.postcode.trim().to_owned(), |(_, _, postcode)| postcode);
    let place = format!("{postcode} {}", draft.city.trim());
    let parts = [draft.name.trim(), draft.line1.trim(), draft.line2.trim(), place.trim(), country];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A code of store credit: folded away until somebody has one.
#[component]
fn Credit(desk: Desk) -> impl IntoView {
    let open = desk.checkout.with_untracked(|checkout| !checkout.draft.credit.trim().is_empty());
    let left = move || {
        let left = desk.checkout.with(|checkout| checkout.credit.map(|credit| desk.money(credit.left)));
        left.map(|left| fill(&desk.word(|w| &w.page.credit_left), &[("left", &left)]))
    };
    view! {
        <details class="panel" open=open>
            <summary>{desk.word(|w| &w.page.credit_title)}</summary>
            <div class="stack stack--tight">
                <TextField desk kind=Kind::CREDIT label=desk.word(|w| &w.label.credit) hint=desk.word(|w| &w.hint.credit)/>
                <p class="small">{left}</p>
                <div><button class="button button--quiet" type="submit" name="step" value=USE_CREDIT>{desk.word(|w| &w.page.credit_use)}</button></div>
            </div>
        </details>
    }
}

#[component]
fn Pay(desk: Desk) -> impl IntoView {
    let total = Memo::new(move |_| desk.checkout.with(Checkout::due));
    let expected = move || total.get().map(|total| total.minor.to_string());
    let label = move || {
        if desk.paying.get() {
            return desk.word(|w| &w.page.paying);
        }
        match total.get() {
            Some(total) if total.is_zero() => desk.word(|w| &w.page.place),
            total => fill(&desk.word(|w| &w.page.pay), &[("total", &total.map(|total| desk.money(total)).unwrap_or_default())]),
        }
    };
    let what_follows = move || {
        let free = total.get().is_some_and(Money::is_zero);
        let covered = desk.checkout.with(|checkout| checkout.credit.is_some());
        desk.word(|w| match (free, covered) {
            (true, true) => &w.page.covered_text,
            (true, false) => &w.page.place_text,
            _ => &w.page.pay_text,
        })
    };
    let blocked = move || {
        let cart = format!("/{}/cart", desk.language);
        view! { <p class="notice" data-kind="warn">{desk.word(|w| &w.page.blocked)}" "<a href=cart>{desk.word(|w| &w.page.blocked_link)}</a></p> }
    };
    view! {
        <Show when=move || desk.checkout.with(|checkout| checkout.cart.can_be_ordered()) fallback=blocked>
            <div class="stack stack--tight">
                <input type="hidden" name="expected" value=expected/>
                <button class="button button--wide review__pay" type="submit" formaction="/api/checkout/place" data-pay="true"
                    aria-busy=move || (desk.paying.get() || desk.busy.get()).to_string()>
                    {label}
                </button>
                <p class="soft small">{what_follows}</p>
            </div>
        </Show>
    }
}
