//! A cart: what somebody means to buy, at prices and in numbers that are still to be had.

use crate::{
    Currency, Money, MoneyError,
    catalog::{Picture, Stock},
    ids::VariantId,
};
use serde::{Deserialize, Serialize};

/// The most of one variant that a cart may hold.
pub const MAX_QUANTITY: u32 = 99;
/// The most different variants in a cart.
pub const MAX_LINES: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    pub currency: Currency,
    pub lines: Vec<CartLine>,
    /// The sum of the lines that can be bought.
    pub goods: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    pub variant: VariantId,
    /// Of the product, in the reader's language.
    pub slug: String,
    pub title: String,
    /// "Sand, large"; empty for a product without options.
    pub options: String,
    pub picture: Option<Picture>,
    pub quantity: u32,
    /// Today's price of one.
    pub unit: Money,
    pub total: Money,
    pub stock: Stock,
    /// The price the shopper saw last, when it is another one now.
    pub was: Option<Money>,
    pub grams: u32,
}

/// Why a line cannot be ordered as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineProblem {
    SoldOut,
    /// Fewer are left than were wanted.
    Only(u32),
}

impl CartLine {
    #[must_use]
    pub fn problem(&self) -> Option<LineProblem> {
        match self.stock.limit() {
            0 => Some(LineProblem::SoldOut),
            limit if limit < self.quantity => Some(LineProblem::Only(limit)),
            _ => None,
        }
    }

    /// None of these is left in stock, but they will be made.
    #[must_use]
    pub fn is_made_to_order(&self) -> bool {
        self.stock == Stock::MadeToOrder
    }
}

impl Cart {
    #[must_use]
    pub fn empty(currency: Currency) -> Self {
        Self { currency, lines: Vec::new(), goods: Money::zero(currency) }
    }

    /// # Errors
    /// An amount too large to reckon with, or lines of different currencies.
    pub fn of(currency: Currency, lines: Vec<CartLine>) -> Result<Self, MoneyError> {
        let goods = Money::sum(currency, lines.iter().filter(|l| l.stock.can_be_bought()).map(|l| l.total))?;
        Ok(Self { currency, lines, goods })
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many things are in it: the number on the badge.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.lines.iter().map(|l| l.quantity).sum()
    }

    #[must_use]
    pub fn grams(&self) -> u32 {
        self.lines.iter().map(|l| l.grams.saturating_mul(l.quantity)).sum()
    }

    #[must_use]
    pub fn can_be_ordered(&self) -> bool {
        !self.is_empty() && self.lines.iter().all(|l| l.problem().is_none())
    }
}

/// Why a change to a cart was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CartRefusal {
    #[error("this product is no longer sold")]
    NoSuchVariant,
    #[error("this variant is sold out")]
    SoldOut,
    /// So many can be had in all, of which `in_cart` are in the cart already.
    #[error("only {available} are left")]
    Only { available: u32, in_cart: u32 },
    #[error("a cart holds at most {MAX_QUANTITY} of one variant")]
    TooMany,
    #[error("a cart holds at most {MAX_LINES} different products")]
    TooManyLines,
    #[error("the quantity must be a whole number")]
    NotANumber,
}
