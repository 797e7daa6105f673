//! The service desk beyond conversations: why an action on an order or a rule is not done, and the texts to answer with.

mod script;

pub use script::{Branch, Capture, MOST_OF_A_SCRIPT, Script, ScriptFault, ScriptProblem, Step};

use crate::{
    Language, Money, Translated,
    chat::ChatRefusal,
    checkout::Problems,
    ids::{BlockId, ConversationId, StaffId, TemplateId},
    orders::OrderState,
    states::states,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Why something at the desk was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskRefusal {
    #[error("this needs another role")]
    NotAllowed,
    #[error("there is no such order")]
    NoSuchOrder,
    #[error("the order is already {0:?}")]
    WrongState(OrderState),
    #[error("the bank is deciding about the payment")]
    Disputed,
    #[error("nothing was paid for this order")]
    NotPaid,
    #[error("at most {most:?} is left of what was paid")]
    TooMuch { most: Money },
    #[error("above your limit: you may give back {left:?} more of this order")]
    AboveLimit { left: Money },
    #[error("above what you may give as credit this month: {left:?} are left")]
    AboveBudget { left: Money },
    #[error("that is no amount")]
    NotAnAmount,
    #[error("a reason is needed")]
    ReasonMissing,
    #[error("the address needs changing")]
    Address(Problems),
    /// What delivery costs, or the tax, would be another.
    #[error("another country changes what the order costs")]
    OtherCountry,
    #[error("this mail has no reason yet")]
    NothingToSend,
    #[error("a name is needed")]
    NameMissing,
    #[error("somebody has to get it: a skill or a person")]
    TargetMissing,
    #[error("a shortcut is made of small letters, digits and hyphens, and is used once")]
    Shortcut,
    #[error("both languages are needed")]
    TextMissing,
    #[error("there is no such conversation")]
    NoSuchConversation,
    #[error("at least one mark from one to five")]
    MarksMissing,
    #[error("nobody reviews a conversation of their own")]
    OwnConversation,
    #[error("line {} of the script: {:?}", .0.line, .0.problem)]
    Script(ScriptFault),
    #[error("there is no such script, or it is used no more")]
    NoSuchScript,
    #[error("a script runs in this conversation already")]
    ScriptRuns,
    /// What has to be noted first.
    #[error("{} required notes are missing", .0.len())]
    CapturesMissing(Vec<Translated>),
    #[error("nobody is blocked without a reason")]
    BlockReason,
    #[error("for so long only a supervisor blocks somebody")]
    BlockTooLong,
    #[error("neither a browser nor an account is behind this conversation")]
    NobodyToBlock,
    #[error("they are not blocked any more")]
    NotBlocked,
    #[error(transparent)]
    Chat(ChatRefusal),
}

states! {
    /// A mail about an order that may be sent once more.
    OrderMail {
        Confirmation = "order.confirmation",
        Dispatched = "order.dispatched",
        Delivered = "order.delivered",
    }
}

states! {
    /// What a conversation is looked through for, after the event.
    Criterion {
        Accessibility = "accessibility",
        Courtesy = "courtesy",
        Credibility = "credibility",
        Reliability = "reliability",
        Responsiveness = "responsiveness",
        Satisfaction = "satisfaction",
        Knowledge = "knowledge",
        Loyalty = "loyalty",
        Empathy = "empathy",
        Security = "security",
        Professionalism = "professionalism",
    }
}

/// Somebody who may not write in the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCard {
    pub id: BlockId,
    /// Where it was decided, and with whom that is; the name may be empty.
    pub conversation: ConversationId,
    pub number: i64,
    pub shopper: String,
    pub reason: String,
    /// Nothing: until it is lifted.
    pub until: Option<OffsetDateTime>,
    pub by: String,
    pub by_id: Option<StaffId>,
    pub at: OffsetDateTime,
}

/// A text to answer with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub id: TemplateId,
    /// What one types after a slash.
    pub shortcut: String,
    pub title: Translated,
    pub body: Translated,
    /// For people who are angry.
    pub calm: bool,
}

/// What takes the places in a template.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Variables {
    pub name: String,
    pub order: String,
    pub promised: String,
    pub agent: String,
}

impl Template {
    /// The text with its places taken. What is not known stays in its braces, to be seen before it is sent.
    #[must_use]
    pub fn filled(&self, language: Language, variables: &Variables) -> String {
        let known = [
            ("{name}", &variables.name),
            ("{order}", &variables.order),
            ("{promised}", &variables.promised),
            ("{agent}", &variables.agent),
        ];
        let text = self.body.get(language).to_owned();
        known.into_iter().filter(|(_, value)| !value.is_empty()).fold(text, |text, (place, value)| text.replace(place, value))
    }
}

/// A shortcut as it is kept: what follows the slash.
#[must_use]
pub fn is_shortcut(text: &str) -> bool {
    (1..=24).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_not_known_stays_to_be_seen() {
        let body = Translated([(Language::En, "Hello {name}, order {order} comes by {promised}. {agent}".to_owned())].into());
        let template = Template { id: TemplateId(Uuid::nil()), shortcut: "where".into(), title: Translated::default(), body, calm: false };
        let known = Variables { name: "Ana".into(), agent: "Leo".into(), ..Variables::default() };
        assert_eq!(template.filled(Language::En, &known), "Hello Ana, order {order} comes by {promised}. Leo");
    }

    #[test]
    fn shortcuts() {
        assert!(is_shortcut("calm-solve") && !is_shortcut("") && !is_shortcut("Calm") && !is_shortcut("a b"));
    }
}
