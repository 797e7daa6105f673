//! The register of complaints and suggestions («registro de quejas y sugerencias»): its words, the stages a complaint
//! goes through, and what each stage needs. Nothing else may move one.

mod stages;
mod tone;

pub use stages::{Known, Needed};
pub use tone::defensive;
pub(crate) use tone::plain;

use crate::{Language, Money, states::states};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

/// The longest text of one field, in characters.
pub const MOST_CHARACTERS: usize = 6000;
/// A summary shorter than this tells the next person nothing.
pub const SHORTEST_SUMMARY: usize = 15;

states! {
    ComplaintKind {
        Complaint = "queja",
        Suggestion = "sugerencia",
        Praise = "felicitacion",
    }
}

states! {
    Stage {
        /// Date, customer, complaint, and both departments are known.
        Opened = "opened",
        /// Exactly one person owns it.
        Assigned = "assigned",
        /// Order line, date, evidence, cause and consequences are known.
        Investigated = "investigated",
        /// The customer was acknowledged and told a solution and a day.
        Promised = "promised",
        /// Done; the customer is asked whether it is.
        Solved = "solved",
        Closed = "closed",
    }
}

states! {
    /// Where a complaint was taken, and where what it is about happened.
    Department {
        Sales = "sales",
        Workshop = "workshop",
        Dispatch = "dispatch",
        Web = "web",
        Service = "service",
        Accounts = "accounts",
        Management = "management",
    }
}

states! {
    Cause {
        Product = "product",
        Service = "service",
        Inflexibility = "inflexibility",
        Errors = "errors",
        OutsideCommunication = "outside_communication",
        InsideCommunication = "inside_communication",
        Delay = "delay",
        Behaviour = "behaviour",
    }
}

states! {
    /// What kind of solution is promised: some depend on stock and carrier.
    Remedy {
        Replacement = "replacement",
        Repair = "repair",
        Refund = "refund",
        Credit = "credit",
        Explanation = "explanation",
        Other = "other",
    }
}

states! {
    /// How a complaint came to its end.
    ClosedHow {
        /// The customer says that it is solved.
        Confirmed = "confirmed",
        /// The customer said nothing in time.
        Unconfirmed = "unconfirmed",
        /// A suggestion or praise that was answered.
        Answered = "answered",
        /// It goes on under another number.
        Merged = "merged",
    }
}

states! {
    /// How it came in: like the channels of conversations, and the shop's own form.
    Intake {
        Web = "web",
        Chat = "chat",
        Mail = "mail",
        Phone = "phone",
        Counter = "counter",
        Letter = "letter",
        Fax = "fax",
    }
}

states! {
    /// What is changed so that it does not happen again.
    ImprovementKind {
        Procedure = "procedure",
        Defect = "defect",
        Attitude = "attitude",
        Standard = "standard",
        Focus = "focus",
    }
}

states! {
    /// One line of a complaint's history.
    HistoryKind {
        Opened = "opened",
        Assigned = "assigned",
        Transferred = "transferred",
        Note = "note",
        Message = "message",
        Investigated = "investigated",
        Acknowledged = "acknowledged",
        Promised = "promised",
        Renegotiated = "renegotiated",
        Solved = "solved",
        Confirmed = "confirmed",
        Disputed = "disputed",
        Closed = "closed",
        Merged = "merged",
        Angry = "angry",
        Reviewed = "reviewed",
        Compensated = "compensated",
    }
}

/// Why something about a complaint was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintRefusal {
    /// Also for a link that is cut off: never said which.
    #[error("there is no such complaint")]
    NoSuchComplaint,
    #[error("this needs another role")]
    NotAllowed,
    #[error("somebody else owns it")]
    NotYours,
    #[error("nothing was written")]
    Empty,
    #[error("too long: at most {MOST_CHARACTERS} characters")]
    TooLong,
    #[error("how it is to be solved was not asked")]
    WantedMissing,
    #[error("only suggestions may be anonymous")]
    NotAnonymous,
    #[error("that is no mail address")]
    NotAnAddress,
    #[error("there is no such order, or the link is cut off")]
    NoSuchOrder,
    #[error("a complaint that is {0:?} cannot do that")]
    WrongStage(Stage),
    #[error("not everything is known that this needs")]
    Missing(Vec<Needed>),
    #[error("whoever takes over needs a summary")]
    SummaryMissing,
    #[error("nobody of that name handles complaints")]
    NoSuchColleague,
    /// Shown to its writer, who may change it or send it to be looked at by somebody else.
    #[error("this sounds as if we defended ourselves: {0:?}")]
    Defensive(Vec<String>),
    #[error("stock and carrier cannot do it before {earliest}: a manager has to promise that")]
    CannotBeKept { earliest: Date },
    #[error("the day has passed")]
    InThePast,
    #[error("it is due already: what was promised is not put off afterwards")]
    TooLateToPutOff,
    #[error("nothing is put off without a reason")]
    ReasonMissing,
    #[error("that is no amount")]
    NotAnAmount,
    #[error("at most {most:?} is left of what was paid")]
    TooMuch { most: Money },
    #[error("above what you may give: {left:?} are left")]
    AboveBudget { left: Money },
    #[error("the payment cannot be given back")]
    NotRefundable,
    #[error("it cannot be merged with that one")]
    NotToBeMerged,
    /// Each is confirmed by a mail, which nobody shall be flooded with.
    #[error("too many from one address: wait a while")]
    TooMany,
}

/// A complaint as its customer follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    pub number: i64,
    pub kind: ComplaintKind,
    pub stage: Stage,
    pub language: Language,
    pub closed_how: Option<ClosedHow>,
    pub name: String,
    pub email: String,
    pub statement: String,
    pub wanted: String,
    pub opened_at: OffsetDateTime,
    /// Who attends to it.
    pub owner: Option<String>,
    pub solution: String,
    /// Until when it is to be solved.
    pub due_at: Option<OffsetDateTime>,
    pub outcome: String,
    /// A solved one closes by itself then.
    pub closes_at: Option<OffsetDateTime>,
    pub history: Vec<HistoryLine>,
    /// Goes on under that number.
    pub merged_into: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub kind: HistoryKind,
    pub by_customer: bool,
    /// Of whoever did it, as it was then; empty for the shop itself.
    pub name: String,
    pub internal: bool,
    pub body: String,
    pub at: OffsetDateTime,
    /// Of a complaint that was merged into this one.
    pub of_number: Option<i64>,
}
