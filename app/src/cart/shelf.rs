//! What the cart's island knows and does: the cart as shown (a step ahead of the server), what was taken out, and
//! the calls that bring the server along. The last answer wins; an older one that arrives late is dropped, and so is
//! one that knows nothing of a change that still waits.

use super::{
    api,
    changes::{Change, Changes},
    state,
    words::{CartWords, RefusalWords},
};
use crate::{
    boundary::{AppError, Never},
    fill::fill,
};
use domain::{
    Language,
    cart::{Cart, CartLine, CartRefusal},
    delivery::{FreeDelivery, Tariff, free_delivery},
    format,
    ids::VariantId,
};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

/// Where the cart's parcel would go, and at which prices.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Destination {
    /// After "to".
    pub country: String,
    pub tariffs: Vec<Tariff>,
}

#[derive(Clone, Copy)]
pub(super) struct Shelf {
    pub(super) language: Language,
    words: StoredValue<CartWords>,
    pub(super) refusals: StoredValue<RefusalWords>,
    pub(super) cart: RwSignal<Cart>,
    /// Taken out last, until something else is.
    pub(super) removed: RwSignal<Option<CartLine>>,
    /// What failed for the cart as a whole.
    pub(super) failed: RwSignal<Option<String>>,
    /// Read out by screen readers.
    pub(super) news: RwSignal<String>,
    destination: StoredValue<Destination>,
    /// As the server said last.
    known: StoredValue<Cart>,
    turn: StoredValue<u32>,
    changes: Changes,
}

impl Shelf {
    pub(super) fn new(cart: Cart, destination: Destination, language: Language, words: CartWords, refusals: RefusalWords) -> Self {
        Self {
            language,
            words: StoredValue::new(words),
            refusals: StoredValue::new(refusals),
            destination: StoredValue::new(destination),
            known: StoredValue::new(cart.clone()),
            cart: RwSignal::new(cart),
            removed: RwSignal::new(None),
            failed: RwSignal::new(None),
            news: RwSignal::new(String::new()),
            turn: StoredValue::new(0),
            changes: Changes::new(),
        }
    }

    pub(super) fn word(self, pick: impl FnOnce(&CartWords) -> &String) -> String {
        self.words.with_value(|words| pick(words).clone())
    }

    pub(super) fn titled(self, pick: impl FnOnce(&CartWords) -> &String, line: &CartLine) -> String {
        fill(&self.word(pick), &[("title", &line.title)])
    }

    pub(super) fn money(self, amount: domain::Money) -> String {
        format::money(amount, self.language)
    }

    /// What is missing for free delivery, or that nothing is; `None` where there is no such thing.
    pub(super) fn free_delivery(self) -> Option<String> {
        let (goods, grams) = self.cart.with(|cart| (cart.goods, cart.grams()));
        self.destination.with_value(|to| {
            Some(match free_delivery(&to.tariffs, goods, grams)? {
                FreeDelivery::Reached => fill(&self.word(|w| &w.free_reached), &[("country", &to.country)]),
                FreeDelivery::Missing(missing) => {
                    fill(&self.word(|w| &w.free_missing), &[("missing", &self.money(missing)), ("country", &to.country)])
                }
            })
        })
    }

    /// Shows the new number at once and asks the server for it after a pause.
    pub(super) fn order(self, variant: VariantId, typed: String, refusal: RwSignal<Option<String>>) {
        if let Ok(quantity @ 1..) = typed.trim().parse() {
            self.show_ahead(variant, quantity);
        }
        self.changes.put_after_a_pause(variant, Change::Quantity { typed, refusal }, move || {
            self.send_next();
        });
    }

    /// The page may be left: no pause any more.
    pub(super) fn send_soon(self) {
        self.changes.hurry();
        self.send_next();
    }

    /// The page is being left, and no answer will be heard: everything goes now.
    pub(super) fn send_all(self) {
        self.changes.hurry();
        while self.send_next() {
            self.changes.answered();
        }
    }

    fn show_ahead(self, variant: VariantId, quantity: u32) {
        self.cart.update(|cart| {
            for line in cart.lines.iter_mut().filter(|line| line.variant == variant) {
                line.quantity = quantity;
                line.total = line.unit.times(i64::from(quantity)).unwrap_or(line.total);
            }
            if let Ok(expected) = Cart::of(cart.currency, std::mem::take(&mut cart.lines)) {
                *cart = expected;
            }
        });
    }

