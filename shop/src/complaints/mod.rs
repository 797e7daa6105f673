//! The register of complaints and suggestions: who opens one, who works on it, what its customer sees of it. Each step
//! locks the complaint, asks `domain::complaints` whether it may be taken, and writes history, promise and mail with it.

mod closing;
mod compensation;
mod customer;
mod drafts;
mod export;
mod letters;
mod list;
mod merging;
mod open;
mod page;
mod pareto;
mod row;
mod steps;
mod working;

pub use closing::{answer, close_unconfirmed, confirm_for_customer, solve};
pub use compensation::{Way, compensate};
pub use customer::{confirm, dispute, follow};
pub use drafts::{keep as keep_draft, recall as recall_draft};
pub use export::csv;
pub use list::{Filter, Listed, PageOf, Queue, list};
pub(crate) use list::{cursor, read_cursor};
pub use merging::{Twin, merge, merge_into_older};
pub use open::{NewComplaint, OfOrder, Opened, OrderOffer, open, order_offer};
pub use page::{Colleague, Earlier, Line, Said, View, colleagues, view};
pub use pareto::{Bar, Improvement, NewImprovement, Pareto, finish_improvement, pareto, start_improvement};
pub use steps::{assign, flag_angry, renegotiate, reviewed, transfer};
pub use working::{Findings, acknowledge, investigate, note, promise, say};
