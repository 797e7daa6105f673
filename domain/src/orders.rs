//! Orders: the states they move through, and what their buyer sees of them.

use crate::{Money, address::Address, checkout::TaxLine, states::states, token::Token};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

states! {
    /// Where an order is on its way to the door.
    OrderState {
        /// Stock is held, payment is awaited.
        Placed = "placed",
        Paid = "paid",
        Packed = "packed",
        Shipped = "shipped",
        Delivered = "delivered",
        Cancelled = "cancelled",
    }
}

states! {
    /// Where its money is.
    PaymentState {
        Unpaid = "unpaid",
        /// Completed with a delayed method: the money is on its way.
        Processing = "processing",
        Paid = "paid",
        PartRefunded = "part_refunded",
        Refunded = "refunded",
        /// The buyer's bank took the payment back, or may: it decides.
        Disputed = "disputed",
        /// The bank decided, and keeps it.
        ChargedBack = "charged_back",
    }
}

states! {
    /// One try to have it paid.
    AttemptState {
        Created = "created",
        Open = "open",
        Processing = "processing",
        Paid = "paid",
        Failed = "failed",
        Expired = "expired",
        Refused = "refused",
    }
}

states! {
    /// Why an order was cancelled.
    CancelReason {
        Expired = "expired",
        PaymentFailed = "payment_failed",
        SoldOut = "sold_out",
        Replaced = "replaced",
        Staff = "staff",
    }
}

states! {
    /// What a carrier reports of a parcel.
    TrackingKind {
        HandedOver = "handed_over",
        InTransit = "in_transit",
        OutForDelivery = "out_for_delivery",
        Delivered = "delivered",
        Problem = "problem",
    }
}

impl OrderState {
    /// The only moves there are. Paid is reached from cancelled when a late payment finds its goods again.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use OrderState::{Cancelled, Delivered, Packed, Paid, Placed, Shipped};
        matches!(
            (self, next),
            (Placed, Paid | Cancelled)
                | (Paid, Packed | Shipped | Cancelled)
                | (Packed, Shipped | Cancelled)
                | (Shipped, Delivered)
                | (Cancelled, Paid)
        )
    }
}

impl AttemptState {
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Paid | Self::Failed | Self::Expired | Self::Refused)
    }
}

/// An order as its buyer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub number: String,
    pub state: OrderState,
    pub payment: PaymentState,
    pub cancelled_because: Option<CancelReason>,
    pub email: String,
    pub name: String,
    pub address: Address,
    pub lines: Vec<OrderLine>,
    pub goods: Money,
    pub delivery: Money,
    pub taxes: Vec<TaxLine>,
    pub total: Money,
    /// What of the total is paid with store credit; the rest by card.
    pub credit: Money,
    /// Of that, what went back to the credit.
    pub credit_back: Money,
    pub method: String,
    pub carrier: String,
    #[serde(with = "time::serde::rfc3339")]
    pub placed_at: OffsetDateTime,
    pub timeline: Vec<TimelineStep>,
    pub promised: Promised,
    pub parcels: Vec<Parcel>,
    /// Where an order that is not paid yet can still be paid.
    pub pay_url: Option<String>,
    /// Money given back so far.
    pub refunded: Money,
    /// Money that is still to come back.
    pub money_back: Option<MoneyBack>,
    /// Its payment failed after its goods had left the cart: one click puts them back.
    pub can_be_put_back: bool,
}

impl Order {
    /// What of the total is paid by card.
    #[must_use]
    pub const fn by_card(&self) -> Money {
        Money { minor: self.total.minor - self.credit.minor, currency: self.total.currency }
    }
}

/// What is owed to the buyer, said straight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MoneyBack {
    /// Sent, or about to be; at the buyer's bank by the end of that day.
    OnItsWay { money: Money, by: Date },
    /// It did not get through; a person looks after it.
    InTrouble { money: Money },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub title: String,
    pub options: String,
    pub sku: String,
    /// Address of its picture in the smallest size there is.
    pub picture: Option<String>,
    pub quantity: u32,
    pub unit: Money,
    pub total: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    Placed,
    Paid,
    Packed,
    HandedOver,
    OnItsWay,
    Delivered,
    Cancelled,
}

/// One step of the way, done (with its local time) or still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineStep {
    pub milestone: Milestone,
    #[serde(with = "time::serde::rfc3339::option")]
    pub at: Option<OffsetDateTime>,
}

/// What was promised, and what is to be expected by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    pub earliest: Date,
    pub latest: Date,
    /// Another day than promised, once that is known.
    pub expected: Option<Date>,
    pub kept: PromiseState,
}

states! {
    PromiseState {
        Open = "open",
        Kept = "kept",
        /// Past due and still not kept, or kept too late.
        Broken = "broken",
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    pub carrier: String,
    pub tracking: String,
    /// The carrier's own page; empty when there is none.
    pub url: String,
    pub events: Vec<TrackingEvent>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingEvent {
    pub kind: TrackingKind,
    pub place: String,
    pub note: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// An order that was just placed: where to pay it and where to follow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    pub number: String,
    pub token: Token,
    pub pay_url: String,
}

/// Why an order is not shown, or not moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum OrderRefusal {
    /// Wrong number, wrong mail or wrong token: never said which.
    #[error("there is no such order")]
    NoSuchOrder,
    #[error("too many tries; wait {seconds} s")]
    TooManyTries { seconds: u32 },
    #[error("an order that is {0:?} cannot do that")]
    WrongState(OrderState),
    /// The buyer's bank took the payment back, or may: nothing leaves the house unpaid.
    #[error("the payment is disputed, or gone")]
    PaymentDisputed,
    /// The buyer has all the money back.
    #[error("the payment was given back")]
    PaymentRefunded,
    #[error("this tracking number is in use already")]
    TrackingInUse,
    #[error("there is no carrier `{0}`")]
    NoSuchCarrier(String),
    /// Nothing of it left the cart, or it is back already.
    #[error("its goods are not to be put back into the cart")]
    NothingToPutBack,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_the_house_unpaid_and_nothing_comes_back_from_the_door() {
        assert!(!OrderState::Placed.may_become(OrderState::Packed));
        assert!(!OrderState::Placed.may_become(OrderState::Shipped));
        assert!(!OrderState::Cancelled.may_become(OrderState::Shipped));
        assert!(OrderState::ALL.iter().all(|&next| !OrderState::Delivered.may_become(next)));
        assert!(OrderState::ALL.iter().all(|&state| !state.may_become(state)));
    }

    #[test]
    fn states_read_back_from_their_codes() {
        assert!(OrderState::ALL.iter().all(|&s| OrderState::from_code(s.code()) == Some(s)));
        assert_eq!(AttemptState::from_code("nonsense"), None);
    }
}