    /// Whether there was something to send.
    fn send_next(self) -> bool {
        let Some((variant, change)) = self.changes.next() else { return false };
        if matches!(&change, Change::Quantity { typed, .. } if typed.trim() == "0")
            && let Some(line) = self.cart.with_untracked(|cart| cart.lines.iter().find(|line| line.variant == variant).cloned())
        {
            self.changes.answered();
            self.remove(line);
            return true;
        }
        let turn = self.next_turn();
        spawn_local(async move {
            match change {
                Change::Quantity { typed, refusal } => match api::set_quantity(variant, typed, None).await {
                    Ok(cart) => {
                        self.say_quantity(&cart, variant);
                        self.show(turn, cart);
                    }
                    Err(error) => refusal.set(Some(self.take_back(turn, variant, &error))),
                },
                Change::Removal => self.settle(turn, api::remove_line(variant).await),
            }
            self.changes.answered();
            self.send_next();
        });
        true
    }

    pub(super) fn remove(self, line: CartLine) {
        let variant = line.variant;
        self.cart.update(|cart| {
            cart.lines.retain(|line| line.variant != variant);
            if let Ok(expected) = Cart::of(cart.currency, std::mem::take(&mut cart.lines)) {
                *cart = expected;
            }
        });
        self.news.set(self.titled(|w| &w.removed, &line));
        self.removed.set(Some(line));
        self.changes.put(variant, Change::Removal);
        self.send_next();
    }

    pub(super) fn undo(self) {
        let Some(line) = self.removed.get_untracked() else { return };
        self.removed.set(None);
        let turn = self.next_turn();
        spawn_local(async move {
            match api::add_line(line.variant, line.quantity.to_string()).await {
                Ok(cart) => {
                    self.news.set(self.titled(|w| &w.added, &line));
                    self.show(turn, cart);
                }
                Err(error) => self.failed.set(Some(self.take_back(turn, line.variant, &error))),
            }
        });
    }

    pub(super) fn accept_prices(self) {
        let turn = self.next_turn();
        spawn_local(async move { self.settle(turn, api::accept_prices().await) });
    }

    /// Another tab, or the page before the back button, may have changed it.
    pub(super) fn look_again(self) {
        let turn = self.next_turn();
        spawn_local(async move {
            if let Ok(cart) = api::view_cart().await {
                self.show(turn, cart);
            }
        });
    }

    fn next_turn(self) -> u32 {
        self.failed.set(None);
        self.turn.update_value(|turn| *turn += 1);
        self.turn.get_value()
    }

    fn settle(self, turn: u32, answer: Result<Cart, AppError<Never>>) {
        match answer {
            Ok(cart) => self.show(turn, cart),
            Err(error) => {
                let error = match error {
                    AppError::Refused(never) => match never {},
                    AppError::Fault(reference) => AppError::Fault(reference),
                    AppError::Transport => AppError::Transport,
                };
                self.back(turn);
                self.failed.set(Some(self.refusals.with_value(|words| words.sentence(&error, 0))));
            }
        }
    }

    fn show(self, turn: u32, cart: Cart) {
        state::count().set(Some(cart.count()));
        self.known.set_value(cart.clone());
        if self.is_newest(turn) {
            self.cart.set(cart);
        }
    }

    fn is_newest(self, turn: u32) -> bool {
        turn == self.turn.get_value() && !self.changes.are_waiting()
    }

    fn back(self, turn: u32) {
        if self.is_newest(turn) {
            self.cart.set(self.known.get_value());
        }
    }

    /// Shows what the server holds and says why it is not what was asked for.
    fn take_back(self, turn: u32, variant: VariantId, error: &AppError<CartRefusal>) -> String {
        self.back(turn);
        let kept = self.known.with_value(|cart| cart.lines.iter().find(|line| line.variant == variant).map_or(0, |line| line.quantity));
        let sentence = self.refusals.with_value(|words| words.sentence(error, kept));
        self.news.set(sentence.clone());
        sentence
    }

    fn say_quantity(self, cart: &Cart, variant: VariantId) {
        if let Some(line) = cart.lines.iter().find(|line| line.variant == variant) {
            let goods = self.money(cart.goods);
            let values: [(&str, &dyn std::fmt::Display); 3] = [("title", &line.title), ("quantity", &line.quantity), ("goods", &goods)];
            self.news.set(fill(&self.word(|w| &w.changed), &values));
        }
    }
}
