//! Ids as types of their own, so that a cart is never taken for an order. UUIDv7, made in `shop`.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids!(
    ProductId,
    VariantId,
    CategoryId,
    MediaId,
    CartId,
    OrderId,
    /// One try to have an order paid; it has one session at the payment service.
    AttemptId,
    ShipmentId,
    CustomerId,
    StaffId,
    /// A session of somebody with an account, as it is listed; the cookie holds another secret.
    SessionId,
    ConversationId,
    AttachmentId,
    ComplaintId,
    PromiseId,
    ArticleId,
    /// A rule of routing.
    RuleId,
    TemplateId,
    /// Somebody was asked to answer a survey.
    InvitationId,
    /// What somebody answered calls for one of us.
    CaseId,
    ScriptId,
    /// A script that an agent goes through in a conversation.
    RunId,
    /// Somebody who may not write.
    BlockId,
);
