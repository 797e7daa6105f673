//! Who customers are by what they bought and said: RFM, the chance that they come back, and classes that are dated and
//! explained, computed every night; who may be leaving; and what is bought together.
//!
//! A customer is a mail address with orders that count (`bought_order`). What was answered in a survey stands under a
//! pseudonym, and the link from it to an order is there to put things right, not to sort people: recommendation (NPS)
//! therefore makes no class, and somebody is pleased but fragile by their rating of a conversation and by P(alive) alone.

mod beside;
mod compute;
mod export;
mod list;
mod load;
mod nightly;
mod one;
mod overview;
mod rules;
mod together;
mod write;

pub use beside::{Bought, Talk};
pub use export::csv;
pub use list::{Filter, Listed, PageOf, list};
pub use nightly::{Computed, classify, nightly};
pub use one::{Person, Phase, person, primary_class};
pub(crate) use one::{forget, moved, of_conversation};
pub use overview::{Model, Overview, overview};
pub use rules::{Rules, rules, set_rules};

use crate::{Failure, Outcome};
use domain::customers::CustomerRefusal;

pub(crate) type Refusable<T = ()> = Outcome<T, CustomerRefusal>;

fn refuse<T>(refusal: CustomerRefusal) -> Refusable<T> {
    Err(Failure::Refused(refusal))
}
