//! The words of the cart's island, made on the server in the reader's language; `{name}` stays where a value goes.

use crate::{boundary::AppError, fill::fill, island_words};
use domain::cart::{CartRefusal, MAX_LINES, MAX_QUANTITY};

island_words! {
    pub struct CartWords from [cart] {
        added(title), empty_title, empty_text, empty_link, each(price), quantity_of(title), one_fewer(title), one_more(title), update,
        remove, remove_title(title), removed(title), undo, made_to_order, sold_out, only, price_was(was, now), prices_title, prices_text,
        prices_keep, summary, goods, free_missing(missing, country), free_reached(country), later, checkout, blocked, go_on, changed(title, quantity, goods),
    }
}

island_words! {
    /// A sentence for every way in which a change can fail.
    pub struct RefusalWords from [cart.refused] {
        no_such_variant, sold_out, only(left), only_one, too_many(most), keeps(kept), too_many_lines(most), not_a_number,
        fault(reference), transport,
    }
}

impl RefusalWords {
    /// What to tell somebody whose cart still holds `kept` of it.
    #[must_use]
    pub fn sentence(&self, error: &AppError<CartRefusal>, kept: u32) -> String {
        match error {
            AppError::Refused(refusal) => match refusal {
                CartRefusal::NoSuchVariant => self.no_such_variant.clone(),
                CartRefusal::SoldOut => self.sold_out.clone(),
                CartRefusal::Only { available, .. } => self.and_keeps(&self.left(*available), kept),
                CartRefusal::TooMany => self.and_keeps(&fill(&self.too_many, &[("most", &MAX_QUANTITY)]), kept),
                CartRefusal::TooManyLines => fill(&self.too_many_lines, &[("most", &MAX_LINES)]),
                CartRefusal::NotANumber => self.not_a_number.clone(),
            },
            AppError::Fault(reference) => fill(&self.fault, &[("reference", reference)]),
            AppError::Transport => self.transport.clone(),
        }
    }

    /// "Only 3 left."
    #[must_use]
    pub fn left(&self, available: u32) -> String {
        if available == 1 { self.only_one.clone() } else { fill(&self.only, &[("left", &available)]) }
    }

    fn and_keeps(&self, sentence: &str, kept: u32) -> String {
        if kept == 0 { sentence.to_owned() } else { format!("{sentence} {}", fill(&self.keeps, &[("kept", &kept)])) }
    }
}
